"""How well duplicates and stories are told apart on the pairs of pairs/. `python -m tests.evals` prints the report.

pairs/README.md says how the pairs were made, and what each part scored before its errors were seen. Texts come in by
the door that `aggregator dedupe` uses.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aggregator.model import Article, Told
from aggregator.operate import transfer
from aggregator.refine import normalise
from aggregator.refine.duplicates import compare
from aggregator.refine.tagging import Tagger
from aggregator.refine.vocabulary import load
from tests.evals.pairs.written import HERE, PARTS, Part

NOW = datetime(2027, 1, 1, tzinfo=UTC)
ALLOWED = {
    "duplicate": ("duplicate",),
    "story": ("story",),
    "different": ("different",),
    "not duplicate": ("story", "different"),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled pair and what we said of it; `texts` are the ids of its two texts."""

    id: str
    expect: str
    said: str
    edit: str
    why: str
    because: str
    texts: tuple[str, str]

    @property
    def right(self) -> bool:
        """Whether what we said is allowed."""
        return self.said in ALLOWED[self.expect]


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares in 0..1, and a count that must be 0.

    `duplicate_recall`: of the near-duplicates. `story_*`: of pairs told in other words against pairs that are
    different, near-duplicates and pairs with one differing fact left out. `hidden`: pairs that we called one article
    although something differs.
    """

    duplicate_recall: float
    story_precision: float
    story_recall: float
    hidden: int

    @property
    def story_f1(self) -> float:
        """Harmonic mean of the two."""
        both = self.story_precision + self.story_recall
        return 2 * self.story_precision * self.story_recall / both if both else 0.0


@cache
def judged(part: Part) -> tuple[Judged, ...]:
    """Every pair of the part, judged by the code as it is."""
    return judged_in(HERE / f"texts-{part}.jsonl", HERE / f"{part}.jsonl")


def judged_in(texts_file: Path, pairs_file: Path) -> tuple[Judged, ...]:
    """Every pair of one file, its texts in another, judged by the code as it is."""
    texts = {line["id"]: line for line in _lines(texts_file)}
    tagger = Tagger(load())

    @cache
    def told(id: str, source: str, published: str) -> Told:
        article = _article(texts[id], source, published)
        return Told(article, tagger.tags(article), article.published)

    return tuple(_judged(line, *(told(*_key(line[side])) for side in "ab")) for line in _lines(pairs_file))


def scores(pairs: Iterable[Judged]) -> Scores:
    """The scores of these judgements."""
    pairs = tuple(pairs)
    duplicates = [one for one in pairs if one.expect == "duplicate"]
    stories = [one for one in pairs if one.expect == "story"]
    joined = [one for one in pairs if one.expect in ("story", "different") and one.said != "different"]
    found = sum(one.said != "different" for one in stories)
    return Scores(
        _ratio(sum(one.right for one in duplicates), len(duplicates)),
        _ratio(found, len(joined)),
        _ratio(found, len(stories)),
        sum(one.said == "duplicate" and one.expect != "duplicate" for one in pairs),
    )


def report() -> str:
    """For each part its scores, each edit with its share right, and every error."""
    return "\n".join(line for part in PARTS for line in (summary(part, judged(part)), *details(judged(part))))


def summary(name: str, pairs: Sequence[Judged]) -> str:
    """The figures of these pairs, in two lines."""
    found = scores(pairs)
    counts = Counter(one.expect for one in pairs)
    return (
        f"{name}: {len(pairs)} pairs ({', '.join(f'{counts[label]} {label}' for label in ALLOWED)})\n"
        f"  near-duplicates recall {found.duplicate_recall:.3f}, hidden facts {found.hidden}; stories F1 "
        f"{found.story_f1:.3f}, precision {found.story_precision:.3f}, recall {found.story_recall:.3f}"
    )


def details(pairs: Sequence[Judged]) -> Iterator[str]:
    """Each edit with its share right, then every error."""
    all_of = Counter((one.expect, one.edit.partition(", behind")[0]) for one in pairs)
    right = Counter((one.expect, one.edit.partition(", behind")[0]) for one in pairs if one.right)
    yield from (f"  {right[key]:>4} of {count:>4}  {key[0]}: {key[1]}" for key, count in sorted(all_of.items()))
    yield from (_error(one) for one in pairs if not one.right)


def _error(one: Judged) -> str:
    texts = " ~ ".join(one.texts)
    return f"  {one.id} is {one.expect}, said {one.said}: {one.edit} | {texts} | {one.why} | {one.because}"


def _judged(line: dict[str, Any], a: Told, b: Told) -> Judged:
    link = compare(a, b)
    said, because = (link.kind, link.because) if link else ("different", "")
    texts = (line["a"]["text"], line["b"]["text"])
    return Judged(line["id"], line["expect"], said, line["edit"], line["why"], because, texts)


def _article(text: dict[str, Any], source: str, published: str) -> Article:
    """The text as an article of the source; cleaned as every text is that comes in."""
    draft = transfer.loose_draft({**text, "source": source, "published": published}, 1, NOW)
    id = f"{text['id']}@{source}"
    return replace(normalise.plainly(draft), id=id, url=f"https://page.invalid/{quote(id)}")


def _key(side: dict[str, str]) -> tuple[str, str, str]:
    return side["text"], side["source"], side["published"]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
