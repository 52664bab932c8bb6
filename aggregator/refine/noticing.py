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
from aggregator.refine.typed import Typed, sentence
from aggregator.refine.vocabulary import UrgentKind, UrgentWords
from aggregator.refine.windows import LOCAL, Window, windows
from aggregator.text import tones

OLD = timedelta(days=14)  # a notice of an earlier day is told of, not issued
RECENT = timedelta(days=45)  # who was somewhere on a day so long ago may still be asked for: twice a long incubation
CLAUSE = 60  # code points in which the object of a recall, or the speaker of a warning, stands
HEADING = 300  # code points of the body in which a heading in capitals may say what the text is
GENRE = 40  # code points of the lead that say what kind of text it is
WEAK = frozenset({"seek-care", "monitor", "test"})  # any advice on a disease ends with these: they order nothing now
GOODS = frozenset({"stop-using", "stop-selling", "return"})  # said of goods
URGENT = "khẩn"
DISPATCH = {"công điện", "cong dien"}
DAYS = 12  # windows of time that are looked at in title and lead


class Recognised(NamedTuple):
    """The kind, and [start, end) of the words that say so."""

    kind: UrgentKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Said:
    """What the rest of the text says, asked for only where it decides."""

    orders: Callable[[], frozenset[str]]
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
        self._kinds = [_kind(kind, typed) for kind in words.kinds]
        self._by_slug = {kind.slug: kind for kind in reversed(words.kinds)}
        heads = typed.words(name for kind in words.kinds for name in (*kind.heads, *kind.openers))
        firsts = Counter(name.split(" ")[0] for name in heads)
        common = {first for first, times in firsts.items() if times > 9 and len(first) > 2}
        self._marks = Typed(lambda name: name).marks(
            first + " " if (first := name.split(" ")[0]) in common else name for name in heads
        )
        self._carried = re.compile(rf"(?<!\w)(?:{typed.of(words.carried)}) $")
        self._not_heads = typed.whole(words.not_heads)
        self._never = typed.whole(words.never)
        self._never_in_title = typed.whole(words.never_in_title)
        self._genres = typed.whole(words.genres)
        self._ends = typed.whole(words.ends)
        self._over = re.compile(rf"(?<!\w){typed.of(['đã'])} (?:được )?(?:{typed.of(words.ends)})(?!\w)")
        self._elsewhere = typed.whole(words.elsewhere)
        self._abroad = re.compile(rf"\W*(?:{typed.of(words.abroad)})(?!\w)")
        self._home = typed.whole(("việt nam", "bộ y tế", "cục quản lý dược", "sở y tế"))
        self._issuing = re.compile(rf"(?<!\w)(?:{typed.of(words.issuing)}) $")
        self._asking = typed.quick(words.asking)
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
        if found is not None and not self._is_enough(found.kind, URGENT in text.plain[found.start : found.end], said):
            found = None
        found = found or self._directed(text, published, said)
        return None if found is None or self._is_told(text, published) else found

    def _is_enough(self, kind: UrgentKind, urgent: bool, said: Said) -> bool:
        """Whether the text orders what a notice of the kind must: a warning that orders nothing is advice.

        One that calls itself urgent may order what advice does: to see a doctor.
        """
        if not kind.ordering:
            return True
        orders = said.orders()
        return bool(orders - WEAK) or (bool(orders) and (kind.slug != "canh-bao" or urgent or said.ends()))

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
        """A title that begins with "Khẩn cấp" alone says its kind behind it: "Khẩn cấp thu hồi ..."."""
        opens = self._kinds[0].openers
        if opens is None or found.kind is not self._kinds[0].kind or not opens.match(text.plain, 0, text.lead):
            return found
        recall = next(one for one in self._kinds if one.kind.slug == "thu-hoi")
        span = self._earned(recall, text, "title", 0, text.lead - 1, excluded, said)
        return Recognised(recall.kind, *span) if span else found

    def _earned(
        self, one: _Kind, text: Text, field: str, start: int, end: int, excluded: list[tuple[int, int]], said: Said
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
            own = clause[max(clause.rfind(sign) for sign in ",.;:!?") + 1 :] if clause else ""
            return not clause.strip() or one.speakers.search(own) is not None
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
        """Whether a day that stands right behind the words lies long before the article."""
        stop = sentence(text.plain, end)[1]
        today = published.astimezone(LOCAL).date()
        year = re.search(r"(?<!\w)năm ((?:19|20)\d\d)(?!\w)", text.plain[end : min(stop, end + 40)])
        if year and int(year[1]) < today.year:
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
        late = self._asks_of_late(text, stop, times, published)
        kind = next((one for one, words in self._kind_of if words.search(text.plain, 0, stop)), None)
        recalls = kind is not None and kind.slug == "thu-hoi"
        if told is None or not (due or now or late or recalls):
            return None
        orders = said.orders()
        strong = orders - WEAK
        if (late and orders) or (now and strong) or (due and strong - {"call"}) or (recalls and orders & GOODS):
            return Recognised(kind or self._by_slug["thong-bao-khan"], *told.span())
        return None

    def _asks_of_late(self, text: Text, stop: int, times: Sequence[Window], published: datetime) -> bool:
        """Whether people are asked for, and title or lead name a day shortly before the article."""
        late = any(one.since is not None and timedelta(0) <= published - one.since <= RECENT for one in times)
        return late and self._asking.search(text.plain, 0, stop + HEADING) is not None

    # --- only told of

    def _is_told(self, text: Text, published: datetime) -> bool:
        """Whether the text tells of a notice and is none: a report, a drill, an end, one of another country."""
        return (
            self._never.search(text.plain, 0, text.body) is not None
            or self._never_in_title.search(text.plain, 0, text.lead) is not None
            or self._genres.search(text.plain, 0, text.lead + min(GENRE, text.body - text.lead)) is not None
            or self._is_over(text, published)
            or self._is_foreign(text)
        )

    def _is_over(self, text: Text, published: datetime) -> bool:
        """Whether its end is told: in the title, or behind "đã" in the lead; an end still to come is none."""
        told = self._ends.search(text.plain, 0, text.lead) or self._over.search(text.plain, text.lead, text.body)
        if told is None:
            return False
        today = published.astimezone(LOCAL).date()
        times = windows(text.plain, told.end(), sentence(text.plain, told.end())[1], today)
        return not any(one.until is not None and one.until > published for one in times)

    def _is_foreign(self, text: Text) -> bool:
        """Whether it is a notice of another country, and of goods that never were in this one."""
        told = self._abroad.match(text.plain) is not None and self._home.search(text.plain) is None
        return told or self._elsewhere.search(text.plain) is not None


def _kind(kind: UrgentKind, typed: Typed) -> _Kind:
    opening = rf"\s*(?:\W*)(?:{typed.of(kind.openers)})(?!\w)(?:\s*[:!–-]|\s)"
    return _Kind(
        kind,
        typed.whole(kind.heads),
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
