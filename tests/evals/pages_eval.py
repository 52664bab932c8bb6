"""How exactly pages are read, by the code of `aggregator extract` and `discover`. `python -m tests.evals` reports.

Sets of the same form: pages/ and pages_open/ were written beside the readers, mended by what these showed; the BLIND
ones were written without looking at the readers and scored once, and general faults that they showed were mended
afterwards (their README.md or SCORES.md tell the first figures). None is blind any longer. A set
that still is gets its figures alone, once: `figures("pages_<name>")`.
Every page is read twice: `configured`, by the reader of its family as a source of sources.yaml would name it, and
`unknown`, as a page that nobody configured.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from aggregator.collect import discover, sitemap
from aggregator.collect.leads import Listing
from aggregator.errors import ArticleError, SourceError
from aggregator.model import Article, Lead, Page, Request, SafeHtml
from aggregator.refine import dates, normalise
from aggregator.refine.identity import canonical
from aggregator.refine.sanitise import line, plain
from aggregator.settings import Kind, Section, Source

BLIND = (
    "pages_blind",
    "pages_second",
    "pages_third",
    "pages_fourth",
    "pages_fifth",
    "pages_sixth",
    "pages_seventh",
    "pages_eighth",
    "pages_ninth",
)
SETS = ("pages", *BLIND, "pages_open")
Way = Literal["configured", "unknown"]
WAYS: tuple[Way, ...] = ("configured", "unknown")
KINDS: dict[str, Kind] = {
    "moh_bridge": "moh_bridge", "vccorp": "vccorp", "hanoi_vccorp": "vccorp", "liferay_6": "liferay",
    "liferay_7": "liferay", "liferay_view_content": "liferay", "aspnet": "aspnet", "wordpress": "wordpress",
    "handmade": "listing", "sitemap": "sitemap",
    "liferay": "liferay", "medinet": "aspnet", "sitemap_index": "sitemap", "news_sitemap": "sitemap",
}  # fmt: skip
OTHERS = ("egov", "drupal", "joomla", "sharepoint", "umbraco", "dotnetnuke", "dnn", "nextjs", "sitefinity", "nukeviet")
KINDS |= dict.fromkeys(OTHERS, "listing")
ARTICLE = ("title", "lead", "day", "minute", "first sentence", "last sentence", "clean", "images", "files", "author")
LISTING = ("leads", "lead titles", "lead days", "lead minutes")
FOOT = 12  # words; one line so short may follow the last sentence: a signature, or where the text was taken from


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at on one page: whether it is right, and what was said instead where it is not."""

    what: str
    right: bool
    said: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """One page, read in one way."""

    file: str
    shape: str
    way: Way
    checks: tuple[Check, ...]


@cache
def judged(name: str) -> tuple[Judged, ...]:
    """Every page of the set, read in both ways by the code as it is."""
    folder = Path(__file__).with_name(name)
    rows = [json.loads(row) for row in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    return tuple(_judged(folder, labels, way) for way in WAYS for labels in rows)


def score(name: str, what: str, way: Way) -> float:
    """Share of the set's checks of this kind that are right, 0..1."""
    found = [check.right for one in judged(name) if one.way == way for check in one.checks if check.what == what]
    return sum(found) / len(found)


def report() -> str:
    """The scores of each set, then every error."""
    return "\n".join(text for name in SETS for text in (*figures(name), *_errors(name)))


def figures(name: str) -> Iterator[str]:
    """The scores of the set, line by line, without a word of its errors."""
    files = {one.file: one.checks[0].what in ARTICLE for one in judged(name)}
    yield f"{name}: {sum(files.values())} articles, {len(files) - sum(files.values())} listings and feeds"
    yield f"{'':16}{''.join(f'{way:>12}' for way in WAYS)}"
    for what in (*ARTICLE, *LISTING):
        yield f"{what:<16}{''.join(f'{score(name, what, way):12.3f}' for way in WAYS)}"


def _errors(name: str) -> Iterator[str]:
    for one in judged(name):
        for check in one.checks:
            if not check.right:
                yield f"  {one.file} ({one.way}) {check.what}: {check.said}"


def _judged(folder: Path, labels: dict[str, Any], way: Way) -> Judged:
    page = _page(folder, labels)
    source = _source(labels)
    check = _article_checks if labels["kind"] == "article" else _listing_checks
    return Judged(labels["file"], labels["shape"], way, tuple(check(source, page, labels, way)))


def _page(folder: Path, labels: dict[str, Any]) -> Page:
    headers = (("content-type", labels["header_content_type"]),)
    fetched_at = datetime.fromisoformat(labels["fetched_at"])
    body = (folder / labels["file"]).read_bytes()
    return Page(Request(labels["url"]), labels["url"], 200, headers, body, fetched_at)


def _source(labels: dict[str, Any]) -> Source:
    """The source as an operator would write it; its listings are believed, since no article is fetched beside them."""
    parts = urlsplit(labels["url"])
    host = (parts.hostname or "").removeprefix("m.")
    return Source(
        id="nguon", name="Nguồn", kind=KINDS.get(labels["shape"], "feed"), home=f"{parts.scheme}://{host}/",
        hosts=(host, f"m.{host}"), sections=(Section(url=labels["url"]),), day_first=labels["day_first"],
        full_pages=labels["kind"] == "article",
    )  # fmt: skip


def _article_checks(source: Source, page: Page, labels: dict[str, Any], way: Way) -> Iterator[Check]:
    try:
        draft = discover.read_article(source, page, None) if way == "configured" else discover.extract_any(page)
        article = normalise.article(draft, source)
    except ArticleError as fault:
        yield from (Check(what, False, f"no article: {fault}") for what in ARTICLE)
        return
    yield _same("title", article.title, labels["title"])
    yield _same("lead", article.lead, labels["lead"])
    yield from _date_checks(article, labels)
    yield from _body_checks(article, labels)
    yield _same("images", " ".join(one.url for one in article.images), " ".join(labels["images"]))
    yield _same("files", " ".join(one.url for one in article.attachments), " ".join(labels["attachments"]))
    yield _same("author", article.author, labels["author"])


def _same(what: str, said: str, wanted: str) -> Check:
    return Check(what, said == line(wanted), f"{said!r} for {wanted!r}")


def _date_checks(article: Article, labels: dict[str, Any]) -> Iterator[Check]:
    wanted = datetime.fromisoformat(labels["published"])
    said = article.published.astimezone(dates.LOCAL)
    told = f"{said:%Y-%m-%d %H:%M} ({article.precision}) for {wanted:%Y-%m-%d %H:%M}"
    yield Check("day", said.date() == wanted.date() and article.precision != "none", told)
    if labels["precision"] == "minute":
        yield Check("minute", said.replace(second=0) == wanted.replace(second=0), told)


def _body_checks(article: Article, labels: dict[str, Any]) -> Iterator[Check]:
    running = re.sub(r"<figcaption>.*?</figcaption>", "", article.body, flags=re.S)
    text = " ".join(plain(SafeHtml(running)).split())
    headless = " ".join(plain(SafeHtml(re.sub(r"^\s*<h([1-6])>.*?</h\1>", "", running, flags=re.S))).split())
    first, last = line(labels["first_sentence"]), line(labels["last_sentence"])
    yield Check(
        "first sentence", text.startswith(first) or headless.startswith(first), f"{text[:80]!r} for {first[:80]!r}"
    )
    found = text.rfind(last)
    at_end = found >= 0 and len(text[found + len(last) :].split()) <= FOOT
    yield Check("last sentence", at_end, f"{text[-80:]!r} for {last[-80:]!r}")
    foreign = [phrase for phrase in labels["must_not_contain"] if " ".join(phrase.split()) in text]
    yield Check("clean", not foreign, "; ".join(foreign))


def _listing_checks(source: Source, page: Page, labels: dict[str, Any], way: Way) -> Iterator[Check]:
    wanted = labels["leads"]
    if b"<sitemapindex" in page.body:
        yield _addresses(list(sitemap.followed(source, page)), wanted)
        return
    try:
        found = _leads(source, page, way)
    except SourceError as fault:
        yield from (Check(what, False, f"no listing: {fault}") for what in LISTING)
        return
    newest_first = labels["shape"] == "sitemap"  # its reader's order; the protocol gives the page's no meaning
    yield _addresses([lead.url for lead in found], wanted, ordered=not newest_first)
    by_key = {_key(lead.url): lead for lead in found}
    for label in wanted:
        yield from _lead_checks(by_key.get(_key(label["url"])), label, source, page)


def _leads(source: Source, page: Page, way: Way) -> tuple[Lead, ...]:
    if way == "unknown":
        return discover.guess(page).leads
    told: Listing = discover.read_leads(source, source.sections[0], page)
    return told.leads


def _addresses(said: list[str], labels: list[dict[str, str]], *, ordered: bool = True) -> Check:
    keys, wanted = [_key(url) for url in said], [_key(label["url"]) for label in labels]
    lacking, strange = [key for key in wanted if key not in keys], [key for key in keys if key not in wanted]
    told = f"missed {lacking}; too much {strange}" if lacking or strange else "in another order"
    same = keys == wanted if ordered else sorted(keys) == sorted(wanted)
    return Check("leads", same, told)


def _key(url: str) -> str:
    """What tells an article's address: the ministry's by `aid` alone, others by their canonical form.

    Liferay's way back to the list is no part of it: our reader leaves it out (collect/liferay.py).
    """
    url = re.sub(r"\?redirect=.*", "", url)
    aid = re.search(r"[?&]aid=(\d+)", url)
    return f"aid={aid[1]}" if aid else canonical(url)


def _lead_checks(lead: Lead | None, label: dict[str, str], source: Source, page: Page) -> Iterator[Check]:
    if label["title"]:
        yield _same("lead titles", line(lead.title) if lead else "", label["title"])
    if not label["published"]:
        return
    wanted = datetime.fromisoformat(label["published"])
    read = dates.parse(lead.time, day_first=source.day_first, fetched_at=page.fetched_at) if lead else None
    at = read.at if read else dates.from_vccorp_id(lead.ref) if lead else None  # as refine.normalise dates an article
    said = at.astimezone(dates.LOCAL) if at else None
    told = f"{lead.time if lead else 'no lead'!r} read as {said} for {wanted}"
    yield Check("lead days", said is not None and said.date() == wanted.date(), told)
    if (wanted.hour, wanted.minute) != (0, 0):
        yield Check("lead minutes", said is not None and said.replace(second=0) == wanted.replace(second=0), told)
