"""Writing how articles group into stories. Part of one commit.

A story's id and path are permanent addresses: a story that lost all its members lives on as an alias of the story
that tells it now, and gets its path back should it ever return.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from aggregator.model import Link, Regrouping, StoryRecord
from aggregator.store import marks
from aggregator.store.batches import add, delete_in, rows_in, upsert
from aggregator.store.schema import aliases, links, members, stories
from aggregator.store.wire import link_of, link_row

LINKS, ALIASES = select(links), select(aliases)
MEMBERS = select(members).order_by(members.c.story, members.c.position)
SEEN = select(stories.c.id, stories.c.first_seen)


def write_regrouping(connection: Connection, regrouping: Regrouping, now: datetime) -> set[str]:
    """Write links, stories and aliases; returns the ids of the stories that changed, those that are no more too."""
    ends = _write_links(connection, regrouping.links) | _drop_links(connection, regrouping.dropped)
    _write_bars(connection, regrouping.bars)
    changed = _write_stories(connection, regrouping.stories, now)
    merged = dict(regrouping.merged)
    changed |= _retire(connection, changed | merged.keys(), merged)
    return changed | marks.stories_of(connection, ends)


def _write_links(connection: Connection, given: Collection[Link]) -> set[str]:
    """Articles at the ends of links that are new or say something new."""
    stored = {link_of(row) for row in rows_in(connection, LINKS, links.c.a, (link.a for link in given))}
    changed = [link for link in given if link not in stored]
    upsert(connection, links, [link_row(link) for link in changed])
    return {end for link in changed for end in (link.a, link.b)}


def _drop_links(connection: Connection, dropped: Collection[tuple[str, str]]) -> set[str]:
    """Articles at the ends of links that were there and are dropped."""
    ends: set[str] = set()
    for a, b in dropped:
        if connection.execute(delete(links).where(links.c.a == a, links.c.b == b)).rowcount:
            ends.update((a, b))
    return ends


def _write_bars(connection: Connection, given: Collection[tuple[tuple[str, str], tuple[str, str] | None]]) -> None:
    """Remember why these links join nothing, or that they do. No page shows it."""
    statement = update(links).where(links.c.a == bindparam("one"), links.c.b == bindparam("other"))
    rows = [
        {"one": a, "other": b, "left": bar[0] if bar else None, "right": bar[1] if bar else None}
        for (a, b), bar in given
    ]
    if rows:
        connection.execute(statement.values(bar_a=bindparam("left"), bar_b=bindparam("right")), rows)


def members_of(connection: Connection, ids: Collection[str]) -> dict[str, StoryRecord]:
    """The stories of these ids as they stand; unknown ids are left out."""
    held: dict[str, list[str]] = {}
    silent: dict[str, list[str]] = {}
    for row in rows_in(connection, MEMBERS, members.c.story, ids):
        held.setdefault(row.story, []).append(row.article)
        if row.silent:
            silent.setdefault(row.story, []).append(row.article)
    seen = rows_in(connection, SEEN, stories.c.id, ids)
    return {
        row.id: StoryRecord(row.id, tuple(held.get(row.id, ())), row.first_seen, tuple(silent.get(row.id, ())))
        for row in seen
    }


def _write_stories(connection: Connection, records: Collection[StoryRecord], now: datetime) -> set[str]:
    """Stories whose members changed: those given, those that lost a member to them, those that gave up an alias."""
    claimed = {article for record in records for article in record.members}
    before = members_of(connection, {record.id for record in records} | marks.stories_of(connection, claimed))
    changed = [record for record in records if before.get(record.id) != record]
    moved = {article for record in changed for article in record.members}
    losers = {record.id for record in before.values() if moved.intersection(record.members)}
    former_heirs = _ensure(connection, [record for record in changed if record.members], now)
    _fill(connection, changed, moved)
    return {record.id for record in changed} | losers | former_heirs


def _ensure(connection: Connection, records: Sequence[StoryRecord], now: datetime) -> set[str]:
    """Make the stories' rows; one that had become an alias gets its path back. Returns the stories that held those."""
    back = list(rows_in(connection, ALIASES, aliases.c.former, (record.id for record in records)))
    paths = {row.former: row.path for row in back}
    rows = [
        {
            "id": record.id,
            "path": paths.get(record.id, ""),
            "first_seen": record.first_seen,
            "changed_at": now,
            "mark": 0,
        }
        for record in records
    ]
    upsert(connection, stories, rows, keep=("path", "changed_at", "mark"))
    delete_in(connection, aliases, aliases.c.former, paths)
    return {row.story for row in back if row.story is not None}


def _fill(connection: Connection, records: Sequence[StoryRecord], moved: Collection[str]) -> None:
    """Give the stories their members; an article leaves the story it was in."""
    delete_in(connection, members, members.c.story, [record.id for record in records])
    delete_in(connection, members, members.c.article, moved)
    rows = [
        {"article": article, "story": record.id, "position": position, "silent": article in record.silent}
        for record in records
        for position, article in enumerate(record.members)
    ]
    if rows:
        connection.execute(members.insert(), rows)


def _retire(connection: Connection, ids: Collection[str], merged: Mapping[str, str]) -> set[str]:
    """Make an alias of each of these stories that has no member left; returns them and the stories that hold them."""
    gone = {record.id for record in members_of(connection, ids).values() if not record.members}
    paths = {row.id: row.path for row in rows_in(connection, select(stories.c.id, stories.c.path), stories.c.id, gone)}
    heirs = _heirs(connection, gone, merged)
    rows = [{"former": id, "story": heirs.get(id), "path": path, "mark": 0} for id, path in sorted(paths.items())]
    add(connection, aliases, rows)
    for id in sorted(gone):
        connection.execute(update(aliases).where(aliases.c.story == id).values(story=heirs.get(id)))
    delete_in(connection, stories, stories.c.id, gone)
    return gone | set(heirs.values())


def _heirs(connection: Connection, gone: Collection[str], merged: Mapping[str, str]) -> dict[str, str]:
    """Which story tells each now: where it was merged to, else the one that holds its first article; or none."""
    first = rows_in(connection, select(members.c.article, members.c.story), members.c.article, gone)
    heirs = {row.article: row.story for row in first}
    for id in gone:
        heir, steps = merged.get(id), 0
        while heir in gone and steps <= len(gone):  # merged into one that was itself merged
            heir, steps = merged.get(heir or ""), steps + 1
        if heir is not None and heir not in gone:
            heirs[id] = heir
    return heirs
