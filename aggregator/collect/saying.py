"""Whether a page says what it should. Knows no site."""

from aggregator.collect import html
from aggregator.model import Page
from aggregator.text import nfc

SILENT = "script, style, template, noscript"
SAID_ASIDE = ("alt", "title", "aria-label", "content")  # of pictures, buttons and metadata: shells say little else


def missing(page: Page, words: tuple[str, ...]) -> str:
    """The first of the words that the page does not say, "" when it says all. Case and white space do not count."""
    said = _plain(_said(page)) if words else ""
    return next((one for one in words if _plain(one) not in said), "")


def _said(page: Page) -> str:
    tree = html.soup(html.text_of(page))
    html.cut(tree, SILENT)
    aside = [html.attr(tag, name) for name in SAID_ASIDE for tag in tree.select(f"[{name}]")]
    return "\n".join([tree.get_text(" "), *aside])


def _plain(text: str) -> str:
    return " ".join(nfc(text).casefold().split())
