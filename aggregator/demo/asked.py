"""What a replayed site is asked and what it says: the two types between the server and the sites' shapes. Pure."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs

from aggregator.demo.markup import noise
from aggregator.demo.world import SiteState

HTML = "text/html; charset=utf-8"
JSON = "application/json;charset=UTF-8"
RSS = "text/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: `path` and `query` undecoded, `host` in lower case without a port."""

    method: str
    host: str
    path: str
    query: str = ""
    body: bytes = b""

    def parameter(self, name: str) -> str:
        """The first value of a query parameter, "" when absent."""
        return parse_qs(self.query).get(name, [""])[0]


@dataclass(frozen=True, slots=True)
class Said:
    """A response. `etag` is weak: pages with the same text and other noise share it; `modified` is its text's time."""

    status: int
    body: bytes = b""
    kind: str = HTML
    etag: str = ""
    modified: datetime | None = None
    location: str = ""


Render = Callable[[int], str]


def said(state: SiteState, asked: Asked, render: Render, *, modified: datetime | None = None, kind: str = HTML) -> Said:
    """A page with validators. `render` takes the noise; at 0 it gives what counts as the page's text."""
    body = render(noise(state.now, f"{asked.path}?{asked.query}")).encode()
    etag = hashlib.sha256(render(0).encode()).hexdigest()[:20]
    return Said(200, body, kind, f'W/"{etag}"', modified)


def newest(state: SiteState) -> datetime | None:
    """When anything of the site last changed: an article appeared, was corrected or was taken down."""
    times = [time for shown in state.articles for time in (shown.article.time, shown.modified) if time]
    return max(times, default=None)


def moved(url: str) -> Said:
    """A permanent redirect."""
    return Said(301, f'<html><body><a href="{url}">Trang đã chuyển</a></body></html>'.encode(), location=url)


def absent(status: int) -> Said:
    """The page of a site that has no such page (404), or has it no more (410)."""
    told = "Trang bạn tìm không có trên hệ thống." if status == 404 else "Trang này không còn được cung cấp."
    markup = (
        f"<!DOCTYPE html><html><head><title>{status}</title></head><body><h1>{status}</h1><p>{told}</p></body></html>"
    )
    return Said(status, markup.encode())
