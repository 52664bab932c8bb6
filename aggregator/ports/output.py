"""Writing: the one output door."""

from typing import Protocol

from aggregator.model import Artifact


class Writer(Protocol):
    """The one output door."""

    def write(self, artifact: Artifact) -> None:
        """Put the file in place whole (temp + rename). Raises PublishError."""
        ...

    def remove(self, path: str) -> None:
        """Take the file away; a file that is not there is no error. Raises PublishError."""
        ...

    def has(self, path: str) -> bool:
        """Whether the file is there."""
        ...

    def last(self, folder: str) -> tuple[str, bytes]:
        """Path and content of the last file of a folder (`log/`), by name; ("", b"") when it holds none."""
        ...

    def append(self, path: str, content: bytes, at: int) -> None:
        """Put the content into the file from byte `at` on; what stood there, scraps of a killed run, goes.

        On the disk when it returns. Killed inside, some of the content stands there. Raises PublishError.
        """
        ...
