"""An archive of made-up stories for publishing: written in bulk, past the store's door, and shelved by it.

Every story carries a topic or two, a disease, a province and a commune, an authority, every third a document: few of
them often, most of them seldom, as in the demo. 40 stories a day: the least archive fills a week and a month too.
"""

import json
import random
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from aggregator.model import Pending
from aggregator.publish.bulletin import shelve
from aggregator.settings import Agreement, Config, Section, Site, Source
from aggregator.store.database import open_store
from aggregator.store.schema import EPOCH
from aggregator.text import slug
from tests.bench import texts

NOW = datetime(2026, 10, 29, 5, tzinfo=UTC)
PER_DAY = 40
SOURCES = 20
DISTINCT = 2_000  # titles and texts that an archive draws from: what is said matters to nobody here
KINDS = {"topic": 25, "disease": 60, "place": 160, "authority": 40}  # how many tags there are of a kind
OF_EACH = {"topic": 2, "disease": 1, "place": 2, "authority": 1}
SHELVED = 2_000  # stories placed in one transaction


@dataclass(frozen=True, slots=True)
class Made:
    """A story of one telling, as it is put into the tables; `tags` are kind and number."""

    id: str
    source: str
    published: datetime
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    tags: tuple[tuple[str, str, str], ...]


def config(folder: Path, base_url: str = "https://bantin.example.vn/") -> Config:
    """Twenty sources whose texts may be shown in full."""
    agreement = Agreement(number="01/TT", starts=date(2020, 1, 1), ends=date(2035, 12, 31), scope="full")
    return Config(
        database=f"sqlite:///{folder / 'tin.db'}",
        output=str(folder / "output"),
        site=Site(base_url=base_url),
        sources=tuple(
            Source(
                id=f"nguon-{number:02}",
                name=f"Sở Y tế số {number}",
                kind="feed",
                home=f"https://nguon-{number:02}.example.vn/",
                sections=(Section(url=f"https://nguon-{number:02}.example.vn/rss"),),
                authority=40 + number,
                window=timedelta(days=36_500),
                embargo=timedelta(0),
                agreement=agreement,
            )
            for number in range(SOURCES)
        ),
    )


def made(count: int, *, seed: int = 1, prefix: str = "a", newest: datetime = NOW) -> Iterator[Made]:
    """Stories, the newest first, at a daily rate back from `newest`."""
    draw = random.Random(seed)
    told = [
        (texts.headline(draw), texts.sentence(draw), tuple(texts.paragraphs(draw))) for _ in range(min(count, DISTINCT))
    ]
    for number in range(count):
        title, lead, paragraphs = told[number % len(told)]
        at = newest - timedelta(days=number / PER_DAY)
        yield Made(
            id=f"{prefix}{number:011}",
            source=f"nguon-{draw.randrange(SOURCES):02}",
            published=at.replace(microsecond=0),
            title=title,
            lead=lead,
            paragraphs=paragraphs,
            tags=tuple(_tags(number, draw)),
        )


def _tags(number: int, draw: random.Random) -> Iterator[tuple[str, str, str]]:
    for kind, many in KINDS.items():
        weights = [1 / (place + 1) for place in range(many)]
        for chosen in sorted(set(draw.choices(range(many), weights, k=OF_EACH[kind]))):
            yield kind, f"so-{chosen}", f"Mục {kind} số {chosen}"
    if number % 3 == 0:
        label = f"{number // 6}/QĐ-BYT"
        yield "document", slug(label), label


def build(file: Path, count: int) -> None:
    """A database of so many stories that were all published already, but for the files."""
    open_store(f"sqlite:///{file}", clock=lambda: NOW).close()
    raw = sqlite3.connect(file)
    raw.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;")
    batch: list[Made] = []
    for one in made(count):
        batch.append(one)
        if len(batch) == SHELVED:
            insert(raw, batch)
            batch = []
    insert(raw, batch)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.close()


ARTICLE = """INSERT INTO articles (id, source, url, ref, title, published, precision, digest, text_digest, revision,
    fetched_at, first_seen, alive_at, status, language, images, attachments, doubts, lead, body)
    VALUES (?, ?, ?, ?, ?, ?, 'minute', '', '', 1, ?, ?, ?, 'live', 'vi', '[]', '[]', '[]', ?, ?)"""


def insert(raw: sqlite3.Connection, batch: Sequence[Made], mark: int = 0) -> None:
    """The rows of these stories; `mark` above that of the last placing makes them pending."""
    at = {one.id: (one.published - EPOCH) // timedelta(microseconds=1) for one in batch}
    raw.executemany(
        ARTICLE,
        [
            (one.id, one.source, f"https://{one.source}.example.vn/{one.id}.htm", one.id, one.title, at[one.id])
            + (at[one.id],) * 3
            + (one.lead, "".join(f"<p>{words}</p>" for words in one.paragraphs))
            for one in batch
        ],
    )
    raw.executemany(
        """INSERT INTO revisions (article, number, title, text_digest, seen_at, lead, text)
        VALUES (?, 1, ?, '', ?, ?, ?)""",
        [(one.id, one.title, at[one.id], one.lead, "\n".join(one.paragraphs)) for one in batch],
    )
    raw.executemany(
        "INSERT INTO tags (article, kind, tag, position, label, evidence) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (one.id, kind, tag, place, label, json.dumps([["title", 0, 7, one.title[:7]]]))
            for one in batch
            for place, (kind, tag, label) in enumerate(one.tags)
        ],
    )
    raw.executemany(
        "INSERT INTO stories (id, first_seen, changed_at, mark) VALUES (?, ?, ?, ?)",
        [(id, time, time, mark) for id, time in at.items()],
    )
    raw.executemany("INSERT INTO members (article, story, position) VALUES (?, ?, 0)", [(id, id) for id in at])
    raw.commit()


def shelve_all(file: Path, settings: Config) -> None:
    """Place every story where it stands, as a full rebuild would, and leave no work behind."""
    store = open_store(f"sqlite:///{file}", clock=lambda: NOW)
    whole: Pending = store.everything()
    for start in range(0, len(whole.stories), SHELVED):
        stories = store.stories(whole.stories[start : start + SHELVED])
        store.place([shelve(story, settings, NOW) for story in stories], (), 0)
        store.published({}, (), store.dirty(), {})
    store.place((), (), whole.mark)
    store.close()
