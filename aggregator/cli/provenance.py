"""provenance: the chain from a published sentence to the bytes it was read from, each link of it looked at again."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from aggregator.cli import wiring
from aggregator.cli.exits import FOUND_WRONG, OK
from aggregator.cli.show import as_text
from aggregator.cli.takedown import named
from aggregator.collect import discover
from aggregator.errors import ArchiveError, ArticleError, SourceError
from aggregator.model import Article, Draft, Page, Response, Revision, Telling
from aggregator.ports import Archive, Store
from aggregator.publish.visible import SHOWN, visible
from aggregator.refine import identity, normalise
from aggregator.settings import Config, Source
from aggregator.text import sentences

FIRST = 3  # sentences of each revision in the text that a person reads; --json has all
NOT_KEPT = "not kept"
Follows = Literal["same", "differs", "unknown"]
WRONG = frozenset({"missing", "cut", "damaged", "unusable", "another digest"})


@dataclass(frozen=True, slots=True)
class Chain:
    """One revision and what is behind it. `bytes`: ok, or what became of them; `follows`: does the stored text."""

    revision: Revision
    published: tuple[tuple[str, str], ...]  # (field, sentence) that readers may see now, of the present revision
    response: Response | None
    bytes: str
    because: str
    follows: Follows
    differing: tuple[str, ...] = ()
    reader: str = ""

    @property
    def wrong(self) -> bool:
        """Whether a link of the chain is broken that should hold."""
        return self.bytes in WRONG or self.follows == "differs"


def provenance_command(arguments: argparse.Namespace) -> int:
    """Print each revision's chain; 1 when a link of one is broken."""
    config, clock = wiring.load(arguments), wiring.clock_of(arguments)
    store = wiring.open_store(config, clock)
    try:
        ids = named(arguments.id, store)
        tellings = {one.article.id: one for story in _told(ids, store) for one in story}
        answers = store.responses(ids)
        archive = wiring.archive(config, clock)
        chains = [
            (tellings[id], tuple(_chains(tellings[id], answers.get(id, ()), config, archive, clock())))
            for id in ids
            if id in tellings
        ]
    finally:
        store.close()
    if arguments.json:
        print(as_text([_object(telling, told, config) for telling, told in chains], indent=1))
    else:
        print("\n".join(line for telling, told in chains for line in _lines(telling, told, config)))
    return FOUND_WRONG if any(chain.wrong for _, told in chains for chain in told) else OK


def _told(ids: Sequence[str], store: Store) -> list[tuple[Telling, ...]]:
    return [story.tellings for story in store.stories([record.id for record in store.records(ids)])]


# --- looking


def _chains(
    telling: Telling, answers: Sequence[Response], config: Config, archive: Archive, now: datetime
) -> Iterator[Chain]:
    source = config.source(telling.article.source)
    by_digest = {answer.digest: answer for answer in answers}
    for revision in telling.revisions:
        published = _published(telling, source, config, now) if revision == telling.revisions[-1] else ()
        yield _chain(revision, published, by_digest.get(revision.digest), source, archive)


def _published(telling: Telling, source: Source | None, config: Config, now: datetime) -> tuple[tuple[str, str], ...]:
    scope = visible(telling, source, config.site.mode, now)
    return tuple((name, said) for name in SHOWN[scope] for said in sentences(getattr(telling.article, name)))


def _chain(
    revision: Revision,
    published: tuple[tuple[str, str], ...],
    response: Response | None,
    source: Source | None,
    archive: Archive,
) -> Chain:
    if response is None:
        because = "no answer is on record: it was imported, or seen before answers were recorded"
        return Chain(revision, published, None, NOT_KEPT, because, "unknown")
    if not response.request.url:
        return Chain(revision, published, response, "purged", "taken down with --purge", "unknown")
    if response.record is None:
        because = response.because or "the raw archive was off (archive.enabled)"
        return Chain(revision, published, response, NOT_KEPT, because, "unknown")
    try:
        page = _as_answered(response, archive.read(response.record).page)
    except ArchiveError as error:
        return Chain(revision, published, response, error.state, str(error), "unknown")
    if page.digest != response.digest:
        told = f"the record holds bytes of SHA-256 {page.digest}"
        return Chain(revision, published, response, "another digest", told, "unknown")
    if source is None:
        return Chain(revision, published, response, "ok", "its source is configured no more", "unknown")
    return _followed(revision, published, response, source, page)


def _as_answered(response: Response, kept: Page) -> Page:
    return Page(
        response.request, response.url, response.status, kept.headers, kept.body, response.fetched_at, response.hops
    )


def _followed(
    revision: Revision, published: tuple[tuple[str, str], ...], response: Response, source: Source, page: Page
) -> Chain:
    """Read the bytes again by today's rules, and compare."""
    try:
        draft = _drafted(revision.article, response, source, page)
        article = normalise.article(draft, source)
    except (ArticleError, SourceError) as error:
        return Chain(revision, published, response, "ok", f"today's rules find no article: {error}", "differs")
    differing = _differing(article, revision)
    follows: Follows = "differs" if differing else "same"
    return Chain(revision, published, response, "ok", "", follows, differing, draft.reader)


def _drafted(id: str, response: Response, source: Source, page: Page) -> Draft:
    """The draft that the page gives. Raises ArticleError, SourceError."""
    if response.lead is not None and not source.full_pages:
        for section in source.sections:
            for lead in discover.read_leads(source, section, page).leads:
                if identity.article_id(source.id, lead.ref, lead.url) == id:
                    return discover.draft_of(source, lead, page.fetched_at, page.digest)
        raise ArticleError(f"{page.url}: the feed does not tell the article", page.url)
    return discover.read_article(source, page, response.lead)


def _differing(article: Article, revision: Revision) -> tuple[str, ...]:
    if article.text_digest == revision.text_digest:
        return ()
    return tuple(name for name in ("title", "lead", "text") if getattr(article, name) != getattr(revision, name))


# --- telling


def _object(telling: Telling, chains: Sequence[Chain], config: Config) -> dict[str, Any]:
    return {
        "article": telling.article.id,
        "source": telling.article.source,
        "url": telling.article.url,
        "status": telling.status,
        "decided": [
            {"action": edit.action, "value": edit.value, "who": edit.who, "why": edit.why, "at": edit.at}
            for edit in telling.edits
        ],
        "revisions": [_revision_object(chain) for chain in chains],
    }


def _revision_object(chain: Chain) -> dict[str, Any]:
    revision, response = chain.revision, chain.response
    return {
        "number": revision.number,
        "seen_at": revision.seen_at,
        "published": [{"field": name, "sentence": said} for name, said in chain.published],
        "text_digest": revision.text_digest,
        "reader": chain.reader,
        "response": _response_object(response) if response else None,
        "digest": revision.digest,
        "bytes": chain.bytes,
        "because": chain.because,
        "follows": chain.follows,
        "differing": list(chain.differing),
    }


def _response_object(response: Response) -> dict[str, Any]:
    record = response.record
    return {
        "method": response.request.method,
        "asked": response.request.url,
        "sent": response.request.body.decode("utf-8", "replace"),
        "hops": [{"status": status, "url": url} for status, url in response.hops],
        "url": response.url,
        "status": response.status,
        "headers": dict(response.headers),
        "fetched_at": response.fetched_at,
        "record": {"file": record.file, "offset": record.offset, "length": record.length} if record else None,
    }


def _lines(telling: Telling, chains: Sequence[Chain], config: Config) -> Iterator[str]:
    source = config.source(telling.article.source)
    yield f"{telling.article.id}  {source.name if source else telling.article.source}  {telling.article.url}"
    for edit in telling.edits:
        yield f"  {edit.action} {edit.value} {_time(edit.at)} by {edit.who}: {edit.why}"
    for chain in chains:
        yield from _revision_lines(chain)


def _revision_lines(chain: Chain) -> Iterator[str]:
    revision, response = chain.revision, chain.response
    yield f"  revision {revision.number}, seen {_time(revision.seen_at)}"
    for name, said in chain.published[:FIRST]:
        yield f"    published  {name}: {said}"
    if len(chain.published) > FIRST:
        yield f"    published  and {len(chain.published) - FIRST} sentences more"
    yield f"    text       SHA-256 {revision.text_digest}"
    if chain.reader:
        yield f"    draft      by the reader {chain.reader}"
    if response is not None:
        yield from _response_lines(response)
    yield f"    bytes      SHA-256 {revision.digest}: {chain.bytes}" + (f" ({chain.because})" if chain.because else "")
    differing = f" in {', '.join(chain.differing)}" if chain.differing else ""
    yield f"    follows    {FOLLOWS[chain.follows]}{differing}"


def _response_lines(response: Response) -> Iterator[str]:
    if response.request.url:
        sent = f" with {response.request.body.decode('utf-8', 'replace')}" if response.request.body else ""
        yield f"    asked      {response.request.method} {response.request.url}{sent}"
    for status, url in response.hops:
        yield f"    redirect   {status} {url}"
    yield f"    answered   {response.status} {response.url} at {_time(response.fetched_at)}"
    for name, value in response.headers:
        yield f"    header     {name}: {value}"
    if response.record:
        yield f"    kept in    {response.record.file}, byte {response.record.offset}, {response.record.length} bytes"


FOLLOWS = {
    "same": "the stored text is what today's rules read from the bytes",
    "differs": "today's rules read another text from the bytes, differing",
    "unknown": "cannot be told without the bytes",
}


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
