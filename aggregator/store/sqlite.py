"""All that is particular to SQLite: how a connection is set up, and what its failures mean."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event

from aggregator.store.wire import dumps

WRITE = {"begin": "BEGIN IMMEDIATE"}  # takes the write lock at once: a reader that turns writer cannot wait for it
ALONE = {"begin": ""}

ADVICE = {
    "SQLITE_BUSY": "it is locked: another run, a backup or a database browser holds it; let that end, then run again",
    "SQLITE_LOCKED": "it is locked by this very process; run again",
    "SQLITE_FULL": "the disk is full; free some space, then run again (nothing was written)",
    "SQLITE_READONLY": "it is read-only; give this user the right to write the file and its folder",
    "SQLITE_CANTOPEN": "it cannot be opened; see that its folder exists and that this user may read and write there",
    "SQLITE_PERM": "this user has no right to it; give it the right to read and write the file and its folder",
    "SQLITE_NOTADB": "the file is no SQLite database; name another file, or restore a backup",
    "SQLITE_CORRUPT": "the file is damaged; restore a backup",
    "SQLITE_IOERR": "the disk failed to read or write; look at the disk, then run again",
}
"""What to tell an operator, by the beginning of SQLite's own name of the failure (sqlite.org/rescode.html)."""


def version() -> tuple[int, ...]:
    """The version of the SQLite library that this Python brings."""
    return sqlite3.sqlite_version_info


def engine_for(url: URL, *, busy_timeout_s: float, foreign_keys: bool = True) -> Engine:
    """An engine whose transactions are SQLite's own: the driver's implicit BEGIN (before writes only) is off."""
    arguments = {"isolation_level": None, "timeout": busy_timeout_s}
    engine = create_engine(url, connect_args=arguments, json_serializer=dumps)

    @event.listens_for(engine, "connect")
    def _connect(raw: sqlite3.Connection, _record: Any) -> None:
        _prepare(raw, foreign_keys)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if statement := connection.get_execution_options().get("begin", "BEGIN"):
            connection.exec_driver_sql(statement)

    return engine


def _prepare(raw: sqlite3.Connection, foreign_keys: bool) -> None:
    """WAL: readers and one writer do not wait for each other. It stays in the file, so it is set once only."""
    if raw.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        raw.execute("PRAGMA journal_mode = WAL")
    raw.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")


def make_folder(url: URL) -> None:
    """Create the folder of the database file, unless the file is named by a URI. Raises OSError."""
    name = url.database or ""
    if not name.startswith("file:"):
        Path(name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # others on the machine may not read it


def zero_what_is_deleted(connection: Connection) -> None:
    """From now on this connection overwrites with zeros what it deletes (SQLite's secure_delete)."""
    connection.exec_driver_sql("PRAGMA secure_delete = ON")


def write_anew(connection: Connection) -> bool:
    """Copy what the database holds into new pages, and empty its log; False when a reader kept the log from it."""
    connection.exec_driver_sql("VACUUM")
    busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return not busy


def copy(connection: Connection, to: Path) -> None:
    """Copy the database into one new file by SQLite's online backup: of one moment, beside readers and writers."""
    with closing(sqlite3.connect(to)) as copied:
        cast("sqlite3.Connection", connection.connection.driver_connection).backup(copied)
        copied.execute("PRAGMA journal_mode = DELETE")  # all in one file: no log lies beside it


def damage(file: Path) -> str:
    """What SQLite's own check finds wrong with a file that nobody has open, "" for nothing."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?immutable=1", uri=True)) as connection:
            said = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        return str(error)
    return "" if said == "ok" else said


def broken_references(connection: Connection) -> tuple[str, ...]:
    """Tables that hold a foreign key without its row (asked after a migration, which runs with the check off)."""
    return tuple(sorted({row[0] for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}))


def advice(failure: BaseException | None) -> str:
    """What happened and what to do, in words; "" when the failure is none of those known."""
    name = getattr(failure, "sqlite_errorname", "")
    return next((words for start, words in ADVICE.items() if name.startswith(start)), "")
