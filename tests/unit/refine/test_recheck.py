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
    step = recheck.STEP if age < WINDOW else timedelta(0)  # cron comes up to a step later
    assert recheck.interval(age, WINDOW) + step == wait


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


def test_an_article_for_which_there_is_no_room_is_looked_at_daily() -> None:
    assert recheck.window_of(replace(KNOWN, watch="cap"), WINDOW) == timedelta(0)
    assert recheck.interval(timedelta(hours=2), timedelta(0)) == timedelta(days=1)
    assert recheck.window_of(KNOWN, WINDOW) == recheck.window_of(None, WINDOW) == WINDOW


def test_a_suspended_article_is_withdrawn_after_a_day_of_404_and_not_before() -> None:
    known, looks = KNOWN, 0
    while known.status != "withdrawn":
        check = recheck.missing(known, NOW)
        known, looks = replace(known, status=check.status, misses=check.misses), looks + 1
    assert looks == 3 + 28
    assert recheck.missing(known, NOW).status == "withdrawn"


def test_what_a_host_in_doubt_says_counts_for_nothing() -> None:
    check = recheck.doubtful(replace(KNOWN, misses=2), NOW, "404")
    assert (check.status, check.misses, check.seen) == ("live", 2, False)


def test_what_is_asked_again_goes_first_then_what_is_shown() -> None:
    old = replace(KNOWN, id="old", published=NOW - timedelta(days=9))
    denied, capped = replace(KNOWN, id="denied", misses=1), replace(KNOWN, id="capped", watch="cap")
    assert [one.id for one in recheck.first((old, capped, KNOWN, denied), NOW, WINDOW, 3)] == ["denied", "a1", "old"]
