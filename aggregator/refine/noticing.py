"""Whether a text is an urgent notice: it bears a notice's name, or a body orders something in it that holds now. Pure.

The words stand in vocabulary/urgent.yaml. A notice shows itself in title, lead or a heading in capitals: a body that
mentions one makes none.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.refine import genre
from aggregator.refine.directing import GOODS, HEADING, MONEY, RECALL, Directed, Recognised, Said, inside
from aggregator.refine.matching import Text
from aggregator.refine.reporting import Reports
from aggregator.refine.typed import Typed, sentence
from aggregator.refine.vocabulary import UrgentKind, UrgentWords
from aggregator.refine.windows import LOCAL, Window, windows
from aggregator.text import tones

OLD = timedelta(days=14)  # a notice of an earlier day is told of, not issued
CLAUSE = 60  # code points in which the object of a recall, or the speaker of a warning, stands
CLAUSE_END = re.compile(r"[,;:!?-]|\.(?=\s)")
OPENING = 40  # code points of a sentence in which the day stands that opens it
# Above which a text must read like a notice (refine/genre.py), by what the rules say of it; docs/decisions.md tells how
# they were measured: on sets that neither rules nor weights had seen.
SEEN, UNSEEN, REFUSED = -0.65, 0.15, 0.6
URGENT = "khẩn"
DISPATCH = {"công điện", "cong dien"}


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
        self._by_slug_heads = {one.kind.slug: one.heads for one in reversed(self._kinds)}
        self._weights = words.genre
        heads = typed.words((*words.stopping, *(name for kind in words.kinds for name in (*kind.heads, *kind.openers))))
        firsts = Counter(name.split(" ")[0] for name in heads)
        common = {first for first, times in firsts.items() if times > 9 and len(first) > 2}
        self._marks = Typed(lambda name: name).marks(
            first + " " if (first := name.split(" ")[0]) in common else name for name in heads
        )
        self._carried = re.compile(rf"(?<!\w)(?:{typed.of(words.carried)}) $")
        self._not_heads = typed.whole(words.not_heads)
        self._reports = Reports(words, typed)
        self._directed = Directed(words, typed)
        self._issuing = re.compile(rf"(?<!\w)(?:{typed.of(words.issuing)}) $")
        self._stopping = typed.whole(words.stopping)
        self._warned = typed.whole(("cảnh báo", "khuyến cáo"))
        self._unofficial = typed.whole(words.unofficial)

    def find(self, text: Text, published: datetime, said: Said) -> Recognised | None:
        """The notice that the text is, or None."""
        found = self._by_rules(text, published, said)
        if not text.marked:
            return None if found is None or self._reports.tells(text, published) else found
        bar = UNSEEN if found is None else SEEN
        found = found or self._mentioned(text, published)
        if found is None or (margin := genre.margin(self._weights, text)) <= bar:
            return None
        return None if margin <= REFUSED and self._reports.tells(text, published) else found

    def _by_rules(self, text: Text, published: datetime, said: Said) -> Recognised | None:
        """The notice that the text is by its name, else by what it orders."""
        found = self._named(text, published, said)
        if found is not None and not self._is_enough(found.kind, self._is_urgent(text, found), said):
            found = None
        return found or self._directed.find(text, published, said)

    def _mentioned(self, text: Text, published: datetime) -> Recognised | None:
        """A notice that the rules see none in, if its text reads like one: the first words that might call it so."""
        told = self._directed.first(text)
        stop = text.body + HEADING
        kind = self._directed.kind(text, text.body)
        head = self._by_slug_heads[kind.slug].search(text.plain, 0, stop) if kind is not None else None
        if kind is not None and head is not None:
            if self._is_old(text, head.end(), published):
                return None
            return Recognised(kind, *head.span())
        return told and Recognised(kind or self._by_slug["thong-bao-khan"], *told.span())

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
        if opener and not inside(excluded, opener.end() - 2):
            return _trimmed(text.plain, start, opener.end())
        for match in one.heads.finditer(text.plain, start, end):
            if inside(excluded, match.start()) or self._carried.search(text.plain, start, match.start()):
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


def _passed(window: Window, published: datetime) -> bool:
    return window.until is not None and published - window.until > OLD


def _trimmed(plain: str, start: int, end: int) -> tuple[int, int]:
    words = tones(plain[start:end]).strip(" :!–-")
    first = plain.index(words, start)
    return first, first + len(words)
