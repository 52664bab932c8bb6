"""Whether what belongs together is compared at all: linked pairs that sketches find, of all that there are.

Of the labelled pairs, of every two articles of the set, of the demo's worlds, and of the pairs made longer and
shorter (which no person labelled: what counts is that candidates lose no link that the full comparison makes).
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations

from aggregator.demo import world as worlds
from aggregator.model import Article, SafeHtml, Told
from aggregator.refine import sketches
from aggregator.refine.compared import Compared
from aggregator.refine.contradictions import WINDOW
from aggregator.refine.duplicates import relate
from aggregator.refine.tagging import Tagger
from aggregator.refine.vocabulary import load
from tests.evals.duplicates_eval import PAIRS, told

Pair = tuple[Told, Told]


@dataclass(frozen=True, slots=True)
class Found:
    """Of a set: how many pairs are linked, which of them no candidate led to, and how many candidates there were."""

    name: str
    articles: int
    linked: int
    lost: tuple[str, ...]
    candidates: int

    @property
    def recall(self) -> float:
        """Share of the linked pairs that are found, 0..1."""
        return 1 - len(self.lost) / self.linked if self.linked else 1.0


@cache
def pairs() -> tuple[Pair, ...]:
    """The labelled pairs, tagged."""
    tagger = Tagger(load())
    lines = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    return tuple((told(f"{one['id']}a", one["a"], tagger), told(f"{one['id']}b", one["b"], tagger)) for one in lines)


@cache
def as_written() -> tuple[Found, ...]:
    """The pairs, every two articles of the set, and the demo's worlds."""
    tagger = Tagger(load())
    whole = [side for pair in pairs() for side in pair]
    demo = [_of_all(f"demo world {name}", _world(name, tagger)) for name in worlds.names()]
    return (_of_pairs("labelled pairs", pairs()), _of_all("all of the labelled set", whole), *demo)


@cache
def edited() -> tuple[Found, ...]:
    """The pairs made longer and shorter."""
    return tuple(_of_pairs(name, made) for name, made in _edited(pairs()))


def _of_pairs(name: str, given: Sequence[Pair]) -> Found:
    linked = [pair for pair in given if relate(Compared(pair[0]), Compared(pair[1])).link]
    missed = tuple(a.article.id for a, b in linked if (a.article.id, b.article.id) not in _candidates((a, b)))
    return Found(name, 2 * len(given), len(linked), missed, sum(len(_candidates(pair)) for pair in given))


def _of_all(name: str, articles: Sequence[Told]) -> Found:
    """Every two of them."""
    compared = [Compared(one) for one in sorted(articles, key=lambda one: one.article.id)]
    near = [(a, b) for a, b in combinations(compared, 2) if abs(a.published - b.published) <= WINDOW]
    linked = {(a.id, b.id) for a, b in near if relate(a, b).link}
    found = _candidates(articles)
    return Found(name, len(articles), len(linked), tuple(f"{a} {b}" for a, b in sorted(linked - found)), len(found))


def _candidates(articles: Iterable[Told]) -> set[tuple[str, str]]:
    made = [sketches.sketch(one.article) for one in articles]
    best = sketches.best(sketches.among(made))
    return {(min(id, other), max(id, other)) for id, others in best.items() for other in others}


def _world(name: str, tagger: Tagger) -> list[Told]:
    """The articles of a world as first published, tagged."""
    found = []
    for one in worlds.load(name).articles:
        fields = {"source": one.site, "published": one.time.isoformat(), "title": one.title, "lead": one.lead}
        found.append(told(one.key, {**fields, "text": one.body.replace("\n\n", "\n")}, tagger))
    return found


Edit = Callable[[Told], Told]


def _edited(given: Sequence[Pair]) -> Iterator[tuple[str, list[Pair]]]:
    """The pairs with one or both of their sides made longer or shorter."""
    texts = [side.article.text for pair in given for side in pair]
    after, around, long = _quoted(texts, 0, 4), _quoted(texts, 3, 3), _quoted(texts, 0, 9)
    ways: dict[str, tuple[Edit, Edit]] = {
        "both followed by four other texts": (after, after),
        "one inside six other texts": (_same, around),
        "one followed by nine other texts": (_same, long),
        "one cut to two sentences": (_same, _cut),
        "both cut to two sentences": (_cut, _cut),
        "one cut to two sentences, one inside six other texts": (_cut, around),
        "one title and lead": (_same, _heading),
        "both title and lead": (_heading, _heading),
        "one title": (_same, _title),
        "both title": (_title, _title),
    }
    for name, (left, right) in ways.items():
        yield name, [pair for a, b in given for pair in ((left(a), right(b)), (right(a), left(b)))]


def _same(one: Told) -> Told:
    return one


def _cut(one: Told) -> Told:
    return _with(one, text=". ".join(one.article.text.replace("\n", " ").split(". ")[:2]))


def _heading(one: Told) -> Told:
    return _with(one, text="")


def _title(one: Told) -> Told:
    return _with(one, text="", lead="")


def _quoted(texts: Sequence[str], before: int, after: int) -> Edit:
    """The article's text with so many others before and after it, other ones for every article."""

    def edit(one: Told) -> Told:
        at = 7 * int(one.article.id[:-1]) + (one.article.id[-1] == "b") * 101
        others = [texts[(at + 13 * step) % len(texts)] for step in range(before + after)]
        return _with(one, text="\n".join([*others[:before], one.article.text, *others[before:]]))

    return edit


def _with(one: Told, **fields: str) -> Told:
    article: Article = replace(one.article, **fields, body=SafeHtml(""))  # type: ignore[arg-type]
    return replace(one, article=article)


def report() -> str:
    """A line a set, with what was lost."""
    lines = ["Candidates for comparing: linked pairs found, of all that comparing everything links"]
    for one in (*as_written(), *edited()):
        lines.append(
            f"  {one.name}: recall {one.recall:.4f} of {one.linked} links; {one.candidates} pairs of "
            f"{one.articles} articles looked at"
        )
        lines += [f"    lost {pair}" for pair in one.lost]
    return "\n".join(lines)
