"""What a page tells beside its text: metadata, linked data, the time that its scripts name. Knows no site."""

import json
import re
from collections.abc import Iterator
from typing import Any

from bs4 import Tag

from aggregator.collect import html

STAMPED = (  # a tag of the page itself that tells when it was published
    "[property~='dc:date'], [property~='dc:created'], [property~='schema:datePublished'], [property~='datePublished'],"
    " [itemprop=datePublished]"
)
PUBLISHED = frozenset((  # names of metas, in small letters and without what stands between their words
    "articlepublishedtime", "datepublished", "pubdate", "publishdate", "publisheddate", "publicationdate",
    "publishtime",
    "publishedtime", "publishedat", "dcdateissued", "dctermsissued", "dcdatecreated", "dctermscreated", "dcdate",
    "dctermsdate", "dcissued", "originalpublicationdate", "sailthrudate", "parselypubdate", "articlepublished",
    "citationpublicationdate", "ngaydang", "ngayxuatban",
))  # fmt: skip
IN_SCRIPT = re.compile(
    r"""["']?\b(?:date_?published|published_?(?:date|time|at|on)|publish_?(?:date|time)|pub_?date|publication_?date"""
    r"""|ngay_?(?:dang|xuat_?ban)|posted_?(?:date|at))["']?\s*[:=]\s*["']([^"'<>]{8,40})["']""",
    re.I,
)
MOST = 200_000  # characters of scripts in which a time is looked for
NEVER = ("0001", "1970", "0000")  # how a CMS says that no time was set


def published(tree: Tag) -> str:
    """When the page's metadata say that it was published, as told there; "" when they do not say."""
    told = (
        *(_string(one.get("datePublished")) for one in linked_data(tree)),
        html.meta(tree, "article:published_time"),
        html.meta(tree, "datePublished", "pubdate"),
        *_metas(tree),
        *(html.attr(tag, "content") or html.attr(tag, "datetime") for tag in tree.select(STAMPED)),
    )
    return next((text for text in told if text and not text.startswith(NEVER)), "") or _in_script(tree)


def _metas(tree: Tag) -> Iterator[str]:
    for tag in tree.find_all("meta", content=True):
        names = (html.attr(tag, key) for key in ("name", "property", "itemprop"))
        if any(re.sub(r"[^a-z]", "", name.lower()) in PUBLISHED for name in names if name):
            yield html.attr(tag, "content")


def _in_script(tree: Tag) -> str:
    """The one time of publication that the page's scripts name; "" where they name none, or several."""
    scripts = "\n".join(tag.string or "" for tag in tree.select("script:not([src])"))[:MOST]
    told = {match[1] for match in IN_SCRIPT.finditer(scripts) if not match[1].startswith(NEVER)}
    return told.pop() if len(told) == 1 else ""


def author(tree: Tag) -> str:
    """Whom the page's metadata name as its author, as told there."""
    return html.meta(tree, "author", "article:author", "dc.creator", "DC.creator")


def modified(tree: Tag) -> str:
    """When the page says it was last changed, as printed; "" when it does not say."""
    told = html.meta(tree, "article:modified_time", "og:updated_time", "dateModified", "lastmod")
    return told or next((text for one in linked_data(tree) if (text := _string(one.get("dateModified")))), "")


def linked_data(tree: Tag) -> Iterator[dict[str, Any]]:
    """The articles that the page's JSON-LD describes."""
    for script in tree.select('script[type="application/ld+json"]'):
        try:
            told = json.loads(script.string or "")
        except (ValueError, RecursionError):
            continue  # written by hand more often than not: a broken one says nothing
        yield from (one for one in _flat(told) if "Article" in str(one.get("@type")))


def _flat(told: Any) -> Iterator[dict[str, Any]]:
    for one in told if isinstance(told, list) else [told]:
        if isinstance(one, dict):
            yield one
            yield from (deep for deep in _list(one.get("@graph")) if isinstance(deep, dict))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _string(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
