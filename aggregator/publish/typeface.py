"""The typeface of banners: how wide its words are, and their outlines. Reads the font's files, once.

Be Vietnam Pro (OFL 1.1) was drawn for Vietnamese, and comes as a package. HarfBuzz sets the words, kerning included.
"""

from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Literal

from aggregator.text import nfc

if TYPE_CHECKING:
    import uharfbuzz

EM = 1000  # units of the font; tests/unit/publish/test_typeface.py holds it against the files
PACKAGE = "fontpkg_be_vietnam_pro"
FILES = {"bold": "BeVietnamPro-Bold.ttf", "regular": "BeVietnamPro-Regular.ttf"}
Weight = Literal["bold", "regular"]
Placed = tuple[int, int]  # a glyph's number, and how far from the line's start it stands, in units


def width(text: str, weight: Weight = "bold") -> float:
    """Width of the text in em, as it is drawn."""
    return _set(nfc(text), weight)[1] / EM


def ink(text: str, weight: Weight = "bold") -> tuple[float, float]:
    """How far the text is drawn above and below its baseline, in em: Ẳ 1.22 above, ặ 0.25 below."""
    extents = [_font(weight).get_glyph_extents(glyph) for glyph, _ in _set(nfc(text), weight)[0]]
    tops = [box.y_bearing for box in extents if box is not None]
    feet = [box.y_bearing + box.height for box in extents if box is not None]
    return max(tops, default=0) / EM, -min(feet, default=0) / EM


def line(text: str, weight: Weight) -> tuple[tuple[str, int], ...]:
    """Outline and place of every glyph of the text; those that draw nothing are left out.

    Outlines are SVG path data in units of the font, upright (y grows downwards), from the baseline.
    """
    placed = ((outline(glyph, weight), x) for glyph, x in _set(nfc(text), weight)[0])
    return tuple((drawn, x) for drawn, x in placed if drawn)


@lru_cache(1024)
def outline(glyph: int, weight: Weight) -> str:
    """The outline of a glyph as SVG path data, in whole units, "" for a space."""
    pen = _Pen()
    _font(weight).draw_glyph(glyph, _draw_functions(), pen)
    return "".join(pen.drawn)


@lru_cache(4096)
def _set(text: str, weight: Weight) -> tuple[tuple[Placed, ...], int]:
    """Where each glyph of the text stands, and where the text ends, in units."""
    import uharfbuzz

    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.direction, buffer.script, buffer.language = "ltr", "Latn", "vi"
    uharfbuzz.shape(_font(weight), buffer)
    placed, end = [], 0
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions or (), strict=True):
        placed.append((info.codepoint, end + position.x_offset))
        end += position.x_advance
    return tuple(placed), end


@cache
def _font(weight: Weight) -> "uharfbuzz.Font":
    import uharfbuzz

    with as_file(files(PACKAGE) / "files" / FILES[weight]) as path:
        return uharfbuzz.Font(uharfbuzz.Face(path.read_bytes()))


class _Pen:
    """Collects an outline, each point as steps from the one before: shorter than places."""

    def __init__(self) -> None:
        self.drawn: list[str] = []
        self._at = self._start = (0, 0)

    def add(self, letter: str, *points: tuple[float, float]) -> None:
        """A command of SVG, its points given as places of the font."""
        places = [(round(x), -round(y)) for x, y in points]
        steps = " ".join(f"{x - self._at[0]} {y - self._at[1]}" for x, y in places)
        self.drawn.append(letter + steps.replace(" -", "-"))
        self._at = places[-1]
        if letter == "m":
            self._start = self._at

    def close(self) -> None:
        """End the contour: the next one counts from where this one began (SVG 1.1 §8.3.3)."""
        self.drawn.append("z")
        self._at = self._start


@cache
def _draw_functions() -> "uharfbuzz.DrawFuncs":
    import uharfbuzz

    made = uharfbuzz.DrawFuncs()
    made.set_move_to_func(lambda x, y, pen: pen.add("m", (x, y)))
    made.set_line_to_func(lambda x, y, pen: pen.add("l", (x, y)))
    made.set_quadratic_to_func(lambda a, b, x, y, pen: pen.add("q", (a, b), (x, y)))
    made.set_cubic_to_func(lambda a, b, c, d, x, y, pen: pen.add("c", (a, b), (c, d), (x, y)))
    made.set_close_path_func(lambda pen: pen.close())
    return made
