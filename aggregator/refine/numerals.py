"""Number words and measures: "hai mươi mốt ngày" and "21 ngày" are one fact, "2 triệu" is 2000000. Pure."""

from decimal import Decimal

from aggregator.text import words

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


def numbered(tokens: list[str], names: list[bool]) -> tuple[list[str], list[bool]]:
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
            out[-1] = f"#ord:{decimal(number)}"
            continue
        if out and out[-1] == "năm" and number in YEARS:
            out.append(f"#year:{number}")
            kept.append(False)
            continue
        number, unit, more = _measured(number, tokens, at)
        at += more
        out.append(f"#num:{decimal(number)}{unit}")
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


def decimal(number: Decimal) -> str:
    """The number in one spelling: no exponent, no nought behind."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
