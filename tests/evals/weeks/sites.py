"""The three sites as they answer at a moment: two with a feed and pages, one behind the ministry's bridge."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import escape
from urllib.parse import urlsplit

from aggregator.collect import reply as replies
from aggregator.collect.reply import Reply
from aggregator.errors import SourceError
from aggregator.model import Answer, Request
from aggregator.settings import Source
from tests.evals.weeks.world import NEW_ADDRESS, Fate, World
from tests.fakes import NOON

IN_LIST = 25  # articles in a feed or listing
NOTICE = "Bài viết này đã được gỡ bỏ theo yêu cầu của cơ quan cung cấp thông tin."
BARE = "<html><head><title>Mục lục</title></head><body><p>Các chuyên mục</p></body></html>"
MISSING = "<html><head><title>Không tìm thấy trang</title></head><body><h1>Không tìm thấy trang</h1></body></html>"
TAKEN_DOWN = f"<html><head><title>Thông báo</title></head><body><div><p>{NOTICE}</p></div></body></html>"


class Sites:
    """ports.Fetcher over a world. What was sent, in order: every request (time, source), re-checks with the number."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now = NOON
        self.sent: list[tuple[datetime, str]] = []
        self.checks: list[tuple[datetime, str, int]] = []
        self._spent: Counter[str] = Counter()

    def fetch(self, request: Request, source: Source) -> Answer:
        self._spent[source.id] += 1
        self.sent.append((self.now, source.id))
        if request.purpose == "recheck":
            self.checks.append((self.now, source.id, _number(request)))
        start, end = self.world.outages[source.id]
        if start <= self.now < end:
            raise SourceError("timeout", f"{request.url} did not answer", request.url)
        if source.kind == "moh_bridge":
            return self._answered(request, request.url, 200, self._bridge(request), "application/json")
        path = urlsplit(request.url).path
        if path == "/rss":
            return self._answered(request, request.url, 200, self._feed(source.id), "text/xml")
        return self._page(request, source.id)

    def spent(self, source: str) -> tuple[int, int]:
        return self._spent[source], 0

    def _mood(self, source: str) -> bool:
        start, end = self.world.moods[source]
        return start <= self.now < end

    def _listed(self, source: str) -> Iterator[Fate]:
        """The newest that stand."""
        own = (one for one in self.world.fates if one.source == source and one.time <= self.now)
        newest = sorted(own, key=lambda one: (one.time, one.number), reverse=True)
        standing = (one for one in newest if not one.is_gone(self.now))
        return (one for one, _ in zip(standing, range(IN_LIST), strict=False))

    def _feed(self, source: str) -> str:
        items = "".join(
            f"<item><title>{escape(one.title)}</title><link>{self._url(one)}</link>"
            f"<pubDate>{one.time:%a, %d %b %Y %H:%M:00} +0000</pubDate></item>"
            for one in self._listed(source)
        )
        return f'<rss version="2.0"><channel>{items}</channel></rss>'

    def _url(self, one: Fate) -> str:
        new = one.moved and self.now >= self.world.migration
        return f"https://{one.source}.example.vn/{'moi/bai' if new else 'bai'}-{one.number + NEW_ADDRESS * new}.htm"

    def _page(self, request: Request, source: str) -> Answer:
        one = self.world.by[source, _number(request)]
        if self._mood(source):
            return self._answered(request, request.url, 404, "", "text/html")
        if one.is_gone(self.now):
            return self._denied(request, one)
        hops = ((301, request.url),) if self._url(one) != request.url else ()
        when = f"<time datetime='{one.time.isoformat()}'>{one.time + timedelta(hours=7):%d/%m/%Y %H:%M}</time>"
        told = f"<h1>{one.title}</h1>{when}<p>{one.told(self.now)}</p>"
        body = f"<html><head><title>{one.title}</title></head><body><article>{told}</article></body></html>"
        return self._answered(request, self._url(one), 200, body, "text/html", hops)

    def _denied(self, request: Request, one: Fate) -> Answer:
        home, away = f"https://{one.source}.example.vn/", f"https://{one.source}.example.vn/chuyen-muc"
        hops = ((302, request.url),)
        said = {
            "410": (request.url, 410, "", ()),
            "404": (request.url, 404, "", ()),
            "notice": (request.url, 200, TAKEN_DOWN, ()),
            "soft 404": (request.url, 200, MISSING, ()),
            "front page": (home, 200, BARE, hops),
            "elsewhere": (away, 200, BARE, hops),
        }
        url, status, body, path = said[one.kind]
        return self._answered(request, url, status, body, "text/html", path)

    def _bridge(self, request: Request) -> str:
        asked = json.loads(request.body)
        if "maBaiViet" not in asked:
            items = [{"MA": str(one.number), "TIEU_DE": one.title, "MO_TA": "", "MA_DANH_MUC": "8358",
                      "THOI_GIAN_XUAT_BAN": _local(one.time)} for one in self._listed("moh")]  # fmt: skip
            return json.dumps([{"MA": "8358", "TEN_MUC": "Tin", "ITEMS": items}], ensure_ascii=False)
        one = self.world.by["moh", _number(request)]
        if one.is_gone(self.now) or self._mood("moh"):
            return json.dumps({"d": None})
        told = {"ma": str(one.number), "tieuDe": one.title, "moTa": "", "thoiGianBatDauDang": _local(one.time)}
        return json.dumps({"d": {**told, "noiDung": f"<p>{one.told(self.now)}</p>"}}, ensure_ascii=False)

    def _answered(
        self, request: Request, url: str, status: int, body: str, kind: str, hops: tuple[tuple[int, str], ...] = ()
    ) -> Answer:
        raw = body.encode()
        tag = f'"{hash(raw)}"' if status == 200 and request.method == "GET" and not hops else ""
        headers = (("content-type", kind), *((("etag", tag),) if tag else ()))
        status = 304 if tag and tag == request.validator.etag else status
        return replies.answer(Reply(url, status, headers, raw, self.now), request, hops)


def _number(request: Request) -> int:
    """Of the article that is asked for, wherever it stands."""
    asked = json.loads(request.body)["maBaiViet"] if request.body else request.url.rpartition("-")[2].partition(".")[0]
    number = int(asked)
    return number - NEW_ADDRESS if number > NEW_ADDRESS else number


def _local(at: datetime) -> str:
    return f"{at + timedelta(hours=7):%d/%m/%Y %I:%M %p}"
