"""Brings artifacts into the output: only those that differ, in the order they come, removals last."""

from collections.abc import Collection, Iterable, Mapping

from aggregator.model import Artifact
from aggregator.ports import PublishStore, Writer
from aggregator.publish import addresses
from aggregator.publish.edition import Removal
from aggregator.publish.ledger import Ledger
from aggregator.publish.signing import Signer, sign_file

HELD_BYTES = 64_000_000  # artifacts held before the first is written: a template that breaks in a small publish
# leaves the output as it was, a full rebuild stays within memory
STORIES = "tin/"  # listings are removed before the pages they point to


class Press:
    """One publish's way to the writer. Notes in the store what it wrote as it goes, so that a killed one converges.

    With a signer a signature follows each file that has one; without, the signature of a file that changes goes first.
    """

    def __init__(self, store: PublishStore, writer: Writer, ledger: Ledger, signer: Signer | None = None) -> None:
        self.made: set[str] = set()
        self.written: list[str] = []
        self.removed: list[str] = []
        self.unchanged = 0
        self._store = store
        self._writer = writer
        self._ledger = ledger
        self._signer = signer
        self._held: dict[str, Artifact] = {}
        self._held_bytes = 0
        self._removals: set[str] = set()

    def take(self, outputs: Iterable[Artifact | Removal]) -> None:
        """Artifacts and removals of a maker, in its order."""
        for output in outputs:
            if isinstance(output, Removal):
                self._removals |= {output.path, *_signatures((output.path,))}
                continue
            self._hold(output)
            if self._signer and addresses.is_signed(output.path):
                path = output.path + addresses.SIGNATURE
                self._hold(Artifact(path, sign_file(output.path, output.content, self._signer)))
            if self._held_bytes > HELD_BYTES:
                self.flush()

    def _hold(self, artifact: Artifact) -> None:
        self.made.add(artifact.path)
        self._held[artifact.path] = artifact
        self._held_bytes += len(artifact.content)

    def flush(self) -> None:
        """Write what is held and differs from what is published."""
        published = self._store.pages({*self._held, *_signatures(self._held)})
        changed = [one for one in self._held.values() if published.get(one.path) != one.digest or self._lost(one.path)]
        if self._signer is None:
            self._remove(path for path in _signatures(one.path for one in changed) if path in published)
        for artifact in changed:
            self._writer.write(artifact)
        self.unchanged += len(self._held) - len(changed)
        self._held, self._held_bytes = {}, 0
        news = {one.path: one.digest for one in changed if published.get(one.path) != one.digest}
        self.written += [one.path for one in changed]
        self._note(news, ())
        if self._ledger.is_full():
            self._ledger.record()

    def remove_all_but_made(self, besides: Collection[str]) -> None:
        """After a full rebuild: everything published that it did not make, and will not make yet, goes."""
        self._removals |= set(self._store.all_pages()) - self.made - set(besides)

    def finish(self) -> None:
        """Write the rest, then remove: listings first, story pages last."""
        self.flush()
        removals = self._removals - self.made
        self._removals = set()
        self._remove(sorted(self._store.pages(removals), key=lambda path: (path.startswith(STORIES), path)))

    def _remove(self, paths: Iterable[str]) -> None:
        gone = list(paths)
        for path in gone:
            self._writer.remove(path)
        self.removed += gone
        self._note({}, gone)

    def _lost(self, path: str) -> bool:
        return not self._writer.has(path)

    def _note(self, written: Mapping[str, str], removed: Collection[str]) -> None:
        if written or removed:
            self._store.published(written, removed, (), self._ledger.note(written, removed))


def _signatures(paths: Iterable[str]) -> list[str]:
    """Where the signatures of those of the files stand that have one."""
    return [path + addresses.SIGNATURE for path in paths if addresses.is_signed(path)]
