"""The answers that texts were read from, and which story stands at an address."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, union

from aggregator.model import Lead, RawRecord, Request, Response
from aggregator.store.batches import rows_in, upsert
from aggregator.store.door import Door
from aggregator.store.schema import aliases, responses, stories

LEAD = ("source", "section", "url", "ref", "title", "summary", "author", "time", "body", "image")


class Responses(Door):
    """The reading half of ports.ProvenanceStore."""

    def responses(self, articles: Collection[str]) -> Mapping[str, tuple[Response, ...]]:
        """The answers that texts of these articles were read from, by article, the oldest first."""
        query = select(responses).order_by(responses.c.article, responses.c.fetched_at, responses.c.digest)
        found: dict[str, list[Response]] = {}
        with self.reading("where texts come from") as connection:
            for row in rows_in(connection, query, responses.c.article, articles):
                found.setdefault(row.article, []).append(_response_of(row))
        return {id: tuple(told) for id, told in found.items()}

    def unkept(self, since: datetime) -> tuple[int, str]:
        """Of how many answers fetched since then the bytes could not be kept, and why the newest could not."""
        lost = (responses.c.because != "") & (responses.c.fetched_at >= since)
        newest = select(responses.c.because).where(lost).order_by(responses.c.fetched_at.desc()).limit(1)
        with self.reading("what was not kept") as connection:
            count = connection.scalars(select(func.count()).select_from(responses).where(lost)).one()
            return count, connection.scalars(newest).one_or_none() or ""

    def at_path(self, path: str) -> str:
        """The story that is, or was, published at this path; "" when none is."""
        told = select(stories.c.id).where(stories.c.path == path)
        former = select(aliases.c.story).where(aliases.c.path == path, aliases.c.story.is_not(None))
        with self.reading("the addresses of stories") as connection:
            return next(iter(connection.scalars(union(told, former))), "")


def write_responses(connection: Connection, given: Sequence[Response]) -> None:
    """Keep the answers; one of the same bytes takes the place of the one before it."""
    rows = {(response.article, response.digest): _row(response) for response in given}
    upsert(connection, responses, tuple(rows.values()))


def _row(response: Response) -> dict[str, Any]:
    record, lead = response.record or RawRecord("", 0, 0), response.lead
    return {
        "article": response.article,
        "digest": response.digest,
        "method": response.request.method,
        "asked": response.request.url,
        "sent": response.request.body.decode("utf-8", "replace"),
        "url": response.url,
        "hops": [list(hop) for hop in response.hops],
        "status": response.status,
        "headers": [list(header) for header in response.headers],
        "fetched_at": response.fetched_at,
        "record_file": record.file,
        "record_offset": record.offset,
        "record_length": record.length,
        "because": response.because,
        "lead": {name: getattr(lead, name) for name in LEAD} if lead else None,
    }


def _response_of(row: Row[Any]) -> Response:
    request = Request(row.asked, row.method, row.sent.encode())
    return Response(
        article=row.article,
        digest=row.digest,
        request=request,
        url=row.url,
        hops=tuple((int(status), url) for status, url in row.hops),
        status=row.status,
        headers=tuple((name, value) for name, value in row.headers),
        fetched_at=row.fetched_at,
        lead=Lead(request=request, **row.lead) if row.lead else None,
        record=RawRecord(row.record_file, row.record_offset, row.record_length) if row.record_file else None,
        because=row.because,
    )
