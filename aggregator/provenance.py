"""Where a text comes from: the answers that revisions were read from, kept as bytes and remembered in the store."""

from collections.abc import Sequence

from aggregator.errors import ArchiveError
from aggregator.model import Capture, Page, Raw, RawRecord, Response
from aggregator.ports import Archive

TELLING = ("date", "last-modified", "etag", "content-type", "content-length", "via")  # headers that matter


def responses(captures: Sequence[tuple[str, Capture]], archive: Archive | None) -> tuple[Response, ...]:
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
