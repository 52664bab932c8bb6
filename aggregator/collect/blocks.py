"""The smallest blocks of text of a page, in its order, and what their names and words say of them. Knows no site."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PageElement

from aggregator.collect import html

FRAME = frozenset(("nav", "header", "footer", "aside", "form", "select", "noscript", "script", "style", "template"))
OUTSIDE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|footer|foot|sidebar|side|breadcrumbs?|top-?bar|pagination|copyright)(?=$|[\s_-])",
    re.I,
)
FOREIGN = re.compile(
    r"related|lien-?quan|tin-?khac|other-?news|cung-?chuyen-?muc|binh-?luan|y-?kien|phan-?hoi|quang-?cao|luot-?xem|adsbygoogle"
    r"|(?:^|[\s_-])(?:share|shared|sharing|socials?|breadcrumbs?|comments?|cmts?|feedbacks?|tags?|keywords?|ratings?|votes?|newsletter"
    r"|subscribe|subscription|cta|call-to-action|sponsor\w*|ads?|adv|advert\w*|popup|toc|print|toolbar|pager|pagenav|pagination|read-?more|post-views|view-?counts?"
    r"|poll|td-a-rec|adspot|wpcf7|contact-form\w*|link-source\w*|audio\w*|next-?prev\w*)(?=$|[\s_-])",
    re.I,
)
ROLES = frozenset(("navigation", "banner", "contentinfo", "complementary", "search", "header", "footer", "navbar"))
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
HOLDERS = frozenset(("body", "div", "td", "section", "article", "main", "center", "font", "span", "form", "dd", "p"))
LEAST = 40  # characters; shorter blocks are captions, bylines and menus
FIELDS = frozenset(("email", "tel", "text"))
ASKING = 200  # characters of a box that asks for an address; an article has more
LINKED = 0.5  # share of a block's letters inside links from which it is a list of links


@dataclass(frozen=True, slots=True)
class Leaf:
    """A block with text and no block inside (line breaks aside), or a tag beside blocks that is as good as one."""

    tag: Tag
    text: str
    linked: float
    outside: bool

    @property
    def prose(self) -> bool:
        """Whether the block tells something in words of its own."""
        return len(self.text) >= LEAST and self.linked < LINKED


class Survey:
    """Where the tags of a tree stand, looked at once: valid until the tree changes."""

    def __init__(self, tree: Tag) -> None:
        """Number the tags, mark the frame of the page, and list the leaves in the order of the page."""
        tags = [tree, *(tag for tag in tree.find_all(True) if isinstance(tag, Tag))]
        self.tree = tree
        self._first = {id(tag): number for number, tag in enumerate(tags)}
        self._last = dict(self._first)
        bearing: set[int] = set()  # tags with a block inside
        headed: set[int] = set()  # tags with the page's headline inside
        for tag in reversed(tags[1:]):
            above = id(tag.parent)
            self._last[above] = max(self._last[above], self._last[id(tag)])
            if is_block(tag) or id(tag) in bearing:
                bearing.add(above)
            if tag.name == "h1" or id(tag) in headed:
                headed.add(above)
        self._framed: set[int] = set()
        boxes = {id(tag) for tag in asking(tree)}
        for tag in tags:
            if id(tag.parent) in self._framed or id(tag) in boxes or _is_frame(tag, id(tag) in headed):
                self._framed.add(id(tag))
        plain = (tag for tag in tags if id(tag) not in bearing and tag.name != "head")
        found = (tag for tag in plain if is_block(tag) or id(tag.parent) in bearing)
        told = ((tag, html.line(tag)) for tag in found)
        self.leaves = tuple(Leaf(tag, text, linked(tag), self.outside(tag)) for tag, text in told if text)
        self._places = [self._first[id(leaf.tag)] for leaf in self.leaves]
        self._lengths = [0, *accumulate(len(leaf.text) for leaf in self.leaves)]

    def place(self, tag: Tag) -> int:
        """The number of the tag in the order of the page."""
        return self._first[id(tag)]

    def within(self, tag: Tag, around: Tag) -> bool:
        """Whether the tag stands somewhere inside the other one."""
        return self._first[id(around)] < self._first[id(tag)] <= self._last[id(around)]

    def touch(self, tag: Tag, other: Tag) -> bool:
        """Whether one of the two is the other or stands inside it."""
        return tag is other or self.within(tag, other) or self.within(other, tag)

    def outside(self, tag: Tag) -> bool:
        """Whether the tag stands in the frame of the page (menus, foot, side column) or in a foreign box."""
        return id(tag) in self._framed

    def inside(self, tag: Tag) -> tuple[Leaf, ...]:
        """The leaves of the tag, itself if it is one."""
        start, end = self._span(tag)
        return self.leaves[start:end]

    def leaf_of(self, tag: Tag | None) -> Tag | None:
        """The first leaf that the tag is, holds, or stands in."""
        return next((leaf.tag for leaf in self.leaves if tag is not None and self.touch(leaf.tag, tag)), None)

    def letters(self, tag: Tag) -> int:
        """How many letters the leaves of the tag hold."""
        start, end = self._span(tag)
        return self._lengths[end] - self._lengths[start]

    def _span(self, tag: Tag) -> tuple[int, int]:
        first, last = self._first[id(tag)], self._last[id(tag)]
        return bisect_left(self._places, first), bisect_right(self._places, last)


def break_lines(tree: BeautifulSoup) -> None:
    """Make paragraphs of text that stands between empty lines (two br tags), or bare beside other blocks."""
    for tag in tree.find_all(_broken):
        tag.name = "div" if tag.name == "p" else tag.name  # no paragraph stands in another
        run: list[PageElement] = []
        for child in [*tag.children, None]:
            if child is not None and not _ends_line(child):
                run.append(child)
                continue
            _wrap(tree, run)
            run = []
            if isinstance(child, Tag) and child.name == "br":
                child.extract()


def _broken(tag: Tag) -> bool:
    """Whether two br tags follow one another in the tag, or a sentence stands bare beside blocks in it."""
    if tag.name not in HOLDERS:
        return False
    bare = any(type(one) is NavigableString and len(one.strip()) >= LEAST for one in tag.children)
    if bare and any(isinstance(one, Tag) and is_block(one) for one in tag.children):
        return True
    shown = [one for one in tag.children if isinstance(one, Tag) or (type(one) is NavigableString and one.strip())]
    return any(_is_break(one) and _is_break(other) for one, other in pairwise(shown))


def _is_break(node: PageElement) -> bool:
    return isinstance(node, Tag) and node.name == "br"


def _ends_line(node: PageElement) -> bool:
    return isinstance(node, Tag) and (node.name in html.BLOCKS or node.find(list(html.BLOCKS)) is not None)


def _wrap(tree: BeautifulSoup, run: list[PageElement]) -> None:
    if not any(isinstance(one, Tag) or (type(one) is NavigableString and one.strip()) for one in run):
        return
    paragraph = tree.new_tag("p")
    run[0].insert_before(paragraph)
    for one in run:
        paragraph.append(one.extract())


def is_block(tag: Tag) -> bool:
    """Whether the tag begins a line of its own."""
    return tag.name in html.BLOCKS and tag.name != "br"


def within(tag: Tag, around: Tag | None) -> bool:
    """Whether the tag stands somewhere inside the other one."""
    return any(one is around for one in tag.parents)


def named(tag: Tag) -> str:
    """What the page calls the tag: its classes, its id and the kind that a CMS gave it; `newsTitle` as `news-Title`."""
    told = " ".join(filter(None, (html.attr(tag, "class"), html.attr(tag, "id"), html.attr(tag, "type"))))
    return CAMEL.sub("-", told)


def linked(tag: Tag) -> float:
    """Share of the tag's letters that stand inside links, 0 to 1."""
    own = sum(len(html.line(anchor)) for anchor in tag.find_all("a") if isinstance(anchor, Tag))
    return own / (len(html.line(tag)) or 1) if tag.name != "a" else 1.0


def _is_frame(tag: Tag, headed: bool) -> bool:
    if tag.name in {"body", "html", "[document]", "article", "main"}:
        return False
    if tag.name in {"header", "footer"} and not _of_site(tag):
        return False
    if tag.name in FRAME - {"form"} or _has_role(tag):
        return True
    name = named(tag)  # "sidebar-1" may name the main column: the one with the headline
    return not headed and bool(OUTSIDE.search(name) or FOREIGN.search(name))


def asking(tree: Tag) -> Iterator[Tag]:
    """Small boxes around a field for an address or a name: they ask the reader to subscribe, and tell nothing."""
    for tag in tree.find_all("input"):
        if isinstance(tag, Tag) and html.attr(tag, "type").lower() in FIELDS:
            around = (one for one in tag.parents if one.name in {"div", "section", "aside"} and one.find("h1") is None)
            yield from (one for one in around if len(html.line(one)) <= ASKING)


def _has_role(tag: Tag) -> bool:
    """Whether the tag says itself that it is a part of the frame (WAI-ARIA, jQuery Mobile, Elementor)."""
    told = (html.attr(tag, name).lower() for name in ("role", "data-role", "data-elementor-type"))
    return tag.name not in {"header", "footer"} and not ROLES.isdisjoint(told)


def _of_site(tag: Tag) -> bool:
    """Whether the header or footer is the page's, not an article's (with its title, who sent it in and when)."""
    if tag.find_parent(["article", "main", "section"]) is not None:
        return False
    on_top = tag.parent is not None and tag.parent.name == "body"
    return tag.name == "footer" or on_top or tag.find(["nav", "form"]) is not None
