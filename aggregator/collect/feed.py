"""RSS, Atom and RDF by feedparser, JSON Feed by our own reader: leads with text and dates as printed."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from io import BytesIO
from itertools import islice
from typing import Any

import feedparser

from aggregator.collect import html, jsonfeed, leads, listing
from aggregator.collect.leads import Listing, Naming, Printed
from aggregator.errors import SourceError
from aggregator.model import Page
from aggregator.settings import Section, Source

HEAD = 2000  # characters in which a feed has shown its root element; comments and stylesheets stand before it
ROOT = re.compile(r"<([\w.-]+:)?(rss|feed|rdf|channel)[\s>]", re.I)
ITEM = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)[\s>/]", re.I)
LONG_TAG = re.compile(r"<[\w:.-]+\s[^<>]{20000}")  # characters; the parser's time grows with their square
MAX_TAGS = 100_000  # "<" of the items that are read; a feed of 50 whole articles has some 20,000
MARKUP = re.compile(r"<(!doctype\s+html|html|head|body)[\s>]", re.I)


def read(source: Source, section: Section, page: Page) -> Listing:
    """Leads of the feed in its order. Raises SourceError (empty, login, not-a-feed)."""
    return read_named(source, section, page, naming(source))


def naming(source: Source) -> Naming:
    """Addresses as printed; the id is the first group of `article_pattern`, where it has one."""
    return replace(leads.PLAIN, ref=listing.ref_by(source.article_pattern))


def read_named(source: Source, section: Section, page: Page, naming: Naming) -> Listing:
    """As `read`, for a family that names its articles in its own way."""
    if not page.body.strip():
        raise SourceError("empty", f"{page.request.url} answered {page.status} with nothing in it", page.request.url)
    found = leads.listing(source, section, printed(page), page.url, naming)
    if not found.leads and not found.skips:
        raise SourceError("empty", f"{page.request.url} is a feed with no items", page.request.url)
    if not found.leads:
        message = f"{page.request.url}: none of its {len(found.skips)} items can be used: {found.skips[0].because}"
        raise SourceError("drifted", message, page.request.url)
    return found


def is_feed(page: Page) -> bool:
    """Whether the body looks like a feed of a kind that `read` reads."""
    text = html.text_of(page).lstrip()
    if text.startswith("{"):
        return jsonfeed.is_jsonfeed(text)
    root, markup = ROOT.search(text[:HEAD]), MARKUP.search(text[:HEAD])
    return root is not None and (markup is None or root.start() < markup.start())  # an item may hold a <body>


def printed(page: Page) -> Iterator[Printed]:
    """The feed's items as printed. Raises SourceError when the page is no feed."""
    text = html.text_of(page).lstrip()
    if text.startswith("{"):
        return jsonfeed.printed(text, page)
    if not is_feed(page):
        raise _no_feed(page)
    text = _first(text, leads.MOST)
    if text.count("<") > MAX_TAGS or LONG_TAG.search(text):
        url = page.request.url
        raise SourceError("too-large", f"{url} holds more markup than any feed has; look at it in a browser", url)
    return (_printed(entry) for entry in _parse(text, page).entries)


def _first(text: str, most: int) -> str:
    """The feed up to its item number `most`; what follows costs time and memory and would be left out."""
    beyond = next(islice(ITEM.finditer(text), most, None), None)
    root = ROOT.search(text)
    if beyond is None or root is None:
        return text
    prefix, name = root[1] or "", root[2]
    ends = f"</{prefix}channel></{prefix}rss>" if name.lower() in ("rss", "channel") else f"</{prefix}{name}>"
    return text[: beyond.start()] + ends


def _no_feed(page: Page) -> SourceError:
    url = page.request.url
    if listing.is_login(html.soup_of(page)):
        return SourceError("login", f"{url} shows a login page instead of its feed", url)
    kind = page.header("content-type") or "no content-type"
    message = f"{url} is no feed (it answered {kind}); see its address in a browser and correct sources.yaml"
    return SourceError("not-a-feed", message, url)


def _parse(text: str, page: Page) -> Any:
    """The result of feedparser. The charset was settled by us: the header only repeats it."""
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": page.url}
    try:
        return feedparser.parse(
            BytesIO(text.encode("utf-8", "replace")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as fault:  # on some broken bytes the library raises what its own handlers do not name
        url = page.request.url
        raise SourceError("not-a-feed", f"{url} is a feed broken beyond reading ({fault!r})", url) from fault


def _printed(entry: Any) -> Printed:
    body = _body(entry)
    summary = str(entry.get("summary") or "")
    return Printed(
        href=_link(entry),
        title=str(entry.get("title") or ""),
        summary="" if body and summary.strip() == body.strip() else summary,
        author=str(entry.get("author_detail", {}).get("name") or entry.get("author") or ""),
        time=_time(entry),
        body=body,
        image=_image(entry, summary),
    )


def _link(entry: Any) -> str:
    link = str(entry.get("link") or "")
    guid = str(entry.get("id") or "")
    return link or (guid if re.match(r"https?://", guid) else "")


def _time(entry: Any) -> str:
    """The date as printed. Found by its items: asking for a missing `updated` makes feedparser lend `published`."""
    printed = dict(entry.items())
    return next((str(printed[key]) for key in ("published", "created", "updated") if printed.get(key)), "")


def _body(entry: Any) -> str:
    for content in entry.get("content") or ():
        value = str(content.get("value") or "")
        if value.strip():
            return f"<p>{escape(value)}</p>" if content.get("type") == "text/plain" else value
    return ""


def _image(entry: Any, summary: str) -> str:
    for key, name in (("media_thumbnail", "url"), ("media_content", "url"), ("enclosures", "href")):
        for one in entry.get(key) or ():
            kind = str(one.get("type") or one.get("medium") or "image")
            if one.get(name) and kind.startswith("image"):
                return str(one[name])
    return listing.picture(html.soup(summary)) if "<img" in summary else ""
