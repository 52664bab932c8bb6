"""Brings artifacts into the output: only those that differ, in the order they come, removals last."""

from collections.abc import Collection, Iterable, Mapping

from aggregator.model import Artifact
from aggregator.ports import PublishStore, Writer
from aggregator.publish import addresses, copies
from aggregator.publish.edition import Removal
from aggregator.publish.ledger import Ledger
from aggregator.publish.signing import Signer, sign_file

HELD_BYTES = 64_000_000  # artifacts held before the first is written: a template that breaks in a small publish
# leaves the output as it was, a full rebuild stays within memory
STORIES = "tin/"  # listings are removed before the pages they point to


class Press:
    """One publish's way to the writer. Notes in the store what it wrote as it goes, so that a killed one converges.

    With a signer a signature follows each file that has one; without, the signature of a file that changes goes first.
    `payloads` are those of embeds among what it was given, with their digests, "" of one that goes.
    Compressed copies go before their file changes or goes, and come after it: none tells what its file does not.
    """

    def __init__(
        self,
        store: PublishStore,
        writer: Writer,
        ledger: Ledger,
        signer: Signer | None = None,
        forms: Collection[str] = (),
    ) -> None:
        self.made: set[str] = set()
        self.written: list[str] = []
        self.removed: list[str] = []
        self.unchanged = 0
        self.payloads: dict[str, str] = {}
        self._store = store
        self._writer = writer
        self._ledger = ledger
        self._signer = signer
        self._forms = forms
        self._held: dict[str, Artifact] = {}
        self._held_bytes = 0
        self._removals: set[str] = set()

    def take(self, outputs: Iterable[Artifact | Removal]) -> None:
        """Artifacts and removals of a maker, in its order."""
        for output in outputs:
            if isinstance(output, Removal):
                self._removals |= {output.path, *_signatures((output.path,)), *addresses.copies(output.path)}
                self._heed(output.path, "")
                continue
            self._hold(output)
            self._heed(output.path, output.digest)
            if self._signer and addresses.is_signed(output.path):
                path = output.path + addresses.SIGNATURE
                self._hold(Artifact(path, sign_file(output.path, output.content, self._signer)))
            if self._held_bytes > HELD_BYTES:
                self.flush()

    def _heed(self, path: str, digest: str) -> None:
        if addresses.shelf_of_payload(path):
            self.payloads[path] = digest

    def _hold(self, artifact: Artifact) -> None:
        self.made.add(artifact.path)
        self._held[artifact.path] = artifact
        self._held_bytes += len(artifact.content)

    def flush(self) -> None:
        """Write what is held and differs from what is published."""
        held, self._held, self._held_bytes = tuple(self._held.values()), {}, 0
        beside = {one.path: copies.paths(one, self._forms) for one in held}
        wanted = {copy for paths in beside.values() for copy in paths}
        self.made |= wanted
        published = self._store.pages({*beside, *_signatures(beside), *wanted})
        new = {one.path for one in held if published.get(one.path) != one.digest}
        changed = new | {path for path in beside if self._lost(path)}
        unsure = {copy for copy in wanted if not published.get(copy) or self._lost(copy)}
        fresh = {path for path in beside if path in changed or unsure.intersection(beside[path])}
        if self._signer is None:
            self._remove(path for path in _signatures(path for path in beside if path in changed) if path in published)
        self._announce(new | {copy for path in fresh for copy in beside[path]})
        news: dict[str, str] = {}
        gone: set[str] = set()
        for one in held:
            if one.path in changed:
                gone.update(self._uncover(one.path))
                self._write(one, news)
            if one.path in fresh:
                for copy in copies.made(one, self._forms):
                    self._write(copy, news)
        self.unchanged += len(beside) - len(changed)
        self._note({path: digest for path, digest in news.items() if path in new | wanted}, gone - wanted)
        if self._ledger.is_full():
            self._ledger.record()

    def _announce(self, paths: Collection[str]) -> None:
        """Note that these are being written: whoever comes after a kill knows nothing of what they hold."""
        if doubtful := set(paths) - addresses.BUSY:
            self._store.published(dict.fromkeys(doubtful, ""), (), (), {})

    def _write(self, artifact: Artifact, news: dict[str, str]) -> None:
        self._writer.write(artifact)
        self.written.append(artifact.path)
        news[artifact.path] = artifact.digest

    def _uncover(self, path: str) -> list[str]:
        """Take the compressed copies of the file away; those there were."""
        there = [copy for copy in addresses.copies(path) if self._writer.has(copy)]
        for copy in there:
            self._writer.remove(copy)
        return there

    def remove_all_but_made(self, besides: Collection[str]) -> None:
        """After a full rebuild: everything published that it did not make, and will not make yet, goes."""
        self._removals |= set(self._store.all_pages()) - self.made - set(besides)

    def finish(self) -> None:
        """Write the rest, then remove: listings first, story pages last."""
        self.flush()
        removals = self._removals - self.made
        self._removals = set()
        self._remove(sorted(self._store.pages(removals), key=_last_to_go))

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


def _last_to_go(path: str) -> tuple[bool, str, bool, str]:
    """Listings before stories, and each file behind its copies."""
    file = addresses.without_copy(path)
    return file.startswith(STORIES), file, file == path, path


def _signatures(paths: Iterable[str]) -> list[str]:
    """Where the signatures of those of the files stand that have one."""
    return [path + addresses.SIGNATURE for path in paths if addresses.is_signed(path)]
