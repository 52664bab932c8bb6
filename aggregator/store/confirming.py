"""Which articles a person has held against their originals: an edit `confirm` each."""

from collections.abc import Mapping

from sqlalchemy import distinct, func, select

from aggregator.model import Article
from aggregator.store.door import Door
from aggregator.store.reading import TOLD, told
from aggregator.store.schema import articles, edits

CONFIRM = "confirm"


class Confirming(Door):
    """The part of ports.PublishStore that the gate before going live asks."""

    def confirmed(self) -> Mapping[str, int]:
        """How many articles of each source that stand were confirmed by a person."""
        both = edits.join(articles, articles.c.id == edits.c.target)
        query = select(articles.c.source, func.count(distinct(articles.c.id)).label("found")).select_from(both)
        query = query.where(edits.c.action == CONFIRM, articles.c.status == "live").group_by(articles.c.source)
        with self.reading("what was confirmed") as connection:
            return {row.source: row.found for row in connection.execute(query)}

    def standing(self) -> Mapping[str, int]:
        """How many articles of each source stand."""
        query = select(articles.c.source, func.count().label("found")).where(articles.c.status == "live")
        with self.reading("what stands") as connection:
            return {row.source: row.found for row in connection.execute(query.group_by(articles.c.source))}

    def unconfirmed(self, source: str, limit: int) -> tuple[Article, ...]:
        """The newest articles of the source that stand and were not confirmed, at most `limit`."""
        done = select(edits.c.id).where(edits.c.target == articles.c.id, edits.c.action == CONFIRM)
        query = TOLD.where(articles.c.source == source, articles.c.status == "live", ~done.exists())
        query = query.order_by(articles.c.published.desc(), articles.c.id).limit(limit)
        with self.reading("what is not confirmed") as connection:
            return tuple(one.article for one in told(connection, query))
