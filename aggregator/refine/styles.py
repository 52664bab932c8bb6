"""What the declarations of a style attribute or a style sheet hide, and how. Pure."""

import re
from collections.abc import Callable

RELATIVE = ("em", "%", "vw", "vh", "ch", "ex")
PIXELS = 3  # at least, that one of these stands for; a menu that slides out by its own width (-100%) is not far
FAR = 400  # pixels off the page; menus slide out by less, injected blocks lie 999 and more away
NO_CONTRAST = 8  # of 255 in every channel: nobody reads that, and a pale grey on white (#eee) is more
TINY = 2  # pixels; text or a box no larger than this is not read
_NUMBER = re.compile(r"-?\d*\.?\d+")
WHITE = frozenset(("white", "#fff", "#ffffff", "rgb(255,255,255)", "rgba(255,255,255,1)"))
_MOVED = re.compile(r"(?:scale\(0(?:\.0+)?\)|translate\w*\(\s*-\d{3,})")
_CLIPPED = re.compile(
    r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)|inset\((?:50|100)%"
)


def declared(style: str) -> dict[str, str]:
    """The declarations by name, in lower case and without `!important`."""
    if not style:
        return {}
    pairs = (declared.partition(":") for declared in style.lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs}


def way(style: dict[str, str]) -> str:
    """How the declarations hide what they are given to, "" when they do not."""
    return next((f"{name}:{style[name]}" for name, hides in _HIDING.items() if name in style and hides(style)), "")


def number(value: str) -> float | None:
    """The number that a value begins with, None when it begins with none."""
    match = _NUMBER.match(value)
    return float(match[0]) if match else None


def _at_most(name: str, most: float) -> Callable[[dict[str, str]], bool]:
    """Whether a length is at most so many pixels. Of relative lengths nothing is sure but nought, and what is far."""

    def hides(style: dict[str, str]) -> bool:
        size, relative = number(style[name]), style[name].endswith(RELATIVE)
        if size is None or (relative and size > 0):
            return False
        return size * (PIXELS if relative else 1) <= most

    return hides


def _cropped(name: str) -> Callable[[dict[str, str]], bool]:
    small = _at_most(name, TINY)
    return lambda style: small(style) and (style.get("overflow") == "hidden" or "position" in style)


_HIDING: dict[str, Callable[[dict[str, str]], bool]] = {
    "display": lambda style: style["display"] == "none",
    "visibility": lambda style: style["visibility"] in {"hidden", "collapse"},
    "opacity": _at_most("opacity", 0.04),
    "font-size": _at_most("font-size", TINY),
    "text-indent": _at_most("text-indent", -FAR),
    "left": _at_most("left", -FAR),
    "right": _at_most("right", -FAR),
    "top": _at_most("top", -FAR),
    "bottom": _at_most("bottom", -FAR),
    "margin-left": _at_most("margin-left", -FAR),
    "margin-top": _at_most("margin-top", -FAR),
    "transform": lambda style: _MOVED.search(style["transform"]) is not None,
    "clip": lambda style: _CLIPPED.search(style["clip"]) is not None,
    "clip-path": lambda style: _CLIPPED.search(style["clip-path"]) is not None,
    "height": _cropped("height"),
    "width": _cropped("width"),
    "max-height": _cropped("max-height"),
}  # fmt: skip


def colour(value: str) -> str:
    """The colour that a value names, "" for none; all ways to write white are "white"."""
    if not value:
        return ""
    value = re.sub(r"\s*,\s*", ",", value.strip())
    colour = value.split()[0] if value else ""
    return "white" if colour in WHITE else "" if colour in {"transparent", "none", "inherit"} else colour


def alike(one: str, other: str) -> bool:
    """Whether letters of one colour cannot be told from the other: near white on white, grey on the same grey."""
    if one == other:
        return True
    first, second = _channels(one), _channels(other)
    if not first or not second:
        return False
    return max(abs(a - b) for a, b in zip(first, second, strict=True)) <= NO_CONTRAST


def _channels(colour: str) -> tuple[int, ...]:
    if colour == "white":
        return (255, 255, 255)
    if match := re.fullmatch(r"#([0-9a-f]{3}|[0-9a-f]{6})", colour):
        digits = match[1] if len(match[1]) == 6 else "".join(2 * digit for digit in match[1])
        return tuple(int(digits[at : at + 2], 16) for at in (0, 2, 4))
    if match := re.fullmatch(r"rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})(?:,[\d.]+)?\)", colour):
        return tuple(int(channel) for channel in match.groups())
    return ()


def covers(style: dict[str, str]) -> bool:
    """Whether it lies over the whole page: what the reader sees then is not the page."""
    return style.get("position") == "fixed" and all(
        style.get(side, "").startswith("100") for side in ("width", "height")
    )
