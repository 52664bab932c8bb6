"""The bench of publishing measures what it says: an archive on its shelves, then one story and what shows it."""

from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.store.database import open_store
from tests.bench import hugo, publish_bench, stories


def test_the_archive_stands_on_its_shelves_and_one_new_story_writes_what_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish_bench, "NEW", 1)
    stories.build(tmp_path / "tin.db", 30)
    stories.shelve_all(tmp_path / "tin.db", stories.config(tmp_path))
    store = open_store(stories.config(tmp_path).database, clock=lambda: stories.NOW)
    assert store.named(["all"])["all"].count == 30
    assert (store.dirty(), store.pending(stories.NOW).stories) == ((), ())
    store.close()
    cost = publish_bench.measure(tmp_path, 30)
    output = tmp_path / "output"
    assert list(output.glob("tin/2026/*/*-n00000000001.html"))
    assert 40 < cost.files < 120
    assert replace(cost, cpu_s=0.0, peak_mb=0.0, files=0, kilobytes=0.0).size == 30


def test_hugo_is_given_every_story_with_its_text_and_tags(tmp_path: Path) -> None:
    hugo.write_site(tmp_path, 5)
    written = sorted((tmp_path / "content/tin").iterdir())
    assert len(written) == 5
    for one, file in zip(stories.made(5), written, strict=True):
        text = file.read_text(encoding="utf-8")
        assert one.title in text and all(words in text for words in one.paragraphs)
        assert all(f'"{tag}"' in text for _, tag, _ in one.tags)
