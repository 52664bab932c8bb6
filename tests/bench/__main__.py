"""Everything that is measured, in one table: `python -m tests.bench [FEEDS] [ROUNDS]`."""

import os
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from time import process_time

from tests.bench import beside, idle, latency, server

FEEDS, ROUNDS = 100, 3
MOST_MB = 120
IDLE_S = 1.0
AT_MOST = {"cold": 1.0, "nothing changed": 1.0, "one new item a feed": 0.5}  # of the time that `reader` takes
LOOKS = {"schedule, every 60 s": timedelta(minutes=1), "cron, every 10 min": timedelta(minutes=10)}


def main(count: int, rounds: int) -> None:
    """Print the table, line by line as it is measured."""
    say(f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} processors; yardstick:")
    say(f"  {yardstick():.2f} s of processor for a fixed piece of work (0.16 s when nothing else runs here)")
    with server.running(count) as port:
        say(f"\nbeside `reader`, {count} feeds of 50 items, medians of {rounds} (imports apart, ± half the spread)")
        for line in _beside(beside.measured(port, count, rounds)):
            say(line)
        say(f"\n`aggregator run` from start to end, {idle.SOURCES} idle sources, medians of {idle.TIMES}")
        for one in idle.told(idle.measured(port)):
            said = f"({one.least_s:.2f} to {one.most_s:.2f}; cpu {one.cpu_s:.2f})  aim < {IDLE_S:.0f} s"
            say(f"  {one.name:24} {one.middle_s:6.2f} s  {said}  {met(one.middle_s < IDLE_S)}")
    say("\nfrom the source's publication to us, by a stepped clock (visits every 15 min, no embargo)")
    for name, look in LOOKS.items():
        for line in _latency(name, look):
            say(line)


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def met(holds: bool) -> str:
    """Whether an aim is met, in a word."""
    return "met" if holds else "MISSED"


def yardstick() -> float:
    """Seconds of processor that a fixed piece of work takes now: how fast this machine is while we measure."""
    began = process_time()
    for _ in range(3):
        sum(number * number for number in range(1_000_000))
    return process_time() - began


def _beside(found: beside.Measured) -> Iterator[str]:
    for name, _ in beside.PASSES:
        theirs, ours = found.get((name, "theirs"), []), found.get((name, "ours"), [])
        if not theirs or not ours:
            yield f"  {name:22} one side took longer than {beside.LIMIT_S} s  MISSED"
            continue
        ratio = beside.middle(ours, "wall_s") / beside.middle(theirs, "wall_s")
        memory = max(one.peak_mb for one in ours)
        yield f"  {name:22} ours {_side(ours)}   reader {_side(theirs)}"
        yield f"  {'':22} ratio {ratio:.2f}, aim ≤ {AT_MOST[name]}  {met(ratio <= AT_MOST[name])}" + (
            f"; memory {memory:.0f} MB, aim ≤ {MOST_MB} MB  {met(memory <= MOST_MB)}"
        )


def _side(spent: list[beside.Spent]) -> str:
    walls = [one.wall_s for one in spent]
    noise = (max(walls) - min(walls)) / 2
    peak = max(one.peak_mb for one in spent)
    return f"{median(walls):7.2f} s ±{noise:.2f} (cpu {beside.middle(spent, 'cpu_s'):.2f}, {peak:.0f} MB)"


def _latency(name: str, look: timedelta) -> Iterator[str]:
    places, seconds = latency.measured(look)
    poll = max(latency.EVERY, look * -(-latency.EVERY // look))  # visits come with the first look after they are due
    aim = (poll + latency.GRACE).total_seconds() / 60
    for place in places:
        at = place.p95 + max(seconds) / 60
        yield (
            f"  {name:22} {place.place:6} p50 {place.p50:4.1f}, p95 {place.p95:4.1f}, most {place.most:4.1f} min "
            f"({place.items} items); with the slowest run p95 {at:.1f}, aim ≤ {aim:.0f}  {met(at <= aim)}"
        )
    yield f"  {'':22} a run took {median(seconds):.2f} s, at most {max(seconds):.2f} s"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]), *(FEEDS, ROUNDS)[len(sys.argv) - 1 :])
