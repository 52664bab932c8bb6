"""The replay, seen through the real network door and the real readers, and byte by byte."""

import gzip
import http.client
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator import config
from aggregator.collect import asking, discover
from aggregator.collect.fetch import HttpFetcher
from aggregator.collect.html import line, soup
from aggregator.demo import markup
from aggregator.demo.asked import Asked, Said
from aggregator.demo.replay import Logged, Replay, said
from aggregator.demo.world import (
    Change,
    Event,
    Shape,
    World,
    WorldArticle,
    WorldSection,
    WorldSite,
    load,
    names,
    site_at,
)
from aggregator.errors import ArticleError, SourceError
from aggregator.model import Draft, Lead, Missing, Page, Request, Unchanged
from aggregator.refine import dates
from aggregator.settings import Kind, Section, Source
from aggregator.text import nfc
from tests.make_collect import Time, fetching

ROOT = Path(__file__).parents[3]
NOW = datetime.fromisoformat("2026-10-20T09:00:00+07:00")
BODY = """Đoạn đầu của bài có <dấu> & ký hiệu.

## Việc cần làm

- Việc thứ nhất
- Việc thứ hai

| Địa phương | Số ca |
| Hà Nội | 12 |

Đoạn cuối của bài nói thêm vài điều cần biết cho người dân trên địa bàn và các cơ sở y tế."""

SITES: dict[Shape, WorldSite] = {
    "moh_bridge": WorldSite("moh", "moh.gov.vn", "moh_bridge", "Bộ Thí dụ", (WorldSection("8358", "Tin nổi bật"),)),
    "vccorp": WorldSite("bao", "bao.example", "vccorp", "Báo Thí dụ", (WorldSection("y-te", "Y tế"),)),
    "hanoi_vccorp": WorldSite("so", "so.example", "hanoi_vccorp", "Sở Thí dụ", (WorldSection("tin-tuc", "Tin tức"),)),
    "liferay": WorldSite("cu", "cu.example", "liferay", "Sở cũ", (WorldSection("tin-tuc", "Tin tức"),)),
}
REFS = {"moh_bridge": "1674{0:02d}", "vccorp": "1692610200{0:02d}00123", "hanoi_vccorp": "28492610200{0:02d}00123"}


def article(shape: Shape, number: int = 1, **given: Any) -> WorldArticle:
    site = SITES[shape]
    filled: dict[str, Any] = {
        "key": f"bai-{number}",
        "site": site.id,
        "ref": REFS.get(shape, "38853{0:02d}").format(number),
        "slug": f"ha-noi-tiem-vac-xin-dot-{number}",
        "sections": (site.sections[0].id,),
        "time": NOW - timedelta(hours=number),
        "title": f"Hà Nội tiêm vắc xin “đợt {number}” & những điều cần biết",
        "lead": f"Sở Y tế Thí dụ thông báo lịch tiêm đợt {number} cho trẻ từ 6 tháng tuổi.",
        "author": "Ban Biên tập",
        "body": BODY,
    }
    return WorldArticle(**(filled | given))


def world(shape: Shape, *articles: WorldArticle, events: tuple[Event, ...] = ()) -> World:
    told = articles or tuple(article(shape, number) for number in range(1, 4))
    return World("thi-du", "Thí dụ", NOW, (SITES[shape],), told, events)


def get(world: World, path: str, now: datetime = NOW, *, host: str = "") -> Said:
    path, _, query = path.partition("?")
    return said(world, now, Asked("GET", host or world.sites[0].host, path, query))


def ask(world: World, service: str, told: object, now: datetime = NOW) -> Any:
    query = f"url=/portal/api/{service}"
    answered = said(world, now, Asked("POST", "moh.gov.vn", "/bridge", query, json.dumps(told).encode()))
    assert answered.status == 200
    return json.loads(answered.body)


def path_of(world: World, number: int = 0) -> str:
    one, site = world.articles[number], world.sites[0]
    return {
        "vccorp": f"/{one.slug}-{one.ref}.htm",
        "hanoi_vccorp": f"/{one.sections[0]}/{one.slug}-{one.ref}.htm",
        "liferay": f"/{one.sections[0]}/-/view_content/{one.ref}-{one.slug}",
    }[site.shape]


def flat(markup: str) -> str:
    return line(soup(f"<div>{markup}</div>"))


HTML_SHAPES: list[Shape] = ["vccorp", "hanoi_vccorp", "liferay"]
ALL_SHAPES: list[Shape] = ["moh_bridge", *HTML_SHAPES]
KINDS: dict[Shape, Kind] = {"moh_bridge": "moh_bridge", "vccorp": "vccorp", "hanoi_vccorp": "vccorp"}


def source(site: WorldSite) -> Source:
    home = f"https://{site.host}/"
    sections = {
        "moh_bridge": [Section(id=one.id, name=one.name) for one in site.sections],
        "vccorp": [Section(url=f"{home}rss/{one.id}.rss", fallback=f"{home}{one.id}.htm") for one in site.sections],
        "hanoi_vccorp": [Section(url=home)],
        "liferay": [Section(url=f"{home}{one.id}") for one in site.sections],
    }[site.shape]
    kind = KINDS.get(site.shape, "liferay")
    return Source(id=site.id, name=site.name, kind=kind, home=home, sections=tuple(sections), pause="0s")


def leads(fetcher: HttpFetcher, source: Source, *, fallback: bool = False) -> list[Lead]:
    found: dict[str, Lead] = {}
    for section in source.sections:
        request = asking.fallback_request(source, section) if fallback else asking.section_request(source, section)
        assert request is not None
        page = fetcher.fetch(request, source)
        assert isinstance(page, Page)
        listing = discover.read_leads(source, section, page)
        assert not listing.skips
        found |= {lead.ref: lead for lead in listing.leads}
    return list(found.values())


def draft(fetcher: HttpFetcher, source: Source, lead: Lead) -> Draft:
    page = fetcher.fetch(lead.request, source)
    assert isinstance(page, Page)
    return discover.read_article(source, page, lead)


# --- through the door and the readers ---------------------------------------------------------------


@pytest.mark.parametrize("name", names())
def test_every_article_of_every_world_is_read_as_it_was_written(name: str) -> None:
    shipped = load(name)
    read = set()
    with Replay(shipped, lambda: shipped.start) as replay, fetching(connect_to=replay.connect_to) as fetcher:
        for site in shipped.sites:
            state = site_at(shipped, site.id, shipped.start)
            written = {one.ref: one for one in state.listed()}
            told = replace(site, sections=tuple(one for one in site.sections if state.listed(one.id)))
            for lead in leads(fetcher, source(told)):
                _same(draft(fetcher, source(told), lead), written[lead.ref], site.shape)
                read.add((site.id, lead.ref))
    assert read == {(one.site, one.ref) for one in shipped.articles if one.time <= shipped.start}


@pytest.mark.parametrize("name", names())
def test_the_demo_asks_for_every_article_of_its_world_and_for_no_empty_section(name: str) -> None:
    demo = ROOT / "aggregator/demo"
    overlays = (demo / "demo.yaml", demo / "worlds" / name / "overlay.yaml")
    shipped, found = load(name), set()
    with Replay(shipped, lambda: shipped.start) as replay, fetching(connect_to=replay.connect_to) as fetcher:
        for of in config.load(ROOT / "sources.yaml", overlays).sources:
            found |= {lead.ref for lead in leads(fetcher, of)}
    assert found == {one.ref for one in shipped.articles if one.time <= shipped.start}


def _same(draft: Draft, written: WorldArticle, shape: Shape) -> None:
    assert draft.ref == written.ref
    assert draft.title == nfc(written.title)
    assert nfc(flat(draft.lead)) == nfc(written.lead)
    assert draft.notice == ""
    when = dates.parse(draft.time, day_first=True, fetched_at=draft.fetched_at)
    assert when is not None and (when.at, when.precision) == (written.time.replace(second=0), "minute")
    if shape != "moh_bridge":  # the bridge has no field for it
        assert draft.author == nfc(written.author)
    text = flat(draft.body)
    for block in markup.blocks(written.body):
        assert flat(block) in text
    intruders = ("Quảng cáo", "Đọc tiếp", "Ý kiến", "Đọc nhiều", "Các tin khác", "lượt xem", "View count")
    assert not [word for word in intruders if word in text and word not in written.body]
    assert len(draft.images) == len(written.images)
    assert [file.label for file in draft.attachments] == [file.label for file in written.attachments]


def test_the_listing_tells_the_same_as_the_feed() -> None:
    with Replay(world("vccorp"), lambda: NOW) as replay, fetching(connect_to=replay.connect_to) as fetcher:
        of = source(SITES["vccorp"])
        from_feed, from_listing = leads(fetcher, of), leads(fetcher, of, fallback=True)
    told = [(lead.ref, lead.url, lead.title) for lead in from_feed]
    assert told == [(lead.ref, lead.url, lead.title) for lead in from_listing]
    assert len(told) == 3


@pytest.mark.parametrize("shape", ALL_SHAPES)
def test_what_listings_say_does_not_change_from_request_to_request(shape: Shape) -> None:
    time = Time()
    time.now = NOW
    with Replay(world(shape), lambda: time.now) as replay, fetching(connect_to=replay.connect_to) as fetcher:
        before = [lead.digest for lead in leads(fetcher, source(SITES[shape]))]
        time.now += timedelta(minutes=7)
        assert [lead.digest for lead in leads(fetcher, source(SITES[shape]))] == before


@pytest.mark.parametrize("shape", ALL_SHAPES)
def test_a_removal_notice_is_read_as_one(shape: Shape) -> None:
    words = "Bài viết đã được gỡ bỏ. Đơn vị sẽ thông báo khi có kết luận."
    one = article(shape, changes=(Change(NOW, "notice", body=words),))
    before = [NOW - timedelta(minutes=1)]
    with Replay(world(shape, one), lambda: before[-1]) as replay, fetching(connect_to=replay.connect_to) as fetcher:
        of = source(SITES[shape])
        lead = leads(fetcher, of)[0]
        assert draft(fetcher, of, lead).notice == ""
        before.append(NOW)
        assert draft(fetcher, of, lead).notice == "Bài viết đã được gỡ bỏ."


@pytest.mark.parametrize("shape", HTML_SHAPES)
@pytest.mark.parametrize(("kind", "status"), [("gone", 410), ("not-found", 404)])
def test_a_withdrawn_article_is_gone_from_its_address_and_every_listing(shape: Shape, kind: Any, status: int) -> None:
    withdrawn = article(shape, 1, changes=(Change(NOW, kind),))
    told = world(shape, withdrawn, article(shape, 2))
    with Replay(told, lambda: NOW) as replay, fetching(connect_to=replay.connect_to) as fetcher:
        of = source(SITES[shape])
        answer = fetcher.fetch(Request(f"https://{of.hosts[0]}{path_of(told)}"), of)
        assert isinstance(answer, Missing) and answer.status == status
        assert [lead.ref for lead in leads(fetcher, of)] == [told.articles[1].ref]


@pytest.mark.parametrize("shape", ALL_SHAPES)
def test_a_corrected_article_shows_its_new_words(shape: Shape) -> None:
    change = Change(NOW, "correct", title="Hà Nội tiêm 35.800 mũi", replace=(("| Hà Nội | 12 |", "| Hà Nội | 21 |"),))
    with (
        Replay(world(shape, article(shape, changes=(change,))), lambda: NOW) as replay,
        fetching(connect_to=replay.connect_to) as fetcher,
    ):
        of = source(SITES[shape])
        lead = leads(fetcher, of)[0]
        read = draft(fetcher, of, lead)
    assert (lead.title, read.title) == ("Hà Nội tiêm 35.800 mũi", "Hà Nội tiêm 35.800 mũi")
    assert "Hà Nội 21" in flat(read.body)


@pytest.mark.parametrize(("kind", "cause"), [("challenge", "blocked"), ("error", "server-error"), ("empty", "empty")])
@pytest.mark.parametrize("shape", ALL_SHAPES)
def test_a_site_breaks_for_the_time_of_its_event(shape: Shape, kind: Any, cause: str) -> None:
    event = Event(NOW, SITES[shape].id, kind, NOW + timedelta(hours=6))
    now = [NOW - timedelta(minutes=1)]
    with (
        Replay(world(shape, events=(event,)), lambda: now[-1]) as replay,
        fetching(connect_to=replay.connect_to) as fetcher,
    ):
        of = source(SITES[shape])
        lead = leads(fetcher, of)[0]
        now.append(NOW)
        with pytest.raises(SourceError) as error:
            leads(fetcher, of)
        assert error.value.cause == cause
        with pytest.raises((SourceError, ArticleError)):
            draft(fetcher, of, lead)
        now.append(event.until)
        assert len(leads(fetcher, of)) == 3


# --- what is sent --------------------------------------------------------------------------------


def pages(shape: Shape) -> list[str]:
    listings = {"vccorp": ["/", "/y-te.htm", "/rss/y-te.rss", "/rss/home.rss"], "hanoi_vccorp": ["/", "/tin-tuc.htm"]}
    return [path_of(world(shape)), *listings.get(shape, ["/", "/tin-tuc"])]


PAGES = [(shape, path) for shape in HTML_SHAPES for path in pages(shape)]


@pytest.mark.parametrize(("shape", "path"), PAGES)
def test_a_page_keeps_its_validators_while_only_its_noise_changes(shape: Shape, path: str) -> None:
    now, later = get(world(shape), path), get(world(shape), path, NOW + timedelta(minutes=3))
    assert now.status == 200
    assert (now.etag, now.modified) == (later.etag, later.modified)
    assert (now.body != later.body) or path.startswith("/rss/")


@pytest.mark.parametrize(("shape", "path"), PAGES)
def test_the_same_request_at_the_same_time_gives_the_same_bytes(shape: Shape, path: str) -> None:
    assert get(world(shape), path) == get(world(shape), path)


@pytest.mark.parametrize(("shape", "path"), PAGES)
def test_the_validators_of_a_page_give_304_until_something_changes(shape: Shape, path: str) -> None:
    change = Change(NOW + timedelta(hours=1), "correct", title="Tít đã sửa", lead="Dẫn đã sửa.")
    told = world(shape, article(shape, 1, changes=(change,)), article(shape, 2))
    now = [NOW]
    with Replay(told, lambda: now[-1]) as replay, fetching(connect_to=replay.connect_to) as fetcher:
        of, url = source(SITES[shape]), f"https://{SITES[shape].host}{path}"
        first = fetcher.fetch(Request(url), of)
        assert isinstance(first, Page)
        for validator in (first.validator, replace(first.validator, etag="")):
            now.append(NOW + timedelta(minutes=20))
            assert isinstance(fetcher.fetch(Request(url, validator=validator), of), Unchanged)
            now.append(change.at)
            assert isinstance(fetcher.fetch(Request(url, validator=validator), of), Page)


@pytest.mark.parametrize("shape", ["vccorp", "hanoi_vccorp"])
def test_another_slug_with_the_same_id_redirects(shape: Shape) -> None:
    told = world(shape)
    answered = get(told, f"/tit-cu-{told.articles[0].ref}.htm")
    assert (answered.status, answered.location) == (301, f"https://{told.sites[0].host}{path_of(told)}")


def test_liferay_shows_an_article_under_any_slug_with_its_number_and_under_its_slug_alone() -> None:
    told = world("liferay")
    one = told.articles[0]
    paths = (
        f"/tin-tuc/-/view_content/{one.ref}",
        f"/tin-tuc/-/view_content/{one.ref}-khac",
        f"/tin-tuc/-/asset_publisher/aB3dE5/content/{one.slug}",
    )
    for path in paths:
        assert markup.text(one.title) in get(told, path).body.decode()


def test_a_liferay_listing_goes_on_page_by_page() -> None:
    told = world("liferay", *(article("liferay", number) for number in range(1, 24)))
    first, second = get(told, "/tin-tuc").body.decode(), get(told, "/tin-tuc?p_p_id=101&_101_cur=2").body.decode()
    assert (first.count("asset-abstract"), second.count("asset-abstract")) == (20, 3)
    assert "_101_cur=2" in first and "_101_cur=3" not in second
    assert "Hiển thị 21 - 23 of 23 kết quả." in second


def test_liferay_counts_views_and_cuts_summaries_off() -> None:
    told = world("liferay", article("liferay", lead="Sở Y tế thông báo lịch tiêm. " * 12))
    page = get(told, "/tin-tuc").body.decode()
    assert "Ngày đăng 20/10/2026 | 08:00 AM &nbsp;|&nbsp;View count: " in page
    assert "..." in page and "th&ocirc;ng b&aacute;o" in page


@pytest.mark.parametrize("shape", HTML_SHAPES)
@pytest.mark.parametrize("path", ["/khong-co.htm", "/rss/khong-co.rss", "/khong-co/-/view_content/1", "/x-999999.htm"])
def test_what_a_site_does_not_have_is_404(shape: Shape, path: str) -> None:
    assert get(world(shape), path).status == 404


def test_an_article_that_is_not_yet_published_is_404() -> None:
    told = world("vccorp", article("vccorp", time=NOW + timedelta(minutes=1)))
    assert get(told, path_of(told)).status == 404
    assert get(told, path_of(told), NOW + timedelta(minutes=1)).status == 200


def test_the_bridge_answers_a_category_in_upper_snake() -> None:
    told = world("moh_bridge", article("moh_bridge", sections=("8351", "8358"), images=("Chú thích.",)))
    question = {"CHUYEN_TRANG": "BO_YTE", "NGON_NGU": "TIENG_VIET", "MA_DANH_MUC": "8358", "TYPE": 1, "PAGE_SIZE": 25}
    (group,) = ask(told, "lay_bai_viet_theo_danh_muc", {**question, "ISEXTEND": 1})
    assert (group["MA"], group["TEN_MUC"]) == ("8358", "Tin nổi bật")
    (item,) = group["ITEMS"]
    assert item["MA"] == told.articles[0].ref
    assert item["TIEU_DE"] == told.articles[0].title
    assert (item["MA_DANH_MUC"], item["THOI_GIAN_XUAT_BAN"]) == ("8351;8358", "20/10/2026 08:00 AM")
    assert item["DUONG_DAN_ANH"].startswith("/CustomsCMS/BO_YTE/2026/10/20/")


def test_the_bridge_gives_as_many_as_it_is_asked_for() -> None:
    (group,) = ask(world("moh_bridge"), "lay_bai_viet_theo_danh_muc", {"MA_DANH_MUC": "8358", "PAGE_SIZE": 2})
    assert len(group["ITEMS"]) == 2


def test_the_bridge_answers_an_article_in_camel_case() -> None:
    told = world("moh_bridge")
    answer = ask(told, "layChiTietBaiViet", {"maBaiViet": told.articles[0].ref, "maDanhMuc": "8358"})
    assert list(answer) == ["d"]
    assert list(answer["d"]) == ["ma", "tieuDe", "moTa", "thoiGianBatDauDang", "noiDung"]


@pytest.mark.parametrize("kind", ["gone", "not-found"])
def test_the_bridge_answers_null_for_a_withdrawn_article(kind: Any) -> None:
    told = world("moh_bridge", article("moh_bridge", changes=(Change(NOW, kind),)))
    assert ask(told, "layChiTietBaiViet", {"maBaiViet": told.articles[0].ref, "maDanhMuc": "8358"}) == {"d": None}
    assert ask(told, "layChiTietBaiViet", {"maBaiViet": "1", "maDanhMuc": "8358"}) == {"d": None}


def test_the_bridge_refuses_what_is_no_question() -> None:
    told = world("moh_bridge")
    for body in (b"", b"{", b"[]"):
        asked = Asked("POST", "moh.gov.vn", "/bridge", "url=/portal/api/layChiTietBaiViet", body)
        assert said(told, NOW, asked).status == 400
    assert get(told, "/bridge?url=/portal/api/layChiTietBaiViet").status == 400
    asked = Asked("POST", "moh.gov.vn", "/bridge", "url=/portal/api/khac", b"{}")
    assert said(told, NOW, asked).status == 404


def test_a_browser_sees_only_a_shell_of_the_ministry() -> None:
    shell = get(world("moh_bridge"), "/index.jsp?pageId=5803&aid=167401&cid=8358")
    assert shell.status == 200 and b"<script" in shell.body and "tiêm" not in shell.body.decode()


def test_a_feed_prints_rfc_822_dates_and_a_thumbnail_in_cdata() -> None:
    feed = get(world("vccorp"), "/rss/y-te.rss").body.decode()
    assert "<pubDate>Tue, 20 Oct 2026 08:00:00 +0700</pubDate>" in feed
    assert '<description><![CDATA[<a href="https://bao.example/' in feed


def test_text_cannot_break_out_of_the_feed_s_cdata() -> None:
    told = world("vccorp", article("vccorp", title="Tít ]]> lạ"))
    with Replay(told, lambda: NOW) as replay, fetching(connect_to=replay.connect_to) as fetcher:
        assert leads(fetcher, source(SITES["vccorp"]))[0].title == "Tít ]]> lạ"


def test_the_challenge_is_177_bytes_long() -> None:
    event = Event(NOW, "bao", "challenge", NOW + timedelta(hours=1))
    assert len(get(world("vccorp", events=(event,)), "/rss/y-te.rss").body) == 177


@pytest.mark.parametrize("path", ["/images/anh-1.jpg", "/tai-lieu/cong-van.pdf"])
def test_images_and_files_can_be_fetched(path: str) -> None:
    assert get(world("vccorp"), path).status == 200


# --- the server ----------------------------------------------------------------------------------


@pytest.fixture
def replay() -> Iterator[Replay]:
    with Replay(world("vccorp"), lambda: NOW) as running:
        yield running


def raw(replay: Replay, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    port = int(replay.connect_to["bao.example"].rsplit(":", 1)[1])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_pages_are_squeezed_for_those_who_ask(replay: Replay) -> None:
    squeezed, body = raw(replay, "/y-te.htm", Host="bao.example", Accept_Encoding="gzip")
    plain, whole = raw(replay, "/y-te.htm", Host="bao.example")
    assert squeezed.getheader("Content-Encoding") == "gzip" and plain.getheader("Content-Encoding") is None
    assert gzip.decompress(body) == whole


def test_the_world_s_time_is_the_server_s(replay: Replay) -> None:
    response, _ = raw(replay, "/", Host="bao.example")
    assert response.getheader("Date") == "Tue, 20 Oct 2026 02:00:00 GMT"
    assert response.getheader("Last-Modified") == "Tue, 20 Oct 2026 01:00:00 GMT"


def test_hosts_that_are_not_in_the_world_are_refused(replay: Replay) -> None:
    assert raw(replay, "/", Host="khac.example")[0].status == 421


def test_twins_of_a_host_are_led_to_the_replay_too(replay: Replay) -> None:
    assert set(replay.connect_to) == {"bao.example", "www.bao.example", "m.bao.example"}
    www, _ = raw(replay, "/y-te.htm?a=1", Host="www.bao.example:80")
    assert (www.status, www.getheader("Location")) == (301, "https://bao.example/y-te.htm?a=1")
    assert raw(replay, "/y-te.htm", Host="m.bao.example")[0].status == 200


def test_robots_txt_leaves_the_news_open(replay: Replay) -> None:
    robots, body = raw(replay, "/robots.txt", Host="bao.example")
    assert robots.status == 200 and b"Disallow: /admin/" in body


def test_the_log_tells_what_was_asked_and_answered(replay: Replay) -> None:
    raw(replay, "/rss/y-te.rss?x=1", Host="bao.example")
    raw(replay, "/khong-co.htm", Host="bao.example")
    first = Logged("bao.example", "GET", "/rss/y-te.rss?x=1", 200)
    assert replay.requests == [first, Logged("bao.example", "GET", "/khong-co.htm", 404)]


def test_a_replay_that_does_not_run_has_no_address() -> None:
    with pytest.raises(RuntimeError, match="call start"):
        assert Replay(world("vccorp"), lambda: NOW).connect_to


def test_a_client_that_goes_away_leaves_no_traceback_and_a_bug_does(capsys: pytest.CaptureFixture[str]) -> None:
    with Replay(load("default"), lambda: NOW) as replay:
        assert replay._server is not None
        for fault in (ConnectionResetError("gone"), BrokenPipeError("gone"), ValueError("a bug")):
            try:
                raise fault
            except (OSError, ValueError):
                replay._server.handle_error(None, ("127.0.0.1", 1))
    told = capsys.readouterr().err
    assert "a bug" in told and "gone" not in told
