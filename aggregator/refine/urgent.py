"""Urgent notices: thông báo khẩn, công điện, cảnh báo, thu hồi; what they order, of whom, and until when. Pure.

The words stand in vocabulary/urgent.yaml; the times in refine/windows.py. A notice is recognised by its title, its
lead or a heading in capitals: a body that mentions one makes none.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice

from aggregator.model import Article, AskedAbout, Evidence, Notice, Ordered, Phone, TagMatch
from aggregator.refine.matching import Text, either
from aggregator.refine.vocabulary import UrgentKind, UrgentWords
from aggregator.refine.windows import LAST, Window, windows
from aggregator.text import fold, tones

LOCAL = timezone(timedelta(hours=7))
OLD = timedelta(days=14)  # a notice of an earlier day is told of, not issued
CLAUSE = 60  # code points in which the object of a recall, or the speaker of a warning, stands
HEADING = 300  # code points of the body in which a heading in capitals may say what the text is
WEAK = {"seek-care", "monitor", "test"}  # any advice on a disease ends with these: they make no warning urgent
DISPATCH = {"công điện", "cong dien"}
CLOCK = re.compile(r"\d\s?(?:giờ|gio|h|g|:)(?!\w*[a-zđ]{2})")
MOST = 40  # places and windows of a notice
ASKED = 100  # words of asking, and of validity, that are looked at: with SENTENCE they bound the work on a hostile text
SENTENCE = 600  # code points to either side of a word in which its sentence is looked for
NAME = 300  # code points in which the name of a place stands
BULLET = re.compile(r"\s*(?:[-•*+–·]|\(?\d{1,2}[.)/]|[a-zđ]\))\s*")
SENTENCE_END = re.compile(r"[!?;\n]|(?<!\btp)(?<!\btx)(?<!\bts)(?<!\bbs)(?<!\b[a-zđ])\.(?=\s|$)")
TELEPHONE = re.compile(r"(?<![\w./,+-])(?:\+84[\s.]?\d|\(?0\d{1,3}\)?|1[89]00)(?:[\s.-]?\d{2,4}){1,4}(?![\w/]|[.,-]\d)")
SHORT_NUMBER = re.compile(r"(?:gọi|tổng đài|hotline|số máy|số)\s+(?:ngay\s+)?(?:số\s+)?(11[2-9])(?![\w/]|[.,]\d)")
CALLING = re.compile(
    r"(?<!\w)(?:gọi|liên hệ|liên lạc|đường dây|hotline|tổng đài|điện thoại|đt|sđt|số máy|báo|trực)(?!\w)"
)
IN_FORCE_FOR = re.compile(
    r"trong (?:vòng |thời gian )?(\d{1,3}) (giờ|ngày|tuần|tháng)(?!\w)"
    r"(?:,? kể)?(?: từ| tính từ)?( khi| lúc| thời điểm)?"
)
UNIT = {"giờ": timedelta(hours=1), "ngày": timedelta(days=1), "tuần": timedelta(days=7), "tháng": timedelta(days=30)}
PREPOSITION = re.compile(r"\s*(?:,|lưu trú|tại|ở|đến|vào|qua|các địa điểm|địa điểm|các|những|một trong|trên|:)*\s+")
AT = re.compile(r"(?<!\w)(?:tại|ở|trên)\s+")
AFTERWARDS = re.compile(
    r"[,:;]?\s*(?:vào|khoảng|trong|từ|lúc|ngày|thời gian|hồi|cần|phải|đề nghị|liên hệ|khai báo|để|thì|hãy|và có|nếu)"
    r"(?!\w)"
)
TRAILING = re.compile(
    r"(?:[\s,:;()–-]|(?<!\w)(?:vào|khoảng|trong|từ|lúc|ngày|thời gian|hồi|các|kể|buổi|khung giờ|và))+$"
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of notice with its words made ready."""

    kind: UrgentKind
    heads: re.Pattern[str]
    openers: re.Pattern[str] | None
    objects: re.Pattern[str] | None
    speakers: re.Pattern[str] | None


class Notices:
    """Recognises urgent notices. Built once from the vocabulary; `find` is pure."""

    def __init__(self, words: UrgentWords, version: str) -> None:
        self._version = version
        self._marked = _Rules(words, lambda names: names)
        self._accentless = _Rules(words, lambda names: tuple(fold(name) for name in names if " " in name))

    def find(self, text: Text, article: Article) -> TagMatch | None:
        """The notice that the article is, as a tag of kind `urgent`; None when it is none."""
        rules = self._marked if text.marked else self._accentless
        found = rules.recognised(text, article.published)
        if found is None or rules.is_told(text):
            return None
        kind, start, end = found
        notice = rules.notice(text, kind, article.published)
        weak = WEAK if kind.slug == "canh-bao" else set()
        if kind.ordering and not {one.order for one in notice.orders} - weak:
            return None
        return TagMatch("urgent", kind.slug, kind.label, (text.evidence(start, end),), self._version, notice)


class _Rules:
    """The words as patterns on Text.plain: with marks, or without for text that was typed so."""

    def __init__(self, words: UrgentWords, typed: Callable[[tuple[str, ...]], tuple[str, ...]]) -> None:
        def of(names: Iterable[str]) -> str:
            kept = typed(tuple(names))
            return either(kept) if kept else r"(?!)"

        def whole(names: Iterable[str]) -> re.Pattern[str]:
            return re.compile(rf"(?<!\w)(?:{of(names)})(?!\w)")

        self._kinds = [
            _Kind(
                kind,
                whole(kind.heads),
                re.compile(rf"\s*(?:\W*)(?:{of(kind.openers)})(?!\w)(?:\s*[:!–-]|\s)") if kind.openers else None,
                whole(kind.objects) if kind.objects else None,
                whole(kind.speakers) if kind.speakers else None,
            )
            for kind in words.kinds
        ]
        heads = typed(tuple(name for kind in words.kinds for name in (*kind.heads, *kind.openers)))
        firsts = Counter(name.split(" ")[0] for name in heads)
        common = {first for first, times in firsts.items() if times > 9 and len(first) > 2}
        self._marks = _shortest(first + " " if (first := name.split(" ")[0]) in common else name for name in heads)
        self._orders = [(one.slug, _shortest(typed(one.words)), whole(one.words)) for one in words.orders]
        self._carried = re.compile(rf"(?<!\w)(?:{of(words.carried)}) $")
        self._not_heads = whole(words.not_heads)
        self._never = whole(words.never)
        self._never_in_title = whole(words.never_in_title)
        self._elsewhere = whole(words.elsewhere)
        self._abroad = re.compile(rf"\W*(?:{of(words.abroad)})(?!\w)")
        self._home = whole(("việt nam", "bộ y tế", "cục quản lý dược", "sở y tế"))
        self._asking = whole(words.asking)
        self._valid = whole(words.valid)
        self._measures = whole(words.measures)
        self._not_valid = whole(words.not_valid)
        self._issuing = re.compile(rf"(?<!\w)(?:{of(words.issuing)}) $")
        self._generic = re.compile(rf"(?<!\w)(?:địa điểm|khu vực|nơi|cơ sở|bệnh viện) (?:{of(words.generic)})(?!\w)")

    # --- is it one?

    def recognised(self, text: Text, published: datetime) -> tuple[UrgentKind, int, int] | None:
        """Kind of notice and [start, end) of the words that say so."""
        top = text.plain[: text.body + HEADING]
        if not any(mark in top for mark in self._marks):
            return None
        if (headed := self._headed(text, published)) is not None:
            return headed
        excluded = [match.span() for match in self._not_heads.finditer(text.plain, 0, text.body + HEADING)]
        for field, start, end in (("title", 0, text.lead - 1), ("lead", text.lead, text.body - 1)):
            for one in self._kinds:
                span = self._earned(one, text, field, start, max(start, end), excluded)
                if span and not self._is_old(text, span[1], published):
                    return one.kind, *span
        return None

    def is_told(self, text: Text) -> bool:
        """Whether the text tells of a notice and is none: a report, a drill, an end, one of another country."""
        return (
            self._never.search(text.plain, 0, text.body) is not None
            or self._never_in_title.search(text.plain, 0, text.lead) is not None
            or self._is_foreign(text)
        )

    def _is_foreign(self, text: Text) -> bool:
        """Whether it is a notice of another country, and of goods that never were in this one."""
        told = self._abroad.match(text.plain) is not None and self._home.search(text.plain) is None
        return told or self._elsewhere.search(text.plain) is not None

    def _earned(
        self, one: _Kind, text: Text, field: str, start: int, end: int, excluded: list[tuple[int, int]]
    ) -> tuple[int, int] | None:
        opener = one.openers.match(text.plain, start, end) if one.openers else None
        if opener and not _inside(excluded, opener.end() - 2):
            return _trimmed(text.plain, start, opener.end())
        for match in one.heads.finditer(text.plain, start, end):
            if _inside(excluded, match.start()) or self._carried.search(text.plain, start, match.start()):
                continue
            told = field == "lead" and match[0] in DISPATCH
            if told and not self._is_issued(text, start, match.start()):
                continue
            if self._has_company(one, text, match.span(), start, end):
                return match.span()
        return None

    def _is_issued(self, text: Text, first: int, start: int) -> bool:
        return start == first or self._issuing.search(text.plain, max(first, start - 20), start) is not None

    def _has_company(self, one: _Kind, text: Text, span: tuple[int, int], first: int, last: int) -> bool:
        """Whether what is recalled, or who warns, is said beside the head."""
        start, end = span
        if one.objects is not None:
            return one.objects.search(text.plain, max(first, start - CLAUSE), min(last, end + CLAUSE)) is not None
        if one.speakers is not None:
            clause = text.plain[max(first, start - CLAUSE) : start]
            own = clause[max(clause.rfind(sign) for sign in ",.;:!?") + 1 :] if clause else ""
            return not clause.strip() or one.speakers.search(own) is not None
        return True

    def _headed(self, text: Text, published: datetime) -> tuple[UrgentKind, int, int] | None:
        """A heading in capitals at the top of the body."""
        start = text.body
        for line in text.shown[text.body : text.body + HEADING].split("\n")[:6]:
            end = start + len(line)
            if line.isupper() and len(line) < 120:
                for one in self._kinds[:2]:
                    match = one.heads.match(text.plain, start, end)
                    if match and not self._is_old(text, match.end(), published):
                        return one.kind, *match.span()
            start = end + 1
        return None

    def _is_old(self, text: Text, end: int, published: datetime) -> bool:
        """Whether a day that stands right behind the words lies long before the article."""
        stop = _sentence(text.plain, end)[1]
        today = published.astimezone(LOCAL).date()
        year = re.search(r"(?<!\w)năm ((?:19|20)\d\d)(?!\w)", text.plain[end : min(stop, end + 40)])
        if year and int(year[1]) < today.year:
            return True
        for window in windows(text.plain, end, min(stop, end + 60), today):
            return window.since is not None and not window.to and _passed(window, published)
        return False

    # --- what does it say?

    def notice(self, text: Text, kind: UrgentKind, published: datetime) -> Notice:
        """What the text orders, whom it asks, until when it holds, which numbers to call."""
        until, words = self._until(text, published)
        where = tuple(islice(self._where(text, published), MOST)) if kind.slug != "thu-hoi" else ()
        return Notice(tuple(self._ordered(text)), where, until, words, tuple(_phones(text)))

    def _ordered(self, text: Text) -> Iterator[Ordered]:
        for slug, marks, words in self._orders:
            if any(mark in text.plain for mark in marks) and (match := words.search(text.plain)):
                yield Ordered(slug, text.evidence(*match.span()))

    def _until(self, text: Text, published: datetime) -> tuple[datetime | None, Evidence | None]:
        """The first end named; of two on one day the one whose words give the hour."""
        found = list(self._ends(text, published))
        if not found:
            return None, None
        day = found[0][0].astimezone(LOCAL).date()
        same = [one for one in found if one[0].astimezone(LOCAL).date() == day]
        until, start, end = next((one for one in same if CLOCK.search(text.plain, one[1], one[2])), found[0])
        return until, text.evidence(start, end)

    def _ends(self, text: Text, published: datetime) -> Iterator[tuple[datetime, int, int]]:
        for words, strong in ((self._valid, True), (self._measures, False)):
            for match in islice(words.finditer(text.plain), ASKED):
                first, stop = _sentence(text.plain, match.start())
                if self._not_valid.search(text.plain, max(first, match.start() - 80), match.end()):
                    continue
                found = _end_behind(text, match, stop, published, strong)
                if found is not None:
                    yield found

    # --- where?

    def _where(self, text: Text, published: datetime) -> Iterator[AskedAbout]:
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
            first, stop = _sentence(text.plain, match.start())
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
        others = (self._asking, *(words for _, _, words in self._orders))
        if any(one.search(text.plain, start, end) for one in others):
            return None
        return start, end


def _asked(text: Text, place: tuple[int, int], times: list[Window]) -> Iterator[AskedAbout]:
    evidence = text.evidence(*place)
    if not times:
        yield AskedAbout(evidence)
    for one in times:
        yield AskedAbout(evidence, text.evidence(one.start, one.end), one.since, one.until)


def _end_behind(
    text: Text, match: re.Match[str], stop: int, published: datetime, strong: bool
) -> tuple[datetime, int, int] | None:
    """The end that the words behind a word of validity name: moment, and where the words stand."""
    today = published.astimezone(LOCAL).date()
    limit = min(stop, match.end() + 160)
    times = list(windows(text.plain, match.end(), limit, today))
    if lasting := IN_FORCE_FOR.search(text.plain, match.end(), limit):
        length = int(lasting[1]) * UNIT[lasting[2]]
        begun = next((one for one in times if one.since and one.start >= lasting.end() - 3), None)
        if begun is not None and begun.since is not None:
            return begun.since + length - LAST, match.start(), begun.end
        if strong and lasting[3]:
            return published.astimezone(UTC) + length, match.start(), lasting.end()
    over = text.plain[: match.end()].endswith(("hết hiệu lực", "hết hạn"))
    for one in times:
        if over and one.since is not None:
            return one.since, match.start(), one.end
        if one.until is None or not one.to or (not strong and one.to == "trước"):
            continue
        if strong or one.until >= published - timedelta(days=1):
            return one.until, match.start(), one.end
    return None


def _phones(text: Text) -> Iterator[Phone]:
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


def _passed(window: Window, published: datetime) -> bool:
    return window.until is not None and published - window.until > OLD


def _sentence(plain: str, at: int) -> tuple[int, int]:
    """[start, end) of the sentence around the offset; a line's end ends it."""
    first = max(0, at - SENTENCE)
    start = max((match.end() for match in SENTENCE_END.finditer(plain, first, at)), default=first)
    stop = SENTENCE_END.search(plain, at, at + SENTENCE)
    return start, stop.start() if stop else min(len(plain), at + SENTENCE)


def _named_from(text: Text, start: int, end: int) -> int:
    """Where a place begins behind small words: "liên quan ca bệnh tại quán Minh Họa" begins with "quán"."""
    found = AT.search(text.plain, start, end)
    return found.end() if found and text.shown[start : found.start()].islower() else start


def _shortest(names: Iterable[str]) -> tuple[str, ...]:
    """Of the names those that hold no other: where none of these stands, none of the names does."""
    kept: list[str] = []
    for name in sorted({tones(name) for name in names}, key=lambda name: (len(name), name)):
        if not any(one in name for one in kept):
            kept.append(name)
    return tuple(kept)


def _inside(spans: list[tuple[int, int]], at: int) -> bool:
    return any(start <= at < end for start, end in spans)


def _trimmed(plain: str, start: int, end: int) -> tuple[int, int]:
    words = plain[start:end].strip(" :!–-")
    first = plain.index(words, start)
    return first, first + len(words)
