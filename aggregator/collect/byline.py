"""Who wrote an article: after a label, in a tag named so, beside the date, or as a signature. Knows no site."""

import re
from collections.abc import Iterator
from itertools import pairwise

from bs4 import NavigableString, Tag

from aggregator.collect import blocks, html, opening
from aggregator.collect.blocks import Survey
from aggregator.names import is_account
from aggregator.text import nfc

NAMED = re.compile(
    r"(?:^|[\s_-])(?:author(?:-?name)?|authors|byline|writer|tac-?gia|nguoi-?viet|but-?danh|creator)(?=$|[\s_-])", re.I
)
NO_AUTHOR = re.compile(
    r"avatar|bio|box|bot(?:tom)?(?=$|[\s_-])|photo|image|img|desc|social|link|count|date|time|nguoi-?dang|poster", re.I
)
ICON = re.compile(r"(?:^|[\s_-])(?:user|author|person|pen|pencil|edit)(?=$|[\s_-])", re.I)
SHORT = 6  # words of a name of no known form
WRITTEN = re.compile(
    r"\W*(?:được )?(?:(?:viết|gửi|biên soạn|thực hiện|written|posted|submitted)?\s*(?:bởi|by)|tác giả|người viết)"
    r"\b\s*:?\s+(.{2,60})",
    re.I,
)
LOOSE = re.compile(
    r"\W*(?!ảnh\s*:)(?:(?:tin|bài|ảnh|ghi|nội dung|thực hiện|biên soạn|pv)"
    r"(?:\s*(?:,|và|-|/)\s*)?)+\s*:\s*(.{2,60}?)"
    r"(?:\s*[;,|-]\s*(?:ảnh|video|đồ họa)\s*:.*)?",
    re.I,
)
COUNTED = re.compile(r"\b(?:comments?|views?|bình luận|lượt)\b", re.I)  # counters have capitals, too
IN_LINE = re.compile(
    r"(?:tác giả|người viết)\s*:\s*([^|•·:]{2,60}?)\s*(?=$|[|•·]|nguồn|lượt|ngày|đăng|cập nhật|xuất bản|số lần)", re.I
)  # among other particulars
PUBLISHED = re.compile(r"\b(?:ngày (?:xuất bản|đăng)|đăng (?:ngày|lúc)|cập nhật|lúc|vào)\b.*$", re.I)
NAME = 80  # characters; a longer text is no author's name
WORDS = 12  # of a signature; more is a sentence
NAME_WORDS = 5  # of a person's name without degrees
PEOPLE = 4  # that sign one article
LINES = 2  # of a signature that names person and office
BESIDE = 40  # characters of a name beside a date
NO_NAME = re.compile(r"[.:!?]|\d/\d|\bngày\b|^\W*tổng hợp\b", re.I)  # a sentence, or the place and date of a letter
DEGREE = re.compile(
    r"\b(?:GS|PGS|TS|Th\.?[sS]|BS|BSCK\w*|CK\w*|DS|CN|ĐD|YS|KS|TTƯT|TTND|P|K)\.|\b(?:BS|Th\.?S|TS|DS)\b", re.I
)
INITIALS = re.compile(r"^(?:[A-ZĐ]\.\s?){2,4}$|\b[A-ZĐ]\.(?=\s?[A-ZĐ])")
OFFICE = re.compile(
    r"(?:Ban|Phòng(?! (?:bệnh|chống|ngừa|dịch|tránh)\b)|Sở|Trung tâm|TTYT|TT|Bệnh viện|BV|Viện|Cục|Vụ|Chi cục|Tổng cục"
    r"|Khoa|Tổ|Trạm|UBND|Ủy ban|Uỷ ban"
    r"|Văn phòng|Hội|Đội|Bộ|Nhóm|Đơn vị|HCDC|CDC)\s(?=\S)"
)
BY = re.compile(r"(?:đăng|gửi|viết|biên soạn|posted|submitted|written)?\s*\b(?:bởi|by)\b:?\s+(.{2,60}?)\s*$", re.I)
BARE_BY = re.compile(r"^(?:bởi|by|đăng bởi|tác giả)$", re.I)
UNTIL = re.compile(r"\s+(?:vào|lúc|ngày|on|at)(?=\s|$)|[,|·•]", re.I)
PARTED = re.compile(r"\s*[·•|/]\s*|\s+[-–—]\s+|(?<=\w)\s*,\s*(?=\W*$)|^\W+|\W+$")
LABEL = re.compile(r"\W*(?:tác giả|người viết|biên soạn|author|written by)\W*", re.I)
AND = re.compile(r"\s+[-–—]\s+|\s*[,;/&]\s*|\s+và\s+")  # between the names of several
LABELS = (*opening.HEADS, "nav", "footer", "aside", "form", "button", "ul")


def known(text: str) -> str:
    """The name in a text that a tag of the author's prints; "" for an account's."""
    name = labelled(text) or name_of(text)
    return "" if is_account(name) else name


def told_of(text: str) -> str:
    """The name that metadata tell, where it is a person's; "" for an office's: that is the site, which wrote none."""
    return "" if is_office(text) or is_account(text) or not (is_person(text) or _are_people(text)) else text


def of(page: Survey, body: Tag | None, line: Tag | None) -> tuple[str, Tag | None]:
    """The author's name that the page prints, and the tag that is but the name; `line` is the date's tag."""
    rows = [*(page.inside(body) if body is not None else ()), *page.leaves]
    told = ((leaf.tag, labelled(leaf.text)) for leaf in rows)
    found = (
        next(((name, tag) for tag, name in told if name and not is_account(name)), None)
        or _after_label(page)
        or next(_named(page), None)
        or _iconed(page)
    )
    if found:
        return found
    name = beside(page.leaf_of(line))
    return (name, None) if name else _near(page, line)


def labelled(text: str) -> str:
    """The name that a line tells after a label ("Tác giả bài viết: ...", "Tin, bài: ..."); "" for any other line."""
    match = opening.AUTHOR.fullmatch(text)
    if match:
        return name_of(match[1])
    loose = WRITTEN.fullmatch(text) or LOOSE.fullmatch(text)
    return name_of(loose[1]) if loose and is_name(name_of(loose[1])) else ""


def name_of(text: str) -> str:
    """The name without the date and the label that stand in its line."""
    plain = opening.WEEKDAY.split(opening.DATE.split(text)[0])[0]
    plain = PUBLISHED.sub("", plain).strip(" |,-–•·:/")
    by = BY.fullmatch(plain)
    return by[1] if by else BARE_BY.sub("", plain)


def _after_label(page: Survey) -> tuple[str, Tag] | None:
    """The name in the block after one that holds but the label: rows of a table, terms of a list."""
    rows = [leaf for leaf in page.leaves if not leaf.outside]
    pairs = ((label, leaf) for label, leaf in pairwise(rows) if LABEL.fullmatch(label.text))
    found = ((name_of(leaf.text), leaf.tag) for _, leaf in pairs if len(leaf.text) <= NAME)
    return next(((name, tag) for name, tag in found if is_name(name) and not is_account(name)), None)


def _named(page: Survey) -> Iterator[tuple[str, Tag]]:
    """Names in tags outside the frame of the page that are called the author's."""
    for tag in page.tree.find_all(_is_named):
        if isinstance(tag, Tag) and not page.outside(tag) and 0 < len(html.line(tag)) <= NAME:
            name = labelled(html.line(tag)) or name_of(html.line(tag))
            if is_account(name):
                continue
            if is_name(name) or (name and len(name.split()) <= SHORT and not name.endswith(".")):
                yield name, tag


def _is_named(tag: Tag) -> bool:
    name = blocks.named(tag)
    return (
        bool(name) and bool(NAMED.search(name)) and not NO_AUTHOR.search(name) and tag.name not in {"body", "article"}
    )


def _iconed(page: Survey) -> tuple[str, None] | None:
    """The name that stands beside the picture of a person, as themes print it above the text."""
    for icon in page.tree.find_all(["i", "svg", "span"], class_=ICON):
        around = icon.parent if isinstance(icon, Tag) and not html.line(icon) else None
        if around is not None and not page.outside(around) and len(html.line(around)) <= NAME:
            text = name_of(html.line(around))
            if is_name(text) and not is_account(text):
                return text, None
    return None


def is_name(text: str) -> bool:
    """Whether the text has the form of a person's or an office's name, or of initials."""
    return is_person(text) or is_office(text) or bool(INITIALS.fullmatch(text)) or _are_people(text)


def _are_people(text: str) -> bool:
    names = AND.split(text)
    return 1 < len(names) <= PEOPLE and all(is_person(name) for name in names)


def beside(line: Tag | None) -> str:
    """The name beside the date in its line ("12/11/2026 • Hà An", "Đăng bởi Hà An vào ..."); "" for none."""
    if line is None or len(html.line(line)) > opening.DATELINE:
        return ""
    parts = (UNTIL.split(part.strip())[0] for part in opening.DATE.split(opening.spaced(line)))
    labelled_in = IN_LINE.search(opening.spaced(line))
    if labelled_in and known(labelled_in[1]):
        return known(labelled_in[1])
    by = next((match for part in parts if (match := BY.search(part))), None)
    if by:
        return known(by[1])
    free = [nfc(text) for text in line.find_all(string=True) if _is_free(text)]
    pieces = (piece.strip() for text in free for part in opening.DATE.split(text) for piece in PARTED.split(part or ""))
    return next((name for piece in pieces if _is_beside(name := labelled(piece) or piece)), "")


def _near(page: Survey, line: Tag | None) -> tuple[str, Tag | None]:
    """The person's name that stands in the line below the date's, or above it; no section's, which is a link."""
    at = next((at for at, leaf in enumerate(page.leaves) if line is not None and page.touch(leaf.tag, line)), -1)
    clock = at >= 0 and bool(
        re.fullmatch(opening.ONLY_CLOCK, "".join(leaf.text for leaf in page.leaves[at + 1 : at + 2]))
    )
    beside = (*page.leaves[at + 1 + clock : at + 2 + clock], *page.leaves[max(0, at - 1) : at]) if at >= 0 else ()
    told = [leaf for leaf in beside if not COUNTED.search(leaf.text)]
    plain = [leaf for leaf in told if not leaf.outside and leaf.linked == 0 and leaf.tag.name not in LABELS]
    return next(((leaf.text, leaf.tag) for leaf in plain if is_person(leaf.text)), ("", None))


def _is_free(text: NavigableString) -> bool:
    return type(text) is NavigableString and text.find_parent(["a", "button", "time"]) is None


def _is_beside(piece: str) -> bool:
    return len(piece) <= BESIDE and not opening.WEEKDAY.search(piece) and (is_person(piece) or is_office(piece))


def is_person(text: str) -> bool:
    """Whether the text is two to five capitalised words, degrees apart."""
    words = DEGREE.sub("", text).split()
    return 2 <= len(words) <= NAME_WORDS and all(word[0].isupper() and word.isalpha() for word in words)


def is_office(text: str) -> bool:
    """Whether the text is called as an office is, and is no sentence."""
    return bool(OFFICE.match(text)) and len(text.split()) <= WORDS and NO_NAME.search(text) is None


def signature(body: Tag) -> str:
    """The name that stands alone right after the body, where some pages put its author; "" when there is none."""
    after = body.find_next_sibling()
    while after is None and body.parent is not None and body.parent.name in {"td", "tr", "div"}:
        body = body.parent
        after = body.find_next_sibling()
    text = html.line(after) if isinstance(after, Tag) else ""
    if not isinstance(after, Tag) or blocks.linked(after) > 0 or after.name in LABELS:
        return ""
    right = on_right(after) and _may_sign(text)
    return labelled(text) or (text if is_person(text) or is_office(text) or right else "")


def closing(last: Tag | None) -> str:
    """The author's name where the last line of a body is it: on the right or in bold. The line is taken out."""
    if last is None:
        return ""
    text = html.line(last).removeprefix("(").removesuffix(")") if html.line(last).startswith("(") else html.line(last)
    told = labelled(text) or _over_office(last)
    if told:
        last.extract()
        return told
    bold = opening.is_emphatic(last) and (is_office(text) or (opening.is_bold(last) and _is_titled(text)))
    if not (bold or on_right(last)) or not _may_sign(text):
        return ""
    last.extract()
    return text


def _over_office(last: Tag) -> str:
    """The person's name in a line above that of the office, both of one signature."""
    lines = [text for text in map(str.strip, last.find_all(string=True)) if text]
    both = len(lines) == LINES and is_person(nfc(lines[0])) and is_office(nfc(lines[1]).strip(" ()"))
    return nfc(lines[0]) if both else ""


def _may_sign(text: str) -> bool:
    plain = DEGREE.sub("", INITIALS.sub("", text))
    return text[:1].isupper() and len(text.split()) <= WORDS and NO_NAME.search(plain) is None


def _is_titled(text: str) -> bool:
    words = [word for word in text.split() if word[0].isalnum()]
    return all(word[0].isupper() for word in words) and len(words) > 1


def on_right(tag: Tag) -> bool:
    """Whether the tag is set to the right, as signatures are."""
    near = (tag, tag.parent if tag.parent is not None and tag.parent.name in {"td", "div"} else tag)
    told = " ".join(html.attr(one, "style") + " " + html.attr(one, "align") for one in near)
    return bool(re.search(r"(?:^|[\s:])right\b", told)) or bool(RIGHT.search(blocks.named(tag)))


RIGHT = re.compile(
    r"(?:^|[\s_-])(?:text-right|text-end|ky-?ten|nguoi-?ky|article-?sign|align-?right|has-text-align-right|pull-right)(?=$|\s)",
    re.I,
)
