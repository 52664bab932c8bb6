"""The words in which Vietnamese texts tell time: hours, days, weekdays, parts of a day, what ties them. Pure.

What a run of them names: refine/windows.py.
"""

import re

PARTS = {
    "rạng sáng": (0, 6), "sáng": (6, 11), "trưa": (11, 14), "chiều": (12, 18), "tối": (18, 24), "đêm": (18, 24),
}  # fmt: skip
DAYS_ON = {"hôm nay": 0, "hôm qua": -1, "ngày mai": 1, "ngày kia": 2, "nay": 0, "mai": 1}
QUARTERS = {"i": 3, "ii": 6, "iii": 9, "iv": 12, "1": 3, "2": 6, "3": 9, "4": 12}

MONTHS = {
    "mười hai": 12, "mười một": 11, "mười": 10, "chín": 9, "tám": 8, "bảy": 7, "sáu": 6, "năm": 5, "tư": 4, "ba": 3,
    "hai": 2, "một": 1,
}  # fmt: skip

DEADLINES = ("trước", "chậm nhất", "hạn chót", "hạn cuối")  # what must be done by then need not hold until then

_NO_NAME = "".join(rf"(?<!{noun}[ ])" for noun in ("tuyến", "số", "toa", "đội", "tổ"))  # "tuyến 05" is no day
_DAY, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:19|20)\d\d"
_MINUTE = (
    r"(?:\s?[0-5]\d(?![\d/]|\.\d)|[0-5]\d(?=/\d{1,2}/))?(?:\s?(?:phút|p(?!\w)|['’′]))?"  # not the day in "0 giờ 11/7"
)
_OF_YEAR = rf"(?:(?:\s*/\s*|\s+năm\s+){_YEAR})?"
_MONTH = rf"(?:0?[1-9]|1[0-2]|{'|'.join(MONTHS).replace(' ', '[ ]')})"
_OF_PART = "|".join(rf"(?<={part}[ ])" for part in ("sáng", "trưa", "chiều", "tối", "đêm"))
# A weekday names a day only behind a word of time ("ca bệnh thứ hai" does not); one with a date is left to the date.
_BEHIND = ("đến", "tới", "hết", "rạng sáng", "sáng", "trưa", "chiều", "tối", "đêm", r"\dh", "giờ", r"h\d\d")
_TOLD = "|".join(rf"(?<={word.replace(' ', '[ ]')}[ ])" for word in _BEHIND)
_WEEKDAY = r"(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ\s+nhật)"
_NOT_BEFORE = r"(?!\w|\s*[,(]?\s*(?:ngày\s+)?\d|\s+(?:vừa|tuần|trước|hằng|hàng|mỗi))"
TOKEN = re.compile(
    rf"""(?:(?<![\w/.,])|(?<=h/)|(?<=h\d\d/)|(?<=giờ/))(?:
    (?P<last>(?:hết|cuối|(?<=đến[ ])(?=tháng)|(?<=tới[ ])(?=tháng))\s*(?:tháng\s+(?:{_MONTH}{_OF_YEAR}|này)
      |tuần\s+(?:này|sau)|năm\s+(?:nay|{_YEAR})|quý\s+(?:i{{1,3}}|iv|[1-4]){_OF_YEAR}))(?![\w/])
  | (?P<long>{_DAY}\s+tháng\s+{_MONTH}(?:(?:\s*,?\s*năm\s+|\s*/\s*){_YEAR})?)(?!\w)
  | (?P<ofmonth>(?:(?<=ngày[ ])|(?<=mùng[ ])){_DAY}\s+tháng\s+(?:này|sau|tới))(?!\w)
  | (?P<weekday>(?:{_TOLD}){_WEEKDAY}(?:\s+(?:tuần\s+(?:này|sau|tới)|này|tới))?){_NOT_BEFORE}
  | (?P<date>{_DAY}\s?(?P<sep>[/.-])\s?(?:0?[1-9]|1[0-2])(?:\s?(?P=sep)\s?{_YEAR})?)(?![\w/]|[.,-]\d)
  | (?P<clock>(?:[01]?\d|2[0-4])(?:\s?(?:giờ|h|g){_MINUTE}|:[0-5]\d))(?!\w)
  | (?P<same>cùng[ ]ngày)(?!\w)
  | (?P<on>hôm[ ]nay|hôm[ ]qua|ngày[ ]mai|ngày[ ]kia|(?:{_OF_PART})(?:nay|mai))(?!\w)
  | (?P<part>{"|".join(PARTS).replace(" ", r"[ ]")})(?!\w)
  | (?P<now>(?:hiện[ ])?nay|hiện[ ]tại)(?!\w)
  | (?P<to>(?:đến|tới|sau(?!\s+(?:kể\s+)?từ)|trước|chậm[ ]nhất|hạn[ ]chót|hạn[ ]cuối)(?!\w)|hết(?=\s+(?:ngày|\d)))
  | (?P<since>từ)(?!\w)
  | (?P<day>{_NO_NAME}{_DAY})(?![\w/]|[.,:]\d|\s*(?:giờ|h|phút|ngày|người|ca|tháng|%))
    )"""
    r"|(?P<dash>-)",
    re.VERBOSE,
)
GAP = re.compile(
    r"/|[\s,;()]*(?:(?:từ|lúc|khoảng|vào|hồi|hết|cuối|giữa|trong|kể|các|ngày|và"
    r"|khoảng thời gian|buổi|mùng|mồng|tết|tức(?: là)?"
    r"|thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)(?!\w)[\s,;()]*)*"
)
JOINS = re.compile(r"và|;")
NAMED_MONTH = re.compile(rf"tháng\s+({'|'.join(MONTHS)})(?!\w)")
LISTING = re.compile(r"và|[,;]")  # between the days of a list
TYPED = {
    "tu": "từ", "den": "đến", "het": "hết", "ngay": "ngày", "thang": "tháng", "gio": "giờ", "phut": "phút",
    "truoc": "trước", "cham nhat": "chậm nhất", "ke": "kể", "tinh": "tính", "hom nay": "hôm nay", "hom qua": "hôm qua",
    "toi nay": "tối nay", "toi het": "tới hết", "toi ngay": "tới ngày", "chieu nay": "chiều nay", "nam": "năm",
    "sang nay": "sáng nay", "dem nay": "đêm nay", "cuoi": "cuối", "tuan": "tuần", "tai": "tại", "tren": "trên",
    "vao": "vào", "luc": "lúc", "khoang": "khoảng", "cac": "các", "va": "và", "o": "ở",
    "nguoi": "người", "lien he": "liên hệ", "khai bao": "khai báo", "de nghi": "đề nghị", "can": "cần", "phai": "phải",
}  # fmt: skip
UNTYPED = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(TYPED, key=len, reverse=True))})(?!\w)")
TIMES = ("clock", "part")
DAYS = ("date", "long", "on", "last", "same", "ofmonth", "weekday")
WEEKDAYS = ("hai", "ba", "tư", "năm", "sáu", "bảy", "nhật")  # from Monday on; also by number, 2 to 7
# Hours of the clock that these parts of a day move behind noon: "5 giờ chiều", not "17 giờ chiều".
AFTERNOON = {"trưa": range(1, 3), "chiều": range(1, 7), "tối": range(5, 12), "đêm": range(8, 12)}
LISTED = ("day", "date", "long")  # of which several make a list of days


def restored(plain: str) -> str:
    """A text typed without accents, with those of the words that tell time and place: as many code points as before."""
    return UNTYPED.sub(lambda match: TYPED[match[0]], plain)
