"""How much a text reads like an urgent notice, and how much like a report of one: as was learned from labelled texts.

Every word and pair of words of the text counts once, and once more where it stands in the title. Pure.
"""

from aggregator.refine import learned
from aggregator.refine.matching import Text
from aggregator.refine.vocabulary.shapes import Weights

TITLE = "^"  # before a feature of the title
READ = 2500  # code points of the body that are read: a notice says so at once, and this bounds a long text's work


FULL = 50  # words of a text that says enough: what a shorter one reads like counts for less


def features(text: Text) -> set[str]:
    """The words of the text that count, and its pairs of words."""
    plain = text.plain[: text.body + READ]
    title = learned.words(plain[: text.lead])
    return {*learned.grams(title, TITLE), *learned.grams(learned.words(plain))}


def margin(weights: Weights, text: Text) -> float:
    """Above 0 it reads like a notice, below like a report; about 1 away from it where that is sure."""
    sure = min(1.0, len(learned.words(text.plain[: text.body + READ])) / FULL)
    return learned.margin(weights, features(text)) * sure
