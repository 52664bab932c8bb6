"""The news sitemap: what search engines for news look at often (Google's schema, sitemap-news 0.9)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from lxml import etree

from aggregator.model import Artifact, Line
from aggregator.publish import addresses
from aggregator.publish.edition import Edition
from aggregator.publish.indexes import MAPS
from aggregator.publish.words import iso, xml_text

MOST = 1_000  # news:news elements in one map (Google: at most 1,000)
DAYS = 2  # today and yesterday: no story older than two days may stand in it
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
SPACES: Any = {None: MAPS, "news": NEWS}


def pages(edition: Edition) -> Iterator[Artifact]:
    """The map, where the site is open to search engines at all."""
    if edition.site.mode != "public":
        return
    root = etree.Element(f"{{{MAPS}}}urlset", nsmap=SPACES)
    for line in _newest(edition):
        _add(root, line, edition)
    made: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    yield Artifact(addresses.SITEMAP_NEWS, made)


def _newest(edition: Edition) -> list[Line]:
    days = [edition.today - timedelta(days=ago) for ago in range(DAYS)]
    return [line for day in days for line in edition.lines(f"day/{day}", MOST)][:MOST]


def _add(root: Any, line: Line, edition: Edition) -> None:
    row = etree.SubElement(root, f"{{{MAPS}}}url")
    etree.SubElement(row, f"{{{MAPS}}}loc").text = edition.absolute(line.path)
    news = etree.SubElement(row, f"{{{NEWS}}}news")
    publication = etree.SubElement(news, f"{{{NEWS}}}publication")
    etree.SubElement(publication, f"{{{NEWS}}}name").text = xml_text(edition.site.name)
    etree.SubElement(publication, f"{{{NEWS}}}language").text = "vi"
    at = iso(line.published)
    etree.SubElement(news, f"{{{NEWS}}}publication_date").text = at if line.precision == "minute" else at[:10]
    etree.SubElement(news, f"{{{NEWS}}}title").text = xml_text(line.title)
