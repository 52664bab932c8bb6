"""Related stories in the real store: which they are, and that whoever names a story is work when it changes."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.model import NEAREST, Line
from aggregator.ports import Store
from tests.contract.test_store import STORES
from tests.fakes import NOON
from tests.make_store import HOUR, keep, shelved

IDS = "abcdefghijkl"


@pytest.fixture(params=sorted(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = STORES[request.param](tmp_path, lambda: NOON)
    keep(opened, *IDS)
    yield opened
    opened.close()


def line(id: str, hour: int = 0, title: str = "Bài") -> Line:
    return Line(id, "so", f"tin/{id}.html", title, "Nguồn", NOON + hour * HOUR, "minute")


def put(store: Store, id: str, hour: int, *shelves: str, title: str = "Bài", authority: int = 0) -> None:
    at = NOON + hour * HOUR
    on = ("all", *shelves)
    store.place([shelved(id, *on, at=at, authority=authority, lines=(line(id, hour, title),))], (), 1)


def work(store: Store) -> set[str]:
    """The stories that are work since the last time, whose pages are made anew."""
    keys = store.dirty()
    store.published({}, (), keys, {})
    return {key.removeprefix("story/") for key in keys if key.startswith("story/")}


def near(store: Store, id: str) -> dict[str, str]:
    """By shelf the ids of what is near the story."""
    return {shelf: "".join(one.article for one in told) for shelf, told in store.related([id]).get(id, {}).items()}


def test_the_nearest_older_stories_of_each_shelf_that_relates_are_told(store: Store) -> None:
    for hour, id in enumerate(IDS):
        topic = "topic/y" if id in "bd" else "topic/x"
        put(store, id, hour, topic, f"{topic}/2026-10", "source/so", "authority/byt", "urgent/x", "disease/soi")
    assert near(store, "h") == {"disease/soi": "gfedc", "topic/x": "gfeca"}
    assert near(store, "d") == {"disease/soi": "cba", "topic/y": "b"}
    assert near(store, "a") == {}
    assert store.related(["h", "none"])["h"]["topic/x"][0] == line("g", 6)
    assert set(store.related(["h", "none"])) == {"h"}


def test_of_stories_of_one_time_the_order_of_the_shelf_says_which_is_older(store: Store) -> None:
    for id, authority in (("a", 1), ("b", 5), ("c", 5), ("d", 9)):
        put(store, id, 0, "topic/x", authority=authority)
    assert store.shelf("topic/x", 9) == ("d", "b", "c", "a")
    assert [near(store, id) for id in "dbca"] == [{"topic/x": "abc"}, {"topic/x": "ac"}, {"topic/x": "a"}, {}]
    assert store.oldest_first(["d", "x", "c", "b", "a"]) == ("a", "c", "b", "d", "x")


def test_a_newer_story_is_no_work_for_older_ones_and_a_late_one_for_the_nearest_newer(store: Store) -> None:
    for hour, id in enumerate("abcdefgh"):
        put(store, id, 10 + hour, "topic/x")
    work(store)
    put(store, "i", 30, "topic/x")
    assert work(store) == {"i"}
    put(store, "j", 1, "topic/x")
    assert work(store) == {"j", *"abcde"} and NEAREST == 5


def test_what_becomes_of_a_story_is_work_for_those_that_name_it_and_for_no_others(store: Store) -> None:
    for hour, id in enumerate("abcdefgh"):
        put(store, id, hour, "topic/x", *(["place/ha-noi"] if id in "ah" else []))
    work(store)
    put(store, "a", 0, "topic/x", "place/ha-noi")
    assert work(store) == {"a"}  # nothing changed
    put(store, "a", 0, "topic/x", "place/ha-noi", title="Tên mới")
    assert work(store) == {"a", *"bcdef", "h"}
    put(store, "a", 0, "topic/x")
    assert work(store) == {"a", *"bcdef", "h"}  # h names it no more
    put(store, "a", 6, "topic/x")
    assert work(store) == {"a", *"bcdef", "h"}  # from where it stood to where it stands
    store.place([shelved("b")], ("c",), 1)
    assert work(store) == {"b", *"defga"}


TAGS = st.sets(st.sampled_from(["topic/x", "place/ha-noi", "disease/soi"]))
MOVES = st.lists(
    st.tuples(st.sampled_from(IDS), TAGS, st.integers(0, 5), st.integers(0, 1), st.sampled_from(["Bài", "Tên mới"])),
    min_size=4,
    max_size=25,
)


@settings(max_examples=40, deadline=timedelta(seconds=30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES, together=st.integers(1, 3))
def test_whatever_happens_each_story_whose_related_ones_changed_is_work(
    store: Store, moves: list[tuple[str, set[str], int, int, str]], together: int
) -> None:
    store.place([shelved(id) for id in IDS], (), 1)
    for start in range(0, len(moves), together):
        before = store.related(IDS)
        work(store)
        batch = {move[0]: move for move in moves[start : start + together]}
        placed = [
            shelved(id, *on, at=NOON + hour * HOUR, authority=rank, lines=(line(id, hour, title),) if on else ())
            for id, on, hour, rank, title in batch.values()
        ]
        store.place(placed, (), 1)
        after = store.related(IDS)
        assert {id for id in IDS if before.get(id) != after.get(id)} <= work(store)
