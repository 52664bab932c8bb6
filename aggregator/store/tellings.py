"""The part of the store that refining asks, what people decided, and the export."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, tuple_

from aggregator.model import Changes, Edit, Regrouping, StoryRecord, TagMatch, Telling, Tie, Told
from aggregator.store import marks
from aggregator.store.batches import chunks, rows_in
from aggregator.store.door import Door
from aggregator.store.grouping import members_of, write_regrouping
from aggregator.store.reading import TOLD, edits_of, tellings, ties_of, told
from aggregator.store.removing import HAND, note_decided
from aggregator.store.schema import article_urls, articles, edits, members, stories
from aggregator.store.seen import write_tags
from aggregator.store.visits import write_changes
from aggregator.store.wire import edit_of

EXPORTED_AT_ONCE = 500  # articles; about 5 MB of text in memory


class Tellings(Door):
    """ports.RefineStore, edits, and export."""

    def told(self, ids: Collection[str]) -> tuple[Told, ...]:
        """The articles with their tags, in order of id; unknown ids are left out."""
        with self.reading("articles") as connection:
            found = [
                one for chunk in chunks(sorted(ids)) for one in told(connection, TOLD.where(articles.c.id.in_(chunk)))
            ]
        return tuple(sorted(found, key=lambda one: one.article.id))

    def outdated(self, rule: str, after: tuple[datetime, str] | None, limit: int) -> tuple[Told, ...]:
        """Articles whose tags another rule gave, by time of publication and id, behind `after`, at most `limit`."""
        order = (articles.c.published, articles.c.id)
        query = TOLD.where(articles.c.rule != rule).order_by(*order).limit(limit)
        if after is not None:
            query = query.where(tuple_(*order) > tuple_(*after, types=[column.type for column in order]))
        with self.reading("articles with older tags") as connection:
            return tuple(told(connection, query))

    def retag(self, given: Mapping[str, tuple[TagMatch, ...]], rule: str, regrouping: Regrouping) -> None:
        """Write these tags and what follows for the stories, in one transaction; stories that changed are pending."""
        with self.writing("tags") as connection:
            marks.lock(connection)
            now = self._clock()
            touched = write_tags(connection, given, rule)
            regrouped = write_regrouping(connection, regrouping, now)
            marks.touch(connection, regrouped | marks.stories_of(connection, touched), now)

    def mark(self) -> int:
        """A number that grows with every change that a page may show."""
        with self.reading("the mark of the newest change") as connection:
            return marks.read(connection)["changed"]

    def ties(self, ids: Collection[str]) -> tuple[Tie, ...]:
        """What joining needs of the links that touch any of the articles, ordered by (a, b)."""
        with self.reading("links") as connection:
            return ties_of(connection, ids)

    def records(self, articles: Collection[str]) -> tuple[StoryRecord, ...]:
        """The stories that hold any of the articles, in order of id."""
        with self.reading("stories") as connection:
            found = members_of(connection, marks.stories_of(connection, articles))
        return tuple(found[id] for id in sorted(found))

    def edits(self, targets: Collection[str]) -> tuple[Edit, ...]:
        """What people decided about these articles and stories, oldest first."""
        with self.reading("edits") as connection:
            return edits_of(connection, targets)

    def decided(self, limit: int) -> tuple[Edit, ...]:
        """What people decided, the newest first."""
        with self.reading("what people decided") as connection:
            rows = connection.execute(select(edits).order_by(edits.c.id.desc()).limit(limit))
            return tuple(edit_of(row) for row in rows)

    def decide(self, edit: Edit, changes: Changes | None = None) -> Edit:
        """The edit as kept, with the id it was given, and what follows from it; its story becomes pending."""
        values = {name: getattr(edit, name) for name in ("target", "action", "value", "who", "why", "at")}
        with self.writing(f"the edit of {edit.target}") as connection:
            marks.lock(connection)
            given = connection.scalars(insert(edits).returning(edits.c.id), values).one()
            if changes is not None:
                write_changes(connection, changes.state.source, changes, self._clock())
            if edit.action in HAND:
                note_decided(connection, [edit.target], edit.at)
            marks.touch(connection, marks.stories_of(connection, [edit.target]) | {edit.target}, self._clock())
        return replace(edit, id=given)

    def export(self, since: datetime | None) -> Iterator[tuple[str, Telling, tuple[str, ...]]]:
        """Story id, telling and every address seen, of each article, first seen first; one state of the database.

        With `since` only articles first seen since then, and all of a story that changed since then.
        """
        with self.reading("the export") as connection:
            last: tuple[Any, ...] | None = None
            while batch := _export_batch(connection, since, last):
                yield from _exported(connection, batch)
                last = (batch[-1].first_seen, batch[-1].id)


def _export_batch(connection: Connection, since: datetime | None, last: tuple[Any, ...] | None) -> list[Row[Any]]:
    """The next articles with the story that holds each ("" for none)."""
    order = (articles.c.first_seen, articles.c.id)
    holding = articles.outerjoin(members, members.c.article == articles.c.id)
    query = select(*order, members.c.story).select_from(holding.outerjoin(stories, stories.c.id == members.c.story))
    query = query.where(articles.c.revision > 0)  # of a quarantined one there is nothing to tell
    if since is not None:
        query = query.where(or_(articles.c.first_seen >= since, stories.c.changed_at >= since))
    if last is not None:
        query = query.where(tuple_(*order) > tuple_(*last, types=[column.type for column in order]))
    return list(connection.execute(query.order_by(*order).limit(EXPORTED_AT_ONCE)))


def _exported(connection: Connection, batch: list[Row[Any]]) -> Iterator[tuple[str, Telling, tuple[str, ...]]]:
    ids = [row.id for row in batch]
    held = tellings(connection, ids)
    urls: dict[str, list[str]] = {}
    seen = select(article_urls).order_by(article_urls.c.article, article_urls.c.first_seen, article_urls.c.url)
    for row in rows_in(connection, seen, article_urls.c.article, ids):
        urls.setdefault(row.article, []).append(row.url)
    for row in batch:
        yield row.story or "", held[row.id], tuple(urls.get(row.id, ()))
