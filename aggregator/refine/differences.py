"""What two aligned sentences tell differently. What only one of them tells is no difference."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from aggregator.refine.facts import Kind, Sentence, is_foreign, kind_of, words

# Words that are facts when one stands in the place of another.
FACT_WORDS = words("sáng trưa chiều tối đêm dương âm trong ngoài trước sau tăng giảm nam nữ nhật")
PLACE_WORDS = words("tỉnh phố thôn xã phường huyện quận trấn đường khu ấp")
NEGATIONS = frozenset(("không", "chưa", "chẳng"))
TABOOED = frozenset(("cấm", "ngừng", "dừng"))
REWRITTEN = 8  # tokens: a longer passage in the place of another is told anew, not corrected
MOVED = 0.5  # share of the longer sentence: up to here, facts that moved within a sentence are held together


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """Two readings of one fact. `left` and `right` are the tokens, for the story's page and for reasons."""

    kind: Kind
    left: str
    right: str


def differences(a: Sentence, b: Sentence) -> tuple[Difference, ...]:
    """Facts that the two tell differently, sorted; what only one of them tells is no difference."""
    if a.tokens == b.tokens:
        return ()
    found: set[Difference] = set()
    gone: list[str] = []
    come: list[str] = []
    for step, a1, a2, b1, b2 in SequenceMatcher(None, a.tokens, b.tokens, autojunk=False).get_opcodes():
        if step == "replace" and max(a2 - a1, b2 - b1) <= REWRITTEN:
            found.update(_replaced(a.tokens[a1:a2], b.tokens[b1:b2]))
            found.update(_renamed(a, b, (a1, a2, b1, b2)))
        if step != "equal":
            gone.extend(a.tokens[a1:a2])
            come.extend(b.tokens[b1:b2])
    if max(len(gone), len(come)) <= MOVED * max(len(a.tokens), len(b.tokens)):
        found.update(_replaced(gone, come))
        found.update(_negated(gone, come))
    return tuple(sorted(found))


def _replaced(left: Sequence[str], right: Sequence[str]) -> list[Difference]:
    """Facts of one kind on both sides of which none is on the other, and fact words changed for each other."""
    only_left = [token for token in left if token[0] == "#" and token not in right]
    only_right = [token for token in right if token[0] == "#" and token not in left]
    found = [
        Difference(kind, one, other)
        for one in only_left
        if (kind := kind_of(one))
        for other in only_right
        if kind_of(other) == kind
    ]
    if len(left) <= 3 and len(right) <= 3:
        gone, come = ([token for token in side if token in FACT_WORDS] for side in (left, right))
        found += [Difference("word", one, other) for one in gone for other in come if one != other]
        if not found and only_left and only_right:
            found.append(Difference("num", only_left[0], only_right[0]))
    return found


def _renamed(a: Sentence, b: Sentence, span: tuple[int, int, int, int]) -> list[Difference]:
    a1, a2, b1, b2 = span
    left = [token for token, name in zip(a.tokens[a1:a2], a.names[a1:a2], strict=True) if name or is_foreign(token)]
    right = [token for token, name in zip(b.tokens[b1:b2], b.names[b1:b2], strict=True) if name or is_foreign(token)]
    only_left = [token for token in left if token not in b.tokens[b1:b2]]
    only_right = [token for token in right if token not in a.tokens[a1:a2]]
    if not only_left or not only_right:
        return []
    where = a.tokens[max(0, a1 - 1) : a2] + b.tokens[max(0, b1 - 1) : b2]
    kind: Kind = "name" if PLACE_WORDS.isdisjoint(where) else "place"
    return [Difference(kind, " ".join(only_left), " ".join(only_right))]


def _negated(gone: Sequence[str], come: Sequence[str]) -> list[Difference]:
    for sense in (NEGATIONS, TABOOED):
        left, right = (sum(token in sense for token in side) for side in (gone, come))
        if left != right and max(len(gone), len(come)) <= 3:
            return [Difference("not", " ".join(gone), " ".join(come))]
    return []
