"""Notices of correction: what is one, and which article it names."""

import pytest

from aggregator.model import SafeHtml
from aggregator.refine.announcing import corrected, is_notice, named
from tests import make

TITLE = "Liều dùng vitamin A cho trẻ từ 6 đến 36 tháng"


@pytest.mark.parametrize(
    ("title", "lead", "is_one"),
    [
        ("Đính chính", "", True),
        ("ĐÍNH CHÍNH: Lịch tiêm vắc xin sởi", "", True),
        ("Bản đính chính bài về lịch tiêm", "", True),
        ("Cải chính thông tin về khẩu trang", "", True),
        ("“Đính chính” lịch tiêm", "", True),
        ("Về lịch tiêm vắc xin", "Đính chính: ngày tiêm là 21/10.", True),
        ("Thủ tục cải chính hộ tịch", "", False),
        ("Cải chính hộ tịch cho trẻ em", "", False),
        ("Bộ Y tế đính chính tin về khẩu trang", "", False),  # a report about a correction
        ("Lịch tiêm vắc xin sởi", "Phụ huynh mang theo sổ tiêm.", False),
    ],
)
def test_a_notice_of_correction_begins_as_one(title, lead, is_one):
    assert is_notice(make.article(title=title, lead=lead)) is is_one


def notice(title="Đính chính", lead="", text="", body=""):
    return make.article("n1", title=title, lead=lead, text=text, body=SafeHtml(body))


def test_addresses_stand_in_links_and_in_words():
    what = named(
        notice(
            text="Xem bài gốc (https://moh.example.vn/tin-2.htm).",
            body='<a href="https://moh.example.vn/?a=1&amp;b=2">bài</a> <a href="https://moh.example.vn/tin-n1.htm">đây</a>',
        )
    )
    assert what.urls == ("https://moh.example.vn/?a=1&b=2", "https://moh.example.vn/tin-2.htm")  # its own is none


@pytest.mark.parametrize(
    "given",
    [
        notice(title=f"Đính chính: {TITLE}"),
        notice(title=f"Bản đính chính – {TITLE.upper()}"),
        notice(lead=f"Đính chính: {TITLE}."),
        notice(text=f"Trong bài “{TITLE}” đăng hôm qua, liều dùng bị ghi sai."),
        notice(text=f'Trong bài "{TITLE}" liều dùng bị ghi sai.'),
        notice(text=f"Trong bài «{TITLE}» liều dùng bị ghi sai."),
    ],
)
def test_a_title_is_quoted_or_stands_behind_the_colon(given):
    assert (
        corrected("n1", named(given), (), {"a1": TITLE, "a2": "Tin khác hẳn của cùng nguồn", "n1": given.title}) == "a1"
    )


def test_a_few_quoted_words_are_no_title():
    assert named(notice(text="Sửa “100 mg” thành “10 mg”.")).titles == frozenset()


def test_the_only_one_that_fits_or_nothing():
    what = named(notice(title=f"Đính chính: {TITLE}"))
    assert corrected("n1", what, (), {"a1": TITLE, "a2": TITLE}) == ""
    assert corrected("n1", what, (), {"a1": "Tin khác hẳn của cùng nguồn"}) == ""
    assert corrected("n1", what, (), {"n1": TITLE}) == ""


def test_the_address_goes_before_the_title_and_the_title_decides_between_addresses():
    what = named(notice(title=f"Đính chính: {TITLE}"))
    titles = {"a1": TITLE, "a2": "Tin khác hẳn của cùng nguồn", "a3": "Một tin khác nữa của nguồn"}
    assert corrected("n1", what, ("a2", "n1"), titles) == "a2"
    assert corrected("n1", what, ("a1", "a2"), titles) == "a1"
    assert corrected("n1", what, ("a2", "a3"), titles) == ""
