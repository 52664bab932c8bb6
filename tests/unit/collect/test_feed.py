import re

import pytest

from aggregator.collect import discover, feed
from aggregator.errors import SourceError
from tests import make_reading as make

URL = "https://tin.example.vn/rss"
RSS = '<rss version="2.0"><channel><title>T</title><link>https://tin.example.vn</link>{}</channel></rss>'
ITEM = "<item><title>{}</title><link>{}</link></item>"


def read(body: str | bytes, type: str = "text/xml", **settings: str):
    of = make.source("feed", **settings)
    return discover.read_leads(of, make.section(URL), make.page(body, URL, type))


def cause(body: str, type: str = "text/xml") -> str:
    with pytest.raises(SourceError) as caught:
        read(body, type)
    assert URL in str(caught.value)
    return caught.value.cause


def test_a_link_seen_twice_is_kept_once_and_what_it_lacked_is_filled_in() -> None:
    body = RSS.format(
        ITEM.format("", "https://tin.example.vn/a#x")
        + ITEM.format("Bài B", "https://tin.example.vn/b")
        + "<item><title>Bài A</title><link>https://tin.example.vn/a</link><pubDate>1/2/2026</pubDate></item>"
    )
    found = read(body)
    assert [(lead.url[-1], lead.title, lead.time) for lead in found.leads] == [
        ("a", "Bài A", "1/2/2026"),
        ("b", "Bài B", ""),
    ]


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@b.vn",
        "ftp://tin.example.vn/x",
        "http://[::1",
        "https://evil.example/x",
        "https://tin.example.vn@evil.example/",
        "",
    ],
)
def test_an_address_that_may_not_be_followed_is_skipped_with_its_reason(link: str) -> None:
    found = read(RSS.format(ITEM.format("Xấu", link) + ITEM.format("Tốt", "https://tin.example.vn/b")))
    assert [lead.title for lead in found.leads] == ["Tốt"]
    assert len(found.skips) == 1
    assert found.skips[0].because


def test_a_feed_of_which_no_item_can_be_used_has_drifted() -> None:
    assert cause(RSS.format(ITEM.format("Xấu", "javascript:alert(1)"))) == "drifted"


def test_the_printed_date_is_kept_not_the_parsed_one() -> None:
    dated = "<item><title>A</title><link>/a</link><pubDate>18-08-2026</pubDate></item>"
    assert read(RSS.format(dated)).leads[0].time == "18-08-2026"


def test_the_markup_of_a_summary_is_kept_as_served() -> None:
    summary = "<![CDATA[<a href='/a'><img src=\"x.jpg\" onerror=alert(1)></a></br>Lời dẫn]]>"
    lead = read(RSS.format(f"<item><title>A</title><link>/a</link><description>{summary}</description></item>")).leads[
        0
    ]
    assert lead.summary == "<a href='/a'><img src=\"x.jpg\" onerror=alert(1)></a></br>Lời dẫn"
    assert lead.image == "https://tin.example.vn/x.jpg"


@pytest.mark.parametrize(
    "type", ["text/xml", "application/rss+xml; charset=iso-8859-1", "text/html", "", "text/xml; charset=hỏng"]
)
def test_utf8_is_read_as_utf8_whatever_the_header_says(type: str) -> None:
    assert read(RSS.format(ITEM.format("Sở Y tế Hà Nội", "/a")), type).leads[0].title == "Sở Y tế Hà Nội"


@pytest.mark.parametrize("codec", ["utf-16", "utf-8-sig", "windows-1258"])
def test_a_declared_charset_is_obeyed(codec: str) -> None:
    body = f'<?xml version="1.0" encoding="{codec}"?>' + RSS.format(ITEM.format("Thông báo đêm", "/a"))
    assert read(body.encode(codec)).leads[0].title == "Thông báo đêm"


def test_html_where_a_feed_was_asked_is_named_so() -> None:
    assert cause("<!doctype html><html><body><p>Bảo trì</p></body></html>", "text/html") == "not-a-feed"
    assert cause("xin chào") == "not-a-feed"


def test_html_that_speaks_of_rss_is_no_feed() -> None:
    assert not feed.is_feed(make.page("<html><body><pre><rss version='2.0'></pre></body></html>"))


def test_a_feed_whose_items_hold_whole_pages_is_a_feed() -> None:
    body = RSS.format(ITEM.format("Bài A", "https://tin.example.vn/a").replace("</item>", "<body>chữ</body></item>"))
    assert [lead.title for lead in read(body).leads] == ["Bài A"]


def test_elements_of_a_feed_may_bear_a_prefix() -> None:
    plain = RSS.format(ITEM.format("Bài A", "https://tin.example.vn/a"))
    named = re.sub(r"<(/?)(\w)", r"<\1r:\2", plain).replace("<r:rss ", '<r:rss xmlns:r="http://purl.org/rss/1.0/" ')
    assert [lead.title for lead in read(named).leads] == ["Bài A"]


def test_zero_items_are_a_failure_with_a_name() -> None:
    assert cause(RSS.format("")) == "empty"
    assert cause("   \n ") == "empty"
    assert cause('{"version": "https://jsonfeed.org/version/1.1", "items": []}') == "empty"


def test_the_first_group_of_the_pattern_is_the_articles_own_id() -> None:
    found = read(RSS.format(ITEM.format("A", "/ten-bai-12345.html")), article_pattern=r"-(\d+)\.html$")
    assert found.leads[0].ref == "12345"


def test_an_entity_declaration_does_not_read_files_or_explode() -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    found = read(bomb + RSS.format(ITEM.format("x&b;&f;", "/a")))
    assert "root:" not in found.leads[0].title


def test_a_listing_source_may_turn_out_to_be_a_feed() -> None:
    page = make.page(RSS.format(ITEM.format("A", "/a")), URL, "text/xml")
    assert discover.read_leads(make.source("listing"), make.section(URL), page).leads[0].title == "A"
