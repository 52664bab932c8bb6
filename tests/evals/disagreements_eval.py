"""Whether a story says at its top what tellings in other words tell differently: `python -m tests.evals` prints it.

Wrong values are put into the retellings of pairs/ that give the right one, and must be told; of retellings that agree
(pairs/, blind2, blind3; only those that we take for one story) nothing may be told. Copies are measured by pairs_eval:
there every differing fact forbids a merge.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import combinations
from pathlib import Path

from aggregator.model import Disagreement, Told
from aggregator.refine.duplicates import compare
from aggregator.refine.tagging import Tagger
from aggregator.refine.vocabulary import load
from tests.evals.pairs import written
from tests.evals.pairs.written import Base, Fact, Telling, Text, swapped
from tests.evals.pairs_eval import _article, _lines

HERE = Path(__file__).parent
BLIND = ("blind2", "blind3")


@dataclass(frozen=True, slots=True)
class Scores:
    """How many wrong values there were and how many were told; pairs that agree, and in which something was told."""

    wrong: int
    told: int
    agreeing: int
    false: tuple[tuple[str, tuple[Disagreement, ...]], ...]

    @property
    def recall(self) -> float:
        """Share of the wrong values that are told."""
        return self.told / self.wrong

    @property
    def precision(self) -> float:
        """Share of the stories that say something, in which it is so; each pair counts as one story."""
        return self.told / (self.told + len(self.false))


@cache
def scores() -> Scores:
    """The scores of the code as it is."""
    tagger = Tagger(load())
    bases = [base for part in written.PARTS for base in written.bases(part)]
    wrong = [(base, *made) for base in bases for made in _wrong(base)]
    told = [_told_of(tagger, base.id, base.first, _with(telling, text)) for base, telling, text in wrong]
    same = [(base.id, *pair) for base in bases for pair in combinations((base.first, *base.retold), 2)]
    agreeing = [*same, *_blind()]
    said = [(name, _told_of(tagger, name, a, b)) for name, a, b in agreeing]
    joined = [(name, facts) for name, facts in said if facts is not None]
    return Scores(
        len(wrong), sum(map(bool, told)), len(joined), tuple((name, facts) for name, facts in joined if facts)
    )


def report() -> str:
    """The scores, and every pair that agrees and of which it is said that it does not."""
    found = scores()
    line = (
        f"Disagreements of tellings in other words: {found.told} of {found.wrong} wrong values told, and something of "
        f"{len(found.false)} of {found.agreeing} that agree; recall {found.recall:.3f}, precision {found.precision:.3f}"
    )
    return "\n".join([line, *(f"  {name}: {one.a} ~ {one.b}" for name, facts in found.false for one in facts)])


def _wrong(base: Base) -> Iterator[tuple[Telling, Text]]:
    """The retellings that give the value of a fact, each with the wrong one in its place."""
    for telling in base.retold:
        for fact in base.facts:
            text = swapped(telling.text, [(fact.old, fact.new)])
            if text != telling.text and _numbered(fact):
                yield telling, text


def _numbered(fact: Fact) -> bool:
    """A place retold wrongly is another matter: the two then tell of two places."""
    return fact.kind != "place"


def _blind() -> Iterator[tuple[str, Telling, Telling]]:
    for name in BLIND:
        texts = {line["id"]: line for line in _lines(HERE / name / "pairs" / "texts.jsonl")}
        for pair in _lines(HERE / name / "pairs" / "pairs.jsonl"):
            if pair["expect"] == "story":
                yield pair["id"], _side(texts, pair["a"]), _side(texts, pair["b"])


def _side(texts: dict[str, dict[str, str]], side: dict[str, str]) -> Telling:
    held = texts[side["text"]]
    return Telling(
        side["source"],
        datetime.fromisoformat(side["published"]),
        Text(held["title"], held.get("lead", ""), held["text"]),
    )


def _with(telling: Telling, text: Text) -> Telling:
    return Telling(telling.source, telling.published, text)


def _told_of(tagger: Tagger, name: str, a: Telling, b: Telling) -> tuple[Disagreement, ...] | None:
    """What the story of the two says at its top; None when they are no story."""
    link = compare(_told(tagger, f"{name}/a", a), _told(tagger, f"{name}/b", b))
    return link.differing if link and link.kind == "story" else None


def _told(tagger: Tagger, id: str, telling: Telling) -> Told:
    line = {"id": id, "title": telling.text.title, "lead": telling.text.lead, "text": telling.text.text}
    article = _article(line, telling.source, telling.published.isoformat())
    return Told(article, tagger.tags(article), article.published)
