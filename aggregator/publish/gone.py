"""What a page says of tellings that readers may see no more: who took them away, and when; no word of them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.model import Telling
from aggregator.publish.visible import taken_down

WORDS = {
    "withdrawn": "{source} đã gỡ bài này",
    "suspended": "Bài của {source} tạm ẩn để đối chiếu lại với nguồn",
    "hidden": "{publisher} đã gỡ bài của {source}",
    "live": "Bài của {source} chưa đến giờ được đăng",
}
BESIDE = {
    "withdrawn": "{source} đã gỡ bài của mình về tin này",
    "hidden": "{publisher} đã gỡ bài của {source} về tin này",
}
"""What is said on the page of those who still tell the story; nothing of what may come back by itself."""
DECISIONS = {"takedown", "hide"}


@dataclass(frozen=True, slots=True)
class Gone:
    """One telling that is gone, in words of ours; `at` is None where no moment is known."""

    words: str
    at: datetime | None


def gone(tellings: Sequence[Telling], names: Sequence[str], publisher: str) -> tuple[Gone, ...]:
    """Each telling of a story that nobody tells here any more; `names` are those of their sources."""
    return tuple(_gone(WORDS, *pair, publisher) for pair in zip(tellings, names, strict=True))


def gone_beside(tellings: Sequence[Telling], names: Sequence[str], publisher: str) -> tuple[Gone, ...]:
    """Those of the tellings that are gone while others of their story are told."""
    pairs = zip(tellings, names, strict=True)
    return tuple(_gone(BESIDE, *pair, publisher) for pair in pairs if standing(pair[0]) in BESIDE)


def standing(telling: Telling) -> str:
    """Its status; `hidden` also where an editor hid it."""
    return "hidden" if taken_down(telling) else telling.status


def _gone(words: dict[str, str], telling: Telling, name: str, publisher: str) -> Gone:
    return Gone(words[standing(telling)].format(source=name, publisher=publisher), _at(telling))


def _at(telling: Telling) -> datetime | None:
    if not taken_down(telling):
        return telling.withdrawn_at
    return next((edit.at for edit in reversed(telling.edits) if edit.action in DECISIONS), None)
