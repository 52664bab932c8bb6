"""Weeks of three invented sources by a stepped clock, a run every ten minutes: what is taken down, and how soon.

Every kind of withdrawal at every age, silent corrections, flaps of some hours, an outage and a firewall's mood of each
source, a mass withdrawal, and a portal that is moved half way. The visits' log proves how many re-checks there were.
"""

import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from html import escape
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from aggregator import pipeline
from aggregator.cli import wiring
from aggregator.collect import reply as replies
from aggregator.collect.reply import Reply
from aggregator.errors import SourceError
from aggregator.model import Answer, Removal, Request
from aggregator.pipeline import Ports
from aggregator.refine import identity
from aggregator.settings import Config, Section, Source
from aggregator.steps import watching
from aggregator.store.database import open_store
from tests import make
from tests.fakes import NOON
from tests.fakes_publish import MemoryWriter

STEP, HALF_HOUR, HOUR, DAY = timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)
DAYS = 11  # in which articles come
TAIL = timedelta(hours=30)  # the clock goes on for so long after them: the old are looked at daily
A_DAY = 11  # articles a source and day
LAST = NOON + DAYS * DAY + TAIL
AT_ONCE = 8  # articles that one source takes down in one moment
KINDS = ("410", "404", "notice", "soft 404", "front page", "elsewhere")
WINDOW = timedelta(days=7)
PROMISE = timedelta(hours=3)
AGES = ("first day", "in its window", "older", "while silent")
NOTICE = "Bài viết này đã được gỡ bỏ theo yêu cầu của cơ quan cung cấp thông tin."
_SAID = (
    "trạm y tế xã tiêm phòng trẻ em bác sĩ khám sàng lọc huyết áp sốt xuất huyết lăng quăng phun hoá chất "
    "nước sạch bếp ăn trường học vắc xin sởi cúm mùa tay chân miệng truyền thông tập huấn cấp cứu chuyển "
    "tuyến thuốc kê đơn bảo hiểm thẻ người cao tuổi dinh dưỡng sữa mẹ thai sản răng miệng mắt học đường "
    "hiến máu ngộ độc kiểm tra lấy mẫu giám sát ổ dịch"
)
WORDS = _SAID.split()


@dataclass
class Fate:
    """One article of a source: when it appeared, and what its source does to it (`back`: a flap's end)."""

    source: str
    number: int
    time: datetime
    title: str
    text: str
    kind: str = ""
    gone: datetime | None = None
    back: datetime | None = None
    corrected: datetime | None = None
    moved: bool = False

    def is_gone(self, now: datetime) -> bool:
        return self.gone is not None and self.gone <= now and (self.back is None or now < self.back)


@dataclass
class World:
    """All articles, and the hours in which a source does not answer, or denies everything."""

    fates: list[Fate]
    outages: dict[str, tuple[datetime, datetime]]
    moods: dict[str, tuple[datetime, datetime]]
    migration: datetime
    by: dict[tuple[str, int], Fate] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by = {(one.source, one.number): one for one in self.fates}


def made() -> World:
    """The world, the same every time."""
    draw = random.Random(20261020)
    fates = [_fate(draw, source, day, at) for source in SOURCES for day in range(DAYS) for at in range(A_DAY)]
    for one in fates:
        _doom(one, draw)
    at_once = NOON + 6 * DAY + HALF_HOUR
    standing = [
        one for one in fates if one.source == "a" and at_once - 3 * DAY < one.time < at_once < (one.gone or LAST)
    ]
    for one in standing[:AT_ONCE]:
        one.kind, one.gone, one.back, one.corrected = "410", at_once, None, None
    for one in fates:
        one.moved = one.source == "c" and one.number % 2 == 0
    outages = {id: (NOON + (4 + at) * DAY, NOON + (4 + at) * DAY + 5 * HOUR) for at, id in enumerate(SOURCES)}
    moods = {id: (NOON + (8 + at) * DAY, NOON + (8 + at) * DAY + 4 * HOUR) for at, id in enumerate(SOURCES)}
    return World(fates, outages, moods, NOON + 7 * DAY + 3 * HOUR)


SOURCES = ("a", "moh", "c")


def _fate(draw: random.Random, source: str, day: int, at: int) -> Fate:
    number = 10_000 + 100 * day + at
    time = NOON + day * DAY + HOUR * draw.choice((0, 19))
    title = " ".join(draw.sample(WORDS, 9)).capitalize()
    text = ". ".join(" ".join(draw.sample(WORDS, 14)).capitalize() for _ in range(5))
    return Fate(source, number, time, f"{title} {source}{number}", text)


def _doom(one: Fate, draw: random.Random) -> None:
    """Most are withdrawn some time, on the half hour; some flap for some hours, some are corrected silently."""
    dice, left = draw.random(), NOON + DAYS * DAY - one.time
    age = draw.choice((HOUR * draw.uniform(1, 23), DAY * draw.uniform(1, 6.8), DAY * draw.uniform(7, 10)))
    age = age if age < left else left * draw.uniform(0.1, 1)
    at = one.time + -(-age // HALF_HOUR) * HALF_HOUR
    if dice < 0.88:
        one.gone, one.kind = at, "denied" if one.source == "moh" else draw.choice(KINDS)
    elif dice < 0.93:
        one.gone, one.back, one.kind = at, at + HOUR * draw.uniform(0.3, 4), "denied" if one.source == "moh" else "404"
    else:
        one.corrected = at


class Sites:
    """ports.Fetcher over a world; `checks` are the re-checks that were sent, as (time, host)."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now = NOON
        self.checks: list[tuple[datetime, str]] = []
        self._spent: Counter[str] = Counter()

    def fetch(self, request: Request, source: Source) -> Answer:
        self._spent[source.id] += 1
        if request.purpose == "recheck":
            self.checks.append((self.now, source.id))
        start, end = self.world.outages[source.id]
        if start <= self.now < end:
            raise SourceError("timeout", f"{request.url} did not answer", request.url)
        return self._asked(request, source)

    def spent(self, source: str) -> tuple[int, int]:
        return self._spent[source], 0

    def _asked(self, request: Request, source: Source) -> Answer:
        if source.kind == "moh_bridge":
            return self._answered(request, request.url, 200, self._bridge(request), "application/json")
        path = urlsplit(request.url).path
        if path == "/rss":
            return self._answered(request, request.url, 200, self._feed(source.id), "text/xml")
        return self._page(request, source.id, path)

    def _mood(self, source: str) -> bool:
        start, end = self.world.moods[source]
        return start <= self.now < end

    def _standing(self, source: str) -> Iterator[Fate]:
        newest = sorted(
            (one for one in self.world.fates if one.source == source), key=lambda one: one.time, reverse=True
        )
        return (one for one in newest if one.time <= self.now and not one.is_gone(self.now))

    def _feed(self, source: str) -> str:
        rows = [one for one, _ in zip(self._standing(source), range(25), strict=False)]
        items = "".join(
            f"<item><title>{escape(one.title)}</title><link>{self._url(one)}</link>"
            f"<pubDate>{one.time:%a, %d %b %Y %H:%M:00} +0000</pubDate></item>"
            for one in rows
        )
        return f'<rss version="2.0"><channel>{items}</channel></rss>'

    def _url(self, one: Fate) -> str:
        new = one.moved and self.now >= self.world.migration
        return f"https://{one.source}.example.vn/{'moi/bai' if new else 'bai'}-{one.number + 50_000 * new}.htm"

    def _page(self, request: Request, source: str, path: str) -> Answer:
        number = int(path.rpartition("-")[2].removesuffix(".htm"))
        one = self.world.by[source, number - 50_000 if number > 50_000 else number]
        if self._mood(source):
            return self._answered(request, request.url, 404, "", "text/html")
        if one.is_gone(self.now):
            return self._denied(request, one)
        hops = ((301, request.url),) if self._url(one) != request.url else ()
        text = one.text + (" Đã sửa số liệu." if one.corrected and self.now >= one.corrected else "")
        when = f"<time datetime='{one.time.isoformat()}'>{one.time + timedelta(hours=7):%d/%m/%Y %H:%M}</time>"
        body = f"<html><head><title>{one.title}</title></head><body><article><h1>{one.title}</h1>{when}<p>{text}</p>"
        return self._answered(request, self._url(one), 200, f"{body}</article></body></html>", "text/html", hops)

    def _denied(self, request: Request, one: Fate) -> Answer:
        home, away = f"https://{one.source}.example.vn/", f"https://{one.source}.example.vn/chuyen-muc"
        hops = ((302, request.url),)
        bare = "<html><head><title>Mục lục</title></head><body><p>Các chuyên mục</p></body></html>"
        missing = (
            "<html><head><title>Không tìm thấy trang</title></head><body><h1>Không tìm thấy trang</h1></body></html>"
        )
        notice = f"<html><head><title>Thông báo</title></head><body><div><p>{NOTICE}</p></div></body></html>"
        said = {
            "410": (request.url, 410, "", ()),
            "404": (request.url, 404, "", ()),
            "notice": (request.url, 200, notice, ()),
            "soft 404": (request.url, 200, missing, ()),
            "front page": (home, 200, bare, hops),
            "elsewhere": (away, 200, bare, hops),
        }
        url, status, body, path = said[one.kind]
        return self._answered(request, url, status, body, "text/html", path)

    def _bridge(self, request: Request) -> str:
        asked = json.loads(request.body)
        if "maBaiViet" not in asked:
            rows = [one for one, _ in zip(self._standing("moh"), range(25), strict=False)]
            items = [{"MA": str(one.number), "TIEU_DE": one.title, "MO_TA": "", "MA_DANH_MUC": "8358",
                      "THOI_GIAN_XUAT_BAN": _local(one.time)} for one in rows]  # fmt: skip
            return json.dumps([{"MA": "8358", "TEN_MUC": "Tin", "ITEMS": items}], ensure_ascii=False)
        one = self.world.by["moh", int(asked["maBaiViet"])]
        if one.is_gone(self.now) or self._mood("moh"):
            return json.dumps({"d": None})
        text = one.text + (" Đã sửa số liệu." if one.corrected and self.now >= one.corrected else "")
        told = {"ma": str(one.number), "tieuDe": one.title, "moTa": "", "thoiGianBatDauDang": _local(one.time)}
        return json.dumps({"d": {**told, "noiDung": f"<p>{text}</p>"}}, ensure_ascii=False)

    def _answered(
        self, request: Request, url: str, status: int, body: str, kind: str, hops: tuple[tuple[int, str], ...] = ()
    ) -> Answer:
        raw = body.encode()
        tag = f'"{hash(raw)}"' if status == 200 and request.method == "GET" and not hops else ""
        headers = (("content-type", kind), *((("etag", tag),) if tag else ()))
        status = 304 if tag and tag == request.validator.etag else status
        return replies.answer(Reply(url, status, headers, raw, self.now), request, hops)


def _local(at: datetime) -> str:
    return f"{at + timedelta(hours=7):%d/%m/%Y %I:%M %p}"


@dataclass(frozen=True)
class Found:
    """What came of the weeks. `latency` is by age at the deletion; `late` are shown longer than three hours.

    `logged` are the re-checks that the log of visits tells of at the time when they were sent.
    """

    deletions: int
    missed: tuple[str, ...]
    false: tuple[str, ...]
    late: tuple[str, ...]
    latency: dict[str, list[timedelta]]
    checks: int
    logged: int
    most_a_day: dict[str, int]
    a_thousand: float
    corrections: int
    uncorrected: tuple[str, ...]


@cache
def found() -> Found:
    """The weeks, run once."""
    with tempfile.TemporaryDirectory() as folder:
        return _run(made(), Path(folder))


def _sources() -> list[Source]:
    common = {"pause": "0s", "embargo": "0s", "window": "7d", "every": "1h"}
    feeds = [make.source(id, article_pattern=r"bai-(\d+)\.htm$", **common) for id in ("a", "c")]
    moh = make.source("moh", kind="moh_bridge", home="https://moh.gov.vn/", sections=(Section(id="8358"),), **common)
    return [feeds[0], moh, feeds[1]]


def _run(world: World, folder: Path) -> Found:
    config = make.config(*_sources())
    sites = Sites(world)
    store = open_store(f"sqlite:///{folder / 'a.db'}", clock=lambda: sites.now)
    ranks = wiring.authorities(config)
    ports = Ports(sites, store, MemoryWriter(), lambda: sites.now, wiring.tagger, ranks, "run")
    shown: list[float] = []
    try:
        while sites.now < LAST:
            _cycle(config, ports)
            sites.now += STEP
            shown.append(float(sum(NOON < one.time <= sites.now < one.time + WINDOW for one in world.fates)))
        removals = store.removals(100_000)
        visits = store.visits(1_000_000)
        told = {telling.article.title: len(telling.revisions) for _, telling, _ in store.export(None)}
        logged = Counter({(visit.started_at, visit.source): visit.checks for visit in visits})
        return _judged(world, sites, removals, (logged & Counter(sites.checks)).total(), told, shown)
    finally:
        store.close()


def _cycle(config: Config, ports: Ports) -> None:
    """A run as pipeline.run makes it; but where nothing is withdrawn, it is published every three hours only."""
    visits, _ = pipeline.gather(config, ports, lambda *_: None)
    watching.keep(config, ports)
    now = ports.clock()
    if (now.hour % 3 == 0 and now.minute == 0) or any(visit.withdrawn for visit in visits):
        pipeline.publish(config, ports)


def _judged(
    world: World, sites: Sites, removals: tuple[Removal, ...], logged: int, told: dict[str, int], shown: list[float]
) -> Found:
    ids = {_id(one, world.migration): one for one in world.fates}
    ids_of = {one.title: id for id, one in ids.items()}
    by: dict[str, list[Removal]] = {}
    for removal in removals:
        by.setdefault(removal.article, []).append(removal)
    latency: dict[str, list[timedelta]] = {}
    missed, late = [], []
    dead = [one for one in world.fates if one.gone and not one.back and one.title in told]
    for one in dead:
        assert one.gone is not None
        spans = [at - one.gone for removal in by.get(ids_of[one.title], ()) if (at := _everywhere(removal))]
        if not spans:
            missed.append(f"{one.source} {one.number} {one.kind}")
            continue
        age = _age(world, one)
        latency.setdefault(age, []).append(spans[0])
        if spans[0] > PROMISE and age in AGES[:2]:
            late.append(f"{one.source} {one.number} {one.kind} {spans[0]}")
    false = [
        f"{one.source} {one.number} {one.kind} {removal.seen_at}"
        for id, one in ids.items()
        for removal in by.get(id, ())
        if not one.is_gone(removal.seen_at) or (removal.lifted_at is None and one.back and one.back + DAY < sites.now)
    ]
    days = Counter((at.date(), source) for at, source in sites.checks)
    most = {source: max(count for (_, who), count in days.items() if who == source) for source in SOURCES}
    mended = [one for one in world.fates if one.corrected and one.corrected < one.time + WINDOW and one.title in told]
    mean = sum(shown) / len(shown)
    a_day = len(sites.checks) / ((LAST - NOON) / DAY)
    return Found(
        len(dead), tuple(missed), tuple(false), tuple(late), latency, len(sites.checks), logged, most,
        a_day / mean * 1000, len(mended), tuple(str(one.number) for one in mended if told[one.title] < 2),
    )  # fmt: skip


def _everywhere(removal: Removal) -> datetime | None:
    """When the last page, list, feed and embed had dropped it; None while one shows it, or where it was taken back."""
    dropped = [at for _, at in removal.outputs]
    if removal.lifted_at is not None or None in dropped:
        return None
    return max([removal.seen_at, *(at for at in dropped if at is not None)])


def _id(one: Fate, migration: datetime) -> str:
    """The id under which it is first seen: one that appears after the move has never had another address."""
    number = one.number + 50_000 * (one.moved and one.time >= migration)
    return identity.article_id(one.source, str(number), "")


def _age(world: World, one: Fate) -> str:
    """Of AGES. The last two are those of which only title and link stand here when the three hours end."""
    assert one.gone is not None
    silent = (world.outages[one.source], world.moods[one.source])
    if any(start - PROMISE <= one.gone < end + HOUR for start, end in silent):
        return AGES[3]
    age = one.gone - one.time
    return AGES[2] if age + PROMISE >= WINDOW else AGES[0] if age < DAY else AGES[1]


def report() -> str:
    """Latency by age beside the requests, with every miss and every false withdrawal."""
    got = found()
    lines = [
        f"{DAYS} days of {len(SOURCES)} sources, a run every 10 minutes: {got.deletions} deletions, "
        f"{len(got.missed)} missed, {len(got.false)} false, {len(got.late)} of what was shown beyond three hours",
        f"  corrections: {got.corrections}, not seen {len(got.uncorrected)}",
        "  age at the deletion   count   median   longest (hours from the source's removal to ours, everywhere)",
    ]
    for age in AGES:
        spans = sorted(got.latency.get(age, [timedelta(0)]))
        lines.append(f"  {age:<20}  {len(spans):>5}   {median(spans) / HOUR:>6.2f}   {spans[-1] / HOUR:>7.2f}")
    most = ", ".join(f"{source} {count}" for source, count in got.most_a_day.items())
    lines.append('  "older" and "while silent" (an outage, a host that denies everything) are told by title and link')
    lines.append(
        f"  re-checks: {got.checks} sent, {got.logged} in the log of visits at their time; a host's fullest day: {most}"
    )
    lines.append(
        f"  a day for 1,000 articles of seven days: {got.a_thousand:,.0f}; at most checks_a_day (6,000) a source"
    )
    lines += [f"  {what}: {one}" for what, told in (("missed", got.missed), ("false", got.false), ("late", got.late))
              for one in told[:10]]  # fmt: skip
    return "\n".join(lines)
