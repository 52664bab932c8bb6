"""Facts that the visible tellings of one story tell differently: shown at its top, none chosen for the reader."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aggregator.model import Disagreement, FactKind, Link
from aggregator.publish.voice import Voice

KIND_WORDS: dict[FactKind, str] = {
    "document": "Số văn bản",
    "lot": "Số lô",
    "figure": "Số liệu",
    "time": "Thời gian",
    "phone": "Số điện thoại",
    "place": "Địa điểm",
    "name": "Tên",
    "code": "Số hiệu",
    "denial": "Cách nói",
    "word": "Chi tiết",
}
MOST = 8  # facts in the box of one story


@dataclass(frozen=True, slots=True)
class Differing:
    """One fact told differently: its kind in words, and who says what."""

    kind: str
    sayings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """What the voices tell differently, each fact once. `more`: there are facts that may not be shown, or too many."""

    facts: tuple[Differing, ...]
    more: bool


def dispute(links: Iterable[Link], voices: Sequence[Voice]) -> Dispute | None:
    """What these voices tell differently, as far as its fields may be shown; None when their links know of nothing."""
    by_id = {voice.telling.article.id: voice for voice in voices}
    held = [(by_id[one.a], by_id[one.b], one.differing) for one in links if one.a in by_id and one.b in by_id]
    told = [(a, b, fact) for a, b, facts in held for fact in facts]
    if not told:
        return None
    shown = [_row(a, b, fact) for a, b, fact in told if a.shows(fact.a_field) and b.shows(fact.b_field)]
    rows = tuple(dict.fromkeys(shown))[:MOST]
    return Dispute(rows, more=len(rows) < len(set(shown)) or len(shown) < len(told))


def _row(a: Voice, b: Voice, fact: Disagreement) -> Differing:
    first, second = sorted(((a, fact.a), (b, fact.b)), key=lambda said: -said[0].authority)
    return Differing(KIND_WORDS[fact.kind], tuple((voice.label, words) for voice, words in (first, second)))
