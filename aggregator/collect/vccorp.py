"""The VCCorp CMS: suckhoedoisong.vn, hanoi.gov.vn, soyte.hanoi.gov.vn, baochinhphu.vn (sources.md §2, §3)."""

import json
import re
from dataclasses import replace
from urllib.parse import urlsplit

from aggregator.collect import article, feed, html, leads, listing
from aggregator.collect.leads import Listing, Naming
from aggregator.errors import SourceError
from aggregator.model import Page
from aggregator.settings import Section, Source

ID = re.compile(r"-(\d{6,25})\.htm$")  # old imports have short ids without a time: 169153232
MOST = 1000  # values of a JSON answer that are looked at
FEED = re.compile(r"(/rss/|\.rss$|\.xml$)", re.I)

LISTING = listing.Shape(
    address=r"-\d{6,25}\.htm(?:[?#]|$)",
    blocks=".box-category-item, .box-category-link-with-avatar, body:has(.box-category-item) [class*=box-focus]",
    titles="a[data-type=title]",
    summaries=".box-category-sapo, [data-type=sapo], .sapo",
    times=".box-category-time, .news-info .time, time, .time",
)

ARTICLE = article.Shape(
    name="vccorp",
    marks="[data-role=content], [data-role=sapo], [data-role=publishdate], .afcbc-body, .detail-content",
    title=("[data-role=title]", "h1.detail-title", ".detail-title"),
    lead=("[data-role=sapo]", ".detail-sapo", "h2.sapo", ".sapo"),
    time=("[data-role=publishdate]", ".detail-time", ".news-info .time"),
    author=(
        "[data-role=author]:not(.detail-author-bot)",
        ".detail-author",
        ".news-info .author",
        ".detail-author-bot .name",
        ".detail-author-bot > span",
    ),
    body=("[data-role=content]", ".detail-content.afcbc-body", ".afcbc-body", ".detail-content"),
    cut="[type^=Related], [type=insertlink], .readmore-body-box, .detail-author-bot, #objectPopupBody,"
    " .comment-wrapper,"
    " [type=VideoStream], [type=wrapnote], .VideoCMS_Caption, .link-content-footer, .box-news-related,"
    " .detail-tag-list, zone,"
    " [id^=admzone]",
    keywords=".detail-tag-list a",
)


def ref(url: str) -> str:
    """The id at the end of an article's address: its identity, whatever the slug says."""
    match = ID.search(html.path_of(url))
    return match[1] if match else ""


def _desktop(source: Source) -> Naming:
    """Naming that takes the mobile twin `m.host` for the host itself."""

    def address(url: str) -> str:
        host = html.host_of(url)
        twin = host.startswith("m.") and host[2:] in source.hosts
        return urlsplit(url)._replace(netloc=host[2:]).geturl() if twin else url

    return Naming(address, ref, leads.get)


def read(source: Source, section: Section, page: Page) -> Listing:
    """Leads of a feed (where one was asked for) or of the `.htm` listing. Raises SourceError."""
    if FEED.search(html.path_of(page.request.url)) or feed.is_feed(page):
        return feed.read_named(source, section, page, _desktop(source))
    return listing.read_shape(source, section, page, LISTING, _desktop(source))


def read_more(source: Source, section: Section, page: Page) -> Listing:
    """Leads of a further page: a piece of the listing, bare or as a text in JSON. Raises SourceError.

    No lead at all is an answer: the listing has come to its end.
    """
    text = html.text_of(page).strip()
    if not text:
        return Listing(())
    piece = _piece(text) if text.startswith(("{", "[", '"')) else text
    if not html.soup(piece).select_one(LISTING.blocks):
        if listing.is_login(html.soup(piece)):
            raise SourceError("login", f"{page.request.url} shows a login page instead of a listing", page.request.url)
        return Listing(())
    told = replace(page, body=piece.encode("utf-8", "replace"), headers=(("content-type", "text/html; charset=utf-8"),))
    return listing.read_shape(source, section, told, LISTING, _desktop(source))


def _piece(text: str) -> str:
    """The text in the JSON that holds blocks of the listing; "" where none does."""
    try:
        heap = [json.loads(text)]
    except (ValueError, RecursionError):
        return ""
    for _ in range(MOST):
        one = heap.pop() if heap else ""
        if isinstance(one, str):
            if "box-category" in one:
                return one
        elif isinstance(one, dict | list):
            heap.extend(one.values() if isinstance(one, dict) else one)
    return ""
