"""The ends that official notices state, each in the words that they use: refine/moments.py must find the moment."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from aggregator.refine.matching import Text
from aggregator.refine.moments import MOST, features, moments
from aggregator.refine.signs import Signs
from aggregator.refine.vocabulary import load
from aggregator.text import tones

LOCAL = timezone(timedelta(hours=7))
TUESDAY = datetime(2026, 10, 20, 3, tzinfo=UTC)
SAID = [
    ("Thông báo có hiệu lực đến hết ngày 25/10/2026.", "2026-10-25"),
    ("từ 0h ngày 21/10 đến 24h ngày 30/10/2026", "2026-10-30"),
    ("từ 00 giờ 00 phút ngày 21/10/2026 đến 23 giờ 59 phút ngày 27/10/2026", "2026-10-27T23:59"),
    ("trong 14 ngày kể từ ngày 21/10/2026", "2026-11-03"),
    ("có hiệu lực 07 ngày kể từ ngày ký", "2026-10-27"),
    ("có hiệu lực trong 30 ngày", "2026-11-19"),
    ("áp dụng 14 ngày kể từ ngày ký ban hành (20/10/2026)", "2026-11-02"),
    ("trong thời hạn 10 ngày, kể từ ngày ban hành", "2026-10-30"),
    ("trong vòng 72 giờ tới", "2026-10-23T10:00"),
    ("trong 48 giờ kể từ 6 giờ ngày 21/10", "2026-10-23T06:00"),
    ("Kết thúc: 18h00/01/11/2026", "2026-11-01T18:00"),
    ("Kết thúc lúc 18h00, ngày 01/11/2026", "2026-11-01T18:00"),
    ("đến 22 giờ cùng ngày", "2026-10-20T22:00"),
    ("đến hết tuần này", "2026-10-25"),
    ("đến hết tuần sau", "2026-11-01"),
    ("hết tháng này", "2026-10-31"),
    ("đến hết tháng 11", "2026-11-30"),
    ("đến hết tháng 11 năm 2026", "2026-11-30"),
    ("đến cuối tháng 11/2026", "2026-11-30"),
    ("từ nay đến 30/10", "2026-10-30"),
    ("từ nay đến hết 30/10", "2026-10-30"),
    ("từ hôm nay đến hết thứ Sáu (23/10)", "2026-10-23"),
    ("đến hết thứ Sáu tuần này", "2026-10-23"),
    ("đến hết Chủ nhật tuần này", "2026-10-25"),
    ("đến hết Chủ nhật, 25/10", "2026-10-25"),
    ("đến thứ hai tuần sau", "2026-10-26"),
    ("đến 17h chiều mai", "2026-10-21T17:00"),
    ("đến sáng mai", "2026-10-21"),
    ("đến 6 giờ sáng mai, 21/10", "2026-10-21T06:00"),
    ("đến 6h sáng 22/10", "2026-10-22T06:00"),
    ("đến trưa ngày 22/10", "2026-10-22"),
    ("đến 18h tối nay", "2026-10-20T18:00"),
    ("trong hôm nay và ngày mai", "2026-10-21"),
    ("trong hai ngày 21 và 22/10", "2026-10-22"),
    ("các ngày 21, 22, 23/10/2026", "2026-10-23"),
    ("ngày 21-23/10", "2026-10-23"),
    ("từ 21 đến 23/10", "2026-10-23"),
    ("từ ngày 21 đến hết ngày 23 tháng 10 năm 2026", "2026-10-23"),
    ("từ 21/10 – 27/10/2026", "2026-10-27"),
    ("từ 7h30 - 17h00 ngày 22/10", "2026-10-22T17:00"),
    ("từ 22h00 ngày 21/10 đến 04h00 ngày hôm sau", "2026-10-22T04:00"),
    ("từ 22h ngày 21/10 đến 4h sáng hôm sau", "2026-10-22T04:00"),
    ("đến 24 giờ 00 ngày 31 tháng 10 năm 2026", "2026-10-31"),
    ("đến 0 giờ ngày 01/11/2026", "2026-11-01T00:00"),
    ("đến 23h59’ ngày 31/10/2026", "2026-10-31T23:59"),
    ("đến 23h59p ngày 31/10/2026", "2026-10-31T23:59"),
    ("đến 17:00 ngày 31/10/2026", "2026-10-31T17:00"),
    ("đến 17g00 ngày 31/10/2026", "2026-10-31T17:00"),
    ("Thời gian áp dụng: 20/10/2026 - 03/11/2026", "2026-11-03"),
    ("Hiệu lực: 20/10/2026 → 03/11/2026", "2026-11-03"),
    ("Ngày hết hiệu lực: 03/11/2026", "2026-11-03"),
    ("hết hiệu lực sau ngày 03/11/2026", "2026-11-03"),
    ("hết hiệu lực kể từ 0 giờ ngày 04/11/2026", "2026-11-04T00:00"),
    ("tự động hết hiệu lực vào 12 giờ trưa ngày 25/10", "2026-10-25T12:00"),
    ("hết hiệu lực sau 15 ngày kể từ ngày ký", "2026-11-04"),
    ("hết hiệu lực sau 21 ngày", "2026-11-10"),
    ("kéo dài thêm 7 ngày, đến hết ngày 27/10", "2026-10-27"),
    ("kéo dài 03 ngày, bắt đầu từ 21/10", "2026-10-23"),
    ("trong 3 ngày (từ 21/10 đến 23/10)", "2026-10-23"),
    ("trong 03 (ba) ngày tính từ 0 giờ 21/10/2026", "2026-10-23"),
    ("trong một tuần kể từ hôm nay", "2026-10-27"),
    ("một tuần, từ 21/10", "2026-10-27"),
    ("trong nửa tháng, từ 21/10", "2026-11-04"),
    ("nửa tháng kể từ 21/10/2026", "2026-11-04"),
    ("đến hết năm 2026", "2026-12-31"),
    ("đến hết năm nay", "2026-12-31"),
    ("đến hết quý IV", "2026-12-31"),
    ("đến hết quý 1/2027", "2027-03-31"),
    ("đến hết ngày 30 tháng Mười", "2026-10-30"),
    ("đến hết mùng 5 Tết (tức ngày 10/2/2027)", "2027-02-10"),
    ("đến hết rằm tháng Chín (tức 24/10/2026)", "2026-10-24"),
    ("đến hết học kỳ I (ngày 15/1/2027)", "2027-01-15"),
    ("đến khi học kỳ I kết thúc vào 15/1/2027", "2027-01-15"),
    ("không quá ngày 30/10/2026", "2026-10-30"),
    ("không muộn hơn ngày 30/10/2026", "2026-10-30"),
    ("cho tới hết 30.10.2026", "2026-10-30"),
    ("cho đến ngày 30-10-2026", "2026-10-30"),
    ("tới 15 giờ 30 ngày 21.10", "2026-10-21T15:30"),
    ("đến hết ngày 30/10/2026 (mười ngày)", "2026-10-30"),
    ("tạm đóng cửa 10 ngày, từ 20/10 tới 29/10", "2026-10-29"),
    ("từ chiều 20/10 đến sáng 23/10", "2026-10-23"),
    ("trong đêm nay và sáng mai", "2026-10-21"),
    ("từ tối nay đến hết ngày 23/10", "2026-10-23"),
    ("đến hết ngày 28 tháng này", "2026-10-28"),
    ("đến hết ngày 5 tháng sau", "2026-11-05"),
    ("đến ngày 5 tháng tới", "2026-11-05"),
    ("từ ngày 20 đến ngày 27 tháng này", "2026-10-27"),
    ("đến hết ngày mai (21/10)", "2026-10-21"),
    ("đến ngày kia", "2026-10-22"),
    ("10 ngày nữa", "2026-10-30"),
    ("trong 10 ngày tới", "2026-10-30"),
    ("trong mười ngày tới", "2026-10-30"),
    ("trong những ngày từ 21 đến 25/10", "2026-10-25"),
    ("Thời hạn: 15 ngày", "2026-11-04"),
    ("Thời gian phong tỏa: 14 ngày", "2026-11-03"),
    ("Thời gian cách ly 14 ngày bắt đầu từ 00h00 ngày 20/10/2026", "2026-11-02"),
    ("đến lúc 8 giờ 00 sáng ngày thứ Bảy 24/10/2026", "2026-10-24T08:00"),
    ("đến 8h thứ Bảy (24/10)", "2026-10-24T08:00"),
    ("đến 8h thứ Bảy", "2026-10-24T08:00"),
    ("đến chiều thứ Sáu", "2026-10-23"),
    ("có giá trị đến 16 giờ hôm nay", "2026-10-20T16:00"),
    ("từ 8h đến 16h hôm nay, 20/10", "2026-10-20T16:00"),
    ("từ 8h sáng đến 4h chiều ngày 21/10", "2026-10-21T16:00"),
    ("đến 5 giờ chiều ngày 21/10", "2026-10-21T17:00"),
    ("đến 10 giờ đêm 21/10", "2026-10-21T22:00"),
    ("đến 12 giờ đêm 21/10", "2026-10-21"),
    ("từ ngày ký đến hết 31/10/2026", "2026-10-31"),
    ("từ nay tới hết mùa mưa (31/10)", "2026-10-31"),
    ("22/10/2026 là ngày cuối cùng áp dụng", "2026-10-22"),
    ("ngày cuối cùng là 22/10", "2026-10-22"),
    ("bãi bỏ từ 0h ngày 23/10", "2026-10-23"),
    ("mở cửa trở lại từ 6h ngày 24/10", "2026-10-24T06:00"),
    ("dỡ bỏ lúc 6h00 ngày 24/10/2026", "2026-10-24T06:00"),
]


@pytest.mark.parametrize(("said", "end"), SAID)
def test_an_end_is_found_in_the_words_that_notices_use(said, end):
    found = [
        one.until.astimezone(LOCAL).replace(tzinfo=None) for one in moments(f"chợ đóng cửa {tones(said)}", TUESDAY)
    ]
    wanted = datetime.fromisoformat(end)
    if "T" in end:
        assert any(abs(one - wanted) <= timedelta(minutes=1) for one in found), found
    else:
        midnight = wanted + timedelta(days=1)
        assert any(one.date() == wanted.date() or one == midnight for one in found), found


@pytest.mark.parametrize(
    "said",
    [
        "ca bệnh thứ hai tại xã này", "mũi tiêm thứ ba cách sáu tháng", "trực 24/24 giờ", "lúc 8 giờ mỗi ngày",
        "18/20 mẫu đạt", "trong 3 tháng qua", "từ 2 đến 3 lần",
    ],
)  # fmt: skip
def test_ordinals_shares_and_bare_hours_are_no_moments(said):
    assert list(moments(tones(said), TUESDAY)) == []


def test_a_hostile_text_has_no_more_moments_than_are_looked_at():
    assert len(list(moments("đến ngày 25/10. " * 5000, TUESDAY))) <= MOST


def test_what_is_around_a_moment_tells_its_words_its_classes_and_when_it_lies():
    shown = "Thông báo khẩn\n\nChợ tạm đóng cửa đến hết ngày 25/10 để khử khuẩn."
    text = Text(shown, tones(shown), 15, 16, marked=True)
    (one,) = moments(text.plain, TUESDAY)
    found = features(text.plain, text, one, TUESDAY, Signs(load().urgent))
    assert {"b:đóng cửa", "near:tạm", "w:hết ngày", "a:khử khuẩn", "~measure near", "when=to come", "to=hết"} <= found
    assert "~not valid before" not in found
