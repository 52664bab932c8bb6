"""What one publish reads from the store, and how it fills templates: handed to every maker."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from aggregator.model import Artifact, Dropped, Letter, Line, Shelf
from aggregator.ports import PublishStore
from aggregator.publish import addresses
from aggregator.publish.alerts import Alert, standing
from aggregator.publish.assets import assets, hashed
from aggregator.publish.bulletin import View, view
from aggregator.publish.render import Renderer
from aggregator.publish.targets import Led, States, led
from aggregator.publish.trust import NO_TRUST, Trust
from aggregator.publish.words import local_day
from aggregator.settings import Campaign, Config

Made = TypeVar("Made")
BATCH = 200  # stories read in one query
AHEAD = 50  # stories of a shelf read ahead: what its page and its feeds show
MADE = 6_000  # parts of files kept in memory: cards of 1 kB, stories as feeds tell them, 20 kB where a text is shown
KEPT = 2_000  # views kept in memory; about 10 kB each
MACROS = "parts/macros.html"
TURNED = "shelf/"  # before the key of a shelf that came or went: work for the pages that lead to its page
RIBBONS = {"public": "", "preview": "BẢN XEM THỬ", "demo": "DỮ LIỆU MINH HOẠ"}


@dataclass(frozen=True, slots=True)
class Removal:
    """A file that shall be there no more."""

    path: str


class Edition:
    """A slice of the store at one moment. Reads a story once; keeps what it read while memory allows.

    Makers take from here all that they show. `today` is for the home page and campaigns alone: pages that leaned
    on it elsewhere would change without a cause.
    """

    def __init__(self, config: Config, store: PublishStore, now: datetime, trust: Trust = NO_TRUST) -> None:
        self.trust = trust
        self.config = config
        self.site = config.site
        self.today: date = local_day(now)
        self.root = urlsplit(config.site.base_url).path
        self.ribbon = RIBBONS[config.site.mode]
        self.renderer = Renderer(config.templates)
        self.plain_assets = assets(config.site, self.renderer)
        self._store = store
        self.now = now
        self._views: dict[str, View] = {}
        self._ids: dict[str, tuple[str, ...]] = {}
        self._shelves: dict[str, tuple[Shelf, ...]] = {}
        self._below: dict[str, tuple[Shelf, ...]] = {}
        self._named: dict[str, Shelf | None] = {}
        self._related: dict[str, Mapping[str, tuple[Line, ...]]] = {}
        self._made: dict[tuple[str, ...], Any] = {}
        self.renderer.common.update(self._common())

    # --- reading

    def views(self, ids: Sequence[str]) -> Iterator[View]:
        """The stories as a reader may see them, in the order asked; those that are not shown are among them."""
        for start in range(0, len(ids), BATCH):
            yield from self._batch(ids[start : start + BATCH])

    def read(self, ids: Sequence[str]) -> None:
        """Read these stories together, at most BATCH: who asks for one of them next finds it here."""
        self._batch(ids)
        found = self._store.related(ids)
        self._related = {id: found.get(id, {}) for id in ids}

    def related(self, id: str) -> Mapping[str, tuple[Line, ...]]:
        """By shelf that relates the story, lines of the nearest older stories on it, the newest first."""
        known = self._related.get(id)
        return self._store.related((id,)).get(id, {}) if known is None else known

    def oldest_first(self, ids: Collection[str]) -> tuple[str, ...]:
        """The stories, the oldest first; those that are on no list come last."""
        return self._store.oldest_first(ids)

    def ahead(self, keys: Iterable[str]) -> None:
        """Read the newest stories of these shelves together, each once: who lists one of them next finds them here."""
        self._ids = {key: self._store.shelf(key, AHEAD) for key in keys if _is_listed(key)}
        found = list(dict.fromkeys(id for ids in self._ids.values() for id in ids))
        for start in range(0, len(found), BATCH):
            self._batch(found[start : start + BATCH])

    def listing(self, key: str, limit: int) -> tuple[View, ...]:
        """The newest stories of a shelf that can be shown. On a source's shelf its own telling speaks."""
        known = self._ids.get(key) if limit <= AHEAD else None
        ids = known[:limit] if known is not None else self._store.shelf(key, limit)
        shown = tuple(seen for seen in self.views(ids) if seen.voices)
        kind, _, rest = key.partition("/")
        return tuple(seen.told_by(rest.split("/")[0]) for seen in shown) if kind == "source" else shown

    def lines(self, key: str, limit: int) -> tuple[Line, ...]:
        """What a list says of the newest stories of a shelf, without reading them. On a source's shelf in its words."""
        kind, _, rest = key.partition("/")
        return self._store.lines(key, limit, rest.split("/")[0] if kind == "source" else "")

    def dropped(self, key: str, limit: int) -> tuple[Dropped, ...]:
        """Stories that removals took off the shelf, the newest first."""
        return self._store.dropped(key, limit)

    def shelves(self, prefix: str) -> tuple[Shelf, ...]:
        """Shelves below the prefix (`day/`, `topic/x/` for its months), by key."""
        if prefix not in self._shelves:
            self._shelves[prefix] = self._store.shelves(prefix)
        return self._shelves[prefix]

    def shelf(self, key: str) -> Shelf | None:
        """The shelf, None when nothing stands on it."""
        if key not in self._named:
            self._named[key] = self._store.named((key,)).get(key)
        return self._named[key]

    def below(self, parent: str) -> tuple[Shelf, ...]:
        """The shelves right below that key (`topic`, `topic/x`, `digest/2026-10`), by key."""
        if parent not in self._below:
            self._below[parent] = self._store.below(parent)
        return self._below[parent]

    def newest(self, parent: str, limit: int) -> tuple[Shelf, ...]:
        """The shelves right below that key that got a story last, the newest first."""
        return self._store.below(parent, limit)

    def beside(self, key: str) -> tuple[str, str]:
        """The keys of the shelf before and of the one after it in time, "" where there is none."""
        return self._store.beside(key)

    def kind(self, kind: str) -> tuple[Shelf, ...]:
        """The shelves of a kind without their months: the fullest first, then the newest, then by key."""
        return tuple(sorted(self.below(kind), key=lambda one: (-one.count, -one.newest.timestamp(), one.key)))

    def months(self, key: str) -> tuple[Shelf, ...]:
        """The months of a tag's or source's shelf, the newest first."""
        return tuple(reversed(self.below(key)))

    @property
    def publisher(self) -> str:
        """Who takes down what is taken down here, for the middle of a sentence of ours."""
        return self.site.owner.organisation or "Đơn vị quản lý trang này"

    def once(self, key: tuple[str, ...], make: Callable[[], Made]) -> Made:
        """What `make` gives, made once for a key while memory allows: a story stands in many feeds."""
        if key not in self._made:
            if len(self._made) >= MADE:
                self._made.clear()
            self._made[key] = make()
        made: Made = self._made[key]
        return made

    def letters(self, day: str) -> tuple[Letter, ...]:
        """The bulletin mailed for the day, and the corrections that followed it."""
        return self._store.letters(day)

    def letter_days(self) -> tuple[str, ...]:
        """The days whose bulletin was mailed, or was to be."""
        return self._store.letter_days()

    @cached_property
    def alerts(self) -> tuple[Alert, ...]:
        """The emergency notices, drafts and those that are over among them, the newest first."""
        return standing(self._store.acts(), self.config.notice.people, self.now)

    def holding(self, articles: Sequence[str]) -> Mapping[str, str]:
        """The story that holds each of the articles, by article."""
        return self._store.holding(articles)

    @cached_property
    def _targets(self) -> States:
        return {(one.campaign, one.url): one for one in self._store.targets()}

    def led(self, campaign: Campaign) -> Led:
        """Where the campaign may lead now."""
        return led(campaign, self._targets, self.now)

    # --- addresses

    def link(self, path: str) -> str:
        """Where a page of ours points to for a file of the output: `/tin/...`."""
        return addresses.link(path, self.root)

    def absolute(self, path: str) -> str:
        """The full address of a file of the output."""
        return addresses.link(path, self.site.base_url)

    def complaint(self, id: str = "", path: str = "") -> str:
        """Where a reader complains, with the story's id filled in; "" when the operator named no place."""
        owner = self.site.owner.email
        place = self.site.complaints or (f"mailto:{owner}" if owner else "")
        if not place or not id:
            return place
        joint = "&" if "?" in place else "?"
        if not place.startswith("mailto:"):
            return f"{place}{joint}tin={id}"
        subject = quote(f"Phản ánh tin {id}")
        return f"{place}{joint}subject={subject}&body={quote(self.absolute(path))}"

    # --- filling templates

    @cached_property
    def assets(self) -> Mapping[str, Artifact]:
        """All assets by their plain name: `plain_assets`, and the style that shows feeds in a browser."""
        text = self.renderer.render("feeds/feed.css", {})
        return {**self.plain_assets, "feed.css": Artifact(hashed("feed.css", text.encode()), text.encode())}

    @property
    def stylesheet(self) -> str:
        """The address of the style that shows feeds in a browser."""
        return self.link(self.assets["feed.css"].path)

    def page(self, template: str, path: str, context: Mapping[str, Any]) -> Artifact:
        """A template filled in for a path. The context needs what templates/README.md says."""
        text = self.renderer.render(template, {"path": path, **context})
        return Artifact(path, text.encode("utf-8"))

    def part(self, template: str, **told: str) -> str:
        """A part of pages that is the same wherever it is told the same: filled in once. Markup, for templates."""
        return self.once(("part", template, *told.values()), lambda: self.renderer.part(template, told))

    def card(self, view: View, level: int = 3, leads: bool = True, dated: bool = True) -> str:
        """The card of a story, as the macro of that name makes it: once for all the lists that show it so. Markup."""
        key = ("card", view.story.id, view.speaker.source_id, f"{level} {leads} {dated}")
        return self.once(key, lambda: self.renderer.macro(MACROS, "card", view, level, leads, dated))

    def row(self, line: Line, dated: bool = True, sourced: bool = True) -> str:
        """A line in a list of titles, as the macro `title` makes it: once for all the lists that show it so. Markup."""
        key = ("row", line.article, f"{dated} {sourced}")
        return self.once(key, lambda: self.renderer.macro(MACROS, "title", line, dated, sourced))

    def _batch(self, ids: Sequence[str]) -> list[View]:
        unread = [id for id in ids if id not in self._views]
        stories = self._store.stories(unread) if unread else ()
        fresh = {story.id: view(story, self.config, self.now) for story in stories}
        found = [fresh.get(id) or self._views.get(id) for id in ids]
        if len(self._views) + len(fresh) > KEPT:
            self._views = {}
        self._views.update(fresh)
        return [seen for seen in found if seen is not None]

    def _common(self) -> dict[str, Any]:
        return {
            "site": self.site,
            "ribbon": self.ribbon,
            "link": self.link,
            "absolute": self.absolute,
            "complaint": self.complaint,
            "asset": lambda name: self.link(self.plain_assets[name].path) if name in self.plain_assets else "",
            "at": addresses,
            "alerts": (),
            "trust_root": "" if self.trust.retired else self.trust.root,
            "part": self.part,
            "card": self.card,
            "row": self.row,
        }


def _is_listed(key: str) -> bool:
    """Whether pages and feeds show the newest stories of the shelf: a tag's, a source's, all."""
    kind, _, rest = key.partition("/")
    return kind in addresses.FOLDERS and "/" not in rest if rest else kind in {"all", "corrections"}
