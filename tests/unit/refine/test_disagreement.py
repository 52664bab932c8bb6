import pytest

from aggregator.model import Disagreement
from aggregator.refine.differences import Difference
from aggregator.refine.disagreement import MOST, told_differently
from aggregator.refine.duplicates import compare
from aggregator.refine.facts import told as facts_told
from tests import make
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


CALL = "Người dân cần hỏi thêm gọi số 024 3733 2211 trong giờ hành chính."


def test_a_number_retold_in_another_sentence_of_a_copy_is_kept_with_its_fields():
    (fact,) = facts(RECALL.replace(CALL, "Thắc mắc xin điện về 024 3733 2299."))
    assert fact == Disagreement("phone", "02437332211", "02437332299", "text", "text")
    (led,) = facts(RECALL.replace(CALL, ""), lead="Thắc mắc xin điện về 024 3733 2299.")
    assert led == Disagreement("phone", "02437332211", "02437332299", "text", "lead")


def test_places_that_copies_tell_apiece_are_named_as_their_tags_are():
    was = "Sở Y tế các tỉnh giám sát việc thu hồi."
    one = RECALL.replace(was, "Riêng Huế, chi cục đã niêm phong kho.")
    other = RECALL.replace(was, "Phía Nghệ An rà soát mọi quầy bán lẻ.")
    a = told("a", one, tags=(make.tag("place/hue", "Huế", "Huế", "text"),))
    b = told("b", other, source=OTHER, tags=(make.tag("place/nghe-an", "Nghệ An", "Nghệ An", "text"),))
    assert compare(a, b).differing == (Disagreement("place", "Huế", "Nghệ An", "text", "text"),)


@pytest.mark.parametrize(
    ("left", "right", "shown"),
    [
        ("#num:20%", "#num:1tuần", False),  # of different measures
        ("#num:400", "#date:2026-09-03", False),
        ("#num:20%", "hai", False),
        ("#num:20%", "#num:25%", True),
        ("#num:5mg", "#num:5g", True),
        ("không", "", True),  # a denial that only one of them has
        ("sáng", "chiều", True),
    ],
)
def test_of_headlines_in_other_words_only_figures_of_one_measure_are_told(left, right, shown):
    kind = "num" if "#" in left else "not" if not right else "word"
    told = Told(Difference(kind, left, right))
    assert bool(told_differently(told, in_other_words=True)) == shown
    assert told_differently(told)


class Told:
    """An alignment of two headlines with one difference."""

    def __init__(self, one):
        self.one = one
        self.a = [told_sentence("title", (one.left,))]
        self.b = [told_sentence("title", (one.right,))]

    def differences(self):
        return [(0, 0, self.one)]


def told_sentence(field, tokens):
    said = tuple(filter(None, tokens))
    return facts_told(field, said, (False,) * len(said))
