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
    by_digest: dict[str, list[Capture]] = {}
    for one in collected.captures:
        by_digest.setdefault(one.draft.digest, []).append(one)
    found = [(article.id, _capture(article, by_digest.get(article.digest, ()))) for article in articles]
    told = _responses([(id, capture) for id, capture in found if capture], ports.archive)
    lost = [one.because for one in told if one.record is None and ports.archive is not None]
    if lost:
        log.warning("raw bytes of %d articles were not kept: %s", len(lost), lost[0])
    return told


def _capture(article: Article, same: Sequence[Capture]) -> Capture | None:
    """What the article was read from: of several on one page (a feed), the one at its address."""
    return next((one for one in same if one.draft.url == article.url), same[0] if same else None)


def _responses(captures: Sequence[tuple[str, Capture]], archive: Archive | None) -> tuple[Response, ...]:
    """The answers behind these drafts, by article id, their bytes kept. A fault of the archive is told, not raised."""
    digests = {id(page): page.digest for page in {id(capture.page): capture.page for _, capture in captures}.values()}
    pages: dict[str, Page] = {}
    read: dict[str, list[str]] = {}
    for article, capture in captures:
        digest = digests[id(capture.page)]
        pages[digest] = capture.page
        read.setdefault(digest, []).append(article)
    records, because = _kept({digest: Raw(page, tuple(read[digest])) for digest, page in pages.items()}, archive)
    told = [(article, capture, digests[id(capture.page)]) for article, capture in captures]
    return tuple(_response(*one, records.get(one[2]), because) for one in told)


def _kept(raws: dict[str, Raw], archive: Archive | None) -> tuple[dict[str, RawRecord], str]:
    if archive is None or not raws:
        return {}, ""
    try:
        return dict(zip(raws, archive.keep(tuple(raws.values())), strict=True)), ""
    except ArchiveError as error:
        return {}, str(error)


def _response(id: str, capture: Capture, digest: str, record: RawRecord | None, because: str) -> Response:
    page = capture.page
    return Response(
        article=id,
        digest=digest,
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
