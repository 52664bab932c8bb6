"""What people take down is, for readers, as gone as what a source withdraws: in every output, and in the log."""

import json
from datetime import timedelta

import pytest
from lxml import etree

from aggregator.cli.exits import OK
from aggregator.publish import addresses
from aggregator.publish.words import iso
from tests.cli.house import ARTICLES, NOW, House
from tests.cli.test_provenance import HABITS, MEASLES, id_of, page_of

HOUR = timedelta(hours=1)
TOMBSTONES = {"at": "http://purl.org/atompub/tombstones/1.0", "a": "http://www.w3.org/2005/Atom"}
OFFICE = "Trung tâm Thông tin y tế (minh hoạ)"
WAYS = {
    "takedown": (("takedown",), ("--lift",)),
    "purge": (("takedown", "--purge"), ()),
    "hide": (("edit hide",), ("edit show",)),
}


@pytest.fixture
def signed(house: House) -> House:
    house.settings["site"]["owner"] = {"organisation": OFFICE}
    house.write()
    assert house.call("keys init").code == OK
    assert house.run().code == OK
    return house


def decide(house: House, id: str, way: str, hours: float, *more: str) -> None:
    command, *options = WAYS[way][0]
    now = (NOW + hours * HOUR).isoformat()
    done = house.call(command, id, *options, *more, "--why", "đơn khiếu nại số 12", "--now", now)
    assert done.code == OK, done.said


def holding(house: House, words: str) -> set[str]:
    return {name for name, content in house.files().items() if words.encode() in content}


def deleted(house: House, name: str) -> dict[str, tuple[str, str, str]]:
    """By the story's id in feeds: who took it away, when, and what is said."""
    root = etree.fromstring(house.files()[name])
    rows = root.findall("at:deleted-entry", TOMBSTONES)
    said = ("at:by/a:name", "at:comment")
    return {row.get("ref"): (row.get("when"), *(row.findtext(path, "", TOMBSTONES) for path in said)) for row in rows}


def last_line(house: House) -> dict[str, dict[str, str]]:
    log = next(content for name, content in house.files().items() if name.startswith("log/"))
    line: dict[str, dict[str, str]] = json.loads(log.splitlines()[-1])
    return line


@pytest.mark.parametrize("way", WAYS)
def test_it_leaves_a_deleted_entry_a_line_of_the_log_and_a_tombstone_and_nothing_else(signed: House, way: str) -> None:
    id, path = id_of(signed, HABITS.title), page_of(signed, HABITS.title)
    stood = holding(signed, HABITS.title)
    kinds = ("feed/all.rss", "feed/all.atom", "feed/all.json", "embed/latest/all.json")
    assert stood >= {*kinds, "embed/latest/all.html", "index.html", path}
    assert any(name.startswith("search/") for name in stood)
    decide(signed, id, way, 1)
    for words in (HABITS.title, HABITS.lead, *HABITS.body.split("\n\n")):
        assert holding(signed, words) == set(), words
    atoms = [name for name in stood & signed.files().keys() if name.endswith(".atom")]
    assert {"feed/all.atom", "feed/source/skds.atom"} <= set(atoms)
    told = (iso(NOW + HOUR), OFFICE, "Đơn vị quản lý trang này đã gỡ bài này")
    for name in atoms:
        assert deleted(signed, name) == {addresses.urn("story", id): told}, name
    assert list(last_line(signed)["withdrawn"].items()) == [(addresses.logged(path), "hidden")]
    (main,) = etree.HTML(signed.files()[path].decode()).xpath("//main")
    said = " ".join("".join(main.itertext()).split())
    assert f"{OFFICE} đã gỡ bài của Báo Sức khỏe & Đời sống lúc 10:00, 20/10/2026" in said
    assert signed.call("verify", signed.output, "--now", (NOW + HOUR).isoformat()).code == OK


@pytest.mark.parametrize("way", ["takedown", "hide"])
def test_what_is_taken_back_stands_where_it_stood_and_no_feed_drops_it(signed: House, way: str) -> None:
    id = id_of(signed, HABITS.title)
    stood = holding(signed, HABITS.title)
    decide(signed, id, way, 1)
    command, *options = ("takedown", "--lift") if way == "takedown" else ("edit show",)
    now = (NOW + 2 * HOUR).isoformat()
    assert signed.call(command, id, *options, "--why", "đã xác minh", "--now", now).code == OK
    assert holding(signed, HABITS.title) == stood and deleted(signed, "feed/all.atom") == {}
    decide(signed, id, way, 3)  # and once more
    assert list(deleted(signed, "feed/all.atom")) == [addresses.urn("story", id)]


def test_a_lift_of_the_takedown_alone_does_not_undo_an_editor_s_hide(signed: House) -> None:
    id = id_of(signed, HABITS.title)
    decide(signed, id, "hide", 1)
    decide(signed, id, "takedown", 2)
    decide(signed, id, "takedown", 3, "--lift")
    assert list(deleted(signed, "feed/all.atom")) == [addresses.urn("story", id)]
    assert holding(signed, HABITS.title) == set()


def test_where_another_source_tells_it_too_that_one_speaks_and_the_page_says_who_took_down(signed: House) -> None:
    path = page_of(signed, MEASLES.title)
    told = [json.loads(line) for line in signed.call("export").out.splitlines()]
    first = next(one for one in told if one["title"] == MEASLES.title)
    decide(signed, first["id"], "hide", 1)
    page = signed.files()[path].decode()
    assert f"<h1>{ARTICLES[2].title}</h1>" in page
    assert f"{OFFICE} đã gỡ bài của Bộ Y tế về tin này lúc 10:00, 20/10/2026." in page
    assert deleted(signed, "feed/all.atom") == {} and len(deleted(signed, "feed/source/moh.atom")) == 1


def test_what_was_never_published_leaves_no_entry_to_drop(signed: House) -> None:
    signed.source("skds")["embargo"] = "2d"
    signed.write()
    (signed.folder / "var/aggregator.db").unlink()
    assert signed.run().code == OK
    told = [json.loads(line) for line in signed.call("export").out.splitlines()]
    one = next(one for one in told if one["title"] == HABITS.title)
    decide(signed, one["id"], "takedown", 1)
    assert deleted(signed, "feed/all.atom") == {} and "feed/source/skds.atom" in signed.files()
