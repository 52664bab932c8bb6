"""The date that a listing prints beside an article's title, wherever it puts it. Knows no site."""

import re
from collections.abc import Iterator

from bs4 import NavigableString, Tag

from aggregator.collect import blocks, html, opening
from aggregator.text import nfc

BESIDE = 60  # characters beside a date; more are a sentence that names it
FEW = 3  # words of a label
PARTING = re.compile(r"[()\[\]|•·:;–-]")
DAY = re.compile(r"(?:ngày\s*)?(\d{1,2})", re.I)
MONTH_YEAR = re.compile(r"(?:tháng|thg|th)?\.?\s*(\d{1,2})\s*[/,.\s-]\s*(?:năm\s*)?((?:19|20)\d\d)", re.I)
MONTH = re.compile(r"(?:tháng|thg|th)?\.?\s*(\d{1,2})", re.I)
DAY_MONTH = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})")
YEAR = re.compile(r"(?:năm\s*)?((?:19|20)\d\d)", re.I)
INLINE = ("i", "em", "span", "small", "time", "font", "b", "strong", "label")


def beside(block: Tag, title: str) -> str:
    """The date as printed in the block outside the title; the parts of a date in boxes with "/" between; "" for none.

    A date that a sentence names is none of the article's.
    """
    return _in_line(block, title) or _in_boxes(block, title)


def _in_line(block: Tag, title: str) -> str:
    leaves = blocks.Survey(block).leaves
    for text in (leaf.text.replace(title, " ", 1) for leaf in leaves):
        match = opening.DATE.search(text)
        if match and _is_apart(text[: match.start()], text[match.end() :]):
            return match[0]
    for text in (html.line(tag) for tag in block.find_all(INLINE) if isinstance(tag, Tag)):
        match = opening.DATE.search(text) if text not in title else None
        if match and _is_apart(text[: match.start()], text[match.end() :]):
            return match[0]
    return ""


def _is_apart(before: str, after: str) -> bool:
    """Whether what stands before and after a date is no sentence that names it: little, or parted from it by a sign."""
    if len(before.strip()) + len(after.strip()) > BESIDE:
        return False
    begun = len(before.split()) <= FEW or bool(PARTING.search(before[-2:]))
    ended = len(after.split()) <= FEW or bool(PARTING.match(after.strip()))
    return begun and ended


def _in_boxes(block: Tag, title: str) -> str:
    """The date whose day and month stand in tags of their own."""
    said = [text for one in block.find_all(string=True) if (text := _text(one)) and text not in title]
    return next(_parts(said), "")


def _text(one: object) -> str:
    return nfc(" ".join(one.split())) if type(one) is NavigableString else ""


def _parts(said: list[str]) -> Iterator[str]:
    for first, second, third in zip(said, [*said[1:], ""], [*said[2:], "", ""], strict=False):
        day, month, year = DAY.fullmatch(first), MONTH.fullmatch(second), YEAR.fullmatch(third)
        both, late, both_late = MONTH_YEAR.fullmatch(second), YEAR.fullmatch(second), DAY_MONTH.fullmatch(first)
        above, below = MONTH_YEAR.fullmatch(first), DAY.fullmatch(second)
        if day and both:
            yield f"{day[1]}/{both[1]}/{both[2]}"
        elif day and month and year:
            yield f"{day[1]}/{month[1]}/{year[1]}"
        elif both_late and late:
            yield f"{both_late[1]}/{both_late[2]}/{late[1]}"
        elif above and below:
            yield f"{below[1]}/{above[1]}/{above[2]}"
