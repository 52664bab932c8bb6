"""Which authorities speak or order in a text. One that is merely mentioned, written to or impersonated does not."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from aggregator.refine.matching import Hit, Sense, Text, covers, either
from aggregator.refine.places import Found
from aggregator.refine.vocabulary import Place, Term, Vocabulary
from aggregator.text import tones

BEHIND = 90  # code points in which a verb must begin: "Giám đốc Sở Y tế Hà Nội <tên> tại cuộc họp chiều nay yêu cầu"
BETWEEN = re.compile(r"[^.;!?\n]*")
JOINED = re.compile(r" ?(?:tỉnh |thành phố |tp\.? ?|thủ đô )?")
LISTED = re.compile(r" ?(?:,|;|và|, và) ")
OPENING = re.compile(r"(?:^|[\n:;.!?–-] ?|\) ?-? ?)$")  # it opens a field or a sentence: it is the subject
AFTER_COMMA = re.compile(r", $")


class Spoken(NamedTuple):
    """An authority at [start, end) that speaks or orders."""

    start: int
    end: int
    slug: str
    label: str


class Authorities:
    """Finds authorities. Built once from the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        contexts = vocabulary.contexts
        self._terms = {term.slug: term for term in vocabulary.of_kind("authority")}
        self._places = vocabulary.places
        self._acts = re.compile(rf"(?<!\w)(?:{either(contexts.acts)})(?!\w)")
        self._leads = re.compile(rf"(?<!\w)(?:{either(contexts.leads_to)}) (?:các |cả |cơ quan |văn phòng )?$")
        self._of = re.compile(rf"(?<!\w)(?:{either(contexts.of)})(?!\w)[^.;!?\n]{{0,40}} (?:của|từ|do) (?:các )?$")
        self._receives = re.compile(rf"(?<!\w)(?:{either(contexts.receives)}) (?:các |cả |lãnh đạo |đại diện )?$")
        self._silent = re.compile(rf" (?:vẫn |hiện |cũng |đã |đều )*(?:{either(contexts.silent)})(?!\w)")
        self._subject = re.compile(rf" (?!(?:{either(contexts.not_acts)})(?!\w))[^\W\d_]")
        self._surnames = frozenset(tones(name) for name in contexts.persons.surnames)

    def find(
        self,
        text: Text,
        hits: Sequence[Hit],
        places: Sequence[Found],
        hidden: Sequence[tuple[int, int]],
        foreign: Sequence[Hit],
        home: str,
    ) -> list[Spoken]:
        """The authorities that speak or order, in order of the text."""
        abroad = {one.start for one in foreign}
        named: list[tuple[Spoken, Term]] = []
        for hit in hits:
            if covers(hidden, hit.start) or hit.end + 1 in abroad:
                continue
            for sense in hit.senses:
                named.append(self._named(text, hit, self._terms[sense.slug], sense.role, places))
        resolved = self._resolve(named, places, home)
        return self._speaking(text, resolved)

    def _named(self, text: Text, hit: Hit, term: Term, role: str, places: Sequence[Found]) -> tuple[Spoken, Term]:
        """The authority with its province where that follows; slug "" for a bare one still to be resolved."""
        if not term.per:
            return Spoken(hit.start, hit.end, term.slug, term.label), term
        for found in places:
            if not found.place.parent and found.end > hit.end and _joins(text, hit.end, found):
                slug, label = of_place(term, found.place)
                return Spoken(hit.start, found.end, slug, label), term
        bare = role == "bare" and not self._is_other_name(text, hit.end)
        return Spoken(hit.start, hit.end, "", "" if bare else "-"), term

    def _is_other_name(self, text: Text, end: int) -> bool:
        """Whether a name goes on behind: "UBND thành phố Thủ Đức" is not the province's; a person's name may."""
        following = re.match(r" (\w+)", text.shown[end : end + 20])
        if following is None or not following[1][0].isupper():
            return False
        return tones(following[1]) not in self._surnames

    def _resolve(self, named: Sequence[tuple[Spoken, Term]], places: Sequence[Found], home: str) -> list[Spoken]:
        """Bare names: the only one of their kind that the text names, else the site's own, else the only province's."""
        provinces = {one.place.slug for one in places if not one.place.parent}
        resolved: list[Spoken] = []
        for spoken, term in named:
            if spoken.slug:
                resolved.append(spoken)
            elif not spoken.label:
                siblings = {(one.slug, one.label) for one, other in named if other is term and one.slug}
                place = home or (next(iter(provinces)) if len(provinces) == 1 else "")
                if len(siblings) == 1:
                    resolved.append(Spoken(spoken.start, spoken.end, *next(iter(siblings))))
                elif not siblings and place:
                    resolved.append(Spoken(spoken.start, spoken.end, *of_place(term, self._places[place])))
        return resolved

    def _speaking(self, text: Text, named: Sequence[Spoken]) -> list[Spoken]:
        kept: list[Spoken] = []
        last: tuple[int, bool] = (-1, True)
        for one in named:
            received = self._receives_at(text, one.start) or (
                not last[1] and LISTED.fullmatch(text.plain, last[0], one.start) is not None
            )
            if speaks := not received and self._speaks(text, one):
                kept.append(one)
            last = (one.end, speaks or not received)
        return kept

    def _receives_at(self, text: Text, start: int) -> bool:
        before = text.plain[max(0, start - 40) : start]
        return (
            self._receives.search(before) is not None and self._of.search(text.plain, max(0, start - 90), start) is None
        )

    def _speaks(self, text: Text, one: Spoken) -> bool:
        """A verb behind it in the same clause, or a word or noun before it that makes it the speaker."""
        if self._silent.match(text.plain, one.end):
            return False
        clause = BETWEEN.match(text.plain, one.end, min(len(text.plain), one.end + BEHIND))
        if clause and self._acts.search(text.plain, one.end, clause.end()):
            return True
        first = max(0, one.start - 90)
        if self._leads.search(text.plain, max(0, one.start - 40), one.start):
            return (
                not text.plain[: one.start].endswith("của ")
                or self._of.search(text.plain, first, one.start) is not None
            )
        if OPENING.search(text.plain, max(0, one.start - 4), one.start):
            return True
        comma = AFTER_COMMA.search(text.plain, max(0, one.start - 2), one.start)
        predicate = self._subject.match(text.plain, one.end)
        return bool(comma and predicate and text.shown[predicate.end() - 1].islower())


def of_place(term: Term, place: Place) -> tuple[str, str]:
    """Slug and label of a `per` province authority for the place."""
    city = place.level == "thành phố"
    words = {
        "slug": place.slug, "label": place.label, "full": place.full,
        "party": "Thành ủy" if city else "Tỉnh ủy", "party_slug": "thanh-uy" if city else "tinh-uy",
    }  # fmt: skip
    return term.slug.format(**words), term.label.format(**words)


def names(terms: Iterable[Term]) -> Iterable[tuple[str, Sense]]:
    """The names of authorities for the scanner."""
    for term in terms:
        for name in term.bare:
            yield name, Sense("authority", term.slug, "bare", capitals="any")
        for name in term.names:
            if name not in term.bare:
                small = name.startswith("ngành ")  # "ngành y tế Bắc Ninh": the province behind it is its capital
                yield name, Sense("authority", term.slug, "name", capitals="" if small else "any")
        for name in term.capitals:
            yield name, Sense("authority", term.slug, "capitals", name)
        for name in term.exclude:
            yield name, Sense("authority", term.slug, "exclude")


def _joins(text: Text, end: int, found: Found) -> bool:
    return found.start >= end - 12 and JOINED.fullmatch(text.plain, end, max(end, found.start)) is not None
