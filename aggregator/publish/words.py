"""How things are said to a reader: local dates and numbers. Pure."""

import re
import textwrap
from datetime import date, datetime, timedelta, timezone

LOCAL = timezone(timedelta(hours=7), "+07")  # Asia/Ho_Chi_Minh; no summer time since 1975
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
LINE = 72  # signs in a line of a plain-text letter: what old mail programs show without breaking it (RFC 3676 §4.2)
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 §2.2


def local_day(at: datetime) -> date:
    """The calendar day of the moment in Việt Nam."""
    return at.astimezone(LOCAL).date()


def day_start(day: date) -> datetime:
    """The moment the local day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL)


def short_date(at: datetime | date) -> str:
    """`23/11/2026`."""
    day = local_day(at) if isinstance(at, datetime) else at
    return f"{day:%d/%m/%Y}"


def long_date(at: datetime | date) -> str:
    """`Thứ Hai, 23 tháng 11 năm 2026`."""
    day = local_day(at) if isinstance(at, datetime) else at
    return f"{WEEKDAYS[day.weekday()]}, {day.day} tháng {day.month} năm {day.year}"


def clock(at: datetime) -> str:
    """`08:30`."""
    return f"{at.astimezone(LOCAL):%H:%M}"


def moment(at: datetime) -> str:
    """`08:30, 23/11/2026`."""
    return f"{clock(at)}, {short_date(at)}"


def iso(at: datetime) -> str:
    """ISO 8601 in local time, to the second, for `datetime=` and feeds."""
    return at.astimezone(LOCAL).isoformat(timespec="seconds")


def month_name(month: str) -> str:
    """`Tháng 10/2026` of `2026-10`."""
    year, number = month.split("-")
    return f"Tháng {int(number)}/{year}"


def week_of(day: date) -> str:
    """`2026-w43`: the ISO 8601 week of the day, which begins on Monday; by name in the order of time."""
    year, week, _ = day.isocalendar()
    return f"{year}-w{week:02}"


def week_name(week: str) -> str:
    """`Tuần 43/2026 (19/10 đến 25/10)` of `2026-w43`."""
    year, number = week.split("-w")
    first, last = (date.fromisocalendar(int(year), int(number), day) for day in (1, 7))
    return f"Tuần {int(number)}/{year} ({first:%d/%m} đến {last:%d/%m})"


def number(value: int) -> str:
    """`12.345`: thousands are set apart by a full stop in Vietnamese."""
    return f"{value:,}".replace(",", ".")


def wrapped(text: str, indent: int = 0) -> str:
    """The text in lines of at most 72 signs, each indented; words and addresses stay whole. For plain-text letters."""
    space = " " * indent
    lines = [
        textwrap.fill(
            line,
            LINE,
            initial_indent=space,
            subsequent_indent=space,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.split("\n")
    ]
    return "\n".join(lines)


def xml_text(text: str) -> str:
    """The text without signs that XML cannot hold."""
    return NOT_XML.sub("", text)
