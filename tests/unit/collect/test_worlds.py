"""The demo's sites say what the worlds hold; the readers must hear exactly that."""

import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from aggregator.collect import asking, discover, html
from aggregator.demo import replay, world
from aggregator.demo.asked import Asked
from aggregator.errors import SourceError
from aggregator.model import Page, Request
from aggregator.settings import Section, Source
from tests import make_reading as make

KINDS = {"moh_bridge": "moh_bridge", "vccorp": "vccorp", "hanoi_vccorp": "vccorp", "liferay": "liferay"}
SITES = [(name, site.id) for name in world.names() for site in world.load(name).sites]


def plain(text: str) -> str:
    """One line of NFC; the bridge's leads may be HTML."""
    line = html.line(html.soup(text)) if text.startswith("<p>") else text
    return " ".join(unicodedata.normalize("NFC", line).split())


def source_of(site: world.WorldSite) -> Source:
    home = f"https://{site.host}/"
    addresses = {"vccorp": "rss/{}.rss", "hanoi_vccorp": "{}.htm", "liferay": "{}"}
    sections = [
        Section(id=one.id, url=home + addresses[site.shape].format(one.id) if site.shape in addresses else "")
        for one in site.sections
    ]
    return make.source(KINDS[site.shape], home, sections=tuple(sections))


def leads_of(told: world.World, of: Source) -> Iterator[tuple[Section, discover.Listing]]:
    for section in of.sections:
        try:
            yield section, discover.read_leads(of, section, said(told, asking.section_request(of, section)))
        except SourceError as fault:
            assert fault.cause == "empty"  # a section without articles in this world


def said(told: world.World, request: Request) -> Page:
    parts = urlsplit(request.url)
    answer = replay.said(told, told.start, Asked(request.method, parts.netloc, parts.path, parts.query, request.body))
    assert answer.status == 200
    return make.page(answer.body, request.url, answer.kind, request=request)


@pytest.mark.parametrize(("name", "site_id"), SITES)
def test_every_article_of_a_world_is_read_as_it_was_written(name: str, site_id: str) -> None:
    told = world.load(name)
    state = world.site_at(told, site_id, told.start)
    of = source_of(state.site)
    read = 0
    for section, listing in leads_of(told, of):
        assert [lead.ref for lead in listing.leads] == [one.ref for one in state.listed(section.id)][
            : len(listing.leads)
        ]
        for lead in listing.leads:
            written = state.find(lead.ref).article  # type: ignore[union-attr]
            draft = discover.read_article(of, said(told, lead.request), lead)
            got = (
                plain(draft.title),
                plain(draft.lead),
                plain(draft.author),
                len(draft.images),
                len(draft.attachments),
            )
            images, files = len(written.images), len(written.attachments)
            assert got == (plain(written.title), plain(written.lead), plain(written.author), images, files)
            assert draft.doubts == ()
            assert draft.time
            read += 1
    assert read
