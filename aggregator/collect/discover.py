"""Which reader reads a source, a section, an article; and which one would read a page that nobody configured."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from aggregator.collect import (
    article,
    aspnet,
    extract,
    feed,
    html,
    language,
    liferay,
    listing,
    moh_bridge,
    sitemap,
    structure,
    vccorp,
    wordpress,
)
from aggregator.collect.asking import bridge_ref
from aggregator.collect.challenge import challenge
from aggregator.collect.leads import Listing, no_ref
from aggregator.errors import ArticleError, SourceError
from aggregator.model import Draft, Image, Lead, Page, Skip
from aggregator.settings import Kind, Section, Source

UNKNOWN = "khong-ro"  # id of the source that stands in for one that is not configured
NOWHERE = ".invalid"  # RFC 2606: what the address of a saved page ends with when its own is not known


@dataclass(frozen=True, slots=True)
class Reader:
    """How one kind of source is read."""

    read: Callable[[Source, Section, Page], Listing]
    read_article: Callable[[Source, Page, Lead | None], Draft]
    reference: Callable[[Source, str], str]


@dataclass(frozen=True, slots=True)
class Found:
    """What a page is that nobody configured. `feeds` are the feeds it announces, absolute."""

    kind: Kind
    because: str
    leads: tuple[Lead, ...]
    feeds: tuple[str, ...] = ()
    skips: tuple[Skip, ...] = ()


def read_leads(source: Source, section: Section, page: Page) -> Listing:
    """Leads in page order, each article once; text and dates as printed.

    Raises SourceError: empty, not-a-feed, login, blocked, drifted.
    """
    seen = challenge(page)
    if seen:
        url = page.request.url
        raise SourceError("blocked", f"{url} answers with {seen} instead of its content", url)
    return READERS[source.kind].read(source, section, page)


def reference(source: Source, url: str) -> str:
    """The site's own id found in the address of one of its articles, "" where it holds none."""
    return READERS[source.kind].reference(source, url)


def read_article(source: Source, page: Page, lead: Lead | None) -> Draft:
    """The article as its page prints it; `lead` is None on a re-check. Raises ArticleError, never SourceError.

    A page that says the article was withdrawn gives a Draft with a `notice`.
    """
    seen = challenge(page)
    if seen:
        raise ArticleError(f"{page.request.url} answers with {seen} instead of the article", page.request.url)
    return READERS[source.kind].read_article(source, page, lead)


def draft_of(source: Source, lead: Lead, fetched_at: datetime, digest: str) -> Draft:
    """The article as far as its feed or listing told it. `fetched_at` and `digest` are the listing's."""
    return Draft(
        source=source.id,
        url=lead.url,
        ref=lead.ref,
        title=lead.title,
        lead=lead.summary,
        author=lead.author,
        time=lead.time,
        modified="",
        body=lead.body,
        base=lead.url,
        digest=digest,
        fetched_at=fetched_at,
        reader="feed",
        images=(Image(lead.image),) if lead.image else (),
        language=language.told(html.words(lead.body), source.language),
        lead_digest=lead.digest,
    )


def extract_any(page: Page) -> Draft:
    """The article of a page of no configured source. Raises ArticleError.

    Family selectors where the markup is theirs, else two generic readings; `doubts` tell when they disagree.
    """
    page = _placed(page, _as_given)
    if html.text_of(page).lstrip().startswith(("{", "[")):
        return moh_bridge.read_article(_stand_in("moh_bridge", page), page, None)
    return extract.read(_stand_in("listing", page), page, None, _any_ref)


def _any_ref(url: str) -> str:
    return vccorp.ref(url) or liferay.ref(url) or aspnet.ref(url)


def guess(page: Page) -> Found:
    """Which reader reads the page, why, and the leads it finds. Raises SourceError when none does."""
    page = _placed(page, _most_linked)
    return guess_as(_stand_in("auto", page), page)


def guess_as(source: Source, page: Page) -> Found:
    """As `guess`, for a page of the source: its hosts and its `article_pattern` count. Raises SourceError."""
    text = html.text_of(page).lstrip()
    if sitemap.is_sitemap(page):
        return _found(source, "sitemap", "its root element is that of a sitemap", page)
    if feed.is_feed(page):
        return _found(source, "feed", "its root element is that of a feed", page)
    if wordpress.is_posts(text):
        return _found(source, "wordpress", "it is JSON as WordPress tells its posts", page)
    if text.startswith(("{", "[")):
        bridge = _stand_in("moh_bridge", page) if source.id == UNKNOWN else source
        return _found(bridge, "moh_bridge", "it is JSON as the bridge of moh.gov.vn answers", page)
    faults = []
    for kind, mark, because in MARKS:
        if mark.search(text):
            try:
                return _found(source, kind, because, page)
            except SourceError as fault:
                faults.append(fault)
    raise next((fault for fault in faults if fault.cause != "drifted"), faults[-1])


def _found(source: Source, kind: Kind, because: str, page: Page) -> Found:
    section = Section(url=page.url, id="auto")
    told = READERS[kind].read(source.model_copy(update={"kind": kind}), section, page)
    return Found(kind, because, told.leads, announced(page), told.skips)


def announced(page: Page) -> tuple[str, ...]:
    """The feeds that the page announces, absolute, in its order; those of comments left out."""
    links = html.soup_of(page).select("link[rel~=alternate][type]")
    told = [link for link in links if FEED_TYPE.search(html.attr(link, "type"))]
    urls = (html.absolute(html.attr(link, "href"), page.url) for link in told)
    return tuple(dict.fromkeys(url for url in urls if url and not COMMENTS.search(url)))


def _stand_in(kind: Kind, page: Page) -> Source:
    """A source for a page that no source names. The bridge has one site only."""
    host = html.host_of(page.url) or f"page{NOWHERE}"
    host = "moh.gov.vn" if kind == "moh_bridge" and host.endswith(NOWHERE) else host
    scheme = "http" if urlsplit(page.url).scheme == "http" else "https"
    home = f"{scheme}://{host}/"
    only = (Section(url=page.url),)
    return Source(id=UNKNOWN, name=host, kind=kind, home=home, hosts=(host,), sections=only, full_pages=False)


def _placed(page: Page, or_else: Callable[[Page], str]) -> Page:
    """The page at an address: its own, else the one that it calls its own, else what is told otherwise."""
    host = html.host_of(page.url)
    if host and not host.endswith(NOWHERE):
        return page
    url = article.canonical(html.soup_of(page)) or or_else(page)
    return replace(page, url=url, request=replace(page.request, url=url))


def _as_given(page: Page) -> str:
    return page.url


def _most_linked(page: Page) -> str:
    """The home page of the host that the page names most."""
    found = re.findall(r"https?://([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)", html.text_of(page), re.I)
    hosts = Counter(host.lower() for host in found)
    most = max(hosts, key=lambda host: (hosts[host], host), default="")
    return html.absolute(f"https://{most}/", "") or page.url


def _by_pattern(source: Source, url: str) -> str:
    return listing.ref_by(source.article_pattern)(url)


def _read_any(source: Source, page: Page, lead: Lead | None) -> Draft:
    return extract.read(source, page, lead, listing.ref_by(source.article_pattern))


def _known(shape: article.Shape, ref: article.Ref) -> Callable[[Source, Page, Lead | None], Draft]:
    def read(source: Source, page: Page, lead: Lead | None) -> Draft:
        return extract.read_known(source, page, lead, shape, ref)

    return read


def _read_family(source: Source, page: Page, lead: Lead | None) -> Draft:
    """The article of a family whose themes differ: by its selectors where they match, else as any page."""
    return extract.read(source, page, lead, aspnet.ref if source.kind == "aspnet" else no_ref)


def _read_listing(source: Source, section: Section, page: Page) -> Listing:
    """Leads of a page that lists articles: by their names, or by blocks that repeat when these tell of more."""
    if feed.is_feed(page):
        return feed.read(source, section, page)
    if source.article_pattern:
        return listing.read(source, section, page)
    try:
        named = listing.read(source, section, page)
    except SourceError as fault:
        if fault.cause != "drifted":
            raise
        return _or_raise(fault, source, section, page)
    try:
        repeated = structure.read(source, section, page)
    except SourceError:
        return named
    clear = sum(bool(lead.time) for lead in repeated.leads) >= CLEARLY * len(named.leads)
    return repeated if clear else named


def _or_raise(fault: SourceError, source: Source, section: Section, page: Page) -> Listing:
    try:
        return structure.read(source, section, page)
    except SourceError:
        raise fault from None


def _read_auto(source: Source, section: Section, page: Page) -> Listing:
    """Leads by the reader that the page needs; each with the id that any family finds in its address."""
    found = guess_as(source, page)
    name = section.name or section.id or section.url
    return Listing(tuple(_identified(source, lead, name) for lead in found.leads), found.skips)


def _identified(source: Source, lead: Lead, section: str) -> Lead:
    return replace(lead, section=section, ref=lead.ref or _auto_ref(source)(lead.url))


def _auto_ref(source: Source) -> Callable[[str], str]:
    return listing.ref_by(source.article_pattern) if source.article_pattern else _any_ref


def _read_auto_article(source: Source, page: Page, lead: Lead | None) -> Draft:
    return extract.read(source, page, lead, _auto_ref(source))


FEED_TYPE = re.compile(r"rss|atom|feed\+json|rdf", re.I)
COMMENTS = re.compile(r"comments?(?:[/.?]|$)|binh-luan", re.I)
CLEARLY = 2  # dated leads of repeated blocks to each link with an article's name from which the blocks are the listing
MARKS: tuple[tuple[Kind, re.Pattern[str], str], ...] = (
    (
        "vccorp",
        re.compile(r"-\d{15,}\.htm\b|box-category-item|data-role=.publishdate"),
        "ids and blocks of the VCCorp CMS",
    ),
    (
        "liferay",
        re.compile(r"(?:/|&#x2f;)-(?:/|&#x2f;)(?:view_content|asset_publisher)(?:/|&#x2f;)|Liferay\.", re.I),
        "addresses and scripts of Liferay",
    ),
    (
        "aspnet",
        re.compile(r"-c(?:mobile)?\d+-\d+\.aspx\b", re.I),
        "addresses of an ASP.NET portal in the shape of medinet.gov.vn",
    ),
    (
        "wordpress",
        re.compile(
            r"/wp-(?:content|includes|json)/|content=.WordPress \d|<article [^>]*\bclass=.[^\"'>]*\btype-post\b", re.I
        ),
        "scripts and styles of WordPress",
    ),
    ("listing", re.compile(""), "links that look like articles', or blocks that repeat with link, title and date"),
)
READERS: dict[Kind, Reader] = {
    "moh_bridge": Reader(
        moh_bridge.read,
        moh_bridge.read_article,
        lambda _, url: bridge_ref(url),
    ),
    "vccorp": Reader(vccorp.read, _known(vccorp.ARTICLE, vccorp.ref), lambda _, url: vccorp.ref(url)),
    "liferay": Reader(liferay.read, _known(liferay.ARTICLE, liferay.ref), lambda _, url: liferay.ref(url)),
    "aspnet": Reader(aspnet.read, _read_family, lambda _, url: aspnet.ref(url)),
    "wordpress": Reader(wordpress.read, _read_family, lambda _, url: no_ref(url)),
    "feed": Reader(feed.read, _read_any, _by_pattern),
    "sitemap": Reader(sitemap.read, _read_any, _by_pattern),
    "listing": Reader(_read_listing, _read_any, _by_pattern),
    "auto": Reader(_read_auto, _read_auto_article, lambda source, url: _auto_ref(source)(url)),
}
