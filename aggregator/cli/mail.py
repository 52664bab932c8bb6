"""mail: send the letters that are due now; or look at them, and at the journal, without sending."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from aggregator import pipeline
from aggregator.cli import wiring
from aggregator.cli.exits import FOUND_WRONG, OK, USAGE
from aggregator.cli.show import as_text, mailed_lines
from aggregator.errors import PostError
from aggregator.model import Delivery, Letter, Recipient
from aggregator.pipeline import Ports
from aggregator.ports import Store
from aggregator.publish import letters
from aggregator.publish.edition import Edition
from aggregator.publish.envelope import leave_address, message
from aggregator.publish.letterpress import print_letter
from aggregator.settings import Config

SHOWN_DAYS = 7  # of the journal
NAMED = 20  # addresses named one by one


def mail_command(arguments: argparse.Namespace) -> int:
    """Publish, then send what is due; with --dry-run say what would be sent. Exit 1 when the server cannot be used."""
    config, clock = wiring.load(arguments), wiring.clock_of(arguments)
    if config.mail is None:
        print("aggregator mail: the configuration has no block mail:; docs/operating.md says how", file=sys.stderr)
        return USAGE
    if arguments.dry_run:
        store = wiring.open_store(config, clock)
        try:
            return _look(config, store, clock(), arguments)
        finally:
            store.close()
    with wiring.lock(config), wiring.ports(config, clock) as ports:
        if arguments.again:
            _again(ports)
        with ports.turn():
            pipeline.publish(config, ports)
        mailed = pipeline.mail(config, ports)
    for line in mailed_lines(mailed):
        print(line, file=sys.stderr)
    if sys.stdout.isatty():
        print(f"{mailed.sent} letters sent, {mailed.waiting} wait")
    return FOUND_WRONG if mailed.down else OK


def _again(ports: Ports) -> None:
    """Let letters wait again of which nobody knows whether they arrived."""
    now = ports.clock()
    unknown = ports.store.in_state("unknown")
    ports.store.journal(*(replace(one, state="waiting", due=now, at=now, because="sent again") for one in unknown))


def _look(config: Config, store: Store, now: datetime, arguments: argparse.Namespace) -> int:
    people, problems = _people(config)
    edition = Edition(config, store, now)
    upcoming = letters.upcoming(edition, store, now)
    told = [_row(store, letter, people) for letter in _kept(store)]
    if arguments.save:
        _save(config, edition, [*_kept(store), *([upcoming] if upcoming else [])], arguments.save, people)
    if arguments.json:
        ahead = {"day": upcoming.day, "stories": len(upcoming.items)} if upcoming else None
        print(as_text({"recipients": len(people), "problems": problems, "letters": told, "next": ahead}))
    else:
        print(f"{len(people)} recipients")
        print("\n".join(_said(row) for row in told) or "no letter was made yet")
        if upcoming:
            print(f"{upcoming.day} bulletin, not made yet: {len(upcoming.items)} stories now")
        for problem in problems:
            print(problem, file=sys.stderr)
    return FOUND_WRONG if problems else OK


def _people(config: Config) -> tuple[Mapping[str, Recipient], list[str]]:
    post = wiring.post(config)
    if post is None:
        return {}, []
    try:
        found, problems = post.recipients()
    except PostError as fault:
        return {}, [str(fault)]
    return {one.id: one for one in found}, list(problems)


def _kept(store: Store) -> Iterator[Letter]:
    """The letters of the last days."""
    for day in store.letter_days()[-SHOWN_DAYS:]:
        yield from store.letters(day)


def _row(store: Store, letter: Letter, people: Mapping[str, Recipient]) -> dict[str, Any]:
    held = store.deliveries(letter.day, letter.number)
    odd = [one for one in held if one.state in {"refused", "unknown"}]
    return {
        "day": letter.day,
        "number": letter.number,
        "composed_at": letter.composed_at,
        "stories": len(letter.items),
        "deliveries": dict(sorted(Counter(one.state for one in held).items())),
        "odd": [{"recipient": _name(one, people), "state": one.state, "because": one.because} for one in odd[:NAMED]],
    }


def _name(delivery: Delivery, people: Mapping[str, Recipient]) -> str:
    one = people.get(delivery.recipient)
    return one.address if one else delivery.recipient


def _said(row: Mapping[str, Any]) -> str:
    what = f"correction {row['number']}" if row["number"] else "bulletin"
    counts = ", ".join(f"{count} {state}" for state, count in row["deliveries"].items()) or "nobody yet"
    odd = "".join(f"\n  {one['recipient']}: {one['state']}: {one['because']}" for one in row["odd"])
    return f"{row['day']} {what}: {row['stories']} stories; {counts}{odd}"


def _save(
    config: Config, edition: Edition, made: Sequence[Letter], folder: Path, people: Mapping[str, Recipient]
) -> None:
    """The letters as the first recipient gets them, as they read now."""
    mail, first = config.mail, next(iter(people.values()), None)
    folder.mkdir(parents=True, exist_ok=True)
    for letter in made:
        printed = print_letter(letter, edition, leave_address(mail, first)) if mail else None
        if printed and mail:
            name = folder / f"{letter.day}-{letter.number}.eml"
            name.write_bytes(message(printed, mail, config.site.base_url, first))
