"""Text fitted into a box: how wide it is drawn, how it breaks, how large it can be. Pure.

Widths are those of DejaVu Sans Bold, the widest of the fonts in the stack, so that text fits in any of them.
"""

import unicodedata

WIDE, NARROW = "MWmw@%—…", "iljtfrI.,:;!'|()[] -"
EM_WIDE, EM_NARROW, EM_CAPITAL, EM_OTHER = 1.04, 0.42, 0.80, 0.70  # em; DejaVu Sans Bold, rounded up
LINE = 1.32  # line height in em: room for stacked diacritics (Ế over a line with ặ)
ASCENT = 0.98  # em from the top of a line to its baseline, stacked marks included
SMALLEST = 9.0  # px; below it Vietnamese marks run together
COMFORTABLE = 12.0  # px; a shorter text is better than a smaller one
LARGEST = 34.0  # px
STEP = 0.5  # px between the sizes tried


def text_width(text: str, size: float) -> float:
    """Width in px of bold text, never less than it is drawn."""
    return size * sum(_em(sign) for sign in unicodedata.normalize("NFC", text))


def best(texts: tuple[str, ...], width: float, height: float) -> tuple[float, list[str]]:
    """Size in px and rows of the first text that fits legibly, as large as it can be; the last one cut if none does."""
    for least in (COMFORTABLE, SMALLEST):
        for text in texts:
            fitted = _fit(text, width, height, least)
            if fitted is not None:
                return fitted
    return SMALLEST, wrap(texts[-1], width, SMALLEST)[:1]


def wrap(text: str, width: float, size: float) -> list[str]:
    """Rows of the text at that size; a word that is wider than the box has a row of its own."""
    rows: list[str] = []
    for word in text.split():
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and text_width(longer, size) <= width:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows


def _fit(text: str, width: float, height: float, least: float) -> tuple[float, list[str]] | None:
    size = LARGEST
    while size >= least:
        rows = wrap(text, width, size)
        if len(rows) * size * LINE <= height and all(text_width(row, size) <= width for row in rows):
            return size, _evened(text, width, size, len(rows))
        size -= STEP
    return None


def _evened(text: str, width: float, size: float, count: int) -> list[str]:
    """As many rows as the widest box needs, of lengths as equal as can be: no word is left alone on the last."""
    narrow = width
    while len(wrap(text, narrow - size / 2, size)) == count and narrow > size:
        narrow -= size / 2
    rows = wrap(text, narrow, size)
    return rows if all(text_width(row, size) <= width for row in rows) else wrap(text, width, size)


def _em(sign: str) -> float:
    base = unicodedata.normalize("NFD", sign)[0]
    if base in WIDE:
        return EM_WIDE
    if base in NARROW:
        return EM_NARROW
    return EM_CAPITAL if base.isupper() or base == "Đ" else EM_OTHER
