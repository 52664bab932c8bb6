from datetime import date
from xml.etree import ElementTree

import pytest

from aggregator.publish.banner import LINE, SMALLEST, compose, text_width
from aggregator.publish.campaigns import SIZES, state
from aggregator.settings import Campaign

CAMPAIGN = Campaign(
    slug="bluezone",
    title="Bluezone",
    message="Cài đặt Bluezone để bảo vệ bản thân, gia đình và cộng đồng",
    short="Cài đặt Bluezone",
    alt="Cài đặt ứng dụng Bluezone: cảnh báo khi từng tiếp xúc gần người mắc COVID-19",
    starts=date(2020, 8, 1),
    ends=date(2021, 9, 30),
)
SVG = "{http://www.w3.org/2000/svg}"


def box(size: str) -> tuple[int, int]:
    width, height = size.split("x")
    return int(width), int(height)


@pytest.mark.parametrize("ribbon", ["", "DỮ LIỆU MINH HOẠ"])
@pytest.mark.parametrize("size", SIZES)
def test_text_stays_inside_every_size(size: str, ribbon: str) -> None:
    width, height = box(size)
    banner = compose(CAMPAIGN, width, height, ribbon)
    assert banner.lines[-1].text
    for line in banner.lines:
        assert line.x + text_width(line.text, line.size) <= width
        assert line.y - 0.78 * line.size * LINE >= -1 and line.y + 0.3 * line.size <= height
    assert all(line.size >= SMALLEST for line in banner.lines if line.bold)


@pytest.mark.parametrize("size", SIZES)
def test_every_banner_is_an_image_with_an_alternative_text(size: str) -> None:
    root = ElementTree.fromstring(compose(CAMPAIGN, *box(size), "").svg())
    assert root.get("role") == "img" and root.get("aria-label") == CAMPAIGN.alt
    assert root.findtext(f"{SVG}title") == CAMPAIGN.alt
    assert (root.get("width"), root.get("height")) == tuple(size.split("x"))


def test_the_message_is_shown_where_it_fits_and_the_short_text_elsewhere() -> None:
    wide = " ".join(line.text for line in compose(CAMPAIGN, 1000, 69, "").lines)
    narrow = " ".join(line.text for line in compose(CAMPAIGN, 230, 46, "").lines)
    assert wide == CAMPAIGN.message and narrow == CAMPAIGN.short


def test_a_demo_banner_says_so_to_eye_and_ear() -> None:
    svg = compose(CAMPAIGN, 300, 250, "DỮ LIỆU MINH HOẠ").svg()
    root = ElementTree.fromstring(svg)
    assert "DỮ LIỆU MINH HOẠ" in [text.text for text in root.iter(f"{SVG}text")]
    assert (root.get("aria-label") or "").startswith("DỮ LIỆU MINH HOẠ")


def test_hostile_words_stay_words() -> None:
    hostile = CAMPAIGN.model_copy(update={"message": '</text><script>alert("1")</script>', "alt": '"><script>'})
    root = ElementTree.fromstring(compose(hostile, 800, 81, "").svg())
    assert not [element for element in root.iter() if "script" in element.tag]


def test_an_ended_campaign_leaves_an_empty_image_of_the_same_size() -> None:
    root = ElementTree.fromstring(compose(CAMPAIGN, 300, 250, "").empty_svg())
    assert (root.get("width"), root.get("height")) == ("300", "250")
    assert not list(root.iter(f"{SVG}text")) and not list(root.iter(f"{SVG}rect"))


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2020, 7, 31), "coming"), (date(2020, 8, 1), "running"), (date(2021, 9, 30), "running"),
     (date(2021, 10, 1), "ended")],
)  # fmt: skip
def test_a_campaign_runs_from_its_first_to_its_last_day(day: date, expected: str) -> None:
    assert state(CAMPAIGN, day) == expected
