"""import, export, tag, dedupe: JSON lines in and out."""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from aggregator import pipeline
from aggregator.cli import wiring
from aggregator.cli.exits import FOUND_WRONG, OK
from aggregator.cli.show import MOST_WAITING, held_line
from aggregator.collect import discover
from aggregator.errors import ArticleError, ConfigError
from aggregator.model import Article, Draft, Told
from aggregator.operate import transfer
from aggregator.refine import normalise, stories
from aggregator.settings import Config, Section, Source
from aggregator.text import slug

Numbered = tuple[int, Draft]  # a line's number and its draft
BATCH = 400  # lines refined and stored at once: one transaction a source, and few neighbours in the window


def import_command(arguments: argparse.Namespace) -> int:
    """Store the lines' articles and publish; 1 when a line could not be used."""
    config = wiring.load(arguments)
    wrong, new, began = _Wrong("import"), 0, wiring.clock_of(arguments)()
    with wiring.lock(config), wiring.ports(config, wiring.clock_of(arguments)) as ports, _open(arguments.file) as lines:
        for batch in _batches(_numbered(lines, ports.clock, wrong)):
            for source, numbered in _by_source(config, batch):
                visit = pipeline.bring(source, [draft for _, draft in numbered], ports)
                new += visit.new
                at = {draft.url: number for number, draft in numbered}
                for skip in visit.skips:
                    wrong(ArticleError(f"line {at[skip.url]}: {skip.because}"))
        with ports.turn():
            pipeline.publish(config, ports)
        held = [one for one in ports.store.waiting(MOST_WAITING) if one.at >= began]
    for one in held:
        print(held_line(one), file=sys.stderr)
    if wrong.count or sys.stdout.isatty():
        print(f"{new} new articles, {wrong.count} lines skipped")
    return FOUND_WRONG if wrong.count else OK


def _numbered(lines: Iterable[bytes], clock: wiring.Clock, wrong: "_Wrong") -> Iterator[Numbered]:
    """Line number and draft of each good line."""
    for number, value in transfer.json_lines(lines):
        try:
            if isinstance(value, ArticleError):
                raise value
            yield number, transfer.draft(value, number, clock())
        except ArticleError as error:
            wrong(error)


def _batches(numbered: Iterator[Numbered]) -> Iterator[list[Numbered]]:
    while batch := list(islice(numbered, BATCH)):
        yield batch


def _by_source(config: Config, batch: Iterable[Numbered]) -> list[tuple[Source, list[Numbered]]]:
    """The drafts of each source, named as its own readers name them: so an imported and a crawled article are one."""
    groups: dict[str, list[Numbered]] = defaultdict(list)
    for number, draft in batch:
        groups[draft.source].append((number, draft))
    found = [(config.source(name) or _unknown(name, own[0][1].url), own) for name, own in groups.items()]
    return [
        (source, [(number, replace(draft, ref=discover.reference(source, draft.url))) for number, draft in own])
        for source, own in found
    ]


def _unknown(name: str, url: str) -> Source:
    """Settings for lines of a source that is not configured: the lowest authority, nothing ever fetched."""
    section = Section(url=url)
    return Source(id=slug(name) or "nguon-khac", name=name, kind="feed", home=url, sections=(section,), authority=0)


def export_command(arguments: argparse.Namespace) -> int:
    """Print every article, oldest first seen first."""
    config = wiring.load(arguments)
    store = wiring.open_store(config, wiring.wall_clock)
    try:
        for story, telling, urls in store.export(arguments.since):
            print(json.dumps(transfer.export_line(story, telling, urls), ensure_ascii=False))
    finally:
        store.close()
    return OK


def tag_command(arguments: argparse.Namespace) -> int:
    """Tag the lines of standard input, in their order; 1 when a line could not be used."""
    tagger, wrong = wiring.tagger(_config(arguments)), _Wrong("tag")
    for id, article in _articles(sys.stdin.buffer, wrong):
        source = tagger.source if arguments.sources else None
        line = transfer.tag_line(id, tagger.tags(article), notices=arguments.notices, source=source)
        print(json.dumps(line, ensure_ascii=False))
    return FOUND_WRONG if wrong.count else OK


def _config(arguments: argparse.Namespace) -> Config | None:
    """The configuration, None where there is none: the rules can be tried without."""
    return wiring.load(arguments) if arguments.config.is_file() else None


def dedupe_command(arguments: argparse.Namespace) -> int:
    """Find duplicates and stories among the lines of standard input, in their order; 1 for a line it could not use."""
    config = _config(arguments)
    ranks = wiring.authorities(config) if config else {}
    tagger, wrong = wiring.tagger(config), _Wrong("dedupe")
    ids: dict[str, Any] = {}
    told = []
    for id, article in _articles(sys.stdin.buffer, wrong):
        if article.id in ids:
            wrong(ArticleError(f"the id {id!r} comes twice; the second line is left out"))
            continue
        ids[article.id] = id
        told.append(Told(article, tagger.tags(article), article.published))
    for decision in stories.dedupe(told, ranks):
        print(json.dumps(transfer.decision_line(decision, ids), ensure_ascii=False))
    return FOUND_WRONG if wrong.count else OK


class _Wrong:
    """Says what is wrong with a line, and counts."""

    def __init__(self, command: str) -> None:
        self.command = command
        self.count = 0

    def __call__(self, error: ArticleError) -> None:
        self.count += 1
        print(f"aggregator {self.command}: {error}", file=sys.stderr)


def _articles(lines: Iterable[bytes], wrong: _Wrong) -> Iterator[tuple[Any, Article]]:
    """The id as given and the cleaned article of each good line; its own id tells the number 1 from the text "1"."""
    now = wiring.wall_clock()
    for number, value in transfer.json_lines(lines):
        try:
            if isinstance(value, ArticleError):
                raise value
            draft = transfer.loose_draft(value, number, now)
        except ArticleError as error:
            wrong(error)
            continue
        yield value["id"], replace(normalise.plainly(draft), id=json.dumps(value["id"], sort_keys=True))


@contextmanager
def _open(path: Path) -> Iterator[BinaryIO]:
    """The file, or standard input for `-`. Raises ConfigError when there is no such file."""
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; give a file of JSON lines, or - for standard input") from error
    with file:
        yield file
