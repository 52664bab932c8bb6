"""Many rows at a time, in SQL that both SQLite and PostgreSQL understand."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, Table, delete
from sqlalchemy.dialects.sqlite import Insert

AT_ONCE = 2000  # values in one IN list; SQLite 3.40 takes 32,766 parameters a statement, PostgreSQL 65,535


def chunks(values: Iterable[str], size: int = AT_ONCE) -> Iterator[list[str]]:
    """The distinct values, in their order, in lists of at most `size`."""
    rest = iter(dict.fromkeys(values))
    while chunk := list(islice(rest, size)):
        yield chunk


def rows_in(
    connection: Connection, query: Select[Any], column: ColumnElement[str] | Column[str], values: Iterable[str]
) -> Iterator[Row[Any]]:
    """Rows of the query whose column is one of the values; in the query's order within each chunk only."""
    for chunk in chunks(values):
        yield from connection.execute(query.where(column.in_(chunk)))


def delete_in(connection: Connection, table: Table, column: Column[Any], values: Collection[str]) -> None:
    """Delete the rows whose column is one of the values."""
    for chunk in chunks(values):
        connection.execute(delete(table).where(column.in_(chunk)))


def upsert(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, keep: Collection[str] = ()
) -> None:
    """Insert the rows; one that is there already gets the new values, but for the columns to `keep`."""
    if not rows:
        return
    key = [column.name for column in table.primary_key]
    insert = _insert(connection, table)
    fresh = {name: insert.excluded[name] for name in rows[0] if name not in key and name not in keep}
    connection.execute(insert.on_conflict_do_update(index_elements=key, set_=fresh), rows)


def add(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows; one that is there already stays as it is."""
    if rows:
        connection.execute(_insert(connection, table).on_conflict_do_nothing(), rows)


def _insert(connection: Connection, table: Table) -> Insert:
    """The dialect's own insert: it alone knows `on conflict`. Both have the two methods used above."""
    if connection.dialect.name == "sqlite":
        return Insert(table)
    from sqlalchemy.dialects import postgresql  # late: most installations never need it

    return postgresql.insert(table)  # type: ignore[return-value]
