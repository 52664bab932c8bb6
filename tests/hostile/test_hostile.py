"""Every way to do harm that we know of, put to the real fetcher and readers: see CASES in table.py.

No case takes more than its memory over what the process had before it, and each comes to its end by the limits
of the settings; `within_s` is far above these, so that a failure of theirs is a failure and does not hang the suite.
"""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aggregator.cli import wiring
from aggregator.collect.guard import literal
from tests.hostile.case import NEVER, Case, Told, put
from tests.hostile.table import CASES, GROUPS

pytestmark = pytest.mark.slow  # together a minute or two

LEAST = 80
STATUS = Path("/proc/self/status")
PEAK_RESET = Path("/proc/self/clear_refs")  # Linux: writing 5 sets the peak to what is held now


def held(key: str) -> int:
    """VmRSS or VmHWM (the peak) of this process, in bytes."""
    found = re.search(rf"{key}:\s+(\d+) kB", STATUS.read_text())
    assert found
    return int(found[1]) * 1024


class Growth:
    """How much the process grew at most within the context, in bytes; 0 where the system does not tell."""

    def __init__(self) -> None:
        self.known = PEAK_RESET.exists()
        self.peak = 0

    def __enter__(self) -> "Growth":
        if self.known:
            PEAK_RESET.write_text("5")
            self._before = held("VmRSS")
        return self

    def __exit__(self, *_: object) -> None:
        if self.known:
            self.peak = max(0, held("VmHWM") - self._before)


def guarded(run: Callable[[], Told], within_s: int) -> Told:
    """What `run` returns or raises. Fails when it does not end within so many seconds."""
    came: list[Any] = []

    def catch() -> None:
        try:
            came.append(run())
        except BaseException as error:
            came.append(error)

    thread = threading.Thread(target=catch, daemon=True)
    thread.start()
    thread.join(within_s)
    assert came, f"no outcome after {within_s} s"
    if isinstance(came[0], BaseException):
        raise came[0]
    assert isinstance(came[0], Told)
    return came[0]


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Case], None]]:
    """Makes the case's names resolve as it says; the last address of a name stays."""
    real = socket.getaddrinfo

    def resolve_as(case: Case) -> None:
        left = {host: list(addresses) for host, addresses in case.names.items()}

        def getaddrinfo(host: Any, port: Any, *rest: Any, **options: Any) -> Any:
            if host not in left:
                assert host is None or literal(str(host)) or str(host).endswith("localhost"), f"{host} was looked up"
                return real(host, port, *rest, **options)
            address = left[host].pop(0) if len(left[host]) > 1 else left[host][0]
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    yield resolve_as


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_harm_comes_to_its_named_end(case: Case, looked_up: Callable[[Case], None]) -> None:
    if case.names:
        looked_up(case)
    wiring.tagger()  # its vocabulary is no part of a page's cost
    with Growth() as growth:
        told = guarded(lambda: put(case), case.within_s)
    assert told.outcome == case.expect, told.error or told.skips
    assert case.check(told)
    assert NEVER not in told.server.paths
    assert growth.peak <= case.memory_mb * 1_000_000
    if told.error is not None:
        assert told.error.url and "\n" not in str(told.error) and len(str(told.error)) < 1000


def test_the_table_names_each_case_once_and_is_long_enough() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= LEAST
    assert all(GROUPS.values())
