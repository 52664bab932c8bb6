import json
import unicodedata
from datetime import UTC, datetime

import pytest

from aggregator.collect import discover, extract
from aggregator.errors import ArticleError
from aggregator.refine import normalise
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


def test_a_heading_that_leads_home_names_the_site_and_no_article() -> None:
    site = '<title>Cùng nhau phòng bệnh » Tên bài thứ nhất</title><h1><a href="/">Cùng nhau phòng bệnh</a></h1>'
    page = make.page(f"{site}<h2>Tên bài thứ nhất</h2><div class=entry>{PROSE * 8}</div>", URL)
    assert discover.extract_any(page).title == "Tên bài thứ nhất"


def test_the_heading_that_tells_the_page_title_in_full_is_the_headline() -> None:
    head = "<title>Ho gà ở trẻ</title><h1>TRUNG TÂM Y TẾ KHU VỰC</h1><h2>Ho gà ở trẻ: cơn ho không nên coi thường</h2>"
    page = make.page(f"{head}<div>{PROSE * 8}</div>", URL)
    assert discover.extract_any(page).title == "Ho gà ở trẻ: cơn ho không nên coi thường"


def test_without_headings_the_line_above_the_date_is_the_headline_and_empty_lines_part_the_text() -> None:
    top = "<font><b>Tay bẩn thì bệnh gần</b></font><br><font>Cập nhật: 18-9-2014, 16:22</font><br><br>"
    text = "<i>Rửa tay bằng xà phòng là liều vắc xin rẻ tiền nhất.</i><br><br>" + "<br><br>".join(
        ["Người dân cần rửa tay trước khi ăn và sau khi đi vệ sinh, nhất là trong mùa dịch bệnh."] * 6
    )
    draft = discover.extract_any(make.page(f"<title>Trang tin</title><div>{top}{text}</div>", URL))
    assert (draft.title, draft.time) == ("Tay bẩn thì bệnh gần", "Cập nhật: 18-9-2014, 16:22")
    assert draft.lead == "Rửa tay bằng xà phòng là liều vắc xin rẻ tiền nhất."
    assert draft.body.count("<p>") == 6


@pytest.mark.parametrize(
    ("printed", "time"),
    [
        ("<h1>Tên bài thứ nhất</h1><ul><li>12/11/2025</li><li>5:18 chiều</li></ul>", "12/11/2025 5:18 chiều"),
        (
            "<table><tr><td><h4><span>Tên bài thứ nhất</span> (05/06/2026 10:15 SA)</h4></table>",
            "(05/06/2026 10:15 SA)",
        ),
        ("<h1>Tên bài thứ nhất</h1><p>Thứ ba, 19 tháng năm 2026 13:20</p>", "Thứ ba, 19 tháng năm 2026 13:20"),
    ],
)
def test_the_date_is_found_however_it_stands_beside_the_headline(printed: str, time: str) -> None:
    page = make.page(f'<meta property="og:title" content="Tên bài thứ nhất">{printed}<div>{PROSE * 8}</div>', URL)
    assert time in discover.extract_any(page).time


def test_the_date_in_the_line_below_the_text_counts_where_none_stands_above() -> None:
    foot = "<p class=postmetadata>This entry was posted on Friday, May 29th, 2026 at 4:05 pm and is filed.</p>"
    draft = discover.extract_any(make.page(f"<h1>Tên bài thứ nhất</h1><div>{PROSE * 8}{foot}</div>", URL))
    assert draft.time.startswith("Friday, May 29th, 2026 at 4:05 pm")


@pytest.mark.parametrize(
    ("told", "lead"),
    [
        ("Rửa tay bằng xà phòng trước khi ăn giúp trẻ tránh nhiều bệnh.", True),
        ("Cổng thông tin điện tử chính thức của đơn vị, cập nhật hằng ngày.", False),
        ("Người dân cần rửa tay bằng xà phòng trước khi ăn và sau khi...", False),
    ],
)
def test_only_a_description_written_for_the_article_is_its_lead(told: str, lead: bool) -> None:
    page = make.page(f'<meta name=description content="{told}"><h1>Tên bài</h1><div>{PROSE * 8}</div>', URL)
    assert discover.extract_any(page).lead == (told if lead else "")


def test_source_lines_and_tools_are_cut_and_the_signature_above_them_is_the_author() -> None:
    foot = "<p align=right><b>Khoa Truyền thông</b></p><p align=right><i>Nguồn tham khảo: sổ tay</i></p>"
    tool = "<p>Bài viết này có hữu ích không? <button>Có</button></p>"
    draft = discover.extract_any(make.page(f"<h1>Tên bài</h1><div>{PROSE * 8}{foot}{tool}</div>", URL))
    assert draft.author == "Khoa Truyền thông"
    assert all(word not in draft.body for word in ("Nguồn tham khảo", "hữu ích", "Khoa Truyền thông"))


def test_images_are_read_in_the_widest_size_offered() -> None:
    sizes = '<img src="/a-300.jpg" srcset="/a-300.jpg 300w, /a.jpg 1200w"><img src="/b.jpg" srcset="/b.jpg?w=480 480w">'
    gallery = '<div><a href="/c.jpg"><img src="/c-150.jpg"></a><a href="/d.jpg"><img src="/d-150.jpg"></a></div>'
    page = make.page(f"<h1>Tên bài</h1><div>{PROSE * 4}{sizes}{gallery}{PROSE * 4}</div>", URL)
    assert [one.url.rpartition("/")[2] for one in discover.extract_any(page).images] == [
        "a.jpg", "b.jpg", "c.jpg", "d.jpg",
    ]  # fmt: skip


def test_a_document_is_known_by_its_name_where_a_script_hands_it_out() -> None:
    files = '<div class=artattach>Tệp: <a href="/LinkClick.aspx?fileticket=Zk">Danh sách nhà thuốc.pdf</a></div>'
    draft = discover.extract_any(make.page(f"<h1>Tên bài</h1><div>{PROSE * 8}</div>{files}", URL))
    assert [one.label for one in draft.attachments] == ["Danh sách nhà thuốc.pdf"]


def test_a_page_that_hides_from_its_family_is_read_as_any_page() -> None:
    page = make.page(
        f"<h1>Tên bài thứ nhất</h1><div class=component-paragraph>{PROSE * 8}</div>", f"{make.root(URL)}w/bai-viet-a"
    )
    source = make.source("liferay", home=make.root(URL))
    assert discover.read_article(source, page, None).title == "Tên bài thứ nhất"


def test_the_part_of_the_page_title_that_is_the_headline_goes_before_the_name_of_the_site() -> None:
    site = (
        "<title>Phòng bệnh mùa hè &raquo; Nước sạch cho bữa ăn của trẻ</title><div id=header><h1>Phòng bệnh mùa hè</h1>"
    )
    page = make.page(f"{site}</div><h2>Nước sạch cho bữa ăn của trẻ</h2><div>{PROSE * 8}</div>", URL)
    assert discover.extract_any(page).title == "Nước sạch cho bữa ăn của trẻ"


def test_who_and_when_on_top_of_the_text_are_no_text_and_the_heading_below_them_is_the_lead() -> None:
    top = "<h2>Tên bài thứ nhất</h2><ul><li>| In |</li></ul><dl><dd>Danh mục: Phòng bệnh</dd><dd>Đăng 18/10/2019</dd>"
    lead = "<dd>quan tri</dd></dl><h4>Rửa tay đúng lúc là cách phòng bệnh rẻ nhất cho cả nhà.</h4>"
    draft = discover.extract_any(make.page(f"<div class=item>{top}{lead}{PROSE * 8}</div>", URL))
    assert draft.lead == "Rửa tay đúng lúc là cách phòng bệnh rẻ nhất cho cả nhà."
    assert not [word for word in ("In", "Danh mục", "quan tri") if word in draft.body]


def test_a_lead_that_stands_bare_beside_its_picture_is_read() -> None:
    lead = "<div id=hometext><div><img src=/t.jpg></div>Rửa tay đúng lúc là cách phòng bệnh rẻ nhất.</div>"
    draft = discover.extract_any(make.page(f"<h1>Tên bài</h1><div class=bodytext>{lead}{PROSE * 8}</div>", URL))
    assert (draft.lead, draft.images) == ("Rửa tay đúng lúc là cách phòng bệnh rẻ nhất.", ())


def test_one_block_of_its_own_class_before_plain_paragraphs_is_the_lead() -> None:
    lead = "<div class=mo>Rửa tay đúng lúc là cách phòng bệnh rẻ nhất.</div>"
    draft = discover.extract_any(make.page(f"<h1>Tên bài</h1><div class=than>{lead}{PROSE * 8}</div>", URL))
    assert draft.lead == "Rửa tay đúng lúc là cách phòng bệnh rẻ nhất."


def test_a_mark_of_advertising_above_the_bold_lead_does_not_hide_it() -> None:
    top = "<div>- Quảng cáo -</div><h5><em>Rửa tay đúng lúc là cách phòng bệnh rẻ nhất.</em></h5>"
    draft = discover.extract_any(make.page(f"<h1>Tên bài</h1><div>{top}{PROSE * 8}</div>", URL))
    assert draft.lead == "Rửa tay đúng lúc là cách phòng bệnh rẻ nhất."


def test_lines_at_the_foot_that_only_offer_documents_are_attachments_and_no_text() -> None:
    files = "<p><a href=/a.pdf>Toàn văn công văn</a></p><p>Tải <a href=/documents/d/guest/b-docx>bản Word</a></p>"
    foot = f"<p>Tài liệu đính kèm:</p>{files}"
    draft = discover.extract_any(make.page(f"<h1>Tên bài</h1><div>{PROSE * 8}{foot}</div>", URL))
    assert len(draft.attachments) == 2
    assert not [word for word in ("đính kèm", "công văn", "Word") if word in draft.body]


def test_a_link_to_a_document_in_a_sentence_of_the_text_stays() -> None:
    foot = (
        "<p>Việc xử lý ổ dịch theo <a href=/a.pdf>hướng dẫn mới</a> do trạm y tế xã thực hiện trong hai ngày đầu.</p>"
    )
    draft = discover.extract_any(make.page(f"<h1>Tên bài</h1><div>{PROSE * 8}{foot}</div>", URL))
    assert "hướng dẫn mới" in draft.body


def test_letters_and_marks_that_stand_apart_are_read_as_one() -> None:
    body = unicodedata.normalize("NFD", f"{PROSE * 8}<p>Lượt truy cập chuyên trang tháng này</p>")
    draft = discover.extract_any(make.page(f"<h1>Tên bài</h1><div>{body}</div>", URL))
    assert "chuyên trang" not in unicodedata.normalize("NFC", draft.body)


def test_the_hour_that_a_tag_tells_beside_its_day_counts() -> None:
    line = "<span property='dc:date dc:created' content='2023-10-04T09:15:00+07:00'>Thứ 4, 04/10/2023</span>"
    draft = discover.extract_any(make.page(f"<h1>Tên bài</h1><div>{line}</div><div>{PROSE * 8}</div>", URL))
    assert draft.time == "2023-10-04T09:15:00+07:00"


def test_a_part_too_short_to_be_the_body_gives_way_to_the_text_of_the_page() -> None:
    parts = "<div data-lfr-editable-type=rich-text>12/01/2026 06:45</div>"
    page = make.page(f"<h1>Tên bài</h1>{parts}<div class=component-rich-text>{PROSE * 8}</div>", URL)
    assert discover.extract_any(page).body.count("rửa tay") == 8


def test_a_heading_in_the_head_of_the_site_gives_way_to_a_headline_that_is_no_heading() -> None:
    site = "<title>Cổng sức khỏe của tỉnh</title><div id=header><h1>Cổng sức khỏe</h1></div>"
    page = make.page(f"{site}<div class=title>Nước sạch cho bữa ăn của trẻ</div><div>{PROSE * 8}</div>", URL)
    assert discover.extract_any(page).title == "Nước sạch cho bữa ăn của trẻ"


def test_the_name_of_a_section_that_the_menu_leads_to_is_no_headline() -> None:
    menu = "<title>Tin tức sự kiện - Sở</title><nav><a href=/tin-tuc-su-kien>Tin tức sự kiện</a></nav>"
    heads = "<h1>Tin tức sự kiện</h1><h3>Nước sạch cho bữa ăn của trẻ</h3>"
    page = make.page(f"{menu}{heads}<div>{PROSE * 8}</div>", URL)
    assert discover.extract_any(page).title == "Nước sạch cho bữa ăn của trẻ"


@pytest.mark.parametrize("kind", ["Chi tiết tin", "CHI TIẾT BÀI VIẾT", "Tin tức - Sự kiện", "News detail"])
def test_what_a_module_calls_the_page_is_no_headline(kind: str) -> None:
    heads = f'<title>Tin tức</title><span class="head title">{kind}</span><span class=titleArticle>Nước sạch</span>'
    assert discover.extract_any(make.page(f"{heads}<div>{PROSE * 8}</div>", URL)).title == "Nước sạch"


@pytest.mark.parametrize("role", ["role=banner", "data-role=header", "data-elementor-type=header"])
def test_what_says_that_it_is_the_frame_of_the_page_is_none_of_the_article(role: str) -> None:
    site = f"<title>Nước sạch cho trẻ</title><div {role}><h1>Sở Y tế</h1><p>{OTHER}</p></div>"
    draft = discover.extract_any(make.page(f"{site}<h3>Nước sạch cho trẻ</h3><div>{PROSE * 8}</div>", URL))
    assert draft.title == "Nước sạch cho trẻ"
    assert "lịch trực" not in draft.body


def test_a_table_of_contents_above_the_lead_does_not_hide_it() -> None:
    toc = "<div id=ez-toc-container><p class=ez-toc-title>Mục lục</p></div>"
    lead = "<p><em>Rửa tay đúng lúc là cách phòng bệnh rẻ nhất.</em></p>"
    draft = discover.extract_any(make.page(f"<h1>Tên bài</h1><div class=noi>{toc}{lead}{PROSE * 8}</div>", URL))
    assert draft.lead == "Rửa tay đúng lúc là cách phòng bệnh rẻ nhất."


def test_how_long_the_reading_takes_is_no_clock() -> None:
    line = "<div><time datetime=2026-09-03T08:10:00+07:00>03/09/2026</time> • 4 phút đọc</div>"
    assert discover.extract_any(make.page(f"<h1>Tên bài</h1>{line}<div>{PROSE * 8}</div>", URL)).time == (
        "2026-09-03T08:10:00+07:00"
    )


def test_images_stand_in_the_order_of_the_page() -> None:
    album = "<div class=album><img src=/1.jpg><img src=/2.jpg></div>"
    photo = "<figure><img src=/3.jpg><figcaption>Ảnh</figcaption></figure>"
    page = make.page(f"<h1>Tên bài</h1><div>{PROSE * 4}{album}{PROSE * 2}{photo}{PROSE * 4}<img src=/4.jpg></div>", URL)
    assert [one.url[-5] for one in discover.extract_any(page).images] == ["1", "2", "3", "4"]


def test_of_an_image_for_dense_screens_the_largest_counts() -> None:
    image = '<img src="/a-400.jpg" srcset="/a-400.jpg 1x, /a-800.jpg 2x">'
    page = make.page(f"<h1>Tên bài</h1><div>{PROSE * 4}{image}{PROSE * 4}</div>", URL)
    assert [one.url.rpartition("/")[2] for one in discover.extract_any(page).images] == ["a-800.jpg"]


@pytest.mark.parametrize(
    "address", ["/LinkClick.aspx?fileticket=Zk", "/DownloadFile/12", "/download.ashx?id=3", "/?wpdmdl=81"]
)
def test_a_script_that_hands_out_documents_is_known_by_its_address(address: str) -> None:
    files = f'<div class=attach>Văn bản kèm theo: <a href="{address}">Danh mục kỹ thuật</a></div>'
    draft = discover.extract_any(make.page(f"<h1>Tên bài</h1><div>{PROSE * 8}</div>{files}", URL))
    assert [one.label for one in draft.attachments] == ["Danh mục kỹ thuật"]


@pytest.mark.parametrize(
    ("told", "lead"),
    [
        ("Mở cửa sổ trước mỗi giờ học và sau giờ ăn giúp lớp sạch hơn cả xịt thuốc trong mùa mưa.", True),
        ("Vì sức khỏe người dân, tận tâm và chuyên nghiệp trong mùa dịch cũng như ngày thường.", False),
        ("Trung tâm Y tế Hồ Bạc đồng bào tin tưởng, người dân cần là có mặt trong mùa dịch.", False),
    ],
)
def test_a_description_in_other_words_counts_where_it_does_not_speak_of_the_site(told: str, lead: bool) -> None:
    head = f"<title>Phòng học thoáng khí - Trung tâm Y tế Hồ Bạc</title><meta name=description content='{told}'>"
    page = make.page(f"{head}<h1>Phòng học thoáng khí</h1><div>{PROSE * 8}</div>", URL)
    assert discover.extract_any(page).lead == (told if lead else "")


def test_an_article_that_stands_in_the_state_of_a_script_only_is_read_from_there() -> None:
    post = {
        "title": "Tên bài",
        "excerpt": "Lời dẫn của bài.",
        "content": PROSE * 8,
        "publishedAt": "2026-10-25T07:10:00+07:00",
    }
    state = {"props": {"pageProps": {"menu": [{"title": "Tin"}], "post": {**post, "author": {"name": "Hà An"}}}}}
    script = f'<script id=__NEXT_DATA__ type="application/json">{json.dumps(state)}</script>'
    draft = discover.extract_any(make.page(f"<title>Trang</title><div id=__next></div>{script}", URL))
    assert (draft.title, draft.lead, draft.author) == ("Tên bài", "Lời dẫn của bài.", "Hà An")
    assert (draft.time, draft.body.count("rửa tay")) == ("2026-10-25T07:10:00+07:00", 8)


@pytest.mark.parametrize("state", ["{", "[" * 50_000, '{"title": "Tin", "content": "ngắn"}', '"chữ"', "null"])
def test_a_state_without_an_article_is_none(state: str) -> None:
    page = make.page(f'<title>Trang</title><script id=__NEXT_DATA__ type="application/json">{state}</script>', URL)
    with pytest.raises(ArticleError):
        discover.extract_any(page)


@pytest.mark.parametrize(
    "picture",
    [
        "<p style='text-align:center'><img src=/a.jpg></p><p style='text-align:center'>Ảnh: Trạm y tế</p>",
        "<div><img src=/a.jpg></div><p><em>Ảnh: Trạm y tế</em></p>",
        "<table align=center><tr><td><img src=/a.jpg></td></tr><tr><td><i>Ảnh: Trạm y tế</i></td></tr></table>",
    ],
)
def test_the_line_set_below_a_picture_is_its_caption(picture: str) -> None:
    draft = discover.extract_any(make.page(f"<h1>Tên bài</h1><div>{PROSE * 4}{picture}{PROSE * 4}</div>", URL))
    assert "<figcaption>Ảnh: Trạm y tế</figcaption>" in draft.body
    assert [(one.url[-6:], one.credit) for one in draft.images] == [("/a.jpg", "Ảnh: Trạm y tế")]


def test_a_paragraph_below_a_picture_is_text() -> None:
    picture = "<p><img src=/a.jpg></p><p>Rửa tay ngay khi về nhà.</p><p><b>Ăn chín, uống sôi</b></p>"
    draft = discover.extract_any(make.page(f"<h1>Tên bài</h1><div>{PROSE * 4}{picture}{PROSE * 4}</div>", URL))
    assert "figcaption" not in draft.body


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("<p>Cập nhật: 24/10/2026 10:00 | Ngày đăng: 23/10/2026 08:00</p>", "23/10/2026 08:00"),
        ("<p>Cập nhật lần cuối 24/10/2026</p><p>23/10/2026 08:00</p>", "23/10/2026 08:00"),
        ("<p>Cập nhật: 24/10/2026 10:00</p>", "24/10/2026 10:00"),
        ("<p><b>Hà An</b><span>04/11/2026</span><span>0</span><span>3 phút đọc</span></p>", "04/11/2026"),
    ],
)
def test_the_time_of_a_later_change_gives_way_to_that_of_publication(line: str, time: str) -> None:
    assert time in discover.extract_any(make.page(f"<h1>Tên bài</h1>{line}<div>{PROSE * 8}</div>", URL)).time


@pytest.mark.parametrize(
    ("line", "modified"),
    [
        ("<p>17/10/2026 08:00</p><p>Cập nhật lần cuối: 18/10/2026 10:00</p>", "18/10/2026 10:00"),
        ("<p>Cập nhật: 18/10/2026 10:00 | Ngày đăng: 17/10/2026 08:00</p>", "18/10/2026 10:00"),
        ("<p>Ngày đăng: 17/10/2026 08:00</p><p>Chỉnh sửa lúc 10:00 18/10/2026</p>", "10:00 18/10/2026"),
        ("<p>Cập nhật: 18/10/2026 10:00</p>", ""),  # the only time on the page is that of publication
    ],
)
def test_the_time_of_a_later_change_that_readers_see_is_kept_to_the_minute(line: str, modified: str) -> None:
    page = make.page(f"<h1>Tên bài</h1>{line}<div>{PROSE * 8}</div>", URL)
    draft = discover.extract_any(page)
    assert draft.modified == modified
    at = normalise.plainly(draft).modified
    assert at == (datetime(2026, 10, 18, 3, 0, tzinfo=UTC) if modified else None)


def test_the_time_of_a_change_that_the_metadata_tell_goes_before_the_visible_one() -> None:
    meta = '<meta property="article:modified_time" content="2026-10-19T09:30:00+07:00">'
    line = "<p>17/10/2026 08:00</p><p>Cập nhật lần cuối: 18/10/2026 10:00</p>"
    page = make.page(f"{meta}<h1>Tên bài</h1>{line}<div>{PROSE * 8}</div>", URL)
    assert discover.extract_any(page).modified == "2026-10-19T09:30:00+07:00"


def test_the_day_of_the_visit_is_no_publication() -> None:
    day, foot = "<p>Hôm nay, 28/11/2026</p>", "<p align=right>Ngày đăng: 22/10/2026 - 09:25</p>"
    page = make.page(f"{day}<h1>Tên bài</h1><div>{PROSE * 8}{foot}</div>", URL)
    assert "22/10/2026" in discover.extract_any(page).time


@pytest.mark.parametrize("style", ["font-weight:bold", "font-weight: 700", "font-style: italic"])
def test_a_lead_set_apart_by_its_style_is_read(style: str) -> None:
    lead = f'<p><span style="{style}">Rửa tay đúng lúc là cách phòng bệnh rẻ nhất.</span></p>'
    draft = discover.extract_any(make.page(f"<h1>Tên bài</h1><div>{lead}{PROSE * 8}</div>", URL))
    assert draft.lead == "Rửa tay đúng lúc là cách phòng bệnh rẻ nhất."


def test_the_bold_line_on_top_of_the_text_is_the_headline_where_the_metadata_name_the_site_only() -> None:
    site = (
        "<title>Trạm y tế xã Mẫu</title><table><tr><td><b>TRẠM Y TẾ XÃ MẪU</b></td></tr><tr><td>Điện thoại: 0</td></tr>"
    )
    body = f"<tr><td><font size=4><b>Nước sạch cho bữa ăn</b></font><br><br>{PROSE * 8}</td></tr></table>"
    assert discover.extract_any(make.page(site + body, URL)).title == "Nước sạch cho bữa ăn"


def test_a_quotation_that_opens_the_text_is_the_lead_and_one_within_it_is_not() -> None:
    quote = "<blockquote><p>Rửa tay đúng lúc là cách phòng bệnh rẻ nhất.</p></blockquote>"
    on_top = make.page(f"<h1>Tên bài</h1><div class=noi>{quote}{PROSE * 8}</div>", URL)
    within = make.page(f"<h1>Tên bài</h1><div class=noi>{PROSE * 2}{quote}{PROSE * 6}</div>", URL)
    assert discover.extract_any(on_top).lead == "Rửa tay đúng lúc là cách phòng bệnh rẻ nhất."
    assert discover.extract_any(within).lead == ""


@pytest.mark.parametrize("name", ["logo", "site-branding", "brand"])
def test_the_name_beside_the_logo_is_no_headline_though_the_page_title_repeats_it(name: str) -> None:
    site = f"<title>Trung tâm Y tế Hồ Bạc</title><div class={name}><h1>Trung tâm Y tế Hồ Bạc</h1></div>"
    text = f"<div class=tde>Nước sạch cho bữa ăn của trẻ</div><div>11/09/2026 08:01</div><div>{PROSE * 8}</div>"
    assert discover.extract_any(make.page(site + text, URL)).title == "Nước sạch cho bữa ăn của trẻ"
