"""How well duplicates and stories are told apart on the labelled pairs. `python -m tests.evals` prints the report."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from aggregator.model import Article, SafeHtml, Told
from aggregator.refine.duplicates import compare
from aggregator.refine.tagging import Tagger
from aggregator.refine.vocabulary import load

PAIRS = Path(__file__).with_name("duplicates.jsonl")
LABELS = ("duplicate", "story", "different")


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled pair and what we said of it."""

    id: str
    label: str
    said: str
    edit: str
    because: str
    titles: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares in 0..1; `hidden` and `bulletins` are counts of pairs that must be none.

    `hidden`: called one article although a fact differs. `bulletins`: bulletins of two days in one story.
    """

    duplicate_recall: float
    duplicate_precision: float
    story_precision: float
    story_recall: float
    hidden: int
    bulletins: int

    @property
    def story_f1(self) -> float:
        """Harmonic mean over "one story" (duplicates are in one story too)."""
        both = self.story_precision + self.story_recall
        return 2 * self.story_precision * self.story_recall / both if both else 0.0


@cache
def judged() -> tuple[Judged, ...]:
    """Every pair of the set, judged by the code as it is."""
    tagger = Tagger(load())
    found = []
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        a, b = (told(f"{pair['id']}{side}", pair[side], tagger) for side in "ab")
        link = compare(a, b)
        said, because = (link.kind, link.because) if link else ("different", "")
        titles = (a.article.title, b.article.title)
        found.append(Judged(pair["id"], pair["label"], said, pair["edit"], because, titles))
    return tuple(found)


def told(id: str, fields: dict[str, Any], tagger: Tagger | None) -> Told:
    """An article of the set, tagged."""
    published = datetime.fromisoformat(fields["published"])
    article = Article(
        id=id,
        source=fields["source"],
        url=f"https://example.test/{id}",
        ref=id,
        title=fields["title"],
        lead=fields["lead"],
        author="",
        published=published,
        precision="minute",
        modified=None,
        body=SafeHtml(""),
        text=fields["text"],
        digest="",
        fetched_at=published,
        reader="eval",
    )
    return Told(article, tagger.tags(article) if tagger else (), published)


def scores(pairs: Iterable[Judged]) -> Scores:
    """The scores of these judgements."""
    pairs = tuple(pairs)
    duplicates = [one for one in pairs if one.label == "duplicate"]
    called = [one for one in pairs if one.said == "duplicate"]
    together = [one for one in pairs if one.label != "different"]
    joined = [one for one in pairs if one.said != "different"]
    right = [one for one in joined if one.label != "different"]
    return Scores(
        _ratio(sum(one.said == "duplicate" for one in duplicates), len(duplicates)),
        _ratio(sum(one.label == "duplicate" for one in called), len(called)),
        _ratio(len(right), len(joined)),
        _ratio(len(right), len(together)),
        sum(one.label != "duplicate" for one in called),
        sum("bulletin" in one.edit and one.label == "different" for one in joined),
    )


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def report() -> str:
    """The scores, then every pair that was judged wrong."""
    pairs = judged()
    found = scores(pairs)
    counts = ", ".join(f"{sum(one.label == label for one in pairs)} {label}" for label in LABELS)
    lines = [
        f"Duplicates and stories: {len(pairs)} pairs ({counts})",
        f"  near-duplicates  recall {found.duplicate_recall:.3f}  precision {found.duplicate_precision:.3f}",
        f"  one story        F1 {found.story_f1:.3f}  precision {found.story_precision:.3f}"
        f"  recall {found.story_recall:.3f}",
        f"  hidden facts {found.hidden}, bulletins of two days joined {found.bulletins}",
    ]
    wrong = [one for one in pairs if one.said != one.label]
    lines += [f"  {one.id} is {one.label}, said {one.said}: {one.edit} | {one.because}" for one in wrong]
    return "\n".join(lines)
