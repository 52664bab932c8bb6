from datetime import UTC, date, datetime

import pytest

from aggregator.colour import contrast, rgb
from aggregator.publish import words
from aggregator.publish.addresses import feed_path, shelf_path, story_path
from aggregator.publish.assets import accent_css

AT = datetime(2026, 10, 19, 18, 5, tzinfo=UTC)


def test_times_are_shown_in_local_time():
    assert words.moment(AT) == "01:05, 20/10/2026"
    assert words.long_date(AT) == "Thứ Ba, 20 tháng 10 năm 2026"
    assert words.iso(AT) == "2026-10-20T01:05:00+07:00"
    assert words.month_name("2026-03") == "Tháng 3/2026"
    assert words.short_date(date(2026, 1, 2)) == "02/01/2026"
    assert words.number(1234567) == "1.234.567"


def test_the_address_of_a_story_is_of_the_local_month():
    at = datetime(2026, 9, 30, 18, 0, tzinfo=UTC)
    assert story_path("abc123abc123", "Tin đầu tháng", at) == "tin/2026/10/tin-dau-thang-abc123abc123.html"
    assert story_path("abc123abc123", "!!!", at) == "tin/2026/10/tin-abc123abc123.html"


@pytest.mark.parametrize("key", ["topic/../../x", "topic/x y", "TOPIC/x", "topic//x", "/topic"])
def test_a_key_that_could_leave_its_folder_is_refused(key):
    with pytest.raises(ValueError, match="key of a shelf"):
        shelf_path(key)
    with pytest.raises(ValueError, match="key of a shelf"):
        feed_path(key, "rss")


@pytest.mark.parametrize("accent", ["#0b5d8c", "#000000", "#1a1a80", "#7a0012"])
def test_the_accent_stays_legible_on_dark_ground(accent):
    dark = accent_css(accent).decode().split("dark){:root{--accent:")[1][:7]
    assert contrast(rgb(dark), rgb("#14171a")) >= 4.5
