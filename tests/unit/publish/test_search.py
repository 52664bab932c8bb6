import json
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.publish import search
from aggregator.publish.cycle import publish
from aggregator.publish.status import report
from tests import make, make_site
from tests.fakes_publish import FakeStore, MemoryWriter
from tests.make import NOW

DAY = timedelta(days=1)
SHORT = timedelta(days=1)


def config(window=SHORT):
    return make.config(make.source(agreement=make.agreement(), window=window))


def told(id, title="Tin tiêm chủng", at=NOW, **fields):
    at -= timedelta(hours=2)  # past the embargo
    return make.story(make.telling(make.article(id, title=title, published=at, **fields), first_seen=at))


def run(store, writer, now=NOW, of=None, **more):
    of = of or config()
    return publish(of, store, writer, now, status=report(of, {}, now), **more)


def built(*stories, now=NOW):
    store, writer = FakeStore(*stories), MemoryWriter()
    run(store, writer, now)
    return store, writer


def named(files):
    return [row["name"] for row in json.loads(files["search/index.json"])["segments"]]


def part_of(files, segment, about, name):
    if "parts" in about:
        return about["parts"][name]
    part = json.loads(files[f"search/{segment}/{name}.json"])
    assert part["version"] == about["version"]
    return part


def asked(files, segment, key):
    """Titles of the stories of the segment that have the key, as search.js reads them."""
    about = json.loads(files[f"search/{segment}/index.json"])
    block = max(number for number, start in enumerate(about["starts"]) if start <= key)
    part = part_of(files, segment, about, f"t{block}")
    numbers = set()
    for steps in part["terms"].get(key, {}).values():
        number = 0
        for step in steps:
            number += step // search.STEP
            numbers.add(number)
    rows = []
    for number in sorted(numbers):
        titles = part_of(files, segment, about, f"d{number // about['chunk']}")
        rows.append(titles["docs"][number % about["chunk"]][1])
    return rows


def listed(files):
    rows = json.loads(files["search/index.json"])["segments"]
    return {row["name"]: (row["from"], row["to"], row["docs"]) for row in rows}


def test_recent_days_stand_together_while_they_are_few_and_older_ones_by_month():
    stories = [told(f"a{days:011}", f"Tin {days}", NOW - days * DAY) for days in range(8)]
    _, writer = built(*stories)
    assert listed(writer.files) == {
        "2026-10-18": ("2026-10-18", "2026-10-20", 3),
        "2026-10": ("2026-10-13", "2026-10-17", 5),
    }
    assert asked(writer.files, "2026-10", "tin") == [f"Tin {days}" for days in range(3, 8)]
    assert asked(writer.files, "2026-10-18", "tin") == ["Tin 0", "Tin 1", "Tin 2"]


def test_recent_days_of_many_stories_stand_alone(monkeypatch):
    monkeypatch.setattr(search, "TOGETHER", 3)
    stories = [told(f"a{days}{n:010}", f"Tin {days}", NOW - days * DAY) for days in range(3) for n in range(2)]
    _, writer = built(*stories)
    assert named(writer.files) == ["2026-10-20", "2026-10-19", "2026-10-18"]
    assert asked(writer.files, "2026-10-19", "tin") == ["Tin 1", "Tin 1"]


def test_days_part_when_they_become_many(monkeypatch):
    monkeypatch.setattr(search, "TOGETHER", 3)
    store, writer = built(*(told(f"a{days:011}", f"Tin {days}", NOW - days * DAY) for days in range(3)))
    assert named(writer.files) == ["2026-10-18"]
    store.put(told("b00000000001", "Tin mới"))
    run(store, writer, NOW + timedelta(minutes=1))
    assert listed(writer.files) == {
        "2026-10-20": ("2026-10-20", "2026-10-20", 2),
        "2026-10-18": ("2026-10-18", "2026-10-19", 2),
    }
    assert asked(writer.files, "2026-10-20", "tin") == ["Tin 0", "Tin mới"]
    assert asked(writer.files, "2026-10-18", "tin") == ["Tin 1", "Tin 2"]


def test_one_new_story_writes_one_file_of_its_days_and_the_list_of_segments():
    store, writer = built(*(told(f"a{days:011}", "Tin cũ", NOW - days * DAY) for days in range(8)))
    store.put(told("b00000000001", "Tin mới"))
    done = run(store, writer, NOW + timedelta(minutes=1))
    written = {path for path in done.written if path.startswith("search/")}
    assert written == {"search/2026-10-18/index.json", "search/index.json"}
    assert asked(writer.files, "2026-10-18", "moi") == ["Tin mới"]


def test_the_turn_of_the_day_alone_moves_the_oldest_recent_day_into_its_month():
    stories = [told(f"a{days:011}", f"Tin {days}", NOW - days * DAY) for days in range(5)]
    store, writer = built(*stories)
    run(store, writer, NOW + DAY)
    assert named(writer.files) == ["2026-10-19", "2026-10"]
    assert asked(writer.files, "2026-10", "tin") == ["Tin 2", "Tin 3", "Tin 4"]
    assert not [path for path in writer.files if path.startswith("search/2026-10-18/")]


@pytest.mark.parametrize("later", [DAY, 4 * DAY, 40 * DAY])
def test_after_any_pause_the_index_is_that_of_a_full_rebuild(later):
    stories = [told(f"a{days:011}", f"Tin {days}", NOW - days * DAY) for days in range(25)]
    store, writer = built(*stories)
    run(store, writer, NOW + later)
    files = {path: content for path, content in writer.files.items() if path.startswith("search/")}
    _, fresh = built(*stories, now=NOW + later)
    assert files == {path: content for path, content in fresh.files.items() if path.startswith("search/")}


def test_a_clock_set_back_gives_the_days_back():
    stories = [told(f"a{days:011}", f"Tin {days}", NOW - days * DAY) for days in range(6)]
    store, writer = built(*stories, now=NOW + 3 * DAY)
    run(store, writer, NOW)
    _, fresh = built(*stories, now=NOW)
    mine = {path: content for path, content in writer.files.items() if path.startswith("search/")}
    assert mine == {path: content for path, content in fresh.files.items() if path.startswith("search/")}


@pytest.mark.parametrize("days", [0, 6])
def test_what_is_withdrawn_is_gone_from_its_segment_with_the_next_publish(days):
    story = told("a00000000001", "Sữa rởm", NOW - days * DAY)
    beside = told("a00000000002", "Tin khác", NOW - days * DAY)
    store, writer = built(story, beside)
    segment = "2026-10-20" if not days else "2026-10"
    assert asked(writer.files, segment, "rom") == ["Sữa rởm"]
    store.put(replace(story, tellings=tuple(replace(one, status="withdrawn") for one in story.tellings)))
    run(store, writer, NOW + timedelta(minutes=1))
    assert asked(writer.files, segment, "rom") == []
    assert "Sữa rởm" not in "".join(
        content.decode() for path, content in writer.files.items() if path.startswith("search/")
    )


def test_a_segment_whose_last_story_went_is_removed_with_all_its_files():
    store, writer = built(told("a00000000001"), told("a00000000002", at=NOW - 6 * DAY))
    gone = told("a00000000001")
    store.put(replace(gone, tellings=tuple(replace(one, status="hidden") for one in gone.tellings)))
    run(store, writer, NOW + timedelta(minutes=1))
    assert named(writer.files) == ["2026-10"]
    assert not [path for path in writer.files if path.startswith("search/2026-10-20/")]


def test_a_large_segment_is_split_by_words_and_titles_and_still_says_the_same(monkeypatch):
    stories = [told(f"a{number:011}", f"Tin {number} về sởi", NOW - 6 * DAY) for number in range(12)]
    _, small = built(*stories)
    monkeypatch.setattr(search, "SMALL", 5)
    monkeypatch.setattr(search, "CHUNK", 5)
    _, large = built(*stories)
    assert sum(path.startswith("search/2026-10/t") for path in large.files) == len(search.STARTS)
    assert sum(path.startswith("search/2026-10/d") for path in large.files) == 3
    for key in ("tin", "soi", "7", "ve soi", "#source/moh"):
        assert asked(large.files, "2026-10", key) == asked(small.files, "2026-10", key) != []


def test_days_stay_alone_as_long_as_texts_fall_back_to_links_but_for_two_weeks_at_most():
    for window, days in ((0, 3), (7, 9), (400, 15)):
        store, writer = FakeStore(told("a00000000001")), MemoryWriter()
        of = config(timedelta(days=window))
        run(store, writer, of=of)
        first = search.first_recent(search.Edition(of, store, NOW))
        assert (NOW.date() - first).days + 1 == days


def test_places_are_offered_with_the_fullest_first():
    writer = MemoryWriter()
    of = make_site.config()
    publish(of, FakeStore(*make_site.stories()), writer, NOW, status=report(of, {}, NOW))
    places = json.loads(writer.files["search/places.json"])["places"]
    assert ["place/ha-noi", "Hà Nội"] in places
    page = writer.files["tim-kiem/index.html"].decode()
    assert '<option value="topic/tiem-chung">Tiêm chủng</option>' in page
    assert '<option value="source/moh">Bộ Y tế</option>' in page
