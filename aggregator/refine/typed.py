"""Lists of words as patterns on Text.plain: as written, or folded for texts that were typed without accents. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aggregator.refine.matching import either
from aggregator.text import fold, tones

SENTENCE = 600  # code points to either side of a word in which its sentence is looked for: bounds a hostile text's work
SENTENCE_END = re.compile(r"[!?;\n]|(?<!\btp)(?<!\btx)(?<!\bts)(?<!\bbs)(?<!\b[a-zđ])\.(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Quick:
    """A pattern that is mostly not there: the text is asked for its marks first, which is ten times as fast."""

    marks: tuple[str, ...]
    pattern: re.Pattern[str]

    def search(self, plain: str, start: int, stop: int) -> re.Match[str] | None:
        """The first find in [start, stop)."""
        part = plain[start:stop]
        return self.pattern.search(plain, start, stop) if any(mark in part for mark in self.marks) else None


@dataclass(frozen=True, slots=True)
class Typed:
    """Makes patterns of words, each word written by `way` ("" leaves it out)."""

    way: Callable[[str], str]

    def words(self, names: Iterable[str]) -> tuple[str, ...]:
        """The words as they are typed."""
        return tuple(word for name in names if (word := self.way(name)))

    def of(self, names: Iterable[str]) -> str:
        """A regular expression for any of the words; one that never matches where none is left."""
        kept = self.words(names)
        return either(kept) if kept else r"(?!)"

    def whole(self, names: Iterable[str]) -> re.Pattern[str]:
        """A pattern for any of the words, not inside a longer one."""
        return re.compile(rf"(?<!\w)(?:{self.of(names)})(?!\w)")

    def quick(self, names: Iterable[str], pattern: str = "") -> Quick:
        """`whole`, for words that are mostly not there; `pattern` holds the words in another way."""
        names = tuple(names)
        return Quick(self.marks(names), re.compile(pattern) if pattern else self.whole(names))

    def marks(self, names: Iterable[str]) -> tuple[str, ...]:
        """Quick to look for: where none of these stands, none of the words does."""
        kept: list[str] = []
        for name in sorted({tones(name) for name in self.words(names)}, key=lambda name: (len(name), name)):
            if not any(one in name for one in kept):
                kept.append(name)
        return tuple(kept)


MARKED = Typed(lambda name: name)
UNMARKED = Typed(lambda name: fold(name) if " " in name else "")  # one syllable alone may mean anything


def sentence(plain: str, at: int) -> tuple[int, int]:
    """[start, end) of the sentence around the offset; a line's end ends it."""
    first = max(0, at - SENTENCE)
    start = max((match.end() for match in SENTENCE_END.finditer(plain, first, at)), default=first)
    stop = SENTENCE_END.search(plain, at, at + SENTENCE)
    return start, stop.start() if stop else min(len(plain), at + SENTENCE)
