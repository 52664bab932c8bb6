"""Text fitted into a box by the typeface's own metrics: how it breaks, how large it can be. Pure."""

from dataclasses import dataclass
from itertools import pairwise

from aggregator.publish import typeface
from aggregator.publish.typeface import Weight

STEP_LEAST = 1.24  # em from baseline to baseline: Be Vietnam Pro's own is 1.265, marks included
APART = 0.06  # em left between what hangs from a row and what stands on the next (ặ over Ẳ)
SMALLEST = 9.0  # px; below it Vietnamese marks run together
COMFORTABLE = 12.0  # px; a shorter text is better than a smaller one
LARGEST = 34.0  # px
SIZE_STEP = 0.5  # px between the sizes tried


@dataclass(frozen=True, slots=True)
class Fitted:
    """Rows of text at a size in px. `above` the first baseline, `step` between baselines, `below` the last: px."""

    size: float
    rows: tuple[str, ...]
    above: float
    step: float
    below: float

    @property
    def height(self) -> float:
        """From the top of the first row to the foot of the last, as drawn."""
        return self.above + self.step * (len(self.rows) - 1) + self.below


def text_width(text: str, size: float, weight: Weight = "bold") -> float:
    """Width in px of the text as it is drawn."""
    return size * typeface.width(text, weight)


def best(texts: tuple[str, ...], width: float, height: float) -> Fitted:
    """The first text that fits legibly, as large as it can be; where none does, one row of the last as it falls."""
    for least in (COMFORTABLE, SMALLEST):
        for text in texts:
            fitted = _fit(text, width, height, least)
            if fitted is not None:
                return fitted
    return _laid(tuple(wrap(texts[-1], width, SMALLEST)[:1]), SMALLEST)


def wrap(text: str, width: float, size: float) -> list[str]:
    """Rows of the text at that size; a word that is wider than the box has a row of its own."""
    rows: list[str] = []
    for word in text.split(" "):  # a no-break space keeps two words together
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and text_width(longer, size) <= width:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows


def _fit(text: str, width: float, height: float, least: float) -> Fitted | None:
    size = LARGEST
    while size >= least:
        rows = wrap(text, width, size)
        if all(text_width(row, size) <= width for row in rows):
            laid = _laid(_evened(text, width, size, len(rows)), size)
            if laid.height <= height:
                return laid
        size -= SIZE_STEP
    return None


def _laid(rows: tuple[str, ...], size: float) -> Fitted:
    """The rows under each other, no closer than what is drawn of them allows."""
    inks = [typeface.ink(row) for row in rows]
    gaps = [upper[1] + lower[0] + APART for upper, lower in pairwise(inks)]
    step = max([STEP_LEAST, *gaps])
    return Fitted(size, rows, inks[0][0] * size, step * size, inks[-1][1] * size)


def _evened(text: str, width: float, size: float, count: int) -> tuple[str, ...]:
    """As many rows as the widest box needs, of lengths as equal as can be: no word is left alone on the last."""
    narrow = width
    while len(wrap(text, narrow - size / 2, size)) == count and narrow > size:
        narrow -= size / 2
    rows = wrap(text, narrow, size)
    return tuple(rows if all(text_width(row, size) <= width for row in rows) else wrap(text, width, size))
