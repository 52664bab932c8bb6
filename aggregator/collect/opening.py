"""What stands above an article's body on a page of any kind: headline, date line, lead. Knows no site."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from bs4 import Tag

from aggregator.collect import blocks, html

HEADS = ("h1", "h2", "h3", "h4")
HEADLINE = re.compile(r"(?:^|[\s_-])(?:title|headline|tieu-?de|tit)|(?:tieude|title)(?:$|[\s_-])", re.I)
LEAD = re.compile(
    r"(?:^|[\s_-])(?:sapo|lead|chapeau|standfirst|tom-?tat|trich-?(?:dan|yeu)?|home-?text|intro|summary|excerpt|teaser"
    r"|description|sub-?title)(?=$|[\s_-])|sapo",
    re.I,
)
DATE = re.compile(
    r"(?:\d{1,2}[:h]\d{2}[\s,|-]{1,3})?(?:ngày\s+)?(?<![\d/])\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
    r"(?:[\s,|()-]{1,4}\d{1,2}[:h]\d{2}(?::\d{2})?(?:\s?(?:AM|PM|SA|CH)\b)?)?"
    r"|(?<!\d)\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}[\d:.]*(?:Z|[+-]\d{2}:?\d{2})?)?"
    r"|(?:ngày\s+)?\d{1,2}\s+tháng\s+\d{1,2}[\s,]+(?:năm\s+)?\d{4}"
    r"|\d{1,2}\s+(?:phút|giờ|ngày)\s+trước",
    re.I,
)
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
ENGLISH = re.compile(rf"\b{MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\b\d{{1,2}}[ -]{MONTH}[ ,-]+\d{{4}}", re.I)
CLOCK = re.compile(r"\d\s?(?::|h|giờ)\s?\d{2}|\d\s?(?:giờ|phút)", re.I)
NUMBER = re.compile(r"\d{1,4}")
VIET_NAM = timezone(timedelta(hours=7))
DATELINE = 120  # characters; a longer block with a date in it is a sentence
ABOVE, BELOW = 4, 8  # blocks before and after the headline among which the date line stands
AUTHOR = re.compile(r"(?:tác giả(?: bài viết)?|người viết|bài(?: và|,)? ảnh|author)\s*:\s*(.{2,60})", re.I)
WORDS = 3  # of a headline that no metadata repeats; menus and sections have fewer
SHORTEST = 25  # characters of a lead
OPENING = 40  # characters of a bold paragraph that opens the body and is its lead, not a heading
END = re.compile(r"[.!…][\"”’)]*$")


def headline(tree: Tag, body: Tag | None, fewest: int = 1) -> Tag | None:
    """The tag whose text is the article's title: one that the metadata repeats, else the highest above the body.

    One that no metadata repeats has at least `fewest` words.
    """
    told = [html.meta(tree, "og:title", "twitter:title"), html.line(tree.title) if isinstance(tree.title, Tag) else ""]
    found = [tag for tag in tree.find_all(_may_be_headline) if isinstance(tag, Tag) and html.line(tag)]
    repeated = next((tag for tag in found if _repeats(tag, told)), None)
    if repeated is not None:
        return repeated
    long = [tag for tag in _above(tree, found, body) if len(html.line(tag).split()) >= fewest]
    clear = [tag for tag in long if not blocks.outside(tag) and not _is_named_lead(tag)]
    return min(reversed(clear), key=_level, default=None)


def _above(tree: Tag, tags: list[Tag], body: Tag | None) -> list[Tag]:
    """Those that stand before the body's first prose, or are it."""
    first = next((leaf for leaf in blocks.leaves(body) if blocks.is_prose(leaf)), None) if body is not None else None
    if first is None:
        return tags
    order = {id(tag): number for number, tag in enumerate(tree.find_all(True))}
    return [tag for tag in tags if order[id(tag)] <= order[id(first)]]


def _level(tag: Tag) -> int:
    """How high a headline the tag is, 0 the highest; one of few words may be the name of a section or of the site."""
    level = HEADS.index(tag.name) if tag.name in HEADS else len(HEADS)
    return 2 * level + (0 if len(html.line(tag).split()) >= WORDS else 3)


def _may_be_headline(tag: Tag) -> bool:
    if tag.name in HEADS:
        return True
    looks_it = tag.name in {"div", "p", "span", "td"} and HEADLINE.search(blocks.named(tag))
    return bool(looks_it) and tag.find(blocks.is_block) is None


def _repeats(tag: Tag, told: Iterable[str]) -> bool:
    text = html.line(tag)
    if tag.name == "h1" and any(one.startswith(text) for one in told):
        return True
    return len(text.split()) >= WORDS and any(text in one for one in told)


def dateline(tree: Tag, head: Tag | None, body: Tag | None) -> tuple[str, Tag | None]:
    """The date line beside the headline, as printed, and its tag: below it first, else the nearest above."""
    if head is None:
        return "", None
    rows = [tag for tag in blocks.leaves(tree) if not blocks.outside(tag)]
    place = next((number for number, tag in enumerate(rows) if blocks.touch(tag, head)), -1)
    if place < 0:
        return "", None
    below = _until(rows[place + 1 :], body)
    near = (*below[:BELOW], *reversed(rows[max(0, place - ABOVE) : place]))
    return next(((_exactly(tag, text), tag) for tag in near if (text := _date_in(tag))), ("", None))


def _exactly(tag: Tag, text: str) -> str:
    times = (html.attr(time, "datetime") for time in tag.select("time[datetime]"))
    return next((told for time in times if (told := exact(text, time)) != text), text)


def exact(printed: str, told: str) -> str:
    """The printed time; what is told otherwise where that is the same minute, or the page prints the day only."""
    try:
        at = datetime.fromisoformat(told) if printed else None
    except ValueError:
        at = None
    if at is None:
        return printed
    at = at.astimezone(VIET_NAM) if at.tzinfo else at
    same = {at.day, at.month, at.year, *((at.hour, at.minute) if CLOCK.search(printed) else ())}
    return told if same <= {int(number) for number in NUMBER.findall(printed)} else printed


def _until(rows: list[Tag], body: Tag | None) -> list[Tag]:
    """The rows before the body's first prose: a date line may stand on top of it."""
    prose = (
        number
        for number, tag in enumerate(rows)
        if (body is None or blocks.touch(tag, body)) and blocks.is_prose(tag) and not _date_in(tag)
    )
    return rows[: next(prose, len(rows))]


def _date_in(tag: Tag) -> str:
    text = html.line(tag)
    return text if len(text) <= DATELINE and is_date(text) else ""


def is_date(text: str) -> bool:
    """Whether the text holds a date, or how long ago something was."""
    return bool(DATE.search(text) or ENGLISH.search(text))


def lead(tree: Tag, head: Tag | None, body: Tag | None) -> Tag | None:
    """The lead by its name, between headline and body or on top of the body; else a bold paragraph that opens it."""
    order = {id(tag): number for number, tag in enumerate(tree.find_all(True))}
    start = order.get(id(head), -1)
    last = order.get(id(body), len(order)) if body is not None else len(order)
    named = (tag for tag in tree.find_all(_is_named_lead) if isinstance(tag, Tag))
    for tag in named:
        inside = blocks.within(tag, body)
        if start < order[id(tag)] and (order[id(tag)] < last or inside) and _is_lead(tag, head, body):
            return tag
    return _alone(tree, head, body) or bold(body, head) if body is not None else None


def _alone(tree: Tag, head: Tag | None, body: Tag) -> Tag | None:
    """The only block of prose between headline and body."""
    rows = [tag for tag in blocks.leaves(tree) if not blocks.outside(tag)]
    start = next((number for number, tag in enumerate(rows) if head is not None and blocks.touch(tag, head)), None)
    end = next((number for number, tag in enumerate(rows) if blocks.touch(tag, body)), len(rows))
    between = rows[start + 1 : end] if start is not None else []
    told = [tag for tag in between if blocks.is_prose(tag) and not _date_in(tag)]
    return told[0] if len(told) == 1 and END.search(html.line(told[0])) else None


def _is_named_lead(tag: Tag) -> bool:
    return tag.name in {"p", "div", "h2", "h3", "h4", "span", "blockquote", "section", "strong", "td"} and bool(
        LEAD.search(f"{blocks.named(tag)} {html.attr(tag, 'itemprop')}")
    )


def _is_lead(tag: Tag, head: Tag | None, body: Tag | None) -> bool:
    around = [one for one in (head, body) if one is not None and (tag is one or blocks.within(one, tag))]
    text = html.line(tag)
    return not around and len(text) >= SHORTEST and blocks.linked(tag) < blocks.LINKED and not blocks.outside(tag)


def bold(body: Tag, head: Tag | None = None) -> Tag | None:
    """The paragraph all in bold that opens the body before plain ones: the lead, where the page marks none."""
    rows = [tag for tag in blocks.leaves(body) if tag.find_parent("figure") is None]
    start = next((number + 1 for number, tag in enumerate(rows) if head is not None and blocks.touch(tag, head)), 0)
    near = [tag for tag in rows[start : start + BELOW] if not _date_in(tag) and not AUTHOR.fullmatch(html.line(tag))]
    if len(near) < 2 or not is_bold(near[0]) or is_bold(near[1]):
        return None
    text = html.line(near[0])
    return near[0] if len(text) >= OPENING and END.search(text) else None


def is_bold(tag: Tag) -> bool:
    """Whether all words of the tag are bold, or it is a heading."""
    if tag.name in HEADS:
        return True
    inner = [one for one in tag.find_all(["strong", "b"]) if one.find_parent(["strong", "b"]) is None]
    said = "".join("".join(html.line(one) for one in inner if isinstance(one, Tag)).split())
    return bool(said) and said == "".join(html.line(tag).split())


def author(tree: Tag) -> Tag | None:
    """The line that tells the author's name after a label ("Tác giả bài viết: ...")."""
    return next((tag for tag in blocks.leaves(tree) if AUTHOR.fullmatch(html.line(tag))), None)


def name_in(tag: Tag | None) -> str:
    """The name that such a line tells."""
    match = AUTHOR.fullmatch(html.line(tag))
    return match[1] if match else ""
