import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text import ascii_host, fold, nfc, sentence_at, sentences, slug, syllables, tones

VIETNAMESE = st.text(alphabet="aàảãáạăâêeéoòóỏôơuùủưyýiđĐÐðHQGqgthnm \u0300\u0301\u0302\u0323\u031b0123-/")


@given(st.text() | VIETNAMESE)
def test_folded_text_has_the_length_of_the_nfc_text(text: str) -> None:
    assert len(fold(text)) == len(nfc(text))


@given(st.text() | VIETNAMESE)
def test_tone_unified_text_has_the_length_of_the_nfc_text(text: str) -> None:
    assert len(tones(text)) == len(nfc(text))


@given(VIETNAMESE)
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(VIETNAMESE)
def test_unifying_tones_twice_is_unifying_once(text: str) -> None:
    assert tones(tones(text)) == tones(text)


@given(st.text(), st.integers(min_value=1, max_value=80))
def test_a_slug_is_short_and_of_plain_letters(text: str, limit: int) -> None:
    made = slug(text, limit)
    assert len(made) <= limit
    assert made == "" or all(part.isascii() and part.isalnum() and part == part.lower() for part in made.split("-"))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đường sắt ĐÔ THỊ", "duong sat do thi"),
        ("Ðà Nẵng", "da nang"),
        ("Ưu tiên, quỹ", "uu tien, quy"),
        ("naïve ≠ 한국 Ωmega İ", "naive ≠ 한국 ωmega i"),
    ],
)
def test_latin_letters_lose_their_marks_and_others_stay(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("Khánh Hòa", "khánh hoà"),
        ("Thanh Hóa", "thanh hoá"),
        ("sức khỏe", "sức khoẻ"),
        ("Ủy ban", "uỷ ban"),
        ("thủy đậu", "thuỷ đậu"),
        ("thúy, tòa; xòe!", "thuý, toà; xoè!"),
        ("họa", "hoạ"),
    ],
)
def test_both_tone_placements_become_one(older: str, newer: str) -> None:
    assert tones(older) == newer
    assert tones(newer) == newer


@pytest.mark.parametrize("text", ["quý", "quỳ", "giá", "già", "của", "mùa", "hoàn", "toán", "khuyên", "loét", "hoài"])
def test_other_vowels_keep_their_tone_where_it_is(text: str) -> None:
    assert tones(text) == text


def test_i_and_y_are_not_merged() -> None:
    assert tones("kỹ thuật") != tones("kĩ thuật")


@pytest.mark.parametrize(
    ("text", "limit", "made"),
    [
        ("Điều cần biết về cúm A(H5N1)", 60, "dieu-can-biet-ve-cum-a-h5n1"),
        ("Bộ Y tế công bố", 10, "bo-y-te"),
        ("Bộ Y tế", 7, "bo-y-te"),
        ("Nghiêng", 4, "nghi"),
        (" — ", 60, ""),
    ],
)
def test_a_slug_is_cut_between_words(text: str, limit: int, made: str) -> None:
    assert slug(text, limit) == made


def test_syllables_are_words_and_numbers_in_order() -> None:
    assert syllables("Ủy ban ND_TP: 24.500 liều, COVID-19") == [
        "uỷ", "ban", "nd", "tp", "24", "500", "liều", "covid", "19",
    ]  # fmt: skip


@pytest.mark.parametrize("host", ["sởytế.vn", "SỞYTẾ.VN.", "so\u031b\u0309yte\u0302\u0301.vn", "xn--syt-9jz5g.vn"])
def test_a_host_has_one_ascii_form(host: str) -> None:
    assert ascii_host(host) == "xn--syt-9jz5g.vn"


@pytest.mark.parametrize("host", ["", "moh.gov.vn", "2001:db8::1", "-ế-.vn", "ế" * 90])
def test_what_needs_no_other_form_or_has_none_stays(host: str) -> None:
    assert ascii_host(host) == host


@given(st.text())
def test_the_ascii_form_of_a_host_is_its_own(host: str) -> None:
    assert ascii_host(ascii_host(host)) == ascii_host(host)


def test_the_sentence_of_an_offset_is_whole_and_alone() -> None:
    text = "Một câu. Hai câu?\nBa câu ở dòng sau"
    assert [sentence_at(text, at) for at in (0, 7, 9, 16, 18, 30)] == [
        "Một câu.", "Một câu.", "Hai câu?", "Hai câu?", "Ba câu ở dòng sau", "Ba câu ở dòng sau"
    ]  # fmt: skip
    assert {sentence_at(text, text.index(said)) for said in sentences(text)} == set(sentences(text))
