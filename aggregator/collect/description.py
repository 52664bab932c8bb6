"""Whether a page's description was written for its article: then it is the lead of a page that prints none."""

import re

from bs4 import Tag

from aggregator.collect import blocks, headline, html, opening
from aggregator.collect.blocks import Survey

SHARES = (0.5, 0.25, 0.15)  # of a description's words that the article has, by how many signs say that it is of it
PAIR = 2  # words one after another, as most Vietnamese terms have
STEM = 4  # letters of an English word that stay when it bends
OF_SITE = re.compile(  # what sites say of themselves
    r"cổng (?:thông tin|tttđt)|trang (?:thông tin|tin|web|chủ)|website|chính thức|chuyên trang"
    r"|cơ quan (?:chủ quản|ngôn luận)"
    r"|bản quyền|hotline|tin tức (?:mới|nhanh|cập nhật|y tế)"
    r"|cập nhật (?:tin|nhanh|mới|thông tin|liên tục|hằng ngày|hàng ngày)"
    r"|chúng tôi|sứ mệnh|tận tâm|tận tình|uy tín|hàng đầu|chuyên nghiệp|đồng hành|nơi chia sẻ"
    r"|official|portal|home ?page|thông tin (?:chỉ đạo|tuyên truyền)|cung cấp (?:thông tin|dịch vụ)",
    re.I,
)
COMMON = 40  # characters at which two texts begin alike
ELLIPSIS = ("...", "…")


def of(page: Survey, body: Tag, head: Tag | None = None) -> str:
    """The page's description where somebody wrote it for the article: one sentence or two that the page prints nowhere.

    What begins as the body does was cut from it by a machine; what is no full sentence, speaks of a site, or shares
    too few words with headline and body tells of the site.
    """
    told = " ".join(html.meta(page.tree, "description", "og:description").split())
    if not blocks.LEAST <= len(told) <= opening.DESCRIBED or not opening.END.search(told) or told.endswith(ELLIPSIS):
        return ""
    said, title = opening.plain_words(told), opening.plain_words(html.line(head))
    printed = opening.plain_words(" ".join(leaf.text for leaf in page.inside(body)))
    if said in printed or printed.startswith(said[:COMMON]) or _speaks_of_site(page, told, title):
        return ""
    words = _stems(said)
    shared = len(words & _stems(f"{title} {printed}")) / len(words)
    signs = _on_subject(said, f"{title} | {printed}") + _told_apart(page, title)
    return told if shared >= SHARES[signs] else ""


def _speaks_of_site(page: Survey, told: str, title: str) -> bool:
    """Whether the description names the site, or what sites say of themselves."""
    titles = (html.line(tag) for tag in page.tree.find_all("title", limit=1) if isinstance(tag, Tag))
    parts = [html.meta(page.tree, "og:site_name"), *(part for one in titles for part in headline.PARTS.split(one))]
    names = [name for name in map(opening.plain_words, parts) if len(name.split()) > 1 and name != title]
    return bool(OF_SITE.search(told)) or any(name in opening.plain_words(told) for name in names if name not in title)


def _told_apart(page: Survey, title: str) -> bool:
    """Whether the page's metadata are its own: its title begins with the headline."""
    titles = (html.line(tag) for tag in page.tree.find_all("title", limit=1) if isinstance(tag, Tag))
    return bool(title) and any(opening.plain_words(one).startswith(title) for one in titles)


def _stems(text: str) -> set[str]:
    """The words; of English ones, which bend, the first letters only."""
    return {word[:STEM] if word.isascii() and len(word) > STEM else word for word in text.split()}


def _on_subject(said: str, told: str) -> bool:
    """Whether words that follow one another in the one text do so in the other as well."""
    words, rest = said.split(), f" {told} "
    return any(f" {' '.join(words[at : at + PAIR])} " in rest for at in range(len(words) - PAIR + 1))
