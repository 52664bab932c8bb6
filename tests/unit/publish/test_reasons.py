"""What of a link's reason a reader may see. That no file tells more is in test_scope."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aggregator.model import Edit, Link, Story, Told
from aggregator.publish.bulletin import view
from aggregator.publish.reasons import PLAIN, merged_at, reason
from aggregator.publish.voice import Voice
from aggregator.refine import because, duplicates
from tests import make, make_told

TITLE = "Hà Nội ghi nhận 74 ca sốt xuất huyết"


def voices(scope: str = "link", other: str = TITLE) -> list[Voice]:
    return [
        Voice(make.telling(make.article(id, title=title)), make.source(), scope)  # type: ignore[arg-type]
        for id, title in (("a1", TITLE), ("b1", other))
    ]


def link(because: str) -> Link:
    return Link("a1", "b1", "story", 0.9, because, "1")


@pytest.mark.parametrize(
    "words",
    [
        "3/4 câu trùng nhau; cùng số liệu, ngày và địa danh",
        "cách kể giống nhau",
        "cùng nói về Sốt xuất huyết, Hà Nội; cùng số liệu 74",
    ],
)
def test_words_of_ours_and_of_both_titles_are_told(words: str) -> None:
    assert reason(link(words), voices()) == words


def test_a_figure_is_no_part_of_another() -> None:
    assert reason(link("cùng số liệu 7"), voices()) == "cùng số liệu trong nội dung"


def test_what_is_told_differently_may_stand_either_way_round() -> None:
    told = voices(other="Hà Nội ghi nhận 47 ca sốt xuất huyết")
    for words in ("nhưng nói khác nhau: 74 ↔ 47", "nhưng nói khác nhau: 47 ↔ 74"):
        assert reason(link(words), told) == words
    assert reason(link("nhưng nói khác nhau: 74 ↔ 48"), told) == "nhưng có chi tiết nói khác nhau"


def test_a_reason_in_words_that_are_not_known_is_not_told() -> None:
    assert reason(link("vì ông Minh Họa nói vậy"), voices()) == PLAIN


RECALL = make_told.RECALL
CHANGED = RECALL.replace(
    "Người lớn đã uống 2 viên mỗi ngày cần dừng thuốc và hỏi bác sĩ. Sở Y tế các tỉnh giám sát việc thu hồi.",
    "Ai từng dùng đủ 3 viên một bữa thì nên ngừng ngay, tìm nơi khám.",
)
COPY = make_told.told("a1")
RELATED = make_told.told(
    "b1", make_told.RECALL_RETOLD, source="skds", title="Rút lô kháng sinh Cefalvin 500 mg kém chất lượng"
)
CORRECTION = make_told.told("b1", RECALL.replace("2 viên", "4 viên"), title=f"Đính chính: {COPY.article.title}")
REASONS = {  # every public name of refine.because -> what its reason has, and two articles that are joined for it
    "EQUAL": (because.EQUAL, COPY, make_told.told("b1")),
    "CORRECTED": (because.CORRECTED, COPY, CORRECTION),
    "SAME_FACTS": (because.SAME_FACTS, COPY, make_told.told("b1", source="skds")),
    "same": ("câu trùng nhau; cùng", COPY, make_told.told("b1", f"{RECALL}\nMời bạn đọc xem thêm.", source="skds")),
    "differing": (
        "nhưng nói khác nhau: 2 ↔ 4",
        COPY,
        make_told.told("b1", RECALL.replace("2 viên", "4 viên"), source="skds"),
    ),
    "unshared": (
        "nhưng mỗi bài có số liệu riêng: 2 và 3",
        COPY,
        make_told.told("b1", CHANGED, source="skds"),
    ),
    "related": ("cách kể giống nhau; cùng số liệu", COPY, RELATED),
}


def test_no_reason_of_refining_is_left_out_here() -> None:
    own = {name for name, thing in vars(because).items() if getattr(thing, "__module__", "") == because.__name__}
    words = {name for name, thing in vars(because).items() if isinstance(thing, str)}
    assert set(REASONS) == {name for name in own | words if not name.startswith("_")}


@pytest.mark.parametrize(("words", "a", "b"), REASONS.values(), ids=REASONS)
def test_every_reason_that_refining_writes_is_told_where_all_may_be_shown(words: str, a: Told, b: Told) -> None:
    made = duplicates.compare(a, b)
    assert made is not None and words in made.because
    seen = reason(made, [Voice(make.telling(one.article), make.source(), "full") for one in (a, b)])
    assert words in seen
    assert len(seen.split("; ")) == len(made.because.split("; "))


def test_that_each_tells_a_figure_of_its_own_is_said_with_what_may_be_shown() -> None:
    shared, plain = "18/20 câu trùng nhau", "nhưng mỗi bài có số liệu riêng"
    made = link(f"{shared}; {plain}: 74 và 47, 3 viên và 2 viên")
    assert reason(made, voices()) == f"{shared}; {plain}"
    assert reason(made, voices(other="Hà Nội ghi nhận 47 ca sốt xuất huyết")) == f"{shared}; {plain}: 74 và 47"


def test_that_each_names_a_place_of_its_own_is_said() -> None:
    words = "18/20 câu trùng nhau; nhưng mỗi bài có địa danh riêng"
    assert reason(link(words), voices()) == words


def merges(story: Story) -> list[datetime | None]:
    seen = view(story, make.config(make.source("moh")), make.NOW + timedelta(days=9))
    return [merged_at(seen, voice) for voice in seen.others]


def test_what_a_person_merged_is_told_with_when() -> None:
    one, other, third = (make.telling(make.article(id)) for id in ("a1", "b1", "c1"))
    merge = Edit(1, "a1", "merge", "b1", "bientap", "một việc", make.NOW)
    links = (link(PLAIN), replace(link(PLAIN), b="c1"))
    assert merges(make.story(replace(one, edits=(merge,)), other, third, links=links)) == [make.NOW, None]
    later = Edit(2, "c1", "merge", "b1", "bientap", "một việc", make.NOW + timedelta(days=1))
    assert merges(make.story(one, other, replace(third, edits=(later,)), links=links[:1])) == [None, later.at]
