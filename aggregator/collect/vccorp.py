"""The VCCorp CMS: suckhoedoisong.vn, hanoi.gov.vn, soyte.hanoi.gov.vn, baochinhphu.vn (sources.md §2, §3)."""

import re
from urllib.parse import urlsplit

from aggregator.collect import article, feed, html, leads, listing
from aggregator.collect.leads import Listing, Naming
from aggregator.model import Page
from aggregator.settings import Section, Source

ID = re.compile(r"-(\d{6,25})\.htm$")  # old imports have short ids without a time: 169153232
FEED = re.compile(r"(/rss/|\.rss$|\.xml$)", re.I)

LISTING = listing.Shape(
    address=r"-\d{6,25}\.htm(?:[?#]|$)",
    blocks=".box-category-item, .box-category-link-with-avatar",
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
    author=("[data-role=author]:not(.detail-author-bot)", ".detail-author", ".news-info .author"),
    body=("[data-role=content]", ".detail-content.afcbc-body", ".afcbc-body", ".detail-content"),
    cut="[type^=Related], .readmore-body-box, .detail-author-bot, #objectPopupBody, .comment-wrapper,"
    " [type=VideoStream], .VideoCMS_Caption, .link-content-footer, .box-news-related, .detail-tag-list, zone,"
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
