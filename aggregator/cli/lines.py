"""import, export, tag, dedupe: JSON lines in and out."""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from aggregator import pipeline
from aggregator.cli import wiring
from aggregator.cli.exits import FOUND_WRONG, OK
from aggregator.errors import ArticleError, ConfigError
from aggregator.model import Article, Draft, Told
from aggregator.operate import transfer
from aggregator.refine import normalise, stories
from aggregator.settings import Config, Section, Source

BATCH = 400  # lines refined and stored at once: one transaction a source, and few neighbours in the window


def import_command(arguments: argparse.Namespace) -> int:
    """Store the lines' articles and publish; 1 when a line could not be used."""
    config = wiring.load(arguments)
    wrong, new = _Wrong("import"), 0
    with wiring.lock(config), wiring.ports(config, wiring.clock_of(arguments)) as ports, _open(arguments.file) as lines:
        for drafts in _batches(_drafts(lines, ports.clock, wrong)):
            for source, own in _by_source(config, drafts):
                visit = pipeline.bring(source, own, ports)
                new += visit.new
                for skip in visit.skips:
                    wrong(ArticleError(f"{skip.url}: {skip.because}"))
        pipeline.publish(config, ports)
    print(f"{new} new articles, {wrong.count} lines skipped")
    return FOUND_WRONG if wrong.count else OK


def _drafts(lines: Iterable[str], clock: wiring.Clock, wrong: "_Wrong") -> Iterator[Draft]:
    """A draft of each good line."""
    for number, value in transfer.json_lines(lines):
        try:
            if isinstance(value, ArticleError):
                raise value
            yield transfer.draft(value, number, clock())
        except ArticleError as error:
            wrong(error)


def _batches(drafts: Iterator[Draft]) -> Iterator[list[Draft]]:
    batch: list[Draft] = []
    for draft in drafts:
        batch.append(draft)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _by_source(config: Config, drafts: Iterable[Draft]) -> list[tuple[Source, list[Draft]]]:
    groups: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        groups[draft.source].append(draft)
    return [(config.source(id) or _unknown(id, own[0].url), own) for id, own in groups.items()]


def _unknown(id: str, url: str) -> Source:
    """Settings for lines of a source that is not configured: the lowest authority, nothing ever fetched."""
    try:
        return Source(id=id, name=id, kind="feed", home=url, sections=(Section(url=url),), authority=0)
    except ValueError as error:
        raise ConfigError(f"import: source {id!r} with url {url!r}: {error}") from error


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
    del arguments
    tagger, wrong = wiring.tagger(), _Wrong("tag")
    for id, article in _articles(sys.stdin, wrong):
        print(json.dumps(transfer.tag_line(id, tagger.tags(article)), ensure_ascii=False))
    return FOUND_WRONG if wrong.count else OK


def dedupe_command(arguments: argparse.Namespace) -> int:
    """Find duplicates and stories among the lines of standard input, in their order; 1 for a line it could not use."""
    ranks = wiring.authorities(wiring.load(arguments)) if arguments.config.is_file() else {}
    tagger, wrong = wiring.tagger(), _Wrong("dedupe")
    ids: dict[str, Any] = {}
    told = []
    for id, article in _articles(sys.stdin, wrong):
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


def _articles(lines: Iterable[str], wrong: _Wrong) -> Iterator[tuple[Any, Article]]:
    """The id as given and the cleaned article of each good line."""
    for number, value in transfer.json_lines(lines):
        try:
            if isinstance(value, ArticleError):
                raise value
            draft = transfer.loose_draft(value, number, wiring.wall_clock())
        except ArticleError as error:
            wrong(error)
            continue
        yield value["id"], replace(normalise.plainly(draft), id=str(value["id"]))


@contextmanager
def _open(path: Path) -> Iterator[TextIO]:
    """The file's lines as text, or standard input for `-`. Raises ConfigError when there is no such file."""
    if str(path) == "-":
        yield sys.stdin
        return
    try:
        file = path.open(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; give a file of JSON lines, or - for standard input") from error
    with file:
        yield file
