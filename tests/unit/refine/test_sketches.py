from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aggregator.model import Article, Sketch, Told
from aggregator.refine import sketches
from aggregator.refine.contradictions import WINDOW
from tests.make_told import RECALL, RECALL_RETOLD, bulletin, commune, told

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


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 99), st.integers(0, 99), st.randoms(use_true_random=False))
def test_two_equal_texts_find_each_other_first_in_a_crowd_of_one_template(one: int, other: int, random: Random):
    assume(one != other)
    made = [sketches.sketch(commune(f"a{n:03}", one if n == other else n, hours=n / 4).article) for n in range(100)]
    a, b = made[one], made[other]
    random.shuffle(made)
    best = sketches.best(sketches.among(made))
    assert (best[a.article][0], best[b.article][0]) == (b.article, a.article)


@pytest.mark.parametrize("title", ["Tin của xã", "Thông báo nước sạch"])
@pytest.mark.parametrize("lead", ["", commune("x", 7).article.text.split(". ")[0]])
def test_an_equal_text_is_one_under_any_title_and_with_its_lead_told_twice(title: str, lead: str):
    one = commune("a", 7).article
    other = commune("b", 7, title=title, lead=lead).article
    assert whole(one) == whole(other)
    assert whole(one) != whole(commune("b", 8).article)


def test_notices_of_a_few_words_are_equal_under_one_title_alone():
    one, other = (told(id, "Chi tiết xem tệp đính kèm.", title=f"Thông báo số {id}").article for id in "12")
    assert whole(one) != whole(other)
    assert whole(one) == whole(replace(one, id="x"))


def whole(article: Article) -> int:
    return sketches.sketch(article).keys[0]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_has_keys_of_four_bytes_that_follow_from_its_words(text: str, title: str):
    made = sketches.sketch(told("a", text, title=title).article)
    assert made == sketches.sketch(told("a", text, title=title).article)
    assert all(-(2**31) <= key < 2**31 for key in made.keys)
    assert len([key for key in made.keys if key < 0]) == 1
    assert list(made.keys) == sorted(set(made.keys))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 99), st.integers(0, 99), st.randoms(use_true_random=False))
def test_a_cut_re_post_under_another_title_finds_its_text_in_a_crowd(one: int, at: int, random: Random):
    cut = station(one).article.text.partition("\n")[0]
    copy = sketches.sketch(told("copy", cut, title="Nước sinh hoạt của bà con", hours=at / 4).article)
    made = [copy, *(sketches.sketch(station(n).article) for n in range(100))]
    random.shuffle(made)
    assert f"a{one:03}" in sketches.best(sketches.among(made))["copy"]


def station(number: int) -> Told:
    """One of a hundred notices of one template, of a place and with figures of its own."""
    text = (
        f"Trạm y tế xã Tân {'ABCDEGHKLM'[number % 10]}{'aeiouy'[number // 17]}n lấy {311 + 7 * number} mẫu nước tại "
        f"{113 + number} điểm, kết quả đạt quy chuẩn. "
    )
    return told(f"a{number:03}", text + commune("x", 0).article.text, title="Kết quả lấy mẫu nước", hours=number / 4)
