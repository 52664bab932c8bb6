"""How a story stands in the feeds of each form: made once, it stands in many feeds. XML comes from a tree."""

import json
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from lxml import etree

from aggregator.model import digest_of
from aggregator.publish import addresses
from aggregator.publish.bulletin import View
from aggregator.publish.edition import Edition
from aggregator.publish.words import LOCAL, iso, xml_text

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
ATOM_ALONE: Any = {None: ATOM}
RSS_SPACES: Any = {"atom": ATOM, "content": CONTENT, "dc": DC}


def story_in(form: str, seen: View, edition: Edition) -> bytes:
    """The story as it stands in feeds of that form: made once, it stands in many."""
    return edition.once(("feeds", seen.story.id, seen.speaker.source_id), lambda: _all_forms(seen, edition))[form]


def _all_forms(seen: View, edition: Edition) -> dict[str, bytes]:
    body = body_of(seen, edition)
    return {form: make(seen, body, edition) for form, make in STORIES.items()}


def story_id(seen: View) -> str:
    """The id of a story in feeds, the same in all of them and for good."""
    return addresses.urn("story", seen.story.id)


def _rss_story(seen: View, body: str, edition: Edition) -> bytes:
    speaker = seen.speaker
    root = etree.Element("rss", nsmap=RSS_SPACES)
    row = etree.SubElement(etree.SubElement(root, "channel"), "item")
    add(row, "title", speaker.title)
    add(row, "link", edition.absolute(seen.path))
    add(row, "guid", story_id(seen)).set("isPermaLink", "false")
    add(row, "pubDate", rfc822(speaker.published))
    add(row, f"{{{ATOM}}}updated", iso(seen.updated))
    add(row, f"{{{DC}}}creator", speaker.author or speaker.name)
    feed = edition.absolute(addresses.feed_path(f"source/{speaker.source_id}", "rss"))
    add(row, "source", speaker.name).set("url", feed)
    etree.SubElement(row, f"{{{ATOM}}}link", {"rel": "via", "href": addresses.uri(speaker.url)})
    for tag in seen.tags:
        add(row, "category", tag.label).set("domain", edition.absolute(addresses.kind_path(tag.kind)))
    add(row, "description", _about(seen))
    if body:  # behind the description: readers take the last of both they know (RSS Best Practices Profile)
        add(row, f"{{{CONTENT}}}encoded", body)
    return _lines_of(root, b"<channel>\n", b"  </channel>")


def _atom_story(seen: View, body: str, edition: Edition) -> bytes:
    speaker = seen.speaker
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=ATOM_ALONE)
    row = etree.SubElement(root, f"{{{ATOM}}}entry")
    updated = apart(seen.updated, seen)
    add(row, f"{{{ATOM}}}id", story_id(seen))
    add(row, f"{{{ATOM}}}title", speaker.title)
    add(row, f"{{{ATOM}}}published", apart(speaker.published, seen))
    add(row, f"{{{ATOM}}}updated", updated)
    author = etree.SubElement(row, f"{{{ATOM}}}author")
    add(author, f"{{{ATOM}}}name", speaker.author or speaker.name)
    atom_link(row, "alternate", edition.absolute(seen.path), "text/html")
    atom_link(row, "via", speaker.url, "text/html")
    for tag in seen.tags:
        place = {"term": xml_text(tag.key), "label": xml_text(tag.label)}
        etree.SubElement(row, f"{{{ATOM}}}category", place)
    add(row, f"{{{ATOM}}}summary", _about(seen))
    if body:
        add(row, f"{{{ATOM}}}content", body).set("type", "html")
    origin = etree.SubElement(row, f"{{{ATOM}}}source")
    add(origin, f"{{{ATOM}}}id", addresses.urn("shelf", f"source/{speaker.source_id}"))
    add(origin, f"{{{ATOM}}}title", speaker.name)
    add(origin, f"{{{ATOM}}}updated", updated)
    return _lines_of(root, b">\n", b"</feed>")


def apart(at: datetime, seen: View) -> str:
    """The moment, apart from those of other stories in that second: many readers sort by it and take a tie for one.

    The fraction follows from the story's id alone (RFC 3339 §5.6 allows one), so it never moves; both moments of a
    story have the same, so what was never changed was updated when it was published.
    """
    micro = int(digest_of(seen.story.id)[:8], 16) % 1_000_000
    return at.astimezone(LOCAL).replace(microsecond=micro).isoformat(timespec="microseconds")


def _json_text(seen: View, body: str, edition: Edition) -> bytes:
    return json.dumps(_json_story(seen, body, edition), ensure_ascii=False).encode()


def _json_story(seen: View, body: str, edition: Edition) -> dict[str, Any]:
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
    if body:
        row["content_html"] = body
    else:
        row["content_text"] = words if speaker.lead else ". ".join(filter(None, (speaker.title, words)))
    return row


# --- parts


def body_of(seen: View, edition: Edition) -> str:
    """The text of the speaker as HTML, with its source and address at the end; "" where it may not be shown."""
    if not seen.speaker.body:
        return ""
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


def _lines_of(root: Any, before: bytes, after: bytes) -> bytes:
    """What stands inside of the tree, in the lines that a feed has it in: the feed itself names the namespaces."""
    made: bytes = etree.tostring(root, encoding="utf-8", pretty_print=True)
    return made[made.index(before) + len(before) : made.rindex(after)]


def atom_link(row: Any, rel: str, href: str, kind: str) -> None:
    """Add a link of Atom to the element."""
    etree.SubElement(row, f"{{{ATOM}}}link", {"rel": rel, "type": kind, "href": addresses.uri(href)})


def add(parent: Any, name: str, text: str) -> Any:
    """Add an element with that text, without the signs that XML cannot hold; the element."""
    row = etree.SubElement(parent, name)
    try:
        row.text = text
    except ValueError:  # lxml refuses just those signs: tests/unit/publish/test_made_once.py
        row.text = xml_text(text)
    return row


def rfc822(at: datetime) -> str:
    """The moment as RSS writes it, in local time."""
    return format_datetime(at.astimezone(LOCAL))


STORIES: dict[str, Callable[[View, str, Edition], bytes]] = {"rss": _rss_story, "atom": _atom_story, "json": _json_text}
