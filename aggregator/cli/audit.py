"""audit: visits the portals that shall carry our snippets, and writes a private report."""

import argparse
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from aggregator import config as configuration
from aggregator import settings
from aggregator.cli import wiring
from aggregator.cli.exits import FOUND_WRONG, OK
from aggregator.collect import html
from aggregator.errors import ConfigError, SourceError
from aggregator.model import Page, Request
from aggregator.operate import audit, snippets
from aggregator.operate.audit import Row, Visited
from aggregator.operate.snippets import Campaign, Ours, PortalPage
from aggregator.ports import Fetcher
from aggregator.publish import addresses, campaigns, embeds
from aggregator.publish.render import Renderer
from aggregator.publish.words import local_day
from aggregator.settings import Config
from aggregator.settings.portals import Portal
from aggregator.settings.sources import Section, Source

MODE = 0o600
FRAGMENT = ".fragment.html"


def audit_command(arguments: argparse.Namespace) -> int:
    """Visit every page, write report.html and report.csv; 1 when a portal lacks a snippet that is right."""
    config, now = wiring.load(arguments), wiring.clock_of(arguments)()
    portals = configuration.load_portals(arguments.portals)
    folder: Path = arguments.to or wiring.state_folder(config) / "audit" / f"{local_day(now):%Y-%m-%d}"
    if folder.resolve().is_relative_to(Path(config.output).resolve()):
        raise ConfigError(f"--to {folder}: lies in the output, which everybody can read; name another folder")
    ours = _ours(config, now)
    with wiring.fetching(config, wiring.wall_clock) as fetcher:
        visited = [one for portal in portals.portals for one in _visited(portal, ours, fetcher)]
    rows = audit.rows(visited)
    _write(folder, rows, config, now)
    counts = audit.counts(rows)
    if sys.stdout.isatty() or arguments.verbose:
        for row in rows:
            print(f"{row.state:<9} {row.portal}: {row.form or row.url}{f' {row.what}' if row.what else ''}")
            if row.told:
                print(f"{'':<10}{row.told}")
    print(", ".join(f"{count} {name}" for name, count in counts.items()) + f"; report: {folder / 'report.html'}")
    return OK if counts["present"] == sum(counts.values()) else FOUND_WRONG


def _visited(portal: Portal, ours: Ours, fetcher: Fetcher) -> Iterator[Visited]:
    """Its pages, one after the other, with the manners of every visit: robots.txt, pause, limits."""
    hosts = tuple(dict.fromkeys(urlsplit(url).hostname or "" for url in portal.pages))
    first = portal.pages[0]
    source = Source(
        id="portal", name=portal.name, kind="listing", home=first, hosts=hosts, sections=(Section(url=first),)
    )
    for url in portal.pages:
        try:
            answer = fetcher.fetch(Request(url, purpose="link"), source)
        except SourceError as error:
            yield Visited(portal.name, url, problem=f"{error.cause}: {' '.join(str(error).split())}")
            continue
        if not isinstance(answer, Page):
            yield Visited(portal.name, url, problem="404 or 410: the page is not there")
            continue
        given = tuple(value for name, value in answer.headers if name == "content-security-policy")
        found, shell = snippets.found_on(PortalPage(answer.url, html.text_of(answer), given), ours)
        yield Visited(portal.name, answer.url, found, shell=shell)


def _ours(config: Config, now: datetime) -> Ours:
    """What we publish, by the output folder: the same files that readers get."""
    output = Path(config.output)
    if not (output / "index.html").is_file():
        raise ConfigError(f"{output} holds no site yet; make one with: aggregator run")
    loaders = sorted(output.glob("embed/v*/loader-*.js"), key=_version)
    told = {path.relative_to(output).as_posix(): embeds.integrity(path.read_bytes()) for path in loaders}
    known = {path: value for path, value in told.items() if not path.endswith(".src.js")}
    return Ours(
        base=config.site.base_url,
        loaders=known,
        has=lambda path: (output / path).is_file(),
        newest=lambda home: _newest(output, home),
        campaigns=tuple(_campaign(one, config, now) for one in config.campaigns),
    )


def _version(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in path.stem.removeprefix("loader-").removesuffix(".src").split("."))


def _newest(output: Path, home: str) -> datetime | None:
    """When the newest item of the fragment is of whose last link leads to that page; None where none does."""
    for path in sorted((output / "embed/latest").rglob(f"*{FRAGMENT}")):
        key = path.relative_to(output / "embed/latest").as_posix().removesuffix(FRAGMENT)
        if embeds.embeddable(key) and addresses.shelf_path(key) == home:  # bar, card and search are no shelves
            tree = BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
            times = [str(tag.get("datetime")) for tag in tree.select("time[datetime]")]
            return max((datetime.fromisoformat(one) for one in times), default=None)
    return None


def _campaign(campaign: settings.Campaign, config: Config, now: datetime) -> Campaign:
    names = {
        campaigns.banner_path(campaign, size, form) for size in campaigns.sizes(campaign) for form in ("svg", "png")
    }
    return Campaign(
        title=campaign.title,
        alt=campaign.alt,
        landing=config.site.base_url + campaigns.landing_path(campaign),
        link=campaign.link,
        files=frozenset(name.rpartition("/")[2] for name in names),
        running=campaigns.state(campaign, local_day(now)) == "running",
    )


def _write(folder: Path, rows: tuple[Row, ...], config: Config, now: datetime) -> None:
    """Both forms of the report, for their owner alone: it names agencies and their faults."""
    context = {"rows": rows, "counts": audit.counts(rows), "states": audit.STATES, "columns": audit.COLUMNS}
    page = Renderer(config.templates).render(
        "audit/report.html", {**context, "day": local_day(now), "site": config.site}
    )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, content in (("report.html", page.encode()), ("report.csv", audit.as_csv(rows))):
            with open(folder / name, "wb", opener=lambda path, flags: os.open(path, flags, MODE)) as file:
                file.write(content)
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be written: {error.strerror}; name another folder with --to") from error
