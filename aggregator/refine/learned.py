"""What was learned from labelled texts: how much each feature weighs for a yes or a no. Pure.

A model is a bias and a weight for each feature, read from vocabulary/*.tsv; `python -m tests.evals.learn` makes these
files from the labelled sets. What is decided is the sign of the sum, so that every part of it can be told.
"""

import re
from collections.abc import Iterable
from itertools import pairwise, repeat
from math import fsum

from aggregator.refine.vocabulary.shapes import Weights

WORD = re.compile(r"[^\W\d_]+|\d+|[:;.,?!\"“]")
STOP = "."  # stands in every text, and says something beside a word only
NUMBER = "0"  # any number: which one it is says nothing of what a text is


def words(plain: str) -> list[str]:
    """The words and signs of lower-case text in order, every number as 0."""
    return [NUMBER if word[0].isdigit() else word for word in WORD.findall(plain)]


def grams(told: list[str], prefix: str = "") -> set[str]:
    """Each word, and each two that stand side by side, behind the prefix."""
    found = {*told, *map(" ".join, pairwise(told))} - {STOP}
    return {prefix + one for one in found} if prefix else found


def margin(weights: Weights, features: Iterable[str]) -> float:
    """The sum of what the features weigh: above 0 is a yes, and 1 about as sure as the texts it was learned from.

    It is rounded once, at the end: the order of the features changes nothing.
    """
    return fsum((weights.bias, *map(weights.of.get, features, repeat(0.0))))
