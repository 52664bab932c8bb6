"""What of a link's reason a reader may see. That no file tells more is in test_scope."""

import pytest

from aggregator.model import Link, Told
from aggregator.publish.reasons import PLAIN, reason
from aggregator.publish.voice import Voice
from aggregator.refine import duplicates
from tests import make

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


def test_every_reason_that_refining_writes_is_told_whole_where_all_may_be_shown() -> None:
    texts = (
        "Hà Nội ghi nhận 74 ca sốt xuất huyết trong tuần. Phường Đống Đa có 12 ca. Người dân cần diệt loăng quăng.",
        "Hà Nội ghi nhận 47 ca sốt xuất huyết trong tuần. Phường Đống Đa có 12 ca. Người dân cần diệt loăng quăng.",
    )
    pairs = [(texts[0], texts[0]), texts]
    for a, b in pairs:
        rows = (("a1", "moh", a), ("b1", "skds", b))
        articles = [make.article(id, source=source, title=TITLE, lead="", text=text) for id, source, text in rows]
        made = duplicates.compare(*(Told(one, (), one.fetched_at) for one in articles))
        assert made is not None
        assert reason(made, [Voice(make.telling(one), make.source(), "full") for one in articles]) == made.because
