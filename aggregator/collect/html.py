"""Bytes to a tree, a tree to printed text and addresses. Knows no site and no settings."""

import re
from collections.abc import Iterable
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup, NavigableString, Tag

from aggregator.collect import charset
from aggregator.model import Page
from aggregator.text import ascii_host, nfc

MAX_TAGS = 40_000  # "<" in a page: the fullest of the saved ones has 3,610; at the limit a reading takes 1 to 6 s
MAX_SIGNS = 100_000  # "=" in a page, which bounds its attributes; the fullest of the saved ones has 2,162
MAX_CHARS = 3_000_000  # of markup without embedded pictures; the longest saved page has 0.4 million
EMBEDDED = re.compile(r"data:[\w/+.-]{0,60};base64,[A-Za-z0-9+/=%]{200,}")  # pictures pasted into articles
MAX_DEPTH = 200  # tags inside one another: selecting costs tags times depth; the deepest saved page has 37
BETWEEN_TAGS = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^<>]*>", re.I | re.S)
SPOKEN = (  # hidden from the eye and only read aloud: labels of fields and of marks
    ".visually-hidden, .visuallyhidden, .sr-only, .screen-reader-text, .element-invisible, .hide-accessible,"
    " .assistive-text"
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
LABEL = 40  # characters of such a label
SENTENCE = 4  # words; more are no file's name
# fmt: off
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "center", "dd", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
    "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    "ul",
))
# fmt: on
ATTACHMENT = re.compile(  # Liferay adds /<uuid> after the file's name; 7.4 writes /documents/d/<site>/<name>-pdf
    r"\.(?:pdf|docx?|xlsx?|zip)(?=$|/)|/documents/d/[^/]+/[^/]+-(?:pdf|docx?|xlsx?|zip)$", re.I
)
HANDED = re.compile(  # DotNetNuke, WebForms portals, WordPress Download Manager, Joomla's managers of documents
    r"/LinkClick\.aspx\?(?:[^#]*&)?fileticket=|/(?:\w*download\w*|(?:get|tai)[_-]?(?:file|attach\w*|tep|van-?ban)?)\.(?:aspx|ashx|php)\?"
    r"|[?&](?:wpdmdl|download_id)=\d|[?&]task=\w*\.?download\b|/(?:DownloadFile|GetFile|DownloadAttachment)[/?]",
    re.I,
)


def text_of(page: Page) -> str:
    """The body as text. A charset's label is not believed against the bytes (charset.decoded)."""
    return charset.decoded(page.body, page.header("content-type"))


def sound(text: str) -> str:
    """The text as it was meant: mojibake mended, and without NUL and halves of surrogate pairs (JSON lets them in)."""
    return charset.mended(text.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def soup_of(page: Page) -> BeautifulSoup:
    """The page's tree, without words that are only read aloud. Bytes that hold no markup give an empty one."""
    tree = soup(text_of(page))
    for tag in tree.select(SPOKEN):
        if isinstance(tag, Tag) and not tag.decomposed and tag.name not in HEADINGS and _is_label(tag):
            tag.decompose()
    return tree


def _is_label(tag: Tag) -> bool:
    """Whether the tag is but a label; what is longer, or a link, is left to those who look for hidden blocks."""
    return tag.find("a") is None and len(line(tag)) <= LABEL


def soup(markup: str) -> BeautifulSoup:
    """The tree of the markup; XML declarations and CDATA marks inside (Liferay leaks them) are taken for nothing.

    Markup that no reader can afford (the MAX_ bounds) gives an empty tree: no real page is so.
    """
    plain = EMBEDDED.sub("data:,", markup) if 0 < markup.count("<") <= MAX_TAGS else ""
    plain = (
        re.sub(r"<\?xml|<!\[CDATA\[|\]\]>", _unwrapped, plain, flags=re.I)
        if len(plain) <= MAX_CHARS and plain.count("=") <= MAX_SIGNS
        else ""
    )
    tree = BeautifulSoup(plain.encode("utf-8", "replace"), "lxml", from_encoding="utf-8")
    return tree if _depth(tree) <= MAX_DEPTH else BeautifulSoup(b"", "lxml")


def _unwrapped(match: re.Match[str]) -> str:
    return "<?" if match[0].startswith("<?") else " "  # the parser takes a CDATA section of a page for a comment


def _depth(tree: BeautifulSoup) -> int:
    """The deepest nesting of tags, but no further than just beyond MAX_DEPTH."""
    depths = {id(tree): 0}
    for tag in tree.find_all(True):
        depths[id(tag)] = depths[id(tag.parent)] + 1
        if depths[id(tag)] > MAX_DEPTH:
            break
    return max(depths.values())


def base_of(tree: BeautifulSoup, page: Page) -> str:
    """The address that the page's relative links count from."""
    tag = tree.find("base", href=True)
    return absolute(attr(tag, "href"), page.url) or page.url if isinstance(tag, Tag) else page.url


def attr(tag: Tag | None, name: str) -> str:
    """The attribute's value, "" when the tag or the attribute is absent."""
    value = tag.get(name) if tag is not None else None
    return (" ".join(value) if isinstance(value, list) else value or "").strip()


def line(tag: Tag | None) -> str:
    """The tag's printed text on one line, in NFC: a space where a block begins or ends, none inside a word."""
    if tag is None:
        return ""
    parts: list[str] = []
    for node in tag.descendants:
        if _is_block(node) or _is_block(node.previous_sibling):
            parts.append(" ")
        if type(node) is NavigableString:  # not its kinds: comments, scripts, styles
            parts.append(node)
    return nfc(" ".join("".join(parts).split()))


def words(markup: str) -> str:
    """What stands between the tags, roughly: to be measured, never shown."""
    return unescape(BETWEEN_TAGS.sub(" ", markup))


def _is_block(node: object) -> bool:
    return isinstance(node, Tag) and node.name in BLOCKS


def first(tree: Tag, selectors: Iterable[str]) -> Tag | None:
    """The first tag with text that the first fruitful selector finds."""
    for selector in selectors:
        for tag in tree.select(selector):
            if line(tag):
                return tag
    return None


def cut(tree: Tag, selector: str) -> None:
    """Take the selected tags out of the tree."""
    for tag in tree.select(selector) if selector else []:
        tag.decompose()


def meta(tree: Tag, *names: str) -> str:
    """The content of the first meta tag of any of these names (as name, property or itemprop)."""
    for name in names:
        for key in ("property", "name", "itemprop"):
            for tag in tree.find_all("meta", attrs={key: name}):
                if value := attr(tag, "content"):
                    return nfc(value)
    return ""


def absolute(href: str, base: str) -> str:
    """The absolute web address, without fragment and default port; "" when it is none (javascript:, mailto:)."""
    cleaned = re.sub(r"[\x00-\x1f\x7f]+", "", sound(href)).strip().replace("&amp;", "&").replace(" ", "%20")
    try:
        parts = urlsplit(urljoin(base, cleaned))
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host or not cleaned or re.search(r"[\s%<>\\]", host):
        return ""
    default = port in {None, 80 if parts.scheme == "http" else 443}
    place = f"[{host}]" if ":" in host else host
    return parts._replace(netloc=place if default else f"{place}:{port}", path=parts.path or "/", fragment="").geturl()


def picture_address(printed: str, base: str) -> str:
    """As `absolute`, for an image; "" where a sentence stands in place of its address (sources.md §1)."""
    return absolute(printed, base) if 0 < len(printed.split()) <= SENTENCE else ""


def host_of(url: str) -> str:
    """The address's host as hosts are compared (text.ascii_host), "" when it has none."""
    try:
        return ascii_host(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def path_of(url: str) -> str:
    """The address's path, decoded; "" when it has none."""
    try:
        return unquote(urlsplit(url).path)
    except ValueError:
        return ""


def is_attachment(url: str) -> bool:
    """Whether the address names a document for download, or a script that hands one out."""
    return bool(ATTACHMENT.search(path_of(url)) or HANDED.search(url))
