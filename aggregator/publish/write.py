"""The one output door: files appear whole or not at all."""

import os
import tempfile
from pathlib import Path

from aggregator.errors import PublishError
from aggregator.model import Artifact
from aggregator.settings import is_inside

UNFINISHED = ".unfinished-"
FILE_MODE = 0o644  # a web server of another user reads them; mkstemp makes 0600
SYMLINK_IS_OUTSIDE = "leads out of the output folder"


class FolderWriter:
    """A folder that a web server serves. Nothing is written through a path or link that leaves it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, artifact: Artifact) -> None:
        """Put the file in place whole: a file beside it, flushed to the disk, then renamed."""
        target = self._target(artifact.path)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._inside(target)
            _replace(target, artifact.content)
        except OSError as error:
            raise PublishError(f"{target}: cannot be written ({error.strerror}); check space and rights") from error

    def remove(self, path: str) -> None:
        """Take the file away, and folders that are empty then; a file that is not there is no error."""
        target = self._target(path)
        try:
            target.unlink(missing_ok=True)
        except OSError as error:
            raise PublishError(f"{target}: cannot be removed ({error.strerror}); check rights") from error
        for folder in target.parents:
            if folder == self.root or not _dropped(folder):
                break

    def has(self, path: str) -> bool:
        """Whether the file is there."""
        return self._target(path).is_file()

    def last(self, folder: str) -> tuple[str, bytes]:
        """Path and content of the last file of the folder, by name; ("", b"") when it holds none."""
        place = self._target(folder)
        try:
            names = sorted(path.name for path in place.iterdir() if path.is_file()) if place.is_dir() else []
            return (f"{folder}{names[-1]}", (place / names[-1]).read_bytes()) if names else ("", b"")
        except OSError as error:
            raise PublishError(f"{place}: cannot be read ({error.strerror}); check rights") from error

    def append(self, path: str, content: bytes, at: int) -> None:
        """Cut the file to `at` bytes, put the content there, and wait for the disk."""
        target = self._target(path)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._inside(target)
            _extend(target, content, at)
        except OSError as error:
            raise PublishError(f"{target}: cannot be written ({error.strerror}); check space and rights") from error

    def tidy(self) -> int:
        """How many unfinished files of killed runs were taken away. Only under the publish lock."""
        leftovers = list(self.root.rglob(f"{UNFINISHED}*"))
        for leftover in leftovers:
            leftover.unlink(missing_ok=True)
        return len(leftovers)

    def _target(self, path: str) -> Path:
        if not path or not is_inside(path):
            raise PublishError(f"{path!r} {SYMLINK_IS_OUTSIDE} {self.root}")
        return self.root / path

    def _inside(self, target: Path) -> None:
        if not target.parent.resolve().is_relative_to(self.root.resolve()):
            raise PublishError(f"{target} {SYMLINK_IS_OUTSIDE} {self.root}; remove the link")


def _replace(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=UNFINISHED, dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), FILE_MODE)
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _extend(target: Path, content: bytes, at: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(target, flags, FILE_MODE), "wb") as file:
        os.fchmod(file.fileno(), FILE_MODE)
        file.truncate(at)
        file.seek(at)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _dropped(folder: Path) -> bool:
    """Whether the folder was empty and is gone."""
    try:
        folder.rmdir()
    except OSError:  # it still holds something
        return False
    return True
