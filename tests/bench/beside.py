"""Us beside the `reader` library: the same feeds, the same server, each pass in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.bench import server

PASSES = (("cold", 0), ("nothing changed", 0), ("one new item a feed", 1))  # and how many new items each feed has
LIMIT_S = 1200  # for one pass; one that takes longer is told as such, and the passes after it are left out
SIDES = ("theirs", "ours")


class Spent(NamedTuple):
    """What a pass took: seconds without imports, those of the processor alone, the most memory."""

    wall_s: float
    cpu_s: float
    imports_s: float
    peak_mb: float
    new: int


Measured = dict[tuple[str, str], list[Spent]]


def measured(port: int, count: int, rounds: int) -> Measured:
    """What each side took in each pass, a value a round; the sides take turns, so that both meet the same noise."""
    found: Measured = {}
    sides = list(SIDES)
    for _ in range(rounds):
        for side in tuple(sides):
            with TemporaryDirectory() as folder:
                for name, new in PASSES:
                    server.turn(port, new)
                    spent = _pass(side, port, count, Path(folder))
                    if spent is None:
                        sides.remove(side)
                        break
                    found.setdefault((name, side), []).append(spent)
    return found


def middle(spent: list[Spent], name: str) -> float:
    """The median of one of the measures."""
    return median(getattr(one, name) for one in spent)


def _pass(side: str, port: int, count: int, folder: Path) -> Spent | None:
    """What the pass took; None when it did not end in time. Raises CalledProcessError when it failed."""
    command = [sys.executable, "-m", f"tests.bench.{side}", str(port), str(count), str(folder)]
    try:
        done = subprocess.run(command, cwd=server.ROOT, check=True, stdout=subprocess.PIPE, timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        return None
    told = json.loads(done.stdout)
    return Spent(*(told[name] for name in Spent._fields))
