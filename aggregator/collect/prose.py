"""Where the body of an article stands on a page of no known family: the densest place, below its headline."""

import re
from collections.abc import Iterable

from bs4 import BeautifulSoup, Tag

from aggregator.collect import blocks, html
from aggregator.collect.blocks import Leaf, Survey

ROWS = frozenset(("ol", "ul", "li", "table", "tbody", "thead", "tr", "td", "th", "blockquote", "figure", "dl", "p"))
GAIN = 0.3  # share of its own prose by which a wider place must be richer to be the body; below it are odd boxes
STOPS = frozenset(("body", "html", "[document]"))
PARTED = frozenset(("div", "section", "tr", "article"))  # what editors put the parts of one text in
PLAIN = re.compile(  # names that tell where a box stands or how it looks, not what it is
    r"(?:row|col\w*|clearfix|container\w*|panel\w*|[mp][trblxy]?|margin|padding|d|float|pull|align|flex|grid|bg|border)"
    r"(?:-[^-].*)?",
    re.I,
)
PAIR = 2  # blocks with text that make parts of one
MOST = 0.6  # share of the prose at the wider place that the parts of one text hold, else they are no body


def place(page: Survey, head: Tag | None, apart: Iterable[Tag] = ()) -> Tag | None:
    """The smallest tag with the article's prose; `apart` are tags that are no part of it. None when there is none."""
    prose = _prose(page, head, tuple(apart))
    rows: dict[int, list[int]] = {}
    for leaf in prose:
        for tag in (leaf.tag, *leaf.tag.parents):
            rows.setdefault(id(tag), []).append(len(leaf.text))
    densest = _densest(prose)
    return _widened(page, densest, head, rows) if densest is not None else None


def _prose(page: Survey, head: Tag | None, apart: tuple[Tag, ...]) -> list[Leaf]:
    leaves = page.leaves
    start = next((at for at, leaf in enumerate(leaves) if head is not None and page.touch(leaf.tag, head)), -1)
    told = [leaf for leaf in leaves[start + 1 :] if leaf.prose and not leaf.outside]
    return [leaf for leaf in told if not any(leaf.tag is one or page.within(leaf.tag, one) for one in apart)]


def _densest(prose: list[Leaf]) -> Tag | None:
    """The tag whose own paragraphs and rows are the longest together."""
    weights: dict[int, int] = {}
    homes: dict[int, Tag] = {}
    for leaf in prose:
        home = _home(leaf.tag)
        homes[id(home)] = home
        weights[id(home)] = weights.get(id(home), 0) + len(leaf.text)
    return homes[max(weights, key=lambda key: weights[key])] if weights else None


def _home(block: Tag) -> Tag:
    """The place that the block is a row of; the block itself where it stands alone among other things."""
    home = block.parent
    while isinstance(home, Tag) and home.name in ROWS and home.name != "td":
        home = home.parent
    return home if isinstance(home, Tag) and home.name not in {"html", "[document]"} else block


def _widened(page: Survey, tag: Tag, head: Tag | None, rows: dict[int, list[int]]) -> Tag:
    """The tag, or one around it below the headline's own that holds clearly more prose: not a lead or a box alone."""
    best = tag
    for parent in tag.parents:
        if parent.name in STOPS or (head is not None and page.within(head, best)):
            break
        more, own = rows.get(id(parent), []), rows.get(id(best), [])
        if len(more) > len(own) + 1 and sum(more) > (1 + GAIN) * sum(own):
            best = parent
        if head is not None and page.within(head, parent):
            break
    return best


def parts(page: Survey, head: Tag | None, apart: Iterable[Tag] = ()) -> list[Tag]:
    """The blocks beside one another that hold the article's text together; [] where it stands in one place."""
    prose = _prose(page, head, tuple(apart))
    densest = _densest(prose)
    found = beside(page, densest, head, apart) if densest is not None else []
    whole = sum(len(leaf.text) for leaf in prose)
    told = sum(len(leaf.text) for leaf in prose if any(page.touch(leaf.tag, one) for one in found))
    return found if told >= MOST * whole else []


def beside(page: Survey, tag: Tag, head: Tag | None, apart: Iterable[Tag] = ()) -> list[Tag]:
    """The tag with the blocks of its kind beside it that go on with its text, and what stands between; [] for none."""
    item, off = _item(page, tag), tuple(apart)
    if item.parent is None or item.name not in PARTED or (head is not None and page.touch(head, item)):
        return []
    start = page.place(head) if head is not None else -1
    rows = [one for one in item.parent.children if isinstance(one, Tag) and page.place(one) > start]
    alone = all(
        one.name == item.name and one.get("class") == item.get("class")
        for one in item.parent.find_all(True, recursive=False)
    )
    kin = [one is item or ((alone or _is_kin(one, item)) and _goes_on(page, one)) for one in rows]
    told = [at for at, one in enumerate(rows) if kin[at] and (one is item or _has_prose(page, one, off))]
    if len(told) < PAIR:
        return []
    end = next((at for at in range(told[-1] + 1, len(rows)) if not kin[at]), len(rows))
    return rows[told[0] : end]


def _item(page: Survey, tag: Tag) -> Tag:
    """The outermost tag that holds no other words."""
    while tag.parent is not None and tag.parent.name not in STOPS and page.letters(tag.parent) == page.letters(tag):
        tag = tag.parent
    return tag


def _is_kin(tag: Tag, other: Tag) -> bool:
    """Whether both have one name, and one class at least that tells more than a place ("block block--text")."""
    own, its = html.attr(tag, "class").split(), html.attr(other, "class").split()
    if tag.name != other.name:
        return False
    if own == its:
        return tag.name != "div" or not all(PLAIN.fullmatch(name) for name in own)
    return bool(own and its) and own[0] == its[0] and any(name.startswith(own[0]) for name in own[1:])


def _goes_on(page: Survey, tag: Tag) -> bool:
    rows = page.inside(tag)
    return not any(leaf.outside or leaf.linked >= blocks.LINKED for leaf in rows)


def _has_prose(page: Survey, tag: Tag, apart: tuple[Tag, ...]) -> bool:
    return any(leaf.prose and not any(page.touch(leaf.tag, one) for one in apart) for leaf in page.inside(tag))


def joined(tree: BeautifulSoup, found: list[Tag]) -> Tag:
    """One new tag with the blocks that stand beside one another in it."""
    home = tree.new_tag("table" if found[0].name == "tr" else "div")
    found[0].insert_before(home)
    for one in found:
        home.append(one.extract())
    return home
