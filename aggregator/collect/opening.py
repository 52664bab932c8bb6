"""What stands above an article's body on a page of any kind: headline, date line, lead. Knows no site."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from bs4 import NavigableString, Tag

from aggregator.collect import blocks, foreign, html
from aggregator.collect.blocks import Leaf, Survey
from aggregator.text import nfc

HEADS = ("h1", "h2", "h3", "h4", "h5", "h6")
LEAD = re.compile(
    r"(?:^|[\s_-])(?:sapo|lead|chapeau|standfirst|tom-?tat|trich-?(?:dan|yeu)?|home-?text|intro|summary|excerpt|teaser"
    r"|description|desc|brief|mo-?ta|loi-?dan|dan-?nhap|abstract|deck|dek|intro-?text|sub-?title)(?=$|[\s_-])|sapo",
    re.I,
)
DATE = re.compile(
    r"(?:\d{1,2}[:h]\d{2}[\s,|·•-]{1,3})?(?:ngày\s+)?(?<![\d/])\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
    r"(?:(?:[\s,|()-]|lúc|vào|at){1,5}\d{1,2}[:h]\d{2}(?::\d{2})?(?:\s?(?:AM|PM|SA|CH)\b)?)?"
    r"|(?<!\d)\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}[\d:.]*(?:Z|[+-]\d{2}:?\d{2})?)?"
    r"|(?:ngày\s+)?\d{1,2}\s+tháng\s+(?:\d{1,2}|(?:mười )?(?:một|hai)|giêng|ba|tư|năm|sáu|bảy|tám|chín|mười|chạp)"
    r"[\s,]+(?:năm\s+)?\d{4}(?:[\s,|-]{1,4}\d{1,2}[:h]\d{2})?"
    r"|(?<![\d/])\d{1,2}/\d{1,2}/\d{2}[\s,]+\d{1,2}:\d{2}(?:\s?(?:AM|PM|SA|CH)\b)?"
    r"|(?<!\d)\d{1,2}\s+thg?\.?\s?\d{1,2}[,\s]+\d{4}(?:[\s,|-]{1,4}\d{1,2}[:h]\d{2})?"
    r"|(?:tháng|th)\s?(?:\d{1,2}|(?:mười )?(?:một|hai)|ba|tư|năm|sáu|bảy|tám|chín|mười)\s+\d{1,2},\s+\d{4}"
    r"|\d{1,2}\s+(?:phút|giờ|ngày)\s+trước",
    re.I,
)
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
IN_TITLE = re.compile(rf"\(\s*(?:{DATE.pattern})\s*\)$", re.I)
ENGLISH = re.compile(rf"\b{MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\b\d{{1,2}}[ -]{MONTH}[ ,-]+\d{{4}}", re.I)
CLOCK = re.compile(r"\d\s?(?::|h|giờ)\s?\d{2}|\d\s?(?:giờ|phút)", re.I)
READING = re.compile(
    r"(?:đọc\s+)?(?:trong\s+)?\d+\s*phút\s+đọc|đọc\s+(?:trong\s+)?\d+\s*phút|\d+\s*min\w*\s+read", re.I
)
ONLY_CLOCK = re.compile(
    r"\W*(?:lúc\s*)?\d{1,2}\s?(?::|h|giờ)\s?\d{2}(?::\d{2})?(?:\s?(?:AM|PM|SA|CH|sáng|chiều|tối))?\W*", re.I
)
UPDATED = re.compile(
    rf"(?:lần )?(?:cập nhật|chỉnh sửa|sửa(?: đổi| lần cuối)?|updated|modified)\b[^|·•]{{0,30}}?(?:{DATE.pattern})", re.I
)
TODAY = re.compile(r"\bhôm nay\b|\btoday is\b", re.I)  # the day of the visit, which hand-made portals print
AT_ONCE = re.compile(r"[\s|,;–-]*(?:lúc\s*)?(\d{1,2}\s?(?::|h|giờ)\s?\d{2}(?::\d{2})?(?:\s?(?:AM|PM|SA|CH)\b)?)", re.I)
POSTED = re.compile(r"posted on|published on|ngày đăng|đăng (?:ngày|lúc|vào)|ngày xuất bản", re.I)
AGO = re.compile(r"\btrước\b|\bago\b", re.I)  # how long since: it changes by itself
MONTHS = (
    "(?:một|giêng)",
    "hai",
    "ba",
    "tư",
    "năm",
    "sáu",
    "bảy",
    "tám",
    "chín",
    "mười(?! )",
    "mười một",
    "(?:mười hai|chạp)",
)
NUMBER = re.compile(r"\d{1,4}")
VIET_NAM = timezone(timedelta(hours=7))
DATELINE = 120  # characters; a longer block with a date in it is a sentence
ABOVE, BELOW = 4, 8  # blocks before and after the headline among which the date line stands
AUTHOR = re.compile(r"(?:tác giả(?: bài viết)?|người viết|bài(?: và|,)? ảnh|author)\s*:\s*(.{2,60})", re.I)
WEEKDAY = re.compile(r"\b(?:thứ (?:hai|ba|tư|năm|sáu|bảy|\d)|chủ nhật)\b", re.I)
DESCRIBED = 400  # characters of a description; what is longer is the body itself
SHORTEST = 25  # characters of a lead
LONGEST = 1500  # characters of a lead; more is a body
FOLLOWING = 2  # plain paragraphs after a block that stands apart
STYLES = {
    "strong": re.compile(r"font-weight:\s*(?:bold|[6-9]00)", re.I),
    "em": re.compile(r"font-style:\s*italic", re.I),
}
BOLD = re.compile(
    r"(?:^|\s)(?:font-weight-bold|fw-bold|font-bold|font-semibold|text-bold|bold)(?=$|\s)"
)  # of Bootstrap, Tailwind
OPENING = 40  # characters of a bold paragraph that opens the body and is its lead, not a heading
END = re.compile(r"[.!…][\"”’)]*$")


def dateline(page: Survey, head: Tag | None, body: Tag | None) -> tuple[str, Tag | None]:
    """The date line beside the headline, as printed, and its tag: below it first, else the nearest above."""
    rows = [leaf for leaf in page.leaves if not leaf.outside]
    at = next((number for number, leaf in enumerate(rows) if head is not None and page.touch(leaf.tag, head)), -1)
    if at < 0:
        return "", None
    own = rows[at].text.removeprefix(html.line(head)) if rows[at].tag is not head else ""
    if own != rows[at].text and len(own) <= DATELINE and is_date(own):
        return own.strip(), None
    inside = IN_TITLE.search(rows[at].text) if rows[at].tag is head else None
    if inside and (CLOCK.search(inside[0]) or (head is not None and head.find("br") is not None)):
        return inside[0], None
    below = [leaf for leaf in _until(page, rows[at + 1 :], body)[:BELOW] if is_dateline(leaf)]
    found = next((leaf for leaf in below if not _only_updated(leaf)), None) or next(iter(below), None)
    posted = "" if found else _posted(page, body)
    above = (leaf for leaf in reversed(rows[max(0, at - ABOVE) : at]) if is_dateline(leaf))
    found = found or (next(above, None) if not posted else None)
    return (clocked(page, _exactly(found), found.tag), found.tag) if found else (posted, None)


def _only_updated(leaf: Leaf) -> bool:
    return not is_date(UPDATED.sub(" ", leaf.text))


def updated(page: Survey, head: Tag | None, body: Tag | None, published: str) -> str:
    """The time of a later change that a date line beside the headline tells, as printed; "" for none.

    One that is all that stands there is `published`, and no change.
    """
    rows = [leaf for leaf in page.leaves if not leaf.outside]
    at = next((number for number, leaf in enumerate(rows) if head is not None and page.touch(leaf.tag, head)), -1)
    if at < 0:
        return ""
    beside = (*_until(page, rows[at + 1 :], body)[:BELOW], *reversed(rows[max(0, at - ABOVE) : at]))
    told = (UPDATED.search(spaced(leaf.tag)) for leaf in beside if is_dateline(leaf))
    dates = (date[0] for match in told if match and (date := DATE.search(match[0])))
    return next((date for date in dates if date not in published), "")


def first_published(text: str) -> str:
    """The line without what it tells of a later change, where it tells of the publication as well."""
    rest = UPDATED.sub(" ", text)
    return rest if is_date(rest) else text


def spaced(tag: Tag) -> str:
    """The tag's text with a space between its parts, so that numbers of two parts do not run together."""
    texts = (text for text in tag.find_all(string=True) if type(text) is NavigableString)
    return nfc(" ".join(" ".join(texts).split()))


def clocked(page: Survey, printed: str, tag: Tag) -> str:
    """The date with the clock that stands alone in the block after its tag, or before it."""
    rows = page.leaves
    at = next((at for at, leaf in enumerate(rows) if page.touch(leaf.tag, tag)), len(rows))
    own = spaced(rows[at].tag) if at < len(rows) and len(rows[at].text) <= DATELINE else ""
    within = AT_ONCE.match(own.partition(printed)[2]) if printed in own else None
    if within and not CLOCK.search(printed):
        return f"{printed} {within[1]}"
    beside = (*rows[at + 1 : at + 2], *rows[max(0, at - 1) : at])
    clock = next((leaf.text for leaf in beside if ONLY_CLOCK.fullmatch(leaf.text)), "")
    return printed if CLOCK.search(printed) or not clock else f"{printed} {clock}"


def _posted(page: Survey, body: Tag | None) -> str:
    """The date that a line at the end of the body or below it names as that of publication."""
    start = page.place(body) if body is not None else 0
    for leaf in page.leaves:
        match = POSTED.search(leaf.text) if page.place(leaf.tag) >= start else None
        if match and is_date(leaf.text[match.end() : match.end() + DATELINE]):
            return leaf.text[match.end() : match.end() + DATELINE].strip(" :")
    return ""


def _until(page: Survey, rows: list[Leaf], body: Tag | None) -> list[Leaf]:
    """The rows before the body's first prose: a date line may stand on top of it."""
    inside = ((at, leaf) for at, leaf in enumerate(rows) if body is None or page.touch(leaf.tag, body))
    return rows[: next((at for at, leaf in inside if leaf.prose and not is_dateline(leaf)), len(rows))]


def is_dateline(leaf: Leaf) -> bool:
    """Whether the block is as short as a date line and holds a date."""
    return len(leaf.text) <= DATELINE and is_date(leaf.text) and not TODAY.search(leaf.text)


def _exactly(leaf: Leaf) -> str:
    said = spaced(leaf.tag)
    printed = first_published(READING.sub(" ", said if is_date(said) else leaf.text))
    if AGO.search(printed):
        marked = (
            html.attr(one, name) for one in (leaf.tag, *leaf.tag.find_all(True)) for name in ("title", "datetime")
        )
        return next((told for told in marked if is_date(told) and not AGO.search(told)), printed)
    own = [leaf.tag] if leaf.tag.name == "time" else []
    times = (html.attr(time, "datetime") for time in (*own, *leaf.tag.select("time[datetime]")))
    return next((told for time in times if (told := exact(printed, time)) != printed), printed)


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
    named = {number for number, name in enumerate(MONTHS, 1) if re.search(rf"tháng {name}\b", printed, re.I)}
    return told if same <= named | {int(number) for number in NUMBER.findall(printed)} else printed


def is_date(text: str) -> bool:
    """Whether the text holds a date, or how long ago something was."""
    return bool(DATE.search(text) or ENGLISH.search(text))


def lead(page: Survey, head: Tag | None, body: Tag | None) -> Tag | None:
    """The lead by its name, between headline and body or on top of the body; else by its place, or its bold type."""
    start = page.place(head) if head is not None else -1
    for tag in page.tree.find_all(is_named_lead):
        if not isinstance(tag, Tag) or page.place(tag) <= start:
            continue
        if body is not None and page.place(tag) > page.place(body) and not page.within(tag, body):
            break
        if _is_lead(page, tag, head, body):
            return tag
    return _unnamed(page, head, body) if body is not None else None


def _unnamed(page: Survey, head: Tag | None, body: Tag) -> Tag | None:
    return _alone(page, head, body) or bold(page, body, head) or _apart(page, body, head) or _quoted(page, body, head)


def _quoted(page: Survey, body: Tag, head: Tag | None) -> Tag | None:
    """The quotation that opens the body before plain paragraphs: editors set leads so."""
    start = page.place(head) if head is not None and page.within(head, body) else -1
    told = [leaf for leaf in page.inside(body) if page.place(leaf.tag) > start and not leaf.outside]
    told = [leaf for leaf in told if not is_dateline(leaf)]
    quote = told[0].tag.find_parent("blockquote") if told else None
    box = told[0].tag if told and told[0].tag.name == "blockquote" else quote
    if not isinstance(box, Tag) or not page.within(box, body) or page.letters(box) != len(told[0].text):
        return None
    after = told[1].tag.find_parent("blockquote") if len(told) > 1 else box
    return box if after is None and len(told[0].text) <= DESCRIBED and END.search(told[0].text) else None


def _alone(page: Survey, head: Tag | None, body: Tag) -> Tag | None:
    """The only block of prose between headline and body."""
    if head is None:
        return None
    start, end = page.place(head), page.place(body)
    between = [leaf for leaf in page.leaves if start < page.place(leaf.tag) < end and not page.within(leaf.tag, head)]
    told = [leaf for leaf in between if leaf.prose and not leaf.outside and not is_dateline(leaf)]
    return told[0].tag if len(told) == 1 and END.search(told[0].text) else None


def _apart(page: Survey, body: Tag, head: Tag | None) -> Tag | None:
    """The one block of its own class that opens the body before plain paragraphs."""
    start = page.place(head) if head is not None and page.within(head, body) else -1
    rows = [leaf for leaf in page.inside(body) if page.place(leaf.tag) > start and leaf.prose and not leaf.outside]
    told = [leaf for leaf in rows if not is_dateline(leaf)]
    first, after = (told[0], told[1 : 1 + FOLLOWING]) if told else (None, [])
    plain = [leaf for leaf in after if leaf.tag.name == "p" and not html.attr(leaf.tag, "class")]
    if first is None or len(plain) < FOLLOWING:
        return None
    box = first.tag if first.tag.name == "div" else first.tag.parent
    alone = box is not None and box.name == "div" and box is not body and page.letters(box) == len(first.text)
    named = box is not None and bool(html.attr(box, "class") or html.attr(box, "id"))
    short = len(first.text) <= DESCRIBED and bool(END.search(first.text))
    return first.tag if alone and named and short else None


def is_named_lead(tag: Tag) -> bool:
    """Whether the page calls the tag a lead."""
    return tag.name in {"p", "div", "h2", "h3", "h4", "span", "blockquote", "section", "strong", "td"} and bool(
        LEAD.search(f"{blocks.named(tag)} {html.attr(tag, 'itemprop')}")
    )


def _is_lead(page: Survey, tag: Tag, head: Tag | None, body: Tag | None) -> bool:
    around = any(one is not None and (tag is one or page.within(one, tag)) for one in (head, body))
    if around or page.outside(tag) or not SHORTEST <= page.letters(tag) <= LONGEST:
        return False
    return blocks.linked(tag) < blocks.LINKED and tag.find_parent("figure") is None


def bold(page: Survey, body: Tag, head: Tag | None = None) -> Tag | None:
    """The paragraph all in bold that opens the body before plain ones: the lead, where the page marks none."""
    start = page.place(head) if head is not None and page.within(head, body) else -1
    rows = [leaf for leaf in page.inside(body) if page.place(leaf.tag) > start and leaf.tag is not head]
    rows = [leaf for leaf in rows if not leaf.outside or page.outside(body)]
    beside = {id(leaf.tag) for leaf in particulars(page, head, body)}
    rows = [leaf for leaf in rows if id(leaf.tag) not in beside and not foreign.is_noise(leaf.text)]
    near = [leaf for leaf in rows[:BELOW] if not is_dateline(leaf) and not AUTHOR.fullmatch(leaf.text)]
    near = [leaf for leaf in near if leaf.tag.find_parent("figure") is None]
    after = next((leaf for leaf in near[1:] if leaf.tag.name not in HEADS), None)
    if after is None or not is_emphatic(near[0].tag) or is_emphatic(after.tag):
        return None
    return near[0].tag if len(near[0].text) >= OPENING and END.search(near[0].text) else None


def particulars(page: Survey, head: Tag | None, body: Tag, top: Tag | None = None) -> list[Leaf]:
    """The short lines on top of the body that tell who, when and where, and buttons beside them: no text of it.

    They stand below a headline in the body, or begin with the date line; `top` is the lead among them.
    """
    inside = head is not None and page.within(head, body)
    start = page.place(head) if head is not None and inside else -1
    rows = [leaf for leaf in page.inside(body) if page.place(leaf.tag) > start and leaf.tag is not head]
    rows = [leaf for leaf in rows if top is None or not page.touch(leaf.tag, top)]
    above = rows[: next((at for at, leaf in enumerate(rows) if leaf.prose and not is_dateline(leaf)), 0)]
    if not any(is_dateline(leaf) for leaf in above):
        return []
    return [leaf for leaf in above if not END.search(leaf.text) and not _is_kept(leaf.tag)]


def _is_kept(tag: Tag) -> bool:
    return is_bold(tag) or tag.find("img") is not None or tag.find_parent(["figure", "table", "blockquote"]) is not None


def plain_words(text: str) -> str:
    """The words in small letters, one space between them."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def is_emphatic(tag: Tag) -> bool:
    """Whether all words of the tag are bold, or all are in italics."""
    return is_bold(tag) or _all_in(tag, ("em", "i"))


def is_bold(tag: Tag) -> bool:
    """Whether all words of the tag are bold, or it is a heading."""
    return tag.name in HEADS or _all_in(tag, ("strong", "b"))


def _all_in(tag: Tag, names: tuple[str, ...]) -> bool:
    inner = [one for one in tag.find_all(_set_in(names)) if one.find_parent(_set_in(names)) is None]
    if _set_in(names)(tag):
        return bool(html.line(tag))
    said = "".join("".join(html.line(one) for one in inner if isinstance(one, Tag)).split())
    return bool(said) and said == "".join(html.line(tag).split())


def _set_in(names: tuple[str, ...]) -> Callable[[Tag], bool]:
    """Whether a tag sets its words in bold, or in italics: by its name, or by its style."""
    style, classed = STYLES[names[0]], BOLD if names[0] == "strong" else None
    return lambda tag: (
        tag.name in names
        or bool(style.search(html.attr(tag, "style")))
        or (classed is not None and bool(classed.search(html.attr(tag, "class"))))
    )
