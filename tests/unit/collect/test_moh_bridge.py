import json

import pytest

from aggregator.collect import asking, discover
from aggregator.errors import ArticleError, SourceError
from aggregator.model import Validator
from tests import make_reading as make

HOME = "https://moh.gov.vn/"
SOURCE = make.source("moh_bridge", HOME)
READER = "https://moh.gov.vn/index.jsp?pageId=5803&aid=167411&cid=8358"


def article(told: object, request=None):
    asked = request or asking.article_request(SOURCE, READER, "167411")
    page = make.page(json.dumps(told), asked.url, "application/json", request=asked)
    return discover.read_article(SOURCE, page, None)


def test_a_category_is_asked_for_as_the_site_asks_itself() -> None:
    request = asking.section_request(SOURCE, make.section("", id="8358"), Validator("e"))
    assert (request.method, request.purpose, request.validator.etag) == ("POST", "section", "e")
    assert request.url == "https://moh.gov.vn/bridge?url=/portal/api/lay_bai_viet_theo_danh_muc"
    assert dict(request.headers)["content-type"] == "application/json"
    assert json.loads(request.body) == {
        "CHUYEN_TRANG": "BO_YTE", "NGON_NGU": "TIENG_VIET", "MA_DANH_MUC": "8358", "TYPE": 1,
        "PAGE_SIZE": 25, "ISEXTEND": 1,
    }  # fmt: skip


@pytest.mark.parametrize("query", ["pageId=5803&aid=167411&cid=8358", "cid=8358&aid=167411&pageId=5803"])
def test_an_article_is_asked_for_by_the_ids_in_its_address(query: str) -> None:
    request = asking.article_request(SOURCE, f"{HOME}index.jsp?{query}", "", purpose="recheck")
    assert request.url == "https://moh.gov.vn/bridge?url=/portal/api/layChiTietBaiViet"
    assert json.loads(request.body) == {"maBaiViet": "167411", "maDanhMuc": "8358"}
    assert request.purpose == "recheck"


def test_a_recheck_finds_the_same_identity_and_address() -> None:
    draft = article({"d": {"ma": 167411, "tieuDe": "Tên", "noiDung": "<p>Nội dung</p>"}})
    assert (draft.ref, draft.url) == ("167411", READER)


def test_null_says_that_the_article_was_withdrawn() -> None:
    assert article({"d": None}).notice


def test_a_notice_in_the_body_says_that_the_article_was_withdrawn() -> None:
    told = {"ma": "167411", "tieuDe": "Tên", "noiDung": "<p>Nội dung này đã được gỡ.</p>"}
    assert article({"d": told}).notice == "Nội dung này đã được gỡ."


@pytest.mark.parametrize("told", [None, [], "x", 1, {}, {"error": "x"}, {"d": "x"}, {"d": []}, {"d": {"ma": "167411"}}])
def test_json_of_another_shape_is_no_article(told: object) -> None:
    with pytest.raises(ArticleError):
        article(told)


@pytest.mark.parametrize("told", [None, 1, "x", {}, {"error": 1}, [1], [[]], [{"MA": "1"}], [{"ITEMS": [{"X": 1}]}]])
def test_a_listing_of_another_shape_has_drifted(told: object) -> None:
    with pytest.raises(SourceError) as caught:
        discover.read_leads(SOURCE, make.section("", id="8358"), make.page(json.dumps(told), HOME))
    assert caught.value.cause == "drifted"


@pytest.mark.parametrize("told", [[], {"d": None}, [{"ITEMS": []}], {"d": []}])
def test_a_listing_without_articles_is_empty(told: object) -> None:
    with pytest.raises(SourceError) as caught:
        discover.read_leads(SOURCE, make.section("", id="8358"), make.page(json.dumps(told), HOME))
    assert caught.value.cause == "empty"


def test_half_a_surrogate_pair_does_not_travel_on() -> None:
    draft = article({"d": {"ma": "167411", "tieuDe": "Tên \ud800 bài", "noiDung": "<p>x \udfff</p>"}})
    assert (draft.title + draft.body).encode()


@pytest.mark.parametrize(
    ("last", "author"),
    [
        (
            '<p style="text-align:right"><strong>Ban phòng, chống dịch COVID-19</strong></p>',
            "Ban phòng, chống dịch COVID-19",
        ),
        ('<p style="text-align:right">Hà Nội, ngày 12 tháng 8 năm 2026</p>', ""),
        ("<p><strong>Xin trân trọng cảm ơn</strong></p>", ""),
    ],
)
def test_the_name_that_closes_the_body_on_the_right_is_the_author(last: str, author: str) -> None:
    draft = article({"d": {"ma": "167411", "tieuDe": "Tên", "noiDung": f"<p>Nội dung</p>{last}"}})
    assert draft.author == author
    assert (last in draft.body) == (not author)
