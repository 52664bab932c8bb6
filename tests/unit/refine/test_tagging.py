import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.refine.tagging import MOST_EVIDENCE, Tagger
from aggregator.refine.vocabulary import load
from tests.make import article

VOCABULARY = load()
TAGGER = Tagger(VOCABULARY)
WORDS = [
    *("sốt xuất huyết", "Hà Nội", "TP.HCM", "Bộ Y tế", "yêu cầu", "thu hồi thuốc", "cúm A(H5N1)", "xã Đông Anh"),
    *("16/CT-TTg", "hoà", "Khánh Hòa", "của", "cho biết", ",", ".", "\n", "–", "İ", "ﬁ", "ß", "😷", "Bệnh viện"),
    "phường Láng, Kim Liên và",
]
PIECES = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=14).map(" ".join)
TEXTS = PIECES.map(lambda text: unicodedata.normalize("NFC", text))


def tags(title, kind, **fields):
    told = article(title=title, **{"lead": "", "text": "", **fields})
    return {match.tag: match for match in TAGGER.tags(told) if match.kind == kind}


@given(title=TEXTS.map(lambda text: text.replace("\n", " ")), lead=TEXTS, text=TEXTS)
def test_evidence_is_always_the_very_words_of_its_field(title, lead, text):
    told = article(title=title, lead=lead, text=text)
    for match in TAGGER.tags(told):
        assert match.evidence
        for one in match.evidence:
            assert getattr(told, one.field)[one.start : one.end] == one.text != ""


@given(TEXTS)
def test_the_same_article_gives_the_same_tags_each_once(text):
    told = article(text=text)
    first = TAGGER.tags(told)
    assert first == TAGGER.tags(told)
    assert len({match.key for match in first}) == len(first)


def test_tags_come_by_kind_then_by_first_evidence():
    told = article(
        title="Hải Phòng và Hà Nội phòng chống sởi, cúm",
        lead="Bộ Y tế yêu cầu thực hiện Chỉ thị 16/CT-TTg.",
        text="",
    )
    matches = TAGGER.tags(told)
    kinds = [match.kind for match in matches]
    assert kinds == sorted(kinds, key=["topic", "disease", "place", "authority", "document"].index)
    assert [match.tag for match in matches if match.kind == "place"] == ["hai-phong", "ha-noi"]
    assert [match.tag for match in matches if match.kind == "disease"] == ["soi", "cum"]


def test_evidence_is_limited_and_the_title_comes_first():
    match = tags("Sởi ở Hà Nội", "disease", text="sởi. " * 20)["soi"]
    assert len(match.evidence) == MOST_EVIDENCE
    assert [one.field for one in match.evidence[:2]] == ["title", "text"]


def test_each_tag_names_the_vocabulary_that_gave_it():
    assert tags("Sởi", "disease")["soi"].rule == VOCABULARY.version


def test_every_label_is_of_the_vocabulary_so_no_persons_name_is_ever_a_tag():
    text = "Bệnh nhân Nguyễn Văn Hà Nam, 45 tuổi, và chị Trần Thị Hải Dương ở phường Láng, Hà Nội mắc sởi."
    told = article(title="Hai ca sởi", lead="", text=text)
    assert {match.tag for match in TAGGER.tags(told)} == {"soi", "dich-benh", "phuong-lang", "ha-noi"}


CASES = (
    "Bệnh nhân {}, 45 tuổi, nhập viện vì sốt xuất huyết.",
    "BN {} sinh năm 1980, tử vong.",
    "Anh {} (32 tuổi) bị chó cắn, không tiêm vắc xin dại.",
    "Sản phụ {} được cấp cứu kịp thời.",
    "Người bệnh tên {} đã xuất viện.",
)
LIKE_PLACES = ("Hà Nam", "Hải Dương", "Thái Bình", "Sơn La", "Hà Nội", "Hải Phòng", "An Giang", "Hòa Bình", "Đức Giang")
LIKE_DISEASES = ("Sởi", "Cúm", "Tả", "Bạch Hầu")


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("before", ["Nguyễn Văn", "Trần Thị", "Hồ Ngọc Văn", "Lê Thị"])
def test_no_patients_name_is_a_tag_whatever_it_is_like(case, before):
    plain = tags_of(case.format("Nguyễn Văn Tuấn"))
    for name in (*LIKE_PLACES, *LIKE_DISEASES):
        assert tags_of(case.format(f"{before} {name}")) == plain, name


def tags_of(text):
    return {match.key for match in TAGGER.tags(article(title="Tin y tế trong ngày", lead="", text=text))}


def test_a_street_of_a_persons_name_hides_no_town_behind_it():
    assert "place/ha-noi" in tags_of("Nhà thuốc ở số 5 Nguyễn Văn Cừ, Hà Nội bị phạt.")
    assert "place/ha-noi" in tags_of("Bệnh nhân Nguyễn Văn Tuấn, Hà Nội, mắc sởi.")


# --- diseases ---


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Viêm não Nhật Bản", {"viem-nao-nhat-ban"}),
        ("cúm gia cầm A(H5N1)", {"cum-gia-cam"}),
        ("bệnh tay, chân, miệng", {"tay-chan-mieng"}),
        ("bệnh Covid – 19 do nCoV", {"covid-19"}),
        ("dịch tả lợn châu Phi", {"dich-ta-lon-chau-phi"}),
        ("dịch tả", {"ta"}),
        ("thuỷ đậu và thủy đậu", {"thuy-dau"}),
        ("12 ca SXH, nhiễm HIV", {"sot-xuat-huyet", "hiv-aids"}),
        ("Ung thư phổi là bệnh ung thư thường gặp", {"ung-thu-phoi"}),
        ("Ung thư: nhiều nhất là ung thư phổi", {"ung-thu", "ung-thu-phoi"}),
        ("lao động phóng lao, cỏ dại, mô tả, phong tỏa, than đá, sởn gai", set()),
        ("Khoa Ung thư, Viện Sốt rét - Ký sinh trùng - Côn trùng, Hội Đái tháo đường", set()),
        ("hiv viết thường, sxh", set()),
        ("Rửa tay, chân, miệng cho trẻ; uốn ván sàn; sỏi mật ong", set()),
        ("Trĩ và táo bón", {"tri", "tao-bon"}),
        ("Người bệnh THA; cơ quan THA dân sự", {"tang-huyet-ap"}),
        ("ĐTĐ thai kỳ", {"dai-thao-duong-thai-ky"}),
        ("Bệnh tả gây tiêu chảy ồ ạt", {"ta", "tieu-chay"}),
        ("Bệnh giun lươn", {"giun-luon"}),
        ("Bé H.A.Sởi khỏe mạnh", set()),
    ],
)
def test_diseases_by_their_longest_name(words, found):
    assert set(tags(words, "disease")) == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Trẻ không mắc sởi, không bị ho gà mà bị rubella.", {"rubella"}),
        ("Tưởng cảm cúm, hóa ra viêm màng não.", {"viem-mang-nao"}),
        ("Xét nghiệm sởi âm tính, trẻ mắc thủy đậu.", {"thuy-dau"}),
        ("Tin đồn về ca dịch hạch: không phải dịch hạch.", {"dich-hach"}),
        ("Việt Nam loại trừ sốt rét, giảm số ca sởi.", {"sot-ret", "soi"}),
        ("Nền kinh tế như người bệnh thiếu máu. Bệnh viện mổ cho ca đột quỵ.", {"dot-quy"}),
        ("Điểm tin: bại liệt, tả và sốt vàng.", {"bai-liet", "ta", "sot-vang"}),
        ("Kết quả xét nghiệm sởi, rubella đều âm tính, bé bị dị ứng thuốc.", {"di-ung"}),
        ("Tham nhũng là khối u ác tính của lòng tin; phải cắt khối u ác tính ấy.", set()),
        ("Doanh nghiệp TCM có hàng mới. TCM tăng giá.", set()),
        ("Tin giả lan nhanh như dịch hạch.", set()),
        ("Mô tả, sởi; phong trào, cúm; lao động và ho gà.", {"soi", "cum", "ho-ga"}),
    ],
)
def test_a_disease_counts_where_it_is_meant(words, found):
    assert set(tags("Tin", "disease", lead=words)) == found


def test_a_passing_word_in_a_long_text_is_not_what_it_is_about():
    long = "Người dân ăn uống điều độ. " * 100
    assert set(tags("Tin", "disease", lead="Dẫn", text=long + "Có người bị tăng huyết áp.")) == set()
    assert set(tags("Tin", "disease", lead="Dẫn", text=long + "Tăng huyết áp. " * 2)) == {"tang-huyet-ap"}
    assert set(tags("Tin", "disease", lead="Dẫn", text="Có người bị tăng huyết áp.")) == {"tang-huyet-ap"}
    assert set(tags("Cúm", "disease", lead="Dẫn", text="Có người bị tăng huyết áp.")) == {"cum", "tang-huyet-ap"}
    assert set(tags("Cúm", "disease", lead="Dẫn", text=long[:1800] + "Có người bị tăng huyết áp.")) == {"cum"}
    assert set(tags("Tin", "disease", lead="Dẫn", text="Như sởi, ho gà, uốn ván, quai bị, thủy đậu.")) == set()


# --- topics ---


def test_a_topic_needs_the_title_the_lead_or_several_words_in_the_body():
    long = "Dài. " * 200
    assert "tiem-chung" in tags("Lịch tiêm chủng", "topic")
    assert "tiem-chung" in tags("Tin", "topic", lead="Lịch tiêm chủng")
    assert "tiem-chung" in tags("Tin", "topic", lead="Dẫn", text="Tiêm chủng. Có vắc xin. Đủ mũi tiêm.")
    assert "tiem-chung" not in tags("Tin", "topic", lead="Dẫn", text=long + "Vắc xin, vắc xin, vắc xin.")
    assert "tiem-chung" not in tags("Tin", "topic", lead="Dẫn", text=long + "Tiêm chủng, vắc xin.")


def test_without_a_lead_the_opening_of_the_body_stands_for_it():
    assert "tiem-chung" in tags("Tin", "topic", text="Có vắc xin mới.")


def test_a_hint_never_earns_a_topic_alone():
    assert "thuoc" not in tags("Uống thuốc", "topic")
    assert "thuoc" in tags("Thuốc hết hạn bị thu hồi", "topic")


def test_some_words_earn_a_topic_in_the_title_only():
    assert "y-te-co-so" in tags("Trạm y tế mới", "topic")
    assert "y-te-co-so" not in tags("Tin", "topic", lead="Người dân đến trạm y tế. Báo trạm y tế gần nhất.")
    assert "dich-benh" in tags("Tay chân miệng vào mùa", "topic")


@pytest.mark.parametrize(
    ("title", "topic"),
    [("Thuốc lá điện tử và thu hồi đất", "thuoc"), ("Bác sĩ chỉ đạo tuyến", "chi-dao-dieu-hanh")],
)
def test_what_only_looks_like_the_topic_does_not_earn_it(title, topic):
    assert topic not in tags(title, "topic")


# --- authorities ---


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Bộ Y tế yêu cầu báo cáo", {"bo-y-te"}),
        ("Theo Bộ Y tế, dịch giảm", {"bo-y-te"}),
        ("Công điện của Thủ tướng về phòng dịch", {"thu-tuong-chinh-phu"}),
        ("Giám đốc Sở Y tế tỉnh Bắc Ninh họp báo", {"so-y-te-bac-ninh"}),
        ("UBND TP.HCM ban hành kế hoạch", {"ubnd-tp-ho-chi-minh"}),
        ("Tỉnh ủy Nghệ An yêu cầu", {"tinh-uy-nghe-an"}),
        ("Thành ủy Hải Phòng yêu cầu", {"thanh-uy-hai-phong"}),
        ("Mẫu gửi Viện Vệ sinh dịch tễ Trung ương", set()),
        ("Cảnh báo mạo danh Bộ Y tế", set()),
        ("Bộ Y tế Lào và Chính phủ Nhật Bản yêu cầu", set()),
        ("Tổ chức phi chính phủ yêu cầu", set()),
        ("Bệnh viện 19-8 Bộ Công an khám bệnh", set()),
        ("Bộ Y tế giao Sở Y tế Hà Nội kiểm tra", {"bo-y-te"}),
        ("UBND thành phố Thủ Đức yêu cầu", set()),
        ("Cán bộ y tế yêu cầu khai báo", set()),
        ("Ngày 15/10, Bộ Y tế nâng mức ứng phó", {"bo-y-te"}),
    ],
)
def test_an_authority_counts_when_it_speaks_or_orders(title, found):
    assert set(tags(title, "authority")) == found


def test_a_bare_name_is_that_of_the_only_province_named_or_of_the_sites_own():
    assert set(tags("Ca dại tại Lâm Đồng", "authority", lead="Sở Y tế cho biết")) == {"so-y-te-lam-dong"}
    assert set(tags("Lâm Đồng, Gia Lai", "authority", lead="Sở Y tế cho biết")) == set()
    assert set(tags("Sở Y tế họp", "authority", url="https://soyte.hanoi.gov.vn/1")) == {"so-y-te-ha-noi"}


# --- without accents ---


def test_text_without_accents_is_matched_where_it_is_clear():
    title = "Sot xuat huyet tang tai Ha Noi, Bo Y te yeu cau phun thuoc"
    assert set(tags(title, "disease")) == {"sot-xuat-huyet"}
    assert set(tags(title, "place")) == {"ha-noi"}
    assert set(tags("Ghi nhan soi va lao o thai binh", "disease")) == set()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Phong benh soi than mua nang", {"soi-than"}),  # bệnh sởi, bệnh sỏi thận
        ("Mo cap cuu benh soi mat", {"soi-mat"}),
        ("Ca mac benh soi tang", {"soi"}),
        ("Benh than o nguoi cao tuoi", set()),  # bệnh than, bệnh thận
        ("Lao, cum, ta, phong o nhieu noi", set()),  # of one syllable
    ],
)
def test_what_means_two_things_without_its_accents_is_no_tag(words, found):
    assert set(tags(words, "disease")) == found


def test_one_accent_anywhere_and_unaccented_words_are_left_alone():
    assert tags("Sot xuat huyet tăng", "disease") == {}


def test_tags_do_not_depend_on_the_time_of_tagging():
    told = article(title="Ca sởi tại Hà Nội", published=datetime(2026, 1, 1, tzinfo=UTC))
    assert TAGGER.tags(told) == Tagger(load()).tags(told)


def test_a_unit_of_today_and_one_of_before_say_in_which_place_of_today_they_lie():
    found = tags(
        "Hà Nội: phường Từ Liêm phòng dịch, quận Nam Từ Liêm cũ", "place", published=datetime(2025, 7, 2, tzinfo=UTC)
    )
    around = {slug: match.detail.within if match.detail else () for slug, match in found.items()}
    assert around["ha-noi"] == ()
    assert around["phuong-tu-liem"] == (("ha-noi", "Hà Nội"),)
    assert {within for slug, within in around.items() if slug != "ha-noi"} == {(("ha-noi", "Hà Nội"),)}
