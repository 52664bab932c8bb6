"""Which tag of a page is the headline of its article. Knows no site."""

import re
from collections.abc import Iterable
from itertools import pairwise

from bs4 import Tag

from aggregator.collect import blocks, html, opening
from aggregator.collect.blocks import Survey

HIGH = 4  # of them stand before a tag that is a headline by its name only
HEADLINE = re.compile(r"(?:^|[\s_-])(?:title|headline|tieu-?de|tit)|(?:tieude|title)(?:$|[\s_-])", re.I)
WORDS = 3  # of a headline that no metadata repeats; menus and sections have fewer
TITLE = 200  # characters; a longer line is no headline
SITE = re.compile(
    r"(?:^|\s)(?:site-?(?:header|banner|branding|name|title)|header|banner|masthead|logo|brand)(?=$|\s)", re.I
)
KIND = re.compile(  # what a module of a site is called, whatever it shows
    r"(?:nội dung )?chi tiết(?: (?:tin|bài|tin tức|bài viết|tin bài|nội dung|thông báo|văn bản))?"
    r"|(?:tin|bài viết|nội dung|thông tin)(?: tức)? chi tiết|(?:tin tức|sự kiện|thông báo)"
    r"(?:\W+(?:và )?(?:tin tức|sự kiện|thông báo))*"
    r"|xem (?:tin|bài viết|chi tiết)|bài viết|tin bài|nội dung(?: bài viết| tin)?|trang chủ"
    r"|(?:news|article|post)s?(?: (?:details?|view))?|details?|home",
    re.I,
)
OPENS = re.compile(r"xem (?:tin|bài viết|chi tiết)|chi tiết(?: (?:tin|bài viết))?|trang chủ|home", re.I)
MENU = "nav, [role=navigation], [class*=menu i], [id*=menu i], [class*=breadcrumb i], [id*=breadcrumb i]"
SECTION = 6  # words of a section's name at most; an article's title, which a path of links may repeat, has more
LOGO = re.compile(
    r"(?:^|[\s_-])(?:logo|brand(?:ing)?|site-?(?:name|title))(?=$|[\s_-])", re.I
)  # nothing but the site's name
PARTS = re.compile(r"\s+[|»«·•–—-]+\s+|\s*[|»«]\s*|\s+::\s+")  # what parts headline and site in a page's title
HOME = frozenset(("/", "./", "index.html", "index.php", "/index.php", "default.aspx", "/default.aspx"))
NEAR = 3  # levels, itself among them, at which the head of a site is told by its name


def headline(page: Survey, body: Tag | None, fewest: int = 1) -> Tag | None:
    """The tag whose text is the article's title: one that the metadata repeats, else the highest above the body.

    One that no metadata repeats has at least `fewest` words.
    """
    tree = page.tree
    titles = (html.line(tag) for tag in tree.find_all("title", limit=1) if isinstance(tag, Tag))
    told = [html.meta(tree, "og:title", "twitter:title"), *titles]
    found = [tag for tag in tree.find_all(_may_be_headline) if isinstance(tag, Tag) and html.line(tag)]
    found = [tag for tag in found if not leads_home(tag)]
    found = named_alone(page, found) or found
    found = [tag for tag in found if not any(LOGO.search(blocks.named(one)) for one in (tag, *_near(tag)))]
    whole = {one.casefold() for one in told}
    sites = [tag for tag in found if of_site(tag) and html.line(tag).casefold() not in whole]
    found = [tag for tag in found if not any(tag is one for one in sites)]
    repeated = next((tag for tag in found if _repeats(tag, told)), None)
    if repeated is not None:
        return _rival(page, found, repeated, told, body) or repeated
    long = [tag for tag in _above(page, found, body) if len(html.line(tag).split()) >= fewest]
    clear = [tag for tag in long if not page.outside(tag) and not opening.is_named_lead(tag)]
    fuller = next((tag for tag in clear if _begins(html.line(tag), told)), None)
    highest = min(reversed(clear), key=_level, default=None)
    line = _told(page, told)
    if line is None or not _touches(page, line, body):
        line = _opening_line(page, body) or line
    return fuller or highest or line or _over_date(page, body) or _over_text(page, body) or next(iter(sites), None)


def _touches(page: Survey, line: Tag, body: Tag | None) -> bool:
    """Whether no words but a date stand between the line and the body, or the line stands in it."""
    if body is None or page.touch(line, body):
        return True
    between = [leaf for leaf in page.leaves if page.place(line) < page.place(leaf.tag) < page.place(body)]
    return all(opening.is_dateline(leaf) or page.touch(leaf.tag, line) for leaf in between)


def _opening_line(page: Survey, body: Tag | None) -> Tag | None:
    """The first line of the body where it is set apart as a headline is: all bold, and no sentence."""
    rows = page.inside(body) if body is not None else ()
    first = next((leaf for leaf in rows if not opening.is_dateline(leaf)), None)
    return first.tag if first is not None and opening.is_bold(first.tag) and _is_title(first.text) else None


def _near(tag: Tag) -> tuple[Tag, ...]:
    return tuple(one for _, one in zip(range(NEAR - 1), tag.parents, strict=False))


def named_alone(page: Survey, tags: list[Tag]) -> list[Tag]:
    """Those of the tags that name an article: neither the kind of page it is nor a section that the menu leads to."""
    sections = {name for name in map(_folded, page.tree.select(f":is({MENU}) a[href]")) if name}
    short = {name for name in sections if len(name.split()) <= SECTION}
    return [tag for tag in tags if not _is_kind(html.line(tag)) and _folded(tag) not in short]


def _is_kind(line: str) -> bool:
    """Whether the line says what kind of page this is, alone or before the name of the site ("Xem tin - bệnh viện")."""
    kind, *site = PARTS.split(line)
    return bool(KIND.fullmatch(line) or (site and OPENS.fullmatch(kind) and len(" ".join(site).split()) <= SECTION))


def _folded(tag: Tag) -> str:
    return html.line(tag).casefold()


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
    return any(
        len(one.split()) >= WORDS and opening.plain_words(text).startswith(opening.plain_words(one)) for one in told
    )


def _over_date(page: Survey, body: Tag | None) -> Tag | None:
    """Where nothing else tells the headline: the short line right above the last date line before the prose."""
    told = (leaf for leaf in page.leaves if not leaf.outside and (body is None or page.touch(leaf.tag, body)))
    first = next((leaf for leaf in told if leaf.prose and opening.END.search(leaf.text)), None)
    end = page.place(first.tag) if first is not None else 0
    rows = [leaf for leaf in page.leaves if not leaf.outside and page.place(leaf.tag) < end]
    pairs = (
        (above.tag, above)
        for above, leaf in pairwise(rows)
        if opening.is_dateline(leaf) and not opening.is_dateline(above)
    )
    found = [tag for tag, leaf in pairs if leaf.linked < blocks.LINKED and _is_title(leaf.text)]
    return found[-1] if found else None


def _over_text(page: Survey, body: Tag | None) -> Tag | None:
    """Where not even a date helps: the last line before the first sentence that is none, in the body's own table."""
    around = body.find_parent("table") if body is not None else None
    rows = [leaf for leaf in page.leaves if around is not None and not leaf.outside and page.within(leaf.tag, around)]
    first = next((at for at, leaf in enumerate(rows) if leaf.prose and opening.END.search(leaf.text)), 0)
    found = [leaf.tag for leaf in rows[:first] if leaf.linked < blocks.LINKED and _is_title(leaf.text)]
    return found[-1] if found else None


def _is_title(text: str) -> bool:
    return len(text.split()) > WORDS and len(text) <= TITLE and not text.endswith(".")


def _told(page: Survey, told: list[str]) -> Tag | None:
    """Where no tag looks like a headline: the first line that the metadata repeat, capitals and commas aside."""
    titles = [opening.plain_words(one) for one in told]
    lines = [leaf for leaf in page.leaves if not leaf.outside and len(leaf.text.split()) >= WORDS]
    lines = [leaf for leaf in lines if not of_site(leaf.tag)]
    repeated = (leaf.tag for leaf in lines if any(opening.plain_words(leaf.text) in one for one in titles))
    fuller = (leaf.tag for leaf in lines if _is_title(leaf.text) and _begins(leaf.text, told))
    return next(repeated, None) or next(fuller, None)


def _above(page: Survey, tags: list[Tag], body: Tag | None) -> list[Tag]:
    """Those that stand before the body's first prose, or are it."""
    rows = page.inside(body) if body is not None else ()
    first = next((leaf.tag for leaf in rows if leaf.prose and not opening.is_dateline(leaf)), None)
    return [tag for tag in tags if first is None or page.place(tag) <= page.place(first) or page.within(tag, first)]


def _level(tag: Tag) -> int:
    """How high a headline the tag is, 0 the highest; one of few words may be the name of a section or of the site."""
    level = opening.HEADS.index(tag.name) if tag.name in opening.HEADS else HIGH
    level += tag.name in opening.HEADS[HIGH:]
    sentence = 0 < level < HIGH and html.line(tag).endswith(".")
    return 2 * level + (0 if len(html.line(tag).split()) >= WORDS else 3) + 2 * HIGH * sentence


def _may_be_headline(tag: Tag) -> bool:
    if tag.name in opening.HEADS:
        return True
    looks_it = tag.name in {"div", "p", "span", "td", "b", "strong", "font"} and HEADLINE.search(blocks.named(tag))
    return bool(looks_it) and tag.find(blocks.is_block) is None


def _repeats(tag: Tag, told: Iterable[str]) -> bool:
    text = html.line(tag)
    if tag.name == "h1" and any(one.startswith(text) for one in told):
        return True
    return len(text.split()) >= WORDS and any(text in one for one in told)
