"""When a known article is looked at again, and what the answer means for it. Pure.

The law asks that what the source takes down is down within three hours (NĐ 147/2024 Điều 28): hourly the first
day, every two hours while its lead or text is shown, then daily, then weekly.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from aggregator.model import Check, Known, Status, Validator

STEP = timedelta(minutes=10)  # cron's: what is due in a moment is looked at by so much later
FIRST_DAY = timedelta(hours=24)
HOURLY = timedelta(hours=1) - STEP
IN_WINDOW = timedelta(hours=2) - STEP
AFTER_WINDOW = timedelta(days=1)
MONTH = timedelta(days=30)
WEEKLY = timedelta(days=7)
LONGEST = WEEKLY + AFTER_WINDOW  # a check that lies further ahead was set by a clock that was wrong
MISS_AGAIN = timedelta(minutes=15)  # three checks within 45 minutes
IN_DOUBT = timedelta(minutes=30)  # while a host denies everything
MISSES_TO_SUSPEND = 3
MISSES_TO_WITHDRAW = MISSES_TO_SUSPEND + 28  # hourly looks, at least 50 minutes apart: flaps of hours are back
MANY = 5  # withdrawals in one visit that are believed at once; a fault that answers "gone" to everything gives more
NOTHING = timedelta(0)


def interval(age: timedelta, window: timedelta) -> timedelta:
    """Time between two looks at an article published so long ago."""
    if age < window:
        return HOURLY if age < FIRST_DAY else IN_WINDOW
    return AFTER_WINDOW if age < MONTH else WEEKLY


def window_of(known: Known | None, window: timedelta) -> timedelta:
    """How long the article is looked at often: not at all where the cap leaves no room for it."""
    return NOTHING if known is not None and known.watch == "cap" else window


def first(due: Sequence[Known], now: datetime, window: timedelta, most: int) -> tuple[Known, ...]:
    """Of the due articles at most so many: those that are being asked again, those that are shown, then the rest."""

    def rank(known: Known) -> int:
        if known.misses and known.status == "live":
            return 0
        return 1 if now - known.published < window_of(known, window) else 2

    return tuple(sorted(due, key=rank)[:most])


def alive(
    article: str,
    published: datetime,
    now: datetime,
    window: timedelta,
    validator: Validator | None = None,
    lead_digest: str | None = None,
) -> Check:
    """The article stands at its source; None for the validator or lead digest keeps what is stored."""
    next_check = now + interval(now - published, window)
    return Check(article, now, next_check, validator=validator, lead_digest=lead_digest)


def unreadable(known: Known, now: datetime, window: timedelta, because: str) -> Check:
    """The page could not be read this time: nothing is decided, it is looked at again in its rhythm."""
    next_check = now + interval(now - known.published, window)
    return Check(known.id, now, next_check, known.status, known.misses, because, seen=False)


def doubtful(known: Known, now: datetime, because: str) -> Check:
    """It is denied, and so is all else that was asked of its source: nothing is decided, nothing counted."""
    return Check(known.id, now, now + IN_DOUBT, known.status, known.misses, because, seen=False)


def withdrawn(known: Known, now: datetime, because: str, many: bool = False) -> Check:
    """The source took it down: a 410 or a notice acts at once. Looked at daily, then weekly, in case it comes back.

    When `many` go in one visit it may be the source's fault: each is held until a second look agrees.
    """
    if many and known.status == "live" and known.misses == 0:
        return Check(known.id, now, now + MISS_AGAIN, "live", 1, f"chờ đối chiếu: {because}", seen=False)
    return Check(known.id, now, now + interval(now - known.published, NOTHING), "withdrawn", known.misses, because)


def missing(known: Known, now: datetime, because: str = "404") -> Check:
    """A 404: three in a row within 45 minutes suspend it, a day of them is a withdrawal; one may be a mood."""
    misses = known.misses + 1
    told = f"{because}, {misses} lần liên tiếp"
    if known.status == "withdrawn" or (known.status == "suspended" and misses >= MISSES_TO_WITHDRAW):
        return withdrawn(known, now, told)
    gone = misses >= MISSES_TO_SUSPEND
    status: Status = "suspended" if gone and known.status == "live" else known.status
    wait = HOURLY if gone else MISS_AGAIN
    return Check(known.id, now, now + wait, status, misses, told, seen=False)


def is_held(check: Check) -> bool:
    """Whether the source denies the article, which stands here until further looks agree."""
    return check.status == "live" and check.misses > 0 and not check.seen
