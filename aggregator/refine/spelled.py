"""One spelling for each fact as it is printed: days, times, telephone, document and lot numbers, counts. Pure."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aggregator.refine.numerals import decimal
from aggregator.text import tones, words

DIGIT_RUN = re.compile(r"\d+")
LOT_WORDS = words("số sản xuất thuốc hàng")
LOT_REACH = 6  # tokens between "lô" and a number that opens with a nought
SERIAL = re.compile(r"0\d{4,}")
COUNTING = re.compile(r"[.,\s]")  # between the digits of a count; a lot has none
GROUPED = re.compile(r"[1-9]\d{0,2}(?:[.\s]\d{3})+(?:,\d+)?")  # 1.250, 1 250, and what is told of both: 1.250 300
TEL_DIGITS = (8, 12)


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands there: in lower case, as printed, the few characters after it, and the article's day."""

    lower: str
    text: str
    ahead: str
    published: date


def _doc(printed: Printed, tokens: list[str]) -> list[str]:
    number = re.sub(r"\s", "", printed.text)
    tail = number.rsplit("/", 1)[-1]
    if "-" not in number and "–" not in number and not (tail.isupper() and len(tail) > 1):
        return [f"#num:{part}" if part.isdigit() else tones(part) for part in number.split("/")]
    serial, sign, rest = re.fullmatch(r"0*(\d+)([/-])(.*)", number, re.S).groups()  # type: ignore[union-attr]
    rest = rest.upper().replace("–", "-").replace("—", "-").replace("Ð", "Đ")
    return [f"#doc:{serial.zfill(2)}{sign}{rest}"]  # 9/HD-SYT is 09/HD-SYT; a year keeps its noughts


def _day(day: str, month: str, year: str, published: date) -> str:
    years = [int(year)] if year else [published.year - 1, published.year, published.year + 1]
    found = []
    for one in years:
        with suppress(ValueError):  # 31/4, 29/2: no day, so only numbers
            found.append(date(one, int(month), int(day)))
    nearest = min(found, key=lambda one: abs((one - published).days), default=None)
    return f"#date:{nearest.isoformat()}" if nearest else f"#code:{int(day)}/{int(month)}"


def _iso(printed: Printed, tokens: list[str]) -> list[str]:
    year, month, day = printed.lower.split("-")
    return [_day(day, month, year, printed.published)]


def _dated(printed: Printed, tokens: list[str]) -> list[str]:
    day, month, *year = DIGIT_RUN.findall(printed.lower)
    found = [_day(day, month, "".join(year), printed.published)]
    return ["ngày", *found] if printed.lower.startswith("ngày") else found


def _range(printed: Printed, tokens: list[str]) -> list[str]:
    (day,) = DIGIT_RUN.findall(printed.lower)
    month = DIGIT_RUN.findall(printed.ahead)[1]
    between = printed.lower.strip("0123456789 \xa0-–—,").split()
    return [_day(day, month, "", printed.published), *between]


def _month(printed: Printed, tokens: list[str]) -> list[str]:
    month, year = DIGIT_RUN.findall(printed.lower)
    return [f"#month:{year}-{int(month):02d}"]


def _tel(printed: Printed, tokens: list[str]) -> list[str]:
    runs = DIGIT_RUN.findall(printed.lower)
    digits = "".join(runs)
    if printed.lower.startswith("+84"):
        digits = "0" + digits[2:]
    if TEL_DIGITS[0] <= len(digits) <= TEL_DIGITS[1]:
        return [f"#tel:{digits}"]
    return [_lot_or("num", run, tokens) for run in runs]


def _time(printed: Printed, tokens: list[str]) -> list[str]:
    hour, *minute = DIGIT_RUN.findall(printed.lower)
    return [f"#time:{int(hour):02d}:{minute[0] if minute else '00'}"]


def _code(printed: Printed, tokens: list[str]) -> list[str]:
    return [_lot_or("code", printed.lower, tokens)]


def _num(printed: Printed, tokens: list[str]) -> list[str]:
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
    return decimal(Decimal(text.replace(",", ".")))


Reader = Callable[[Printed, list[str]], list[str]]
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
