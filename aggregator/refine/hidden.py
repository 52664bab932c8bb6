"""What a piece of HTML hides from its reader, links to, and runs; and the HTML without what it hides."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

FAR = 400  # pixels off the page; menus slide out by less, injected blocks lie 999 and more away
TINY = 2  # pixels; text or a box no larger than this is not read
UNREAD = frozenset(("script", "style", "noscript", "template"))
_NUMBER = re.compile(r"-?\d*\.?\d+")
WHITE = frozenset(("white", "#fff", "#ffffff", "rgb(255,255,255)", "rgba(255,255,255,1)"))
MARKS = re.compile(
    r"<(?:a|script|iframe|frame|embed|object|marquee|meta|style)\b|style\s*=|hidden|\bon\w+\s*=|<font", re.I
)
OWN = re.compile(r"style\s*=|\bhidden\b|<marquee", re.I)
MOST = 0.5  # share of the letters; injected blocks longer than the article are told by refine.compromise
DROPPED = "hidden-block"
FRAME = re.compile(r"</?(?:html|head|body)\b[^<>]*>", re.I)  # a stray one would end the page before its last words
_RULE = re.compile(r"([.#][\w-]+)\s*\{([^{}]*)\}")
_UNSHOWN = re.compile(r"getElementById\(\s*['\"]([\w-]+)['\"]\s*\)\.style\.display\s*=\s*['\"]none")
_MOVED = re.compile(r"(?:scale\(0(?:\.0+)?\)|translate\w*\(\s*-\d{3,})")
_CLIPPED = re.compile(
    r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)|inset\((?:50|100)%"
)
# Code that writes itself from disguise, or sends the reader elsewhere; counters and widgets do neither.
_DISGUISED = re.compile(
    r"\beval\s*\(|\batob\s*\(|unescape\s*\(|fromCharCode|document\.write\s*\(|(?:\\x[0-9a-f]{2}){6}"
    r"|location(?:\.href|\.replace|\.assign)?\s*[=(]\s*['\"(]|document\.referrer",
    re.I,
)


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
    """What was found, in page order. `links` are all addresses, hidden ones too."""

    links: tuple[str, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    running: tuple[Running, ...] = ()


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
    root = _parsed(f"<div>{html}</div>")
    unshown = _unshown(html)
    links: list[str] = []
    blocks: list[_Block] = []
    running: list[Running] = []
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
        if tag.tag == "a" and tag.get("href"):
            links.append(tag.get("href"))
        if state.block is not None and tag.tag not in UNREAD:
            state.block.words.append(tag.text or "")
            state.block.links += [tag.get("href")] if tag.tag == "a" and tag.get("href") else []
    return Looked(tuple(links), tuple(_hidden(blocks)), tuple(running))


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
        style = _declared(tag.get("style") or "")
        if _way(style) or _attributes(tag, style):
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
    found = {f"#{name}": "display:none by a script" for name in _UNSHOWN.findall(html)}
    if "<style" in html.lower():
        for name, rules in _RULE.findall(html):
            if way := _way(_declared(rules)):
                found[name] = f"{way} by a style sheet"
    return found


def _state(tag: etree._Element, above: _State, unshown: dict[str, str]) -> _State:
    if not tag.attrib and tag.tag != "marquee":
        return above
    style = _declared(tag.get("style") or "")
    background = _colour(style.get("background-color") or style.get("background") or tag.get("bgcolor") or "")
    background = background or above.background
    if above.block is not None:
        return _State(above.block, background)
    names = [f".{name}" for name in (tag.get("class") or "").split()] + [f"#{tag.get('id')}"]
    way = _way(style) or _attributes(tag, style) or _coloured(tag, style, background)
    way = way or next((unshown[name] for name in names if name in unshown), "")
    return _State(_Block(way) if way else None, background)


def _declared(style: str) -> dict[str, str]:
    if not style:
        return {}
    pairs = (declared.partition(":") for declared in style.lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs}


def _way(style: dict[str, str]) -> str:
    """How the declarations hide what they are given to, "" when they do not."""
    return next((f"{name}:{style[name]}" for name, hides in _HIDING.items() if name in style and hides(style)), "")


def _number(value: str) -> float | None:
    match = _NUMBER.match(value)
    return float(match[0]) if match else None


def _at_most(name: str, most: float) -> Callable[[dict[str, str]], bool]:
    def hides(style: dict[str, str]) -> bool:
        size = _number(style[name])
        return size is not None and size <= most and not style[name].endswith(("em", "%"))

    return hides


def _cropped(name: str) -> Callable[[dict[str, str]], bool]:
    small = _at_most(name, TINY)
    return lambda style: small(style) and (style.get("overflow") == "hidden" or "position" in style)


_HIDING: dict[str, Callable[[dict[str, str]], bool]] = {
    "display": lambda style: style["display"] == "none",
    "visibility": lambda style: style["visibility"] in {"hidden", "collapse"},
    "opacity": _at_most("opacity", 0.04),
    "font-size": _at_most("font-size", TINY),
    "text-indent": _at_most("text-indent", -FAR),
    "left": _at_most("left", -FAR),
    "right": _at_most("right", -FAR),
    "top": _at_most("top", -FAR),
    "bottom": _at_most("bottom", -FAR),
    "margin-left": _at_most("margin-left", -FAR),
    "margin-top": _at_most("margin-top", -FAR),
    "transform": lambda style: _MOVED.search(style["transform"]) is not None,
    "clip": lambda style: _CLIPPED.search(style["clip"]) is not None,
    "clip-path": lambda style: _CLIPPED.search(style["clip-path"]) is not None,
    "height": _cropped("height"),
    "width": _cropped("width"),
    "max-height": _cropped("max-height"),
}  # fmt: skip


def _attributes(tag: etree._Element, style: dict[str, str]) -> str:
    if tag.get("hidden") is not None:
        return "the attribute hidden"
    if tag.tag == "a" and tag.get("aria-hidden") == "true" and tag.get("tabindex") == "-1":
        return "a link with aria-hidden"
    if tag.tag == "marquee":
        sizes = [style.get(name) or tag.get(name) or "" for name in ("width", "height")]
        fast = (_number(tag.get("scrollamount") or "") or 0) > FAR
        if fast or any((number := _number(size)) is not None and number <= 2 * TINY for size in sizes):
            return "a tiny marquee"
    return ""


def _colour(value: str) -> str:
    if not value:
        return ""
    value = re.sub(r"\s*,\s*", ",", value.strip())
    colour = value.split()[0] if value else ""
    return "white" if colour in WHITE else "" if colour in {"transparent", "none", "inherit"} else colour


def _coloured(tag: etree._Element, style: dict[str, str], background: str) -> str:
    colour = _colour(style.get("color") or ((tag.get("color") or "").lower() if tag.tag == "font" else ""))
    if colour and colour == (background or "white"):
        return f"{colour} on {background or 'the page'}"
    return "transparent letters" if style.get("color") == "transparent" else ""


def _running(tag: etree._Element) -> Iterator[Running]:
    name = str(tag.tag)
    if name == "script" and "json" not in (tag.get("type") or ""):
        yield Running("a script", tag.get("src") or "", _DISGUISED.search(tag.text or "") is not None)
    elif name in {"iframe", "frame", "embed", "object"}:
        sizes = [_number(tag.get(side) or "") for side in ("width", "height")]
        unseen = any(size is not None and size <= TINY for size in sizes) or _way(_declared(tag.get("style") or ""))
        yield Running(f"an {name}", tag.get("src") or tag.get("data") or "", bool(unseen))
    elif name == "meta" and (tag.get("http-equiv") or "").lower() == "refresh":
        yield Running("a redirection", (tag.get("content") or "").rpartition("=")[2], True)
    for key, value in tag.attrib.items():
        if str(key).startswith("on") and _DISGUISED.search(str(value)):
            yield Running(f"{key!s} of {name}", "", True)
