"""Further pages of a listing, asked for where the first may leave a gap: where it brought only leads never seen.

Each section that is set up for it (`more`) asks for a bounded number of pages, one after another, and stops at the
first lead that is known, at the end of the listing, or at a fault, which is told as a skip and costs nothing else.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from aggregator.collect import asking
from aggregator.collect.looking import Origin, Over, never_over
from aggregator.collect.visit import LISTING, TIME_IS_OVER, Listed
from aggregator.errors import SourceError
from aggregator.model import Lead, Page, Skip
from aggregator.ports import Fetcher
from aggregator.settings import More, Section, Source

Unseen = Callable[[Sequence[Lead]], bool]  # whether the store knows none of the leads


def asked(source: Source, listed: Listed, unseen: Unseen, fetcher: Fetcher, over: Over = never_over) -> Listed:
    """What was listed, with the older leads of the sections that may have left a gap behind their own."""
    for section in source.sections:
        own = [lead for lead in listed.leads if lead.section == (section.name or section.id or section.url)]
        if section.more and own and unseen(own) and not listed.hopeless:
            listed = _with_more(source, section, section.more, listed, unseen, fetcher, over)
    return listed


def _with_more(
    source: Source, section: Section, more: More, listed: Listed, unseen: Unseen, fetcher: Fetcher, over: Over
) -> Listed:
    for number in range(more.first, more.first + more.pages):
        if over(LISTING):
            return replace(listed, skips=(*listed.skips, Skip(more.url, f"page {number} {TIME_IS_OVER}")))
        try:
            leads, page = _page(source, section, more, number, fetcher)
        except SourceError as fault:
            note = Skip(more.url, f"page {number} of the listing could not be read ({fault.cause}: {fault})")
            return replace(listed, skips=(*listed.skips, note))
        held = {lead.url for lead in listed.leads}
        fresh = tuple(lead for lead in leads if lead.url not in held)
        if page is None or not fresh:
            return listed
        origin = Origin(page.fetched_at, page.digest, page)
        origins = {**dict.fromkeys((lead.url for lead in fresh), origin), **listed.origins}
        listed = replace(listed, leads=(*listed.leads, *fresh), origins=origins)
        if not unseen(fresh):
            return listed
    return listed


def _page(
    source: Source, section: Section, more: More, number: int, fetcher: Fetcher
) -> tuple[tuple[Lead, ...], Page | None]:
    from aggregator.collect import vccorp  # late: most visits ask for no further page

    answer = fetcher.fetch(asking.more_request(more, number), source)
    if not isinstance(answer, Page):
        raise SourceError("gone", f"{more.url} does not answer with a page", more.url)
    return vccorp.read_more(source, section, answer).leads, answer
