"""Work grows with the change, not with the archive: told by query plans and by counting queries, not by a clock."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, make_url

from aggregator.model import Gist, Sketch, SourceState, Validator
from aggregator.ports import Store
from aggregator.store import sqlite
from aggregator.store.database import Database
from tests.fakes import NOON
from tests.make_store import changes, check, grouped, keep, link, open_at, settle, shelved, tag, verdict, visit


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    open_at(tmp_path).close()
    made = sqlite.engine_for(make_url(f"sqlite:///{tmp_path}/kho/tin.db"), busy_timeout_s=1)
    yield made
    made.dispose()


@contextmanager
def queries(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are run inside the block."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, sql: str, values: Any, _context: object, many: bool) -> None:
        if not sql.startswith("BEGIN"):
            seen.append((sql, values[0] if many else values))

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def plans(engine: Engine, ask: Callable[[Store], object]) -> list[str]:
    """SQLite's plans of the queries that a call makes, line by line."""
    with queries(engine) as seen:
        ask(Database(engine, lambda: NOON))
    raw: sqlite3.Connection = engine.raw_connection()  # type: ignore[assignment]
    cursor = raw.cursor()
    lines = [row[3] for sql, values in seen for row in cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    raw.close()
    return lines


SKETCH = Sketch("a1", 2, (8, 11), "s1")
ASKED: dict[str, Callable[[Store], object]] = {
    "shelf": lambda store: store.shelf("all", 20, skip=40),
    "oldest_first": lambda store: store.oldest_first(["a1", "a2"]),
    "related": lambda store: store.related(["a1", "a2"]),
    "shelves": lambda store: store.shelves("topic/"),
    "lines": lambda store: store.lines("all", 20),
    "lines of a source": lambda store: store.lines("source/so", 20, "so"),
    "named": lambda store: store.named(["all", "topic/x"]),
    "below": lambda store: store.below("topic"),
    "newest below": lambda store: store.below("document", 20),
    "beside": lambda store: store.beside("day/2026-10-20"),
    "pending": lambda store: store.pending(NOON),
    "stories": lambda store: store.stories(["a1", "a2"]),
    "sharing": lambda store: store.sharing([SKETCH], 9, 9, 1),
    "glances": lambda store: store.glances(["a1"]),
    "sketched_by": lambda store: store.sketched_by(),
    "keep_sketches": lambda store: store.keep_sketches([SKETCH]),
    "due_checks": lambda store: store.due_checks("so", NOON, 20),
    "checked": lambda store: store.checked("so", NOON, NOON),
    "unwatched": lambda store: store.unwatched(),
    "doubted": lambda store: store.doubted(),
    "texts_since": lambda store: store.texts_since(["a1"], NOON),
    "watch": lambda store: store.watch({"a1": "late"}, ["a2"], NOON),
    "at": lambda store: store.at("so", ["https://so.example/a1.htm"]),
    "between": lambda store: store.between("so", NOON - timedelta(hours=1), NOON),
    "known": lambda store: store.known(["a1"]),
    "told": lambda store: store.told(["a1"]),
    "ties": lambda store: store.ties(["a1"]),
    "records": lambda store: store.records(["a1"]),
    "edits": lambda store: store.edits(["a1"]),
    "pages": lambda store: store.pages(["index.html"]),
    "memo": lambda store: store.memo("day"),
    "visits": lambda store: store.visits(20),
    "learned": lambda store: store.learned("so"),
    "quarantine": lambda store: store.quarantine(["a1"]),
    "waiting": lambda store: store.waiting(20),
    "held_by_source": lambda store: store.held_by_source(),
    "dropped": lambda store: store.dropped("all", 20),
    "removals": lambda store: store.removals(20),
    "place": lambda store: store.place([shelved("a1", "all", "topic/x")], ["a2"], 1),
    "published": lambda store: store.published({"index.html": "d"}, ["x.html"], ["all"], {"day": "1"}),
    "commit": lambda store: store.commit(
        visit(),
        changes(
            verdict("a1", "unchanged"),
            tags={"a1": (tag("x"),)},
            regrouping=grouped({"a1": ["a1", "a2"]}, links=(link("a1", "a2"),), dropped=(("a1", "a3"),)),
            checks=(check("a1", "withdrawn"),),
            sketches=(SKETCH,),
            gists=(Gist("a1", b"g", b"s"),),
        ),
    ),
}
SMALL = ("near", "marks", "json_each", "asked", "ends", "spans", "scores", "visits USING INDEX", "removals USING INDEX")
"""What may be scanned: a limited few (`near`); the two marks; what is asked for; a log read from its newest end,
up to a limit."""


@pytest.mark.parametrize("name", sorted(ASKED))
def test_no_question_scans_a_table_that_grows(name: str, engine: Engine) -> None:
    store = Database(engine, lambda: NOON)
    keep(store, "a1", "a2", "a3")
    settle(store)
    lines = plans(engine, ASKED[name])
    assert lines
    scans = [
        line for line in lines if line.startswith("SCAN ") and not line.startswith(tuple(f"SCAN {x}" for x in SMALL))
    ]
    assert [line for line in scans if "CONSTANT ROW" not in line and "(subquery" not in line] == []


def test_a_shelf_is_read_in_its_order_from_the_index_alone(engine: Engine) -> None:
    assert plans(engine, ASKED["shelf"]) == ["SEARCH placements USING COVERING INDEX ix_placements_order (shelf=?)"]


def test_what_is_shared_leads_to_the_articles_and_never_the_other_way(engine: Engine) -> None:
    steps = [line for line in plans(engine, ASKED["sharing"]) if line.startswith(("SCAN ", "SEARCH "))]
    assert [step.split()[1] for step in steps[-3:]] == ["scores", "sketches", "articles"]
    assert "(place=?)" in steps[-2] and "(id=?)" in steps[-1]


def test_notices_of_correction_are_asked_one_by_one_and_never_the_articles_of_their_source(engine: Engine) -> None:
    steps = plans(engine, lambda store: store.notices("so", NOON))
    assert [step.split()[:2] for step in steps if "articles" in step] == [["SEARCH", "articles"]]
    assert next(step for step in steps if "articles" in step).endswith("(id=?)")


def test_any_number_of_stories_is_read_in_the_same_few_queries(engine: Engine) -> None:
    store = Database(engine, lambda: NOON)
    ids = [f"a{number:03}" for number in range(300)]
    keep(store, *ids)
    counts = []
    for asked in (ids[:1], ids):
        with queries(engine) as seen:
            store.stories(asked)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12


def test_any_number_of_articles_is_written_in_the_same_few_statements(engine: Engine) -> None:
    store = Database(engine, lambda: NOON)
    counts = []
    for ids in (["b1"], [f"a{number:03}" for number in range(300)]):
        with queries(engine) as seen:
            keep(store, *ids)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_visit_that_brought_nothing_writes_its_log_and_the_state_alone(engine: Engine) -> None:
    store = Database(engine, lambda: NOON)
    state = SourceState("so", validators={"https://so.example/rss": Validator("e1")})
    store.commit(visit(), changes(state=state))
    with queries(engine) as seen:
        store.commit(visit(), changes(state=state))
    touched = [re.search(r"(?:FROM|INTO) (\w+)", sql) for sql, _ in seen]
    assert [found[1] for found in touched if found] == ["marks", "runs", "runs", "visits", "sources", "validators"]


def test_validators_that_stayed_as_they_were_are_not_written_again(engine: Engine) -> None:
    store = Database(engine, lambda: NOON)
    state = SourceState("so", validators={"https://so.example/rss": Validator("e1")})
    store.commit(visit(), changes(state=state))
    with queries(engine) as seen:
        store.commit(visit(), changes(state=state))
        same = len(seen)
        store.commit(visit(), changes(state=replace(state, validators={"https://so.example/rss": Validator("e2")})))
    assert not [sql for sql, _ in seen[:same] if "validators" in sql and not sql.startswith("SELECT")]
    assert store.states()["so"].validators["https://so.example/rss"].etag == "e2"
