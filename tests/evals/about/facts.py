"""Judges what is said of a cited document beside its number: its type, who issued it, and when.

A reader is any callable from the text to objects with `number` (canonical), `type` (a slug of README.md's list),
`issuer` (a name) and `date` (a day, or None where the text gives none).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from aggregator.refine import documents
from aggregator.refine.vocabulary import load
from aggregator.text import fold, slug
from tests.evals.about.texts import Labelled

Reader = Callable[[str], Iterable[Any]]
PUBLISHED = date(2026, 11, 20)  # as texts.py gives it to a text that names no day of its own


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares in 0..1 of the expected documents: found, and of those found the facts that are right."""

    found: float
    type: float
    issuer: float
    date: float


@dataclass(frozen=True, slots=True)
class Said:
    """What the code said of a document, in this module's own shape."""

    number: str
    type: str
    issuer: str
    date: date | None


def reader() -> Reader:
    """What the code at hand says of the documents of a text."""
    words = load().documents

    def read(text: str) -> Iterator[Said]:
        found = documents.documents("", "", text)
        for tag in documents.described(found, "", "", text, PUBLISHED, words):
            told: Any = tag.detail
            yield Said(tag.label, slug(told.type), told.issuer, told.day)

    return read


def figures(read: Reader, lines: Sequence[Labelled]) -> Figures:
    """How right a reader is on these lines. An issuer that the labels leave open is not judged."""
    wanted = found = 0
    right: dict[str, list[bool]] = {"type": [], "issuer": [], "date": []}
    for text in lines:
        said = {slug(each.number): each for each in read(text.article.text)}
        for want in text.labels["documents"]:
            wanted += 1
            got = said.get(slug(want["number"]))
            if got is None:
                continue
            found += 1
            right["type"].append(got.type == want["type"])
            right["date"].append((got.date.isoformat() if got.date else None) == want["date"])
            if want["issuer"]:
                right["issuer"].append(any(fold(name) in fold(got.issuer) for name in want["issuer"]))
    shares = {name: sum(answers) / (len(answers) or 1) for name, answers in right.items()}
    return Figures(found / wanted, **shares)
