"""Urgent notices without a notice's name: a body orders something in title or lead, and it holds now. Pure.

The words stand in vocabulary/urgent.yaml.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from aggregator.refine.matching import Text
from aggregator.refine.typed import Typed, sentence
from aggregator.refine.vocabulary import UrgentKind, UrgentWords
from aggregator.refine.windows import LOCAL, Window, windows

RECENT = timedelta(days=45)  # who was somewhere on a day so long ago may still be asked for: twice a long incubation
HEADING = 300  # code points of the body in which a heading in capitals may say what the text is
GOODS = frozenset({"stop-using", "stop-selling", "return"})  # said of goods
RECALL = re.compile(r"(?<!\w)thu (?:hồi|hoi|gom)(?!\w)")
MONEY = re.compile(r" (?:\S+ ){0,3}(?:tỷ|tỉ|triệu|nghìn|ngàn)? ?(?:đồng|usd)(?!\w)")  # behind "thu hồi"
DAYS = 12  # windows of time that are looked at in title and lead


class Recognised(NamedTuple):
    """The kind, and [start, end) of the words that say so."""

    kind: UrgentKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Said:
    """What the rest of the text says, asked for only where it decides.

    `orders` are those of people; `advises` whether it has what any text on a disease ends with.
    """

    orders: Callable[[], frozenset[str]]
    advises: Callable[[], bool]
    ends: Callable[[], bool]


class Directed:
    """The words by which bodies direct, as patterns."""

    def __init__(self, words: UrgentWords, typed: Typed) -> None:
        self._by_slug = {kind.slug: kind for kind in reversed(words.kinds)}
        self._not_heads = typed.whole(words.not_heads)
        self._asking = typed.quick(words.asking)
        self._addressed = re.compile(
            rf"(?<!\w)(?:{typed.of(words.directing)})(?: \w+){{0,3}}? (?:{typed.of(words.people)})(?!\w)"
        )
        self._bodies = typed.whole(words.bodies)
        self._directing = typed.quick(words.directing, rf"(?<!\w)(?<!ban )(?:{typed.of(words.directing)})(?!\w)")
        self._imposing = typed.quick(words.imposing)
        self._now = typed.quick(words.now)
        self._kind_of = [
            (self._by_slug[slug], typed.quick(names))
            for slug, names in (
                ("thu-hoi", ("thu hồi", "lưu hành", "lưu thông", "rút khỏi", "lô")),
                ("cong-dien", ("hỏa tốc", "công điện", "chỉ đạo", "điện khẩn")),
                ("canh-bao", ("cảnh báo", "khuyến cáo", "nguy cơ", "nguy hại")),
            )
        ]

    def first(self, text: Text) -> re.Match[str] | None:
        """The first words at the head of the text that direct or impose something."""
        stop = text.body + HEADING
        return self._directing.search(text.plain, 0, stop) or self._imposing.search(text.plain, 0, stop)

    def kind(self, text: Text, stop: int) -> UrgentKind | None:
        """The kind that words before `stop` speak of."""
        return next((one for one, words in self._kind_of if words.search(text.plain, 0, stop)), None)

    def find(self, text: Text, published: datetime, said: Said) -> Recognised | None:
        """A body directs in title or lead, something is ordered, and it holds now: a day, an end, or a word says so.

        Where people are asked for who were somewhere of late, any order will do; where goods are, no day is needed.
        """
        stop = text.body if text.body - text.lead > 1 else text.body + HEADING
        directing, measure = self._directing.search(text.plain, 0, stop), self._imposing.search(text.plain, 0, stop)
        if (directing or measure) is None or self._bodies.search(text.plain, 0, stop) is None:
            return None
        times = tuple(islice(windows(text.plain, 0, stop, published.astimezone(LOCAL).date()), DAYS))
        due = any(_is_due(one, published) for one in times)
        told = directing or (measure if due else None)
        now = self._now.search(text.plain, 0, stop) is not None
        late = self._asks_of_late(text, stop, times, published) or self._addresses_of_late(text, stop, published)
        kind = self.kind(text, stop)
        recalls = kind is not None and kind.slug == "thu-hoi" and self._recalls_goods(text, stop)
        if told is None or not (due or now or late or recalls):
            return None
        orders = said.orders()
        asks = late and (bool(orders) or said.advises())
        if asks or (now and orders) or (due and orders - {"call"}) or (recalls and orders & GOODS):
            return Recognised(kind or self._by_slug["thong-bao-khan"], *told.span())
        return None

    def _recalls_goods(self, text: Text, stop: int) -> bool:
        """Whether not all that is called back is money, papers or land; true where the word itself is not used."""
        told = list(RECALL.finditer(text.plain, 0, stop))
        other = [match.span() for match in self._not_heads.finditer(text.plain, 0, stop)]
        goods = (not inside(other, one.start()) and not MONEY.match(text.plain, one.end()) for one in told)
        return not told or any(goods)

    def _asks_of_late(self, text: Text, stop: int, times: Sequence[Window], published: datetime) -> bool:
        """Whether people are asked for, and title or lead name a day shortly before the article."""
        late = any(one.since is not None and timedelta(0) <= published - one.since <= RECENT for one in times)
        return late and self._asking.search(text.plain, 0, stop + HEADING) is not None

    def _addresses_of_late(self, text: Text, stop: int, published: datetime) -> bool:
        """Whether people are addressed who did something on a day of late: "đề nghị người dự đám cưới ngày 22/3"."""
        today = published.astimezone(LOCAL).date()
        for told in islice(self._addressed.finditer(text.plain, 0, stop), DAYS):
            one = next(windows(text.plain, told.end(), min(sentence(text.plain, told.end())[1], stop), today), None)
            if one is not None and one.since is not None and timedelta(0) <= published - one.since <= RECENT:
                return True
        return False


def _is_due(window: Window, published: datetime) -> bool:
    """Whether it ends or begins when the article is out."""
    ends = window.to and window.until is not None and window.until >= published
    return bool(ends or (window.since is not None and window.since >= published - timedelta(hours=12)))


def inside(spans: list[tuple[int, int]], at: int) -> bool:
    """Whether the offset lies in one of the spans."""
    return any(start <= at < end for start, end in spans)
