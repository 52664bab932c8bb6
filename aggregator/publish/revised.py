"""What a source changed in a text after it was first seen, as far as a reader may be told. Pure.

What the source removed is counted and never shown again: it may be a person's name. For the same reason a sentence
that was added once and is gone today is not told, and of a changed telephone or identity number only the new one is.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import pairwise

from aggregator.model import Field, Revision
from aggregator.publish.voice import Voice
from aggregator.text import sentences

FIELDS: tuple[tuple[Field, str], ...] = (("title", "tiêu đề"), ("lead", "phần dẫn"), ("text", "nội dung"))
ALIKE = 0.6  # ratio of words from which an old and a new sentence are one that was reworded
MOST_PAIRS = 2_500  # old sentences times new ones: beyond, the text was written anew and nothing is paired
MOST = 6  # sentences, and figures, told of one revision
FIGURE = re.compile(r"\d+(?:[.,/:\- ]\d+)*")
THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
PERSONAL = 8  # digits from which a number without day or thousands may be a telephone's or a person's


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that changed; `before` is "" where it may not be shown again."""

    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Revised:
    """One revision: in which fields it changed ("" for the first), what is new in it and still stands, what is gone.

    `removed` counts sentences. `cut`: more is new than is told here, or stands in a field that may not be shown.
    """

    number: int
    seen_at: datetime
    fields: str = ""
    added: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    removed: int = 0
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What is new in a text, which figures stand in the place of others, and how many sentences are gone."""

    added: tuple[str, ...]
    figures: tuple[Figure, ...]
    removed: int


def revised(voice: Voice) -> tuple[Revised, ...]:
    """Each revision of the telling, the oldest first, beside the one before it."""
    revisions = voice.telling.revisions
    standing = _standing(voice)
    rows = [Revised(one.number, one.seen_at) for one in revisions[:1]]
    for before, after in pairwise(revisions):
        rows.append(_row(before, after, voice, standing))
    return tuple(rows)


def _row(before: Revision, after: Revision, voice: Voice, standing: frozenset[str]) -> Revised:
    changed = [(field, words) for field, words in FIELDS if getattr(before, field) != getattr(after, field)]
    seen = [change(getattr(before, field), getattr(after, field)) for field, _ in changed if voice.shows(field)]
    added = [words for one in seen for words in one.added if words in standing]
    now = " ".join(standing)
    figures = [one for each in seen for one in each.figures if one.now in now]
    return Revised(
        after.number,
        after.seen_at,
        ", ".join(words for _, words in changed),
        tuple(added[:MOST]),
        tuple(figures[:MOST]),
        sum(one.removed for one in seen),
        cut=len(seen) < len(changed) or len(added) > MOST or len(figures) > MOST,
    )


def _standing(voice: Voice) -> frozenset[str]:
    """The sentences that a reader may see today."""
    article = voice.telling.article
    texts = (article.title, article.lead, article.text)
    shown = [text for (field, _), text in zip(FIELDS, texts, strict=True) if voice.shows(field)]
    return frozenset(said for text in shown for said in sentences(text))


def change(before: str, after: str) -> Change:
    """How the one text became the other; a sentence that was reworded is neither new nor gone but for its figures."""
    old, new = sentences(before), sentences(after)
    gone = [said for said in old if said not in set(new)]
    come = [said for said in new if said not in set(old)]
    partners = _partners(gone, come)
    figures = [one for was, now in partners for one in _figures(was, now)]
    only_figures = {now for was, now in partners if FIGURE.sub("#", was) == FIGURE.sub("#", now)}
    added = tuple(said for said in come if said not in only_figures)
    return Change(added, tuple(dict.fromkeys(figures)), len(gone) - len(partners))


def _partners(gone: Sequence[str], come: Sequence[str]) -> list[tuple[str, str]]:
    """Old and new wordings of one sentence, the most alike first; each sentence has one partner at most."""
    if len(gone) * len(come) > MOST_PAIRS:
        return []
    scored = [(_alike(was, now), -i, -j) for i, was in enumerate(gone) for j, now in enumerate(come)]
    taken: dict[int, int] = {}
    for score, i, j in sorted(scored, reverse=True):
        if score >= ALIKE and -i not in taken and -j not in taken.values():
            taken[-i] = -j
    return [(gone[i], come[j]) for i, j in sorted(taken.items())]


def _alike(was: str, now: str) -> float:
    matcher = SequenceMatcher(None, was.split(), now.split(), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


def _figures(was: str, now: str) -> Iterable[Figure]:
    """The figures that stand in the place of others."""
    old, new = FIGURE.findall(was), FIGURE.findall(now)
    for step, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step == "replace" and a2 - a1 == b2 - b1:
            yield from (Figure(_public(a), b) for a, b in zip(old[a1:a2], new[b1:b2], strict=True))


def _public(figure: str) -> str:
    """The figure, "" for what may be a telephone number or a number of identity."""
    plain = "/" in figure or THOUSANDS.fullmatch(figure)
    return figure if plain or sum(letter.isdigit() for letter in figure) < PERSONAL else ""
