"""The reason of a link as a reader may see it: words and figures of a text only where both tellings show them. Pure.

The stored reason (refine.duplicates) names what was found in whole texts. Whatever of it is not known to be our own
words, or to stand in what both voices show, gives way to plain words.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from aggregator.model import Link
from aggregator.publish.bulletin import View
from aggregator.publish.voice import Voice
from aggregator.text import fold

OURS = re.compile(
    r"\d+/\d+ câu trùng nhau|cùng số liệu, ngày và địa danh|cách kể giống nhau|cùng nói về [^;]+"
    r"|cùng nguồn, hai địa chỉ, nội dung giống hệt nhau|cùng nguồn|bài sau đính chính bài trước"
    r"|nhưng mỗi bài có địa danh riêng"
)
"""Parts that hold no word of a text: counts, and labels of tags, which stand on the page anyway."""
FIGURES, DIFFERING, AGAINST = "cùng số liệu ", "nhưng nói khác nhau: ", " ↔ "
SOME_FIGURES, SOME_DIFFERING = "cùng số liệu trong nội dung", "nhưng có chi tiết nói khác nhau"
SOME_APIECE = "nhưng mỗi bài có số liệu riêng"
APIECE, BESIDE = f"{SOME_APIECE}: ", " và "
PLAIN = "cách kể giống nhau"


def reason(link: Link, voices: Sequence[Voice]) -> str:
    """Why the two were joined. `voices` are those that may be seen; of the others no word is told."""
    seen = {voice.telling.article.id: fold(voice.words) for voice in voices}
    a, b = seen.get(link.a, ""), seen.get(link.b, "")
    parts = dict.fromkeys(_part(part, a, b) for part in link.because.split("; "))
    return "; ".join(part for part in parts if part) or PLAIN


def merged_at(seen: View, voice: Voice) -> datetime | None:
    """When a person made the voice one with the speaker, or, where no link joined it, with another telling."""
    own, speaker, link = voice.telling.article.id, seen.speaker.telling.article.id, seen.link_to(voice)
    members = {telling.article.id for telling in seen.story.tellings}
    decisions = sorted((edit for one in seen.story.tellings for edit in one.edits), key=lambda one: (one.at, one.id))
    newest = {
        frozenset((edit.target, edit.value)): edit
        for edit in decisions
        if edit.action in {"merge", "split"} and own in (edit.target, edit.value) and edit.value in members
    }
    merges = [ends for ends, edit in newest.items() if edit.action == "merge" and (speaker in ends or not link)]
    return max((newest[ends].at for ends in merges), default=None)


def _part(part: str, a: str, b: str) -> str:
    if OURS.fullmatch(part):
        return part
    if part.startswith(FIGURES):
        kept = [one for one in part.removeprefix(FIGURES).split(", ") if _stands(one, a) and _stands(one, b)]
        return FIGURES + ", ".join(kept) if kept else SOME_FIGURES
    for opening, between, plain in ((DIFFERING, AGAINST, SOME_DIFFERING), (APIECE, BESIDE, SOME_APIECE)):
        if part.startswith(opening):
            pairs = [tuple(pair.split(between)) for pair in part.removeprefix(opening).split(", ")]
            kept = [between.join(pair) for pair in pairs if _both(pair, a, b) or _both(pair, b, a)]
            return opening + ", ".join(kept) if kept else plain
    return ""


def _both(pair: tuple[str, ...], left: str, right: str) -> bool:
    return len(pair) == 2 and _stands(pair[0], left) and _stands(pair[1], right)


def _stands(words: str, text: str) -> bool:
    """Whether the words stand in the text as they are printed here, between signs that are no letter or digit."""
    plain = re.escape(fold(words.strip("“”")))
    return re.search(rf"(?<![^\W_]){plain}(?![^\W_])", text) is not None
