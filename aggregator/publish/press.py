"""Brings artifacts into the output: only those that differ, in the order they come, removals last."""

from collections.abc import Collection, Iterable, Mapping

from aggregator.model import Artifact
from aggregator.ports import PublishStore, Writer
from aggregator.publish.edition import Removal

HELD_BYTES = 64_000_000  # artifacts held before the first is written: a template that breaks in a small publish
# leaves the output as it was, a full rebuild stays within memory
STORIES = "tin/"  # listings are removed before the pages they point to


class Press:
    """One publish's way to the writer. Notes in the store what it wrote as it goes, so that a killed one converges."""

    def __init__(self, store: PublishStore, writer: Writer) -> None:
        self.made: set[str] = set()
        self.written: list[str] = []
        self.removed: list[str] = []
        self.unchanged = 0
        self._store = store
        self._writer = writer
        self._held: dict[str, Artifact] = {}
        self._held_bytes = 0
        self._removals: set[str] = set()

    def take(self, outputs: Iterable[Artifact | Removal]) -> None:
        """Artifacts and removals of a maker, in its order."""
        for output in outputs:
            if isinstance(output, Removal):
                self._removals.add(output.path)
                continue
            self.made.add(output.path)
            self._held[output.path] = output
            self._held_bytes += len(output.content)
            if self._held_bytes > HELD_BYTES:
                self.flush()

    def flush(self) -> None:
        """Write what is held and differs from what is published."""
        published = self._store.pages(self._held.keys())
        written: dict[str, str] = {}
        for path, artifact in self._held.items():
            if published.get(path) == artifact.digest and self._writer.has(path):
                self.unchanged += 1
                continue
            self._writer.write(artifact)
            written[path] = artifact.digest
        self._held, self._held_bytes = {}, 0
        self._note(written, ())

    def remove_all_but_made(self) -> None:
        """After a full rebuild: everything published that it did not make goes."""
        self._removals |= set(self._store.all_pages()) - self.made

    def finish(self) -> None:
        """Write the rest, then remove: listings first, story pages last."""
        self.flush()
        removals = self._removals - self.made
        gone = [path for path in self._store.pages(removals)]
        for path in sorted(gone, key=lambda path: (path.startswith(STORIES), path)):
            self._writer.remove(path)
            self.removed.append(path)
        self._note({}, gone)

    def _note(self, written: Mapping[str, str], removed: Collection[str]) -> None:
        self.written += written
        if written or removed:
            self._store.published(written, removed, (), {})
