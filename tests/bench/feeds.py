"""Generated feeds of official health news: 50 items each with their whole text, equal for equal numbers.

The texts resemble each other as written ones do (texts.py). Every tenth item tells what an item of the feed before it
told, in the same words but for its opening: real portals copy from each other. A feed's 50 items tell of 23 days: two
a day and a few, as many as a department or a newspaper's health section publishes. All of it is invented; the clock of
the generated world stands still at NOW.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from random import Random
from typing import NamedTuple
from xml.sax.saxutils import escape

from tests.bench import texts

NOW = datetime(2026, 10, 20, 5, 0, tzinfo=UTC)
ITEMS = 50  # a feed, before its new ones
APART = timedelta(hours=11)  # between two items of a feed: an assumption, see above
COPIED = 10  # every tenth item is a copy


class Item(NamedTuple):
    """One item of a feed; `body` is HTML."""

    url: str
    title: str
    body: str
    time: datetime


def host(feed: int) -> str:
    """The official host of a feed's source."""
    return f"tin-{feed:03d}.example"


def items(feed: int, new: int = 0) -> list[Item]:
    """The newest first; `new` items more than at first."""
    return [_item(feed, number) for number in reversed(range(ITEMS + new))]


def rss(feed: int, new: int = 0) -> bytes:
    """The feed as its site prints it."""
    return printed(feed, items(feed, new))


def printed(feed: int, items: Iterable[Item]) -> bytes:
    """The items as the feed's site prints them."""
    told = "".join(
        f"<item><title>{escape(one.title)}</title><link>{one.url}</link><guid>{one.url}</guid>"
        f"<pubDate>{format_datetime(one.time)}</pubDate>"
        f"<description>{escape(one.title)}.</description>"
        f"<content:encoded><![CDATA[{one.body}]]></content:encoded></item>\n"
        for one in items
    )
    head = f"<title>Tin y tế {feed}</title><link>http://{host(feed)}/</link><description>Tin y tế</description>"
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    text = f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" {space}><channel>{head}{told}</channel></rss>'
    return text.encode()


def _item(feed: int, number: int) -> Item:
    copied = number % COPIED == COPIED - 1 and feed > 0
    title, paragraphs = _told(feed - 1, number - 1) if copied else _told(feed, number)
    opening = f"<p><strong>{escape(texts.sentence(Random(feed * 7919 + number)))}</strong></p>"
    body = opening + "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    time = NOW - APART * (ITEMS - number) + timedelta(minutes=feed)
    return Item(f"http://{host(feed)}/tin/{number:04d}.htm", title, body, min(time, NOW - timedelta(minutes=1)))


@lru_cache(maxsize=20_000)
def _told(feed: int, number: int) -> tuple[str, list[str]]:
    draw = Random(feed * 1_000_003 + number)
    return texts.headline(draw), texts.paragraphs(draw)
