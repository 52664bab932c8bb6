"""Until when a notice holds, as its own words say: "hiệu lực đến hết ngày 25/10", "trong 14 ngày kể từ 21/10". Pure.

The words stand in vocabulary/urgent.yaml, the times in refine/windows.py, what was learned of the moments that a notice
names in vocabulary/urgent-ending.tsv (refine/moments.py).
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from aggregator.model import Evidence
from aggregator.refine import moments
from aggregator.refine.learned import margin
from aggregator.refine.matching import Text
from aggregator.refine.moments import LASTING, Moment, last_of, length
from aggregator.refine.signs import FORECAST, NOT_ITS_OWN, OPEN, WEATHER, Signs
from aggregator.refine.typed import Typed, sentence
from aggregator.refine.vocabulary import UrgentWords
from aggregator.refine.windows import DEADLINES, LAST, LOCAL, Window, windows

CLOCK = re.compile(r"\d\s?(?:giờ|gio|h|g|:)(?!\w*[a-zđ]{2})")
ASKED = 100  # words of validity, and windows of time, that are looked at: they bound the work on a hostile text
BEHIND = 160  # code points behind a word of validity in which its end stands
BEFORE = 80  # code points before it in which what is valid stands
BARGAIN = re.compile(r"(?<!\w)(?:đổi|hoàn tiền|nhận lại tiền|miễn phí)(?!\w)")  # until when money is given back
SEVERAL = re.compile(r"(?:trong|suốt|cả|các|những)(?: (?:\d|hai|ba|bốn|năm|sáu|bảy))? ngày $")  # before a list of days
COUNTED = re.compile(r"(?:/\d{4})?,? [^.;\n]{0,40}?(?<!\w)(?:đã|có|ghi nhận|hơn|tổng|toàn)(?!\w)")
TRUST = 0.3  # what the word of the rules weighs beside what was learned; measured in docs/decisions.md
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
        self._weights = words.ending
        self._signs = Signs(words)

    def until(self, text: Text, published: datetime) -> tuple[datetime | None, Evidence | None]:
        """The moment that reads most like the end of a notice, the rules having a say; None where none does.

        What was learned knows no texts without accents: there the rules decide.
        """
        told = self._by_rules(text, published)
        if not text.marked:
            return told
        rated = [(self._rated(text, one, published, told[0]), one) for one in moments.moments(text.plain, published)]
        mark, best = max(rated, key=lambda pair: pair[0], default=(0.0, None))
        if told[0] is not None and (best is None or not any(one.until == told[0] for _, one in rated)):
            return told if mark < TRUST or best is None else (best.until, text.evidence(best.start, best.end))
        if best is None or mark <= (TRUST if told[0] is None else 0):
            return None, None
        return told if best.until == told[0] else (best.until, text.evidence(best.start, best.end))

    def _rated(self, text: Text, one: Moment, published: datetime, told: datetime | None) -> float:
        features = moments.features(text.plain, text, one, published, self._signs)
        return margin(self._weights, features) + (TRUST if one.until == told else 0)

    def _by_rules(self, text: Text, published: datetime) -> tuple[datetime | None, Evidence | None]:
        """The first end that the surest words name; of two on one day the one whose words give the hour."""
        plain = moments.typed(text)
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
                yield _End(last_of(plain, one, published.astimezone(LOCAL).date()), one.start, one.end)

    def _left(self, text: Text, plain: str, published: datetime) -> Iterator[_End]:
        """Ends to come of what no known word orders: "mỗi người bệnh một người chăm đến hết ngày 9/5"."""
        for one in self._to_come(text, plain, published):
            first, stop = sentence(text.plain, one.start)
            begun = one.since is not None and one.since < published - timedelta(days=2)
            other = self._asking.search(text.plain, first, stop) is not None or _is_others(text, first, stop)
            if not begun and not other and one.until is not None and one.until > published:
                yield _End(last_of(plain, one, published.astimezone(LOCAL).date()), one.start, one.end)

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
            until = begun.until if begun.to and begun.until is not None else begun.since + length(lasting) - LAST
            return _End(until, match.start(), begun.end)
        if strong and lasting[1] and lasting[4]:
            return _End(published.astimezone(UTC) + length(lasting), match.start(), lasting.end())
    over = plain[: match.end()].endswith(OVER)
    for one in windows(plain, match.end(), limit, today):
        if over and one.since is not None:
            clocked = CLOCK.search(plain, one.start, one.end)
            return _End(one.since if clocked else one.until or one.since, match.start(), one.end)
        if one.until is None or not (one.to or _is_several(plain, one)) or (not strong and one.to in DEADLINES):
            continue
        if strong or one.until >= published - timedelta(days=1):
            return _End(last_of(plain, one, today), match.start(), one.end)
    return None


def _is_several(plain: str, one: Window) -> bool:
    """Whether it is a day of a list behind "trong ba ngày"."""
    return SEVERAL.search(plain, max(0, one.start - 30), one.start) is not None


def _is_to_come(plain: str, one: Window, published: datetime) -> bool:
    holds = one.to not in ("", *DEADLINES) or (not one.to and _is_several(plain, one))
    return holds and one.until is not None and one.until >= published - timedelta(days=1)
