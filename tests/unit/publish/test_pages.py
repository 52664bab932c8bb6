import itertools
import re
from dataclasses import replace
from datetime import date
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup

from aggregator.model import Document, Edit, FormerPlace, SourceState
from aggregator.publish.cycle import publish
from aggregator.publish.status import report
from aggregator.publish.words import moment
from tests import make, make_site
from tests.fakes_publish import FakeStore, MemoryWriter
from tests.make import NOW

BASE = "https://bantin.example.vn/"


def built(config=None, *stories, states=None):
    config = config or make_site.config()
    writer = MemoryWriter()
    publish(config, FakeStore(*stories), writer, NOW, status=report(config, states or {}, NOW))
    return writer.files


@pytest.fixture(scope="module")
def files():
    return built(None, *make_site.stories())


def page(files, path):
    return BeautifulSoup(files[path], "lxml")


def story_page(files, number=0):
    return page(files, next(path for path in files if path.endswith(f"n{number:011d}.html")))


def pages(files):
    return {path: page(files, path) for path in files if path.endswith(".html") and not path.startswith("embed/")}


def test_every_internal_link_resolves(files):
    broken = []
    for path, soup in pages(files).items():
        here = urljoin(BASE, path.removesuffix("index.html"))
        for node in soup.select("[href], [src], [action]"):
            target = urljoin(here, node.get("href") or node.get("src") or node.get("action"))
            if not target.startswith(BASE):
                continue
            wanted = unquote(urlsplit(target).path).lstrip("/")
            wanted = f"{wanted}index.html" if not wanted or wanted.endswith("/") else wanted
            if wanted not in files:
                broken.append((path, target))
    assert broken == []


def test_what_tellings_say_differently_stands_before_the_text(files):
    head, *rest = story_page(files).select("h1, .dispute, .story-lead, .story-body, .others")
    assert [(node.get("class") or [node.name])[-1] for node in (head, *rest)] == [
        "h1", "dispute", "story-lead", "story-body", "others",
    ]  # fmt: skip


def test_what_was_merged_by_hand_says_so_and_when():
    first, *others = make_site.stories()
    speaker, other = first.speaker, first.tellings[1]
    merge = Edit(1, speaker.article.id, "merge", other.article.id, "bientap", "một việc", NOW)
    merged = replace(first, tellings=(replace(speaker, edits=(merge,)), *first.tellings[1:]), links=())
    soup = story_page(built(None, merged, *others))
    assert [node.get_text(" ", strip=True) for node in soup.select(".others details p")] == [
        f"Ban biên tập gộp lúc {moment(NOW)}."
    ]


def test_every_fragment_link_has_its_target(files):
    for path, soup in pages(files).items():
        ids = [node["id"] for node in soup.select("[id]")]
        assert len(ids) == len(set(ids)), path
        for node in soup.select('a[href^="#"]'):
            assert node["href"][1:] in ids, path


def test_no_page_carries_inline_code_or_asks_a_third_party(files):
    for path, soup in pages(files).items():
        assert soup.select("style, [style], iframe[src^=http], base") == [] or path.startswith("nhung/"), path
        for node in soup.select("script"):
            assert node.get("src", "").startswith("/") or node.get("type") == "application/ld+json", path
        for node in soup.select("link[rel=stylesheet], img, link[rel=icon]"):
            assert (node.get("href") or node.get("src")).startswith("/"), path
        for node in soup.find_all():
            assert not [name for name in node.attrs if name.startswith("on")], path


def test_every_page_has_language_title_landmarks_one_heading_and_a_skip_link(files):
    for path, soup in pages(files).items():
        if "Tin đã chuyển" in soup.title.text or path.startswith("ung-dung/"):
            continue
        assert soup.html["lang"] == "vi", path
        assert soup.title.text.strip(), path
        assert len(soup.select("h1")) == len(soup.select("main")) == 1, path
        assert soup.select_one("header") and soup.select_one("footer") and soup.select_one("nav[aria-label]"), path
        assert soup.select_one("body > a")["href"] == "#noi-dung", path
        assert soup.select_one("link[rel=canonical]")["href"].startswith(BASE), path


def test_headings_never_skip_a_level(files):
    for path, soup in pages(files).items():
        levels = [int(node.name[1]) for node in soup.select("h1, h2, h3, h4, h5")]
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), path


def test_every_page_offers_the_feeds_of_all_and_of_its_own_shelf(files):
    soup = page(files, "chu-de/tiem-chung/index.html")
    feeds = {node["href"] for node in soup.select("link[rel=alternate]")}
    forms = ("atom", "rss", "json")
    assert feeds == {f"/feed/{shelf}.{form}" for shelf in ("all", "topic/tiem-chung") for form in forms}


def test_a_story_page_says_all_that_is_known_of_it(files):
    text = story_page(files).get_text(" ", strip=True)
    for words in (
        "Báo Sức khỏe & Đời sống",
        "08:00, 20/10/2026",
        "Ban Thời sự",
        "Cập nhật lúc 08:50, 20/10/2026",
        "Đọc bản gốc tại Sức khỏe & Đời sống",
        "Bốn việc phòng sốt xuất huyết tại gia đình",
        "cùng nói về Sốt xuất huyết; cùng số liệu trong nội dung; nhưng có chi tiết nói khác nhau",
        "87%",
        "“sốt xuất huyết” (tiêu đề, Sức khỏe & Đời sống)",
        "sửa phần dẫn",
        "Quyết định kèm phụ lục (PDF, 12 trang)",
        "Ảnh trong bản gốc: cộng tác viên.",
        "Mã tin: n00000000000",
    ):
        assert words in text, words


def test_a_story_page_leads_to_the_original_and_shows_no_picture_of_it(files):
    soup = story_page(files)
    assert soup.select_one(".original a")["href"] == "https://skds.example.vn/tin-n00000000000.htm"
    assert soup.select("main img") == []


def test_the_complaint_link_names_the_story(files):
    link = story_page(files).select_one(".story-foot a")["href"]
    assert link.startswith("mailto:ban-tin@example.vn?subject=")
    assert "n00000000000" in unquote(link)


def test_a_complaints_page_gets_the_id_as_a_parameter():
    config = make_site.config()
    site = config.site.model_copy(update={"complaints": "https://example.vn/gop-y?loai=tin"})
    files = built(config.model_copy(update={"site": site}), make_site.stories()[0])
    assert story_page(files).select_one(".story-foot a")["href"] == "https://example.vn/gop-y?loai=tin&tin=n00000000000"


@pytest.mark.parametrize(
    ("complaints", "start"),
    [("", "mailto:ban-tin@example.vn?subject="), ("https://example.vn/gop-y", "https://example.vn/gop-y?tin=n0000000")],
)
def test_a_tombstone_keeps_its_complaint_link_with_the_id(complaints, start):
    config = make_site.config()
    config = config.model_copy(update={"site": config.site.model_copy(update={"complaints": complaints})})
    told = make_site.stories()[1]
    gone = replace(told.speaker, status="withdrawn", withdrawn_at=NOW)
    path = "tin/2026/10/da-dang-n00000000001.html"
    files = built(config, replace(told, tellings=(gone,), path=path))
    links = [node["href"] for node in page(files, path).select("main a")]
    (link,) = [href for href in links if "n00000000001" in unquote(href)]
    assert link.startswith(start)


def test_the_block_of_the_owner_holds_every_field_that_the_law_asks(files):
    text = page(files, "index.html").select_one("footer").get_text(" ", strip=True)
    owner = make_site.config().site.owner
    plain = (owner.organisation, owner.governing_body, owner.address, owner.phone, owner.email)
    for words in (*plain, owner.person_responsible, *owner.licence.model_dump().values()):
        assert words and words in text, words


def test_every_page_carries_the_block_of_the_owner(files):
    for path, soup in pages(files).items():
        if soup.select_one("footer"):
            text = soup.select_one("footer").get_text(" ", strip=True)
            assert "Chịu trách nhiệm nội dung: Trưởng ban biên tập" in text, path
            assert "Giấy phép số 00/GP-TTĐT" in text, path


def test_a_public_site_is_open_to_search_engines_and_a_preview_is_not(files):
    public = built(make_site.config("public"), *make_site.stories())
    assert not page(public, "index.html").select("meta[name=robots]")
    assert not page(public, "index.html").select(".ribbon")
    assert page(public, "404.html").select("meta[name=robots]")
    assert page(files, "index.html").select("meta[name=robots]")
    assert b"Sitemap: https://bantin.example.vn/sitemap.xml" in public["robots.txt"]


def test_a_date_without_a_time_is_shown_without_one():
    of = make.article("n00000000000", precision="day", published=NOW.replace(hour=17, day=18))
    files = built(make_site.config(), make.story(make.telling(of)))
    time = story_page(files).select_one(".story-meta time")
    assert (time["datetime"], time.text) == ("2026-10-19", "19/10/2026")


def test_a_guessed_time_says_so():
    files = built(make_site.config(), make.story(make.telling(make.article("n00000000000", precision="guessed"))))
    assert story_page(files).select_one(".story-meta time").text == "khoảng 07:00, 20/10/2026"


def test_a_telling_that_its_source_withdrew_is_named_without_its_words():
    one = make.telling(make.article("n00000000000"))
    other = make.telling(
        make.article("s00000000009", source="syt", title="Tin đã rút"), status="withdrawn", withdrawn_at=NOW
    )
    files = built(make_site.config(), make.story(one, other))
    text = story_page(files).get_text(" ", strip=True)
    assert "Sở Y tế Hà Nội đã gỡ bài của mình về tin này lúc 10:00, 20/10/2026" in text
    assert "Tin đã rút" not in text


def test_the_next_voice_speaks_when_the_first_is_hidden():
    first = make.telling(make.article("n00000000000", title="Tiếng nói thứ nhất"), status="hidden")
    second = make.telling(make.article("s00000000009", source="syt", title="Tiếng nói thứ hai"))
    files = built(make_site.config(), make.story(first, second))
    assert story_page(files).h1.text == "Tiếng nói thứ hai"


def test_the_status_page_says_in_words_what_is_wrong():
    states = {
        "moh": SourceState("moh", "ok", last_success=NOW, newest=NOW),
        "skds": SourceState("skds", "blocked", "blocked", "HTTP 403 for https://skds.example.vn/rss", 3, since=NOW),
    }
    text = page(built(states=states), "trang-thai/index.html").get_text(" ", strip=True)
    assert "1 trên 3 nguồn hoạt động bình thường" in text
    assert "Bị trang nguồn chặn" in text
    assert "Máy chủ từ chối hoặc đòi xác minh." in text
    assert "Chưa đọc lần nào" in text
    assert "HTTP 403" not in text


def test_a_site_below_a_folder_links_within_it():
    config = make_site.config()
    site = config.site.model_copy(update={"base_url": "https://example.vn/yte/"})
    files = built(config.model_copy(update={"site": site}), *make_site.stories()[:3])
    links = re.findall(rb'(?:href|src|action)="(/[^"]*)"', files["index.html"])
    assert links
    assert all(link.startswith(b"/yte/") for link in links)


def test_the_day_lists_each_story_once_below_its_topic(files):
    soup = page(files, "ngay/2026-10-20/index.html")
    titles = [node.text for node in soup.select(".card-title")]
    assert len(titles) == len(set(titles)) == 7
    assert next(node.text for node in soup.select("h2")) == "Phòng, chống dịch"
    assert soup.select_one("a[rel=prev]")["href"] == "/ngay/2026-10-19/"


def test_a_story_with_two_voices_of_one_source_stands_once_on_its_shelf():
    told = make.telling(make.article("n00000000000"))
    again = make.telling(make.article("n00000000009", title="Bản thứ hai"))
    files = built(make_site.config(), replace(make.story(told, again)))
    assert len(page(files, "nguon/moh/index.html").select(".card")) == 1


def placed(id, key, label, detail=None):
    tag = replace(make.tag(key, label), detail=detail)
    return make.story(make.telling(make.article(id), tags=(tag,)))


def pages_of(store):
    writer = MemoryWriter()
    publish(make.config(), store, writer, NOW, status=report(make.config(), {}, NOW))
    return writer


def test_an_old_unit_points_to_its_successor_and_back_whichever_came_first():
    gone = FormerPlace(date(2025, 6, 30), (("xa-moi", "Xã Mới"), ("xa-khac", "Xã Khác")))
    old, new = placed("a1", "place/huyen-cu", "Huyện Cũ", gone), placed("a2", "place/xa-moi", "Xã Mới")
    for stories in ((old, new), (new, old)):
        store = FakeStore(stories[0])
        writer = pages_of(store)
        store.put(stories[1])
        publish(make.config(), store, writer, NOW, status=report(make.config(), {}, NOW))
        page, successor = (writer.files[f"noi/{slug}/index.html"].decode() for slug in ("huyen-cu", "xa-moi"))
        assert "Tên cũ, dùng đến hết ngày 30/06/2025" in page
        assert '<a href="/noi/xa-moi/">Xã Mới</a>, Xã Khác.' in page
        assert '<a href="/noi/huyen-cu/">Huyện Cũ</a>' in successor


def test_the_page_of_a_document_says_its_type_issuer_and_day():
    told = placed("a1", "document/1-byt", "1/BYT-PB", Document("Công văn", "Bộ Y tế", date(2026, 10, 5)))
    page = pages_of(FakeStore(told)).files["van-ban/1-byt/index.html"].decode()
    assert "Công văn của Bộ Y tế, ngày 05/10/2026" in page


def test_the_page_of_a_document_lists_every_story_that_cites_it_whoever_of_its_tellings_does():
    tag = replace(make.tag("document/1-byt", "1/BYT-PB"), detail=Document("Công văn", "Bộ Y tế", None))
    speaker = make.telling(make.article("c1", title="Bài dẫn lời"))
    beside = make.telling(make.article("c2", title="Bài bên cạnh", source="skds"), tags=(tag,))
    cited = [placed(id, "document/1-byt", "1/BYT-PB", tag.detail) for id in ("a1", "a2")]
    other = placed("b1", "document/2-byt", "2/BYT-PB", Document("Công văn", "Bộ Y tế", None))
    files = pages_of(FakeStore(*cited, other, make.story(speaker, beside))).files
    cards = page(files, "van-ban/1-byt/index.html").select(".card")
    assert len(cards) == 3
    assert "Bài dẫn lời" in {card.select_one(".card-title").text.strip() for card in cards}
    assert len(page(files, "van-ban/2-byt/index.html").select(".card")) == 1
