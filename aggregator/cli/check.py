"""sources check: one source, or any address, fetched and read step by step; nothing is stored."""

import sys
from urllib.parse import urlsplit

from aggregator.cli import wiring
from aggregator.cli.exits import FOUND_WRONG, OK, USAGE
from aggregator.collect import discover, visit
from aggregator.errors import ArticleError, SourceError
from aggregator.model import Answer, Article, Draft, Lead, Page, Request, Validator
from aggregator.ports import Fetcher
from aggregator.refine import normalise
from aggregator.settings import Config, Section, Source

SHOWN_SKIPS = 3


def check(config: Config, id_or_url: str) -> int:
    """Print each step; 1 when something was found wrong, 2 for a source that is not configured."""
    address = urlsplit(id_or_url).scheme in {"http", "https"}
    source = config.source(id_or_url)
    if source is None and not address:
        known = ", ".join(one.id for one in config.sources)
        told = f"{id_or_url}: no such source; there are {known}; or give an address"
        print(f"aggregator sources check: {told}", file=sys.stderr)
        return USAGE
    with wiring.fetching(config, wiring.wall_clock) as fetcher:
        if source is None:
            return OK if _address(config, id_or_url, fetcher) else FOUND_WRONG
        good = [_section(source, section, fetcher) for section in source.sections]
    return OK if all(good) else FOUND_WRONG


def _section(source: Source, section: Section, fetcher: Fetcher) -> bool:
    """Read one section as a visit would, its listing where its feed cannot be read. True when nothing was wrong."""
    print(section.name or visit.section_key(section))
    try:
        return _listing(source, section, discover.section_request(source, section, Validator()), fetcher)
    except SourceError as error:
        _wrong(error)
        other = discover.fallback_request(source, section)
    if other is not None:
        print("  its listing is read in its place")
        try:
            _listing(source, section, other, fetcher)
        except SourceError as error:
            _wrong(error)
    return False


def _listing(source: Source, section: Section, request: Request, fetcher: Fetcher) -> bool:
    page = _page(request, source, fetcher)
    listing = discover.read_leads(source, section, page)
    print(f"  reader {source.kind}: {len(listing.leads)} leads, {len(listing.skips)} skipped")
    for skip in listing.skips[:SHOWN_SKIPS]:
        print(f"    skipped {skip.url}: {skip.because}")
    return _article(source, listing.leads[0], fetcher) if listing.leads else True


def _article(source: Source, lead: Lead, fetcher: Fetcher) -> bool:
    """Fetch the first lead's article and print what was read of it."""
    try:
        if not source.full_pages:
            draft = discover.draft_of(source, lead, wiring.wall_clock(), "")
        else:
            draft = discover.read_article(source, _page(lead.request, source, fetcher), lead)
        _show(normalise.article(_living(draft), source))
    except ArticleError as error:
        print(f"  WRONG first article {lead.url}: {error}")
        return False
    return True


def _address(config: Config, url: str, fetcher: Fetcher) -> bool:
    """Read a page of no source: which reader knows it, and its first article."""
    keeper = wiring.keeper(config, url)
    try:
        found = discover.guess(_page(Request(url), keeper, fetcher))
        print(f"  reader {found.kind}, because {found.because}: {len(found.leads)} leads")
        for feed in found.feeds:
            print(f"  it announces the feed {feed}")
        first = found.leads[0]
        page = _page(first.request, wiring.keeper(config, first.url), fetcher)
        _show(normalise.article(_living(discover.extract_any(page)), keeper))
    except (ArticleError, SourceError) as error:
        _wrong(error)
        return False
    return True


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


def _show(article: Article) -> None:
    """What was read, field by field, and its tags with the words that earned them."""
    print(f"  first article {article.url}\n    title      {article.title}\n    lead       {article.lead}")
    print(f"    author     {article.author}")
    print(f"    published  {article.published:%Y-%m-%d %H:%M} UTC ({article.precision})")
    print(f"    text       {len(article.text)} characters, {len(article.images)} images")
    for doubt in article.doubts:
        print(f"    doubt      {doubt}")
    for tag in wiring.tagger().tags(article):
        words = ", ".join(f"{proof.field}: “{proof.text}”" for proof in tag.evidence)
        print(f"    tag        {tag.key} ({words})")
