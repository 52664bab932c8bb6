"""Where the pages of visits that drifted are put away. What reads them is imported with the first such visit."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from pathlib import Path
from shutil import rmtree

from aggregator.errors import ConfigError
from aggregator.model import Page
from aggregator.settings import Source

DRIFTS = 3  # of a source whose pages are kept; the older ones go


class Keeper:
    """Keeps the pages of visits that drifted, as test cases, in a folder a source and drift below `root`.

    Called by several threads, each for a source of its own. A page is at most what collect.memory remembers.
    """

    def __init__(self, root: Path, clock: Callable[[], datetime]) -> None:
        self._root = root
        self._clock = clock

    def __call__(self, source: Source, pages: Sequence[Page], again: bool) -> str:
        """Where the pages are, in words. With `again` the same drift goes on: its first pages are the ones to keep."""
        own = self._root / source.id
        held = sorted(own.iterdir()) if own.is_dir() else []
        if again and held:
            return f"its pages are in {held[-1]}"
        folder = own / f"{self._clock():%Y-%m-%dT%H%M%S}Z"
        if not pages:
            return ""
        from aggregator.cli.cases import save_pages

        try:
            save_pages(folder, source, pages)
            for old in held[: max(len(held) + 1 - DRIFTS, 0)]:
                rmtree(old)
        except (ConfigError, OSError) as error:
            return f"its pages could not be kept: {error}"
        return f"its pages are in {folder}"

    def forget(self, words: Collection[str]) -> int:
        """How many files were deleted because they tell any of the words. Raises ConfigError."""
        from aggregator.operate.warc import plain

        files = [path for path in sorted(self._root.rglob("*")) if path.is_file()]
        gone = 0
        try:
            for path in files:
                told = plain(path.read_bytes().decode("utf-8", "replace"))
                if any(plain(word) in told for word in words):
                    path.unlink()
                    gone += 1
        except OSError as error:
            raise ConfigError(f"{self._root}: cannot be cleared: {error.strerror}; check rights") from error
        return gone
