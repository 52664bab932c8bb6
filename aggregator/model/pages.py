"""What a site says, as printed: leads, drafts, and what was skipped."""

from dataclasses import dataclass
from datetime import datetime

from aggregator.model.artifacts import digest_of
from aggregator.model.network import NOISE, Page, Request, Validator


@dataclass(frozen=True, slots=True)
class Lead:
    """One item of a listing or feed: a pointer to an article. Text as served, `url` absolute.

    `ref` is the site's own id of the article ("" where it has none); `request` asks for the article's page;
    `body` is HTML the feed itself carried in full ("" when it carried a teaser only).
    """

    source: str
    section: str
    url: str
    request: Request
    ref: str = ""
    title: str = ""
    summary: str = ""
    author: str = ""
    time: str = ""
    body: str = ""
    image: str = ""

    @property
    def digest(self) -> str:
        """Of what the listing shows: a change brings the re-check of the article forward, but not noise."""
        return digest_of(self.title, NOISE.sub("", self.summary), NOISE.sub("", self.time))


@dataclass(frozen=True, slots=True)
class Image:
    """An image of an article. Shown as a credit and a link, never hot-linked."""

    url: str
    alt: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file an article links to (.pdf, .docx, ...)."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as a reader took it from its page: text as printed, `body` unsafe HTML.

    `url` is the address for readers; `base` resolves relative links in `body`. `digest` is that of the raw
    bytes. `lead_digest` is that of the Lead that led here ("" on a re-check). `doubts` are reasons in words.
    `notice` is the sentence by which the page says that the article was withdrawn, "" for a living article.
    `uncut` is the body as served, scripts and hidden blocks with it, cut off at a bound; "" where it is `body`.
    """

    source: str
    url: str
    ref: str
    title: str
    lead: str
    author: str
    time: str
    modified: str
    body: str
    base: str
    digest: str
    fetched_at: datetime
    reader: str
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    keywords: tuple[str, ...] = ()
    language: str = "vi"
    lead_digest: str = ""
    validator: Validator = Validator()
    doubts: tuple[str, ...] = ()
    notice: str = ""
    uncut: str = ""


@dataclass(frozen=True, slots=True)
class Capture:
    """A draft with the page that it was read from, and the lead that led there (None on a re-check)."""

    draft: Draft
    page: Page
    lead: Lead | None


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that was left out, and why (in words for the operator)."""

    url: str
    because: str
