"""Which places of Vietnam a text speaks of: told apart by level, date and neighbours; every refusal is a rule here."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from aggregator.refine.matching import Hit, Sense, Text, covers, either
from aggregator.refine.proper import UPPER
from aggregator.refine.vocabulary import Contexts, Place, Vocabulary
from aggregator.text import tones

NAMED_BEFORE = timedelta(days=21)  # new units are in the news before their first day (resolutions of 12-16/06/2025)
LEVELS = {
    "tỉnh": "tỉnh", "thành phố": "thành phố", "tp": "thành phố", "tp.": "thành phố", "t.p": "thành phố",
    "thủ đô": "thành phố", "quận": "quận", "q.": "quận", "huyện": "huyện", "thị xã": "thị xã", "tx.": "thị xã",
    "phường": "phường", "p.": "phường", "xã": "xã", "thị trấn": "thị trấn", "tt.": "thị trấn",
}  # fmt: skip
LEVEL = re.compile(rf"(?<!\w)({either(LEVELS)}) ?$")
LISTED = re.compile(r"^\s*(?:,|;|và|hoặc|hay|-|, và|/)\s*$")
NAME = rf"[{UPPER}]\w*(?: [{UPPER}]\w*)*"
LIST_BEFORE = re.compile(
    rf"(?i:(?<!\w)({either(LEVELS)})) ({NAME})(?:(?:, | và |; |, và ){NAME})*(?:, | và |; |, và )$"
)
INITIALS = re.compile(rf"(?<![{UPPER}.])(?!T\.P\.)(?:[{UPPER}]\.\s?){{2,4}}$")
LOOK_BACK = 120  # code points: a list of eight names or so
DISTRICTS = ("quận", "huyện", "thị xã")


class Found(NamedTuple):
    """A place at [start, end) of the text; `start` takes in its level when that is part of what was said."""

    start: int
    end: int
    place: Place
    level: str


@dataclass(frozen=True, slots=True)
class Around:
    """What the text knows of itself: the day it was published, whose site it stands on, what hides names."""

    day: date
    home: str
    hidden: Sequence[tuple[int, int]]
    foreign: Sequence[Hit]


class Places:
    """Finds places. Built once from the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._places = vocabulary.places
        self._plain = {slug: tones(place.name) for slug, place in vocabulary.places.items()}
        contexts = vocabulary.contexts
        streets, titles = either(contexts.streets), either(contexts.persons.titles)
        between = rf"(?:(?!(?:{either(contexts.not_in_dishes)})(?!\w))\w+ ){{0,3}}"
        self._dish = re.compile(rf"(?<!\w)(?:{either(contexts.dishes)}) {between}$")
        self._street = re.compile(rf"(?<!\w)(?<!thành )(?<!miền )(?:{streets}) $")
        self._titled = re.compile(rf"(?<!\w)(?:{titles}) $")
        self._titles = frozenset(tones(name) for name in contexts.persons.titles)
        self._surnames = frozenset(tones(name) for name in contexts.persons.surnames)
        surnames, middles = either(map(str.title, contexts.persons.surnames)), either(("Văn", "Thị"))
        self._middle = re.compile(rf"(?<!\w)(?:{surnames}) (?:[{UPPER}]\w* )?(?:{middles}) $")
        self._run = re.compile(rf"((?:[{UPPER}]\w* )+)$")

    def find(self, text: Text, hits: Sequence[Hit], around: Around) -> list[Found]:
        """The places, in order of the text. What is sure (provinces, units with their level) decides the rest."""
        named = self._at_home(text, [hit for hit in hits if self._is_named(text, hit)], around)
        levels = {hit: self._level(text, hit) for hit in named}
        provinces = [found for hit in named if (found := self._province(text, hit, levels[hit]))]
        provinces = [one for one in provinces if not one.place.prefixed or self._is_listed(text, one, provinces)]
        units = [found for hit in named if (found := self._unit(text, hit, levels[hit], around.day))]
        sure = [one for one in units if one.level and not one.place.shared]
        anchors = sorted([*provinces, *sure], key=lambda one: (one.start, one.end))
        kept = [one for one in units if self._is_meant(text, one, anchors, around.home)]
        taken = {one.end: one for one in provinces} | {one.end: one for one in kept}
        return sorted(taken.values(), key=lambda one: (one.start, one.end))

    def _at_home(self, text: Text, hits: Sequence[Hit], around: Around) -> list[Hit]:
        """The hits without those abroad, and without their names wherever the text says them again."""
        kept = [hit for hit in hits if not covers(around.hidden, hit.start)]
        if not around.foreign:
            return kept
        abroad = {text.plain[hit.start : hit.end] for hit in kept if self._is_abroad(text, hit, around)}
        return [hit for hit in kept if text.plain[hit.start : hit.end] not in abroad]

    def _is_named(self, text: Text, hit: Hit) -> bool:
        """Whether it is in no dish's, street's or person's name."""
        if is_initialled(text, hit.start) or self.is_given(text, hit.start):
            return False
        if hit.start == 0 or text.plain[hit.start - 1] != " ":
            return True
        before = text.plain[max(0, hit.start - 40) : hit.start]
        if self._street.search(before) or self._dish.search(before):
            return False
        return not self._is_person(text, hit, before)

    def is_given(self, text: Text, start: int) -> bool:
        """Whether a surname and "Văn" or "Thị" stand right before the offset: whatever follows is a person's name."""
        return self._middle.search(text.shown, max(0, start - 40), start) is not None

    def _is_person(self, text: Text, hit: Hit, before: str) -> bool:
        if any(self._places[sense.slug].loose for sense in hit.senses):
            return False
        if self._titled.search(before):
            return True
        run = self._run.search(text.shown, max(0, hit.start - 40), hit.start)
        if run is None or run[0].isupper():
            return False
        names = run[0].split()
        if len(names) > 1 and (names[0].isupper() or tones(names[0]) in self._titles):  # "BN Nguyễn Văn Hà Nam"
            names = names[1:]
        return tones(names[0]) in self._surnames

    def _is_abroad(self, text: Text, hit: Hit, around: Around) -> bool:
        """Whether its namesake abroad is meant: "tỉnh Hà Nam (Trung Quốc)", "Trung Quốc: tỉnh Hà Nam"."""
        if not any(place.abroad for place in self._senses(hit)):
            return False
        twins = {tones(country) for place in self._senses(hit) for country in place.abroad}
        for one in around.foreign:
            behind, before = text.plain[hit.end : one.start], text.plain[one.end : hit.start]
            if text.plain[one.start : one.end] not in twins:
                continue
            if re.fullmatch(r",? \(?(?:của )?", behind) or (before and re.fullmatch(r"[^.;!?\n]{1,40}", before)):
                return True
        return False

    def _level(self, text: Text, hit: Hit) -> str:
        """The level said before the name, or before the list that the name stands in; "" when none is said."""
        before = text.plain[max(0, hit.start - 12) : hit.start]
        if found := LEVEL.search(before):
            return LEVELS[_unified(found[1])]
        listed = LIST_BEFORE.search(text.shown, max(0, hit.start - LOOK_BACK), hit.start)
        return "=" + LEVELS[_unified(listed[1].lower())] if listed else ""

    def _province(self, text: Text, hit: Hit, said: str) -> Found | None:
        place = next((one for one in self._senses(hit) if not one.parent), None)
        if place is None or (said not in ("", "tỉnh", "thành phố") and not said.startswith("=")):
            return None
        alias = text.plain[hit.start : hit.end] != self._plain[place.slug]  # an alias says its level itself
        return Found(hit.start, hit.end, place, place.level if alias else said.lstrip("="))

    def _senses(self, hit: Hit) -> list[Place]:
        return [self._places[sense.slug] for sense in hit.senses]

    def _is_listed(self, text: Text, one: Found, provinces: Sequence[Found]) -> bool:
        if one.level == "thành phố":
            return True
        gaps = [text.plain[other.end : one.start] for other in provinces if other.end <= one.start]
        gaps += [text.plain[one.end : other.start] for other in provinces if other.start >= one.end]
        return any(LISTED.match(gap) for gap in gaps)

    def _unit(self, text: Text, hit: Hit, said: str, day: date) -> Found | None:
        """A unit below a province by its level, or by the name alone (`level` is "" then)."""
        known = [one for one in self._senses(hit) if one.parent and _is_named_by(one, day)]
        level = said.lstrip("=")
        fitting = [one for one in known if one.level == level]
        if not fitting and said in ("", "tỉnh", "thành phố", f"={level}"):
            fitting, level = [one for one in known if one.bare], ""
        if not fitting:
            return None
        place = max(fitting, key=lambda one: _fits(one, day))
        start = _level_start(text, hit.start) if level and not said.startswith("=") else hit.start
        return Found(start, hit.end, place, level)

    def _is_meant(self, text: Text, unit: Found, anchors: Sequence[Found], home: str) -> bool:
        """Whether the unit's province is the one meant: the address behind it says so, else what stands nearest."""
        root = self._root(unit.place)
        behind = next((one for one in anchors if one.start > unit.end and _is_address(text, unit.end, one.start)), None)
        if behind and not behind.place.parent:
            return behind.place.slug == root
        if unit.level and not unit.place.shared:
            return True
        others = [one for one in anchors if one.end != unit.end]
        if not others:
            return home == root
        nearest = min(others, key=lambda one: max(one.start - unit.end, unit.start - one.end))
        return self._root(nearest.place) == root

    def _root(self, place: Place) -> str:
        while place.parent:
            place = self._places[place.parent]
        return place.slug


DISTRICT = r"(?:(?:quận|huyện|thị xã|thành phố|tp\.?) [^,.;\n]{2,25}, ?)?"
ADDRESS = re.compile(rf"(?:, | \(| - |,)?{DISTRICT}(?:tỉnh |thành phố |tp\.? ?|thủ đô )?")


def names(places: Iterable[Place], contexts: Contexts) -> Iterable[tuple[str, Sense]]:
    """The names of places, and of what is mistaken for them, for the scanner."""
    for place in places:
        for name in (place.name, *place.aliases):
            yield name, Sense("place", place.slug, "place", capitals=_capitals(place, name))
    for name in contexts.not_places:
        yield name, Sense("place", "", "exclude")
    for name in contexts.foreign:
        yield name, Sense("foreign", name, "foreign")


def is_initialled(text: Text, start: int) -> bool:
    """Whether a person's initials stand right before the offset: "P.T.Hà Nam", "H.A.Sởi"."""
    dotted = "." in text.plain[max(0, start - 2) : start]
    return dotted and INITIALS.search(text.shown, max(0, start - 12), start) is not None


def _capitals(place: Place, name: str) -> Literal["", "any", "first", "each"]:
    """How the name must be written: one that says its level itself is sure with fewer capitals ("tp.hcm")."""
    if "hcm" in name.lower():
        return ""
    if name.lower().startswith("thành phố "):
        return "any"
    return "first" if place.loose else "each"


def _is_address(text: Text, start: int, end: int) -> bool:
    """Whether only the rest of an address lies between: "xã Minh Châu, huyện Ba Vì, Hà Nội"."""
    return end - start < LOOK_BACK and ADDRESS.fullmatch(text.plain, start, end) is not None


def _is_named_by(place: Place, day: date) -> bool:
    """Whether it may be spoken of on the day: a unit that ended may be, one that is not yet named may not."""
    return place.since is None or day >= place.since - NAMED_BEFORE


def _fits(place: Place, day: date) -> tuple[bool, bool, str]:
    """What is valid on the day first, then the larger unit: "Mê Linh" was the district, not its commune."""
    valid = (place.until is None or day <= place.until) and (place.since is None or day >= place.since)
    return valid, place.level in DISTRICTS, place.slug


def _level_start(text: Text, start: int) -> int:
    found = LEVEL.search(text.plain, max(0, start - 12), start)
    return found.start() if found else start


def _unified(word: str) -> str:
    return word if word in LEVELS else next(level for level in LEVELS if tones(level) == tones(word))
