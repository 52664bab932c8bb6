"""What it costs to refine new articles beside a large archive: `python -m tests.bench.refine_bench`.

Made-up articles of 2.5 KB stand in a SQLite archive, spread over the years at a daily rate. Then new ones are
refined and committed as a run does it: tags, sketch, candidates, comparison, stories. CPU time of this process,
the disk's included; docs/performance.md tells the method and what was measured.
"""

import argparse
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median

from aggregator.cli import wiring
from aggregator.demo import world as worlds
from aggregator.model import (
    Article,
    Changes,
    Draft,
    Gist,
    SafeHtml,
    Sketch,
    SourceState,
    TagMatch,
    Told,
    Verdict,
    Visit,
)  # fmt: skip
from aggregator.pipeline import Ports
from aggregator.refine import normalise, sketches
from aggregator.refine.compared import Compared
from aggregator.settings import Section, Source
from aggregator.steps import grouping
from aggregator.store.database import open_store
from aggregator.store.schema import EPOCH
from tests.evals.duplicates_eval import PAIRS
from tests.fakes import FakeFetcher
from tests.line import PlainWriter

NOW = datetime(2026, 10, 20, 5, tzinfo=UTC)
MILLION = 1_000_000  # stored articles whose needs are calculated
SIZE = 2500  # bytes of UTF-8, title, lead and text
SENTENCES = 40_000  # that texts are drawn from
REPOSTED, RETOLD = 0.10, 0.10  # of the new articles: an edited copy of a recent one; some of its sentences
KEYS = 112  # of an article of this size
REAL = timedelta(days=20)  # back from NOW
VISIT = 40  # articles of a full visit
SOURCES = ("moh", "hanoi", "skds", "vtv", "tuoitre")


@cache
def sentences() -> tuple[str, ...]:
    """Made-up sentences in which words follow each other as in the demo's and the labelled texts."""
    told = [one.body for name in worlds.names() for one in worlds.load(name).articles]
    told += [json.loads(line)[side]["text"] for line in PAIRS.read_text(encoding="utf-8").splitlines() for side in "ab"]
    words = " ".join(told).split()
    after: dict[str, list[str]] = {}
    for one, other in pairwise(words):
        after.setdefault(one, []).append(other)
    draw = random.Random(7)
    made = []
    for _ in range(SENTENCES):
        chain = [draw.choice(words)]
        while len(chain) < 22:
            chain.append(draw.choice(after.get(chain[-1], words)) if draw.random() < 0.6 else draw.choice(words))
        made.append(" ".join(chain).strip(".,;:").capitalize() + f" ({draw.randrange(3, 9999)} trường hợp).")
    return tuple(made)


def articles(count: int, per_day: float, draw: random.Random, *, new: bool = False) -> Iterator[Article]:
    """Articles of 2.5 KB, the newest first, at a daily rate back from NOW; `new` ones are all of the last hour."""
    pool = sentences()
    recent: list[list[str]] = []
    for number in range(count):
        told = [draw.choice(pool)]
        while sum(len(one.encode()) + 1 for one in told) < SIZE - 60:
            told.append(draw.choice(pool))
        chance = draw.random()
        if recent and chance < REPOSTED:
            told = [told[0], *draw.choice(recent)[1:-1]]
        elif recent and chance < REPOSTED + RETOLD:
            told = told[: len(told) // 2] + draw.choice(recent)[: len(told) // 2]
        recent = [*recent[-40:], told]
        ago = timedelta(minutes=draw.randrange(60)) if new else timedelta(days=number / per_day)
        yield _article(f"{'n' if new else 'a'}{number:09}", draw.choice(SOURCES), NOW - ago, told)


def _article(id: str, source: str, published: datetime, told: Sequence[str]) -> Article:
    text = "\n".join(told[2:])
    return Article(
        id=id,
        source=source,
        url=f"https://{source}.example.vn/{id}.htm",
        ref=id,
        title=" ".join(told[0].split()[:12]),
        lead=told[1],
        author="",
        published=published.replace(microsecond=0),
        precision="minute",
        modified=None,
        body=SafeHtml("".join(f"<p>{one}</p>" for one in told[2:])),
        text=text,
        digest="0" * 64,
        fetched_at=published,
        reader="bench",
    )


# --- the archive -----------------------------------------------------------------------------------------


ARTICLE = """INSERT INTO articles (id, source, url, ref, title, published, precision, digest, text_digest, revision,
    fetched_at, first_seen, alive_at, status, images, attachments, doubts, lead, body)
    VALUES (?, ?, ?, ?, ?, ?, 'minute', '', ?, 1, ?, ?, ?, 'live', '[]', '[]', '[]', ?, ?)"""
REVISION = """INSERT INTO revisions (article, number, title, text_digest, seen_at, lead, text)
    VALUES (?, 1, ?, ?, ?, ?, ?)"""
EVIDENCE = json.dumps([["text", 0, 7, "Bản tin"]])


def build(file: Path, size: int, per_day: float) -> None:
    """A database of so many articles, each a story of its own. Written in bulk, past the store's door."""
    open_store(f"sqlite:///{file}", clock=lambda: NOW).close()
    raw = sqlite3.connect(file)
    raw.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -100000;")
    raw.executescript("PRAGMA foreign_keys = OFF; CREATE TEMP TABLE keys (key INTEGER, place INTEGER);")
    batch: list[Article] = []
    for one in articles(size, per_day, random.Random(1)):
        batch.append(one)
        if len(batch) == 5000:
            _insert(raw, batch)
            batch = []
    _insert(raw, batch)
    raw.execute("INSERT OR IGNORE INTO sketch_keys SELECT key, place FROM keys ORDER BY key, place")
    raw.execute("INSERT OR REPLACE INTO memo (key, value) VALUES ('sketches', ?)", (sketches.RULE,))
    raw.commit()
    raw.execute("PRAGMA journal_mode = WAL")
    raw.close()


def _insert(raw: sqlite3.Connection, batch: Sequence[Article]) -> None:
    at = {one.id: (one.published - EPOCH) // timedelta(microseconds=1) for one in batch}
    raw.executemany(ARTICLE, [_row(one, at[one.id]) for one in batch])
    raw.executemany(REVISION, [(a.id, a.title, a.text_digest, at[a.id], a.lead, a.text) for a in batch])
    raw.executemany(
        "INSERT INTO tags (article, kind, tag, position, label, evidence) VALUES (?, 'topic', ?, ?, ?, ?)",
        [(one.id, f"chu-de-{n}", n, "Chủ đề", EVIDENCE) for one in batch for n in range(4)],
    )
    raw.executemany("INSERT INTO stories (id, first_seen, changed_at, mark) VALUES (?, ?, ?, 0)",
                    [(id, time, time) for id, time in at.items()])  # fmt: skip
    raw.executemany("INSERT INTO members (article, story, position) VALUES (?, ?, 0)", [(id, id) for id in at])
    made = [_sketch(one) for one in batch]
    raw.executemany("INSERT INTO sketches VALUES (?, ?, ?)", [(one.article, one.place, one.rule) for one in made])
    kept = [_gist(one) for one in batch]
    raw.executemany("INSERT INTO gists VALUES (?, ?, ?)", [(one.article, one.glance, one.sentences) for one in kept])
    raw.executemany("INSERT INTO keys VALUES (?, ?)", [(key, one.place) for one in made for key in one.keys])
    raw.commit()


def _sketch(one: Article) -> Sketch:
    """Its own where a new article may meet it; for what is older as many keys drawn at random, to build in time."""
    if NOW - one.published < REAL:
        return sketches.sketch(one)
    draw = random.Random(one.id)
    place = (one.published - EPOCH) // timedelta(seconds=1) << sketches.PLACE_BITS | draw.getrandbits(24) << 1
    return Sketch(one.id, place, tuple(draw.getrandbits(31) for _ in range(KEYS)), sketches.RULE)


def _gist(one: Article) -> Gist:
    """As it is kept once the article was compared closely; for what is older that of one article, to build in time."""
    if NOW - one.published >= REAL:
        return replace(_some_gist(), article=one.id)
    compared = Compared(Told(one, (), one.published))
    assert compared.sentences
    return compared.gist


@cache
def _some_gist() -> Gist:
    return _gist(next(articles(1, 1, random.Random(3), new=True)))


def _row(one: Article, at: int) -> tuple[object, ...]:
    seen = (at, at, at)
    return (one.id, one.source, one.url, one.ref, one.title, at, one.text_digest, *seen, one.lead, str(one.body))


# --- measuring -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of CPU an article and what the process held at most, in MB. `alone`: one article a visit."""

    size: int
    per_day: float
    clean: float
    tags: float
    sketch: float
    rest: float
    alone: float
    links: int
    peak_mb: float
    disk_mb: float

    @property
    def whole(self) -> float:
        """Of an article in a full visit, tagging included."""
        return self.clean + self.tags + self.sketch + self.rest


def measure(file: Path, size: int, per_day: float, count: int) -> Cost:
    """Refine `count` new articles in full visits, then a few one at a time, each committed."""
    store = open_store(f"sqlite:///{file}", clock=lambda: NOW)
    made = list(articles(count + 60, per_day, random.Random(2), new=True))
    source = Source(id="moh", name="Nguồn", kind="feed", home="https://moh.example.vn",
                    sections=(Section(url="https://moh.example.vn/rss"),))  # fmt: skip
    start = time.process_time()
    for one in made:
        normalise.article(_draft(one), source)
    clean = time.process_time() - start
    tagger = wiring.tagger()
    tagger.tags(made[0])
    start = time.process_time()
    tagged = {one.id: tagger.tags(one) for one in made}
    tags = time.process_time() - start
    start = time.process_time()
    for one in made:
        sketches.sketch(one)
    sketching = time.process_time() - start
    ports = Ports(FakeFetcher({}), store, PlainWriter(file.parent), lambda: NOW, wiring.tagger, {}, "bench")
    whole = sum(_visits(ports, tagged, made[:count], VISIT)) - sketching * count / len(made)
    alone = _visits(ports, tagged, made[count:], 1)
    links = len(store.ties([one.id for one in made]))
    store.close()
    ms = 1000 / len(made)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(
        size, per_day, clean * ms, tags * ms, sketching * ms, whole * 1000 / count, median(alone) * 1000, links, peak,
        file.stat().st_size / 2**20,
    )  # fmt: skip


def _draft(one: Article) -> Draft:
    at = one.published.isoformat()
    return Draft("moh", one.url, one.ref, one.title, one.lead, "", at, "", str(one.body), one.url, "", NOW, "feed")


def _visits(
    ports: Ports, tags: Mapping[str, tuple[TagMatch, ...]], made: Sequence[Article], at_once: int
) -> list[float]:
    """Seconds of CPU of each visit: admitted and committed."""
    spent = []
    for first in range(0, len(made), at_once):
        verdicts = tuple(Verdict(one, "new", "lần đầu thấy") for one in made[first : first + at_once])
        start = time.process_time()
        changes: Changes = grouping.admit(verdicts, tags, {}, ports)
        state = SourceState("moh", health="ok")
        ports.store.commit(Visit("bench", "moh", NOW, NOW, "ok"), replace(changes, state=state))
        spent.append(time.process_time() - start)
    return spent


# --- the report ------------------------------------------------------------------------------------------


def main() -> None:
    """Build and measure each archive in a process of its own; print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,10000,100000,200000", help="articles stored, comma between")
    parser.add_argument("--per-day", default="60,1000", help="articles a day, comma between: an archive each")
    parser.add_argument("--new", type=int, default=400, help="new articles refined in full visits")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        _one(int(arguments.one[0]), float(arguments.one[1]), arguments.new)
        return
    for per_day in arguments.per_day.split(","):
        sys.stdout.write(HEAD)
        costs = []
        for size in arguments.sizes.split(","):
            command = [sys.executable, "-m", __spec__.name, "--one", size, per_day, "--new", str(arguments.new)]
            told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            costs.append(Cost(**json.loads(told)))
            sys.stdout.write(_row_of(costs[-1]))
            sys.stdout.flush()
        sys.stdout.write("".join(f"  {line}\n" for line in _aims(costs)))


HEAD = (
    "  stored  a day | ms an article: clean   tags  sketch   rest   whole | a second, untagged | alone ms"
    " | links | peak MB | file MB\n"
)


def _one(size: int, per_day: float, count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="refine-bench-") as folder:
        file = Path(folder) / "tin.db"
        subprocess.run([sys.executable, "-c", BUILD, str(file), str(size), str(per_day)], check=True)
        cost = measure(file, size, per_day, count)
    sys.stdout.write(json.dumps(asdict(cost)))


def _row_of(cost: Cost) -> str:
    untagged = cost.whole - cost.tags
    return (
        f"{cost.size:8} {cost.per_day:6.0f} | {cost.clean:19.2f} {cost.tags:6.2f} {cost.sketch:7.2f} {cost.rest:6.2f}"
        f" {cost.whole:7.2f} | {1000 / cost.whole:8.0f} {1000 / untagged:9.0f} | {cost.alone:8.2f} | {cost.links:5} |"
        f" {cost.peak_mb:7.0f} | {cost.disk_mb:7.0f}\n"
    )


def _aims(costs: Sequence[Cost]) -> Iterator[str]:
    """What was aimed at (issue 4), and what a million stored articles need, by the slope between first and last."""
    first, last = costs[0], costs[-1]
    near = min(costs, key=lambda cost: abs(cost.size - 100_000))
    speed, growth = 1000 / near.whole, near.whole / first.whole
    yield f"{speed:.0f} articles a second beside {near.size:,} stored (aim 800): {'met' if speed >= 800 else 'MISSED'}"
    yield f"{growth:.2f} times the first at {near.size:,} (aim 1.5): {'met' if growth <= 1.5 else 'MISSED'}"
    if last.size > first.size:
        slope = (last.peak_mb - first.peak_mb) / (last.size - first.size)
        memory, disk = last.peak_mb + slope * (MILLION - last.size), last.disk_mb / last.size * MILLION / 1024
        yield f"at {MILLION:,} stored, by calculation: {memory:.0f} MB of memory, {disk:.1f} GB of disk"


BUILD = (
    "import sys, pathlib; from tests.bench.refine_bench import build;"
    "build(pathlib.Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))"
)

if __name__ == "__main__":
    main()
