"""Made-up texts that resemble each other as written ones do: tests/bench/resemblance.py measures both.

Words follow each other as in the texts that this project wrote for the demo and for its labelled sets; every number
is another one; clauses that stand in every notice come back. What is said makes no sense.
"""

import re
from functools import cache
from itertools import pairwise
from random import Random

from aggregator.demo import world
from tests.evals.pairs import written

KEPT = 0.9  # of the words follow the one before as in a written text, the others are drawn from all
STOCK = 40  # clauses that stand in many texts, of 5 to 9 words
RECURRING = 0.04  # of the words begin such a clause
# With these two texts share no fewer runs of words than written ones do, and about as many are worth comparing.


@cache
def material() -> tuple[str, ...]:
    """Every text that was written for itself: the demo's, and the labelled ones before anything is changed in them."""
    demo = [f"{one.title}. {one.body}" for name in world.names() for one in world.load(name).articles]
    texts = [base.first.text for part in written.PARTS for base in written.bases(part)]
    return (*demo, *(f"{one.title}. {one.lead} {one.text}" for one in texts))


@cache
def _words() -> tuple[str, ...]:
    return tuple(" ".join(material()).split())


@cache
def _after() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word, following in pairwise(_words()):
        found.setdefault(word, []).append(following)
    return found


@cache
def _stock() -> tuple[tuple[str, ...], ...]:
    draw, words = Random(7), _words()
    starts = [draw.randrange(len(words) - 9) for _ in range(STOCK)]
    return tuple(words[start : start + draw.randint(5, 9)] for start in starts)


def words(count: int, draw: Random) -> list[str]:
    """So many words, or a few more."""
    all_words, after, stock = _words(), _after(), _stock()
    told = [draw.choice(all_words)]
    while len(told) < count:
        chance = draw.random()
        if chance < RECURRING:
            told += draw.choice(stock)
        elif chance < RECURRING + KEPT:
            told.append(draw.choice(after.get(told[-1], all_words)))
        else:
            told.append(draw.choice(all_words))
    return [_renumbered(word, draw) for word in told]


def _renumbered(word: str, draw: Random) -> str:
    """The word with other digits, unless they are part of a name (COVID-19)."""
    if word[0].isalpha() or not any(map(str.isdigit, word)):
        return word
    return re.sub(r"\d", lambda digit: str(draw.randint(1, 9)) if digit[0] != "0" else "0", word)


def headline(draw: Random) -> str:
    """A title of 9 to 14 words."""
    told = " ".join(words(draw.randint(9, 14), draw)).strip(" .,;:“”\"'()–-")
    return told[0].upper() + told[1:]


def paragraphs(draw: Random) -> list[str]:
    """Four to thirteen paragraphs of two sentences' length each, 2,400 characters together on average."""
    return [_closed(words(draw.randint(35, 65), draw)) for _ in range(draw.randint(5, 14))]


def sentence(draw: Random) -> str:
    """A sentence of 12 to 20 words."""
    return _closed(words(draw.randint(12, 20), draw))


def _closed(told: list[str]) -> str:
    text = " ".join(told).strip(" ,;:")
    return f"{text[0].upper()}{text[1:].removesuffix('.')}."
