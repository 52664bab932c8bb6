"""Which older stories stand nearest to a story on the shelves that relate them, and whose pages name it in turn.

A story's page names stories among the NEAREST older ones of each shelf. So a newer story changes no page, and what
becomes of a story is work for the NEAREST newer ones of its shelves: where it stood, and where it stands.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, not_, or_, select

from aggregator.model import NEAREST, RELATING, Line, Shelved
from aggregator.store.batches import rows_in
from aggregator.store.schema import lines, placements
from aggregator.store.wire import PLAIN_LINE

Standing = tuple[object, ...]
"""Where a story stands on such shelves, and what lists say of it: while it is the same, no other page changes."""

mine, other = placements.alias("mine"), placements.alias("other")
DOWN = (other.c.at.desc(), other.c.authority.desc(), other.c.story)
UP = (other.c.at, other.c.authority, other.c.story.desc())


def older(connection: Connection, ids: Collection[str]) -> Mapping[str, Mapping[str, tuple[Line, ...]]]:
    """By story and shelf the NEAREST stories behind it there, the newest first."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in rows_in(connection, OLDER, mine.c.story, ids):
        if row.near:
            found.setdefault(row.story, {})[row.shelf] = tuple(row.near.split())
    named = {story for shelves in found.values() for near in shelves.values() for story in near}
    told = _lines(connection, named)
    return {
        story: {shelf: _in_order(near, told) for shelf, near in sorted(shelves.items())}
        for story, shelves in found.items()
    }


def newer(connection: Connection, ids: Collection[str]) -> set[str]:
    """The stories whose page may name one of these, where they stand now."""
    rows = rows_in(connection, NEWER, mine.c.story, ids)
    return {story for row in rows if row.near for story in row.near.split()}


def oldest_first(connection: Connection, ids: Collection[str]) -> tuple[str, ...]:
    """The stories from the end of the shelf `all` to its head; behind them those that do not stand there."""
    query = select(placements.c.story, placements.c.at, placements.c.authority).where(placements.c.shelf == "all")
    rows = sorted(rows_in(connection, query, placements.c.story, ids), key=lambda row: row.story, reverse=True)
    stand = [row.story for row in sorted(rows, key=lambda row: (row.at, row.authority))]
    return (*stand, *sorted(set(ids).difference(stand)))


def standing(connection: Connection, ids: Collection[str]) -> dict[str, Standing]:
    """How each of the stories stands; one that stands on no shelf is left out."""
    told = _lines(connection, ids)
    stood: dict[str, list[tuple[object, ...]]] = {}
    query = select(mine.c.story, mine.c.shelf, mine.c.at, mine.c.authority).where(_relates())
    for row in rows_in(connection, query, mine.c.story, ids):
        stood.setdefault(row.story, []).append((row.shelf, row.at, row.authority))
    return {story: (told.get(story), *sorted(rows)) for story, rows in stood.items()}


def moved(before: Mapping[str, Standing], shelved: Sequence[Shelved], gone: Collection[str]) -> list[str]:
    """Those of the stories that are to stand otherwise than before."""
    return [one.story for one in shelved if before.get(one.story) != _to_stand(one)] + list(gone)


def _behind_at_one_time() -> ColumnElement[bool]:
    lower = other.c.authority < mine.c.authority
    return or_(lower, and_(other.c.authority == mine.c.authority, other.c.story > mine.c.story))


def _near(where: ColumnElement[bool], order: Sequence[Any]) -> Select[Any]:
    """By story and shelf, the ids of NEAREST neighbours in one text, none where there is no neighbour."""
    near = select(other.c.story).where(other.c.shelf == mine.c.shelf, where).order_by(*order).limit(NEAREST)
    ids = near.correlate(mine).subquery("near").c.story
    told = select(func.aggregate_strings(ids, " ")).correlate(mine).scalar_subquery()
    return select(mine.c.story, mine.c.shelf, told.label("near")).where(_relates())


def _relates() -> ColumnElement[bool]:
    kinds = or_(*(mine.c.shelf.like(f"{kind}/%") for kind in RELATING))
    return and_(kinds, not_(mine.c.shelf.like("%/%/%")))


def _lines(connection: Connection, ids: Collection[str]) -> dict[str, Line]:
    query = select(lines.c.story, *(lines.c[name] for name in PLAIN_LINE)).where(lines.c.speaks == 1)
    rows = rows_in(connection, query, lines.c.story, sorted(ids))
    return {row.story: Line(**{name: getattr(row, name) for name in PLAIN_LINE}) for row in rows}


def _in_order(near: Sequence[str], told: Mapping[str, Line]) -> tuple[Line, ...]:
    """Newest first, then by article: a database gives what it gathers in any order."""
    found = [told[story] for story in near if story in told]
    return tuple(sorted(found, key=lambda line: (-line.published.timestamp(), line.article)))


def _to_stand(one: Shelved) -> Standing | None:
    rows = sorted((to.shelf, to.at, to.authority) for to in one.placements if relates(to.shelf))
    return (one.lines[0] if one.lines else None, *rows) if rows else None


def relates(shelf: str) -> bool:
    """Whether stories on the shelf are related to each other."""
    kind, _, tag = shelf.partition("/")
    return kind in RELATING and "/" not in tag


def _older() -> Select[Any]:
    behind = or_(other.c.at < mine.c.at, and_(other.c.at == mine.c.at, _behind_at_one_time()))
    return _near(and_(other.c.at <= mine.c.at, behind), DOWN)


def _newer() -> Select[Any]:
    ahead = and_(not_(_behind_at_one_time()), other.c.story != mine.c.story)
    ahead = or_(other.c.at > mine.c.at, and_(other.c.at == mine.c.at, ahead))
    return _near(and_(other.c.at >= mine.c.at, ahead), UP)


OLDER, NEWER = _older(), _newer()
