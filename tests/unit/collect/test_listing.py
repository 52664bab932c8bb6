import pytest

from aggregator.collect import discover, html
from aggregator.errors import SourceError
from tests import make_reading as make

ADDRESS = "/tin/bo-y-te-tra-loi-cu-tri"


def read(body: str, **settings):
    page = make.page(f"<html><body>{body}</body></html>")
    return discover.read_leads(make.source("listing", **settings), make.section(), page)


def test_relative_links_count_from_the_base_that_the_page_declares() -> None:
    found = read('<base href="https://tin.example.vn/muc/"><a href="bo-y-te-tra-loi-cu-tri">Bộ Y tế trả lời cử tri</a>')
    assert found.leads[0].url == "https://tin.example.vn/muc/bo-y-te-tra-loi-cu-tri"


def test_entity_encoded_addresses_are_decoded() -> None:
    found = read(
        '<a href="https&#x3a;&#x2f;&#x2f;tin.example.vn&#x2f;bo-y-te-tra-loi?a=1&amp;amp;b=2">Bộ Y tế trả lời</a>'
    )
    assert found.leads[0].url == "https://tin.example.vn/bo-y-te-tra-loi?a=1&b=2"


def test_an_image_link_and_a_title_link_are_one_lead() -> None:
    found = read(
        f'<div><a href="{ADDRESS}"><img src="/a.jpg"></a><h3><a href="{ADDRESS}">Bộ Y tế trả lời cử tri</a></h3></div>'
    )
    assert [(lead.title, lead.image) for lead in found.leads] == [
        ("Bộ Y tế trả lời cử tri", "https://tin.example.vn/a.jpg")
    ]


def test_a_title_keeps_its_words_whole_across_inline_tags() -> None:
    assert read(f'<a href="{ADDRESS}">Bộ Y <b>t</b>ế trả<br>lời cử tri</a>').leads[0].title == "Bộ Y tế trả lời cử tri"


def test_the_time_of_one_article_is_not_taken_from_its_neighbour() -> None:
    found = read(
        f'<div><p><a href="{ADDRESS}">Bộ Y tế trả lời cử tri</a></p>'
        '<p><a href="/tin/hai-lich-tiem-chung-moi">Hai lịch tiêm chủng mới</a> <b class="date">2/3/2026</b></p></div>'
    )
    assert [lead.time for lead in found.leads] == ["", "2/3/2026"]


def test_a_time_that_changes_by_itself_does_not_change_the_lead() -> None:
    told = '<div><a href="{}">Bộ Y tế trả lời cử tri</a><span class="date">{}</span></div>'
    views = {read(told.format(ADDRESS, f"1/3/2026 | Lượt xem: {n}")).leads[0].digest for n in (1, 2)}
    ages = {read(told.format(ADDRESS, age)).leads[0].digest for age in ("2 giờ trước", "3 giờ trước")}
    assert len(views) == len(ages) == 1


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("<p>Trang đang được xây dựng lại</p>", "drifted"),
        ('<form><input type="PASSWORD"></form>', "login"),
    ],
)
def test_a_listing_without_articles_has_a_named_cause(body: str, cause: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(body)
    assert caught.value.cause == cause


def test_an_empty_answer_is_empty() -> None:
    with pytest.raises(SourceError) as caught:
        discover.read_leads(make.source("liferay"), make.section(), make.page(b""))
    assert caught.value.cause == "empty"


def test_a_login_box_beside_the_news_is_no_login_page() -> None:
    assert read(f'<input type="password"><a href="{ADDRESS}">Bộ Y tế trả lời cử tri</a>').leads


@pytest.mark.parametrize("body", ["<div>" * 5000, "<div>" * 300 + f'<a href="{ADDRESS}">Tin</a>', "<p>" * 60_000])
def test_markup_that_no_real_page_has_is_not_read(body: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(body)
    assert caught.value.cause == "drifted"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        (" /a b\n", "https://x.vn/a%20b"),
        ("https://X.VN:443", "https://x.vn/"),
        ("http://x.vn:80/a#b", "http://x.vn/a"),
        ("http://x.vn:8080/", "http://x.vn:8080/"),
        ("//y.vn/a", "https://y.vn/a"),
        ("https://u:p@x.vn/", "https://x.vn/"),
        ("javascript:void(0)", ""),
        ("JaVaScRiPt:x", ""),
        ("http://[::1", ""),
        ("http://x.vn:99999/", ""),
        ("", ""),
        ("#top", "https://x.vn/muc"),
    ],
)
def test_an_address_is_made_absolute_or_refused(href: str, url: str) -> None:
    assert html.absolute(href, "https://x.vn/muc") == url


def test_damaged_utf8_loses_the_damaged_letter_only() -> None:
    body = "<html><body><p>Sở Y tế Hà Nội</p></body></html>".encode() * 20 + b"\xe1\xbb"
    assert "Sở Y tế Hà Nội" in html.text_of(make.page(body))


def test_windows_1258_is_read_when_the_page_declares_it() -> None:
    body = '<meta charset="windows-1258"><p>Thông báo đêm</p>'.encode("windows-1258")
    assert "Thông báo đêm" in html.text_of(make.page(body, type="text/html"))


@pytest.mark.parametrize("codec", ["rot13", "hex", "idna", "utf-7", "zip", "undefined", "nonsense"])
def test_an_odd_charset_is_not_tried(codec: str) -> None:
    assert html.text_of(make.page(b"<p>a\xff</p>", type=f"text/html; charset={codec}"))


@pytest.mark.parametrize("host", ["sởytế.vn", "xn--syt-9jz5g.vn"])
def test_links_of_a_host_that_is_not_ascii_are_its_own_however_written(host: str) -> None:
    home = "https://sởytế.vn/"
    page = make.page(
        f'<a href="https://{host}/tin/so-y-te-mo-lop-tap-huan">Sở Y tế mở lớp tập huấn cho trạm y tế</a>', home
    )
    found = discover.read_leads(make.source("listing", home), make.section(home), page)
    assert len(found.leads) == 1 and found.skips == ()
