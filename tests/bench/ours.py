"""One pass over the generated feeds by this project: `python -m tests.bench.ours PORT FEEDS FOLDER`."""

import json
import sys
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time


def config(port: int, count: int, folder: Path):  # type: ignore[no-untyped-def]
    """A configuration with one source a feed, each on a host of its own, as they are live."""
    from aggregator.settings import Config, Fetch, Section, Source
    from tests.bench import feeds

    return Config(
        database=f"sqlite:///{folder / 'ours.db'}",
        output=str(folder / "output"),
        fetch=Fetch(connect_to={feeds.host(feed): f"http://127.0.0.1:{port}" for feed in range(count)}),
        sources=tuple(
            Source(
                id=f"tin-{feed:03d}",
                name=f"Sở Y tế {feed}",
                kind="feed",
                home=f"http://{feeds.host(feed)}/",
                sections=(Section(url=f"http://{feeds.host(feed)}/{feed}.rss"),),
                full_pages=False,
                pause=timedelta(0),
            )
            for feed in range(count)
        ),
    )


def main(port: int, count: int, folder: Path) -> None:
    """Print what one pass took."""
    began = perf_counter()
    from aggregator import pipeline
    from aggregator.cli import wiring
    from aggregator.collect import fetch, trail
    from aggregator.refine import normalise, stories, tagging
    from aggregator.store import database
    from tests.bench import feeds, spent

    assert fetch and trail and normalise and stories and tagging and database  # imported late by whom they serve
    settings = config(port, count, folder)
    imported, cpu = perf_counter(), process_time()
    with wiring.ports(settings, lambda: feeds.NOW) as ports:
        visits, _ = pipeline.gather(settings, ports, lambda *_: None, force=True)
    done = perf_counter()
    assert not any(visit.problem for visit in visits), visits
    sys.stdout.write(
        json.dumps(
            {
                "imports_s": imported - began,
                "wall_s": done - imported,
                "cpu_s": process_time() - cpu,
                "peak_mb": spent.peak_mb(),
                "new": sum(visit.new for visit in visits),
                "requests": sum(visit.requests for visit in visits),
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
