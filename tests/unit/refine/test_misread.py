import pytest

from aggregator.refine.compared import Compared
from aggregator.refine.duplicates import compare
from aggregator.refine.misread import facts
from tests.make_told import RECALL_RETOLD, told

ONE = "Đã có 134 người ở xã Tân Châu đi khám, người cao tuổi nhất 71 tuổi."
OTHER = "Trạm y tế tiếp 143 người đến khám hôm qua; cụ già nhất 77 tuổi."


def slips(one: str, other: str) -> list[tuple[str, str]]:
    a, b = (Compared(told(id, text, title="Khám sàng lọc")) for id, text in (("a", one), ("b", other)))
    return [(fact.a, fact.b) for fact in facts(a.sentences, b.sentences)]


def test_figures_that_count_one_thing_and_are_near_in_their_digits_are_told():
    assert slips(ONE, OTHER) == [("134", "143"), ("71 tuổi", "77 tuổi")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Có 134 người đi khám.", "Có 130 người đi khám."),  # rounded
        ("Có 134 người đi khám.", "Có 143 hộp thuốc được phát."),  # another thing
        ("Có 134 người đi khám.", "Có 289 người đi khám."),  # another count
        ("Có 134 người đi khám.", "Có 143 người khám, trong đó 134 người nữ."),  # told as well
        ("Có 134 người khám, 314 người tiêm.", "Có 143 người đi khám."),  # a slip of which?
        ("Bé 5 tuổi và mẹ 32 tuổi.", "Cụ ông 71 tuổi nhập viện."),  # several ages
        ("Trẻ co giật ngày 5/6.", "Xã phun hoá chất ngày 6/6."),  # days of two matters
        ("Trẻ lên cơn co giật ngày 5/6.", "Cháu bé co giật hôm 9/6."),  # days far apart
    ],
)
def test_what_may_be_two_facts_is_not_told(one: str, other: str):
    assert slips(one, other) == []


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("Trẻ lên cơn co giật ngày 5/6.", "Cháu bé co giật hôm 6/6.", ("5/6/2026", "6/6/2026")),
        ("Gọi 0238 359 6115 để hỏi.", "Số máy tư vấn: 0238 359 6151.", ("02383596115", "02383596151")),
        ("Cục có công văn 3184/QLD-CL.", "Công văn số 3148/QLD-CL nêu rõ.", ("3184/QLD-CL", "3148/QLD-CL")),
    ],
)
def test_days_telephones_and_documents_a_slip_apart_are_told(one: str, other: str, found: tuple[str, str]):
    assert slips(one, other) == [found]


def test_a_story_in_other_words_says_at_its_top_what_its_tellings_tell_differently():
    wrong = RECALL_RETOLD.replace("15 ngày", "51 ngày")
    for text, said in ((RECALL_RETOLD, []), (wrong, [("15 ngày", "51 ngày")])):
        link = compare(told("a"), told("b", text, title="Kháng sinh Cefalvin bị thu hồi", source="skds"))
        assert link and link.kind == "story"
        assert [(fact.a, fact.b) for fact in link.differing] == said
