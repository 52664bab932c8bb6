"""Bytes to text, whatever their labels claim. Mojibake is mended where it is certain; legacy font encodings are named.

The order: byte order mark, else valid UTF-8, else UTF-8 with a few damaged letters, else what header, XML
declaration and meta tag say, else the Windows code page whose letters make Vietnamese. Every label is tried against
the bytes, since many lie.
"""

import codecs
import re
import unicodedata

MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
PROLOG = re.compile(r"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.I)
KNOWN_CODECS = re.compile(r"utf-8|utf-16(-[lb]e)?|cp125\d|iso8859-\d+|ascii")
HEAD = 2048  # bytes in which a page declares its charset (HTML asks for 1024)
SOUND = (
    2  # valid letters of several bytes for each damaged byte from which a text is UTF-8; other charsets make hardly any
)
WIDE = 0.2  # share of NUL bytes from which a text without a mark is UTF-16; a text of ASCII letters has .5
TONES = "\u0300\u0301\u0303\u0309\u0323"  # the five marks that windows-1258 writes after their vowel
VOWEL = re.compile(r"[aăâeêioôơuưy]", re.I)
FEW = 3  # tone marks that may stand after vowels by chance

# fmt: off
_SIGNS = {char: bytes([byte]) for byte in range(0x80, 0xA0) if (char := bytes([byte]).decode("cp1252", "ignore"))}
_SINGLE = {**{chr(byte): bytes([byte]) for byte in range(0x80, 0x100)}, **_SIGNS}  # WHATWG windows-1252: C1 stays
# fmt: on
_ODD = re.compile(r"[^\x00-\x7f]+")
_SUSPECT = re.compile(  # a lead byte of UTF-8 and the next, as windows-1252 shows them; "XÃ" and a hard space is none
    "[\u00c2-\u00c6\u00cc\u00e1\u00e2\u00ef][\u0080-\u009f\u00a1-\u00bf" + "".join(_SIGNS) + "]"
)
_PIECE = re.compile(r"[<>]")
VIETNAMESE = re.compile(r"[\u0110\u0111\u01a0\u01a1\u01af\u01b0\u0102\u0103\u1ea0-\u1ef9]")
LETTER = re.compile(r"[\u00a0-\u024f\u0300-\u036f\u1ea0-\u1ef9\u2010-\u2026\u20ab\ufeff]+")
TIMES = 3  # readings in the wrong charset that are undone; two were seen

WORD = re.compile(r"[^\W\d_]+")
ENOUGH = 3  # words in a font's own encoding that make a text one; a stray sign makes one at most
SHARE = 0.08  # share of words; Vietnamese in TCVN3 or VNI has .5 and more, a French or Spanish text under .02
# Letters of TCVN3 (ABC fonts) that no language puts there: đ ă â ê ô ơ ư and à ả ã á ạ stand at these signs.
TCVN3 = re.compile(r"[A-Za-z][µ¶·¸¹¨©ª«¬\xad®»¾¼½Æ]|[µ¶·¸¹¨©ª«¬\xad®»¾¼½Æ][a-z]")
# VNI writes the marks of a vowel as a second sign: aù, aø, aû, aõ, aï, oâ, eá, öô, ñ.
VNI = re.compile(r"[aeouyöôAEOUYÖÔ][ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË](?![a-z]{3})|\b[ñÑ][a-zöôïíæAOUEÖÔ]")


def decoded(body: bytes, content_type: str) -> str:
    """The text of the bytes, without NUL; what cannot be read is U+FFFD. `content_type` is the header's."""
    return mended(_decoded(body, content_type).replace("\x00", ""))


def _decoded(body: bytes, content_type: str) -> str:
    for mark, codec in MARKS:
        if body.startswith(mark) and (codec != "utf-8" or not _is_other(body[len(mark) :])):
            return body[len(mark) :].decode(codec, "replace")
    if codec := _wide(body):
        return body.decode(codec, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _labelled(body, content_type) if _is_other(body) else body.decode("utf-8", "replace")


def _is_other(body: bytes) -> bool:
    """Whether the bytes are no UTF-8, not even a damaged one."""
    text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    return damaged > 0 and damaged * SOUND > sum(char > "\x7f" for char in text) - damaged


def _wide(body: bytes) -> str:
    """UTF-16 without its mark, told by where the NUL bytes stand; "" for anything else."""
    start = body[:HEAD]
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if max(even, odd) <= WIDE * len(start) or min(even, odd) * 4 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _labelled(body: bytes, content_type: str) -> str:
    start = body[:HEAD].decode("latin-1")
    found = [CHARSET.search(content_type), PROLOG.search(start), CHARSET.search(start)]
    for codec in dict.fromkeys(_codec(match[1]) for match in found if match):
        if codec.startswith("utf") or codec == "cp1252":
            continue  # no UTF by its bytes; cp1252 is what servers say of anything
        try:
            return body.decode(codec)
        except UnicodeDecodeError:
            continue
    return _windows(body)


def _windows(body: bytes) -> str:
    """By the code page of Viet Nam when its tone marks stand after vowels, else by the western one."""
    text = body.decode("cp1258", "replace")
    marks = [text[max(at - 1, 0)] for at, char in enumerate(text) if char in TONES]
    after = sum(VOWEL.match(char) is not None for char in marks)
    if len(marks) >= FEW and after == len(marks) and not _in_a_font(body.decode("latin-1")):
        return unicodedata.normalize("NFC", text)
    return body.decode("cp1252", "replace")


def _codec(name: str) -> str:
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return "utf-8"
    if codec in {"iso8859-1", "ascii"}:
        return "cp1252"  # WHATWG Encoding §4.2: what these labels mean on the web
    return codec if KNOWN_CODECS.fullmatch(codec) else "utf-8"


def mended(text: str) -> str:
    """The text with UTF-8 that was read as windows-1252 (once, or twice) read right, piece by piece between tags.

    Only where it is certain: the piece holds no letter of Vietnamese alone as it stands, and every sign of it beyond
    ASCII turns into a letter.
    """
    if not _SUSPECT.search(text):
        return text
    pieces = re.split(f"({_PIECE.pattern})", text)
    return "".join(_mended(piece) if _SUSPECT.search(piece) else piece for piece in pieces)


def _mended(piece: str) -> str:
    text = piece
    for _ in range(TIMES):
        if VIETNAMESE.search(text) or (undone := _undone(text)) is None:
            break
        text = undone
    return text if text is not piece and _is_plain(text) else piece


def _is_plain(text: str) -> bool:
    return all(LETTER.fullmatch(run) for run in _ODD.findall(text))


def _undone(text: str) -> str | None:
    """The text read as UTF-8 from its windows-1252 bytes; None when any sign of it does not fit."""
    try:
        return _ODD.sub(lambda run: b"".join(_SINGLE[char] for char in run[0]).decode("utf-8"), text)
    except (KeyError, UnicodeDecodeError):
        return None


def legacy(text: str) -> str:
    """The name of the font encoding that the text is written in (TCVN3 or VNI), "" for Unicode.

    Such a text looks like Vietnamese in its own font only, and nothing says for certain how to turn it back.
    """
    return "" if VIETNAMESE.search(text) else _in_a_font(text)


def _in_a_font(text: str) -> str:
    words = len(WORD.findall(text)) or 1
    for name, signs in (("TCVN3 (ABC)", TCVN3), ("VNI", VNI)):
        found = len(signs.findall(text))
        if found >= ENOUGH and found >= SHARE * words:
            return name
    return ""
