"""Keeping the raw bytes."""

from collections.abc import Collection, Sequence
from typing import Protocol

from aggregator.model import ArchiveState, Raw, RawRecord


class Archive(Protocol):
    """The raw archive: the pages that texts were read from."""

    def keep(self, raws: Sequence[Raw]) -> tuple[RawRecord, ...]:
        """Where each page lies from now on, on disk when this returns. Raises ArchiveError, and then keeps none."""
        ...

    def read(self, record: RawRecord) -> Raw:
        """The page that was kept there. Raises ArchiveError that names what became of it."""
        ...

    def erase(self, articles: Collection[str], records: Collection[RawRecord], words: Collection[str]) -> int:
        """How many records were overwritten: these, all of these articles, and all that tell any of the words.

        Raises ArchiveError; a repeat finishes what was begun.
        """
        ...

    def state(self) -> ArchiveState:
        """Files and bytes now, and whether it can be written. Raises nothing."""
        ...
