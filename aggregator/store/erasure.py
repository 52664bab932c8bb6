"""What people have taken down: hidden for good, and with a purge every word of it forgotten."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, Text, cast, delete, insert, or_, select, update

from aggregator.errors import StoreError
from aggregator.model import Edit
from aggregator.store import marks, sqlite
from aggregator.store.batches import chunks, rows_in
from aggregator.store.door import Door
from aggregator.store.removing import DOWN, note_decided
from aggregator.store.schema import (
    articles,
    edits,
    links,
    metadata,
    removals,
    responses,
    revisions,
    sketch_keys,
    sketches,
    visits,
)

BLANK: Mapping[Table, Mapping[str, Any]] = {
    articles: {
        **dict.fromkeys(("url", "ref", "title", "author", "lead", "body", "because"), ""),
        **dict.fromkeys(("lead_digest", "etag", "last_modified"), ""),
        **{name: [] for name in ("images", "attachments", "doubts")},
    },
    revisions: dict.fromkeys(("title", "lead", "text", "url"), ""),
    responses: {
        **dict.fromkeys(("asked", "sent", "url", "record_file", "because"), ""),
        **{name: [] for name in ("hops", "headers")},
        "lead": None,
    },
    removals: {"because": ""},
}
"""Columns that lose their words; the row stays, with its times and digests."""
KEPT = frozenset({"articles", "revisions", "responses", "removals", "members", "letter_items"})
"""Tables of an article whose rows stay; those of every other table that has a column `article` go."""


class Erasure(Door):
    """The writing half of ports.ProvenanceStore."""

    def taken_down(self, text_digests: Collection[str]) -> frozenset[str]:
        """Those of the digests that any text had of an article that is hidden, purged ones too."""
        hidden = articles.join(revisions, revisions.c.article == articles.c.id)
        query = select(revisions.c.text_digest).select_from(hidden).where(articles.c.status == "hidden")
        with self.reading("what was taken down") as connection:
            return frozenset(
                row.text_digest for row in rows_in(connection, query, revisions.c.text_digest, text_digests)
            )

    def take_down(self, given: Sequence[Edit]) -> tuple[Edit, ...]:
        """The edits as kept. Their targets, articles, are hidden and never asked for again."""
        with self.writing("what is taken down") as connection:
            marks.lock(connection)
            kept = _keep(connection, given)
            for edit in given:
                _stand(connection, edit, "hidden", None)
            _note(connection, given)
            _touch(connection, given, self._clock())
        return kept

    def lift(self, given: Sequence[Edit]) -> tuple[Edit, ...]:
        """The edits as kept. Their targets stand again as they stood at their source, and are looked at again now."""
        with self.writing("what stands again") as connection:
            marks.lock(connection)
            kept = _keep(connection, given)
            running = select(removals.c.article, removals.c.status)
            running = running.where(removals.c.lifted_at.is_(None), removals.c.status.in_(DOWN))
            targets = [edit.target for edit in given]
            gone = {row.article: row.status for row in rows_in(connection, running, removals.c.article, targets)}
            unseen = select(articles.c.id).where(articles.c.revision == 0)
            gone |= {row.id: "quarantined" for row in rows_in(connection, unseen, articles.c.id, targets)}
            for edit in given:
                _stand(connection, edit, gone.get(edit.target, "live"), edit.at)
            _note(connection, given)
            _touch(connection, given, self._clock())
        return kept

    def purge(self, ids: Collection[str]) -> None:
        """Forget every word of these articles, in one transaction: identity, times and digests stay."""
        with self.writing("the purge") as connection:
            marks.lock(connection)
            if connection.dialect.name == "sqlite":
                sqlite.zero_what_is_deleted(connection)
            for chunk in chunks(sorted(ids)):
                _forget_skips(connection, chunk)
                for table, words in BLANK.items():
                    own = table.c.id if table is articles else table.c.article
                    connection.execute(update(table).where(own.in_(chunk)).values(**words))
                connection.execute(delete(links).where(or_(links.c.a.in_(chunk), links.c.b.in_(chunk))))
                places = select(sketches.c.place).where(sketches.c.article.in_(chunk))
                connection.execute(delete(sketch_keys).where(sketch_keys.c.place.in_(places)))  # hashes of its words
                for table in hanging():
                    connection.execute(delete(table).where(table.c.article.in_(chunk)))
            marks.touch(connection, marks.stories_of(connection, ids), self._clock())

    def scrub(self) -> None:
        """Write the database's files anew, so that nothing that was deleted is left in them. Raises StoreError."""
        with self.alone("write the database anew") as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("VACUUM FULL")
            elif not sqlite.write_anew(connection):
                raise StoreError(f"{self.where}: another process reads it, so its log keeps old words; {AGAIN}")


AGAIN = "let that process end, then type the same command again"


def hanging() -> list[Table]:
    """The tables whose rows go with an article that is purged, those of later versions too."""
    return [table for table in metadata.sorted_tables if "article" in table.c and table.name not in KEPT]


def _keep(connection: Connection, given: Sequence[Edit]) -> tuple[Edit, ...]:
    kept = []
    for edit in given:
        values = {name: getattr(edit, name) for name in ("target", "action", "value", "who", "why", "at")}
        kept.append(replace(edit, id=connection.scalars(insert(edits).returning(edits.c.id), values).one()))
    return tuple(kept)


def _stand(connection: Connection, edit: Edit, status: str, next_check: datetime | None) -> None:
    values = {"status": status, "next_check": next_check, "misses": 0}
    if connection.execute(update(articles).where(articles.c.id == edit.target).values(**values)).rowcount == 0:
        raise StoreError(f"article {edit.target} shall be {edit.action}, but the database does not hold it")


def _note(connection: Connection, given: Sequence[Edit]) -> None:
    for at in sorted({edit.at for edit in given}):
        note_decided(connection, [edit.target for edit in given if edit.at == at], at)


def _touch(connection: Connection, given: Sequence[Edit], now: datetime) -> None:
    targets = [edit.target for edit in given]
    marks.touch(connection, marks.stories_of(connection, targets) | set(targets), now)


def _forget_skips(connection: Connection, ids: Sequence[str]) -> None:
    """Take addresses of the articles out of the log of visits: they are often made of the title."""
    urls = {row.url for row in rows_in(connection, select(articles.c.url), articles.c.id, ids) if row.url}
    for url in sorted(urls):
        told = select(visits.c.id, visits.c.skips).where(cast(visits.c.skips, Text).contains(url, autoescape=True))
        for row in connection.execute(told).all():
            left = [skip for skip in row.skips if url not in " ".join(skip)]
            connection.execute(update(visits).where(visits.c.id == row.id).values(skips=left))
