"""takedown: what the publisher takes down itself, at once and for good; with --purge every word of it is erased."""

import argparse
import getpass
import sys
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from aggregator import pipeline
from aggregator.cli import wiring
from aggregator.cli.exits import OK, USAGE
from aggregator.errors import ArticleError
from aggregator.model import Edit, RawRecord, Telling
from aggregator.pipeline import Ports
from aggregator.ports import Store
from aggregator.settings import Config

SHORTEST = 20  # characters; a shorter title or sentence stands in pages of others, too


def takedown_command(arguments: argparse.Namespace) -> int:
    """Hide, or let stand again, what was named, and publish; with --purge, erase it."""
    if arguments.lift and arguments.purge:
        print("aggregator takedown: --lift and --purge are opposites; give one of them", file=sys.stderr)
        return USAGE
    config, clock = wiring.load(arguments), wiring.clock_of(arguments)
    with wiring.editing(config, clock) as ports:
        ids = named(arguments.id, ports.store, arguments.only)
        _decide(ids, arguments, ports)
        done = pipeline.publish(config, ports)
    erased = _purge(ids, config, clock) if arguments.purge else 0
    if sys.stdout.isatty():
        told = f"; {erased} raw records erased, the database written anew" if arguments.purge else ""
        print(f"{len(ids)} articles: {len(done.written)} files written, {len(done.removed)} removed{told}")
    return OK


def named(word: str, store: Store, only: bool = False) -> tuple[str, ...]:
    """The articles that an id or an address of ours names: all of a story, unless `only` one article is meant.

    Raises ArticleError when the store knows neither.
    """
    id = _at_address(word, store) if "/" in word else word
    if id not in store.known([id]):
        told = "no such story or article; the id stands at the foot of its page (Mã tin), and in aggregator export"
        raise ArticleError(f"{word}: {told}")
    story = next((record for record in store.records([id]) if record.id == id), None)
    return story.members if story and not only else (id,)


def _at_address(url: str, store: Store) -> str:
    """The story at the address, "" for none. The site may stand below a folder of its host."""
    parts = unquote(urlsplit(url).path).lstrip("/").split("/")
    paths = ("/".join(parts[start:]) for start in range(len(parts)))
    return next((id for path in paths if (id := store.at_path(path))), "")


def _decide(ids: Sequence[str], arguments: argparse.Namespace, ports: Ports) -> None:
    action = "lift" if arguments.lift else "takedown"
    who, now = arguments.who or getpass.getuser(), ports.clock()
    known = ports.store.known(ids)
    purged = [id for id in ids if arguments.lift and not known[id].url]
    if purged:
        raise ArticleError(f"{purged[0]}: its text was purged; nothing is left that could stand again")
    value = "purge" if arguments.purge else ""
    edits = [Edit(0, id, action, value, who, arguments.why, now) for id in ids]
    if arguments.lift:
        ports.store.lift([edit for edit in edits if known[edit.target].status == "hidden"])
    else:
        ports.store.take_down(edits)


def _purge(ids: Sequence[str], config: Config, clock: wiring.Clock) -> int:
    """Erase raw bytes, then words, then what the database's files still hold of them; how many records it was.

    Every step can be repeated: killed anywhere, the same command finishes the work. Reading the raw archive may take
    minutes, and nobody waits for that.
    """
    store = wiring.open_store(config, clock)
    try:
        answers = [one for told in store.responses(ids).values() for one in told]
        words = words_of([one for story in _stories(ids, store) for one in story if one.article.id in ids])
    finally:
        store.close()
    records: list[RawRecord] = [one.record for one in answers if one.record]
    erased = wiring.archive(config, clock).erase(ids, records, words)
    wiring.drifted(config, clock).forget(words)
    with wiring.editing(config, clock) as ports:
        ports.store.purge(ids)
        ports.store.scrub()
        pipeline.publish(config, ports)
    return erased


def _stories(ids: Sequence[str], store: Store) -> list[tuple[Telling, ...]]:
    return [story.tellings for story in store.stories([record.id for record in store.records(ids)])]


def words_of(tellings: Sequence[Telling]) -> tuple[str, ...]:
    """What stands in no page but by way of these articles: the titles and leads they ever had."""
    told = (words for telling in tellings for one in telling.revisions for words in (one.title, one.lead))
    return tuple(dict.fromkeys(words for words in told if len(words) >= SHORTEST))
