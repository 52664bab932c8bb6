"""Where a text comes from: raw bytes, and the record of the answer that carried them."""

from dataclasses import dataclass
from datetime import datetime

from aggregator.model.network import Page, Request
from aggregator.model.pages import Lead


@dataclass(frozen=True, slots=True)
class Raw:
    """A page as it is kept in the raw archive; `articles` are the ids of those whose text was read from it."""

    page: Page
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RawRecord:
    """Where a page lies in the raw archive: a file's name, and the first byte and the length of its record there."""

    file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Response:
    """The answer that a text of an article was read from, found by the digest of its body.

    `headers` are those that matter. Without a `record` the bytes are not kept: `because` says why they could not be,
    and is "" where they were not meant to be.
    """

    article: str
    digest: str
    request: Request
    url: str
    hops: tuple[tuple[int, str], ...]
    status: int
    headers: tuple[tuple[str, str], ...]
    fetched_at: datetime
    lead: Lead | None
    record: RawRecord | None
    because: str = ""


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """How the raw archive stands: its files, their bytes, and what is wrong with it ("" when all is well)."""

    files: int
    bytes: int
    problem: str = ""
