import re
from collections import Counter
from pathlib import Path

import pytest

from tests.evals.pairs import make
from tests.evals.pairs.edits import EDITS
from tests.evals.pairs.written import HALVES, HERE, Half, bases, series
from tests.evals.pairs_eval import ALLOWED, judged, report, scores

# Asked by issue 4 (all of the set; half of it is open). Never to be lowered.
PAIRS, HARD, ONE_FACT = 400, 1500, 300
DUPLICATE_RECALL, STORY_F1, HIDDEN = 0.97, 0.92, 0


def every() -> list[make.Pair]:
    return [pair for half in HALVES for pair in make.pairs(half)]


def test_the_set_is_as_large_as_was_asked():
    counts = Counter(pair.expect for pair in every())
    assert counts["duplicate"] + counts["story"] >= PAIRS
    assert counts["different"] + counts["not duplicate"] >= HARD
    assert counts["not duplicate"] >= ONE_FACT
    assert sum(len(bases(half)) for half in HALVES) >= 60
    assert sum(len(base.retold) for half in HALVES for base in bases(half)) >= 50


@pytest.mark.parametrize("half", HALVES)
def test_every_edit_is_met_in_each_half(half: Half):
    duplicates = {pair.edit for pair in make.pairs(half) if pair.expect == "duplicate"}
    assert set(EDITS) <= duplicates
    facts = {pair.edit for pair in make.pairs(half) if pair.expect == "not duplicate"}
    for kind in ("figure", "dose", "lot", "date", "place", "telephone", "document"):
        assert f"one {kind} differs" in facts


def test_the_files_are_what_the_maker_makes(tmp_path: Path):
    make.write(tmp_path)
    for made in sorted(tmp_path.iterdir()):
        assert made.read_bytes() == (HERE / made.name).read_bytes(), "type: python -m tests.evals.pairs.make"
    assert len(list(tmp_path.iterdir())) == 4


def test_the_halves_share_no_text():
    said = [{side.telling.text.text for pair in make.pairs(half) for side in (pair.a, pair.b)} for half in HALVES]
    assert not said[0] & said[1]
    names = [{base.id for base in bases(half)} | {id for id, _, _ in series(half)} for half in HALVES]
    assert not names[0] & names[1]


@pytest.mark.parametrize("half", HALVES)
def test_what_must_not_be_one_article_is_never_the_same_text(half: Half):
    def words(text: str) -> list[str]:
        return re.findall(r"\w+", text)

    for pair in make.pairs(half):
        if pair.expect != "duplicate":
            assert words(pair.a.telling.text.text) != words(pair.b.telling.text.text), pair


@pytest.mark.parametrize("half", HALVES)
def test_articles_are_as_long_as_news_is(half: Half):
    for base in bases(half):
        text = base.first.text
        assert 120 <= len(f"{text.lead} {text.text}".split()) <= 400, base.id


def test_near_duplicates_of_the_open_half_are_found():
    assert scores(judged("open")).duplicate_recall >= DUPLICATE_RECALL


def test_no_pair_of_the_open_half_that_tells_a_fact_differently_is_one_article():
    assert scores(judged("open")).hidden == HIDDEN


def test_stories_of_the_open_half_told_in_other_words_are_found():
    assert scores(judged("open")).story_f1 >= STORY_F1


@pytest.mark.slow
def test_the_report_names_every_error_of_the_open_half_and_none_of_the_sealed():
    wrong = [one for one in judged("open") if not one.right]
    printed = report()
    assert all(f"  {one.id} is {one.expect}" in printed for one in wrong)
    assert not re.search(r"sealed-\d", printed)


@pytest.mark.parametrize("half", ["open", pytest.param("sealed", marks=pytest.mark.slow)])
def test_every_decision_says_why(half: Half):
    assert all(one.because for one in judged(half) if one.said != "different")
    assert all(one.said in ALLOWED["duplicate"] + ALLOWED["not duplicate"] for one in judged(half))
