"""Reads what people wrote for the set: texts/ (articles, retellings, facts to change), templates/ (texts with rows)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

HERE = Path(__file__).parent
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
Part = Literal["open", "second"]
PARTS: tuple[Part, ...] = ("open", "second")
Swap = tuple[str, str]  # what stands there, what to write instead


@dataclass(frozen=True, slots=True)
class Text:
    r"""What an article says; paragraphs of `text` are separated by "\n"."""

    title: str
    lead: str
    text: str


@dataclass(frozen=True, slots=True)
class Telling:
    """A text as one source published it. `edit` says how a telling of another event comes close to this one."""

    source: str
    published: datetime
    text: Text
    edit: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of an article, and a wrong value for it. `kind`: figure, dose, lot, date, place, telephone, document."""

    kind: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Base:
    """An article of one event, and all that was written around it. `family` is the kind of news (the file's name)."""

    id: str
    part: Part
    family: str
    topic: str
    first: Telling
    headlines: tuple[str, ...]
    retold: tuple[Telling, ...]
    follow_ups: tuple[Telling, ...]
    others: tuple[Telling, ...]
    last_year: tuple[Telling, ...]
    facts: tuple[Fact, ...]


def bases(part: Part) -> tuple[Base, ...]:
    """Every article of the part, in the order of the files. Raises ValueError for a fact that its text does not say."""
    files = sorted((HERE / "texts" / part).glob("*.txt"))
    return tuple(_base(id, block, part, path.stem) for path in files for id, block in _blocks(path))


def series(part: Part) -> tuple[tuple[str, str, tuple[Telling, ...]], ...]:
    """Each template of the part: its id, the name of the edit, and the texts that its rows make."""
    path = HERE / "templates" / f"{part}.txt"
    return tuple(_series(id, block) for id, block in _blocks(path))


@cache
def frames(name: str) -> tuple[str, ...]:
    """The paragraphs to put around other texts, by name: boilerplate, added leads, the pieces that quote."""
    return tuple(block.strip() for id, block in _blocks(HERE / "templates" / "frames.txt") if id == name)


def swapped(text: Text, swaps: Sequence[Swap]) -> Text:
    """The text with every swap made everywhere at once; a number is found only where it stands alone."""
    table = dict(swaps)
    words = "|".join(re.escape(old) for old in sorted(table, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?<!\d[.,])(?:{words})(?!\w)(?![.,]\d)")
    return Text(*(pattern.sub(lambda found: table[found[0]], part) for part in (text.title, text.lead, text.text)))


def _blocks(path: Path) -> Iterator[tuple[str, str]]:
    parts = re.split(r"^##### (.+)\n", path.read_text(encoding="utf-8"), flags=re.M)
    return zip(parts[1::2], parts[2::2], strict=True)


def _base(id: str, block: str, part: Part, family: str) -> Base:
    main, *rest = re.split(r"^=== (.+)\n", block, flags=re.M)
    sections = list(zip(rest[::2], rest[1::2], strict=True))
    head, text = _article(main)
    first = Telling(head["source"][0], _time(head["published"][0]), text)

    def of(kind: str) -> tuple[Telling, ...]:
        return tuple(_telling(name, body) for name, body in sections if name.startswith(kind))

    return Base(
        id,
        part,
        family,
        head["topic"][0],
        first,
        tuple(head["headline"]),
        of("retold"),
        of("follow-up"),
        of("different"),
        tuple(_last_year(first, name, body) for name, body in sections if name.startswith("last year")),
        tuple(_checked(fact, text, id) for name, body in sections if name == "facts" for fact in _facts(body)),
    )


def _article(block: str) -> tuple[dict[str, list[str]], Text]:
    head, _, body = block.partition("\n\n")
    fields: dict[str, list[str]] = {}
    for line in head.splitlines():
        key, _, value = line.partition(":")
        fields.setdefault(key, []).append(value.strip())
    return fields, Text(fields["title"][0], fields["lead"][0], body.strip())


def _telling(name: str, block: str) -> Telling:
    _, source, day, hour = name.split()
    fields, text = _article(block)
    return Telling(source, _time(f"{day} {hour}"), text, fields.get("edit", [""])[0])


def _last_year(first: Telling, name: str, block: str) -> Telling:
    swaps = [_swap(line) for line in block.strip().splitlines()]
    return Telling(first.source, _time(name.removeprefix("last year ")), swapped(first.text, swaps))


def _facts(block: str) -> Iterator[Fact]:
    for line in block.strip().splitlines():
        kind, _, values = line.partition(": ")
        old, *wrong = values.split(" > ")
        yield from (Fact(kind, old, new) for new in wrong)


def _checked(fact: Fact, text: Text, id: str) -> Fact:
    if swapped(text, [(fact.old, fact.new)]).text == text.text:
        raise ValueError(f"{id}: the text does not say {fact.old!r}; correct its line under `=== facts`")
    return fact


def _series(id: str, block: str) -> tuple[str, str, tuple[Telling, ...]]:
    main, _, table = block.partition("=== rows\n")
    fields, text = _article(main)
    names, *rows = ([cell.strip() for cell in line.split("|")] for line in table.strip().splitlines())
    filled = tuple(_row(text, dict(zip(names, row, strict=True))) for row in rows)
    return id, fields["edit"][0], filled


def _row(text: Text, row: dict[str, str]) -> Telling:
    made = Text(text.title.format(**row), text.lead.format(**row), text.text.format(**row))
    return Telling(row["source"], _time(row["published"]), made)


def _swap(line: str) -> Swap:
    old, new = line.split(" > ")
    return old, new


def _time(printed: str) -> datetime:
    return datetime.strptime(printed, "%Y-%m-%d %H:%M").replace(tzinfo=LOCAL)


def titled(text: Text, title: str) -> Text:
    """The text under another headline."""
    return replace(text, title=title)
