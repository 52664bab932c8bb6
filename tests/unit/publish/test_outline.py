import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import SafeHtml
from aggregator.publish.outline import outlined
from aggregator.publish.render import on_page


def levels(html: str) -> list[int]:
    return [int(level) for level in re.findall(r"<h(\d)>", html)]


@pytest.mark.parametrize(
    ("printed", "shown"),
    [([2, 3, 4], [2, 3, 4]), ([3, 3], [2, 2]), ([4, 3, 4, 2, 4], [2, 2, 3, 2, 3]), ([3, 2, 3], [2, 2, 3])],
)
def test_headings_begin_below_the_pages_title_and_skip_no_level(printed: list[int], shown: list[int]) -> None:
    html = "".join(f"<h{level}>Mục</h{level}><p>chữ</p>" for level in printed)
    assert levels(outlined(html)) == shown


@given(st.lists(st.integers(2, 4)))
def test_any_order_of_headings_goes_down_one_level_at_a_time_and_every_one_is_closed(printed: list[int]) -> None:
    made = outlined("".join(f"<h{level}>Mục</h{level}>" for level in printed))
    assert len(levels(made)) == len(printed)
    assert all(below - above <= 1 for above, below in zip([1, *levels(made)], levels(made), strict=False))
    assert re.findall(r"</h(\d)>", made) == re.findall(r"<h(\d)>", made)


def test_the_outermost_table_alone_stands_in_a_box_that_takes_the_focus() -> None:
    made = outlined("<p>a</p><table><tr><td><table></table></td></tr></table><p>b</p><table></table>")
    assert made.count('<div class="scroll"') == made.count("</div>") == 2
    assert '<p>a</p><div class="scroll" role="region" aria-label="Bảng số 1" tabindex="0"><table><tr>' in made
    assert made.endswith('aria-label="Bảng số 2" tabindex="0"><table></table></div>')


def test_only_what_sanitise_made_passes_as_html() -> None:
    assert getattr(on_page(SafeHtml("<h3>a</h3>")), "__html__", None) is not None
    assert getattr(on_page("<script>"), "__html__", None) is None
