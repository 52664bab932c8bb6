"""What a piece of HTML hides from its reader, links to, and runs; and the HTML without what it hides."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from aggregator.refine import styles
from aggregator.refine.styles import FAR, TINY

UNREAD = frozenset(("script", "style", "noscript", "template"))
MARKS = re.compile(
    r"<(?:a|script|iframe|frame|embed|object|marquee|meta|style|img|input|form)\b|style\s*=|hidden|\bon\w+\s*=|<font",
    re.I,
)
OWN = re.compile(r"style\s*=|\bhidden\b|<marquee", re.I)
MOST = 0.5  # share of the letters; injected blocks longer than the article are told by refine.compromise
DROPPED = "hidden-block"
FRAME = re.compile(r"</?(?:html|head|body)\b[^<>]*>", re.I)  # a stray one would end the page before its last words
_BODY, _AS_BLOCK = re.compile(r"<(/?)body\b", re.I), r"<\1div"  # a stray body would lose what it runs
_NAME = re.compile(r"[.#][\w-]+")
_UNSHOWN = (  # how scripts hide: by id, by selector, by jQuery, by a variable that was found by id or selector before
    re.compile(r"getElementById\(\s*['\"]([\w-]+)['\"]\s*\)\s*\.style\.(?:display|visibility)\s*=\s*['\"](?:none|hidden)"),
    re.compile(r"(?:querySelector|\$|jQuery)\(\s*['\"]([.#][\w-]+)['\"]\s*\)\s*\.(?:hide\(|remove\(|css\(\s*['\"]display['\"]\s*,\s*['\"]none"
               r"|style\.(?:display|visibility)\s*=\s*['\"](?:none|hidden))"),
)  # fmt: skip
_FOUND = re.compile(r"\b(\w{1,40})\s*=\s*document\.(?:getElementById|querySelector)\(\s*['\"]([.#]?[\w-]+)['\"]\s*\)")
SAYING = ("alt", "title", "aria-label", "placeholder", "data-title", "data-alt")  # words that a page carries unseen
LONG = 500  # characters of one attribute that are read
NESTED = re.compile(r"(?:https?:)?(?://|%2f%2f)[^\s&\"'<>]+", re.I)
LOADED = re.compile(r"(?:https?:)?//(?:[a-z0-9-]+\.)+[a-z]{2,24}(?:/[^\s\"'\\<>]*)?", re.I)
MOST_LOADED = 20  # addresses of one script that are looked at
# Code that writes itself from disguise, or sends the reader elsewhere; counters and widgets do neither.
_DISGUISED = re.compile(
    r"\beval\s*\(|\batob\s*\(|unescape\s*\(|fromCharCode|document\.write\s*\(|(?:\\x[0-9a-f]{2}){4}"
    r"|\b_0x[0-9a-f]{2,}|\[\s*(?:\"\w+\"|'\w+')\s*\+\s*[\"']"  # an obfuscator's names; window["loc"+"ation"]
    r"|location(?:\.href|\.replace|\.assign)?\s*[=(]\s*['\"(]|document\.referrer",
    re.I,
)


# Code that sends, fetches, or puts something beside itself; addresses in a map's or widget's settings do not.
_ACTS = re.compile(
    r"document\.cookie|sendBeacon|serviceWorker|requestPermission|\bfetch\s*\(|XMLHttpRequest|createElement\(\s*['\"](?:script|iframe)"
)
BY_ITSELF = frozenset(("onload", "onerror", "onmouseover", "onpageshow", "onfocus"))  # no click is needed


class Hidden(NamedTuple):
    """A block that is there and not seen: in what way, its words, the addresses it links to."""

    way: str
    words: str
    links: tuple[str, ...]


class Running(NamedTuple):
    """Something that runs or loads: in what way, where from ("" when it stands in the page), and whether unseen."""

    way: str
    address: str
    disguised: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found, in page order. `links` are all addresses, hidden ones too, and those that they pass on to.

    `unseen` are the words of attributes: of pictures, links, hidden fields.
    """

    links: tuple[str, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    running: tuple[Running, ...] = ()
    unseen: tuple[str, ...] = ()


@dataclass(slots=True)
class _Block:
    way: str
    words: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


class _State(NamedTuple):
    block: _Block | None
    background: str


def look(html: str) -> Looked:
    """What the HTML hides, links to and runs; nothing for HTML that cannot do so. Linear in the HTML's length."""
    if not MARKS.search(html):
        return Looked()
    root = _parsed(f"<div>{_BODY.sub(_AS_BLOCK, html)}</div>")
    unshown = _unshown(html)
    links: list[str] = []
    blocks: list[_Block] = []
    running: list[Running] = []
    unseen: list[str] = []
    stack = [_State(None, "")]
    for event, tag in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            stack.pop()
            if (block := stack[-1].block) is not None:
                block.words.append(tag.tail or "")
            continue
        above = stack[-1]
        state = _state(tag, above, unshown)
        if state.block is not None and state.block is not above.block:
            blocks.append(state.block)
        stack.append(state)
        running += _running(tag)
        unseen += _said(tag)
        if tag.tag == "a" and tag.get("href"):
            links += _led_to(tag.get("href"))
        if state.block is not None and tag.tag not in UNREAD:
            state.block.words.append(tag.text or "")
            state.block.links += _led_to(tag.get("href")) if tag.tag == "a" and tag.get("href") else []
    return Looked(tuple(links), tuple(_hidden(blocks)), tuple(running), tuple(dict.fromkeys(unseen)))


def _led_to(address: str) -> list[str]:
    """The address, and the one that it is asked to pass on to: /go?u=https://..."""
    _, mark, query = address.partition("?")
    passed = NESTED.search(query) if mark else None
    return [address] if passed is None else [address, unquote(passed[0])]


def _said(tag: etree._Element) -> Iterator[str]:
    names = ("value",) if tag.tag == "input" and (tag.get("type") or "").lower() == "hidden" else SAYING
    for name in names:
        if len(said := (tag.get(name) or "").strip()[:LONG]) > 1:
            yield said


def without_hidden(html: str) -> str:
    """The HTML without the elements that their own attributes hide; the very same text when there are none.

    Where most of the words would go, a script of the site shows them (tabs, "read more"): then all stay. Colours
    and style sheets are not believed here: what they hide depends on the page around. Linear in the HTML's length.
    """
    if not OWN.search(html):
        return html
    root = _parsed(f"<html><body>{FRAME.sub('', html)}</body></html>")
    unseen = list(_outermost(root))
    if not unseen or sum(map(_letters, unseen)) > MOST * _letters(root):
        return html
    for tag in unseen:
        tag.tag = DROPPED
    etree.strip_elements(root, DROPPED, with_tail=False)
    body = root.find("body")
    parts = () if body is None else (body.text or "", *(etree.tostring(tag, encoding="unicode") for tag in body))
    return "".join(parts)


def _parsed(html: str) -> etree._Element:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(html.replace("\x00", " ").encode("utf-8", "replace"), parser)


def _outermost(root: etree._Element) -> Iterator[etree._Element]:
    """The hidden elements that stand in no other one."""
    waiting = [root]
    while waiting:
        tag = waiting.pop()
        style = styles.declared(tag.get("style") or "")
        if styles.way(style) or _attributes(tag, style):
            yield tag
        else:
            waiting.extend(tag)


def _letters(tag: etree._Element) -> int:
    return sum(len("".join(str(text).split())) for text in tag.itertext())


def _hidden(blocks: list[_Block]) -> Iterator[Hidden]:
    for block in blocks:
        words = " ".join(" ".join(block.words).split())
        if words or block.links:
            yield Hidden(block.way, words, tuple(block.links))


def _unshown(html: str) -> dict[str, str]:
    """Classes (.name) and ids (#name) that a style sheet or a script of this very HTML hides, and how."""
    by_id, by_selector = _UNSHOWN
    named = [*(f"#{name}" for name in by_id.findall(html)), *by_selector.findall(html), *_unshown_later(html)]
    found = dict.fromkeys(named, "display:none by a script")
    if "<style" in html.lower():
        for rule in html.split("}"):
            head, brace, declared = rule.rpartition("{")
            if brace and (way := styles.way(styles.declared(declared))):
                found.update(dict.fromkeys(_selected(head), f"{way} by a style sheet"))
    return found


def _unshown_later(html: str) -> Iterator[str]:
    """What a script finds first and hides by its variable."""
    hidden = set(re.findall(r"\b(\w{1,40})\.style\.(?:display|visibility)\s*=\s*['\"](?:none|hidden)", html))
    for variable, name in _FOUND.findall(html) if hidden else ():
        if variable in hidden:
            yield name if name[0] in ".#" else f"#{name}"


def _selected(head: str) -> Iterator[str]:
    """The classes and ids that a rule's selectors end in. Before the selectors may stand a tag, a rule around them."""
    for selector in re.split(r"[{};>]", head[-LONG:])[-1].split(","):
        named = (_NAME.findall(part) for part in reversed(selector.split()))
        yield from next((names for names in named if names), ())  # `.box a` hides what is in the box


def _state(tag: etree._Element, above: _State, unshown: dict[str, str]) -> _State:
    if not tag.attrib and tag.tag != "marquee":
        return above
    style = styles.declared(tag.get("style") or "")
    background = styles.colour(style.get("background-color") or style.get("background") or tag.get("bgcolor") or "")
    background = background or above.background
    if above.block is not None:
        return _State(above.block, background)
    names = [f".{name}" for name in (tag.get("class") or "").split()] + [f"#{tag.get('id')}"]
    way = styles.way(style) or _attributes(tag, style) or _coloured(tag, style, background)
    way = way or next((unshown[name] for name in names if name in unshown), "")
    return _State(_Block(way) if way else None, background)


def _attributes(tag: etree._Element, style: dict[str, str]) -> str:
    if tag.get("hidden") is not None:
        return "the attribute hidden"
    if tag.tag == "a" and tag.get("aria-hidden") == "true" and tag.get("tabindex") == "-1":
        return "a link with aria-hidden"
    if tag.tag == "marquee":
        sizes = [style.get(name) or tag.get(name) or "" for name in ("width", "height")]
        fast = (styles.number(tag.get("scrollamount") or "") or 0) > FAR
        if fast or any((number := styles.number(size)) is not None and number <= 2 * TINY for size in sizes):
            return "a tiny marquee"
    return ""


def _coloured(tag: etree._Element, style: dict[str, str], background: str) -> str:
    colour = styles.colour(style.get("color") or ((tag.get("color") or "").lower() if tag.tag == "font" else ""))
    if colour and styles.alike(colour, background or "white"):
        return f"{colour} on {background or 'the page'}"
    return "transparent letters" if style.get("color") == "transparent" else ""


def _running(tag: etree._Element) -> Iterator[Running]:
    name = str(tag.tag)
    if name == "script" and "json" not in (tag.get("type") or ""):
        text = tag.text or ""
        yield Running("a script", tag.get("src") or "", _DISGUISED.search(text) is not None)
        loaded = dict.fromkeys(match[0] for match in LOADED.finditer(text))
        acts = _ACTS.search(text) is not None
        yield from (Running("an address in a script", address, acts) for address in list(loaded)[:MOST_LOADED])
    elif name in {"iframe", "frame", "embed", "object"}:
        sizes = [styles.number(tag.get(side) or "") for side in ("width", "height")]
        style = styles.declared(tag.get("style") or "")
        unseen = any(size is not None and size <= TINY for size in sizes) or styles.way(style) or styles.covers(style)
        yield Running(f"an {name}", tag.get("src") or tag.get("data") or "", bool(unseen))
    elif name == "form" and tag.get("action"):
        yield Running("a form", tag.get("action") or "", tag.find(".//input[@type='password']") is not None)
    elif name == "meta" and (tag.get("http-equiv") or "").lower() == "refresh":
        yield Running("a redirection", (tag.get("content") or "").partition("=")[2].strip(" \"'"), True)
    for key, value in tag.attrib.items():
        if str(key).startswith("on") and _DISGUISED.search(str(value)):
            yield Running(f"{key!s} of {name}", "", True)
        elif str(key) in BY_ITSELF and (found := LOADED.search(str(value))):
            yield Running(f"{key!s} of {name}", found[0], True)
