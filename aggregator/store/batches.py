"""Many rows at a time, in SQL that both SQLite and PostgreSQL understand."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, Table, bindparam, delete
from sqlalchemy.dialects.sqlite import Insert

AMONG = "among"  # the name of the values that are asked for
AT_ONCE = 2000  # values in one IN list; SQLite 3.40 takes 32,766 parameters a statement, PostgreSQL 65,535


def chunks(values: Iterable[str], size: int = AT_ONCE) -> Iterator[list[str]]:
    """The distinct values, in their order, in lists of at most `size`."""
    rest = iter(dict.fromkeys(values))
    while chunk := list(islice(rest, size)):
        yield chunk


def rows_in(
    connection: Connection, query: Select[Any], column: ColumnElement[str] | Column[str], values: Iterable[str]
) -> Iterator[Row[Any]]:
    """Rows of the query whose column is one of the values; in the query's order within each chunk only.

    A query that is a module's constant is put together once.
    """
    among = None
    for chunk in chunks(values):
        among = _among(query, column) if among is None else among
        yield from connection.execute(among, {AMONG: chunk})


def delete_in(connection: Connection, table: Table, column: Column[Any], values: Collection[str]) -> None:
    """Delete the rows whose column is one of the values."""
    for chunk in chunks(values):
        connection.execute(delete(table).where(column.in_(chunk)))


def upsert(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, keep: Collection[str] = ()
) -> None:
    """Insert the rows; one that is there already gets the new values, but for the columns to `keep`."""
    if rows:
        connection.execute(_upsert(connection.dialect.name, table, tuple(rows[0]), tuple(keep)), rows)


def add(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows; one that is there already stays as it is."""
    if rows:
        connection.execute(_add(connection.dialect.name, table), rows)


@lru_cache(maxsize=128)
def _among(query: Select[Any], column: ColumnElement[str] | Column[str]) -> Select[Any]:
    return query.where(column.in_(bindparam(AMONG, expanding=True)))


@cache
def _upsert(dialect: str, table: Table, names: tuple[str, ...], keep: tuple[str, ...]) -> Insert:
    """Put together once: that takes as long as running it."""
    key = [column.name for column in table.primary_key]
    insert = _insert(dialect, table)
    fresh = {name: insert.excluded[name] for name in names if name not in key and name not in keep}
    return insert.on_conflict_do_update(index_elements=key, set_=fresh)


@cache
def _add(dialect: str, table: Table) -> Insert:
    return _insert(dialect, table).on_conflict_do_nothing()


def _insert(dialect: str, table: Table) -> Insert:
    """The dialect's own insert: it alone knows `on conflict`. Both have the two methods used above."""
    if dialect == "sqlite":
        return Insert(table)
    from sqlalchemy.dialects import postgresql  # late: most installations never need it

    return postgresql.insert(table)  # type: ignore[return-value]
