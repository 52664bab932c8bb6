"""The body of an article: its junk cut, its figures made plain, its images and files listed. Knows no site."""

import re

from bs4 import BeautifulSoup, Comment, Tag

from aggregator.collect import html
from aggregator.model import Attachment, Image

JUNK = (
    "script, style, noscript, template, iframe, object, embed, video, audio, form, input, button, select,"
    " textarea, svg, meta, link, ins.adsbygoogle, .fb-like, .fb-share-button, .addthis_toolbox, .social-share,"
    " .share-social, .social-bookmarks, .sharedaddy, .jp-relatedposts, .wp-block-buttons"
)
PHOTO = "figure, [type=Photo], .wp-caption, table.tplCaption"
CAPTION = "figcaption, .PhotoCMS_Caption, .wp-caption-text, .Image"
HIDDEN = ("data-original", "data-src", "data-lazy-src", "src")  # where lazy loading hides the full image, best first
BYLINE_WORDS = 12  # a last paragraph on the right with at most so many words names the author
NO_NAME = re.compile(r"[.:!?]|\d/\d|\bngày\b", re.I)  # a sentence, or the place and date of a letter
ICON = 120  # pixels; an image no larger than this both ways is a logo or a button, not a photo
UNCUT = 500_000  # characters; the longest of the saved bodies has 37,622


def uncut(body: Tag) -> str:
    """The body as served, with its scripts and hidden blocks, at most UNCUT characters: to be looked at, not shown."""
    return body.decode_contents()[:UNCUT]


def clean(tree: BeautifulSoup, body: Tag, base: str, cut: str = "") -> tuple[Image, ...]:
    """The images of the body, which is left without junk; each photo becomes one figure with its caption once."""
    html.cut(body, cut)
    html.cut(body, JUNK)
    for source in body.select("source"):
        source.unwrap()  # the parser puts a picture's img inside its source, which knows no end tag
    for comment in body.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    images = []
    photos = {id(tag): tag for tag in body.select(PHOTO) if tag.find("img")}
    for photo in photos.values():
        if photos.keys().isdisjoint(id(parent) for parent in photo.parents):  # an outer one takes the inner ones in
            images += _figure(tree, photo, base)
    for image in body.select("img"):
        if image.find_parent("figure") is None:
            found = _image(image, base, "")
            images += [found] if found else []
            _plain(image, found)
    return tuple(dict.fromkeys(images))


def _figure(tree: BeautifulSoup, photo: Tag, base: str) -> list[Image]:
    credit = " ".join(dict.fromkeys(text for tag in photo.select(CAPTION) if (text := html.line(tag))))
    images = [found for image in photo.select("img") if (found := _image(image, base, credit))]
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


def _image(image: Tag, base: str, credit: str) -> Image | None:
    printed = next((value for name in HIDDEN if (value := html.attr(image, name)) and value[:5] != "data:"), "")
    url = html.picture_address(printed, base)
    sizes = [
        _pixels(html.attr(image, short) or html.attr(image, long)) for short, long in (("w", "width"), ("h", "height"))
    ]
    if not url or all(0 < size <= ICON for size in sizes):
        return None
    return Image(url, html.attr(image, "alt"), credit)


def _pixels(value: str) -> int:
    match = re.fullmatch(r"(\d{1,5})(?:px)?", value)
    return int(match[1]) if match else 0


def _plain(image: Tag, found: Image | None) -> None:
    if found is None:
        image.extract()
    else:
        image.attrs = {"src": found.url, "alt": found.alt}


def byline(body: Tag) -> str:
    """The author's name that closes the body on the right, taken out of it; "" when there is none."""
    blocks = [tag for tag in body.find_all("p") if isinstance(tag, Tag) and html.line(tag)]
    if not blocks:
        return ""
    text = html.line(blocks[-1])
    right = "right" in html.attr(blocks[-1], "style") + html.attr(blocks[-1], "align")
    if not right or len(text.split()) > BYLINE_WORDS or NO_NAME.search(text):
        return ""
    blocks[-1].extract()
    return text


def attachments(parts: list[Tag], base: str) -> tuple[Attachment, ...]:
    """Documents that the parts link to, each once, in order."""
    found: dict[str, Attachment] = {}
    for anchor in [anchor for part in parts for anchor in part.select("a[href]")]:
        url = html.absolute(html.attr(anchor, "href"), base)
        if url and html.is_attachment(url):
            found.setdefault(url, Attachment(url, html.line(anchor) or _file_name(url)))
    return tuple(found.values())


def _file_name(url: str) -> str:
    named = [part for part in html.path_of(url).split("/") if html.ATTACHMENT.search(part)]
    return named[-1] if named else url
