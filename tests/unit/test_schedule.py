from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator import schedule
from aggregator.errors import Cause
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
        state = schedule.failed(SOURCE, state, NOW, "timeout", "too slow")
        assert state.next_visit is not None
        waits.append((state.next_visit - NOW) / timedelta(minutes=1))
    assert waits == [15, 30, 60, 120, 240, 360, 360, 360]


def test_health_that_lasts_keeps_the_time_it_began() -> None:
    first = schedule.failed(SOURCE, STATE, NOW, "timeout", "")
    later = schedule.failed(SOURCE, first, NOW + timedelta(hours=1), "unreachable", "")
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
    assert schedule.failed(SOURCE, STATE, NOW, cause, "").health == health


def test_a_source_with_nothing_new_for_long_is_stale_not_faulty() -> None:
    state = schedule.succeeded(SOURCE, replace(STATE, newest=NOW - timedelta(days=4)), NOW, None)
    assert state.health == "stale" and "stale" not in schedule.FAULTY
