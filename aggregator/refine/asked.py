"""Places that a notice asks people about, with their times; and the numbers to call. Pure.

The words stand in vocabulary/urgent.yaml, the times in refine/windows.py.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from aggregator.model import AskedAbout, Phone
from aggregator.refine.matching import Text
from aggregator.refine.typed import Typed, sentence
from aggregator.refine.vocabulary import UrgentWords
from aggregator.refine.windows import LOCAL, Window, windows
from aggregator.text import fold

ASKED = 100  # words of asking that are looked at: they bound the work on a hostile text
NAME = 300  # code points in which the name of a place stands
BULLET = re.compile(r"\s*(?:[-•*+–·]|\(?\d{1,2}[.)/]|[a-zđ]\))\s*")
TELEPHONE = re.compile(r"(?<![\w./,+-])(?:\+84[\s.]?\d|\(?0\d{1,3}\)?|1[89]00)(?:[\s.-]?\d{2,4}){1,4}(?![\w/]|[.,-]\d)")
SHORT_NUMBER = re.compile(r"(?:gọi|tổng đài|hotline|số máy|số)\s+(?:ngay\s+)?(?:số\s+)?(11[2-9])(?![\w/]|[.,]\d)")
CALLING = re.compile(
    r"(?<!\w)(?:gọi|liên hệ|liên lạc|đường dây|hotline|tổng đài|điện thoại|đt|sđt|số máy|báo|trực)(?!\w)"
)
PREPOSITION = re.compile(r"\s*(?:,|lưu trú|tại|ở|đến|vào|qua|các địa điểm|địa điểm|các|những|một trong|trên|:)*\s+")
AT = re.compile(r"(?<!\w)(?:tại|ở|trên)\s+")
AFTERWARDS = re.compile(
    r"[,:;]?\s*(?:vào|khoảng|trong|từ|lúc|ngày|thời gian|hồi|cần|phải|đề nghị|liên hệ|khai báo|để|thì|hãy|và có|nếu)"
    r"(?!\w)"
)
TRAILING = re.compile(
    r"(?:[\s,:;()–-]|(?<!\w)(?:vào|khoảng|trong|từ|lúc|ngày|thời gian|hồi|các|kể|buổi|khung giờ|và))+$"
)


class Asked:
    """The words of asking, as patterns."""

    def __init__(self, words: UrgentWords, typed: Typed, orders: Sequence[re.Pattern[str]]) -> None:
        """`orders` find words that order something: none stands in the name of a place."""
        self._asking = typed.whole(words.asking)
        self._orders = orders
        self._generic = re.compile(
            rf"(?<!\w)(?:địa điểm|khu vực|nơi|cơ sở|bệnh viện) (?:{typed.of(words.generic)})(?!\w)"
        )

    def find(self, text: Text, published: datetime) -> Iterator[AskedAbout]:
        """Places that people are asked about, each once: those of its sentences, then those of its rows."""
        asked = self._asking.search(text.plain)
        if asked is None:
            return
        seen: set[tuple[str, datetime | None, datetime | None]] = set()
        found = (*self._in_sentences(text, published), *self._in_rows(text, asked.start(), published))
        timed = any(one.time is not None for one in found)
        for one in found:
            if timed and one.time is None:
                continue
            key = (fold(one.place.text), one.start, one.end)
            if key not in seen:
                seen.add(key)
                yield one

    def _in_sentences(self, text: Text, published: datetime) -> Iterator[AskedAbout]:
        today = published.astimezone(LOCAL).date()
        for match in islice(self._asking.finditer(text.plain), ASKED):
            first, stop = sentence(text.plain, match.start())
            lead_in = PREPOSITION.match(text.plain, match.end(), stop)
            start = lead_in.end() if lead_in else match.end()
            times = list(windows(text.plain, first, stop, today))
            behind = [one.start for one in times if one.start >= start]
            after = AFTERWARDS.search(text.plain, start, stop)
            end = min([stop, *behind[:1], *([after.start()] if after else [])])
            if (place := self._place(text, _named_from(text, start, end), end)) is not None:
                ahead = [one for one in times if one.start >= place[0]] or times[-1:]
                yield from _asked(text, place, ahead)

    def _in_rows(self, text: Text, first: int, published: datetime) -> Iterator[AskedAbout]:
        """Rows of a table or list behind the asking: a place and its times, either of them first."""
        today = published.astimezone(LOCAL).date()
        introduced = False
        start = text.body
        for line in text.shown[text.body :].split("\n"):
            end, row_start = start + len(line), start
            start = end + 1
            asks = self._asking.search(text.plain, row_start, end) is not None
            if end < first or (asks and not BULLET.match(line)):
                introduced = line.rstrip().endswith(":") and asks
                continue
            bullet = BULLET.match(text.shown, row_start, end)
            if bullet is None and line.rstrip().endswith("."):
                continue
            times = list(windows(text.plain, row_start, end, today))
            if not times and not (introduced and bullet):
                introduced = introduced and not line.strip()
                continue
            if (place := self._row_place(text, bullet.end() if bullet else row_start, end, times)) is not None:
                yield from _asked(text, place, times)

    def _row_place(self, text: Text, start: int, end: int, times: list[Window]) -> tuple[int, int] | None:
        if not times:
            return self._place(text, start, end)
        before = self._place(text, start, times[0].start)
        if before is not None or TRAILING.sub("", text.plain[start : min(times[0].start, start + NAME)]).strip():
            return before
        return self._place(text, times[-1].end, end)

    def _place(self, text: Text, start: int, end: int) -> tuple[int, int] | None:
        """[start, end) without what surrounds a place's name; None for what names no place."""
        end = min(end, start + NAME)
        while start < end and not (text.plain[start].isalnum() or text.plain[start] in "“\"'"):
            start += 1
        end = start + len(text.plain[start:end].rstrip(" .;,"))
        end = start + len(TRAILING.sub("", text.plain[start:end]))
        if text.plain.count("(", start, end) > text.plain.count(")", start, end):
            closing = text.plain.find(")", end, end + 2)
            end = closing + 1 if closing >= 0 else text.plain.rindex("(", start, end)
            end = start + len(text.plain[start:end].rstrip())
        name = text.shown[start:end]
        named = any(word[0].isupper() or word[0].isdigit() for word in name.split())
        if not named or len(name) < 3 or len(name.split()) > 30 or self._generic.search(text.plain, start, end):
            return None
        others = (self._asking, *self._orders)
        if any(one.search(text.plain, start, end) for one in others):
            return None
        return start, end


def _asked(text: Text, place: tuple[int, int], times: list[Window]) -> Iterator[AskedAbout]:
    evidence = text.evidence(*place)
    if not times:
        yield AskedAbout(evidence)
    for one in times:
        yield AskedAbout(evidence, text.evidence(one.start, one.end), one.since, one.until)


def _named_from(text: Text, start: int, end: int) -> int:
    """Where a place begins behind small words: "liên quan ca bệnh tại quán Minh Họa" begins with "quán"."""
    found = AT.search(text.plain, start, end)
    return found.end() if found and text.shown[start : found.start()].islower() else start


def phones(text: Text) -> Iterator[Phone]:
    """Numbers behind a word of calling in the same line, each once."""
    seen: set[str] = set()
    for match in (*TELEPHONE.finditer(text.plain, 0), *SHORT_NUMBER.finditer(text.plain)):
        start, end = match.span(1) if match.re is SHORT_NUMBER else match.span()
        number = re.sub(r"\D", "", text.plain[start:end])
        line = text.plain.rfind("\n", 0, start) + 1
        long_enough = match.re is SHORT_NUMBER or 8 <= len(number) <= 12
        if long_enough and number not in seen and CALLING.search(text.plain, max(line, start - 160), start):
            seen.add(number)
            yield Phone(number, text.evidence(start, end))
