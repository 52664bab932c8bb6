"""The demo's worlds: what three imitated sites say, minute by minute. Texts are data in worlds/<name>/*.toml.

`load(name)` reads a world from the package; `site_at(world, site, now)` is what one of its sites shows at a
moment. Everything here is invented for the demo; the replay server clothes it in the sites' real shapes.
How the data files are written stands in worlds/README.md.
"""

import tomllib
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import resources
from typing import Any, Literal

Shape = Literal["moh_bridge", "vccorp", "hanoi_vccorp", "liferay"]
ChangeKind = Literal["correct", "retitle", "gone", "notice", "not-found"]
EventKind = Literal["challenge", "error", "empty"]
Standing = Literal["live", "gone", "notice", "not-found"]

SITE_CODES = {"vccorp": "169", "hanoi_vccorp": "2849"}  # what the ids of these sites begin with: sources.md §2
SLUG_LIMIT = 150  # characters; about where the city's platform cuts


@dataclass(frozen=True, slots=True)
class WorldSection:
    """A section of a site: `id` is the number of a moh category, the slug of any other section."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class WorldSite:
    """One imitated site."""

    id: str
    host: str
    shape: Shape
    name: str
    sections: tuple[WorldSection, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file offered below an article. `path` begins with a slash."""

    label: str
    path: str


@dataclass(frozen=True, slots=True)
class Expected:
    """The ground truth of an article's tags, as Vietnamese labels; for tests, never shown."""

    topics: tuple[str, ...] = ()
    diseases: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What a site does to an article later. An absent text ("") leaves that text as it was.

    `correct` and `retitle` replace title, lead, body, then every `replace` pair in the body; `gone` is a 410,
    `not-found` a 404; `notice` leaves a page that says the article was removed, in the words of `body`.
    """

    at: datetime
    kind: ChangeKind
    title: str = ""
    lead: str = ""
    body: str = ""
    replace: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class WorldArticle:
    """One article as its site tells it. `time` is aware, UTC+7, to the minute; `ref` is the site's own id.

    `body`: paragraphs parted by a blank line; a paragraph is text, or `## ` and a subhead, or lines of `- `
    and a list's points, or lines of `| a | b |` of a table whose first line is its head.
    `images` are captions. `story` names the ground-truth story ("" when it is alone); `duplicate` marks a
    telling that repeats another's text, whole or nearly.
    """

    key: str
    site: str
    ref: str
    slug: str
    sections: tuple[str, ...]
    time: datetime
    title: str
    lead: str
    author: str
    body: str
    images: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    story: str = ""
    duplicate: bool = False
    expect: Expected = Expected()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """A fault of a whole site, from `at` to before `until`."""

    at: datetime
    site: str
    kind: EventKind
    until: datetime


@dataclass(frozen=True, slots=True)
class World:
    """All that a demo knows. `articles` are in order of time, then key; `start` is the clock's first reading."""

    name: str
    title: str
    start: datetime
    sites: tuple[WorldSite, ...]
    articles: tuple[WorldArticle, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """An article as it stands at a moment, its changes applied.

    `modified` is when its text last changed, None when never; `notice` is the removal notice's text, "" unless
    the standing is `notice`.
    """

    article: WorldArticle
    standing: Standing = "live"
    modified: datetime | None = None
    notice: str = ""


@dataclass(frozen=True, slots=True)
class SiteState:
    """A site at a moment: all it ever published, newest first (withdrawn articles too), and its fault, if any."""

    site: WorldSite
    now: datetime
    articles: tuple[Shown, ...]
    fault: EventKind | None

    def listed(self, section: str = "") -> tuple[WorldArticle, ...]:
        """What a listing shows, newest first: the live articles of a section, or of all sections."""
        live = (shown.article for shown in self.articles if shown.standing == "live")
        return tuple(article for article in live if not section or section in article.sections)

    def find(self, ref: str) -> Shown | None:
        """The article with that id, None when the site has not published it."""
        return next((shown for shown in self.articles if shown.article.ref == ref), None)


def names() -> tuple[str, ...]:
    """The worlds there are, in order of name."""
    folder = resources.files(__package__) / "worlds"
    return tuple(sorted(file.name for file in folder.iterdir() if file.is_dir() and file.name[0] not in "._"))


def load(name: str) -> World:
    """The world of that name, read anew from the package's data. Raises ValueError for a name there is none of."""
    if name not in names():
        raise ValueError(f"there is no demo world {name!r}; there are: {', '.join(names())}")
    folder = resources.files(__package__) / "worlds" / name
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return _world(name, [tomllib.loads(file.read_text("utf-8")) for file in files])


def site_at(world: World, site: str, now: datetime) -> SiteState:
    """What the site with that id shows at `now`. Raises ValueError for a site the world does not have."""
    place = next((candidate for candidate in world.sites if candidate.id == site), None)
    if place is None:
        raise ValueError(f"the world {world.name!r} has no site {site!r}")
    published = [article for article in world.articles if article.site == site and article.time <= now]
    newest_first = sorted(published, key=lambda article: (article.time, article.ref), reverse=True)
    faults = (event.kind for event in world.events if event.site == site and event.at <= now < event.until)
    return SiteState(place, now, tuple(shown_at(article, now) for article in newest_first), next(faults, None))


def shown_at(article: WorldArticle, now: datetime) -> Shown:
    """The article with every change up to `now` applied, in order of time."""
    shown = Shown(article)
    for change in sorted(article.changes, key=lambda change: change.at):
        if change.at <= now:
            shown = _changed(shown, change)
    return shown


def slug_of(title: str, *, keep_d: bool = True) -> str:
    """The title in an address. `keep_d=False` drops đ altogether, as Liferay does (sources.md §1)."""
    text = title.lower().replace("đ", "d" if keep_d else "")
    plain = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    words = "".join(char if char.isascii() and char.isalnum() else " " for char in plain).split()
    return "-".join(words)[:SLUG_LIMIT].strip("-")


def _changed(shown: Shown, change: Change) -> Shown:
    if change.kind == "notice":
        return replace(shown, standing="notice", modified=change.at, notice=change.body)
    if change.kind == "gone" or change.kind == "not-found":
        return replace(shown, standing=change.kind, modified=change.at)
    old = shown.article
    body = _substitute(change.body or old.body, change.replace)
    new = replace(old, title=change.title or old.title, lead=change.lead or old.lead, body=body)
    return replace(shown, article=new, modified=change.at)


def _substitute(text: str, pairs: Iterable[tuple[str, str]]) -> str:
    for old, new in pairs:
        if old not in text:
            raise ValueError(f"a demo text does not hold {old!r}, which is to be replaced: {text[:60]!r}")
        text = text.replace(old, new)
    return text


# --- from TOML -----------------------------------------------------------------------------------


def _world(name: str, files: list[dict[str, Any]]) -> World:
    head = next(data for data in files if "start" in data)
    sites = tuple(_site(row) for row in head["sites"])
    shapes = {site.id: site.shape for site in sites}
    rows = [row for data in files for row in _rows(data)]
    bodies: dict[str, str] = {}
    articles = [_article(row, shapes[row["site"]], _body(row, bodies)) for row in rows]
    ordered = tuple(sorted(articles, key=lambda article: (article.time, article.key)))
    events = tuple(Event(**row) for row in head.get("events", ()))
    return World(name, head["title"], head["start"], sites, ordered, events)


def _site(row: Mapping[str, Any]) -> WorldSite:
    sections = tuple(WorldSection(*pair) for pair in row["sections"])
    return WorldSite(row["id"], row["host"], row["shape"], row["name"], sections)


def _rows(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The articles of a file; a series is one template and its days, each giving `{word}`s of the template."""
    defaults = data.get("defaults", {})
    for series in data.get("series", ()):
        shared = {key: value for key, value in series.items() if key != "days"}
        for day in series["days"]:
            texts = {key: shared[key].format_map(day) for key in ("title", "lead", "body")}
            yield {**defaults, **shared, **day, **texts}
    for row in data.get("articles", ()):
        yield {**defaults, **row}


def _body(row: Mapping[str, Any], bodies: dict[str, str]) -> str:
    """The body; one told `from` another article is that one's, with the edits a newspaper makes."""
    base = bodies[row["from"]] if "from" in row else ""
    kept = base.split("\n\n") if base else []
    if "keep" in row:
        kept = [kept[number - 1] for number in row["keep"]]
    middle = _substitute("\n\n".join(kept), _pairs(row))
    parts = (row.get("before", ""), middle, row.get("body", ""), row.get("after", ""))
    bodies[row["key"]] = "\n\n".join(part.strip() for part in parts if part.strip())
    return bodies[row["key"]]


def _article(row: Mapping[str, Any], shape: Shape, body: str) -> WorldArticle:
    article = WorldArticle(
        key=row["key"],
        site=row["site"],
        ref=row.get("ref") or _timed_ref(row["key"], shape, row["time"]),
        slug=row.get("slug") or slug_of(row["title"], keep_d=shape != "liferay"),
        sections=tuple(row["sections"]),
        time=row["time"],
        title=row["title"].strip(),
        lead=row["lead"].strip(),
        author=row.get("author", ""),
        body=body,
        images=tuple(row.get("images", ())),
        attachments=tuple(Attachment(*pair) for pair in row.get("attachments", ())),
        story=row.get("story", ""),
        duplicate=row.get("duplicate", False),
        expect=Expected(**{kind: tuple(labels) for kind, labels in row.get("expect", {}).items()}),
        changes=tuple(_change(change) for change in row.get("changes", ())),
    )
    return _in_form(article, row["form"]) if "form" in row else article


def _change(row: Mapping[str, Any]) -> Change:
    texts = {key: row[key].strip() for key in ("title", "lead", "body") if key in row}
    return Change(at=row["at"], kind=row["kind"], replace=_pairs(row), **texts)


def _pairs(row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((old, new) for old, new in row.get("replace", ()))


def _timed_ref(key: str, shape: Shape, time: datetime) -> str:
    """A VCCorp id: site code, the time to the second, milliseconds not padded; the last two drawn from the key."""
    if shape not in SITE_CODES:
        raise ValueError(
            f"the demo article {key!r} needs a `ref`: ids of the shape {shape} do not follow from the time"
        )
    seed = zlib.crc32(key.encode())
    return f"{SITE_CODES[shape]}{time:%y%m%d%H%M}{seed % 60:02d}{seed // 60 % 1000}"


def _in_form(article: WorldArticle, form: Literal["NFC", "NFD"]) -> WorldArticle:
    def convert(text: str) -> str:
        return unicodedata.normalize(form, text)

    return replace(
        article,
        title=convert(article.title),
        lead=convert(article.lead),
        author=convert(article.author),
        body=convert(article.body),
        images=tuple(convert(caption) for caption in article.images),
    )
