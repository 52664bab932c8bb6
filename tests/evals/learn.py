"""Learns from the labelled notices what reads like one, and which of the moments that it names is its end.

`python -m tests.evals.learn` writes aggregator/refine/vocabulary/urgent-*.tsv anew from all opened sets: the same sets
make the same bytes. Learned is a linear model with squared hinge loss, by dual coordinate descent (Hsieh et al. 2008);
the rows are taken in the order of the files, so nothing is random.
"""

import hashlib
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from aggregator.refine import genre, moments, vocabulary
from aggregator.refine.matching import text_of
from aggregator.refine.signs import Signs
from aggregator.refine.vocabulary import Weights
from tests.evals.about import notices
from tests.evals.about.texts import HERE, NOTICES, Labelled, read

EVALS = Path(__file__).parent
BLIND = ("blind2", "blind3", "blind4", "blind5", "blind6", "dev7", "dev8")
SETS = {
    **{part: HERE / f"urgent-{part}.jsonl" for part in NOTICES},
    "taught": HERE / "urgent-taught.jsonl",
    **{half: EVALS / half / "urgent-blind.jsonl" for half in BLIND},
}
COST = {"genre": 0.01, "ending": 0.03}  # of an error: a higher one fits these texts better and others worse
ROUNDS = 30  # over all rows: the weights move less than a thousandth after that
LEAST = {"genre": 3, "ending": 2}  # rows that a feature stands in; rarer ones tell of a single text
SMALLEST = 0.002  # weights below change no verdict of any set


SIGNS = Signs(vocabulary.load().urgent)
NEWS = HERE / "news.txt"
SAID = HERE / "ends.txt"
EMPTY = replace(read(SETS["open"])[0].article, lead="", published=datetime(2026, 10, 20, 3, tzinfo=UTC))
TITLES = ("Thông báo khẩn của Sở Y tế", "Cảnh báo khẩn tới người dân", "Công điện của UBND tỉnh", "Thu hồi lô sản phẩm")
TIMES = (
    "đến hết ngày 27/10", "từ ngày 21/10 đến ngày 27/10", "đến 17 giờ ngày 24/10/2026", "trong 7 ngày kể từ ngày 20/10",
    "từ 0 giờ ngày 21/10 đến 24 giờ ngày 30/10/2026", "đến hết tháng 10", "đến ngày 25 tháng 10 năm 2026",
    "từ nay đến 30/10", "đến hết tuần này", "trong ba ngày 21, 22 và 23/10", "cho đến hết ngày 05/11/2026",
    "21/10 - 28/10", "đến 18h hôm nay",
)  # fmt: skip
AROUND = ("~", "b:", "a:", "near:", "next:", "before", "behind")  # of these the words alone teach: the rest is made up
EACH = 3  # ends that each thing is said with


class Row(NamedTuple):
    """The features of a text or of a moment, and whether it is a notice, or the end."""

    features: Collection[str]
    yes: bool


def genre_rows(texts: Iterable[Labelled]) -> Iterator[Row]:
    """A row a text. Texts without accents are left to the rules."""
    for text in texts:
        told = text_of(text.article)
        if told.marked:
            yield Row(genre.features(told), bool(text.labels["urgent"]))


def ending_rows(texts: Iterable[Labelled]) -> Iterator[Row]:
    """A row a moment of each notice; an end that may be given or left teaches nothing."""
    for text in texts:
        told, published = text_of(text.article), text.article.published
        if not (text.labels["urgent"] and told.marked):
            continue
        plain = moments.typed(told)
        free = notices.is_end(None, text.labels)
        for one in moments.moments(plain, published):
            right = notices.is_end(one.until, text.labels)
            if not (right and free):
                yield Row(moments.features(plain, told, one, published, SIGNS), right)


def said_rows() -> Iterator[Row]:
    """Rows for what a notice may say (about/ends.txt): with each of some ends behind it, or with its own."""
    lines = [line for line in SAID.read_text(encoding="utf-8").splitlines() if line[0] in "+-"]
    for at, line in enumerate(lines):
        own = "{}" not in line
        for number in range(1 if own else EACH):
            said = line[2:].replace("{}", TIMES[(at * EACH + number) % len(TIMES)])
            told = text_of(replace(EMPTY, title=TITLES[at % len(TITLES)], text=said))
            found = list(moments.moments(told.plain, EMPTY.published))
            for one in found if own else found[-1:]:
                features = moments.features(told.plain, told, one, EMPTY.published, SIGNS)
                yield Row({feature for feature in features if own or feature.startswith(AROUND)}, line[0] == "+")


def news_rows() -> Iterator[Row]:
    """A row for each text of other sets that is news and no notice (about/news.txt)."""
    named = [line.split("\t") for line in NEWS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    known = {(name, text.id): text for name in {name for name, _ in named} for text in read(EVALS / name)}
    for name, id in named:
        yield Row(genre.features(text_of(known[name, id].article)), False)


ROWS = {"genre": genre_rows, "ending": ending_rows}


def learned(rows: Sequence[Row], least: int, cost: float) -> Weights:
    """The weights of the features that stand in so many rows at least."""
    counted = Counter(feature for row in rows for feature in row.features)
    number = {name: at for at, name in enumerate(sorted(name for name in counted if counted[name] >= least), 1)}
    told = [(0, *sorted(number[name] for name in row.features if name in number)) for row in rows]
    weights = _descended(told, [1 if row.yes else -1 for row in rows], len(number) + 1, cost)
    kept = {name: round(weights[at], 3) for name, at in number.items() if abs(weights[at]) >= SMALLEST}
    return Weights(round(weights[0], 3), kept)


def _descended(rows: Sequence[Sequence[int]], signs: Sequence[int], size: int, cost: float) -> list[float]:
    weights, duals = [0.0] * size, [0.0] * len(rows)
    slack = 0.5 / cost
    for _ in range(ROUNDS):
        for at, (row, sign) in enumerate(zip(rows, signs, strict=True)):
            gradient = sign * sum(weights[name] for name in row) - 1 + slack * duals[at]
            dual = max(0.0, duals[at] - gradient / (len(row) + slack))
            if step := sign * (dual - duals[at]):
                duals[at] = dual
                for name in row:
                    weights[name] += step
    return weights


@cache
def models(without: str = "") -> dict[str, Weights]:
    """Both models, learned from all sets, or from all others than one."""
    texts = [text for name, path in SETS.items() if name != without for text in read(path)]
    more = {"genre": news_rows(), "ending": said_rows()}
    return {model: learned([*rows(texts), *more[model]], LEAST[model], COST[model]) for model, rows in ROWS.items()}


def written(model: str, weights: Weights) -> str:
    """The file of a model: the heaviest features of a yes first, those of a no last."""
    order = sorted(weights.of.items(), key=lambda item: (-item[1], item[0]))
    head = f"# {model}: learned from labelled notices by python -m tests.evals.learn; sets {digest()}\n"
    return head + "".join(f"{name}\t{weight:g}\n" for name, weight in [("", weights.bias), *order])


def digest() -> str:
    """Names the texts that are learned from, as they are."""
    told = (*SETS.values(), SAID, NEWS)
    return hashlib.sha256(b"\x1f".join(path.read_bytes() for path in told)).hexdigest()[:12]


def path(model: str) -> Path:
    """Where the model stands that the program reads."""
    return Path(vocabulary.__file__).with_name(f"urgent-{model}.tsv")


if __name__ == "__main__":
    for name, weights in models().items():
        path(name).write_text(written(name, weights), encoding="utf-8")
        sys.stdout.write(f"{path(name).name}: {len(weights.of)} features\n")
