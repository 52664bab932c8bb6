"""Administrative units are found as people write them."""

import pytest

from aggregator.units import all_units, find, near


def test_there_are_34_provinces_and_3321_communes():
    codes = list(all_units())
    assert (sum(len(code) == 2 for code in codes), sum(len(code) == 5 for code in codes)) == (34, 3321)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("01", "01"), ("Hà Nội", "01"), ("ha noi", "01"), ("TP. Hồ Chí Minh", "79"),
        ("Phường Ba Đình, Hà Nội", "00004"), ("ba dinh, ha noi", "00004"), ("00004", "00004"), ("tỉnh Cao Bằng", "04"),
    ],
)  # fmt: skip
def test_a_unit_is_found_by_code_and_by_name(words, code):
    assert [unit.code for unit in find(words)] == [code]


def test_a_name_that_several_communes_bear_gives_all_of_them_until_its_province_stands_there():
    many = find("Xã Tân Tiến")
    assert len(many) > 1 and all("Tân Tiến" in unit.name for unit in many)
    province = many[0].name.partition(", ")[2]
    assert [unit.name for unit in find(f"Xã Tân Tiến, {province}")] == [many[0].name]


def test_a_district_of_before_is_none_and_what_is_near_is_offered():
    assert find("Quận Hoàng Mai") == () and find("") == ()
    assert any("Hoàng Mai" in unit.name for unit in near("Hoàng Mai"))
