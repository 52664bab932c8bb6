"""The date beside a title in a listing."""

import pytest

from aggregator.collect import dated, html

TITLE = "Kiểm tra bếp ăn bán trú đầu năm học mới"


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("<span>18</span><span>Tháng 5/2026</span>", "18/5/2026"),
        ("<b>18</b><i>05-2026</i>", "18/05/2026"),
        ("<b>18</b><i>Th5</i><u>2026</u>", "18/5/2026"),
        ("<b>18/05</b><i>2026</i>", "18/05/2026"),
        ("<b>Tháng 05/2026</b><i>18</i>", "18/05/2026"),
        ("<p>18/05/2026 09:30</p>", "18/05/2026 09:30"),
        (
            "<p><i>(18/5/2026)</i> Các đơn vị phối hợp triển khai từ đầu tuần, lịch có tại trạm y tế.</p>",
            "18/5/2026",
        ),
        (
            "<p>Ngày 11/7/2022, đoàn kiểm tra đã làm việc với ba bếp ăn của phường.</p>",
            "",
        ),
        ("<p>Công văn ban hành kèm theo ngày 12/5/2020 của Sở Y tế...</p>", ""),
        ("<b>18</b><i>bài</i>", ""),
    ],
)
def test_a_date_is_told_as_printed_and_one_in_a_sentence_is_none(printed: str, said: str) -> None:
    block = html.soup(f"<li><a href='/a'>{TITLE}</a>{printed}</li>").li
    assert block is not None
    assert dated.beside(block, TITLE) == said
