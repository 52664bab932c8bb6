"""Writing where stories stand: placements, the count of each shelf, the work that follows."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, bindparam, case, exists, select, update

from aggregator.model import Shelved
from aggregator.store import nearby
from aggregator.store.batches import add, delete_in, rows_in, upsert
from aggregator.store.schema import dirty, lines, members, placements, removal_outputs, removals, shelves, stories
from aggregator.store.wire import PLAIN_LINE

TURNED = "shelf/"  # before the key of a shelf that came or went: work for the pages that lead to its page
TOP = (placements.c.at.desc(), placements.c.authority.desc(), placements.c.story)
"""The order of a shelf: newest, then higher authority, then id. The index ix_placements_order has the same."""


def write_placements(connection: Connection, shelved: Sequence[Shelved], gone: Collection[str]) -> None:
    """Replace where these stories stand, and remember the work that follows."""
    ids = [one.story for one in shelved] + list(gone)
    stood = _stood(connection, ids)
    moved = nearby.moved(nearby.standing(connection, ids), shelved, gone)
    naming = nearby.newer(connection, moved)
    delete_in(connection, placements, placements.c.story, stood)
    rows = [
        {"story": one.story, "shelf": to.shelf, "label": to.label, "at": to.at, "authority": to.authority}
        for one in shelved
        for to in one.placements
    ]
    if rows:
        connection.execute(placements.insert(), rows)
    _write_lines(connection, shelved, gone)
    change = Counter(to.shelf for one in shelved for to in one.placements)
    change.subtract(Counter(shelf for held in stood.values() for shelf in held))
    turned = {f"{TURNED}{key}" for key in _recount(connection, change)}
    _keep_paths(connection, shelved)
    naming |= nearby.newer(connection, moved)
    stories = naming.difference(gone).union(one.story for one in shelved)
    keys = sorted({f"story/{story}" for story in stories} | change.keys() | turned)
    add(connection, dirty, [{"key": key} for key in keys])
    _await_removals(connection, shelved, stood)


def _write_lines(connection: Connection, shelved: Sequence[Shelved], gone: Collection[str]) -> None:
    delete_in(connection, lines, lines.c.story, [one.story for one in shelved] + list(gone))
    rows = [
        {"story": one.story, "speaks": int(line is one.lines[0]), **{name: getattr(line, name) for name in PLAIN_LINE}}
        for one in shelved
        for line in one.lines
    ]
    upsert(connection, lines, rows)


def _stood(connection: Connection, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The shelves that each of the stories stands on; a story that stands on none is left out."""
    found: dict[str, list[str]] = {}
    for row in rows_in(connection, select(placements.c.story, placements.c.shelf), placements.c.story, ids):
        found.setdefault(row.story, []).append(row.shelf)
    return {story: tuple(held) for story, held in found.items()}


def _recount(connection: Connection, change: Mapping[str, int]) -> list[str]:
    """Bring the shelves up to date: how many stand on each, the newest time and the label of the newest.

    Returns the keys of those that came or went.
    """
    counts = {row.key: row.stories for row in rows_in(connection, select(shelves), shelves.c.key, change)}
    rows, empty = [], []
    top = select(placements.c.at, placements.c.label).where(placements.c.shelf == bindparam("shelf"))
    for key in sorted(change):
        newest = connection.execute(top.order_by(*TOP).limit(1), {"shelf": key}).one_or_none()
        if newest is None:
            empty.append(key)
        else:
            count = counts.get(key, 0) + change[key]
            parent = key.rpartition("/")[0]
            rows.append({"key": key, "label": newest.label, "stories": count, "newest": newest.at, "parent": parent})
    upsert(connection, shelves, rows)
    delete_in(connection, shelves, shelves.c.key, empty)
    return [key for key in change if (key in counts) == (key in empty)]


def _keep_paths(connection: Connection, shelved: Sequence[Shelved]) -> None:
    """A story's path is set once, and kept for good."""
    path = case((stories.c.path == "", bindparam("new_path")), else_=stories.c.path)
    statement = update(stories).where(stories.c.id == bindparam("key")).values(path=path, due=bindparam("new_due"))
    rows = [{"key": one.story, "new_path": one.path, "new_due": one.due} for one in shelved]
    if rows:
        connection.execute(statement, rows)


def _await_removals(connection: Connection, shelved: Sequence[Shelved], stood: Mapping[str, tuple[str, ...]]) -> None:
    """For each removal that is new to publishing, the outputs that showed its article and have yet to drop it."""
    fresh = ~exists().where(removal_outputs.c.removal == removals.c.id)
    query = select(removals.c.id, members.c.story).join(members, members.c.article == removals.c.article)
    query = query.where(removals.c.lifted_at.is_(None), fresh)
    found = rows_in(connection, query, members.c.story, [one.story for one in shelved])
    rows = [
        {"removal": row.id, "key": key, "dropped_at": None}
        for row in found
        for key in (f"story/{row.story}", *stood.get(row.story, ()))
    ]
    add(connection, removal_outputs, rows)
