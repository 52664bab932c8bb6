"""The roll and the stamp as publishes leave them."""

import base64
import contextlib
import hashlib
import json
from datetime import timedelta

import pytest

from aggregator.publish import addresses, trust
from aggregator.publish.roll import BINS, bin_of
from aggregator.publish.signing import Signing
from tests import make, make_site
from tests.fakes_publish import FakeStore, Killed, MemoryWriter
from tests.make import NOW
from tests.make_signed import run
from tests.make_trust import NEXT, WORKING, trusting

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BY = Signing(embeds=trusting(WORKING))


def digest(content):
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def stamp(files, by=WORKING):
    return trust.opened(trust.STAMP, json.loads(files["heartbeat.json"])["embeds"], by.public)


def vouched(files, by=WORKING):
    """Every payload stands in the bin of its shelf, and every bin in the stamp."""
    roll = stamp(files, by)["roll"]
    payloads = {shelf: path for path in files if (shelf := addresses.shelf_of_payload(path))}
    for shelf, path in payloads.items():
        rows = files[addresses.roll_path(bin_of(shelf))]
        assert roll[bin_of(shelf)] == digest(rows)
        assert digest(files[path]) in json.loads(rows)
        assert json.loads(files[path])["shelf"] == shelf
    listed = [row for path in files if path.startswith("embed/roll/") for row in json.loads(files[path])]
    assert sorted(listed) == sorted(digest(files[path]) for path in payloads.values())
    return len(payloads)


@pytest.fixture
def site():
    config, store, writer = make_site.config(), FakeStore(*make_site.stories()), MemoryWriter()
    run(config, store, writer, by=BY)
    return config, store, writer


def a_new_story():
    tags = (make.tag("topic/tiem-chung", "Tiêm chủng"),)
    return make.story(make.telling(make.article("z00000000001", title="Tin vừa đến"), tags=tags))


def test_every_payload_is_vouched_for_by_one_signature(site):
    assert vouched(site[2].files) > 10


def test_a_publish_without_a_root_has_neither_roll_nor_state_nor_stamp():
    config, store, writer = make_site.config(), FakeStore(*make_site.stories()), MemoryWriter()
    run(config, store, writer)
    assert not [path for path in writer.files if path.startswith("embed/roll/") or path == addresses.EMBEDS_STATE]
    assert "embeds" not in json.loads(writer.files["heartbeat.json"])


def test_an_idle_run_renews_the_stamp_and_rewrites_no_payload_and_no_bin(site):
    config, store, writer = site
    before, first = dict(writer.files), stamp(writer.files)
    done = run(config, store, writer, NOW + MINUTE, by=BY)
    assert set(done.written) == {"trang-thai/index.html", "heartbeat.json"}
    assert {path for path in before if before[path] != writer.files[path]} <= set(done.written)
    later = stamp(writer.files)
    assert later["seq"] > first["seq"] and later["roll"] == first["roll"]
    vouched(writer.files)


def test_a_new_story_changes_the_bins_of_its_shelves_alone(site):
    config, store, writer = site
    store.put(a_new_story())
    done = run(config, store, writer, NOW + MINUTE, by=BY)
    shelves = {shelf for path in done.written if (shelf := addresses.shelf_of_payload(path))}
    bins = {path for path in done.written if path.startswith("embed/roll/")}
    assert bins == {addresses.roll_path(bin_of(shelf)) for shelf in shelves} and 0 < len(bins) < BINS
    vouched(writer.files)


def test_the_stamp_ends_with_the_heartbeat_and_says_from_when_it_is_stale():
    config = make_site.config(mode="public")
    store, writer = FakeStore(*make_site.stories()), MemoryWriter()
    run(config, store, writer, by=BY)
    beat, said = json.loads(writer.files["heartbeat.json"]), stamp(writer.files)
    assert beat["valid_until"] == said["until"] < trust.FAR
    assert beat["time"] == said["time"] < said["stale"] < said["until"]


def test_a_clock_that_goes_back_never_lowers_the_number(site):
    config, store, writer = site
    first = stamp(writer.files)["seq"]
    run(config, store, writer, NOW - HOUR, by=BY)
    assert stamp(writer.files)["seq"] > first


def test_a_full_publish_gives_the_same_roll(site):
    config, store, writer = site
    before = stamp(writer.files)["roll"]
    run(config, store, writer, NOW + MINUTE, by=BY, full=True)
    assert stamp(writer.files)["roll"] == before
    vouched(writer.files)


@pytest.mark.parametrize("after", [1, 5, 20, 40, 60])
def test_a_killed_publish_is_made_whole_by_the_next_one(site, after):
    config, store, writer = site
    store.put(a_new_story())
    writer.dies_after = after
    with contextlib.suppress(Killed):
        run(config, store, writer, NOW + MINUTE, by=BY)
    writer.dies_after = None
    run(config, store, writer, NOW + 2 * MINUTE, by=BY)
    vouched(writer.files)
    fresh = MemoryWriter()
    run(config, FakeStore(*store.kept.values()), fresh, NOW + 2 * MINUTE, by=BY)
    assert {path: fresh.files[path] for path in fresh.files if path.startswith("embed/roll/")} == {
        path: content for path, content in writer.files.items() if path.startswith("embed/roll/")
    }


def test_a_replaced_key_signs_the_next_stamp_and_the_state_is_published(site):
    config, store, writer = site
    by = Signing(embeds=trusting(WORKING, NEXT, now=NOW + HOUR))
    done = run(config, store, writer, NOW + HOUR, by=by)
    assert writer.files[addresses.EMBEDS_STATE] == by.embeds.published
    assert set(done.written) == {"trang-thai/index.html", "heartbeat.json", addresses.EMBEDS_STATE}
    vouched(writer.files, NEXT)


def test_where_no_key_can_sign_the_rest_is_published_and_it_is_told(site):
    config, store, writer = site
    embeds = trusting(now=NOW + HOUR)
    by = Signing(embeds=trust.Trust(embeds.state, embeds.published, None, "no working key is certified"))
    done = run(config, store, writer, NOW + HOUR, by=by)
    assert "embeds" not in json.loads(writer.files["heartbeat.json"])
    assert "without signatures, for no working key is certified" in done.notes


def test_given_up_embeds_show_nothing_anywhere(site):
    config, store, writer = site
    run(config, store, writer, NOW + HOUR, by=Signing(embeds=trusting(off=(trust.ALL,), now=NOW + HOUR)))
    payloads = [path for path in writer.files if addresses.shelf_of_payload(path)]
    assert payloads and all(json.loads(writer.files[path])["stories"] == [] for path in payloads)
    frames = [path for path in writer.files if path.startswith("embed/latest/") and path.endswith(".html")]
    assert frames and not any(b"/tin/" in writer.files[path] for path in frames)
    assert "embeds" not in json.loads(writer.files["heartbeat.json"])


def test_the_end_of_the_state_is_told_once_a_day(site):
    config, store, writer = site
    late = NOW + timedelta(days=330)
    assert any("the state of the embeds ends" in note for note in run(config, store, writer, late, by=BY).notes)
    assert run(config, store, writer, late + MINUTE, by=BY).notes == ()
