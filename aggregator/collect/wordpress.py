"""WordPress: listings and articles of its themes (the hAtom classes that they keep), its feeds, and its posts as JSON.

An address may come as `/?p=<number>` and lead to another: the address where the article stands is its identity.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from aggregator.collect import article, feed, html, leads, listing
from aggregator.collect.leads import Listing, Printed
from aggregator.errors import SourceError
from aggregator.model import Page
from aggregator.settings import Section, Source

POSTS = "/wp-json/wp/v2/posts"

LISTING = listing.Shape(
    address=r"^https?://[^/]+/.",
    blocks="article, .hentry, .type-post, .post, .wp-block-post, .jeg_post, .td_module_wrap, .post-item",
    ignore="header.site-header, footer.site-footer, nav, .widget, .sidebar, #secondary, .post-navigation",
    titles=".entry-title a, .post-title a, .wp-block-post-title a, a[rel=bookmark], .jeg_post_title a, h2 a, h3 a,"
    " a:has(.post-title), a:has(.entry-title)",
    summaries=".entry-summary, .post-excerpt, .wp-block-post-excerpt, .excerpt, .entry-content p, .entry-excerpt",
    times="time.published, time.entry-date, .wp-block-post-date time, time, .entry-date, .post-date, .posted-on, .date",
    named=True,
)

ARTICLE = article.Shape(
    name="wordpress",
    marks="body.single-post, article.hentry, article.type-post, .hentry .entry-content, .wp-block-post-content",
    title=(".hentry .entry-title", "h1.entry-title, h1.post-title, h1.wp-block-post-title"),
    lead=(".entry-summary", ".entry-header .excerpt, .post-excerpt, .single-excerpt", ".sapo"),
    time=(
        "time.entry-date.published, time.published",
        ".entry-header time:not(.updated), .entry-meta time:not(.updated), .posted-on time:not(.updated)",
        ".entry-header time, .entry-meta time, .posted-on time, .wp-block-post-date time",
        ".entry-date, .post-date, .posted-on, .entry-meta .date",
    ),
    author=(
        ".entry-header .author .fn, .entry-meta .author .fn, .byline .author .fn",
        ".entry-meta .vcard, .td-post-author-name, .author.vcard, .byline .author",
        ".entry-author, .wp-block-post-author-name",
        ".entry-header [rel=author], .entry-meta [rel=author]",
    ),
    body=(".entry-content", ".wp-block-post-content", ".post-content, .single-content, .td-post-content"),
    cut=".entry-summary, .sapo, .post-navigation, .yarpp-related, .related-posts, .post-views, .author-box,"
    " .wp-block-latest-posts, .entry-footer, .post-tags, .ez-toc-container, #ez-toc-container, .toc, .comments-area,"
    " .code-block",
    keywords=".tags-links a, a[rel=tag], .post-tags a",
)


def read(source: Source, section: Section, page: Page) -> Listing:
    """Leads of a listing, a feed, or `/wp-json/wp/v2/posts`. Raises SourceError."""
    text = html.text_of(page).lstrip()
    if text.startswith("["):
        return _read_json(source, section, page, text)
    if feed.is_feed(page):
        return feed.read(source, section, page)
    return listing.read_shape(source, section, page, LISTING, leads.PLAIN)


def is_posts(text: str) -> bool:
    """Whether the text is the answer of /wp-json/wp/v2/posts."""
    return text.startswith("[") and bool(_posts(text))


def _posts(text: str) -> list[dict[str, Any]] | None:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, list):
        return None
    return [one for one in told if isinstance(one, dict) and "link" in one and "title" in one]


def _read_json(source: Source, section: Section, page: Page, text: str) -> Listing:
    url = page.request.url
    posts = _posts(text)
    if posts is None:
        raise SourceError("not-a-feed", f"{url} answers JSON that is broken", url)
    found = leads.listing(source, section, _printed(posts), page.url, feed.naming(source))
    if not found.leads:
        cause, said = ("empty", "has no articles") if text.strip() == "[]" else ("drifted", "is of another shape")
        raise SourceError("empty" if cause == "empty" else "drifted", f"{url}: the answer {said}", url)
    return found


def _printed(posts: list[dict[str, Any]]) -> Iterator[Printed]:
    for one in posts:
        zoned = _string(one, "date_gmt")
        yield Printed(
            href=_string(one, "link"),
            title=html.line(html.soup(f"<p>{_rendered(one, 'title')}</p>")),
            summary=_rendered(one, "excerpt"),
            author=_string(_embedded(one, "author"), "name"),
            time=f"{zoned}+00:00" if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]+", zoned) else _string(one, "date"),
            body=_rendered(one, "content"),
            image=_string(_embedded(one, "wp:featuredmedia"), "source_url"),
        )


def _rendered(one: dict[str, Any], name: str) -> str:
    value = one.get(name)
    return _string(value, "rendered") if isinstance(value, dict) else ""


def _embedded(one: dict[str, Any], name: str) -> dict[str, Any]:
    told = one.get("_embedded")
    rows = told.get(name) if isinstance(told, dict) else None
    return rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else {}


def _string(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    return value.strip() if isinstance(value, str) else ""
