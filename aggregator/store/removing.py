"""What was taken away, by whom and when: rows that follow from looks at a source and from what people decide.

Part of one commit. A source's removal has the status `suspended` or `withdrawn`, one of the publisher `hidden`; both
can run for one article.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from aggregator.model import Check
from aggregator.store.batches import rows_in
from aggregator.store.schema import articles, edits, removals

DOWN = frozenset({"suspended", "withdrawn"})
OURS = "hidden"
HAND = frozenset({"hide", "show"})


def note_check(connection: Connection, check: Check, before: Row[Any]) -> None:
    """Suspended, then withdrawn, is one removal, seen when it began; an article that is back lifts it."""
    running = _running(check.article) & removals.c.status.in_(DOWN)
    if check.status == "live":
        connection.execute(update(removals).where(running).values(lifted_at=check.checked_at))
    elif check.status in DOWN:
        fresh = {"status": check.status, "because": check.because}
        if connection.execute(update(removals).where(running).values(fresh)).rowcount == 0:
            first = {"article": check.article, "source_withdrew_at": before.alive_at, "seen_at": check.checked_at}
            connection.execute(removals.insert().values(**first, **fresh))


def note_decided(connection: Connection, ids: Collection[str], at: datetime) -> None:
    """A removal of our own for each of these articles that people keep from readers now; lifted for the others."""
    down = _kept_from_readers(connection, ids)
    query = select(removals.c.article).where(removals.c.status == OURS, removals.c.lifted_at.is_(None))
    running = {row.article for row in rows_in(connection, query, removals.c.article, ids)}
    for id in sorted(running - down):
        ours = _running(id) & (removals.c.status == OURS)
        connection.execute(update(removals).where(ours).values(lifted_at=at))
    rows = [{"article": id, "status": OURS, "source_withdrew_at": at, "seen_at": at, "because": ""}
            for id in sorted(down - running)]  # fmt: skip
    if rows:
        connection.execute(removals.insert(), rows)


def _kept_from_readers(connection: Connection, ids: Collection[str]) -> set[str]:
    """Those that were taken down, or of which the last word was to hide them."""
    stored = {row.id: row.status for row in rows_in(connection, select(articles), articles.c.id, ids)}
    query = select(edits.c.target, edits.c.action).where(edits.c.action.in_(HAND)).order_by(edits.c.at, edits.c.id)
    last = {row.target: row.action for row in rows_in(connection, query, edits.c.target, ids)}
    return {id for id, status in stored.items() if status == OURS or last.get(id) == "hide"}


def _running(article: str) -> Any:
    return (removals.c.article == article) & removals.c.lifted_at.is_(None)
