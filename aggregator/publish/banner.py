"""A banner's layout: text wrapped and sized to fit its box, as SVG. Pure.

Widths are those of DejaVu Sans Bold, the widest of the fonts in the stack, so that text fits in any of them.
"""

import unicodedata
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from aggregator.settings import Campaign

FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, 'DejaVu Sans', sans-serif"
WIDE, NARROW = "MWmw@%—…", "iljtfrI.,:;!'|()[] -"
EM_WIDE, EM_NARROW, EM_CAPITAL, EM_OTHER = 1.04, 0.42, 0.80, 0.70  # em; DejaVu Sans Bold, rounded up
LINE = 1.32  # line height in em: room for stacked diacritics (Ế over a line with ặ)
SMALLEST = 9  # px; below it Vietnamese marks run together
LARGEST = 34  # px
PADDING = 0.10  # of the shorter side
ARROW = "→"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: its baseline's place and its size, in px."""

    text: str
    x: float
    y: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Banner:
    """A banner of a size: its lines, colours and words."""

    width: int
    height: int
    lines: tuple[Line, ...]
    ground: str
    ink: str
    alt: str
    ribbon: str

    def svg(self) -> str:
        """The image: text stays text, its alternative is the title."""
        rows = "".join(_text(line, self.ink) for line in self.lines)
        accent = f'<rect width="{max(4, self.width // 120)}" height="{self.height}" fill="{self.ink}" opacity=".55"/>'
        return (
            f"{self._open()}<title>{escape(self._spoken())}</title>"
            f'<rect width="{self.width}" height="{self.height}" fill="{self.ground}"/>{accent}{rows}</svg>\n'
        )

    def empty_svg(self) -> str:
        """An image of the same size that shows nothing."""
        return f"{self._open()}<title></title></svg>\n"

    def _open(self) -> str:
        box = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        label = quoteattr(self._spoken())
        return f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-label={label} font-family="{FONTS}">'

    def _spoken(self) -> str:
        return f"{self.ribbon}: {self.alt}" if self.ribbon else self.alt


def compose(campaign: Campaign, width: int, height: int, ribbon: str) -> Banner:
    """The banner of a campaign in a box of px: the message where it fits legibly, else the short text.

    The ribbon (demo, preview) takes a line of its own at the top.
    """
    pad = max(4.0, min(width, height) * PADDING)
    mark_size = min(11.0, max(8.0, height * 0.16)) if ribbon else 0.0
    top = pad + mark_size * LINE if ribbon else pad
    left = pad + max(4, width // 120)
    room = (width - left - pad, height - top - pad * 0.6)
    texts = (campaign.message, campaign.short or campaign.title, campaign.title)
    size, rows = _best(texts, room)
    lines = [Line(ribbon, left, pad + mark_size * 0.8, mark_size, False)] if ribbon else []
    start = top + max(0.0, (room[1] - len(rows) * size * LINE) / 2)
    lines += [Line(row, left, start + (n + 0.78) * size * LINE, size, True) for n, row in enumerate(rows)]
    return Banner(width, height, tuple(lines), campaign.colour, campaign.ink, campaign.alt, ribbon)


def text_width(text: str, size: float) -> float:
    """Width in px of bold text, never less than it is drawn."""
    return size * sum(_em(sign) for sign in unicodedata.normalize("NFC", text))


def _em(sign: str) -> float:
    base = unicodedata.normalize("NFD", sign)[0]
    if base in WIDE:
        return EM_WIDE
    if base in NARROW:
        return EM_NARROW
    return EM_CAPITAL if base.isupper() or base == "Đ" else EM_OTHER


def _best(texts: tuple[str, ...], room: tuple[float, float]) -> tuple[float, list[str]]:
    """The first text that fits legibly, as large as it can be; the last one cut if none does."""
    comfortable = SMALLEST + 3.0
    for least in (comfortable, float(SMALLEST)):
        for text in texts:
            fitted = _fit(text, room, least)
            if fitted is not None:
                return fitted
    return float(SMALLEST), _wrap(texts[-1], room[0], SMALLEST)[:1]


def _fit(text: str, room: tuple[float, float], least: float) -> tuple[float, list[str]] | None:
    size = float(LARGEST)
    while size >= least:
        rows = _wrap(text, room[0], size)
        fits = len(rows) * size * LINE <= room[1] and all(text_width(row, size) <= room[0] for row in rows)
        if fits:
            return size, rows
        size -= 0.5
    return None


def _wrap(text: str, width: float, size: float) -> list[str]:
    rows: list[str] = []
    for word in text.split():
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and text_width(longer, size) <= width:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows


def _text(line: Line, ink: str) -> str:
    weight = "700" if line.bold else "600"
    return (
        f'<text x="{line.x:.1f}" y="{line.y:.1f}" font-size="{line.size:.1f}" font-weight="{weight}" '
        f'fill="{ink}">{escape(line.text)}</text>'
    )
