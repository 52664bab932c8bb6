"""What stands above an article's body on a page of any kind: headline, date line, lead. Knows no site."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from itertools import pairwise

from bs4 import Tag

from aggregator.collect import blocks, foreign, html
from aggregator.collect.blocks import Leaf, Survey

HEADS = ("h1", "h2", "h3", "h4", "h5", "h6")
HIGH = 4  # of them stand before a tag that is a headline by its name only
HEADLINE = re.compile(r"(?:^|[\s_-])(?:title|headline|tieu-?de|tit)|(?:tieude|title)(?:$|[\s_-])", re.I)
LEAD = re.compile(
    r"(?:^|[\s_-])(?:sapo|lead|chapeau|standfirst|tom-?tat|trich-?(?:dan|yeu)?|home-?text|intro|summary|excerpt|teaser"
    r"|description|desc|mo-?ta|loi-?dan|dan-?nhap|abstract|deck|dek|intro-?text|sub-?title)(?=$|[\s_-])|sapo",
    re.I,
)
DATE = re.compile(
    r"(?:\d{1,2}[:h]\d{2}[\s,|-]{1,3})?(?:ngày\s+)?(?<![\d/])\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
    r"(?:[\s,|()-]{1,4}\d{1,2}[:h]\d{2}(?::\d{2})?(?:\s?(?:AM|PM|SA|CH)\b)?)?"
    r"|(?<!\d)\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}[\d:.]*(?:Z|[+-]\d{2}:?\d{2})?)?"
    r"|(?:ngày\s+)?\d{1,2}\s+tháng\s+(?:\d{1,2}|(?:mười )?(?:một|hai)|giêng|ba|tư|năm|sáu|bảy|tám|chín|mười|chạp)"
    r"[\s,]+(?:năm\s+)?\d{4}(?:[\s,|-]{1,4}\d{1,2}[:h]\d{2})?"
    r"|\d{1,2}\s+(?:phút|giờ|ngày)\s+trước",
    re.I,
)
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
IN_TITLE = re.compile(rf"\(\s*(?:{DATE.pattern})\s*\)$", re.I)
ENGLISH = re.compile(rf"\b{MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\b\d{{1,2}}[ -]{MONTH}[ ,-]+\d{{4}}", re.I)
CLOCK = re.compile(r"\d\s?(?::|h|giờ)\s?\d{2}|\d\s?(?:giờ|phút)", re.I)
ONLY_CLOCK = re.compile(
    r"\W*(?:lúc\s*)?\d{1,2}\s?(?::|h|giờ)\s?\d{2}(?::\d{2})?(?:\s?(?:AM|PM|SA|CH|sáng|chiều|tối))?\W*", re.I
)
POSTED = re.compile(r"posted on|published on|ngày đăng|đăng (?:ngày|lúc|vào)|ngày xuất bản", re.I)
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
NEAR = 3  # levels, itself among them, at which the head of a site is told by its name
ABOVE, BELOW = 4, 8  # blocks before and after the headline among which the date line stands
AUTHOR = re.compile(r"(?:tác giả(?: bài viết)?|người viết|bài(?: và|,)? ảnh|author)\s*:\s*(.{2,60})", re.I)
WEEKDAY = re.compile(r"\b(?:thứ (?:hai|ba|tư|năm|sáu|bảy|\d)|chủ nhật)\b", re.I)
WORDS = 3  # of a headline that no metadata repeats; menus and sections have fewer
TITLE = 200  # characters; a longer line is no headline
SITE = re.compile(
    r"(?:^|\s)(?:site-?(?:header|banner|branding|name|title)|header|banner|masthead|logo|brand)(?=$|\s)", re.I
)
PARTS = re.compile(r"\s+[|»«·•–—-]+\s+|\s*[|»«]\s*|\s+::\s+")  # what parts headline and site in a page's title
HOME = frozenset(("/", "./", "index.html", "index.php", "/index.php", "default.aspx", "/default.aspx"))
SHORTEST = 25  # characters of a lead
LONGEST = 1500  # characters of a lead; more is a body
DESCRIBED = 400  # characters of a description; what is longer is the body itself
FOLLOWING = 2  # plain paragraphs after a block that stands apart
HALF, ABOUT = 0.5, 0.3  # share of a description's words that the body has; the second where it names the subject
COMMON = 40  # characters at which two texts begin alike
ELLIPSIS = ("...", "…")
OPENING = 40  # characters of a bold paragraph that opens the body and is its lead, not a heading
END = re.compile(r"[.!…][\"”’)]*$")


def headline(page: Survey, body: Tag | None, fewest: int = 1) -> Tag | None:
    """The tag whose text is the article's title: one that the metadata repeats, else the highest above the body.

    One that no metadata repeats has at least `fewest` words.
    """
    tree = page.tree
    titles = (html.line(tag) for tag in tree.find_all("title", limit=1) if isinstance(tag, Tag))
    told = [html.meta(tree, "og:title", "twitter:title"), *titles]
    found = [tag for tag in tree.find_all(_may_be_headline) if isinstance(tag, Tag) and html.line(tag)]
    found = [tag for tag in found if not leads_home(tag)]
    whole = {one.casefold() for one in told}
    sites = [tag for tag in found if of_site(tag) and html.line(tag).casefold() not in whole]
    found = [tag for tag in found if not any(tag is one for one in sites)]
    repeated = next((tag for tag in found if _repeats(tag, told)), None)
    if repeated is not None:
        return _rival(page, found, repeated, told, body) or repeated
    long = [tag for tag in _above(page, found, body) if len(html.line(tag).split()) >= fewest]
    clear = [tag for tag in long if not page.outside(tag) and not _is_named_lead(tag)]
    fuller = next((tag for tag in clear if _begins(html.line(tag), told)), None)
    highest = min(reversed(clear), key=_level, default=None)
    return fuller or highest or _told(page, told) or _over_date(page, body) or next(iter(sites), None)


def leads_home(tag: Tag) -> bool:
    """Whether all of the tag is a link to the site's home: then it is the site's name, no article's."""
    inner = tag.find("a", href=True)
    link = inner if isinstance(inner, Tag) else tag.find_parent("a", href=True)
    href = html.attr(link, "href") if isinstance(link, Tag) and html.line(link) else ""
    home = href in HOME or (href.startswith("http") and html.path_of(href) in {"", "/"} and "?" not in href)
    return home and (inner is None or html.line(link) == html.line(tag))


def _rival(page: Survey, found: list[Tag], first: Tag, told: list[str], body: Tag | None) -> Tag | None:
    """The line that another part of the page's title repeats, where the first found is the name of the site."""
    titles = [[part.strip() for part in PARTS.split(one)] for one in told]
    said = html.line(first)
    parts = {part for title in titles if len(title) > 1 for part in title if len(part.split()) >= WORDS}
    if said not in parts:
        return None
    rows = [*found, *(leaf.tag for leaf in page.leaves if not leaf.outside)]
    below = (tag for tag in _above(page, rows, body) if page.place(tag) > page.place(first))
    others = [(tag, html.line(tag)) for tag in below if html.line(tag) in parts - {said}]
    ends = {(title[0], title[-1]) for title in titles}
    return next((tag for tag, text in others if len(text) > len(said) or (text, said) in ends), None)


def of_site(tag: Tag) -> bool:
    """Whether the tag, or what stands close around it, is called the head of the site."""
    return any(SITE.search(blocks.named(one)) for _, one in zip(range(NEAR), (tag, *tag.parents), strict=False))


def _begins(text: str, told: Iterable[str]) -> bool:
    """Whether the text is a page's title, told in full here and cut short there."""
    return any(len(one.split()) >= WORDS and _words(text).startswith(_words(one)) for one in told)


def _over_date(page: Survey, body: Tag | None) -> Tag | None:
    """Where nothing else tells the headline: the short line right above the last date line before the prose."""
    told = (leaf for leaf in page.leaves if not leaf.outside and (body is None or page.touch(leaf.tag, body)))
    first = next((leaf for leaf in told if leaf.prose and END.search(leaf.text)), None)
    end = page.place(first.tag) if first is not None else 0
    rows = [leaf for leaf in page.leaves if not leaf.outside and page.place(leaf.tag) < end]
    pairs = ((above.tag, above) for above, leaf in pairwise(rows) if _is_dateline(leaf) and not _is_dateline(above))
    found = [tag for tag, leaf in pairs if leaf.linked < blocks.LINKED and _is_title(leaf.text)]
    return found[-1] if found else None


def _is_title(text: str) -> bool:
    return len(text.split()) > WORDS and len(text) <= TITLE and not text.endswith(".")


def _told(page: Survey, told: list[str]) -> Tag | None:
    """Where no tag looks like a headline: the first line that the metadata repeat, capitals and commas aside."""
    titles = [_words(one) for one in told]
    lines = (leaf for leaf in page.leaves if not leaf.outside and len(leaf.text.split()) >= WORDS)
    lines = (leaf for leaf in lines if not of_site(leaf.tag))
    return next((leaf.tag for leaf in lines if any(_words(leaf.text) in one for one in titles)), None) or next(
        (leaf.tag for leaf in page.leaves if not leaf.outside and _is_title(leaf.text) and _begins(leaf.text, told)),
        None,
    )


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _above(page: Survey, tags: list[Tag], body: Tag | None) -> list[Tag]:
    """Those that stand before the body's first prose, or are it."""
    first = next((leaf for leaf in page.inside(body) if leaf.prose), None) if body is not None else None
    return [tag for tag in tags if first is None or page.place(tag) <= page.place(first.tag)]


def _level(tag: Tag) -> int:
    """How high a headline the tag is, 0 the highest; one of few words may be the name of a section or of the site."""
    level = HEADS.index(tag.name) if tag.name in HEADS else HIGH
    level += tag.name in HEADS[HIGH:]
    sentence = 0 < level < HIGH and html.line(tag).endswith(".")
    return 2 * level + (0 if len(html.line(tag).split()) >= WORDS else 3) + 2 * HIGH * sentence


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
    if inside and CLOCK.search(inside[0]):
        return inside[0], None
    below = _until(page, rows[at + 1 :], body)[:BELOW]
    near = (*below, *reversed(rows[max(0, at - ABOVE) : at]))
    found = next((leaf for leaf in near if _is_dateline(leaf)), None)
    if found is None:
        return _posted(page, body), None
    return clocked(page, _exactly(found), found.tag), found.tag


def clocked(page: Survey, printed: str, tag: Tag) -> str:
    """The date with the clock that stands alone in the block after its tag, or before it."""
    rows = page.leaves
    at = next((at for at, leaf in enumerate(rows) if page.touch(leaf.tag, tag)), len(rows))
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
    return rows[: next((at for at, leaf in inside if leaf.prose and not _is_dateline(leaf)), len(rows))]


def _is_dateline(leaf: Leaf) -> bool:
    return len(leaf.text) <= DATELINE and is_date(leaf.text)


def _exactly(leaf: Leaf) -> str:
    times = (html.attr(time, "datetime") for time in leaf.tag.select("time[datetime]"))
    return next((told for time in times if (told := exact(leaf.text, time)) != leaf.text), leaf.text)


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
    for tag in page.tree.find_all(_is_named_lead):
        if not isinstance(tag, Tag) or page.place(tag) <= start:
            continue
        if body is not None and page.place(tag) > page.place(body) and not page.within(tag, body):
            break
        if _is_lead(page, tag, head, body):
            return tag
    return _unnamed(page, head, body) if body is not None else None


def _unnamed(page: Survey, head: Tag | None, body: Tag) -> Tag | None:
    return _alone(page, head, body) or bold(page, body, head) or _apart(page, body, head)


def _alone(page: Survey, head: Tag | None, body: Tag) -> Tag | None:
    """The only block of prose between headline and body."""
    if head is None:
        return None
    start, end = page.place(head), page.place(body)
    between = [leaf for leaf in page.leaves if start < page.place(leaf.tag) < end and not page.within(leaf.tag, head)]
    told = [leaf for leaf in between if leaf.prose and not leaf.outside and not _is_dateline(leaf)]
    return told[0].tag if len(told) == 1 and END.search(told[0].text) else None


def _apart(page: Survey, body: Tag, head: Tag | None) -> Tag | None:
    """The one block of its own class that opens the body before plain paragraphs."""
    start = page.place(head) if head is not None and page.within(head, body) else -1
    told = [leaf for leaf in page.inside(body) if page.place(leaf.tag) > start and leaf.prose and not leaf.outside]
    first, after = (told[0], told[1 : 1 + FOLLOWING]) if told else (None, [])
    plain = [leaf for leaf in after if leaf.tag.name == "p" and not html.attr(leaf.tag, "class")]
    if first is None or len(plain) < FOLLOWING:
        return None
    box = first.tag if first.tag.name == "div" else first.tag.parent
    alone = box is not None and box.name == "div" and box is not body and page.letters(box) == len(first.text)
    named = box is not None and bool(html.attr(box, "class") or html.attr(box, "id"))
    short = len(first.text) <= DESCRIBED and bool(END.search(first.text))
    return first.tag if alone and named and short else None


def _is_named_lead(tag: Tag) -> bool:
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
    beside = {id(leaf.tag) for leaf in particulars(page, head, body)}
    rows = [leaf for leaf in rows if id(leaf.tag) not in beside and not foreign.is_noise(leaf.text)]
    near = [leaf for leaf in rows[:BELOW] if not _is_dateline(leaf) and not AUTHOR.fullmatch(leaf.text)]
    near = [leaf for leaf in near if leaf.tag.find_parent("figure") is None]
    if len(near) < 2 or not (is_emphatic(near[0].tag) and not is_emphatic(near[1].tag)):
        return None
    return near[0].tag if len(near[0].text) >= OPENING and END.search(near[0].text) else None


def particulars(page: Survey, head: Tag | None, body: Tag) -> list[Leaf]:
    """The short lines on top of the body that tell who, when and where, and buttons beside them: no text of it.

    They stand below a headline in the body, or begin with the date line.
    """
    inside = head is not None and page.within(head, body)
    start = page.place(head) if head is not None and inside else -1
    rows = [leaf for leaf in page.inside(body) if page.place(leaf.tag) > start and leaf.tag is not head]
    above = rows[: next((at for at, leaf in enumerate(rows) if leaf.prose and not _is_dateline(leaf)), 0)]
    if not any(_is_dateline(leaf) for leaf in above):
        return []
    return [leaf for leaf in above if not END.search(leaf.text) and not _is_kept(leaf.tag)]


def _is_kept(tag: Tag) -> bool:
    return is_bold(tag) or tag.find("img") is not None or tag.find_parent(["figure", "table", "blockquote"]) is not None


def description(page: Survey, body: Tag, head: Tag | None = None) -> str:
    """The page's description where somebody wrote it for the article: one sentence or two that the page prints nowhere.

    What begins as the body does was cut from it by a machine; what is no full sentence, or has most of its words
    not from the body, tells of the site.
    """
    told = " ".join(html.meta(page.tree, "description", "og:description").split())
    if not blocks.LEAST <= len(told) <= DESCRIBED or not END.search(told) or told.endswith(ELLIPSIS):
        return ""
    said = _words(told)
    printed = _words(" ".join(leaf.text for leaf in page.inside(body)))
    words = set(said.split())
    shared = len(words & set(printed.split())) / len(words)
    foreign_to = shared < (ABOUT if _on_subject(said, _words(html.line(head))) else HALF)
    return "" if foreign_to or said in printed or printed.startswith(said[:COMMON]) else told


def _on_subject(said: str, title: str) -> bool:
    """Whether three words of the headline follow one another in the text as well."""
    words = title.split()
    return any(f" {' '.join(words[at : at + WORDS])} " in f" {said} " for at in range(len(words) - WORDS + 1))


def is_emphatic(tag: Tag) -> bool:
    """Whether all words of the tag are bold, or all are in italics."""
    return is_bold(tag) or _all_in(tag, ("em", "i"))


def is_bold(tag: Tag) -> bool:
    """Whether all words of the tag are bold, or it is a heading."""
    return tag.name in HEADS or _all_in(tag, ("strong", "b"))


def _all_in(tag: Tag, names: tuple[str, ...]) -> bool:
    inner = [one for one in tag.find_all(names) if one.find_parent(names) is None]
    said = "".join("".join(html.line(one) for one in inner if isinstance(one, Tag)).split())
    return bool(said) and said == "".join(html.line(tag).split())


def author(page: Survey, body: Tag | None = None) -> Tag | None:
    """The line that tells the author's name after a label ("Tác giả bài viết: ..."), in the body or on the page."""
    rows = page.inside(body) if body is not None else page.leaves
    return next((leaf.tag for leaf in rows if AUTHOR.fullmatch(leaf.text)), None)


def name_in(tag: Tag | None) -> str:
    """The name that such a line tells."""
    match = AUTHOR.fullmatch(html.line(tag))
    return WEEKDAY.split(DATE.split(match[1])[0])[0].strip(" |,-–") if match else ""
