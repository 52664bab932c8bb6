"""From any article's page to a Draft: by a known family's marks, else by two independent readings that must agree."""

import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, Tag

from aggregator.collect import article, aspnet, html, leads, liferay, vccorp, wordpress
from aggregator.collect import body as bodies
from aggregator.collect.article import Parts, Ref, Shape
from aggregator.errors import ArticleError
from aggregator.model import Draft, Lead, Page
from aggregator.settings import Source

AGREE = 0.85  # F1 of shared words; measured on 160 pages: below it stood all 7 bad readings, and 2 good ones
PARAGRAPH = 40  # characters; shorter paragraphs are captions, bylines and menus to the second reading
LINKED = 0.5  # share of a paragraph's letters inside links from which it is a list of links

GENERIC = Shape(
    name="generic",
    marks="",
    title=("[itemprop=headline]:not(meta)", "h1"),
    lead=(".sapo", "[data-role=sapo]", ".detail-sapo", "p.description", "h2.description", ".article-summary", ".lead"),
    time=("time[datetime]", ".date", ".publish-date", ".post-date", ".time", ".ngay-dang"),
    author=("[rel=author]", "[itemprop=author]", ".author-name", ".byline", ".author"),
    body=("[itemprop=articleBody]", "article"),
    cut=".related, .related-news, .tags, .comments, #comments, .share",
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
            return article.read(source, page, lead, shape, ref)
    base = html.base_of(tree, page)
    own, url = article.identity(source, page, lead, tree, ref)
    return article.draft(source, page, lead, _generic(page, tree, base), own, url, base, GENERIC.name)


def _generic(page: Page, tree: BeautifulSoup, base: str) -> Parts:
    title, lead = _title(tree), _lead(tree)
    told = next(article.linked_data(tree), {})
    time = _string(told.get("datePublished")) or html.meta(tree, "article:published_time", "datePublished", "pubdate")
    author = _author(told) or html.line(html.first(tree, GENERIC.author))
    time = time or article.printed_time(tree, GENERIC)
    modified = article.meta_modified(tree)
    keywords = _keywords(tree)
    declared = _declared(tree)
    marked = declared or _densest(tree)
    second = _string(told.get("articleBody")) or _prose(marked)
    where = _readable(page) if tree.find("body") else html.soup("")
    _drop(where, (title, lead, html.line(html.first(tree, GENERIC.time))))
    notice = article.notice_of(tree, where if len(html.line(where)) > article.SHORT else None, (title, lead))
    if notice:
        return Parts(title, lead, author, time, modified, notice=notice)
    share = agreement(html.line(where), second)
    if not share and not lead:
        return Parts(title)  # neither reading found prose: a menu, a search form, an error
    doubt = (f"two readings of the body agree by {share:.2f} only",) if share < AGREE else ()
    place = declared if declared is not None and not doubt else where.body or where  # the page's own keeps its figures
    uncut = bodies.uncut(marked or place)  # the readable one is without scripts already
    byline = bodies.byline(place)
    images = bodies.clean(tree if place is declared else where, place, base, GENERIC.cut)
    return Parts(
        title=title,
        lead=lead,
        author=author or byline,
        time=time,
        modified=modified,
        body=place.decode_contents().strip(),
        text=html.line(place),
        images=images,
        attachments=bodies.attachments([place], base),
        keywords=keywords,
        doubts=doubt,
        uncut=uncut,
    )


def _title(tree: Tag) -> str:
    """The headline: the one that the page's own metadata repeats, else the only one; never `<title>`."""
    told = html.meta(tree, "og:title", "twitter:title")
    heads = [html.line(tag) for tag in tree.select("[itemprop=headline]:not(meta), h1") if html.line(tag)]
    same = [head for head in heads if head and (head in told or told in head)] if told else []
    return (same or ([told] if told else heads) or [""])[0]


def _lead(tree: Tag) -> str:
    """The lead as printed on the page; a description that only the metadata holds is a machine's, and no lead."""
    found = html.line(html.first(tree, GENERIC.lead))
    told = html.meta(tree, "og:description", "description")
    if found or not told:
        return found
    printed = (html.line(tag) for tag in tree.find_all(["p", "h2", "div"]) if isinstance(tag, Tag))
    return told if any(text == " ".join(told.split()) for text in printed) else ""


def _author(told: dict[str, Any]) -> str:
    authors = told.get("author")
    people = [one for one in (authors if isinstance(authors, list) else [authors]) if isinstance(one, dict)]
    names = [_string(one.get("name")) for one in people if one.get("@type") == "Person"]
    return ", ".join(dict.fromkeys(name for name in names if name))


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
    """The body that the page itself marks as such, when it holds prose."""
    places = [tag for selector in GENERIC.body for tag in tree.select(selector)]
    best = max(places, key=lambda tag: len(_prose(tag)), default=None)
    return best if best is not None and _prose(best) else None


def _prose(tag: Tag | None) -> str:
    return " ".join(_paragraphs(tag)) if tag is not None else ""


def _densest(tree: Tag) -> Tag | None:
    weights: dict[int, int] = {}
    parents: dict[int, Tag] = {}
    for tag in tree.find_all("p"):
        if isinstance(tag, Tag) and isinstance(tag.parent, Tag) and _is_prose(tag):
            parents[id(tag.parent)] = tag.parent
            weights[id(tag.parent)] = weights.get(id(tag.parent), 0) + len(html.line(tag))
    return parents[max(weights, key=lambda key: weights[key])] if weights else None


def _paragraphs(tag: Tag) -> Iterator[str]:
    found = tag.find_all(["p", "li", "h2", "h3"])
    yield from (html.line(one) for one in found if isinstance(one, Tag) and _is_prose(one))


def _is_prose(tag: Tag) -> bool:
    text = html.line(tag)
    linked = sum(len(html.line(anchor)) for anchor in tag.select("a"))
    return len(text) >= PARAGRAPH and linked < LINKED * len(text)


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
