"""Why two texts that share much are two events all the same: fillings of one template, or a follow-up. Pure."""

import re
from difflib import SequenceMatcher

from aggregator.refine.alignment import Alignment
from aggregator.refine.compared import Compared
from aggregator.refine.differences import Difference, agree
from aggregator.refine.facts import shown
from aggregator.refine.shares import share

TEMPLATE = 0.4  # share of the shorter text from which a name that differs on top makes two fillings of one template
RETITLED = 0.8  # share of tokens in order from which two headlines are one: a single changed figure leaves .85 and more
NOT_FIGURE = re.compile(r"[^\d.]+.*")  # the measure behind a figure
APART = frozenset(("doc", "lot", "place"))
APART_ON_TOP = frozenset(("date", "name"))
APART_WORDS = {
    "doc": "hai văn bản",
    "lot": "hai lô",
    "place": "hai nơi",
    "date": "hai ngày",
    "name": "hai tên",
}


def fillings(a: Compared, b: Compared, alignment: Alignment) -> str:
    """Why two fillings of one template are two events: another document, lot, place; another day or name on top."""
    if share(a, b, alignment) < TEMPLATE:
        return ""
    tops = set(a.reading.opening) | {0}, set(b.reading.opening) | {0}
    for i, j, found in alignment.differences():
        on_top = (i in tops[0] or j in tops[1]) and not is_retitled(a, b, i, j, found)
        if found.kind in APART or (on_top and found.kind in APART_ON_TOP):
            return f"{APART_WORDS[found.kind]}: {shown(found.left)} và {shown(found.right)}"
    return ""


def follow_up(a: Compared, b: Compared, alignment: Alignment) -> str:
    """Why the later one only quotes the earlier: another day, its own opening, and words that look back."""
    if not may_follow_up(a, b):
        return ""
    _, last = _in_time(a, b)
    kept = alignment.in_b if last is b else alignment.in_a
    new_top = not any(i in kept for i in last.reading.opening)
    return "bài sau dẫn lại bài trước" if new_top else ""


def may_follow_up(a: Compared, b: Compared) -> bool:
    """Whether one is of a later day and looks back."""
    first, last = (one.about for one in _in_time(a, b))
    if first.local_day >= last.local_day:
        return False
    told = {NOT_FIGURE.sub("", one) for one in first.numbers} if last.risen else set()
    return last.follow_up or bool(last.risen - told)


def _in_time(a: Compared, b: Compared) -> tuple[Compared, Compared]:
    return (b, a) if (b.published, b.id) < (a.published, a.id) else (a, b)


def is_retitled(a: Compared, b: Compared, i: int, j: int, found: Difference) -> bool:
    """Whether two headlines in other words only chose other facts, both of which both bodies tell.

    A headline in the same words that says another figure is a correction, whatever the bodies say.
    """
    one, other = a.sentences[i], b.sentences[j]
    if one.field != "title" or other.field != "title" or "#" not in (found.left[0], found.right[0]):
        return False
    if SequenceMatcher(None, one.tokens, other.tokens, autojunk=False).ratio() >= RETITLED:
        return False
    return all(
        any(agree(token, said) for line in side.sentences if line.field != "title" for said in line.tokens)
        for side in (a, b)
        for token in (found.left, found.right)
    )
