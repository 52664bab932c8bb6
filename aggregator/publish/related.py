"""Which older stories a story's page names beside it, and what they share. Pure.

Only what is older than the story decides, and only the nearest of it: a page stays as it is when newer stories come.
So how rare a tag is cannot be counted. It is told by how long the newest few stories of the tag before this one took to
come: of a rare tag years, of one that each day brings some days.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log2

from aggregator.model import NEAREST, Line
from aggregator.publish.bulletin import View

SHOWN = 5  # stories that a page names
LONG_DAYS = 3650.0  # for which a tag counts that has fewer than NEAREST older stories
SAYS = {"document": 3, "disease": 2, "place": 1, "topic": 1}  # two of one disease are nearer than two of one topic
DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Related:
    """An older story, and the names of the tags that both have, the rarest first."""

    line: Line
    shared: tuple[str, ...]


def related(seen: View, near: Mapping[str, tuple[Line, ...]]) -> tuple[Related, ...]:
    """The older stories that share most with it, of equals the newest first.

    `near`: by shelf the NEAREST older stories, the newest first. Of each kind the rarest tag that both have counts:
    stories that list many places are not more related than others.
    """
    weights = {shelf: SAYS[_kind(shelf)] * rarity(lines, seen.speaker.published) for shelf, lines in near.items()}
    told = {line.path: line for lines in near.values() for line in lines}
    shared: dict[str, list[str]] = {path: [] for path in told}
    for shelf in sorted(near, key=lambda shelf: (-weights[shelf], shelf)):
        for line in near[shelf]:
            shared[line.path].append(shelf)
    scores = {path: _score(shelves, weights) for path, shelves in shared.items()}
    best = sorted(told, key=lambda path: (-scores[path], -told[path].published.timestamp(), path))[:SHOWN]
    names = _names(seen)
    return tuple(Related(told[path], tuple(names[shelf] for shelf in shared[path] if shelf in names)) for path in best)


def _score(shelves: Sequence[str], weights: Mapping[str, int]) -> int:
    best: dict[str, int] = {}
    for shelf in shelves:
        best[_kind(shelf)] = max(weights[shelf], best.get(_kind(shelf), 0))
    return sum(best.values())


def _kind(shelf: str) -> str:
    return shelf.partition("/")[0]


def rarity(lines: tuple[Line, ...], before: datetime) -> int:
    """What sharing a tag says: the more the longer its last NEAREST stories took to come; 1 for one of each day."""
    days = LONG_DAYS if len(lines) < NEAREST else (before - lines[-1].published).total_seconds() / DAY_S
    return 1 + round(log2(1 + max(days, 0.0)))


def _names(seen: View) -> dict[str, str]:
    """The names of the shelves that the story stands on for its tags, and for the places around them."""
    around = {f"place/{slug}": label for tag in seen.tags for slug, label in tag.within}
    return {**around, **{tag.key: tag.label for tag in seen.tags}}
