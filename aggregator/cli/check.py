"""sources check: one source, or any address, fetched and read step by step; nothing is stored."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from aggregator.cli import cases, wiring
from aggregator.cli.add import stranger
from aggregator.cli.exits import FOUND_WRONG, OK, USAGE
from aggregator.collect import asking, discover, trail, visit
from aggregator.collect.trail import Tried
from aggregator.errors import ArticleError, SourceError, contained
from aggregator.model import Answer, Article, Draft, Lead, Page, Request, Validator
from aggregator.ports import Fetcher
from aggregator.refine import identity, normalise
from aggregator.refine.sanitise import line
from aggregator.refine.tagging import Tagger
from aggregator.settings import Config, Section, Source

SHOWN_SKIPS = 3
SHOWN_LEADS = 3
ENDS = 8  # words of the text shown from its beginning and its end


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a check works with; without a folder no page is kept."""

    config: Config
    fetcher: Fetcher
    folder: Path | None


def check(config: Config, id_or_url: str, folder: Path | None = None) -> int:
    """Print each step; 1 when something was found wrong, 2 for a source that is not configured.

    With a folder the pages are kept there as test cases, each with what was read on it.
    """
    address = urlsplit(id_or_url).scheme in {"http", "https"}
    source = config.source(id_or_url)
    if source is None and not address:
        known = ", ".join(one.id for one in config.sources)
        told = f"{id_or_url}: no such source; there are {known}; or give an address"
        print(f"aggregator sources check: {told}", file=sys.stderr)
        return USAGE
    with wiring.fetching(config, wiring.wall_clock) as fetcher:
        desk = _Desk(config, fetcher, folder)
        if source is None:
            return OK if _address(id_or_url, desk) else FOUND_WRONG
        good = [_section(source, section, desk) for section in source.sections]
    return OK if all(good) else FOUND_WRONG


def _section(source: Source, section: Section, desk: _Desk) -> bool:
    """Read one section as a visit would, its listing where its feed cannot be read. True when nothing was wrong."""
    print(section.name or visit.section_key(section))
    try:
        return _listing(source, section, asking.section_request(source, section, Validator()), desk)
    except SourceError as error:
        _wrong(error)
        other = asking.fallback_request(source, section)
    if other is not None:
        print("  its listing is read in its place")
        try:
            _listing(source, section, other, desk)
        except SourceError as error:
            _wrong(error)
    return False


def _listing(source: Source, section: Section, request: Request, desk: _Desk) -> bool:
    with contained(partial(SourceError, "internal", url=request.url), request.url):
        return _read(source, section, request, desk)


def _read(source: Source, section: Section, request: Request, desk: _Desk) -> bool:
    first = _page(request, source, desk.fetcher)
    seen = visit.explored(source, section, Tried(request, first), desk.fetcher)
    for one in seen[1:]:
        print(f"  {one.request.method} {one.request.url}\n  {_answer(one)}")
    try:
        choice = trail.concluded(source, section, seen)
    except SourceError as error:
        _saved(cases.save_fault(desk.folder, source, section, first, error) if desk.folder else None)
        raise
    leads = [lead for _, listing in choice.told for lead in listing.leads]
    skips = [skip for _, listing in choice.told for skip in listing.skips]
    because = f", because {choice.because}" if choice.because else ""
    print(f"  reader {choice.kind}{because}: {len(leads)} leads, {len(skips)} skipped")
    for skip in skips[:SHOWN_SKIPS]:
        print(f"    skipped {skip.url}: {skip.because}")
    for lead in leads[:SHOWN_LEADS]:
        print(f"    lead {line(lead.time) or 'no time'}  {line(lead.title) or 'no title'}\n      {lead.url}")
    for feed in choice.feeds:
        print(f"  it announces the feed {feed}")
    if desk.folder:
        read_as = source.model_copy(update={"kind": choice.kind})
        _saved(cases.save_listing(desk.folder, read_as, section, *choice.told[0]))
    return _article(source, leads[0], desk) if leads else True


def _answer(one: Tried) -> str:
    if one.page is not None:
        return f"{one.page.status}, {len(one.page.body)} bytes, {one.page.header('content-type')}"
    return f"{one.fault.cause}: {one.fault}" if one.fault else "not there"


def _article(source: Source, lead: Lead, desk: _Desk) -> bool:
    """Fetch the first lead's article and print what was read of it."""
    try:
        if not source.full_pages:
            draft = discover.draft_of(source, lead, wiring.wall_clock(), "")
        else:
            page = _page(lead.request, source, desk.fetcher)
            draft = discover.read_article(source, page, lead)
            _saved(cases.save_article(desk.folder, source, page, lead, draft) if desk.folder else None)
        _show(normalise.article(_living(draft), source), draft, wiring.tagger(desk.config))
    except ArticleError as error:
        print(f"  WRONG first article {lead.url}: {error}")
        return False
    return True


def _address(url: str, desk: _Desk) -> bool:
    """Read an address of no source as `sources add` does: its feeds, its sitemaps, itself; and its first article."""
    keeper = wiring.keeper(desk.config, url)
    source = stranger(url).model_copy(update={"pause": keeper.pause, "tls": keeper.tls})
    try:
        return _listing(source, source.sections[0], asking.section_request(source, source.sections[0]), desk)
    except SourceError as error:
        _wrong(error)
        return False


def _saved(path: Path | None) -> None:
    if path is not None:
        print(f"  saved {path}")


def _page(request: Request, source: Source, fetcher: Fetcher) -> Page:
    print(f"  {request.method} {request.url}")
    answer: Answer = fetcher.fetch(request, source)
    if not isinstance(answer, Page):
        message = f"{request.url} answers {getattr(answer, 'status', 304)}; correct the address in sources.yaml"
        raise SourceError("gone", message, request.url)
    print(f"  {answer.status}, {len(answer.body)} bytes, {answer.header('content-type')}")
    return answer


def _living(draft: Draft) -> Draft:
    if draft.notice:
        raise ArticleError(f"the page says that it was withdrawn: {draft.notice}", draft.url)
    return draft


def _wrong(error: ArticleError | SourceError) -> None:
    cause = f"{error.cause}: " if isinstance(error, SourceError) else ""
    print(f"  WRONG {cause}{error}")


def _show(article: Article, draft: Draft, tagger: Tagger) -> None:
    """What was read, field by field, and its tags with the words that earned them."""
    print(f"  first article {article.url}")
    for name, value in _fields(article, draft):
        print(f"    {name:<10} {value}")
    for tag in tagger.tags(article):
        words = ", ".join(f"{proof.field}: “{proof.text}”" for proof in tag.evidence)
        print(f"    tag        {tag.key} ({words})")


def _fields(article: Article, draft: Draft) -> Iterator[tuple[str, str]]:
    own = f"{article.ref} (the site's own id)" if article.ref else f"{identity.canonical(article.url)} (its address)"
    yield "identity", own
    yield "title", article.title
    yield "lead", article.lead
    yield "author", article.author
    yield "published", f"{article.published:%Y-%m-%d %H:%M} UTC ({article.precision}; printed {line(draft.time)!r})"
    yield "modified", f"{article.modified:%Y-%m-%d %H:%M} UTC" if article.modified else ""
    yield "text", f"{len(article.text)} characters, from {_ends(article.text)}" if article.text else "none"
    for image in article.images:
        yield "image", f"{image.url} ({image.alt or 'no alternative text'}{'; ' if image.credit else ''}{image.credit})"
    for file in article.attachments:
        yield "attachment", f"{file.label}: {file.url}"
    yield from (("doubt", doubt) for doubt in article.doubts)


def _ends(text: str) -> str:
    """How the text begins and ends: what was cut off, or left on, is seen there."""
    words = text.split()
    return f"“{' '.join(words[:ENDS])}” to “{' '.join(words[-ENDS:])}”"
