"""Forms of a text for matching and for addresses. What a reader sees is never rewritten by these."""

import re
import unicodedata

STROKED = {"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "Ɖ": "d"}  # NFD leaves these; Ð is often typed for Đ
WORD = re.compile(r"[^\W_]+")
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
SHORTENED = re.compile(
    r"(?<!\w)(?:TP|Tp|TX|TT|Q|P|PGS|GS|TS|ThS|BS|BSCK\w*|DS|ĐT|Tel|Số)\.\s+$"
)  # their stop ends no sentence
NOT_SLUG = re.compile(r"[^a-z0-9]+")
# The older place of the tone mark, at the end of a syllable: hòa, khỏe, thủy (sources.md §6).
# What may not stand before is asked behind the vowel: so the search can run from vowel to vowel, three times as fast.
OLD_TONE = re.compile(r"(?:([òóỏõọ])(?<!q.)(?<!gi.)([ae])|([ùúủũụ])(?<!q.)(?<!gi.)(y))(?![^\W\d_])")
TONED = {"a": "àáảãạ", "e": "èéẻẽẹ", "y": "ỳýỷỹỵ"}
TONES = {letter: tone for row in ("òóỏõọ", "ùúủũụ") for tone, letter in enumerate(row)}


def nfc(text: str) -> str:
    """The text with its letters and marks composed (Unicode NFC)."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """The text in lower-case ASCII letters where it has Latin ones, đ included; other signs stay.

    Has as many code points as `nfc(text)`, so an offset in one is an offset in the other.
    """
    return text.lower() if text.isascii() else nfc(text).translate(_FOLDED)


def tones(text: str) -> str:
    """The text in lower case with the tone of oa, oe, uy in one place (hòa -> hoà); marks are kept.

    Has as many code points as `nfc(text)`. i/y variants (kỹ, kĩ) are left apart.
    """
    if text.isascii():
        return text.lower()
    return OLD_TONE.sub(_newer, nfc(text).replace("İ", "i").lower())


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, in order; a line ends one, too."""
    return tuple(said for part in SENTENCE_END.split(text) if (said := part.strip()))


def sentence_at(text: str, start: int) -> str:
    """The sentence in which the code point `start` stands; the stop of "TP. Hà Nội" ends none."""
    found = [(match.start(), match.end()) for match in SENTENCE_END.finditer(text)]
    ends = [(at, end) for at, end in found if "\n" in text[at:end] or not SHORTENED.search(text, max(0, at - 8), end)]
    begin = max((end for _, end in ends if end <= start), default=0)
    return text[begin : min((end for end, _ in ends if end > start), default=len(text))].strip()


def ascii_host(host: str) -> str:
    """The host as it is compared and asked for: lower case, no dot at its end, IDNA for what is not ASCII.

    sởytế.vn -> xn--syt-9jz5g.vn. A name that IDNA refuses stays as it is: no server has it.
    """
    host = host.rstrip(".").lower()
    if host.isascii():
        return host
    import idna  # late: its tables are large, and most hosts need none

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError:
        return host


def slug(text: str, limit: int = 60) -> str:
    """The text as a-z, 0-9 and single hyphens, at most `limit` long, cut between words; "" when nothing is left."""
    whole = NOT_SLUG.sub("-", fold(text)).strip("-")
    if len(whole) <= limit:
        return whole
    cut = whole.rfind("-", 0, limit + 1)
    return whole[: cut if cut > 0 else limit]


def syllables(text: str) -> list[str]:
    """The runs of letters and digits of `tones(text)`, in order."""
    return WORD.findall(tones(text))


def _newer(match: re.Match[str]) -> str:
    toned, vowel = match[1] or match[3], match[2] or match[4]
    return ("o" if match[1] else "u") + TONED[vowel][TONES[toned]]


class _Folded(dict[int, str]):
    """A table for str.translate that fills up with the code points it meets."""

    def __missing__(self, point: int) -> str:
        self[point] = folded = _fold_one(chr(point))
        return folded


def _fold_one(letter: str) -> str:
    if letter in STROKED:
        return STROKED[letter]
    base = unicodedata.normalize("NFD", letter)[0]
    if letter.isalpha() and base.isascii():
        return base.lower()
    lower = letter.lower()
    return lower if len(lower) == 1 else letter


_FOLDED = _Folded()


def words(text: str) -> frozenset[str]:
    """The words of a list that is written as one text, as matching sees them."""
    return frozenset(tones(text).split())
