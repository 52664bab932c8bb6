"""Opening the store: the database's file, its tables brought up to date, its parts put together."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, Engine, column, create_engine, inspect, make_url, select, table
from sqlalchemy.exc import ArgumentError

from aggregator.errors import StoreError
from aggregator.ports import Store
from aggregator.store import sqlite
from aggregator.store.alerts import Alerts
from aggregator.store.announced import Notices
from aggregator.store.confirming import Confirming
from aggregator.store.door import Door, in_words
from aggregator.store.erasure import Erasure
from aggregator.store.letters import Letters
from aggregator.store.quarantine import Quarantine
from aggregator.store.responses import Responses
from aggregator.store.schema import HEAD
from aggregator.store.shelves import Shelves
from aggregator.store.sketching import Sketching
from aggregator.store.snapshot import Snapshot
from aggregator.store.targets import Targets
from aggregator.store.tellings import Tellings
from aggregator.store.visits import Visits
from aggregator.store.watching import Watching
from aggregator.store.wire import dumps

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"


class Database(
    Snapshot,
    Confirming,
    Visits,
    Watching,
    Quarantine,
    Tellings,
    Sketching,
    Shelves,
    Responses,
    Erasure,
    Notices,
    Letters,
    Alerts,
    Targets,
):
    """ports.Store on a database."""


def open_store(url: str, *, clock: Callable[[], datetime], busy_timeout_s: float = 10.0) -> Store:
    """The store at an SQLAlchemy URL, its folder made and its tables brought up to date where needed.

    `clock` tells when changes were written. `busy_timeout_s` is how long to wait for another process that writes.
    Raises StoreError when the database cannot be used, and when a newer version of the aggregator wrote it.
    """
    parsed = _parsed(url)
    engine = _engine(parsed, busy_timeout_s, foreign_keys=True)
    try:
        _bring_up_to_date(engine, parsed, busy_timeout_s)
    except BaseException:
        engine.dispose()
        raise
    return Database(engine, clock)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError(f"{url!r} is no database URL; write sqlite:///var/aggregator.db") from error
    kind = parsed.get_backend_name()
    if kind not in {"sqlite", "postgresql"}:
        raise StoreError(f"{kind} databases are not supported; write a sqlite:/// or postgresql:// URL")
    if kind == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise StoreError("a database in memory would forget everything; write sqlite:///var/aggregator.db")
    return parsed


def _engine(url: URL, busy_timeout_s: float, *, foreign_keys: bool) -> Engine:
    if url.get_backend_name() == "sqlite":
        return sqlite.engine_for(url, busy_timeout_s=busy_timeout_s, foreign_keys=foreign_keys)
    driver = "postgresql+psycopg" if url.drivername == "postgresql" else url.drivername
    try:
        return create_engine(url.set(drivername=driver), json_serializer=dumps)
    except ModuleNotFoundError as error:
        raise StoreError(f"{url.get_backend_name()} needs the package {error.name!r}; install it") from error


def _bring_up_to_date(engine: Engine, url: URL, busy_timeout_s: float) -> None:
    """Run the migrations that are missing. When none is, this costs one look at the version."""
    where = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite":
        _make_folder(url, where)
    with in_words(where, "open the database"):
        with engine.connect() as connection:
            version = _version(connection)
        if version == HEAD:
            return
        migrating = _engine(url, busy_timeout_s, foreign_keys=False)  # tables that are rebuilt drop their rows' parents
        try:
            with Door(migrating, _no_clock).writing("the new tables") as connection:
                _upgrade(connection, where)
        finally:
            migrating.dispose()


def _no_clock() -> datetime:
    raise AssertionError("a migration asks for no time")


def _make_folder(url: URL, where: str) -> None:
    try:
        sqlite.make_folder(url)
    except OSError as error:
        raise StoreError(f"{where}: cannot create its folder: {error.strerror}; name a folder you may write") from error


def _version(connection: Connection) -> str:
    """The migration that the database stands at, "" for a new one."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.scalars(select(column("version_num", type_=None)).select_from(table("alembic_version"))).one()


def _upgrade(connection: Connection, where: str) -> None:
    """Run the missing migrations inside the caller's transaction (another process may have run them by now)."""
    from alembic import command  # late: half a second that a database at HEAD does not need
    from alembic.script import ScriptDirectory

    version = _version(connection)
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if version and version not in known:
        raise StoreError(
            f"{where}: a newer version of the aggregator wrote this database (its tables are at {version}, "
            f"this version knows {HEAD}); install that version, or restore a backup from before"
        )
    command.upgrade(alembic_config(connection), "head")
    if connection.dialect.name == "sqlite" and (broken := sqlite.broken_references(connection)):
        raise StoreError(f"{where}: after the upgrade {broken[0]} refers to rows that are not there; restore a backup")


def alembic_config(connection: Connection) -> "Config":
    """Alembic's settings for running the migrations on this connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
