import re
from collections import Counter
from pathlib import Path

import pytest

from tests.evals.pairs import make
from tests.evals.pairs.edits import EDITS
from tests.evals.pairs.written import HERE, PARTS, Part, bases, series
from tests.evals.pairs_eval import ALLOWED, judged, report, scores

PAIRS, HARD, ONE_FACT = 400, 1500, 300
STORY_F1, HIDDEN = 0.92, 0
DUPLICATE_RECALL = 0.97


def every() -> list[make.Pair]:
    return [pair for part in PARTS for pair in make.pairs(part)]


def test_the_set_is_as_large_as_was_asked():
    counts = Counter(pair.expect for pair in every())
    assert counts["duplicate"] + counts["story"] >= PAIRS
    assert counts["different"] + counts["not duplicate"] >= HARD
    assert counts["not duplicate"] >= ONE_FACT
    assert sum(len(bases(part)) for part in PARTS) >= 60
    assert sum(len(base.retold) for part in PARTS for base in bases(part)) >= 50


@pytest.mark.parametrize("part", PARTS)
def test_every_edit_is_met_in_each_part(part: Part):
    duplicates = {pair.edit for pair in make.pairs(part) if pair.expect == "duplicate"}
    assert set(EDITS) <= duplicates
    facts = {pair.edit for pair in make.pairs(part) if pair.expect == "not duplicate"}
    for kind in ("figure", "dose", "lot", "date", "place", "telephone", "document"):
        assert f"one {kind} differs" in facts


def test_the_files_are_what_the_maker_makes(tmp_path: Path):
    make.write(tmp_path)
    for made in sorted(tmp_path.iterdir()):
        assert made.read_bytes() == (HERE / made.name).read_bytes(), "type: python -m tests.evals.pairs.make"
    assert len(list(tmp_path.iterdir())) == 4


def test_the_parts_share_no_text():
    said = [{side.telling.text.text for pair in make.pairs(part) for side in (pair.a, pair.b)} for part in PARTS]
    assert not said[0] & said[1]
    names = [{base.id for base in bases(part)} | {id for id, _, _ in series(part)} for part in PARTS]
    assert not names[0] & names[1]


@pytest.mark.parametrize("part", PARTS)
def test_what_must_not_be_one_article_is_never_the_same_text(part: Part):
    def words(text: str) -> list[str]:
        return re.findall(r"\w+", text)

    for pair in make.pairs(part):
        if pair.expect != "duplicate":
            assert words(pair.a.telling.text.text) != words(pair.b.telling.text.text), pair


@pytest.mark.parametrize("part", PARTS)
def test_articles_are_as_long_as_news_is(part: Part):
    for base in bases(part):
        text = base.first.text
        assert 120 <= len(f"{text.lead} {text.text}".split()) <= 400, base.id


@pytest.mark.parametrize("part", PARTS)
def test_near_duplicates_are_found(part: Part):
    assert scores(judged(part)).duplicate_recall >= DUPLICATE_RECALL


@pytest.mark.parametrize("part", PARTS)
def test_no_pair_that_tells_a_fact_differently_is_one_article(part: Part):
    assert scores(judged(part)).hidden == HIDDEN


@pytest.mark.parametrize("part", PARTS)
def test_stories_told_in_other_words_are_found(part: Part):
    assert scores(judged(part)).story_f1 >= STORY_F1


@pytest.mark.slow
def test_the_report_names_every_error():
    printed = report()
    assert all(f"  {one.id} is {one.expect}" in printed for part in PARTS for one in judged(part) if not one.right)


@pytest.mark.parametrize("part", PARTS)
def test_every_decision_says_why(part: Part):
    assert all(one.because for one in judged(part) if one.said != "different")
    assert all(one.said in ALLOWED["duplicate"] + ALLOWED["not duplicate"] for one in judged(part))
