"""Places that a notice tells of beside a time, for an asking like "ai có mặt ở đó trong thời gian trên". Pure.

Such a place is a common noun with a name behind it: "tiệm Hồng Vân", "Phòng khám Nhi Sao Mai", "chuyến bay HV 217".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from aggregator.refine.windows import Window

# In the spelling of Text.plain. No hospital and no health station: those the ill are brought to, and people sent to.
SITE = re.compile(
    r"(?<!\w)(?:chuyến (?:bay|xe|tàu|phà|đò)|xe (?:khách|buýt)|toa|(?<!vũng )tàu|phà|bến xe|ga"
    r"|chợ|(?<!tập )quán|tiệm|cửa hàng|siêu thị|trung tâm thương mại"
    r"|nhà (?:hàng|nghỉ|thờ|văn hoá|thuốc|máy|thi đấu|trẻ)|khách sạn"
    r"|phòng (?:khám|trà|gym|tập|trọ)|ký túc xá|khu (?:vui chơi|trọ|chợ|du lịch)|bể bơi|hồ bơi|rạp|karaoke|bar|spa"
    r"|đám (?:cưới|tang|giỗ|hỏi)|lễ hội|tiệc|(?<!gia )đình|chùa|sân(?! bay)|ngõ|hẻm"
    r"|homestay|chung cư|toà nhà|hiệu thuốc|tạp hoá|cây xăng|thẩm mỹ viện|salon|hội trường|taxi|ngân hàng|bưu điện"
    r"|xưởng|công ty|trung tâm (?:anh ngữ|ngoại ngữ|tiệc cưới|hội nghị|thể thao)|trạm dừng nghỉ|miếu|lớp"
    r"|(?<!môi )(?<!thị )(?<!hiện )trường(?! hợp)|(?<=tại )đây)(?!\w)"
)
BACK = re.compile(  # the asking points to places and times told before
    r"(?<!\w)(?:thời gian|khung giờ|thời điểm|(?:những|các|hai|ba) (?:ngày|nơi|địa điểm)|ngày)"
    r" (?:này|đó|trên|nói trên|nêu trên|kể trên)(?!\w)|(?<!\w)hôm đó(?!\w)"
)
UNIT = r"xã|phường|quận|huyện|tỉnh|thành phố|tp|thị trấn|thị xã|thôn|ấp|bản|khu|tổ|số|đường|đặc khu"
CLAUSE = re.compile(rf"[;:(]|,(?!\s*(?:{UNIT})(?!\w))")  # ends a name; a comma before its ward or district does not
DEPARTING = r"hạ cánh|cất cánh|xuất phát|khởi hành|xuất bến|cập bến"
GOODS = re.compile(r"(?<!\w)(?:sản xuất|mua|hạn dùng|lô|mẻ)(?!\w)")  # whose time is of goods, of no visit
JOURNEY = re.compile(rf",?\s+(?:{DEPARTING}|từ|đi|đến)\s[^,;:]*")  # between a vehicle and its time
AGAIN = re.compile(r"[\s,]*(?:(?:và|rồi|hoặc)\s+)?(?:(?:các|ngày|từ|lúc|khoảng|buổi|vào)\s+)*")  # one place, two times
EVENT = re.compile(r"(?<!\w)(?:đám (?:cưới|tang|giỗ|hỏi|ma)|lễ hội|tiệc)(?: \w+)? (?:ở|tại) $")
SENTENCE = re.compile(r"[!?\n]|(?<!\btp)\.(?=\s|$)")  # a semicolon parts the places of one list, and ends none


@dataclass(frozen=True, slots=True)
class Told:
    """[start, end) where a place begins that is told of with these times; its name may end before `end`."""

    start: int
    end: int
    times: tuple[Window, ...]


LONG = 1500  # code points of a sentence, and REACH of those before a time, that are read: bounds a hostile text's work
REACH = 300


def told(plain: str, start: int, stop: int, times: Sequence[Window]) -> Iterator[Told]:
    """Every time of a sentence [start, stop) with the site between it and the time before it."""
    before: Told | None = None
    for at, group in groupby(times, key=lambda one: one.start):
        found = tuple(group)
        site = _site(plain, max(start, at - REACH), at)
        if site is not None and not GOODS.search(plain, site.end(), at):
            clause = CLAUSE.search(plain, site.end(), at)
            before = Told(site.start(), clause.start() if clause else at, found)
            yield before
        elif before is not None and AGAIN.fullmatch(plain, start, at):
            yield replace(before, times=found)
        else:
            before = None
        start = found[0].end


def _site(plain: str, start: int, stop: int) -> re.Match[str] | None:
    """The first site of the last clause that has one: the bus, not the station that it left."""
    found = None
    for match in SITE.finditer(plain, start, stop):
        if found is None or CLAUSE.search(plain, found.end(), match.start()):
            found = match
    return found


def sentences(plain: str, start: int) -> Iterator[tuple[int, int]]:
    """[start, end) of each sentence behind the offset, lists with semicolons whole."""
    for match in SENTENCE.finditer(plain, start):
        yield start, min(match.start(), start + LONG)
        start = match.end()
    yield start, min(len(plain), start + LONG)


def with_event(plain: str, start: int) -> int:
    """Where the name begins with the event held there: "đám giỗ ở ấp Cái Nai"."""
    found = EVENT.search(plain, max(0, start - 40), start)
    return found.start() if found else start
