"""`aggregator demo`: the three sites replayed, one real run over them, the finished site."""

import json
import signal
import subprocess
import urllib.request
from pathlib import Path

import pytest

from aggregator.defaults import default_file
from tests.cli.house import IDLE, PROGRAM, Done, call, environment, tree

DEMO = "DỮ LIỆU MINH HOẠ"


def demo(folder: Path, *arguments: object) -> Done:
    return call("demo", "--once", "--folder", folder, *arguments)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """A folder in which the demo of August 2020, the smaller one, ran once."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, demo(folder, "--world", "2020-08")


def site(folder: Path, world: str = "2020-08") -> dict[str, bytes]:
    return {name: content for name, content in tree(folder / world / "output").items() if name not in IDLE}


@pytest.mark.slow
def test_the_demo_says_what_it_did_source_by_source(made: tuple[Path, Done]) -> None:
    folder, done = made
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert "The demo's clock reads 2020-08-" in lines[0]
    assert [line.split("  ")[0] for line in lines[1:4]] == ["Bộ Y tế", "Sức khỏe & Đời sống", "Sở Y tế Hà Nội"]
    assert all(" new " in line for line in lines[1:4])
    assert "new articles. " in lines[4] and str(folder) in lines[4]
    assert lines[5].startswith("The replayed sites answered ")
    index = site(folder)["index.html"].decode()
    assert DEMO in index and "Bluezone" in site(folder)["nhung/index.html"].decode()


@pytest.mark.slow
def test_a_second_demo_finds_nothing_new_and_rewrites_the_status_and_the_heartbeat_only(
    made: tuple[Path, Done],
) -> None:
    folder, _ = made
    before = site(folder)
    done = demo(folder, "--world", "2020-08")
    assert done.code == 0 and done.out.count("nothing new (") == 3
    assert "Nothing new. 2 files written, 0 removed" in done.out
    assert site(folder) == before


@pytest.mark.slow
def test_the_demo_touches_neither_the_output_nor_the_folder_it_is_started_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    live = default_file("sources.yaml").parent
    before = tree(live / "output"), tree(live / "var")
    assert demo(tmp_path / "demo", "--world", "2020-08").code == 0
    assert (tree(live / "output"), tree(live / "var")) == before
    assert list((tmp_path / "here").iterdir()) == []
    assert demo(Path("other"), "--world", "2020-08").code == 0
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["other"]


@pytest.mark.slow
def test_a_step_moves_the_demos_clock_for_good_and_reset_begins_again(tmp_path: Path) -> None:
    first = demo(tmp_path, "--world", "2020-08")
    started = _clock(first)
    stepped = demo(tmp_path, "--world", "2020-08", "--step", "2d")
    assert stepped.code == 0 and _clock(stepped)[:10] > started[:10]
    assert _clock(demo(tmp_path, "--world", "2020-08"))[:10] == _clock(stepped)[:10]
    again = demo(tmp_path, "--world", "2020-08", "--reset")
    assert _clock(again)[:10] == started[:10]
    assert [line for line in again.out.splitlines() if " new (" in line] == [
        line for line in first.out.splitlines() if " new (" in line
    ]


def _clock(done: Done) -> str:
    return done.out.partition("clock reads ")[2]


@pytest.mark.slow
def test_the_default_world_is_shown_on_loopback_until_it_is_interrupted(tmp_path: Path) -> None:
    line = [str(PROGRAM), "demo", "--folder", str(tmp_path), "--port", "0"]
    process = subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(), cwd=tmp_path
    )
    assert process.stdout is not None
    said = []
    for shown in process.stdout:
        said.append(shown)
        if shown.startswith("The site: "):
            break
    address = said[-1].split()[2]
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert DEMO in answer.read().decode()
    with urllib.request.urlopen(f"{address}heartbeat.json", timeout=10) as answer:
        assert json.loads(answer.read())["mode"] == "demo"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert "79 new articles" in "".join(said) or " new articles. " in "".join(said)


@pytest.mark.slow
def test_a_demo_beside_another_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    from filelock import FileLock

    (tmp_path / "2020-08").mkdir()
    with FileLock(tmp_path / "2020-08/run.lock"):
        assert demo(tmp_path, "--world", "2020-08").code == 75


def test_an_unknown_world_is_a_fault_of_usage_that_names_those_there_are(tmp_path: Path) -> None:
    done = demo(tmp_path / "demo", "--world", "2019")
    assert (done.code, done.out) == (2, "") and "there are 2020-08, default" in done.err
    assert not (tmp_path / "demo").exists()


def test_a_step_that_is_no_duration_is_a_fault_of_usage(tmp_path: Path) -> None:
    done = demo(tmp_path / "demo", "--step", "6 hourss")
    assert done.code == 2 and "--step '6 hourss' is not a duration" in done.err
    assert not (tmp_path / "demo").exists()


def test_a_clock_that_cannot_be_read_is_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "2020-08").mkdir()
    (tmp_path / "2020-08/clock.json").write_text("{}")
    done = demo(tmp_path, "--world", "2020-08")
    assert done.code == 1 and "clock.json: not a demo clock; begin again with --reset" in done.err


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = demo(tmp_path / "file", "--world", "2020-08")
    assert done.code == 3 and str(tmp_path / "file") in done.err and done.err.count("\n") == 1
