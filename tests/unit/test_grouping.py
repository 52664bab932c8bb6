"""Retagging on a real store: what older rules tagged, in batches, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.errors import ConfigError
from aggregator.model import Article, Changes, SourceState, StoryRecord, Told, Verdict, Visit
from aggregator.pipeline import Ports
from aggregator.refine import vocabulary
from aggregator.refine.tagging import Tagger
from aggregator.steps import grouping
from aggregator.steps.grouping import Retagged
from aggregator.store.database import open_store
from tests import make
from tests.fakes import FakeFetcher
from tests.line import PlainWriter
from tests.make import NOW

OLD = Tagger(vocabulary.load())
OWN = {"topics": [{"slug": "khu-pho", "label": "Khu phố", "names": ["tổ dân phố"]}]}
NEW = Tagger(vocabulary.load(OWN))


@contextmanager
def opened(folder: Path, tagger: Tagger = NEW) -> Iterator[Ports]:
    store = open_store(f"sqlite:///{folder / 'a.db'}", clock=lambda: NOW)
    try:
        yield Ports(
            FakeFetcher({}), store, PlainWriter(folder / "output"), lambda: NOW, lambda: tagger, {"moh": 9}, "run"
        )
    finally:
        store.close()


def stored(ports: Ports, count: int = 5) -> None:
    """Articles of different days; every second one speaks of a tổ dân phố."""
    told = []
    for number in range(count):
        where = "Tổ dân phố" if number % 2 == 0 else "Trạm y tế"
        title = f"{where} số {number} họp bàn việc {'abcdefgh'[number] * 5}"
        told.append(make.article(f"a{number:011}", title=title, text="", published=NOW.replace(day=number + 1)))
    verdicts = tuple(Verdict(article, "new", "") for article in told)
    tags = {article.id: OLD.tags(article) for article in told}
    records = grouping.regroup([Told(one, tags[one.id], one.fetched_at) for one in told], ports.store, {})
    changes = Changes(SourceState("moh"), verdicts, tags, records, rule=OLD.version)
    ports.store.commit(Visit("run", "moh", NOW, NOW, "ok"), changes)
    ports.store.place((), (), ports.store.pending(NOW).mark)


def retagged(ports: Ports, **options: object) -> list[Retagged]:
    batches: list[Retagged] = []
    grouping.retag(ports, batches.append, **options)  # type: ignore[arg-type]
    return batches


def topics(ports: Ports) -> dict[str, set[str]]:
    told = (telling for _, telling, _ in ports.store.export(None))
    return {one.article.id: {tag.tag for tag in one.tags if tag.kind == "topic"} for one in told}


def test_articles_of_older_rules_get_the_tags_of_the_present_ones(tmp_path: Path) -> None:
    with opened(tmp_path) as ports:
        stored(ports)
        (batch,) = retagged(ports)
        assert (batch.looked, len(batch.changes)) == (5, 3)
        assert {change.added["topic/khu-pho"] for change in batch.changes} == {"Khu phố"}
        assert [("khu-pho" in found) for _, found in sorted(topics(ports).items())] == [True, False] * 2 + [True]
        assert len(ports.store.pending(NOW).stories) == 3


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as ports:
        stored(ports)
        said = retagged(ports, dry=True, batch=2)
        assert [batch.looked for batch in said] == [2, 2, 1]
        assert sum(len(batch.changes) for batch in said) == 3
        assert not any("khu-pho" in found for found in topics(ports).values())
        assert ports.store.pending(NOW).stories == ()
        assert sum(len(batch.changes) for batch in retagged(ports)) == 3


def test_what_has_the_tags_of_the_present_rules_is_not_looked_at_again(tmp_path: Path) -> None:
    with opened(tmp_path) as ports:
        stored(ports)
        retagged(ports)
        assert retagged(ports) == []


def test_one_that_was_stopped_goes_on_with_what_is_left(tmp_path: Path) -> None:
    def stop(batch: Retagged) -> None:
        raise KeyboardInterrupt

    with opened(tmp_path) as ports:
        stored(ports)
        with pytest.raises(KeyboardInterrupt):
            grouping.retag(ports, stop, batch=2)
    with opened(tmp_path) as ports:
        assert [batch.looked for batch in retagged(ports, batch=2)] == [2, 1]
        assert sum("khu-pho" in found for found in topics(ports).values()) == 3


def test_stories_are_regrouped_where_tags_changed(tmp_path: Path) -> None:
    with opened(tmp_path) as ports:
        stored(ports)
        before = ports.store.records([f"a{number:011}" for number in range(5)])
        lonely = replace(before[0], members=(*before[0].members, *before[1].members))
        ports.store.retag({}, "x", grouping.Regrouping(stories=(lonely, StoryRecord(before[1].id, (), NOW))))
        assert len(ports.store.records([f"a{number:011}" for number in range(5)])) == 4
        retagged(ports)
        assert ports.store.records([f"a{number:011}" for number in range(5)]) == before


COPY = "Sở Y tế Hà Nội ghi nhận 48 ca sốt xuất huyết trong tuần, tăng 12 ca so với tuần trước, tại 31 xã, phường."


def admitted(ports: Ports, *articles: Article) -> Changes:
    tags = {one.id: NEW.tags(one) for one in articles}
    changes = grouping.admit(tuple(Verdict(one, "new", "") for one in articles), tags, {}, ports)
    ports.store.commit(Visit("run", "moh", NOW, NOW, "ok"), replace(changes, state=SourceState("moh")))
    return changes


def test_what_was_worked_out_of_a_text_is_kept_once(tmp_path: Path) -> None:
    with opened(tmp_path) as ports:
        first, second, third = (make.article(f"c{n:011}", text=COPY, source=f"s{n}") for n in range(3))
        other = make.article("d00000000000", title="Chợ hoa Tết mở sớm", lead="", text="Đào và quất về phố từ hôm qua.")
        assert {gist.article: gist.sentences for gist in admitted(ports, first, other).gists} == {
            first.id: b"",
            other.id: b"",
        }
        assert {gist.article for gist in admitted(ports, second).gists if gist.sentences} == {first.id, second.id}
        assert [gist.article for gist in admitted(ports, third).gists] == [third.id]
        assert ports.store.told([third.id])[0].gist == admitted(ports, replace(third)).gists[0]


def test_articles_of_before_gists_were_kept_are_compared_all_the_same(tmp_path: Path) -> None:
    with opened(tmp_path) as ports:
        first, second = (make.article(f"c{n:011}", text=COPY, source=f"s{n}") for n in range(2))
        changes = grouping.admit((Verdict(first, "new", ""),), {first.id: ()}, {}, ports)
        bare = replace(changes, state=SourceState("moh"), gists=())
        ports.store.commit(Visit("run", "moh", NOW, NOW, "ok"), bare)
        assert ports.store.glances([first.id]) == {}
        changes = admitted(ports, second)
        assert [(link.a, link.b) for link in changes.regrouping.links] == [(first.id, second.id)]
        assert {gist.article for gist in changes.gists} == {first.id, second.id}


def test_every_article_of_a_source_carries_its_fixed_tags() -> None:
    tagger = Tagger(vocabulary.load(), {"moh": ("topic/dinh-duong", "place/ha-noi")})
    told = make.article(title="Sởi ở Hà Nội", lead="", text="")
    found = {tag.key: tag.evidence for tag in tagger.tags(told)}
    assert found["topic/dinh-duong"] == () and found["place/ha-noi"] != ()
    assert "topic/dinh-duong" not in {tag.key for tag in tagger.tags(replace(told, source="skds"))}
    assert tagger.version != OLD.version


def test_a_fixed_tag_that_nobody_knows_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match="topic/khong-co"):
        Tagger(vocabulary.load(), {"moh": ("topic/khong-co",)})
