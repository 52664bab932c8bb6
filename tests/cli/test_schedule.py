"""`aggregator schedule`: the service, as systemd starts and stops it."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.cli.house import ARTICLES, MOH, SOYTE, House, tree
from tests.cli.test_run import locked

PATIENCE_S = 60


def wait(reached: Callable[[], bool]) -> None:
    """Until it is so; a service that does not get there in a minute is broken."""
    for _ in range(PATIENCE_S * 100):
        if reached():
            return
        time.sleep(0.01)
    raise AssertionError("not reached")


@contextmanager
def scheduled(house: House) -> Iterator[subprocess.Popen[str]]:
    """The service, looking every second; killed at the end if a test left it running."""
    process = house.spawn("schedule", "--every", 1)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str, str]:
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE_S)
    return process.returncode, out, err


@pytest.fixture
def service(house: House) -> House:
    """Sources that are due at every look, and shown at once whatever the date is (the service knows no --now)."""
    for source in house.settings["sources"]:
        source |= {"every": "1s", "embargo": "0s"}
    house.write()
    return house


@pytest.mark.slow
def test_it_runs_at_once_and_again_and_ends_quietly_when_told_to(service: House) -> None:
    with scheduled(service) as process:
        wait(lambda: (service.output / "heartbeat.json").exists())
        before = len(service.sites.requests)
        wait(lambda: len(service.sites.requests) > before + 3)
        assert ended(process, signal.SIGTERM) == (0, "", "")
        assert service.titles()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_finishes_its_cycle_before_it_ends(service: House, number: signal.Signals) -> None:
    service.sites.instead[MOH, ""] = service.sites.later
    with scheduled(service) as process:
        wait(lambda: any(request.host == SOYTE for request in service.sites.requests))
        process.send_signal(number)
        time.sleep(0.2)
        assert process.poll() is None
        service.sites.released.set()
        out, err = process.communicate(timeout=PATIENCE_S)
        assert (process.returncode, out, err) == (0, "", "")
        assert "heartbeat.json" in tree(service.output) and len(service.titles()) == len(ARTICLES)


@pytest.mark.slow
def test_a_cycle_that_meets_another_runs_lock_says_so_and_tries_again(service: House) -> None:
    with ExitStack() as stack:
        with locked(service):
            process = stack.enter_context(scheduled(service))
            assert process.stderr is not None
            assert "aggregator schedule: another run holds" in process.stderr.readline()
            assert service.sites.requests == []
        wait(lambda: (service.output / "heartbeat.json").exists())
        code, out, _ = ended(process, signal.SIGTERM)
        assert (code, out) == (0, "")


@pytest.mark.slow
def test_a_fault_of_the_output_is_told_and_the_service_goes_on(service: House) -> None:
    service.output.write_text("in the way")
    with scheduled(service) as process:
        assert process.stderr is not None
        assert "cannot be written" in process.stderr.readline()
        service.output.unlink()
        wait(lambda: (service.output / "heartbeat.json").exists())
        assert ended(process, signal.SIGTERM)[0] == 0


@pytest.mark.slow
def test_a_source_at_fault_is_told_when_it_was_visited_and_not_at_every_look(service: House) -> None:
    service.settings["sources"][0] |= {"every": "1h", "sections": [{"id": "1", "name": "Không có"}]}
    service.write()
    with scheduled(service) as process:
        heartbeat = service.output / "heartbeat.json"
        wait(heartbeat.exists)
        seen = {heartbeat.stat().st_mtime_ns}
        wait(lambda: len(seen) > 3 or bool(seen.add(heartbeat.stat().st_mtime_ns)))
        code, out, err = ended(process, signal.SIGTERM)
        assert (code, out) == (0, "") and err.count("moh: empty: ") == 1 and err.count("\n") == 1


def test_a_configuration_that_is_wrong_ends_it_at_once(house: House) -> None:
    house.config.write_text("sources: 1\n")
    done = house.call("schedule")
    assert done.code == 2 and "sources.yaml:1 sources: " in done.err
