"""RSS 2.0, Atom and JSON Feed of every shelf. XML comes from a tree, ids do not depend on the site's address."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from lxml import etree

from aggregator.model import Artifact, Dropped, digest_of
from aggregator.publish import addresses
from aggregator.publish.bulletin import View
from aggregator.publish.edition import Edition, Removal
from aggregator.publish.notices import IN_FORCE, IN_FORCE_LABEL
from aggregator.publish.words import LOCAL, iso, xml_text

IN_FEED = 50  # stories in a feed
FEED_KINDS = {"all", "corrections", *addresses.FOLDERS}
STANDING = {"all": "Tất cả tin", IN_FORCE: IN_FORCE_LABEL, "corrections": "Đính chính, cập nhật"}
BEFORE_ANYTHING = datetime(2020, 1, 1, tzinfo=UTC)  # `updated` of an Atom feed without a story: it must have one (RFC
# 4287 §4.1.1); not 1970, which validators and readers take for a clock that was never set
ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
GONE = {
    "withdrawn": "Trang nguồn đã gỡ bài này",
    "suspended": "Bài tạm ẩn để đối chiếu lại với nguồn",
    "hidden": "Đơn vị quản lý trang này đã gỡ bài này",
}
ATOM_ALONE: Any = {None: ATOM}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
DC = "http://purl.org/dc/elements/1.1/"
RSS_SPACES: Any = {"atom": ATOM, "content": CONTENT, "dc": DC}


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


def story_id(seen: View) -> str:
    """The id of a story in feeds, the same in all of them and for good."""
    return addresses.urn("story", seen.story.id)


# --- RSS 2.0


def rss(feed: Channel, path: str, edition: Edition) -> bytes:
    """RSS 2.0 with content:encoded where the text may be shown."""
    root = etree.Element("rss", {"version": "2.0"}, nsmap=RSS_SPACES)
    top = etree.SubElement(root, "channel")
    _add(top, "title", feed.title)
    _add(top, "link", feed.home)
    _add(top, "description", feed.about)
    _add(top, "language", "vi")
    if feed.views or feed.dropped:
        _add(top, "lastBuildDate", _rfc822(feed.updated))
    own = {"rel": "self", "type": "application/rss+xml", "href": edition.absolute(path)}
    etree.SubElement(top, f"{{{ATOM}}}link", own)
    for seen in feed.views:
        top.append(_once("rss", seen, edition))
    return _document(root, edition)


def _rss_story(seen: View, edition: Edition) -> Any:
    speaker = seen.speaker
    row = etree.Element("item", nsmap=RSS_SPACES)
    _add(row, "title", speaker.title)
    _add(row, "link", edition.absolute(seen.path))
    _add(row, "guid", story_id(seen)).set("isPermaLink", "false")
    _add(row, "pubDate", _rfc822(speaker.published))
    _add(row, f"{{{ATOM}}}updated", iso(seen.updated))
    _add(row, f"{{{DC}}}creator", speaker.author or speaker.name)
    feed = edition.absolute(addresses.feed_path(f"source/{speaker.source_id}", "rss"))
    _add(row, "source", speaker.name).set("url", feed)
    etree.SubElement(row, f"{{{ATOM}}}link", {"rel": "via", "href": addresses.uri(speaker.url)})
    for tag in seen.tags:
        _add(row, "category", tag.label).set("domain", edition.absolute(addresses.kind_path(tag.kind)))
    _add(row, "description", _about(seen))
    if speaker.body:  # behind the description: readers take the last of both they know (RSS Best Practices Profile)
        _add(row, f"{{{CONTENT}}}encoded", body_of(seen, edition))
    return row


# --- Atom


def atom(feed: Channel, path: str, edition: Edition) -> bytes:
    """Atom (RFC 4287); what was taken away is told, without its words, for readers to drop it (RFC 6721)."""
    spaces = {**ATOM_ALONE, "at": TOMBSTONES} if feed.dropped else ATOM_ALONE
    root = etree.Element(f"{{{ATOM}}}feed", {XML_LANG: "vi"}, nsmap=spaces)
    _add(root, f"{{{ATOM}}}id", feed.id)
    _add(root, f"{{{ATOM}}}title", feed.title)
    _add(root, f"{{{ATOM}}}subtitle", feed.about)
    _add(root, f"{{{ATOM}}}updated", _newest(feed))
    author = etree.SubElement(root, f"{{{ATOM}}}author")
    _add(author, f"{{{ATOM}}}name", edition.site.owner.organisation or edition.site.name)
    _atom_link(root, "self", edition.absolute(path), "application/atom+xml")
    _atom_link(root, "alternate", feed.home, "text/html")
    for seen in feed.views:
        root.append(_once("atom", seen, edition))
    for one in feed.dropped:
        _atom_tombstone(root, one, edition)
    return _document(root, edition)


def _newest(feed: Channel) -> str:
    return max((iso(feed.updated), *(_apart(seen.updated, seen) for seen in feed.views)))


def _atom_tombstone(root: Any, one: Dropped, edition: Edition) -> None:
    source = edition.config.source(one.source)
    who = edition.publisher if one.status == "hidden" else source.name if source else one.source
    named = {"ref": addresses.urn("story", one.story), "when": iso(one.at)}
    row = etree.SubElement(root, f"{{{TOMBSTONES}}}deleted-entry", named)
    by = etree.SubElement(row, f"{{{TOMBSTONES}}}by")
    _add(by, f"{{{ATOM}}}name", who)
    _add(row, f"{{{TOMBSTONES}}}comment", GONE.get(one.status, GONE["withdrawn"]))


def _atom_story(seen: View, edition: Edition) -> Any:
    speaker = seen.speaker
    row = etree.Element(f"{{{ATOM}}}entry", nsmap=ATOM_ALONE)
    _add(row, f"{{{ATOM}}}id", story_id(seen))
    _add(row, f"{{{ATOM}}}title", speaker.title)
    _add(row, f"{{{ATOM}}}published", _apart(speaker.published, seen))
    _add(row, f"{{{ATOM}}}updated", _apart(seen.updated, seen))
    author = etree.SubElement(row, f"{{{ATOM}}}author")
    _add(author, f"{{{ATOM}}}name", speaker.author or speaker.name)
    _atom_link(row, "alternate", edition.absolute(seen.path), "text/html")
    _atom_link(row, "via", speaker.url, "text/html")
    for tag in seen.tags:
        place = {"term": xml_text(tag.key), "label": xml_text(tag.label)}
        etree.SubElement(row, f"{{{ATOM}}}category", place)
    _add(row, f"{{{ATOM}}}summary", _about(seen))
    if speaker.body:
        _add(row, f"{{{ATOM}}}content", body_of(seen, edition)).set("type", "html")
    origin = etree.SubElement(row, f"{{{ATOM}}}source")
    _add(origin, f"{{{ATOM}}}id", addresses.urn("shelf", f"source/{speaker.source_id}"))
    _add(origin, f"{{{ATOM}}}title", speaker.name)
    _add(origin, f"{{{ATOM}}}updated", _apart(seen.updated, seen))
    return row


def _apart(at: datetime, seen: View) -> str:
    """The moment, apart from those of other stories in that second: many readers sort by it and take a tie for one.

    The fraction follows from the story's id alone (RFC 3339 §5.6 allows one), so it never moves; both moments of a
    story have the same, so what was never changed was updated when it was published.
    """
    micro = int(digest_of(seen.story.id)[:8], 16) % 1_000_000
    return at.astimezone(LOCAL).replace(microsecond=micro).isoformat(timespec="microseconds")


def _atom_link(row: Any, rel: str, href: str, kind: str) -> None:
    etree.SubElement(row, f"{{{ATOM}}}link", {"rel": rel, "type": kind, "href": addresses.uri(href)})


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
    items = ",\n".join(_once("json", seen, edition) for seen in feed.views)
    return f'{head}, "items": [\n{items}\n]}}\n'.encode()


def _json_text(seen: View, edition: Edition) -> str:
    return json.dumps(_json_story(seen, edition), ensure_ascii=False)


def _json_story(seen: View, edition: Edition) -> dict[str, Any]:
    speaker = seen.speaker
    row: dict[str, Any] = {
        "id": story_id(seen),
        "url": edition.absolute(seen.path),
        "external_url": addresses.uri(speaker.url),
        "title": speaker.title,
        "date_published": iso(speaker.published),
        "date_modified": iso(seen.updated),
        "authors": [{"name": speaker.author or speaker.name}],
        "tags": [tag.label for tag in seen.tags],
        "language": speaker.telling.article.language,
        "_source": {"id": speaker.source_id, "name": speaker.name},
    }
    words = summary(seen)
    if words:
        row["summary"] = words
    if speaker.body:
        row["content_html"] = body_of(seen, edition)
    else:
        row["content_text"] = words if speaker.lead else ". ".join(filter(None, (speaker.title, words)))
    return row


# --- parts


def _once(form: str, seen: View, edition: Edition) -> Any:
    """The story as it stands in feeds of that form: made once, it stands in many. An element is copied."""
    made = edition.once((form, seen.story.id, seen.speaker.source_id), lambda: STORIES[form](seen, edition))
    return made if form == "json" else deepcopy(made)


def body_of(seen: View, edition: Edition) -> str:
    """The text of the speaker as HTML, with its source and address at the end."""
    return edition.once(("body", seen.story.id, seen.speaker.source_id), lambda: _body(seen, edition))


def _body(seen: View, edition: Edition) -> str:
    return edition.renderer.render("feeds/body.html", {"view": seen, "notes": notes(seen)}).strip()


def summary(seen: View) -> str:
    """The lead, verbatim, or the mark of a text that waits; behind it, in brackets, what it is corrected by."""
    speaker = seen.speaker
    said = speaker.lead or (speaker.mark if speaker.flag else "")
    return " ".join(filter(None, (said, *(f"[{words}]" for words in notes(seen)))))


def _about(seen: View) -> str:
    """The summary, or whose words the title is: every feed reader shows something below a title."""
    return summary(seen) or f"Theo {seen.speaker.name}."


def notes(seen: View) -> tuple[str, ...]:
    """In words of ours: an editor's note, which notice of its source corrects the story, and what it corrects."""
    noted = (f"Ghi chú của ban biên tập: {seen.speaker.note.value}",) if seen.speaker.note else ()
    ways = ((seen.corrected_by, "Nguồn đã đính chính tin này"), (seen.corrects, "Đính chính cho"))
    return noted + tuple(f"{words}: “{one.voice.title}”" for ones, words in ways for one in ones)


def _document(root: Any, edition: Edition) -> bytes:
    style = etree.ProcessingInstruction("xml-stylesheet", f'type="text/xsl" href="{edition.stylesheet}"')
    root.addprevious(style)
    made: bytes = etree.tostring(root.getroottree(), encoding="utf-8", xml_declaration=True, pretty_print=True)
    return made


def _add(parent: Any, name: str, text: str) -> Any:
    row = etree.SubElement(parent, name)
    row.text = xml_text(text)
    return row


def _rfc822(at: datetime) -> str:
    return format_datetime(at.astimezone(LOCAL))


FORMS = {"rss": rss, "atom": atom, "json": json_feed}
STORIES: dict[str, Callable[[View, Edition], Any]] = {"rss": _rss_story, "atom": _atom_story, "json": _json_text}
