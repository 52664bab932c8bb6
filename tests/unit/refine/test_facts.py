from datetime import date

import pytest

from aggregator.refine.differences import differences
from aggregator.refine.facts import sentences, shown
from aggregator.refine.spelled import value

DAY = date(2026, 10, 12)


def tokens(text: str) -> list[str]:
    return [token for one in sentences("text", text, DAY) for token in one.tokens]


def facts(text: str) -> list[str]:
    return [token for token in tokens(text) if token[0] == "#"]


def differ(a: str, b: str) -> set[str]:
    (one,), (other,) = sentences("text", a, DAY), sentences("text", b, DAY)
    return {found.kind for found in differences(one, other)}


@pytest.mark.parametrize(
    "printed", ["18/8", "18/08", "18/8/2026", "18-08-2026", "18.8.2026", "2026-08-18", "ngày 18 tháng 8", "ngày 18-8"]
)
def test_a_date_has_one_spelling(printed):
    assert facts(f"Sáng {printed}, tại Hà Nội") == ["#date:2026-08-18"]


def test_a_date_without_a_year_takes_the_nearest():
    assert [one.tokens[-1] for one in sentences("text", "ngày 30/12", date(2026, 1, 3))] == ["#date:2025-12-30"]


def test_both_ends_of_a_range_are_dates():
    both = ["#date:2026-10-02", "#date:2026-10-08"]
    for printed in ("từ ngày 2 đến 8/10", "từ ngày 02 đến ngày 08/10/2026", "từ 2-8/10/2026", "từ ngày 2 và 8/10"):
        assert facts(printed) == both


@pytest.mark.parametrize("printed", ["1.250", "1250", "1 250", "1,250"])
def test_a_thousand_has_one_spelling(printed):
    assert facts(f"phục vụ {printed} suất") == ["#num:1250"]


def test_decimals_and_multipliers():
    assert value("0,5") == value("0.5") == "0.5"
    assert facts("3,2 triệu trẻ, 3.200.000 trẻ") == ["#num:3200000", "#num:3200000"]
    assert facts("2 tấn, 2.000 kg") == ["#num:2000kg", "#num:2000kg"]
    assert facts("0,5ml và 0.5 ml") == ["#num:0.5ml", "#num:0.5ml"]


def test_number_words_count_only_before_what_is_counted():
    assert facts("hai mũi vắc xin, bốn mươi bảy người, mười lăm ca") == ["#num:2", "#num:47", "#num:15"]
    assert facts("ba mẹ hỏi, năm nay, bảy nổi ba chìm") == []
    assert facts("họp vào thứ ba, thứ 6") == ["#ord:3", "#ord:6"]


@pytest.mark.parametrize("printed", ["0243 846 3739", "0243.846.3739", "(024) 3846 3739", "+84 243 846 3739"])
def test_a_telephone_has_one_spelling(printed):
    assert facts(f"gọi số {printed}.") == ["#tel:02438463739"]


def test_hotlines_are_telephones():
    assert facts("gọi 1900 9095, 19009095") == ["#tel:19009095", "#tel:19009095"]


def test_document_numbers_in_their_shapes():
    assert facts("Công văn số 3184 /QLD–CL") == ["#doc:3184/QLD-CL"]
    assert facts("Hướng dẫn số 9/HD-SYT") == facts("Hướng dẫn số 09/HD-SYT") == ["#doc:09/HD-SYT"]
    assert facts("147/2024/NĐ-CP, 39-CT/TW, 91/2025/QH15") == [
        "#doc:147/2024/NĐ-CP",
        "#doc:39-CT/TW",
        "#doc:91/2025/QH15",
    ]


def test_fractions_and_rates_are_no_documents_or_dates():
    assert facts("trực 24/24 giờ, 4/7 mẫu, 100 ca/ngày") == [
        *("#num:24", "#time:24:00", "#num:4", "#num:7", "#num:100"),
    ]


def test_lots_and_codes():
    assert facts("số lô 0326B, lô sản xuất: ML0526, lô 1807") == ["#lot:0326b", "#lot:ml0526", "#lot:1807"]
    assert facts("VD-31455-19, cúm A/H5N1") == ["#code:vd-31455-19", "#code:h5n1"]


def test_times_of_day():
    assert facts("17h30, 17 giờ 30 phút, 17:30") == ["#time:17:30"] * 3


def test_tone_placement_and_short_forms_make_no_other_sentence():
    assert tokens("UBND TP.HCM phun hóa chất") == tokens("Ủy ban nhân dân TP. Hồ Chí Minh phun hoá chất")


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        ("Trẻ uống 1 liều 100.000 IU tại trạm", "Trẻ uống 1 liều 150.000 IU tại trạm", "num"),
        ("Mỗi viên chứa 8,7 mg chất cấm", "Mỗi viên chứa 8,7 g chất cấm", "num"),
        ("Trẻ tiêm hai mũi vắc xin này", "Trẻ tiêm ba mũi vắc xin này", "num"),
        ("Đợt tiêm kéo dài đến ngày 18/10", "Đợt tiêm kéo dài đến ngày 25/10", "date"),
        ("Từ ngày 16/10 đến ngày 18/10 có mưa", "Từ ngày 16/10 đến ngày 16/10 có mưa", "date"),
        ("Thu hồi thuốc thuộc số lô 0326B", "Thu hồi thuốc thuộc số lô 0326D", "lot"),
        ("Theo Công điện số 1245/CĐ-BYT vừa ban hành", "Theo Công điện số 1254/CĐ-BYT vừa ban hành", "doc"),
        ("Người dân gọi số 024 3834 5567 để hỏi", "Người dân gọi số 024 3834 5576 để hỏi", "tel"),
        ("Ổ dịch tại xã Ia Grai đã ổn định", "Ổ dịch tại xã Chư Păh đã ổn định", "place"),
        ("Gửi các tỉnh Quảng Ninh, Lạng Sơn, Cao Bằng", "Gửi các tỉnh Quảng Ninh, Sơn Tịnh, Cao Bằng", "name"),
        ("Điểm tiêm mở từ 7h30 sáng", "Điểm tiêm mở từ 8h00 sáng", "time"),
        ("Chưa ghi nhận lây sang người", "Ghi nhận lây sang người", "not"),
        ("Bệnh nhân dùng paracetamol khi sốt", "Bệnh nhân dùng ibuprofen khi sốt", "name"),
        ("Điểm khám mở cửa vào buổi sáng thứ hai", "Điểm khám mở cửa vào buổi chiều thứ hai", "word"),
        ("Hà Nội 12 ca, Huế 13 ca", "Hà Nội 13 ca, Huế 12 ca", "num"),
    ],
)
def test_one_changed_fact_is_a_difference(a, b, kind):
    assert kind in differ(a, b)
    assert kind in differ(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Ngày 18/8, Bộ Y tế có 1.250 liều", "Bộ Y tế có 1250 liều vào ngày 18/08"),
        ("Có 47 người nhập viện, 6 người nặng", "Có 47 người nhập viện"),
        ("Nhiều người đến khám tại trạm y tế", "Không ít người đến khám tại trạm y tế"),
        ("Điều trị từ 5 mg đến 10 mg mỗi ngày", "Điều trị từ 5 đến 10 mg mỗi ngày"),
        ("Bác sĩ khuyến cáo người dân tiêm phòng", "Các bác sĩ khuyên bà con tiêm phòng"),
    ],
)
def test_other_words_and_other_spellings_are_no_difference(a, b):
    assert differ(a, b) == set()


@pytest.mark.parametrize(
    ("token", "text"),
    [
        ("#date:2026-08-18", "18/8/2026"),
        ("#num:2346", "2.346"),
        ("#num:0.5ml", "0,5 ml"),
        ("#num:38%", "38%"),
        ("#time:17:00", "17 giờ"),
        ("#time:17:30", "17 giờ 30"),
        ("#lot:0326b", "lô 0326B"),
        ("#doc:16/CT-TTG", "16/CT-TTG"),
        ("#month:2026-10", "tháng 10/2026"),
        ("Ia Grai", "“Ia Grai”"),
    ],
)
def test_facts_are_shown_as_readers_write_them(token, text):
    assert shown(token) == text


@pytest.mark.parametrize("printed", ["2.340.000", "2 340 000", "2\xa0340\xa0000", "2,340,000"])
def test_millions_have_one_spelling(printed):
    assert facts(f"lương cơ sở {printed} đồng") == ["#num:2340000đồng"]


def test_a_year_or_day_behind_a_number_is_not_its_measure():
    assert facts("đợt 1 năm 2026") == ["#num:1", "#year:2026"]
    assert facts("lần 2 ngày 18/8") == ["#num:2", "#date:2026-08-18"]
    assert facts("trong 1 năm") == ["#num:1năm"]


def test_a_school_year_is_no_five_of_anything():
    assert facts("năm học 2026 - 2027") == ["#num:2026", "#num:2027"]
    assert facts("năm học sinh") == ["#num:5"]


def test_tenths_are_told_as_shares():
    assert facts("chín phần mười số hộ") == facts("90% số hộ") == ["#num:90%"]


def test_what_is_counted_is_no_lot_and_what_opens_with_a_nought_is_one():
    assert facts("toàn bộ lô hàng 4,800 hộp") == facts("toàn bộ lô hàng 4.800 hộp") == ["#num:4800"]
    assert facts("lô Cefixim 010825") == facts("Lô bị nêu tên là 010825") == ["#lot:010825"]


def test_a_word_of_one_letter_ends_a_sentence_and_an_initial_does_not():
    assert len(sentences("text", "Mỗi ngày bán 750 ổ. Đoàn kiểm tra lấy mẫu.", DAY)) == 2
    assert len(sentences("text", "Bác sĩ Nguyễn V. A. khám bệnh.", DAY)) == 1


def test_a_figure_changed_at_the_end_of_a_longer_sentence_that_holds_the_other_is_a_difference():
    longer = "Mỗi ngày cơ sở bán 570 ổ, đoàn kiểm tra ghi nhận khu chế biến không có tủ lạnh riêng cho thực phẩm sống"
    assert differ("Mỗi ngày cơ sở bán 750 ổ", longer) == differ(longer, "Mỗi ngày cơ sở bán 750 ổ") == {"num"}


def test_a_figure_changed_where_a_copy_breaks_off_is_a_difference():
    whole = "Mỗi ngày mỗi điểm khám tối đa 130 người, buổi sáng từ 7 giờ đến 11 giờ, buổi chiều từ 13 giờ"
    cut = "Mỗi ngày mỗi điểm khám tối đa 310…"
    assert "num" in differ(whole, cut)
    assert "num" in differ(cut, whole)
    assert differ(whole, "Mỗi ngày mỗi điểm khám tối đa 130…") == set()
