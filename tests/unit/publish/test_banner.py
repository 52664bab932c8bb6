import io
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from aggregator.colour import LEGIBLE, contrast, rgb
from aggregator.publish import typeface
from aggregator.publish.banner import WEIGHTS, Banner, Line, compose
from aggregator.publish.campaigns import SIZES, state
from aggregator.publish.fitting import SMALLEST, text_width
from aggregator.publish.raster import png
from aggregator.settings import Campaign, Directive

CAMPAIGN = Campaign(
    slug="bluezone",
    title="Bluezone",
    message="Cài đặt Bluezone để bảo vệ bản thân, gia đình và cộng đồng",
    short=("Cài đặt Bluezone",),
    alt="Cài đặt ứng dụng Bluezone: cảnh báo khi từng tiếp xúc gần người mắc COVID-19",
    starts=date(2020, 8, 1),
    ends=date(2021, 9, 30),
    directive=Directive(number="1979/STTTT-TTĐT", issuer="Sở Thông tin và Truyền thông", date=date(2020, 8, 10)),
)
SVG = "{http://www.w3.org/2000/svg}"


def box(size: str) -> tuple[int, int]:
    width, height = size.split("x")
    return int(width), int(height)


def words(banner: Banner, role: str = "message") -> str:
    return " ".join(line.text for line in banner.lines if line.role == role)


def sides(line: Line) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of what a line draws, stacked marks and tails included."""
    weight = WEIGHTS[line.role]
    wide = text_width(line.text, line.size, weight)
    above, below = typeface.ink(line.text, weight)
    left = line.x - wide / 2 if line.role == "call" else line.x
    return left, left + wide, line.y - above * line.size, line.y + below * line.size


@pytest.mark.parametrize("ribbon", ["", "DỮ LIỆU MINH HOẠ"])
@pytest.mark.parametrize("size", [*SIZES, "120x600", "970x250", "88x31"])
def test_text_stays_inside_every_size(size: str, ribbon: str) -> None:
    width, height = box(size)
    banner = compose(CAMPAIGN, width, height, ribbon)
    assert words(banner)
    for line in banner.lines:
        left, right, top, bottom = sides(line)
        assert left >= 0 and right <= width and top >= 0 and bottom <= height, line
    assert all(line.size >= SMALLEST for line in banner.lines if line.role != "mark")


SYLLABLES = ["Ẳn", "phòng", "sốt", "xuất", "huyết", "Ở", "yếu", "nghiêng", "ặt", "Đ", "12", "gì?", "NGƯỜI", "y", "tế"]


@settings(max_examples=150, deadline=None)
@given(
    words=st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=24),
    width=st.integers(200, 1300),
    height=st.integers(40, 620),
    ribbon=st.sampled_from(["", "BẢN XEM THỬ"]),
    linked=st.booleans(),
)
def test_whatever_is_written_stays_inside_whatever_box(
    words: list[str], width: int, height: int, ribbon: str, linked: bool
) -> None:
    campaign = CAMPAIGN.model_copy(update={"message": " ".join(words), "short": (), "title": "Rửa tay"})
    for line in compose(campaign, width, height, ribbon, linked=linked).lines:
        left, right, top, bottom = sides(line)
        assert left >= 0 and right <= width and top >= 0 and bottom <= height, line


@pytest.mark.parametrize("ribbon", ["", "DỮ LIỆU MINH HOẠ"])
@pytest.mark.parametrize("size", SIZES)
def test_no_two_lines_run_into_each_other(size: str, ribbon: str) -> None:
    lines = [sides(line) for line in compose(CAMPAIGN, *box(size), ribbon).lines]
    for number, one in enumerate(lines):
        for other in lines[number + 1 :]:
            apart_x = one[1] <= other[0] or other[1] <= one[0]
            apart_y = one[3] <= other[2] or other[3] <= one[2]
            assert apart_x or apart_y, (size, one, other)


@pytest.mark.parametrize("size", SIZES)
def test_no_banner_cuts_its_words(size: str) -> None:
    assert words(compose(CAMPAIGN, *box(size), "DỮ LIỆU MINH HOẠ")) in {CAMPAIGN.message, *CAMPAIGN.short}


@pytest.mark.parametrize(
    ("size", "called"), [("800x81", True), ("300x250", True), ("230x46", False), ("298x50", False)]
)
def test_a_call_to_action_stands_where_there_is_room(size: str, called: bool) -> None:
    assert bool(words(compose(CAMPAIGN, *box(size), ""), "call")) is called


def test_the_document_behind_the_campaign_is_named_where_there_is_room() -> None:
    assert words(compose(CAMPAIGN, 800, 81, ""), "source") == "Theo văn bản 1979/STTTT-TTĐT"
    assert not words(compose(CAMPAIGN, 230, 46, ""), "source")


@pytest.mark.parametrize(("ground", "ink"), [("#0b4f8a", "#ffffff"), ("#ffd54a", "#1a1a1a"), ("#767676", "#ffffff")])
def test_what_is_drawn_under_text_never_takes_from_its_contrast(ground: str, ink: str) -> None:
    svg = compose(CAMPAIGN.model_copy(update={"colour": ground, "ink": ink}), 300, 250, "").svg()
    shades = {rest.split('"')[0] for rest in svg.split('fill="')[1:]} - {ground, ink, "none"}
    assert len(shades) == 1
    assert contrast(rgb(shades.pop()), rgb(ink)) >= contrast(rgb(ground), rgb(ink)) >= LEGIBLE


def test_a_last_word_is_not_left_alone_where_rows_can_be_even() -> None:
    rows = [line for line in compose(CAMPAIGN, 728, 90, "").lines if line.role == "message"]
    widths = [text_width(row.text, row.size) for row in rows]
    assert len(rows) == 2 and min(widths) > 0.7 * max(widths)


@pytest.mark.parametrize("size", SIZES)
def test_every_banner_is_an_image_with_an_alternative_text(size: str) -> None:
    root = ElementTree.fromstring(compose(CAMPAIGN, *box(size), "").svg())
    assert root.get("role") == "img" and root.get("aria-label") == CAMPAIGN.alt
    assert root.findtext(f"{SVG}title") == CAMPAIGN.alt
    assert (root.get("width"), root.get("height")) == tuple(size.split("x"))


def test_the_message_is_shown_where_it_fits_and_the_short_text_elsewhere() -> None:
    assert words(compose(CAMPAIGN, 1000, 69, "")) == CAMPAIGN.message
    assert words(compose(CAMPAIGN, 230, 46, "")) == CAMPAIGN.short[0]


def test_a_demo_banner_says_so_to_eye_and_ear() -> None:
    svg = compose(CAMPAIGN, 300, 250, "DỮ LIỆU MINH HOẠ").svg()
    root = ElementTree.fromstring(svg)
    assert (root.findtext(f"{SVG}desc") or "").startswith("DỮ LIỆU MINH HOẠ · ")
    assert (root.get("aria-label") or "").startswith("DỮ LIỆU MINH HOẠ")


@pytest.mark.parametrize("size", SIZES)
def test_a_banner_needs_no_font_of_the_readers(size: str) -> None:
    banner = compose(CAMPAIGN, *box(size), "")
    root = ElementTree.fromstring(banner.svg())
    assert not list(root.iter(f"{SVG}text")) and "font" not in banner.svg()
    drawn = [path for path in root.iter(f"{SVG}path") if "scale(" in path.get("transform", "")]
    assert len(drawn) == len(banner.lines)
    letters = [sum(sign != " " for sign in line.text) for line in banner.lines]
    assert [path.get("d", "").count("M") for path in drawn] == letters  # one outline a letter


def test_all_words_of_a_banner_stand_in_its_description() -> None:
    desc = ElementTree.fromstring(compose(CAMPAIGN, 800, 81, "").svg()).findtext(f"{SVG}desc")
    assert desc == f"{CAMPAIGN.message} · Theo văn bản 1979/STTTT-TTĐT · Xem chi tiết"


@pytest.mark.parametrize("size", SIZES)
def test_the_png_shows_what_the_svg_shows_at_twice_its_size(size: str) -> None:
    width, height = box(size)
    image = Image.open(io.BytesIO(png(compose(CAMPAIGN, width, height, "").svg()))).convert("RGB")
    assert image.size == (2 * width, 2 * height)
    seen = {colour for _, colour in image.getcolors(100_000)}
    assert {rgb(CAMPAIGN.colour), rgb(CAMPAIGN.ink)} <= seen
    assert image.getpixel((1, 1)) == rgb(CAMPAIGN.colour)


def test_the_same_banner_gives_the_same_bytes() -> None:
    one, other = (png(compose(CAMPAIGN, 468, 60, "").svg()) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("size", SIZES)
def test_a_banner_weighs_less_than_a_portal_would_notice(size: str) -> None:
    svg = compose(CAMPAIGN, *box(size), "DỮ LIỆU MINH HOẠ").svg()
    assert len(svg.encode()) < 30_000 and len(png(svg)) < 26_000


def test_hostile_words_stay_words() -> None:
    hostile = CAMPAIGN.model_copy(update={"message": '</text><script>alert("1")</script>', "alt": '"><script>'})
    root = ElementTree.fromstring(compose(hostile, 800, 81, "").svg())
    assert not [element for element in root.iter() if "script" in element.tag]


def test_an_ended_campaign_leaves_an_empty_image_of_the_same_size() -> None:
    root = ElementTree.fromstring(compose(CAMPAIGN, 300, 250, "").empty_svg())
    assert (root.get("width"), root.get("height")) == ("300", "250")
    assert not root.get("aria-label") and not root.findtext(f"{SVG}title")
    assert not list(root.iter(f"{SVG}path")) and not list(root.iter(f"{SVG}rect"))
    assert not Image.open(io.BytesIO(png(compose(CAMPAIGN, 300, 250, "").empty_svg()))).convert("RGBA").getbbox()


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2020, 7, 31), "coming"), (date(2020, 8, 1), "running"), (date(2021, 9, 30), "running"),
     (date(2021, 10, 1), "ended")],
)  # fmt: skip
def test_a_campaign_runs_from_its_first_to_its_last_day(day: date, expected: str) -> None:
    assert state(CAMPAIGN, day) == expected
