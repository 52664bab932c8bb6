"""Where a text comes from: the answers that revisions were read from, kept as bytes and remembered in the store."""

import logging
from collections.abc import Sequence

from aggregator.collect.visit import Collected
from aggregator.errors import ArchiveError
from aggregator.model import Article, Capture, Changes, Page, Raw, RawRecord, Response
from aggregator.ports import Archive
from aggregator.steps.grouping import changed
from aggregator.steps.neighbours import Ports

log = logging.getLogger(__name__)

TELLING = ("date", "last-modified", "etag", "content-type", "content-length", "via")  # headers that matter


def answers(collected: Collected, changes: Changes, ports: Ports) -> tuple[Response, ...]:
    """The answers that new, revised and held texts were read from, kept before the store names them."""
    articles = [*changed(changes.verdicts), *(held.article for held in changes.held if held.state == "held")]
    found = [(article.id, _capture(article, collected)) for article in articles]
    told = _responses([(id, capture) for id, capture in found if capture], ports.archive)
    lost = [one.because for one in told if one.record is None and ports.archive is not None]
    if lost:
        log.warning("raw bytes of %d articles were not kept: %s", len(lost), lost[0])
    return told


def _capture(article: Article, collected: Collected) -> Capture | None:
    """What the article was read from: of several on one page (a feed), the one at its address."""
    same = [one for one in collected.captures if one.draft.digest == article.digest]
    return next((one for one in same if one.draft.url == article.url), same[0] if same else None)


def _responses(captures: Sequence[tuple[str, Capture]], archive: Archive | None) -> tuple[Response, ...]:
    """The answers behind these drafts, by article id, their bytes kept. A fault of the archive is told, not raised."""
    raws: dict[str, Raw] = {}
    for id, capture in captures:
        page = capture.page
        before = raws.get(page.digest)
        raws[page.digest] = Raw(page, (*(before.articles if before else ()), id))
    records, because = _kept(raws, archive)
    return tuple(_response(id, capture, records.get(capture.page.digest), because) for id, capture in captures)


def _kept(raws: dict[str, Raw], archive: Archive | None) -> tuple[dict[str, RawRecord], str]:
    if archive is None or not raws:
        return {}, ""
    try:
        return dict(zip(raws, archive.keep(tuple(raws.values())), strict=True)), ""
    except ArchiveError as error:
        return {}, str(error)


def _response(id: str, capture: Capture, record: RawRecord | None, because: str) -> Response:
    page = capture.page
    return Response(
        article=id,
        digest=page.digest,
        request=page.request,
        url=page.url,
        hops=page.hops,
        status=page.status,
        headers=telling(page),
        fetched_at=page.fetched_at,
        lead=capture.lead,
        record=record,
        because=because,
    )


def telling(page: Page) -> tuple[tuple[str, str], ...]:
    """The headers that matter, in the order of TELLING."""
    return tuple((name, value) for name in TELLING if (value := page.header(name)))
