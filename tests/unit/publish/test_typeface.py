import unicodedata

import pytest

from aggregator.publish import typeface
from aggregator.publish.typeface import EM, Weight
from aggregator.signs import SIGNS, strange

WEIGHTS: tuple[Weight, ...] = ("bold", "regular")
VOWELS, CONSONANTS = "aăâeêioôơuưy", "bcdđghklmnpqrstvxfjwz"
TONES = "\u0300\u0301\u0303\u0309\u0323"


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_font_has_a_shape_for_every_sign_that_may_stand_in_a_banner(weight: Weight) -> None:
    font = typeface._font(weight)
    assert font.face.upem == EM
    assert [sign for sign in sorted(SIGNS) if font.get_nominal_glyph(ord(sign)) is None] == []


def test_every_vietnamese_letter_may_stand_in_a_banner() -> None:
    vowels = {unicodedata.normalize("NFC", letter + tone) for letter in VOWELS for tone in ("", *TONES)}
    assert len(vowels) == 72
    letters = vowels | set(CONSONANTS)
    assert {letter for letter in letters | {letter.upper() for letter in letters} if strange(letter)} == set()


def test_a_sign_without_a_shape_is_named() -> None:
    assert strange("Rửa tay ☂ mỗi ngày") == "☂"
    assert strange("Rửa tay mỗi ngày") == ""
    assert strange("Bu\u031b\u0309a") == ""  # composed first: the letter ử


@pytest.mark.parametrize("weight", WEIGHTS)
def test_a_width_is_that_of_the_fonts_own_advances(weight: Weight) -> None:
    font = typeface._font(weight)
    advance = sum(font.get_glyph_h_advance(font.get_nominal_glyph(ord(sign))) for sign in "Hanoi")
    assert typeface.width("Hanoi", weight) == pytest.approx(advance / EM, abs=0.02)
    assert typeface.width("") == 0


def test_kerning_draws_letters_together() -> None:
    apart = typeface.width("T", "bold") + typeface.width("ừ", "bold")
    assert typeface.width("Từ", "bold") < apart


def test_decomposed_words_are_drawn_as_composed_ones() -> None:
    word = "phòng ngừa"
    assert typeface.line(unicodedata.normalize("NFD", word), "bold") == typeface.line(word, "bold")


@pytest.mark.parametrize("sign", ["Ẳ", "ặ", "Đ", "g", "ổ"])
def test_ink_reaches_as_far_as_the_outline(sign: str) -> None:
    """The outline is walked by its steps: its highest and lowest points are what `ink` says (curves stay within)."""
    numbers = Outline(typeface.line(sign, "bold")[0][0])
    above, below = typeface.ink(sign)
    assert -numbers.top / EM >= above - 0.001 and numbers.foot / EM >= below - 0.001
    assert -numbers.top / EM <= above + 0.05 and numbers.foot / EM <= below + 0.05


class Outline:
    """Follows relative path data; `top` and `foot` are the extreme y of its points."""

    def __init__(self, data: str) -> None:
        self.top = self.foot = 0
        at = start = (0, 0)
        for command in data.replace("-", " -").replace("m", "|m").replace("l", "|l").replace("q", "|q").split("|")[1:]:
            letter, *values = [command[0], *map(int, command[1:].replace("z", " ").split())]
            points = list(zip(values[::2], values[1::2], strict=True))
            for x, y in points:
                self.top, self.foot = min(self.top, at[1] + y), max(self.foot, at[1] + y)
                last = (at[0] + x, at[1] + y)
            at = last
            start = at if letter == "m" else start
            at = start if command.endswith("z") else at


def test_spaces_draw_nothing() -> None:
    assert typeface.line(" \u00a0", "bold") == ()
