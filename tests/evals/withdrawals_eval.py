"""Three weeks of three invented sources, a run every ten minutes: what is taken down and corrected, and how soon.

Every kind of withdrawal at every age, corrections silent and announced, flaps of some hours, an outage and a
firewall's mood of each source, a mass withdrawal, and a portal that is moved half way. The visits' log proves each
re-check's time. The weeks are gone through once for each state of the code: the result is kept in .eval/.
"""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from statistics import median

from aggregator import pipeline
from aggregator.cli import wiring
from aggregator.pipeline import Ports
from aggregator.settings import Config, Section, Source
from aggregator.steps import watching
from aggregator.store.database import open_store
from tests import make
from tests.evals.weeks.judging import AGES, CORRECTED, Evidence, Found, judged
from tests.evals.weeks.sites import Sites
from tests.evals.weeks.world import DAYS, LAST, SOURCES, STEP, World, made
from tests.fakes_publish import MemoryWriter

ROOT = Path(__file__).parents[2]
MEMORY = Path("/dev/shm")  # many small commits: a disk would be waited for
KEPT = ROOT / ".eval/withdrawals.json"
BEHIND_IT = ("aggregator", "templates", "tests/evals/weeks", "tests/evals/withdrawals_eval.py", "tests/make.py",
             "tests/fakes.py", "tests/fakes_publish.py", "uv.lock")  # fmt: skip


@cache
def found() -> Found:
    """What came of the weeks, from the file that holds it for this very code, else by going through them."""
    mark = _mark()
    if KEPT.is_file():
        kept = json.loads(KEPT.read_text("utf-8"))
        if kept["mark"] == mark:
            return Found(**kept["found"])
    with tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as folder:
        fresh = _run(made(), Path(folder))
    KEPT.parent.mkdir(exist_ok=True)
    part = KEPT.with_suffix(".part")
    part.write_text(json.dumps({"mark": mark, "found": asdict(fresh)}), "utf-8")
    part.replace(KEPT)
    return fresh


def _mark() -> str:
    """The digest of everything that the result follows from."""
    digest = hashlib.sha256(sys.version.encode())
    for path in _files(ROOT / name for name in BEHIND_IT):
        digest.update(f"\n{path.relative_to(ROOT)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        if place.is_dir():
            yield from sorted(path for path in place.rglob("*") if path.is_file() and path.suffix != ".pyc")
        else:
            yield place


def _sources() -> list[Source]:
    common = {"pause": "0s", "embargo": "0s", "window": "7d", "every": "1h"}
    feeds = [make.source(id, article_pattern=r"bai-(\d+)\.htm$", **common) for id in ("a", "c")]
    moh = make.source("moh", kind="moh_bridge", home="https://moh.gov.vn/", sections=(Section(id="8358"),), **common)
    return [feeds[0], moh, feeds[1]]


def _run(world: World, folder: Path) -> Found:
    config, sites, writer = make.config(*_sources()), Sites(world), MemoryWriter()
    store = open_store(f"sqlite:///{folder / 'a.db'}", clock=lambda: sites.now)
    ports = Ports(sites, store, writer, lambda: sites.now, wiring.tagger, wiring.authorities(config), "run")
    try:
        while sites.now < LAST:
            _cycle(config, ports)
            sites.now += STEP
        pipeline.publish(config, ports)
        return judged(_evidence(ports, sites, writer))
    finally:
        store.close()


def _cycle(config: Config, ports: Ports) -> None:
    """A run as pipeline.run makes it; but where nothing came or went, it is published every six hours only."""
    visits, _ = pipeline.gather(config, ports, lambda *_: None)
    watching.keep(config, ports)
    now = ports.clock()
    news = any(visit.new or visit.revised or visit.withdrawn for visit in visits)
    if news or (now.hour % 6 == 0 and now.minute == 0):
        pipeline.publish(config, ports)


def _evidence(ports: Ports, sites: Sites, writer: MemoryWriter) -> Evidence:
    told = {telling.article.title: (telling, story) for story, telling, _ in ports.store.export(None)}
    paths = {story.id: story.path for story in ports.store.stories([story for _, story in told.values()])}
    return Evidence(
        sites,
        ports.store.removals(100_000),
        ports.store.visits(1_000_000),
        {title: (telling, paths.get(story, "")) for title, (telling, story) in told.items()},
        {path: content.decode("utf-8", "replace") for path, content in writer.files.items()},
    )


def report() -> str:
    """Latency by age beside the requests, with every miss and every false withdrawal."""
    got = found()
    lines = [
        f"{DAYS} days of {len(SOURCES)} sources, a run every 10 minutes: {got.deletions} deletions, "
        f"{len(got.missed)} missed, {len(got.false)} false, {len(got.late)} of what was shown beyond three hours",
        "  by what the source did: " + ", ".join(f"{kind} {count}" for kind, count in got.kinds.items()),
        f"  corrections: {got.corrections}, not seen {len(got.uncorrected)}; "
        f"{got.announced} of them announced by a notice, not linked to it {len(got.unlinked)}",
        "  age at the deletion   count   median   longest (hours from the source's removal to ours, everywhere)",
        *(_row(age, got.latency.get(age, [])) for age in (*AGES, CORRECTED)),
        '  "older" and "while silent" (an outage, a host that denies everything) are told by title and link',
        "  host    re-checks a day   fullest day   all requests of the fullest day",
    ]
    lines += [f"  {host:<7} {mean:>15} {most:>13} {sent:>33}" for host, (mean, most, sent) in got.hosts.items()]
    lines += [
        f"  re-checks: {got.checks} sent, {got.logged} in the log of visits at their time",
        "  re-checks a day of each article that stands: "
        + ", ".join(f"{age} {rate:.1f}" for age, rate in got.each.items()),
        f"  for 1,000 articles of seven days: {got.a_thousand:,.0f} a day; at most checks_a_day (6,000) a host",
    ]
    wrong = {"missed": got.missed, "false": got.false, "late": got.late, "not seen": got.uncorrected}
    wrong["not linked"] = got.unlinked
    lines += [f"  {what}: {one}" for what, names in wrong.items() for one in names[:10]]
    return "\n".join(lines)


def _row(age: str, spans: list[float]) -> str:
    if not spans:
        return f"  {age:<20}      0"
    return f"  {age:<20}  {len(spans):>5}   {median(spans):>6.2f}   {max(spans):>7.2f}"
