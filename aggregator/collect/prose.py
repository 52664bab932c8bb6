"""Where the body of an article stands on a page of no known family: the densest place, below its headline."""

from collections.abc import Iterable

from bs4 import Tag

from aggregator.collect.blocks import Leaf, Survey

ROWS = frozenset(("ol", "ul", "li", "table", "tbody", "thead", "tr", "td", "th", "blockquote", "figure", "dl", "p"))
GAIN = 0.3  # share of its own prose by which a wider place must be richer to be the body; below it are odd boxes
STOPS = frozenset(("body", "html", "[document]"))


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
