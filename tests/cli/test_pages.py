"""extract and discover: one page, no database, JSON out."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from aggregator.demo.asked import Said, absent
from tests.cli.house import ARTICLES, FEED, SKDS, SOYTE, House, call

OWN = Path(__file__).parents[1] / "sources"
SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/samples is absent")
COVID = "https://sotttt.hanoi.gov.vn/phong-chong-dich-benh-covid-19"


LATER = "2026-12-01"  # after every date on these pages: a time to come would be taken back to now


def extract(page: object, *arguments: object) -> Any:
    return _told(call("extract", page, *arguments, "--now", LATER, "--config", "none.yaml"))


def discover(page: object, *arguments: object) -> Any:
    return _told(call("discover", page, *arguments, "--now", LATER, "--config", "none.yaml"))


def _told(done: Any) -> Any:
    assert (done.code, done.err) == (0, "")
    return json.loads(done.out)


@pytest.mark.parametrize(
    ("page", "url", "title", "published", "ref"),
    [
        ("skds/article.htm", "https://suckhoedoisong.vn/nam-dau-hieu-canh-bao-moi-169261012083015123.htm",
         "Năm dấu hiệu cảnh báo sốt xuất huyết nặng & cách xử trí khi tiểu cầu < 100 G/L",
         "2026-10-12T01:30:00+00:00", "169261012083015123"),
        ("moh-bridge/article.json.page", "https://moh.gov.vn/index.jsp?pageId=5803&aid=900201&cid=8358",
         "Bộ Y tế yêu cầu tăng cường phòng, chống sốt xuất huyết", "2026-10-12T01:30:00+00:00", "900201"),
    ],
)  # fmt: skip
def test_a_saved_article_gives_title_time_link_text_and_tags(
    page: str, url: str, title: str, published: str, ref: str
) -> None:
    one = extract(OWN / page, "--url", url)
    assert (one["title"], one["published"], one["ref"], one["url"]) == (title, published, ref, url)
    assert one["text"] and "<script" not in one["body"]
    assert "Sốt xuất huyết" in " ".join(tag["label"] for tag in one["tags"])
    for tag in one["tags"]:
        for proof in tag["evidence"]:
            assert one[proof["field"]][proof["start"] : proof["end"]] == proof["text"]


@pytest.mark.parametrize("page", ["liferay/article.html", "view-content/article.html", "hanoi/article.htm"])
def test_every_saved_article_is_read_without_its_address(page: str) -> None:
    told = json.loads((OWN / page).with_suffix(".json").read_text("utf-8"))
    one = extract(OWN / page)
    assert one["title"] == told["draft"]["title"] and one["text"]
    assert "page.invalid" not in one["url"]


def test_a_page_is_read_as_the_page_of_the_source_named(first: House) -> None:
    url = "https://suckhoedoisong.vn/nam-dau-hieu-169261012083015123.htm"
    done = first.call("extract", OWN / "skds/article.htm", "--url", url, "--source", "skds")
    assert (done.code, json.loads(done.out)["source"]) == (0, "skds")


def test_an_unknown_source_or_file_is_a_fault_of_usage(first: House) -> None:
    done = first.call("extract", OWN / "skds/article.htm", "--source", "bao-la")
    assert done.code == 2 and "bao-la" in done.err
    done = first.call("extract", first.folder / "nowhere.html")
    assert done.code == 2 and "nowhere.html" in done.err and "give a saved page or an address" in done.err
    assert first.call("discover", first.folder).code == 2


def test_a_page_without_an_article_is_exit_1_in_one_line(tmp_path: Path) -> None:
    empty = tmp_path / "leer.html"
    empty.write_text("<html><body></body></html>")
    for page in (empty, OWN / "skds/feed.rss", OWN / "skds/challenge.htm"):
        done = call("extract", page, "--config", "none.yaml")
        assert (done.code, done.out) == (1, "") and done.err.startswith(f"aggregator extract: {page}: ")
        assert done.err.count("\n") == 1
    assert not logging.getLogger("readability.readability").isEnabledFor(logging.ERROR)  # no traceback of a library


@pytest.mark.parametrize(
    ("page", "url", "kind", "title"),
    [
        ("skds/feed.rss", "https://suckhoedoisong.vn/rss/y-te.rss", "feed", "Năm dấu hiệu cảnh báo sốt xuất huyết"),
        ("skds/listing.htm", "https://suckhoedoisong.vn/y-te.htm", "vccorp", ""),
        ("hanoi/home.htm", "https://soyte.hanoi.gov.vn/", "vccorp", "Sở Y tế kiểm tra bếp ăn trường học"),
        ("moh-bridge/listing.json.page", "https://moh.gov.vn/bridge", "moh_bridge", ""),
        ("liferay/listing.html", "https://moh.gov.vn/tin-tong-hop", "liferay", ""),
        ("feeds/atom.xml", "", "feed", ""),
        ("feeds/jsonfeed.page", "", "feed", ""),
    ],
)
def test_a_saved_listing_tells_its_reader_and_its_leads(page: str, url: str, kind: str, title: str) -> None:
    found = discover(OWN / page, *(["--url", url] if url else []))
    assert found["kind"] == kind and found["because"] and isinstance(found["feeds"], list)
    assert found["leads"] and found["leads"][0]["title"].startswith(title)
    assert all(lead["url"].startswith("http") and "<" not in lead["summary"] for lead in found["leads"])
    assert any(lead["published"] for lead in found["leads"])


def test_a_page_that_no_reader_knows_is_exit_1_in_one_line() -> None:
    for page in ("skds/rebuilt.htm", "skds/login.htm", "feeds/nothing.page"):
        done = call("discover", OWN / page, "--config", "none.yaml")
        assert (done.code, done.out) == (1, "") and done.err.count("\n") == 1, page


def test_an_address_is_fetched_and_read(first: House) -> None:
    one = ARTICLES[3]
    done = first.call("extract", f"https://{SKDS}/{one.slug}-{one.ref}.htm")
    assert (done.code, json.loads(done.out)["title"]) == (0, one.title)
    done = first.call("discover", f"https://{SKDS}{FEED}")
    assert (done.code, json.loads(done.out)["kind"]) == (0, "feed")


def test_an_address_of_the_ministry_is_asked_of_its_bridge(first: House) -> None:
    done = first.call("extract", "https://moh.gov.vn/index.jsp?pageId=5803&aid=990101&cid=8358", "--source", "moh")
    assert (done.code, json.loads(done.out)["title"]) == (0, ARTICLES[0].title)


def test_an_address_that_does_not_answer_is_exit_1_in_one_line(used: House) -> None:
    used.sites.instead[SOYTE, "/loi"] = Said(500, b"")
    used.sites.instead[SOYTE, "/mat"] = absent(404)
    for command in ("extract", "discover"):
        for path in ("/loi", "/mat"):
            done = used.call(command, f"https://{SOYTE}{path}")
            assert (done.code, done.out) == (1, "") and done.err.count("\n") == 1
            assert f"https://{SOYTE}{path}" in done.err


def test_no_database_and_no_output_is_touched(house: House) -> None:
    before = sorted(house.folder.rglob("*"))
    assert house.call("extract", OWN / "skds/article.htm").code == 0
    assert house.call("discover", OWN / "skds/feed.rss").code == 0
    assert sorted(house.folder.rglob("*")) == before


def test_a_time_told_from_now_is_counted_from_the_time_given(tmp_path: Path) -> None:
    page = tmp_path / "bai.html"
    raw = (OWN / "hanoi/article.htm").read_text("utf-8")
    time = json.loads((OWN / "hanoi/article.json").read_text("utf-8"))["draft"]["time"]
    page.write_text(raw.replace(time, "2 giờ trước"), "utf-8")
    told = _told(call("extract", page, "--now", "2026-10-20T09:00", "--config", "none.yaml"))
    assert (told["published"], told["precision"]) == ("2026-10-20T00:00:00+00:00", "guessed")


# --- the real pages beside the repository


@needs_samples
@pytest.mark.parametrize(
    ("page", "url", "kind", "count", "published"),
    [
        ("moh.gov.vn/bridge_lay_bai_viet_theo_danh_muc.json", "", "moh_bridge", 3, "2026-04-29T01:30:00+00:00"),
        ("sotttt.hanoi.gov.vn/listing_covid-19_2022-08-27.html", COVID, "liferay", 20, "2020-09-09T10:07:00+00:00"),
        ("sotttt.hanoi.gov.vn/home_2022-08-27.html", "", "liferay", 42, "2022-08-23T17:00:00+00:00"),
        ("ncov.moh.gov.vn/home_2020-03-26.html", "", "liferay", 21, None),
        ("vnexpress.net/suc-khoe_2019-04-02.rss", "", "feed", 25, "2019-04-02T08:22:57+00:00"),
        ("vnexpress.net/the-gioi_2025-02-06_malformed.xml", "", "feed", 1, "2025-02-06T13:30:48+00:00"),
    ],
)
def test_a_real_listing_is_discovered(page: str, url: str, kind: str, count: int, published: str | None) -> None:
    found = discover(SAMPLES / page, *(["--url", url] if url else []))
    first = found["leads"][0]
    assert (found["kind"], len(found["leads"]), first["published"]) == (kind, count, published)
    assert first["title"] and first["url"].startswith("https://")


@needs_samples
@pytest.mark.parametrize(
    ("page", "published", "title"),
    [
        ("moh.gov.vn/bridge_layChiTietBaiViet.json", "2026-04-29T01:30:00+00:00", "Detail title from MOH"),
        ("sotttt.hanoi.gov.vn/article_2625972_2022-08-27.html", "2018-06-20T09:12:00+00:00", "Hanoi Department of"),
        ("vccorp/article_structure_2026-10-05.html", "2026-10-05T08:42:00+00:00", "Tiêu đề"),
        ("vnexpress.net/article_2025-10-22.html", "2025-10-22T12:25:52+00:00", "Đau bụng kéo dài, phát hiện ung thư"),
    ],
)
def test_a_real_article_is_extracted(page: str, published: str, title: str) -> None:
    one = extract(SAMPLES / page)
    assert one["title"].startswith(title) and one["published"] == published and one["text"]
