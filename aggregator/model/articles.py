"""What we say the site said: the cleaned article, its revisions, and what was held back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from aggregator.model.artifacts import digest_of
from aggregator.model.network import Validator
from aggregator.model.pages import Attachment, Image


class SafeHtml(str):
    """HTML that is safe to put into a page as it is. Made by refine.sanitise only (and re-read by store)."""

    __slots__ = ()

    def __html__(self) -> str:
        """Tell Jinja's autoescape that this is markup."""
        return str(self)


Precision = Literal["minute", "day", "guessed", "none"]
"""How exact `Article.published` is: `day` = only a date was printed (shown without a time, time 00:00 local);
`guessed` = read from an id, or clamped to the fetch time; `none` = no date was found (published = fetched_at)."""


@dataclass(frozen=True, slots=True)
class Article:
    r"""One article of one source, cleaned: NFC, entities decoded, dates in UTC, `body` sanitised.

    `id` is refine.identity's: stable for good, the same on every machine. `text` is the plain text of `body`,
    paragraphs separated by "\n". `title` and `lead` are verbatim (NFC and white space apart).
    """

    id: str
    source: str
    url: str
    ref: str
    title: str
    lead: str
    author: str
    published: datetime
    precision: Precision
    modified: datetime | None
    body: SafeHtml
    text: str
    digest: str
    fetched_at: datetime
    reader: str
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    language: str = "vi"
    doubts: tuple[str, ...] = ()

    @property
    def text_digest(self) -> str:
        """Of title, lead and text: what makes a new revision when it changes."""
        return digest_of(self.title, self.lead, self.text)


@dataclass(frozen=True, slots=True)
class Revision:
    """A text of an article that we saw. `number` counts from 1; `seen_at` is when we first saw it."""

    article: str
    number: int
    title: str
    lead: str
    text: str
    text_digest: str
    digest: str
    seen_at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a draft beside what the store holds. `also` are further addresses at which it was seen."""

    article: Article
    outcome: Literal["new", "revised", "unchanged"]
    because: str
    lead_digest: str = ""
    validator: Validator = Validator()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A text that is kept from readers until a person decides: it looks as if an intruder had written it.

    `digest` names it among the article's; `score` in 0..1, `because` and `seen` are for the operator. `urgent`: it
    reads like an urgent notice, which must be told. `domains` are those it links to openly. `cleared`: the source
    shows another text by now.
    """

    article: Article
    digest: str
    score: float
    because: tuple[str, ...]
    seen: tuple[str, ...]
    urgent: bool
    domains: tuple[str, ...]
    at: datetime
    state: Literal["held", "released", "cleared"] = "held"


@dataclass(frozen=True, slots=True)
class Learned:
    """What the clean and released articles of a source taught: in how many each domain was linked to, each topic met.

    `new`: the numbers of new articles of its latest visits that brought any, the newest first; its very first one is
    left out, which brings what had gathered before.
    """

    domains: Mapping[str, int] = field(default_factory=dict)
    topics: Mapping[str, int] = field(default_factory=dict)
    new: tuple[int, ...] = ()
