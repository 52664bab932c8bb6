"""Stories on a real store: read beside what news can change alone, they are those of all articles at once."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from aggregator.model import SourceState, Told, Verdict, Visit
from aggregator.pipeline import Ports
from aggregator.ports import Store
from aggregator.refine import joining, vocabulary
from aggregator.refine.compared import Compared
from aggregator.refine.relations import Field
from aggregator.refine.tagging import Tagger
from aggregator.steps import grouping
from aggregator.store.database import open_store
from tests.fakes import FakeFetcher
from tests.line import PlainWriter
from tests.make import NOW
from tests.make_told import RECALL, bulletin, told

TAGGER = Tagger(vocabulary.load())


def pool() -> list[Told]:
    """A story with contradictions in it, bulletins of two days, and what stands between the two."""
    lots = [told(f"lot{n}", RECALL.replace("0326B", f"0326{n}"), source=f"s{n}", hours=int(n)) for n in "123"]
    silent = [told(f"no{n}", RECALL.replace(", số lô 0326B", ""), source=f"n{n}", hours=n) for n in range(3)]
    days = [bulletin(f"day{day}{n}", day, 48, source=f"d{n}") for day in (18, 19) for n in range(2)]
    between = told("day", bulletin("x", 19, 52).article.text.replace("ngày 19/10/2026", ""), title="Thêm ca mắc")
    return [*lots, *silent, *days, between]


def ports_of(store: Store, folder: Path) -> Ports:
    return Ports(FakeFetcher({}), store, PlainWriter(folder / "output"), lambda: NOW, lambda: TAGGER, {}, "run")


def admitted(articles: Sequence[Told], ports: Ports, at_once: int) -> None:
    for start in range(0, len(articles), at_once):
        some = articles[start : start + at_once]
        verdicts = tuple(Verdict(one.article, "new", "") for one in some)
        changes = grouping.admit(verdicts, {one.article.id: one.tags for one in some}, {}, ports)
        ports.store.commit(Visit("run", "moh", NOW, NOW, "ok"), replace(changes, state=SourceState("moh")))
        ports.remembered.settle(ports.store.mark)


@pytest.mark.parametrize("seed", range(6))
def test_stories_read_in_part_are_those_of_all_at_once(tmp_path: Path, seed: int) -> None:
    articles = pool()
    Random(seed).shuffle(articles)
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}", clock=lambda: NOW)
    ports = ports_of(store, tmp_path)
    admitted(articles, ports, 1 + seed % 3)
    ids = [one.article.id for one in articles]
    links = [tie._replace(bar=None) for tie in store.ties(ids)]
    field = Field(map(Compared, store.told(ids)), ())
    whole = joining.grouped(set(ids), links, {}, field)
    assert sorted(sorted(record.members) for record in store.records(ids)) == whole.groups
    assert whole.bars, "nothing stands between any two: this would prove nothing"
    store.close()
