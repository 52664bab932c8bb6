from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.model import AskedAbout, Evidence, Notice, Ordered, Phone, TagMatch
from aggregator.publish.bulletin import shelve, view
from aggregator.publish.cycle import publish
from aggregator.publish.status import report
from tests import make
from tests.fakes_publish import FakeStore, MemoryWriter
from tests.make import NOW

HOUR = timedelta(hours=1)
UNTIL = NOW + 6 * HOUR


def tag(until=UNTIL):
    notice = Notice(
        orders=(Ordered("isolate", Evidence("lead", 6, 10, "Người")),),
        where=(AskedAbout(Evidence("text", 0, 8, "Nội dung"), Evidence("text", 9, 12, "của"), NOW, NOW),),
        until=until,
        until_words=Evidence("text", 0, 8, "Nội dung") if until else None,
        phones=(Phone("19009095", Evidence("lead", 0, 9, "1900 9095")),),
    )
    return TagMatch("urgent", "thong-bao-khan", "Thông báo khẩn", (Evidence("title", 0, 3, "Tin"),), "v1", notice)


def story(until=UNTIL, **fields):
    return make.story(make.telling(make.article(**fields), tags=(tag(until),)))


def config(scope="full"):
    return make.config(make.source(agreement=make.agreement(scope)))


def shelves(told, now):
    return {placement.shelf for placement in shelve(told, config(), now).placements}


def test_a_notice_leaves_the_shelf_of_those_in_force_when_its_validity_ends():
    assert "urgent" in shelves(story(), UNTIL)
    assert "urgent" not in shelves(story(), UNTIL + HOUR)
    assert {"urgent/thong-bao-khan", "urgent/thong-bao-khan/2026-10"} <= shelves(story(), UNTIL + HOUR)


def test_the_end_of_its_validity_brings_the_story_back_to_be_made_anew():
    placed = shelve(story(), config(), NOW)
    assert placed.due == UNTIL + timedelta(seconds=1)
    assert view(story(), config(), UNTIL).notice.over is False
    assert view(story(), config(), placed.due).notice.over is True
    again = shelve(story(), config(), placed.due).due
    assert again is None or again > placed.due


def test_without_a_stated_end_it_stays_in_force():
    seen = view(story(until=None), config(), NOW + 100 * HOUR).notice
    assert (seen.over, seen.standing) == (False, "Thông báo không ghi thời hạn")
    assert "urgent" in shelves(story(until=None), NOW + 100 * HOUR)


@pytest.mark.parametrize(
    ("scope", "orders", "where", "phones", "cut"),
    [
        ("link", (), (), (), True),
        ("lead", ("Người đã đến chợ ở nhà.",), (), ("1900 9095",), True),
        ("full", ("Người đã đến chợ ở nhà.",), (("Nội dung", "của"),), ("1900 9095",), False),
    ],
)
def test_words_of_the_source_stay_within_what_the_agreement_allows(scope, orders, where, phones, cut):
    seen = view(story(lead="Khẩn. Người đã đến chợ ở nhà. Gọi 1900 9095."), config(scope), NOW).notice
    assert (seen.orders, seen.where, seen.phones, seen.cut) == (orders, where, phones, cut)


def test_an_order_of_the_title_is_not_told_twice():
    told = story()
    notice = replace(tag().detail, orders=(Ordered("isolate", Evidence("title", 0, 3, "Tin")),))
    told = replace(told, tellings=(replace(told.tellings[0], tags=(replace(tag(), detail=notice),)),))
    assert (view(told, config(), NOW).notice.orders, view(told, config(), NOW).notice.cut) == ((), False)


def test_a_hidden_telling_gives_no_notice():
    told = story()
    hidden = replace(told, tellings=(replace(told.tellings[0], status="withdrawn"),))
    assert view(hidden, config(), NOW).notice is None


def published(store, writer, now):
    publish(config(), store, writer, now, status=report(config(), {}, now))
    return {path: content.decode() for path, content in writer.files.items() if path.endswith((".html", ".json"))}


def test_time_alone_marks_a_notice_as_over_wherever_it_stands():
    store, writer = FakeStore(story()), MemoryWriter()
    before = published(store, writer, NOW)
    page = next(path for path in before if path.startswith("tin/"))
    assert "Có hiệu lực đến" in before[page]
    assert before[page].index("Trích yêu cầu") < before[page].index("“Nội dung”: “của”")
    for path in ("khan/index.html", "feed/urgent.json", "embed/latest/urgent.json"):
        assert "Tin y tế số" in before[path]
    after = published(store, writer, UNTIL + timedelta(minutes=1))
    assert "đã hết hiệu lực" in after[page] and "Có hiệu lực đến" not in after[page]
    for path in ("khan/index.html", "feed/urgent.json", "embed/latest/urgent.json"):
        assert "Tin y tế số" not in after[path]
    assert "đã hết hiệu lực" in after["khan/thong-bao-khan/index.html"]


def test_the_feed_of_notices_stands_before_the_first_notice():
    files = published(FakeStore(make.story()), MemoryWriter(), NOW)
    assert "Hiện không có thông báo khẩn" in files["khan/index.html"]
    assert "feed/urgent.json" in files and "embed/latest/urgent.json" in files


def test_readers_are_not_told_what_only_firms_must_do_and_read_a_list_of_days_once():
    told = make.article()
    place, days = (Evidence("text", start, end, told.text[start:end]) for start, end in ((0, 8), (9, 12)))
    notice = replace(
        tag().notice,
        orders=(Ordered("report", Evidence("lead", 6, 10, told.lead[6:10])),),
        where=(AskedAbout(place, days, NOW, NOW), AskedAbout(place, days, NOW + 24 * HOUR, NOW + 24 * HOUR)),
        phones=(),
    )
    seen = view(make.story(make.telling(told, tags=(replace(tag(), detail=notice),))), config(), NOW).notice
    assert (seen.orders, seen.cut) == ((), False)
    assert seen.where == ((place.text, days.text),)
