"""The sentence by which a page says that its article was withdrawn. Knows no site."""

import re
import unicodedata

from bs4 import NavigableString, Tag

from aggregator.collect import html

SHORT = 240  # characters; a body no longer than this that says "đã gỡ" is a notice, a longer one is an article
WITHDRAWN = re.compile(
    r"^(?:[^.!?]{0,80}[,:!] )?(?:bài viết|bài báo|bài đăng|tin bài|nội dung|bài|tin)"
    r"(?: này| trên| (?:mà )?(?:bạn|quý vị)(?: đang)? (?:xem|tìm|tìm kiếm|yêu cầu))*(?: hiện| hiện nay)?"
    r" (?:(?:đã|vừa)? ?(?:được|bị)? ?(?:gỡ|xoá|xóa|thu hồi|rút (?:xuống|khỏi|lại)|hạ xuống)\b"
    r"|không (?:còn )?tồn tại)",
    re.I,
)
HINT = re.compile(r"gỡ|xoá|xóa|thu hồi|rút|hạ xuống|tồn tại", re.I)
HINTS = 200  # strings with such a word that are looked at; a page that says it was withdrawn is a short one


def notice_of(tree: Tag, body: Tag | None, told: tuple[str, ...] = ()) -> str:
    """The sentence by which the page says that the article was withdrawn; "" for a page with an article's body.

    `told` are the texts that are the article's own: its title and lead may speak of what others took down.
    """
    if body is not None and len(html.line(body)) > SHORT:
        return ""
    if body is not None and html.line(body):
        return _sentence(html.line(body))
    spoken = [text.parent for text in tree.find_all(string=_hints) if type(text) is NavigableString]
    blocks = {id(block): block for tag in spoken[:HINTS] if (block := _around(tag)) is not None}
    texts = (html.line(block) for block in blocks.values() if not _elsewhere(block))
    short = (text for text in texts if len(text) <= SHORT and text not in told)
    return next((said for text in short if (said := _sentence(text))), "")


def _hints(text: str | None) -> bool:
    return HINT.search(unicodedata.normalize("NFC", text or "")) is not None


def _around(tag: Tag | None) -> Tag | None:
    return tag if tag is None or tag.name in html.BLOCKS else tag.find_parent(list(html.BLOCKS))


def _elsewhere(tag: Tag) -> bool:
    """Whether the tag is a link or stands in one, or in the frame of the page: headlines of others say such things."""
    return tag.find("a") is not None or tag.find_parent(["a", "nav", "header", "footer", "aside", "li"]) is not None


def _sentence(text: str) -> str:
    for sentence in re.split(r"(?<=[.!?])\s+", unicodedata.normalize("NFC", text)):
        if WITHDRAWN.search(sentence):
            return sentence
    return ""
