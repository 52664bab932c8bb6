"""What publishing one new story costs beside archives of several sizes: `python -m tests.bench.publish_bench`.

The archive is placed on its shelves as a full rebuild would; then one story after the other becomes known and is
published, and every page that shows it is written. CPU time of this process, the disk's included.
"""

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import process_time

from aggregator.publish import fingerprint
from aggregator.publish.cycle import publish
from aggregator.publish.edition import Edition
from aggregator.publish.status import report
from aggregator.publish.write import FolderWriter
from aggregator.store.database import open_store
from tests.bench import spent, stories

AIM = 1.3  # the last size's time over the first's
MOST_S = 0.5
NEW = 9  # stories published one by one; the median counts


@dataclass(frozen=True, slots=True)
class Cost:
    """Of publishing one story: seconds of processor, files and bytes written (the median of NEW)."""

    size: int
    cpu_s: float
    files: int
    kilobytes: float
    peak_mb: float


def measure(folder: Path, size: int, profile: str = "") -> Cost:
    """Publish new stories one by one into the archive of the folder."""
    settings = stories.config(folder)
    file = folder / "tin.db"
    writer = FolderWriter(Path(settings.output))
    store = open_store(settings.database, clock=lambda: stories.NOW)
    edition = Edition(settings, store, stories.NOW)
    mark = fingerprint.of_pages(edition)
    store.published({}, (), (), {"pages": mark, "site": fingerprint.of_site(edition)})
    raw = sqlite3.connect(file)
    seconds, files, written = [], [], []
    for number, one in enumerate(stories.made(NEW + 1, seed=3, prefix="n")):
        at = stories.NOW + timedelta(minutes=number + 1)
        raw.execute("UPDATE marks SET value = ? WHERE name = 'changed'", (number + 1,))
        stories.insert(raw, [one], number + 1)
        began = process_time()
        done = publish(settings, store, writer, at, status=report(settings, {}, at))
        spent_s = process_time() - began
        if number:  # the first compiles the templates and writes the site-wide files anew
            seconds.append(spent_s)
            files.append(len(done.written))
            written.append(sum((Path(settings.output) / path).stat().st_size for path in done.written) / 1000)
    if profile:
        _profile(folder, settings, store, writer, raw, profile)
    store.close()
    return Cost(size, median(seconds), int(median(files)), median(written), spent.peak_mb())


def _profile(folder, settings, store, writer, raw, profile):  # type: ignore[no-untyped-def]
    import cProfile
    import pstats

    (one,) = stories.made(1, seed=5, prefix="p")
    raw.execute("UPDATE marks SET value = 1000 WHERE name = 'changed'")
    stories.insert(raw, [one], 1000)
    at = stories.NOW + timedelta(hours=1)
    watch = cProfile.Profile()
    watch.runcall(publish, settings, store, writer, at, status=report(settings, {}, at))
    with Path(profile).open("w", encoding="utf-8") as out:
        pstats.Stats(watch, stream=out).sort_stats("cumulative").print_stats(70)


def main(arguments: Sequence[str]) -> None:
    """Build and measure each archive in a process of its own; print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,10000,100000", help="stories stored, comma between")
    parser.add_argument("--archives", type=Path, help="keep the archives here, to measure again without building")
    parser.add_argument("--profile", default="", help="write a profile of one more publish to this file")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.one:
        sys.stdout.write(json.dumps(asdict(measure(given.archives, int(given.one), given.profile))))
        return
    costs = [_one(size, given.archives, given.profile) for size in given.sizes.split(",")]
    ratio = costs[-1].cpu_s / costs[0].cpu_s
    met = "met" if ratio <= AIM and costs[-1].cpu_s < MOST_S else "MISSED"
    sys.stdout.write(f"  ratio {ratio:.2f}, aim ≤ {AIM}; {costs[-1].cpu_s:.2f} s, aim < {MOST_S} s  {met}\n")


def _one(size: str, kept: Path | None, profile: str) -> Cost:
    with tempfile.TemporaryDirectory(prefix="publish-bench-") as place:
        folder = Path(place)
        file = (kept or folder) / f"{size}.db"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run([sys.executable, "-c", BUILD, str(file), size], check=True)
        shutil.copyfile(file, folder / "tin.db")
        command = [sys.executable, "-m", __spec__.name, "--archives", place, "--one", size, "--profile", profile]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
    cost = Cost(**json.loads(done.stdout))
    sys.stdout.write(
        f"  {cost.size:7} stories: {cost.cpu_s:6.3f} s of processor, {cost.files} files, {cost.kilobytes:.0f} kB,"
        f" {cost.peak_mb:.0f} MB\n"
    )
    sys.stdout.flush()
    return cost


BUILD = (
    "import sys, pathlib; from tests.bench import stories; file = pathlib.Path(sys.argv[1]);"
    "stories.build(file, int(sys.argv[2])); stories.shelve_all(file, stories.config(file.parent));"
    "import sqlite3; sqlite3.connect(file).execute('PRAGMA wal_checkpoint(TRUNCATE)')"
)

if __name__ == "__main__":
    main(sys.argv[1:])
