"""A copy of the whole database as it is at one moment."""

from pathlib import Path

from aggregator.errors import StoreError
from aggregator.store import sqlite
from aggregator.store.door import Door


def damage(file: Path) -> str:
    """What is wrong with a file of SQLite, "" for nothing. Reads it whole, and writes nothing beside it."""
    return sqlite.damage(file)


class Snapshot(Door):
    """The part of ports.Store that copies it."""

    def snapshot(self, to: Path) -> None:
        """Copy the database into a new file, while others go on. Raises StoreError."""
        if self._engine.dialect.name != "sqlite":
            raise StoreError(f"{self.where}: copies itself with pg_dump; the rest goes along with the folder")
        with self.alone("copy the database") as connection:
            sqlite.copy(connection, to)
