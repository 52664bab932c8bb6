"""Sentences as tokens in which every fact has one spelling.

A fact is a token such as `#date:2026-08-18`, `#num:0.5ml`, `#tel:19009095`, `#doc:16/CT-TTG`, `#lot:0326b`;
"18/8", "18-08-2026" and "ngày 18 tháng 8" are one token, as are "1.250", "1 250" and "1250", "hai mũi" and "2 mũi".
Offsets of the text are lost here: use evidence of tags for those.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from sys import intern
from typing import Literal

from aggregator.refine.numerals import numbered
from aggregator.refine.spelled import READERS, Printed
from aggregator.text import nfc, tones

Kind = Literal["date", "time", "num", "tel", "doc", "lot", "code", "ord", "place", "name", "word", "not"]


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
NUMERIC = re.compile(r"\d|\b(?:một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín|mười|mươi)\b")
FOREIGN = frozenset("fjwz")
SAME_KIND: dict[str, Kind] = {"month": "date", "year": "date"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence. `names[i]` tells whether token i is (part of) a proper name.

    `words` are its tokens once each, facts without their values.
    """

    field: Literal["title", "lead", "text"]
    tokens: tuple[str, ...]
    names: tuple[bool, ...]
    words: tuple[str, ...]

    @property
    def bag(self) -> frozenset[str]:
        """Its words, to hold them against others."""
        return frozenset(self.words)

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
            found = read(Printed(lower[start:end], text[start:end], lower[end : end + 8], published), tokens)
            tokens.extend(found)
            names.extend([False] * len(found))
    if NUMERIC.search(lower):
        tokens, names = numbered(tokens, names)
    return told(field, tuple(tokens), tuple(names))


def told(field: Literal["title", "lead", "text"], tokens: tuple[str, ...], names: tuple[bool, ...]) -> Sentence:
    """The sentence of these tokens. Words that come again in other sentences are kept in memory once."""
    tokens = tuple(map(intern, tokens))
    words = tuple(dict.fromkeys([token if token[0] != "#" else token[: token.index(":")] for token in tokens]))
    return Sentence(field, tokens, names, tokens if words == tokens else words)


def _opens(text: str, start: int) -> bool:
    """Whether a capital there only opens a sentence, a quotation or what follows a colon."""
    before = text[max(0, start - 4) : start].rstrip()
    return not before if start < 4 else before[-1:] in {":", "“", '"', "‘", "•", "-", "–", "+", "*"}


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
