"""The articles of one call, and what they are to each other: worked out once, and only when it is asked."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from aggregator.model import Edit, Known, Link
from aggregator.refine import contradictions, duplicates
from aggregator.refine.compared import Compared
from aggregator.refine.duplicates import Relation

Pair = tuple[str, str]


def pair(edit: Edit) -> Pair | None:
    """The two articles, target and value, that a "merge" or "split" is about, lower id first; None for other edits."""
    one, other = edit.target, edit.value
    if edit.action not in {"merge", "split"} or not (one and other) or one == other:
        return None
    return ordered(one, other)


def ordered(one: str, other: str) -> Pair:
    """The two, the lower id first."""
    return (one, other) if one < other else (other, one)


@dataclass(frozen=True, slots=True)
class Relations:
    """What was worked out of pairs of articles so far, as long as none of them changes.

    `contradicting` tells of a pair whether it shows without a look at their words that they are apart; what is
    `together` is neither so, nor by its words.
    """

    whole: dict[Pair, Relation] = field(default_factory=dict)
    contradicting: dict[Pair, bool] = field(default_factory=dict)
    together: set[Pair] = field(default_factory=set)


Bring = Callable[[Collection[str]], Iterable[Compared]]


def nothing_to_bring(ids: Collection[str]) -> Iterable[Compared]:
    """Of articles that are all at hand."""
    raise KeyError(*ids)


class Field:
    """The articles of one call, with what was worked out of them so far; lives no longer than the call.

    `relations` are those of the same articles that calls before it worked out; it adds to them. Of `others` no more
    is known than when and where they were told: `bring` gives the articles, when their words are asked for.
    """

    def __init__(
        self,
        articles: Iterable[Compared],
        edits: Sequence[Edit],
        relations: Relations | None = None,
        others: Mapping[str, Known] | None = None,
        bring: Bring = nothing_to_bring,
    ) -> None:
        self._read = {one.id: one for one in articles}
        self._bring = bring
        self.held: Mapping[str, Known | Compared] = {**(others or {}), **self._read}
        self.relations = Relations() if relations is None else relations
        self.decided: dict[Pair, Literal["merge", "split"]] = {}
        merges: dict[Pair, Edit] = {}
        for edit in sorted(edits, key=lambda one: (one.at, one.id)):
            ends = pair(edit)
            if ends and ends[0] in self.held and ends[1] in self.held:
                self.decided[ends] = "merge" if edit.action == "merge" else "split"
                merges[ends] = edit
        newest = sorted(merges, key=lambda ends: (merges[ends].at, merges[ends].id), reverse=True)
        self.merges = [ends for ends in newest if self.decided[ends] == "merge"]
        self.placed = {id for ends in self.merges for id in ends}

    def is_read(self, id: str) -> bool:
        """Whether the article's words are at hand."""
        return id in self._read

    def read(self, id: str) -> Compared:
        """The article, for comparing."""
        if id not in self._read:
            self.bring((id,))
        return self._read[id]

    def bring(self, ids: Iterable[str]) -> None:
        """Have these articles at hand."""
        lacking = [id for id in ids if id not in self._read]
        if lacking:
            self._read |= {one.id: one for one in self._bring(lacking)}

    def relation(self, one: str, other: str) -> Relation:
        """What the two are to each other, worked out once."""
        ends = ordered(one, other)
        if ends not in self.relations.whole:
            self.relations.whole[ends] = duplicates.relate(self.read(ends[0]), self.read(ends[1]))
        return self.relations.whole[ends]

    def links(self, pairs: Iterable[Pair]) -> tuple[Link, ...]:
        """The links among these pairs, ordered by (a, b)."""
        found = [self.relation(*ends).link for ends in sorted(pairs) if self.held.keys() >= set(ends)]
        return tuple(link for link in found if link)

    def apart(self, one: str, other: str) -> bool:
        """Whether the two may never share a story. What a person merged or split goes before every rule."""
        return self.contradict(one, other) or self.apart_closely(one, other)

    def contradict(self, one: str, other: str) -> bool:
        """Whether this shows by what the two are about, without a look at their words."""
        ends = ordered(one, other)
        decided = self.decided.get(ends)
        if decided or one in self.placed or other in self.placed:
            return decided == "split"
        if ends not in self.relations.contradicting:
            self.relations.contradicting[ends] = self._contradict(*ends)
        return self.relations.contradicting[ends]

    def _contradict(self, one: str, other: str) -> bool:
        a, b = self.read(one), self.read(other)
        if not contradictions.contradiction(a.about, b.about):
            return False
        if not duplicates.may_correct(a, b):
            return True
        relation = self.relation(one, other)
        return relation is duplicates.NOTHING or bool(relation.apart)  # NOTHING: the words were not looked at

    def apart_closely(self, one: str, other: str) -> bool:
        """Whether two that do not `contradict` each other are apart all the same."""
        ends = ordered(one, other)
        if self.decided.get(ends) or one in self.placed or other in self.placed or ends in self.relations.together:
            return False
        if ends not in self.relations.whole and not duplicates.may_be_apart(self.read(one), self.read(other)):
            self.relations.together.add(ends)
            return False
        return bool(self.relation(one, other).apart)

    def differ(self, one: str, other: str) -> bool:
        """Whether the two may never be one text."""
        differing = self.relation(one, other).differing
        if differing is None:
            differing = duplicates.closely(self.read(one), self.read(other)).differing
        return bool(differing) or self.apart(one, other)

    def split(self, one: str, other: str) -> bool:
        """Whether a person split the two."""
        return self.decided.get(ordered(one, other)) == "split"

    def by_publication(self, id: str) -> tuple[datetime, str]:
        """The order that names the original: the earliest published, then the lower id."""
        return self.held[id].published, id

    def by_first_sight(self, id: str) -> tuple[datetime, str]:
        """The order that names a story: the first seen, then the lower id."""
        return self.held[id].first_seen, id
