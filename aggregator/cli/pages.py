"""extract and discover: one page, no database, JSON out."""

import argparse
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aggregator.cli import wiring
from aggregator.cli.exits import FOUND_WRONG, OK, USAGE
from aggregator.cli.show import as_text
from aggregator.collect import asking, discover
from aggregator.errors import ArticleError, ConfigError, SourceError
from aggregator.model import Article, Lead, Page, Request
from aggregator.operate.transfer import tag_object
from aggregator.refine import dates, normalise, sanitise
from aggregator.settings import Config, Source

NOWHERE = "https://page.invalid/"  # RFC 2606: the address of a saved page whose own is not known
NO_CONFIG = Config(sources=())  # both commands work without a file


def extract_command(arguments: argparse.Namespace) -> int:
    """Print the article of a page as JSON; 1 when there is none."""
    config = _config(arguments)
    source = config.source(arguments.source) if config and arguments.source else None
    if arguments.source and source is None:
        print(f"aggregator extract: --source {arguments.source}: no such source in {arguments.config}", file=sys.stderr)
        return USAGE
    try:
        page = _page(arguments, config, source)
        draft = discover.read_article(source, page, None) if source else discover.extract_any(page)
        article = normalise.article(draft, source or wiring.keeper(config or NO_CONFIG, page.url))
    except (ArticleError, SourceError) as error:
        print(f"aggregator extract: {arguments.page}: {error}", file=sys.stderr)
        return FOUND_WRONG
    print(as_text(article_object(article, config), indent=1))
    return OK


def discover_command(arguments: argparse.Namespace) -> int:
    """Print which reader matches a page, why, and the leads it gives; 1 when none does."""
    config, now = _config(arguments), wiring.clock_of(arguments)()
    try:
        found = discover.guess(_page(arguments, config, None))
    except (ArticleError, SourceError) as error:
        print(f"aggregator discover: {arguments.page}: {error}", file=sys.stderr)
        return FOUND_WRONG
    leads = [lead_object(lead, now) for lead in found.leads]
    told = {"kind": found.kind, "because": found.because, "feeds": found.feeds, "leads": leads}
    print(as_text(told, indent=1))
    return OK


def article_object(article: Article, config: Config | None) -> dict[str, Any]:
    """The article as JSON, with its tags."""
    known = article.url if article.url != NOWHERE else ""
    shown = asdict(article) | {"url": known, "body": str(article.body)}
    return shown | {"tags": [tag_object(tag) for tag in wiring.tagger(config).tags(article)]}


def lead_object(lead: Lead, now: datetime) -> dict[str, Any]:
    """A lead as JSON: its texts in one clean line each, `time` as the listing printed it, `published` read from it."""
    when = dates.parse(lead.time, day_first=True, fetched_at=now)
    return {
        "url": lead.url,
        "ref": lead.ref,
        "title": sanitise.line(lead.title),
        "summary": sanitise.line(lead.summary),
        "author": sanitise.line(lead.author),
        "time": lead.time,
        "published": when.at if when else None,
    }


def _config(arguments: argparse.Namespace) -> Config | None:
    """The configuration; None when there is no such file."""
    return wiring.load(arguments) if arguments.config.is_file() else None


def _page(arguments: argparse.Namespace, config: Config | None, source: Source | None) -> Page:
    if urlsplit(arguments.page).scheme in {"http", "https"}:
        return _fetched(arguments.page, config, source, wiring.clock_of(arguments))
    path = Path(arguments.page)
    try:
        body = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; give a saved page or an address") from error
    url = arguments.url or (source.home if source else NOWHERE)
    return Page(Request(url), url, 200, (), body, wiring.clock_of(arguments)())


def _fetched(url: str, config: Config | None, source: Source | None, clock: wiring.Clock) -> Page:
    settings = config or NO_CONFIG
    request = asking.article_request(source, url, discover.reference(source, url)) if source else Request(url)
    with wiring.fetching(settings, clock) as fetcher:
        answer = fetcher.fetch(request, source or wiring.keeper(settings, url))
    if not isinstance(answer, Page):
        raise ArticleError(f"the site answers {getattr(answer, 'status', 304)}", url)
    return answer
