"""The marks: a number that grows with every change, so that publishing finds what changed since it last looked.

A writer holds the row of `changed` from its beginning to its end. So marks appear in their order, and a reader that
has seen mark 7 will never meet a change with mark 6 later.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, select, update

from aggregator.store.batches import chunks, rows_in
from aggregator.store.schema import aliases, marks, members, stories

STORIES = select(members.c.story)


def lock(connection: Connection) -> int:
    """The mark of the newest change; other writers wait until this transaction ends."""
    return int(connection.scalars(select(marks.c.value).where(marks.c.name == "changed").with_for_update()).one())


def read(connection: Connection) -> Mapping[str, int]:
    """Both marks: `changed` and `placed`."""
    return {row.name: row.value for row in connection.execute(select(marks))}


def write(connection: Connection, name: str, value: int) -> None:
    """Set a mark."""
    connection.execute(update(marks).where(marks.c.name == name).values(value=value))


def stories_of(connection: Connection, articles: Collection[str]) -> set[str]:
    """The stories that hold any of the articles."""
    return {row.story for row in rows_in(connection, STORIES, members.c.article, articles)}


def touch(connection: Connection, changed: Collection[str], now: datetime) -> None:
    """Mark these stories as changed, those that are no more too. Nothing changed: the mark stays."""
    if not changed:
        return
    mark = lock(connection) + 1
    write(connection, "changed", mark)
    for chunk in chunks(sorted(changed)):
        connection.execute(update(stories).where(stories.c.id.in_(chunk)).values(mark=mark, changed_at=now))
        connection.execute(update(aliases).where(aliases.c.former.in_(chunk)).values(mark=mark))
