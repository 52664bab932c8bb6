"""What the runs of one installation tell each other about the hosts they ask: small files in a folder."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from aggregator.errors import StoreError

AGAIN_S = 0.05  # between two tries to hold what another process holds


class Notes:
    """A folder of notes by name. Names are those of hosts; what no file may be called is replaced.

    Every method raises StoreError when the folder cannot be read or written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> str:
        """The note, "" when there is none."""
        with self._told():
            try:
                return self._path(name).read_text(encoding="utf-8")
            except FileNotFoundError:
                return ""

    def write(self, name: str, text: str) -> None:
        """Put the note in place whole."""
        with self._told():
            path = self._path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(path)

    @contextmanager
    def held(self, name: str, sleep: Callable[[float], None]) -> Iterator[None]:
        """Holds the name against every other process; waits for it in small sleeps. A dead process holds nothing."""
        with self._told():
            path = self._path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(f"{path}.lock", thread_local=False)
            while not _taken(lock):
                sleep(AGAIN_S)
        try:
            yield
        finally:
            lock.release()

    def _path(self, name: str) -> Path:
        return self._folder / re.sub(r"[^a-z0-9._-]", "_", name.lower())[:200]

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            problem = f"{self._folder}: cannot be used ({error.strerror or error}); check space and rights"
            raise StoreError(problem) from error


def _taken(lock: FileLock) -> bool:
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return False
    return True
