"""Bad answers of a site, each over real HTTP: a named cause in one line, exit 1, every other source published."""

import json
from dataclasses import replace
from typing import Any

import pytest

from aggregator.demo.asked import JSON, RSS, Asked, Said, absent, moved
from aggregator.demo.replay import said
from aggregator.demo.shapes_moh import LIST
from tests.cli.house import ARTICLES, FEED, MOH, NOW, SKDS, SOYTE, WORLD, House

LOGIN = """<!DOCTYPE html><html><head><title>Đăng nhập hệ thống</title></head><body><form action="/dang-nhap">
<input name="ten"><input type="password" name="mat-khau"><button>Đăng nhập</button></form></body></html>""".encode()
CHALLENGE = (
    b'<html><head></head><body><script>document.cookie="D1N=0a1b2c3d"+";path=/";window.location.reload(true);'
    b"</script></body></html>"
)
REBUILT = """<!DOCTYPE html><html><head><title>Cổng mới</title></head><body><main><h1>Giao diện mới</h1>
<a href="/gioi-thieu">Giới thiệu</a> <a href="/lien-he">Liên hệ</a></main></body></html>""".encode()
NO_ITEMS = b'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title></channel></rss>'
CUT_OFF = b'<?xml version="1.0"?><rss version="2.0"><channel><item><ti'
REFUSAL = b"User-agent: *\nDisallow: /\n"

Answers = dict[tuple[str, str], Any]
FAULTS: list[tuple[str, Answers, str, str]] = [
    ("skds", {(SKDS, FEED): Said(200, CUT_OFF, RSS), (SKDS, "/y-te.htm"): Said(200, REBUILT)}, "drifted", "its feed"),
    ("skds", {(SKDS, FEED): Said(200, NO_ITEMS, RSS), (SKDS, "/y-te.htm"): absent(404)}, "gone", "with no items"),
    ("skds", {(SKDS, ""): Said(200, LOGIN)}, "login", "login page"),
    ("soyte", {(SOYTE, ""): Said(200, LOGIN)}, "login", "login page"),
    ("moh", {(MOH, ""): Said(200, LOGIN)}, "login", "login page"),
    ("skds", {(SKDS, ""): Said(200, CHALLENGE)}, "blocked", "sets a cookie by script"),
    ("soyte", {(SOYTE, ""): Said(200, CHALLENGE)}, "blocked", "sets a cookie by script"),
    ("moh", {(MOH, ""): Said(200, CHALLENGE)}, "blocked", "sets a cookie by script"),
    ("skds", {(SKDS, ""): Said(200, b"")}, "empty", "nothing in it"),
    ("soyte", {(SOYTE, ""): Said(200, b"")}, "empty", "nothing in it"),
    ("moh", {(MOH, ""): Said(200, b"", JSON)}, "empty", "nothing in it"),
    ("skds", {(SKDS, ""): Said(500, b"<html>500</html>")}, "server-error", "answers 500"),
    ("moh", {(MOH, ""): Said(503, b"")}, "server-error", "answers 503"),
    ("soyte", {(SOYTE, ""): Said(403, b"<html>403</html>")}, "blocked", "answers 403"),
    ("skds", {(SKDS, FEED): absent(404), (SKDS, "/y-te.htm"): absent(404)}, "gone", "sources.yaml"),
    ("soyte", {(SOYTE, ""): absent(404)}, "gone", "sources.yaml"),
    ("soyte", {(SOYTE, ""): moved("https://tin-moi.example/")}, "moved", "add tin-moi.example to its hosts"),
    ("moh", {(MOH, ""): Said(200, REBUILT)}, "not-a-feed", "something else than JSON"),
    ("moh", {(MOH, ""): Said(200, b'{"loi": "bao tri"}', JSON)}, "drifted", "another shape"),
    ("soyte", {(SOYTE, ""): Said(200, REBUILT)}, "drifted", "may have been rebuilt"),
    ("skds", {(SKDS, "/robots.txt"): Said(200, REFUSAL, "text/plain")}, "robots", "robots.txt of suckhoedoisong.vn"),
    ("moh", {(MOH, "/robots.txt"): Said(500, b"")}, "server-error", "robots.txt cannot be read"),
]  # fmt: skip


def forget_robots(house: House) -> None:
    """As after a day, when robots.txt is asked for anew."""
    for note in (house.folder / "var/hosts").glob("robots-*"):
        note.unlink()


def _named(fault: tuple[str, Answers, str, str]) -> str:
    return f"{fault[0]}-{fault[2]}-{fault[3]}".replace(" ", "_")


@pytest.mark.parametrize("fault", FAULTS, ids=_named)
def test_a_bad_answer_is_named_in_one_line_and_no_other_source_suffers(
    used: House, fault: tuple[str, Answers, str, str]
) -> None:
    source, answers, cause, words = fault
    used.sites.instead |= answers
    forget_robots(used)
    before = used.files()
    done = used.run("--force")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"{source}: {cause}: ") and words in done.err
    assert done.err.count("\n") == 1 and "Traceback" not in done.err
    assert {request.host for request in used.sites.requests} == {MOH, SKDS, SOYTE}
    assert used.files() == before
    status = json.loads(used.call("status", "--json").out)["sources"]
    assert {one["id"]: one["cause"] for one in status} == {"moh": "", "skds": "", "soyte": ""} | {source: cause}


@pytest.mark.parametrize(("source", "host"), [("moh", MOH), pytest.param("skds", SKDS, marks=pytest.mark.slow)])
def test_all_other_sources_are_published_at_the_very_first_run(house: House, source: str, host: str) -> None:
    house.sites.instead[host, ""] = Said(500, b"<html>500</html>")
    assert house.run().code == 1
    assert house.titles() >= {article.title for article in ARTICLES if article.site != source}
    assert (house.output / "index.html").is_file() and (house.output / "feed/all.rss").is_file()


def test_a_site_that_never_answers_is_given_up_after_the_deadline(used: House) -> None:
    used.settings["fetch"] |= {"deadline": "1s", "connect_timeout": "1s"}
    used.write()
    used.sites.instead[SOYTE, ""] = used.sites.never
    done = used.run("--force")
    assert done.code == 1 and done.err.startswith("soyte: timeout: ") and done.err.count("\n") == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Said(200, REBUILT), id="html"),
        pytest.param(absent(404), id="gone"),
        pytest.param(Said(200, CUT_OFF, RSS), id="cut-off", marks=pytest.mark.slow),
        pytest.param(Said(200, NO_ITEMS, RSS), id="no-items", marks=pytest.mark.slow),
        pytest.param(Said(200, b"", RSS), id="empty", marks=pytest.mark.slow),
    ],
)
def test_a_newspapers_listing_stands_in_for_a_feed_that_cannot_be_read(house: House, answer: Said) -> None:
    house.sites.instead[SKDS, FEED] = answer
    done = house.run("--json", "--only", "skds")
    (visit,) = json.loads(done.out)["visits"]
    assert (done.code, visit["outcome"], visit["new"]) == (0, "ok", 2)
    assert "its listing was read instead" in visit["skips"][0]["because"]
    assert house.titles() == {ARTICLES[2].title, ARTICLES[3].title}


def test_a_broken_article_is_skipped_with_its_reason_and_counted(house: House) -> None:
    broken = ARTICLES[3]
    house.sites.instead[SKDS, f"/{broken.slug}-{broken.ref}"] = Said(200, b"<html><body></body></html>")
    done = house.run("--json", "--only", "skds")
    (visit,) = json.loads(done.out)["visits"]
    assert (done.code, visit["new"], len(visit["skips"])) == (0, 1, 1)
    assert broken.ref in visit["skips"][0]["url"] and visit["skips"][0]["because"]
    assert house.titles() == {ARTICLES[2].title}
    house.sites.instead.clear()
    assert house.run("--force", "--only", "skds").code == 0
    assert house.titles() == {ARTICLES[2].title, broken.title}


def test_a_broken_item_of_a_listing_is_skipped_and_counted(house: House) -> None:
    house.sites.instead[MOH, "/bridge"] = _without_a_number
    done = house.run("--json", "--only", "moh")
    visit = json.loads(done.out)["visits"][0]
    assert (done.code, visit["new"], len(visit["skips"])) == (0, 1, 1)
    assert "without its number" in visit["skips"][0]["because"]


def _without_a_number(asked: Asked) -> Said:
    answer = said(WORLD, NOW, asked)
    if LIST not in asked.query:
        return answer
    groups = json.loads(answer.body)
    groups[0]["ITEMS"][0]["MA"] = ""
    return replace(answer, body=json.dumps(groups).encode())


def test_without_a_network_there_is_a_line_a_source_and_the_output_stays(used: House) -> None:
    before = used.files()
    used.sites.stop()
    done = used.run("--force")
    assert (done.code, done.out) == (1, "")
    assert [line.split(":")[:2] for line in done.err.splitlines()] == [
        ["moh", " unreachable"], ["skds", " unreachable"], ["soyte", " unreachable"]
    ]  # fmt: skip
    assert used.files() == before
    status = (used.output / "trang-thai/index.html").read_text(encoding="utf-8")
    assert status.count("Không đọc được") >= 3


def test_without_a_network_at_the_very_first_run_the_site_stands_all_the_same(house: House) -> None:
    house.sites.stop()
    done = house.run()
    assert done.code == 1 and done.err.count("\n") == 3
    assert (house.output / "index.html").is_file() and (house.output / "trang-thai/index.html").is_file()


def test_a_source_that_comes_back_is_well_again(used: House) -> None:
    used.sites.instead[MOH, ""] = Said(500, b"")
    assert used.run("--force").code == 1
    used.sites.instead.clear()
    done = used.run("--force")
    assert (done.code, done.said) == (0, "")
