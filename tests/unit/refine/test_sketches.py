from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import Sketch, Told
from aggregator.refine import sketches
from aggregator.refine.contradictions import WINDOW
from tests.make_told import RECALL, RECALL_RETOLD, bulletin, told

LONG = "\n".join(bulletin("x", day, 40 + day).article.text for day in range(1, 20))


def found(one: Told, other: Told) -> bool:
    made = [sketches.sketch(each.article) for each in (one, other)]
    best = sketches.best(sketches.among(made))
    assert (other.article.id in best[one.article.id]) == (one.article.id in best[other.article.id])
    return other.article.id in best[one.article.id]


def test_a_text_is_found_reflowed_retyped_and_under_another_title():
    retyped = RECALL.replace("\n", " ").replace("hòa", "hoà").upper()
    assert found(told("a"), told("b", retyped, title="Nhà thuốc ngừng bán một lô thuốc"))


def test_an_excerpt_is_found_inside_a_long_text():
    two = ". ".join(RECALL.split(". ")[:2])
    assert found(told("a", two, title="Tin ngắn"), told("b", f"{LONG}\n{RECALL}\n{LONG}", title="Điểm tin"))


def test_a_story_in_other_words_is_found():
    assert found(told("a"), told("b", RECALL_RETOLD, title="Kháng sinh Cefalvin bị thu hồi"))


def test_two_titles_of_one_story_are_found():
    assert found(told("a", "", title="Thu hồi thuốc Cefalvin 500 mg"), told("b", "", title="Thuốc Cefalvin bị thu hồi"))


def test_what_shares_only_the_words_of_every_health_notice_is_not_found():
    other = "Trạm y tế xã khám bệnh miễn phí cho người cao tuổi trong tuần này, mời bà con đến đúng giờ."
    assert not found(told("a"), told("b", other, title="Khám bệnh miễn phí ở trạm y tế xã"))


def test_nothing_is_found_beyond_the_window():
    hours = WINDOW / timedelta(hours=1)
    assert found(told("a"), told("b", hours=hours))
    assert not found(told("a"), told("b", hours=hours + 1))


def test_an_article_shares_nothing_with_itself():
    made = sketches.sketch(told("a").article)
    assert sketches.among([made]) == {"a": {}}


def test_a_revised_text_has_another_place_of_the_same_second():
    one, other = (sketches.sketch(told("a", text).article) for text in (RECALL, RECALL_RETOLD))
    assert one.place != other.place
    assert one.place >> sketches.PLACE_BITS == other.place >> sketches.PLACE_BITS


def test_any_date_fits_a_database_integer():
    for year in (1, 1969, 9999):
        article = replace(told("a").article, published=datetime(year, 12, 31, tzinfo=UTC))
        assert -(2**63) <= sketches.sketch(article).place < 2**63


def test_of_a_crowd_the_nearest_and_the_most_alike_are_looked_at():
    crowd = [Sketch(f"a{n:03}", n << sketches.PLACE_BITS, tuple(range(0, 20, 2)), "r") for n in range(200)]
    asked = replace(crowd[100], article="new")
    shared = sketches.sharing([asked], crowd, sketches.REACH, sketches.HOLDERS, sketches.LEAST)["new"]
    assert sorted(shared) == [f"a{n:03}" for n in range(100 - sketches.HOLDERS, 101 + sketches.HOLDERS)]
    assert len(sketches.best({"new": shared})["new"]) == sketches.MOST


def test_the_best_come_first_whichever_search_found_them():
    assert sketches.best({"a": {"b": 5, "c": 9}}, {"a": {"d": 9}}) == {"a": ("c", "d", "b")}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_has_keys_of_31_bits_that_follow_from_its_words(text: str, title: str):
    made = sketches.sketch(told("a", text, title=title).article)
    assert made == sketches.sketch(told("a", text, title=title).article)
    assert all(0 <= key < 2**31 for key in made.keys)
    assert list(made.keys) == sorted(set(made.keys))
