"""What comparing needs of a text, worked out once and kept: a glance at its words, and its sentences as bytes.

A glance proves cheaply that two texts share too little to be looked at closely. A gist of another rule is of no use:
it is worked out anew from the text, and kept again when it was needed.
"""

import re
import sys
from array import array
from collections.abc import Iterable
from itertools import pairwise
from struct import Struct
from typing import Literal, NamedTuple
from zlib import compress, crc32, decompress

from aggregator.model import Article, Gist
from aggregator.refine import likeness
from aggregator.refine.facts import Sentence, told

# Raise them when what is kept changes for any text; tests/unit/refine/test_gists.py pins what they stand for.
GLANCE_RULE, SENTENCES_RULE = b"g1", b"s2"

# Measured in tests/evals, as the thresholds of refine.duplicates.
WORDS_SHARED = 0.28  # share of the smaller text's own words that the other has too, below which nothing is compared
PAIRS_SHARED = 0.12  # the same for pairs of words side by side, for texts of at least so many of them
MANY_PAIRS = 40

WORD = re.compile(r"\w+")
USUAL = likeness.FUNCTION | likeness.COMMON
REMEMBERED = 1 << 16  # words
FIELDS: dict[str, Literal["title", "lead", "text"]] = {"t": "title", "l": "lead", "x": "text"}
FAST = 1  # of zlib: a text's sentences come to 1.1 kB in 60 µs


class Glance(NamedTuple):
    """The words of a text as printed, and pairs of them side by side, the usual ones left out: their hashes.

    Two words in four thousand million have one hash: they count as one.
    """

    words: frozenset[int]
    pairs: frozenset[int]


class Kept(NamedTuple):
    """A glance as it was kept: each hash once."""

    words: "array[int]"
    pairs: "array[int]"


HEAD = Struct("<I")  # how many words; pairs follow them
WIDTH = 4  # bytes a hash, the lowest first


class _Hashes(dict[str, int]):
    """A number for each word, 0 for the usual ones; empties itself before it grows large."""

    def __missing__(self, word: str) -> int:
        if len(self) >= REMEMBERED:
            self.clear()
        self[word] = hashed = 0 if word in USUAL else crc32(word.encode("utf-8", "surrogatepass")) or 1
        return hashed


HASHES = _Hashes()


def glance(article: Article) -> Glance:
    """The glance at title, lead and text."""
    printed = f"{article.title} {article.lead} {article.text}".lower()
    hashed = list(map(HASHES.__getitem__, WORD.findall(printed)))
    pairs = [(one * 31 ^ other * 0x9E3779B1) & 0xFFFFFFFF for one, other in pairwise(hashed) if one and other]
    return Glance(frozenset(hashed) - {0}, frozenset(pairs))


def worth_a_look(a: Glance, b: Glance | Kept) -> bool:
    """Whether two texts share enough words, and enough pairs of them, to be compared."""
    if len(a.words.intersection(b.words)) < WORDS_SHARED * min(len(a.words), len(b.words)):
        return False
    least = min(len(a.pairs), len(b.pairs))
    return least < MANY_PAIRS or len(a.pairs.intersection(b.pairs)) >= PAIRS_SHARED * least


def packed(one: Glance) -> bytes:
    """The glance as bytes."""
    return GLANCE_RULE + HEAD.pack(len(one.words)) + _bytes(one.words) + _bytes(one.pairs)


def unpacked(kept: bytes) -> Kept | None:
    """The glance of these bytes; None where another rule made them."""
    if not kept.startswith(GLANCE_RULE):
        return None
    (words,) = HEAD.unpack_from(kept, len(GLANCE_RULE))
    first = len(GLANCE_RULE) + HEAD.size
    return Kept(_hashes(kept[first : first + words * WIDTH]), _hashes(kept[first + words * WIDTH :]))


def _bytes(hashes: Iterable[int]) -> bytes:
    held = array("I", sorted(hashes))
    if sys.byteorder == "big":
        held.byteswap()
    return held.tobytes()


def _hashes(kept: bytes) -> "array[int]":
    held = array("I", kept)
    if sys.byteorder == "big":
        held.byteswap()
    return held


def written(sentences: Iterable[Sentence]) -> bytes:
    """The sentences as bytes: a line each, its field, the places of its names, its tokens."""
    lines = [f"{_initial(one)}{_names(one)}\t{' '.join(one.tokens)}" for one in sentences]
    return SENTENCES_RULE + compress("\n".join(lines).encode("utf-8", "surrogatepass"), FAST)


def read(kept: bytes) -> tuple[Sentence, ...] | None:
    """The sentences of these bytes; None where another rule made them, or none were kept."""
    if not kept.startswith(SENTENCES_RULE):
        return None
    text = decompress(kept[len(SENTENCES_RULE) :]).decode("utf-8", "surrogatepass")
    return tuple(map(_sentence, text.split("\n"))) if text else ()


def is_whole(gist: Gist | None) -> bool:
    """Whether nothing of it has to be worked out from the text any more."""
    return gist is not None and gist.glance.startswith(GLANCE_RULE) and gist.sentences.startswith(SENTENCES_RULE)


def _initial(one: Sentence) -> str:
    return next(letter for letter, field in FIELDS.items() if field == one.field)


def _names(one: Sentence) -> str:
    return ",".join(str(place) for place, name in enumerate(one.names) if name)


def _sentence(line: str) -> Sentence:
    head, _, said = line.partition("\t")
    tokens = tuple(said.split(" "))
    if len(head) == 1:
        return told(FIELDS[head], tokens, (False,) * len(tokens))
    names = [False] * len(tokens)
    for place in head[1:].split(","):
        names[int(place)] = True
    return told(FIELDS[head[0]], tokens, tuple(names))
