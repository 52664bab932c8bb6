"""The wall time of a whole `aggregator run` over three sources that have nothing new, start-up included."""

import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from tests.bench import feeds, server

SOURCES = 3
TIMES = 9


class Idle(NamedTuple):
    """Seconds of the runs: when nothing was due, and when every source answered 304."""

    nothing_due: list[float]
    unchanged: list[float]


def measured(port: int) -> Idle:
    """Both kinds of idle run, after the runs that fill the store. Raises CalledProcessError when one of them fails."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sources.yaml").write_text(_yaml(port), encoding="utf-8")
        server.turn(port, 0)
        _run(folder, "--force")
        _run(folder, "--force")  # the first one told the embeds' age for the first time
        return Idle([_run(folder) for _ in range(TIMES)], [_run(folder, "--force") for _ in range(TIMES)])


def told(idle: Idle) -> list[tuple[str, float, float, float]]:
    """What was measured, with the median, the fastest and the slowest run."""
    named = {"nothing due": idle.nothing_due, "three times 304": idle.unchanged}
    return [(name, median(times), min(times), max(times)) for name, times in named.items()]


def _run(folder: Path, *options: str) -> float:
    program = Path(sys.executable).with_name("aggregator")
    began = perf_counter()
    subprocess.run([program, "run", *options], cwd=folder, check=True, capture_output=True)
    return perf_counter() - began


def _yaml(port: int) -> str:
    hosts = [feeds.host(feed) for feed in range(SOURCES)]
    routes = "\n".join(f"    {host}: http://127.0.0.1:{port}" for host in hosts)
    sources = "\n".join(
        f"  - {{id: tin-{feed}, name: Sở Y tế {feed}, kind: feed, home: http://{host}/, full_pages: false, pause: 0s,\n"
        f"     max_checks: 0, sections: [{{url: http://{host}/{feed}.rss}}]}}"
        for feed, host in enumerate(hosts)
    )
    return f"version: 1\nfetch:\n  connect_to:\n{routes}\nsources:\n{sources}\n"
