"""The generated feeds resemble real texts, so that a comparison over them says something."""

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.bench import feeds, resemblance
from tests.bench.resemblance import Resemblance


@pytest.fixture(scope="module")
def sets() -> tuple[Resemblance, Resemblance, Resemblance]:
    found = (resemblance.labelled(), resemblance.demo(), resemblance.generated())
    labelled, demo, generated = map(resemblance.measured, found)
    return labelled, demo, generated


def test_generated_texts_share_no_less_than_written_ones(sets: tuple[Resemblance, ...]) -> None:
    labelled, demo, generated = sets
    assert generated.words.mean >= max(labelled.words.mean, demo.words.mean)
    assert generated.runs.mean >= labelled.runs.mean and generated.runs.p95 >= max(labelled.runs.p95, demo.runs.p95)
    assert generated.compared >= max(labelled.compared, demo.compared)


def test_generated_texts_share_not_much_more_than_written_ones(sets: tuple[Resemblance, ...]) -> None:
    labelled, demo, generated = sets
    assert generated.words.mean <= 1.2 * demo.words.mean
    assert generated.runs.mean <= 1.2 * demo.runs.mean
    assert generated.compared <= 1.5 * labelled.compared


def test_generated_texts_have_as_many_tags_as_written_ones(sets: tuple[Resemblance, ...]) -> None:
    labelled, demo, generated = sets
    assert labelled.tags <= generated.tags <= 1.25 * demo.tags  # names stand beside each other by chance, too


def test_a_feed_is_equal_for_equal_numbers_and_tells_of_weeks() -> None:
    one = feeds.items(3)
    assert one == feeds.items(3) and len(one) == feeds.ITEMS and one[0].body != feeds.items(4)[0].body
    assert timedelta(days=20) < one[0].time - one[-1].time < timedelta(days=30)
    assert all(newer.time > older.time for newer, older in pairwise(one))


def test_every_tenth_item_copies_one_of_the_feed_before_it() -> None:
    before = {item.body.partition("</p>")[2] for item in feeds.items(2)}
    copied = [item for item in feeds.items(3) if item.body.partition("</p>")[2] in before]
    assert len(copied) == feeds.ITEMS // feeds.COPIED
