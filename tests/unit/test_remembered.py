"""What a run remembers of compared articles, and when it forgets it."""

import gc

from aggregator.refine.compared import AT_HAND, READ, Compared
from aggregator.refine.duplicates import relate
from aggregator.steps import sweeping
from aggregator.steps.remembered import Remembered
from tests.make_told import RECALL, RECALL_RETOLD, told


def read(id: str) -> Compared:
    one = Compared(told(id))
    assert one.sentences
    return one


def test_what_a_visit_brought_counts_once_it_is_committed():
    held = Remembered()
    held.open(1)
    held.keep([read("a")], [read("b")])
    assert set(held.find("ab")) == {"a"}
    held.settle(lambda: 2)
    assert set(held.find("ab")) == {"a", "b"}


def test_of_a_visit_that_failed_nothing_is_remembered():
    held = Remembered()
    held.open(1)
    held.keep((), [read("b")])
    held.open(1)
    held.settle(lambda: 1)
    assert held.find("b") == {}


def test_all_is_forgotten_where_another_one_wrote_meanwhile():
    held = Remembered()
    held.open(1)
    held.keep([read("a")])
    held.settle(lambda: 2)
    held.open(2)
    assert set(held.find("a")) == {"a"}
    held.open(3)
    assert held.find("a") == {}


def test_the_latest_are_remembered_and_what_was_never_read_is_not():
    held = Remembered(most=2)
    held.open(1)
    held.keep([read("a"), read("b"), Compared(told("u"))])
    held.find("a")
    held.keep([read("c")])
    assert set(held.find("abcu")) == {"a", "c"}


def test_a_revised_article_takes_the_place_of_what_was_remembered():
    held = Remembered()
    held.open(1)
    held.keep([read("a")])
    revised = Compared(told("a", "Một văn bản khác hẳn, nói về việc khác."))
    held.keep((), [revised])
    held.settle(lambda: 2)
    assert held.find("a") == {}


def test_articles_whose_words_were_let_go_of_are_to_each_other_what_they_were():
    whole = [Compared(told("a")), Compared(told("b", RECALL_RETOLD, source="skds")), Compared(told("c", RECALL[:300]))]
    packed = [Compared(one._told) for one in whole]
    for one in packed:
        assert one.sentences
        one.pack()
        assert one._told is None and one._reading is None
    for i in range(3):
        for j in range(3):
            assert relate(packed[i], packed[j]) == relate(whole[i], whole[j])


def test_the_sentences_of_few_articles_are_at_hand_at_once():
    many = [read(f"a{number}") for number in range(READ + 5)]
    assert len(AT_HAND) <= READ
    assert [one._reading is None for one in many[:6]] == [True] * 5 + [False]


def test_a_run_leaves_the_garbage_collector_as_it_was():
    usual = gc.get_threshold()
    with sweeping.seldom():
        assert gc.get_threshold()[0] == sweeping.YOUNG
        assert gc.get_freeze_count() > 0
    assert (gc.get_threshold(), gc.get_freeze_count()) == (usual, 0)
