"""Judges urgent notices: what a reader says of an article, beside what the labels say.

A reader is any callable from an article to None (no notice) or to an object with `kind`, `orders` (words of the
closed list), `windows` (objects with `place`, `start`, `end`) and `until` (times aware, or None). `reader()` makes one
of the tagger's `urgent` tags, where the tagger gives them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.model import Article
from aggregator.refine.tagging import Tagger
from aggregator.refine.vocabulary import load
from aggregator.text import fold, nfc
from tests.evals.about.texts import Labelled

Reader = Callable[[Article], Any]
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Window:
    """A place that people are asked about, and when they were there."""

    place: str
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Said:
    """What a reader said, in this module's own shape."""

    kind: str
    orders: tuple[str, ...]
    windows: tuple[Window, ...]
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Judged:
    """One text: what was said, and which parts of it are right. `until` is judged for notices only, found or not."""

    text: Labelled
    said: Any
    until: bool
    windows: tuple[int, int, int]
    """Right, said, expected."""
    orders: tuple[int, int, int]
    kind: bool

    @property
    def urgent(self) -> bool:
        """Whether the labels call it an urgent notice."""
        return bool(self.text.labels["urgent"])

    @property
    def right(self) -> bool:
        """Whether it was rightly taken for a notice, or rightly not."""
        return self.urgent == (self.said is not None)


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares in 0..1: of the texts (recall, precision), of the notices (validity, kind), F1 of windows and orders."""

    recall: float
    precision: float
    validity: float
    kind: float
    windows: float
    orders: float


def reader(tagger: Tagger | None = None) -> Reader:
    """What the code at hand, or another tagger, says of notices."""
    tagger = tagger or Tagger(load())

    def read(article: Article) -> Said | None:
        tag: Any = next((tag for tag in tagger.tags(article) if str(tag.kind) == "urgent"), None)
        if tag is None:
            return None
        notice = tag.notice
        windows = tuple(Window(each.place.text, each.start, each.end) for each in notice.where)
        return Said(tag.tag, tuple(each.order for each in notice.orders), windows, notice.until)

    return read


def judge(read: Reader, lines: Iterable[Labelled]) -> tuple[Judged, ...]:
    """Every text, judged."""
    return tuple(_judge(text, read(text.article)) for text in lines)


def figures(judged: Iterable[Judged]) -> Figures:
    """The figures of some texts."""
    rows = list(judged)
    notices = [row for row in rows if row.urgent]
    said = [row for row in rows if row.said is not None]
    found = [row for row in notices if row.said is not None]
    return Figures(
        recall=len(found) / (len(notices) or 1),
        precision=len([row for row in said if row.urgent]) / (len(said) or 1),
        validity=len([row for row in notices if row.until]) / (len(notices) or 1),
        kind=len([row for row in found if row.kind]) / (len(found) or 1),
        windows=_f1(row.windows for row in notices),
        orders=_f1(row.orders for row in notices),
    )


def same_moment(said: datetime | None, expected: str | None, *, until: bool = False) -> bool:
    """Whether a time answers a label: a day (any moment of it; as an end also the midnight after), or a minute."""
    if said is None or expected is None:
        return said is None and expected is None
    local = said.astimezone(LOCAL).replace(second=0, microsecond=0, tzinfo=None)
    wanted = datetime.fromisoformat(expected)
    if "T" in expected:
        return abs(local - wanted) <= timedelta(minutes=1)
    return local.date() == wanted.date() or (until and local == wanted + timedelta(days=1))


def _judge(text: Labelled, said: Any) -> Judged:
    labels = text.labels
    if not labels["urgent"]:
        return Judged(text, said, until=True, windows=(0, 0, 0), orders=(0, 0, 0), kind=True)
    return Judged(
        text, said, until=said is not None and is_end(said.until, labels), windows=_windows(said, labels),
        orders=_orders(said, labels),
        kind=said is not None and said.kind in {labels["kind"], *labels.get("kind_also", ())},
    )  # fmt: skip


def is_end(said: datetime | None, labels: dict[str, Any]) -> bool:
    """Whether the end is one of those allowed (None: none is needed); "trước ngày 5/8" may mean the 4th."""
    expected = labels["valid_until"]
    allowed = [expected, *labels.get("valid_until_also", ())]
    if expected and "T" not in expected and "trước " in nfc(labels["validity"]).lower():
        allowed.append((datetime.fromisoformat(expected) - timedelta(days=1)).date().isoformat())
    return any(same_moment(said, each, until=True) for each in allowed)


def _windows(said: Any, labels: dict[str, Any]) -> tuple[int, int, int]:
    given = list(said.windows) if said is not None else []
    wanted, also = labels["windows"], labels.get("windows_also", ())
    hits = [want for want in wanted if any(_same_window(window, want) for window in given)]
    extra = [window for window in given if not any(_same_window(window, want) for want in [*wanted, *also])]
    return len(hits), len(hits) + len(extra), len(wanted)


def _same_window(said: Any, want: dict[str, str | None]) -> bool:
    one, other = fold(said.place), fold(nfc(want["place"] or ""))
    named = bool(one) and (one in other or other in one)
    return named and same_moment(said.start, want["from"]) and same_moment(said.end, want["to"], until=True)


def _orders(said: Any, labels: dict[str, Any]) -> tuple[int, int, int]:
    given = set(said.orders) if said is not None else set()
    wanted, also = set(labels["orders"]), set(labels.get("orders_also", ()))
    return len(given & wanted), len(given - also | given & wanted), len(wanted)


def _f1(counts: Iterable[tuple[int, int, int]]) -> float:
    rows = list(counts)
    right, said, wanted = (sum(row[i] for row in rows) for i in range(3))
    return 2 * right / (said + wanted or 1)
