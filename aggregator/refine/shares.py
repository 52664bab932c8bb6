"""How much of one text stands in another, and whether that is its top or common advice."""

from collections.abc import Collection, Iterable

from aggregator.refine import likeness
from aggregator.refine.alignment import Alignment
from aggregator.refine.compared import Compared

EDITED = 0.7  # share of a sentence's words that stand in its partners, from which it is all there
ADVICE = 0.3  # share of the shorter text that, when no opening is in it, is common advice and tells no story
ENOUGH = 20  # tokens of lead and text below which an article is only its title
NEWS = 2.0  # weight of the facts in the shared sentences from which they are news and no advice


def share(a: Compared, b: Compared, alignment: Alignment) -> float:
    """How much of the shorter body stands in the other, 0..1; 0 when one of them is only a title."""
    sizes = sum(a.reading.weights), sum(b.reading.weights)
    if min(sizes) < ENOUGH:
        return 0.0
    kept_a, kept_b = _kept(a, b, alignment.equal_a, alignment.pairs), _kept(b, a, alignment.equal_b, _turned(alignment))
    share_a, share_b = kept_a / sizes[0], kept_b / sizes[1]
    return share_a if sizes[0] < sizes[1] else share_b if sizes[1] < sizes[0] else max(share_a, share_b)


def _turned(alignment: Alignment) -> list[tuple[int, int]]:
    return [(j, i) for i, j in alignment.pairs]


def _kept(one: Compared, other: Compared, equal: Collection[int], pairs: Iterable[tuple[int, int]]) -> float:
    """How many tokens of the body stand in the other; of a sentence that holds shorter ones, only theirs."""
    partners: dict[int, set[str]] = {}
    for i, j in pairs:
        partners.setdefault(i, set()).update(other.sentences[j].bag)
    return sum(one.reading.weights[i] for i in equal) + sum(
        one.reading.weights[i] * _held(one.sentences[i].bag, words) for i, words in partners.items()
    )


def _held(bag: frozenset[str], words: set[str]) -> float:
    """The share of a sentence that the words of its partners make up; an edited sentence counts whole."""
    held = len(bag & words) / len(bag)
    return 1.0 if held >= EDITED else held


def is_advice(a: Compared, b: Compared, alignment: Alignment) -> bool:
    """Whether what the two share stands on top of neither and holds no figures: advice for everyone."""
    if share(a, b, alignment) < ADVICE or opening_kept(a, b, alignment):
        return False
    facts = set().union(*(likeness.telling(a.sentences[i]) for i in alignment.in_a))
    return sum(map(likeness.fact_weight, facts)) < NEWS


def opening_kept(a: Compared, b: Compared, alignment: Alignment) -> bool:
    """Whether one's opening stands in the other."""
    return any(
        2 * sum(one.reading.weights[i] for i in opening if i in kept)
        >= sum(one.reading.weights[i] for i in opening)
        > 0
        for one, kept in ((a, alignment.in_a), (b, alignment.in_b))
        if (opening := one.reading.opening)
    )
