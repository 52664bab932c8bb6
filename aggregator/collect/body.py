"""The body of an article: its junk cut, its figures made plain, its images and files listed. Knows no site."""

import re

from bs4 import BeautifulSoup, Comment, Tag

from aggregator.collect import blocks, byline, foreign, html, offered, opening, pictures
from aggregator.collect.pictures import CAPTIONED
from aggregator.model import Image

JUNK = (
    "script, style, noscript, template, iframe, object, embed, video, audio, form, input, button, select,"
    " textarea, svg, meta, link, ins.adsbygoogle, .fb-like, .fb-share-button, .addthis_toolbox, .social-share,"
    " .share-social, .social-bookmarks, .sharedaddy, .jp-relatedposts, .wp-block-buttons"
)
PHOTO = "figure, [type=Photo], .wp-caption, table.tplCaption"
CAPTION = "figcaption, .PhotoCMS_Caption, .wp-caption-text, .Image"
ESCAPED = re.compile(r"\s*</?(?:p|div|span|br)\s*/?>\s*", re.I)  # a tag that an editor printed as text
SOURCE = 120  # characters; a longer line at the foot is a sentence
SOURCED = re.compile(r"\W*(?:nguồn(?: tin| tham khảo| dẫn| bài viết)?|source)\s*:", re.I)
FROM = re.compile(r"\W*theo:?\s", re.I)
FRAME = 3  # cells of a table that only frames a picture
CENTRED = re.compile(r"(?:^|[\s:_-])(?:cent(?:er|re)d?|caption|chu-?thich)(?=$|[\s;_-])", re.I)
CALLED = re.compile(r"(?:^|[\s_-])(?:caption|chu-?thich|note|credit)(?=$|[\s_-])", re.I)
UNCUT = 500_000  # characters; the longest of the saved bodies has 37,622


def uncut(body: Tag) -> str:
    """The body as served, with its scripts and hidden blocks, at most UNCUT characters: to be looked at, not shown."""
    return body.decode_contents()[:UNCUT]


def clean(tree: BeautifulSoup, body: Tag, base: str, cut: str = "") -> tuple[Image, ...]:
    """The images of the body, which is left without junk; each photo becomes one figure with its caption once."""
    html.cut(body, cut)
    foreign.cut_tools(body)
    for box in [*blocks.asking(body)]:
        if box is not body and not box.decomposed:
            box.decompose()
    html.cut(body, JUNK)
    cut_spoken(body)
    for picture in body.select("amp-img"):
        picture.name = "img"
    for source in body.select("source"):
        source.unwrap()  # the parser puts a picture's img inside its source, which knows no end tag
    for comment in body.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for text in body.find_all(string=lambda text: bool(ESCAPED.fullmatch(text or ""))):
        text.extract()
    foreign.cut(body)
    pictures.enlarge(body, base)
    _name_captions(tree, body)
    images = []
    photos = {id(tag): tag for tag in body.select(PHOTO) if tag.find("img")}
    for tag in body.find_all(lambda tag: tag.name == "img" or id(tag) in photos):
        if not isinstance(tag, Tag) or not photos.keys().isdisjoint(id(parent) for parent in tag.parents):
            continue  # an outer one takes the inner ones in
        if id(tag) in photos:
            images += _figure(tree, tag, base)
        else:
            found = pictures.image(tag, base, "")
            images += [found] if found else []
            _plain(tag, found)
    return tuple(dict.fromkeys(images))


def cut_spoken(tag: Tag | None) -> None:
    """Take out what is hidden from the eye and only read aloud: labels of fields."""
    if tag is not None:
        html.cut(tag, html.SPOKEN)


def _figure(tree: BeautifulSoup, photo: Tag, base: str) -> list[Image]:
    credit = " ".join(dict.fromkeys(text for tag in photo.select(CAPTION) if (text := html.line(tag))))
    images = [found for image in photo.select("img") if (found := pictures.image(image, base, credit))]
    figure = tree.new_tag("figure")
    for found in images:
        figure.append(tree.new_tag("img", attrs={"src": found.url, "alt": found.alt}))
    if credit:
        caption = tree.new_tag("figcaption")
        caption.string = credit
        figure.append(caption)
    if figure.contents:
        photo.replace_with(figure)
    else:
        photo.extract()
    return images


def _name_captions(tree: BeautifulSoup, body: Tag) -> None:
    """Put a picture that stands in a block of its own into one figure with the short line set as its caption below."""
    rows = {id(leaf.tag) for leaf in blocks.Survey(body).leaves}
    for table in [one for one in body.select("table") if _is_frame(one)]:
        _framed(tree, table)
    for image in body.select("img"):
        named = _named_caption(image, body)
        if named is not None:
            _framed(tree, named)
        if named is not None or _captioned(tree, image, body):
            continue
        block = _alone(image, body)
        line = block.find_next_sibling() if block is not None else None
        if block is None or not isinstance(line, Tag) or id(line) not in rows or not _is_caption(line):
            continue
        figure = tree.new_tag("figure")
        block.insert_before(figure)
        figure.append(block.extract())
        line.name = "figcaption"
        figure.append(line.extract())


def _named_caption(image: Tag, body: Tag) -> Tag | None:
    """The block around the picture whose words are all in one short tag that is called a caption."""
    block = image.find_parent("div")
    if (
        not isinstance(block, Tag)
        or not blocks.within(block, body)
        or image.find_parent(["figure", "table"]) is not None
    ):
        return None
    said = html.line(block)
    inside = (tag for tag in block.find_all(["span", "small", "em", "i", "label"]) if isinstance(tag, Tag))
    told = any(CALLED.search(blocks.named(tag)) and html.line(tag) == said for tag in inside)
    return block if 0 < len(said) <= CAPTIONED and told else None


def _captioned(tree: BeautifulSoup, image: Tag, body: Tag) -> bool:
    """Whether the picture's own paragraph holds nothing else but a short line in italics: it is a figure now."""
    block = image.find_parent("p")
    if block is None or not blocks.within(block, body) or image.find_parent(["figure", "table"]) is not None:
        return False
    if not 0 < len(html.line(block)) <= CAPTIONED or not opening.is_emphatic(block) or opening.is_bold(block):
        return False
    if block.find("a") is not None:
        return False
    _framed(tree, block)
    return True


def _is_frame(table: Tag) -> bool:
    """Whether the table only holds a picture and the line below it."""
    cells = [cell for cell in table.find_all(["td", "th"]) if isinstance(cell, Tag)]
    told = [cell for cell in cells if html.line(cell)]
    shown = [cell for cell in cells if cell.find("img") is not None]
    return len(cells) <= FRAME and len(shown) == 1 and len(told) == 1 and 0 < len(html.line(told[0])) <= CAPTIONED


def _framed(tree: BeautifulSoup, table: Tag) -> None:
    figure = tree.new_tag("figure")
    caption = tree.new_tag("figcaption")
    caption.string = html.line(table)
    for image in table.select("img"):
        figure.append(image.extract())
    figure.append(caption)
    table.replace_with(figure)


def _alone(image: Tag, body: Tag) -> Tag | None:
    """The block that holds nothing but the image; None where it stands in a text, a table or a figure."""
    block: Tag | None = None
    for parent in image.parents:
        if parent is body or html.line(parent):
            break
        block = parent if parent.name in html.BLOCKS else block
    return block if image.find_parent(["figure", "table"]) is None else None


def _is_caption(line: Tag) -> bool:
    told = " ".join(html.attr(one, "style") + " " + html.attr(one, "align") for one in (line, *line.find_all("td")))
    centred = bool(CENTRED.search(f"{told} {blocks.named(line)}"))
    short = len(html.line(line)) <= CAPTIONED and line.find(["img", "a"]) is None
    return short and not opening.is_bold(line) and (centred or opening.is_emphatic(line))


def _plain(image: Tag, found: Image | None) -> None:
    if found is None:
        image.extract()
    else:
        image.attrs = {"src": found.url, "alt": found.alt}


def signed(body: Tag) -> str:
    """The name in the last line of the body, which is taken out with what names a source above and below it."""
    name = byline.closing(foot(body))
    if name:
        foot(body)
    return name


def cut_title(body: Tag, title: str) -> None:
    """Take out the headline where the body begins with it once more."""
    first = next((leaf.tag for leaf in blocks.Survey(body).leaves if leaf.tag is not body), None)
    if first is not None and title and opening.plain_words(html.line(first)) == opening.plain_words(title):
        first.decompose()


def foot(body: Tag) -> Tag | None:
    """The last block of the text, once lines that name only where it was taken from are taken out from its end."""
    rows = [
        leaf.tag for leaf in blocks.Survey(body).leaves if leaf.tag is not body and not offered.is_file_line(leaf.tag)
    ]
    while rows and _is_source(rows[-1]):
        rows.pop().extract()
    return rows[-1] if rows else None


def _is_source(tag: Tag) -> bool:
    text = html.line(tag)
    apart = byline.on_right(tag) or text.startswith("(") or opening.is_emphatic(tag)
    return len(text) <= SOURCE and bool(SOURCED.match(text) or (apart and FROM.match(text)))
