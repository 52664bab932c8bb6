"""The same pass by the `reader` library: update and store. `python -m tests.bench.theirs PORT FEEDS FOLDER`."""

import json
import sys
from pathlib import Path
from time import perf_counter, process_time


def main(port: int, count: int, folder: Path, workers: int = 1) -> None:
    """Print what one pass took."""
    began = perf_counter()
    import requests
    from reader import make_reader
    from reader._parser import feedparser

    from tests.bench import spent

    assert requests and feedparser  # it imports them with its first feed

    imported, cpu = perf_counter(), process_time()
    with make_reader(str(folder / "theirs.db")) as reader:
        for feed in range(count):
            reader.add_feed(f"http://127.0.0.1:{port}/{feed}.rss", exist_ok=True)
        results = list(reader.update_feeds_iter(scheduled=False, workers=workers))
    done = perf_counter()
    faults = [result.value for result in results if isinstance(result.value, Exception)]
    assert not faults, faults
    new = sum(result.value.new for result in results if result.value)
    sys.stdout.write(
        json.dumps(
            {
                "imports_s": imported - began,
                "wall_s": done - imported,
                "cpu_s": process_time() - cpu,
                "peak_mb": spent.peak_mb(),
                "new": new,
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), *map(int, sys.argv[4:]))
