"""No bytes that a site may send make a reader raise anything but the two errors it declares."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.collect import discover
from aggregator.errors import ArticleError, SourceError
from tests import make_reading as make

FOLDER = Path(__file__).parents[2] / "sources"
SAVED = [path.read_bytes() for path in sorted(FOLDER.glob("*/*")) if path.suffix != ".json"]
KINDS = tuple(discover.READERS)
TYPES = ("text/html; charset=utf-8", "text/xml", "application/json", "text/html; charset=utf-16", "")
SPLINTERS = [
    b"<", b"</", b"<!--", b"<![CDATA[", b"]]>", b"<?xml ", b"&#xD800;", b"&#0;", b"\x00", b"\xff\xfe", b"<rss ",
    b"<table>", b"<base href='http://['>", b"<a href='http://[::1'>x</a>", b"{", b"[", b'"', b"\\ud800",
    b"<meta charset=utf-7>",    b"<figure><img src=a><figure><img src=b></figure></figure>", b"<template>",
    b"<svg><style>", b"<source>",
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A saved page with a few cuts, splinters and doubled pieces."""
    body = draw(st.sampled_from(SAVED))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 400)))
        piece = draw(st.one_of(st.sampled_from(SPLINTERS), st.binary(max_size=8), st.just(body[start:end] * 2)))
        body = body[:start] + piece + body[end:]
    return body


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=st.one_of(st.binary(max_size=300), mutated(), mutated()), type=st.sampled_from(TYPES))
def test_no_bytes_make_a_reader_raise_anything_undeclared(kind: str, body: bytes, type: str) -> None:
    of = make.source(kind, "https://suckhoedoisong.vn/")
    page = make.page(body, "https://suckhoedoisong.vn/x-169261012083015123.htm", type)
    try:
        for lead in discover.read_leads(of, make.section(page.url), page).leads:
            assert lead.url.startswith("http")
            _encodes(lead, "title", "summary", "author", "time", "body", "url", "image")
    except SourceError as fault:
        assert fault.url
    try:
        _encodes(discover.read_article(of, page, None), "title", "lead", "author", "time", "modified", "body", "notice")
    except ArticleError as fault:
        assert fault.url


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    body=st.one_of(st.binary(max_size=300), mutated(), mutated()),
    type=st.sampled_from(TYPES),
    url=st.sampled_from(["", "https://a.vn/"]),
)
def test_no_bytes_make_a_guess_raise_anything_undeclared(body: bytes, type: str, url: str) -> None:
    page = make.page(body, url, type)
    with suppress(SourceError):
        assert discover.guess(page).leads
    with suppress(ArticleError):
        assert discover.extract_any(page).digest == page.digest


def _encodes(of: Any, *names: str) -> None:
    for name in names:
        assert "\x00" not in getattr(of, name)
        getattr(of, name).encode("utf-8")
