"""How well tags are found on the labelled texts. `python -m tests.evals` prints the report with every error.

A line of tags.jsonl: published (day), title, lead, text, url (optional), the tags expected of each kind, and
`topics_also`: topics that a careful editor may or may not give, counted neither for nor against. `trap` says what
the text tries to make us believe. All were labelled before the tagger had seen them (the authority of a32 was
corrected later); the rules were then mended by what they showed, so the scores flatter: new texts say more.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from aggregator.model import Article, SafeHtml, TagKind
from aggregator.refine.tagging import Tagger
from aggregator.refine.vocabulary import load

TEXTS = Path(__file__).with_name("tags.jsonl")
KEYS: dict[TagKind, str] = {
    "topic": "topics", "disease": "diseases", "place": "places", "authority": "authorities", "document": "documents",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """The tags of one kind of one text: right, missed, and given without reason."""

    id: str
    kind: TagKind
    trap: str
    right: frozenset[str]
    missed: frozenset[str]
    extra: frozenset[str]


@dataclass(frozen=True, slots=True)
class Score:
    """Shares in 0..1 over the tags of one kind in all texts."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@cache
def judged() -> tuple[Judged, ...]:
    """Every text and kind, judged by the code as it is."""
    tagger = Tagger(load())
    found = []
    for line in TEXTS.read_text(encoding="utf-8").splitlines():
        labels = json.loads(line)
        tags = tagger.tags(_article(labels))
        for kind, key in KEYS.items():
            said = {match.tag for match in tags if match.kind == kind}
            want, may = set(labels[key]), set(labels.get(f"{key}_also", ()))
            sets = (frozenset(said & want), frozenset(want - said), frozenset(said - want - may))
            found.append(Judged(labels["id"], kind, labels.get("trap", ""), *sets))
    return tuple(found)


def score(kind: TagKind, texts: Iterable[Judged] | None = None) -> Score:
    """Precision and recall over all tags of the kind."""
    of_kind = [one for one in (judged() if texts is None else texts) if one.kind == kind]
    right = sum(len(one.right) for one in of_kind)
    missed, extra = sum(len(one.missed) for one in of_kind), sum(len(one.extra) for one in of_kind)
    return Score(right / (right + extra or 1), right / (right + missed or 1))


def report() -> str:
    """The scores of each kind, then every error."""
    texts = {one.id for one in judged()}
    traps = {one.id for one in judged() if one.trap}
    lines = [f"tags: {len(texts)} texts, {len(traps)} of them traps", "kind       precision  recall  F1"]
    for kind in KEYS:
        said = score(kind)
        lines.append(f"{kind:<10} {said.precision:9.3f} {said.recall:7.3f} {said.f1:.3f}")
    for one in judged():
        if one.missed or one.extra:
            missed, extra = ", ".join(sorted(one.missed)) or "-", ", ".join(sorted(one.extra)) or "-"
            lines.append(f"  {one.id} {one.kind}: missed {missed}; too much {extra}{one.trap and f' ({one.trap})'}")
    return "\n".join(lines)


def _article(labels: dict[str, str]) -> Article:
    published = datetime.fromisoformat(labels["published"]).replace(hour=3, tzinfo=UTC)
    url = labels.get("url") or f"https://example.test/{labels['id']}"
    return Article(
        id=labels["id"], source="eval", url=url, ref="", title=labels["title"], lead=labels["lead"], author="",
        published=published, precision="minute", modified=None, body=SafeHtml(""), text=labels["text"],
        digest="", fetched_at=published, reader="eval",
    )  # fmt: skip
