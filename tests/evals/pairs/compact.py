"""Reads a blind half of pairs as it is written: bases.txt, templates.txt and frames.txt of one folder.

An article stands with its retellings, later news, the values of a sister release and of the year before, and wrong
facts; all of one article in one block.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.evals.pairs.written import Base, Fact, Swap, Telling, Text, swapped

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def bases(folder: Path) -> tuple[Base, ...]:
    """Every article with all that was written around it. Raises ValueError for a fact that its text does not say."""
    return tuple(_base(id, block) for id, block in blocks(folder, "bases"))


def _base(id: str, block: str) -> Base:
    fields = fields_of(block)
    source, published = _cells(fields["source"][0])
    text = Text(fields["title"][0], fields["lead"][0], fields["text"][0])
    first = Telling(source, _time(published), text)
    day, headline, news = _cells(fields["follow"][0])
    sister, changed = _cells(fields["sister"][0])
    year, values = _cells(fields["last"][0])
    return Base(
        id=id, part="second", family="", topic="", first=first, headlines=tuple(fields["headline"]),
        retold=tuple(_retold(line) for line in fields["retold"]),
        follow_ups=(Telling(source, _time(day), Text(headline, "", news)),),
        others=(Telling(sister, first.published + timedelta(minutes=25), swapped(text, _swaps(changed, text, id))),),
        last_year=(Telling(source, _time(year), swapped(text, _swaps(values, text, id))),),
        facts=tuple(_fact(line, text, id) for line in fields["fact"]),
    )  # fmt: skip


def _retold(line: str) -> Telling:
    source, published, title, body = _cells(line)
    return Telling(source, _time(published), Text(title, "", body))


def _fact(line: str, text: Text, id: str) -> Fact:
    kind, values = _cells(line)
    ((old, new),) = _swaps(values, text, id)
    return Fact(kind, old, new)


def _swaps(line: str, text: Text, id: str) -> list[Swap]:
    found = [(old, new) for old, new in (part.strip().split(" > ") for part in line.split(" ; "))]
    lost = [old for old, new in found if swapped(text, [(old, new)]) == text]
    if lost:
        raise ValueError(f"{id}: the text does not say {lost}")
    return found


def fields_of(block: str) -> dict[str, list[str]]:
    """The values of each field of a block, in order."""
    parts = re.split(r"^(\w+):[ \n]", block.strip() + "\n", flags=re.M)
    fields: dict[str, list[str]] = {}
    for key, value in zip(parts[1::2], parts[2::2], strict=True):
        fields.setdefault(key, []).append(value.strip())
    return fields


def filled(fields: dict[str, list[str]], row: dict[str, str]) -> Telling:
    """A template with the values of one row."""
    made = Text(*(fields[name][0].format(**row) for name in ("title", "lead", "text")))
    return Telling(row["source"], _time(row["published"]), made)


def blocks(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    """The blocks of a file, each behind its name."""
    parts = re.split(r"^##### (.+)\n", (folder / f"{name}.txt").read_text(encoding="utf-8"), flags=re.M)
    return zip(parts[1::2], parts[2::2], strict=True)


def frame(folder: Path, name: str, turn: int) -> str:
    """What to put around another text, those of one name in turn."""
    choices = [block.strip() for id, block in blocks(folder, "frames") if id == name]
    return choices[turn % len(choices)]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split(" | ")]


def _time(printed: str) -> datetime:
    return datetime.strptime(printed, "%Y-%m-%d %H:%M").replace(tzinfo=LOCAL)
