"""Finding many names in a text at once: whole words, with exact places. What a find means is decided elsewhere."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import ahocorasick_rs

from aggregator.model import Article, Evidence, Field
from aggregator.text import tones

DASHES = "‐‑‒–—−"  # all stand for "-" in a name; a chain of str.replace is 30 times as fast as one str.translate here
SPACES = "\u00a0\u202f"
MARKED = re.compile(r"[À-ÖØ-öø-ỹ]")  # a letter with a Vietnamese mark, đ included
Role = Literal[
    "name", "in_title", "hint", "capitals", "exclude", "bare", "listed", "place", "foreign", "head", "department"
]


class Sense(NamedTuple):
    """What a name may say. Names of one `group` never overlap: the first, then the longest, wins.

    `exact` asks for these very letters; `capitals` for a capital anywhere, at the first word, or at each.
    """

    group: str
    slug: str
    role: Role
    exact: str = ""
    capitals: Literal["", "any", "first", "each"] = ""

    def fits(self, words: str) -> bool:
        """Whether the words, as the text shows them, are written as the sense asks."""
        if self.capitals == "each":
            return all(not word[0].islower() for word in words.replace("-", " ").split())
        if self.capitals == "any":
            return not words.islower()
        if self.capitals == "first":
            return words[0].isupper()
        return not self.exact or self.exact == words


class Hit(NamedTuple):
    """A name found at [start, end) of a Text, and the senses it may have there (all of one group)."""

    start: int
    end: int
    senses: tuple[Sense, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """An article's title, lead and text in one line of code points: `shown` as stored, `plain` for matching.

    Both have the same length. `lead` and `body` are where those begin; `marked` says whether any letter
    carries a mark: a text without one was typed without accents.
    """

    shown: str
    plain: str
    lead: int
    body: int
    marked: bool

    def field(self, start: int) -> Field:
        """The field that the offset lies in."""
        return "title" if start < self.lead else "lead" if start < self.body else "text"

    def evidence(self, start: int, end: int) -> Evidence:
        """The words at [start, end), with their place in their own field."""
        field = self.field(start)
        base = 0 if field == "title" else self.lead if field == "lead" else self.body
        return Evidence(field, start - base, end - base, self.shown[start:end])


def text_of(article: Article) -> Text:
    """The article's fields laid out for matching. They are NFC (model.Article says so)."""
    shown = f"{article.title}\n{article.lead}\n{article.text}"
    lead = len(article.title) + 1
    plain = even(tones(shown))
    return Text(shown, plain, lead, lead + len(article.lead) + 1, MARKED.search(shown) is not None)


def even(text: str) -> str:
    """The text with one dash and one space, as many code points as before."""
    for sign in DASHES:
        text = text.replace(sign, "-")
    for sign in SPACES:
        text = text.replace(sign, " ")
    return text


class Scanner:
    """An automaton over all names, built once. Names are matched against `Text.plain`."""

    def __init__(self, names: Iterable[tuple[str, Sense]]) -> None:
        table: dict[str, dict[str, list[Sense]]] = {}
        for name, sense in names:
            senses = table.setdefault(even(tones(name)), {}).setdefault(sense.group, [])
            if sense not in senses:
                senses.append(sense)
        self._senses = [
            tuple((group, tuple(found), _said(found), _asks(found)) for group, found in groups.items())
            for groups in table.values()
        ]
        self._automaton = ahocorasick_rs.AhoCorasick(list(table))

    def hits(self, text: Text) -> dict[str, list[Hit]]:
        """The names that stand in the text as whole words, by group, in order, none overlapping another of its group.

        Overlapping finds are filtered by word boundary first and by length then: the other way round loses
        names whose longer neighbour is no whole word.
        """
        plain, shown, size = text.plain, text.shown, len(text.plain)
        found = self._automaton.find_matches_as_indexes(plain, overlapping=True)
        whole = [
            (start, -end, index)
            for index, start, end in found
            if (start == 0 or not plain[start - 1].isalnum()) and (end == size or not plain[end].isalnum())
        ]
        whole.sort()
        free: dict[str, int] = {}
        kept: dict[str, list[Hit]] = {}
        for start, minus_end, index in whole:
            for group, senses, said, asks in self._senses[index]:
                if free.get(group, 0) > start:
                    continue
                if asks:
                    senses = tuple(one for one in senses if one.fits(shown[start:-minus_end]))
                    said = _said(senses)
                if senses:
                    free[group] = -minus_end
                if said:
                    kept.setdefault(group, []).append(Hit(start, -minus_end, said))
        return kept


def _asks(senses: Iterable[Sense]) -> bool:
    return any(sense.exact or sense.capitals for sense in senses)


def _said(senses: Iterable[Sense]) -> tuple[Sense, ...]:
    return tuple(sense for sense in senses if sense.role != "exclude")


def either(words: Iterable[str]) -> str:
    """A regular expression for any of the words, in both tone placements, the longest first."""
    ways = {way for word in words for way in (word, tones(word))}
    return "|".join(re.escape(way) for way in sorted(ways, key=lambda way: (-len(way), way)))


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, those that overlap as one."""
    whole: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if whole and start < whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return whole


def covers(spans: Sequence[tuple[int, int]], start: int) -> bool:
    """Whether one of the merged spans holds the offset behind its own first one."""
    before = bisect_left(spans, (start, 0)) - 1
    return before >= 0 and start < spans[before][1]
