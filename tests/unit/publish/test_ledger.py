import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.publish import addresses, proof
from aggregator.publish.signing import Signing
from tests import make_site
from tests.fakes_publish import FakeStore, Killed, MemoryWriter
from tests.make import NOW
from tests.make_signed import FIRST, ONE_KEY, ROTATED, MemoryPlace, run
from tests.unit.publish.test_cycle import a_new_story, gone

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
IDLE = {"trang-thai/index.html", "heartbeat.json"}
LOG = "log/2026-10-20.jsonl"
UNUSABLE = Signing(ONE_KEY.keys, None, "var/keys/x.pem: the private key is missing")


def checked(writer, keys=ONE_KEY.keys, now=NOW):
    return proof.check_site(MemoryPlace(writer.files), keys, now)


def log(writer):
    names = sorted(name for name in writer.files if name.startswith("log/"))
    return [json.loads(line) for name in names for line in writer.files[name].splitlines()]


@pytest.fixture
def site():
    config, store, writer = make_site.config(), FakeStore(*make_site.stories()), MemoryWriter()
    run(config, store, writer)
    return config, store, writer


def test_a_signed_site_holds_and_every_bulletin_feed_and_payload_has_its_signature(site):
    _, _, writer = site
    assert checked(writer).faults == []
    kinds = ("feed/", "embed/latest/", "ngay/2026-")
    expected = {name for name in writer.files if name.startswith(kinds) and not name.endswith(".sig")} | IDLE
    assert {f"{name}.sig" for name in expected} == {name for name in writer.files if name.endswith(".sig")}


def test_an_idle_run_appends_nothing_and_rewrites_no_signature_but_those_of_its_own_two_files(site):
    config, store, writer = site
    before = dict(writer.files)
    done = run(config, store, writer, NOW + MINUTE)
    assert set(done.written) == IDLE | {f"{name}.sig" for name in IDLE}
    assert writer.files[LOG] == before[LOG]
    assert checked(writer, now=NOW + MINUTE).faults == []


def test_a_new_story_is_one_line_that_names_what_was_written(site):
    config, store, writer = site
    seen = len(log(writer))
    store.put(a_new_story())
    done = run(config, store, writer, NOW + MINUTE)
    (line,) = log(writer)[seen:]
    logged = {addresses.logged(path) for path in done.written if addresses.is_logged(path)}
    assert set(line["written"]) == logged and line["removed"] == []
    assert line["time"] == "2026-10-20T10:01:00+07:00"
    digest = hashlib.sha256(writer.files["feed/all.atom"]).hexdigest()
    assert line["written"]["feed/all.atom"] == digest


def test_a_file_that_vanished_and_came_back_is_no_news_to_the_log(site):
    config, store, writer = site
    seen = writer.files[LOG]
    writer.files.pop("feed/all.atom")
    assert checked(writer).faults[-1].startswith("feed/all.atom: is missing")
    run(config, store, writer, NOW + MINUTE, full=True)
    assert writer.files[LOG] == seen
    assert checked(writer, now=NOW + MINUTE).faults == []


def test_a_withdrawn_story_is_named_as_withdrawn(site):
    config, store, writer = site
    story = make_site.stories()[0]
    store.put(gone(story))
    run(config, store, writer, NOW + MINUTE)
    page = addresses.logged(store.paths[story.id])
    assert log(writer)[-1]["withdrawn"] == {page: "withdrawn"}
    store.put(gone(make_site.stories()[1], "suspended"))
    run(config, store, writer, NOW + 2 * MINUTE)
    assert list(log(writer)[-1]["withdrawn"].values()) == ["suspended"]


def test_an_old_file_of_the_log_never_changes(site):
    config, store, writer = site
    before = writer.files[LOG]
    store.put(a_new_story())
    run(config, store, writer, NOW + DAY)
    assert writer.files[LOG] == before
    assert log(writer)[-1]["before"] == LOG
    store.put(a_new_story("z00000000002"))
    run(config, store, writer, NOW - DAY)  # the clock jumped back
    assert writer.files[LOG] == before and "log/2026-10-19.jsonl" not in writer.files
    assert checked(writer, now=NOW - DAY).faults == []


def steps_of(work):
    config, store, writer = make_site.config(), FakeStore(*make_site.stories()), MemoryWriter()
    run(config, store, writer)
    writer.log.clear()
    work(config, store, writer)
    return [what for what, _ in writer.log]


def a_busy_publish(config, store, writer, now=NOW + MINUTE):
    store.put(a_new_story())
    store.put(gone(make_site.stories()[3]))
    run(config, store, writer, now)


STEPS = steps_of(a_busy_publish)


def test_the_log_comes_after_the_pages_and_before_the_heartbeat():
    assert STEPS.count("append") == 1
    assert STEPS[-3:] == ["append", "write", "write"]


@pytest.mark.parametrize("step", range(len(STEPS)))
def test_killed_anywhere_the_next_publish_leaves_a_log_that_holds_and_names_everything(step):
    config, store, writer = make_site.config(), FakeStore(*make_site.stories()), MemoryWriter()
    run(config, store, writer)
    writer.dies_after = step
    with pytest.raises(Killed):
        a_busy_publish(config, store, writer)
    writer.dies_after = None
    done = run(config, store, writer, NOW + DAY)
    assert checked(writer, now=NOW + DAY).faults == []
    assert sum(len(line["withdrawn"]) for line in log(writer)) == 1
    torn = STEPS[step] == "append"
    assert any("that a killed publish left were taken away" in note for note in done.notes) == torn


def test_a_kill_after_the_line_and_before_its_note_writes_no_second_line(site):
    config, store, writer = site
    store.put(a_new_story())
    published = store.published

    def dies(written, removed, done, memo):
        if "log-head" in memo:
            raise Killed
        published(written, removed, done, memo)

    store.published = dies
    with pytest.raises(Killed):
        run(config, store, writer, NOW + MINUTE)
    seen = len(log(writer))
    store.published = published
    run(config, store, writer, NOW + 2 * MINUTE)
    assert len(log(writer)) == seen
    assert checked(writer, now=NOW + 2 * MINUTE).faults == []


def test_a_torn_first_line_of_a_day_is_mended_and_loses_no_line(site):
    config, store, writer = site
    writer.files["log/2026-10-21.jsonl"] = b'{"algorithm":"ed'
    store.put(a_new_story())
    done = run(config, store, writer, NOW + DAY)
    assert done.notes == ("log/2026-10-21.jsonl: 16 bytes of a line that a killed publish left were taken away",)
    assert checked(writer, now=NOW + DAY).faults == []


def test_a_log_that_was_lost_goes_on_and_says_what_is_missing(site):
    config, store, writer = site
    store.put(a_new_story())
    run(config, store, writer, NOW + DAY)
    last = log(writer)[-1]["seq"]
    writer.files.pop("log/2026-10-21.jsonl")
    assert any(f"line {last} of the log missing" in fault for fault in checked(writer, now=NOW + DAY).faults)
    store.put(a_new_story("z00000000002"))
    done = run(config, store, writer, NOW + DAY + MINUTE)
    assert any("1 lines before" in note for note in done.notes)
    assert checked(writer, now=NOW + DAY).notes == [f"line {last}: lost by the publisher, who says so"]


def test_an_older_database_put_back_cuts_no_line_off(site):
    config, store, writer = site
    notes = dict(store.notes)
    store.put(a_new_story())
    run(config, store, writer, NOW + MINUTE)
    before = writer.files[LOG]
    store.notes = notes
    store.put(a_new_story("z00000000002"))
    run(config, store, writer, NOW + 2 * MINUTE)
    assert writer.files[LOG].startswith(before) and len(writer.files[LOG]) > len(before)
    assert checked(writer, now=NOW + MINUTE).faults == []


def test_a_site_that_gets_its_first_key_is_signed_and_logged_as_it_stands():
    config, store, writer = make_site.config(), FakeStore(*make_site.stories()), MemoryWriter()
    run(config, store, writer, by=Signing())
    assert not any(name.endswith((".sig", ".jsonl")) or name == "keys.json" for name in writer.files)
    before = {name: content for name, content in writer.files.items() if name not in IDLE}
    run(config, store, writer, NOW + MINUTE)
    assert {name: writer.files[name] for name in before} == before
    assert checked(writer, now=NOW + MINUTE).faults == []


def test_a_new_key_signs_everything_again_and_rewrites_no_page(site):
    config, store, writer = site
    done = run(config, store, writer, NOW + MINUTE, by=ROTATED)
    assert {path for path in done.written if not path.endswith(".sig")} == {"keys.json"} | IDLE
    assert checked(writer, ROTATED.keys, NOW + MINUTE).faults == []
    assert checked(writer, [FIRST.key], NOW + MINUTE).faults == []  # who saved the first key


def test_a_rotation_killed_half_way_is_finished_by_the_next_publish(site):
    config, store, writer = site
    for step in (0, 1, 5, 30):
        writer.dies_after = step
        with pytest.raises(Killed):
            run(config, store, writer, NOW + MINUTE, by=ROTATED)
    writer.dies_after = None
    run(config, store, writer, NOW + MINUTE, by=ROTATED)
    assert checked(writer, [FIRST.key], NOW + MINUTE).faults == []


def test_a_key_that_is_gone_leaves_no_signature_beside_what_it_did_not_sign(site):
    config, store, writer = site
    store.put(a_new_story())
    done = run(config, store, writer, NOW + MINUTE, by=UNUSABLE)
    assert done.notes == ("without signatures, for var/keys/x.pem: the private key is missing",)
    assert "feed/all.atom.sig" not in writer.files and "heartbeat.json.sig" not in writer.files
    assert "feed/disease/tay-chan-mieng.atom.sig" in writer.files  # it did not change
    faults = checked(writer, now=NOW + MINUTE).faults
    assert "feed/all.atom: has no signature beside it" in faults
    run(config, store, writer, NOW + 2 * MINUTE)
    assert checked(writer, now=NOW + 2 * MINUTE).faults == []


@pytest.mark.parametrize("name", ["feed/all.atom", "embed/latest/all.json", "index.html", "trang-thai/index.html"])
def test_a_changed_file_is_named(site, name):
    _, _, writer = site
    writer.files[name] = writer.files[name][:-1] + b" "
    assert any(fault.startswith(f"{name}: ") for fault in checked(writer).faults)


def test_a_removed_and_an_added_file_are_named(site):
    _, _, writer = site
    writer.files.pop("gioi-thieu/index.html")
    writer.files["tin/la.html"] = b"x"
    faults = checked(writer).faults
    assert faults[0] == "tin/la.html: is not in the publication log"
    assert faults[1].startswith("gioi-thieu/index.html: is missing; line 1 of the log published it")


def test_an_older_file_put_back_with_its_signature_is_named_against_the_log(site):
    config, store, writer = site
    old = {name: writer.files[name] for name in ("feed/all.atom", "feed/all.atom.sig")}
    store.put(a_new_story())
    run(config, store, writer, NOW + MINUTE)
    writer.files |= old
    (fault,) = checked(writer, now=NOW + MINUTE).faults
    assert fault.startswith(
        "feed/all.atom: is an older copy, of line 1 of the log (2026-10-20T10:00:00+07:00); replaced"
    )
    place = MemoryPlace(writer.files)
    found = proof.check_file("feed/all.atom", *old.values(), ONE_KEY.keys, place, NOW + MINUTE)
    assert found.faults == [fault]


def test_a_whole_older_site_put_back_has_expired(site):
    _, _, writer = site
    assert checked(writer, now=NOW + timedelta(hours=3)).faults == []
    (fault,) = checked(writer, now=NOW + timedelta(hours=3, seconds=1)).faults
    assert fault.startswith("heartbeat.json: was valid until 2026-10-20T13:00:00+07:00: an old copy")


def test_a_log_cut_short_is_named_by_the_heartbeat(site):
    config, store, writer = site
    lines = writer.files[LOG]
    store.put(a_new_story())
    run(config, store, writer, NOW + MINUTE)
    writer.files[LOG] = lines
    faults = checked(writer, now=NOW + MINUTE).faults
    assert any("of the log missing; the heartbeat names line" in fault for fault in faults)


def test_a_file_that_was_signed_for_another_place_is_named(site):
    _, _, writer = site
    for end in ("", ".sig"):
        writer.files[f"feed/all.rss{end}"] = writer.files[f"feed/source/moh.rss{end}"]
    assert any("was signed as feed/source/moh.rss" in fault for fault in checked(writer).faults)


def test_one_file_is_held_against_a_log_that_named_it_days_ago(site):
    config, store, writer = site
    for day in range(1, 4):
        story = a_new_story(f"z0000000000{day}")
        store.put(replace(story, tellings=tuple(replace(one, tags=()) for one in story.tellings)))
        run(config, store, writer, NOW + day * DAY)
    place = MemoryPlace(writer.files)
    name = "feed/disease/tay-chan-mieng.atom"
    found = proof.check_file(name, place.files[name], place.files[f"{name}.sig"], ONE_KEY.keys, place, NOW + 3 * DAY)
    assert found.faults == []
    assert any("as published last, by line 1 of the log" in good for good in found.good)
