"""The smallest blocks of text of a page, in its order, and what their names and words say of them. Knows no site."""

import re
from collections.abc import Iterator

from bs4 import NavigableString, Tag

from aggregator.collect import html

FRAME = frozenset(("nav", "header", "footer", "aside", "form", "select", "noscript", "script", "style", "template"))
OUTSIDE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|footer|foot|sidebar|side|breadcrumbs?|top-?bar|pagination|copyright)(?=$|[\s_-])",
    re.I,
)
FOREIGN = re.compile(
    r"related|lien-?quan|tin-?khac|other-?news|cung-?chuyen-?muc|binh-?luan|quang-?cao|luot-?xem|adsbygoogle"
    r"|(?:^|[\s_-])(?:share|shared|sharing|socials?|breadcrumbs?|comments?|tags?|keywords?|ratings?|votes?|newsletter"
    r"|subscribe|ads?|advert\w*|popup|toc|print|toolbar|pager|pagenav|pagination|read-?more|post-views|view-?counts?"
    r"|poll|link-source\w*|audio\w*|post-?meta(?:data)?|entry-footer|next-?prev\w*)(?=$|[\s_-])",
    re.I,
)
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
LEAST = 40  # characters; shorter blocks are captions, bylines and menus
LINKED = 0.5  # share of a block's letters inside links from which it is a list of links


def leaves(tree: Tag) -> Iterator[Tag]:
    """Blocks with text and no block inside (line breaks aside), in the order of the page."""
    seen: set[int] = set()
    for node in tree.descendants:
        if type(node) is not NavigableString or not node.strip():
            continue
        block = node.find_parent(is_block)
        if isinstance(block, Tag) and id(block) not in seen:
            seen.add(id(block))
            if block.find(is_block) is None and (block is tree or within(block, tree)):
                yield block


def is_block(tag: Tag) -> bool:
    """Whether the tag begins a line of its own."""
    return tag.name in html.BLOCKS and tag.name != "br"


def within(tag: Tag, around: Tag | None) -> bool:
    """Whether the tag stands somewhere inside the other one."""
    return any(one is around for one in tag.parents)


def touch(tag: Tag, other: Tag) -> bool:
    """Whether one of the two is the other or stands inside it."""
    return tag is other or within(tag, other) or within(other, tag)


def named(tag: Tag) -> str:
    """What the page calls the tag: its classes, its id and the kind that a CMS gave it; `newsTitle` as `news-Title`."""
    told = " ".join(filter(None, (html.attr(tag, "class"), html.attr(tag, "id"), html.attr(tag, "type"))))
    return CAMEL.sub("-", told)


def linked(tag: Tag) -> float:
    """Share of the tag's letters that stand inside links, 0 to 1."""
    own = sum(len(html.line(anchor)) for anchor in tag.select("a"))
    return own / (len(html.line(tag)) or 1) if tag.name != "a" else 1.0


def outside(tag: Tag) -> bool:
    """Whether the tag stands in the frame of the page (menus, foot, side column) or in a foreign box."""
    return any(_is_frame(one) for one in (tag, *tag.parents))


def _is_frame(tag: Tag) -> bool:
    if tag.name in {"body", "html", "[document]", "article", "main"}:
        return False
    if tag.name in {"header", "footer"} and not _of_site(tag):
        return False
    if tag.name in FRAME - {"form"}:
        return True
    name = named(tag)  # "sidebar-1" may name the main column: the one with the headline
    return bool(OUTSIDE.search(name) or FOREIGN.search(name)) and tag.find("h1") is None


def _of_site(tag: Tag) -> bool:
    """Whether the header or footer is the page's, not an article's (with its title, who sent it in and when)."""
    if tag.find_parent(["article", "main", "section"]) is not None:
        return False
    return (
        tag.name == "footer" or (tag.parent is not None and tag.parent.name == "body") or bool(tag.select("nav, form"))
    )


def is_prose(tag: Tag) -> bool:
    """Whether the block tells something in words of its own."""
    return len(html.line(tag)) >= LEAST and linked(tag) < LINKED
