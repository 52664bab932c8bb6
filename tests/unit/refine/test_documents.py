import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.refine.documents import described, documents
from aggregator.refine.vocabulary import load
from aggregator.text import slug

NAMED = [
    # the shapes of sources.md §6
    ("Công văn 1979/STTTT-TTĐT gửi các sở, ngành", "1979/STTTT-TTĐT"),
    ("theo văn bản số 786 /STTTT-BCXBTT ngày 5/8", "786/STTTT-BCXBTT"),
    ("Chỉ thị số 16/CT-TTg của Thủ tướng", "16/CT-TTg"),
    ("Quyết định 284/QĐ-TTg.", "284/QĐ-TTg"),
    ("(Quyết định số 2666/QĐ-BYT)", "2666/QĐ-BYT"),
    ("Công văn số 4099/UBND-KSTTHC, ngày 2/7", "4099/UBND-KSTTHC"),
    ("Nghị định số 147/2024/NĐ-CP quy định", "147/2024/NĐ-CP"),
    ("Thông tư 26/2020/TT-BTTTT", "26/2020/TT-BTTTT"),
    ("Luật số 91/2025/QH15 có hiệu lực", "91/2025/QH15"),
    ("Nghị quyết 1012/NQ-UBTVQH15", "1012/NQ-UBTVQH15"),
    ("Chỉ thị 39-CT/TW của Ban Bí thư", "39-CT/TW"),
    ("Kế hoạch số 180-KH/TU", "180-KH/TU"),
    # further kinds of the same shapes
    ("Thông tư liên tịch 12/2015/TTLT-BYT-BTC", "12/2015/TTLT-BYT-BTC"),
    ("Tờ trình 1234/TTr-BYT", "1234/TTr-BYT"),
    ("Chương trình 08-CTr/TU", "08-CTr/TU"),
    ("Công văn 5678/BYT-KH-TC", "5678/BYT-KH-TC"),
    ("Công văn 345/BYT-K2ĐT", "345/BYT-K2ĐT"),
    ("Công văn 77/SYT-NVY của Sở", "77/SYT-NVY"),
    ("Công văn 4321/QLD-CL của Cục Quản lý Dược", "4321/QLD-CL"),
    ("Pháp lệnh 06/2007/PL-UBTVQH12", "06/2007/PL-UBTVQH12"),
    ("Văn bản hợp nhất 10/VBHN-BYT", "10/VBHN-BYT"),
    ("Công điện 1021/CĐ-TTg", "1021/CĐ-TTg"),
    ("Kế hoạch 15/KH-UBND của phường", "15/KH-UBND"),
    ("Thông báo 234/TB-VPCP", "234/TB-VPCP"),
    ("Hướng dẫn 36-HD/VPTW", "36-HD/VPTW"),
    ("Nghị quyết 128/NQ-CP", "128/NQ-CP"),
    ("Nghị quyết 24/2023/UBTVQH15", "24/2023/UBTVQH15"),
    # how they are typed
    ("QUYẾT ĐỊNH 16/CT-TTG VỀ PHÒNG DỊCH", "16/CT-TTg"),
    ("Chỉ thị 16/CT-Ttg", "16/CT-TTg"),
    ("Quyết định 2666/ QĐ-BYT", "2666/QĐ-BYT"),
    ("Quyết định 2666 / QĐ - BYT", "2666/QĐ-BYT"),
    ("Quyết định 2666/QĐ–BYT", "2666/QĐ-BYT"),
    ("Quyết định 2666/QĐ‑BYT", "2666/QĐ-BYT"),
    ("Quyết định 2666/\nQĐ-BYT", "2666/QĐ-BYT"),
    ("Quyết định 2666/QĐ-\nBYT", "2666/QĐ-BYT"),
    ("Nghị định 147 /2024/NĐ-CP", "147/2024/NĐ-CP"),
    ("Quyết định 2666/QÐ-BYT", "2666/QĐ-BYT"),
    ("Quyết định 2666/QD-BYT", "2666/QĐ-BYT"),
    ("Chỉ thị 39-CT/TƯ", "39-CT/TW"),
    ("Chỉ thị 39-CT/TU\u031b", "39-CT/TW"),
    ("Chỉ thị 5-CT/TW", "5-CT/TW"),
    ("Chỉ thị số 005/CT-TTg", "05/CT-TTg"),
    ("văn bản số1979/STTTT-TTĐT", "1979/STTTT-TTĐT"),
    ("Chỉ thị:16/CT-TTg", "16/CT-TTg"),
    ("“16/CT-TTg”", "16/CT-TTg"),
    ("Quyết định 284/QĐ-TTg - UBND thành phố triển khai", "284/QĐ-TTg"),
    ("Luật 91/2025/QH15 – UBND các phường", "91/2025/QH15"),
    ("Chỉ thị 16/CT-TTg/2020", "16/CT-TTg"),
]

UNNAMED = [
    "ngày 20/10/2020",
    "ngày 5/7, trực 24/7",
    "sáng 18/8",
    "từ 5/7 - 18/8/2020",
    "ngày 18/8-UBND phường tổ chức",
    "ngày 12/8/2021/QĐ",
    "SĐK VD-12345-19",
    "số đăng ký VN-20123-16, 893110123424",
    "893110123424 (VD-24567-16)",
    "số lô: 0123/AB-CD, hạn dùng 10/2027",
    "Lô sản xuất 45/QA-BC",
    "điện thoại 024/3825-1234",
    "Hotline 1900/9095",
    "huyết áp 120/80 mmHg",
    "liều 10mg/ml-5ml",
    "COVID-19/SARS-CoV-2",
    "đồng nhiễm 5/HIV-AIDS",
    "12/HBV-HCV",
    "1/TP-HCM",
    "tiếp xúc 20/F1-F2",
    "cúm A/H5N1, A/California/7/2009-H1N1",
    "biến thể BA.2/XBB-1.5",
    "5 xã/phường, 3/4 trạm",
    "văn bản 1.979/STTTT-TTĐT",
    "tỷ lệ 1,5/QĐ-BYT",
    "123/BYT gửi các sở",
    "2018/BYT",
    "QCVN 01-1:2018/BYT",
    "TCVN 5603:2008",
    "biển số 29/AB-CD",
    "12/ABCd-EF",
    "16/CT-TTgia",
    "Quyết định …/QĐ-BYT",
    "Nghị định 147/2024",
    "phòng 12/A-B",
    "1/2/3",
    "",
]


@pytest.mark.parametrize(("text", "label"), NAMED)
def test_a_document_number_is_found_and_written_officially(text: str, label: str) -> None:
    (tag,) = documents("", "", text)
    assert (tag.kind, tag.label) == ("document", label)
    assert tag.tag == slug(label if label[1].isdigit() else f"0{label}")


@pytest.mark.parametrize("text", UNNAMED)
def test_other_numbers_are_no_documents(text: str) -> None:
    assert documents("", "", text) == ()


@pytest.mark.parametrize(("text", "label"), NAMED)
def test_decomposed_text_names_the_same_document(text: str, label: str) -> None:
    (tag,) = documents("", "", unicodedata.normalize("NFD", text))
    assert tag.label == label


def test_several_numbers_in_one_sentence_are_told_apart() -> None:
    text = "Căn cứ Nghị định 15/2020/NĐ-CP, Chỉ thị 15/CT-TTg,16/CT-TTg; Kế hoạch 39-KH/TU và 123/SYT-NVY."
    assert [tag.label for tag in documents("", "", text)] == [
        "15/2020/NĐ-CP", "15/CT-TTg", "16/CT-TTg", "39-KH/TU", "123/SYT-NVY",
    ]  # fmt: skip


def test_one_document_is_one_tag_with_every_place_that_names_it() -> None:
    (tag,) = documents("Công văn 1979/STTTT-TTĐT", "Số 1979 /STTTT-TTĐT", "… 1979/STTTT–TTÐT …")
    assert [(one.field, one.start, one.end, one.text) for one in tag.evidence] == [
        ("title", 9, 24, "1979/STTTT-TTĐT"),
        ("lead", 3, 19, "1979 /STTTT-TTĐT"),
        ("text", 2, 17, "1979/STTTT–TTÐT"),
    ]


PIECES = st.sampled_from(
    [*(text for text, _ in NAMED), *UNNAMED, " ", "\n", "/", "-", "12", "QĐ", "TTg", "\u031b", "ngày"]
)
TEXTS = st.lists(PIECES, max_size=8).map("".join) | st.text()


@given(TEXTS, TEXTS, TEXTS)
def test_evidence_is_the_slice_it_says(title: str, lead: str, text: str) -> None:
    fields = {"title": title, "lead": lead, "text": text}
    found = documents(title, lead, text)
    assert len({tag.tag for tag in found}) == len(found)
    for tag in found:
        assert tag.tag == slug(tag.label if tag.label[1].isdigit() else f"0{tag.label}") and tag.evidence
        assert all(one.text == fields[one.field][one.start : one.end] for one in tag.evidence)


WORDS = load().documents


def described_in(text):
    (tag,) = described(documents("", "", text), "", "", text, date(2026, 10, 20), WORDS)
    return tag.detail


@pytest.mark.parametrize(
    ("text", "type_", "issuer"),
    [
        ("Công văn 1979/STTTT-TTĐT", "Công văn", "Sở Thông tin và Truyền thông"),
        ("Chỉ thị số 16/CT-TTg", "Chỉ thị", "Thủ tướng Chính phủ"),
        ("Quyết định 2666/QĐ-BYT", "Quyết định", "Bộ Y tế"),
        ("Nghị định số 147/2024/NĐ-CP", "Nghị định", "Chính phủ"),
        ("Thông tư 26/2020/TT-BTTTT", "Thông tư", "Bộ Thông tin và Truyền thông"),
        ("Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15", "Luật", "Quốc hội"),
        ("Nghị quyết số 80/2023/QH15", "Nghị quyết", "Quốc hội"),
        ("Nghị quyết 1012/NQ-UBTVQH15", "Nghị quyết", "Ủy ban Thường vụ Quốc hội"),
        ("Chỉ thị 39-CT/TW", "Chỉ thị", "Trung ương Đảng"),
        ("Kế hoạch số 180-KH/TU", "Kế hoạch", "Thành ủy hoặc Tỉnh ủy"),
        ("Công văn 4321/QLD-CL", "Công văn", "Cục Quản lý Dược"),
        ("Công điện 1021/CĐ-TTg", "Công điện", "Thủ tướng Chính phủ"),
        ("Kế hoạch 15/KH-UBND", "Kế hoạch", "Ủy ban nhân dân"),
        ("Thông báo 234/TB-VPCP", "Thông báo", "Văn phòng Chính phủ"),
        ("Hướng dẫn 36-HD/VPTW", "Hướng dẫn", "Văn phòng Trung ương Đảng"),
        ("Công văn 345/XYZ-K2ĐT", "Công văn", ""),
    ],
)
def test_type_and_issuer_come_from_the_number(text, type_, issuer):
    assert (described_in(text).type, described_in(text).issuer) == (type_, issuer)


@pytest.mark.parametrize(
    ("text", "day", "words"),
    [
        ("Chỉ thị số 16/CT-TTg ngày 31/3/2020 của Thủ tướng", date(2020, 3, 31), "31/3/2020"),
        ("Công văn 9911/QLD-CL, ngày 16/10 của Cục Quản lý Dược", date(2026, 10, 16), "16/10"),
        ("Nghị định 147/2024/NĐ-CP ngày 09/11 của Chính phủ", date(2024, 11, 9), "09/11"),
        ("Quyết định 2666/QĐ-BYT của Bộ Y tế ngày 5 tháng 8 năm 2026", date(2026, 8, 5), "5 tháng 8 năm 2026"),
        ("Ngày 15/10/2026, Bộ Y tế ban hành Công điện số 9904/CĐ-BYT", date(2026, 10, 15), "15/10/2026"),
        ("Kế hoạch 15/KH-UBND áp dụng đến ngày 31/12", None, None),
        ("Công văn 210/SYT-NVY của Sở Y tế yêu cầu báo cáo trước ngày 15/10", None, None),
        ("Quyết định 77/QĐ-SYT ngày ban hành 8/10/2026", date(2026, 10, 8), "8/10/2026"),
        ("Hôm 15/10 họp; Công điện số 9904/CĐ-BYT nêu rõ", None, None),
    ],
)
def test_the_day_of_a_document_is_the_one_said_of_it(text, day, words):
    found = described_in(text)
    assert found.day == day
    assert (found.day_words.text if found.day_words else None) == words


@given(TEXTS, TEXTS)
def test_the_words_of_a_document_s_day_stand_where_it_says(lead, text):
    fields = {"title": "", "lead": unicodedata.normalize("NFC", lead), "text": unicodedata.normalize("NFC", text)}
    found = documents(**fields)
    for tag in described(found, **fields, published=date(2026, 10, 20), words=WORDS):
        if one := tag.detail.day_words:
            assert fields[one.field][one.start : one.end] == one.text != ""


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("Các quyết định số 101, 102 và 103/QĐ-SYT", {"101/QĐ-SYT", "102/QĐ-SYT", "103/QĐ-SYT"}),
        ("công văn số 1822/qld-cl gửi các sở", {"1822/QLD-CL"}),
        ("Lệnh 05/2016/L-CTN", {"05/2016/L-CTN"}),
        ("Công văn 1234/SGD&ĐT-GDTC", {"1234/SGD&ĐT-GDTC"}),
        ("số 4099/UBND.VX ngày", {"4099/UBND.VX"}),
        ("Quyết định 12a/QĐ-UBND", {"12a/QĐ-UBND"}),
        ("Số tài khoản 0011/ABC-HN", set()),
        ("giá 30/ngay-dem, gửi 5/km-h", set()),
    ],
)
def test_shapes_of_numbers_that_are_seldom_seen(words, numbers):
    assert {tag.label for tag in documents("", "", words)} == numbers


def test_a_number_glued_to_its_word_is_found_and_a_licence_is_none():
    assert [tag.label for tag in documents("", "", "Công văn5600/SYT-QLD và Quyết định1215/QĐ-UBND")] == [
        "5600/SYT-QLD",
        "1215/QĐ-UBND",
    ]
    assert documents("", "", "Giấy phép hoạt động số 00512/HNO-GPHĐ, chứng chỉ 004455/HCM-CCHN") == ()


@pytest.mark.parametrize("text", ["Chỉ thị 5-CT/TW và Chỉ thị số 05-CT/TW", "Chỉ thị 005-CT/TW; Chỉ thị 5 - CT/TW"])
def test_a_number_with_and_without_its_nought_is_one_document(text: str) -> None:
    (tag,) = documents("", "", text)
    assert tag.tag == "05-ct-tw"
    assert len(tag.evidence) == 2


def test_one_day_may_be_that_of_each_number_of_a_list() -> None:
    text = "Quyết định 77/QĐ-SYT, Quyết định số 78/QĐ-SYT cùng ngày 8/10/2026"
    found = described(documents("", "", text), "", "", text, date(2026, 10, 20), WORDS)
    assert [getattr(tag.detail, "day", None) for tag in found] == [date(2026, 10, 8)] * 2
