"""Where the body of an article stands on a page of no known family: the densest place, below its headline."""

from collections.abc import Iterable

from bs4 import Tag

from aggregator.collect import blocks, html

ROWS = frozenset(("ol", "ul", "li", "table", "tbody", "thead", "tr", "td", "th", "blockquote", "figure", "dl", "p"))
GAIN = 0.3  # share of its own prose by which a wider place must be richer to be the body; below it are odd boxes
STOPS = frozenset(("body", "html", "[document]"))


def place(tree: Tag, head: Tag | None, apart: Iterable[Tag] = ()) -> Tag | None:
    """The smallest tag with the article's prose; `apart` are tags that are no part of it. None when there is none."""
    left_out = {id(tag) for tag in apart}
    rows: dict[int, list[int]] = {}
    for block in _prose(tree, head, left_out):
        for tag in (block, *block.parents):
            rows.setdefault(id(tag), []).append(len(html.line(block)))
    densest = _densest(tree, head, left_out)
    return _widened(densest, head, rows) if densest is not None else None


def _prose(tree: Tag, head: Tag | None, left_out: set[int]) -> list[Tag]:
    rows = list(blocks.leaves(tree))
    start = next((number for number, tag in enumerate(rows) if head is not None and blocks.touch(tag, head)), -1)
    return [tag for tag in rows[start + 1 :] if blocks.is_prose(tag) and not _left_out(tag, left_out)]


def _left_out(tag: Tag, left_out: set[int]) -> bool:
    return not left_out.isdisjoint(id(one) for one in (tag, *tag.parents)) or blocks.outside(tag)


def _densest(tree: Tag, head: Tag | None, left_out: set[int]) -> Tag | None:
    """The tag whose own paragraphs and rows are the longest together."""
    weights: dict[int, int] = {}
    homes: dict[int, Tag] = {}
    for block in _prose(tree, head, left_out):
        home = _home(block)
        homes[id(home)] = home
        weights[id(home)] = weights.get(id(home), 0) + len(html.line(block))
    return homes[max(weights, key=lambda key: weights[key])] if weights else None


def _home(block: Tag) -> Tag:
    """The place that the block is a row of; the block itself where it stands alone among other things."""
    home = block.parent
    while isinstance(home, Tag) and home.name in ROWS and home.name != "td":
        home = home.parent
    return home if isinstance(home, Tag) and home.name not in {"html", "[document]"} else block


def _widened(tag: Tag, head: Tag | None, rows: dict[int, list[int]]) -> Tag:
    """The tag, or one around it below the headline's own that holds clearly more prose: not a lead or a box alone."""
    best = tag
    for parent in tag.parents:
        if parent.name in STOPS or (head is not None and blocks.within(head, best)):
            break
        more, own = rows.get(id(parent), []), rows.get(id(best), [])
        if len(more) > len(own) + 1 and sum(more) > (1 + GAIN) * sum(own):
            best = parent
        if head is not None and blocks.within(head, parent):
            break
    return best
