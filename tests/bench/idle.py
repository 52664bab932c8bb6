"""What a whole `aggregator run` over three idle sources takes, start-up included, as cron starts it."""

import os
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
OF_CRON = {"PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "LANG": "C.UTF-8"}  # crontab(5); HOME is the folder's


class Run(NamedTuple):
    """Seconds that a run took: by the clock on the wall, and of the processor."""

    wall_s: float
    cpu_s: float


class Idle(NamedTuple):
    """The runs: when nothing was due, and when every source answered 304."""

    nothing_due: list[Run]
    unchanged: list[Run]


class Told(NamedTuple):
    """The median run, the fastest and the slowest by the clock on the wall; the median of the processor."""

    name: str
    middle_s: float
    least_s: float
    most_s: float
    cpu_s: float


def measured(port: int) -> Idle:
    """Both kinds of idle run, after the runs that fill the store. Raises CalledProcessError when one of them fails."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sources.yaml").write_text(_yaml(port), encoding="utf-8")
        server.turn(port, 0)
        _run(folder, "--force")
        _run(folder, "--force")  # the first one told the embeds' age for the first time
        return Idle([_run(folder) for _ in range(TIMES)], [_run(folder, "--force") for _ in range(TIMES)])


def told(idle: Idle) -> list[Told]:
    """What was measured, by the kind of idle run."""
    named = {"nothing due": idle.nothing_due, "three times 304": idle.unchanged}
    return [_told(name, runs) for name, runs in named.items()]


def _told(name: str, runs: list[Run]) -> Told:
    walls = [run.wall_s for run in runs]
    return Told(name, median(walls), min(walls), max(walls), median(run.cpu_s for run in runs))


def _run(folder: Path, *options: str) -> Run:
    program = Path(sys.executable).with_name("aggregator")
    began, before = perf_counter(), os.times()
    environment = {**OF_CRON, "HOME": str(folder)}
    subprocess.run([program, "run", *options], cwd=folder, check=True, capture_output=True, env=environment)
    after = os.times()
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(perf_counter() - began, cpu_s)


def _yaml(port: int) -> str:
    hosts = [feeds.host(feed) for feed in range(SOURCES)]
    routes = "\n".join(f"    {host}: http://127.0.0.1:{port}" for host in hosts)
    sources = "\n".join(
        f"  - {{id: tin-{feed}, name: Sở Y tế {feed}, kind: feed, home: http://{host}/, full_pages: false, pause: 0s,\n"
        f"     max_checks: 0, sections: [{{url: http://{host}/{feed}.rss}}]}}"
        for feed, host in enumerate(hosts)
    )
    return f"version: 1\nfetch:\n  connect_to:\n{routes}\nsources:\n{sources}\n"
