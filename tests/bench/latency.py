"""From a source's publication to our page, feed and embed, by a clock that is stepped: no time is slept.

Four feeds publish at random moments of four hours. A look at what is due comes as often as `schedule` looks, or as
cron does by the README's line; what a run itself takes is measured apart, by the real clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from aggregator import pipeline, schedule
from aggregator.cli import wiring
from aggregator.model import Answer, Page, Request
from aggregator.settings import Config, Section, Source
from tests.bench import feeds
from tests.fakes import FakeFetcher
from tests.line import PlainWriter

SOURCES = 4
SPAN = timedelta(hours=4)
GAP_MINUTES = 25  # on average, between two items of a feed
EVERY = timedelta(minutes=15)  # as sources.yaml has it
GRACE = timedelta(minutes=2)
PLACES = {"page": "tin/", "feed": "feed/", "embed": "embed/"}  # pages first: the others lead to them


class Latency(NamedTuple):
    """How long a place took to show an item, in minutes: the middle, 95 of 100, and the longest."""

    place: str
    items: int
    p50: float
    p95: float
    most: float


@dataclass
class World:
    """Feeds that print what was published by `now`."""

    now: datetime = feeds.NOW
    items: dict[int, list[feeds.Item]] = field(default_factory=dict)

    def answer(self, request: Request) -> Answer:
        feed = int(request.url.rpartition("/")[2].removesuffix(".rss"))
        shown = [one for one in reversed(self.items[feed]) if one.time <= self.now]
        tag = (("etag", f'"{len(shown)}"'), ("content-type", "application/rss+xml"))
        return Page(request, request.url, 200, tag, feeds.printed(feed, shown), self.now)


def measured(look: timedelta) -> tuple[list[Latency], list[float]]:
    """The latency at each place when what is due is looked for so often; and the seconds that each run took."""
    world = World(items={feed: list(_published(feed)) for feed in range(SOURCES)})
    with TemporaryDirectory() as name:
        config = _config(Path(name))
        seen, seconds = _watched(world, config, look)
    new = [one for items in world.items.values() for one in items if one.time > feeds.NOW]
    return [_latency(place, new, seen) for place in PLACES], seconds


def _watched(world: World, config: Config, look: timedelta) -> tuple[dict[tuple[str, str], datetime], list[float]]:
    """When each place first showed each title; and the seconds of each run."""
    fetcher = FakeFetcher({source.sections[0].url: world.answer for source in config.sources})
    seen: dict[tuple[str, str], datetime] = {}
    pages: dict[str, str] = {}
    seconds = []
    with wiring.ports(config, lambda: world.now) as real:
        ports = replace(real, fetcher=fetcher, writer=PlainWriter(Path(config.output)))
        while world.now <= feeds.NOW + SPAN + EVERY + look:
            if schedule.due(config.sources, ports.store.states(), world.now):
                began = perf_counter()
                report = pipeline.run(config, ports, lambda *_: None)
                seconds.append(perf_counter() - began)
                _note(world, Path(config.output), report.published.written, seen, pages)
            world.now += look
    return seen, seconds


def _note(
    world: World,
    output: Path,
    written: tuple[str, ...],
    seen: dict[tuple[str, str], datetime],
    pages: dict[str, str],
) -> None:
    """Note what each place shows now for the first time. `pages` are the pages that tell an item, by its title."""
    titles = [one.title for items in world.items.values() for one in items if one.time <= world.now]
    for place, prefix in PLACES.items():
        missing = [title for title in titles if (place, title) not in seen]
        for path in (path for path in written if path.startswith(prefix) and path.endswith((".html", ".json", ".rss"))):
            text = (output / path).read_text(encoding="utf-8")
            found = [title for title in missing if shown(text, title, pages.get(title, ""))]
            seen.update({(place, title): world.now for title in found})
            pages.update({title: path for title in found if place == "page"})


def shown(text: str, title: str, page: str) -> bool:
    """Whether the text shows the item: by its title, or by the page that tells it.

    Of one story several items may tell, and feeds and embeds show it by one title: its page lists the others.
    """
    return title in text or (page != "" and page.removesuffix("index.html") in text)


def _latency(place: str, items: list[feeds.Item], seen: dict[tuple[str, str], datetime]) -> Latency:
    waits = sorted((seen[place, one.title] - one.time).total_seconds() / 60 for one in items)
    cuts = quantiles(waits, n=20, method="inclusive")
    return Latency(place, len(waits), cuts[9], cuts[18], waits[-1])


def _published(feed: int) -> Iterator[feeds.Item]:
    """Five older items, then one at each random moment."""
    chance = Random(feed)
    time = feeds.NOW - timedelta(hours=30)
    for number, one in enumerate(reversed(feeds.items(feed))):
        gap = timedelta(hours=5) if number < 5 else timedelta(minutes=max(1, chance.expovariate(1 / GAP_MINUTES)))
        time = time + gap if number < 5 else max(time, feeds.NOW) + gap
        if time > feeds.NOW + SPAN:
            return
        yield one._replace(title=f"{one.title} (tin {feed}.{number})", time=time.replace(second=0))


def _config(folder: Path) -> Config:
    return Config(
        database=f"sqlite:///{folder / 'latency.db'}",
        output=str(folder / "output"),
        sources=tuple(
            Source(
                id=f"tin-{feed}",
                name=f"Sở Y tế {feed}",
                kind="feed",
                home=f"http://{feeds.host(feed)}/",
                sections=(Section(url=f"http://{feeds.host(feed)}/{feed}.rss"),),
                full_pages=False,
                every=EVERY,
                embargo=timedelta(0),
                max_checks=0,
            )
            for feed in range(SOURCES)
        ),
    )
