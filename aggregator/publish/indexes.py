"""What machines read besides feeds: search indexes, sitemaps, OPML, robots.txt."""

import json
from collections.abc import Iterator
from typing import Any

from lxml import etree

from aggregator.model import Artifact
from aggregator.publish import addresses, campaigns
from aggregator.publish.bulletin import View
from aggregator.publish.edition import Edition, Removal
from aggregator.publish.fixed import feed_rows
from aggregator.publish.notices import IN_FORCE, IN_FORCE_LABEL
from aggregator.publish.site import KIND_NAMES
from aggregator.publish.words import iso, xml_text
from aggregator.text import fold

IN_MONTH = 50_000  # sitemaps hold no more (sitemaps.org)
MAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
MAPS_ALONE: Any = {None: MAPS}


def month_indexes(key: str, edition: Edition) -> Iterator[Artifact | Removal]:
    """For `month/<m>`: the search index and the sitemap of its stories, or their removal."""
    kind, _, month = key.partition("/")
    if kind != "month":
        return
    if edition.shelf(key) is None:
        yield Removal(addresses.search_path(month))
        yield Removal(addresses.sitemap_path(month))
        return
    views = edition.listing(key, IN_MONTH)
    rows = [_search_row(seen, edition) for seen in views]
    yield Artifact(addresses.search_path(month), _json({"month": month, "stories": rows}))
    yield Artifact(
        addresses.sitemap_path(month),
        _sitemap("urlset", "url", [(edition.absolute(seen.path), iso(seen.updated)) for seen in views]),
    )


def site_indexes(edition: Edition) -> Iterator[Artifact]:
    """The indexes of the whole site."""
    months = [shelf.key.removeprefix("month/") for shelf in reversed(edition.shelves("month/"))]
    newest_first = [{"month": month, "href": edition.link(addresses.search_path(month))} for month in months]
    yield Artifact(addresses.SEARCH_MONTHS, _json({"months": newest_first}))
    maps = [addresses.SITEMAP_PAGES, *(addresses.sitemap_path(month) for month in months)]
    yield Artifact(addresses.SITEMAP_PAGES, _sitemap("urlset", "url", [(url, "") for url in _listed(edition)]))
    yield Artifact(
        addresses.SITEMAP, _sitemap("sitemapindex", "sitemap", [(edition.absolute(path), "") for path in maps])
    )
    yield Artifact(addresses.OPML, _opml(edition))
    yield Artifact(addresses.ROBOTS, _robots(edition).encode())


def _search_row(seen: View, edition: Edition) -> list[str]:
    """Address, title, source, time, and the folded words that are searched."""
    speaker = seen.speaker
    texts = [voice.title for voice in seen.voices] + [voice.lead for voice in seen.voices]
    texts += [voice.label for voice in seen.voices] + [tag.label for tag in seen.tags]
    words = " ".join(" ".join(dict.fromkeys(fold(text) for text in texts if text)).split())
    return [edition.link(seen.path), speaker.title, speaker.label, iso(speaker.published), words]


def _listed(edition: Edition) -> list[str]:
    """Addresses of all pages but stories."""
    fixed = [addresses.HOME, addresses.DAYS, addresses.ARCHIVE, addresses.CORRECTIONS, addresses.ABOUT]
    fixed += [addresses.SUBSCRIBE, addresses.GALLERY, addresses.TO_DO]
    fixed += [campaigns.landing_path(campaign) for campaign in edition.config.campaigns]
    fixed += [addresses.kind_path(kind) for kind in addresses.FOLDERS]
    keys = [shelf.key for kind in ("day", "week", "month", *addresses.FOLDERS) for shelf in edition.kind(kind)]
    return [edition.absolute(path) for path in fixed] + sorted(
        edition.absolute(addresses.shelf_path(key)) for key in keys
    )


def _sitemap(root_name: str, row_name: str, rows: list[tuple[str, str]]) -> bytes:
    root = etree.Element(f"{{{MAPS}}}{root_name}", nsmap=MAPS_ALONE)
    for url, changed in rows:
        row = etree.SubElement(root, f"{{{MAPS}}}{row_name}")
        etree.SubElement(row, f"{{{MAPS}}}loc").text = url
        if changed:
            etree.SubElement(row, f"{{{MAPS}}}lastmod").text = changed
    return _xml_document(root)


def _opml(edition: Edition) -> bytes:
    root = etree.Element("opml", {"version": "2.0"})
    mark = f"{edition.ribbon} · " if edition.ribbon else ""
    etree.SubElement(etree.SubElement(root, "head"), "title").text = xml_text(mark + edition.site.name)
    body = etree.SubElement(root, "body")
    for label, key in (("Tất cả tin", "all"), (IN_FORCE_LABEL, IN_FORCE), ("Đính chính, cập nhật", "corrections")):
        _outline(body, label, key, edition)
    for kind in addresses.FOLDERS:
        rows = feed_rows(kind, edition) if kind != "document" else []
        group = etree.SubElement(body, "outline", {"text": KIND_NAMES[kind]}) if rows else body
        for label, key in rows:
            _outline(group, label, key, edition)
    return _xml_document(root)


def _outline(parent: Any, label: str, key: str, edition: Edition) -> None:
    feed = edition.absolute(addresses.feed_path(key, "rss"))
    page = edition.absolute(addresses.shelf_path(key))
    name = xml_text(label)
    etree.SubElement(parent, "outline", {"type": "rss", "text": name, "title": name, "xmlUrl": feed, "htmlUrl": page})


def _robots(edition: Edition) -> str:
    if edition.site.mode != "public":
        return "User-agent: *\nDisallow: /\n"
    return f"User-agent: *\nAllow: /\nSitemap: {edition.absolute(addresses.SITEMAP)}\n"


def _json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _xml_document(root: Any) -> bytes:
    made: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return made
