import pytest

from aggregator.collect import discover, extract
from aggregator.errors import ArticleError
from tests import make_reading as make

URL = "https://cdc.example.vn/bai-viet"
PROSE = "<p>Người dân cần rửa tay bằng xà phòng trước khi ăn và sau khi đi vệ sinh, đặc biệt trong mùa dịch.</p>"
OTHER = "<p>Khối thứ hai nói về chuyện khác hẳn: lịch trực, số điện thoại, phòng làm việc, giờ mở cửa cơ quan.</p>"


def test_family_selectors_are_used_where_the_markup_is_theirs() -> None:
    page = make.page(f"<h1 data-role=title>Tên bài</h1><div data-role=content>{PROSE * 3}</div>", URL)
    assert discover.extract_any(page).reader == "vccorp"


def test_two_readings_that_disagree_are_told_as_a_doubt() -> None:
    page = make.page(f"<h1>Tên bài</h1><article>{OTHER}</article><div class=content>{PROSE * 12}</div>", URL)
    draft = discover.extract_any(page)
    assert len(draft.doubts) == 1
    assert draft.doubts[0].startswith("two readings of the body agree by 0.")


def test_two_readings_that_agree_raise_no_doubt() -> None:
    draft = discover.extract_any(make.page(f"<h1>Tên bài</h1><article>{PROSE * 8}</article>", URL))
    assert (draft.doubts, draft.title) == ((), "Tên bài")


def test_agreement_counts_shared_words() -> None:
    assert extract.agreement("a b c d", "a b c d") == 1
    assert extract.agreement("a a b", "a b") == pytest.approx(0.8)
    assert extract.agreement("", "") == 0


def test_the_headline_that_the_metadata_repeats_is_the_title() -> None:
    head = '<meta property="og:title" content="Tên bài | CDC"><h1>CDC Thí dụ</h1>'
    assert (
        discover.extract_any(make.page(f"{head}<h1>Tên bài</h1><article>{PROSE * 8}</article>", URL)).title == "Tên bài"
    )


@pytest.mark.parametrize(
    "body", ["", "chữ trơn", "<p></p>", "<html><body><a href=/>Trang chủ</a></body></html>", '{"d": 1}', "[" * 5000]
)
def test_a_page_without_an_article_is_refused(body: str) -> None:
    with pytest.raises(ArticleError):
        discover.extract_any(make.page(body, URL))


@pytest.mark.parametrize("url", ["", "https://page.invalid/", "https://cdc.example.vn/"])
def test_a_saved_page_without_its_address_takes_the_one_that_it_names(url: str) -> None:
    page = make.page(f'<link rel=canonical href="{URL}"><h1>Tên bài</h1><article>{PROSE * 8}</article>', url)
    assert discover.extract_any(page).url == URL


def test_the_address_asked_for_stays_the_identity_where_there_is_no_id() -> None:
    page = make.page(
        f'<link rel=canonical href="{URL}-khac"><h1>Tên</h1><article>{PROSE * 8}</article>', URL, landed=URL + "/"
    )
    assert discover.read_article(make.source("feed", "https://cdc.example.vn/"), page, None).url == URL


def test_a_page_that_leads_home_is_not_the_article() -> None:
    page = make.page(f"<h1>Tên</h1><article>{PROSE * 8}</article>", URL, landed="https://cdc.example.vn/")
    with pytest.raises(ArticleError):
        discover.read_article(make.source("feed", "https://cdc.example.vn/"), page, None)


def test_a_challenge_is_no_article() -> None:
    page = make.page("<script>document.cookie='a=b';location.reload()</script>", URL)
    with pytest.raises(ArticleError, match="sets a cookie"):
        discover.read_article(make.source("feed", "https://cdc.example.vn/"), page, None)


def test_a_draft_keeps_its_body_as_served_beside_the_one_without_scripts() -> None:
    bad = '<script src="https://x.example/a.js"></script><div style="display:none"><a href="https://x.example">x</a></div>'
    for markup in (f"<h1 data-role=title>Tên bài</h1><div data-role=content>{PROSE * 3}{bad}</div>",
                   f"<h1>Tên bài</h1><article>{PROSE * 8}{bad}</article>"):  # fmt: skip
        draft = discover.extract_any(make.page(markup, URL))
        assert "<script" not in draft.body
        assert '<script src="https://x.example/a.js">' in draft.uncut and "display:none" in draft.uncut


def test_the_body_as_served_is_bounded() -> None:
    page = make.page(f"<h1 data-role=title>Tên bài</h1><div data-role=content>{PROSE * 9000}</div>", URL)
    assert len(discover.extract_any(page).uncut) == 500_000
