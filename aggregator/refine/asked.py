"""Places that a notice asks people about, with their times; and the numbers to call. Pure.

The words stand in vocabulary/urgent.yaml, the times in refine/windows.py.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from aggregator.model import AskedAbout, Phone
from aggregator.refine.matching import Text, even
from aggregator.refine.typed import Typed, sentence
from aggregator.refine.visited import BACK, DEPARTING, JOURNEY, Told, sentences, told, with_event
from aggregator.refine.vocabulary import UrgentWords
from aggregator.refine.windows import DEADLINES, LOCAL, Window, restored, windows
from aggregator.text import fold, tones

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
LOT = "lô "  # goods, no place
UNNAMED = re.compile(  # figures and diseases, which name no place; what only goes on with a sentence is none either
    r"^(?:hoặc|lại|khám|mua)\b.*|\d+ ?(?:phút|giờ|h|ngày|tháng|tuổi|người|ca)\b|covid(?:-19)?|sars-cov-2|omicron",
    re.IGNORECASE,
)
LEADING = re.compile(r"\s*(?:(?:tại|ở|liên quan(?: đến| tới)?|đi cùng)\s+)+")
FEW = 6  # names, and places in a sentence, that are tried
PLACE = re.compile(r"(?<!\w)(?:tại|ở|trên|trong)\s+|(?<!\w)chuyến (?:bay|xe|tàu)(?!\w)")
UNCOUNTED = r"(?<!\d )(?<!hai )(?<!một )(?<!nhiều )(?<!số )(?<!ba )"  # those who are counted are told of, not asked
AND = re.compile(r"\W*(?:và|hoặc|,|;)\s+(?=\w)")
BEFORE = re.compile(r"[\s,)]*(?:(?:tại|ở|trên|đến|vào|của|khu|nhà)(?!\w)\s*)*")
AFTERWARDS = re.compile(
    rf"[,:;]?\s*(?:{DEPARTING}|tiếp xúc|vào|khoảng|trong|từ|lúc|ngày|thời gian|hồi|cần|phải|đề nghị|liên hệ|khai báo"
    r"|để|thì|hãy|và có|nếu|có ca|với (?:một )?(?:ca|trường hợp|bệnh nhân|người bệnh)|hôm đó)(?!\w)"
)
BESIDE = re.compile(  # between a place and its time
    rf"[\s,(:]*(?:(?:{DEPARTING}|vào|trong|hai|ba|các|những|ngày|từ|lúc|khoảng|buổi)(?!\w)[\s,(]*)*"
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
        self._directing = typed.whole(words.directing)
        self._people = re.compile(rf"{UNCOUNTED}(?<!\w)(?:{typed.of(words.people)})(?! bệnh)(?!\w)")
        self._generic = re.compile(
            rf"(?<!\w)(?:địa điểm|khu vực|nơi|cơ sở|bệnh viện) (?:{typed.of(words.generic)})(?!\w)"
        )

    def find(self, text: Text, published: datetime) -> Iterator[AskedAbout]:
        """Places that people are asked about, each once: those of its sentences, then those of its rows."""
        asked = self._asking.search(text.plain)
        seen: set[tuple[str, datetime | None, datetime | None]] = set()
        rows = self._in_rows(text, asked.start(), published) if asked is not None else ()
        found = (*self._in_sentences(text, published), *self._of_people(text, published), *rows)
        if not any(one.time is not None for one in found):
            found = (*found, *self._told_elsewhere(text, found, published))
        if asked is not None or (BACK.search(text.plain) and self._people.search(text.plain)):
            found = (*found, *self._told_before(text, found, published))
        timed = any(one.time is not None for one in found)
        for one in found:
            if timed and one.time is None:
                continue
            name = fold(one.place.text)
            if not any(one.start == start and one.end == end and name in other for other, start, end in seen):
                seen.add((name, one.start, one.end))
                yield one

    def _told_before(self, text: Text, found: Sequence[AskedAbout], published: datetime) -> Iterator[AskedAbout]:
        """Places that the text tells of beside a time, where the asking names no time, points back, or is a list."""
        today = published.astimezone(LOCAL).date()
        back = BACK.search(text.plain) or not any(one.time is not None for one in found)
        for first, stop in islice(sentences(text.plain, text.lead), ASKED):
            listed = text.plain.count(";", first, stop) and self._asking.search(text.plain, first, stop)
            if not (back or listed):
                continue
            times = [one for one in windows(text.plain, first, stop, today) if _is_visit(one, published)]
            orders = (order.search(text.plain, first, stop) for order in self._orders)
            ordered = min((match.start() for match in orders if match is not None), default=stop)
            for one in told(text.plain, first, stop, [time for time in times if time.start < ordered]):
                yield from self._told(text, one, found)

    def _told(self, text: Text, one: Told, found: Sequence[AskedAbout]) -> Iterator[AskedAbout]:
        """A place told of with its times; a bare "chợ" is the one of that kind that was named before."""
        end = _name_end(text, one)
        place = self._place(text, one.start, end)
        noun = text.plain[one.start : end].strip(" ,").removeprefix("đây")
        if place is not None:
            yield from _asked(text, place, one.times)
        elif named := next((each.place for each in found if noun in even(tones(each.place.text))), None):
            for time in one.times:
                yield AskedAbout(named, text.evidence(time.start, time.end), time.since, time.until)

    def _in_sentences(self, text: Text, published: datetime) -> Iterator[AskedAbout]:
        today = published.astimezone(LOCAL).date()
        plain = text.plain if text.marked else restored(text.plain)
        for match in islice(self._asking.finditer(text.plain), ASKED):
            first, stop = sentence(plain, match.start())
            lead_in = PREPOSITION.match(plain, match.end(), stop)
            start = lead_in.end() if lead_in else match.end()
            times = [one for one in windows(plain, first, stop, today) if _is_visit(one, published)]
            for found, end in self._candidates(text, plain, start, stop, times):
                if (place := self._place(text, found, end)) is None:
                    continue
                ahead = self._told_of(text, [one for one in times if one.start >= place[0]], place[1])
                if not ahead and lead_in is not None and place[0] > end:
                    continue
                yield from self._and_others(text, plain, place, ahead or times[-1:])
                break

    def _of_people(self, text: Text, published: datetime) -> Iterator[AskedAbout]:
        """Places of people who are told what to do, each with a time right behind it: "ai bơi tại bể Hoa ngày 3/6"."""
        today = published.astimezone(LOCAL).date()
        for match in islice(self._people.finditer(text.plain), ASKED):
            first, stop = sentence(text.plain, match.start())
            times = [one for one in windows(text.plain, match.end(), stop, today) if _is_visit(one, published)]
            told = bool(times) and any(one.search(text.plain, times[0].end, stop) for one in self._orders)
            if not times or not (told or self._directing.search(text.plain, first, match.start())):
                continue
            for at in islice(PLACE.finditer(text.plain, match.end(), times[0].start), FEW):
                start = at.start() if at[0].startswith("chuyến") else at.end()
                after = AFTERWARDS.search(text.plain, start, times[0].start)
                place = self._place(text, start, after.start() if after else times[0].start)
                if place is None or text.plain.startswith(LOT, place[0]):
                    continue
                ways = (BESIDE, JOURNEY) if at[0].startswith("chuyến") else (BESIDE,)
                if any(way.fullmatch(text.plain, place[1], times[0].start) for way in ways):
                    yield from self._and_others(text, text.plain, place, self._told_of(text, times, place[1]))
                    break

    def _candidates(
        self, text: Text, plain: str, start: int, stop: int, times: Sequence[Window]
    ) -> Iterator[tuple[int, int]]:
        """[start, end) where a place may stand: right behind the asking, then behind "tại" after a time or an act."""
        behind = [one.start for one in times if one.start >= start]
        after = AFTERWARDS.search(plain, start, stop)
        end = min([stop, *behind[:1], *([after.start()] if after else [])])
        yield _named_from(plain, text, start, end), end
        for at in islice(AT.finditer(plain, start, stop), FEW):
            later = [one.start for one in times if one.start >= at.end()]
            after = AFTERWARDS.search(plain, at.end(), stop)
            yield at.end(), min([stop, *later[:1], *([after.start()] if after else [])])

    def _told_of(self, text: Text, times: list[Window], end: int) -> list[Window]:
        """The times before the first order behind the place: those after it are of what people must do."""
        ordered = [match.start() for one in self._orders if (match := one.search(text.plain, end)) is not None]
        return [one for one in times if one.start < min(ordered, default=len(text.plain))] or times[:1]

    def _and_others(
        self, text: Text, plain: str, place: tuple[int, int], times: Sequence[Window]
    ) -> Iterator[AskedAbout]:
        """The place with its times; where "và" and another name stand between two times, the later ones are of that."""
        kept: list[Window] = []
        for one in times:
            joined = AND.match(plain, kept[-1].end, one.start) if kept else None
            other = self._place(text, joined.end(), one.start) if joined else None
            if kept and other is None and (site := next(told(plain, kept[-1].end, one.end, (one,)), None)):
                other = self._place(text, site.start, _name_end(text, site))
            if other is not None:
                yield from _asked(text, place, kept)
                place, kept = other, []
            kept.append(one)
        yield from _asked(text, place, kept)

    def _told_elsewhere(self, text: Text, found: Sequence[AskedAbout], published: datetime) -> Iterator[AskedAbout]:
        """The places again, with the time that stands beside their name elsewhere in the text."""
        today = published.astimezone(LOCAL).date()
        names = dict.fromkeys(even(tones(one.place.text)) for one in found)
        for name in islice(names, FEW):
            for match in islice(re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text.plain), FEW):
                first, stop = sentence(text.plain, match.start())
                times = [one for one in windows(text.plain, first, stop, today) if _is_visit(one, published)]
                beside = [one for one in times if _is_beside(text.plain, match, one)]
                if beside:
                    yield from _asked(text, match.span(), beside)
                    return

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
            times = [one for one in windows(text.plain, row_start, end, today) if _is_visit(one, published)]
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
        lead_in = LEADING.match(text.plain, start, end)
        start = lead_in.end() if lead_in else start
        while start < end and not (text.plain[start].isalnum() or text.plain[start] in "“\"'"):
            start += 1
        end = start + len(text.plain[start:end].rstrip(" .;,"))
        end = start + len(TRAILING.sub("", text.plain[start:end]))
        if text.plain.count("(", start, end) > text.plain.count(")", start, end):
            closing = text.plain.find(")", end, end + 2)
            end = closing + 1 if closing >= 0 else text.plain.rindex("(", start, end)
            end = start + len(text.plain[start:end].rstrip())
        name = text.shown[start:end]
        named = any(word[0].isupper() or word[0].isdigit() for word in UNNAMED.sub("", name).split())
        if not named or len(name) < 3 or len(name.split()) > 30 or self._generic.search(text.plain, start, end):
            return None
        others = (self._asking, *self._orders)
        if any(one.search(text.plain, start, end) for one in others):
            return None
        return with_event(text.plain, start), end


def _name_end(text: Text, one: Told) -> int:
    after = AFTERWARDS.search(text.plain, one.start, one.end)
    return after.start() if after else one.end


def _is_visit(one: Window, published: datetime) -> bool:
    """Whether somebody may have been there then: it has begun, and is no deadline."""
    return one.since is not None and one.since <= published and one.to not in DEADLINES


def _is_beside(plain: str, match: re.Match[str], one: Window) -> bool:
    behind = plain[match.end() : one.start] if one.start >= match.end() else None
    before = plain[one.end : match.start()] if one.end <= match.start() else None
    return (behind is not None and BESIDE.fullmatch(behind) is not None) or (
        before is not None and BEFORE.fullmatch(before) is not None
    )


def _asked(text: Text, place: tuple[int, int], times: Sequence[Window]) -> Iterator[AskedAbout]:
    evidence = text.evidence(*place)
    if not times:
        yield AskedAbout(evidence)
    for one in times:
        yield AskedAbout(evidence, text.evidence(one.start, one.end), one.since, one.until)


def _named_from(plain: str, text: Text, start: int, end: int) -> int:
    """Where a place begins behind small words: "liên quan ca bệnh tại quán Minh Họa" begins with "quán"."""
    found = AT.search(plain, start, end)
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
