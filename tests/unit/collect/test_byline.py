import pytest

from aggregator.collect import discover
from tests import make_reading as make

URL = "https://cdc.example.vn/bai-viet"
PROSE = "<p>Người dân cần rửa tay bằng xà phòng trước khi ăn và sau khi đi vệ sinh, đặc biệt trong mùa dịch.</p>" * 8


def author(above: str = "", foot: str = "", after: str = "") -> str:
    return discover.extract_any(make.page(f"<h1>Tên bài</h1>{above}<div>{PROSE}{foot}</div>{after}", URL)).author


@pytest.mark.parametrize(
    "line",
    [
        "<p>Hà An • <time datetime=2026-09-03>03/09/2026</time> • 4 phút đọc</p>",
        "<p><span>03/09/2026 08:10</span> · <span>Hà An</span></p>",
        "<div>Được đăng bởi <span>Hà An</span> vào <time>T6, 17/07/2026 - 09:40</time></div>",
        "<p>Posted by Hà An on 17/07/2026</p>",
        "<p>30/09/2026 - 13:13 <span>bởi Hà An</span></p>",
        "<dl><dd>Viết bởi Hà An</dd><dd>30/09/2026</dd></dl>",
        "<ul><li>30/09/2026</li><li>Tác giả <b>Hà An</b></li></ul>",
        "<p>30/09/2026 13:13</p><p>Hà An</p>",
        "<ul><li><i class=icon-calendar></i>24-03-2026</li><li><i class=icon-user></i>Hà An</li></ul>",
        "<div class=news-author>Hà An</div><p>24-03-2026</p>",
        "<div class=article_author>Tác giả: Hà An</div>",
        "<span class=tacgia>Hà An 14/08/2024 09:15</span>",
    ],
)
def test_the_author_is_found_above_the_text(line: str) -> None:
    assert author(line) == "Hà An"


@pytest.mark.parametrize(
    ("foot", "name"),
    [
        ("<p><strong><em>Ban biên tập</em></strong></p>", "Ban biên tập"),
        ("<p style='text-align:right'>Khoa Dinh dưỡng (bản mẫu)</p>", "Khoa Dinh dưỡng (bản mẫu)"),
        ("<p align=right><i>Tin, bài: <b>Kim Oanh</b></i></p>", "Kim Oanh"),
        ("<p>Bài, ảnh: Kim Oanh</p>", "Kim Oanh"),
        ("<p align=right><i>(Phòng Kế hoạch - Tài chính)</i></p>", "Phòng Kế hoạch - Tài chính"),
        ("<p><b>Bài: Kim Oanh; Ảnh: Thanh Tùng</b></p>", "Kim Oanh"),
        ("<p><b>BS. Kim Oanh</b><br>Khoa Tiêu hóa</p>", "BS. Kim Oanh"),
        ("<p><b>Gọi ngay 115 khi có dấu hiệu nặng.</b></p>", ""),
        ("<p align=right>Hà Nội, ngày 3/2/2026</p>", ""),
    ],
)
def test_who_signs_at_the_foot_is_the_author(foot: str, name: str) -> None:
    assert author(foot=foot) == name


@pytest.mark.parametrize(
    ("after", "name"),
    [
        ("<em class=pull-right>Cục Phòng bệnh (bản minh họa)</em>", "Cục Phòng bệnh (bản minh họa)"),
        ("<p>Tác giả: Kim Oanh</p>", "Kim Oanh"),
        ("<div class=text-end>Lò Thị Mai - Cán bộ y tế xã</div>", "Lò Thị Mai - Cán bộ y tế xã"),
        ("<p>Trang tin của phường đăng lại.</p>", ""),
        ("<h3>Phòng bệnh mùa hè</h3>", ""),
    ],
)
def test_who_signs_right_after_the_text_is_the_author(after: str, name: str) -> None:
    assert author(after=after) == name


@pytest.mark.parametrize("line", ["<p>Tin tức | 03/09/2026</p>", "<p><a href=/y-te>Dân Số</a> 03/09/2026</p>"])
def test_the_name_of_a_section_beside_the_date_is_no_author(line: str) -> None:
    assert author(line) == ""


def test_who_posted_the_text_under_an_account_gives_way_to_who_signs_it() -> None:
    assert author("<div class=author>admin</div>", "<p align=right>Kim Oanh</p>") == "Kim Oanh"
