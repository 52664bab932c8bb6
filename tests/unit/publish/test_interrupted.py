"""Whenever a publish ends, by a kill or by a template that breaks, what is out is whole and leads somewhere."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.errors import PublishError
from aggregator.publish import press
from aggregator.publish.cycle import publish
from aggregator.publish.status import report
from tests import make_site
from tests.fakes_publish import FakeStore, Killed, MemoryWriter
from tests.make import NOW

MINUTE = timedelta(minutes=1)
IDLE = {"heartbeat.json", "trang-thai/index.html"}
STORY = re.compile(r"/(tin/\d{4}/\d\d/[a-z0-9-]+\.html)")
LISTS = ("index.html", "chu-de/", "benh/", "noi/", "co-quan/", "van-ban/", "nguon/", "ngay/", "tuan/", "luu-tru/")
LISTS += ("feed/", "embed/latest/", "search/", "sitemap/", "dinh-chinh/", "can-lam-gi/")


def run(config, store, writer, now=NOW, **more):
    return publish(config, store, writer, now, status=report(config, {}, now), **more)


def led_to(files):
    """The story pages that lists, feeds, embeds, maps and the search index lead to."""
    lists = (content.decode() for path, content in files.items() if path.startswith(LISTS))
    return {path for words in lists for path in STORY.findall(words)}


def withdrawn(story):
    return replace(story, tellings=tuple(replace(one, status="withdrawn") for one in story.tellings))


def changed():
    """A site that is out, and news of it: three stories come, one is withdrawn, one becomes part of another."""
    config, stories = make_site.config(), make_site.stories()
    store, writer = FakeStore(*stories[3:]), MemoryWriter()
    run(config, store, writer)
    store.put(*stories[:3], withdrawn(stories[5]))
    store.merge(stories[7].id, stories[8])
    return config, store, writer


def steps():
    config, store, writer = changed()
    before = len(writer.log)
    run(config, store, writer, NOW + MINUTE)
    return len(writer.log) - before


def test_wherever_a_publish_is_killed_lists_and_feeds_lead_to_stories_that_are_there():
    last = steps()
    assert last > 100
    for writes in range(0, last, 3):
        config, store, writer = changed()
        assert led_to(writer.files) <= set(writer.files)
        writer.dies_after = writes
        with pytest.raises(Killed):
            run(config, store, writer, NOW + MINUTE)
        assert led_to(writer.files) <= set(writer.files), writes
    assert len(led_to(writer.files)) > 10


@pytest.mark.parametrize(
    "name",
    [
        "site/story.html",
        "site/listing.html",
        "site/home.html",
        "site/search.html",
        "embeds/latest.html",
        "feeds/body.html",
    ],
)
def test_a_template_that_breaks_leaves_the_output_as_it_was_however_large_it_is(name, tmp_path, monkeypatch):
    monkeypatch.setattr(press, "HELD_BYTES", 0)  # as of an archive that does not fit: each file is written at once
    config, store, writer = make_site.config(), FakeStore(*make_site.stories()), MemoryWriter()
    run(config, store, writer)
    before = dict(writer.files)
    (tmp_path / name).parent.mkdir()
    (tmp_path / name).write_text("{{ there_is_no_such_name }}", encoding="utf-8")
    broken = config.model_copy(update={"templates": str(tmp_path)})
    with pytest.raises(PublishError, match=re.escape(name)):
        run(broken, store, writer, NOW + MINUTE)
    assert writer.files == before
    run(config, store, writer, NOW + MINUTE)
    assert {path for path in writer.files if writer.files[path] != before.get(path)} <= IDLE
