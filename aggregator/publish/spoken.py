"""How long a Vietnamese text takes to be read aloud. Pure."""

import re
import unicodedata

PACE = 3.5  # syllables a second, as loudspeakers of communes are read: slower than speech
PIECE = re.compile(r"\d+|[^\W\d_]+|[%/°+]")
VOWELS = re.compile(r"[aeiouy]+")
LETTERS = 5  # a longer word in capitals without marks is read as a word; a shorter one may be (BYT, UBND)
READ_AS = {"%": 2, "/": 1, "°": 1, "+": 1}  # phần trăm, trên, độ, cộng
BY_DIGITS = 5  # a longer number is read digit by digit, as those of telephones are


def syllables_spoken(text: str) -> int:
    """How many syllables it takes, at most: a number counts as its longest reading, a word without vowel by letters."""
    return sum(_length(piece) for piece in PIECE.findall(text))


def seconds_spoken(text: str) -> float:
    """How many seconds it takes at PACE."""
    return syllables_spoken(text) / PACE


def _length(piece: str) -> int:
    if piece in READ_AS:
        return READ_AS[piece]
    if piece.isdigit():
        return len(piece) if len(piece) > BY_DIGITS else 2 * len(piece) - 1
    bare = "".join(sign for sign in unicodedata.normalize("NFD", piece.lower()) if not unicodedata.combining(sign))
    groups = len(VOWELS.findall(bare))
    letters = len(piece) if piece.isupper() and bare == piece.lower() and len(piece) <= LETTERS else 1
    return max(groups, letters)
