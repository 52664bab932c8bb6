"""The reason of a link as a reader may see it: words and figures of a text only where both tellings show them. Pure.

The stored reason (refine.duplicates) names what was found in whole texts. Whatever of it is not known to be our own
words, or to stand in what both voices show, gives way to plain words.
"""

import re
from collections.abc import Sequence

from aggregator.model import Link
from aggregator.publish.voice import Voice
from aggregator.text import fold

OURS = re.compile(r"\d+/\d+ câu trùng nhau|cùng số liệu, ngày và địa danh|cách kể giống nhau|cùng nói về [^;]+")
"""Parts that hold no word of a text: counts, and labels of tags, which stand on the page anyway."""
FIGURES, DIFFERING, AGAINST = "cùng số liệu ", "nhưng nói khác nhau: ", " ↔ "
SOME_FIGURES, SOME_DIFFERING = "cùng số liệu trong nội dung", "nhưng có chi tiết nói khác nhau"
PLAIN = "cách kể giống nhau"


def reason(link: Link, voices: Sequence[Voice]) -> str:
    """Why the two were joined. `voices` are those that may be seen; of the others no word is told."""
    seen = {voice.telling.article.id: fold(voice.words) for voice in voices}
    a, b = seen.get(link.a, ""), seen.get(link.b, "")
    parts = dict.fromkeys(_part(part, a, b) for part in link.because.split("; "))
    return "; ".join(part for part in parts if part) or PLAIN


def _part(part: str, a: str, b: str) -> str:
    if OURS.fullmatch(part):
        return part
    if part.startswith(FIGURES):
        kept = [one for one in part.removeprefix(FIGURES).split(", ") if _stands(one, a) and _stands(one, b)]
        return FIGURES + ", ".join(kept) if kept else SOME_FIGURES
    if part.startswith(DIFFERING):
        pairs = part.removeprefix(DIFFERING).split(", ")
        kept = [pair for pair in pairs if _both(pair, a, b) or _both(pair, b, a)]
        return DIFFERING + ", ".join(kept) if kept else SOME_DIFFERING
    return ""


def _both(pair: str, left: str, right: str) -> bool:
    one, _, other = pair.partition(AGAINST)
    return _stands(one, left) and _stands(other, right)


def _stands(words: str, text: str) -> bool:
    """Whether the words stand in the text as they are printed here, between signs that are no letter or digit."""
    plain = re.escape(fold(words.strip("“”")))
    return re.search(rf"(?<![^\W_]){plain}(?![^\W_])", text) is not None
