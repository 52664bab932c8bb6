"""Sitemaps (sitemaps.org 0.9), their index, and Google's news sitemap: leads with the newest first.

`lastmod` stands in for the time where a page tells none of its own. An index tells which sitemaps to read next.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from aggregator.collect import charset, feed, html, leads, listing
from aggregator.collect.leads import Listing, Printed
from aggregator.errors import SourceError
from aggregator.model import Page
from aggregator.settings import Section, Source

ROOT = re.compile(r"<(?:[\w-]+:)?(urlset|sitemapindex)[\s>]", re.I)
HEAD = 4000  # characters in which the root element has come; stylesheets and long namespaces stand before it
LARGEST = 20_000_000  # bytes of an unpacked sitemap; the protocol allows 50 MB, a page of ours may cost 100 MB in all
KEPT = 100  # leads, the newest; a sitemap holds up to 50,000 addresses, the archive among them
FOLLOWED = 2  # sitemaps of an index: the newest, and the one before where a new month has just begun
GZIP = b"\x1f\x8b"
OTHERS = re.compile(r"categor|tag|author|page[-_s.]|image|video|product|chuyen-?muc|tac-?gia|danh-?muc", re.I)
NEWS = re.compile(r"news|tin-?tuc|googlenews", re.I)
ARTICLES = re.compile(r"post|article|bai-?viet|tin", re.I)
SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.I | re.M)
FILE = re.compile(r"[^\W_]-[^/?#]*\.(?:html?|aspx)$")  # a name with a hyphen and the ending of a page
NUMBERED = re.compile(r"[?&](?:p|id|aid|itemid|newsid)=\d", re.I)
NEITHER = {"", "/"}


def is_sitemap(page: Page) -> bool:
    """Whether the body looks like a sitemap or an index of them."""
    return page.body.startswith(GZIP) or bool(ROOT.search(html.text_of(page)[:HEAD]))


def read(source: Source, section: Section, page: Page) -> Listing:
    """Leads of a sitemap, the newest first, at most KEPT. Raises SourceError."""
    root = _root(page)
    if _name(root) == "sitemapindex":
        url = page.request.url
        raise SourceError("drifted", f"{url} is an index of sitemaps, and none of those it names could be read", url)
    rows = sorted(_rows(root), key=lambda row: row.time, reverse=True)
    chosen = _articles(rows, source.article_pattern)
    found = leads.listing(source, section, chosen, page.url, feed.naming(source))
    if not found.leads:
        raise SourceError("empty", f"{page.request.url} is a sitemap that names no articles", page.request.url)
    return found


def followed(source: Source, page: Page) -> tuple[str, ...]:
    """The sitemaps of an index that hold the newest articles, best first; () for anything else."""
    try:
        root = _root(page)
    except SourceError:
        return ()
    if _name(root) != "sitemapindex":
        return ()
    told = [(html.absolute(_text(one, "loc"), page.url), _text(one, "lastmod")) for one in _children(root, "sitemap")]
    own = [(url, time) for url, time in told if html.host_of(url) in source.hosts]
    mine = [(url, time) for url, time in own if not OTHERS.search(html.path_of(url).rpartition("/")[2])] or own
    best = sorted(mine, key=lambda one: _rank(*one), reverse=True)
    return tuple(dict.fromkeys(url for url, _ in best))[:FOLLOWED]


def named(source: Source, robots: Page) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names (RFC 9309 §2.2.4), on the source's hosts, in its order."""
    told = SITEMAP_LINE.findall(robots.body.decode("utf-8-sig", "replace"))
    urls = (html.absolute(url, robots.url) for url in told)
    return tuple(dict.fromkeys(url for url in urls if html.host_of(url) in source.hosts))


def _rank(url: str, time: str) -> tuple[bool, bool, str, int, str]:
    name = html.path_of(url)
    numbers = re.findall(r"\d{1,9}", name)
    return bool(NEWS.search(name)), bool(ARTICLES.search(name)), time, int(numbers[-1]) if numbers else 0, url


def _root(page: Page) -> Any:
    """The root element. Raises SourceError."""
    url = page.request.url
    text = _unpacked(page)
    if not text.strip():
        raise SourceError("empty", f"{url} answered {page.status} with nothing in it", url)
    if not ROOT.search(text[:HEAD]):
        raise SourceError("not-a-feed", f"{url} is no sitemap; see its address in a browser", url)
    if re.search(r"<!ENTITY", text, re.I):
        raise SourceError("not-a-feed", f"{url} declares entities of its own, which no sitemap needs: refused", url)
    plain = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8"
    )
    try:
        root = etree.fromstring(plain.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise SourceError("not-a-feed", f"{url} is a sitemap broken beyond reading ({fault})", url) from fault
    if root is None or _name(root) not in {"urlset", "sitemapindex"}:
        raise SourceError("not-a-feed", f"{url} is a sitemap broken beyond reading", url)
    return root


def _unpacked(page: Page) -> str:
    """The text; a `.xml.gz` is unpacked, but no further than LARGEST."""
    body, url = page.body, page.request.url
    if body.startswith(GZIP):
        unpacker = zlib.decompressobj(wbits=31)
        try:
            body = unpacker.decompress(body, LARGEST + 1)
        except zlib.error as fault:
            raise SourceError("not-a-feed", f"{url} is packed and damaged ({fault})", url) from fault
    if len(body) > LARGEST:
        raise SourceError("too-large", f"{url} is a sitemap of more than {LARGEST // 1_000_000} MB", url)
    return charset.decoded(body, page.header("content-type"))


def _rows(root: Any) -> Iterator[Printed]:
    for one in _children(root, "url"):
        news = next(_children(one, "news"), None)
        image = next(_children(one, "image"), None)
        yield Printed(
            href=_text(one, "loc"),
            title=_text(news, "title"),
            time=_text(news, "publication_date") or _text(one, "lastmod"),
            image=_text(image, "loc"),
        )


def _articles(rows: list[Printed], pattern: str) -> list[Printed]:
    """Rows that look like articles': by the pattern, else those with a title, with long names, or below the home."""
    if pattern:
        return [row for row in rows if re.search(pattern, row.href)][:KEPT]
    titled = [row for row in rows if row.title]
    named = _beside([row for row in rows if re.search(listing.SLUG, row.href) or FILE.search(row.href)], rows)
    below = [row for row in rows if html.path_of(row.href) not in NEITHER or NUMBERED.search(row.href)]
    return (titled or named or _deeper(below))[:KEPT]


def _deeper(rows: list[Printed]) -> list[Printed]:
    """Those in folders where most stand in some: what stands at the root are sections and pages such as "contact"."""
    inner = [row for row in rows if _folder(row)]
    return inner if 2 * len(inner) > len(rows) else rows


def _beside(named: list[Printed], rows: list[Printed]) -> list[Printed]:
    """The named rows, and those beside them in a folder where most have such names: articles with short names."""
    folders = Counter(_folder(row) for row in rows)
    articles = Counter(_folder(row) for row in named)
    most = {folder for folder, count in articles.items() if folder and 2 * count > folders[folder]}
    chosen = {id(row) for row in named}
    return [row for row in rows if id(row) in chosen or _folder(row) in most]


def _folder(row: Printed) -> str:
    return html.path_of(row.href).rstrip("/").rpartition("/")[0]


def _children(tag: Any, name: str) -> Iterator[Any]:
    return (child for child in tag if _name(child) == name)


def _name(tag: Any) -> str:
    """The tag's name without its namespace, which half of the sitemaps write wrongly."""
    return tag.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag.tag, str) else ""


def _text(tag: Any, name: str) -> str:
    found = next(_children(tag, name), None) if tag is not None else None
    return " ".join((found.text or "").split()) if found is not None else ""
