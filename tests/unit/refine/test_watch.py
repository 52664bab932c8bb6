from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.model import Known, Validator
from aggregator.refine import identity, recheck, watch
from tests import make

NOW = datetime(2026, 10, 20, 2, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def known(id: str, age: timedelta, **fields: object) -> Known:
    at = NOW - age
    plain = Known(id, "moh", f"https://moh.gov.vn/{id}", id, "Tên", "t", "l", Validator(), "live", at, at, at, NOW)
    return replace(plain, **{"alive_at": NOW, **fields})  # type: ignore[arg-type]


def changed(*shown: Known, room: float = 10_000) -> dict[str, str]:
    return dict(watch.watched(shown, room, NOW).changed)


def test_where_there_is_no_room_the_oldest_are_told_by_their_link() -> None:
    shown = [known("new", HOUR), known("mid", 2 * DAY), known("old", 3 * DAY)]
    assert changed(*shown, room=55) == {}  # 28.8 looks on the first day, 13.1 on each other
    assert changed(*shown, room=54) == {"old": "cap"}
    assert changed(*shown, room=29) == {"mid": "cap", "old": "cap"}


def test_at_the_border_of_the_cap_nothing_comes_and_goes() -> None:
    shown = [known("new", HOUR), known("old", 3 * DAY, watch="cap")]
    assert changed(*shown, room=42) == {}
    assert changed(*shown, room=53) == {"old": ""}


@pytest.mark.parametrize(
    ("beat", "lag", "a_day"),
    [(MINUTE, timedelta(0), 15_300), (10 * MINUTE, timedelta(0), 15_300), (10 * MINUTE, MINUTE / 12, 13_715)],
)
def test_a_thousand_articles_of_seven_days_cost_no_more_looks_a_day_than_is_said(
    beat: timedelta, lag: timedelta, a_day: int
) -> None:
    """By the service's clock, by cron's beat, and by cron where a look takes some seconds, as it does."""
    window, looks, age = 7 * DAY, 0, beat
    due = recheck.interval(timedelta(0), window)
    while age < window:
        if age >= due:
            looks, due = looks + 1, age + lag + recheck.interval(age + lag, window)
        age += beat
    assert a_day * 0.99 < 1_000 * looks / 7 <= a_day
    assert looks <= watch.FIRST_DAYS + 6 * watch.OTHER_DAYS  # the cap is shared out by no less


def test_one_that_gets_room_again_is_shown_when_it_was_seen_again() -> None:
    back = known("old", 3 * DAY, watch="cap", alive_at=NOW - 20 * HOUR, next_check=NOW + 4 * HOUR)
    made = watch.watched([back], 100, NOW)
    assert (made.changed, made.again) == ({"old": "late"}, ("old",))
    assert changed(replace(back, watch="late", alive_at=NOW)) == {"old": ""}


def test_what_was_not_seen_for_almost_three_hours_is_told_by_its_link() -> None:
    assert changed(known("a", DAY, alive_at=NOW - watch.LATE)) == {}
    assert changed(known("a", DAY, alive_at=NOW - watch.LATE - timedelta(seconds=1))) == {"a": "late"}
    assert watch.LATE < watch.PROMISE


def test_a_clock_that_was_ahead_puts_no_check_off() -> None:
    ahead = known("a", DAY, alive_at=NOW + 300 * DAY, next_check=NOW + 300 * DAY)
    made = watch.watched([ahead], 100, NOW)
    assert (made.changed, made.again) == ({"a": "late"}, ("a",))


def test_a_text_that_comes_and_goes_makes_no_flood_of_revisions() -> None:
    one, other = make.article(text="Một."), make.article(text="Hai.")
    before = replace(known("a", HOUR), text_digest=one.text_digest)
    back = identity.verdict(other, before)
    lately = (one.text_digest, other.text_digest, one.text_digest)
    assert watch.flapping(back, before, lately[:2])[0].outcome == "revised"
    told, state = watch.flapping(back, before, lately)
    assert (told.outcome, state, told.validator) == ("unchanged", "flapping", Validator())
    third = identity.verdict(make.article(text="Ba."), before)
    assert watch.flapping(third, before, lately)[0].outcome == "revised"  # a text never seen before is a correction


def test_one_that_flapped_is_shown_again_after_a_day_of_one_text() -> None:
    one = make.article(text="Một.")
    before = replace(known("a", HOUR), text_digest=one.text_digest, watch="flapping")
    same = identity.verdict(one, before)
    assert watch.flapping(same, before, ("1", "2", "3")) == (same, "flapping")
    assert watch.flapping(same, before, ("3",)) == (same, "")
    assert changed(before) == {}
