from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Evidence, FormerPlace, TagMatch
from aggregator.refine.duplicates import RULE, compare
from tests.make_told import RECALL, RECALL_RETOLD, bulletin, told

OTHER = "skds"


def kind(a, b):
    link = compare(a, b)
    return link.kind if link else None


def test_the_same_text_elsewhere_is_a_duplicate():
    link = compare(told("b", source=OTHER, hours=2), told("a"))
    assert (link.a, link.b, link.kind, link.score, link.rule) == ("a", "b", "duplicate", 1.0, RULE)
    assert "câu trùng nhau" in link.because


@pytest.mark.parametrize(
    "text",
    [
        RECALL.replace("\n", " "),
        RECALL.replace(". ", ".\n"),
        RECALL.replace("hòa", "hoà").replace("Hóa", "Hoá"),
        "\n".join(RECALL.split("\n")[:2]),
        "Nhiều người hỏi về thuốc này. Sau đây là thông tin chính thức.\n" + RECALL,
        RECALL.replace("19/10/2026", "19-10-2026").replace("024 3733 2211", "024.3733.2211"),
        RECALL + "\nMời bạn đọc xem thêm.\nNguồn: Cục Quản lý Dược",
    ],
)
def test_edits_of_newspapers_leave_a_duplicate(text):
    assert kind(told("a"), told("b", text, source=OTHER, title="Thuốc bị thu hồi: nhà thuốc ngừng bán")) == "duplicate"


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("2 viên mỗi ngày", "4 viên mỗi ngày"),
        ("500 mg", "250 mg"),
        ("15 ngày", "10 ngày"),
        ("2211", "2212"),
        ("0326B", "0326D"),
        ("3184/QLD-CL", "3148/QLD-CL"),
        ("19/10/2026", "20/10/2026"),
        ("Thanh Hóa", "Nghệ An"),
    ],
)
def test_one_differing_fact_is_never_merged_away(was, now):
    assert kind(told("a"), told("b", RECALL.replace(was, now), source=OTHER)) != "duplicate"


def test_a_disagreement_is_named_in_the_reason():
    link = compare(told("a"), told("b", RECALL.replace("2211", "2212"), source=OTHER))
    assert link.kind == "story"
    assert "02437332211 ↔ 02437332212" in link.because


def test_another_lot_or_document_is_another_story():
    assert compare(told("a"), told("b", RECALL.replace("0326B", "0326D"), source=OTHER)) is None
    assert compare(told("a"), told("b", RECALL.replace("3184/QLD-CL", "3148/QLD-CL"), source=OTHER)) is None


def test_other_words_for_one_event_are_a_story():
    retold = told("b", RECALL_RETOLD, source=OTHER, hours=3, title="Kháng sinh Cefalvin bị thu hồi")
    assert kind(told("a"), retold) == "story"


def test_a_story_is_told_on_near_days_only():
    retold = told("b", RECALL_RETOLD, source=OTHER, hours=80, title="Kháng sinh Cefalvin bị thu hồi")
    assert compare(told("a"), retold) is None


def test_what_is_published_again_after_a_week_is_another_story():
    assert compare(told("a"), told("b", source=OTHER, hours=169)) is None


def test_bulletins_of_two_days_are_two_stories():
    assert compare(bulletin("a", 18, 48), bulletin("b", 19, 52, source=OTHER)) is None
    assert compare(bulletin("a", 18, 48), bulletin("b", 19, 48, source=OTHER)) is None


def test_the_morning_bulletin_is_not_the_evening_one():
    fields = {"title": "Sáng 18/10: thêm 48 ca mắc"}, {"title": "Bản tin 18 giờ ngày 18/10: thêm 48 ca mắc"}
    morning, evening = (
        told(id, bulletin("x", 18, 48).article.text, hours=-38, **one) for id, one in zip("ab", fields, strict=True)
    )
    other = told("c", evening.article.text, hours=-30, source=OTHER, title="Chiều 18/10 có thêm 48 ca mắc")
    assert compare(morning, other) is None
    assert kind(evening, other) == "duplicate"


def test_a_bulletin_that_two_sources_carry_is_one():
    assert kind(bulletin("a", 18, 48), bulletin("b", 18, 48, source=OTHER)) == "duplicate"


def test_one_source_with_two_ids_is_one_article_only_when_the_texts_are_equal():
    assert kind(told("a"), told("b", hours=5)) == "duplicate"
    assert compare(told("a"), told("b", RECALL.replace("2 viên", "4 viên"))) is None
    assert compare(told("a"), told("b", "\n".join(RECALL.split("\n")[:3]))) is None


def test_a_declared_correction_of_one_source_is_one_article():
    corrected = told("b", RECALL.replace("2 viên", "4 viên"), title="Đính chính: Thu hồi thuốc Cefalvin 500 mg")
    assert kind(told("a"), corrected) == "duplicate"


def test_titles_alone_are_no_duplicate():
    assert kind(told("a", ""), told("b", "", source=OTHER)) != "duplicate"


TEXTS = st.sampled_from(
    [RECALL, RECALL_RETOLD, RECALL.replace("15 ngày", "10 ngày"), RECALL.replace("0326B", "0326D"), "", "Cefalvin."]
)
ONES = st.tuples(TEXTS, st.sampled_from(["moh", "skds"]), st.integers(0, 200))


@given(ONES, ONES)
def test_comparing_is_symmetric(one, other):
    a, b = (
        told(id, text, source=source, hours=hours) for id, (text, source, hours) in zip("ab", (one, other), strict=True)
    )
    assert compare(a, b) == compare(b, a)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_can_be_compared(one, other):
    link = compare(told("a", one), told("b", other, source=OTHER))
    assert link is None or (0 <= link.score <= 1 and (link.a, link.b) == ("a", "b"))


def test_the_hour_of_the_window_is_included():
    assert compare(told("a"), told("b", source=OTHER, hours=timedelta(days=7) / timedelta(hours=1))) is not None


@pytest.mark.parametrize(("was", "now"), [("3184/QLD-CL", "3148/QLD-CL"), ("0326B", "0326D")])
def test_a_declared_correction_may_be_of_the_number_of_a_document_or_lot(was, now):
    first, title = told("a"), f"Đính chính: {told('a').article.title}"
    assert kind(first, told("b", RECALL.replace(was, now), title=title)) == "duplicate"
    assert kind(first, told("b", RECALL.replace(was, now))) != "duplicate"
    assert kind(first, told("b", RECALL.replace(was, now), title=title, source=OTHER)) != "duplicate"


def test_a_declared_correction_may_be_of_the_day_in_the_title():
    wrong, right = (
        told(
            id,
            CAMPAIGN.format(who="Sở Y tế", many="345.000").replace("1/12 và ", ""),
            title=f"{says}uống ngày {day}/12",
        )
        for id, says, day in (("a", "Trẻ được ", 2), ("b", "Đính chính: Trẻ được ", 3))
    )
    right = told("b", right.article.text.replace("2/12", "3/12"), title=right.article.title)
    assert kind(wrong, right) == "duplicate"
    assert kind(wrong, told("b", right.article.text, title="Trẻ được uống ngày 3/12")) is None


def test_a_correction_of_another_recall_is_no_correction_of_this_one():
    other = RECALL.replace("3184/QLD-CL", "3190/QLD-CL").replace("Cefalvin", "Amoxival").replace("0326B", "0911C")
    title = "Đính chính: Thu hồi thuốc Cefalvin 500 mg không đạt chất lượng"
    assert kind(told("a"), told("b", other, title=title)) is None


CAMPAIGN = (
    "{who} triển khai đợt 2 chiến dịch uống vitamin A năm 2026 trong hai ngày 1/12 và 2/12.\n"
    "Khoảng {many} trẻ từ 6 đến 35 tháng tuổi được uống: trẻ 6 - 11 tháng tuổi uống 100.000 IU, trẻ 12 - 35 tháng tuổi "
    "uống 200.000 IU. Bà mẹ sau sinh dưới 1 tháng uống 200.000 IU tại nơi sinh."
)


def place(slug, label, title, detail=None):
    start = title.index(label)
    evidence = Evidence("title", start, start + len(label), label)
    return TagMatch("place", slug, label, (evidence,), "", detail)


def place_of_text(slug, label, text):
    start = text.index(label)
    return TagMatch("place", slug, label, (Evidence("text", start, start + len(label), label),), "")


def launch(id, title, who, many, *tags):
    return told(id, CAMPAIGN.format(who=who, many=many), title=title, source=id, tags=tags)


def test_the_launch_in_one_province_is_not_that_in_the_country():
    title = "Hà Nội cho trẻ uống vitamin A"
    local = launch("a", title, "Sở Y tế", "345.000", place("ha-noi", "Hà Nội", title))
    whole = launch("b", "Cả nước cho trẻ uống vitamin A", "Bộ Y tế", "4,7 triệu")
    assert kind(local, whole) is None
    same = launch("c", "Trẻ uống vitamin A ở đâu?", "Sở Y tế", "345.000")
    assert kind(local, same) is not None


def test_a_province_and_what_holds_its_area_now_are_one_place():
    now, before = "TP.HCM: trẻ uống vitamin A", "Bình Dương: trẻ uống vitamin A"
    former = FormerPlace(date(2025, 6, 30), (("tp-ho-chi-minh", "TP. Hồ Chí Minh"),))
    city = launch("a", now, "Sở Y tế", "345.000", place("tp-ho-chi-minh", "TP.HCM", now))
    assert kind(city, launch("b", before, "Sở Y tế", "345.000", place("binh-duong", "Bình Dương", before, former)))
    assert not kind(city, launch("b", before, "Sở Y tế", "345.000", place("binh-duong", "Bình Dương", before)))


def test_two_school_years_are_two_stories():
    text = RECALL + "\nNhà trường thu đến hết ngày 15/12."
    one = told("a", text, title="Năm học 2026 - 2027: tiền bảo hiểm y tế của học sinh")
    other = told("b", text, title="Năm học 2025 - 2026: tiền bảo hiểm y tế của học sinh", source=OTHER)
    assert kind(one, other) is None


def test_what_rose_to_a_figure_already_told_is_no_later_news():
    first = told("a", RECALL_RETOLD, title="Kháng sinh kém chất lượng", source=OTHER)
    opening = "Số ngày để thu hồi đã lên {}.\nAi có thuốc ở nhà đem trả nơi bán.\nKhông ai được bán tiếp.\n"
    again = told("b", opening.format(15) + RECALL, title="Hạn thu hồi", hours=24)
    more = told("b", opening.format(40) + RECALL, title="Hạn thu hồi", hours=24)
    assert kind(first, again) == "story"
    assert kind(first, more) is None


OPENED = (
    "Sáng 3/9/2026, UBND tỉnh Cà Mau khánh thành cơ sở mới của Bệnh viện Sản Nhi với quy mô 400 giường, xây dựng trong "
    "32 tháng. Bệnh viện có 7 tầng, 12 phòng mổ. Toàn bộ hoạt động chuyển về cơ sở mới từ ngày 7/9/2026.\n"
    "Bệnh viện hiện có 118 bác sĩ, còn thiếu khoảng 30 bác sĩ."
)
FIRST_HEADLINE = "Khánh thành Bệnh viện Sản Nhi Cà Mau cơ sở mới 400 giường"


@pytest.mark.parametrize(
    "title",
    [
        "Bệnh viện Sản Nhi Cà Mau chuyển về cơ sở mới từ ngày 7/9",
        "118 bác sĩ ở Bệnh viện Sản Nhi Cà Mau có cơ sở mới",
    ],
)
def test_another_headline_may_choose_another_fact_of_the_same_text(title):
    a = told("a", OPENED, title=FIRST_HEADLINE)
    assert kind(a, told("b", OPENED, source=OTHER, title=title)) == "duplicate"


@pytest.mark.parametrize(
    "title",
    [
        FIRST_HEADLINE.replace("400", "118"),
        "Bệnh viện Sản Nhi Cà Mau chuyển về cơ sở mới từ ngày 8/9",
        "Bệnh viện Sản Nhi Cà Mau: cơ sở mới có 500 giường bệnh",
    ],
)
def test_a_headline_that_says_a_fact_that_no_body_tells_so_is_not_merged_away(title):
    a = told("a", OPENED, title=FIRST_HEADLINE)
    assert kind(a, told("b", OPENED, source=OTHER, title=title)) != "duplicate"


def test_equal_words_of_one_source_are_one_article_wherever_sentences_are_cut():
    text = RECALL.replace("\n", " nhóm B.\n", 1)
    joined = text.replace(" nhóm B.\n", " nhóm B. ")
    assert kind(told("a", text), told("b", joined)) == "duplicate"


RETOLD_TITLE = (
    "Thu hồi thuốc Cefalvin 500 mg không đạt chất lượng: quá nửa số hộp đã bán hết ở các quầy lẻ, nhưng may không ai "
    "phải nhập viện vì uống nhầm, và công ty hứa trả lại tiền."
)


def test_a_sentence_that_holds_the_others_title_and_more_is_not_all_told_there():
    link = compare(told("a"), told("b", RETOLD_TITLE, source=OTHER, title="Thuốc kém, nhà thuốc bối rối"))
    assert link.kind == "story"


@pytest.mark.parametrize(
    ("kept", "retold"),
    [
        ("Người dân cần hỏi thêm gọi số 024 3733 2211 trong giờ hành chính.", "Thắc mắc xin điện về 024 3733 2299."),
        (
            "Người lớn đã uống 2 viên mỗi ngày cần dừng thuốc và hỏi bác sĩ. Sở Y tế các tỉnh giám sát việc thu hồi.",
            "Ai từng dùng đủ ba viên một bữa thì nên ngừng ngay, tìm nơi khám.",
        ),
    ],
)
def test_a_fact_retold_in_other_words_beside_a_copy_is_never_merged_away(kept, retold):
    changed = RECALL.replace(kept, retold)
    assert changed != RECALL
    link = compare(told("a"), told("b", changed, source=OTHER))
    assert link.kind == "story"
    assert "nhưng mỗi bài có số liệu riêng" in link.because


def test_a_place_retold_in_other_words_beside_a_copy_is_never_merged_away():
    was = "Sở Y tế các tỉnh giám sát việc thu hồi."
    one = RECALL.replace(was, "Riêng Huế, chi cục đã niêm phong kho.")
    other = RECALL.replace(was, "Phía Nghệ An rà soát mọi quầy bán lẻ.")
    named = told("a", one, tags=(place_of_text("hue", "Huế", one),))
    assert (
        compare(named, told("b", other, source=OTHER, tags=(place_of_text("nghe-an", "Nghệ An", other),))).kind
        == "story"
    )
    assert kind(named, told("b", other, source=OTHER)) == "duplicate"


def test_what_only_one_of_two_copies_tells_is_no_difference():
    cut = RECALL.replace("Người dân cần hỏi thêm gọi số 024 3733 2211 trong giờ hành chính.", "")
    assert kind(told("a"), told("b", cut, source=OTHER)) == "duplicate"


POISONED = (
    "Bệnh viện huyện tiếp nhận bảy người ở bản Nà Phặc bị đau bụng, nôn sau bữa canh rừng tối thứ sáu. Bác sĩ rửa dạ "
    "dày, truyền dịch, chuyển hai người lên tuyến trên lọc máu."
)
POISONED_RETOLD = (
    "Nồi canh nấu từ rau rừng khiến cả nhà ở bản {name} phải nằm viện, trong đó hai người nguy kịch được lọc máu ở "
    "tuyến trên; dân quanh vùng được nhắc đừng hái cây lạ về nấu."
)


def test_a_name_that_two_tellings_share_speaks_for_one_event():
    titles = {"title": "Bữa canh rừng khiến bảy người nhập viện"}, {"title": "Hái rau lạ, cả nhà suýt mất mạng"}
    first = told("a", POISONED, **titles[0])

    def retold(name):
        return told("b", POISONED_RETOLD.format(name=name), source=OTHER, hours=3, **titles[1])

    named, small = compare(first, retold("Nà Phặc")), compare(first, retold("nà phặc"))
    assert named.kind == "story"
    assert small is not None
    assert named.score - small.score == pytest.approx(0.03)
