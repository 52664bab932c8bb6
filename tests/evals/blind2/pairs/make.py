"""Writes the blind pairs from what is written beside it. `python -m tests.evals.blind2.pairs.make`.

The same bytes each time. The same edits as ../../pairs/, with frames, articles and templates of its own.
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, combinations
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.evals.pairs import edits
from tests.evals.pairs.written import Base, Fact, Swap, Telling, Text, swapped

HERE = Path(__file__).parent
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
SEED = 20261129
EDITS_EACH = 9
ADVICE_PAIRS = 60
OTHERS = ("skds", "moh", "bao-tinh", "cong-tin", "dai-truyen-thanh")  # who posts again
HOURS = (2, 5, 9, 21, 27)  # how long after the first


class Side(NamedTuple):
    """One side of a pair: a text under its id, as a source published it."""

    id: str
    telling: Telling


class Pair(NamedTuple):
    """Two sides and what is true of them."""

    a: Side
    b: Side
    expect: str
    edit: str
    why: str


def added_lead(base: Base, text: Text, turn: int) -> Text:
    """A lead of the other source in front."""
    lead = _frame("added lead", turn)
    if turn % 2:
        return replace(text, lead=lead, text=f"{text.lead}\n{text.text}")
    return replace(text, text=f"{lead}\n{text.text}")


def boilerplate(base: Base, text: Text, turn: int) -> Text:
    """What a portal prints around it."""
    return replace(
        text, text="\n".join((_frame("boilerplate above", turn), text.text, _frame("boilerplate below", turn)))
    )


def quoted(base: Base, text: Text, turn: int) -> Text:
    """Whole, inside a longer piece under another headline."""
    body = "\n".join((_frame("piece before", turn), text.text, _frame("piece after", turn)))
    return Text(base.headlines[0], "", body)


EDITS: dict[str, edits.Edit] = {
    **edits.EDITS,
    "added lead": added_lead,
    "boilerplate around it": boilerplate,
    "quoted inside a longer piece": quoted,
}
BEHIND = tuple(name for name in EDITS if name not in ("same text re-posted", "NFD", "several edits at once"))


def pairs() -> tuple[Pair, ...]:
    """Every pair."""
    every = bases()
    kinds: tuple[Callable[[int, Base], Iterator[Pair]], ...] = (
        duplicates,
        one_source,
        stories,
        one_fact,
        one_fact_behind,
        followed,
        sisters,
        last_years,
    )
    made = [kind(turn, base) for kind in kinds for turn, base in enumerate(every)]
    return tuple(chain(*made, shared_advice(every), rows()))


def duplicates(turn: int, base: Base) -> Iterator[Pair]:
    """The article and copies of it, each edited in one way; every base meets nine edits, in turn."""
    names = [*EDITS][turn % len(EDITS) :] + [*EDITS][: turn % len(EDITS)]
    changed = [n for n in names if n == "same text re-posted" or _edited(base, n, turn) != base.first.text]
    for at, name in enumerate(changed[:EDITS_EACH]):
        yield Pair(_side(base), _copy(base, name, turn, turn + at), "duplicate", name, "one text, every fact kept")


def one_source(turn: int, base: Base) -> Iterator[Pair]:
    """Two articles of one source that are one: equal words, or a declared correction."""
    later = base.first.published + timedelta(hours=HOURS[turn % 5])
    if turn % 2:
        joined = replace(base.first.text, text=base.first.text.text.replace("\n", " "))
        b = Side(f"{base.id}/joined", replace(base.first, published=later, text=joined))
        yield Pair(_side(base), b, "duplicate", "one source, equal words under two ids", "paragraphs joined, no more")
        return
    right = swapped(base.first.text, [_swap(base.facts[0])])
    right = replace(right, title=f"Đính chính: {right.title}")
    b = Side(f"{base.id}/corrected", replace(base.first, published=later, text=right))
    yield Pair(_side(base), b, "duplicate", "one source, declared correction", _differs(base.facts[0]))


def stories(turn: int, base: Base) -> Iterator[Pair]:
    """The article, and copies of it, beside its retelling."""
    told = Side(f"{base.id}/retold", base.retold[0])
    yield Pair(_side(base), told, "story", "told in other words", "one event, other words")
    for name in ("new headline", "dropped tail", "number format", "added lead")[turn % 2 :: 2]:
        copy = _copy(base, name, turn, turn)
        if copy.telling.source != told.telling.source and copy.telling.text != base.first.text:
            edit = f"told in other words, beside a copy with {name}"
            yield Pair(copy, told, "story", edit, "one event, other words")


def one_fact(turn: int, base: Base) -> Iterator[Pair]:
    """The article and a copy of it in which one fact differs; each fourth by the same source under another id."""
    for at, fact in enumerate(base.facts, turn):
        wrong = _again(base, swapped(base.first.text, [_swap(fact)]), at)
        if at % 4 == 0:
            wrong = replace(wrong, source=base.first.source)
        side = Side(f"{base.id}/{_differs(fact)}", wrong)
        yield Pair(_side(base), side, "not duplicate", f"one {fact.kind} differs", _differs(fact))


def one_fact_behind(turn: int, base: Base) -> Iterator[Pair]:
    """An edited copy that still says a fact, and the text in which that fact differs."""
    for at, fact in enumerate(base.facts, turn):
        wrong = swapped(base.first.text, [_swap(fact)])
        for name in BEHIND[at % len(BEHIND) :] + BEHIND[: at % len(BEHIND)]:
            copy, shown = _edited(base, name, turn), EDITS[name](base, wrong, turn)
            if fact.old in copy.text and fact.new in shown.text and copy != base.first.text:
                a = Side(f"{base.id}/{name}", _again(base, copy, at))
                b = Side(f"{base.id}/{_differs(fact)}", replace(base.first, text=wrong))
                yield Pair(a, b, "not duplicate", f"one {fact.kind} differs, behind {name}", _differs(fact))
                break


def followed(turn: int, base: Base) -> Iterator[Pair]:
    """The article, and news of a later day that quotes it, whole or in part."""
    later = base.follow_ups[0]
    for id, quote in (("follow-up", base.first.text), ("follow-up in part", _edited(base, "first two sentences", 0))):
        body = f"{later.text.text}\nTrước đó, cơ quan này đã thông tin:\n{quote.text}"
        b = Side(f"{base.id}/{id}", replace(later, text=replace(later.text, text=body)))
        for a in (_side(base), _copy(base, "new headline", turn, turn)):
            yield Pair(a, b, "different", "follow-up quoting the earlier text", "news of a later day around it")


def sisters(turn: int, base: Base) -> Iterator[Pair]:
    """The article and its sister of another province, or of another product."""
    b = Side(f"{base.id}/sister", base.others[0])
    for a in (_side(base), _copy(base, "reflowed paragraphs", turn, turn)):
        yield Pair(a, b, "different", "sister release", "another place or product, other values")


def last_years(turn: int, base: Base) -> Iterator[Pair]:
    """The article and that of the year before, as it was then, and posted again now."""
    then = base.last_year[0]
    now = Side(f"{base.id}/last year", _again(base, then.text, turn))
    for a in (_side(base), _copy(base, "new headline", turn, turn)):
        yield Pair(a, Side(f"{base.id}/last year", then), "different", "last year's", "another year")
    yield Pair(_side(base), now, "different", "last year's, posted again now", "another year")


def shared_advice(every: tuple[Base, ...]) -> list[Pair]:
    """The first sentences of two articles, both followed by the same page of advice."""
    made = []
    for turn, base in enumerate(every):
        short = _edited(base, "first two sentences", 0)
        text = replace(short, text=f"{short.text}\n{_frame('shared advice', turn)}")
        made.append((turn % 2, Side(f"{base.id}/with advice", replace(base.first, text=text))))
    found = [(a, b) for (x, a), (y, b) in combinations(made, 2) if x == y]
    drawn = random.Random(SEED).sample(found, ADVICE_PAIRS)
    return [Pair(a, b, "different", "shared boilerplate", "two events above one page of advice") for a, b in drawn]


def rows() -> Iterator[Pair]:
    """Every two texts that one template made."""
    for id, block in _blocks("templates"):
        head, _, table = block.partition("rows: ")
        fields = _fields(head)
        names, *values = ([cell.strip() for cell in line.split("|")] for line in table.strip().splitlines())
        cells = [dict(zip(names, row, strict=True)) for row in values]
        sides = [(row, Side(f"{id}/{number}", _filled(fields, row))) for number, row in enumerate(cells, 1)]
        event = fields.get("event", [""])[0]  # the column whose value names the event, where rows may share one
        for (one, a), (other, b) in combinations(sides, 2):
            expect = "not duplicate" if event and one[event] == other[event] else "different"
            yield Pair(a, b, expect, fields["edit"][0], "one template, other values")


def bases() -> tuple[Base, ...]:
    """Every article with all that was written around it. Raises ValueError for a fact that its text does not say."""
    return tuple(_base(id, block) for id, block in _blocks("bases"))


def _base(id: str, block: str) -> Base:
    fields = _fields(block)
    source, published = _cells(fields["source"][0])
    text = Text(fields["title"][0], fields["lead"][0], fields["text"][0])
    first = Telling(source, _time(published), text)
    who, when, title, body = _cells(fields["retold"][0])
    day, headline, news = _cells(fields["follow"][0])
    sister, changed = _cells(fields["sister"][0])
    year, values = _cells(fields["last"][0])
    return Base(
        id=id, part="second", family="", topic="", first=first, headlines=tuple(fields["headline"]),
        retold=(Telling(who, _time(when), Text(title, "", body)),),
        follow_ups=(Telling(source, _time(day), Text(headline, "", news)),),
        others=(Telling(sister, first.published + timedelta(minutes=25), swapped(text, _swaps(changed, text, id))),),
        last_year=(Telling(source, _time(year), swapped(text, _swaps(values, text, id))),),
        facts=tuple(_fact(line, text, id) for line in fields["fact"]),
    )  # fmt: skip


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


def _fields(block: str) -> dict[str, list[str]]:
    parts = re.split(r"^(\w+):[ \n]", block.strip() + "\n", flags=re.M)
    fields: dict[str, list[str]] = {}
    for key, value in zip(parts[1::2], parts[2::2], strict=True):
        fields.setdefault(key, []).append(value.strip())
    return fields


def _filled(fields: dict[str, list[str]], row: dict[str, str]) -> Telling:
    made = Text(*(fields[name][0].format(**row) for name in ("title", "lead", "text")))
    return Telling(row["source"], _time(row["published"]), made)


def _blocks(name: str) -> Iterator[tuple[str, str]]:
    parts = re.split(r"^##### (.+)\n", (HERE / f"{name}.txt").read_text(encoding="utf-8"), flags=re.M)
    return zip(parts[1::2], parts[2::2], strict=True)


def _frame(name: str, turn: int) -> str:
    choices = [block.strip() for id, block in _blocks("frames") if id == name]
    return choices[turn % len(choices)]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split(" | ")]


def _time(printed: str) -> datetime:
    return datetime.strptime(printed, "%Y-%m-%d %H:%M").replace(tzinfo=LOCAL)


def _edited(base: Base, name: str, turn: int) -> Text:
    return EDITS[name](base, base.first.text, turn)


def _side(base: Base) -> Side:
    return Side(f"{base.id}/first", base.first)


def _copy(base: Base, name: str, turn: int, at: int) -> Side:
    return Side(f"{base.id}/{name}", _again(base, _edited(base, name, turn), at))


def _again(base: Base, text: Text, turn: int) -> Telling:
    others = [name for name in OTHERS if name != base.first.source]
    return Telling(others[turn % len(others)], base.first.published + timedelta(hours=HOURS[turn % 5]), text)


def _swap(fact: Fact) -> Swap:
    return fact.old, fact.new


def _differs(fact: Fact) -> str:
    return f"{fact.kind} {fact.old} > {fact.new}"


def write(folder: Path) -> None:
    """Write both files. Raises ValueError when one id would name two texts."""
    found, texts = pairs(), dict[str, Text]()
    for side in chain.from_iterable((pair.a, pair.b) for pair in found):
        if texts.setdefault(side.id, side.telling.text) != side.telling.text:
            raise ValueError(f"{side.id} names two texts; give one of them another id")
    _lines(folder / "texts.jsonl", ({"id": id, **_written(text)} for id, text in texts.items()))
    _lines(folder / "pairs.jsonl", (_line(number, pair) for number, pair in enumerate(found, 1)))


def _written(text: Text) -> dict[str, str]:
    return {"title": text.title, "lead": text.lead, "text": text.text}


def _line(number: int, pair: Pair) -> dict[str, object]:
    labels = {"expect": pair.expect, "edit": pair.edit, "why": pair.why}
    return {"id": f"blind2-{number:04}", "a": _side_line(pair.a), "b": _side_line(pair.b), **labels}


def _side_line(side: Side) -> dict[str, str]:
    return {"text": side.id, "source": side.telling.source, "published": side.telling.published.isoformat()}


def _lines(path: Path, lines: Iterator[dict[str, object]] | Iterator[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    write(HERE)
