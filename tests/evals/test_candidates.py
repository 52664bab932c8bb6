import pytest

from tests.evals.candidates_eval import as_written, edited

# Floors, never to be lowered: what is linked when everything is compared must be among the candidates.
AS_WRITTEN = 1.0
EDITED = 0.99


def test_no_link_is_lost_for_want_of_a_candidate():
    assert {one.name: one.lost for one in as_written() if one.recall < AS_WRITTEN} == {}


def test_candidates_are_few_beside_all_pairs():
    whole = next(one for one in as_written() if one.name == "all of the labelled set")
    assert whole.linked < whole.candidates < whole.articles * (whole.articles - 1) / 2 / 10


@pytest.mark.slow
def test_longer_and_shorter_versions_are_found_too():
    assert {one.name: one.lost for one in edited() if one.recall < EDITED} == {}


@pytest.mark.slow
def test_every_set_has_links_to_lose():
    assert all(one.linked > 100 for one in edited())
