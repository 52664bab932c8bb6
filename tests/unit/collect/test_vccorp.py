import unicodedata

import pytest

from aggregator.collect import asking, discover, vccorp
from aggregator.model import Validator
from tests import make_reading as make

HOME = "https://suckhoedoisong.vn/"


@pytest.mark.parametrize(
    ("url", "ref"),
    [
        ("https://suckhoedoisong.vn/ten-bai-169230719162343982.htm", "169230719162343982"),
        ("https://suckhoedoisong.vn/ten-moi-169230719162343982.htm?utm=1#x", "169230719162343982"),
        ("https://suckhoedoisong.vn/bai-cu-169153232.htm", "169153232"),
        ("https://soyte.hanoi.gov.vn/tin/ten-2849261012083015123.htm", "2849261012083015123"),
        ("https://suckhoedoisong.vn/y-te.htm", ""),
        ("https://suckhoedoisong.vn/ngay-20-10.htm", ""),
        ("http://[", ""),
    ],
)
def test_the_id_at_the_end_of_the_address_is_the_identity(url: str, ref: str) -> None:
    assert vccorp.ref(url) == ref


def test_the_listing_stands_in_for_a_feed_that_cannot_be_read() -> None:
    of = make.source("vccorp", HOME)

    def url(**section: str) -> str:
        request = asking.fallback_request(of, make.section(**section), Validator("e"))
        assert request is None or (request.purpose, request.validator.etag) == ("section", "e")
        return request.url if request else ""

    assert url(url=HOME + "rss/y-te.rss") == HOME + "y-te.htm"
    assert url(url=HOME + "rss/y-hoc-360/vaccine.rss") == HOME + "y-hoc-360/vaccine.htm"
    assert url(url=HOME + "rss/home.rss") == HOME
    assert url(url=HOME + "rss/y-te.rss", fallback=HOME + "khac.htm") == HOME + "khac.htm"
    assert url(url=HOME + "y-te.htm") == ""


def test_other_kinds_have_no_fallback() -> None:
    assert asking.fallback_request(make.source("feed"), make.section(HOME + "rss/y-te.rss")) is None


def test_the_mobile_twin_is_the_article_itself() -> None:
    of = make.source("vccorp", HOME, hosts=("suckhoedoisong.vn", "m.suckhoedoisong.vn"))
    page = make.page('<a href="https://m.suckhoedoisong.vn/a-b-169230719162343982.htm">Tin</a>', HOME + "y-te.htm")
    (lead,) = discover.read_leads(of, make.section(HOME + "y-te.htm"), page).leads
    assert lead.url == lead.request.url == HOME + "a-b-169230719162343982.htm"


def test_an_article_without_a_body_is_told_with_a_doubt() -> None:
    url = HOME + "video-169230719162343982.htm"
    page = make.page('<h1 data-role="title">Video</h1><p data-role="sapo">Lời dẫn của video.</p>', url)
    draft = discover.read_article(make.source("vccorp", HOME), page, None)
    assert (draft.lead, draft.body) == ("Lời dẫn của video.", "")
    assert draft.doubts == ("no body was found on the page",)


def test_what_the_page_lacks_comes_from_the_lead() -> None:
    of = make.source("vccorp", HOME)
    lead = make.lead(
        of, HOME + "a-169230719162343982.htm", "169230719162343982", title="Tên bài", time="1/2/2026", author="An"
    )
    page = make.page(f'<div data-role="content"><p>{"Nội dung. " * 30}</p></div>', lead.url)
    draft = discover.read_article(of, page, lead)
    assert (draft.title, draft.time, draft.author, draft.lead_digest) == ("Tên bài", "1/2/2026", "An", lead.digest)


@pytest.mark.parametrize(
    "said",
    [
        "Bài viết đã được gỡ bỏ",
        "Nội dung này đã được gỡ.",
        "Tin đã bị gỡ.",
        "Xin lỗi, bài viết này hiện không còn tồn tại.",
        "Bài viết bạn tìm không tồn tại hoặc đã bị xoá!",
        "Theo yêu cầu của cơ quan chủ quản, bài viết đã được thu hồi.",
        "Nội dung đã bị xóa",
    ],
)
@pytest.mark.parametrize("markup", ["<div data-role=content><p>{}</p></div>", "<div><p>{}</p></div>"])
def test_a_notice_of_withdrawal_is_told_in_the_pages_words(said: str, markup: str) -> None:
    page = make.page("<h1 data-role=title>Tên bài</h1>" + markup.format(said), HOME + "a-169230719162343982.htm")
    assert discover.read_article(make.source("vccorp", HOME), page, None).notice == said


def test_a_notice_in_decomposed_letters_is_understood() -> None:
    said = unicodedata.normalize("NFD", "Bài viết đã được gỡ bỏ.")
    page = make.page(f"<h1>Tên</h1><div><p>{said}</p></div>", HOME + "a-169230719162343982.htm")
    notice = discover.read_article(make.source("vccorp", HOME), page, None).notice
    assert notice == "Bài viết đã được gỡ bỏ."


def test_a_photo_inside_a_photo_is_one_figure_with_its_caption_once() -> None:
    inner = "<div type=Photo><img src=/a.jpg><div class=PhotoCMS_Caption>Ảnh A</div></div>"
    photo = f"<figure>{inner}<figcaption>Ảnh A</figcaption></figure>"
    page = make.page(f"<h1>Tên</h1><div data-role=content>{photo}</div>", HOME + "a-169230719162343982.htm")
    body = discover.read_article(make.source("vccorp", HOME), page, None).body
    assert body == f'<figure><img alt="" src="{HOME}a.jpg"/><figcaption>Ảnh A</figcaption></figure>'


@pytest.mark.parametrize(
    "said",
    [
        "Sở Y tế thông tin đã rút kinh nghiệm sau vụ việc.",
        "Nhiều thông tin sai sự thật đã bị gỡ.",
        "Bài viết hướng dẫn cách gỡ xương cá an toàn.",
        "Bản tin đã được phát lại.",
    ],
)
def test_a_short_article_is_no_notice(said: str) -> None:
    page = make.page(
        f"<h1 data-role=title>Tên</h1><div data-role=content><p>{said}</p></div>", HOME + "a-169230719162343982.htm"
    )
    assert discover.read_article(make.source("vccorp", HOME), page, None).notice == ""
