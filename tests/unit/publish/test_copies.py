"""Compressed copies: the same bytes again, never another text than the file's, gone with it, whatever is killed."""

import random
import zlib
from argparse import Namespace
from dataclasses import replace
from datetime import timedelta

import brotli
import pytest

from aggregator.cli import wiring
from aggregator.errors import ConfigError
from aggregator.model import Artifact
from aggregator.publish import addresses, copies, proof
from aggregator.publish.cycle import publish
from aggregator.publish.signing import UNSIGNED
from aggregator.publish.status import report
from tests import make_site
from tests.fakes_publish import FakeStore, Killed, MemoryWriter
from tests.make import NOW
from tests.make_signed import ONE_KEY, MemoryPlace
from tests.unit.publish.test_cycle import a_new_story, gone

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
BOTH = ("gzip", "brotli")
LONG = b"<p>Ti\xc3\xaam ch\xe1\xbb\xa7ng</p>\n" * 200


def config(*forms):
    made = make_site.config()
    return made.model_copy(update={"site": made.site.model_copy(update={"compress": forms})})


def run(of, store, writer, now=NOW, by=ONE_KEY, **more):
    return publish(of, store, writer, now, status=report(of, {}, now), signing=by, **more)


def built(*forms, by=ONE_KEY):
    of, store, writer = config(*forms), FakeStore(*make_site.stories()), MemoryWriter()
    run(of, store, writer, by=by)
    return of, store, writer


def told(name, content):
    return zlib.decompress(content, 31) if name.endswith(".gz") else brotli.decompress(content)


def false_copies(files):
    """Copies that say something else than the file beside them, or stand alone."""
    found = {name: addresses.without_copy(name) for name in files}
    return [name for name, file in found.items() if file != name and told(name, files[name]) != files.get(file)]


def steady(files):
    return {name: content for name, content in files.items() if name not in addresses.BUSY and "log/" not in name}


def corrected(story, title="Tiêu đề đã sửa"):
    first, *others = story.tellings
    return replace(story, tellings=(replace(first, article=replace(first.article, title=title)), *others))


def test_every_text_of_some_size_has_both_copies_and_no_other_file_has_one():
    _, store, writer = built(*BOTH)
    with_copies = {name for name in writer.files if f"{name}.gz" in writer.files and f"{name}.br" in writer.files}
    assert {"index.html", "feed/all.atom", "embed/latest/all.json", "opml.xml"} <= with_copies
    assert {name for name in writer.files if name.endswith((".css", ".js")) and len(writer.files[name]) > 1000} <= (
        with_copies
    )
    assert not with_copies & {"trang-thai/index.html", "heartbeat.json"}
    assert not any(name.startswith("log/") or name.endswith(".sig") for name in with_copies)
    assert all(len(writer.files[name]) >= copies.LEAST for name in with_copies)
    assert false_copies(writer.files) == []
    assert {name for name in writer.files if not name.startswith("log/")} == set(store.all_pages())


def test_a_site_without_the_setting_has_no_copy():
    _, _, writer = built()
    assert [name for name in writer.files if addresses.without_copy(name) != name] == []


@pytest.mark.parametrize("form", BOTH)
def test_a_copy_has_no_time_and_no_name_within_and_is_the_same_again(form):
    first, second = (next(copies.made(Artifact(path, LONG), (form,))).content for path in ("a.html", "b/c.html"))
    assert first == second and len(first) < len(LONG) / 5
    if form == "gzip":
        assert first[4:8] == bytes(4) and first[3] == 0  # RFC 1952: MTIME, FLG


def test_many_small_publishes_and_one_full_give_the_same_copies():
    small, small_writer = FakeStore(), MemoryWriter()
    for story in reversed(make_site.stories()):
        small.put(story)
        run(config(*BOTH), small, small_writer)
    _, _, whole = built(*BOTH)
    assert steady(small_writer.files) == steady(whole.files)
    run(config(*BOTH), small, small_writer, NOW + MINUTE, full=True)
    assert steady(small_writer.files) == steady(whole.files)


def test_an_idle_run_and_a_full_rebuild_write_no_copy_again():
    of, store, writer = built(*BOTH)
    for minutes, full in ((1, False), (2, True)):
        done = run(of, store, writer, NOW + minutes * MINUTE, full=full)
        assert set(done.written) == addresses.BUSY and done.removed == ()


def test_the_log_names_no_copy_and_no_copy_is_signed():
    _, _, plain = built()
    _, _, writer = built(*BOTH)
    assert {name: plain.files[name] for name in plain.files} == {
        name: content for name, content in writer.files.items() if addresses.without_copy(name) == name
    }
    assert proof.check_site(MemoryPlace(writer.files), ONE_KEY.keys, NOW).faults == []


def test_turned_off_the_copies_go_and_turned_on_they_come_though_no_page_changed():
    _, store, writer = built(*BOTH)
    _, _, plain = built()
    done = run(config(), store, writer, NOW)
    assert steady(writer.files) == steady(plain.files)
    assert set(done.removed) == {name for name in done.removed if addresses.without_copy(name) != name} != set()
    done = run(config("gzip"), store, writer, NOW + MINUTE)
    assert {name for name in done.written if not name.endswith(".gz")} == addresses.BUSY
    assert false_copies(writer.files) == [] and "index.html.gz" in writer.files


def test_a_file_that_became_small_loses_its_copies():
    of, store, writer = built(*BOTH)
    name = "search/places.json"
    store.published_pages[name] = "older"
    writer.files |= {name: LONG, f"{name}.gz": b"old", f"{name}.br": b"old"}
    done = run(of, store, writer, NOW + MINUTE, full=True)
    assert name in done.written and f"{name}.gz" not in writer.files and f"{name}.br" not in writer.files


def test_a_copy_that_vanished_comes_back_with_a_full_rebuild():
    of, store, writer = built(*BOTH)
    before = steady(writer.files)
    writer.files.pop("index.html.br")
    run(of, store, writer, NOW + MINUTE, full=True)
    assert steady(writer.files) == before


def test_what_goes_takes_its_copies_along_and_they_go_first():
    of, store, writer = built(*BOTH)
    for name in ("cu/trang.html", "tin/2020/01/cu-000000000000.html"):
        writer.files |= {name: LONG, f"{name}.gz": b"old", f"{name}.br": b"old"}
        store.published_pages |= dict.fromkeys((name, f"{name}.gz", f"{name}.br"), "old")
    done = run(of, store, writer, NOW + MINUTE, full=True)
    assert list(done.removed) == [
        f"{name}{end}" for name in ("cu/trang.html", "tin/2020/01/cu-000000000000.html") for end in (".br", ".gz", "")
    ]
    assert false_copies(writer.files) == []


def a_busy_publish(of, store, writer, now=NOW + MINUTE):
    store.put(a_new_story())
    store.put(gone(make_site.stories()[3]))
    store.put(corrected(make_site.stories()[4]))
    run(of, store, writer, now)


def counted():
    of, store, writer = built(*BOTH)
    before = len(writer.log)
    a_busy_publish(of, store, writer)
    return len(writer.log) - before


STEPS = counted()
SOME = sorted({0, 1, 2, STEPS - 1, *random.Random(6).sample(range(STEPS), 16)})


@pytest.mark.parametrize("step", SOME)
def test_killed_anywhere_no_copy_tells_what_its_file_does_not_and_the_next_publish_ends_it(step):
    of, store, writer = built(*BOTH)
    writer.dies_after = step
    with pytest.raises(Killed):
        a_busy_publish(of, store, writer)
    assert false_copies(writer.files) == []
    writer.dies_after = None
    run(of, store, writer, NOW + MINUTE)
    _, whole_store, whole = built(*BOTH)
    a_busy_publish(of, whole_store, whole)
    assert steady(writer.files) == steady(whole.files)
    assert steady(store.all_pages()) == steady(whole_store.all_pages())
    assert proof.check_site(MemoryPlace(writer.files), ONE_KEY.keys, NOW + MINUTE).faults == []


def test_the_steps_that_are_killed_take_copies_away_and_write_them():
    of, store, writer = built(*BOTH)
    start = len(writer.log)
    a_busy_publish(of, store, writer)
    log = writer.log[start:]
    home = [(what, name) for what, name in log if addresses.without_copy(name) == "index.html"]
    assert home == [
        ("remove", "index.html.br"), ("remove", "index.html.gz"), ("write", "index.html"),
        ("write", "index.html.br"), ("write", "index.html.gz"),
    ]  # fmt: skip
    assert len(log) > 100


@pytest.mark.parametrize("forms", [(), BOTH])
@pytest.mark.parametrize("step", [1, 5, 10, 15, 20, 25, 30, 35])
def test_what_a_killed_publish_wrote_and_the_next_takes_back_is_not_left_behind(forms, step):
    of, store, writer = built(*forms, by=UNSIGNED)
    before = steady(writer.files)
    story = make_site.stories()[4]
    writer.dies_after = step
    store.put(corrected(story))
    with pytest.raises(Killed):
        run(of, store, writer, NOW + MINUTE, by=UNSIGNED)
    assert steady(writer.files) != before
    writer.dies_after = None
    store.put(story)
    run(of, store, writer, NOW + MINUTE, by=UNSIGNED)
    assert steady(writer.files) == before


@pytest.mark.parametrize("step", [0, 1, 2, 7, 30])
def test_turning_on_that_is_killed_is_finished_by_the_next_publish(step):
    _, store, writer = built()
    writer.dies_after = step
    with pytest.raises(Killed):
        run(config(*BOTH), store, writer, NOW)
    assert false_copies(writer.files) == []
    writer.dies_after = None
    run(config(*BOTH), store, writer, NOW)
    _, whole_store, whole = built(*BOTH)
    assert steady(writer.files) == steady(whole.files)
    assert steady(store.all_pages()) == steady(whole_store.all_pages())


@pytest.mark.parametrize("step", [1, 3, 6, 9, 12, 20])
def test_a_copy_of_a_killed_publish_does_not_outlive_the_setting(step):
    of, store, writer = built(*BOTH)
    writer.dies_after = step
    with pytest.raises(Killed):
        a_busy_publish(of, store, writer)
    writer.dies_after = None
    run(config(), store, writer, NOW + MINUTE)
    assert [name for name in writer.files if addresses.without_copy(name) != name] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda content: zlib.compress(b"another text", 9, 31), "holds something else"),
        (lambda content: content[:-9], "holds something else"),
        (lambda content: content + zlib.compress(b"more", 9, 31), "holds something else"),
        (lambda content: b"", "holds something else"),
        (lambda content: zlib.compress(bytes(50_000_000), 9, 31), "holds something else"),
    ],
    ids=["another", "cut", "longer", "empty", "bomb"],
)
def test_verifying_a_folder_names_a_copy_that_says_something_else(change, said):
    _, _, writer = built(*BOTH)
    writer.files["index.html.gz"] = change(writer.files["index.html.gz"])
    writer.files["feed/all.atom.br"] = brotli.compress(bytes(50_000_000), quality=5)
    found = proof.check_site(MemoryPlace(writer.files), ONE_KEY.keys, NOW).faults
    assert found == [
        "feed/all.atom.br: holds something else than the file that it is a copy of",
        f"index.html.gz: {said} than the file that it is a copy of",
    ]


def test_verifying_a_folder_names_a_copy_without_its_file():
    _, _, writer = built(*BOTH)
    writer.files["tin/x.html.gz"] = b"x"
    found = proof.check_site(MemoryPlace(writer.files), ONE_KEY.keys, NOW).faults
    assert found == ["tin/x.html.gz: is a copy of a file that is missing"]


def test_brotli_asked_for_and_not_installed_is_told_before_anything_is_done(tmp_path, monkeypatch):
    file = tmp_path / "sources.yaml"
    file.write_text("version: 1\nsources: []\nsite: {compress: [gzip, brotli]}\n")
    arguments = Namespace(config=file, database="", output="")
    assert wiring.load(arguments).site.compress == BOTH
    monkeypatch.setattr(wiring, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"site.compress: brotli is not installed: pip install"):
        wiring.load(arguments)
