"""Related stories on a story's page: which older ones it names and why, and that it stays as it is when newer come."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from aggregator.model import Line
from aggregator.publish.bulletin import view
from aggregator.publish.related import LONG_DAYS, rarity, related
from tests import make, make_site
from tests.fakes_publish import FakeStore, MemoryWriter
from tests.make import NOW
from tests.unit.publish.test_cycle import gone, run, steady

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TAGS = {
    "topic/tiem-chung": "Tiêm chủng",
    "disease/soi": "Sởi",
    "place/ha-noi": "Hà Nội",
    "document/2666-qd-byt": "2666/QĐ-BYT",
}


def story(number, *keys, at=None, title=""):
    of = make.article(
        f"r{number:011}", title=title or f"Tin thứ {number}", published=at or NOW - 100 * DAY + number * HOUR
    )
    return make.story(make.telling(of, tags=tuple(make.tag(key, TAGS[key]) for key in keys)))


def line(number, hours):
    return Line(f"r{number}", "moh", f"tin/{number}.html", f"Tin {number}", "Bộ Y tế", NOW - hours * HOUR, "minute")


def named(writer, path):
    """The titles of the related stories on the page, each with what both share."""
    rows = BeautifulSoup(writer.files[path], "lxml").select("[aria-labelledby=lien-quan] li")
    return {row.a.get_text(): row.span.get_text().rpartition("Cùng mục: ")[2] for row in rows}


def path_of(number, writer):
    return next(path for path in writer.files if f"r{number:011}" in path and path.startswith("tin/"))


def test_what_is_shared_weighs_the_more_the_rarer_it_is_and_of_equals_the_newest_is_first():
    seen = view(story(99, *TAGS, at=NOW - 2 * HOUR), make_site.config(), NOW)
    daily = tuple(line(number, 4 + number) for number in range(5))
    monthly = (daily[4], *(line(10 + number, 24 * 30 * (1 + number)) for number in range(4)))
    found = related(seen, {"topic/tiem-chung": daily, "disease/soi": monthly})
    assert [one.line.title for one in found] == ["Tin 4", "Tin 10", "Tin 11", "Tin 12", "Tin 13"]
    assert [one.shared for one in found] == [("Sởi", "Tiêm chủng")] + [("Sởi",)] * 4
    alone = related(seen, {"topic/tiem-chung": daily})
    assert [one.line.title for one in alone] == [f"Tin {number}" for number in range(5)]


def test_one_disease_says_more_than_one_topic_and_many_places_no_more_than_one():
    places = {f"place/p{number}": (line(1, 50),) for number in range(4)}
    seen = view(story(99, *TAGS, at=NOW - 2 * HOUR), make_site.config(), NOW)
    found = related(seen, {**places, "topic/tiem-chung": (line(2, 60),), "disease/soi": (line(3, 70),)})
    assert [one.line.title for one in found] == ["Tin 3", "Tin 1", "Tin 2"]


def test_a_tag_with_few_older_stories_is_rarer_than_one_of_each_month():
    each_month = tuple(line(number, 24 * 30 * (1 + number)) for number in range(5))
    assert rarity(tuple(line(number, 1) for number in range(5)), NOW) == 1
    assert 1 < rarity(each_month, NOW) < rarity(each_month[:2], NOW)
    assert LONG_DAYS > 5 * 30


def test_a_story_names_older_ones_of_its_tags_with_what_both_share():
    store, writer = FakeStore(), MemoryWriter()
    store.put(
        story(1, "topic/tiem-chung"),
        story(2, "topic/tiem-chung", "document/2666-qd-byt"),
        story(3, "disease/soi"),
        story(4, "topic/tiem-chung", "document/2666-qd-byt", "place/ha-noi"),
        story(5, "place/ha-noi"),
        story(6),
    )
    run(make_site.config(), store, writer)
    assert named(writer, path_of(4, writer)) == {"Tin thứ 2": "2666/QĐ-BYT, Tiêm chủng", "Tin thứ 1": "Tiêm chủng"}
    assert list(named(writer, path_of(4, writer))) == ["Tin thứ 2", "Tin thứ 1"]
    assert named(writer, path_of(5, writer)) == {"Tin thứ 4": "Hà Nội"}
    assert b"lien-quan" not in writer.files[path_of(6, writer)] + writer.files[path_of(1, writer)]


def test_newer_stories_change_no_page_that_stands():
    config, store, writer = make_site.config(), FakeStore(), MemoryWriter()
    store.put(*(story(number, "topic/tiem-chung", "place/ha-noi") for number in range(8)))
    run(config, store, writer)
    before = {path: content for path, content in writer.files.items() if path.startswith("tin/")}
    for number in range(8, 20):
        store.put(story(number, "topic/tiem-chung", "place/ha-noi"))
        done = run(config, store, writer, NOW + number * HOUR)
        assert [path for path in done.written if path.startswith("tin/")] == [path_of(number, writer)]
    assert before.items() <= writer.files.items()


@pytest.mark.parametrize("status", ["withdrawn", "hidden"])
def test_what_was_removed_is_named_nowhere_after_one_publish(status):
    config, store, writer = make_site.config(), FakeStore(), MemoryWriter()
    store.put(*(story(number, "topic/tiem-chung") for number in range(12)))
    run(config, store, writer)
    naming = [path for path, content in writer.files.items() if "Tin thứ 3<".encode() in content]
    assert {path_of(number, writer) for number in range(4, 9)} <= set(naming)
    store.put(gone(story(3, "topic/tiem-chung"), status))
    run(config, store, writer, NOW + HOUR)
    assert [path for path, content in writer.files.items() if "Tin thứ 3<".encode() in content] == []


def test_a_new_title_reaches_the_pages_that_name_the_story_in_one_publish():
    config, store, writer = make_site.config(), FakeStore(), MemoryWriter()
    store.put(*(story(number, "disease/soi") for number in range(4)))
    run(config, store, writer)
    store.put(story(0, "disease/soi", title="Tên đã sửa"))
    run(config, store, writer, NOW + HOUR)
    for number in (1, 2, 3):
        assert "Tên đã sửa" in named(writer, path_of(number, writer))


def test_older_stories_are_written_before_the_newer_ones_that_point_to_them():
    writer = MemoryWriter()
    store = FakeStore(*(story(50 - number, "disease/soi") for number in range(9)))
    run(make_site.config(), store, writer)
    order = [path for _, path in writer.log if path.startswith("tin/")]
    assert order == [path_of(number, writer) for number in range(42, 51)]


def test_hundreds_of_small_publishes_give_the_bytes_of_a_full_one():
    chance, keys = random.Random(6), list(TAGS)
    config, store, writer = make_site.config(), FakeStore(), MemoryWriter()
    left = list(range(60))
    for step in range(300):
        number = chance.choice(left)
        told = story(number, *chance.sample(keys, chance.randrange(4)), title=f"Tin {number} lần {step % 3}")
        told = replace(told, aliases=store.kept[told.id].aliases if told.id in store.kept else ())
        store.put(gone(told, "withdrawn") if chance.random() < 0.2 else told)
        if chance.random() < 0.1 and len(store.kept) > 5:
            lost, into = chance.sample(sorted(store.kept), 2)
            both = (*store.kept[into].aliases, *store.kept[lost].aliases)
            store.merge(lost, replace(store.kept[into], aliases=both))
            left.remove(int(lost[1:]))
        run(config, store, writer, NOW + timedelta(seconds=step))
    fresh = MemoryWriter()
    run(config, store, fresh, NOW + timedelta(seconds=300), full=True)
    assert sum(b"lien-quan" in content for content in fresh.files.values()) > 20
    assert steady(writer.files) == steady(fresh.files)
