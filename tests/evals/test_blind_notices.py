from functools import cache
from pathlib import Path

import pytest

from tests.evals.about import notices
from tests.evals.about.texts import read

SETS = ("blind4", "blind5")  # of notices alone; opened after they were scored once (their SCORES.md)
FLOORS = {"recall": 0.98, "precision": 0.95, "validity": 0.98}  # of issue 4, never to be lowered


@cache
def figures(name: str):
    texts = read(Path(__file__).with_name(name) / "urgent-blind.jsonl")
    return notices.figures(notices.judge(notices.reader(), texts))


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("what", FLOORS)
def test_opened_sets_of_notices_stay_above_the_floors(name: str, what: str):
    assert getattr(figures(name), what) >= FLOORS[what]
