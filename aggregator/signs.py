"""The signs that a banner can draw: what its typeface has shapes for. Imports nothing but the forms of text."""

from aggregator.text import nfc

SIGNS = frozenset(
    chr(code)
    for start, end in ((0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x107), (0x10A, 0x113), (0x1EA0, 0x1EF9))
    for code in range(start, end + 1)
) | frozenset("ĂăĐđĨĩŨũƠơƯư–—‘’“”…•₫‹›−×")
"""Each has a shape in both weights of the typeface (tests/unit/publish/test_typeface.py holds it against the font)."""


def strange(text: str) -> str:
    """The first sign of the text that has no shape, "" when it can be drawn whole."""
    return next((sign for sign in nfc(text) if sign not in SIGNS), "")
