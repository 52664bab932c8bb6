"""Colours and how legible one is on another (WCAG 2.1). Imports nothing of ours."""

LEGIBLE = 4.5  # WCAG 2.1 §1.4.3, for text of any size

Rgb = tuple[int, int, int]


def rgb(code: str) -> Rgb:
    """The parts, 0..255, of `#0b5d8c`."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio of two colours, 1..21 (WCAG 2.1, relative luminance)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mixed(colour: Rgb, white: float) -> Rgb:
    """The colour with that share (0..1) of white in it."""
    share = min(white, 1)
    red, green, blue = (round(part + (255 - part) * share) for part in colour)
    return red, green, blue


def _luminance(colour: Rgb) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
