"""From HTML as served to HTML that is safe to publish, and to plain text. The sole maker of SafeHtml.

Links lead to the source's own hosts or nowhere; images are left out (they are listed apart, never hot-linked).
"""

import html as entities
import re
from collections.abc import Callable, Collection
from urllib.parse import urljoin, urlsplit

import nh3

from aggregator.model import SafeHtml
from aggregator.refine.hidden import without_hidden
from aggregator.text import ascii_host, nfc, syllables

BLOCKS = (
    "p", "h2", "h3", "h4", "ul", "ol", "li", "table", "caption", "thead", "tbody", "tfoot", "tr", "blockquote",
    "figure", "figcaption",
)  # fmt: skip
TAGS = {*BLOCKS, "th", "td", "strong", "em", "a", "br", "sub", "sup"}
# Other blocks become paragraphs; other names of a thing become ours.
PARAGRAPHS = (
    "div", "section", "article", "header", "footer", "main", "aside", "center", "address", "pre", "dl", "dt", "dd",
    "details", "summary", "form", "fieldset",
)  # fmt: skip
RENAMED = {**dict.fromkeys(PARAGRAPHS, "p"), "b": "strong", "i": "em", "h1": "h2", "h5": "h4", "h6": "h4"}
DROPPED = {
    "script", "style", "iframe", "object", "noscript", "template", "svg", "math", "audio", "video", "canvas",
    "select", "textarea", "button",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}
REL = "nofollow noopener noreferrer"
MAX_DEPTH = 400  # open elements: nh3's time grows with their square (10,000: 0.4 s, 100,000: 35 s); pages have 40
MAX_NODES = 2_000_000  # depth times elements: unclosed <b a=1><b a=2>... is opened again in every paragraph
MAX_WORDS = 5_000  # between two tags' ends: time grows with the square of a tag's attributes (30,000: 0.3 s)
ROUNDS = 4  # of decoding in `line`: feeds encode twice, now and then three times

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff]"
)
_BROKEN = re.compile("[\ud800-\udfff]")
_OVERLAID = re.compile("[^<>\u0338]\u0338")
_MARKUP = re.compile(
    r"<(?:!--|!\[cdata\[|\?xml|/?(?:a|abbr|article|b|big|blockquote|body|br|center|cite|code|data|dd|del|description|div"
    r"|dl|dt|dynamic-content|dynamic-element|em|figcaption|figure|font|h[1-6]|head|hr|html|i|iframe|img|ins|label|li"
    r"|link|mark|meta|o:p|ol|p|picture|pre|root|s|script|section|small|source|span|static-content|strike|strong|style"
    r"|sub|sup|svg|table|tbody|td|tfoot|th|thead|time|title|tr|u|ul|video|wbr)(?=[\s/>]))",
    re.IGNORECASE,
)
_WRAPPING = re.compile(
    r"<!\[cdata\[|\]\]>|</?(?:root|title)\b[^<>]*>", re.IGNORECASE
)  # feeds and Liferay's XML leak them
_ELEMENT = re.compile(r"<(/?)([a-zA-Z]+[1-6]?)")
_SHALLOW = {  # void, or closed by what follows
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "p", "li", "td", "th", "tr", "dd", "dt", "option",
}  # fmt: skip
_BLOCK = rf"</?(?:{'|'.join(BLOCKS)})(?: [^>]*)?>"
_BOX = rf"(?:{_BLOCK}|</?t[dh](?: [^>]*)?>)"
_AFTER_BOX = re.compile(rf"({_BOX})(?:<br>| )+")
_BEFORE_BOX = re.compile(rf"(?: |<br>)+(?={_BOX})")
_BREAK = re.compile(rf"{_BLOCK}|<br>")
_CLOSED = re.compile(rf"(</(?:{'|'.join(BLOCKS)})>)")
_EMPTY = re.compile(rf"<({'|'.join(BLOCKS)}|strong|em|a|sub|sup)(?: [^>]*)?>((?: |<br>)*)</\1>")
_OPENING = re.compile(r"<(p|h[234]|blockquote)>.*?</\1>\s*", re.DOTALL)
_LINK = re.compile(r"<a [^>]*>|</a>")
_TAG = re.compile(r"<[^>]*>")
_UNSAFE_IN_HREF = str.maketrans({"<": "%3C", ">": "%3E", '"': "%22", " ": "%20", "`": "%60"})


def fragment(html: str, base: str, hosts: Collection[str]) -> SafeHtml:
    """The HTML with a small list of tags, links made absolute by `base`, nothing that runs or loads.

    Blocks that their own attributes hide (display:none and its like) are left out. A link to a host outside `hosts`
    (www. and m. aside) keeps its words and loses its address. HTML that would cost more than any real page
    (MAX_DEPTH, MAX_NODES, MAX_WORDS) is reduced to its words.
    """
    html = _OVERLAID.sub(lambda match: nfc(match[0]), _cleaned(html))
    html = html.replace("\u0338", "")  # composed with < or > by NFC it would eat a tag's end
    if _costs_too_much(html):
        html = entities.escape(entities.unescape(re.sub(r"<[^<>]*>", " ", html)), quote=False)
    else:
        html = without_hidden(html)
    keep = _attribute_filter(base, {bare_host(host) for host in hosts})
    once = _renamed(_without_bare_links(_clean(html, TAGS | RENAMED.keys(), keep)))
    return SafeHtml(_tidied(_clean(_cleaned(once.replace("\u0338", "")), TAGS, keep)))


def without_opening(safe: SafeHtml, words: str) -> SafeHtml:
    """The HTML without its first paragraph or heading where that says `words` (marks of punctuation and case aside)."""
    first = _OPENING.match(safe)
    if not words or first is None or syllables(plain(SafeHtml(first[0]))) != syllables(words):
        return safe
    return SafeHtml(safe[first.end() :])


def plain(safe: SafeHtml) -> str:
    r"""The words of the HTML, paragraphs, rows and lines separated by "\n", cells by a space."""
    text = re.sub(r"</t[dh]>", " ", " ".join(safe.split()))
    text = entities.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    lines = (" ".join(row.split()) for row in text.split("\n"))
    return nfc("\n".join(row for row in lines if row))


def line(text_or_html: str) -> str:
    """One line of clean text: no tags, entities decoded (doubly encoded ones too), NFC, single spaces."""
    text = text_or_html
    for _ in range(ROUNDS):
        before = text
        if _MARKUP.search(text):
            text = plain(fragment(text, "", ()))
        text = entities.unescape(text)
        if text == before:
            break
    return " ".join(nfc(_cleaned(text)).split())


def _cleaned(text: str) -> str:
    text = _WRAPPING.sub("", text)
    return nfc(_BROKEN.sub("\ufffd", _INVISIBLE.sub("", text)))


def _clean(html: str, tags: set[str], keep: Callable[[str, str, str], str | None]) -> str:
    return nh3.clean(
        html, tags=tags, clean_content_tags=DROPPED, attributes=ATTRIBUTES, attribute_filter=keep, link_rel=REL
    )


def _attribute_filter(base: str, hosts: set[str]) -> Callable[[str, str, str], str | None]:
    def keep(_tag: str, name: str, value: str) -> str | None:
        if name == "href":
            return _address(value, base, hosts)
        if name == "rel":
            return value
        if name == "scope":
            return value if value in {"row", "col", "rowgroup", "colgroup"} else None
        return value if re.fullmatch(r"[1-9][0-9]?", value) else None

    return keep


def _address(href: str, base: str, hosts: set[str]) -> str | None:
    """The absolute address, None when it may not be followed. What browsers and urllib read differently is refused."""
    try:
        address = urljoin(base, href.strip())
        parts = urlsplit(address)
        host = bare_host(parts.hostname or "")
    except ValueError:
        return None
    if re.search(r"[\\\x00-\x1f\x7f]", address):
        return None
    if parts.scheme in {"mailto", "tel"}:
        return address.translate(_UNSAFE_IN_HREF)
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or host not in hosts:
        return None
    return address.translate(_UNSAFE_IN_HREF)


def bare_host(host: str) -> str:
    """The host in lower case without www. or m.: what a source's own hosts are compared by."""
    return re.sub(r"^(?:www|m)\.(?=.*\.)", "", ascii_host(host))


def _costs_too_much(html: str) -> bool:
    depth = deepest = elements = 0
    for match in _ELEMENT.finditer(html):
        elements += 1
        if match[2].lower() not in _SHALLOW:
            depth = max(0, depth + (-1 if match[1] else 1))
            deepest = max(deepest, depth)
    if deepest > MAX_DEPTH or deepest * elements > MAX_NODES:
        return True
    return any(len(part) > MAX_WORDS and len(part.split()) > MAX_WORDS for part in html.split(">"))


def _renamed(html: str) -> str:
    for name, ours in RENAMED.items():
        html = html.replace(f"<{name}>", f"<{ours}>").replace(f"</{name}>", f"</{ours}>")
    return html


def _tidied(html: str) -> str:
    html = " ".join(html.replace("&nbsp;", " ").split())
    html = re.sub(r"(?:<br> ?){3,}", "<br><br>", html)
    while (emptied := _EMPTY.sub(lambda match: match[2][:1] and " ", html)) != html:
        html = emptied
    html = _BEFORE_BOX.sub("", _AFTER_BOX.sub(r"\1", " ".join(html.split())))
    html = re.sub(r"^(?:<br>| )+|(?:<br>| )+$", "", html)
    if html and not _CLOSED.search(html):
        html = f"<p>{html}</p>"
    return _CLOSED.sub("\\1\n", html).strip()


def _without_bare_links(html: str) -> str:
    kept: list[bool] = []

    def replace(match: re.Match[str]) -> str:
        if match[0] == "</a>":
            return match[0] if kept.pop() else ""
        kept.append(" href=" in match[0])
        return match[0] if kept[-1] else ""

    return _LINK.sub(replace, html)
