"""A banner's layout: who asks, what for, and where to press, sized to fit its box, as SVG. Pure.

Words are drawn as outlines: no reader's fonts can widen, clip or replace them. What they say stands in title and desc.

Three kinds of box: a strip with a button at its right (800x81), a strip too small for one, with an arrow (230x46),
and a card with the button at its foot (300x250). Darker ground under the button only ever adds to the contrast of text.
"""

import base64
from dataclasses import dataclass, replace
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from aggregator.colour import contrast, rgb
from aggregator.publish import typeface
from aggregator.publish.fitting import LARGEST, Fitted, best, text_width
from aggregator.publish.typeface import Weight
from aggregator.publish.words import xml_text
from aggregator.settings import Campaign

CALL = "Xem chi tiết"
STRIP = 4.0  # width by height from which a box is a strip
ROOMY = 3.4  # widths of a button from which a strip carries one; in less, words lose too much
THREE_DEEP = 72.0  # px for mark, message and source under each other; in less, the message would be the smallest
SHADE = 0.22  # opacity of the ground under button and arrow
CAPITAL = 0.7  # em; height of a capital without marks, by which words are centred
EMBLEM, LEAST_EMBLEM = 48.0, 36.0  # px; below the latter a coat of arms is a blot
SMALL_LINE = 1.3  # em that a mark or source takes

Role = Literal["message", "mark", "source", "call"]
WEIGHTS: dict[Role, Weight] = {"message": "bold", "mark": "bold", "source": "regular", "call": "bold"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: its baseline's place and its size, in px. A call is centred on x, all else begins there."""

    text: str
    x: float
    y: float
    size: float
    role: Role = "message"


@dataclass(frozen=True, slots=True)
class Frame:
    """A box laid out, in px: the room for words, the size of small lines (0: none), the button and what is drawn."""

    left: float
    top: float
    width: float
    height: float
    mark: float
    source: float
    call: float
    button: tuple[float, float, float, float] | None  # x, y, width, height
    drawn: str  # SVG made of numbers only
    tall: bool = False
    emblem: tuple[float, float, float] | None = None  # x, y, side; none where there is no room for one


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
    drawn: str = ""

    def svg(self) -> str:
        """The image: its alternative is the title, and all its words are the description."""
        rows = "".join(_text(line, self.ground if line.role == "call" else self.ink) for line in self.lines)
        ground = f'<rect width="{self.width}" height="{self.height}" fill="{self.ground}"/>'
        said = escape(xml_text(" · ".join(_sayings(self.lines))))
        told = f"<title>{escape(self._spoken())}</title><desc>{said}</desc>"
        return f"{self._open()}{told}{ground}{self.drawn}{rows}</svg>\n"

    def empty_svg(self) -> str:
        """An image of the same size that shows nothing."""
        return f"{self._open('')}<title></title></svg>\n"

    def _open(self, shown: str | None = None) -> str:
        box = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        label = quoteattr(self._spoken() if shown is None else shown)
        return f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-label={label}>'

    def _spoken(self) -> str:
        return xml_text(f"{self.ribbon}: {self.alt}" if self.ribbon else self.alt)


def compose(
    campaign: Campaign, width: int, height: int, ribbon: str, emblem: bytes = b"", *, linked: bool = True
) -> Banner:
    """The banner of a campaign in a box of px: the message where it fits legibly, else a shorter text.

    The ribbon (demo, preview) takes a line of its own at the top. `emblem` is a PNG, drawn where there is room. One
    that is not `linked` is its text alone: it asks for no press.
    """
    shade = _shade(campaign)
    frame = (
        _strip(width, height, campaign.ink, shade) if width >= STRIP * height else _card(width, height, campaign, shade)
    )
    if not linked:
        frame = replace(frame, button=None, drawn="")
    if emblem and (side := _emblem_side(width, height, frame)):
        frame = _beside(frame, side) if width >= STRIP * height else _below(frame, side)
    lines = _stacked(campaign, frame, ribbon)
    if frame.button:
        x, y, wide, high = frame.button
        lines.append(Line(CALL, x + wide / 2, y + high / 2 + CAPITAL / 2 * frame.call, frame.call, "call"))
    drawn = frame.drawn + _emblem(frame, emblem)
    return Banner(width, height, tuple(lines), campaign.colour, campaign.ink, campaign.alt, ribbon, drawn)


def _emblem_side(width: int, height: int, frame: Frame) -> float:
    """How large an emblem is drawn in px, 0 where it would leave too little room for words."""
    if width >= STRIP * height:
        side = min(EMBLEM, height * 0.62)
        return side if frame.button and side >= LEAST_EMBLEM and frame.width >= 8 * side else 0.0
    return EMBLEM if frame.source else 0.0


def _beside(frame: Frame, side: float) -> Frame:
    """The strip with an emblem left of its words."""
    taken = side * 1.3
    place = (frame.left, frame.top + (frame.height - side) / 2, side)
    return replace(frame, left=frame.left + taken, width=frame.width - taken, emblem=place)


def _below(frame: Frame, side: float) -> Frame:
    """The card with its words below an emblem."""
    taken = side * 1.2
    return replace(
        frame, top=frame.top + taken, height=frame.height - taken, emblem=(frame.left, frame.top + side * 0.1, side)
    )


def _emblem(frame: Frame, content: bytes) -> str:
    """The emblem as part of the image: an image shown by `img` may load nothing else."""
    if frame.emblem is None:
        return ""
    x, y, side = frame.emblem
    data = base64.b64encode(content).decode()
    return (
        f'<image x="{x:.1f}" y="{y:.1f}" width="{side:.1f}" height="{side:.1f}" href="data:image/png;base64,{data}"/>'
    )


def _shade(campaign: Campaign) -> str:
    """Black under light ink, white under dark ink: what lies on it is never less legible than on the plain ground."""
    black = contrast((0, 0, 0), rgb(campaign.ink))
    return "#000000" if black >= contrast((255, 255, 255), rgb(campaign.ink)) else "#ffffff"


def _strip(width: int, height: int, ink: str, shade: str) -> Frame:
    pad = max(6.0, height * 0.16)
    call = min(15.0, max(12.0, height * 0.18))
    wide, high = _button_size(call)
    roomy = width >= ROOMY * wide and height >= high + pad
    slant = height * 0.3
    edge = width - (wide + 2 * pad if roomy else height * 0.62)
    panel = f'<path d="M{edge:.1f} 0H{width}V{height}H{edge - slant:.1f}Z" fill="{shade}" opacity="{SHADE}"/>'
    button = (edge + pad * 0.5, (height - high) / 2, wide, high) if roomy else None
    sign = _pill(button, ink) if button else _arrow(edge + (width - edge) * 0.42, height / 2, height * 0.13, ink)
    left = max(8.0, pad * 1.3)
    return Frame(
        left=left,
        top=pad * 0.5,
        width=edge - slant - left - pad * 0.3,
        height=height - pad,
        mark=min(11.0, max(8.0, height * 0.16)),
        source=12.0 if roomy and height >= 64 else 0.0,
        call=call,
        button=button,
        drawn=panel + sign,
    )


def _card(width: int, height: int, campaign: Campaign, shade: str) -> Frame:
    least = min(width, height)
    pad = max(6.0, least * 0.085)
    call = min(16.0, max(12.0, least * 0.06))
    wide, high = _button_size(call)
    roomy = height >= 4 * high and width >= wide + 2 * pad
    button = (pad, height - pad - high, wide, high) if roomy else None
    rings = "".join(
        f'<circle cx="{width}" cy="{height}" r="{least * share:.1f}" fill="{shade}" opacity="{SHADE / 2:.2f}"/>'
        for share in ((0.5, 0.85, 1.2) if height > width else (0.55, 0.9))
    )
    foot = high + pad if roomy else 0.0
    return Frame(
        left=pad,
        top=pad * 0.8,
        width=width - 2 * pad,
        height=height - pad * 1.6 - foot,
        mark=min(11.0, max(8.0, height * 0.1)),
        source=13.0 if roomy and height >= 200 else 0.0,
        call=call,
        button=button,
        drawn=rings + (_pill(button, campaign.ink) if button else ""),
        tall=height > 1.4 * width,
    )


def _stacked(campaign: Campaign, frame: Frame, ribbon: str) -> list[Line]:
    """Mark, message and source under each other; in the middle of the room, in a tall box at its top."""
    roomy = frame.source and (not ribbon or frame.height >= THREE_DEEP)
    source = f"Theo văn bản {campaign.directive.number}" if campaign.directive and roomy else ""
    if text_width(source, frame.source, WEIGHTS["source"]) > frame.width:
        source = ""
    mark = min(frame.mark, frame.width / text_width(ribbon, 1)) if ribbon else 0.0
    over, under = mark * SMALL_LINE, frame.source * (SMALL_LINE + 0.15) if source else 0.0
    fitted = best((campaign.message, *campaign.short, campaign.title), frame.width, frame.height - over - under)
    first = frame.top + over + _first_baseline(fitted, frame.height - over - under, frame.tall)
    last = first + fitted.step * (len(fitted.rows) - 1)
    lines = [Line(ribbon, frame.left, frame.top + typeface.ink(ribbon)[0] * mark, mark, "mark")] if ribbon else []
    lines += [Line(row, frame.left, first + n * fitted.step, fitted.size) for n, row in enumerate(fitted.rows)]
    if source:
        foot = last + max(fitted.below, 0.2 * fitted.size) + under
        lines.append(Line(source, frame.left, foot - 0.32 * frame.source, frame.source, "source"))
    return lines


def _first_baseline(fitted: Fitted, room: float, tall: bool) -> float:
    """Where it lies below the top of the room: capitals and last baseline in the middle, nothing drawn outside."""
    free = max(0.0, room - fitted.height)
    if tall:
        return fitted.above + min(free, LARGEST)
    body = CAPITAL * fitted.size + fitted.step * (len(fitted.rows) - 1)
    middle = (room - body) / 2 + CAPITAL * fitted.size
    return min(max(middle, fitted.above), fitted.above + free)


def _button_size(size: float) -> tuple[float, float]:
    return text_width(CALL, size) + 1.6 * size, round(size * 2.2)


def _pill(box: tuple[float, float, float, float], ink: str) -> str:
    x, y, width, height = box
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{height / 2:.1f}" fill="{ink}"/>'
    )


def _arrow(x: float, y: float, half: float, ink: str) -> str:
    path = f"M{x - half / 2:.1f} {y - half:.1f}l{half:.1f} {half:.1f}l{-half:.1f} {half:.1f}"
    return (
        f'<path d="{path}" fill="none" stroke="{ink}" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _text(line: Line, ink: str) -> str:
    """The line's outlines. Glyphs share the scale of the group; each path begins where its glyph stands."""
    weight = WEIGHTS[line.role]
    left = line.x - text_width(line.text, line.size, weight) / 2 if line.role == "call" else line.x
    drawn = "".join(f"M{x} 0{outline}" for outline, x in typeface.line(line.text, weight))
    scale = f"{line.size / typeface.EM:.4f}".rstrip("0")
    return f'<path fill="{ink}" transform="translate({left:.1f} {line.y:.1f})scale({scale})" d="{drawn}"/>'


def _sayings(lines: tuple[Line, ...]) -> tuple[str, ...]:
    """What a banner says, role by role, rows of one role joined."""
    said: dict[Role, str] = {}
    for line in lines:
        said[line.role] = f"{said[line.role]} {line.text}" if line.role in said else line.text
    return tuple(said.values())
