"""Any page that lists articles: a family is a Shape (what its addresses and blocks look like), the reading is one."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bs4 import BeautifulSoup, Tag

from aggregator.collect import beside, dated, html, leads
from aggregator.collect.challenge import shell
from aggregator.collect.leads import Listing, Naming, Printed
from aggregator.errors import SourceError
from aggregator.model import Page
from aggregator.settings import Section, Source

CLIMB = 6  # levels above a link that may still be its block: 4 in the saved listings
SECTION = re.compile(  # addresses of lists: of a section, of what has a tag, of what somebody wrote
    r"/(?:chuyen-muc|danh-muc|category|categories|tags?|tu-khoa|tac-gia|author)/[^/]+/?$", re.I
)
LONG_TITLE = 4  # words; a plain link with fewer is taken for a menu's
SLUG = r"^https?://[^/]+/(?:[^?#]*/)?[^/?#]*[^\W_]+(?:-[^\W_]+){3,}[^/?#]*/?(?:[?#]|$)"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
ELLIPSIS = ("...", "…")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a family's listing looks like. All but `address` (a pattern of absolute URLs) are CSS selectors.

    When a tag of `blocks` stands on the page, only links inside such tags count. `titles` are the links that name
    an article, `times` may carry the exact time in a `title` attribute. `menus`: short link texts are menus.
    `named`: only what a link of `titles` points to is an article.
    """

    address: str
    blocks: str = ""
    ignore: str = ""
    titles: str = ""
    summaries: str = ".sapo, .summary, .description"
    times: str = "time, .time, .date"
    menus: bool = False
    named: bool = False


LISTING = Shape(
    address=SLUG,
    ignore="nav, header, footer, .menu, .navbar, .navbar-nav, .breadcrumb, [role=navigation]",
    summaries=".sapo, .summary, .description, .lead, .excerpt",
    times="time, .time, .date, .ngay, small",
    menus=True,
)


def read(source: Source, section: Section, page: Page) -> Listing:
    """Leads of a listing of no known family. The pattern's first group, when it has one, is the article's id."""
    naming = replace(leads.PLAIN, ref=ref_by(source.article_pattern))
    return read_shape(source, section, page, LISTING, naming)


def ref_by(pattern: str) -> Callable[[str], str]:
    """What finds the site's own id in an address: the pattern's first group ("" where it has none)."""
    compiled = re.compile(pattern)

    def ref(url: str) -> str:
        match = compiled.search(url) if compiled.groups else None
        return (match[1] or "") if match else ""

    return ref


def read_shape(source: Source, section: Section, page: Page, shape: Shape, naming: Naming) -> Listing:
    """Leads of the page in its order. Raises SourceError (empty, login, drifted) when it lists none."""
    tree = html.soup_of(page)
    base = html.base_of(tree, page)
    shape = replace(shape, address=source.article_pattern or shape.address)
    found = leads.listing(source, section, printed(tree, base, shape, naming), base, naming)
    if not found.leads:
        raise _nothing(tree, page)
    return found


def _nothing(tree: BeautifulSoup, page: Page) -> SourceError:
    url = page.request.url
    if not page.body.strip():
        return SourceError("empty", f"{url} answered {page.status} with nothing in it", url)
    if is_login(tree):
        return SourceError("login", f"{url} shows a login page instead of its listing", url)
    if seen := shell(page):
        return SourceError("drifted", f"{url} answers with {seen}", url)
    message = f"{url} answers, but holds no link of the shape that its reader knows; the site may have been rebuilt"
    return SourceError("drifted", message, url)


def is_login(tree: Tag) -> bool:
    """Whether the page asks for a password."""
    return tree.select_one("input[type=password i]") is not None


def printed(tree: BeautifulSoup, base: str, shape: Shape, naming: Naming) -> Iterator[Printed]:
    """Every article that the page points to, in its order; those whose links lead nowhere keep their odd address."""
    html.cut(tree, shape.ignore)
    beside.cut(tree)
    beside.join(tree)
    named = {id(anchor) for anchor in tree.select(shape.titles)} if shape.titles else set()
    anchors = _anchors(tree, base, shape, naming, named)
    groups: dict[str, list[Tag]] = {}
    for key, anchor in anchors:
        groups.setdefault(key, []).append(anchor)
    around = _around(anchors)
    for group in groups.values():
        one = _printed(group, around, shape, named)
        if not shape.menus or len(one.title.split()) >= LONG_TITLE:
            yield one


def _anchors(tree: Tag, base: str, shape: Shape, naming: Naming, named: set[int]) -> list[tuple[str, Tag]]:
    """Links to articles with their article's key, and links that name one but lead nowhere (with their href)."""
    blocks = {id(block) for block in tree.select(shape.blocks)} if shape.blocks else set()
    pattern = re.compile(shape.address)
    found = []
    for anchor in tree.find_all("a", href=True):
        if not isinstance(anchor, Tag) or (blocks and blocks.isdisjoint(id(parent) for parent in anchor.parents)):
            continue
        href = html.attr(anchor, "href")
        url = naming.address(html.absolute(href, base))
        if url and shape.menus and SECTION.search(html.path_of(url)):
            continue
        if url and pattern.search(url):
            found.append((naming.ref(url) or url, anchor))
        elif not url and id(anchor) in named:
            found.append((href, anchor))
    keys = {key for key, anchor in found if id(anchor) in named}
    return [(key, anchor) for key, anchor in found if key in keys] if shape.named else found


def _around(anchors: list[tuple[str, Tag]]) -> dict[int, set[str]]:
    """By tag identity: the articles that the tag's links point to."""
    around: dict[int, set[str]] = {}
    for key, anchor in anchors:
        for parent in anchor.parents:
            around.setdefault(id(parent), set()).add(key)
    return around


def _printed(group: list[Tag], around: dict[int, set[str]], shape: Shape, named: set[int]) -> Printed:
    anchor, name = _named(group, named)
    blocks = list({id(block): block for block in (_block(one, around) for one in (anchor, *group))}.values())
    time = next((time for block in blocks if (time := _time(block, shape) or dated.beside(block, html.line(name)))), "")
    return Printed(
        href=html.attr(anchor, "href"),
        title=_title(name, anchor, blocks[0], time),
        summary=next((text for block in blocks if (text := _summary(block, name, shape))), ""),
        time=time,
        image=next((image for block in blocks if (image := picture(block))), ""),
    )


def _summary(block: Tag, name: Tag, shape: Shape) -> str:
    around = (name, *name.parents)
    return next((text for tag in block.select(shape.summaries) if tag not in around and (text := html.line(tag))), "")


def _named(group: list[Tag], named: set[int]) -> tuple[Tag, Tag]:
    """The link that names the article, and the tag whose text is the name (the link, or a heading in it)."""
    headed = [(a, a.find(HEADINGS)) for a in group]
    inside = [(a, tag) for a, tag in headed if isinstance(tag, Tag) and html.line(tag)]
    around = {id(a) for a, _ in inside}
    titles = [a for a in group if id(a) in named and html.line(a) and id(a) not in around]
    below = [a for a in group if a.find_parent(HEADINGS) and html.line(a)]
    texts = [a for a in group if html.line(a)]
    for plain in (titles, below):
        if plain:
            return plain[0], plain[0]
    if inside:
        return inside[0]
    anchor = (texts or group)[0]
    return anchor, anchor


def _block(anchor: Tag, around: dict[int, set[str]]) -> Tag:
    """The largest tag around the link, within reach, that holds links to no other article."""
    block = anchor
    for _, parent in zip(range(CLIMB), anchor.parents, strict=False):
        if parent.name in {"body", "html", "[document]"} or len(around.get(id(parent), ())) > 1:
            break
        block = parent
    return block


def _time(block: Tag, shape: Shape) -> str:
    for tag in block.select(shape.times):
        for value in (html.attr(tag, "title"), html.attr(tag, "datetime"), html.line(tag)):
            if re.search(r"\d", value):
                return value
    return ""


def _title(name: Tag, anchor: Tag, block: Tag, time: str) -> str:
    text = html.line(name)
    if time and text.endswith(time):  # the date stands inside the link
        text = text.removesuffix(time).strip()
    full = html.attr(anchor, "title")
    if text.endswith(ELLIPSIS) and full.startswith(text.rstrip(".… ")):
        return full
    heading = block.find(HEADINGS)
    return text or full or (html.line(heading) if isinstance(heading, Tag) else "")


def picture(block: Tag) -> str:
    """The address of the block's first image as printed, the full one where lazy loading hides it."""
    for image in block.select("img"):
        for name in ("data-original", "data-src", "src"):
            value = html.attr(image, name)
            if value and not value.startswith("data:"):
                return value
    return ""
