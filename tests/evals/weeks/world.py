"""What three invented sources publish in three weeks, and what they do to it later. The same every time."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.fakes import NOON

STEP, HALF_HOUR, HOUR, DAY = timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)
DAYS = 21  # in which articles come
TAIL = timedelta(hours=30)  # the clock goes on for so long after them: the old are looked at daily
LAST = NOON + DAYS * DAY + TAIL
A_DAY = 6  # articles a source and day
SOURCES = ("a", "moh", "c")
AT_ONCE = 8  # articles that one source takes down in one moment
NEW_ADDRESS = 50_000  # added to the number of an article that was moved
KINDS = ("410", "404", "notice", "soft 404", "front page", "elsewhere")
DENIED = "denied"  # what the bridge does to all of them
SUBJECTS = ("Tiêm chủng", "Phòng bệnh sốt xuất huyết", "Lịch làm việc", "Thông tin")
_SAID = (
    "phường xã thôn bản khu phố buổi sáng chiều họp bàn kế hoạch công tác quý năm tháng hội nghị sơ kết tổng kết cán "
    "bộ lớp phòng ban văn thư lưu trữ báo cáo số liệu biểu mẫu quy trình lịch trực danh sách địa điểm tổ chức bảo đảm "
    "đúng hạn thông tin người dân phối hợp đơn vị cơ sở thiết bị kiểm kê sửa chữa mái hiên sân trường bàn ghế sổ sách "
    "hướng dẫn hồ sơ niêm yết bảng tin đường dây giờ làm việc góp ý thư cảm ơn giải thưởng thi đua phong trào trồng cây"
)
WORDS = _SAID.split()


@dataclass
class Fate:
    """One article of a source: when it appeared, and what its source does to it (`back`: a flap's end).

    `announced`: of a corrected one, the number of the notice that says so; of a notice, `corrects` is the other.
    """

    source: str
    number: int
    time: datetime
    title: str
    text: str
    kind: str = ""
    gone: datetime | None = None
    back: datetime | None = None
    corrected: datetime | None = None
    announced: int = 0
    corrects: int = 0
    moved: bool = False

    @property
    def name(self) -> str:
        return f"{self.source} {self.number} {self.kind}".strip()

    def is_gone(self, now: datetime) -> bool:
        return self.gone is not None and self.gone <= now and (self.back is None or now < self.back)

    def stood(self, start: timedelta, end: timedelta, until: datetime) -> timedelta:
        """For how long it stood at its source between these ages, as far as the clock went."""
        last = min(self.time + end, until)
        first = self.time + start
        span = max(last - first, timedelta(0))
        if self.gone is None or self.gone >= last:
            return span
        away = min(self.back or last, last) - max(self.gone, first)
        return span - max(away, timedelta(0))

    def told(self, now: datetime) -> str:
        """Its text at that time."""
        return f"{self.text} Đã sửa số liệu." if self.corrected and self.corrected <= now else self.text


@dataclass
class World:
    """All articles, and the hours in which a source does not answer, or denies everything."""

    fates: list[Fate]
    outages: dict[str, tuple[datetime, datetime]]
    moods: dict[str, tuple[datetime, datetime]]
    migration: datetime
    by: dict[tuple[str, int], Fate] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by = {(one.source, one.number): one for one in self.fates}

    def silent(self, source: str, at: datetime) -> bool:
        """Whether the source could not be looked at soon after that time, or its looks proved nothing."""
        spans = (self.outages[source], self.moods[source])
        return any(start - 3 * HOUR <= at < end + HOUR for start, end in spans)


def made() -> World:
    """The world, the same every time."""
    draw = random.Random(20261020)
    fates = [_fate(draw, source, day, at) for source in SOURCES for day in range(DAYS) for at in range(A_DAY)]
    for one in fates:
        _doom(one, draw)
    _many_at_once(fates)
    fates += [_notice(one, draw) for one in fates if one.announced]
    for one in fates:
        one.moved = one.source == "c" and one.number % 2 == 0
    outages = {id: (NOON + (4 + at) * DAY, NOON + (4 + at) * DAY + 5 * HOUR) for at, id in enumerate(SOURCES)}
    moods = {id: (NOON + (14 + at) * DAY, NOON + (14 + at) * DAY + 4 * HOUR) for at, id in enumerate(SOURCES)}
    return World(fates, outages, moods, NOON + DAYS // 2 * DAY + 3 * HOUR)


def _fate(draw: random.Random, source: str, day: int, at: int) -> Fate:
    number = 10_000 + 100 * day + at
    time = NOON + day * DAY + HOUR * draw.choice((0, 19))
    title = f"{draw.choice(SUBJECTS)}: {' '.join(draw.sample(WORDS, 8))} {source}{number}"
    return Fate(source, number, time, title, _text(draw))


def _text(draw: random.Random) -> str:
    return ". ".join(" ".join(draw.sample(WORDS, 14)).capitalize() for _ in range(5)) + "."


def _doom(one: Fate, draw: random.Random) -> None:
    """Most are withdrawn some time, on the half hour; some flap for some hours, some are corrected."""
    dice, left = draw.random(), NOON + DAYS * DAY - one.time
    age = draw.choice((HOUR * draw.uniform(1, 23), DAY * draw.uniform(1, 6.8), DAY * draw.uniform(7, 10)))
    age = age if age < left else left * draw.uniform(0.1, 1)
    at = one.time + -(-age // HALF_HOUR) * HALF_HOUR
    denial = draw.choice(KINDS)
    if dice < 0.85:
        one.gone, one.kind = at, DENIED if one.source == "moh" else denial
    elif dice < 0.9:
        one.gone, one.back, one.kind = at, at + HOUR * draw.uniform(0.3, 4), DENIED if one.source == "moh" else "404"
    else:
        one.corrected = at
        one.announced = one.number + 50 if draw.random() < 0.5 else 0


def _many_at_once(fates: list[Fate]) -> None:
    at = NOON + 12 * DAY + HALF_HOUR
    standing = [one for one in fates if one.source == "a" and at - 5 * DAY < one.time < at < (one.gone or LAST)]
    for one in standing[:AT_ONCE]:
        one.kind, one.gone, one.back, one.corrected, one.announced = "410", at, None, None, 0


def _notice(of: Fate, draw: random.Random) -> Fate:
    """The source's own word that it corrected the other, at the time when it did."""
    assert of.corrected is not None
    text = f"Bản đăng trước ghi chưa đúng. Ban biên tập xin lỗi bạn đọc. {_text(draw)}"
    return Fate(of.source, of.announced, of.corrected, f"Đính chính: {of.title}", text, corrects=of.number)
