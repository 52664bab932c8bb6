"""The documents that an article offers for download: in its text, and in boxes beside it. Knows no site."""

import re
from itertools import takewhile

from bs4 import Tag

from aggregator.collect import blocks, html
from aggregator.collect.blocks import Survey
from aggregator.collect.pictures import CAPTIONED
from aggregator.model import Attachment

FILES = re.compile(
    r"(?:^|[\s_-])(?:\w*attach\w*|dinh-?kem|(?:news|list|box|tin|bai)?-?files?|downloads?|tai-?(?:ve|lieu)|file-?dinh-?kem|documents?)(?=$|[\s_-])",
    re.I,
)
NAMED = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|rar)$", re.I)
OFFER = 0.6  # share of a line's letters inside links to documents from which it only offers them
_FILES = r"(?:tệp|file|tài liệu|văn bản|phụ lục)(?: tin)?(?: (?:đính )?kèm(?: theo)?| liên quan| tải về)?"
OFFERED = re.compile(rf"\W*(?:các |danh sách )?(?:{_FILES}|tải (?:về|xuống)|đính kèm|downloads?)\W*", re.I)
OFFERING = re.compile(
    rf"\W*(?:(?:vui lòng |mời |chi tiết )?(?:xem|tải|download)\b|(?:xem )?(?:chi tiết|toàn văn)\b"
    rf"|(?:(?:các |danh sách )?{_FILES}|đính kèm)\s*:)",
    re.I,
)

ATTACHED = re.compile(r"kèm|liên quan|tải|download|attach", re.I)  # of a label beside the body: no menu's "Văn bản"
CLIMB = 3  # levels above a label that may still hold the documents it names


def boxes(page: Survey, body: Tag) -> list[Tag]:
    """Where else than in the body documents are offered: boxes named so, and what a label below the headline names."""
    named = [
        tag for tag in page.tree.find_all(_is_file_box) if isinstance(tag, Tag) and tag.find_parent("aside") is None
    ]
    rows = [leaf for leaf in page.leaves if not leaf.outside and page.place(leaf.tag) > page.place(body)]
    rows = [leaf for leaf in rows if not page.within(leaf.tag, body) and ATTACHED.search(leaf.text)]
    told = [tag for leaf in rows if OFFERED.fullmatch(leaf.text) for tag in _labelled(page, leaf.tag, body)]
    return [*named, *told, *(leaf.tag for leaf in rows if OFFERING.match(leaf.text) and is_file_line(leaf.tag))]


def _is_file_box(tag: Tag) -> bool:
    return tag.name != "a" and bool(FILES.search(blocks.named(tag)))


def _labelled(page: Survey, label: Tag, body: Tag) -> list[Tag]:
    """The tags right after the label, or after what is but the label, that link to documents."""
    for _, tag in zip(range(CLIMB), (label, *label.parents), strict=False):
        if page.within(body, tag):
            break
        after = (one for one in tag.next_siblings if isinstance(one, Tag) and html.line(one))
        found = list(takewhile(is_file_line, after))
        if found:
            return found
    return []


def attachments(parts: list[Tag], base: str) -> tuple[Attachment, ...]:
    """Documents that the parts link to, each once, in order."""
    found: dict[str, Attachment] = {}
    for anchor in [anchor for part in parts for anchor in part.select("a[href]")]:
        url = html.absolute(html.attr(anchor, "href"), base)
        if url and _is_document(anchor, url):
            found.setdefault(url, Attachment(url, html.line(anchor) or _file_name(url)))
    return tuple(found.values())


def _is_document(anchor: Tag, url: str) -> bool:
    """Whether the link offers a document: by its address, or by its text where a script hands the document out."""
    return html.is_attachment(url) or bool(
        NAMED.search(html.line(anchor)) or NAMED.search(html.attr(anchor, "download"))
    )


def _file_name(url: str) -> str:
    named = [part for part in html.path_of(url).split("/") if html.ATTACHMENT.search(part)]
    return named[-1] if named else url


def cut_offers(body: Tag) -> None:
    """Take out the lines at the end of the body that only offer documents, with their label: attachments tell them."""
    rows = [leaf for leaf in blocks.Survey(body).leaves if leaf.tag is not body]
    offered = False
    while rows and (_is_offer(rows[-1]) or (offered and OFFERED.fullmatch(rows[-1].text))):
        offered = True
        rows.pop().tag.extract()


def _is_offer(leaf: blocks.Leaf) -> bool:
    if not is_file_line(leaf.tag) or len(leaf.text) > CAPTIONED:
        return False
    return leaf.linked >= OFFER or bool(OFFERING.match(leaf.text))


def is_file_line(tag: Tag) -> bool:
    """Whether the tag links to a document."""
    anchors = [tag, *tag.select("a[href]")] if tag.name == "a" else tag.select("a[href]")
    return any(html.is_attachment(html.attr(anchor, "href")) for anchor in anchors) and blocks.linked(tag) > 0
