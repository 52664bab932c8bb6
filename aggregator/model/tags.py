"""What an article is about, and the words that say so."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

TagKind = Literal["topic", "disease", "place", "authority", "document", "urgent"]
Field = Literal["title", "lead", "text"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that earned a tag: `text == getattr(article, field)[start:end]`, offsets in code points of NFC."""

    field: Field
    start: int
    end: int
    text: str


Order = Literal[
    "declare", "isolate", "test", "call", "monitor", "seek-care", "stop-using", "stop-selling", "return", "evacuate",
    "avoid", "boil-water", "stand-by", "vaccinate", "recall", "inspect", "report",
]  # fmt: skip
"""What an urgent notice orders; their words stand in refine/vocabulary/urgent.yaml."""
OF_BODIES: frozenset[Order] = frozenset({"recall", "inspect", "report"})
"""What only authorities and firms are told to do."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """One thing that a notice orders, and the first words that order it."""

    order: Order
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """A place that people are asked about, verbatim, and when they were there: the words, and both ends in UTC.

    `start` is None where the text names no beginning, `end` where it names none ("đến nay"); both None: no time.
    """

    place: Evidence
    time: Evidence | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number to call: digits only, and as it stands in the text."""

    number: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Notice:
    """What an urgent notice says. `until` is the last moment of the validity it states, None when it states none."""

    orders: tuple[Ordered, ...] = ()
    where: tuple[AskedAbout, ...] = ()
    until: datetime | None = None
    until_words: Evidence | None = None
    phones: tuple[Phone, ...] = ()

    def is_over(self, now: datetime) -> bool:
        """Whether the validity that it states has ended."""
        return self.until is not None and now > self.until


@dataclass(frozen=True, slots=True)
class Document:
    """An official document, as far as its number and the text tell: type and issuer in Vietnamese, "" when unknown.

    `day` is the one it bears, where the text says so; `day_words` are those words.
    """

    type: str
    issuer: str
    day: date | None = None
    day_words: Evidence | None = None


@dataclass(frozen=True, slots=True)
class FormerPlace:
    """A place that is no more: its last day, who holds its area now, and within what of today it lay."""

    until: date
    successors: tuple[tuple[str, str], ...]
    within: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceWithin:
    """A place that lies within others: slug and label of each, the nearest first."""

    within: tuple[tuple[str, str], ...]


Detail = Notice | Document | FormerPlace | PlaceWithin
"""What a tag says beyond its name: of kind `urgent`, `document`, and `place` where it is no more or below another."""


@dataclass(frozen=True, slots=True)
class TagMatch:
    """A tag of an article. `tag` is an ASCII slug unique within `kind`; `label` is for readers (Vietnamese)."""

    kind: TagKind
    tag: str
    label: str
    evidence: tuple[Evidence, ...]
    rule: str = ""
    detail: Detail | None = None

    @property
    def notice(self) -> Notice | None:
        """What an urgent notice says, None for other tags."""
        return self.detail if isinstance(self.detail, Notice) else None

    @property
    def key(self) -> str:
        """`kind/tag`, the tag's name in addresses and options."""
        return f"{self.kind}/{self.tag}"
