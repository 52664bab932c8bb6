"""Whether two articles are one text, or tell one story. Symmetric, pure, and the same whatever else is stored.

READ FIRST `relate`: a cheap look, then what contradicts, then the sentences, then the words. A differing fact in
two aligned sentences is never merged away: such a pair is at most one story, with the disagreement in its reason.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from aggregator.model import Disagreement, Link, Told
from aggregator.refine import bags, because, contradictions, likeness, misread, shares, templates, unshared
from aggregator.refine.alignment import Alignment, align
from aggregator.refine.bags import Near
from aggregator.refine.compared import Compared
from aggregator.refine.contradictions import WINDOW
from aggregator.refine.differences import Difference
from aggregator.refine.disagreement import told_apiece, told_differently

RULE = "duplicates-7"

# Measured in tests/evals: duplicates (138 pairs) and the open half of pairs (1,402); raise the version with a change.
LOOK = 0.18  # cosine of weighted terms below which, unless half of the smaller's are shared, nothing is compared
SMALLER = 0.5
SAME_TEXT = 0.6  # share of the shorter text that stands in the other, for a near-duplicate
RELATED = 0.26  # cosine of weighted terms for one story in other words; other events of one topic reach .23
# What shared figures add to it, by their weight, and up to which: with two shared, tellings go down to a cosine of .19;
# other events above .2 of which nothing else speaks against one story share none.
FIGURE_SUPPORT, ENOUGH_FIGURES = 0.035, 3.0
# What a word of a shared proper name adds, and up to how many: .06 at most, for tellings in other words.
NAME_SUPPORT, ENOUGH_NAMES = 0.015, 4
RELATED_DAYS = timedelta(days=3)  # one story is told on near days
ARTICLE = frozenset(("#num:1",))  # "một": as often an article as a number
NAMING = ({"doc"}, {"lot"}, {"date"}, {"place"})  # kinds of fact, one of which a correction may change in the name


@dataclass(frozen=True, slots=True)
class Relation:
    """What two articles are to each other. `apart` says why they can never share a story, "" when they can.

    `differing` are facts of aligned sentences that they tell differently: such two are never one article. None where
    nobody has looked: `closely` does.
    """

    link: Link | None = None
    apart: str = ""
    differing: tuple[Difference, ...] | None = ()


NOTHING = Relation()
FAR = Relation(apart=contradictions.TOO_FAR)


def compare(a: Told, b: Told) -> Link | None:
    """The link between two articles, None when they are neither one text nor one story."""
    return relate(Compared(a), Compared(b)).link


def relate(one: Compared, other: Compared) -> Relation:
    """The whole relation, whichever of the two comes first."""
    a, b = (one, other) if one.id < other.id else (other, one)
    if abs(a.published - b.published) > WINDOW:
        return FAR
    if a.id == b.id or not a.is_like(b):
        return NOTHING
    apart = contradictions.contradiction(a.about, b.about)
    if not apart and _same_words(a, b):
        return _equal(a, b)
    if apart and _naming_fact_corrected(a, b):
        return _linked(a, b, "duplicate", 1.0, because.CORRECTED)
    if apart or not _look(a, b):
        return Relation(apart=apart)
    if a.source == b.source:
        return _within_source(a, b)
    return _across(a, b)


def _same_words(a: Compared, b: Compared) -> bool:
    """Whether the two are equal token for token, and long enough to be a text."""
    if a.said[0] < shares.ENOUGH:
        return False
    if a.text_digest == b.text_digest and a.about.local_day == b.about.local_day:
        return True
    return a.said == b.said and a.reading.tokens == b.reading.tokens


def _look(a: Compared, b: Compared) -> bool:
    return likeness.are_near(a.terms, b.terms, LOOK, SMALLER)


def _near(a: Compared, b: Compared) -> Near:
    return bags.near(a.bags, b.bags)


def _share(a: Compared, b: Compared, near: Near) -> float:
    """What shares.share() can reach at most."""
    return near.share(a.bags, b.bags)


def _aligned(a: Compared, b: Compared, near: Near) -> Alignment:
    return align(a.sentences, b.sentences, near.pairs)


def may_correct(a: Compared, b: Compared) -> bool:
    """Whether one may correct the other: of one source, and it says so."""
    return a.source == b.source and (a.corrects or b.corrects)


def may_be_apart(one: Compared, other: Compared) -> bool:
    """Whether two that do not contradict each other may be apart all the same, as `relate` will tell.

    Only a shared text or a look back can part them. Most share too little for the one, and say nothing of the other.
    """
    a, b = (one, other) if one.id < other.id else (other, one)
    looks_back = a.source != b.source and templates.may_follow_up(a, b)
    return looks_back or _share(a, b, _near(a, b)) >= templates.TEMPLATE


def closely(one: Compared, other: Compared) -> Relation:
    """The relation of two that `relate` found to be no more than unlike texts, with the facts they tell differently."""
    a, b = (one, other) if one.id < other.id else (other, one)
    return (_within_source if a.source == b.source else _across)(a, b, closely=True)


def _within_source(a: Compared, b: Compared, closely: bool = False) -> Relation:
    """One source gave two ids: one article only when the texts are equal, or one says that it corrects the other."""
    if a.said == b.said and a.reading.tokens == b.reading.tokens:
        return _equal(a, b)
    near = _near(a, b)
    if not closely and _share(a, b, near) < templates.TEMPLATE:
        return Relation(differing=None)
    alignment = _aligned(a, b, near)
    if shares.share(a, b, alignment) >= SAME_TEXT and (a.corrects or b.corrects):
        return _linked(a, b, "duplicate", 1.0, because.CORRECTED)
    kinds = tuple(sorted({found for _, _, found in alignment.differences()}))
    return Relation(apart=templates.fillings(a, b, alignment), differing=kinds)


def _naming_fact_corrected(a: Compared, b: Compared) -> bool:
    """Whether one source corrects a fact that names the event: its document, lot, day or place, and nothing else.

    Such a correction looks like a sister release; only one that says what it is, under the same title, is none.
    """
    if not may_correct(a, b):
        return False
    alignment = _aligned(a, b, _near(a, b))
    titled = 0 in alignment.in_a and 0 in alignment.in_b
    kinds = {"place" if found.kind == "name" else found.kind for _, _, found in alignment.differences()}
    return titled and kinds in NAMING and shares.share(a, b, alignment) >= SAME_TEXT


def _equal(a: Compared, b: Compared) -> Relation:
    if a.source == b.source:
        return _linked(a, b, "duplicate", 1.0, because.EQUAL)
    whole = len(a.sentences)
    return _linked(a, b, "duplicate", 1.0, f"{whole}/{whole} câu trùng nhau; {because.SAME_FACTS}")


def _across(a: Compared, b: Compared, closely: bool = False) -> Relation:
    near = _near(a, b)
    if not closely and _is_unlike(a, b, near):
        return Relation(differing=None)
    alignment = _aligned(a, b, near)
    kinds = tuple(
        sorted({found for i, j, found in alignment.differences() if not templates.is_retitled(a, b, i, j, found)})
    )
    apart = templates.fillings(a, b, alignment) or templates.follow_up(a, b, alignment)
    if apart:
        return Relation(apart=apart, differing=kinds)
    share = shares.share(a, b, alignment)
    same = share >= SAME_TEXT and shares.opening_kept(a, b, alignment)
    if same and kinds:
        why = because.differing(a, b, alignment, kinds)
        return _story(a, b, 0.9 * share, why, kinds, told_differently(alignment))
    apiece = kinds or _unshared(a, b, alignment)
    if same and apiece:
        told = told_apiece(alignment, apiece, a.labels | b.labels)
        return _story(a, b, 0.9 * share, because.unshared(a, b, alignment, apiece), apiece, told)
    if same:
        return _linked(a, b, "duplicate", share, because.same(a, b, alignment))
    return replace(_related(a, b, alignment, kinds), differing=apiece)


def _is_unlike(a: Compared, b: Compared, near: Near) -> bool:
    """Whether it shows without their sentences that the two are neither linked nor apart."""
    if _share(a, b, near) >= shares.ADVICE or templates.may_follow_up(a, b):
        return False
    return abs(a.published - b.published) > RELATED_DAYS or _kinship(a, b, a.terms, b.terms) < RELATED


def _unshared(a: Compared, b: Compared, alignment: Alignment) -> tuple[Difference, ...]:
    """Facts of one kind that either tells and the other nowhere, in whatever words: they may be one fact retold."""
    found = unshared.apiece(a.reading.facts, b.reading.facts)
    left_a = [one for i, one in enumerate(a.sentences) if i not in alignment.in_a and one.field != "title"]
    left_b = [one for j, one in enumerate(b.sentences) if j not in alignment.in_b and one.field != "title"]
    return found or unshared.facts(left_a, left_b, ARTICLE) or unshared.names(a.about.places, b.about.places)


def _related(a: Compared, b: Compared, alignment: Alignment, kinds: tuple[Difference, ...]) -> Relation:
    """One story in other words; what both took from a common text that is on top of neither does not count."""
    if abs(a.published - b.published) > RELATED_DAYS:
        return Relation(differing=kinds)
    terms_a, terms_b = a.terms, b.terms
    if shares.is_advice(a, b, alignment):
        terms_a = likeness.packed(likeness.terms(s for i, s in enumerate(a.sentences) if i not in alignment.in_a))
        terms_b = likeness.packed(likeness.terms(s for j, s in enumerate(b.sentences) if j not in alignment.in_b))
    score = _kinship(a, b, terms_a, terms_b)
    if score < RELATED:
        return Relation(differing=kinds)
    told = told_differently(alignment, in_other_words=True) or misread.facts(a.sentences, b.sentences)
    return _story(a, b, score, because.related(a, b, kinds), kinds, told)


def _kinship(a: Compared, b: Compared, terms_a: likeness.Packed, terms_b: likeness.Packed) -> float:
    """How near two tellings are: their words, the figures and the names that both have."""
    shared = sum(map(likeness.fact_weight, a.telling & b.telling))
    named = NAME_SUPPORT * min(len(a.names & b.names), ENOUGH_NAMES)
    return likeness.cosine(terms_a, terms_b) + FIGURE_SUPPORT * min(shared, ENOUGH_FIGURES) + named


def _linked(a: Compared, b: Compared, kind: Literal["duplicate", "story"], score: float, why: str) -> Relation:
    return Relation(Link(a.id, b.id, kind, round(min(score, 1.0), 3), why, RULE))


def _story(
    a: Compared, b: Compared, score: float, why: str, kinds: tuple[Difference, ...], told: tuple[Disagreement, ...]
) -> Relation:
    return Relation(Link(a.id, b.id, "story", round(min(score, 1.0), 3), why, RULE, told), "", kinds)
