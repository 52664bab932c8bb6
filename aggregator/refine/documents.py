"""Numbers of official documents in a text: 147/2024/NĐ-CP, 16/CT-TTg, 1979/STTTT-TTĐT, 39-CT/TW (sources.md §6)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from aggregator.model import Document, Evidence, Field, TagMatch
from aggregator.refine.matching import even
from aggregator.refine.vocabulary import DocumentWords
from aggregator.refine.windows import LOCAL, windows
from aggregator.text import nfc, slug

# Kinds of documents (Nghị định 30/2020/NĐ-CP, phụ lục III; Hướng dẫn 36-HD/VPTW for the Party's); some typed without đ.
KINDS = (
    "NQLT", "TTLT", "VBHN", "TTr", "TTR", "CTr", "CTR", "QyĐ", "QyC", "QĐ", "QD", "NĐ", "ND", "NQ", "CT", "CĐ", "CD",
    "TT", "TB", "KH", "KL", "HD", "BC", "CV", "QC", "ĐA", "DA", "BB", "PL", "GM", "GP", "LCT",
)  # fmt: skip
# First parts that are no agency: "5/HIV-AIDS", "12/HBV-HCV", "1/TP-HCM".
NO_AGENCY = frozenset({
    "HIV", "AIDS", "SARS", "MERS", "COVID", "HBV", "HCV", "HPV", "RSV", "RNA", "DNA", "ADN", "ARN", "PCR", "RT", "TP",
    "USD", "VND", "VNĐ", "AST", "ALT", "LDL", "HDL", "IU", "UI", "BMI", "VD", "VN", "VS",
})  # fmt: skip
# Parts of numbers of licences and certificates, which are no documents that anyone cites.
LICENCES = frozenset({"GPHĐ", "GPHD", "CCHN", "GPHN", "GPLX", "GCN", "ĐKKD", "ĐKKDD", "GCNATTP", "CFS", "GMP", "ĐKSP"})
TYPED_WITHOUT_STROKE = {"QD": "QĐ", "ND": "NĐ", "CD": "CĐ", "DA": "ĐA"}
CASED = {"TTG": "TTg", "Ttg": "TTg", "TTR": "TTr", "CTR": "CTr", "TƯ": "TW"}

_UPPER = r"[A-ZĐÐƉÂĂÊÔƠƯ]"
_PART = rf"(?:T[Tt][Gg]|Qy[ĐC]|{_UPPER}(?:{_UPPER}|&(?={_UPPER})|[0-9\u0300-\u036f]){{0,14}}[rg]?)"  # marks: not NFC
_KIND = "|".join(sorted(KINDS, key=len, reverse=True)).replace("Đ", "[ĐÐƉ]")
_HYPHEN = r"[-\u2010-\u2015\u2212]"
_SLASH = r"\s?/\s?"
_GLUED = "|".join(rf"(?<={word})" for word in ("ố", "Ố", "văn", "định", "thị", "điện", "tư", "báo", "lệnh"))
_START = rf"(?=\d)(?:(?<![\w/.\u2010-\u2015-])(?<!\d,)|{_GLUED})"
_END = r"(?![\w\u0300-\u036f])"
_DOT = rf"\.(?={_UPPER}{{2}})"  # UBND.VX, as some provinces sign
_SIGNED = rf"{_PART}(?:\s?{_HYPHEN}\s?|{_DOT}|(?<=QĐ|TT|LT){_SLASH}){_PART}(?:(?:{_HYPHEN}|{_DOT}){_PART}){{0,2}}"

_YEAR = rf"(?P<year>(?:19|20)\d\d){_SLASH}"
_WITH_YEAR = rf"(?P<number>\d{{1,5}}[a-d]?){_SLASH}{_YEAR}(?P<signed>(?:UBTV)?QH\d{{1,2}}|{_SIGNED})"
_WITHOUT_YEAR = rf"(?P<own>\d{{1,5}}[a-d]?){_SLASH}(?P<agency>{_SIGNED})"
_OF_THE_PARTY = rf"(?P<party>\d{{1,4}})\s?{_HYPHEN}\s?(?P<kind>{_KIND}){_SLASH}(?P<issuer>{_PART}(?:{_HYPHEN}{_PART})?)"
NUMBER = re.compile(rf"{_START}(?:{_WITH_YEAR}|{_WITHOUT_YEAR}|{_OF_THE_PARTY}){_END}")
# Words before a number that is something else: a lot, a drug's registration, a licence plate, a telephone.
_ELSE = re.compile(
    r"\b(?:lô|lô sản xuất|lô sx|sđk|số đăng ký|đăng ký số|biển số|biển kiểm soát|mã|mã số|mã vạch|mã hồ sơ|hotline"
    r"|điện thoại|đt|tài khoản|stk|hóa đơn|hợp đồng|bệnh án|phòng|căn hộ|sê-ri|seri|số nhà|hộ chiếu|visa|vận đơn)"
    r"\s*(?:số\s*)?[:.]?\s*$"
)
_WORDS = (
    r"(?:công văn|văn bản|quyết định|thông tư(?: liên tịch)?|nghị định|nghị quyết|chỉ thị|công điện|kế hoạch|thông báo"
    r"|hướng dẫn|tờ trình|báo cáo|kết luận|chương trình|giấy mời|quy định|luật|qđ|cv|số)"
)
# Numbers that share the tail of the last: "các quyết định số 101, 102 và 103/QĐ-SYT".
_SHARING = re.compile(rf"{_WORDS}(?: số)?:? ((?:\d{{1,5}}/?(?:, | và |; |, và )){{1,12}})$")
# A tail typed in lower case: only behind a word that says what it is.
_LOWER = r"[a-zđ][a-zđ0-9&]{1,14}"
SPOKEN = re.compile(
    rf"(?<![\w/.,])(?P<own>\d{{1,5}}){_SLASH}(?:(?P<year>(?:19|20)\d\d){_SLASH})?"
    rf"(?P<agency>{_LOWER}(?:\s?{_HYPHEN}\s?{_LOWER}){{1,3}}){_END}"
)
_TAIL = re.compile(rf"/\s?(?:\d{{4}}{_SLASH})?{_LOWER}\s?{_HYPHEN}")  # quick to look for: few texts hold one
_SAID = re.compile(rf"{_WORDS}(?:\s+số)?\s?:?\s+$")


RULE = "document-number/5"
MENTIONS = 8  # of a document that are looked at for its day
BESIDE = 120  # code points around a number in which its day stands
ONE_DIGIT = re.compile(r"^\d(?!\d)")
_NO_DAY_OF_ISSUE = r"(?!(?:trước|đến|tới|hết|từ|sau|yêu|đề|báo|về)[\s,])"  # behind these: a deadline, another event
_DATED = re.compile(
    r"(?:(?:\s*(?:,|và)\s*[^,.;\n\d]{0,40}\d+/[\w/-]+){1,6}[\s,]*(?:cùng|đều)\s"
    rf"|[\s,(]|của (?:{_NO_DAY_OF_ISSUE}[^\W\d_]+[\s,]+){{1,8}}|được|cùng|vừa|ban hành|ký|có|ra)*\s*"
    r"(?:(?=ngày\s\d)|ngày (?:ban hành|ký)\s?:?\s*(?=\d))"
)
_ISSUED_ON = re.compile(r"ngày \d[^.;\n]{0,70}?(?<!\w)(?:ban hành|có|ra|ký|gửi|phát đi)(?!\w)[^.;\n\d]{0,50}$")


def documents(title: str, lead: str, text: str) -> tuple[TagMatch, ...]:
    """The documents named, in the order of their first mention, each with every place that names it.

    `label` is the number as it is officially written, `tag` its slug; offsets are code points of the given fields.
    """
    labels: dict[str, str] = {}
    found: dict[str, list[Evidence]] = {}
    fields: Mapping[Field, str] = {"title": title, "lead": lead, "text": text}
    for field, words in fields.items():
        for label, start, end in sorted(_numbers(words), key=lambda one: one[1:]):
            tag = slug(ONE_DIGIT.sub(r"0\g<0>", label))  # 05-CT/TW and 5-CT/TW are one document
            labels.setdefault(tag, label)
            found.setdefault(tag, []).append(Evidence(field, start, end, words[start:end]))
    return tuple(TagMatch("document", tag, labels[tag], tuple(told), RULE) for tag, told in found.items())


def _numbers(words: str) -> Iterator[tuple[str, int, int]]:
    """The official form of each number of a text, and [start, end) of the words that say it."""
    for match in NUMBER.finditer(words):
        before = nfc(words[max(0, match.start() - 80) : match.start()]).replace("\xa0", " ").lower()
        label = "" if _ELSE.search(before[-30:]) else _label(match)
        if label:
            yield label, *match.span()
            if (sharing := _SHARING.search(before)) and not match["party"]:
                tail = label[re.match(r"\d+[a-d]?", label).end() :]  # type: ignore[union-attr]
                yield from ((_number(one) + tail, *match.span()) for one in re.findall(r"\d+", sharing[1]))
    for match in SPOKEN.finditer(words) if _TAIL.search(words) else ():
        before = words[max(0, match.start() - 30) : match.start()].lower()
        if _SAID.search(before) and (label := _spoken(match)):
            yield label, match.start("own"), match.end()


def _spoken(match: re.Match[str]) -> str:
    """The official form of a number that only the word before it makes one; "" for a measure or an abbreviation."""
    parts = re.split(rf"\s?{_HYPHEN}\s?", match["agency"].upper())
    if parts[0] in NO_AGENCY or (len(parts) > 1 and not any(len(part) > 1 for part in parts[1:])):
        return ""
    year = f"/{match['year']}" if match["year"] else ""
    return f"{_number(match['own'])}{year}/{_written('-'.join(parts))}"


def described(
    found: Iterable[TagMatch], title: str, lead: str, text: str, published: date, words: DocumentWords
) -> Iterator[TagMatch]:
    """The documents with type, issuer, and the day that the text gives beside one of their mentions."""
    fields: Mapping[Field, str] = {"title": title, "lead": lead, "text": text}
    for tag in found:
        mentions = tag.evidence[:MENTIONS]
        dated = (_day(fields[one.field], one, tag.label, published) for one in mentions)
        day, told = next((pair for pair in dated if pair[0]), (None, None))
        said = {fields[one.field][max(0, one.start - 40) : one.start].lower() for one in mentions}
        type_, issuer = _type(tag.label, said, words), _issuer(tag.label, words)
        yield replace(tag, detail=Document(type_, issuer, day, told))


def _type(label: str, said: Iterable[str], words: DocumentWords) -> str:
    """The type that the number names; for the National Assembly's the word before it; else a công văn."""
    signed = label.rpartition("/")[2] if "/" in label else label
    parts = label.partition("/")[0].split("-")[1:] + signed.split("-")
    if re.fullmatch(r"(?:UBTV)?QH\d+", signed):
        named = (
            word for before in said for word in words.words if re.search(rf"{word}(?: \w+){{0,8}} ?(?:số )?$", before)
        )
        return next(named, "luật" if signed.startswith("QH") else "nghị quyết").capitalize()
    return words.types.get(parts[0], "Công văn")


def _issuer(label: str, words: DocumentWords) -> str:
    """The agency that the number's tail names: the part behind the type, or the first of a công văn."""
    parts = label.rpartition("/")[2].split("-")
    signed = parts[1] if parts[0] in words.types and len(parts) > 1 else parts[0]
    return words.issuers.get(signed) or words.issuers.get(re.sub(r"\d+$", "", signed), "")


def _day(text: str, at: Evidence, label: str, published: date) -> tuple[date | None, Evidence | None]:
    """The day behind the number ("số 16/CT-TTg ngày 31/3/2020"), or the one on which it was issued before it."""
    year = re.search(r"/((?:19|20)\d\d)/", label)
    around = date(int(year[1]), 7, 1) if year else published
    first = max(0, at.start - BESIDE)
    plain = even(text[first : at.end + BESIDE].replace("İ", "i").lower())  # as many code points as before
    start, end = at.start - first, at.end - first
    spans = []
    if behind := _DATED.match(plain, end):
        spans.append((behind.end(), behind.end() + 6, len(plain)))
    if before := _ISSUED_ON.search(plain, 0, start):
        spans.append((before.start(), start, start))
    for begin, latest, stop in spans:
        window = next(windows(plain, begin, stop, around), None)
        if window is not None and window.start <= latest and not window.to and window.until is not None:
            here, there = first + window.start, first + window.end
            return window.until.astimezone(LOCAL).date(), Evidence(at.field, here, there, text[here:there])
    return None, None


def _label(match: re.Match[str]) -> str:
    """The number in its official form, "" when its parts are no agency's."""
    if match["party"]:
        return f"{_number(match['party'])}-{_written(match['kind'])}/{_written(match['issuer'])}"
    signed = _written(match["signed"] or match["agency"])
    first, _, rest = signed.partition("-")
    named = re.match(rf"{_UPPER}{{2}}|Qy", first) or signed in ("L-CTN", "L-QH")
    if first in NO_AGENCY or not named or len(rest) == 1 or LICENCES.intersection(signed.split("-")):
        return ""
    year = f"/{match['year']}" if match["year"] else ""
    return f"{_number(match['number'] or match['own'])}{year}/{signed}"


def _number(digits: str) -> str:
    """As printed, without noughts that no office writes: "005" -> "05", "5" stays "5"."""
    own = digits.lstrip("0")
    return (
        own.zfill(2 if digits[0] == "0" and not own[1:].isdecimal() else 1)
        if own.rstrip("abcd").isdecimal()
        else digits
    )


def _written(signed: str) -> str:
    tight = re.sub(rf"\s?{_HYPHEN}\s?|{_SLASH}", "-", re.sub("[ÐƉ]", "Đ", nfc(signed)))
    first, *others = (CASED.get(part, part) for part in tight.split("-"))
    return "-".join((TYPED_WITHOUT_STROKE.get(first, first), *others))
