"""sources add, and pages kept as test cases by --save."""

import json
from pathlib import Path

import pytest
import yaml

from aggregator import config as configuration
from aggregator.demo.asked import RSS, Said, absent
from tests.cli.house import FEED, SKDS, SOYTE, House
from tests.unit.collect.test_sources import test_a_saved_page_is_read_as_expected as read_again

PAGE = """<html><head><link rel="alternate" type="application/rss+xml" href="/rss/y-te.rss"></head>
<body><a href="/gioi-thieu">Giới thiệu</a></body></html>"""
SLY = """<rss version="2.0"><channel><item><title>Dòng một
  - id: ke-gian</title><link>https://suckhoedoisong.vn/bai-viet-moi-ve-tiem-chung</link></item></channel></rss>"""


def proposed(house: House, said: str) -> dict[str, object]:
    """The one source of a configuration that holds nothing but the proposal."""
    path = house.folder / "proposed.yaml"
    path.write_text(f"sources:\n{said}", encoding="utf-8")
    source = configuration.load(path).sources[0]
    assert len(yaml.safe_load(path.read_text("utf-8"))["sources"]) == 1
    return source.model_dump()


def test_a_page_that_announces_a_feed_is_proposed_with_its_family(house: House) -> None:
    house.sites.instead[SKDS, "/moi"] = Said(200, PAGE.encode())
    done = house.call("sources add", f"https://{SKDS}/moi")
    assert done.code == 0
    made = proposed(house, done.out)
    assert (made["id"], made["kind"], made["hosts"]) == ("suckhoedoisong-vn", "vccorp", (SKDS,))
    assert made["sections"][0]["url"] == f"https://{SKDS}{FEED}"
    assert "the page announces it" in done.out
    assert "Phát động tiêm bổ sung vắc xin sởi" in done.out


def test_a_listing_is_proposed_when_nothing_better_stands_there(house: House) -> None:
    done = house.call("sources add", f"https://{SOYTE}/")
    assert done.code == 0
    made = proposed(house, done.out)
    assert (made["kind"], made["sections"][0]["url"]) == ("vccorp", f"https://{SOYTE}/")


def test_what_a_site_writes_cannot_leave_its_comment(house: House) -> None:
    house.sites.instead[SKDS, FEED] = Said(200, SLY.encode(), RSS)
    done = house.call("sources add", f"https://{SKDS}{FEED}")
    assert proposed(house, done.out)["id"] == "suckhoedoisong-vn"


@pytest.mark.parametrize(("url", "code"), [("suckhoedoisong.vn", 2), ("ftp://a.vn/", 2), (f"https://{SKDS}/khong", 1)])
def test_what_cannot_be_added_is_said_in_one_line(house: House, url: str, code: int) -> None:
    house.sites.instead[SKDS, "/khong"] = absent(404)
    done = house.call("sources add", url)
    assert (done.code, done.out, len(done.err.splitlines())) == (code, "", 1)


@pytest.mark.parametrize("what", ["check skds", "check soyte", f"check https://{SOYTE}/", f"add https://{SKDS}{FEED}"])
def test_saved_pages_are_test_cases_that_pass(house: House, what: str) -> None:
    folder = house.folder / "cases" / "site"
    action, of = what.split()
    assert house.call(f"sources {action}", of, "--save", folder).code == 0
    cases = sorted(folder.glob("*.json"))
    assert [case.stem for case in cases] == (["article", "listing"] if action == "check" else ["listing"])
    for case in cases:
        read_again(case)


def test_a_page_that_cannot_be_read_is_kept_for_the_fix(house: House) -> None:
    house.sites.instead[SOYTE, "/"] = Said(200, b"<html><body>moi</body></html>")
    folder = house.folder / "cases"
    assert house.call("sources check", "soyte", "--save", folder).code == 1
    assert json.loads((folder / "fault.json").read_text("utf-8"))["error"] == "drifted"
    read_again(folder / "fault.json")


def test_a_case_that_was_saved_before_is_not_overwritten(house: House) -> None:
    folder: Path = house.folder / "cases"
    for _ in range(2):
        house.call("sources check", "skds", "--save", folder)
    assert {path.stem for path in folder.glob("*.json")} == {"article", "article-2", "listing", "listing-2"}
