"""Numbers of official documents in a text: 147/2024/NĐ-CP, 16/CT-TTg, 1979/STTTT-TTĐT, 39-CT/TW (sources.md §6)."""

import re
from collections.abc import Mapping

from aggregator.model import Evidence, Field, TagMatch
from aggregator.text import nfc, slug

# Kinds of documents (Nghị định 30/2020/NĐ-CP, phụ lục III; Hướng dẫn 36-HD/VPTW for the Party's); some typed without đ.
KINDS = (
    "NQLT", "TTLT", "VBHN", "TTr", "TTR", "CTr", "CTR", "QyĐ", "QyC", "QĐ", "QD", "NĐ", "ND", "NQ", "CT", "CĐ", "CD",
    "TT", "TB", "KH", "KL", "HD", "BC", "CV", "QC", "ĐA", "DA", "BB", "PL", "GM", "GP",
)  # fmt: skip
# First parts that are no agency: "5/HIV-AIDS", "12/HBV-HCV", "1/TP-HCM".
NO_AGENCY = frozenset({
    "HIV", "AIDS", "SARS", "MERS", "COVID", "HBV", "HCV", "HPV", "RSV", "RNA", "DNA", "ADN", "ARN", "PCR", "RT", "TP",
    "USD", "VND", "VNĐ", "AST", "ALT", "LDL", "HDL", "IU", "UI", "BMI", "VD", "VN", "VS",
})  # fmt: skip
TYPED_WITHOUT_STROKE = {"QD": "QĐ", "ND": "NĐ", "CD": "CĐ", "DA": "ĐA"}
CASED = {"TTG": "TTg", "Ttg": "TTg", "TTR": "TTr", "CTR": "CTr", "TƯ": "TW"}

_UPPER = r"[A-ZĐÐƉÂĂÊÔƠƯ]"
_PART = rf"(?:T[Tt][Gg]|{_UPPER}(?:{_UPPER}|[0-9\u0300-\u036f]){{0,14}}[rg]?)"  # marks: text that is not NFC
_KIND = "|".join(sorted(KINDS, key=len, reverse=True)).replace("Đ", "[ĐÐƉ]")
_HYPHEN = r"[-\u2010-\u2015\u2212]"
_SLASH = r"\s?/\s?"
_START = r"(?=\d)(?:(?<![\w/.\u2010-\u2015-])(?<!\d,)|(?<=[Ss]ố)|(?<=SỐ))"
_END = r"(?![\w\u0300-\u036f])"
_SIGNED = rf"{_PART}\s?{_HYPHEN}\s?{_PART}(?:{_HYPHEN}{_PART}){{0,2}}"

_WITH_YEAR = rf"(?P<number>\d{{1,5}}){_SLASH}(?P<year>(?:19|20)\d\d){_SLASH}(?P<signed>(?:UBTV)?QH\d{{1,2}}|{_SIGNED})"
_WITHOUT_YEAR = rf"(?P<own>\d{{1,5}}){_SLASH}(?P<agency>{_SIGNED})"
_OF_THE_PARTY = rf"(?P<party>\d{{1,4}})\s?{_HYPHEN}\s?(?P<kind>{_KIND}){_SLASH}(?P<issuer>{_PART}(?:{_HYPHEN}{_PART})?)"
NUMBER = re.compile(rf"{_START}(?:{_WITH_YEAR}|{_WITHOUT_YEAR}|{_OF_THE_PARTY}){_END}")
# Words before a number that is something else: a lot, a drug's registration, a licence plate, a telephone.
_ELSE = re.compile(
    r"\b(?:lô|lô sản xuất|sđk|số đăng ký|đăng ký số|biển số|biển kiểm soát|mã|mã số|hotline|điện thoại|đt)"
    r"\s*(?:số\s*)?[:.]?\s*$"
)


def documents(title: str, lead: str, text: str) -> tuple[TagMatch, ...]:
    """The documents named, in the order of their first mention, each with every place that names it.

    `label` is the number as it is officially written, `tag` its slug; offsets are code points of the given fields.
    """
    labels: dict[str, str] = {}
    found: dict[str, list[Evidence]] = {}
    fields: Mapping[Field, str] = {"title": title, "lead": lead, "text": text}
    for field, words in fields.items():
        for match in NUMBER.finditer(words):
            before = nfc(words[max(0, match.start() - 30) : match.start()]).lower()
            label = "" if _ELSE.search(before) else _label(match)
            if label:
                tag = slug(label)
                labels.setdefault(tag, label)
                found.setdefault(tag, []).append(Evidence(field, match.start(), match.end(), match[0]))
    return tuple(
        TagMatch("document", tag, labels[tag], tuple(told), "document-number/1") for tag, told in found.items()
    )


def _label(match: re.Match[str]) -> str:
    """The number in its official form, "" when its parts are no agency's."""
    if match["party"]:
        return f"{_number(match['party'])}-{_written(match['kind'])}/{_written(match['issuer'])}"
    signed = _written(match["signed"] or match["agency"])
    first, _, rest = signed.partition("-")
    if first in NO_AGENCY or not re.match(rf"{_UPPER}{{2}}", first) or len(rest) == 1:
        return ""
    year = f"/{match['year']}" if match["year"] else ""
    return f"{_number(match['number'] or match['own'])}{year}/{signed}"


def _number(digits: str) -> str:
    return f"{int(digits):02d}"  # 05-CT/TW and 5-CT/TW are one document


def _written(signed: str) -> str:
    tight = re.sub(rf"\s?{_HYPHEN}\s?", "-", re.sub("[ÐƉ]", "Đ", nfc(signed)))
    first, *others = (CASED.get(part, part) for part in tight.split("-"))
    return "-".join((TYPED_WITHOUT_STROKE.get(first, first), *others))
