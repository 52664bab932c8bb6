"""From any article's page to a Draft: by a known family's marks, else by two independent readings that must agree."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bs4 import BeautifulSoup, Tag

from aggregator.collect import (
    article,
    aspnet,
    blocks,
    byline,
    description,
    headline,
    html,
    leads,
    liferay,
    metadata,
    opening,
    pictures,
    prose,
    state,
    vccorp,
    withdrawn,
    wordpress,
)
from aggregator.collect import body as bodies
from aggregator.collect.article import Parts, Ref, Shape
from aggregator.collect.blocks import Survey
from aggregator.collect.listing import is_login
from aggregator.errors import ArticleError
from aggregator.model import Draft, Lead, Page
from aggregator.settings import Source

AGREE = 0.85  # F1 of shared words; measured on 160 pages: below it stood all 7 bad readings, and 2 good ones

UPDATED = "time.updated:not(.published), time[itemprop=dateModified]"
TIMES = 3  # as much text as a family's reader found, from which its body is taken for another part of the page
NAME = 80  # characters; a longer text is no author's name

GENERIC = Shape(
    name="generic",
    marks="",
    title=("[itemprop=headline]:not(meta)", "h1"),
    lead=(".sapo", "[data-role=sapo]", ".detail-sapo", "p.description", "h2.description", ".article-summary", ".lead"),
    time=("time[datetime]", ".date", ".publish-date", ".post-date", ".time", ".ngay-dang"),
    author=("[rel=author]", "[itemprop=author]"),
    body=("[itemprop=articleBody]", "article"),
    cut=".related, .related-news, .tags, .comments, #comments, .share, .code-block",
    keywords="[rel=tag], .tags a, .detail-tag-list a",
)
FAMILIES: tuple[Shape, ...] = (vccorp.ARTICLE, liferay.ARTICLE, wordpress.ARTICLE, aspnet.ARTICLE)


def read(source: Source, page: Page, lead: Lead | None, ref: Ref = leads.no_ref) -> Draft:
    """The article of a page of no declared family. Raises ArticleError when it is no article.

    `doubts` say so when the two readings of its body disagree.
    """
    tree = html.soup_of(page)
    for shape in FAMILIES:
        if tree.select_one(shape.marks) is not None and article.body_of(tree, shape) is not None:
            return read_known(source, page, lead, shape, ref)
    return _read_unknown(source, page, lead, tree, ref)


def read_known(source: Source, page: Page, lead: Lead | None, shape: Shape, ref: Ref) -> Draft:
    """The article by the family's selectors; where a theme of its own hides it from them, as on any page.

    Raises ArticleError when neither finds one.
    """
    try:
        found = article.read(source, page, lead, shape, ref)
        return found if _is_whole(found) else _fuller(source, page, lead, ref, found)
    except ArticleError as fault:
        tree = html.soup_of(page)
        if is_login(tree):
            raise
        try:
            return _read_unknown(source, page, lead, tree, ref)
        except ArticleError:
            raise fault from None


def _is_whole(found: Draft) -> bool:
    return bool(found.notice or found.images) or len(html.words(found.body)) > withdrawn.SHORT


def _fuller(source: Source, page: Page, lead: Lead | None, ref: Ref, found: Draft) -> Draft:
    """What is read as on any page, where that has several times the text of so short a body; else what was found."""
    try:
        other = _read_unknown(source, page, lead, html.soup_of(page), ref)
    except ArticleError:
        return found
    more = len(html.words(other.body)) > max(withdrawn.SHORT, TIMES * len(html.words(found.body)))
    return other if more else found


def _read_unknown(source: Source, page: Page, lead: Lead | None, tree: BeautifulSoup, ref: Ref) -> Draft:
    base = html.base_of(tree, page)
    own, url = article.identity(source, page, lead, tree, ref)
    parts = _generic(page, tree, base)
    if not parts.text and not parts.notice:
        parts = state.parts(html.soup_of(page), base) or parts
    return article.draft(source, page, lead, parts, own, url, base, GENERIC.name)


def _generic(page: Page, tree: BeautifulSoup, base: str) -> Parts:
    blocks.break_lines(tree)
    _drop_updates(tree)
    survey = blocks.Survey(tree)
    head = headline.headline(survey, prose.place(survey, None))
    rough = prose.place(survey, head)
    lead = _lead(survey, head, rough)
    if lead is None and (found := prose.parts(survey, head)) and found[0].parent is not None:
        lead = _lead(survey, head, found[0].parent)
    bodies.cut_spoken(lead)
    printed, line = opening.dateline(survey, head, rough)
    if not printed:
        printed, line = article.printed_time(tree, GENERIC)
    told = next(metadata.linked_data(tree), {})
    title = html.line(head) or html.meta(tree, "og:title", "twitter:title")
    signed = next(_signed(survey), None)
    author = byline.known(_author(told)) or byline.known(html.line(signed))
    if not author:
        author, signed = byline.of(survey, rough, line)
    author = author or byline.told_of(metadata.author(tree))
    time = opening.exact(printed, metadata.published(tree))
    top = html.line(lead) or (description.of(survey, rough, head) if rough is not None else "")
    changed = metadata.modified(tree) or opening.updated(survey, head, rough, printed)
    parts = Parts(article.bare(title, printed), top, author, time, changed, keywords=_keywords(tree))
    told_apart = [tag for tag in (lead, line) if tag is not None]
    own = _declared(tree) or prose.place(survey, head, told_apart)
    if own is not None and (found := prose.parts(survey, head, told_apart)):
        own = prose.joined(tree, found)
        survey = Survey(tree)
    parts = replace(parts, uncut=bodies.uncut(own) if own is not None else "")  # readability leaves scripts out
    other = _readable(page) if tree.find("body") else html.soup("")
    _drop(other, (title, parts.lead, printed))
    enough = own if len(html.line(other)) > withdrawn.SHORT else None
    beside = [leaf.tag for leaf in opening.particulars(survey, head, own, lead)] if own is not None else []
    notice = withdrawn.notice_of(tree, enough, (title, parts.lead))
    if own is not None:
        parts = replace(parts, images=pictures.above(survey, head, own, base))
    if notice:
        return replace(parts, notice=notice)
    if own is None and not parts.lead and not _prose(other):
        return Parts(title)  # neither reading found prose: a menu, a search form, an error
    return _chosen(tree, base, parts, own, other, (head, lead, line, signed, *beside))


def _drop_updates(tree: Tag) -> None:
    """Take out the times that a page says are of an update, where the one of publication stands beside them."""
    for tag in tree.select(UPDATED):
        if tag.parent is not None and len(tag.parent.find_all("time")) > 1:
            tag.extract()


def _chosen(
    tree: BeautifulSoup, base: str, parts: Parts, own: Tag | None, other: BeautifulSoup, apart: tuple[Tag | None, ...]
) -> Parts:
    """The parts with the body that the structure tells, else readability's; a doubt where they differ."""
    if own is None or apart[0] is None:
        place: Tag = other.body or other
        doubts = _doubts(_prose(own), html.line(place))
        return replace(article.filled(other, place, base, GENERIC, parts), doubts=doubts)
    _drop_before(own, apart[0])
    article.drop(own, apart)
    told = [_string(one.get("articleBody")) for one in metadata.linked_data(tree)]
    marked = [
        _prose(tag)
        for tag in tree.select("article")
        if own is not tag and not blocks.within(own, tag) and not blocks.within(tag, own)
    ]
    found = article.filled(tree, own, base, GENERIC, parts)
    seconds = [html.line(other), *filter(None, told), *(text for text in marked if text)]
    return replace(found, doubts=_doubts(found.text, *seconds))


def _doubts(first: str, *others: str) -> tuple[str, ...]:
    share = min(agreement(first, other) for other in others)
    return (f"two readings of the body agree by {share:.2f} only",) if share < AGREE else ()


def _drop_before(own: Tag, head: Tag) -> None:
    """Take out of the body what stands before the headline in it."""
    if not blocks.within(head, own):
        return
    for tag in list(own.find_all(True)):
        if tag is head:
            return
        if not tag.decomposed and not blocks.within(head, tag):
            tag.decompose()


def _lead(page: Survey, head: Tag | None, body: Tag | None) -> Tag | None:
    """The lead as printed on the page."""
    found = opening.lead(page, head, body)
    told = " ".join(html.meta(page.tree, "og:description", "description").split())
    if found is not None or not told:
        return found
    printed = (tag for tag in page.tree.find_all(["p", "h2", "div"]) if isinstance(tag, Tag))
    return next((tag for tag in printed if html.line(tag) == told), None)


def _author(told: dict[str, Any]) -> str:
    authors = told.get("author")
    people = [one for one in (authors if isinstance(authors, list) else [authors]) if isinstance(one, dict)]
    names = [_string(one.get("name")) for one in people if one.get("@type") == "Person"]
    return ", ".join(dict.fromkeys(name for name in names if name))


def _signed(page: Survey) -> Iterator[Tag]:
    for selector in GENERIC.author:
        found = (tag for tag in page.tree.select(selector) if not _is_hidden(tag))
        yield from (tag for tag in found if 0 < len(html.line(tag)) <= NAME and not page.outside(tag))


def _is_hidden(tag: Tag) -> bool:
    return bool({"hidden", "hide", "d-none"} & set(html.attr(tag, "class").split()))


def _keywords(tree: Tag) -> tuple[str, ...]:
    found = [html.line(tag) for tag in tree.select(GENERIC.keywords)]
    found = found or [word.strip() for word in html.meta(tree, "news_keywords", "keywords").split(",")]
    return tuple(dict.fromkeys(word for word in found if word))


def _readable(page: Page) -> BeautifulSoup:
    """readability-lxml's reading of the body, without the frame around it."""
    from readability import Document  # late: 0.2 s to import, and most runs read known families only

    markup = html.text_of(page)
    try:
        summary = Document(re.sub(r"<\?xml[^>]*>", "", markup, flags=re.I)).summary(html_partial=True)
    except Exception as fault:  # the library names no error for markup that it cannot stand
        url = page.request.url
        raise ArticleError(f"{url}: no article was found on the page ({type(fault).__name__})", url) from fault
    return html.soup(summary)


def _drop(where: Tag, told: tuple[str, ...]) -> None:
    """Take out of the reading what stands elsewhere in the Draft: title, lead, time."""
    for tag in where.find_all(["h1", "h2", "p", "div", "span"]):
        if isinstance(tag, Tag) and not tag.decomposed and (text := html.line(tag)) and text in told:
            tag.decompose()


def _declared(tree: Tag) -> Tag | None:
    """The body that the page itself marks as such, when it holds text."""
    best = max(tree.select("[itemprop=articleBody]:not(meta)"), key=lambda tag: len(html.line(tag)), default=None)
    return best if best is not None and html.line(best) else None


def _prose(tag: Tag | None) -> str:
    return " ".join(leaf.text for leaf in Survey(tag).leaves if leaf.prose) if tag is not None else ""


def agreement(one: str, other: str) -> float:
    """Share of words that two readings have in common, counted (F1, 0 to 1); 0 when either is empty."""
    left, right = _counts(one), _counts(other)
    shared = sum(min(count, right.get(word, 0)) for word, count in left.items())
    return 2 * shared / ((sum(left.values()) + sum(right.values())) or 1)


def _counts(text: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in re.findall(r"\w+", text.lower()):
        counts[word] = counts.get(word, 0) + 1
    return counts


def _string(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
