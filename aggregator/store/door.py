"""The way in and out of the database: transactions, and failures told in words."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError

from aggregator.errors import StoreError
from aggregator.store import sqlite

READ: dict[str, dict[str, Any]] = {"sqlite": {}, "postgresql": {"isolation_level": "REPEATABLE READ"}}
WRITE: dict[str, dict[str, Any]] = {"sqlite": sqlite.WRITE, "postgresql": {}}
"""How a transaction is opened, by database. Writers wait for each other in marks.lock()."""
ALONE: dict[str, dict[str, Any]] = {"sqlite": sqlite.ALONE, "postgresql": {"isolation_level": "AUTOCOMMIT"}}
"""How a connection is opened for what no transaction can do."""


class Door:
    """A database and the clock it tells time by. The parts of the store are built on it."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self.where = engine.url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self, what: str) -> Iterator[Connection]:
        """A connection that sees one state of the database. `what` ends the sentence "cannot ..."."""
        with in_words(self.where, f"read {what}"), self._engine.connect() as connection:
            yield connection.execution_options(**READ[self._engine.dialect.name])

    @contextmanager
    def writing(self, what: str) -> Iterator[Connection]:
        """One transaction: all of it or, when anything is raised inside, nothing."""
        options = WRITE[self._engine.dialect.name]
        with in_words(self.where, f"write {what}"), self._engine.execution_options(**options).begin() as connection:
            yield connection

    @contextmanager
    def alone(self, what: str) -> Iterator[Connection]:
        """A connection without a transaction. `what` ends the sentence "cannot ..."."""
        options = ALONE[self._engine.dialect.name]
        with in_words(self.where, what), self._engine.execution_options(**options).connect() as connection:
            yield connection

    def close(self) -> None:
        """Release the database."""
        self._engine.dispose()


@contextmanager
def in_words(where: str, what: str) -> Iterator[None]:
    """Turn a failure of the database into a StoreError that says what, where and what to do."""
    try:
        yield
    except DBAPIError as error:
        advice = sqlite.advice(error.orig) or f"the database says: {error.orig}"
        raise StoreError(f"{where}: cannot {what}: {advice}") from error
    except StatementError as error:
        if isinstance(error.orig, ValueError):  # a value that no column takes is a bug of the caller, no fault here
            raise error.orig from error
        raise StoreError(f"{where}: cannot {what}: {error}") from error
    except SQLAlchemyError as error:
        raise StoreError(f"{where}: cannot {what}: {error}") from error
