"""The labelled texts of this folder, as articles that have come through the door (NFC), beside their labels."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from aggregator.model import Article, SafeHtml
from aggregator.text import nfc

HERE = Path(__file__).parent
Part = Literal["open", "second", "third", "fourth"]
Set = Literal["tags", "documents", "urgent"]
PARTS: tuple[Part, ...] = ("open", "second", "third")
NOTICES: tuple[Part, ...] = (*PARTS, "fourth")  # the parts that have texts for notices
HOSTS = {"soyte-hanoi": "soyte.hanoi.gov.vn"}  # a bare "Sở Y tế" means the one whose site it stands on


@dataclass(frozen=True, slots=True)
class Labelled:
    """One line of a set: what is judged, what is expected of it, and what it tries to make us believe."""

    id: str
    article: Article
    labels: dict[str, Any]
    trap: str


def texts(name: Set, part: Part) -> tuple[Labelled, ...]:
    """The lines of one part of a set, in the order of their file."""
    return read(HERE / f"{name}-{part}.jsonl")


@cache
def read(path: Path) -> tuple[Labelled, ...]:
    """The lines of a file in the form of these sets."""
    return tuple(_labelled(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines())


def _labelled(line: dict[str, Any]) -> Labelled:
    return Labelled(line["id"], _article(line), line, line.get("trap", ""))


def _article(line: dict[str, Any]) -> Article:
    published = datetime.fromisoformat(line.get("published", "2026-11-20")).replace(hour=3, tzinfo=UTC)
    source = line.get("source", "eval")
    return Article(
        id=line["id"], source=source, url=f"https://{HOSTS.get(source, 'example.test')}/tin-tuc/{line['id']}", ref="",
        title=nfc(line.get("title", "")), lead=nfc(line.get("lead", "")), author="", published=published,
        precision="minute", modified=None, body=SafeHtml(""), text=nfc(line["text"]), digest="",
        fetched_at=published, reader="eval",
    )  # fmt: skip
