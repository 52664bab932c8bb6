"""Which sentences of two texts tell the same, and what they tell differently."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from aggregator.refine import bags
from aggregator.refine.bags import ALIKE, INSIDE, SHORT, Pair
from aggregator.refine.differences import Difference, differences
from aggregator.refine.facts import Sentence


@dataclass(frozen=True)
class Alignment:
    """Pairs of sentences by their places in the two texts. `equal` says the two are the same token for token."""

    a: Sequence[Sentence]
    b: Sequence[Sentence]
    pairs: tuple[tuple[int, int], ...]
    in_a: frozenset[int]
    in_b: frozenset[int]
    equal_a: frozenset[int]
    equal_b: frozenset[int]

    def differences(self) -> tuple[tuple[int, int, Difference], ...]:
        """What the paired sentences tell differently, with their places, sorted."""
        return self._differences

    @cached_property
    def _differences(self) -> tuple[tuple[int, int, Difference], ...]:
        found = [(i, j, one) for i, j in self.pairs for one in differences(self.a[i], self.b[j])]
        return tuple(sorted(found))


def align(a: Sequence[Sentence], b: Sequence[Sentence], near: Iterable[Pair] | None = None) -> Alignment:
    """The alignment of two texts; turning the texts round turns the alignment round.

    Equal sentences first; each other one goes with the most similar sentence left on the other side, from both
    sides, so one sentence may go with two (it was cut). `near` are the places that may be alike, where known.
    """
    keys_a, keys_b = {one.tokens for one in a}, {one.tokens for one in b}
    equal_a = frozenset(i for i, one in enumerate(a) if one.tokens in keys_b)
    equal_b = frozenset(j for j, one in enumerate(b) if one.tokens in keys_a)
    places = bags.near(bags.bags_of(a), bags.bags_of(b)).pairs if near is None else near
    alike = tuple(_alike(a, b, ((i, j) for i, j in places if i not in equal_a and j not in equal_b)))
    pairs = {*_best(alike, 0, b), *_best(alike, 1, a)}
    in_a = equal_a | {i for i, _ in pairs}
    in_b = equal_b | {j for _, j in pairs}
    return Alignment(a, b, tuple(sorted(pairs)), in_a, in_b, equal_a, equal_b)


Alike = tuple[tuple[int, int], tuple[float, int]]


def _alike(a: Sequence[Sentence], b: Sequence[Sentence], places: Iterable[tuple[int, int]]) -> Iterator[Alike]:
    """Those of the pairs that are alike; with how much they are, and how many tokens they share."""
    for i, j in places:
        score = similarity(a[i], b[j])
        if score >= ALIKE:
            yield (i, j), (score, len({*a[i].tokens}.intersection(b[j].tokens)))


def _best(alike: Iterable[Alike], side: int, others: Sequence[Sentence]) -> Iterable[tuple[int, int]]:
    """For each sentence of that side the pair with the most similar one; among equals that with more shared tokens."""
    best: dict[int, tuple[tuple[float, int, tuple[str, ...], int], tuple[int, int]]] = {}
    for pair, (score, shared) in alike:
        place = pair[1 - side]
        rank = (score, shared, others[place].tokens, -place)
        if pair[side] not in best or rank > best[pair[side]][0]:
            best[pair[side]] = (rank, pair)
    return [pair for _, pair in best.values()]


def similarity(a: Sentence, b: Sentence) -> float:
    """How much of their words two sentences share, 0..1, whatever their figures are."""
    size_a, size_b = len(a.words), len(b.words)
    least = size_a if size_a < size_b else size_b
    if least < SHORT and min(len(a.tokens), len(b.tokens)) < SHORT:
        return 1.0 if a.bag == b.bag and len(a.tokens) == len(b.tokens) > 2 else 0.0
    shared = len(a.bag & b.bag)
    dice = 2 * shared / (size_a + size_b)
    return max(dice, ALIKE) if least >= SHORT and shared >= INSIDE * least else dice
