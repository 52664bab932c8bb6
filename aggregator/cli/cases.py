"""A page and what was read on it, kept as a test case in the layout of tests/sources (see the README there)."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from aggregator.collect import asking, discover
from aggregator.collect.leads import Listing
from aggregator.errors import ArticleError, ConfigError, SourceError
from aggregator.model import Draft, Lead, Page
from aggregator.settings import Section, Source

SUFFIXES = (("html", ".html"), ("xml", ".xml"), ("rss", ".xml"))
LEAD = ("ref", "url", "title", "summary", "author", "time", "image")
DRAFT = ("ref", "url", "title", "lead", "author", "time", "modified", "reader", "notice")
SETTINGS = ("kind", "hosts", "article_pattern", "day_first", "language")
WORDS = 8  # of the first and of the last words of a body that a reader must find again


def save_listing(folder: Path, source: Source, section: Section, page: Page, listing: Listing) -> Path:
    """The file of a test case that expects these leads. Raises ConfigError when it cannot be written."""
    told = {
        "section": _section(section, page),
        "leads": [{name: getattr(lead, name) for name in LEAD} for lead in listing.leads],
        "skips": [skip.because for skip in listing.skips],
    }
    return _save(folder, "listing", source, page, told)


def save_fault(folder: Path, source: Source, section: Section, page: Page, fault: SourceError) -> Path:
    """The file of a test case that expects this fault; what a right reader finds is for a person to write."""
    return _save(folder, "fault", source, page, {"section": _section(section, page), "error": fault.cause})


def save_article(folder: Path, source: Source, page: Page, lead: Lead, draft: Draft) -> Path:
    """The file of a test case that expects this article."""
    words = re.sub(r"<[^>]*>", "\n", draft.body).split("\n")
    texts = [text.strip() for text in words if len(text.split()) >= WORDS]
    told = {
        "lead": {"url": lead.url, "ref": lead.ref, "title": lead.title},
        "draft": {name: getattr(draft, name) for name in DRAFT}
        | {"images": [asdict(one) for one in draft.images], "attachments": [asdict(one) for one in draft.attachments]},
        "body_has": [*texts[:1], *texts[1:][-1:]],
        "body_lacks": [],
    }
    return _save(folder, "article", source, page, told)


def save_unread(folder: Path, source: Source, page: Page, lead: Lead) -> Path:
    """The file of a test case that expects no article; what a right reader finds is for a person to write."""
    told = {"lead": {"url": lead.url, "ref": lead.ref, "title": lead.title}, "error": "article"}
    return _save(folder, "article", source, page, told)


def save_pages(folder: Path, source: Source, pages: Sequence[Page]) -> None:
    """A test case of each page: what its reader finds on it now. Raises ConfigError when it cannot be written."""
    leads: dict[tuple[str, bytes], Lead] = {}
    for page in pages:
        if page.request.purpose != "section":
            _save_article(folder, source, page, leads.get((page.request.url, page.request.body)))
            continue
        section = _asked(source, page)
        try:
            listing = discover.read_leads(source, section, page)
        except SourceError as fault:
            save_fault(folder, source, section, page, fault)
            continue
        save_listing(folder, source, section, page, listing)
        leads |= {(lead.request.url, lead.request.body): lead for lead in listing.leads}


def _asked(source: Source, page: Page) -> Section:
    """The section that the page answers; where a fallback stood in for its feed, that."""
    for section in source.sections:
        request = asking.section_request(source, section)
        if (request.url, request.body) == (page.request.url, page.request.body):
            return section
    return source.sections[0].model_copy(update={"url": page.request.url})


def _save_article(folder: Path, source: Source, page: Page, lead: Lead | None) -> Path:
    url = page.request.url
    lead = lead or Lead(source.id, "", url, page.request, discover.reference(source, url))
    try:
        return save_article(folder, source, page, lead, discover.read_article(source, page, lead))
    except ArticleError:
        return save_unread(folder, source, page, lead)


def _section(section: Section, page: Page) -> dict[str, Any]:
    given = section.model_dump(exclude_defaults=True)
    return given | {"url": page.request.url} if section.url else given


def _save(folder: Path, stem: str, source: Source, page: Page, told: Mapping[str, Any]) -> Path:
    type = page.header("content-type")
    name = _free(folder, stem)
    raw = f"{name}{next((suffix for mark, suffix in SUFFIXES if mark in type), '.page')}"
    case = {
        "page": raw,
        "url": page.request.url,
        **({"landed": page.url} if page.url != page.request.url else {}),
        "type": type,
        "source": _source(source, page),
        **told,
    }
    path = folder / f"{name}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / raw).write_bytes(page.body)
        path.write_text(json.dumps(case, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be written: {error.strerror}; name another folder with --save") from error
    return path


def _free(folder: Path, stem: str) -> str:
    """A name that no case of the folder has: nothing that a person corrected is overwritten."""
    names = (stem, *(f"{stem}-{number}" for number in range(2, 1000)))
    return next(name for name in names if not (folder / f"{name}.json").exists())


def _source(source: Source, page: Page) -> dict[str, Any]:
    given = source.model_dump(mode="json", include=set(SETTINGS))
    home = {} if source.home == urljoin(page.request.url, "/") else {"home": source.home}
    plain = Source.model_fields
    return home | {name: given[name] for name in SETTINGS if name == "kind" or given[name] != plain[name].default}
