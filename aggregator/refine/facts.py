"""Sentences as tokens in which every fact has one spelling.

A fact is a token such as `#date:2026-08-18`, `#num:0.5ml`, `#tel:19009095`, `#doc:16/CT-TTG`, `#lot:0326b`;
"18/8", "18-08-2026" and "ngày 18 tháng 8" are one token, as are "1.250", "1 250" and "1250", "hai mũi" and "2 mũi".
Offsets of the text are lost here: use evidence of tags for those.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Literal
from zlib import crc32

from aggregator.text import nfc, tones

Kind = Literal["date", "time", "num", "tel", "doc", "lot", "code", "ord", "place", "name", "word", "not"]


def words(text: str) -> frozenset[str]:
    """The words of a list that is written as one text, as matching sees them."""
    return frozenset(tones(text).split())


# Spellings that newspapers exchange freely; a difference in these is no fact. In one pass, the group names the row.
SPELLINGS = (
    (r"(?:TP|Tp|tp|T\.P)\s*\.?\s*(?:Hồ Chí Minh|HCM)\b", "thành phố Hồ Chí Minh"),
    (r"(?:TP|Tp)(?:\s*\.\s*|\s+)(?=[^\W\d_])", "thành phố "),
    (r"UBND\b", "Ủy ban nhân dân"),
    (r"BHYT\b", "bảo hiểm y tế"),
    (r"BHXH\b", "bảo hiểm xã hội"),
    (r"ATTP\b", "an toàn thực phẩm"),
    (r"BYT\b", "Bộ Y tế"),
    (r"SXH\b", "sốt xuất huyết"),
    (r"TCM\b", "tay chân miệng"),
    (r"[Vv]ac-?xin\b|[Vv]ắc-?xin\b|[Vv]accine?\b", "vắc xin"),
    (r"trường hợp(?= (?:mắc|tử vong|dương tính|nhiễm|bệnh|nặng|nghi))", "ca"),
)
SHORTHAND = re.compile(r"\b(?=[ABSTUVtv])(?<![-/])(?:" + "|".join(f"({pattern})" for pattern, _ in SPELLINGS) + ")")
# A sentence ends at a line's end, after ; and after . ! ? … before anything but a small letter. Not after the
# short forms of titles, nor after a single capital ("nhóm A. B"); after a word of one letter ("750 ổ.") it does.
SENTENCE_END = re.compile(
    r"\n+|;\s+|(?=[.!?…])(?<!\bBS)(?<!\bTS)(?<!ThS)(?<!CKI)(?<!\b[A-ZĐ])[.!?…]+[\"”’)]?\s+(?=(\S))"
)

MONTH = r"(?:0?[1-9]|1[0-2])"
DAY = r"(?:0?[1-9]|[12]\d|3[01])"
YEAR = r"(?:19|20)\d\d"
COUNTABLE = r"mẫu|ca|người|trường|tỉnh|xã|phường|điểm|trẻ|bệnh|giờ|đơn|cơ|học|bé|mũi|liều"
TOKEN = re.compile(
    rf"""
    \s*(?:(?P<words>(?>(?!(?:ngày|tháng)\s+\d)[^\W\d_]++(?![^\W_]|[-.][^\W_]*\d)\s*)+)
  | (?P<doc>\b\d{{1,5}}\s?(?:/\s?{YEAR}\s?)?/\s?(?=[^\W\d_])[^\W_]{{1,12}}(?:\s?[-–—]\s?[^\W\d_][^\W_]{{0,11}})*
          |\b\d{{1,4}}-[^\W\d_]{{2,4}}/[^\W\d_]{{2,6}}\b)
  | (?P<iso>\b{YEAR}-{MONTH}-{DAY}\b)
  | (?P<dmy>\b{DAY}\s?(?P<sep>[/.\-])\s?{MONTH}\s?(?P=sep)\s?{YEAR}\b)
  | (?P<long>\bngày\s+{DAY}\s+tháng\s+{MONTH}(?:\s*(?:/|,?\s*năm)\s*{YEAR})?\b)
  | (?P<range>\b{DAY}\s?(?:[-–—,]|và|đến)\s?(?:ngày\s)?(?={DAY}\s?/\s?{MONTH}(?!\d)(?!\s+(?:{COUNTABLE})\b)))
  | (?P<my>\b(?:tháng\s+)?{MONTH}\s?/\s?{YEAR}\b|\btháng\s+{MONTH}\s+năm\s+{YEAR}\b)
  | (?P<dm>\b(?!24/7\b){DAY}\s?/\s?{MONTH}(?![\d/])(?!\s+(?:{COUNTABLE})\b)|\bngày\s+{DAY}\s?[-.]\s?{MONTH}(?![\d/-]))
  | (?P<tel>(?:\+84|\(0\d{{1,3}}\)|\b0\d{{1,4}}|\b1[89]00)(?:[\s.\-]{{0,2}}\d{{1,4}}){{1,5}}(?![^\W_]|[,.]\d))
  | (?P<time>\b(?:[01]?\d|2[0-4])(?:\s?(?:h|giờ|g)(?:\s?[0-5]\d(?!\d)(?:\s?phút)?)?|:[0-5]\d)(?![^\W_]))
  | (?P<glued>\b\d+(?:[.,]\d+)*(?=(?:mg|mcg|µg|ml|kg|g|km|m|l|iu)\b))
  | (?P<code>\b(?=[^\W_\d.\-]*[\d.\-]*\d)(?=[\d.\-]*[^\W\d_])[^\W_]+(?:[-.][^\W_]+)*)
  | (?P<num>\b[1-9]\d{{0,2}}(?:(?:[.\s]\d{{3}})+(?!\d)(?:,\d+)?|(?:,\d{{3}}){{2,}}(?!\d)(?:\.\d+)?)|\b\d+(?:[.,]\d+)?)
  | (?P<sign>%|°c|‰)
  | (?P<odd>[^\W\d_]+))
    """,
    re.VERBOSE,
)
MARK_BITS = 180  # six digits of a Python number: two sentences of 20 words share 2 bits by chance, 9 when alike
REMEMBERED = 1 << 15  # words
NUMERIC = re.compile(r"\d|\b(?:một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín|mười|mươi)\b")
FOREIGN = frozenset("fjwz")
DIGIT_RUN = re.compile(r"\d+")
LOT_WORDS = words("số sản xuất thuốc hàng")
LOT_REACH = 6  # tokens between "lô" and a number that opens with a nought
SERIAL = re.compile(r"0\d{4,}")
COUNTING = re.compile(r"[.,\s]")  # between the digits of a count; a lot has none
GROUPED = re.compile(r"[1-9]\d{0,2}(?:[.\s]\d{3})+(?:,\d+)?")  # 1.250, 1 250, and what is told of both: 1.250 300
TEL_DIGITS = (8, 12)
YEARS = range(1945, 2100)
MULTIPLIERS = {"trăm": 100, "nghìn": 1000, "ngàn": 1000, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
# A number and one of these are one fact: 5 mg is not 5 ml, 2 tuần not 2 tháng. What is counted (ca, người) is not.
MEASURES = {
    **{word: word for word in ("mg", "mcg", "ml", "g", "kg", "km", "m", "cm", "iu", "tuổi", "tháng", "tuần", "ngày")},
    **{word: word for word in ("giờ", "phút", "năm", "lần", "đồng", "%", "độ", "tấn", "nm")},
    **{"µg": "mcg", "ui": "iu", "l": "lít", "lít": "lít", "°c": "độ", "giây": "giây"},
}
DIGITS = {
    "tư": 4,
    "lăm": 5,
    "mốt": 1,
    "bẩy": 7,
    "một": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
}
# Words that make the number word before them a number: "hai liều", but not "năm nay" or "ba mẹ".
COUNTED = words(
    "ca liều mũi viên người trẻ em bệnh trường mẫu lớp xã phường tỉnh thành điểm ổ đợt lần tuần tháng ngày giờ phút "
    "năm tuổi mg ml g kg lít lô đơn triệu nghìn trăm tỷ hộp gói ống học công nhân cơ sở bé cháu bà ông phụ nam nữ "
    "con bước nhóm loại biện đoàn tổ huyện quận gia hộ đại"
)
SAME_KIND: dict[str, Kind] = {"month": "date", "year": "date"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence. `names[i]` tells whether token i is (part of) a proper name. `bag` has facts without values.

    `mark` has a bit for each word of the bag, some share one: where two marks share few bits, the bags share few words.
    """

    field: Literal["title", "lead", "text"]
    tokens: tuple[str, ...]
    names: tuple[bool, ...]
    bag: frozenset[str]
    mark: int

    @property
    def key(self) -> str:
        """The tokens as one text: equal keys say the same."""
        return " ".join(self.tokens)


def sentences(field: Literal["title", "lead", "text"], text: str, published: date) -> tuple[Sentence, ...]:
    """The sentences of a field in order. A date without a year takes the one nearest to `published`."""
    plain = SHORTHAND.sub(lambda match: SPELLINGS[(match.lastindex or 1) - 1][1], nfc(text))
    found = (_sentence(field, part, published) for part in _split(plain))
    return tuple(one for one in found if one.tokens)


def _split(text: str) -> Iterator[str]:
    start = 0
    for match in SENTENCE_END.finditer(text):
        if not (match[1] and match[1].islower()):
            yield text[start : match.end()]
            start = match.end()
    yield text[start:]


def _sentence(field: Literal["title", "lead", "text"], text: str, published: date) -> Sentence:
    lower = tones(text)
    shouted = text.isupper()
    tokens: list[str] = []
    names: list[bool] = []
    for match in TOKEN.finditer(lower):
        kind = match.lastgroup or "odd"
        start, end = match.span(kind)
        read = READERS.get(kind)
        if read is None:
            before = len(tokens)
            tokens.extend(lower[start:end].split())
            names.extend([word[0].isupper() and not shouted for word in text[start:end].split()])
            names[before] = names[before] and not _opens(text, start)
        else:
            found = read(_Printed(lower[start:end], text[start:end], lower[end : end + 8], published), tokens)
            tokens.extend(found)
            names.extend([False] * len(found))
    if NUMERIC.search(lower):
        tokens, names = _numbers(tokens, names)
    return told(field, tuple(tokens), tuple(names))


def told(field: Literal["title", "lead", "text"], tokens: tuple[str, ...], names: tuple[bool, ...]) -> Sentence:
    """The sentence of these tokens."""
    bag = frozenset([token if token[0] != "#" else token[: token.index(":")] for token in tokens])
    return Sentence(field, tokens, names, bag, reduce(or_, map(BIT.__getitem__, bag), 0))


class _Bits(dict[str, int]):
    """One bit of MARK_BITS for each word, the same on every machine; empties itself before it grows large."""

    def __missing__(self, word: str) -> int:
        if len(self) >= REMEMBERED:
            self.clear()
        self[word] = bit = 1 << crc32(word.encode("utf-8", "surrogatepass")) % MARK_BITS
        return bit


BIT = _Bits()


def _opens(text: str, start: int) -> bool:
    """Whether a capital there only opens a sentence, a quotation or what follows a colon."""
    before = text[max(0, start - 4) : start].rstrip()
    return not before if start < 4 else before[-1:] in {":", "“", '"', "‘", "•", "-", "–", "+", "*"}


# --- one fact, one spelling ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Printed:
    """What stands there: in lower case, as printed, the few characters after it, and the article's day."""

    lower: str
    text: str
    ahead: str
    published: date


def _doc(printed: _Printed, tokens: list[str]) -> list[str]:
    number = re.sub(r"\s", "", printed.text)
    tail = number.rsplit("/", 1)[-1]
    if "-" not in number and "–" not in number and not (tail.isupper() and len(tail) > 1):
        return [f"#num:{part}" if part.isdigit() else tones(part) for part in number.split("/")]
    return ["#doc:" + number.upper().replace("–", "-").replace("—", "-").replace("Ð", "Đ")]


def _day(day: str, month: str, year: str, published: date) -> str:
    years = [int(year)] if year else [published.year - 1, published.year, published.year + 1]
    found = []
    for one in years:
        with suppress(ValueError):  # 31/4, 29/2: no day, so only numbers
            found.append(date(one, int(month), int(day)))
    nearest = min(found, key=lambda one: abs((one - published).days), default=None)
    return f"#date:{nearest.isoformat()}" if nearest else f"#code:{int(day)}/{int(month)}"


def _iso(printed: _Printed, tokens: list[str]) -> list[str]:
    year, month, day = printed.lower.split("-")
    return [_day(day, month, year, printed.published)]


def _dated(printed: _Printed, tokens: list[str]) -> list[str]:
    day, month, *year = DIGIT_RUN.findall(printed.lower)
    found = [_day(day, month, "".join(year), printed.published)]
    return ["ngày", *found] if printed.lower.startswith("ngày") else found


def _range(printed: _Printed, tokens: list[str]) -> list[str]:
    (day,) = DIGIT_RUN.findall(printed.lower)
    month = DIGIT_RUN.findall(printed.ahead)[1]
    between = printed.lower.strip("0123456789 \xa0-–—,").split()
    return [_day(day, month, "", printed.published), *between]


def _month(printed: _Printed, tokens: list[str]) -> list[str]:
    month, year = DIGIT_RUN.findall(printed.lower)
    return [f"#month:{year}-{int(month):02d}"]


def _tel(printed: _Printed, tokens: list[str]) -> list[str]:
    runs = DIGIT_RUN.findall(printed.lower)
    digits = "".join(runs)
    if printed.lower.startswith("+84"):
        digits = "0" + digits[2:]
    if TEL_DIGITS[0] <= len(digits) <= TEL_DIGITS[1]:
        return [f"#tel:{digits}"]
    return [_lot_or("num", run, tokens) for run in runs]


def _time(printed: _Printed, tokens: list[str]) -> list[str]:
    hour, *minute = DIGIT_RUN.findall(printed.lower)
    return [f"#time:{int(hour):02d}:{minute[0] if minute else '00'}"]


def _code(printed: _Printed, tokens: list[str]) -> list[str]:
    return [_lot_or("code", printed.lower, tokens)]


def _num(printed: _Printed, tokens: list[str]) -> list[str]:
    return [_lot_or("num", printed.lower, tokens)]


def _lot_or(kind: str, printed: str, tokens: list[str]) -> str:
    """A lot after "lô", "số lô", "lô sản xuất", "lô thuốc số" or another lot; else the number or code itself.

    What counts something is no lot ("lô hàng 4.800 hộp"); what opens with a nought counts nothing, and is one a few
    words behind ("lô Cefixim 010825").
    """
    before = next((token for token in reversed(tokens[-4:]) if token not in LOT_WORDS), "")
    named = before == "lô" and not (kind == "num" and COUNTING.search(printed))
    far = kind == "num" and SERIAL.fullmatch(printed) and "lô" in tokens[-LOT_REACH:]
    if named or far or (before.startswith("#lot:") and kind == "code"):
        return "#lot:" + printed
    return "#num:" + value(printed) if kind == "num" else "#code:" + printed


def value(printed: str) -> str:
    """A printed number in one spelling: "1.250", "1 250", "1,250" -> "1250"; "0,5", "0.5" -> "0.5"."""
    if printed.isdecimal():
        return str(int(printed))
    text = printed
    if GROUPED.fullmatch(text):
        text = re.sub(r"[.\s]", "", text)
    elif re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", text):
        text = text.replace(",", "")
    return _decimal(Decimal(text.replace(",", ".")))


def _decimal(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


Reader = Callable[[_Printed, list[str]], list[str]]
READERS: dict[str, Reader] = {
    "doc": _doc,
    "iso": _iso,
    "dmy": _dated,
    "long": _dated,
    "range": _range,
    "my": _month,
    "dm": _dated,
    "tel": _tel,
    "time": _time,
    "glued": _num,
    "code": _code,
    "num": _num,
}


def _numbers(tokens: list[str], names: list[bool]) -> tuple[list[str], list[bool]]:
    """Number words become numbers, a number takes its multiplier and measure, "thứ ba" is one ordinal."""
    out: list[str] = []
    kept: list[bool] = []
    at = 0
    for place in [place for place, token in enumerate(tokens) if token[:5] == "#num:" or token in DIGITS]:
        if place < at:  # part of the number before
            continue
        number, used = _number_at(tokens, place)
        if number is None:
            continue
        out += tokens[at:place]
        kept += names[at:place]
        at = place + used
        if out and out[-1] == "thứ":
            out[-1] = f"#ord:{_decimal(number)}"
            continue
        if out and out[-1] == "năm" and number in YEARS:
            out.append(f"#year:{number}")
            kept.append(False)
            continue
        number, unit, more = _measured(number, tokens, at)
        at += more
        out.append(f"#num:{_decimal(number)}{unit}")
        kept.append(False)
    return out + tokens[at:], kept + names[at:]


def _number_at(tokens: list[str], at: int) -> tuple[Decimal | None, int]:
    """The number that starts at a token, and how many tokens it takes; words only where they count something."""
    token = tokens[at]
    if token.startswith("#num:"):
        return Decimal(token[5:]), 1
    number, used = DIGITS[token], 1
    after = tokens[at + 1 : at + 3]
    if after[:1] == ["mươi"] and number < 10:
        number, used = number * 10, 2
        after = after[1:]
    if number >= 10 and after[:1] and after[0] in DIGITS and DIGITS[after[0]] < 10:
        number, used = number + DIGITS[after[0]], used + 1
    following = tokens[at + used] if at + used < len(tokens) else ""
    ordinal = at > 0 and tokens[at - 1] == "thứ"
    tenths = tokens[at + used : at + used + 2] == ["phần", "mười"]
    if used == 1 and following not in COUNTED and not ordinal and not tenths:
        return None, 0
    if token == "năm" and following == "học" and tokens[at + 2 : at + 3] != ["sinh"]:  # a school year
        return None, 0
    return Decimal(number), used


def _measured(number: Decimal, tokens: list[str], at: int) -> tuple[Decimal, str, int]:
    used, unit = 0, ""
    if tokens[at : at + 2] == ["phần", "mười"]:
        return number * 10, "%", 2
    if at < len(tokens) and tokens[at] in MULTIPLIERS:
        number, used = number * MULTIPLIERS[tokens[at]], 1
    if tokens[at + used : at + used + 2] == ["phần", "trăm"]:
        return number, "%", used + 2
    if at + used < len(tokens) and tokens[at + used] in MEASURES and not _opens_date(tokens, at + used):
        unit, used = MEASURES[tokens[at + used]], used + 1
    return (number * 1000, "kg", used) if unit == "tấn" else (number, unit, used)


def _opens_date(tokens: list[str], at: int) -> bool:
    """Whether the measure there belongs to a year or day behind it: "đợt 1 năm 2026", "lần 2 ngày 5/6"."""
    after = tokens[at + 1] if at + 1 < len(tokens) else ""
    if tokens[at] == "năm":
        return after.startswith("#num:") and after[5:].isdecimal() and int(after[5:]) in YEARS
    return tokens[at] == "ngày" and after.startswith("#date:")


# --- how a fact is written for readers ---------------------------------------------------------------


def is_foreign(token: str) -> bool:
    """Whether a word cannot be a Vietnamese syllable (names of drugs, germs, makers, programmes)."""
    return token[0] != "#" and (len(token) > 7 or not FOREIGN.isdisjoint(token))


def kind_of(token: str) -> Kind | None:
    """The kind of a fact token; None for a word."""
    if token[0] != "#":
        return None
    kind = token[1 : token.index(":")]
    return SAME_KIND.get(kind, kind)  # type: ignore[arg-type]


def shown(token: str) -> str:
    """A fact token as a reader writes it: "#date:2026-08-18" -> "18/8/2026", "#num:2346" -> "2.346"."""
    if not token.startswith("#"):
        return f"“{token}”"
    kind, _, held = token[1:].partition(":")
    if kind == "date":
        year, month, day = held.split("-")
        return f"{int(day)}/{int(month)}/{year}"
    if kind == "month":
        year, month = held.split("-")
        return f"tháng {int(month)}/{year}"
    if kind == "time":
        return held.replace(":", " giờ ").replace(" giờ 00", " giờ")
    return _figure(held) if kind == "num" else f"lô {held.upper()}" if kind == "lot" else held.upper()


def _figure(held: str) -> str:
    number, unit = re.match(r"([\d.]*)(.*)", held).groups()  # type: ignore[union-attr]
    whole, _, part = number.partition(".")
    grouped = f"{int(whole):,}".replace(",", ".") if whole else ""
    text = f"{grouped},{part}" if part else grouped
    return f"{text}{unit}" if unit in {"", "%"} else f"{text} {unit}"
