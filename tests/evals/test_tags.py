import pytest

from tests.evals.tags_eval import KEYS, judged, score

# Floors, never to be lowered. Issue 4 asks for F1: places .96, diseases .94, authorities .93, documents .99; they
# stand at or above that already, a step below what was measured when they were set, so that a new hard text may be
# added without a new rule on the same day. Topics are a matter of taste: their floor guards against a word that
# suddenly earns a topic everywhere.
FLOORS = {
    "topic": (0.94, 0.94, 0.95),
    "disease": (0.97, 0.97, 0.98),
    "place": (0.97, 0.97, 0.98),
    "authority": (0.96, 0.96, 0.97),
    "document": (0.99, 0.99, 0.99),
}


@pytest.mark.parametrize("kind", KEYS)
def test_tags_of_each_kind_stay_above_their_floors(kind):
    said, (precision, recall, f1) = score(kind), FLOORS[kind]
    assert said.precision >= precision
    assert said.recall >= recall
    assert said.f1 >= f1


def test_the_set_is_large_enough_to_mean_something():
    assert len({one.id for one in judged()}) >= 90
    assert len({one.id for one in judged() if one.trap}) >= 40


def test_no_trap_earns_a_place_an_authority_or_a_disease_that_is_not_there():
    fooled = [(one.id, one.kind, sorted(one.extra)) for one in judged() if one.trap and one.kind != "topic"]
    assert [each for each in fooled if each[2]] == []
