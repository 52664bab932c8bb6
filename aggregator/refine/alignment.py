"""Which sentences of two texts tell the same, and what they tell differently."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from aggregator.refine.differences import Difference, differences
from aggregator.refine.facts import Sentence

ALIKE = 0.6  # share of tokens (facts without their values) that makes two sentences one; tests/evals: .5 joins lists
INSIDE = 0.8  # the same, of the shorter: a sentence cut in two, or shortened
SHORT = 5  # tokens below which only an equal sentence counts


Places = dict[int, list[int]]


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


def align(a: Sequence[Sentence], b: Sequence[Sentence]) -> Alignment:
    """The alignment of two texts; turning the texts round turns the alignment round.

    Equal sentences first; each other one goes with the most similar sentence left on the other side, from both
    sides, so one sentence may go with two (it was cut).
    """
    keys_a, keys_b = {one.tokens for one in a}, {one.tokens for one in b}
    equal_a = frozenset(i for i, one in enumerate(a) if one.tokens in keys_b)
    equal_b = frozenset(j for j, one in enumerate(b) if one.tokens in keys_a)
    rest_a = [i for i in range(len(a)) if i not in equal_a]
    rest_b = [j for j in range(len(b)) if j not in equal_b]
    near_a = _may_be_alike(a, b, rest_a, rest_b)
    near_b: Places = {j: [] for j in rest_b}
    for i, near in near_a.items():
        for j in near:
            near_b[j].append(i)
    pairs = {(i, best) for i, near in near_a.items() if (best := _best(a[i], b, near)) is not None}
    pairs |= {(best, j) for j, near in near_b.items() if (best := _best(b[j], a, near)) is not None}
    in_a = equal_a | {i for i, _ in pairs}
    in_b = equal_b | {j for _, j in pairs}
    return Alignment(a, b, tuple(sorted(pairs)), in_a, in_b, equal_a, equal_b)


def _best(one: Sentence, others: Sequence[Sentence], places: Sequence[int]) -> int | None:
    """The place of the most similar sentence; among equals the one with more of the same figures."""
    alike: list[tuple[float, int, tuple[str, ...], int]] = []
    for place in places:
        score = similarity(one, others[place])
        if score >= ALIKE:
            shared = len(set(one.tokens).intersection(others[place].tokens))
            alike.append((score, shared, others[place].tokens, -place))
    return -max(alike)[3] if alike else None


def _may_be_alike(a: Sequence[Sentence], b: Sequence[Sentence], rest: Sequence[int], others: Sequence[int]) -> Places:
    """For each place of the rest the other places, without those whose marks prove that `similarity` is below ALIKE.

    Of the words that two bags share no more fall on one bit than of either bag alone: that many are added.
    """
    rows = [(j, b[j].mark, len(b[j].bag)) for j in others]
    found = {}
    for i in rest:
        mark, size = a[i].mark, len(a[i].bag)
        spare = size - mark.bit_count()
        found[i] = [
            j
            for j, other, size_other in rows
            if 2 * (shared := (mark & other).bit_count() + spare) >= ALIKE * (size + size_other)
            or shared >= INSIDE * size_other
            or shared >= INSIDE * size
        ]
    return found


def similarity(a: Sentence, b: Sentence) -> float:
    """How much of their words two sentences share, 0..1, whatever their figures are."""
    size_a, size_b = len(a.bag), len(b.bag)
    least = size_a if size_a < size_b else size_b
    if least < SHORT and min(len(a.tokens), len(b.tokens)) < SHORT:
        return 1.0 if a.bag == b.bag and len(a.tokens) == len(b.tokens) > 2 else 0.0
    shared = len(a.bag & b.bag)
    dice = 2 * shared / (size_a + size_b)
    return max(dice, ALIKE) if least >= SHORT and shared >= INSIDE * least else dice
