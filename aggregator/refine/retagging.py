"""What other rules change in an article's tags. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from aggregator.model import Told


@dataclass(frozen=True, slots=True)
class Difference:
    """The tags that an article would gain and lose: label by key (kind/tag)."""

    article: str
    title: str
    added: Mapping[str, str]
    removed: Mapping[str, str]

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of all tags that come or go, sorted."""
        return tuple(sorted({*self.added, *self.removed}))


def difference(before: Told, after: Told) -> Difference:
    """The difference between two taggings of one article; other evidence for the same tag is none."""
    old = {tag.key: tag.label for tag in before.tags}
    new = {tag.key: tag.label for tag in after.tags}
    return Difference(
        before.article.id,
        before.article.title,
        {key: label for key, label in new.items() if key not in old},
        {key: label for key, label in old.items() if key not in new},
    )
