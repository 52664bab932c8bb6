"""Builders for the readers' tests: a page as a fetcher would hand it over, and sources of every kind."""

from typing import Any
from urllib.parse import urljoin

from aggregator.collect import asking
from aggregator.model import Lead, Page, Request
from aggregator.settings import Section, Source
from tests.make import NOW

HTML = "text/html; charset=utf-8"


def page(body: bytes | str, url: str = "https://tin.example.vn/", type: str = HTML, **fields: Any) -> Page:
    """An answer to a plain request; `request` and `landed` (the address after redirects) where they matter."""
    raw = body.encode() if isinstance(body, str) else body
    request = fields.get("request", Request(url))
    return Page(request, fields.get("landed", url), 200, (("content-type", type),), raw, NOW)


def source(kind: str, home: str = "https://tin.example.vn/", **settings: Any) -> Source:
    given: dict[str, Any] = {"id": "nguon", "name": "Nguồn thí dụ", "sections": (Section(url=home),), **settings}
    return Source(kind=kind, home=home, **given)


def section(url: str = "https://tin.example.vn/", **settings: Any) -> Section:
    return Section(url=url, **settings)


def lead(of: Source, url: str, ref: str = "", **fields: Any) -> Lead:
    request = asking.article_request(of, url, ref)
    return Lead(of.id, "mục", url, request, ref, **fields)


def root(url: str) -> str:
    return urljoin(url, "/")
