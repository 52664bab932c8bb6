"""Liferay portals: moh.gov.vn until 2026, ncov.moh.gov.vn, soyte.hanoi.gov.vn until 2025, sotttt.hanoi.gov.vn (6.2).

Shapes: sources.md §1 and §3. An article stands at `/-/view_content/<number>-<slug>`, at
`/-/asset_publisher/<instance>/content/<slug>`, at `/-/<slug>`, or at `/w/<slug>` (display pages of 7.4); whatever
page it is shown on, that part is it.
"""

import re
from dataclasses import replace
from urllib.parse import urlsplit

from aggregator.collect import article, feed, html, leads, listing
from aggregator.collect.leads import Listing, Naming
from aggregator.model import Page, Skip
from aggregator.settings import Section, Source

NUMBER = re.compile(r"/-/view_content/(\d+)")
SLUG = re.compile(r"/-/(?:asset_publisher/[^/]+/content/(?:id/)?)?([^/]+)(?:/[^/]*)?$")
WEB_CONTENT = re.compile(r"/w/([^/]{8,})/?$")
APPLICATIONS = frozenset({"asset_publisher", "view_content", "document_library", "blogs", "message_boards", "search"})

LISTING = listing.Shape(
    address=r"/-/(?:view_content/\d|asset_publisher/[^/?#]+/content/[^/?#]|[^/?#]{8,}(?:[?#]|$))|/w/[^/?#]{8,}",
    ignore="nav, .related_asset, .related-assets, .taglib-page-iterator, .breadcrumb",
    titles=".asset-title a, a.asset-title, a.text-tletin, .list-news-3 a, .title_news a, .component-title a,"
    " .card-title a, a.card-title, .list-group-title a, .component-heading a",
    summaries=".asset-summary, .sapo, .news_lead, .card-text, .list-group-text, .component-paragraph",
    times=".assetPublishDate, .date_content_asset, small.text-muted, .metadata-publish-date, .date-info, .publish-date,"
    " time, .date, .time",
)

ARTICLE = article.Shape(
    name="liferay",
    marks=".asset-full-content, .contentDetail, .portlet-asset-publisher, .journal-content-article,"
    " [data-lfr-editable-type=rich-text], .widget-mode-detail-text",
    title=(
        ".asset-full-content-title",
        ".contentDetail h3",
        ".contentDetail h1, .contentDetail h2",
        ".asset-full-content .header-title",
        ".portlet-asset-publisher h1.header-title, h1.header-title",
        ".asset-full-content h1, .asset-full-content .asset-title, .asset-full-content .component-title",
        ".widget-mode-detail-header .title",
        "h1.component-heading, h1.component-title, h1[data-lfr-editable-type], [data-lfr-editable-type] h1",
    ),
    lead=(
        ".widget-mode-detail-header .sub-title",
        ".sapo-wrapper",
        ".contentDetail .sapo",
        ".asset-full-content .sapo",
        ".sapo",
    ),
    time=(
        ".asset-full-content .assetPublishDate, .asset-full-content .view-content-date",
        ".assetPublishDate",
        ".contentDetail .date, .contentDetail .date-publish",
        ".contentDetail .time",
        ".metadata-publish-date",
        ".publish-date",
        ".widget-mode-detail-header .time-info",
        ".widget-mode-detail-header .text-secondary",
        ".asset-full-content .date-info, .asset-user-info .date-info, .date-info, .component-date, time[datetime]",
    ),
    author=(
        ".view-content-author",
        ".contentDetail .author",
        ".asset-user-info .user-name",
        ".asset-user-info .user-info, .metadata-author .user-info",
        ".widget-mode-detail-header .username",
    ),
    body=(
        ".asset-full-content .journal-content-article, .contentDetail .journal-content-article",
        ".portlet-asset-publisher .journal-content-article",
        ".journal-content-article",
        "[data-lfr-editable-type=rich-text]",
        ".widget-mode-detail-text",
    ),
    cut=".sapo-wrapper, .sapo, .view-content-author, .related_asset, .taglib-ratings, .taglib-discussion, .asset-more,"
    " .lfr-meta-actions, .portlet-topper, .social-bookmarks, .asset-user-info, .assetPublishDate,"
    " .asset-full-content-title",
    files=".asset-full-content .attachments, .contentDetail .attachments, .asset-full-content .file-dinh-kem",
)


def ref(url: str) -> str:
    """The number after view_content/, else the slug after /content/, /-/ or /w/; "" for any other address."""
    path = html.path_of(url)
    number, slug = NUMBER.search(path), SLUG.search(path) or WEB_CONTENT.search(path)
    if number:
        return number[1]
    return slug[1] if slug and slug[1] not in APPLICATIONS else ""


def address(url: str) -> str:
    """The article's address without its query: that holds the way back and the reader's session only."""
    return urlsplit(url)._replace(query="").geturl() if ref(url) else url


NAMING = Naming(address, ref, leads.get)


def read(source: Source, section: Section, page: Page) -> Listing:
    """Leads of a listing, a home page or a feed of the portal. Raises SourceError.

    Bulletins of a home page's timeline have no address of their own: their number is told among the skips.
    """
    if feed.is_feed(page):
        return feed.read_named(source, section, page, NAMING)
    found = listing.read_shape(source, section, page, LISTING, NAMING)
    if b"timeline-content" not in page.body:
        return found
    bulletins = len(html.soup_of(page).select(".timeline-detail .timeline-content"))
    because = f"bulletins of the timeline without an address of their own: {bulletins}"
    return replace(found, skips=(*found.skips, Skip(page.url, because)))
