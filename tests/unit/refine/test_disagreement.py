from aggregator.refine.disagreement import MOST
from aggregator.refine.duplicates import compare
from tests.make_told import RECALL, told

OTHER = "skds"


def facts(text, **fields):
    return compare(told("a"), told("b", text, source=OTHER, **fields)).differing


def test_a_corrected_telephone_number_is_kept_with_the_fields_it_stands_in():
    (fact,) = facts(RECALL.replace("2211", "2212"))
    assert (fact.kind, fact.a, fact.b) == ("phone", "02437332211", "02437332212")
    assert (fact.a_field, fact.b_field) == ("text", "text")


def test_a_dose_is_named_as_a_reader_writes_it():
    (fact,) = facts(RECALL.replace("2 viên mỗi ngày", "4 viên mỗi ngày"))
    assert (fact.kind, fact.a[0], fact.b[0]) == ("figure", "2", "4")


def test_tellings_that_agree_have_none():
    assert facts(RECALL + "\nMời bạn đọc xem thêm.") == ()


def test_no_more_are_kept_than_a_reader_can_hold_beside_each_other():
    wrong = RECALL.replace("2211", "2212").replace("2 viên", "4 viên").replace("15 ngày", "10 ngày")
    told_differently = facts(wrong)
    assert 2 <= len(told_differently) <= MOST
    assert [fact.kind for fact in told_differently] == ["figure"] * (len(told_differently) - 1) + ["phone"]


def test_a_day_that_the_other_tells_in_another_sentence_is_no_dispute():
    later = RECALL.replace("19/10/2026", "20/10/2026")
    more = later + "\nHôm 19/10/2026 mẫu thuốc được lấy tại một nhà thuốc ở quận trung tâm."
    assert all(fact.kind != "time" for fact in facts(more))
    assert facts(later)[0].kind == "time"


def test_a_day_and_its_year_agree():
    assert all(fact.kind != "time" for fact in facts(RECALL.replace("ngày 19/10/2026", "năm 2026")))
