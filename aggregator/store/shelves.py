"""The part of the store that publishing asks."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select, union, update

from aggregator.model import Dropped, Line, Pending, Removal, Shelf, Shelved, Story
from aggregator.store import asking, marks, nearby
from aggregator.store.announced import tied
from aggregator.store.batches import chunks, delete_in, rows_in, upsert
from aggregator.store.door import Door
from aggregator.store.letters import touch_letters
from aggregator.store.placing import write_placements
from aggregator.store.reading import whole_stories
from aggregator.store.schema import (
    aliases,
    dirty,
    memo,
    pages,
    removal_outputs,
    removals,
    shelves,
    stories,
)

PAST_ANY = "\U0010ffff"  # the last code point: a key that starts with p lies between p and p + PAST_ANY


class Shelves(Door):
    """ports.PublishStore."""

    def pending(self, now: datetime) -> Pending:
        """Stories changed since the mark of the last `place`, those due, and those that are no more since then."""
        with self.reading("what is pending") as connection:
            at = marks.read(connection)
            queries = (
                select(stories.c.id).where(stories.c.mark > at["placed"]),
                select(stories.c.id).where(stories.c.due <= now),
                _vanished(at["placed"]),
            )
            found = set(connection.scalars(union(*queries)))
            found |= tied(connection, found)
        return Pending(tuple(sorted(found)), at["changed"])

    def everything(self) -> Pending:
        """All stories, and those that are no more since the last `place`, for a full rebuild."""
        with self.reading("all stories") as connection:
            at = marks.read(connection)
            found = connection.scalars(union(select(stories.c.id), _vanished(at["placed"]))).all()
        return Pending(tuple(sorted(found)), at["changed"])

    def stories(self, ids: Sequence[str]) -> tuple[Story, ...]:
        """The stories with all their tellings, in the order asked; unknown ids are left out."""
        with self.reading("stories") as connection:
            return tuple(whole_stories(connection, ids))

    def place(self, shelved: Sequence[Shelved], gone: Collection[str], mark: int) -> None:
        """Replace where these stories stand, in one transaction, and remember the work that follows."""
        with self.writing("where stories stand") as connection:
            marks.lock(connection)
            write_placements(connection, shelved, gone)
            touch_letters(connection, [one.story for one in shelved])
            if mark > marks.read(connection)["placed"]:
                marks.write(connection, "placed", mark)

    def oldest_first(self, ids: Collection[str]) -> tuple[str, ...]:
        """The stories in the order of the shelf `all`, the oldest first; those that do not stand there come last."""
        with self.reading("the order of stories") as connection:
            return nearby.oldest_first(connection, ids)

    def related(self, ids: Collection[str]) -> Mapping[str, Mapping[str, tuple[Line, ...]]]:
        """By story and shelf, lines of the NEAREST older stories on each shelf that relates it, the newest first."""
        with self.reading("related stories") as connection:
            return nearby.older(connection, ids)

    def dirty(self) -> tuple[str, ...]:
        """Keys of work that `place` left and `published` has not cleared, sorted."""
        with self.reading("the work to do") as connection:
            return tuple(connection.scalars(select(dirty.c.key).order_by(dirty.c.key)))

    def shelf(self, key: str, limit: int, skip: int = 0) -> tuple[str, ...]:
        """Ids of stories on the shelf: newest first, then higher authority, then id."""
        with self.reading(f"the shelf {key}") as connection:
            return tuple(connection.scalars(asking.SHELF, {"key": key, "limit": limit, "skip": skip}))

    def lines(self, key: str, limit: int, source: str = "") -> tuple[Line, ...]:
        """A line of each story on the shelf, in the order of `shelf`: the source's own, else that of its speaker."""
        with self.reading(f"the lines of {key}") as connection:
            query = asking.LINES_OF_A_SOURCE if source else asking.LINES
            rows = connection.execute(query, {"key": key, "limit": limit, **({"source": source} if source else {})})
            return tuple(Line(**row._mapping) for row in rows)

    def shelves(self, prefix: str) -> tuple[Shelf, ...]:
        """Shelves whose key starts with the prefix, by key."""
        query = select(shelves).where(shelves.c.key >= prefix, shelves.c.key < prefix + PAST_ANY)
        with self.reading("the shelves") as connection:
            return tuple(map(_shelf_of, connection.execute(query.order_by(shelves.c.key))))

    def named(self, keys: Collection[str]) -> Mapping[str, Shelf]:
        """Those of the shelves that exist, by key."""
        with self.reading("shelves by key") as connection:
            if len(keys) == 1:
                return {row.key: _shelf_of(row) for row in connection.execute(asking.NAMED, {"key": next(iter(keys))})}
            return {row.key: _shelf_of(row) for row in rows_in(connection, select(shelves), shelves.c.key, keys)}

    def below(self, parent: str, limit: int | None = None) -> tuple[Shelf, ...]:
        """The shelves whose key is the parent's and one part more, by key; with a limit the newest so many."""
        query, bound = (asking.BELOW, {}) if limit is None else (asking.NEWEST_BELOW, {"limit": limit})
        with self.reading(f"the shelves below {parent}") as connection:
            return tuple(map(_shelf_of, connection.execute(query, {"parent": parent, **bound})))

    def beside(self, key: str) -> tuple[str, str]:
        """The keys right before and after it, by key, of those below the same parent; "" where there is none."""
        given = {"key": key, "parent": key.rpartition("/")[0]}
        with self.reading(f"what stands beside {key}") as connection:
            before, after = (connection.scalars(query, given).first() for query in (asking.BEFORE, asking.AFTER))
            return before or "", after or ""

    def pages(self, paths: Collection[str]) -> Mapping[str, str]:
        """The digest of what is published now at these paths; those not published are left out."""
        with self.reading("published pages") as connection:
            return {row.path: row.digest for row in rows_in(connection, select(pages), pages.c.path, paths)}

    def all_pages(self) -> Mapping[str, str]:
        """Every published path and its digest."""
        with self.reading("published pages") as connection:
            return {row.path: row.digest for row in connection.execute(select(pages).order_by(pages.c.path))}

    def published(
        self, written: Mapping[str, str], removed: Collection[str], done: Collection[str], memo: Mapping[str, str]
    ) -> None:
        """In one transaction: paths and digests written, paths removed, work done, notes to keep."""
        now = self._clock()
        with self.writing("what was published") as connection:
            upsert(connection, pages, [{"path": path, "digest": digest} for path, digest in written.items()])
            delete_in(connection, pages, pages.c.path, removed)
            delete_in(connection, dirty, dirty.c.key, done)
            upsert(connection, MEMO, [{"key": key, "value": value} for key, value in memo.items()])
            dropped = update(removal_outputs).where(removal_outputs.c.dropped_at.is_(None)).values(dropped_at=now)
            for chunk in chunks(done):
                connection.execute(dropped.where(removal_outputs.c.key.in_(chunk)))

    def memo(self, key: str) -> str:
        """A note that publishing left for itself ("" when there is none)."""
        with self.reading("a note") as connection:
            return connection.scalars(select(MEMO.c.value).where(MEMO.c.key == key)).one_or_none() or ""

    def dropped(self, key: str, limit: int) -> tuple[Dropped, ...]:
        """Stories that removals took off the shelf and that do not stand on it now, the newest first, each once."""
        found: dict[str, Dropped] = {}
        with self.reading(f"what left the shelf {key}") as connection:
            for name, source, status, at in connection.execute(asking.DROPPED, {"key": key, "limit": 2 * limit}):
                story = name.removeprefix("story/")
                found.setdefault(story, Dropped(story, source, status, at))
        return tuple(found.values())[:limit]

    def removals(self, limit: int) -> tuple[Removal, ...]:
        """The newest removals first, with what each output did about them."""
        query = select(removals).order_by(removals.c.seen_at.desc(), removals.c.id.desc()).limit(limit)
        with self.reading("removals") as connection:
            rows = connection.execute(query).all()
            outputs: dict[int, list[tuple[str, datetime | None]]] = {row.id: [] for row in rows}
            held = select(removal_outputs).where(removal_outputs.c.removal.in_(outputs)).order_by(removal_outputs.c.key)
            for row in connection.execute(held):
                outputs[row.removal].append((row.key, row.dropped_at))
        return tuple(
            Removal(
                article=row.article,
                status=row.status,
                source_withdrew_at=row.source_withdrew_at,
                seen_at=row.seen_at,
                because=row.because,
                lifted_at=row.lifted_at,
                outputs=tuple(outputs[row.id]),
            )
            for row in rows
        )


MEMO = memo  # the table; in the methods above `memo` names an argument


def _shelf_of(row: Row[Any]) -> Shelf:
    return Shelf(row.key, row.label, row.stories, row.newest)


def _vanished(placed: int) -> Select[tuple[str]]:
    return select(aliases.c.former).where(aliases.c.mark > placed)
