"""Urgent notices: thông báo khẩn, công điện, cảnh báo, thu hồi; what they order, of whom, and until when. Pure.

The words stand in vocabulary/urgent.yaml. Whether a text is one: refine/noticing.py. Until when it holds:
refine/ending.py. Which places it asks about, and whom to call: refine/asked.py. The times: refine/windows.py.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import islice
from typing import NamedTuple

from aggregator.model import Article, Notice, Order, Ordered, TagMatch
from aggregator.refine.asked import Asked, phones
from aggregator.refine.directing import Said
from aggregator.refine.ending import Ends
from aggregator.refine.matching import Text
from aggregator.refine.noticing import Recogniser
from aggregator.refine.typed import MARKED, UNMARKED, Typed
from aggregator.refine.vocabulary import OrderWords, UrgentKind, UrgentWords

MOST = 40  # places and windows of a notice
QUOTED = re.compile(r"“[^”\n]{1,300}”")  # what others are quoted with, advertisements for one, orders nothing
NUMBER = r"(?=:? (?:(?:ngay|theo|số|tới|đến|máy):? )*(?:\(?0\d|\+84|1[89]00))"  # a telephone number follows
BETWEEN = 3  # words that may stand between a prohibition and what it forbids: "không nên cho trẻ uống"


class Notices:
    """Recognises urgent notices. Built once from the vocabulary; `find` is pure."""

    def __init__(self, words: UrgentWords, version: str) -> None:
        self._version = version
        self._marked = _Rules(words, MARKED)
        self._accentless = _Rules(words, UNMARKED)

    def find(self, text: Text, article: Article) -> TagMatch | None:
        """The notice that the article is, as a tag of kind `urgent`; None when it is none."""
        rules = self._marked if text.marked else self._accentless
        found = rules.recogniser.find(text, article.published, rules.said(text, article.published))
        if found is None:
            return None
        kind, start, end = found
        notice = rules.notice(text, kind, article.published)
        return TagMatch("urgent", kind.slug, kind.label, (text.evidence(start, end),), self._version, notice)


class _OrderRule(NamedTuple):
    """An order with its words made ready; where none of the marks stands, none of the words does."""

    order: Order
    of: str
    marks: tuple[str, ...]
    words: re.Pattern[str]


class _Rules:
    """The words as patterns on Text.plain: with marks, or without for text that was typed so."""

    def __init__(self, words: UrgentWords, typed: Typed) -> None:
        self._orders = [_order(one, words, typed) for one in words.orders]
        every = [rule.words for rule in self._orders]
        forbidding = "|".join(rule.words.pattern for rule in self._orders)
        self.recogniser = Recogniser(words, typed)
        self._ends = Ends(words, typed, re.compile(rf"{forbidding}|(?<!\w)(?:{typed.of(words.directing)})(?!\w)"))
        self._asked = Asked(words, typed, every)

    def said(self, text: Text, published: datetime) -> Said:
        """What the recogniser may ask for."""
        return Said(
            partial(lambda: frozenset(rule.order for rule, _ in self._found(text) if rule.of == "people")),
            partial(lambda: any(rule.of == "advice" for rule, _ in self._found(text))),
            partial(lambda: self._ends.until(text, published)[0] is not None),
        )

    def notice(self, text: Text, kind: UrgentKind, published: datetime) -> Notice:
        """What the text orders, whom it asks, until when it holds, which numbers to call."""
        until, words = self._ends.until(text, published)
        where = tuple(islice(self._asked.find(text, published), MOST)) if kind.slug != "thu-hoi" else ()
        return Notice(tuple(self._ordered(text)), where, until, words, tuple(phones(text)))

    def _ordered(self, text: Text) -> Iterator[Ordered]:
        seen: set[Order] = set()
        for rule, match in self._found(text):
            if rule.order not in seen:
                seen.add(rule.order)
                yield Ordered(rule.order, text.evidence(*match.span()))

    def _found(self, text: Text) -> Iterator[tuple["_OrderRule", re.Match[str]]]:
        """Each rule that the text earns, with the first words that do."""
        quoted = [match.span() for match in QUOTED.finditer(text.plain)]
        for rule in self._orders:
            if not any(mark in text.plain for mark in rule.marks):
                continue
            for match in rule.words.finditer(text.plain):
                if not any(start < match.start() < end for start, end in quoted):
                    yield rule, match
                    break


def _order(one: OrderWords, words: UrgentWords, typed: Typed) -> _OrderRule:
    """An order by its own words, or by what it forbids behind a word that forbids."""
    told = rf"(?<!\w)(?:{typed.of(one.words)})(?!\w)"
    if one.numbered:
        told += rf"|(?<!\w)(?:{typed.of(one.numbered)}){NUMBER}"
    if not one.forbids:
        return _OrderRule(one.slug, one.of, typed.marks((*one.words, *one.numbered)), re.compile(told))
    between = rf"(?: (?:{typed.of(words.between)}),?){{0,{BETWEEN}}}"
    forbidden = rf"(?<!\w)(?:{typed.of(words.prohibiting)}){between} (?:{typed.of(one.forbids)})(?!\w)"
    marks = typed.marks((*one.words, *words.prohibiting))
    return _OrderRule(one.slug, one.of, marks, re.compile(f"{told}|{forbidden}"))
