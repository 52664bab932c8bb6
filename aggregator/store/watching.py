"""Whether articles are watched well enough for their words to be shown, as the steps decided."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import get_args

from sqlalchemy import Connection, bindparam, func, select, update

from aggregator.model import Watch
from aggregator.store import marks
from aggregator.store.batches import chunks, rows_in
from aggregator.store.door import Door
from aggregator.store.schema import articles, revisions

UNWATCHED = tuple(watch for watch in get_args(Watch) if watch)


class Watching(Door):
    """The part of ports.CollectStore that keeps the promise of three hours."""

    def watch(self, given: Mapping[str, Watch], again: Collection[str], now: datetime) -> None:
        """Keep how these articles are watched, and look at those of `again` at once, in one transaction."""
        with self.writing("how articles are watched") as connection:
            marks.lock(connection)
            for chunk in chunks(sorted(again)):
                connection.execute(update(articles).where(articles.c.id.in_(chunk)).values(next_check=now))
            touched = write_watch(connection, given)
            marks.touch(connection, marks.stories_of(connection, touched), self._clock())

    def unwatched(self) -> Mapping[str, Mapping[Watch, int]]:
        """How many live articles of each source are told by title and link only, by why; none left out."""
        query = select(articles.c.source, articles.c.watch, func.count())
        query = query.where(articles.c.watch.in_(UNWATCHED), articles.c.status == "live")
        found: dict[str, dict[Watch, int]] = {}
        with self.reading("how articles are watched") as connection:
            for source, watch, count in connection.execute(query.group_by(articles.c.source, articles.c.watch)):
                found.setdefault(source, {})[watch] = count
        return found

    def doubted(self) -> Mapping[str, int]:
        """How many articles of each source stand here though it has begun to deny them; none left out."""
        query = select(articles.c.source, func.count()).where(articles.c.status == "live", articles.c.misses > 0)
        with self.reading("what is being asked again") as connection:
            return {source: count for source, count in connection.execute(query.group_by(articles.c.source))}

    def texts_since(self, ids: Collection[str], since: datetime) -> Mapping[str, tuple[str, ...]]:
        """The digests of the texts of these articles that were seen first since then, the oldest first."""
        found: dict[str, tuple[str, ...]] = {}
        query = select(revisions.c.article, revisions.c.text_digest).where(revisions.c.seen_at >= since)
        with self.reading("the texts of articles") as connection:
            for row in rows_in(connection, query.order_by(revisions.c.number), revisions.c.article, ids):
                found[row.article] = (*found.get(row.article, ()), row.text_digest)
        return found


def write_watch(connection: Connection, given: Mapping[str, Watch]) -> set[str]:
    """Keep how these articles are watched; returns those for which that is new."""
    query = select(articles.c.id, articles.c.watch)
    changed = {row.id for row in rows_in(connection, query, articles.c.id, given) if row.watch != given[row.id]}
    statement = update(articles).where(articles.c.id == bindparam("key")).values(watch=bindparam("new"))
    if changed:
        connection.execute(statement, [{"key": id, "new": given[id]} for id in sorted(changed)])
    return changed
