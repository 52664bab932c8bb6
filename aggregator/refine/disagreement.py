"""What two tellings of one story say differently, for its readers: the facts that weigh most first."""

from collections.abc import Iterable, Mapping, Sequence

from aggregator.model import Disagreement, FactKind, Field
from aggregator.refine.alignment import Alignment
from aggregator.refine.differences import Difference, value_and_measure
from aggregator.refine.facts import Kind, Sentence, kind_of, shown

MOST = 6  # of one pair: more is another text, and the reader is sent to the originals anyway
KINDS: dict[Kind, FactKind] = {
    "doc": "document",
    "lot": "lot",
    "num": "figure",
    "ord": "figure",
    "date": "time",
    "time": "time",
    "tel": "phone",
    "place": "place",
    "name": "name",
    "code": "code",
    "not": "denial",
    "word": "word",
}
NAMED = frozenset(("place", "name"))  # words that are compared in lower case and read with capitals
TOLD_ANYWHERE = frozenset(("date", "time", "place", "name"))
WEIGHT = tuple(KINDS)  # the kinds, from what must not be missed to what may be a matter of style


def told_differently(alignment: Alignment, in_other_words: bool = False) -> tuple[Disagreement, ...]:
    """At most MOST facts that the aligned sentences tell differently, each once, with the fields they stand in.

    A merge is forbidden by less: here a day or place that the other text tells in another sentence, or less exactly,
    is no dispute. A figure is one all the same: the same number elsewhere may count something else. Of tellings in
    other words the headlines alone are aligned, and there a figure in the place of another may measure something else.
    """
    found: dict[tuple[Kind, str, str], Disagreement] = {}
    in_a, in_b = _tokens(alignment.a), _tokens(alignment.b)
    for i, j, one in alignment.differences():
        exchanged = one.left in alignment.b[j].tokens and one.right in alignment.a[i].tokens
        elsewhere = one.kind in TOLD_ANYWHERE and (one.left in in_b or one.right in in_a)
        if (elsewhere and not exchanged) or _less_exact(one) or (in_other_words and _of_something_else(one)):
            continue
        fields = alignment.a[i].field, alignment.b[j].field
        told = Disagreement(KINDS[one.kind], _words(one.kind, one.left), _words(one.kind, one.right), *fields)
        found.setdefault((one.kind, one.left, one.right), told)
    ranked = sorted(found, key=lambda key: (WEIGHT.index(key[0]), list(found).index(key)))
    return tuple(found[key] for key in ranked[:MOST])


def told_apiece(
    alignment: Alignment, apiece: Iterable[Difference], labels: Mapping[str, str]
) -> tuple[Disagreement, ...]:
    """The same of facts that stand in no aligned sentences: each of two copies has one of a kind for itself.

    Places come as slugs and are named by the labels of their tags; where they stand is not known here, so they count
    as words of the text.
    """
    ranked = sorted(apiece, key=lambda one: WEIGHT.index(one.kind))[:MOST]
    return tuple(
        Disagreement(
            KINDS[one.kind],
            labels.get(f"place/{one.left}") or _words(one.kind, one.left),
            labels.get(f"place/{one.right}") or _words(one.kind, one.right),
            _field(alignment.a, one.left),
            _field(alignment.b, one.right),
        )
        for one in ranked
    )


def _field(text: Sequence[Sentence], token: str) -> Field:
    return next((one.field for one in text if token in one.tokens), "text") if token[0] == "#" else "text"


def _tokens(text: Sequence[Sentence]) -> frozenset[str]:
    return frozenset(token for sentence in text for token in sentence.tokens)


def _less_exact(one: Difference) -> bool:
    """Whether one names the year or month of the other's day."""
    left, right = (token.partition(":")[2] for token in (one.left, one.right))
    return one.kind == "date" and (left.startswith(right) or right.startswith(left))


def _of_something_else(one: Difference) -> bool:
    """Whether two figures share neither number nor measure ("20%", "1 tuần"), or only one of them is a figure."""
    figures = one.left.startswith("#"), one.right.startswith("#")  # of a denial one side may be empty
    if not all(figures):
        return any(figures)
    if kind_of(one.left) != kind_of(one.right):
        return True
    (value, measure), (other_value, other_measure) = value_and_measure(one.left), value_and_measure(one.right)
    return value != other_value and measure != other_measure


def _words(kind: Kind, token: str) -> str:
    words = shown(token).strip("“”")
    return words.title() if kind in NAMED else words
