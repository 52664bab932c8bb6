"""Proper names that hide the names inside them: "Bệnh viện Việt Đức", "Đại học Y Hà Nội", "Khoa Ung thư"."""

import re
from collections.abc import Iterable

from aggregator.refine.matching import Hit, Sense, Text, either
from aggregator.refine.vocabulary import Contexts
from aggregator.text import tones

UPPER = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
IN_CAPITALS = 4  # syllables of a name in a line all in capitals, where capitals do not end it; longer names are rare


class Institutions:
    """Where the proper names of institutions and departments stand in a text."""

    def __init__(self, contexts: Contexts) -> None:
        small = either(contexts.institutions.inside)
        token = rf"(?:(?i:{small})(?!\w)|[{UPPER}]\w*|\d[\w-]*)"
        self._run = re.compile(rf"(?:[ ](?:[-–&][ ])?{token}|[-–]{token})*")
        self._first = re.compile(rf"(?:[ ](?:[-–&][ ])?(?i:{small})(?!\w))*(?:[ ][-\w]+){{0,{IN_CAPITALS}}}")
        self._several = re.compile(rf"(?<!\w)(?:{either(contexts.institutions.several)}) $")
        self._capital_heads = {tones(head) for head in contexts.institutions.capital_heads}

    def spans(self, text: Text, heads: Iterable[Hit]) -> list[tuple[int, int]]:
        """[start, end) of each institution's proper name, in order, none overlapping."""
        spans: list[tuple[int, int]] = []
        for hit in heads:
            if spans and hit.start < spans[-1][1]:
                continue
            if self._is_name(text, hit):
                spans.append((hit.start, self._end(text, hit.end)))
        return spans

    def departments(self, text: Text, heads: Iterable[Hit]) -> list[tuple[int, int]]:
        """[start, end) of each department's or society's name; the head is written with a capital."""
        return [(hit.start, self._end(text, hit.end)) for hit in heads if text.shown[hit.start].isupper()]

    def _is_name(self, text: Text, hit: Hit) -> bool:
        capital = text.shown[hit.start].isupper() and not _line(text, hit.start).isupper()
        if text.plain[hit.start : hit.end] in self._capital_heads and not capital:
            return False
        return self._several.search(text.plain, max(0, hit.start - 12), hit.start) is None

    def _end(self, text: Text, start: int) -> int:
        run = self._first if _line(text, start).isupper() else self._run
        found = run.match(text.shown, start)
        return found.end() if found else start


def _line(text: Text, at: int) -> str:
    """The line around the offset; in one all in capitals a capital says nothing."""
    stop = text.shown.find("\n", at)
    return text.shown[text.shown.rfind("\n", 0, at) + 1 : stop if stop >= 0 else len(text.shown)]


def senses(contexts: Contexts) -> Iterable[tuple[str, Sense]]:
    """The heads of institutions and departments, for the scanner."""
    for head in contexts.institutions.heads:
        yield head, Sense("institution", head, "head")
    for head in contexts.departments:
        yield head, Sense("department", head, "department")
