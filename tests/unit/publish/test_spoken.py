import pytest

from aggregator.publish.spoken import seconds_spoken, syllables_spoken


@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("Người dân khuyến cáo", 4),
        ("nghiêng ngoài khuya quý giờ", 5),
        ("Cloramin B", 4),
        ("CẤM TẮM", 2),
        ("BYT", 3),
        ("24 giờ", 4),  # hai mươi bốn giờ
        ("1900 9095", 14),
        ("0912345678", 10),
        ("5%", 3),
        ("24/24 giờ.", 8),
        ("", 0),
    ],
)
def test_syllables_are_counted_as_they_are_read(text, syllables):
    assert syllables_spoken(text) == syllables


def test_seconds_follow_the_pace_of_a_loudspeaker():
    assert seconds_spoken("ba " * 7) == 2.0
