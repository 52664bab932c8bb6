"""Facts that two tellings of one event tell differently by a slip: 134 people and 143, the 24th and the 25th. Pure.

Such tellings stand in other words, so no sentence of one is aligned with one of the other; and most facts that only
one of them tells are told by it alone. A slip is seen where both count one thing by figures that are near in their
digits, give one age each, or name one day's neighbour in one matter, and neither says anywhere what the other says.
Measured on the retellings of tests/evals (pairs, blind2, blind3), with wrong values put into them: of 107 a third is
found, and of 181 pairs of retellings that agree none is said to disagree.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from aggregator.model import Disagreement, FactKind, Field
from aggregator.refine.differences import value_and_measure
from aggregator.refine.disagreement import MOST
from aggregator.refine.facts import Kind, Sentence, kind_of, shown
from aggregator.refine.likeness import COMMON, FUNCTION

KINDS: dict[Kind, FactKind] = {"num": "figure", "date": "time", "tel": "phone", "doc": "document"}
AROUND = 6  # words on either side of a day, of which both tellings share one that is not in every health notice
LONG = 3  # digits from which one other digit is a slip; of shorter figures only the same digits in another order
AGE = "tuổi"


@dataclass(frozen=True, slots=True)
class Said:
    """A fact of one telling: its digits, what it counts (or is about), and where it stands."""

    kind: Kind
    token: str
    digits: str
    of: frozenset[str]
    field: Field


def facts(a: Sequence[Sentence], b: Sequence[Sentence]) -> tuple[Disagreement, ...]:
    """At most MOST facts that the two tell differently by a slip. What could be a slip of two facts is left out."""
    own_a, own_b = list(_own(a, b)), list(_own(b, a))
    only_age = _ages(a) == _ages(b) == 1
    found = [(one, other) for one in own_a for other in own_b if _is_slip(one, other, only_age)]
    left, right = Counter(one.token for one, _ in found), Counter(other.token for _, other in found)
    clear = {(one.token, other.token): (one, other) for one, other in found}
    pairs = [pair for (token, other_token), pair in clear.items() if left[token] == right[other_token] == 1]
    return tuple(
        Disagreement(KINDS[one.kind], shown(one.token), shown(other.token), one.field, other.field)
        for one, other in pairs[:MOST]
    )


def _own(text: Iterable[Sentence], other: Iterable[Sentence]) -> Iterator[Said]:
    """The facts whose value the other telling gives nowhere, each where it stands first."""
    told = {value_and_measure(token)[0] for one in other for token in one.tokens if token[0] == "#"}
    seen: dict[str, Said] = {}
    for sentence in text:
        for at, token in enumerate(sentence.tokens):
            kind = kind_of(token)
            if kind in KINDS and value_and_measure(token)[0] not in told:
                said = Said(kind, token, *_said(kind, sentence.tokens, at), sentence.field)
                seen.setdefault(token, said)
    return iter(seen.values())


def _said(kind: Kind, tokens: Sequence[str], at: int) -> tuple[str, frozenset[str]]:
    """The digits of the fact, and what it counts or is about."""
    value, measure = value_and_measure(tokens[at])
    if kind == "date":
        around = tokens[max(0, at - AROUND) : at + AROUND + 1]
        return value, frozenset(one for one in around if one[0] != "#") - FUNCTION - COMMON
    if kind == "doc":
        number, _, tail = value.partition("/")
        return number, frozenset((tail,))
    if kind == "tel":
        return value, frozenset(("tel",))
    counted = measure or next((one for one in tokens[at + 1 : at + 2] if one[0] != "#"), "")
    return value, frozenset((counted,)) - {""}


def _is_slip(one: Said, other: Said, only_age: bool) -> bool:
    if one.kind != other.kind or one.of.isdisjoint(other.of):
        return False
    if one.kind == "date":
        return _are_neighbours(one.digits, other.digits)
    return _are_near(one.digits, other.digits) or (only_age and AGE in one.of & other.of)


def _are_neighbours(one: str, other: str) -> bool:
    """Whether they are days, one after the other."""
    if len(one) != len(other) or len(one) < len("2026-01-01"):
        return False
    return abs(date.fromisoformat(one) - date.fromisoformat(other)).days == 1


def _are_near(one: str, other: str) -> bool:
    """Whether one may be the other mistyped; not so a rounded one: 520 and 500."""
    if len(one) != len(other) or len(one) < 2 or _noughts(one) != _noughts(other):
        return False
    changed = sum(left != right for left, right in zip(one, other, strict=True))
    return sorted(one) == sorted(other) or (changed == 1 and len(one) >= LONG)


def _noughts(value: str) -> int:
    return len(value) - len(value.rstrip("0"))


def _ages(text: Iterable[Sentence]) -> int:
    """How many ages it gives."""
    return len({one.digits for sentence in text for one in _counted(sentence) if AGE in one.of})


def _counted(sentence: Sentence) -> Iterator[Said]:
    for at, token in enumerate(sentence.tokens):
        if kind_of(token) == "num":
            yield Said("num", token, *_said("num", sentence.tokens, at), sentence.field)
