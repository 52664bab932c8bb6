from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from aggregator.errors import ArticleError
from aggregator.model import Attachment, Draft, Image
from aggregator.refine.identity import article_id
from aggregator.refine.normalise import article, plainly
from tests import make

LOCAL = timezone(timedelta(hours=7))
FETCHED = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SOURCE = make.source("soyte", home="https://soyte.example.gov.vn/")


def draft(**fields: Any) -> Draft:
    given: dict[str, Any] = {
        "source": "soyte",
        "url": "https://soyte.example.gov.vn/tin/bai-1.htm",
        "ref": "1",
        "title": "Tiêu đề",
        "lead": "Lời dẫn.",
        "author": "",
        "time": "21/11/2026 08:30",
        "modified": "",
        "body": "<p>Nội dung.</p>",
        "base": "",
        "digest": "d" * 64,
        "fetched_at": FETCHED,
        "reader": "listing",
        **fields,
    }
    return Draft(**given)


def test_title_and_lead_keep_their_words() -> None:
    made = article(
        draft(title="  Hà Nội:\u00a0Thêm <b>12</b> ca  SXH ", lead="Tính đến 17h, hoà / hòa &amp; thuỷ."), SOURCE
    )
    assert made.title == "Hà Nội: Thêm 12 ca SXH"
    assert made.lead == "Tính đến 17h, hoà / hòa & thuỷ."


def test_decomposed_text_is_composed_everywhere() -> None:
    made = article(
        draft(
            title="Sơ\u0309 Y tê\u0301",
            lead="Bô\u0323 Y tê\u0301",
            author="Hô\u0300 An",
            body="<p>Hà Nô\u0323i</p>",
            images=(Image("/a.jpg", alt="A\u0309nh"),),
            attachments=(Attachment("/a.pdf", "Tê\u0323p"),),
        ),
        SOURCE,
    )
    assert (made.title, made.lead, made.author, made.text) == ("Sở Y tế", "Bộ Y tế", "Hồ An", "Hà Nội")
    assert (made.images[0].alt, made.attachments[0].label) == ("Ảnh", "Tệp")


def test_mojibake_is_left_alone() -> None:
    assert article(draft(title="Tiáº¿ng Viá»‡t"), SOURCE).title == "Tiáº¿ng Viá»‡t"


@pytest.mark.parametrize("title", ["", " \u00a0\u200b", "<p></p>", "&nbsp;"])
def test_an_article_without_a_title_is_refused(title: str) -> None:
    with pytest.raises(ArticleError, match=r"bai-1\.htm: the article has no title"):
        article(draft(title=title), SOURCE)


def test_the_lead_of_a_feed_loses_its_thumbnail() -> None:
    lead = '<a href="/bai-1.htm"><img src="/thumb/1.jpg" width="130"></a></br>Người dân nên ngủ màn.'
    assert article(draft(lead=lead), SOURCE).lead == "Người dân nên ngủ màn."


@pytest.mark.parametrize(
    "body",
    [
        "<p>Lời dẫn  của\u00a0bài.</p><p>Nội dung.</p>",
        "<div><b>Lời dẫn của bài</b></div><div>Nội dung.</div>",
        "<h2>LỜI DẪN CỦA BÀI.</h2><p>Nội dung.</p>",
    ],
)
def test_the_lead_is_not_repeated_at_the_start_of_the_text(body: str) -> None:
    made = article(draft(lead="Lời dẫn của bài.", body=body), SOURCE)
    assert (made.body, made.text) == ("<p>Nội dung.</p>", "Nội dung.")


@pytest.mark.parametrize("lead", ["", "Lời dẫn", "Lời dẫn của bài khác."])
def test_a_first_paragraph_that_is_not_the_lead_stays(lead: str) -> None:
    made = article(draft(lead=lead, body="<p>Lời dẫn của bài.</p><p>Nội dung.</p>"), SOURCE)
    assert made.text == "Lời dẫn của bài.\nNội dung."


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("", ""),
        ("  Trần\u00a0An ", "Trần An"),
        ("Trần An và 2 tác giả khác", "Trần An"),
        ("Trần An, Lê Bình và 3 người khác", "Trần An, Lê Bình"),
        ("Tác giả: Trần An", "Trần An"),
        ("Bài: Trần An - ", "Trần An"),
        ("an@example.vn (Trần An)", "Trần An"),
        ("an@example.vn", ""),
        ("Theo Bộ Y tế", "Theo Bộ Y tế"),
        ("Bài viết", "Bài viết"),
        ("Trần An (tổng hợp)", "Trần An"),
        ("admin", ""),
        ("Quản trị cổng", ""),
        ("Phòng Nghiệp vụ Y và Dược", "Phòng Nghiệp vụ Y và Dược"),
    ],
)
def test_the_author_is_a_name(printed: str, name: str) -> None:
    assert article(draft(author=printed), SOURCE).author == name


def test_a_paragraph_is_no_author() -> None:
    made = article(draft(author="lời " * 60), SOURCE)
    assert made.author == ""
    assert made.doubts == ("the author's line has 239 characters; left out",)


def test_the_printed_time_is_the_publication() -> None:
    made = article(draft(modified="21/11/2026 09:00", ref="169261120080000123"), SOURCE)
    assert (made.published, made.precision) == (datetime(2026, 11, 21, 8, 30, tzinfo=LOCAL), "minute")
    assert made.modified == datetime(2026, 11, 21, 9, 0, tzinfo=LOCAL)
    assert made.doubts == ()


def test_the_sources_order_of_day_and_month_is_used() -> None:
    made = article(draft(time="10/5/2026 3:42:00 PM"), make.source("soyte", day_first=False))
    assert made.published == datetime(2026, 10, 5, 15, 42, tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("fields", "published", "precision"),
    [
        ({"time": "", "ref": "169261120080000123"}, datetime(2026, 11, 20, 8, 0, tzinfo=LOCAL), "guessed"),
        ({"time": "2 giờ trước", "ref": "169261122074500123"}, datetime(2026, 11, 22, 7, 45, tzinfo=LOCAL), "guessed"),
        ({"time": "2 giờ trước", "modified": "22/11/2026 09:00"}, FETCHED - timedelta(hours=2), "guessed"),
        ({"time": "31/02/2026", "modified": "20/11/2026 09:00"}, datetime(2026, 11, 20, 9, tzinfo=LOCAL), "guessed"),
        ({"time": "25/11/2026 08:00"}, FETCHED, "guessed"),
        ({"time": "", "ref": "169271120080000123"}, FETCHED, "none"),
        ({"time": "", "ref": "169153232"}, FETCHED, "none"),
        ({"time": "", "ref": ""}, FETCHED, "none"),
    ],
)
def test_without_a_printed_time_the_next_best_is_taken_and_said(
    fields: dict[str, Any], published: datetime, precision: str
) -> None:
    made = article(draft(**fields), SOURCE)
    assert (made.published, made.precision) == (published, precision)


def test_a_time_in_an_unknown_shape_is_a_doubt() -> None:
    assert article(draft(time="tháng Mười"), SOURCE).doubts == ("the printed time 'tháng Mười' is in no known shape",)
    assert article(draft(time=""), SOURCE).doubts == ("no publication time is printed",)


def test_doubts_of_the_reader_are_kept() -> None:
    assert article(draft(doubts=("the layout is new",)), SOURCE).doubts == ("the layout is new",)


def test_images_are_absolute_web_addresses_once_each() -> None:
    images = (
        Image("/anh/1.jpg", "Ảnh &amp; chú thích", "<i>Trần An</i>"),
        Image("https://soyte.example.gov.vn/anh/1.jpg"),
        Image("https://cdn.example.com/2.jpg"),
        Image("data:image/png;base64,AAAA"),
        Image("javascript:alert(1)"),
        Image("file:///etc/passwd"),
        Image("http://[::1"),
    )
    assert article(draft(images=images), SOURCE).images == (
        Image("https://soyte.example.gov.vn/anh/1.jpg", "Ảnh & chú thích", "Trần An"),
        Image("https://cdn.example.com/2.jpg"),
    )


def test_attachments_stand_on_the_sources_hosts_or_are_left_out_with_a_doubt() -> None:
    attachments = (
        Attachment("/tep/Công văn 12.pdf", ""),
        Attachment("/tep/ke-hoach.docx", "Kế&nbsp;hoạch"),
        Attachment("https://evil.example/x.pdf", "Văn bản"),
    )
    made = article(draft(attachments=attachments), SOURCE)
    assert made.attachments == (
        Attachment("https://soyte.example.gov.vn/tep/Công%20văn%2012.pdf", "Công văn 12.pdf"),
        Attachment("https://soyte.example.gov.vn/tep/ke-hoach.docx", "Kế hoạch"),
    )
    assert made.doubts == ("the attachment 'https://evil.example/x.pdf' is not on one of the source's hosts; left out",)


def test_links_and_files_are_resolved_by_the_base_of_the_page() -> None:
    made = article(draft(base="https://soyte.example.gov.vn/khac/", body='<p><a href="a">x</a></p>'), SOURCE)
    assert 'href="https://soyte.example.gov.vn/khac/a"' in made.body


def test_the_id_is_that_of_the_source_and_its_own_id() -> None:
    assert article(draft(ref="99"), SOURCE).id == article_id("soyte", "99", "")
    assert article(draft(ref=""), SOURCE).id == article_id("soyte", "", "https://soyte.example.gov.vn/tin/bai-1.htm")


def test_the_same_draft_gives_the_same_article() -> None:
    assert article(draft(), SOURCE) == article(draft(), SOURCE)


def test_a_text_without_a_source_keeps_all_of_its_words() -> None:
    made = plainly(draft(title="", lead="Lời dẫn.", body="<p>Lời dẫn.</p><p>Nội dung.</p>"))
    assert (made.title, made.lead, made.text) == ("", "Lời dẫn.", "Lời dẫn.\nNội dung.")
