"""Signatures and the publication log on the whole line: corrections, withdrawals and rotation under a stepped clock."""

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.cli.verify import Folder
from aggregator.publish import addresses, keyring, proof
from aggregator.publish.signing import Key
from tests.line import Line

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TOMBSTONE = "Tin này không còn được đăng"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """The default world after its first signed run: for looking only."""
    with Line(tmp_path_factory.mktemp("signed")) as line:
        keyring.add(line.folder / "keys", b"k" * 32, line.now)
        line.run()
        yield line


@pytest.fixture
def line(first: Line, tmp_path: Path) -> Iterator[Line]:
    """A copy of it, to go on from."""
    shutil.copytree(first.folder, tmp_path / "line")
    with Line(tmp_path / "line") as copy:
        yield copy


def keys(line: Line) -> tuple[Key, ...]:
    return keyring.ring(line.folder / "keys")


def faults(line: Line, held: tuple[Key, ...]) -> list[str]:
    return proof.check_site(Folder(line.output), held, line.now).faults


def log(line: Line) -> list[dict[str, Any]]:
    files = sorted((line.output / "log").glob("*.jsonl"))
    return [json.loads(row) for file in files for row in file.read_text().splitlines()]


def withdrawn(line: Line) -> set[str]:
    """Ids of the stories that the log tells as gone, by the last line that names their page."""
    last = {name: name in row["withdrawn"] for row in log(line) for name in row["written"]}
    return {addresses.story_of(name) for name, gone in last.items() if gone}


def test_the_demo_signs_every_bulletin_feed_and_payload_and_holds(first: Line) -> None:
    names = set(first.files())
    assert faults(first, keys(first)) == []
    assert {f"{name}.sig" for name in names if addresses.is_signed(name)} <= names
    assert not any(addresses.is_signed(name) for name in names if name.startswith(("tin/", "assets/", "log/")))


def test_an_idle_run_changes_no_signature_of_a_file_that_did_not_change(line: Line) -> None:
    before = line.files()
    line.run(step=20 * MINUTE)
    own = {"heartbeat.json.sig", "trang-thai/index.html.sig"}
    assert {name for name, content in line.files().items() if before.get(name) != content} <= own
    assert faults(line, keys(line)) == []


def test_weeks_of_corrections_withdrawals_and_a_rotation_leave_a_log_that_tells_them(line: Line) -> None:
    held = keys(line)
    for step in range(8):
        if step == 4:
            keyring.add(line.folder / "keys", b"l" * 32, line.now)
        line.run(step=9 * HOUR)
        assert faults(line, held) == []  # the first key is enough
    pages = {name: content.decode() for name, content in line.files().items() if name.startswith("tin/")}
    tombstones = {addresses.story_of(name) for name, page in pages.items() if TOMBSTONE in page}
    assert withdrawn(line) == tombstones != set()
    assert len(list((line.output / "log").iterdir())) >= 3
    assert {row["key"] for row in log(line)} == {key.id for key in keys(line)}


@pytest.mark.slow
def test_two_installations_with_one_key_sign_the_same_bytes(first: Line, tmp_path: Path) -> None:
    own = {"heartbeat.json.sig", "trang-thai/index.html.sig"}
    with Line(tmp_path) as other:
        keyring.add(other.folder / "keys", b"k" * 32, other.now)
        other.run()
        mine, theirs = first.files(), other.files()
    assert {name: mine[name] for name in mine if name not in own} == {
        name: theirs[name] for name in theirs if name not in own
    }
