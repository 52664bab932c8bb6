"""Until when a notice holds, as its own words say: "hiệu lực đến hết ngày 25/10", "trong 14 ngày kể từ 21/10". Pure.

The words stand in vocabulary/urgent.yaml, the times in refine/windows.py.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from aggregator.model import Evidence
from aggregator.refine.matching import Text
from aggregator.refine.typed import Typed, sentence
from aggregator.refine.vocabulary import UrgentWords
from aggregator.refine.windows import LAST, LOCAL, Window, windows

CLOCK = re.compile(r"\d\s?(?:giờ|gio|h|g|:)(?!\w*[a-zđ]{2})")
ASKED = 100  # words of validity, and windows of time, that are looked at: they bound the work on a hostile text
BEHIND = 160  # code points behind a word of validity in which its end stands
BEFORE = 80  # code points before it in which what is valid stands
NUMBERS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip
_LENGTH = rf"(\d{{1,3}}|{'|'.join(NUMBERS)}) (giờ|ngày|tuần|tháng)(?!\w)"
LASTING = re.compile(
    rf"(?:(trong|kéo dài)(?: vòng| thời gian| khoảng thời gian)? )?(?<![\w/.,:]){_LENGTH}"
    r"(?:(?:,? tính)?,? kể từ|,? tính từ|,? từ)( khi| lúc| thời điểm)?"
)
UNIT = {"giờ": timedelta(hours=1), "ngày": timedelta(days=1), "tuần": timedelta(days=7), "tháng": timedelta(days=30)}
OVER = ("hết hiệu lực", "hết hạn", "kết thúc")
DEADLINES = ("trước", "chậm nhất", "hạn chót", "hạn cuối")  # what must be done by then need not hold until then


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
        for ends in (self._stated(text, published), self._of_orders(text, published)):
            found = list(ends)
            if found:
                day = found[0].until.astimezone(LOCAL).date()
                same = (one for one in found if one.until.astimezone(LOCAL).date() == day)
                clocked = (one for one in same if CLOCK.search(text.plain, one.start, one.end))
                best = next(clocked, found[0])
                return best.until, text.evidence(best.start, best.end)
        return None, None

    def _stated(self, text: Text, published: datetime) -> Iterator[_End]:
        for words, strong in ((self._valid, True), (self._measures, False)):
            for match in islice(words.finditer(text.plain), ASKED):
                first, stop = sentence(text.plain, match.start())
                if self._not_valid.search(text.plain, max(first, match.start() - BEFORE), match.end()):
                    continue
                found = _end_behind(text, match, stop, published, strong)
                if found is not None:
                    yield found

    def _of_orders(self, text: Text, published: datetime) -> Iterator[_End]:
        """Ends to come in sentences that order something, wherever they stand in it."""
        today = published.astimezone(LOCAL).date()
        for one in islice(windows(text.plain, 0, len(text.plain), today), ASKED):
            if not _is_to_come(one, published) or one.until is None:
                continue
            first, stop = sentence(text.plain, one.start)
            if self._not_valid.search(text.plain, max(first, one.start - BEFORE), one.start):
                continue
            past = one.since is not None and one.since < published and self._asking.search(text.plain, first, stop)
            if not past and self._ordering.search(text.plain, first, stop) is not None:
                yield _End(one.until, one.start, one.end)


def _end_behind(text: Text, match: re.Match[str], stop: int, published: datetime, strong: bool) -> _End | None:
    """The end that the words behind a word of validity name."""
    today = published.astimezone(LOCAL).date()
    limit = min(stop, match.end() + BEHIND)
    if (lasting := LASTING.search(text.plain, match.end(), limit)) is not None:
        begun = next(windows(text.plain, lasting.end(), limit, today), None)
        if begun is not None and begun.since is not None and begun.start <= lasting.end() + 6:
            return _End(begun.since + _length(lasting) - LAST, match.start(), begun.end)
        if strong and lasting[1] and lasting[4]:
            return _End(published.astimezone(UTC) + _length(lasting), match.start(), lasting.end())
    over = text.plain[: match.end()].endswith(OVER)
    for one in windows(text.plain, match.end(), limit, today):
        if over and one.since is not None:
            return _End(
                one.since if CLOCK.search(text.plain, one.start, one.end) else one.until or one.since,
                match.start(),
                one.end,
            )
        if one.until is None or not one.to or (not strong and one.to in DEADLINES):
            continue
        if strong or one.until >= published - timedelta(days=1):
            return _End(one.until, match.start(), one.end)
    return None


def _length(lasting: re.Match[str]) -> timedelta:
    return (NUMBERS.get(lasting[2]) or int(lasting[2])) * UNIT[lasting[3]]


def _is_to_come(one: Window, published: datetime) -> bool:
    return one.until is not None and one.to not in ("", *DEADLINES) and one.until >= published - timedelta(days=1)
