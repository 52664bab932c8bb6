"""`aggregator run`: what it prints, what it returns, what it leaves alone."""

import json
import os
import pty
import select
import subprocess
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.cli import wiring
from aggregator.cli.arguments import parser
from aggregator.demo.asked import Said
from tests.cli.house import ARTICLES, MOH, NOW, PROGRAM, SKDS, House, call, environment, tree

MINUTE = timedelta(minutes=1)


def test_a_good_run_is_quiet_and_publishes_every_article(first: House) -> None:
    assert first.titles() == {article.title for article in ARTICLES}


def test_a_run_with_nothing_new_is_quiet_and_rewrites_the_status_and_the_heartbeat_only(used: House) -> None:
    before = used.files()
    done = used.run("--force", now=NOW + 5 * MINUTE)
    assert (done.code, done.said) == (0, "")
    assert used.files() == before
    assert json.loads((used.output / "heartbeat.json").read_text())["time"].startswith("2026-10-20T09:05")


def test_sources_that_are_not_due_are_not_asked(used: House) -> None:
    assert used.run(now=NOW + 10 * MINUTE).code == 0
    assert used.sites.requests == []


def test_due_sources_are_asked_again(used: House) -> None:
    assert used.run(now=NOW + 15 * MINUTE).code == 0
    assert {request.host for request in used.sites.requests} == {MOH, SKDS, "soyte.hanoi.gov.vn"}


def settle(house: House) -> None:
    """A run that leaves robots.txt noted at the test's own time; what it asked is forgotten."""
    house.run("--force", now=NOW + MINUTE)
    house.sites.requests.clear()


def test_a_source_with_nothing_new_costs_one_request_a_section(used: House) -> None:
    settle(used)
    done = used.run("--json", now=NOW + 17 * MINUTE)
    paths = [(request.host, request.path.partition("?")[0]) for request in used.sites.requests]
    assert sorted(paths) == [(MOH, "/bridge"), ("soyte.hanoi.gov.vn", "/"), (SKDS, "/rss/y-te.rss")]
    told = json.loads(done.out)
    assert (told["requests"], told["bytes"]) == (3, sum(visit["bytes"] for visit in told["visits"]))


def test_an_hour_later_the_checks_due_are_all_that_it_costs_more(used: House) -> None:
    settle(used)
    used.run(now=NOW + 61 * MINUTE)
    known = [request.path for request in used.sites.requests if "robots.txt" not in request.path]
    due = [one for one in ARTICLES if NOW - one.time < timedelta(hours=24)]
    assert len(known) == len(used.sites.requests) == 3 + len(due)


def test_force_asks_sources_that_are_not_due(used: House) -> None:
    assert used.run("--force", now=NOW + MINUTE).code == 0
    assert {request.host for request in used.sites.requests} == {MOH, SKDS, "soyte.hanoi.gov.vn"}


def test_only_asks_the_sources_named_and_no_other(house: House) -> None:
    assert house.run("--only", "moh", "--only", "skds").code == 0
    assert {request.host for request in house.sites.requests} == {MOH, SKDS}


def test_only_with_an_unknown_source_is_a_fault_of_usage_that_names_the_known_ones(house: House) -> None:
    done = house.run("--only", "moh", "--only", "bao-la")
    assert (done.code, done.out) == (2, "")
    assert "bao-la" in done.err and "moh, skds, soyte" in done.err
    assert house.sites.requests == [] and not house.output.exists()


def test_only_answers_for_the_sources_named(used: House) -> None:
    used.sites.instead[SKDS, ""] = Said(500, b"<html>500</html>")
    assert used.run("--force").code == 1
    done = used.run("--force", "--only", "moh")
    assert (done.code, done.said) == (0, "")


def test_a_source_at_fault_that_is_not_due_is_still_told_and_still_exit_1(used: House) -> None:
    used.sites.instead[SKDS, ""] = Said(500, b"<html>500</html>")
    used.run("--force")
    done = used.run(now=NOW + MINUTE)
    assert done.code == 1
    assert done.err.startswith("skds: broken since 2026-10-20 02:00 UTC (server-error)") and done.err.count("\n") == 1


def test_json_is_one_object_on_standard_output_and_nothing_else(house: House) -> None:
    house.sites.instead[SKDS, ""] = Said(500, b"<html>500</html>")
    done = house.run("--json")
    told = json.loads(done.out)
    assert (done.code, done.err, done.out.count("\n")) == (1, "", 1)
    assert [visit["source"] for visit in told["visits"]] == ["moh", "skds", "soyte"]
    assert [visit["outcome"] for visit in told["visits"]] == ["ok", "failed", "ok"]
    assert {source["source"]: source["health"] for source in told["sources"]}["skds"] == "broken"
    assert "index.html" in told["published"]["written"]
    assert datetime.fromisoformat(told["visits"][0]["started_at"]) == NOW
    assert "T" in told["visits"][0]["started_at"]


def test_now_is_the_time_of_everything_that_is_written(first: House) -> None:
    assert json.loads((first.output / "heartbeat.json").read_text())["time"].startswith("2026-10-20T09:00")


def test_a_naive_now_is_hanois_time_and_nonsense_is_a_fault_of_usage(used: House) -> None:
    assert used.call("run", "--now", "2026-10-20T09:07").code == 0
    assert json.loads((used.output / "heartbeat.json").read_text())["time"].startswith("2026-10-20T09:07")
    done = used.call("run", "--now", "tomorrow")
    assert done.code == 2 and "'tomorrow' is not a time" in done.err


def test_database_and_output_take_the_place_of_the_configurations(house: House, room: Path) -> None:
    database = room / "elsewhere" / "a.db"
    done = house.run("--only", "soyte", "--database", f"sqlite:///{database}", "--output", room / "site")
    assert done.code == 0
    assert database.is_file() and (room / "site/index.html").is_file()
    assert not house.output.exists() and not house.database.exists()


def test_places_in_the_configuration_count_from_its_folder(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = house.folder.parent / "cron"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert house.run("--only", "soyte").code == 0
    assert house.database.is_file() and (house.output / "index.html").is_file()
    assert list(elsewhere.iterdir()) == []


def test_an_overlapping_run_is_refused_and_says_what_to_do(used: House) -> None:
    before = tree(used.folder)
    with locked(used):
        done = used.run("--force")
    assert (done.code, done.out) == (75, "")
    assert "another run holds" in done.err and "wait for it to end" in done.err and done.err.count("\n") == 1
    assert used.sites.requests == [] and tree(used.folder) == before


def locked(house: House) -> AbstractContextManager[None]:
    """The lock as another run holds it."""
    return wiring.lock(wiring.load(parser().parse_args(house.line("run"))))


# --- configuration


WRONG = [
    ("sources:\n  - id: moh\n    every: 6 hourss\n", "sources.yaml:3 sources[0].every: ", "write 90s, 30m, 6h or 2d"),
    ("sources:\n  - id: moh\n    nmae: Bộ\n", "sources.yaml:3 sources[0].nmae: is not a known key", "write name"),
    ("sources:\n  - id: moh\n   name: x\n", "sources.yaml:3 is not YAML", "check the indentation"),
    ("sources: 12\n", "sources.yaml:1 sources: ", "docs/configuration.md"),
    ("site: {mode: live}\nsources: []\n", "sources.yaml:1 site.mode: 'live'", "'preview', 'public' or 'demo'"),
    ("- moh\n", "sources.yaml:1 holds no keys", "sources:"),
]


@pytest.mark.parametrize(("text", "place", "advice"), WRONG)
def test_a_malformed_configuration_names_file_line_key_and_cure(
    used: House, text: str, place: str, advice: str
) -> None:
    before = tree(used.folder / "output")
    used.config.write_text(text, encoding="utf-8")
    done = used.run("--force")
    assert (done.code, done.out) == (2, "")
    assert place in done.err and advice in done.err
    assert used.sites.requests == [] and tree(used.output) == before


def test_a_configuration_that_is_not_there_is_named_with_the_option_that_gives_it(tmp_path: Path) -> None:
    done = call("run", "--config", tmp_path / "nowhere.yaml")
    assert done.code == 2 and "nowhere.yaml: no such file; give its place with --config" in done.err


def test_public_mode_without_its_owner_is_refused_key_by_key(house: House) -> None:
    house.settings["site"] |= {"mode": "public"}
    del house.settings["fetch"]["connect_to"]
    house.write()
    done = house.run()
    assert done.code == 2
    assert "site.owner.organisation" in done.err and "site.owner.licence.number" in done.err
    assert "write mode: preview" in done.err and not house.output.exists()


def test_public_mode_with_connect_to_is_refused(house: House) -> None:
    words = ("organisation", "governing_body", "address", "phone", "email", "person_responsible")
    licence = {"number": "1/GP", "date": "01/01/2026", "issuer": "Cục"}
    house.settings["site"] |= {"mode": "public", "owner": {**dict.fromkeys(words, "x"), "licence": licence}}
    house.write()
    done = house.run()
    assert done.code == 2 and "connect_to together with site.mode: public is refused" in done.err
    assert house.sites.requests == [] and not house.output.exists()


def test_an_address_of_connect_to_that_is_none_is_refused_before_anything_is_fetched(house: House) -> None:
    house.settings["fetch"]["connect_to"][MOH] = "127.0.0.1"
    house.write()
    done = house.run()
    assert done.code == 2 and MOH in done.err and "http://host:port" in done.err
    assert house.sites.requests == []


# --- on a terminal


def test_the_program_itself_is_quiet_under_cron(used: House) -> None:
    process = used.spawn("run", "--now", NOW.isoformat(), "--force")
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out, err) == (0, "", "")


def test_on_a_terminal_it_shows_a_progress_bar_and_a_line_a_source(used: House) -> None:
    code, shown = _on_a_terminal([str(PROGRAM), *used.line("run", "--now", "2026-10-20T09:05", "--force")])
    assert code == 0
    for name in ("Bộ Y tế ", "Sức khỏe & Đời sống ", "Sở Y tế Hà Nội "):
        assert f"{name}" in shown
    assert shown.count("nothing new (") == 3 and "Nothing new. 2 files written" in shown
    assert "\x1b[" in shown and "━" in shown


def _on_a_terminal(line: list[str]) -> tuple[int, str]:
    """The exit code and everything that a person at a terminal of 120 columns sees."""
    ours, theirs = pty.openpty()
    env = {**environment(), "TERM": "xterm", "COLUMNS": "120"}
    process = subprocess.Popen(line, stdin=theirs, stdout=theirs, stderr=theirs, env=env, close_fds=True)
    os.close(theirs)
    shown = b""
    try:
        while process.poll() is None or select.select([ours], [], [], 0.1)[0]:
            if select.select([ours], [], [], 0.1)[0]:
                try:
                    shown += os.read(ours, 65_536)
                except OSError:  # Linux: the other end is closed
                    break
    finally:
        os.close(ours)
    return process.wait(60), shown.decode("utf-8", "replace")
