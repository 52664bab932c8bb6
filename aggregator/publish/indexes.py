"""What machines read besides feeds: sitemaps, OPML, robots.txt."""

from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from aggregator.model import Artifact
from aggregator.publish import addresses, campaigns
from aggregator.publish.edition import TURNED, Edition, Removal
from aggregator.publish.fixed import feed_rows
from aggregator.publish.notices import IN_FORCE, IN_FORCE_LABEL
from aggregator.publish.site import KIND_NAMES
from aggregator.publish.words import iso, xml_text

IN_A_MAP = 50_000  # sitemaps hold no more (sitemaps.org)
DOCUMENTS = 1_000  # pages of documents in the sitemaps: they are without end; older ones are found from their stories
MAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
MAPS_ALONE: Any = {None: MAPS}


def day_map(key: str, edition: Edition) -> Iterator[Artifact | Removal]:
    """For `day/<d>`: the sitemap of its stories, or its removal."""
    kind, _, day = key.partition("/")
    if kind != "day":
        return
    path = addresses.sitemap_path(day)
    rows = [(edition.absolute(seen.path), iso(seen.updated)) for seen in edition.listing(key, IN_A_MAP)]
    yield Artifact(path, _sitemap("urlset", "url", rows)) if rows else Removal(path)


def maps(edition: Edition) -> Iterator[Artifact]:
    """What search engines read: addresses alone, so it changes when a page comes or goes, not with each story."""
    days = [shelf.key.removeprefix("day/") for shelf in reversed(edition.shelves("day/"))]
    rows = [addresses.SITEMAP_PAGES, *(addresses.sitemap_path(day) for day in days)]
    yield Artifact(addresses.SITEMAP_PAGES, _sitemap("urlset", "url", [(url, "") for url in _listed(edition)]))
    yield Artifact(
        addresses.SITEMAP, _sitemap("sitemapindex", "sitemap", [(edition.absolute(path), "") for path in rows])
    )
    yield Artifact(addresses.ROBOTS, _robots(edition).encode())


def turned(keys: Iterable[str]) -> bool:
    """Whether these keys of work can move an address into the maps or out: a shelf that came or went, or a document.

    Of documents the newest alone are listed, so a story can bring an old one back.
    """
    return any(key.startswith((TURNED, "document/")) for key in keys)


def subscriptions(edition: Edition) -> Iterator[Artifact]:
    """The feeds as a feed reader takes them all (OPML)."""
    yield Artifact(addresses.OPML, _opml(edition))


def _listed(edition: Edition) -> list[str]:
    """Addresses of all pages but stories."""
    fixed = [addresses.HOME, addresses.DAYS, addresses.ARCHIVE, addresses.CORRECTIONS, addresses.ABOUT]
    fixed += [addresses.SUBSCRIBE, addresses.GALLERY, addresses.TO_DO]
    fixed += [campaigns.landing_path(campaign) for campaign in campaigns.shown(edition)]
    fixed += [addresses.kind_path(kind) for kind in addresses.FOLDERS]
    kinds = [kind for kind in ("day", "week", "month", *addresses.FOLDERS) if kind != "document"]
    keys = [shelf.key for kind in kinds for shelf in edition.below(kind)]
    keys += [shelf.key for shelf in edition.newest("document", DOCUMENTS)]
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
    maps = (addresses.SITEMAP, addresses.SITEMAP_NEWS)
    return "User-agent: *\nAllow: /\n" + "".join(f"Sitemap: {edition.absolute(path)}\n" for path in maps)


def _xml_document(root: Any) -> bytes:
    made: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return made
