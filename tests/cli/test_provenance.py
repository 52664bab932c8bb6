"""provenance and takedown: the chain back to the bytes, and what leaves when the publisher takes it down."""

import json
import os
import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from lxml import etree

from aggregator.cli import wiring
from aggregator.demo.asked import Asked, Said
from aggregator.demo.replay import said
from aggregator.operate import warc
from tests.cli.house import ARTICLES, FEED, NOW, SKDS, WORLD, Done, House, tree

HOUR = timedelta(hours=1)
HABITS = next(one for one in ARTICLES if one.title.startswith("Năm thói quen"))  # of one source only
MEASLES = next(one for one in ARTICLES if one.title.startswith("Bộ Y tế phát động"))  # told by two
NOTICE = "Đơn vị quản lý trang này đã gỡ bài của"
WHY = ("--why", "đơn khiếu nại số 12")


def page_of(house: House, title: str) -> str:
    """The path of the story page that tells it."""
    marks = f"<h1>{title}</h1>".encode()
    return next(name for name, content in house.files().items() if name.startswith("tin/") and marks in content)


def id_of(house: House, title: str) -> str:
    return page_of(house, title).removesuffix(".html").rpartition("-")[2]


def chain(house: House, word: str, code: int = 0) -> list[dict[str, Any]]:
    done = house.call("provenance", word, "--json", "--now", NOW.isoformat())
    assert done.code == code, done.said
    told: list[dict[str, Any]] = json.loads(done.out)
    return told


def holding(house: House, *words: str) -> list[str]:
    """Files of var/ and output/ that hold any of the words, as they are or unpacked."""
    found = []
    for folder in (house.folder / "var", house.output):
        for name, content in tree(folder).items():
            unpacked = b"".join(one.content for one in warc.members(content)) if name.endswith(".gz") else b""
            if any(word.encode() in content or word.encode() in unpacked for word in words):
                found.append(f"{folder.name}/{name}")
    return found


def raw_file(house: House) -> Path:
    return next((house.folder / "var/raw").glob("*.warc.gz"))


# --- the chain


def test_provenance_tells_the_chain_from_each_published_sentence_to_the_bytes(first: House) -> None:
    (told,) = chain(first, id_of(first, HABITS.title))
    (revision,) = told["revisions"]
    said = {(one["field"], one["sentence"]) for one in revision["published"]}
    assert ("title", HABITS.title) in said and any(field == "lead" for field, _ in said)
    response = revision["response"]
    assert (response["status"], response["fetched_at"]) == (200, "2026-10-20T02:00:00+00:00")
    assert "content-type" in response["headers"] and response["url"] == told["url"]
    assert response["record"]["file"] == "000001-20261020.warc.gz"
    assert (revision["bytes"], revision["follows"], revision["differing"]) == ("ok", "same", [])
    data = raw_file(first).read_bytes()[response["record"]["offset"] :][: response["record"]["length"]]
    assert warc.read(data).page.digest == revision["digest"]


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.ref)
def test_every_stored_text_still_follows_from_its_bytes(first: House, article: Any) -> None:
    for told in chain(first, article.title and id_of(first, _speaker(first, article.title))):
        assert [(one["bytes"], one["follows"]) for one in told["revisions"]] == [("ok", "same")]


def _speaker(house: House, title: str) -> str:
    """The title under which the story of the article is published."""
    return title if f"<h1>{title}</h1>".encode() in b"".join(house.files().values()) else MEASLES.title


def test_a_question_by_post_is_told_with_what_was_sent(first: House) -> None:
    told = chain(first, id_of(first, MEASLES.title))
    asked = [one["revisions"][0]["response"] for one in told if one["source"] == "moh"]
    assert [(one["method"], "990101" in one["sent"]) for one in asked] == [("POST", True)]


def test_a_person_reads_the_chain_from_top_to_bottom(first: House) -> None:
    done = first.call("provenance", id_of(first, HABITS.title))
    words = [line.split()[0] for line in done.out.splitlines()[1:]]
    order = ["revision", "published", "text", "draft", "asked", "answered", "header", "kept", "bytes", "follows"]
    assert done.code == 0 and list(dict.fromkeys(words)) == order
    assert f"title: {HABITS.title}" in done.out and "is what today's rules read" in done.out


def test_a_text_that_a_feed_brought_whole_follows_from_the_feed_s_bytes(house: House) -> None:
    house.source("skds")["full_pages"] = False
    house.write()
    assert house.run().code == 0
    (revision,) = chain(house, id_of(house, HABITS.title))[0]["revisions"]
    assert revision["response"]["asked"].endswith(FEED)
    assert (revision["reader"], revision["follows"]) == ("feed", "same")


@pytest.mark.parametrize("form", ["{path}", "https://bantin.example/{path}", "https://x.example/duoi/{path}?a=1#b"])
def test_a_page_is_named_by_its_address_too(first: House, form: str) -> None:
    path = page_of(first, HABITS.title)
    assert chain(first, form.format(path=path)) == chain(first, id_of(first, HABITS.title))


@pytest.mark.parametrize("word", ["khong-co", "tin/2026/10/khong-co.html", "https://bantin.example/", "/", "'; --"])
@pytest.mark.parametrize("command", ["provenance", "takedown"])
def test_what_is_not_there_is_named_with_where_an_id_stands(first: House, command: str, word: str) -> None:
    done = first.call(command, word, *(WHY if command == "takedown" else ()))
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"aggregator: {word}: no such story or article; the id stands at the foot of its page")


def test_a_file_that_was_cut_short_is_named_and_the_rest_is_still_told(used: House) -> None:
    id = id_of(used, HABITS.title)
    record = chain(used, id)[0]["revisions"][0]["response"]["record"]
    os.truncate(raw_file(used), record["offset"] + 9)
    (told,) = chain(used, id, code=1)
    (revision,) = told["revisions"]
    assert (revision["bytes"], revision["follows"]) == ("cut", "unknown") and "restore it" in revision["because"]
    assert revision["response"]["headers"] and revision["published"]


def test_a_text_that_today_s_rules_do_not_read_is_told_by_its_fields(used: House) -> None:
    id = id_of(used, HABITS.title)
    with closing(sqlite3.connect(used.database)) as raw:
        raw.execute("UPDATE revisions SET text = 'Khác.', text_digest = 'x' WHERE article = ?", (id,))
        raw.commit()
    (revision,) = chain(used, id, code=1)[0]["revisions"]
    assert (revision["bytes"], revision["follows"], revision["differing"]) == ("ok", "differs", ["text"])


def test_an_archive_that_is_off_is_said_and_no_fault(house: House) -> None:
    house.settings["archive"] = {"enabled": False}
    house.write()
    assert house.run().code == 0
    assert not (house.folder / "var/raw").exists()
    (told,) = chain(house, id_of(house, HABITS.title))
    assert told["revisions"][0]["bytes"] == "not kept" and "archive.enabled" in told["revisions"][0]["because"]
    assert house.call("status").code == 0
    assert json.loads(house.call("status", "--json").out)["archive"]["state"] == "off"


def test_what_was_pruned_says_so_and_is_no_fault(used: House) -> None:
    id, later = id_of(used, HABITS.title), NOW + timedelta(days=9)
    used.settings["archive"] = {"max_age": "1d"}
    used.write()
    forget_texts(used)
    used.sites.now_there = later
    used.run("--force", now=later)
    pruned, fresh = chain(used, id)[0]["revisions"]
    assert pruned["bytes"] == "pruned" and "archive.max_age" in pruned["because"]
    assert (fresh["bytes"], fresh["follows"]) == ("ok", "same")


def forget_texts(house: House) -> None:
    """Make every text that the sites show a new one, at the next look."""
    with closing(sqlite3.connect(house.database)) as raw:
        raw.execute("UPDATE articles SET text_digest = 'x', next_check = 0, etag = '', last_modified = ''")
        raw.commit()


def test_a_folder_that_cannot_be_written_stops_no_publishing_and_status_says_so(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    (house.folder / "var").mkdir()
    (house.folder / "var/raw").write_text("đây là tệp")
    assert house.run().code == 0
    assert "raw bytes of 2 articles were not kept" in caplog.text and "cannot be written" in caplog.text
    assert house.titles() == {article.title for article in ARTICLES}
    status = house.call("status", "--now", NOW.isoformat())
    assert status.code == 1 and re.search(r"\(raw archive\) +broken .*6 texts.* not kept", status.out)
    (told,) = chain(house, id_of(house, HABITS.title))
    assert "cannot be written" in told["revisions"][0]["because"]


# --- takedown


def take_down(house: House, word: str, *more: str, hours: float = 1) -> Done:
    now = (NOW + hours * HOUR).isoformat()
    return house.call("takedown", word, *WHY, "--who", "Ban Biên tập", "--now", now, *more)


def test_a_takedown_takes_the_story_off_everything_in_the_same_command(used: House) -> None:
    id, path = id_of(used, HABITS.title), page_of(used, HABITS.title)
    assert len(holding(used, HABITS.title)) > 8
    done = take_down(used, id)
    assert (done.code, done.said) == (0, "")
    assert [name for name in used.files() if HABITS.title.encode() in used.files()[name]] == []
    told = used.files()[path].decode()
    said = "".join(etree.HTML(told).xpath("//ul[@class='gone']//text()"))
    assert f"{NOTICE} Báo Sức khỏe & Đời sống lúc 10:00, 20/10/2026" in said and "noindex" in told
    assert used.files().keys() >= {path, "index.html"}


def test_what_was_taken_down_does_not_come_back_with_the_next_runs(used: House) -> None:
    take_down(used, id_of(used, HABITS.title))
    for hours in (2, 26):
        used.sites.now_there = NOW + hours * HOUR
        assert used.run("--force", now=NOW + hours * HOUR).code == 0
        assert HABITS.title not in used.titles()
    used.call("publish", "--full")
    assert HABITS.title not in used.titles()


def test_the_same_text_at_another_address_is_not_told_again(used: House) -> None:
    id = id_of(used, HABITS.title)
    exported = [json.loads(line) for line in used.call("export").out.splitlines()]
    one = next(line for line in exported if line["id"] == id)
    take_down(used, id, "--purge")
    line = {name: one[name] for name in ("source", "title", "lead", "text", "published")}
    line["url"] = "https://suckhoedoisong.vn/dia-chi-moi-169261019100000999.htm"
    done = used.call("import", "-", stdin=json.dumps(line))
    assert done.code == 1 and "taken down here" in done.err
    assert HABITS.title not in used.titles()


def test_a_takedown_is_logged_with_who_and_why_and_can_be_lifted(used: House) -> None:
    id = id_of(used, HABITS.title)
    before = used.files()
    take_down(used, id)
    assert [(one["action"], one["who"], one["why"]) for one in chain(used, id)[0]["decided"]] == [
        ("takedown", "Ban Biên tập", WHY[1])
    ]
    assert chain(used, id)[0]["status"] == "hidden" and chain(used, id)[0]["revisions"][0]["published"] == []
    take_down(used, id, "--lift", hours=2)
    assert used.files() == before
    assert used.run("--force", now=NOW + 3 * HOUR).code == 0 and HABITS.title in used.titles()


def test_a_story_goes_with_all_who_tell_it_and_one_article_alone_with_only(used: House) -> None:
    id = id_of(used, MEASLES.title)
    told = {one["source"]: one["article"] for one in chain(used, id)}
    assert set(told) == {"moh", "skds"}
    take_down(used, told["moh"], "--only")
    assert page_of(used, ARTICLES[2].title)  # the other speaks now
    assert {name.split("/")[0] for name in holding(used, MEASLES.title)} == {"var"}  # hidden, not purged
    take_down(used, id)
    assert [name for name, content in used.files().items() if ARTICLES[2].title.encode() in content] == []


def test_a_takedown_waits_for_the_publish_lock_and_says_so(used: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "PATIENCE_S", 0.05)
    with FileLock(used.folder / "var/publish.lock"):
        assert take_down(used, id_of(used, HABITS.title)).code == 75
    assert HABITS.title in used.titles()


def test_a_run_in_progress_does_not_make_a_takedown_wait(used: House) -> None:
    with FileLock(used.folder / "var/run.lock"):
        assert take_down(used, id_of(used, HABITS.title)).code == 0


def test_a_takedown_while_a_run_asks_for_the_article_holds(used: House) -> None:
    id, later = id_of(used, HABITS.title), NOW + 2 * HOUR
    used.sites.now_there = later
    forget_texts(used)  # the run will find another text
    codes: list[int] = []

    def meanwhile(asked: Asked) -> Said:
        codes.append(take_down(used, id, "--purge").code)
        return said(WORLD, later, asked)

    used.sites.instead[SKDS, f"/{HABITS.slug}"] = meanwhile
    assert used.run("--force", now=later).code == 0
    assert codes == [0] and HABITS.title not in used.titles()
    sentence = HABITS.body.split("\n\n")[1]
    assert holding(used, sentence) == []
    kept = list(warc.members(raw_file(used).read_bytes()))
    assert len(kept) > 2 and not any(warc.holds(one.content, [id], ()) for one in kept)


def test_lift_and_purge_together_are_refused(used: House) -> None:
    done = take_down(used, "x", "--lift", "--purge")
    assert done.code == 2 and "opposites" in done.err


# --- purge


def test_after_a_purge_no_file_of_var_and_output_holds_a_word_of_it(used: House) -> None:
    id, path = id_of(used, HABITS.title), page_of(used, HABITS.title)
    sentences = [HABITS.title, HABITS.lead, *HABITS.body.split("\n\n")]
    assert {name.split("/")[0] for name in holding(used, *sentences)} == {"var", "output"}
    digest = chain(used, id)[0]["revisions"][0]["digest"]
    done = take_down(used, id, "--purge")
    assert (done.code, done.said) == (0, "")
    assert holding(used, *sentences) == []
    (told,) = chain(used, id)
    assert (told["url"], told["revisions"][0]["digest"], told["revisions"][0]["bytes"]) == ("", digest, "purged")
    assert NOTICE in used.files()[path].decode()
    for hours in (2, 26):
        used.sites.now_there = NOW + hours * HOUR
        assert used.run("--force", now=NOW + hours * HOUR).code == 0
    assert [name for name in holding(used, *sentences[1:])] == []


def test_a_purge_leaves_the_bytes_of_others_but_for_pages_that_name_it(used: House) -> None:
    take_down(used, id_of(used, HABITS.title), "--purge")
    others = [one for one in ARTICLES if one not in (HABITS, ARTICLES[2])]
    told = [telling for one in others for telling in chain(used, id_of(used, one.title))]
    states = {(one["source"], revision["bytes"]) for one in told for revision in one["revisions"]}
    assert states == {("moh", "ok"), ("soyte", "ok"), ("skds", "erased")}  # skds' pages link to its other articles


def test_a_purge_after_a_takedown_and_once_more_is_the_same(used: House) -> None:
    id = id_of(used, HABITS.title)
    take_down(used, id)
    assert holding(used, HABITS.lead) != []
    for _ in range(2):
        assert take_down(used, id, "--purge").code == 0
        assert holding(used, HABITS.lead) == []


def test_a_purge_that_the_archive_stops_is_finished_by_the_same_command(used: House) -> None:
    id = id_of(used, HABITS.title)
    note = used.folder / "var/raw/erasing.json"
    note.write_text("{")
    done = take_down(used, id, "--purge")
    assert done.code == 1 and "erasing.json" in done.err and "remove it" in done.err
    assert HABITS.title not in used.titles()  # off the pages it is at once
    note.unlink()
    assert take_down(used, id, "--purge").code == 0
    assert holding(used, HABITS.lead) == []


def test_what_was_purged_cannot_be_lifted(used: House) -> None:
    id = id_of(used, HABITS.title)
    take_down(used, id, "--purge")
    done = take_down(used, id, "--lift")
    assert done.code == 1 and "nothing is left" in done.err


def test_pages_put_away_of_a_drifted_visit_are_purged_too(used: House) -> None:
    folder = used.folder / "var/drifted/skds/2026-10-20T020000Z"
    folder.mkdir(parents=True)
    (folder / "article.html").write_text(f"<h1>{HABITS.title}</h1>", encoding="utf-8")
    (folder / "listing.xml").write_text("<rss/>", encoding="utf-8")
    take_down(used, id_of(used, HABITS.title), "--purge")
    assert [path.name for path in folder.iterdir()] == ["listing.xml"]
