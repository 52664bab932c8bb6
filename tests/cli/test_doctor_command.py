"""`aggregator doctor` on real installations: sound ones, and each fault as an operator would have it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aggregator.cli.look import preview
from aggregator.demo.replay import Said
from tests.cli.house import MOH, NOW, Done, House

AT = ["--now", NOW.isoformat()]


@pytest.fixture
def tidy(used: House) -> House:
    """A house as `run` makes it: nobody else may look into its state."""
    return used


def doctor(house: House, *more: str) -> dict[str, list[tuple[str, str, str]]]:
    done = house.call("doctor", "--json", *AT, *more)
    found: dict[str, list[tuple[str, str, str]]] = {}
    for one in json.loads(done.out):
        found.setdefault(one["what"], []).append((one["verdict"], one["told"], one["todo"]))
    assert done.code == (1 if any(row[0] == "WRONG" for rows in found.values() for row in rows) else 0)
    return found


@contextmanager
def served(house: House) -> Iterator[None]:
    with preview(house.output, 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        house.settings["fetch"]["connect_to"]["bantin.example"] = f"http://127.0.0.1:{server.server_address[1]}"
        house.write()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def test_a_sound_house_has_nothing_wrong_but_its_bare_web_server(tidy: House) -> None:
    with served(tidy):
        found = doctor(tidy)
    wrong = {what for what, rows in found.items() if any(row[0] == "WRONG" for row in rows)}
    assert wrong <= {"web server", "clock"}  # the preview sends no policy; the replay's clock is that of the story
    assert found["moh"][0][0] == found["skds"][0][0] == found["soyte"][0][0] == "good"
    assert found["public site"][0][0] == "good"
    assert any("content-security-policy" in row[1] for row in found["web server"])


def test_what_a_person_reads_has_a_line_to_type_under_each_fault(tidy: House) -> None:
    (tidy.folder / "var").chmod(0o755)
    done = tidy.call("doctor", "--offline", *AT)
    assert done.code == 1
    lines = done.out.splitlines()
    at = next(index for index, line in enumerate(lines) if line.startswith("WRONG"))
    assert lines[at + 1].strip() == f"-> chmod 700 {tidy.folder / 'var'}"


def test_a_source_that_refuses_is_named_with_what_to_do(tidy: House) -> None:
    tidy.sites.instead[(MOH, "/")] = Said(403, b"<html>no</html>", "text/html")
    found = doctor(tidy)
    assert found["moh"][0][0] == "WRONG" and "blocked" in found["moh"][0][1] and "User-Agent" in found["moh"][0][2]
    assert found["skds"][0][0] == "good"


def test_offline_asks_nobody(tidy: House) -> None:
    before = len(tidy.sites.requests)
    found = doctor(tidy, "--offline")
    assert "moh" not in found and found["network"][0][0] == "note"
    assert len(tidy.sites.requests) == before


def test_a_configuration_that_cannot_be_read_is_a_finding(tidy: House) -> None:
    tidy.config.write_text("sources: [", encoding="utf-8")
    found = doctor(tidy)
    assert found["configuration"][0][0] == "WRONG" and "sources.yaml" in found["configuration"][0][1]


def test_a_damaged_database_and_a_key_that_others_read_are_findings(tidy: House) -> None:
    assert tidy.call("keys init", *AT).code == 0
    next((tidy.folder / "var/keys").glob("*.pem")).chmod(0o644)
    tidy.database.write_bytes(b"no database at all, but long enough to be looked at" * 100)
    found = doctor(tidy, "--offline")
    assert found["database"][0][0] == "WRONG" and found["keys"][0][0] == "WRONG"
    assert "chmod 600" in found["keys"][0][1]


def test_a_new_folder_is_told_to_run(room: Path, used: House) -> None:
    fresh = House(room / "fresh", used.sites)
    found = doctor(fresh, "--offline")
    assert found["runs"][0][0] == "WRONG" and "aggregator run" in found["runs"][0][2]
    assert "database" not in found


def test_it_leaves_nothing_behind(tidy: House) -> None:
    def names() -> set[str]:
        return {str(path) for path in tidy.folder.rglob("*") if not path.name.endswith(("-wal", "-shm"))}

    before = names()
    done: Done = tidy.call("doctor", "--offline", *AT)
    assert done.out and names() == before
