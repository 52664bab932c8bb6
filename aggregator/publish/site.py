"""Story pages and listings: what each template is told. templates/README.md describes the contexts."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any

from aggregator.model import Artifact, Document, FormerPlace, Line, Shelf, Telling
from aggregator.publish import addresses
from aggregator.publish.bulletin import KINDS, View
from aggregator.publish.edition import TURNED, Edition, Removal
from aggregator.publish.gone import gone, gone_beside
from aggregator.publish.reasons import merged_at, reason
from aggregator.publish.related import related
from aggregator.publish.revised import revised
from aggregator.publish.voice import Voice
from aggregator.publish.words import iso, local_day, long_date, month_name
from aggregator.text import fold

KIND_NAMES = {
    "urgent": "Thông báo khẩn",
    "topic": "Chủ đề",
    "disease": "Bệnh",
    "place": "Địa phương",
    "authority": "Cơ quan",
    "document": "Văn bản",
    "source": "Nguồn tin",
}
NEWEST = 50  # stories on a tag's page; the others are in its months
WHOLE = 2_000  # stories on a page that shows all of its shelf (a tag's month): a bound, not a page size
FIELDS = {"title": "tiêu đề", "lead": "phần dẫn", "text": "nội dung"}

Crumbs = tuple[tuple[str, str], ...]


def chrome(title: str, description: str, crumbs: Crumbs = (), **more: Any) -> dict[str, Any]:
    """What every page needs. `shelf`: the key whose feeds the page offers; `indexed`: may search engines list it."""
    return {
        "title": title,
        "description": description,
        "crumbs": crumbs,
        "shelf": "",
        "indexed": True,
        "section": "",
        **more,
    }


# --- a story


def story_pages(key: str, edition: Edition) -> Iterator[Artifact | Removal]:
    """For `story/<id>`: its page, or the tombstone at its address, and the addresses of stories merged into it."""
    kind, _, id = key.partition("/")
    for seen in edition.views((id,)) if kind == "story" else ():
        if not seen.path:
            continue
        template, context = (
            ("story", _story(seen, edition)) if seen.voices else ("tombstone", _tombstone(seen, edition))
        )
        yield edition.page(f"site/{template}.html", seen.path, context)
        for alias in seen.story.aliases:
            if alias != seen.path:
                yield edition.page("site/moved.html", alias, {"target": seen.path, **chrome("Tin đã chuyển", "")})


def _story(seen: View, edition: Edition) -> dict[str, Any]:
    speaker, tellings = seen.speaker, seen.story.tellings
    crumbs = ((KIND_NAMES["source"], addresses.kind_path("source")), _source_crumb(speaker))
    return {
        **chrome(speaker.title, speaker.lead or f"Theo {speaker.name}.", crumbs, shelf=f"source/{speaker.source_id}"),
        "view": seen,
        "others": [(voice, seen.link_to(voice)) for voice in seen.others],
        "reason": partial(reason, voices=seen.voices),
        "merged_at": partial(merged_at, seen),
        "tags": [(KIND_NAMES[kind], [tag for tag in seen.tags if tag.kind == kind]) for kind in KINDS],
        "fields": FIELDS,
        "revisions": [(voice, revised(voice)) for voice in seen.voices if voice.corrected_at],
        "gone": gone_beside(tellings, [_name(one, edition) for one in tellings], edition.publisher),
        "related": related(seen, edition.related(seen.story.id)),
        "credits": _credits(seen),
        "data": structured(seen, edition),
    }


def structured(seen: View, edition: Edition) -> dict[str, Any]:
    """schema.org NewsArticle: ours, based on the original."""
    speaker, owner = seen.speaker, edition.site.owner
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": speaker.title,
        "url": edition.absolute(seen.path),
        "mainEntityOfPage": edition.absolute(seen.path),
        "datePublished": iso(speaker.published),
        "dateModified": iso(seen.updated),
        "inLanguage": speaker.telling.article.language,
        "isBasedOn": [voice.url for voice in seen.voices],
        "author": {"@type": "Organization", "name": speaker.name},
        "sourceOrganization": {"@type": "Organization", "name": speaker.name},
        "publisher": {"@type": "Organization", "name": owner.organisation or edition.site.name},
        "keywords": [tag.label for tag in seen.tags],
        "isAccessibleForFree": True,
    }
    if seen.topic:
        data["articleSection"] = seen.topic.label
    if places := [tag.label for tag in seen.tags if tag.kind == "place"]:
        data["contentLocation"] = [{"@type": "Place", "name": name} for name in places]
    if speaker.lead:
        data["description"] = speaker.lead
    return data


def _credits(seen: View) -> list[str]:
    """Who made the pictures of the original, each once."""
    images = seen.speaker.telling.article.images if seen.speaker.scope == "full" else ()
    names = (image.credit.removeprefix("Ảnh:").strip() for image in images)
    return [name for name in dict.fromkeys(names) if name]


def _tombstone(seen: View, edition: Edition) -> dict[str, Any]:
    tellings = seen.story.tellings
    rows = gone(tellings, [_name(one, edition) for one in tellings], edition.publisher)
    return {**chrome("Tin không còn được đăng", "", indexed=False), "view": seen, "rows": rows}


def _name(telling: Telling, edition: Edition) -> str:
    source = edition.config.source(telling.article.source)
    return source.name if source else telling.article.source


def _source_crumb(voice: Voice) -> tuple[str, str]:
    return voice.label, addresses.shelf_path(f"source/{voice.source_id}")


# --- listings


def listing_pages(key: str, edition: Edition) -> Iterator[Artifact | Removal]:
    """For the shelf of a tag or source: its page, or its removal when it is empty. When one of a place came or went:

    the pages that name it: of its former places, and of the place that it lies in, or lay in.
    """
    kind = key.partition("/")[0]
    if key.startswith(TURNED):
        yield from _turned(key.removeprefix(TURNED), edition)
    elif kind in addresses.FOLDERS and "/" in key:
        yield _tag_month(key, edition) if key.count("/") == 2 else _tag(key, edition)


def _turned(key: str, edition: Edition) -> Iterator[Artifact | Removal]:
    kind, _, rest = key.partition("/")
    if kind == "place" and "/" not in rest:
        yield from (_tag(former, edition) for former, _ in former_places(key, edition))
    elif kind in {"former", "within"} and edition.shelf(place := f"place/{rest.split('/')[0]}"):
        yield _tag(place, edition)


def former_places(key: str, edition: Edition) -> list[tuple[str, str]]:
    """Shelf and label of the former places whose area this place holds now, of those that have a page."""
    of = key.removeprefix("place/")
    rows = edition.below(f"former/{of}") if key.startswith("place/") else ()
    return [(f"place/{shelf.key.rpartition('/')[2]}", shelf.label) for shelf in rows]


def _tag(key: str, edition: Edition) -> Artifact | Removal:
    kind, _, id = key.partition("/")
    shelf = edition.shelf(key)
    source = edition.config.source(id) if kind == "source" else None
    path = addresses.shelf_path(key)
    if shelf is None and source is None:
        return Removal(path)
    label = source.name if source else shelf.label if shelf else id
    views = edition.listing(key, NEWEST)
    crumbs = ((KIND_NAMES[kind], addresses.kind_path(kind)), *_above(key, edition))
    context = {
        **chrome(label, f"{KIND_NAMES[kind]}: {label}. Tin y tế chính thức.", crumbs, shelf=key, section=kind),
        "kind": KIND_NAMES[kind],
        "views": views,
        "count": shelf.count if shelf else 0,
        "months": _months(key, edition),
        "source": source,
        **_known_of(key, views, edition),
    }
    return edition.page("site/listing.html", path, context)


def _known_of(key: str, views: tuple[View, ...], edition: Edition) -> dict[str, Any]:
    """What the tags of the stories say of the document or place itself, for its page."""
    details = [tag.detail for seen in views for tag in seen.tags if tag.key == key and tag.detail]
    documents = [detail for detail in details if isinstance(detail, Document)]
    gone = next((detail for detail in details if isinstance(detail, FormerPlace)), None)
    former = [(label, addresses.shelf_path(other)) for other, label in former_places(key, edition)]
    return {
        "document": next((one for one in documents if one.day), documents[0] if documents else None),
        "gone": gone,
        "successors": [_successor(slug, label, edition) for slug, label in gone.successors] if gone else [],
        "former": former,
        "inside": [
            (one.label, addresses.shelf_path(place), shelf.count) for one, place, shelf in _inside(key, edition)
        ],
    }


def _inside(key: str, edition: Edition) -> list[tuple[Shelf, str, Shelf]]:
    """The places that lie in it: what ties them, key and shelf of each, by name."""
    ties = edition.below(key.replace("place/", "within/", 1)) if key.startswith("place/") else ()
    found = [(one, f"place/{one.key.rpartition('/')[2]}") for one in ties]
    rows = [(one, place, shelf) for one, place in found if (shelf := edition.shelf(place))]
    return sorted(rows, key=lambda row: (fold(row[0].label), row[1]))


def _above(key: str, edition: Edition) -> Crumbs:
    """The places that a place lies in, the widest first, as its newest story has them."""
    newest = edition.listing(key, 1) if key.startswith("place/") else ()
    within = [tag.within for seen in newest for tag in seen.tags if tag.key == key]
    return tuple(
        (label, addresses.shelf_path(f"place/{slug}")) for slug, label in reversed(within[0] if within else ())
    )


def _successor(slug: str, label: str, edition: Edition) -> tuple[str, str]:
    """Label and path of the place that holds the area now; "" while it has no page."""
    key = f"place/{slug}"
    return label, addresses.shelf_path(key) if edition.shelf(key) else ""


def _months(key: str, edition: Edition) -> list[tuple[str, str, int]]:
    return [
        (month_name(shelf.key.rpartition("/")[2]), addresses.shelf_path(shelf.key), shelf.count)
        for shelf in edition.months(key)
    ]


def _tag_month(key: str, edition: Edition) -> Artifact | Removal:
    shelf = edition.shelf(key)
    path = addresses.shelf_path(key)
    if shelf is None:
        return Removal(path)
    parent, _, month = key.rpartition("/")
    kind = parent.partition("/")[0]
    above = _above(parent, edition)
    crumbs = ((KIND_NAMES[kind], addresses.kind_path(kind)), *above, (shelf.label, addresses.shelf_path(parent)))
    name = month_name(month)
    context = {
        **chrome(f"{shelf.label}, {name.lower()}", f"{shelf.label}: tin của {name.lower()}.", crumbs, shelf=parent),
        "kind": KIND_NAMES[kind],
        "days": [(long_date(day), list(rows)) for day, rows in groupby(edition.lines(key, WHOLE), key=_day_of)],
        "count": shelf.count,
    }
    return edition.page("site/tag_month.html", path, context)


def _day_of(line: Line) -> date:
    return local_day(line.published)
