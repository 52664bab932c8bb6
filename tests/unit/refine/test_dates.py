from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.refine.dates import When, from_vccorp_id, parse

LOCAL = timezone(timedelta(hours=7))
FETCHED = datetime(2026, 11, 22, 10, 17, 42, 5, tzinfo=LOCAL).astimezone(UTC)


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=LOCAL).astimezone(UTC)


def read(printed: str, day_first: bool = True) -> When | None:
    return parse(printed, day_first=day_first, fetched_at=FETCHED)


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        ("Thứ Ba, ngày 17/02/2026 03:15", local(2026, 2, 17, 3, 15)),
        ("Thứ Ba, ngày 17/02/2026 03:15Sở Y tế vừa ban hành hướng dẫn mới", local(2026, 2, 17, 3, 15)),
        ("Thứ Ba, ngày 17/02/2026 15:15Chủ tịch thành phố yêu cầu ngày 18/3/2026", local(2026, 2, 17, 15, 15)),
        ("Thứ 3, ngày 17/02/2026 03:15", local(2026, 2, 17, 3, 15)),
        ("Friday 2025-07-18 08:43", local(2025, 7, 18, 8, 43)),
        ("29/04/2026 08:30 AM", local(2026, 4, 29, 8, 30)),
        ("29/04/2026 08:30 PM", local(2026, 4, 29, 20, 30)),
        ("29/04/2026 12:30 AM", local(2026, 4, 29, 0, 30)),
        ("29/04/2026 12:30 PM", local(2026, 4, 29, 12, 30)),
        ("Thứ sáu, 20/03/2020, 18:48", local(2020, 3, 20, 18, 48)),
        ("Thứ hai, 23/03/2020 11:39", local(2020, 3, 23, 11, 39)),
        ("(Thứ hai, 03/02/2020 00:53)", local(2020, 2, 3, 0, 53)),
        ("14:53 23/03/2020", local(2020, 3, 23, 14, 53)),
        ("14h45 ngày 23/3/2020", local(2020, 3, 23, 14, 45)),
        ("18:30 ngày 21/03/2020", local(2020, 3, 21, 18, 30)),
        ("9h30 thứ Hai, ngày 23/03/2020", local(2020, 3, 23, 9, 30)),
        ("Ngày đăng 09/09/2020 | 05:07 PM | View count: 842", local(2020, 9, 9, 17, 7)),
        ("Ngày đăng 20/06/2018 | 4:12 PM \xa0|\xa0View count: 349", local(2018, 6, 20, 16, 12)),
        ("05/10/2026 15:42 GMT+7", local(2026, 10, 5, 15, 42)),
        ("03/01/2026 08:56", local(2026, 1, 3, 8, 56)),
        ("Thứ tư, 22/10/2025, 19:25 (GMT+7)", local(2025, 10, 22, 19, 25)),
        ("Ngày 12 tháng 05 năm 2026 | 09 giờ 45", local(2026, 5, 12, 9, 45)),
        ("9h 12/05/2026", local(2026, 5, 12, 9)),
        ("9 giờ 12 tháng 5 năm 2026", local(2026, 5, 12, 9)),
        ("12/05/2026 (GMT +7) - 09:45", local(2026, 5, 12, 9, 45)),
        ("02/10/2020 08:20 SA", local(2020, 10, 2, 8, 20)),
        ("02/10/2020 08:20 CH", local(2020, 10, 2, 20, 20)),
        ("02/10/2020 12:05 SA", local(2020, 10, 2, 0, 5)),
        ("Thứ Ba, 21/4/2015 - 11:37", local(2015, 4, 21, 11, 37)),
        ("18/08/2020 lúc 10 giờ 30 phút", local(2020, 8, 18, 10, 30)),
        ("Lúc 10 giờ 30 phút ngày 18/08/2020", local(2020, 8, 18, 10, 30)),
        ("18/08/2020 9h30", local(2020, 8, 18, 9, 30)),
        ("18/08/2020 9h", local(2020, 8, 18, 9, 0)),
        ("18/08/2020 2 giờ chiều", local(2020, 8, 18, 14, 0)),
        ("18-08-2026 07:05", local(2026, 8, 18, 7, 5)),
        ("18.08.2026 07:05", local(2026, 8, 18, 7, 5)),
        ("ngày 17 tháng 2 năm 2026, 10:30", local(2026, 2, 17, 10, 30)),
        ("17 Tháng Hai, 2026 08:20 CH", local(2026, 2, 17, 20, 20)),
        ("5 tháng năm 2026 10:30", local(2026, 5, 5, 10, 30)),
        ("Tue, 18 Aug 2020 10:30:00 +0700", local(2020, 8, 18, 10, 30)),
        ("Tue, 18 Aug 2020 03:30:00 GMT", local(2020, 8, 18, 10, 30)),
        ("Tue, 18 Aug 2020 10:30:00 GMT+7", local(2020, 8, 18, 10, 30)),
        ("Tue, 18 Aug 2020 10:30:00", local(2020, 8, 18, 10, 30)),
        ("Tue, 18 Aug 20 10:30:00 +0700", local(2020, 8, 18, 10, 30)),
        ("Mon, 17 Aug 2020 23:30:00 EDT", local(2020, 8, 18, 10, 30)),
        ("August 18, 2020 10:30 AM", local(2020, 8, 18, 10, 30)),
        ("2026-10-05T15:42:00+07:00", local(2026, 10, 5, 15, 42)),
        ("2026-10-05T15:42:00&#x2B;07:00", local(2026, 10, 5, 15, 42)),
        ("2026-10-05T15:42:00&amp;#x2B;07:00", local(2026, 10, 5, 15, 42)),
        ("2026-10-05T08:42:00Z", local(2026, 10, 5, 15, 42)),
        ("2026-10-05T08:42:07.123Z", local(2026, 10, 5, 15, 42, 7)),
        ("2026-10-05T15:42", local(2026, 10, 5, 15, 42)),
        ("2026-10-05 15:42:07", local(2026, 10, 5, 15, 42, 7)),
        ("2026-10-05T04:12:00-04:30", local(2026, 10, 5, 15, 42)),
        ("<time datetime='x'>05/10/2026&nbsp;15:42</time>", local(2026, 10, 5, 15, 42)),
        ("Thu\u031b\u0301 tu\u031b, 22/10/2025, 19:25", local(2025, 10, 22, 19, 25)),
        ("Hôm qua 14:30", local(2026, 11, 21, 14, 30)),
        ("hôm qua, lúc 14h30", local(2026, 11, 21, 14, 30)),
        ("08:05 hôm nay", local(2026, 11, 22, 8, 5)),
        ("Tháng Hai 17, 2026 10:30", local(2026, 2, 17, 10, 30)),
        ("Th2 17, 2026 10:30", local(2026, 2, 17, 10, 30)),
        ("17 Th2, 2026 10:30", local(2026, 2, 17, 10, 30)),
        ("Tháng 12 7, 2025, 10:30", local(2025, 12, 7, 10, 30)),
        ("Đăng 12/11/26 08:30", local(2026, 11, 12, 8, 30)),
        ("12/11/26 8:30 CH", local(2026, 11, 12, 20, 30)),
    ],
)
def test_a_time_is_read_to_the_minute(printed: str, at: datetime) -> None:
    assert read(printed) == When(at, "minute")


SEEN = {  # the list of sources.md §5, in its order; True where the day stands first
    "Thứ Ba, ngày 17/02/2026 03:15": (True, local(2026, 2, 17, 3, 15), "minute"),
    "Friday 2025-07-18 08:43": (True, local(2025, 7, 18, 8, 43), "minute"),
    "29/04/2026 08:30 AM": (True, local(2026, 4, 29, 8, 30), "minute"),
    "10/5/2026 3:42:00 PM": (False, local(2026, 10, 5, 15, 42), "minute"),
    "Thứ sáu, 20/03/2020, 18:48": (True, local(2020, 3, 20, 18, 48), "minute"),
    "Thứ hai, 23/03/2020 11:39": (True, local(2020, 3, 23, 11, 39), "minute"),
    "(Thứ hai, 03/02/2020 00:53)": (True, local(2020, 2, 3, 0, 53), "minute"),
    "14:53 23/03/2020": (True, local(2020, 3, 23, 14, 53), "minute"),
    "14h45 ngày 23/3/2020": (True, local(2020, 3, 23, 14, 45), "minute"),
    "18:30 ngày 21/03/2020": (True, local(2020, 3, 21, 18, 30), "minute"),
    "Ngày đăng 09/09/2020 | 05:07 PM | View count: 842": (True, local(2020, 9, 9, 17, 7), "minute"),
    "(24/08/2022)": (True, local(2022, 8, 24), "day"),
    "05/10/2026 15:42 GMT+7": (True, local(2026, 10, 5, 15, 42), "minute"),
    "03/01/2026 08:56": (True, local(2026, 1, 3, 8, 56), "minute"),
    "Thứ tư, 22/10/2025, 19:25 (GMT+7)": (True, local(2025, 10, 22, 19, 25), "minute"),
    "02/10/2020 08:20 SA": (True, local(2020, 10, 2, 8, 20), "minute"),
    "Thứ Ba, 21/4/2015 - 11:37": (True, local(2015, 4, 21, 11, 37), "minute"),
    "2 giờ trước": (True, local(2026, 11, 22, 8, 17), "guessed"),
    "Tue, 18 Aug 2020 10:30:00 +0700": (True, local(2020, 8, 18, 10, 30), "minute"),
    "2026-10-05T15:42:00+07:00": (True, local(2026, 10, 5, 15, 42), "minute"),
    "2026-10-05T15:42:00&#x2B;07:00": (True, local(2026, 10, 5, 15, 42), "minute"),
}


@pytest.mark.parametrize("printed", SEEN)
def test_every_shape_seen_on_the_official_sites_is_read(printed: str) -> None:
    day_first, at, precision = SEEN[printed]
    assert read(printed, day_first) == When(at, precision)


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        ("(24/08/2022)", local(2022, 8, 24)),
        ("Cập nhật: 24/8/2022", local(2022, 8, 24)),
        ("24/08/2022 12:00 AM", local(2022, 8, 24)),
        ("24/08/2022 12:00 SA", local(2022, 8, 24)),
        ("2022-08-24T00:00:00", local(2022, 8, 24)),
        ("2022-08-24", local(2022, 8, 24)),
        ("ngày 24 tháng 8 năm 2022", local(2022, 8, 24)),
        ("Tháng Tám 24, 2022", local(2022, 8, 24)),
        ("24/08/2022 - 12 ca mắc mới", local(2022, 8, 24)),
        ("24/08/2022 99:99", local(2022, 8, 24)),
        ("hôm qua", local(2026, 11, 21)),
        ("3 ngày trước", local(2026, 11, 19)),
    ],
)
def test_a_date_without_a_time_is_exact_to_the_day(printed: str, at: datetime) -> None:
    assert read(printed) == When(at, "day")


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        ("Vừa xong", FETCHED),
        ("2 giờ trước", local(2026, 11, 22, 8, 17)),
        ("Cách đây 2 giờ trước", local(2026, 11, 22, 8, 17)),
        ("45 phút trước", local(2026, 11, 22, 9, 32)),
        ("một giờ trước", local(2026, 11, 22, 9, 17)),
        ("1 tuần trước", local(2026, 11, 15, 10, 17)),
        ("2 hours ago", local(2026, 11, 22, 8, 17)),
    ],
)
def test_a_time_told_from_now_counts_from_the_fetch_and_is_a_guess(printed: str, at: datetime) -> None:
    assert read(printed) == When(at, "guessed")


@pytest.mark.parametrize("printed", ["23/11/2026 08:00", "2027-01-01", "hôm nay 23:00", "22/11/2026 10:40"])
def test_a_future_time_is_clamped_to_the_fetch_and_marked(printed: str) -> None:
    assert read(printed) == When(FETCHED, "guessed")


def test_a_clock_that_runs_minutes_ahead_is_believed() -> None:
    assert read("22/11/2026 10:20") == When(local(2026, 11, 22, 10, 20), "minute")


def test_the_order_of_day_and_month_is_the_sources() -> None:
    assert read("10/5/2026 3:42:00 PM", day_first=False) == When(local(2026, 10, 5, 15, 42), "minute")
    assert read("10/5/2026 3:42:00 PM", day_first=True) == When(local(2026, 5, 10, 15, 42), "minute")


@pytest.mark.parametrize(("printed", "day_first"), [("10/25/2025", True), ("25/10/2025", False), ("10-25-2025", True)])
def test_a_date_in_the_other_order_is_refused_not_swapped(printed: str, day_first: bool) -> None:
    assert read(printed, day_first) is None


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "   ",
        "Thứ Ba",
        "31/02/2026 08:00",
        "00/00/0000 00:00:00",
        "01/01/0001 12:00:00 AM",
        "31/12/9999",
        "2026-13-01T08:00:00Z",
        "29 Feb 2025 08:00:00 GMT",
        "24/7",
        "18/8",
        "18/8/20",
        "tháng 8 năm 2020",
        "1979/STTTT-TTĐT",
        "null",
        "08:30",
        "Theo báo cáo của trung tâm y tế các phường xã trên địa bàn thành phố, tính đến ngày 12/3/2020 có 5 ca",
        "31 tháng Hai, 2026",
    ],
)
def test_what_is_no_possible_date_line_gives_nothing(printed: str) -> None:
    assert read(printed) is None


@given(st.text() | st.text(alphabet="0123456789/-:.hg ,|()+TZAPMSCthánggiờngày trước"), st.booleans())
def test_any_text_gives_a_time_not_after_the_fetch_or_nothing(printed: str, day_first: bool) -> None:
    when = read(printed, day_first)
    assert when is None or (when.at.tzinfo is UTC and when.at <= FETCHED + timedelta(minutes=5))


@given(st.datetimes(min_value=datetime(1991, 1, 1), max_value=datetime(2026, 11, 1)))  # noqa: DTZ001
def test_every_minute_survives_printing_and_reading(moment: datetime) -> None:
    moment = moment.replace(second=0, microsecond=0, tzinfo=LOCAL)
    expected = When(moment.astimezone(UTC), "minute" if moment.hour or moment.minute else "day")
    assert read(moment.strftime("%d/%m/%Y %I:%M %p")) == expected
    assert read(moment.strftime("Thứ Ba, ngày %d/%m/%Y %H:%M")) == expected
    assert read(moment.isoformat()) == expected


@pytest.mark.parametrize(
    ("ref", "at"),
    [
        ("169230719162343982", local(2023, 7, 19, 16, 23, 43)),
        ("16923071916234398", local(2023, 7, 19, 16, 23, 43)),
        ("1692307191623437", local(2023, 7, 19, 16, 23, 43)),
        ("2849250601080000123", local(2025, 6, 1, 8, 0, 0)),
        ("4250601080000123", local(2025, 6, 1, 8, 0, 0)),
        ("172250601080000123", local(2025, 6, 1, 8, 0, 0)),
        ("102250601080000123", local(2025, 6, 1, 8, 0, 0)),
    ],
)
def test_an_id_of_the_vccorp_sites_holds_its_time(ref: str, at: datetime) -> None:
    assert from_vccorp_id(ref) == at


@pytest.mark.parametrize(
    "ref", ["", "169153232", "169231319162343982", "999230719162343982", "167411", "169230719162343"]
)
def test_an_id_without_a_time_gives_none(ref: str) -> None:
    assert from_vccorp_id(ref) is None


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("Etc/GMT", 15), ("Etc/UTC", 15), ("MET", 14), ("MEST", 13), ("CET", 14), ("CEST", 13), ("JST", 6), ("EST", 20),
        ("ET", 20),
    ],
)  # fmt: skip
def test_a_zone_known_by_its_name_counts(zone: str, hour: int) -> None:
    assert read(f"18 Aug 2020 08:00:00 {zone}") == When(local(2020, 8, 18, hour), "minute")


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        ("Sun Jan  4 16:29:06 2004", local(2004, 1, 4, 16, 29, 6)),
        ("Sun Jul 15 01:16:00 +0000 2012", local(2012, 7, 15, 8, 16)),
        ("Tue Aug 18 10:30:00 ICT 2020", local(2020, 8, 18, 10, 30)),
    ],
)
def test_a_year_after_the_clock_is_read(printed: str, at: datetime) -> None:
    assert read(printed) == When(at, "minute")


def test_an_odd_offset_is_read_as_given() -> None:
    assert read("2020-08-18T08:00:00-01:01") == When(local(2020, 8, 18, 16, 1), "minute")
