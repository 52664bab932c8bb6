"""A listing of no known family, found by its structure: blocks that repeat, each with a link, a title and a date."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from aggregator.collect import beside, dated, html, leads, listing
from aggregator.collect.leads import Listing, Printed
from aggregator.collect.opening import DATE
from aggregator.errors import SourceError
from aggregator.model import Page
from aggregator.settings import Section, Source

FRAME = (
    "nav, header, footer, aside, .menu, .navbar, .navbar-nav, .breadcrumb, .pagination, .sidebar, [role=navigation],"
    " script, style"
)
REPEATS = 3  # blocks of one kind beside one another that make a listing
PAIR = 2  # of them make one where nothing else does and both print a title and a date
UNDATED = 5  # blocks that it takes where none carries a date: menus repeat, too
WORDS = 4  # of a title; menus have fewer
FEWEST = 2  # of a title that a heading holds beside a date
LONG = 6  # words that titles have on average where no date tells a listing from a menu
CLIMB = 8  # levels above a link that may still be its block; a table's row in a form takes six
SHORT = 30  # characters of a summary; less is a label
TITLED = "h1 a, h2 a, h3 a, h4 a, h5 a, .title a, [class*=title] a, [class*=tieude] a, a[class*=title]"


@dataclass(frozen=True, slots=True)
class _Block:
    """One block of a group: where it stands, its link and what it prints."""

    tag: Tag
    anchor: Tag
    title: str
    time: str


def read(source: Source, section: Section, page: Page) -> Listing:
    """Leads of the repeated blocks in page order. Raises SourceError (drifted) when nothing on the page repeats so."""
    tree = html.soup_of(page)
    base = html.base_of(tree, page)
    found = leads.listing(source, section, printed(tree, source, base), base, leads.PLAIN)
    if not found.leads:
        url = page.request.url
        raise SourceError("drifted", f"{url}: nothing on the page repeats as the articles of a listing do", url)
    return found


def printed(tree: BeautifulSoup, source: Source, base: str) -> Iterator[Printed]:
    """What the groups of repeated blocks point to: all groups with dates, else the one with the longest titles."""
    html.cut(tree, FRAME)
    beside.cut(tree)
    beside.join(tree)
    groups = list(_groups(tree, source, base))
    told = [group for group in groups if sum(bool(one.time) for one in group) * 2 > len(group)]
    dated = [group for group in told if len(group) >= REPEATS] or [group for group in told if _is_pair(group)]
    plain = [group for group in groups if len(group) >= UNDATED and _words(group) >= LONG * len(group)]
    chosen = dated or ([max(plain, key=_words)] if plain else [])
    chosen = [_with_first(tree, group, groups, source, base) for group in chosen]
    order = {id(tag): place for place, tag in enumerate(tree.find_all(True))}
    blocks = sorted((one for group in chosen for one in group), key=lambda one: order[id(one.tag)])
    return (_printed(one) for one in blocks)


def _with_first(
    tree: BeautifulSoup, group: list[_Block], groups: list[list[_Block]], source: Source, base: str
) -> list[_Block]:
    """The group with the one item above it that is printed large: in other markup, but with an address of its kind."""
    known = {html.attr(one.anchor, "href") for other in groups for one in other}
    kinds = {_kind(html.attr(one.anchor, "href")) for one in group}
    if len(kinds) > 1:
        return group
    end = next((at for at, tag in enumerate(tree.find_all(True)) if tag is group[0].tag), 0)
    above = [one for one in tree.find_all(True)[:end] if one.name == "a" and _kind(html.attr(one, "href")) in kinds]
    links = {html.attr(one, "href") for one in above} - known
    if len(links) != 1:
        return group
    first = [one for one in above if html.attr(one, "href") in links]
    around = next((up for up in first[0].parents if all(one in up.find_all("a") for one in first)), None)
    block = _block(around, source, base) if isinstance(around, Tag) and around.name not in {"body", "html"} else None
    return [block, *group] if block is not None else group


def _kind(href: str) -> str:
    """What addresses of one kind have in common: numbers and words told apart from what is between them."""
    return re.sub(r"(?:W-)+", "W-", re.sub(r"[^\W\d_]+", "W", re.sub(r"\d+", "0", href)))


def _is_pair(group: list[_Block]) -> bool:
    """Whether both of two blocks name their article in a heading or a tag of that name, and print a date."""
    return all(one.time and any(tag is one.anchor for tag in one.tag.select(TITLED)) for one in group)


def _words(group: list[_Block]) -> int:
    return sum(len(one.title.split()) for one in group)


def _groups(tree: BeautifulSoup, source: Source, base: str) -> Iterator[list[_Block]]:
    """Blocks of one name and class beside one another, outermost first; a link belongs to its outermost group."""
    homes: dict[tuple[int, str, str], dict[int, Tag]] = {}
    for anchor in tree.find_all("a", href=True):
        if not isinstance(anchor, Tag) or not _leads_on(anchor, source, base):
            continue
        for _, tag in zip(range(CLIMB), (anchor, *anchor.parents), strict=False):
            if tag.name in {"body", "html", "[document]"}:
                break
            homes.setdefault((id(tag.parent), tag.name, html.attr(tag, "class")), {})[id(tag)] = tag
    taken: set[int] = set()
    for tags in sorted(homes.values(), key=lambda tags: min(len(list(tag.parents)) for tag in tags.values())):
        if len(tags) < PAIR or any(not taken.isdisjoint(id(up) for up in (tag, *tag.parents)) for tag in tags.values()):
            continue
        group = [block for tag in tags.values() if (block := _block(tag, source, base))]
        if len(group) >= PAIR and len({html.attr(one.anchor, "href") for one in group}) == len(group):
            taken.update(tags)
            yield group


def _leads_on(anchor: Tag, source: Source, base: str) -> bool:
    """Whether the link leads to another page of the source than this one and its home."""
    url = html.absolute(html.attr(anchor, "href"), base)
    below = html.path_of(url) != "/" or "?" in url
    below = below and listing.SECTION.search(html.path_of(url)) is None
    return below and html.host_of(url) in source.hosts and url != html.absolute(base, base)


def _block(tag: Tag, source: Source, base: str) -> _Block | None:
    """The block with the link that names its article; None for one that names several, or none."""
    anchors = [tag] if tag.name == "a" else [one for one in tag.select("a[href]") if _leads_on(one, source, base)]
    named = [one for one in tag.select(TITLED) if one in anchors] if tag.name != "a" else []
    best = max(named or anchors, key=lambda one: len(html.line(one)), default=None)
    if best is None:
        return None
    title = html.line(_heading(best)) or html.attr(best, "title")
    rivals = {html.attr(one, "href") for one in anchors if len(html.line(one).split()) >= WORDS}
    time = _time(tag, title)
    least = FEWEST if named and time else WORDS
    return _Block(tag, best, title, time) if len(title.split()) >= least and len(rivals) <= 1 else None


def _heading(anchor: Tag) -> Tag:
    found = anchor.find(listing.HEADINGS)
    return found if isinstance(found, Tag) else anchor


def _time(tag: Tag, title: str) -> str:
    """The date that stands in the block outside its title; an exact one in an attribute first."""
    for one in tag.select("time[datetime], [title]"):
        for value in (html.attr(one, "datetime"), html.attr(one, "title")):
            if DATE.fullmatch(value):
                return value
    return dated.beside(tag, title)


def _printed(block: _Block) -> Printed:
    texts = (html.line(one) for one in block.tag.find_all(["p", "div", "span", "td"]) if isinstance(one, Tag))
    own = [text for text in texts if len(text) >= SHORT and block.title not in text and not DATE.match(text)]
    return Printed(
        href=html.attr(block.anchor, "href"),
        title=block.title.removesuffix(block.time).strip() or block.title,
        summary=own[0] if own else "",
        time=block.time,
        image=listing.picture(block.tag),
    )
