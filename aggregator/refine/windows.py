"""Stretches of time that a text names: "từ 7h30 đến 9h ngày 18/7", "tối 20/7", "từ ngày 01/7 đến nay". Pure."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import chain, pairwise

from aggregator.refine.matching import MARKED
from aggregator.refine.timewords import (
    AFTERNOON,
    DAYS,
    DAYS_ON,
    DEADLINES,
    GAP,
    JOINS,
    LISTED,
    LISTING,
    MONTHS,
    NAMED_MONTH,
    PARTS,
    QUARTERS,
    TIMES,
    TOKEN,
    WEEKDAYS,
    restored,
)  # fmt: skip

__all__ = ["DEADLINES", "LAST", "LOCAL", "Window", "restored", "windows"]

LOCAL = timezone(timedelta(hours=7))
LAST = timedelta(seconds=1)  # a day ends at 23:59:59: its last moment is still that day


@dataclass(frozen=True, slots=True)
class Window:
    """The words at [start, end) of a text, and the time they name, in UTC: from `since` to `until`, both included.

    None is an end that is not named. `to`: the word before the end ("đến", "trước", ...), "" where there is none.
    """

    start: int
    end: int
    since: datetime | None
    until: datetime | None
    to: str


@dataclass(slots=True)
class _Moment:
    clock: time | None = None
    midnight: bool = False  # 24 giờ
    part: str = ""
    day: date | None = None
    number: int = 0  # a day whose month stands elsewhere
    first: date | None = None  # of several days
    now: bool = False


def windows(plain: str, start: int, end: int, today: date) -> Iterator[Window]:
    """The windows within [start, end) of lower-case NFC text, in order. A day without a year is the one nearest today.

    A bare number, hour or part of a day is none without a day. "Cùng ngày" is the day named before it, else today.
    Of a list of days ("ngày 8, 9/5") each makes a window, all at the same words.
    """
    if MARKED.search(plain, start, end) is None:
        plain = f"{plain[:start]}{restored(plain[start:end])}{plain[end:]}"
    run: list[re.Match[str]] = []
    same = today
    for match in chain(TOKEN.finditer(plain, start, end), (None,)):
        if run and (match is None or not _belongs(plain, run, match)):
            for one in _window(plain, run, same, today):
                named = one.until or one.since
                same = named.astimezone(LOCAL).date() if named is not None else same
                yield one
            run = []
        if match is not None:
            run.append(match)


def _belongs(plain: str, run: list[re.Match[str]], match: re.Match[str]) -> bool:
    last = run[-1]
    gap = plain[last.end() : match.start()]
    if not GAP.fullmatch(gap):
        return False
    if JOINS.search(gap):
        return last.lastgroup == "day" and match.lastgroup in ("day", *DAYS)
    whole = any(one.lastgroup in DAYS for one in run) and any(one.lastgroup in TIMES for one in run)
    return not (whole and "," in gap and match.lastgroup in (*TIMES, "since") and last.lastgroup in DAYS)


def _window(plain: str, run: list[re.Match[str]], same: date, today: date) -> Iterator[Window]:
    while run and (run[0].lastgroup in ("dash", "day", "now", "part") and not _holds(run)):
        run = run[1:]
    if not _holds(run):
        return
    while run[0].lastgroup in ("dash", "day") and not _continues(run):
        run = run[1:]
    while run[-1].lastgroup in ("dash", "to", "since", "day") and run[-1].lastgroup not in DAYS:
        run = run[:-1]
    splits = [at for at, one in enumerate(run) if one.lastgroup in ("to", "dash")]
    at = splits[-1] if splits else len(run)
    to = run[at][0] if splits else ""
    since = any(one.lastgroup == "since" for one in run)
    for listed in _each_day(plain, run, today):
        first, last = _moment(listed[:at], same, today), _moment(listed[at + 1 :], same, today)
        _behind_noon(first, last)
        ends = _ends(first, last, to, since, today)
        if ends is not None:
            yield Window(run[0].start(), run[-1].end(), *ends, to)


def _each_day(plain: str, run: list[re.Match[str]], today: date) -> Iterator[Sequence[re.Match[str] | date | None]]:
    """The run once for each day of a list of days, the other days left out; as it is where it lists none."""
    days = [at for at, one in enumerate(run) if one.lastgroup in LISTED]
    gaps = [plain[one.end() : other.start()] for one, other in pairwise(run[days[0] : days[-1] + 1] if days else [])]
    last = _date(run[days[-1]][0], today) if days and run[days[-1]].lastgroup != "day" else None
    listed = len(days) == len(gaps) + 1 and len(days) > 1 and all(LISTING.search(gap) for gap in gaps)
    if last is None or not listed or not all(run[at].lastgroup in LISTED for at in range(days[0], days[-1])):
        yield run
        return
    for kept in days:
        told = run[kept][0]
        day = _same_month(int(told), last) if run[kept].lastgroup == "day" else _date(told, today)
        yield [day if at == kept else None if at in days else one for at, one in enumerate(run)]


def _holds(run: list[re.Match[str]]) -> bool:
    return any(one.lastgroup in DAYS for one in run)


def _continues(run: list[re.Match[str]]) -> bool:
    """Whether a number at the head is a day: "18, 19/7", "18 - 20/7"."""
    return run[0].lastgroup == "day" and len(run) > 1 and run[1].lastgroup in ("day", "dash", "to", *DAYS)


def _moment(run: Sequence[re.Match[str] | date | None], same: date, today: date) -> _Moment:
    said = _Moment()
    for one in run:
        if one is None or isinstance(one, date):
            said.day = one or said.day
            continue
        kind = one.lastgroup
        if kind == "same":
            said.day = same
        elif kind in ("date", "long"):
            before, said.day = said.day, _date(one[0], today)
            said.first = said.first or before
        elif kind == "last":
            said.day = _last(one[0], today)
        elif kind == "weekday":
            said.day = said.day or _weekday(one[0], today)
        elif kind == "ofmonth":
            said.day = _of_month(one[0], today)
        elif kind == "on":
            said.day = today + timedelta(days=DAYS_ON[one[0]])
        elif kind == "clock":
            said.midnight = re.match(r"24(?!\d)", one[0]) is not None
            said.clock = said.clock if said.clock is not None and said.day is None else _clock(one[0])
        elif kind == "part":
            said.part = said.part or one[0]
        elif kind == "day":
            said.number = said.number or int(one[0])
        elif kind == "now":
            said.now = True
    if said.number and said.day:
        said.first = said.first or _same_month(said.number, said.day)
    return said


def _behind_noon(first: _Moment, last: _Moment) -> None:
    """Moves the hours that a part of the day moves: "từ 4h đến 5h30 chiều" is 16:00 to 17:30."""
    both = first.clock is not None and last.clock is not None and not first.part and first.clock <= last.clock
    for one in (last, first):
        part = one.part or (last.part if both else "")
        if one.clock is not None and one.clock.hour in AFTERNOON.get(part, ()):
            one.clock = one.clock.replace(hour=one.clock.hour + 12)


def _ends(
    first: _Moment, last: _Moment, to: str, since: bool, today: date
) -> tuple[datetime | None, datetime | None] | None:
    """Both ends, what one leaves out taken from the other; None when no day is named."""
    if not to:
        if first.day is None:
            return None
        begins = _begin(first, first.first or first.day)
        return begins, None if since else _end(first, first.day)
    if last.now:
        return (_begin(first, first.first or first.day), None) if first.day else None
    day = last.day or first.day
    if day is None:
        return None
    until = _before(last, day) if to == "trước" else _end(last, day)
    if not (first.day or first.number or first.clock or first.part):
        return None, until
    opening = first.first or first.day or (_same_month(first.number, day) if first.number else None) or day
    begins = _begin(first, opening)
    if None in (first.day, last.day) and until < begins:
        until += timedelta(days=1)  # 22h - 2h
    return begins, until


def _begin(moment: _Moment, day: date) -> datetime:
    hour = moment.clock or (time(PARTS[moment.part][0]) if moment.part else time(0))
    return _at(day, hour) + (timedelta(days=1) if moment.midnight else timedelta(0))


def _end(moment: _Moment, day: date) -> datetime:
    if moment.midnight:
        return _at(day, time(0)) + timedelta(days=1) - LAST
    if moment.clock is not None:
        return _at(day, moment.clock)
    hours = PARTS[moment.part][1] if moment.part else 24
    return _at(day, time(0)) + timedelta(hours=hours) - (LAST if hours == 24 else timedelta(0))


def _before(moment: _Moment, day: date) -> datetime:
    return _end(moment, day) if moment.clock is not None or moment.midnight else _at(day, time(0)) - LAST


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, LOCAL).astimezone(UTC)


def _clock(words: str) -> time:
    hour, *minute = (int(part) for part in re.findall(r"\d+", words))
    return time(hour % 24, minute[0] if minute else 0)


def _date(words: str, today: date) -> date | None:
    day, month, *year = _numbers(words)
    found = []
    for one in year or (today.year - 1, today.year, today.year + 1):
        with suppress(ValueError):
            found.append(date(one, month, day))
    return min(found, key=lambda one: abs((one - today).days), default=None)


def _numbers(words: str) -> list[int]:
    """The numbers in order, a month told by its name with them."""
    told = NAMED_MONTH.sub(lambda match: f"tháng {MONTHS[match[1]]}", words)
    return [int(number) for number in re.findall(r"\d+", told)]


def _last(words: str, today: date) -> date:
    """The last day of the month, quarter, year or week that the words name."""
    numbers = _numbers(words)
    if "tuần" in words:
        return today + timedelta(days=6 - today.weekday() + (7 if "sau" in words else 0))
    if "năm" in words and "tháng" not in words and "quý" not in words:
        return date(numbers[0] if numbers else today.year, 12, 31)
    if found := re.search(r"quý\s+(\w+)", words):
        month, years = QUARTERS[found[1]], [number for number in numbers if number > 12]
    else:
        month, years = (numbers[0] if numbers else today.month), numbers[1:]
    year = years[0] if years else today.year + (1 if today.month - month > 6 else 0)
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _weekday(words: str, today: date) -> date:
    """The next such day, today included; of this or the next week where the words say so. A week begins on Monday."""
    name = words.split()[1]
    number = int(name) - 2 if name.isdigit() else WEEKDAYS.index(name)
    if "tuần" in words:
        return today + timedelta(days=number - today.weekday() + (0 if words.endswith("này") else 7))
    return today + timedelta(days=(number - today.weekday()) % 7)


def _of_month(words: str, today: date) -> date | None:
    """That day of this month, or of the next one."""
    begins = today.replace(day=1)
    if not words.endswith("này"):
        begins = (begins + timedelta(days=32)).replace(day=1)
    with suppress(ValueError):
        return begins.replace(day=_numbers(words)[0])
    return None


def _same_month(number: int, day: date) -> date | None:
    """That day of the month of `day`, or of the month before where it would come later."""
    with suppress(ValueError):
        found = day.replace(day=number)
        if found <= day:
            return found
        return (day.replace(day=1) - timedelta(days=1)).replace(day=number)
    return None
