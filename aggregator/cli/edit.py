"""edit: what a person decides about an article; it wins over every rule, for good."""

import argparse
import getpass
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from difflib import get_close_matches

from aggregator import pipeline
from aggregator.cli import wiring
from aggregator.cli.exits import OK
from aggregator.cli.show import MOST_WAITING, as_text, held_line, held_object
from aggregator.errors import AggregatorError
from aggregator.model import Edit
from aggregator.pipeline import Ports
from aggregator.refine import by_hand
from aggregator.settings import Config
from aggregator.steps import editing
from aggregator.text import nfc

PINNED_FOR = timedelta(days=1)
LONGEST_NOTE = 300  # characters: beside a title, not instead of it
LISTED = 200  # edits that `edit list` shows

Pairs = list[tuple[str, str]]  # (target, value) of each edit


def edit_command(arguments: argparse.Namespace) -> int:
    """`edit list`, or one decision, what follows from it, and the pages that change."""
    config = wiring.load(arguments)
    if arguments.action == "list":
        return _list(config, arguments)
    with wiring.editing(config, wiring.clock_of(arguments)) as ports:
        who, now = arguments.who or getpass.getuser(), ports.clock()
        for target, value in DECISIONS[arguments.action](arguments, ports):
            editing.decide(Edit(0, target, arguments.action, value, who, arguments.why, now), config, ports)
        done = None if arguments.no_publish else pipeline.publish(config, ports)
    if sys.stdout.isatty():
        told = f"{len(done.written)} files written, {len(done.removed)} removed" if done else "not published yet"
        print(f"{arguments.action} {arguments.id}: done; {told}")
    return OK


def _list(config: Config, arguments: argparse.Namespace) -> int:
    store = wiring.open_store(config, wiring.clock_of(arguments))
    try:
        waiting, decided = store.waiting(MOST_WAITING), store.decided(LISTED)
    finally:
        store.close()
    if arguments.json:
        held = [held_object(one) for one in waiting]
        print(as_text({"quarantined": held, "edits": [asdict(edit) for edit in decided]}))
        return OK
    for one in waiting:
        print(held_line(one))
    for edit in decided:
        print(f"{edit.at:%Y-%m-%d %H:%M} UTC  {edit.action} {edit.target} {edit.value}  ({edit.who}: {edit.why})")
    return OK


def _plain(arguments: argparse.Namespace, ports: Ports) -> Pairs:
    ids = editing.members(arguments.id, ports) if getattr(arguments, "story", False) else (arguments.id,)
    return [(id, "") for id in ids]


def _pin(arguments: argparse.Namespace, ports: Ports) -> Pairs:
    until = arguments.until or ports.clock() + PINNED_FOR
    if until <= ports.clock():
        raise AggregatorError(f"--until {until.isoformat()} has passed; name a time to come")
    return [(arguments.id, until.isoformat())]


def _note(arguments: argparse.Namespace, ports: Ports) -> Pairs:
    words = " ".join(nfc(arguments.note).split())
    if len(words) > LONGEST_NOTE:
        raise AggregatorError(f"the note has {len(words)} characters; {LONGEST_NOTE} fit beside a title")
    return [(arguments.id, words)]


def _pair(arguments: argparse.Namespace, ports: Ports) -> Pairs:
    if arguments.id == arguments.other:
        raise AggregatorError(f"{arguments.action} {arguments.id}: name two different articles")
    return [(arguments.id, arguments.other)]


def _retag(arguments: argparse.Namespace, ports: Ports) -> Pairs:
    labels = ports.tagger().labels
    return [(arguments.id, _tag_value(word.strip(), labels)) for word in arguments.tags]


def _tag_value(word: str, labels: Mapping[str, str]) -> str:
    """The edit's value of `+topic/x` or `-topic/x`. Raises AggregatorError for a tag that the vocabulary lacks."""
    key = word[1:]
    if word[:1] not in "+-" or not word or (word[0] == "+" and key not in labels):
        near = ", ".join(get_close_matches(key, labels, 3)) or "topic/..., disease/..., place/... or authority/..."
        raise AggregatorError(f"{word}: no such tag; write +kind/slug or -kind/slug, as {near}")
    return by_hand.value(key, labels[key] if word[0] == "+" else "")


def _release(arguments: argparse.Namespace, ports: Ports) -> Pairs:
    return [(arguments.id, editing.waiting(arguments.id, ports).digest)]


DECISIONS: dict[str, Callable[[argparse.Namespace, Ports], Pairs]] = {
    "hide": _plain,
    "show": _plain,
    "pin": _pin,
    "unpin": _plain,
    "retitle-note": _note,
    "merge": _pair,
    "split": _pair,
    "retag": _retag,
    "release": _release,
}
