"""Writes the labelled pairs from what people wrote. `python -m tests.evals.pairs.make` makes the same files every time.

For each part: `texts-<part>.jsonl`, every text once, and `<part>.jsonl`, the pairs that name them. No base article, no
template and so no text stands in two parts.
"""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from itertools import chain, combinations, cycle, islice
from pathlib import Path

from tests.evals.pairs.edits import EDITS
from tests.evals.pairs.written import HERE, PARTS, Base, Fact, Part, Telling, Text, bases, frames, series, swapped

SEED = 20261123
DRAWN = {"second": "sealed"}  # the name under which its pairs were drawn before it was opened
EDITS_EACH = 9  # of the edits that change the text, taken in turn, so that each is met about as often
BOILERPLATE_PAIRS = 70  # of the pairs of a part that share their advice only
OTHERS = ("skds", "moh", "bao-tinh", "cong-tin-tinh", "soyte-hanoi")  # who posts again
HOURS = (1, 3, 6, 20, 26)  # how long after the first
# Behind one of these a differing fact must show as well: (how the other copy was edited).
BEHIND = (
    "new headline",
    "number format",
    "boilerplate around it",
    "dropped tail",
    "reflowed paragraphs",
    "first two sentences",
    "other tone placement",
    "quoted inside a longer piece",
    "feed's copy and page",
)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a pair: a text under its id, as a source published it."""

    id: str
    telling: Telling


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sides and what is true of them: duplicate, story, different, or "not duplicate" (a story or different)."""

    a: Side
    b: Side
    expect: str
    edit: str
    why: str


Numbered = tuple[int, Base]


@cache
def pairs(part: Part) -> tuple[Pair, ...]:
    """Every pair of the part."""
    numbered = tuple(enumerate(bases(part)))
    by_base: tuple[Callable[[Numbered], Iterator[Pair]], ...] = (
        duplicates,
        one_source,
        stories,
        one_fact,
        one_fact_behind,
        followed,
        others,
        last_years,
    )
    made = [each(one) for each in by_base for one in numbered]
    every = [base for _, base in numbered]
    return tuple(chain(*made, families(every), shared_advice(every, part), rows(part)))


def duplicates(numbered: Numbered) -> Iterator[Pair]:
    """The article and copies of it by other sources, each edited in one way."""
    turn, base = numbered
    start = _side(base)
    for at, name in enumerate(islice(_edits_of(base, turn), EDITS_EACH)):
        copy = _again(base, _edited(base, name, turn), turn + at)
        yield Pair(start, Side(f"{base.id}/{name}", copy), "duplicate", name, "one text, every fact kept")


def one_source(numbered: Numbered) -> Iterator[Pair]:
    """Two articles of one source that are one: equal words in other paragraphs, or a declared correction."""
    turn, base = numbered
    start, later = _side(base), base.first.published + timedelta(hours=HOURS[turn % 5])
    if turn % 2:
        joined = replace(base.first.text, text=base.first.text.text.replace("\n", " "))
        copy = Side(f"{base.id}/joined", Telling(base.first.source, later, joined))
        yield Pair(start, copy, "duplicate", "one source, equal words under two ids", "paragraphs joined, no more")
        return
    fact = base.facts[0]
    right = swapped(base.first.text, [(fact.old, fact.new)])
    right = replace(right, title=f"Đính chính: {right.title}")
    copy = Side(f"{base.id}/corrected", Telling(base.first.source, later, right))
    yield Pair(start, copy, "duplicate", "one source, declared correction", f"says that it corrects: {_differs(fact)}")


def stories(numbered: Numbered) -> Iterator[Pair]:
    """The article and its retellings, the retellings among themselves, and retellings beside edited copies."""
    turn, base = numbered
    told = [Side(f"{base.id}/retold {number}", one) for number, one in enumerate(base.retold, 1)]
    for one in told:
        yield Pair(_side(base), one, "story", "told in other words", "one event, other words")
    for one, other in combinations(told, 2):
        yield Pair(one, other, "story", "told in other words, twice", "one event, other words")
    for name in ("new headline", "number format", "dropped tail", "several edits at once")[turn % 2 :: 2]:
        copy = Side(f"{base.id}/{name}", _again(base, _edited(base, name, turn), turn))
        if copy.telling.source != told[0].telling.source and copy.telling.text != base.first.text:
            edit = f"told in other words, beside a copy with {name}"
            yield Pair(copy, told[0], "story", edit, "one event, other words")


def one_fact(numbered: Numbered) -> Iterator[Pair]:
    """The article and a copy of it in which one fact differs, by another source or by the same under another id."""
    turn, base = numbered
    for at, fact in enumerate(base.facts, turn):
        wrong = _wrong(base, fact, at)
        edit = f"one {fact.kind} differs"
        if at % 4 == 0:
            wrong = Side(wrong.id, replace(wrong.telling, source=base.first.source))
            edit += ", one source"
        yield Pair(_side(base), wrong, "not duplicate", edit, _differs(fact))


def one_fact_behind(numbered: Numbered) -> Iterator[Pair]:
    """An edited copy that still says a fact, and the text in which that fact differs."""
    turn, base = numbered
    for at, fact in enumerate(base.facts, turn):
        wrong_text = swapped(base.first.text, [(fact.old, fact.new)])
        for name in (BEHIND[(at + step) % len(BEHIND)] for step in range(len(BEHIND))):
            copy = _edited(base, name, turn)
            shown = EDITS[name](base, wrong_text, turn)
            if copy.text != shown.text and copy != base.first.text:
                a = Side(f"{base.id}/{name}", _again(base, copy, at))
                b = Side(f"{base.id}/{_differs(fact)}", replace(base.first, text=wrong_text))
                yield Pair(a, b, "not duplicate", f"one {fact.kind} differs, behind {name}", _differs(fact))
                break


def followed(numbered: Numbered) -> Iterator[Pair]:
    """The article, and a later one with news of the event that quotes it, whole or in part."""
    turn, base = numbered
    for one in base.follow_ups:
        whole = _quoting(one, base.first.text.text)
        part = _quoting(one, EDITS["first two sentences"](base, base.first.text, 0).text)
        sides = Side(f"{base.id}/follow-up", whole), Side(f"{base.id}/follow-up in part", part)
        copy = Side(f"{base.id}/new headline", _again(base, _edited(base, "new headline", turn), turn))
        for a in (_side(base), copy):
            for b in sides:
                yield Pair(a, b, "different", "follow-up quoting yesterday's text", "news of a later day around it")


def others(numbered: Numbered) -> Iterator[Pair]:
    """The article and one of another event that was written after its pattern."""
    turn, base = numbered
    for one in base.others:
        b = Side(f"{base.id}/other", one)
        copy = Side(f"{base.id}/reflowed paragraphs", _again(base, _edited(base, "reflowed paragraphs", turn), turn))
        told = Side(f"{base.id}/retold 1", base.retold[0])
        for a in (_side(base), copy, told):
            yield Pair(a, b, "different", one.edit, "another event")


def last_years(numbered: Numbered) -> Iterator[Pair]:
    """The article and that of a year before, as it was then, and posted again now by another source."""
    turn, base = numbered
    for one in base.last_year:
        then = Side(f"{base.id}/last year", one)
        now = Side(f"{base.id}/last year", _again(base, one.text, turn))
        copy = Side(f"{base.id}/new headline", _again(base, _edited(base, "new headline", turn), turn))
        yield Pair(_side(base), then, "different", "last year's campaign", "another year")
        yield Pair(copy, then, "different", "last year's campaign", "another year")
        yield Pair(_side(base), now, "different", "last year's campaign, posted again now", "another year")


def families(every: Sequence[Base]) -> Iterator[Pair]:
    """Articles of one kind of news about different events, and their retellings."""
    for one, other in combinations(every, 2):
        if one.family != other.family:
            continue
        edit = "same topic, other event" if one.topic == other.topic else "same kind of news, other event"
        for a in (_side(one), Side(f"{one.id}/retold 1", one.retold[0])):
            for b in (_side(other), Side(f"{other.id}/retold 1", other.retold[0])):
                yield Pair(a, b, "different", edit, "two events")


def shared_advice(every: Sequence[Base], part: Part) -> Iterator[Pair]:
    """The first sentences of two articles, both followed by the same page of advice."""
    made = []
    for base, advice in zip(every, cycle(frames("shared advice")), strict=False):
        short = EDITS["first two sentences"](base, base.first.text, 0)
        text = replace(short, text=f"{short.text}\n{advice}")
        made.append((advice, Side(f"{base.id}/with advice", replace(base.first, text=text))))
    found = [(a, b) for (x, a), (y, b) in combinations(made, 2) if x == y]
    for a, b in random.Random(f"{SEED} {DRAWN.get(part, part)}").sample(found, BOILERPLATE_PAIRS):
        yield Pair(a, b, "different", "shared boilerplate", "two events above one page of advice")


def rows(part: Part) -> Iterator[Pair]:
    """Every two texts that one template made."""
    for id, edit, tellings in series(part):
        sides = [Side(f"{id}/{number}", one) for number, one in enumerate(tellings, 1)]
        for a, b in combinations(sides, 2):
            yield Pair(a, b, "different", edit, "one template, other values")


def _edits_of(base: Base, turn: int) -> Iterator[str]:
    """The names of the edits that change the base's text (and the plain re-post), starting with another each turn."""
    names = list(EDITS)
    for name in names[turn % len(names) :] + names[: turn % len(names)]:
        if name == "same text re-posted" or _edited(base, name, turn) != base.first.text:
            yield name


def _edited(base: Base, name: str, turn: int) -> Text:
    return EDITS[name](base, base.first.text, turn)


def _side(base: Base) -> Side:
    return Side(f"{base.id}/first", base.first)


def _again(base: Base, text: Text, turn: int) -> Telling:
    sources = [name for name in OTHERS if name != base.first.source]
    later = base.first.published + timedelta(hours=HOURS[turn % len(HOURS)])
    return Telling(sources[turn % len(sources)], later, text)


def _wrong(base: Base, fact: Fact, turn: int) -> Side:
    return Side(f"{base.id}/{_differs(fact)}", _again(base, swapped(base.first.text, [(fact.old, fact.new)]), turn))


def _differs(fact: Fact) -> str:
    return f"{fact.kind} {fact.old} > {fact.new}"


def _quoting(telling: Telling, text: str) -> Telling:
    return replace(telling, text=replace(telling.text, text=telling.text.text.replace("[text]", text)))


def write(folder: Path) -> None:
    """Write the four files. Raises ValueError when one id would name two texts."""
    for part in PARTS:
        found = pairs(part)
        texts: dict[str, Text] = {}
        for side in chain.from_iterable((pair.a, pair.b) for pair in found):
            if texts.setdefault(side.id, side.telling.text) != side.telling.text:
                raise ValueError(f"{side.id} names two texts; give one of them another id")
        _lines(folder / f"texts-{part}.jsonl", [_text_line(id, text) for id, text in texts.items()])
        _lines(folder / f"{part}.jsonl", [_pair_line(part, number, pair) for number, pair in enumerate(found, 1)])


def _text_line(id: str, text: Text) -> dict[str, str]:
    return {"id": id, "title": text.title, "lead": text.lead, "text": text.text}


def _pair_line(part: Part, number: int, pair: Pair) -> dict[str, object]:
    labels = {"expect": pair.expect, "edit": pair.edit, "why": pair.why}
    return {"id": f"{part}-{number:04}", "a": _side_line(pair.a), "b": _side_line(pair.b), **labels}


def _side_line(side: Side) -> dict[str, str]:
    return {"text": side.id, "source": side.telling.source, "published": side.telling.published.isoformat()}


def _lines(path: Path, lines: Sequence[object]) -> None:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    write(HERE)
