"""From an article's page to a Draft by a family's selectors: text as printed, nothing normalised."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from bs4 import BeautifulSoup, Tag

from aggregator.collect import (
    blocks,
    byline,
    charset,
    description,
    headline,
    html,
    language,
    metadata,
    offered,
    opening,
    pictures,
    prose,
    withdrawn,
)
from aggregator.collect import body as bodies
from aggregator.collect.listing import is_login
from aggregator.errors import ArticleError
from aggregator.model import Attachment, Draft, Image, Lead, Page
from aggregator.settings import Source

Ref = Callable[[str], str]

GLUED = re.compile(
    r"^[\s(]*((?:(?:thứ\s+\S+|chủ nhật)[,\s]+)?(?:ngày\s+)?\d{1,2}/\d{1,2}/\d{4}[,\s]+\d{1,2}:\d{2}"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day\s+\d{4}-\d{2}-\d{2}\s+\d{2}:\d{2})[\s)|–-]*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """Where a family prints what. CSS selectors; in tuples the best first. `marks`: the page is of the family."""

    name: str
    marks: str
    title: tuple[str, ...]
    lead: tuple[str, ...]
    time: tuple[str, ...]
    author: tuple[str, ...]
    body: tuple[str, ...]
    cut: str = ""
    keywords: str = ""
    files: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a page printed of an article, before it is a Draft."""

    title: str = ""
    lead: str = ""
    author: str = ""
    time: str = ""
    modified: str = ""
    body: str = ""
    text: str = ""
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    keywords: tuple[str, ...] = ()
    notice: str = ""
    doubts: tuple[str, ...] = ()
    uncut: str = ""


def read(source: Source, page: Page, lead: Lead | None, shape: Shape, ref: Ref) -> Draft:
    """The article by the family's selectors. Raises ArticleError when the page is no article of the family."""
    tree = html.soup_of(page)
    base = html.base_of(tree, page)
    own, url = identity(source, page, lead, tree, ref)
    return draft(source, page, lead, parts(tree, base, shape), own, url, base, shape.name)


def parts(tree: BeautifulSoup, base: str, shape: Shape) -> Parts:
    """What the family's selectors find, and where they find nothing, what stands where it stands on any page.

    The tree is used up: junk is cut out of it.
    """
    blocks.break_lines(tree)
    where = body_of(tree, shape)
    survey = blocks.Survey(tree)
    head = (
        _head(survey, shape)
        or headline.headline(survey, where, headline.WORDS)
        or html.first(tree, ("h1:not([class*=portlet])",))
    )
    if where is not None and (found := prose.beside(survey, where, head)):
        where = prose.joined(tree, found)
        survey = blocks.Survey(tree)
    top = html.first(tree, shape.lead) or opening.lead(survey, head, where)
    bodies.cut_spoken(top)
    glued, lead = _unglued(html.line(top))
    time, line = (glued, None) if glued else time_of(survey, shape, head, where)
    signed = None
    author = byline.known(_names(html.first(tree, shape.author)))
    if not author and where is not None:
        author, signed = byline.of(survey, where, line)
    author = author or byline.told_of(metadata.author(tree))
    keywords = tuple(dict.fromkeys(text for tag in _tags(tree, shape.keywords) if (text := html.line(tag))))
    beside = [leaf.tag for leaf in opening.particulars(survey, head, where, top)] if where is not None else []
    if not lead and where is not None:
        lead = description.of(survey, where, head)
    changed = metadata.modified(tree) or opening.updated(survey, head, where, time)
    printed = Parts(bare(html.line(head), time), lead, author, time, changed, keywords=keywords)
    notice = withdrawn.notice_of(tree, where, (html.line(head), printed.lead))
    if where is None or notice:
        return replace(printed, notice=notice)
    printed = replace(printed, images=pictures.above(survey, head, where, base))
    drop(where, (head, top, line, signed, *beside))
    return filled(tree, where, base, shape, printed)


def _head(survey: blocks.Survey, shape: Shape) -> Tag | None:
    found = (tag for selector in shape.title for tag in survey.tree.select(selector))
    named = [tag for tag in found if html.line(tag) and not headline.leads_home(tag) and not headline.of_site(tag)]
    return next(iter(headline.named_alone(survey, named)), None) if named else None


def filled(tree: BeautifulSoup, where: Tag, base: str, shape: Shape, printed: Parts) -> Parts:
    """The parts with the body at the place: cleaned, its images and files listed, its byline told."""
    uncut = printed.uncut or bodies.uncut(where)
    after = byline.signature(where)
    boxes = offered.boxes(blocks.Survey(tree), where)
    images = bodies.clean(tree, where, base, shape.cut)
    files = offered.attachments([where, *_tags(tree, shape.files), *boxes], base)
    bodies.cut_title(where, printed.title)
    signed = bodies.signed(where) or after
    offered.cut_offers(where)
    return replace(
        printed,
        uncut=uncut,
        author=printed.author or signed,
        time=printed.time or metadata.published(tree),
        body=where.decode_contents().strip(),
        text=html.line(where),
        images=(*printed.images, *images),
        attachments=files,
    )


def drop(where: Tag, told: Iterable[Tag | None]) -> None:
    """Take out of the body the tags that are told elsewhere: headline, lead, date line."""
    for tag in told:
        if tag is not None and not tag.decomposed and blocks.within(tag, where):
            tag.decompose()


def bare(title: str, time: str) -> str:
    """The title without the date that some pages print inside its tag."""
    return title.removesuffix(time).strip() or title if time else title


def _tags(tree: Tag, selector: str) -> list[Tag]:
    return list(tree.select(selector)) if selector else []


def _unglued(lead: str) -> tuple[str, str]:
    match = GLUED.match(lead)
    return (match[1], lead[match.end() :]) if match else ("", lead)


def time_of(page: blocks.Survey, shape: Shape, head: Tag | None, body: Tag | None) -> tuple[str, Tag | None]:
    """The time as printed and its tag: by the selectors, else beside the headline; "" where only metadata tell."""
    printed, tag = printed_time(page.tree, shape)
    if not printed:
        printed, tag = opening.dateline(page, head, body)
    elif tag is not None:
        printed = opening.clocked(page, opening.first_published(printed), tag)
    return opening.exact(printed, metadata.published(page.tree)), tag


def printed_time(tree: Tag, shape: Shape) -> tuple[str, Tag | None]:
    """The time as printed and its tag: a `title` attribute that holds it, else the text.

    One that tells the hour goes before one that tells the day only.
    """
    for selector in shape.time:
        for tag in tree.select(selector):
            told = (html.attr(tag, "title"), html.line(tag), html.attr(tag, "datetime"))
            values = [value for value in told if opening.is_date(value)]
            if values and not _of_another(tag):
                return next((value for value in values if opening.CLOCK.search(value)), values[0]), tag
    return "", None


def _of_another(tag: Tag) -> bool:
    """Whether the tag stands in a row of a list, beside a link that is long enough to be another article's title."""
    row = tag.find_parent("li")
    links = row.find_all("a", href=True) if isinstance(row, Tag) else []
    return any(len(html.line(link).split()) >= headline.WORDS for link in links if isinstance(link, Tag))


def _names(tag: Tag | None) -> str:
    if tag is None:
        return ""
    names = [html.line(name) for name in tag.select("a.name, .name, .author-name")]
    return ", ".join(dict.fromkeys(name for name in names if name)) or html.line(tag)


def body_of(tree: Tag, shape: Shape) -> Tag | None:
    """The body: of the first selector that finds any, the tag with the most text."""
    for selector in shape.body:
        found = tree.select(selector)
        if found:
            return max(found, key=lambda tag: len(html.line(tag)))
    return None


def identity(source: Source, page: Page, lead: Lead | None, tree: Tag, ref: Ref) -> tuple[str, str]:
    """The site's own id and the address for readers. Raises ArticleError when the page is another's.

    Without an id the address stays the one that was asked for: it is the identity.
    """
    asked = lead.url if lead else page.request.url
    if html.path_of(asked) in {"", "/"}:  # no article stands there: a saved page whose address was not given
        asked = canonical(tree) or asked
    own = (lead.ref if lead else "") or ref(asked)
    landed = ref(page.url)
    strayed = own and landed != own
    home = html.path_of(page.url) == "/" and html.path_of(asked) != "/"
    if page.url != page.request.url and (strayed or home):
        raise ArticleError(f"{asked} leads to {page.url}, which is not the same article", asked)
    if not own:
        return "", asked
    told = canonical(tree)
    if html.host_of(told) in source.hosts and ref(told) == own:
        return own, told
    return own, page.url if html.host_of(page.url) in source.hosts else asked


def canonical(tree: Tag) -> str:
    """The address that the page calls its own, "" when it names none in full."""
    printed = (html.attr(tree.select_one("link[rel=canonical]"), "href"), html.meta(tree, "og:url"))
    return next((url for told in printed if (url := html.absolute(told, ""))), "")


def draft(
    source: Source, page: Page, lead: Lead | None, parts: Parts, ref: str, url: str, base: str, reader: str
) -> Draft:
    """The Draft of what was printed. Raises ArticleError when it is no article: no title, or neither lead nor text."""
    title = parts.title or (lead.title if lead else "")
    if not parts.notice:
        _check(page, title, parts)
    doubts = parts.doubts if parts.body or parts.notice else (*parts.doubts, "no body was found on the page")
    return Draft(
        source=source.id,
        url=url,
        ref=ref,
        title=html.sound(title),
        lead=html.sound(parts.lead or (lead.summary if lead else "")),
        author=html.sound(parts.author or (lead.author if lead else "")),
        time=html.sound(parts.time or (lead.time if lead else "")),
        modified=html.sound(parts.modified),
        body=html.sound(parts.body),
        base=base or url,
        digest=page.digest,
        fetched_at=page.fetched_at,
        reader=reader,
        images=parts.images,
        attachments=parts.attachments,
        keywords=parts.keywords,
        language=language.told(parts.text, source.language),
        lead_digest=lead.digest if lead else "",
        validator=page.validator,
        doubts=doubts,
        notice=parts.notice,
        uncut=html.sound(parts.uncut),
    )


def _check(page: Page, title: str, parts: Parts) -> None:
    url = page.request.url
    font = charset.legacy(f"{title} {parts.lead} {parts.text}")
    if font:
        raise ArticleError(f"{url}: its text is written for {font} fonts, not in Unicode; it cannot be read", url)
    if parts.text or parts.lead or parts.images or parts.attachments:
        if title:
            return
        raise ArticleError(f"{url}: the page has no title", url)
    if is_login(html.soup_of(page)):
        raise ArticleError(f"{url}: a login page stands where the article was", url)
    raise ArticleError(f"{url}: no article was found on the page; the site may have been rebuilt", url)
