"""Until when a notice holds, as its own words say: "hiệu lực đến hết ngày 25/10", "trong 14 ngày kể từ 21/10". Pure.

The words stand in vocabulary/urgent.yaml, the times in refine/windows.py.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from aggregator.model import Evidence
from aggregator.refine.matching import Text
from aggregator.refine.typed import Typed, sentence
from aggregator.refine.vocabulary import UrgentWords
from aggregator.refine.windows import DEADLINES, LAST, LOCAL, Window, restored, windows

CLOCK = re.compile(r"\d\s?(?:giờ|gio|h|g|:)(?!\w*[a-zđ]{2})")
ASKED = 100  # words of validity, and windows of time, that are looked at: they bound the work on a hostile text
BEHIND = 160  # code points behind a word of validity in which its end stands
BEFORE = 80  # code points before it in which what is valid stands
_TENS = {"mười": 10, "hai mươi": 20, "ba mươi": 30}
_UNITS = {"mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "lăm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "một": 1}
NUMBERS = {
    **_TENS, **{f"{ten} {unit}": tens + units for ten, tens in _TENS.items() for unit, units in _UNITS.items()},
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip
_NUMBER = "|".join(sorted(NUMBERS, key=len, reverse=True))
_LENGTH = rf"(\d{{1,3}}|{_NUMBER})(?: \([^)\n]{{1,20}}\))? (giờ|ngày|tuần|tháng)(?!\w)"
LASTING = re.compile(
    rf"(?:(trong|kéo dài)(?: vòng| thời gian| khoảng thời gian)? )?(?<![\w/.,:]){_LENGTH}"
    r"(?:(?:,? \(?tính)?,? \(?kể từ|,? tính từ|,? \(?(?:bắt đầu )?từ|(?= tới| tiếp theo))"
    r"( khi| lúc| thời điểm| ngày ký| ngày ban hành| ngày ra| hôm nay| nay| tới| tiếp theo)?"
)
# Until further notice: an event that has no day yet.
OPEN = re.compile(r"(?<!\w)(?:đến|tới) khi (?!\d)|(?<!\w)chờ (?:thông báo|kết quả|hướng dẫn)(?!\w)")
BARGAIN = re.compile(r"(?<!\w)(?:đổi|hoàn tiền|nhận lại tiền|miễn phí)(?!\w)")  # until when money is given back
SEVERAL = re.compile(r"(?:trong|suốt|cả|các|những)(?: (?:\d|hai|ba|bốn|năm|sáu|bảy))? ngày $")  # before a list of days
# Weather, a bargain or a service with a day of its own end that way too, and are not what a notice says of itself.
FORECAST = re.compile(r"(?<!\w)(?:dự báo|bão|áp thấp|đổ bộ|lũ|gió|triều cường)(?!\w)")  # whose day is an event's
COUNTED = re.compile(r"(?:/\d{4})?,? [^.;\n]{0,40}?(?<!\w)(?:đã|có|ghi nhận|hơn|tổng|toàn)(?!\w)")
WEATHER = re.compile(r"(?<!\w)(?:mưa|nắng nóng|rét|nhiệt độ|không khí lạnh|tia cực tím)(?!\w)")
NOT_ITS_OWN = re.compile(
    r"(?<!\w)(?:đổi|hoàn tiền|nhận lại|hỗ trợ|nhận hồ sơ|đăng ký|miễn phí|tiêm|khám|uống|xét nghiệm|lễ hội|hội chợ|thi"
    r"|sản xuất|hạn dùng|báo cáo|gửi|hoàn thành|kê khai)(?!\w)"
)
UNIT = {"giờ": timedelta(hours=1), "ngày": timedelta(days=1), "tuần": timedelta(days=7), "tháng": timedelta(days=30)}
OVER = ("hết hiệu lực", "hết hạn", "kết thúc")


class _End(NamedTuple):
    """A moment, and [start, end) of the words that name it."""

    until: datetime
    start: int
    end: int


class Ends:
    """The words that say until when, as patterns."""

    def __init__(self, words: UrgentWords, typed: Typed, ordering: re.Pattern[str]) -> None:
        """`ordering` finds words that order something: an end beside them is that of the order."""
        self._valid = typed.whole(words.valid)
        self._measures = typed.whole(words.measures)
        self._asking = typed.whole(words.asking)
        self._not_valid = typed.whole(words.not_valid)
        self._ordering = ordering

    def until(self, text: Text, published: datetime) -> tuple[datetime | None, Evidence | None]:
        """The first end that the surest words name; of two on one day the one whose words give the hour."""
        plain = text.plain if text.marked else restored(text.plain)
        for ends in (self._stated, self._of_orders, self._left):
            found = list(ends(text, plain, published))
            if not found and ends == self._stated and self._is_open(text, plain):
                return None, None
            if found:
                day = found[0].until.astimezone(LOCAL).date()
                same = (one for one in found if one.until.astimezone(LOCAL).date() == day)
                clocked = (one for one in same if CLOCK.search(text.plain, one.start, one.end))
                best = next(clocked, found[0])
                return best.until, text.evidence(best.start, best.end)
        return None, None

    def _is_open(self, text: Text, plain: str) -> bool:
        """Whether a measure holds until further notice, in so many words."""
        for words in (self._valid, self._measures):
            for match in islice(words.finditer(text.plain), ASKED):
                if OPEN.search(plain, match.end(), min(sentence(plain, match.end())[1], match.end() + BEHIND)):
                    return True
        return False

    def _stated(self, text: Text, plain: str, published: datetime) -> Iterator[_End]:
        for words, strong in ((self._valid, True), (self._measures, False)):
            for match in islice(words.finditer(text.plain), ASKED):
                first, stop = sentence(text.plain, match.start())
                if self._not_valid.search(text.plain, max(first, match.start() - BEFORE), match.end()):
                    continue
                limit = min(stop, match.end() + BEHIND)
                asked = None if strong else self._asking.search(text.plain, match.end(), limit)
                limit = asked.start() if asked else limit
                if (found := _end_behind(plain, match, limit, published, strong)) is not None:
                    yield found

    def _of_orders(self, text: Text, plain: str, published: datetime) -> Iterator[_End]:
        """Ends to come in sentences that order something, wherever they stand in it."""
        for one in self._to_come(text, plain, published):
            first, stop = sentence(text.plain, one.start)
            past = one.since is not None and one.since < published and self._asking.search(text.plain, first, stop)
            if (
                not past
                and not BARGAIN.search(text.plain, first, one.start)
                and self._ordering.search(text.plain, first, stop) is not None
            ):
                yield _End(_last_of(plain, one, published.astimezone(LOCAL).date()), one.start, one.end)

    def _left(self, text: Text, plain: str, published: datetime) -> Iterator[_End]:
        """Ends to come of what no known word orders: "mỗi người bệnh một người chăm đến hết ngày 9/5"."""
        for one in self._to_come(text, plain, published):
            first, stop = sentence(text.plain, one.start)
            begun = one.since is not None and one.since < published - timedelta(days=2)
            other = self._asking.search(text.plain, first, stop) is not None or _is_others(text, first, stop)
            if not begun and not other and one.until is not None and one.until > published:
                yield _End(_last_of(plain, one, published.astimezone(LOCAL).date()), one.start, one.end)

    def _to_come(self, text: Text, plain: str, published: datetime) -> Iterator[Window]:
        today = published.astimezone(LOCAL).date()
        for one in islice(windows(plain, 0, len(plain), today), ASKED):
            first = sentence(plain, one.start)[0]
            valid = self._not_valid.search(text.plain, max(first, one.start - BEFORE), one.start) is None
            counted = _is_count(plain, one, first)
            if valid and not counted and one.until is not None and _is_to_come(plain, one, published):
                yield one


def _is_count(plain: str, one: Window, first: int) -> bool:
    """Whether the words say up to when something was counted: "Tính đến sáng 12/9, đã có 43 người ..."."""
    before = plain[first : one.start].strip(" ,(“\"'")
    counted = before.endswith("tính") or (not before and plain.startswith(("đến", "tới"), one.start))
    return counted and COUNTED.match(plain, one.end) is not None


def _is_others(text: Text, first: int, stop: int) -> bool:
    """Whether the sentence tells of weather or a service with a day of its own, and the title of something else."""
    weather = WEATHER.search(text.plain, first, stop) and not WEATHER.search(text.plain, 0, text.lead)
    services = {match[0] for match in NOT_ITS_OWN.finditer(text.plain, first, stop)}
    return bool(weather or FORECAST.search(text.plain, first, stop)) or any(
        word not in text.plain[: text.lead] for word in services
    )


def _end_behind(plain: str, match: re.Match[str], limit: int, published: datetime, strong: bool) -> _End | None:
    """The end that the words behind a word of validity name."""
    today = published.astimezone(LOCAL).date()
    if (lasting := LASTING.search(plain, match.end(), limit)) is not None:
        begun = next(windows(plain, lasting.end(), limit, today), None)
        if begun is not None and begun.since is not None and begun.start <= lasting.end() + 6:
            until = begun.until if begun.to and begun.until is not None else begun.since + _length(lasting) - LAST
            return _End(until, match.start(), begun.end)
        if strong and lasting[1] and lasting[4]:
            return _End(published.astimezone(UTC) + _length(lasting), match.start(), lasting.end())
    over = plain[: match.end()].endswith(OVER)
    for one in windows(plain, match.end(), limit, today):
        if over and one.since is not None:
            clocked = CLOCK.search(plain, one.start, one.end)
            return _End(one.since if clocked else one.until or one.since, match.start(), one.end)
        if one.until is None or not (one.to or _is_several(plain, one)) or (not strong and one.to in DEADLINES):
            continue
        if strong or one.until >= published - timedelta(days=1):
            return _End(_last_of(plain, one, today), match.start(), one.end)
    return None


def _is_several(plain: str, one: Window) -> bool:
    """Whether it is a day of a list behind "trong ba ngày"."""
    return SEVERAL.search(plain, max(0, one.start - 30), one.start) is not None


def _last_of(plain: str, one: Window, today: date) -> datetime:
    """The end of a window, of a list of days that of the last."""
    same = (each.until for each in windows(plain, one.start, one.end, today) if each.until is not None)
    return max(same, default=one.until or datetime.min.replace(tzinfo=UTC))


def _length(lasting: re.Match[str]) -> timedelta:
    return (NUMBERS.get(lasting[2]) or int(lasting[2])) * UNIT[lasting[3]]


def _is_to_come(plain: str, one: Window, published: datetime) -> bool:
    holds = one.to not in ("", *DEADLINES) or (not one.to and _is_several(plain, one))
    return holds and one.until is not None and one.until >= published - timedelta(days=1)
