"""Which sentences of two texts may be alike, by the numbers of their words alone: a proof that the others are not.

How many words every two sentences of two texts share is counted at once: each sentence of one text has a lane, some
bits of a long number, in which the words of a sentence of the other add up. A text's bags take little room, so that
most pairs of articles are told apart without a look at their sentences.
"""

from array import array
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, pairwise
from math import ceil
from struct import pack
from zlib import crc32

from aggregator.refine.facts import Sentence

ALIKE = 0.6  # share of tokens (facts without their values) that makes two sentences one; tests/evals: .5 joins lists
INSIDE = 0.8  # the same, of the shorter: a sentence cut in two, or shortened
SHORT = 5  # tokens below which only an equal sentence counts
ROUNDING = 1e-9  # of the share of a whole number

LANE = 32  # bits: a sentence of two thousand million words would fill half of them
BLOCK = 64  # sentences side by side in one number, of 256 bytes
FULL = 1 << LANE - 1  # the highest bit of a lane: set where the words shared are enough
REMEMBERED = 1 << 15  # words
SPREAD = 64  # texts whose lanes are at hand, some 40 kB each
Pair = tuple[int, int]  # places of two sentences


class _Numbers(dict[str, int]):
    """A number of 32 bits for each word, the same on every machine; empties itself before it grows large.

    Two words of one number only make two sentences look more alike than they are.
    """

    def __missing__(self, word: str) -> int:
        if len(self) >= REMEMBERED:
            self.clear()
        self[word] = number = crc32(word.encode("utf-8", "surrogatepass"))
        return number


NUMBERS = _Numbers()


class Lanes:
    """Some sentences side by side: by word a one in the lane of each that has it; a lane's need, by size."""

    def __init__(self, bags: Sequence[Sequence[int]]) -> None:
        self.sizes = [len(one) for one in bags]
        self.words: dict[int, int] = {}
        held = self.words.get
        for at, bag in enumerate(bags):
            one = 1 << LANE * at
            for word in bag:
                self.words[word] = held(word, 0) | one
        self._full = _side_by_side([FULL] * len(bags))
        self._lacking: dict[int, int] = {}

    def shared_enough(self, bag: Sequence[int]) -> Iterator[int]:
        """Places of the sentences that share enough words with this one to be alike."""
        size = len(bag)
        if size not in self._lacking:
            self._lacking[size] = _side_by_side([FULL - needed(size, one) for one in self.sizes])
        found = sum(filter(None, map(self.words.get, bag)), self._lacking[size]) & self._full
        while found:
            lowest = found & -found
            yield lowest.bit_length() // LANE - 1
            found ^= lowest


def _side_by_side(numbers: Sequence[int]) -> int:
    return int.from_bytes(pack(f"<{len(numbers)}I", *numbers), "little")


@lru_cache(maxsize=1 << 14)
def needed(size: int, other: int) -> int:
    """How many words two sentences of so many must share before they can be alike (alignment.similarity)."""
    least = min(size, other)
    enough = ceil(ALIKE * (size + other) / 2 - ROUNDING)
    return min(enough, ceil(INSIDE * least - ROUNDING)) if least >= SHORT else enough


@dataclass(slots=True, eq=False)
class Bags:
    """The words of a text's sentences as numbers, in little room.

    `ends[i]` is where those of sentence i end in `words`; `lines` has a number for each sentence, equal for equal
    tokens; `weights` are the tokens of each, 0 for the title's; `lanes` are there while they are in use.
    """

    words: "array[int]"
    ends: "array[int]"
    lines: "array[int]"
    weights: "array[int]"
    lanes: tuple[Lanes, ...] | None = field(default=None, repr=False)

    @property
    def size(self) -> int:
        """Tokens of the body."""
        return sum(self.weights)

    def each(self) -> Iterator["array[int]"]:
        """The words of each sentence."""
        return (self.words[start:end] for start, end in pairwise((0, *self.ends)))


def bags_of(sentences: Sequence[Sentence], weights: Iterable[int] = ()) -> Bags:
    """The bags of a text's sentences."""
    words = array("I", [NUMBERS[word] for one in sentences for word in one.words])
    ends = array("I", accumulate(len(one.words) for one in sentences))
    return Bags(words, ends, array("q", [hash(one.tokens) for one in sentences]), array("I", weights))


IN_USE: deque[Bags] = deque()


def _lanes(one: Bags) -> tuple[Lanes, ...]:
    if one.lanes is None:
        bags = list(one.each())
        one.lanes = tuple(Lanes(bags[first : first + BLOCK]) for first in range(0, len(bags), BLOCK))
        IN_USE.append(one)
        if len(IN_USE) > SPREAD:
            IN_USE.popleft().lanes = None
    return one.lanes


@dataclass(frozen=True, slots=True)
class Near:
    """What of two texts may be one: pairs of places that may be alike, and those whose sentence the other may have.

    Nothing that is alike is missing; `is_none` proves that nothing is.
    """

    pairs: tuple[Pair, ...]
    in_a: frozenset[int]
    in_b: frozenset[int]

    @property
    def is_none(self) -> bool:
        """Whether no sentence of either text stands in the other."""
        return not self.in_a and not self.in_b

    def share(self, a: Bags, b: Bags) -> float:
        """What shares.share() can reach at most."""
        size_a, size_b = a.size, b.size
        share_a = sum([a.weights[i] for i in self.in_a]) / (size_a or 1)
        share_b = sum([b.weights[j] for j in self.in_b]) / (size_b or 1)
        return share_a if size_a < size_b else share_b if size_b < size_a else max(share_a, share_b)


def near(a: Bags, b: Bags) -> Near:
    """What of the two texts may be one. Turning the texts round turns it round."""
    is_turned = a.lanes is not None and b.lanes is None  # what is at hand is used
    pairs = [(i, j) for j, i in _pairs(b, a)] if is_turned else list(_pairs(a, b))
    equal = {*a.lines}.intersection(b.lines)
    in_a = frozenset([i for i, _ in pairs] + [i for i, line in enumerate(a.lines) if line in equal])
    in_b = frozenset([j for _, j in pairs] + [j for j, line in enumerate(b.lines) if line in equal])
    return Near(tuple(pairs), in_a, in_b)


def _pairs(a: Bags, b: Bags) -> Iterator[Pair]:
    """Places of sentences of either that may be alike, in the order of `a`."""
    blocks = _lanes(b)
    for i, bag in enumerate(a.each()):
        for number, block in enumerate(blocks):
            for j in block.shared_enough(bag):
                yield i, number * BLOCK + j
