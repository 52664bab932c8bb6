"""Why two articles are linked, in words for readers."""

from collections.abc import Sequence

from aggregator.refine import likeness
from aggregator.refine.alignment import Alignment
from aggregator.refine.compared import Compared
from aggregator.refine.differences import Difference
from aggregator.refine.facts import shown

EQUAL = "cùng nguồn, hai địa chỉ, nội dung giống hệt nhau"
CORRECTED = "cùng nguồn; bài sau đính chính bài trước"
SAME_FACTS = "cùng số liệu, ngày và địa danh"


def same(a: Compared, b: Compared, alignment: Alignment) -> str:
    """Of a text that stands twice."""
    return f"{_sentences_shared(a, b, alignment)}; {SAME_FACTS}"


def differing(a: Compared, b: Compared, alignment: Alignment, kinds: Sequence[Difference]) -> str:
    """Of a text that is told with other facts."""
    return f"{_sentences_shared(a, b, alignment)}; {_disagreement(kinds)}"


def unshared(a: Compared, b: Compared, alignment: Alignment, apiece: Sequence[Difference]) -> str:
    """Of a text where each has facts for itself."""
    pairs = [f"{shown(one.left)} và {shown(one.right)}" for one in apiece if one.kind != "place"][:3]
    own = f"số liệu riêng: {', '.join(pairs)}" if pairs else "địa danh riêng"
    return f"{_sentences_shared(a, b, alignment)}; nhưng mỗi bài có {own}"


def _sentences_shared(a: Compared, b: Compared, alignment: Alignment) -> str:
    sides = [
        (sum(one.reading.weights), len(kept), len(one.sentences))
        for one, kept in ((a, alignment.in_a), (b, alignment.in_b))
    ]
    _, shared, whole = min(sides)
    return f"{shared}/{whole} câu trùng nhau"


def related(a: Compared, b: Compared, kinds: Sequence[Difference]) -> str:
    """Of one event in other words."""
    both = sorted(a.labels[key] for key in b.labels if key in a.labels)
    facts = a.telling & b.telling
    best = sorted(facts, key=lambda term: (-likeness.fact_weight(term), term))[:5]
    parts = [f"cùng nói về {', '.join(both[:4])}"] if both else ["cách kể giống nhau"]
    parts += [f"cùng số liệu {', '.join(map(shown, best))}"] if best else []
    parts += [_disagreement(kinds)] if kinds else []
    return "; ".join(parts)


def _disagreement(kinds: Sequence[Difference]) -> str:
    pairs = [f"{shown(one.left)} ↔ {shown(one.right)}" for one in kinds[:3]]
    return f"nhưng nói khác nhau: {', '.join(pairs)}"
