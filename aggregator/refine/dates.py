"""When an article says it was published: from the text as printed to UTC. The shapes are those of sources.md §5."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from aggregator.model import Precision
from aggregator.refine.sanitise import line
from aggregator.text import fold

LOCAL = timezone(timedelta(hours=7))  # Viet Nam has known no summer time since 1975
AHEAD = timedelta(minutes=5)  # clocks differ by so much; what lies further ahead is no publication time
REACH = 60  # a date that starts later than this stands in a sentence, not in a date line
YEARS = range(1990, 2101)  # 01/01/0001 and 31/12/9999 are a CMS saying "none"

_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{4})")
_SHORT = re.compile(
    r"(?<![\d/.-])(\d{1,2})(/)(\d{1,2})/(\d{2})(?=[\s,]+\d{1,2}:\d{2})"
)  # Java's short form: Liferay 6.2
_ISO = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:(?=t\d)t)?")
_WORDS = re.compile(
    r"(?<!\d)(\d{1,2})\s*(?:thang|thg|th(?=\d))\.?\s*"
    r"(\d{1,2}|gieng|mot|hai|ba|tu|nam|sau|bay|tam|chin|muoi mot|muoi hai|muoi|chap)(?:\s*,)?\s*(?:nam\s*)?(\d{4})"
)
_MONTH_FIRST = re.compile(  # WordPress in Vietnamese with "F j, Y": Th11 3, 2026
    r"(?<![a-z])(?:thang|th)\s?(\d{1,2}|gieng|mot|hai|ba|tu|nam|sau|bay|tam|chin|muoi mot|muoi hai|muoi|chap)"
    r"\s+(\d{1,2})\s*,\s*(\d{4})"
)
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_ENGLISH = re.compile(rf"(?<!\d)(\d{{1,2}})[\s-]+{_MONTH}[\s,-]+(\d{{4}}|\d{{2}}(?=\s+\d{{1,2}}:))")
_ASCTIME = re.compile(  # Sun Jul 15 01:16:00 +0000 2012: the year after the clock
    rf"(?<![a-z]){_MONTH}\s+(\d{{1,2}})\s+(\d{{1,2}}:\d{{2}}(?::\d{{2}})?)(\s+(?:[+-]\d{{4}}|[a-z]{{1,5}}))?\s+(\d{{4}})\b"
)
_AMERICAN = re.compile(rf"(?<![a-z]){_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(\d{{4}})")

_CLOCK = (
    r"(?<!\d)(?:(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?"
    r"|(\d{1,2})\s*(?:h|gio|g)(?:\s?(\d{2})(?![\d/.-]|\s*thang)|\s*(\d{1,2})(?=\s*phut))?(?:\s*phut)?(?![a-z]))"
    r"(?:\s*(am|pm|a\.m|p\.m|sa|ch|sang|chieu|toi)\b\.?)?"
)
_JOIN = r"[\s,;|·•()–—-]*"
_AFTER = re.compile(rf"(?:[\s,;|–—-]|luc\b|vao\b|at\b)*{_CLOCK}")
_BEFORE = re.compile(rf"{_CLOCK}{_JOIN}(?:(?:thu\s+\w+|chu\s+nhat){_JOIN})?(?:ngay\s*)?$")
_ZONE = re.compile(
    r"\s*\(?(?:(?:gmt|utc)\s?([+-])\s?(\d{1,2})(?::?(\d{2}))?|([+-])(\d{2}):?(\d{2})(?!\d)"
    r"|(z|ut|(?:etc/)?(?:utc|gmt)|ict|et|ct|mt|pt|ast|adt|est|edt|cst|cdt|mst|mdt|pst|pdt|met|mest|cet|cest|jst)(?![a-z]))"
)

_OWN_ZONE = re.compile(r"(?<=\d)\s*\((?:gmt|utc)\s?\+\s?0?7(?::?00)?\)(?=[\s,|-]*\d{1,2}[:h])")  # before the clock

_PREFIX = r"\W*(?:(?:ngay dang|dang|cap nhat|cach day|khoang|luc|posted|updated)\b\W*)*"
_NOW = re.compile(_PREFIX + r"(?:vua xong|vua dang|vua moi|vua cap nhat|moi day|moi dang|just now)\b")
_AGO = re.compile(
    _PREFIX + r"(\d{1,3}|mot|an?)\s*(giay|phut|gio|tieng|ngay|tuan|thang|nam"
    r"|second|minute|min|hour|day|week|month|year)s?\s+(?:truoc|ago)\b"
)
_DAY = re.compile(_PREFIX + rf"(?:{_CLOCK}{_JOIN})?(hom nay|hom qua|hom kia|today|yesterday)\b")

_DAYS_BACK = {"hom nay": 0, "today": 0, "hom qua": 1, "yesterday": 1, "hom kia": 2}
_UNIT_S = {
    **dict.fromkeys(("giay", "second"), 1),
    **dict.fromkeys(("phut", "minute", "min"), 60),
    **dict.fromkeys(("gio", "tieng", "hour"), 3600),
    **dict.fromkeys(("ngay", "day"), 86_400),
    **dict.fromkeys(("tuan", "week"), 7 * 86_400),
    **dict.fromkeys(("thang", "month"), 30 * 86_400),
    **dict.fromkeys(("nam", "year"), 365 * 86_400),
}
_MONTHS = {
    name: number
    for names in (
        ("gieng", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi", "muoi mot", "chap"),
        ("mot", "", "", "", "", "", "", "", "", "", "", "muoi hai"),
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    )
    for number, name in enumerate(names, start=1)
    if name
}
_ZONES = {
    "ict": 7,
    "jst": 9,
    "met": 1,
    "mest": 2,
    "cet": 1,
    "cest": 2,
    "et": -5,
    "ct": -6,
    "mt": -7,
    "pt": -8,
    "ast": -4,
    "adt": -3,
    "est": -5,
    "edt": -4,
    "cst": -6,
    "cdt": -5,
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
}

# Site codes of VCCorp article ids (sources.md §2): suckhoedoisong, giadinh.suckhoedoisong, soyte.hanoi, baochinhphu,
# xaydungchinhsach, vpcp, hanoi.gov.vn; then yyMMddHHmmss, then milliseconds that are not padded.
_VCCORP = re.compile(r"(?:169|172|2849|102|119|115|4)(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})\d{1,3}")


@dataclass(frozen=True, slots=True)
class When:
    """A moment in UTC and how exact it is; a moment of precision `day` is 00:00 in Viet Nam."""

    at: datetime
    precision: Precision


def parse(printed: str, *, day_first: bool, fetched_at: datetime) -> When | None:
    """The time that a date line gives, None when it holds no possible date near its start.

    A time without a zone is UTC+7. `day_first` alone decides what 10/5/2026 is: 25/10 is never read as 10/25.
    `2 giờ trước` counts from `fetched_at` and is "guessed"; a time after `fetched_at` is clamped to it and "guessed".
    """
    text = _ASCTIME.sub(r"\2 \1 \5 \3\4", fold(line(printed)))
    text = _OWN_ZONE.sub(" ", text)
    when = _relative(text, fetched_at) or _absolute(text, day_first)
    if when is not None and when.at > fetched_at + AHEAD:
        return When(fetched_at, "guessed")
    return when


def from_vccorp_id(ref: str) -> datetime | None:
    """The time (UTC) inside an article id of a VCCorp site, None for ids without one (sources.md §2)."""
    match = _VCCORP.fullmatch(ref)
    if match is None:
        return None
    year, *rest = (int(part) for part in match.groups())
    try:
        return datetime(2000 + year, *rest, tzinfo=LOCAL).astimezone(UTC)  # type: ignore[arg-type,misc]
    except ValueError:
        return None


def _relative(text: str, fetched_at: datetime) -> When | None:
    if _NOW.match(text):
        return When(fetched_at, "guessed")
    if (match := _AGO.match(text)) is not None:
        return _ago(match[1], match[2], fetched_at)
    if (match := _DAY.match(text)) is not None:
        day = fetched_at.astimezone(LOCAL).date() - timedelta(days=_DAYS_BACK[match[8]])
        return _joined(day, match if match[1] or match[4] else _AFTER.match(text, match.end()), LOCAL)
    return None


def _ago(count: str, unit: str, fetched_at: datetime) -> When:
    seconds = _UNIT_S[unit] * (int(count) if count.isdecimal() else 1)
    at = fetched_at - timedelta(seconds=seconds)
    if _UNIT_S[unit] == 86_400:
        return _joined(at.astimezone(LOCAL).date(), None, LOCAL)
    return When(at.replace(second=0, microsecond=0), "guessed")


def _absolute(text: str, day_first: bool) -> When | None:
    found = [(match.start(), match, read) for shape, read in SHAPES if (match := shape.search(text))]
    if not found:
        return _by_dateparser(text, day_first)
    start, match, read = min(found, key=lambda one: one[0])
    day = _date(*read(match, day_first)) if start <= REACH else None
    if day is None:
        return None
    after = _AFTER.match(text, match.end())
    return _joined(day, after or _BEFORE.search(text[:start]), _zone(text, after.end()) if after else LOCAL)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _numeric(match: re.Match[str], day_first: bool) -> tuple[int, int, int]:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    return (year, second, first) if day_first else (year, first, second)


def _iso(match: re.Match[str], _day_first: bool) -> tuple[int, int, int]:
    return int(match[1]), int(match[3]), int(match[4])


def _words(match: re.Match[str], _day_first: bool) -> tuple[int, int, int]:
    return int(match[3]), int(match[2]) if match[2].isdecimal() else _MONTHS[match[2]], int(match[1])


def _short(match: re.Match[str], day_first: bool) -> tuple[int, int, int]:
    year, month, day = _numeric(match, day_first)
    return 2000 + year, month, day


def _month_first(match: re.Match[str], _day_first: bool) -> tuple[int, int, int]:
    return int(match[3]), int(match[1]) if match[1].isdecimal() else _MONTHS[match[1]], int(match[2])


def _english(match: re.Match[str], _day_first: bool) -> tuple[int, int, int]:
    year = int(match[3])
    return year if year > 99 else 2000 + year, _MONTHS[match[2]], int(match[1])


def _american(match: re.Match[str], _day_first: bool) -> tuple[int, int, int]:
    return int(match[3]), _MONTHS[match[1]], int(match[2])


def _joined(day: date, clock: re.Match[str] | None, zone: tzinfo) -> When:
    at = _time(clock) if clock else None
    # 12:00 AM often means that only a date was set (sources.md §5); so does 00:00.
    only_date = at is None or (zone == LOCAL and at == time(0))
    return When(datetime.combine(day, at or time(0), zone).astimezone(UTC), "day" if only_date else "minute")


def _time(clock: re.Match[str]) -> time | None:
    hour, minute = int(clock[1] or clock[4]), int(clock[2] or clock[5] or clock[6] or 0)
    half = (clock[7] or "")[:2]
    if half in {"pm", "p.", "ch", "to"} and hour < 12:
        hour += 12
    elif half in {"am", "a.", "sa"} and hour == 12:
        hour = 0
    try:
        return time(hour, minute, int(clock[3] or 0))
    except ValueError:
        return None


def _zone(text: str, start: int) -> tzinfo:
    match = _ZONE.match(text, start)
    if match is None:
        return LOCAL
    if match[7]:
        return timezone(timedelta(hours=_ZONES.get(match[7], 0)))
    hours, minutes = int(match[2] or match[5]), int(match[3] or match[6] or 0)
    if hours > 14 or minutes > 59:
        return LOCAL
    return timezone((1 if (match[1] or match[4]) == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def _by_dateparser(text: str, day_first: bool) -> When | None:
    """Last resort, for short texts with a month in words and none of the words that dateparser misreads in silence."""
    if len(text) > REACH or not re.search(r"\bthang\b.*\d{4}", text) or re.search(r"\b(?:luc|gio|[ap]m|sa|ch)\b", text):
        return None
    import dateparser  # late: it costs 0.2 s to import

    settings = {
        "STRICT_PARSING": True,
        "PARSERS": ["absolute-time"],
        "DATE_ORDER": "DMY" if day_first else "MDY",
        "TIMEZONE": "+0700",
        "RETURN_AS_TIMEZONE_AWARE": True,
        "RELATIVE_BASE": datetime(2000, 1, 1),  # noqa: DTZ001  strict parsing takes nothing from it
    }
    found = dateparser.parse(text, languages=["vi"], settings=settings)
    day = _date(found.year, found.month, found.day) if found else None
    if found is None or day is None:
        return None
    return When(found.astimezone(UTC), "day" if found.time() == time(0) else "minute")


_Reader = Callable[[re.Match[str], bool], tuple[int, int, int]]
SHAPES: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (_NUMERIC, _numeric),
    (_SHORT, _short),
    (_MONTH_FIRST, _month_first),
    (_ISO, _iso),
    (_WORDS, _words),
    (_ENGLISH, _english),
    (_AMERICAN, _american),
)
