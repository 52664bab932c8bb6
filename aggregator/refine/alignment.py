"""Which sentences of two texts tell the same, and what they tell differently."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from aggregator.refine.differences import Difference, differences
from aggregator.refine.facts import Sentence
from aggregator.refine.likeness import COMMON, FUNCTION

ALIKE = 0.6  # share of tokens (facts without their values) that makes two sentences one; tests/evals: .5 joins lists
INSIDE = 0.8  # the same, of the shorter: a sentence cut in two, or shortened
SHORT = 5  # tokens below which only an equal sentence counts
ROUNDING = 1e-9  # of the share of a whole number
REMEMBERED = 1 << 15  # words


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


class Rare(NamedTuple):
    """Where the words of a text stand: a bit for each sentence, by word; `heads` are the rarest words of each."""

    words: dict[str, int]
    heads: dict[str, int]


def rare(text: Sequence[Sentence]) -> Rare:
    """Where the words of a text stand.

    The shorter of two sentences that are alike has at least ALIKE of its words in common with the other: of any more
    than the rest of them one is shared. The rarest so many are its head.
    """
    words: dict[str, int] = {}
    heads: dict[str, int] = {}
    for place, one in enumerate(text):
        bit = 1 << place
        for word in one.bag:
            words[word] = words.get(word, 0) | bit
        for word in sorted(one.bag, key=USUAL.__getitem__)[: int((1 - ALIKE) * len(one.bag) + ROUNDING) + 1]:
            heads[word] = heads.get(word, 0) | bit
    return Rare(words, heads)


class _Usual(dict[str, int]):
    """How little a word tells: 0, as every notice has it 1, as every sentence 2; empties itself before it grows large.

    Any order would do; the better it is, the fewer sentences are looked at.
    """

    def __missing__(self, word: str) -> int:
        if len(self) >= REMEMBERED:
            self.clear()
        self[word] = found = 2 if word in FUNCTION or word[0] == "#" else 1 if word in COMMON else 0
        return found


USUAL = _Usual()


def align(
    a: Sequence[Sentence], b: Sequence[Sentence], rare_a: Rare | None = None, rare_b: Rare | None = None
) -> Alignment:
    """The alignment of two texts; turning the texts round turns the alignment round. `rare` of each, where known.

    Equal sentences first; each other one goes with the most similar sentence left on the other side, from both
    sides, so one sentence may go with two (it was cut).
    """
    keys_a, keys_b = {one.tokens for one in a}, {one.tokens for one in b}
    equal_a = frozenset(i for i, one in enumerate(a) if one.tokens in keys_b)
    equal_b = frozenset(j for j, one in enumerate(b) if one.tokens in keys_a)
    rest_a, rest_b = (sum(1 << at for at in range(len(one)) if at not in e) for one, e in ((a, equal_a), (b, equal_b)))
    alike = tuple(_alike(a, b, may_be_alike(a, b, near(rare_a or rare(a), rare_b or rare(b), rest_a, rest_b))))
    pairs = {*_best(alike, 0, b), *_best(alike, 1, a)}
    in_a = equal_a | {i for i, _ in pairs}
    in_b = equal_b | {j for _, j in pairs}
    return Alignment(a, b, tuple(sorted(pairs)), in_a, in_b, equal_a, equal_b)


def near(a: Rare, b: Rare, rest_a: int, rest_b: int) -> Iterator[tuple[int, int]]:
    """The places of sentences, each of the rest of its text, that share a word of the head of either, as they come."""
    found: dict[int, int] = {}
    for ours, theirs in ((a.heads, b.words), (a.words, b.heads)):
        for word in ours.keys() & theirs.keys():
            others = theirs[word] & rest_b
            if others:
                for i in _places(ours[word] & rest_a):
                    found[i] = found.get(i, 0) | others
    return ((i, j) for i, others in found.items() for j in _places(others))


def _places(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def may_be_alike(
    a: Sequence[Sentence], b: Sequence[Sentence], places: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Those of the pairs whose marks do not prove that `similarity` is below ALIKE.

    Of the words that two bags share no more fall on one bit than of either bag alone: that many are added.
    """
    for i, j in places:
        one, other = a[i], b[j]
        size, size_other = len(one.bag), len(other.bag)
        shared = (one.mark & other.mark).bit_count() + size - one.mark.bit_count()
        least = size if size < size_other else size_other
        if 2 * shared >= ALIKE * (size + size_other) or shared >= INSIDE * least:
            yield i, j


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
    size_a, size_b = len(a.bag), len(b.bag)
    least = size_a if size_a < size_b else size_b
    if least < SHORT and min(len(a.tokens), len(b.tokens)) < SHORT:
        return 1.0 if a.bag == b.bag and len(a.tokens) == len(b.tokens) > 2 else 0.0
    shared = len(a.bag & b.bag)
    dice = 2 * shared / (size_a + size_b)
    return max(dice, ALIKE) if least >= SHORT and shared >= INSIDE * least else dice
