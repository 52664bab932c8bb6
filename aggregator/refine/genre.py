"""How much a text reads like an urgent notice, and how much like a report of one: as was learned from labelled texts.

Every word and pair of words of the text counts once, and once more where it stands in the title. Pure.
"""

from aggregator.refine import learned
from aggregator.refine.matching import Text
from aggregator.refine.vocabulary.shapes import Weights

TITLE = "^"  # before a feature of the title
READ = 1200  # code points of the body that are read: a notice says so at once, and this bounds a long text's work


FULL = 50  # words of a text that says enough: what a shorter one reads like counts for less


def features(text: Text) -> set[str]:
    """The words of the text that count, and its pairs of words."""
    return _features(text, _told(text))


def margin(weights: Weights, text: Text) -> float:
    """Above 0 it reads like a notice, below like a report; about 1 away from it where that is sure."""
    told = _told(text)
    return learned.margin(weights, _features(text, told)) * min(1.0, len(told) / FULL)


def _told(text: Text) -> list[str]:
    return learned.words(text.plain[: text.body + READ])


def _features(text: Text, told: list[str]) -> set[str]:
    return learned.grams(learned.words(text.plain[: text.lead]), TITLE) | learned.grams(told)
