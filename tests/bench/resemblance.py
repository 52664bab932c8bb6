"""How much unrelated texts share: the written ones, and what the bench generates. `python -m tests.bench.resemblance`.

Measured on the first WORDS words of each text, because longer texts share more.
"""

import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from statistics import mean, quantiles
from typing import NamedTuple

from aggregator.cli import wiring
from aggregator.demo import world
from aggregator.model import Article, SafeHtml, Sketch
from aggregator.refine import sketches
from aggregator.text import syllables
from tests.bench import feeds
from tests.evals.pairs import written

WORDS = 200
RUN = 4  # words in a row
START = datetime(2026, 10, 1, tzinfo=UTC)
GENERATED = 120  # texts of the generator, each of another feed

Text = tuple[str, str, str]  # title, lead, text


class Shared(NamedTuple):
    """What two texts share: the mean of all pairs, and what 95 of 100 do not exceed."""

    mean: float
    p95: float


class Resemblance(NamedTuple):
    """Of the texts of a set. `words` and `runs`: shared parts of the smaller of two sets; `compared`: of all pairs."""

    texts: int
    words: Shared
    runs: Shared
    compared: float
    tags: float


def labelled() -> tuple[Text, ...]:
    """The labelled articles, each of an event of its own, as written: open and second."""
    told = [base.first.text for part in written.PARTS for base in written.bases(part)]
    return tuple((one.title, one.lead, one.text) for one in told)


def demo() -> tuple[Text, ...]:
    """The articles of the demo's default world, among them what belongs together."""
    return tuple((one.title, "", one.body) for one in world.load("default").articles)


def generated() -> tuple[Text, ...]:
    """One item of each of so many feeds, none a copy."""
    items = [feeds.items(feed)[5] for feed in range(GENERATED)]
    return tuple((one.title, "", re.sub("<[^>]+>", " ", one.body)) for one in items)


def measured(texts: Sequence[Text]) -> Resemblance:
    """What the texts share, two and two; those of less than WORDS words are measured whole."""
    cut = [_cut(text) for text in texts]
    told = [syllables(" ".join(text)) for text in cut]
    single = [frozenset(words) for words in told]
    runs = [frozenset(zip(*(words[at:] for at in range(RUN)), strict=False)) for words in told]
    articles = [_article(number, text) for number, text in enumerate(cut)]
    made = [sketches.sketch(article) for article in articles]
    scores = [_score(one, other) for one, other in combinations(made, 2)]
    tagger = wiring.tagger()
    return Resemblance(
        len(texts),
        _shared(single),
        _shared(runs),
        mean(score >= sketches.LEAST for score in scores),
        mean(len(tagger.tags(article)) for article in articles),
    )


def _cut(text: Text) -> Text:
    title, lead, body = text
    left = WORDS - len(title.split()) - len(lead.split())
    return title, lead, " ".join(body.split()[: max(left, 0)])


def _shared(sets: Sequence[frozenset[object]]) -> Shared:
    found = [len(one & other) / min(len(one), len(other)) for one, other in combinations(sets, 2)]
    return Shared(mean(found), quantiles(found, n=20)[18])


def _score(one: Sketch, other: Sketch) -> int:
    scores = sketches.sharing((one,), (other,), sketches.REACH, sketches.HOLDERS, 0)
    return scores[one.article].get(other.article, 0)


def _article(number: int, text: Text) -> Article:
    title, lead, body = text
    return Article(
        id=f"a{number}",
        source="s",
        url=f"https://s.example.vn/{number}.htm",
        ref=str(number),
        title=title,
        lead=lead,
        author="",
        published=START + timedelta(minutes=number),
        precision="minute",
        modified=None,
        body=SafeHtml(""),
        text=body,
        digest="0" * 64,
        fetched_at=START,
        reader="bench",
    )


def lines() -> list[str]:
    """The table of docs/performance.md."""
    rows = ["| texts | | words shared | runs of 4 words shared | worth comparing | tags |", "|---|---|---|---|---|---|"]
    for name, texts in (("labelled", labelled()), ("demo", demo()), ("generated", generated())):
        one = measured(texts)
        rows.append(
            f"| {name} | {one.texts} | {one.words.mean:.2f} ({one.words.p95:.2f}) | "
            f"{one.runs.mean:.2%} ({one.runs.p95:.2%}) | {one.compared:.0%} | {one.tags:.1f} |"
        )
    return rows


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()) + "\n")
