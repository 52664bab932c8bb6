"""What two aligned sentences tell differently. What only one of them tells is no difference."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from aggregator.refine.facts import Kind, Sentence, is_foreign, kind_of
from aggregator.text import words

# Words that are facts when one stands in the place of another.
FACT_WORDS = words("sáng trưa chiều tối đêm dương âm trong ngoài trước sau tăng giảm nam nữ nhật")
PLACE_WORDS = words("tỉnh phố thôn xã phường huyện quận trấn đường khu ấp")
NEGATIONS = frozenset(("không", "chưa", "chẳng"))
NO_DENIAL = (["ít"], ["chỉ"], ["những"])
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
    """Facts that the two tell differently, sorted. Equal sentences have none."""
    if a.tokens == b.tokens:
        return ()
    found: set[Difference] = set()
    gone: list[str] = []
    come: list[str] = []
    for a1, a2, b1, b2 in _changes(a.tokens, b.tokens):
        gone.extend(a.tokens[a1:a2])
        come.extend(b.tokens[b1:b2])
        if max(a2 - a1, b2 - b1) <= REWRITTEN:
            found.update(_replaced(a.tokens[a1:a2], b.tokens[b1:b2]))
            found.update(_renamed(a, b, (a1, a2, b1, b2)))
    if max(len(gone), len(come)) <= MOVED * max(len(a.tokens), len(b.tokens)):
        found.update(_exchanged(gone, come))
        found.update(_negated(gone, come))
    return tuple(sorted(found or _swapped(a.tokens, b.tokens)))


def _changes(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Passages [a1, a2) that became [b1, b2); two with a single equal token between them are one.

    Not so what only one has before or behind all of the other: there, a longer sentence holds a shorter one.
    """
    found: list[tuple[int, int, int, int]] = []
    for step, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if step == "equal":
            continue
        near = found and a1 - found[-1][1] <= 1 and b1 - found[-1][3] <= 1
        if near and not (_is_edge(found[-1], a, b) or _is_edge((a1, a2, b1, b2), a, b)):
            found[-1] = (found[-1][0], a2, found[-1][2], b2)
        else:
            found.append((a1, a2, b1, b2))
    if found and found[-1][1] == len(a) and found[-1][3] == len(b):
        found[-1:] = _cut_off(found[-1])
    return found


def _cut_off(change: tuple[int, int, int, int]) -> list[tuple[int, int, int, int]]:
    """The change at the end of a sentence; where one breaks off in it, what the other has beyond is its own change."""
    a1, a2, b1, b2 = change
    size = min(a2 - a1, b2 - b1)
    if not 0 < size <= REWRITTEN < max(a2 - a1, b2 - b1):
        return [change]
    return [(a1, a1 + size, b1, b1 + size), (a1 + size, a2, b1 + size, b2)]


def _is_edge(change: tuple[int, int, int, int], a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether one has all of it, more than REWRITTEN tokens, and it stands at an end of the sentence."""
    a1, a2, b1, b2 = change
    alone = (a1 == a2 and b2 - b1 > REWRITTEN) or (b1 == b2 and a2 - a1 > REWRITTEN)
    return alone and (a1 == b1 == 0 or (a2 == len(a) and b2 == len(b)))


def _replaced(left: Sequence[str], right: Sequence[str]) -> list[Difference]:
    """What stood in one passage and stands changed in the other: facts of any kind, and fact words."""
    only_left, only_right = _own(left, right), _own(right, left)
    found = _exchanged(left, right)
    if only_left and only_right and not found:
        found.append(Difference("num", only_left[0], only_right[0]))
    if max(len(left), len(right)) <= 3:
        words_left, words_right = ([token for token in side if token in FACT_WORDS] for side in (left, right))
        found += [Difference("word", one, other) for one in words_left for other in words_right if one != other]
    return found


def _swapped(a: Sequence[str], b: Sequence[str]) -> set[Difference]:
    """The same facts in other places of the same words: "Hà Nội 12 ca, Huế 13 ca" told the other way round."""
    shape_a, shape_b = ([kind_of(token) or token for token in side] for side in (a, b))
    if shape_a == list(a) or sorted(_own(a, ())) != sorted(_own(b, ())):
        return set()
    blocks = SequenceMatcher(None, shape_a, shape_b, autojunk=False).get_matching_blocks()
    pairs = ((a[i + n], b[j + n]) for i, j, size in blocks for n in range(size))
    return {Difference(kind_of(one) or "word", one, other) for one, other in pairs if not agree(one, other)}


def _exchanged(left: Sequence[str], right: Sequence[str]) -> list[Difference]:
    """Facts of one kind, on either side one that the other lacks."""
    only_left, only_right = _own(left, right), _own(right, left)
    pairs = ((one, other, kind_of(one)) for one in only_left for other in only_right)
    return [Difference(kind, one, other) for one, other, kind in pairs if kind and kind == kind_of(other)]


def _own(side: Sequence[str], other: Sequence[str]) -> list[str]:
    """Facts of the side that have no partner on the other, each of which is a partner once."""
    free = [token for token in other if token[0] == "#"]
    own: list[str] = []
    for token in (token for token in side if token[0] == "#"):
        partner = next((one for one in free if agree(token, one)), None)
        if partner is None:
            own.append(token)
        else:
            free.remove(partner)
    return own


def agree(one: str, other: str) -> bool:
    """Whether two tokens tell one fact: the same value, or the same number with its measure left out once."""
    if one == other:
        return True
    if one[0] != "#" or other[0] != "#":
        return False
    (value, measure), (other_value, other_measure) = value_and_measure(one), value_and_measure(other)
    return value == other_value and not (measure and other_measure)


@lru_cache(maxsize=1 << 14)
def value_and_measure(token: str) -> tuple[str, str]:
    """What a fact token says without its kind, and its measure: "#num:500mg" -> "500", "mg"."""
    held = token[token.index(":") + 1 :]
    if not token.startswith("#num:"):
        return held, ""
    number = held.rstrip("".join(set(held) - set("0123456789.")))
    return number, held[len(number) :]


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
        left, right = (_count(side, sense) for side in (gone, come))
        if left != right and max(len(gone), len(come)) <= 3:
            return [Difference("not", " ".join(gone), " ".join(come))]
    return []


def _count(side: Sequence[str], sense: frozenset[str]) -> int:
    """How often the sense stands there; "không ít", "không chỉ" deny nothing."""
    return sum(one in sense and side[at + 1 : at + 2] not in NO_DENIAL for at, one in enumerate(side))
