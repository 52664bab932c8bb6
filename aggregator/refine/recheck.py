"""When a known article is looked at again, and what the answer means for it. Pure.

The law asks that what the source takes down is down within three hours (NĐ 147/2024 Điều 28): hourly the first
day, every two hours while its lead or text is shown, then daily, then weekly.
"""

from datetime import datetime, timedelta

from aggregator.model import Check, Known, Status, Validator

FIRST_DAY = timedelta(hours=24)
HOURLY = timedelta(hours=1)
IN_WINDOW = timedelta(hours=2)
AFTER_WINDOW = timedelta(days=1)
MONTH = timedelta(days=30)
WEEKLY = timedelta(days=7)
MISS_AGAIN = timedelta(minutes=15)  # three checks within 45 minutes
MISSES_TO_SUSPEND = 3
MANY = 5  # withdrawals in one visit that are believed at once; a fault that answers "gone" to everything gives more


def interval(age: timedelta, window: timedelta) -> timedelta:
    """Time between two looks at an article published so long ago."""
    if age < FIRST_DAY:
        return HOURLY
    if age < window:
        return IN_WINDOW
    return AFTER_WINDOW if age < MONTH else WEEKLY


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
    return Check(known.id, now, next_check, known.status, known.misses, because)


def withdrawn(known: Known, now: datetime, because: str, many: bool = False) -> Check:
    """The source took it down: a 410 or a notice acts at once. Looked at weekly, in case it comes back.

    When `many` go in one visit it may be the source's fault: each is held until a second look agrees.
    """
    if many and known.status == "live" and known.misses == 0:
        return Check(known.id, now, now + MISS_AGAIN, "live", 1, f"chờ đối chiếu: {because}")
    return Check(known.id, now, now + WEEKLY, "withdrawn", known.misses, because)


def missing(known: Known, now: datetime) -> Check:
    """A 404: three in a row within 45 minutes suspend it; a single one may be the server's mood."""
    misses = known.misses + 1
    gone = misses >= MISSES_TO_SUSPEND
    status: Status = "suspended" if gone and known.status == "live" else known.status
    wait = HOURLY if gone else MISS_AGAIN
    return Check(known.id, now, now + wait, status, misses, f"404, {misses} lần liên tiếp")
