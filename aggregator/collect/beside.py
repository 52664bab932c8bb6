"""What stands beside the items of a listing: menus, boxes of the most read, and the parts of one item put together."""

import re
from collections.abc import Iterator
from itertools import pairwise, takewhile

from bs4 import BeautifulSoup, Tag

from aggregator.collect import blocks, html
from aggregator.collect.blocks import Survey

MOST_READ = re.compile(
    r"\W*(?:(?:các )?(?:tin|bài|bài viết|bài đăng|tin tức|tin bài) )?(?:được )?"
    r"(?:(?:đọc|xem|quan tâm) nhiều(?: nhất)?|nhiều (?:người|bạn) (?:đọc|xem|quan tâm)|gần đây)"
    r"(?: trong (?:ngày|tuần|tháng))?\W*|\W*(?:most (?:read|viewed|popular)|recent posts)\W*",
    re.I,
)
BOX = re.compile(
    r"(?:^|[\s_-])(?:most-?(?:read|view(?:ed)?|popular)|doc-?nhieu|xem-?nhieu|popular-?posts?|recent-?posts?|items-more)"
    r"(?=$|[\s_-])",
    re.I,
)
LABEL = 40  # characters of such a box's label
CLIMB = 3  # levels above a label that may still stand before its list
WORDS = 4  # of a link that names an article
MENU = 3  # links that make a menu, when nothing else is printed and they have fewer words on average
ROWS = 3  # of one kind that make a flat list
HEADS = frozenset(("h2", "h3", "h4", "h5", "p", "div", "tr", "dt"))  # what begins an item in it


def cut(tree: BeautifulSoup) -> None:
    """Take out menus, and boxes of most read and recent articles: by their names, and the lists after their labels."""
    for tag in tree.find_all(("ul", "ol", "div", "td", "p", "section")):
        if isinstance(tag, Tag) and not tag.decomposed and _is_menu(tag):
            tag.decompose()
    for tag in tree.find_all(lambda tag: bool(BOX.search(blocks.named(tag)))):
        if isinstance(tag, Tag) and not tag.decomposed and tag.name not in {"body", "html"}:
            tag.decompose()
    labels = [leaf.tag for leaf in Survey(tree).leaves if len(leaf.text) <= LABEL and MOST_READ.fullmatch(leaf.text)]
    for label in labels:
        for found in _listed(label):
            found.decompose()


def _is_menu(tag: Tag) -> bool:
    """Whether the tag prints nothing but links, which are too short, on average, to name an article."""
    if tag.find(["time", "h1", "h2", "h3", "h4"]) is not None or re.search(r"\d", html.line(tag)):
        return False  # particulars of an item, or an item
    links = [text for one in tag.find_all("a", href=True) if (text := html.line(one))]
    words = sum(len(text.split()) for text in links)
    return len(links) >= MENU and words < WORDS * len(links) and _bare("".join(links)) == _bare(html.line(tag))


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _listed(label: Tag) -> list[Tag]:
    """The list after the label, or after what is but the label: the next tag with links, or the row of such tags."""
    for _, tag in zip(range(CLIMB), (label, *label.parents), strict=False):
        if html.line(tag) != html.line(label):
            return []
        after = [one for one in tag.next_siblings if isinstance(one, Tag) and html.line(one)]
        if after:
            return _row(after)
    return []


def _row(tags: list[Tag]) -> list[Tag]:
    """The first of the tags where it holds a list of links, else those of its kind in a row that hold one each."""
    row = list(takewhile(lambda one: _kind(one) == _kind(tags[0]) and _links(one) == 1, tags))
    return row or ([tags[0]] if _links(tags[0]) else [])


def _links(tag: Tag) -> int:
    return len({html.attr(one, "href") for one in tag.find_all("a", href=True)}) + (tag.name == "a")


def join(tree: BeautifulSoup) -> None:
    """Put each item of a flat list (titles and, between them, their dates and summaries) into a tag of its own."""
    homes = {id(one.parent): one.parent for one in tree.find_all(sorted(HEADS)) if one.parent is not None}
    for home in homes.values():
        for run in list(_runs(home)):
            item = tree.new_tag("div")
            run[0].insert_before(item)
            for one in run:
                item.append(one.extract())


def _runs(home: Tag) -> Iterator[list[Tag]]:
    rows = [one for one in home.children if isinstance(one, Tag)]
    named = [one for one in rows if _names(one)]
    first = named[0] if named else None
    kin = {id(one) for one in named if first is not None and _kind(one) == _kind(first)}
    if len(kin) < ROWS or len(kin) != len(named) or len(kin) == len(rows):
        return
    starts = [at for at, one in enumerate(rows) if id(one) in kin]
    gaps = {after - at for at, after in pairwise(starts)}
    if gaps == {1}:
        return
    for at, after in zip(starts, [*starts[1:], starts[-1] + max(gaps)], strict=True):
        run = rows[at:after]
        yield [one for one in run if one is run[0] or not _names(one)]


def _kind(tag: Tag) -> tuple[str, str]:
    return tag.name, html.attr(tag, "class")


def _names(tag: Tag) -> bool:
    """Whether the tag begins an item and holds the name of one article and no more: a link with several words."""
    if tag.name not in HEADS:
        return False
    links = [one for one in tag.find_all("a", href=True) if len(html.line(one).split()) >= WORDS]
    return len(links) == 1 and len(html.line(tag)) <= 2 * len(html.line(links[0]))
