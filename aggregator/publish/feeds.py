"""RSS 2.0, Atom and JSON Feed of every shelf. XML comes from a tree, ids do not depend on the site's address."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from aggregator.model import Artifact, Dropped
from aggregator.publish import addresses
from aggregator.publish.bulletin import View
from aggregator.publish.edition import Edition, Removal
from aggregator.publish.feed_stories import ATOM, ATOM_ALONE, RSS_SPACES, add, apart, atom_link, rfc822, story_in
from aggregator.publish.notices import IN_FORCE, IN_FORCE_LABEL
from aggregator.publish.words import iso, xml_text

IN_FEED = 50  # stories in a feed
FEED_KINDS = {"all", "corrections", *addresses.FOLDERS}
STANDING = {"all": "Tất cả tin", IN_FORCE: IN_FORCE_LABEL, "corrections": "Đính chính, cập nhật"}
BEFORE_ANYTHING = datetime(2020, 1, 1, tzinfo=UTC)  # `updated` of an Atom feed without a story: it must have one (RFC
# 4287 §4.1.1); not 1970, which validators and readers take for a clock that was never set
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
GONE = {
    "withdrawn": "Trang nguồn đã gỡ bài này",
    "suspended": "Bài tạm ẩn để đối chiếu lại với nguồn",
    "hidden": "Đơn vị quản lý trang này đã gỡ bài này",
}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
HERE = "stories"
SPOT = re.compile(rb" *<!--stories-->\n")  # no words of a story can look so: theirs are escaped


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed before it takes a form."""

    key: str
    title: str
    about: str
    home: str
    updated: datetime
    views: tuple[View, ...]
    dropped: tuple[Dropped, ...] = ()

    @property
    def id(self) -> str:
        """The id of the feed, the same wherever the site stands."""
        return addresses.urn("shelf", self.key)


def shelf_feeds(key: str, edition: Edition) -> Iterator[Artifact | Removal]:
    """The feeds of a shelf in all forms, or their removal when nothing stands on it any more."""
    if key.partition("/")[0] not in FEED_KINDS or key.count("/") > 1:
        return
    made = channel(key, edition)
    for form in addresses.FEED_FORMATS:
        path = addresses.feed_path(key, form)
        yield Removal(path) if made is None else Artifact(path, FORMS[form](made, path, edition))


def channel(key: str, edition: Edition) -> Channel | None:
    """What the feed of a shelf says; None for an empty shelf that does not always stand."""
    kind, _, id = key.partition("/")
    shelf = edition.shelf(key)
    source = edition.config.source(id) if kind == "source" else None
    label = STANDING.get(key) or (source.name if source else "") or (shelf.label if shelf else "")
    if not label:
        return None
    views = edition.listing(key, IN_FEED)
    dropped = edition.dropped(key, IN_FEED)
    mark = f"{edition.ribbon} · " if edition.ribbon else ""
    name = edition.site.name if key == "all" else f"{label} · {edition.site.name}"
    return Channel(
        key=key,
        title=xml_text(mark + name),
        about=xml_text(mark + (edition.site.description if key == "all" else f"{label}: tin y tế chính thức.")),
        home=edition.absolute(addresses.shelf_path(key)),
        updated=max((*(seen.updated for seen in views), *(one.at for one in dropped)), default=BEFORE_ANYTHING),
        views=views,
        dropped=dropped,
    )


# --- RSS 2.0


def rss(feed: Channel, path: str, edition: Edition) -> bytes:
    """RSS 2.0 with content:encoded where the text may be shown."""
    root = etree.Element("rss", {"version": "2.0"}, nsmap=RSS_SPACES)
    top = etree.SubElement(root, "channel")
    add(top, "title", feed.title)
    add(top, "link", feed.home)
    add(top, "description", feed.about)
    add(top, "language", "vi")
    if feed.views or feed.dropped:
        add(top, "lastBuildDate", rfc822(feed.updated))
    own = {"rel": "self", "type": "application/rss+xml", "href": edition.absolute(path)}
    etree.SubElement(top, f"{{{ATOM}}}link", own)
    top.append(etree.Comment(HERE))
    return _document(root, feed, "rss", edition)


# --- Atom


def atom(feed: Channel, path: str, edition: Edition) -> bytes:
    """Atom (RFC 4287); what was taken away is told, without its words, for readers to drop it (RFC 6721)."""
    spaces = {**ATOM_ALONE, "at": TOMBSTONES} if feed.dropped else ATOM_ALONE
    root = etree.Element(f"{{{ATOM}}}feed", {XML_LANG: "vi"}, nsmap=spaces)
    add(root, f"{{{ATOM}}}id", feed.id)
    add(root, f"{{{ATOM}}}title", feed.title)
    add(root, f"{{{ATOM}}}subtitle", feed.about)
    add(root, f"{{{ATOM}}}updated", _newest(feed))
    author = etree.SubElement(root, f"{{{ATOM}}}author")
    add(author, f"{{{ATOM}}}name", edition.site.owner.organisation or edition.site.name)
    atom_link(root, "self", edition.absolute(path), "application/atom+xml")
    atom_link(root, "alternate", feed.home, "text/html")
    root.append(etree.Comment(HERE))
    for one in feed.dropped:
        _atom_tombstone(root, one, edition)
    return _document(root, feed, "atom", edition)


def _newest(feed: Channel) -> str:
    return max((iso(feed.updated), *(apart(seen.updated, seen) for seen in feed.views)))


def _atom_tombstone(root: Any, one: Dropped, edition: Edition) -> None:
    source = edition.config.source(one.source)
    who = edition.publisher if one.status == "hidden" else source.name if source else one.source
    named = {"ref": addresses.urn("story", one.story), "when": iso(one.at)}
    row = etree.SubElement(root, f"{{{TOMBSTONES}}}deleted-entry", named)
    by = etree.SubElement(row, f"{{{TOMBSTONES}}}by")
    add(by, f"{{{ATOM}}}name", who)
    add(row, f"{{{TOMBSTONES}}}comment", GONE.get(one.status, GONE["withdrawn"]))


# --- JSON Feed


def json_feed(feed: Channel, path: str, edition: Edition) -> bytes:
    """JSON Feed 1.1."""
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": edition.absolute(path),
        "description": feed.about,
        "language": "vi",
        "authors": [{"name": edition.site.owner.organisation or edition.site.name}],
    }
    head = json.dumps(data, ensure_ascii=False).removesuffix("}")
    items = b",\n".join(story_in("json", seen, edition) for seen in feed.views)
    return b"".join((head.encode(), b', "items": [\n', items, b"\n]}\n"))


# --- parts


def _document(root: Any, feed: Channel, form: str, edition: Edition) -> bytes:
    """The feed with its stories, which were printed before, in the place of the comment."""
    style = etree.ProcessingInstruction("xml-stylesheet", f'type="text/css" href="{edition.stylesheet}"')
    root.addprevious(style)
    made: bytes = etree.tostring(root.getroottree(), encoding="utf-8", xml_declaration=True, pretty_print=True)
    before, after = SPOT.split(made, 1)
    return b"".join((before, *(story_in(form, seen, edition) for seen in feed.views), after))


FORMS = {"rss": rss, "atom": atom, "json": json_feed}
