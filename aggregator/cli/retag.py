"""retag: stored articles brought up to the present rules."""

import argparse
import json
import sys
from collections import Counter
from typing import Any

from aggregator.cli import wiring
from aggregator.cli.exits import OK
from aggregator.steps import grouping

EXAMPLES = 3  # articles shown for each tag that comes or goes


class Tally:
    """What a retag changes, tag by tag; it grows with each batch, and keeps a few examples only."""

    def __init__(self) -> None:
        self.looked = 0
        self.changed = 0
        self.labels: dict[str, str] = {}
        self.counts: Counter[tuple[str, str]] = Counter()
        self.examples: dict[tuple[str, str], list[dict[str, str]]] = {}

    def __call__(self, batch: grouping.Retagged) -> None:
        """Take in one batch."""
        self.looked += batch.looked
        self.changed += len(batch.changes)
        for change in batch.changes:
            for way, tags in (("added", change.added), ("removed", change.removed)):
                for key, label in tags.items():
                    self.labels[key] = label
                    self.counts[key, way] += 1
                    known = self.examples.setdefault((key, way), [])
                    if len(known) < EXAMPLES:
                        known.append({"id": change.article, "title": change.title})

    def as_object(self, rule: str, dry: bool) -> dict[str, Any]:
        """For --json."""
        tags = [
            {
                "tag": key,
                "label": self.labels[key],
                **{way: self.counts[key, way] for way in ("added", "removed")},
                "examples": {way: self.examples.get((key, way), []) for way in ("added", "removed")},
            }
            for key in self.keys
        ]
        return {"rule": rule, "dry_run": dry, "looked": self.looked, "changed": self.changed, "tags": tags}

    @property
    def keys(self) -> list[str]:
        """Tags that come or go, the most changed first."""
        total = {key: self.counts[key, "added"] + self.counts[key, "removed"] for key in self.labels}
        return sorted(total, key=lambda key: (-total[key], key))

    def lines(self, dry: bool) -> list[str]:
        """For a person."""
        would = "would change" if dry else "changed"
        said = [f"{self.looked} articles had tags of older rules; the tags of {self.changed} {would}"]
        for key in self.keys:
            said.append(f"{key}  +{self.counts[key, 'added']} -{self.counts[key, 'removed']}  {self.labels[key]}")
            for way, sign in (("added", "+"), ("removed", "-")):
                said += [f"  {sign} {one['id']}  {one['title']}" for one in self.examples.get((key, way), [])]
        if self.changed and not dry:
            said.append("the next run publishes it; or now: aggregator publish")
        return said


def retag_command(arguments: argparse.Namespace) -> int:
    """Tag again what older rules tagged; with --dry-run only say what would change."""
    config = wiring.load(arguments)
    tally = Tally()
    with wiring.lock(config), wiring.ports(config, wiring.clock_of(arguments)) as ports:
        rule = ports.tagger().version
        grouping.retag(ports, tally, dry=arguments.dry_run)
    if arguments.json:
        print(json.dumps(tally.as_object(rule, arguments.dry_run), ensure_ascii=False, indent=1))
    elif tally.changed or arguments.dry_run or sys.stdout.isatty():
        print("\n".join(tally.lines(arguments.dry_run)))
    return OK
