"""Whether a text is an urgent notice: it bears a notice's name, or a body orders something in it that holds now. Pure.

The words stand in vocabulary/urgent.yaml. A notice shows itself in title, lead or a heading in capitals: a body that
mentions one makes none.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from aggregator.refine.matching import Text
from aggregator.refine.reporting import Reports
from aggregator.refine.typed import Typed, sentence
from aggregator.refine.vocabulary import UrgentKind, UrgentWords
from aggregator.refine.windows import LOCAL, Window, windows
from aggregator.text import tones

OLD = timedelta(days=14)  # a notice of an earlier day is told of, not issued
RECENT = timedelta(days=45)  # who was somewhere on a day so long ago may still be asked for: twice a long incubation
CLAUSE = 60  # code points in which the object of a recall, or the speaker of a warning, stands
CLAUSE_END = re.compile(r"[,;:!?-]|\.(?=\s)")
HEADING = 300  # code points of the body in which a heading in capitals may say what the text is
OPENING = 40  # code points of a sentence in which the day stands that opens it
GOODS = frozenset({"stop-using", "stop-selling", "return"})  # said of goods
URGENT = "khẩn"
RECALL = re.compile(r"(?<!\w)thu (?:hồi|hoi|gom)(?!\w)")
MONEY = re.compile(r" (?:\S+ ){0,3}(?:tỷ|tỉ|triệu|nghìn|ngàn)? ?(?:đồng|usd)(?!\w)")  # behind "thu hồi"
DISPATCH = {"công điện", "cong dien"}
DAYS = 12  # windows of time that are looked at in title and lead


class Recognised(NamedTuple):
    """The kind, and [start, end) of the words that say so."""

    kind: UrgentKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Said:
    """What the rest of the text says, asked for only where it decides.

    `orders` are those of people; `advises` whether it has what any text on a disease ends with.
    """

    orders: Callable[[], frozenset[str]]
    advises: Callable[[], bool]
    ends: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of notice with its words made ready."""

    kind: UrgentKind
    heads: re.Pattern[str]
    openers: re.Pattern[str] | None
    objects: re.Pattern[str] | None
    speakers: re.Pattern[str] | None


class Recogniser:
    """The words of urgent.yaml that make a text a notice, or none, as patterns."""

    def __init__(self, words: UrgentWords, typed: Typed) -> None:
        self._kinds = [_kind(kind, words.stopping, typed) for kind in words.kinds]
        self._by_slug = {kind.slug: kind for kind in reversed(words.kinds)}
        heads = typed.words((*words.stopping, *(name for kind in words.kinds for name in (*kind.heads, *kind.openers))))
        firsts = Counter(name.split(" ")[0] for name in heads)
        common = {first for first, times in firsts.items() if times > 9 and len(first) > 2}
        self._marks = Typed(lambda name: name).marks(
            first + " " if (first := name.split(" ")[0]) in common else name for name in heads
        )
        self._carried = re.compile(rf"(?<!\w)(?:{typed.of(words.carried)}) $")
        self._not_heads = typed.whole(words.not_heads)
        self._reports = Reports(words, typed)
        self._issuing = re.compile(rf"(?<!\w)(?:{typed.of(words.issuing)}) $")
        self._asking = typed.quick(words.asking)
        self._stopping = typed.whole(words.stopping)
        self._warned = typed.whole(("cảnh báo", "khuyến cáo"))
        self._unofficial = typed.whole(words.unofficial)
        self._addressed = re.compile(
            rf"(?<!\w)(?:{typed.of(words.directing)})(?: \w+){{0,3}}? (?:{typed.of(words.people)})(?!\w)"
        )
        self._bodies = typed.whole(words.bodies)
        self._directing = typed.quick(words.directing, rf"(?<!\w)(?<!ban )(?:{typed.of(words.directing)})(?!\w)")
        self._imposing = typed.quick(words.imposing)
        self._now = typed.quick(words.now)
        self._kind_of = [
            (self._by_slug[slug], typed.quick(names))
            for slug, names in (
                ("thu-hoi", ("thu hồi", "lưu hành", "lưu thông", "rút khỏi", "lô")),
                ("cong-dien", ("hỏa tốc", "công điện", "chỉ đạo", "điện khẩn")),
                ("canh-bao", ("cảnh báo", "khuyến cáo", "nguy cơ", "nguy hại")),
            )
        ]

    def find(self, text: Text, published: datetime, said: Said) -> Recognised | None:
        """The notice that the text is, or None."""
        found = self._named(text, published, said)
        if found is not None and not self._is_enough(found.kind, self._is_urgent(text, found), said):
            found = None
        found = found or self._directed(text, published, said)
        return None if found is None or self._reports.tells(text, published) else found

    def _is_urgent(self, text: Text, found: Recognised) -> bool:
        """Whether the words themselves, or others of the kind in title or lead, say that it is urgent."""
        heads = next(one.heads for one in self._kinds if one.kind is found.kind)
        told = heads.finditer(text.plain, 0, text.body)
        return URGENT in text.plain[found.start : found.end] or any(URGENT in match[0] for match in told)

    def _is_enough(self, kind: UrgentKind, urgent: bool, said: Said) -> bool:
        """Whether the text orders what a notice of the kind must: a warning that orders nothing is advice.

        One that calls itself urgent may order what advice does: to see a doctor.
        """
        if not kind.ordering:
            return True
        return bool(said.orders()) or (said.advises() and (kind.slug != "canh-bao" or urgent or said.ends()))

    # --- by its name

    def _named(self, text: Text, published: datetime, said: Said) -> Recognised | None:
        top = text.plain[: text.body + HEADING]
        if not any(mark in top for mark in self._marks):
            return None
        if (headed := self._headed(text, published)) is not None:
            return headed
        excluded = [match.span() for match in self._not_heads.finditer(text.plain, 0, text.body + HEADING)]
        for field, start, end in (("title", 0, text.lead - 1), ("lead", text.lead, text.body - 1)):
            for one in self._kinds:
                span = self._earned(one, text, field, start, max(start, end), excluded, said)
                if span and not self._is_old(text, span[1], published):
                    return self._of_its_kind(Recognised(one.kind, *span), text, excluded, said)
        return None

    def _of_its_kind(self, found: Recognised, text: Text, excluded: list[tuple[int, int]], said: Said) -> Recognised:
        """The kind that the rest of title and lead says behind a word that only says how urgent it is.

        "Khẩn cấp thu hồi ..." recalls, "Hỏa tốc: ..." is a dispatch where the lead says so, and a warning not to use
        something recalls nothing.
        """
        opens = self._kinds[0].openers
        if opens is not None and found.kind is self._kinds[0].kind and opens.match(text.plain, 0, text.lead):
            for slug, start, end in (("thu-hoi", 0, text.lead - 1), ("cong-dien", text.lead, text.body - 1)):
                one = next(each for each in self._kinds if each.kind.slug == slug)
                field = "lead" if start else "title"
                if span := self._earned(one, text, field, start, max(start, end), excluded, said):
                    return Recognised(one.kind, *span)
        if found.kind.slug == "thu-hoi" and self._stopping.match(text.plain, found.start):
            warning = next(each for each in self._kinds if each.kind.slug == "canh-bao")
            recalled = RECALL.search(text.plain, 0, text.body)
            told = None if recalled else self._warned.search(text.plain, 0, text.lead)
            return Recognised(warning.kind, *told.span()) if told else found
        return found

    def _earned(
        self, one: _Kind, text: Text, field: str, start: int, end: int, excluded: list[tuple[int, int]], said: Said
    ) -> tuple[int, int] | None:
        opener = one.openers.match(text.plain, start, end) if one.openers else None
        if opener and not _inside(excluded, opener.end() - 2):
            return _trimmed(text.plain, start, opener.end())
        for match in one.heads.finditer(text.plain, start, end):
            if _inside(excluded, match.start()) or self._carried.search(text.plain, start, match.start()):
                continue
            if RECALL.match(text.plain, match.start()) and MONEY.match(text.plain, match.end()):
                continue
            told = field == "lead" and match[0] in DISPATCH
            if told and not self._is_issued(text, start, match.start()):
                continue
            if self._has_company(one, text, match.span(), start, end, said):
                return match.span()
        return None

    def _is_issued(self, text: Text, first: int, start: int) -> bool:
        return start == first or self._issuing.search(text.plain, max(first, start - 20), start) is not None

    def _has_company(self, one: _Kind, text: Text, span: tuple[int, int], first: int, last: int, said: Said) -> bool:
        """Whether what is recalled, or who warns, is said beside the head."""
        start, end = span
        if one.objects is not None:
            near = one.objects.search(text.plain, max(first, start - CLAUSE), min(last, end + CLAUSE))
            return near is not None or bool(said.orders() & GOODS)
        if one.speakers is not None:
            clause = text.plain[max(first, start - CLAUSE) : start]
            own = CLAUSE_END.split(clause)[-1]
            official = one.speakers.search(own) is not None and self._unofficial.search(own) is None
            opens = not clause.strip() or (not own.strip(" “\"'\n") and bool(said.orders() & GOODS))
            return official or opens
        return True

    def _headed(self, text: Text, published: datetime) -> Recognised | None:
        """A heading in capitals at the top of the body."""
        start = text.body
        for line in text.shown[text.body : text.body + HEADING].split("\n")[:6]:
            end = start + len(line)
            if line.isupper() and len(line) < 120:
                for one in self._kinds[:2]:
                    match = one.heads.match(text.plain, start, end)
                    if match and not self._is_old(text, match.end(), published):
                        return Recognised(one.kind, *match.span())
            start = end + 1
        return None

    def _is_old(self, text: Text, end: int, published: datetime) -> bool:
        """Whether a day right behind the words, or at the head of their sentence, lies long before the article."""
        first, stop = sentence(text.plain, end)
        today = published.astimezone(LOCAL).date()
        year = re.search(r"(?<!\w)năm ((?:19|20)\d\d)(?!\w)", text.plain[end : min(stop, end + 40)])
        if year and int(year[1]) < today.year:
            return True
        opening = next(windows(text.plain, first, min(end, first + OPENING), today), None)
        if opening is not None and opening.start - first < len("ngày ") + 1 and _passed(opening, published):
            return True
        for window in windows(text.plain, end, min(stop, end + 60), today):
            return window.since is not None and not window.to and _passed(window, published)
        return False

    # --- by what it orders

    def _directed(self, text: Text, published: datetime, said: Said) -> Recognised | None:
        """A body directs in title or lead, something is ordered, and it holds now: a day, an end, or a word says so.

        Where people are asked for who were somewhere of late, any order will do; where goods are, no day is needed.
        """
        stop = text.body if text.body - text.lead > 1 else text.body + HEADING
        directing, measure = self._directing.search(text.plain, 0, stop), self._imposing.search(text.plain, 0, stop)
        if (directing or measure) is None or self._bodies.search(text.plain, 0, stop) is None:
            return None
        times = tuple(islice(windows(text.plain, 0, stop, published.astimezone(LOCAL).date()), DAYS))
        due = any(_is_due(one, published) for one in times)
        told = directing or (measure if due else None)
        now = self._now.search(text.plain, 0, stop) is not None
        late = self._asks_of_late(text, stop, times, published) or self._addresses_of_late(text, stop, published)
        kind = next((one for one, words in self._kind_of if words.search(text.plain, 0, stop)), None)
        recalls = kind is not None and kind.slug == "thu-hoi" and self._recalls_goods(text, stop)
        if told is None or not (due or now or late or recalls):
            return None
        orders = said.orders()
        asks = late and (bool(orders) or said.advises())
        if asks or (now and orders) or (due and orders - {"call"}) or (recalls and orders & GOODS):
            return Recognised(kind or self._by_slug["thong-bao-khan"], *told.span())
        return None

    def _recalls_goods(self, text: Text, stop: int) -> bool:
        """Whether not all that is called back is money, papers or land; true where the word itself is not used."""
        told = list(RECALL.finditer(text.plain, 0, stop))
        other = [match.span() for match in self._not_heads.finditer(text.plain, 0, stop)]
        goods = (not _inside(other, one.start()) and not MONEY.match(text.plain, one.end()) for one in told)
        return not told or any(goods)

    def _asks_of_late(self, text: Text, stop: int, times: Sequence[Window], published: datetime) -> bool:
        """Whether people are asked for, and title or lead name a day shortly before the article."""
        late = any(one.since is not None and timedelta(0) <= published - one.since <= RECENT for one in times)
        return late and self._asking.search(text.plain, 0, stop + HEADING) is not None

    def _addresses_of_late(self, text: Text, stop: int, published: datetime) -> bool:
        """Whether people are addressed who did something on a day of late: "đề nghị người dự đám cưới ngày 22/3"."""
        today = published.astimezone(LOCAL).date()
        for told in islice(self._addressed.finditer(text.plain, 0, stop), DAYS):
            one = next(windows(text.plain, told.end(), min(sentence(text.plain, told.end())[1], stop), today), None)
            if one is not None and one.since is not None and timedelta(0) <= published - one.since <= RECENT:
                return True
        return False


def _kind(kind: UrgentKind, stopping: Sequence[str], typed: Typed) -> _Kind:
    heads = typed.of(kind.heads)
    if kind.stopped:
        heads += rf"|(?:{typed.of(stopping)})(?: ngay)?(?: việc)? (?:{typed.of(kind.stopped)})"
    opening = rf"\s*(?:\W*)(?:{typed.of(kind.openers)})(?!\w)(?:\s*[:!–-]|\s)"
    return _Kind(
        kind,
        re.compile(rf"(?<!\w)(?:{heads})(?!\w)"),
        re.compile(opening) if kind.openers else None,
        typed.whole(kind.objects) if kind.objects else None,
        typed.whole(kind.speakers) if kind.speakers else None,
    )


def _is_due(window: Window, published: datetime) -> bool:
    """Whether it ends or begins when the article is out."""
    ends = window.to and window.until is not None and window.until >= published
    return bool(ends or (window.since is not None and window.since >= published - timedelta(hours=12)))


def _passed(window: Window, published: datetime) -> bool:
    return window.until is not None and published - window.until > OLD


def _inside(spans: list[tuple[int, int]], at: int) -> bool:
    return any(start <= at < end for start, end in spans)


def _trimmed(plain: str, start: int, end: int) -> tuple[int, int]:
    words = tones(plain[start:end]).strip(" :!–-")
    first = plain.index(words, start)
    return first, first + len(words)
