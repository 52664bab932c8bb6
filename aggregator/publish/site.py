"""Story pages and listings: what each template is told. templates/README.md describes the contexts."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from aggregator.model import Artifact, Document, FormerPlace, Telling
from aggregator.publish import addresses
from aggregator.publish.bulletin import KINDS, View
from aggregator.publish.edition import Edition, Removal
from aggregator.publish.gone import gone, gone_beside
from aggregator.publish.reasons import reason
from aggregator.publish.revised import revised
from aggregator.publish.voice import Voice
from aggregator.publish.words import iso, long_date, month_name, week_name, week_of

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
WEEK = 250  # titles in a week's bulletin: below 30 kB compressed; a busier week has the rest in its days
WHOLE = 2_000  # stories on a page that shows all of its shelf (a day, a tag's month): a bound, not a page size
FIELDS = {"title": "tiêu đề", "lead": "phần dẫn", "text": "nội dung"}
NOTHING_KNOWN: dict[str, Any] = {"document": None, "gone": None, "successors": [], "former": []}

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
        "tags": [(KIND_NAMES[kind], [tag for tag in seen.tags if tag.kind == kind]) for kind in KINDS],
        "fields": FIELDS,
        "revisions": [(voice, revised(voice)) for voice in seen.voices if voice.corrected_at],
        "gone": gone_beside(tellings, [_name(one, edition) for one in tellings], edition.publisher),
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
    }
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
    """For a shelf: its page; for a day or month also its neighbours', which point to it. Removed when it is empty."""
    kind = key.partition("/")[0]
    if kind in PERIODS:
        page = PERIODS[kind]
        rows = [shelf.key for shelf in edition.shelves(f"{kind}/")]
        before, after = _neighbours(key, rows)
        for near in (before, key, after):
            if near in rows:
                yield page(near, _neighbours(near, rows), edition)
        if key not in rows:
            yield Removal(addresses.shelf_path(key))
    elif kind in addresses.FOLDERS and "/" in key:
        yield _tag_month(key, edition) if key.count("/") == 2 else _tag(key, edition)
        yield from _former_pages(key, edition) if kind == "place" and key.count("/") == 1 else ()
    elif kind == "former" and edition.shelf(place := f"place/{key.split('/')[1]}"):
        yield _tag(place, edition)


def _former_pages(key: str, edition: Edition) -> Iterator[Artifact | Removal]:
    """The pages of the former places that this one holds now: they point to it where it has a page."""
    for former, _ in former_places(key, edition):
        yield _tag(former, edition)


def former_places(key: str, edition: Edition) -> list[tuple[str, str]]:
    """Shelf and label of the former places whose area this place holds now, of those that have a page."""
    of = key.removeprefix("place/")
    rows = edition.shelves(f"former/{of}/") if key.startswith("place/") else ()
    return [(f"place/{shelf.key.rpartition('/')[2]}", shelf.label) for shelf in rows]


def _neighbours(key: str, keys: list[str]) -> tuple[str, str]:
    """The keys before and after it in time, "" where there is none; `keys` are sorted, it need not be among them."""
    before = [other for other in keys if other < key]
    after = [other for other in keys if other > key]
    return (before[-1] if before else "", after[0] if after else "")


def _day(key: str, near: tuple[str, str], edition: Edition) -> Artifact:
    from_key = _date_words(key)
    month = key.removeprefix("day/")[:7]
    crumbs = (("Lưu trữ", addresses.ARCHIVE), (month_name(month), addresses.shelf_path(f"month/{month}")))
    views = edition.listing(key, WHOLE)
    context = {
        **chrome(f"Bản tin {from_key}", f"Tin y tế chính thức ngày {from_key}.", crumbs, shelf="all", section="day"),
        "heading": from_key,
        "week": _near(f"week/{week_of(date.fromisoformat(key.removeprefix('day/')))}"),
        "changed_at": max((seen.updated for seen in views), default=None),
        "groups": by_topic(views),
        "count": len(views),
        "before": _near(near[0]),
        "after": _near(near[1]),
    }
    return edition.page("site/day.html", addresses.shelf_path(key), context)


def _week(key: str, near: tuple[str, str], edition: Edition) -> Artifact:
    """The titles of a week below their topics: a bulletin to read in one go, and to print."""
    name = _week_words(key)
    shelf = edition.shelf(key)
    views = edition.listing(key, WEEK)
    crumbs = (("Bản tin ngày", addresses.DAYS),)
    context = {
        **chrome(f"Bản tin {name}", f"Tin y tế chính thức, {name}.", crumbs, shelf="all", section="day"),
        "heading": name,
        "groups": by_topic(views),
        "shown": len(views),
        "count": shelf.count if shelf else 0,
        "before": _near(near[0]),
        "after": _near(near[1]),
    }
    return edition.page("site/week.html", addresses.shelf_path(key), context)


def by_topic(views: tuple[View, ...]) -> list[tuple[str, list[View]]]:
    """Each story once, below its first topic; the fullest topic first, those without one last."""
    groups: dict[str, list[View]] = {}
    for seen in views:
        topic = next((tag.label for tag in seen.tags if tag.kind == "topic"), "")
        groups.setdefault(topic, []).append(seen)
    return sorted(groups.items(), key=lambda row: (not row[0], -len(row[1]), row[0]))


def _month(key: str, near: tuple[str, str], edition: Edition) -> Artifact:
    month = key.removeprefix("month/")
    name = month_name(month)
    days = [(_date_words(day.key), addresses.shelf_path(day.key), day.count) for day in edition.shelves(f"day/{month}")]
    context = {
        **chrome(name, f"Các bản tin ngày của {name.lower()}.", (("Lưu trữ", addresses.ARCHIVE),), section="archive"),
        "days": list(reversed(days)),
        "count": sum(day[2] for day in days),
        "before": _near(near[0]),
        "after": _near(near[1]),
    }
    return edition.page("site/month.html", addresses.shelf_path(key), context)


def _near(key: str) -> tuple[str, str] | None:
    """Words and path of a neighbour."""
    if not key:
        return None
    kind = key.partition("/")[0]
    return {"day": _date_words, "week": _week_words, "month": _month_words}[kind](key), addresses.shelf_path(key)


def _tag(key: str, edition: Edition) -> Artifact | Removal:
    kind, _, id = key.partition("/")
    shelf = edition.shelf(key)
    source = edition.config.source(id) if kind == "source" else None
    path = addresses.shelf_path(key)
    if shelf is None and source is None:
        return Removal(path)
    label = source.name if source else shelf.label if shelf else id
    crumbs = ((KIND_NAMES[kind], addresses.kind_path(kind)),)
    views = edition.listing(key, NEWEST)
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
    }


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
    crumbs = ((KIND_NAMES[kind], addresses.kind_path(kind)), (shelf.label, addresses.shelf_path(parent)))
    name = month_name(month)
    context = {
        **chrome(f"{shelf.label}, {name.lower()}", f"{shelf.label}: tin của {name.lower()}.", crumbs, shelf=parent),
        "kind": KIND_NAMES[kind],
        "views": edition.listing(key, WHOLE),
        "count": shelf.count,
        "months": [],
        "source": None,
        **NOTHING_KNOWN,
    }
    return edition.page("site/listing.html", path, context)


def _date_words(key: str) -> str:
    return long_date(date.fromisoformat(key.removeprefix("day/")))


def _week_words(key: str) -> str:
    return week_name(key.removeprefix("week/"))


def _month_words(key: str) -> str:
    return month_name(key.removeprefix("month/"))


PERIODS = {"day": _day, "week": _week, "month": _month}
