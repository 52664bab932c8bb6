"""Whether a text only tells of an urgent notice and is none: a report, a rule, a drill, an end, one abroad. Pure.

The words stand in vocabulary/urgent.yaml.
"""

import re
from datetime import datetime

from aggregator.refine.matching import Text
from aggregator.refine.typed import Typed, sentence
from aggregator.refine.vocabulary import UrgentWords
from aggregator.refine.windows import LOCAL, windows

CLAUSE = 60  # code points between a law and what it rules
GENRE = 40  # code points of the lead that say what kind of text it is
OF_A_YEAR = re.compile(r"\W*(?:trong |cả )?năm (?:(?:19|20)\d\d|qua|vừa qua)(?!\w)")  # opens the title of a report


class Reports:
    """The words of those who tell of notices, as patterns."""

    def __init__(self, words: UrgentWords, typed: Typed) -> None:
        self._never = typed.whole(words.never)
        self._never_in_title = typed.whole(words.never_in_title)
        self._genres = typed.whole(words.genres)
        law = rf"(?:^|[\n.:;,] ?)(?:{typed.of(words.rules)})(?!\w)"
        self._rules = re.compile(rf"{law}[^.;\n]{{0,{CLAUSE}}}(?<!\w)(?:{typed.of(words.ruling)})(?!\w)")
        self._ends = typed.whole(words.ends)
        self._over = re.compile(rf"(?<!\w){typed.of(['đã'])} (?:được )?(?:{typed.of(words.ends)})(?!\w)")
        never = rf"(?:{typed.of(('không', 'chưa'))})(?: \w+){{0,4}}? (?:{typed.of(words.entering)})"
        here = rf"(?: \w+){{0,4}}? (?:{typed.of(('việt nam', 'trong nước', 'nước ta'))})"
        self._elsewhere = re.compile(rf"(?<!\w)(?:{typed.of(words.elsewhere)}|{never}{here})(?!\w)")
        self._abroad = re.compile(rf"\W*(?!lào cai|lao cai)(?:{typed.of(words.abroad)})(?!\w)")
        abroad = typed.of(words.abroad)
        home = typed.of(("việt nam", "bộ y tế", "cục quản lý dược", "sở y tế"))
        self._home = re.compile(rf"(?<!\w)(?<!\bcơ )(?<!\bco )(?:{home})(?! (?:{abroad})(?!\w))(?!\w)")

    def tells(self, text: Text, published: datetime) -> bool:
        """Whether the text tells of a notice and is none: a report, a drill, an end, one of another country."""
        return (
            self._never.search(text.plain, 0, text.body) is not None
            or self._never_in_title.search(text.plain, 0, text.lead) is not None
            or text.shown[: text.lead].rstrip(" \n”\"'").endswith("?")
            or OF_A_YEAR.match(text.plain) is not None
            or self._rules.search(text.plain, 0, text.body) is not None
            or self._genres.search(text.plain, 0, text.lead + min(GENRE, text.body - text.lead)) is not None
            or self._is_over(text, published)
            or self._is_foreign(text)
        )

    def _is_over(self, text: Text, published: datetime) -> bool:
        """Whether its end is told: in the title, or behind "đã" in the lead; an end still to come is none."""
        told = self._ends.search(text.plain, 0, text.lead) or self._over.search(text.plain, text.lead, text.body)
        if told is None:
            return False
        today = published.astimezone(LOCAL).date()
        times = windows(text.plain, told.end(), sentence(text.plain, told.end())[1], today)
        return not any(one.until is not None and one.until > published for one in times)

    def _is_foreign(self, text: Text) -> bool:
        """Whether it is a notice of another country, and of goods that never were in this one."""
        told = self._abroad.match(text.plain) is not None and self._home.search(text.plain) is None
        return told or self._elsewhere.search(text.plain) is not None
