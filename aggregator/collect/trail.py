"""Which page is asked next when one answer does not settle a section: `auto` and indexes of sitemaps. Pure.

`auto` tries, in this order: the page itself when it is a feed, the feeds that it announces, itself when a known family
made it, feeds at known paths, sitemaps (those of an index, of robots.txt, at known paths), and last the listing that
its structure shows. The network is visit's.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from aggregator.collect import aspnet, discover, html, liferay, sitemap, vccorp
from aggregator.collect.challenge import challenge
from aggregator.collect.discover import Found
from aggregator.collect.leads import Listing
from aggregator.errors import SourceError
from aggregator.model import Page, Request, Skip
from aggregator.settings import Kind, Section, Source

MOST = 10  # pages asked for one section in one visit; later visits begin where the choice fell
ANNOUNCED = 2  # feeds of a page that are tried; the first is the section's, others are the whole site's
FEED_PATHS = ("/rss", "/feed/", "/rss.xml", "/rss/home.rss")
ROBOTS = "/robots.txt"
SITEMAP_PATHS = ("/sitemap.xml", "/news-sitemap.xml", "/sitemap_index.xml")
FAMILIES: frozenset[Kind] = frozenset({"vccorp", "liferay", "aspnet", "wordpress", "moh_bridge"})
FEED, FAMILY, NEWS, DATED, PLACES, LINKS = range(6)  # how much is thought of a reading, the best first


@dataclass(frozen=True, slots=True)
class Tried:
    """A page that was asked for: its answer, or the fault that stood in its place."""

    request: Request
    page: Page | None = None
    fault: SourceError | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What a section said in the end: the reader, why it was chosen, and the leads of each page read.

    `url` is the address to ask for first next time.
    """

    kind: Kind
    url: str
    because: str
    told: tuple[tuple[Page, Listing], ...]
    feeds: tuple[str, ...] = ()


def next_try(source: Source, section: Section, seen: Sequence[Tried], remembered: bool = False) -> Request | None:
    """The page to ask for after those seen; None when they settle the section (or nothing is left to try).

    `remembered`: the first page is where the choice of an earlier visit fell, so that no other way is looked for.
    """
    if source.kind not in {"auto", "sitemap"} or len(seen) >= MOST:
        return None
    asked = {one.request.url for one in seen} | {one.page.url for one in seen if one.page}
    known = remembered or source.kind == "sitemap"
    urls = _sitemaps(source, seen) if known else _candidates(source, section, seen)
    return next((_request(url) for url in urls if url not in asked), None)


def _request(url: str) -> Request:
    return Request(url, purpose="robots" if url.endswith(ROBOTS) else "section")


def _sitemaps(source: Source, seen: Sequence[Tried]) -> Iterator[str]:
    for one in seen:
        if one.page is not None:
            yield from sitemap.followed(source, one.page)


def _candidates(source: Source, section: Section, seen: Sequence[Tried]) -> Iterator[str]:
    first = seen[0].page
    if first is None or _best(source, section, seen) == FEED:
        return
    own = [url for url in discover.announced(first) if html.host_of(url) in source.hosts]
    if not set(own[:ANNOUNCED]) <= {one.request.url for one in seen}:
        yield from own[:ANNOUNCED]
        return
    if _best(source, section, seen) == FAMILY:
        return
    yield from (urljoin(section.url, path) for path in FEED_PATHS)
    if _best(source, section, seen) > NEWS:
        yield from _sitemaps(source, seen)
        yield urljoin(section.url, ROBOTS)
        yield from _announced_sitemaps(source, seen)
        yield from (urljoin(section.url, path) for path in SITEMAP_PATHS)


def _announced_sitemaps(source: Source, seen: Sequence[Tried]) -> tuple[str, ...]:
    """The first sitemaps that robots.txt names."""
    pages = [one.page for one in seen if one.page is not None and one.request.purpose == "robots"]
    return tuple(url for page in pages for url in sitemap.named(source, page))[:ANNOUNCED]


def _best(source: Source, section: Section, seen: Sequence[Tried]) -> int:
    return min((rank for rank, *_ in _readings(source, section, seen)), default=LINKS + 1)


def _readings(source: Source, section: Section, seen: Sequence[Tried]) -> Iterator[tuple[int, Page, Found]]:
    for number, one in enumerate(seen):
        if one.page is None or one.request.purpose == "robots" or challenge(one.page):
            continue
        try:
            found = discover.guess_as(source, one.page)
        except SourceError:
            continue
        feedlike = found.kind in {"feed", "sitemap"}
        if number == 0 or feedlike:  # the page at a guessed path may be the site's home, or its "not found"
            yield _rank(found), one.page, found


def _rank(found: Found) -> int:
    titled = sum(bool(lead.title) for lead in found.leads) * 2 > len(found.leads)
    dated = sum(bool(lead.time) for lead in found.leads) * 2 > len(found.leads)
    if found.kind == "feed":
        return FEED
    if found.kind in FAMILIES:
        return FAMILY
    if found.kind == "sitemap":
        return NEWS if titled else PLACES
    return DATED if dated else LINKS


def concluded(source: Source, section: Section, seen: Sequence[Tried]) -> Choice:
    """What the pages say together. Raises SourceError: the first page's own fault when none can be read."""
    if source.kind == "auto":
        return _chosen(source, section, seen)
    if source.kind == "sitemap" and len(seen) > 1:
        return _gathered(source, section, seen)
    first = seen[0]
    if first.page is None:
        raise first.fault or SourceError("gone", f"{first.request.url} does not answer", first.request.url)
    return Choice(source.kind, first.request.url, "", ((first.page, discover.read_leads(source, section, first.page)),))


def _gathered(source: Source, section: Section, seen: Sequence[Tried]) -> Choice:
    """The leads of all sitemaps that an index led to; one that cannot be read is told among the skips."""
    told: list[tuple[Page, Listing]] = []
    skips: list[Skip] = []
    faults: list[SourceError] = []
    for one in seen[1:]:
        try:
            if one.page is None:
                raise one.fault or SourceError("gone", f"{one.request.url} does not answer", one.request.url)
            if not sitemap.followed(source, one.page):
                told.append((one.page, discover.read_leads(source, section, one.page)))
        except SourceError as fault:
            faults.append(fault)
            skips.append(Skip(one.request.url, f"{fault.cause}: {fault}"))
    if not told:
        raise faults[0] if faults else SourceError("empty", f"{section.url} leads to no sitemap", section.url)
    page, listing = told[0]
    return Choice(
        "sitemap", seen[0].request.url, "", ((page, Listing(listing.leads, (*listing.skips, *skips))), *told[1:])
    )


def _chosen(source: Source, section: Section, seen: Sequence[Tried]) -> Choice:
    readings = list(_readings(source, section, seen))
    first = seen[0]
    if not readings:
        if first.page is None:
            raise first.fault or SourceError("gone", f"{first.request.url} does not answer", first.request.url)
        discover.read_leads(source, section, first.page)  # raises the fault of the page that was asked for
        raise SourceError("drifted", f"{section.url}: nothing there can be read", section.url)
    _, page, found = min(readings, key=lambda one: one[0])
    pages = [page] if found.kind != "sitemap" else [one for _, one, other in readings if other.kind == "sitemap"]
    feeds = discover.announced(first.page) if first.page else ()
    because = _because(found, page, first, feeds, _announced_sitemaps(source, seen))
    told = tuple((one, discover.read_leads(source, section, one)) for one in pages)
    return Choice(found.kind, _start(source, page, seen), because, told, feeds)


def _start(source: Source, page: Page, seen: Sequence[Tried]) -> str:
    """The page's address, or that of the index which led to it: the next sitemap will have another name."""
    url = page.request.url
    led = (one.request.url for one in seen if one.page and url in sitemap.followed(source, one.page))
    return next(led, url)


def _because(found: Found, page: Page, first: Tried, feeds: Sequence[str], sitemaps: Sequence[str]) -> str:
    url = page.request.url
    if url == first.request.url:
        return f"{url}: {found.because}"
    how = "the page announces it" if url in feeds else "it stands at a path where many sites have theirs"
    how = "robots.txt names it" if url in sitemaps else how
    return f"{url}: {how}, and {found.because}"


def family(choice: Choice) -> Kind:
    """The reader to configure: a feed whose addresses are a family's needs that family's reader for its articles."""
    urls = [lead.url for _, listing in choice.told for lead in listing.leads]
    for kind, ref in REFS.items():
        if choice.kind == "feed" and 2 * sum(bool(ref(url)) for url in urls) > len(urls):
            return kind
    return choice.kind


REFS: dict[Kind, Callable[[str], str]] = {"vccorp": vccorp.ref, "liferay": liferay.ref, "aspnet": aspnet.ref}
