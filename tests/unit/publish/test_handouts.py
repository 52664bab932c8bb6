from dataclasses import replace
from datetime import date, timedelta

import pytest

from aggregator.model import Correction, Edit, Evidence, FormerPlace, Notice, Ordered, Phone, TagMatch
from aggregator.publish.cycle import publish
from aggregator.publish.handouts import CORRECTED, LOUD_S, MESSAGE, NOTED, SHEET, fitting, loudspeaker, message
from aggregator.publish.notices import NoticeSeen
from aggregator.publish.spoken import seconds_spoken
from aggregator.publish.status import report
from aggregator.settings import Site
from aggregator.stations import Station
from tests import make
from tests.fakes_publish import FakeStore, MemoryWriter
from tests.make import NOW

HOUR = timedelta(hours=1)
UNTIL = NOW + 6 * HOUR
LEAD = "Sở Y tế TP. Hà Nội thông báo khẩn. Người đã đến chợ Mẫu cần ở nhà và gọi 1900 9095."
SAID = "Người đã đến chợ Mẫu cần ở nhà và gọi 1900 9095."
ID = "a00000000001"
SHEET_AT, TEXTS_AT = f"khan/{ID}/to-giay/index.html", f"khan/{ID}/chia-se/index.html"
HOTLINE = Station(name="Số gọi mẫu", kind="hotline", phone="024 0000 0001", confirmed=date(2026, 10, 1))
NEAR = Station(name="Trạm Mẫu", kind="station", place="xa mau", phone="024 0000 0002", confirmed=date(2026, 9, 1))
FAR = Station(name="Trạm Xa", kind="station", place="Xã Xa", phone="024 0000 0003", confirmed=date(2026, 9, 1))


def notice(until=UNTIL):
    at = LEAD.index("Người")
    return Notice(
        orders=(Ordered("isolate", Evidence("lead", at, at + 5, "Người")),),
        until=until,
        phones=(Phone("19009095", Evidence("lead", LEAD.index("1900"), len(LEAD) - 1, "1900 9095")),),
    )


def story(until=UNTIL, **fields):
    urgent = TagMatch("urgent", "thong-bao-khan", "Thông báo khẩn", (), "v1", notice(until))
    former = FormerPlace(date(2025, 6, 30), (("xa-mau", "Xã Mẫu"),))
    place = replace(make.tag("place/huyen-cu", "Huyện Cũ"), detail=former)
    article = make.article(ID, title="Tìm người đến chợ Mẫu", lead=LEAD, **fields)
    return make.story(make.telling(article, tags=(urgent, place)))


def config(scope="full", **site):
    site = Site(base_url="https://bantin.example.vn/", stations=(HOTLINE, NEAR, FAR), **site)
    return make.config(make.source(agreement=make.agreement(scope)), site=site)


def published(store, writer, now=NOW, settings=None):
    settings = settings or config()
    publish(settings, store, writer, now, status=report(settings, {}, now))
    return {path: content.decode() for path, content in writer.files.items() if not path.endswith(".png")}


def test_the_page_tells_who_where_until_when_what_and_whom_to_call():
    page = published(FakeStore(story()), MemoryWriter())["can-lam-gi/index.html"]
    for words in ("Nguồn moh", "Có hiệu lực đến 16:00, 20/10/2026", f"“{SAID}”", "1900 9095", "Số gọi mẫu"):
        assert words in page
    assert "Huyện Cũ</a> (nay thuộc: Xã Mẫu)" in page
    assert 'data-names="huyen cu · xa mau"' in page
    assert "Xác nhận ngày <time" in page and "01/10/2026" in page
    assert page.index("<strong>Huyện Cũ</strong>") < page.index("<strong>Xã Mẫu</strong>")


def test_it_is_reached_from_the_navigation_the_home_page_and_the_story():
    files = published(FakeStore(story()), MemoryWriter())
    assert files["404.html"].count('href="/can-lam-gi/"') == 1
    assert 'class="urgent-shelf"' in files["index.html"]
    page = next(content for path, content in files.items() if path.startswith("tin/"))
    for path in ("/can-lam-gi/", f"/khan/{ID}/to-giay/", f"/khan/{ID}/chia-se/"):
        assert f'href="{path}"' in page


def test_a_notice_that_ends_leaves_by_time_alone_and_its_pages_lead_to_the_story():
    store, writer = FakeStore(story()), MemoryWriter()
    before = published(store, writer)
    assert SAID in before[SHEET_AT] and SAID in before[TEXTS_AT]
    after = published(store, writer, UNTIL + timedelta(minutes=1))
    assert "Hiện không có chỉ đạo, thông báo khẩn" in after["can-lam-gi/index.html"]
    assert 'class="urgent-shelf"' not in after["index.html"]
    target = next(path for path in after if path.startswith("tin/"))
    for path in (SHEET_AT, TEXTS_AT):
        assert SAID not in after[path] and f'url=/{target}"' in after[path]


def test_a_withdrawn_notice_takes_its_pages_away():
    store, writer = FakeStore(story()), MemoryWriter()
    published(store, writer)
    told = story()
    store.put(replace(told, tellings=(replace(told.tellings[0], status="withdrawn"),)))
    after = published(store, writer, NOW + HOUR)
    assert SHEET_AT not in after and TEXTS_AT not in after
    assert SAID not in after["can-lam-gi/index.html"]


def test_nothing_beyond_the_agreement_is_handed_on():
    files = published(FakeStore(story()), MemoryWriter(), settings=config("link"))
    for path in ("can-lam-gi/index.html", SHEET_AT, TEXTS_AT):
        assert "Tìm người đến chợ Mẫu" in files[path]
        assert "1900 9095" not in files[path] and "ở nhà" not in files[path]
    assert "Thông báo còn nội dung khác" in files[SHEET_AT] and "Thông báo còn nội dung khác" in files[TEXTS_AT]


def test_the_sheet_names_the_stations_of_its_places_under_any_name_and_the_hotlines():
    page = published(FakeStore(story()), MemoryWriter())[SHEET_AT]
    assert "Trạm Mẫu" in page and "Số gọi mẫu" in page
    assert "Trạm Xa" not in page


@pytest.mark.parametrize("mode", ["demo", "preview"])
def test_what_is_handed_on_says_that_the_site_is_no_public_one(mode):
    page = published(FakeStore(story()), MemoryWriter(), settings=config(mode=mode))[TEXTS_AT]
    mark = {"demo": "DỮ LIỆU MINH HOẠ", "preview": "BẢN XEM THỬ"}[mode]
    assert f"\n{mark}.\n" in page and f"[{mark}] " in page


def seen(*said, title="Thông báo khẩn: tìm người", cut=False):
    return NoticeSeen("k", "Thông báo khẩn", "Sở Y tế", (), (), (), UNTIL, False, cut, said, title, "https://a.vn/1")


LONG = tuple(f"Câu số {number} có tám tiếng để đọc chậm." for number in range(60))


def test_a_loudspeaker_text_ends_within_a_minute_at_the_end_of_a_sentence_and_says_so():
    text = loudspeaker(seen(*LONG))
    assert LOUD_S - 6 < seconds_spoken(text) <= LOUD_S < 60
    lines = text.splitlines()
    taken = [line for line in lines if line in LONG]
    assert taken == list(LONG[: len(taken)]) and 5 < len(taken) < 60
    assert lines[2 + len(taken)] == "Thông báo còn nội dung khác, xin đọc bản gốc."


def test_a_short_notice_is_read_whole_and_claims_no_more():
    assert loudspeaker(seen("Xin ở nhà.")).splitlines() == [
        "Theo Sở Y tế.",
        "Thông báo khẩn: tìm người.",
        "Xin ở nhà.",
        "Có hiệu lực đến 16:00, 20/10/2026.",
        "Trên đây là trích thông báo đăng trên trang của Sở Y tế.",
    ]


def test_even_a_title_without_end_is_read_within_a_minute():
    text = loudspeaker(seen(*LONG, title="rất dài " * 150))
    assert seconds_spoken(text) < 60
    assert "rất dài" not in text and "xin đọc bản gốc" in text


def test_a_message_keeps_whole_sentences_and_both_links():
    lines = message(seen(*LONG), "", "https://b.vn/tin").splitlines()
    taken = [line.removeprefix("- ") for line in lines if line.startswith("- ")]
    assert taken == list(LONG[: len(taken)]) and sum(map(len, taken)) <= MESSAGE
    assert lines[0] == "Thông báo khẩn: tìm người"
    assert lines[-2:] == ["Chi tiết: https://b.vn/tin", "Bản gốc: https://a.vn/1"]
    assert "Thông báo còn nội dung khác, xem bản gốc." in lines


def test_sentences_fit_in_order_and_none_is_jumped_over():
    assert fitting(("aa", "bbbb", "c"), len, 4) == (("aa",), True)
    assert fitting(("aa", "b"), len, 3) == (("aa", "b"), False)
    assert sum(map(len, fitting(LONG, len, SHEET)[0])) <= SHEET


def test_an_abbreviation_ends_no_sentence_that_is_handed_on():
    whole = "Người từ TP. Hà Nội về cần khai báo."
    tag = Notice(orders=(Ordered("declare", Evidence("lead", 13, 19, "Hà Nội")),))
    urgent = TagMatch("urgent", "k", "Khẩn", (), "v1", tag)
    told = make.story(make.telling(make.article(ID, lead=whole), tags=(urgent,)))
    assert whole in published(FakeStore(told), MemoryWriter())[SHEET_AT]


def corrected(told):
    other = make.telling(make.article("c00000000001", title="Đính chính số điện thoại"))
    return replace(told, corrections=(Correction(ID, False, other, ""),))


def noted(told):
    speaker = told.tellings[0]
    edit = Edit(1, f"article/{ID}", "retitle-note", "Số gọi đã đổi.", "biên tập", "", NOW)
    return replace(told, tellings=(replace(speaker, edits=(edit,)),))


@pytest.mark.parametrize(("changed", "mark"), [(corrected, CORRECTED), (noted, NOTED)])
def test_a_notice_that_was_corrected_or_noted_says_so_on_everything_that_is_handed_on(changed, mark):
    plain = published(FakeStore(story()), MemoryWriter())
    files = published(FakeStore(changed(story())), MemoryWriter())
    assert mark not in plain[SHEET_AT] + plain[TEXTS_AT]
    assert f'<p class="sheet-mark">{mark}</p>' in files[SHEET_AT]
    assert f'<p class="notice">{mark}</p>' in files[TEXTS_AT]
    assert files[TEXTS_AT].count(f"\n{mark}\n") == 4  # both texts, each in its box and behind its button


def test_a_text_that_its_source_changed_says_when_on_the_sheet_and_beside_the_texts():
    told = story()
    of = told.tellings[0].article
    revisions = (make.revision(of), make.revision(of, 2, seen_at=NOW))
    told = replace(told, tellings=(replace(told.tellings[0], revisions=revisions),))
    files = published(FakeStore(told), MemoryWriter())
    assert "bản cập nhật lúc <time" in files[SHEET_AT]
    assert "Cập nhật lúc <time" in files[TEXTS_AT]
