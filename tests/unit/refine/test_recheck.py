from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.model import Known, Validator
from aggregator.refine import recheck

NOW = datetime(2026, 10, 20, 2, tzinfo=UTC)
WINDOW = timedelta(days=7)
KNOWN = Known(
    "a1", "moh", "https://moh.gov.vn/1", "1", "Tên", "t", "l", Validator(), "live", NOW, NOW, NOW, NOW
)  # fmt: skip


@pytest.mark.parametrize(
    ("age", "wait"),
    [(timedelta(0), timedelta(hours=1)), (timedelta(hours=23), timedelta(hours=1)),
     (timedelta(hours=25), timedelta(hours=2)), (timedelta(days=6), timedelta(hours=2)),
     (timedelta(days=8), timedelta(days=1)), (timedelta(days=40), timedelta(days=7))],
)  # fmt: skip
def test_articles_are_looked_at_in_the_rhythm_of_the_law(age: timedelta, wait: timedelta) -> None:
    assert recheck.interval(age, WINDOW) == wait


def test_an_article_that_stands_is_live_again() -> None:
    check = recheck.alive("a1", NOW, NOW, WINDOW)
    assert (check.status, check.misses) == ("live", 0)


def test_three_404_within_45_minutes_suspend_and_one_does_not() -> None:
    known, now, statuses = KNOWN, NOW, []
    for _ in range(3):
        check = recheck.missing(known, now)
        statuses.append(check.status)
        assert check.next_check is not None
        now = min(check.next_check, now + timedelta(minutes=15))
        known = Known("a1", "moh", known.url, "1", "Tên", "t", "l", Validator(), check.status, NOW, NOW, NOW, now,
                      check.misses)  # fmt: skip
    assert statuses == ["live", "live", "suspended"]
    assert now - NOW <= timedelta(minutes=45)


def test_a_withdrawal_acts_at_once() -> None:
    assert recheck.withdrawn(KNOWN, NOW, "410").status == "withdrawn"


def test_many_withdrawals_at_once_are_held_until_a_second_look_agrees() -> None:
    held = recheck.withdrawn(KNOWN, NOW, "410", many=True)
    assert (held.status, held.misses) == ("live", 1)
    assert held.next_check is not None and held.next_check - NOW <= timedelta(minutes=45)
    again = recheck.withdrawn(replace(KNOWN, misses=1), NOW, "410", many=True)
    assert again.status == "withdrawn"


def test_a_page_that_could_not_be_read_decides_nothing() -> None:
    check = recheck.unreadable(KNOWN, NOW, WINDOW, "timeout")
    assert (check.status, check.misses) == ("live", 0)
