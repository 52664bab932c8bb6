"""Which articles of a visit that drifted must not take the place of what is stored, or be stored at all. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from aggregator.model import Article, Skip, Verdict

FIFTH = 0.2  # share of the stored text; a correction that takes out more than four fifths is a page that was misread


@dataclass(frozen=True, slots=True)
class Spared:
    """What is left of the verdicts; `kept` are ids whose stored text stays, `skips` new ones that are left out."""

    verdicts: tuple[Verdict, ...]
    kept: frozenset[str] = frozenset()
    skips: tuple[Skip, ...] = ()


def spared(verdicts: tuple[Verdict, ...], stored: Mapping[str, Article], because: str) -> Spared:
    """The verdicts without the worse ones; the new ones that stay say by a doubt how they were read."""
    titles = Counter(verdict.article.title for verdict in verdicts)
    worse = {one.article.id for one in verdicts if _is_worse(one, stored.get(one.article.id), titles)}
    left = tuple(_doubted(one, because) for one in verdicts if one.article.id not in worse)
    new = [one for one in verdicts if one.article.id in worse and one.outcome == "new"]
    skips = tuple(Skip(one.article.url, f"not stored: {because}") for one in new)
    return Spared(left, frozenset(worse - {one.article.id for one in new}), skips)


def _is_worse(verdict: Verdict, old: Article | None, titles: Mapping[str, int]) -> bool:
    article = verdict.article
    if verdict.outcome == "unchanged":
        return False
    if old is not None and old.text and len(article.text) <= FIFTH * len(old.text):
        return True
    return titles[article.title] > 1 and (old is None or old.title != article.title)


def _doubted(verdict: Verdict, because: str) -> Verdict:
    if verdict.outcome != "new":
        return verdict
    article = verdict.article
    return replace(verdict, article=replace(article, doubts=(*article.doubts, because)))
