"""Facts that each of two texts tells for itself: of one kind, and told by the other nowhere, in whatever words. Pure.

Sentences that are aligned show what they tell differently; a fact retold in other words stands in none of them. Where
both texts have such facts of one kind, one may be the other told wrongly.
"""

from collections.abc import Iterable

from aggregator.refine.differences import Difference, agree, value_and_measure
from aggregator.refine.facts import Kind, Sentence, kind_of

Told = tuple[Kind, str]  # a kind of fact, and its measure: ages are no doses


def facts(a: Iterable[Sentence], b: Iterable[Sentence], leave: frozenset[str] = frozenset()) -> tuple[Difference, ...]:
    """One pair for each kind of fact that both have for themselves: the first of either side; some are left out."""
    return apiece(facts_of(a) - leave, facts_of(b) - leave)


def apiece(told_a: frozenset[str], told_b: frozenset[str]) -> tuple[Difference, ...]:
    """The same, of all facts of either side."""
    own_a, own_b = _own(told_a, told_b), _own(told_b, told_a)
    return tuple(Difference(kind[0], own_a[kind], own_b[kind]) for kind in sorted(own_a.keys() & own_b.keys()))


def names(a: frozenset[str], b: frozenset[str]) -> tuple[Difference, ...]:
    """The same for places, by their slugs."""
    own_a, own_b = a - b, b - a
    return (Difference("place", min(own_a), min(own_b)),) if own_a and own_b else ()


def facts_of(text: Iterable[Sentence]) -> frozenset[str]:
    """The tokens of all facts."""
    return frozenset([token for one in text for token in one.tokens if token[0] == "#"])


def _own(one: frozenset[str], other: frozenset[str]) -> dict[Told, str]:
    """For each kind the first fact of the one that agrees with none of the other."""
    by_value: dict[str, list[str]] = {}
    for token in other:
        by_value.setdefault(value_and_measure(token)[0], []).append(token)
    found: dict[Told, str] = {}
    for token in sorted(one - other):
        value, measure = value_and_measure(token)
        kind = kind_of(token)
        if kind is not None and not any(agree(token, said) for said in by_value.get(value, ())):
            found.setdefault((kind, measure), token)
    return found
