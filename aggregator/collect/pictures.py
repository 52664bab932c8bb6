"""The pictures of an article: in the largest size that its page offers, and those that stand above its text."""

import re

from bs4 import Tag

from aggregator.collect import blocks, html
from aggregator.collect.blocks import Survey
from aggregator.model import Image

HIDDEN = ("data-original", "data-src", "data-lazy-src", "src")  # where lazy loading hides the full image, best first
PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)$", re.I)
ICON = 120  # pixels; an image no larger than this both ways is a logo or a button, not a photo
SIZE = re.compile(r"-\d{2,4}x\d{2,4}(?=\.\w+$)")
CLIMB = 4  # levels above a linked picture that may still be its gallery
CAPTIONED = 150  # characters of a picture's caption; a longer line is a paragraph
NO_PHOTO = re.compile(
    r"avatar|logo|(?:^|[\s_/-])(?:icons?|author|user|share|social|banner|ads?|adv|qr)(?=$|[\s_/.-])", re.I
)
COVER = re.compile(r"featured|wp-post-image|post-thumb|cover", re.I)  # a theme's, which the archive shows as well
NEAR = 1  # levels above a picture whose names tell that it is no photo
COVERED = 3  # levels above a picture whose names tell that it is a cover


def above(page: Survey, head: Tag | None, body: Tag, base: str) -> tuple[Image, ...]:
    """The photos that stand between headline and body, outside of both: of the article, but for a theme's covers."""
    if head is None:
        return ()
    start, end = page.place(head), page.place(body)
    found = (tag for tag in page.tree.find_all(["img", "amp-img"]) if isinstance(tag, Tag))
    mine = (tag for tag in found if start < page.place(tag) < end and not page.outside(tag) and not _is_sign(tag))
    told = (image(tag, base, _credit(page, tag, body)) for tag in mine if not _is_cover(page, tag, head, body))
    return tuple(dict.fromkeys(one for one in told if one is not None))


def _is_cover(page: Survey, tag: Tag, head: Tag, body: Tag) -> bool:
    """Whether the picture is called one, or stands in the box of the headline."""
    named = any(COVER.search(blocks.named(one)) for one in (tag, *_around(tag, COVERED)))
    around = next((one for one in tag.parents if page.within(head, one)), None)
    return named or (around is not None and not page.within(body, around))


def _is_sign(tag: Tag) -> bool:
    """Whether the picture is a person's, a logo, a button, or leads to another page."""
    anchor = tag.find_parent("a", href=True)
    leads_on = isinstance(anchor, Tag) and not PICTURE.search(html.path_of(html.attr(anchor, "href")))
    names = (
        f"{blocks.named(one)} {html.attr(one, 'alt')} {html.attr(one, 'src')}" for one in (tag, *_around(tag, NEAR))
    )
    return leads_on or any(NO_PHOTO.search(name) for name in names)


def _around(tag: Tag, levels: int) -> tuple[Tag, ...]:
    return tuple(one for _, one in zip(range(levels), tag.parents, strict=False))


def _credit(page: Survey, tag: Tag, body: Tag) -> str:
    figure = tag.find_parent("figure")
    caption = figure.find("figcaption") if isinstance(figure, Tag) and not page.within(body, figure) else None
    return html.line(caption) if isinstance(caption, Tag) else ""


def image(tag: Tag, base: str, credit: str) -> Image | None:
    """The picture that the tag shows, in the largest size it offers; None for an icon, or where it has no address."""
    printed = next((value for name in HIDDEN if (value := html.attr(tag, name)) and value[:5] != "data:"), "")
    url = html.picture_address(_widest(tag, printed, base), base)
    sizes = [
        _pixels(html.attr(tag, short) or html.attr(tag, long)) for short, long in (("w", "width"), ("h", "height"))
    ]
    told = [size for size in sizes if size > 0]
    if not url or (told and all(size <= ICON for size in told)):
        return None
    return Image(url, html.attr(tag, "alt"), credit)


def enlarge(body: Tag, base: str) -> None:
    """Name for each image of a gallery the picture that it is a link to: the original of what is shown small."""
    anchors = [one for one in body.select("a[href]") if one.find("img") and (_in_gallery(one) or _is_small(one))]
    for anchor in anchors:
        url = html.absolute(html.attr(anchor, "href"), base)
        for image in anchor.select("img") if PICTURE.search(html.path_of(url)) else ():
            image["data-original"] = url


def _is_small(anchor: Tag) -> bool:
    """Whether the picture is a small copy of what it leads to, as WordPress names them (photo-150x150.jpg)."""
    image = anchor.find("img")
    shown = html.attr(image, "src") if isinstance(image, Tag) else ""
    return SIZE.sub("", shown) == html.attr(anchor, "href") != shown


def _in_gallery(anchor: Tag) -> bool:
    """Whether links around pictures stand beside it with hardly a word between: a picture of the text stands alone."""
    for _, around in zip(range(CLIMB), anchor.parents, strict=False):
        linked = [one for one in around.select("a[href] img") if one.find_parent("a") is not anchor]
        if linked:
            return not any(len(leaf.text) > CAPTIONED for leaf in blocks.Survey(around).leaves)
    return False


def _widest(image: Tag, printed: str, base: str) -> str:
    """Of the sizes that the image offers the widest, where the printed one is one of them; else the printed one."""
    told = html.attr(image, "srcset") or html.attr(image, "data-srcset")
    sizes = re.findall(r"(\S+)\s+(\d{1,5}(?:\.\d+)?)[wx](?:,|$)", told)
    offered = {str(url): float(width) for url, width in sizes}
    if html.absolute(printed, base) not in {html.absolute(url, base) for url in offered}:
        return printed
    return max(offered, key=lambda url: offered[url])


def _pixels(value: str) -> int:
    match = re.fullmatch(r"(\d{1,5})(?:px)?", value)
    return int(match[1]) if match else 0
