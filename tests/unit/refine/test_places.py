from datetime import UTC, datetime

import pytest

from aggregator.refine.tagging import Tagger
from aggregator.refine.vocabulary import load
from tests.make import article

BEFORE = datetime(2025, 5, 20, 3, tzinfo=UTC)
AFTER = datetime(2026, 5, 20, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def tagger():
    return Tagger(load())


@pytest.fixture
def places(tagger):
    def found(title, published=AFTER, **fields):
        told = article(title=title, published=published, **{"lead": "", "text": "", **fields})
        return {match.tag for match in tagger.tags(told) if match.kind == "place"}

    return found


@pytest.mark.parametrize(
    "spelling",
    ["TP. Hồ Chí Minh", "TP.Hồ Chí Minh", "TP Hồ Chí Minh", "Tp Hồ Chí Minh", "Tp. Hồ Chí Minh",
     "Thành phố Hồ Chí Minh", "thành phố Hồ Chí Minh",
     "TP.HCM", "TP. HCM", "TP HCM", "Tp.HCM", "TPHCM", "TpHCM", "Sài Gòn", "thành phố HCM", "tp.hcm",
     "TP. Ho Chi Minh", "HCMC"],
)  # fmt: skip
def test_ho_chi_minh_city_is_found_in_each_of_its_spellings(places, spelling):
    assert places(f"Số ca cúm tăng tại {spelling} tuần qua") == {"tp-ho-chi-minh"}


@pytest.mark.parametrize(
    "title",
    [
        "Noi gương Chủ tịch Hồ Chí Minh",
        "Đoàn TNCS Hồ Chí Minh hiến máu",
        "Đường Hồ Chí Minh thông xe",
        "Tư tưởng Hồ Chí Minh",
    ],
)
def test_the_president_is_no_place(places, title):
    assert places(title) == set()


def test_the_name_alone_is_the_city_in_a_list_of_provinces(places):
    assert places("Hà Nội, Hồ Chí Minh, Đà Nẵng tăng ca cúm") == {"ha-noi", "tp-ho-chi-minh", "da-nang"}


def test_tone_placement_does_not_matter(places):
    assert places("Khánh Hoà, Thanh Hóa, Khánh Hòa và Thanh Hoá") == {"khanh-hoa", "thanh-hoa"}


def test_the_level_tells_a_former_district_from_its_namesake(places):
    assert places("Ổ dịch tại huyện Đông Anh") == {"huyen-dong-anh"}
    assert places("Ổ dịch tại xã Đông Anh") == {"xa-dong-anh"}


def test_without_a_level_the_date_tells_them_apart(places):
    assert places("Hà Nội: ca sởi tại Đông Anh", BEFORE) == {"ha-noi", "huyen-dong-anh"}
    assert places("Hà Nội: ca sởi tại Đông Anh", AFTER) == {"ha-noi", "xa-dong-anh"}


def test_the_day_is_counted_in_ha_noi(places):
    last = datetime(2025, 6, 30, 16, 59, tzinfo=UTC)  # 23:59 on 30/06 there
    first = datetime(2025, 6, 30, 17, 0, tzinfo=UTC)
    assert places("Hà Nội: ca sởi tại Sóc Sơn", last) == {"ha-noi", "huyen-soc-son"}
    assert places("Hà Nội: ca sởi tại Sóc Sơn", first) == {"ha-noi", "xa-soc-son"}


def test_a_new_unit_is_not_found_years_before_it_was_named(places):
    assert places("Phường Hoàn Kiếm, Hà Nội", datetime(2020, 1, 1, tzinfo=UTC)) == {"ha-noi"}
    assert places("Phường Hoàn Kiếm, Hà Nội", datetime(2025, 6, 20, tzinfo=UTC)) == {"ha-noi", "phuong-hoan-kiem"}


def test_one_level_serves_a_whole_list(places):
    assert places("Các phường Cầu Giấy, Láng và Kim Liên mở điểm tiêm") == {
        "phuong-cau-giay", "phuong-lang", "phuong-kim-lien",
    }  # fmt: skip


def test_a_commune_name_that_others_share_needs_ha_noi_near(places):
    assert places("Ổ dịch tại xã Hưng Đạo") == set()
    assert places("Ổ dịch tại xã Hưng Đạo, Hà Nội") == {"xa-hung-dao", "ha-noi"}
    assert places("Ổ dịch tại xã Hưng Đạo, tỉnh Cao Bằng; Hà Nội cử đoàn") == {"cao-bang", "ha-noi"}


def test_on_ha_nois_own_site_a_shared_name_is_ha_nois(places):
    assert places("Ổ dịch tại xã Hưng Đạo", url="https://soyte.hanoi.gov.vn/tin-1.htm") == {"xa-hung-dao"}
    assert places("Ổ dịch tại xã Hưng Đạo", url="https://hanoi.gov.vn.example.test/1") == set()


def test_a_commune_name_without_its_level_is_not_taken(places):
    assert places("Hà Nội: trẻ em vui Tết trong hòa bình, Bình Minh rạng rỡ") == {"ha-noi"}


@pytest.mark.parametrize(
    "title",
    [
        "Bệnh viện Hữu nghị Việt Đức", "Bệnh viện Phụ sản Hà Nội mổ đẻ", "Bệnh viện Đa khoa tỉnh Nam Định cứu người",
        "Trường Đại học Y Hà Nội tuyển sinh", "Đại học Y Dược Huế", "Công ty Dược Hậu Giang", "BV Sài Gòn mổ cấp cứu",
        "Viện Pasteur Nha Trang", "Bún bò Huế, bánh đậu xanh Hải Dương, chè Thái Nguyên",
        "Người ở phố Huế, đường Hà Nội", "Cầu Long Biên, chợ Đồng Xuân, ga Hà Nội, sông Sài Gòn", "Trận Điện Biên Phủ",
        "Khu vực châu Á - Thái Bình Dương", "Bác sĩ Trần Hải Dương", "Ông Kiên Giang và bà Hà Giang", "Em Thái Bình",
        "Vì hòa bình, bình dương và long an", "BỆNH VIỆN ĐA KHOA BẮC NINH",
    ],
)  # fmt: skip
def test_a_name_inside_another_name_is_no_place(places, title):
    assert places(title) == set()


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Bệnh viện Bạch Mai, Hà Nội", {"ha-noi"}),
        ("Bệnh viện Bạch Mai ở Hà Nội", {"ha-noi"}),
        ("Các bệnh viện Hà Nội thêm giường", {"ha-noi"}),
        ("Thành phố Huế và các huyện miền núi Nghệ An", {"hue", "nghe-an"}),
        ("Bánh mì tại Hải Phòng", {"hai-phong"}),
        ("Người dân Hòa Bình", {"hoa-binh"}),
        ("THÔNG BÁO KHẨN TẠI HẢI PHÒNG", {"hai-phong"}),
        ("Hà nội ghi nhận ca cúm", {"ha-noi"}),
        ("Sở Y tế Hà Nội", {"ha-noi"}),
        ("Thừa Thiên – Huế", {"hue"}),
        ("BR-VT và Bà Rịa – Vũng Tàu", {"ba-ria-vung-tau"}),
    ],
)
def test_a_place_is_found_beside_what_only_looks_like_a_longer_name(places, title, found):
    assert places(title) == found


def test_a_namesake_abroad_is_kept_apart(places):
    assert places("Tỉnh Hà Nam (Trung Quốc) có ca cúm") == set()
    assert places("Trung Quốc: tỉnh Hà Nam có ca cúm") == set()
    assert places("Tỉnh Hà Nam có ca cúm") == {"ha-nam"}
    assert places("Nhật Bản, Hàn Quốc và Vân Nam") == set()


def test_a_title_before_a_person_s_name_hides_no_person(places):
    assert places("Bà Nguyễn Thái Bình cho biết tình hình đã ổn định") == set()
    assert places("Tại Thái Bình, tình hình đã ổn định", published=BEFORE) == {"thai-binh"}


def test_a_name_that_is_abroad_once_is_abroad_wherever_the_text_says_it(places):
    lead = "Giới chức tỉnh Hà Nam phát viên khử khuẩn."
    assert places("Mưa lớn tại Hà Nam, Trung Quốc", lead=lead) == set()
    assert places("Mưa lớn tại Hà Nam, Ninh Bình", lead=lead) == {"ha-nam", "ninh-binh"}


def test_goods_and_broadcasters_keep_their_places_names_to_themselves(places):
    assert places("Mè xửng Huế, nón lá Huế làm quà") == set()
    assert places("Đài Quảng Ninh và Báo Hải Phòng đưa tin") == set()
    assert places("Người phụ nữ tên Huế sinh ba") == set()
