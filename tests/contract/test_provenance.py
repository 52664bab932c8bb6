"""Where texts come from, and what people take down: promises of every store."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import JSON, String

from aggregator.errors import StoreError
from aggregator.model import Article, Attachment, Held, Image, Lead, RawRecord, Request, Response, Sketch, Skip
from aggregator.ports import Store
from aggregator.store.erasure import BLANK, KEPT, hanging
from aggregator.store.schema import metadata
from tests.contract.test_store import STORES, Time
from tests.fakes import NOON
from tests.make_store import (
    HOUR,
    alone,
    article,
    changes,
    check,
    edit,
    grouped,
    keep,
    link,
    settle,
    shelved,
    tag,
    verdict,
    visit,
)

RECORD = RawRecord("000001-20261020.warc.gz", 292, 474)
SECRET = "Bệnh nhân Lê Thị X ở phường Y"


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture(params=sorted(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path, time: Time) -> Iterator[Store]:
    opened = STORES[request.param](tmp_path, time)
    yield opened
    opened.close()


def response(article: str = "a1", **given: object) -> Response:
    request = Request("https://so.example/hoi", "POST", b'{"ma": 1}')
    plain = Response(
        article=article,
        digest=f"{article}-raw",
        request=request,
        url="https://so.example/a1.htm",
        hops=((301, "https://so.example/cu"), (302, "https://so.example/moi")),
        status=200,
        headers=(("date", "Tue, 20 Oct 2026 05:00:00 GMT"), ("etag", '"e1"')),
        fetched_at=NOON,
        lead=Lead("so", "Tin", "https://so.example/a1.htm", request, title="Bài a1", body="<p>chữ</p>"),
        record=RECORD,
    )
    return replace(plain, **given)  # type: ignore[arg-type]


# --- where texts come from


def test_an_answer_comes_back_as_it_was_given(store: Store) -> None:
    bare = response("a2", lead=None, hops=(), headers=(), record=None, because="disk full")
    store.commit(visit(), changes("a1", "a2", regrouping=alone("a1", "a2"), responses=(response(), bare)))
    assert store.responses(["a1", "a2", "x"]) == {"a1": (response(),), "a2": (bare,)}


def test_each_text_keeps_its_answer_and_the_same_bytes_have_one(store: Store) -> None:
    later = response(digest="a1-raw-2", fetched_at=NOON + HOUR)
    again = response(record=replace(RECORD, offset=999), fetched_at=NOON + 2 * HOUR)
    for one in (response(), later, again):
        store.commit(visit(), changes("a1", regrouping=alone("a1"), responses=(one,)))
    assert store.responses(["a1"]) == {"a1": (later, again)}


def test_an_answer_of_an_article_that_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(StoreError):
        store.commit(visit(), changes(responses=(response(),)))


def test_what_could_not_be_kept_is_counted_with_the_newest_reason(store: Store) -> None:
    names, late = [f"a{number}" for number in range(4)], NOON + HOUR
    lost = [
        response(names[1], record=None, because="hết chỗ"),
        response(names[2], record=None, because="không ghi được", fetched_at=late),
    ]
    told = (response(names[0]), *lost, response(names[3], record=None))
    store.commit(visit(), changes(*names, responses=told))
    assert store.unkept(NOON) == (2, "không ghi được")
    assert store.unkept(NOON + HOUR) == (1, "không ghi được")
    assert store.unkept(NOON + 2 * HOUR) == (0, "")


def test_a_story_is_found_by_its_path_and_by_those_it_had(store: Store) -> None:
    keep(store, "a1", "a2")
    settle(store)
    assert [store.at_path(f"tin/{id}.html") for id in ("a1", "a2", "a3")] == ["a1", "a2", ""]
    joined = grouped({"a1": ["a1", "a2"]}, merged=(("a2", "a1"),))
    store.commit(visit(), changes(regrouping=joined))
    settle(store)
    assert store.at_path("tin/a2.html") == "a1"
    assert store.at_path("") == ""


# --- what is taken down


def test_what_is_taken_down_is_hidden_pending_and_never_asked_for_again(store: Store) -> None:
    keep(store, "a1", "a2")
    store.commit(visit(), changes(checks=(check("a1"), check("a2"))))
    settle(store)
    (kept,) = store.take_down([edit("a1", "takedown")])
    assert store.pending(NOON).stories == ("a1",)
    assert store.known(["a1"])["a1"].status == "hidden"
    assert [known.id for known in store.due_checks("so", NOON + 99 * HOUR, 9)] == ["a2"]
    assert store.edits(["a1"]) == (kept,) and kept.id > 0
    (removal,) = store.removals(9)
    assert (removal.article, removal.status, removal.seen_at, removal.lifted_at) == ("a1", "hidden", NOON, None)


def test_what_people_take_away_is_a_removal_of_its_own_until_nothing_holds_it(store: Store) -> None:
    keep(store, "a1")
    store.commit(visit(), changes(checks=(check("a1", "suspended", because="404"),)))
    store.decide(edit("a1", "hide", at=NOON + 2 * HOUR))
    store.take_down([edit("a1", "takedown", at=NOON + 3 * HOUR)])
    store.lift([edit("a1", "lift", at=NOON + 4 * HOUR)])
    told = {one.status: (one.seen_at, one.lifted_at) for one in store.removals(9)}
    assert told == {"suspended": (NOON + HOUR, None), "hidden": (NOON + 2 * HOUR, None)}
    store.commit(visit(), changes(checks=(check("a1", checked_at=NOON + 5 * HOUR),)))
    store.decide(edit("a1", "show", at=NOON + 6 * HOUR))
    lifted = {one.status: one.lifted_at for one in store.removals(9)}
    assert lifted == {"suspended": NOON + 5 * HOUR, "hidden": NOON + 6 * HOUR}


def test_a_story_that_is_back_and_leaves_a_shelf_for_another_reason_was_not_taken_away(store: Store) -> None:
    keep(store, "a1")
    settle(store, shelves={"a1": ["all", "topic/x"]})
    store.decide(edit("a1", "hide"))
    settle(store, shelves={"a1": []})
    assert [one.status for one in store.dropped("topic/x", 9)] == ["hidden"]
    store.decide(edit("a1", "show"))
    settle(store, shelves={"a1": ["all"]})
    assert store.dropped("topic/x", 9) == ()


def test_a_new_text_leaves_what_was_taken_down_hidden(store: Store) -> None:
    keep(store, "a1")
    store.take_down([edit("a1", "takedown")])
    store.commit(visit(), changes(verdict(article("a1", text="Bản mới."), "revised")))
    assert store.known(["a1"])["a1"].status == "hidden"


def test_of_several_all_are_taken_down_or_none(store: Store) -> None:
    keep(store, "a1")
    with pytest.raises(StoreError, match="x9"):
        store.take_down([edit("a1", "takedown"), edit("x9", "takedown")])
    assert store.known(["a1"])["a1"].status == "live" and store.edits(["a1"]) == ()


@pytest.mark.parametrize("status", ["live", "suspended", "withdrawn"])
def test_what_is_lifted_stands_as_its_source_left_it_and_is_looked_at_now(store: Store, status: str) -> None:
    keep(store, "a1")
    if status != "live":
        store.commit(visit(), changes(checks=(check("a1", status),)))
    store.take_down([edit("a1", "takedown")])
    store.lift([edit("a1", "lift", at=NOON + 3 * HOUR)])
    known = store.known(["a1"])["a1"]
    assert (known.status, known.next_check) == (status, NOON + 3 * HOUR)


def test_what_was_never_told_is_no_live_article_after_a_lift(store: Store) -> None:
    held = waiting(article("a1"))
    store.commit(visit(), changes(held=(held,), checks=(check("a1", "quarantined"),)))
    store.take_down([edit("a1", "takedown")])
    store.lift([edit("a1", "lift")])
    assert store.known(["a1"])["a1"].status == "quarantined"


def test_texts_of_what_was_taken_down_are_known_again_purged_or_not(store: Store) -> None:
    keep(store, "a1", "a2")
    texts = {id: article(id).text_digest for id in ("a1", "a2")}
    store.take_down([edit("a1", "takedown")])
    assert store.taken_down(texts.values()) == {texts["a1"]}
    store.purge(["a1"])
    assert store.taken_down(texts.values()) == {texts["a1"]}
    store.lift([edit("a1", "lift")])
    assert store.taken_down(texts.values()) == frozenset()


# --- what is purged


def secretive(id: str, **given: object) -> Article:
    """An article that tells the secret in every field that can hold it."""
    told = f"{SECRET} ({id})"
    address = f"https://so.example/{id}-benh-nhan-le-thi-x.htm"
    words = {"title": told, "lead": told, "text": f"{told}.", "author": SECRET, "url": address, "doubts": (SECRET,)}
    files = {"images": (Image(address, SECRET, SECRET),), "attachments": (Attachment(address, SECRET),)}
    return article(id, **words, **files, **given)


def waiting(given: Article) -> Held:
    """A text that waits for an editor."""
    return Held(given, "d1", 0.9, (SECRET,), (SECRET,), False, ("x.vn",), NOON)


def fill(store: Store) -> None:
    """Two articles of one story that both tell the secret, in every table that can hold it."""
    told = tag("x", words=SECRET)
    lead = Lead("so", "Tin", "https://so.example/x", Request("x"), title=SECRET, body=SECRET)
    held = waiting(secretive("a1"))
    skip = Skip("https://so.example/a1-benh-nhan-le-thi-x.htm", SECRET)
    first = [secretive("a1"), secretive("a2")]
    store.commit(
        visit(skips=(skip, Skip("https://so.example/khac", "vì khác"))),
        changes(*first, regrouping=grouped({"a1": ["a1", "a2"]}, links=(link("a1", "a2", because=SECRET),)),
                tags={"a1": (told,), "a2": (told,)}, held=(held,),
                responses=(response(lead=lead), response("a2", lead=lead))),
    )  # fmt: skip
    store.commit(visit(), changes(verdict(secretive("a1", digest="a1-raw-2"), "revised")))
    store.commit(visit(), changes(checks=(check("a1", "withdrawn", because=SECRET),)))
    store.place([shelved("a1", "all")], (), 1)


def test_a_purge_leaves_identity_times_and_digests_and_no_word(store: Store) -> None:
    fill(store)
    before = store.known(["a1"])["a1"]
    store.take_down([edit("a1", "takedown", value="purge")])
    store.purge(["a1"])
    known = store.known(["a1"])["a1"]
    kept = ("id", "source", "text_digest", "status", "published", "first_seen", "fetched_at")
    assert [getattr(known, name) for name in kept] == [getattr(replace(before, status="hidden"), name) for name in kept]
    (story,) = store.stories(["a1"])
    mine = next(one for one in story.tellings if one.article.id == "a1")
    assert [(one.title, one.lead, one.text, one.url) for one in mine.revisions] == [("", "", "", "")] * len(
        mine.revisions
    )
    assert all(one.text_digest and one.digest for one in mine.revisions)
    assert (mine.tags, mine.article.images, mine.article.body, story.links) == ((), (), "", ())
    (answer,) = store.responses(["a1"])["a1"]
    assert (answer.digest, answer.fetched_at) == ("a1-raw", NOON)
    assert (answer.request.url, answer.headers, answer.lead, answer.record) == ("", (), None, None)


def test_a_purge_touches_no_other_article(store: Store) -> None:
    fill(store)
    others = (store.told(["a2"]), store.responses(["a2"]), store.visits(9)[-1].skips[1:])
    store.purge(["a1"])
    assert (store.told(["a2"]), store.responses(["a2"]), store.visits(9)[-1].skips) == others
    assert [telling.article.id for _, telling, _ in store.export(None)] == ["a1", "a2"]


def test_a_purge_can_be_repeated_and_scrubbed(store: Store) -> None:
    fill(store)
    for _ in range(2):
        store.purge(["a1", "a2"])
        store.scrub()
    assert store.known(["a1", "a2"]).keys() == {"a1", "a2"}


def test_after_a_scrub_the_database_s_files_hold_no_word_of_it(tmp_path: Path, time: Time) -> None:
    store = STORES["sqlite"](tmp_path, time)
    fill(store)
    words = (SECRET.encode(), b"benh-nhan-le-thi-x")
    assert all(any(word in path.read_bytes() for path in (tmp_path / "kho").iterdir()) for word in words)
    store.take_down([edit(id, "takedown", value="purge") for id in ("a1", "a2")])
    store.purge(["a1", "a2"])
    store.scrub()
    left = [path.name for path in (tmp_path / "kho").iterdir() for word in words if word in path.read_bytes()]
    assert left == []
    store.close()


def test_a_purge_leaves_no_hash_of_the_words(tmp_path: Path, time: Time) -> None:
    store = STORES["sqlite"](tmp_path, time)
    fill(store)
    store.keep_sketches([Sketch("a1", 2, (7, 8), "s1"), Sketch("a2", 4, (7, 9), "s1")])
    store.purge(["a1"])
    store.close()
    with sqlite3.connect(tmp_path / "kho/tin.db") as raw:
        assert raw.execute("SELECT key, place FROM sketch_keys ORDER BY key").fetchall() == [(7, 4), (9, 4)]


def test_a_reader_that_keeps_the_log_from_being_emptied_is_named(tmp_path: Path, time: Time) -> None:
    store = STORES["sqlite"](tmp_path, time)
    fill(store)
    reader = sqlite3.connect(tmp_path / "kho/tin.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM articles").fetchall()
    store.purge(["a1"])
    with pytest.raises(StoreError, match=r"locked|another process reads it"):
        store.scrub()
    reader.close()
    store.scrub()
    store.close()


WORDLESS = {
    "articles": {"id", "source", "precision", "digest", "text_digest", "reader", "language", "status", "rule", "watch"},
    "revisions": {"article", "text_digest", "digest"},
    "responses": {"article", "digest", "method"},
    "removals": {"article", "status"},
    "members": {"article", "story"},
    "letter_items": {"article", "day"},
}
ELSEWHERE = {
    "sources", "validators", "runs", "habits", "stories", "aliases", "edits", "marks", "placements", "shelves", "dirty",
    "pages", "memo", "removal_outputs", "visits", "links", "sketch_keys",
    "letters", "deliveries", "targets", "alert_acts",
}  # fmt: skip


def test_every_table_says_what_a_purge_does_to_it() -> None:
    """A new table is named here, or goes with its article; a new column with words is blanked."""
    gone = {table.name for table in hanging()}
    assert set(metadata.tables) == KEPT | gone | ELSEWHERE
    for name in KEPT:
        table = metadata.tables[name]
        words = {column.name for column in table.c if isinstance(column.type, String | JSON)}
        assert words == set(BLANK.get(table, ())) | WORDLESS[name], name
