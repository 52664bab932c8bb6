import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.collect import charset, discover
from aggregator.errors import ArticleError, SourceError
from tests import make_reading as make

WORDS = "Bộ Y tế đề nghị các địa phương giám sát chặt dịch sốt xuất huyết, không để bùng phát trên diện rộng."
TCVN3 = "Bé Y tÕ ®Ò nghÞ c¸c ®Þa ph­¬ng gi¸m s¸t chÆt dÞch sèt xuÊt huyÕt, kh«ng ®Ó bïng ph¸t trªn diÖn réng."
VNI = "Boä Y teá ñeà nghò caùc ñòa phöông giaùm saùt chaët dòch soát xuaát huyeát, khoâng ñeå buøng phaùt."
XML = '<?xml version="1.0" encoding="{}"?><rss><channel><title>{}</title></channel></rss>'
BOM8 = b"\xef\xbb\xbf"


def misread(text: str, times: int = 1) -> str:
    """The text as a page shows it that took its UTF-8 for windows-1252."""
    for _ in range(times):
        text = "".join(_sign(byte) for byte in text.encode())
    return text


def _sign(byte: int) -> str:
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


def windows_1258(text: str) -> bytes:
    """As that code page writes it: the vowel with its hat, then the tone as a mark of its own."""
    out = []
    for char in unicodedata.normalize("NFC", text):
        try:
            out.append(char.encode("cp1258"))
        except UnicodeEncodeError:
            base, tone = split(char)
            out.append((base + tone).encode("cp1258"))
    return b"".join(out)


def split(char: str) -> tuple[str, str]:
    plain = unicodedata.normalize("NFD", char)
    tone = next(mark for mark in plain if mark in charset.TONES)
    return unicodedata.normalize("NFC", plain.replace(tone, "")), tone


@pytest.mark.parametrize(
    ("body", "type"),
    [
        (WORDS.encode(), "text/html; charset=iso-8859-1"),
        (WORDS.encode(), "text/html; charset=windows-1258"),
        (WORDS.encode(), "text/html; charset=utf-16"),
        (WORDS.encode(), ""),
        (f"<meta charset=windows-1252>{WORDS}".encode(), ""),
        (XML.format("windows-1252", WORDS).encode(), "text/xml; charset=us-ascii"),
        (XML.format("utf-16", WORDS).encode(), "text/xml"),
        (BOM8 + WORDS.encode(), "text/html; charset=iso-8859-1"),
        (BOM8 + windows_1258(WORDS), "text/html; charset=utf-8"),
        (WORDS.encode("utf-16"), "text/html; charset=utf-8"),
        (WORDS.encode("utf-16-le"), "text/html; charset=utf-8"),
        (f"<html><body><p>{WORDS}</p></body></html>".encode("utf-16-be"), ""),
        (XML.format("utf-8", WORDS).encode("utf-16-le"), "text/xml"),
        (windows_1258(WORDS), "text/html; charset=windows-1258"),
        (windows_1258(WORDS), "text/html; charset=utf-8"),
        (windows_1258(WORDS), "text/html; charset=iso-8859-1"),
        (windows_1258(f"<meta charset=windows-1258>{WORDS}"), "text/html; charset=utf-8"),
        (windows_1258(WORDS), ""),
    ],
)
def test_the_bytes_are_believed_not_their_label(body: bytes, type: str) -> None:
    assert WORDS in unicodedata.normalize("NFC", charset.decoded(body, type))


def test_a_western_text_stays_western() -> None:
    words = "L’Institut Pasteur à Hô Chi Minh-Ville a été créé en 1891 — déjà très loin"
    assert charset.decoded(words.encode("cp1252"), "text/html") == words


def test_damaged_utf8_stays_utf8_whatever_the_label_says() -> None:
    body = WORDS.encode() + b"\xe1\xbb <p>" + WORDS.encode()
    assert charset.decoded(body, "text/html; charset=iso-8859-1").count(WORDS) == 2


@pytest.mark.parametrize("times", [1, 2])
def test_utf8_that_was_taken_for_windows_1252_is_mended(times: int) -> None:
    assert charset.mended(misread(WORDS, times)) == WORDS


def test_mojibake_is_mended_beside_sound_text() -> None:
    page = f"<p>{WORDS}</p><h1>{misread('Lịch tiêm chủng “mở rộng”')}</h1><p>Báo cáo</p>"
    assert charset.mended(page) == f"<p>{WORDS}</p><h1>Lịch tiêm chủng “mở rộng”</h1><p>Báo cáo</p>"


def test_a_decomposed_text_that_was_misread_is_mended() -> None:
    words = unicodedata.normalize("NFD", "Bộ Y tế")
    assert unicodedata.normalize("NFC", charset.mended(misread(words))) == "Bộ Y tế"


@pytest.mark.parametrize(
    "text",
    [
        WORDS,
        unicodedata.normalize("NFD", WORDS),
        "THỊ XÃ\xa0SƠN TÂY",
        "XÃ\xa0BA VÌ",
        "PHƯỜNG, XÃ” và “THÔN",
        "«Là bác sĩ, là má»…",
        "São Paulo: ações de saúde",
        "Ação: «não»",
        "10 µg/m³ ± 2 °C",
        "déjà vu — naïve",
        "Â\xa0",
    ],
)
def test_sound_text_is_left_alone(text: str) -> None:
    assert charset.mended(text) == text


@given(st.text())
def test_mending_twice_is_mending_once(text: str) -> None:
    once = charset.mended(text)
    assert charset.mended(once) == once


@given(st.binary(max_size=400), st.sampled_from(["", "text/html; charset=utf-8", "text/xml; charset=windows-1258"]))
def test_any_bytes_become_text(body: bytes, type: str) -> None:
    assert "\x00" not in charset.decoded(body, type)


@pytest.mark.parametrize(("text", "name"), [(TCVN3, "TCVN3"), (VNI, "VNI")])
def test_the_encoding_of_a_font_is_named(text: str, name: str) -> None:
    assert charset.legacy(text).startswith(name)


@pytest.mark.parametrize(
    "text",
    [
        WORDS,
        unicodedata.normalize("NFD", WORDS),
        "Bo Y te de nghi cac dia phuong giam sat chat dich sot xuat huyet",
        "Le médecin a été reçu à l’hôpital où l’on créa «la clinique» du 5ᵉ arrondissement, déjà très connue",
        "El niño, la mañana y el año: enfermedades tropicales en España",
        "Thanh Hoá, Khánh Hoà và toàn tỉnh",
        "",
    ],
)
def test_other_texts_are_in_no_font_encoding(text: str) -> None:
    assert charset.legacy(text) == ""


@pytest.mark.parametrize(("text", "name"), [(TCVN3, "TCVN3"), (VNI, "VNI")])
@pytest.mark.parametrize("codec", ["utf-8", "latin-1"])
def test_a_page_in_a_font_encoding_is_refused_by_its_name(text: str, name: str, codec: str) -> None:
    body = f'<article><h1>{text}</h1><p>{text}</p></article><a href="/tin/mot-hai-ba-bon-nam">{text}</a>'.encode(codec)
    page = make.page(body, "https://tin.example.vn/tin/mot-hai-ba-bon", "text/html")
    with pytest.raises(SourceError, match=name) as caught:
        discover.read_leads(make.source("listing"), make.section(), page)
    assert caught.value.cause == "drifted"
    with pytest.raises(ArticleError, match=name):
        discover.read_article(make.source("listing"), page, None)


def test_mojibake_in_json_is_mended() -> None:
    title = misread("Bộ Y tế trả lời cử tri")
    body = f'[{{"ITEMS": [{{"MA": "1", "TIEU_DE": {title!a}}}]}}]'.replace("'", '"').replace("\\x", "\\u00")
    found = discover.read_leads(make.source("moh_bridge"), make.section(), make.page(body, type="application/json"))
    assert found.leads[0].title == "Bộ Y tế trả lời cử tri"
