"""Notices by which a source corrects an article of its own ("Đính chính: …"), and which article one names. Pure.

The article is told by its address in the notice, else by its title: quoted, or behind the colon. The only one that fits
is it; where several fit, or none, nothing is said.
"""

import html
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.model import Article
from aggregator.refine.moves import title_of
from aggregator.text import tones

WITHIN = timedelta(days=60)  # a notice corrects what was published so long before it, at most
SAME_DAY = timedelta(days=1)  # of a notice only the day may be known, and it began before what it corrects
BEGINNING = re.compile(r"\W*(?:(?:bản|thông báo|lời|tin)\s+)?(?:đính chính|cải chính)\b(?!\s+hộ tịch)")
HREF = re.compile(r'href="([^"]+)"')
ADDRESS = re.compile(r"https?://[^\s<>\"“”«»]+")
QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|«([^«»]+)»")
BEHIND = re.compile(r"[^:–]{0,40}[:–]\s*(.+)")  # "Bản đính chính: <title>"
LEAST = 4  # syllables of a title: fewer are quoted for other ends


@dataclass(frozen=True, slots=True)
class Named:
    """What a notice names: addresses as they stand in it, and titles by their words (moves.title_of)."""

    urls: tuple[str, ...]
    titles: frozenset[tuple[str, ...]]


def is_notice(article: Article) -> bool:
    """Whether title or lead begin as a correction does. "Cải chính hộ tịch" is a service of the state, and none."""
    return any(BEGINNING.match(tones(text)) for text in (article.title, article.lead))


def span(notice: datetime) -> tuple[datetime, datetime]:
    """From when, and until before when, what the notice corrects was published."""
    return notice - WITHIN, notice + SAME_DAY


def named(notice: Article) -> Named:
    """All addresses and titles that the notice names; its own are none of them."""
    texts = (notice.title, notice.lead, notice.text)
    found = [html.unescape(url) for url in HREF.findall(notice.body)]
    found += [url.rstrip(".,;:!?)") for text in texts for url in ADDRESS.findall(text)]
    urls = tuple(url for url in dict.fromkeys(found) if url != notice.url)
    titles = {title_of(words) for words in _titles(notice)}
    return Named(urls, frozenset(words for words in titles if len(words) >= LEAST))


def _titles(notice: Article) -> Iterator[str]:
    for text in (notice.title, notice.lead, notice.text):
        yield from (next(filter(None, match)) for match in QUOTED.findall(text))
    for text in (notice.title, notice.lead):
        behind = BEHIND.fullmatch(text) if BEGINNING.match(tones(text)) else None
        if behind:
            yield behind[1].rstrip(".")


def corrected(notice: str, what: Named, at: Collection[str], titles: Mapping[str, str]) -> str:
    """The id of the article that the notice corrects, "" where not exactly one fits.

    `at` are the articles at the addresses that it names, `titles` those of its time, by id.
    """
    addressed = {id for id in at if id != notice}
    if len(addressed) == 1:
        return addressed.pop()
    fitting = [id for id, title in titles.items() if id != notice and title_of(title) in what.titles]
    fitting = [id for id in fitting if not addressed or id in addressed]
    return fitting[0] if len(fitting) == 1 else ""
