"""A fault of the store or the output: exit 3, told in one line, and output/ is still the last good one."""

import os
import resource
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.house import ARTICLES, IDLE, NOW, Done, House, tree

LATER = NOW + timedelta(hours=2)


def anew(house: House) -> None:
    """Change what every page shows, so that the next run has all of them to write."""
    house.settings["site"]["name"] = "Bản tin mang tên mới"
    house.write()


def told(done: Done, *words: str) -> bool:
    """Whether it is exit 3 in one line that holds the words."""
    one_line = done.err.startswith("aggregator: ") and done.err.count("\n") == 1
    return (done.code, done.out) == (3, "") and one_line and all(word in done.err for word in words)


# --- the database


@pytest.mark.slow
@pytest.mark.parametrize("lock", ["BEGIN EXCLUSIVE", "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE"])
def test_a_locked_database_leaves_the_output_as_it_was(used: House, lock: str) -> None:
    anew(used)
    before = tree(used.output)
    with closing(sqlite3.connect(used.database, isolation_level=None)) as other:
        for statement in lock.split("; "):
            other.execute(statement)
        done = used.run("--force")
    assert told(done, "aggregator.db", "it is locked", "then run again")
    assert tree(used.output) == before
    assert used.run("--force").code == 0


def test_a_file_that_is_no_database_is_named(used: House) -> None:
    before = tree(used.output)
    used.database.write_bytes(b"no database at all, for sure. " * 100)
    assert told(used.run("--force"), "aggregator.db", "no SQLite database", "restore a backup")
    assert tree(used.output) == before and used.sites.requests == []


def test_a_damaged_database_is_named(used: House) -> None:
    before = tree(used.output)
    raw = used.database.read_bytes()
    used.database.write_bytes(raw[:4096] + b"\xff" * (len(raw) - 4096))
    assert told(used.run("--force"), "aggregator.db", "damaged")
    assert tree(used.output) == before


@pytest.mark.parametrize("place", ["sqlite:////proc/none/a.db", "sqlite:////dev/null/a.db"])
def test_a_database_that_cannot_be_made_is_named_with_what_to_do(house: House, place: str) -> None:
    done = house.run("--database", place)
    assert told(done, place.removeprefix("sqlite:///").rpartition("/")[0])
    assert house.sites.requests == [] and not house.output.exists()


def test_a_database_url_of_no_known_kind_is_refused(house: House) -> None:
    assert told(house.run("--database", "mysql://u:geheim@h/db"), "mysql", "sqlite:///")
    assert "geheim" not in house.run("--database", "mysql://u:geheim@h/db").err
    assert told(house.run("--database", "here.db"), "here.db", "sqlite:///")


# --- the output


def test_a_file_in_the_place_of_the_output_is_named(house: House) -> None:
    house.output.write_text("not a folder")
    assert told(house.run(), str(house.output), "cannot be written")
    assert house.output.read_text() == "not a folder"
    house.output.unlink()
    assert house.run().code == 0
    assert house.titles() == {article.title for article in ARTICLES}


def test_a_file_in_the_place_of_a_folder_of_the_output_leaves_every_other_file_whole(used: House) -> None:
    shutil.rmtree(used.output / "nhung")
    (used.output / "nhung").write_text("in the way")
    anew(used)
    before = tree(used.output)
    assert told(used.run(), str(used.output / "nhung"), "cannot be written")
    now = tree(used.output)
    assert now.keys() == before.keys() and whole(now)
    (used.output / "nhung").unlink()
    assert used.run().code == 0


def whole(files: dict[str, bytes]) -> bool:
    """Whether every page ends where a page ends, and nothing unfinished lies about."""
    pages = [content for name, content in files.items() if name.endswith(".html") and content.startswith(b"<!")]
    return all(page.rstrip().endswith(b"</html>") for page in pages) and not any(".unfinished" in n for n in files)


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        (
            "site/story.html",
            "{% extends 'parts/base.html' %}\n\n{% block main %}\n{{ view.title }\n",
            "site/story.html:4",
        ),
        ("site/status.html", "{% extends 'parts/base.html' %}\n{% blok main %}\n", "site/status.html:2"),
        ("parts/base.html", "<!doctype html>\n<html>\n{% if %}\n", "parts/base.html:3"),
        ("site/home.html", "<p>one</p>\n<p>{{ there.is.none }}</p>\n", "site/home.html:2"),
        ("site/home.html", "<p>one</p>\n<p>{{ 1 / 0 }}</p>\n", "site/home.html"),
        ("feeds/feed.css", "{{ nothing }", "feeds/feed.css:1"),
    ],
)
def test_a_broken_template_is_named_with_its_line_and_nothing_is_published(
    used: House, name: str, text: str, line: str
) -> None:
    before = tree(used.output)
    path = used.folder / "mau" / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    used.settings["templates"] = "mau"
    used.write()
    assert told(used.run("--force"), line, "nothing was published")
    assert tree(used.output) == before


@pytest.mark.parametrize("name", ["site/story.html", "embeds/latest.html"])
def test_a_template_that_names_what_there_is_not_leaves_the_output_as_it_was(used: House, name: str) -> None:
    before = tree(used.output)
    path = used.folder / "mau" / name
    path.parent.mkdir(parents=True)
    path.write_text("<p>one</p>\n<p>{{ there.is.no.such.thing }}</p>\n", encoding="utf-8")
    used.settings["templates"] = "mau"
    used.write()
    assert told(used.run("--force"), f"{name}:2", "there", "nothing was published")
    assert tree(used.output) == before


def test_when_the_template_is_mended_the_next_run_publishes(used: House) -> None:
    path = used.folder / "mau/site/about.html"
    path.parent.mkdir(parents=True)
    path.write_text("{% if %}", encoding="utf-8")
    used.settings["templates"] = "mau"
    used.write()
    assert used.run("--force").code == 3
    path.write_text("<p>Trang của đơn vị</p>", encoding="utf-8")
    assert used.run("--force").code == 0
    assert (used.output / "gioi-thieu/index.html").read_text(encoding="utf-8") == "<p>Trang của đơn vị</p>"


def test_a_folder_of_templates_that_is_not_there_is_named(used: House) -> None:
    before = tree(used.output)
    used.settings["templates"] = "mau-cu"
    used.write()
    done = used.run("--force")
    assert (done.code, done.out) == (2, "") and "mau-cu is no folder" in done.err and done.err.count("\n") == 1
    assert tree(used.output) == before


# --- a disk that is full


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[None]:
    """A tmpfs of that size at the place. Only root may mount; in CI it must."""
    place.mkdir(parents=True, exist_ok=True)
    mounted = os.geteuid() == 0 and not subprocess.call(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], stderr=subprocess.DEVNULL
    )
    if not mounted:
        if os.environ.get("CI"):
            pytest.fail("a small disk cannot be mounted here")
        pytest.skip("only root can mount a small disk")
    try:
        yield
    finally:
        subprocess.check_call(["umount", "-l", str(place)])


def test_a_full_disk_under_the_database_leaves_the_output_as_it_was(house: House) -> None:
    with small_disk(house.folder / "var", "350k"):
        assert told(house.run(), str(house.folder / "var"), "space")
        assert not (house.output / "index.html").exists()
        before = tree(house.output)
        assert told(house.run(), str(house.folder / "var"), "space")
        assert tree(house.output) == before
    assert house.run().code == 0
    assert house.titles() == {article.title for article in ARTICLES}


def test_a_full_disk_under_the_output_leaves_every_file_whole(house: House) -> None:
    with small_disk(house.output, "1m"):
        assert told(house.run(), str(house.output), "No space left", "check space")
        files = tree(house.output)
        assert files and whole(files)
    assert house.run().code == 0
    assert house.titles() == {article.title for article in ARTICLES}


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """No file may grow beyond so many bytes: a full disk for those who may not mount one (EFBIG)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_database_that_cannot_grow_leaves_the_output_as_it_was(used: House) -> None:
    anew(used)
    before = tree(used.output)
    with no_file_beyond(20_000):
        done = used.run("--force")
    assert told(done, "aggregator.db")
    assert tree(used.output) == before


def test_an_output_that_cannot_grow_keeps_every_file_whole(used: House) -> None:
    anew(used)
    before = tree(used.output)
    big = max(len(content) for content in before.values())
    with no_file_beyond(big - 1):
        done = used.run()
    assert done.code == 3 and whole(tree(used.output))
    assert tree(used.output).keys() >= before.keys()


# --- a run that is killed


@pytest.fixture(scope="module")
def undisturbed(first: House) -> dict[str, bytes]:
    return first.files()


def _asked(number: int) -> Callable[[House], bool]:
    return lambda house: len(house.sites.requests) >= number


def _written(number: int) -> Callable[[House], bool]:
    return lambda house: sum(1 for path in house.output.rglob("*.html")) >= number


@pytest.mark.slow
@pytest.mark.parametrize(
    "reached",
    [_asked(1), _asked(4), _asked(8), _asked(12), _written(1), _written(20), _written(60)],
    ids=["1st request", "4th request", "8th request", "last request", "1st page", "20th page", "60th page"],
)
def test_a_killed_run_leaves_whole_files_and_the_next_one_converges(
    house: House, undisturbed: dict[str, bytes], reached: Callable[[House], bool]
) -> None:
    process = house.spawn("run", "--now", NOW.isoformat())
    while process.poll() is None and not reached(house):
        time.sleep(0.002)
    process.kill()
    process.communicate()
    assert reached(house)
    left = {name: content for name, content in tree(house.output).items() if ".unfinished" not in name}
    assert whole(left)
    assert {name: undisturbed[name] for name in left if name not in IDLE} == {
        name: content for name, content in left.items() if name not in IDLE
    }
    done = house.run("--force")
    assert (done.code, done.said) == (0, "")
    assert house.files() == undisturbed


@pytest.mark.slow
def test_killed_again_and_again_it_converges_all_the_same(house: House, undisturbed: dict[str, bytes]) -> None:
    for number in (2, 5, 9, 12):
        process = house.spawn("run", "--now", NOW.isoformat(), "--force")
        start = len(house.sites.requests)
        while process.poll() is None and len(house.sites.requests) < start + number:
            time.sleep(0.002)
        process.kill()
        process.communicate()
    assert house.run("--force").code == 0
    assert house.files() == undisturbed
