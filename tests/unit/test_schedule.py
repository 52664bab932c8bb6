from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator import schedule
from aggregator.errors import Cause, SourceError
from aggregator.model import SourceState
from tests import make

NOW = datetime(2026, 10, 20, 2, tzinfo=UTC)
SOURCE = make.source("moh", every=timedelta(minutes=15), stale_after=timedelta(days=3))
STATE = SourceState("moh")


def test_a_source_never_visited_is_due() -> None:
    assert schedule.due([SOURCE], {}, NOW) == (SOURCE,)


def test_a_source_is_due_again_after_its_interval_and_not_before() -> None:
    state = schedule.succeeded(SOURCE, STATE, NOW, NOW)
    assert schedule.due([SOURCE], {"moh": state}, NOW + timedelta(minutes=10)) == ()
    assert schedule.due([SOURCE], {"moh": state}, NOW + timedelta(minutes=15)) == (SOURCE,)


def test_force_visits_what_is_not_due_but_never_what_is_switched_off() -> None:
    off = make.source("b", enabled=False)
    state = schedule.succeeded(SOURCE, STATE, NOW, NOW)
    assert schedule.due([SOURCE, off], {"moh": state}, NOW, force=True) == (SOURCE,)


def test_only_narrows_to_the_sources_named() -> None:
    assert schedule.due([SOURCE, make.source("b")], {}, NOW, only=["b"]) == (make.source("b"),)


def test_a_clock_that_went_back_does_not_silence_a_source() -> None:
    state = schedule.succeeded(SOURCE, STATE, NOW + timedelta(days=400), NOW)
    assert schedule.due([SOURCE], {"moh": state}, NOW) == (SOURCE,)


def test_a_failing_source_is_visited_less_and_less_often_up_to_six_hours() -> None:
    state, waits = STATE, []
    for _ in range(8):
        state = schedule.failed(SOURCE, state, NOW, SourceError("timeout", "too slow"))
        assert state.next_visit is not None
        waits.append((state.next_visit - NOW) / timedelta(minutes=1))
    assert waits == [15, 30, 60, 120, 240, 360, 360, 360]


def test_health_that_lasts_keeps_the_time_it_began() -> None:
    first = schedule.failed(SOURCE, STATE, NOW, SourceError("timeout", ""))
    later = schedule.failed(SOURCE, first, NOW + timedelta(hours=1), SourceError("unreachable", ""))
    well = schedule.succeeded(SOURCE, later, NOW + timedelta(hours=2), None)
    assert (first.since, later.since, well.since) == (NOW, NOW, NOW + timedelta(hours=2))
    assert well.failures == 0 and well.cause == ""


@pytest.mark.parametrize(
    ("cause", "health"),
    [("blocked", "blocked"), ("login", "blocked"), ("robots", "blocked"), ("drifted", "drifted"),
     ("not-a-feed", "drifted"), ("empty", "drifted"), ("timeout", "broken"), ("certificate", "broken"),
     ("server-error", "broken"), ("gone", "broken"), ("moved", "broken")],
)  # fmt: skip
def test_each_cause_has_its_health(cause: Cause, health: str) -> None:
    assert schedule.failed(SOURCE, STATE, NOW, SourceError(cause, "")).health == health


def test_a_source_with_nothing_new_for_long_is_stale_not_faulty() -> None:
    state = schedule.succeeded(SOURCE, replace(STATE, newest=NOW - timedelta(days=4)), NOW, None)
    assert state.health == "stale" and "stale" not in schedule.FAULTY


def waited(state: SourceState) -> timedelta:
    assert state.next_visit is not None
    return state.next_visit - NOW


def test_chance_shortens_a_longer_wait_by_a_fifth_at_most_and_never_below_every() -> None:
    down = SourceError("timeout", "")
    first = schedule.failed(SOURCE, STATE, NOW, down, chance=1.0)
    long = schedule.failed(SOURCE, replace(STATE, failures=9), NOW, down, chance=1.0)
    assert (waited(first), waited(long)) == (timedelta(minutes=15), timedelta(hours=4.8))


def test_a_server_that_asks_to_be_left_alone_is() -> None:
    busy = SourceError("blocked", "429")
    busy.wait_s = 7200.0
    assert waited(schedule.failed(SOURCE, STATE, NOW, busy)) == timedelta(hours=2)
    busy.wait_s = 5.0
    assert waited(schedule.failed(SOURCE, STATE, NOW, busy)) == timedelta(minutes=15)


def test_one_dead_section_does_not_make_the_others_wait() -> None:
    state = replace(STATE, failures=9)
    failed = schedule.failed(SOURCE, state, NOW, SourceError("gone", "404"), partly=True)
    assert (waited(failed), failed.health) == (timedelta(minutes=15), "broken")


ADAPTS = make.source("moh", every=timedelta(minutes=15), at_most=timedelta(hours=3))


def spaced(hours: float, count: int = 20, quiet: float = 0.0) -> list[datetime]:
    """Times of articles, one every so many hours, the newest `quiet` hours ago."""
    return [NOW - timedelta(hours=quiet + hours * number) for number in range(count)]


@pytest.mark.parametrize(
    ("published", "minutes"),
    [
        ([], 15),
        (spaced(0.5), 15),  # busy: the shortest
        (spaced(4), 60),  # a quarter of the usual gap
        (spaced(24), 180),  # seldom: the longest
        (spaced(1, quiet=15), 90),  # silent for longer than usual: a tenth of the silence
        (spaced(1, quiet=900), 180),
        (spaced(0, count=1, quiet=20), 120),  # one article is all that is known
        ([NOW + timedelta(days=1), *spaced(4)], 60),  # a time in the future tells nothing
        (list(reversed(spaced(4))) * 2, 60),
    ],
)
def test_the_interval_follows_how_often_the_source_publishes(published: list[datetime], minutes: int) -> None:
    assert schedule.interval(ADAPTS, published, NOW) == timedelta(minutes=minutes)


@pytest.mark.parametrize("published", [[], spaced(0.1), spaced(400)])
def test_without_a_longest_time_the_interval_is_always_the_same(published: list[datetime]) -> None:
    assert schedule.interval(SOURCE, published, NOW) == SOURCE.every


@pytest.mark.parametrize(("cause", "waits"), [("timeout", True), ("blocked", True), ("gone", False), ("", False)])
def test_a_host_that_did_not_answer_is_left_alone_until_its_next_visit(cause: str, waits: bool) -> None:
    state = replace(STATE, cause=cause, next_visit=NOW + timedelta(minutes=5))
    assert schedule.waits(state, NOW) is waits
    assert not schedule.waits(state, NOW + timedelta(minutes=5))


def test_a_good_visit_closes_the_circuit() -> None:
    state = replace(STATE, failures=9, health="broken", cause="timeout")
    well = schedule.succeeded(SOURCE, state, NOW, NOW)
    assert (waited(well), well.failures, well.health) == (SOURCE.every, 0, "ok")
