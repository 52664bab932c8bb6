from datetime import timedelta
from typing import get_args

import pytest

from aggregator.collect import asking, discover
from aggregator.errors import SourceError
from aggregator.model import Image
from aggregator.settings import Kind
from tests import make_reading as make
from tests.make import NOW

VCCORP = '<div class="box-category-item"><a data-type="title" href="/a-b-169261012083015123.htm">Tin y tế</a></div>'
LIFERAY = '<a href="/tin/-/view_content/1234567-ten-bai">Tên bài</a>'
PLAIN = '<a href="/tin/bo-y-te-tra-loi-cu-tri">Bộ Y tế trả lời cử tri</a>'
RSS = '<rss version="2.0"><channel><item><title>A</title><link>https://x.example.vn/a</link></item></channel></rss>'


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_has_a_reader(kind: str) -> None:
    assert kind in discover.READERS


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (VCCORP, "vccorp"),
        (LIFERAY, "liferay"),
        (PLAIN, "listing"),
        (RSS, "feed"),
        ('[{"ITEMS": [{"MA": "1", "TIEU_DE": "Tên"}]}]', "moh_bridge"),
    ],
)
@pytest.mark.parametrize("url", ["https://x.example.vn/", ""])
def test_a_page_that_nobody_configured_is_recognised(body: str, kind: str, url: str) -> None:
    body += "" if body[0] == "[" else "<!-- https://x.example.vn/ -->"
    base = '<base href="https://x.example.vn/">' if body[0] == "<" and kind != "feed" else ""
    found = discover.guess(make.page(base + body, url))
    assert (found.kind, len(found.leads)) == (kind, 1)
    assert found.because


def test_feeds_that_a_page_announces_are_told() -> None:
    body = '<link rel="alternate" type="application/rss+xml" href="/rss/y-te.rss"><link rel=alternate href=/en>'
    assert discover.guess(make.page(body + PLAIN)).feeds == ("https://tin.example.vn/rss/y-te.rss",)


def test_a_page_of_no_known_kind_is_refused_with_a_cause() -> None:
    with pytest.raises(SourceError) as caught:
        discover.guess(make.page("<p>Xin chào</p>"))
    assert caught.value.cause == "drifted"


def test_a_challenge_is_named_blocked() -> None:
    page = make.page("<script>document.cookie='a=b';location.reload()</script>")
    with pytest.raises(SourceError) as caught:
        discover.read_leads(make.source("listing"), make.section(), page)
    assert caught.value.cause == "blocked"


def test_plain_kinds_ask_by_get() -> None:
    of = make.source("liferay")
    assert asking.section_request(of, make.section("https://tin.example.vn/x")).method == "GET"
    request = asking.article_request(of, "https://tin.example.vn/a", "a", purpose="recheck")
    assert (request.url, request.purpose) == ("https://tin.example.vn/a", "recheck")


def test_a_lead_that_carries_its_text_becomes_a_draft() -> None:
    of = make.source("feed", full_pages=False)
    lead = make.lead(
        of,
        "https://tin.example.vn/a",
        title="Tên",
        summary="Dẫn",
        time="1/2/2026",
        body="<p>Văn</p>",
        image="https://i.vn/a.jpg",
    )
    draft = discover.draft_of(of, lead, NOW - timedelta(hours=1), "d" * 64)
    assert (draft.title, draft.lead, draft.body, draft.time) == ("Tên", "Dẫn", "<p>Văn</p>", "1/2/2026")
    assert (draft.url, draft.base, draft.digest, draft.lead_digest) == (lead.url, lead.url, "d" * 64, lead.digest)
    assert draft.images == (Image("https://i.vn/a.jpg"),)
    assert draft.fetched_at == NOW - timedelta(hours=1)
