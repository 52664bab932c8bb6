from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from tests.evals import about_eval, pairs_eval
from tests.evals.about import facts, notices
from tests.evals.about.texts import read
from tests.evals.tags_eval import score

# Sets written blind, scored once, then opened (the SCORES.md of each): whole halves, and notices alone.
HALVES = ("blind2", "blind3")
NOTICES = (*HALVES, "blind4", "blind5", "blind6", "dev7", "dev8")
# Floors of issue 4, never to be lowered.
TAGS = {"place": 0.96, "disease": 0.94, "authority": 0.93}
OF_NOTICES = {"recall": 0.98, "precision": 0.95, "validity": 0.98}
# No aim of the issue: what the opened sets score with the rules mended after them, so that it does not fall again.
WINDOWS = {"blind2": 1.0, "blind3": 0.95, "blind4": 1.0, "blind5": 0.95, "blind6": 0.97}
DUPLICATE_RECALL, HIDDEN, STORY_F1, DOCUMENTS = 0.97, 0, 0.92, 0.99


def folder(half: str) -> Path:
    return Path(__file__).with_name(half)


@cache
def judged(half: str):
    return pairs_eval.judged_in(folder(half) / "pairs/texts.jsonl", folder(half) / "pairs/pairs.jsonl")


@cache
def figures(name: str):
    return notices.figures(notices.judge(notices.reader(), read(folder(name) / "urgent-blind.jsonl")))


@pytest.mark.parametrize("half", HALVES)
def test_the_pairs_are_what_their_texts_make(half: str, tmp_path: Path):
    make = import_module(f"tests.evals.{half}.pairs.make")
    make.HALF.write(tmp_path)
    for name in ("pairs.jsonl", "texts.jsonl"):
        same = (tmp_path / name).read_bytes() == (make.HERE / name).read_bytes()
        assert same, f"{name} is stale; run python -m tests.evals.{half}.pairs.make"


@pytest.mark.parametrize("half", HALVES)
def test_near_duplicates_are_found_and_no_fact_is_hidden(half: str):
    found = pairs_eval.scores(judged(half))
    assert found.duplicate_recall >= DUPLICATE_RECALL
    assert found.hidden == HIDDEN


@pytest.mark.parametrize("half", HALVES)
def test_stories_told_in_other_words_are_found(half: str):
    assert pairs_eval.scores(judged(half)).story_f1 >= STORY_F1


@pytest.mark.parametrize("kind", TAGS)
def test_tags_reach_their_floors(kind: str):
    assert score(kind, about_eval.judged_tags(read(folder("blind2") / "tags-blind.jsonl"))).f1 >= TAGS[kind]


@pytest.mark.parametrize("half", HALVES)
def test_numbers_of_documents_reach_their_floor(half: str):
    lines = read(folder(half) / "documents-blind.jsonl")
    found, told = about_eval.judged_documents(lines), facts.figures(facts.reader(), lines)
    assert score("document", found.judged).f1 >= DOCUMENTS
    assert found.exact >= DOCUMENTS * found.expected
    assert min(told.type, told.issuer) >= 0.98
    assert told.date >= 0.96


@pytest.mark.parametrize("what", OF_NOTICES)
@pytest.mark.parametrize("name", NOTICES)
def test_urgent_notices_and_their_stated_ends_reach_their_floors(name: str, what: str):
    assert getattr(figures(name), what) >= OF_NOTICES[what]


@pytest.mark.parametrize("name", WINDOWS)
def test_places_and_times_that_people_are_asked_about_do_not_fall_back(name: str):
    assert figures(name).windows >= WINDOWS[name]
