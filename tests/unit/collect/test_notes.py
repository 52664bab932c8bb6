"""What processes tell each other: turns, pauses and robots.txt across runs."""

import multiprocessing
import threading
import time
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from aggregator.collect.fetch import HttpFetcher
from aggregator.collect.notes import Notes
from aggregator.collect.pace import Pace
from aggregator.errors import SourceError, StoreError
from aggregator.model import Request
from aggregator.settings import Fetch
from tests.fakes import NOON
from tests.hostile.server import HostileServer, Line, http
from tests.make_collect import HOME, HOST, Time, source, to

PAUSE_S = 0.4
TURNS = 3


def ask(folder: Path, port: int) -> None:
    """One process of the installation: three requests to the host, with real sleeps."""
    fetcher = HttpFetcher(
        Fetch(connect_to={HOST: f"http://127.0.0.1:{port}"}),
        lambda: NOON,
        time.sleep,
        float,
        time.monotonic,
        Notes(folder),
    )
    for at in range(TURNS):
        fetcher.fetch(
            Request(f"{HOME}/bai-{at}.htm"), source().model_copy(update={"pause": timedelta(seconds=PAUSE_S)})
        )
    fetcher.close()


def test_the_pause_holds_across_two_processes_as_the_server_sees_it(tmp_path: Path) -> None:
    lock = threading.Lock()
    log: list[tuple[float, float]] = []

    def answer(line: Line) -> None:
        began = time.monotonic()
        line.say(http(b"", "404 No") if line.path == "/robots.txt" else http(b"tin"))
        with lock:
            log.append((began, time.monotonic()))

    start = multiprocessing.get_context("spawn")
    with HostileServer(
        {f"/{name}": answer for name in ("robots.txt", *(f"bai-{n}.htm" for n in range(TURNS)))}
    ) as server:
        both = [start.Process(target=ask, args=(tmp_path, server.port)) for _ in range(2)]
        for process in both:
            process.start()
        for process in both:
            process.join(60)
        assert [process.exitcode for process in both] == [0, 0]
    assert len(log) >= 2 * TURNS + 1
    gaps = [later - ended for (_, ended), (later, _) in pairwise(sorted(log))]
    assert min(gaps) >= PAUSE_S * 0.95  # the log's own clock is read a moment after the answer went out


def test_a_turn_waits_for_what_another_run_noted(tmp_path: Path) -> None:
    first, second = Time(), Time()
    with Pace(first.sleep, first.monotonic, Notes(tmp_path)).turn("tin.example", 2.0):
        first.seconds += 5
    second.seconds = 6.0
    pace = Pace(second.sleep, second.monotonic, Notes(tmp_path))
    for host in ("tin.example", "khac.example"):
        with pace.turn(host, 2.0):
            pass
    assert (first.slept, second.slept) == ([], [1.0])


@pytest.mark.parametrize("noted", ["", "rubbish", "1e9", "nan"])
def test_a_note_that_makes_no_sense_makes_nobody_wait(tmp_path: Path, noted: str) -> None:
    Notes(tmp_path).write("pace-tin.example", noted)
    now = Time()
    with Pace(now.sleep, now.monotonic, Notes(tmp_path)).turn("tin.example", 2.0):
        pass
    assert now.slept == []


def test_a_turn_is_given_back_when_the_request_fails(tmp_path: Path) -> None:
    now = Time()
    for _ in range(2):
        with pytest.raises(SourceError), Pace(now.sleep, now.monotonic, Notes(tmp_path)).turn("tin.example", 2.0):
            raise SourceError("timeout", "slow")
    assert now.slept == [2.0]


def test_a_host_can_name_no_file_outside_the_folder(tmp_path: Path) -> None:
    notes = Notes(tmp_path / "hosts")
    for name in ("../../etc/passwd", "[::1]", "a" * 5000, "TIN.example/..", ".."):
        notes.write(f"pace-{name}", "1")
        assert notes.read(f"pace-{name}") == "1"
    assert {path.parent for path in tmp_path.rglob("*") if path.is_file()} == {tmp_path / "hosts"}


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text("a file")
    with pytest.raises(StoreError, match="check space and rights"):
        Notes(tmp_path / "hosts").write("a", "1")


def run(site: HTTPServer, folder: Path, hours: float = 0) -> None:
    """One run of the installation, so many hours after noon."""
    now = Time()
    now.now = NOON + timedelta(hours=hours)
    fetcher = HttpFetcher(
        Fetch(connect_to=to(site.port), retries=0), now.clock, now.sleep, float, now.monotonic, Notes(folder)
    )
    try:
        fetcher.fetch(Request(f"{HOME}/bai-1.htm"), source())
    finally:
        fetcher.close()


def asked(site: HTTPServer) -> list[str]:
    return [request.path for request, _ in site.log]


@pytest.mark.parametrize(("rules", "status"), [("User-agent: *\nDisallow: /x", 200), ("", 404)])
def test_robots_txt_is_kept_from_run_to_run_for_a_day(
    httpserver: HTTPServer, tmp_path: Path, rules: str, status: int
) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data(rules, status=status)
    httpserver.expect_request("/bai-1.htm").respond_with_data("tin")
    for hours in (0, 1, 23.9, 24, 25):
        run(httpserver, tmp_path, hours)
    assert asked(httpserver).count("/robots.txt") == 2
    run(httpserver, tmp_path, -400)  # the clock went back
    assert asked(httpserver).count("/robots.txt") == 3


def test_a_refusal_holds_in_the_next_run(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /")
    for _ in range(2):
        with pytest.raises(SourceError) as error:
            run(httpserver, tmp_path)
        assert error.value.cause == "robots"
    assert asked(httpserver) == ["/robots.txt"]


def test_old_rules_serve_while_robots_txt_cannot_be_read(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_oneshot_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /x")
    httpserver.expect_request("/robots.txt").respond_with_data("", status=503)
    httpserver.expect_request("/bai-1.htm").respond_with_data("tin")
    run(httpserver, tmp_path)
    run(httpserver, tmp_path, 30)
    with pytest.raises(SourceError, match=r"robots\.txt cannot be read"):
        run(httpserver, tmp_path, 24 * 40)
    assert asked(httpserver).count("/bai-1.htm") == 2
