import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.publish.bulletin import view
from aggregator.publish.terms import LABEL, LEAD, TEXT, TITLE, initials, parts, terms
from tests import make
from tests.make import NOW


@pytest.mark.parametrize(
    ("word", "key", "form"),
    [
        ("Hoà", "hoa", "hoa\u0300"),
        ("hòa", "hoa", "hoa\u0300"),
        ("hoa", "hoa", ""),
        ("họa", "hoa", "hoa\u0323"),
        ("ĐƯỜNG", "duong", "đương\u0300"),
        ("kỹ", "ki", "ky\u0303"),
        ("kĩ", "ki", "ki\u0303"),
        ("quý", "quy", "quy\u0301"),
        ("khuỷu", "khuyu", "khuyu\u0309"),
        ("COVID", "covid", ""),
        ("1979", "1979", ""),
    ],
)
def test_a_word_has_a_key_without_marks_and_a_form_with_the_tone_at_its_end(word, key, form):
    assert parts(word) == (key, unicodedata.normalize("NFC", form))


@given(st.text(alphabet="aàáăâeèêiìyỳoòôơuùưđkhquỷ\u0301\u0323", min_size=1, max_size=8))
def test_composed_and_decomposed_letters_are_the_same_word(word):
    assert parts(unicodedata.normalize("NFD", word)) == parts(unicodedata.normalize("NFC", word))


@pytest.mark.parametrize(
    ("label", "short"),
    [
        ("Sốt xuất huyết", "sxh"),
        ("Bộ Y tế", "byt"),
        ("TP. Hồ Chí Minh", "tphcm"),
        ("Sởi", ""),
        ("1979/STTTT-TTĐT", ""),
    ],
)
def test_a_name_is_found_by_its_first_letters(label, short):
    assert initials(label) == short


def test_words_weigh_by_where_they_stand_and_follow_each_other_in_titles_and_names_only():
    article = make.article(title="Tiêm vắc xin", lead="Tiêm nhắc lại")
    tags = (make.tag("disease/soi", "Bệnh sởi"),)
    found = terms(view(make.story(make.telling(article, tags=tags)), make.config(), NOW))
    assert found["tiem"]["tiêm"] == TITLE | LEAD
    assert found["tiem vac"] == {"": TITLE}
    assert found["benh soi"] == {"": LABEL}
    assert "nhac lai" not in found
    assert found["#disease/soi"] == {"": LABEL}
    assert found["#source/moh"] == {"": LABEL}


def test_words_of_the_text_are_found_only_where_it_may_be_shown():
    telling = make.telling(make.article(title="Tin", lead="", text="Khử khuẩn bề mặt"))
    full = make.config(make.source(agreement=make.agreement(scope="full")))
    link = make.config(make.source(agreement=make.agreement(scope="link")))
    assert terms(view(make.story(telling), full, NOW))["khuan"] == {"khuân\u0309": TEXT}
    assert "khuan" not in terms(view(make.story(telling), link, NOW))
