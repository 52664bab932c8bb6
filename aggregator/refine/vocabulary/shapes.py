"""The frozen types of the vocabulary. How they are matched stands in refine/matching.py."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from aggregator.model import Order, TagKind


@dataclass(frozen=True, slots=True)
class Term:
    """A topic, disease or authority, and the words that earn it.

    `names`, `in_title` and `hints` are matched in lower case, `capitals` exactly; `exclude` are phrases in which a
    name does not count; `listed` names count beside another disease in a list alone. A term `per` province makes one
    tag for each province whose name follows; `bare` are its names that count without it. `with_diseases` are patterns
    filled with the names of the infectious diseases. `source` says who named it so.
    """

    kind: TagKind
    slug: str
    label: str
    names: tuple[str, ...]
    in_title: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    capitals: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    per: str = ""
    with_diseases: tuple[str, ...] = ()
    icd: str = ""
    infectious: bool = False
    animal: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of Vietnam. `level` is the word before its name; `since`, `until` its first and last valid day.

    `parent` is the province or the former district, `successors` hold its area now, `was_in` are the districts
    its area came from. `source` says who names it so. The other flags are explained at the head of places.yaml.
    """

    slug: str
    label: str
    name: str
    level: str
    aliases: tuple[str, ...] = ()
    full: str = ""
    parent: str = ""
    since: date | None = None
    until: date | None = None
    successors: tuple[str, ...] = ()
    was_in: tuple[str, ...] = ()
    abroad: tuple[str, ...] = ()
    shared: bool = False
    bare: bool = False
    loose: bool = False
    prefixed: bool = False
    source: str = ""

    @property
    def is_province(self) -> bool:
        """Whether it is a province or a city of that rank."""
        return not self.parent


@dataclass(frozen=True, slots=True)
class Institutions:
    """How the proper name of a hospital, school or company is recognised."""

    heads: tuple[str, ...]
    capital_heads: tuple[str, ...]
    inside: tuple[str, ...]
    several: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Persons:
    """What makes a capitalised name a person's."""

    titles: tuple[str, ...]
    surnames: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contexts:
    """What stands around a name and changes what it says (contexts.yaml)."""

    institutions: Institutions
    departments: tuple[str, ...]
    dishes: tuple[str, ...]
    not_in_dishes: tuple[str, ...]
    streets: tuple[str, ...]
    persons: Persons
    foreign: tuple[str, ...]
    not_places: tuple[str, ...]
    acts: tuple[str, ...]
    leads_to: tuple[str, ...]
    of: tuple[str, ...]
    not_acts: tuple[str, ...]
    receives: tuple[str, ...]
    silent: tuple[str, ...]
    ruled_out: tuple[str, ...]
    doubted: tuple[str, ...]
    ruled_out_behind: tuple[str, ...]
    figures: tuple[str, ...]
    figures_behind: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class UrgentKind:
    """A kind of urgent notice, and the words that make a text one (head of urgent.yaml)."""

    slug: str
    label: str
    heads: tuple[str, ...]
    openers: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    ordering: bool = False


@dataclass(frozen=True, slots=True)
class OrderWords:
    """One thing that notices order, of whom, the words for it, and what it forbids behind a word that forbids."""

    slug: Order
    words: tuple[str, ...]
    forbids: tuple[str, ...] = ()
    of: Literal["people", "bodies", "advice"] = "people"
    numbered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned from labelled texts: how much each feature counts for a yes, above 0, or a no."""

    bias: float
    of: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class UrgentWords:
    """What refine/urgent.py knows (urgent.yaml)."""

    kinds: tuple[UrgentKind, ...]
    orders: tuple[OrderWords, ...]
    stopping: tuple[str, ...]
    carried: tuple[str, ...]
    not_heads: tuple[str, ...]
    never: tuple[str, ...]
    never_in_title: tuple[str, ...]
    asking: tuple[str, ...]
    people: tuple[str, ...]
    unofficial: tuple[str, ...]
    valid: tuple[str, ...]
    measures: tuple[str, ...]
    not_valid: tuple[str, ...]
    issuing: tuple[str, ...]
    generic: tuple[str, ...]
    entering: tuple[str, ...]
    elsewhere: tuple[str, ...]
    abroad: tuple[str, ...]
    rules: tuple[str, ...]
    ruling: tuple[str, ...]
    genres: tuple[str, ...]
    ends: tuple[str, ...]
    prohibiting: tuple[str, ...]
    between: tuple[str, ...]
    directing: tuple[str, ...]
    imposing: tuple[str, ...]
    bodies: tuple[str, ...]
    now: tuple[str, ...]
    genre: Weights
    ending: Weights
    source: str


@dataclass(frozen=True, slots=True)
class DocumentWords:
    """What the parts of a document's number say (documents.yaml)."""

    types: Mapping[str, str]
    words: tuple[str, ...]
    issuers: Mapping[str, str]
    source: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All that tagging knows. `version` changes with every change of its files; `sites` is host -> place."""

    version: str
    terms: tuple[Term, ...]
    places: Mapping[str, Place]
    contexts: Contexts
    urgent: UrgentWords
    documents: DocumentWords
    sites: Mapping[str, str] = field(default_factory=dict)

    def of_kind(self, kind: TagKind) -> tuple[Term, ...]:
        """The terms of the kind, in the order of their file."""
        return tuple(term for term in self.terms if term.kind == kind)

    def labels(self) -> dict[str, str]:
        """The label of every tag that a person may give, by its key (topic/tiem-chung)."""
        told = {f"place/{place.slug}": place.label for place in self.places.values()}
        return told | {f"{term.kind}/{term.slug}": term.label for term in self.terms if not term.per}

    def source(self, kind: TagKind, slug: str) -> str:
        """Who named the tag so, "" for a tag that is not of this vocabulary."""
        if kind == "place":
            return self.places[slug].source if slug in self.places else ""
        if kind in ("urgent", "document"):
            return self.urgent.source if kind == "urgent" else self.documents.source
        own = (term for term in self.of_kind(kind) if term.slug == slug or (term.per and _fills(term.slug, slug)))
        return next((term.source for term in own), "")


def _fills(template: str, slug: str) -> bool:
    """Whether it is the template with a place's slug filled in: so-y-te-{slug}, so-y-te-ha-noi."""
    return re.fullmatch(re.sub(r"\\\{\w+\\\}", "[a-z0-9-]+", re.escape(template)), slug) is not None
