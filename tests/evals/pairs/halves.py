"""Makes the pairs of a blind half from what is written in its folder (compact.py): the same bytes each time.

The same edits as make.py beside this, with frames, articles and templates of the half's own.
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property, partial
from itertools import chain, combinations
from pathlib import Path
from typing import NamedTuple

from tests.evals.pairs import compact
from tests.evals.pairs.edits import EDITS, Edit
from tests.evals.pairs.written import Base, Fact, Swap, Telling, Text, swapped

EDITS_EACH = 9
ADVICE_PAIRS = 60
OTHERS = ("skds", "moh", "bao-tinh", "cong-tin", "dai-truyen-thanh")  # who posts again
HOURS = (2, 5, 9, 21, 27)  # how long after the first
# Behind one of these a differing fact must show as well: (how the other copy was edited).
BEHIND = tuple(name for name in EDITS if name not in ("same text re-posted", "NFD", "several edits at once"))


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


@dataclass(frozen=True)
class Half:
    """A blind half: the folder of its texts, its name in ids, the seed of its draws, how its stories are told."""

    folder: Path
    name: str
    seed: int
    stories: Callable[["Half", int, Base], Iterator[Pair]]

    def pairs(self) -> tuple[Pair, ...]:
        """Every pair."""
        every = compact.bases(self.folder)
        kinds: tuple[Callable[[int, Base], Iterator[Pair]], ...] = (
            self._duplicates,
            self._one_source,
            partial(self.stories, self),
            self._one_fact,
            self._one_fact_behind,
            self._followed,
            self._sisters,
            self._last_years,
        )
        made = [kind(turn, base) for kind in kinds for turn, base in enumerate(every)]
        return tuple(chain(*made, self._shared_advice(every), self._rows()))

    def write(self, folder: Path) -> None:
        """Write both files. Raises ValueError when one id would name two texts."""
        found, texts = self.pairs(), dict[str, Text]()
        for side in chain.from_iterable((pair.a, pair.b) for pair in found):
            if texts.setdefault(side.id, side.telling.text) != side.telling.text:
                raise ValueError(f"{side.id} names two texts; give one of them another id")
        _lines(folder / "texts.jsonl", ({"id": id, **_written(text)} for id, text in texts.items()))
        _lines(folder / "pairs.jsonl", (_line(self.name, number, pair) for number, pair in enumerate(found, 1)))

    @cached_property
    def edits(self) -> dict[str, Edit]:
        """What happens to a text on its way, by name."""
        return {
            **EDITS,
            "added lead": self._added_lead,
            "boilerplate around it": self._boilerplate,
            "quoted inside a longer piece": self._quoted,
        }

    def copy(self, base: Base, name: str, turn: int, at: int) -> Side:
        """The article, edited, by another source, `at` chooses which."""
        return Side(f"{base.id}/{name}", _again(base, self.edited(base, name, turn), at))

    def edited(self, base: Base, name: str, turn: int) -> Text:
        """The article's text behind the edit of that name."""
        return self.edits[name](base, base.first.text, turn)

    def _frame(self, name: str, turn: int) -> str:
        return compact.frame(self.folder, name, turn)

    def _added_lead(self, base: Base, text: Text, turn: int) -> Text:
        """A lead of the other source in front."""
        lead = self._frame("added lead", turn)
        if turn % 2:
            return replace(text, lead=lead, text=f"{text.lead}\n{text.text}")
        return replace(text, text=f"{lead}\n{text.text}")

    def _boilerplate(self, base: Base, text: Text, turn: int) -> Text:
        """What a portal prints around it."""
        above, below = self._frame("boilerplate above", turn), self._frame("boilerplate below", turn)
        return replace(text, text="\n".join((above, text.text, below)))

    def _quoted(self, base: Base, text: Text, turn: int) -> Text:
        """Whole, inside a longer piece under another headline."""
        body = "\n".join((self._frame("piece before", turn), text.text, self._frame("piece after", turn)))
        return Text(base.headlines[0], "", body)

    def _duplicates(self, turn: int, base: Base) -> Iterator[Pair]:
        """The article and copies of it, each edited in one way; every base meets nine edits, in turn."""
        names = [*self.edits][turn % len(self.edits) :] + [*self.edits][: turn % len(self.edits)]
        changed = [n for n in names if n == "same text re-posted" or self.edited(base, n, turn) != base.first.text]
        for at, name in enumerate(changed[:EDITS_EACH]):
            copy = self.copy(base, name, turn, turn + at)
            yield Pair(side_of(base), copy, "duplicate", name, "one text, every fact kept")

    def _one_source(self, turn: int, base: Base) -> Iterator[Pair]:
        """Two articles of one source that are one: equal words, or a declared correction."""
        later = base.first.published + timedelta(hours=HOURS[turn % 5])
        if turn % 2:
            joined = replace(base.first.text, text=base.first.text.text.replace("\n", " "))
            b = Side(f"{base.id}/joined", replace(base.first, published=later, text=joined))
            yield Pair(
                side_of(base), b, "duplicate", "one source, equal words under two ids", "paragraphs joined, no more"
            )
            return
        right = swapped(base.first.text, [_swap(base.facts[0])])
        right = replace(right, title=f"Đính chính: {right.title}")
        b = Side(f"{base.id}/corrected", replace(base.first, published=later, text=right))
        yield Pair(side_of(base), b, "duplicate", "one source, declared correction", _differs(base.facts[0]))

    def _one_fact(self, turn: int, base: Base) -> Iterator[Pair]:
        """The article and a copy of it in which one fact differs; each fourth by the same source under another id."""
        for at, fact in enumerate(base.facts, turn):
            wrong = _again(base, swapped(base.first.text, [_swap(fact)]), at)
            if at % 4 == 0:
                wrong = replace(wrong, source=base.first.source)
            side = Side(f"{base.id}/{_differs(fact)}", wrong)
            yield Pair(side_of(base), side, "not duplicate", f"one {fact.kind} differs", _differs(fact))

    def _one_fact_behind(self, turn: int, base: Base) -> Iterator[Pair]:
        """An edited copy that still says a fact, and the text in which that fact differs."""
        for at, fact in enumerate(base.facts, turn):
            wrong = swapped(base.first.text, [_swap(fact)])
            for name in BEHIND[at % len(BEHIND) :] + BEHIND[: at % len(BEHIND)]:
                copy, shown = self.edited(base, name, turn), self.edits[name](base, wrong, turn)
                if fact.old in copy.text and fact.new in shown.text and copy != base.first.text:
                    a = Side(f"{base.id}/{name}", _again(base, copy, at))
                    b = Side(f"{base.id}/{_differs(fact)}", replace(base.first, text=wrong))
                    yield Pair(a, b, "not duplicate", f"one {fact.kind} differs, behind {name}", _differs(fact))
                    break

    def _followed(self, turn: int, base: Base) -> Iterator[Pair]:
        """The article, and news of a later day that quotes it, whole or in part."""
        later = base.follow_ups[0]
        quotes = {"follow-up": base.first.text, "follow-up in part": self.edited(base, "first two sentences", 0)}
        for id, quote in quotes.items():
            body = f"{later.text.text}\nTrước đó, cơ quan này đã thông tin:\n{quote.text}"
            b = Side(f"{base.id}/{id}", replace(later, text=replace(later.text, text=body)))
            for a in (side_of(base), self.copy(base, "new headline", turn, turn)):
                yield Pair(a, b, "different", "follow-up quoting the earlier text", "news of a later day around it")

    def _sisters(self, turn: int, base: Base) -> Iterator[Pair]:
        """The article and its sister of another province, or of another product."""
        b = Side(f"{base.id}/sister", base.others[0])
        for a in (side_of(base), self.copy(base, "reflowed paragraphs", turn, turn)):
            yield Pair(a, b, "different", "sister release", "another place or product, other values")

    def _last_years(self, turn: int, base: Base) -> Iterator[Pair]:
        """The article and that of the year before, as it was then, and posted again now."""
        then = base.last_year[0]
        now = Side(f"{base.id}/last year", _again(base, then.text, turn))
        for a in (side_of(base), self.copy(base, "new headline", turn, turn)):
            yield Pair(a, Side(f"{base.id}/last year", then), "different", "last year's", "another year")
        yield Pair(side_of(base), now, "different", "last year's, posted again now", "another year")

    def _shared_advice(self, every: tuple[Base, ...]) -> list[Pair]:
        """The first sentences of two articles, both followed by the same page of advice."""
        made = []
        for turn, base in enumerate(every):
            short = self.edited(base, "first two sentences", 0)
            text = replace(short, text=f"{short.text}\n{self._frame('shared advice', turn)}")
            made.append((turn % 2, Side(f"{base.id}/with advice", replace(base.first, text=text))))
        found = [(a, b) for (x, a), (y, b) in combinations(made, 2) if x == y]
        drawn = random.Random(self.seed).sample(found, ADVICE_PAIRS)
        return [Pair(a, b, "different", "shared boilerplate", "two events above one page of advice") for a, b in drawn]

    def _rows(self) -> Iterator[Pair]:
        """Every two texts that one template made."""
        for id, block in compact.blocks(self.folder, "templates"):
            head, _, table = block.partition("rows: ")
            fields = compact.fields_of(head)
            names, *values = ([cell.strip() for cell in line.split("|")] for line in table.strip().splitlines())
            cells = [dict(zip(names, row, strict=True)) for row in values]
            sides = [(row, Side(f"{id}/{number}", compact.filled(fields, row))) for number, row in enumerate(cells, 1)]
            event = fields.get("event", [""])[0]  # the column whose value names the event, where rows may share one
            for (one, a), (other, b) in combinations(sides, 2):
                expect = "not duplicate" if event and one[event] == other[event] else "different"
                yield Pair(a, b, expect, fields["edit"][0], "one template, other values")


def beside_each_other(half: Half, turn: int, base: Base) -> Iterator[Pair]:
    """The article and its retellings by other sources, each beside each."""
    told = [Side(f"{base.id}/retold {number}", telling) for number, telling in enumerate(base.retold, 1)]
    for a, b in combinations((side_of(base), *told), 2):
        yield Pair(a, b, "story", "told in other words", "one event, other words, near days")


def beside_copies(half: Half, turn: int, base: Base) -> Iterator[Pair]:
    """The article, and copies of it, beside its retelling."""
    told = Side(f"{base.id}/retold", base.retold[0])
    yield Pair(side_of(base), told, "story", "told in other words", "one event, other words")
    for name in ("new headline", "dropped tail", "number format", "added lead")[turn % 2 :: 2]:
        copy = half.copy(base, name, turn, turn)
        if copy.telling.source != told.telling.source and copy.telling.text != base.first.text:
            edit = f"told in other words, beside a copy with {name}"
            yield Pair(copy, told, "story", edit, "one event, other words")


def side_of(base: Base) -> Side:
    """The article as first published."""
    return Side(f"{base.id}/first", base.first)


def _again(base: Base, text: Text, turn: int) -> Telling:
    others = [name for name in OTHERS if name != base.first.source]
    return Telling(others[turn % len(others)], base.first.published + timedelta(hours=HOURS[turn % 5]), text)


def _swap(fact: Fact) -> Swap:
    return fact.old, fact.new


def _differs(fact: Fact) -> str:
    return f"{fact.kind} {fact.old} > {fact.new}"


def _written(text: Text) -> dict[str, str]:
    return {"title": text.title, "lead": text.lead, "text": text.text}


def _line(name: str, number: int, pair: Pair) -> dict[str, object]:
    labels = {"expect": pair.expect, "edit": pair.edit, "why": pair.why}
    return {"id": f"{name}-{number:04}", "a": _side_line(pair.a), "b": _side_line(pair.b), **labels}


def _side_line(side: Side) -> dict[str, str]:
    return {"text": side.id, "source": side.telling.source, "published": side.telling.published.isoformat()}


def _lines(path: Path, lines: Iterator[dict[str, object]] | Iterator[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
