"""sources confirm: a person holds what stands here against the originals, before the site may be public."""

import argparse
import getpass
import sys
from collections.abc import Iterator

from aggregator.cli import wiring
from aggregator.cli.exits import FOUND_WRONG, OK, USAGE
from aggregator.collect import html, metadata, opening
from aggregator.errors import SourceError
from aggregator.model import Article, Edit, Page, Request
from aggregator.pipeline import Ports
from aggregator.publish.words import moment
from aggregator.settings import Config, Source
from aggregator.steps import going_live
from aggregator.steps.going_live import CONFIRMED
from aggregator.text import fold

ACTION = "confirm"
UNREAD = "(could not be read: open it in a browser)"


def confirm(config: Config, arguments: argparse.Namespace) -> int:
    """Show the newest items beside their originals and keep which of them a person found the same.

    On a terminal each is asked for; elsewhere nothing is kept but what --yes names. Returns 1 while some are missing.
    """
    source = config.source(arguments.id)
    if source is None:
        known = ", ".join(one.id for one in config.sources)
        print(f"aggregator sources confirm: {arguments.id}: no such source; there are {known}", file=sys.stderr)
        return USAGE
    with wiring.editing(config, wiring.clock_of(arguments)) as ports:
        missing = CONFIRMED - ports.store.confirmed().get(source.id, 0)
        items = ports.store.unconfirmed(source.id, max(missing, 0))  # newest first
        who = arguments.who or getpass.getuser()
        for id in _the_same(source, items, ports, arguments.yes):
            ports.store.decide(Edit(0, id, ACTION, "", who, "held against the original", ports.clock()))
        left = going_live.missing(ports.store.confirmed(), ports.store.standing(), source.id)
    print(f"{source.id}: {left} more to confirm" if left else f"{source.id}: confirmed")
    return FOUND_WRONG if left else OK


def _the_same(source: Source, items: tuple[Article, ...], ports: Ports, named: list[str]) -> Iterator[str]:
    """Ids of the items that a person says are as the original has them."""
    for number, item in enumerate(items, 1):
        print(f"{number}/{len(items)}  {item.id}")
        print(f"  here      {moment(item.published)}  {item.title}")
        print(f"  original  {_original(source, item, ports)}")
        print(f"            {item.url}")
        if item.id in named:
            yield item.id
        elif sys.stdin.isatty() and sys.stdout.isatty():
            said = input("  the same? [y]es, [n]o, [q]uit: ").strip().casefold()
            if said.startswith("q"):
                return
            if said.startswith("y"):
                yield item.id


def _original(source: Source, item: Article, ports: Ports) -> str:
    """Time and title as the original's page prints them, told apart where the title is not ours."""
    try:
        answer = ports.fetcher.fetch(Request(item.url), source)
    except SourceError as error:
        return f"{UNREAD[:-1]}; {error.cause})"
    if not isinstance(answer, Page):
        return "(is not there any more)"
    tree = html.soup_of(answer)
    title = html.meta(tree, "og:title") or html.line(tree.select_one("title"))
    printed = metadata.published(tree) or next((hit[0] for hit in [opening.DATE.search(html.line(tree))] if hit), "")
    differs = "" if fold(item.title) in fold(title) else "  <- another title"
    return f"{printed or 'no time'}  {title or UNREAD}{differs}"
