"""The questions that publishing asks of every shelf: each statement is put together once, then only filled in."""

from typing import Any

from sqlalchemy import BindParameter, Integer, Select, bindparam, exists, func, select

from aggregator.store.placing import TOP
from aggregator.store.schema import articles, lines, placements, removal_outputs, removals, shelves
from aggregator.store.wire import PLAIN_LINE

_KEY: BindParameter[str] = bindparam("key")
_LIMIT = bindparam("limit", type_=Integer)

SHELF = (
    select(placements.c.story)
    .where(placements.c.shelf == _KEY)
    .order_by(*TOP)
    .limit(_LIMIT)
    .offset(bindparam("skip", type_=Integer))
)
NAMED = select(shelves).where(shelves.c.key == _KEY)
_BELOW = select(shelves).where(shelves.c.parent == bindparam("parent"))
BELOW = _BELOW.order_by(shelves.c.key)
NEWEST_BELOW = _BELOW.order_by(shelves.c.newest.desc(), shelves.c.key).limit(_LIMIT)
_NEAR = select(shelves.c.key).where(shelves.c.parent == bindparam("parent")).limit(1)
BEFORE = _NEAR.where(shelves.c.key < _KEY).order_by(shelves.c.key.desc())
AFTER = _NEAR.where(shelves.c.key > _KEY).order_by(shelves.c.key)


def _lines(own: bool) -> Select[Any]:
    meant = lines.c.source == bindparam("source") if own else lines.c.speaks == 1
    told = placements.join(lines, (lines.c.story == placements.c.story) & meant)
    query = select(*(lines.c[name] for name in PLAIN_LINE)).select_from(told)
    return query.where(placements.c.shelf == _KEY).order_by(*TOP).limit(_LIMIT)


LINES, LINES_OF_A_SOURCE = _lines(own=False), _lines(own=True)


def _dropped() -> Select[Any]:
    told, elsewhere = removal_outputs.alias(), placements.alias()
    story = func.substr(told.c.key, len("story/") + 1)
    stands = exists().where(placements.c.shelf == _KEY, placements.c.story == story)
    shown = exists().where(elsewhere.c.story == story)
    over = removals.c.lifted_at.is_not(None) & shown  # it left for another reason since
    return (
        select(told.c.key, articles.c.source, removals.c.status, removals.c.seen_at)
        .select_from(removal_outputs)
        .join(removals, removals.c.id == removal_outputs.c.removal)
        .join(told, told.c.removal == removals.c.id)
        .join(articles, articles.c.id == removals.c.article)
        .where(removal_outputs.c.key == _KEY, told.c.key.like("story/%"), ~stands, ~over)
        .order_by(removals.c.seen_at.desc(), removals.c.id.desc())
        .limit(_LIMIT)
    )


DROPPED = _dropped()
