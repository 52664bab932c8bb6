"""The moments of a notice that may be its end, and what is around each. Pure.

Which of them is the end is learned from labelled notices (refine/learned.py): the words before and behind, whether a
stretch of time begins there, whether it lies before or after the day of publication.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from aggregator.refine import learned
from aggregator.refine.matching import Text
from aggregator.refine.signs import Signs
from aggregator.refine.typed import sentence
from aggregator.refine.windows import LAST, LOCAL, Window, restored, windows

MOST = 100  # moments that are looked at: they bound the work on a hostile text
_TENS = {"mười": 10, "hai mươi": 20, "ba mươi": 30}
_UNITS = {"mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "lăm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "một": 1}
NUMBERS: dict[str, float] = {
    **_TENS, **{f"{ten} {unit}": tens + units for ten, tens in _TENS.items() for unit, units in _UNITS.items()},
    "nửa": 0.5, "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip
_NUMBER = "|".join(sorted(NUMBERS, key=len, reverse=True))
_LENGTH = rf"(\d{{1,3}}|{_NUMBER})(?: \([^)\n]{{1,20}}\))? (giờ|ngày|tuần|tháng)(?!\w)"
_DAYS_OF = (
    r" ngày (?:ký|ban hành|phát hành|ra|đăng|có hiệu lực)(?: (?:ban hành|văn bản|thông báo|công văn|quyết định|này))?"
)
LASTING = re.compile(
    rf"(?:(trong|kéo dài)(?: vòng| thời gian| khoảng thời gian)? )?(?<![\w/.,:]){_LENGTH}"
    r"(?:(?:,? \(?tính)?,? \(?kể từ|,? tính từ|,? \(?(?:bắt đầu )?từ|(?= tới| tiếp theo| nữa))"
    rf"( khi| lúc| thời điểm|{_DAYS_OF}| hôm nay| nay| tới| tiếp theo| nữa)?"
)
# A number of days that says not from when: from publication, if it is an end at all.
ALONE = re.compile(
    rf"(?<!\w)(trong(?: vòng)?|sau|kéo dài|thời hạn|thời gian[^.,;:\n]{{0,30}}?|hiệu lực)(?: là)?:? {_LENGTH}"
    r"(?! (?:qua|vừa|trước|gần|đầu)(?!\w))"
)
UNIT = {"giờ": timedelta(hours=1), "ngày": timedelta(days=1), "tuần": timedelta(days=7), "tháng": timedelta(days=30)}
OVER = re.compile(
    r"(?<!\w)(?:hết hiệu lực|hết hạn|kết thúc|chấm dứt|dỡ bỏ|gỡ bỏ|bãi bỏ"
    r"|mở cửa lại|mở lại|hoạt động lại|trở lại)(?!\w)"
)
BEFORE = 40  # code points before a day in which it stands that something is over from then on
BEGINS = 6  # code points between a number of days and the day from which they run
DATE = re.compile(r"\d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?\d{4})?|\d{1,2} tháng \d{1,2}(?: năm \d{4})?")
CLOCK = re.compile(r"\d{1,2}\s?(?:giờ|h|g|:)\s?\d{0,2}(?: phút)?")
NEAR = 8  # words before a moment that count as near
BEHIND = 5  # words behind it that do
BESIDE = 3  # words right beside it that count as one
FAR = timedelta(days=20)
OF_LATE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Moment:
    """The words at [start, end), and the moment that they name as an end.

    `shape`: window (a stretch or a day), over (a day from which on something is over), counted (a number of days from a
    day), ahead (from publication), or alone (a number of days that says not from when).
    """

    until: datetime
    start: int
    end: int
    shape: str
    to: str
    since: datetime | None


def moments(plain: str, published: datetime) -> Iterator[Moment]:
    """All ends that the text may name, first those of stretches and days, then those of numbers of days."""
    today = published.astimezone(LOCAL).date()
    for one in islice(windows(plain, 0, len(plain), today), MOST):
        if one.until is not None:
            yield Moment(last_of(plain, one, today), one.start, one.end, "window", one.to, one.since)
        elif one.since is not None and OVER.search(plain, max(0, one.start - BEFORE), one.start):
            yield Moment(one.since, one.start, one.end, "over", "", one.since)
    for lasting in islice(LASTING.finditer(plain), MOST):
        begun = next(windows(plain, lasting.end(), min(len(plain), lasting.end() + 60), today), None)
        if begun is not None and begun.since is not None and begun.start <= lasting.end() + BEGINS:
            until = begun.since + length(lasting) - LAST
            yield Moment(until, lasting.start(), begun.end, "counted", begun.to, begun.since)
        else:
            until = published.astimezone(UTC) + length(lasting)
            yield Moment(until, lasting.start(), lasting.end(), "ahead", "", None)
    for lasting in islice(ALONE.finditer(plain), MOST):
        if LASTING.match(plain, lasting.start(2)) is None:
            yield Moment(published.astimezone(UTC) + length(lasting), *lasting.span(), "alone", "", None)


def length(lasting: re.Match[str]) -> timedelta:
    """How long the words of LASTING say."""
    return (NUMBERS.get(lasting[2]) or int(lasting[2])) * UNIT[lasting[3]]


def last_of(plain: str, one: Window, today: date) -> datetime:
    """The end of a window, of a list of days that of the last."""
    same = (each.until for each in windows(plain, one.start, one.end, today) if each.until is not None)
    return max(same, default=one.until or datetime.min.replace(tzinfo=UTC))


def typed(text: Text) -> str:
    """The text as its moments are read: with the accents of the words of time and place."""
    return text.plain if text.marked else restored(text.plain)


def features(plain: str, text: Text, one: Moment, published: datetime, signs: Signs) -> set[str]:
    """What is around the moment, and what kind of moment it is."""
    first, stop = sentence(plain, one.start)
    before, behind = _told(plain[first : one.start]), _told(plain[one.end : max(stop, one.end)])
    found = {
        *learned.grams(before, "b:"), *learned.grams(before[-NEAR:], "near:"),
        *learned.grams(behind, "a:"), *learned.grams(behind[:BEHIND], "next:"),
        *learned.grams(_told(plain[one.start : one.end]), "w:"),
        *(f"before{n}:{' '.join(before[-n:])}" for n in range(1, BESIDE + 1) if len(before) >= n),
        *(f"behind{n}:{' '.join(behind[:n])}" for n in range(1, BESIDE + 1) if len(behind) >= n),
    }  # fmt: skip
    found |= signs.of(plain, (one.start, one.end), (first, stop))
    return found | _kind(text, one, published, len(before))


def _kind(text: Text, one: Moment, published: datetime, words_before: int) -> set[str]:
    ahead = one.until - published
    when = "past" if ahead < timedelta(days=-1) else "today" if ahead < timedelta(days=1) else "to come"
    since = _began(one, published)
    field = text.field(one.start)
    found = {
        f"to={one.to}", f"shape={one.shape}", f"field={field}", f"when={when}", f"since={since}",
        f"to={one.to} {when}", f"to={one.to} since={since}", f"{one.shape} {when} {since} {one.to}", f"{field} {when}",
    }  # fmt: skip
    found |= {"far"} if ahead > FAR else set()
    found |= {"opens"} if words_before == 0 else set()
    return found | ({"opens near"} if words_before < BESIDE else set())


def _began(one: Moment, published: datetime) -> str:
    if one.since is None:
        return "none"
    if one.since >= published:
        return "to come"
    return "past" if published - one.since > OF_LATE else "of late"


def _told(plain: str) -> list[str]:
    """Words and signs, with every day as D and every hour as H."""
    return learned.words(CLOCK.sub(" H ", DATE.sub(" D ", plain)))
