"""Keeps the publication log: what this and killed publishes changed and no line names yet, and the lines for it.

Pages come first, then their line: a line never says what was not published. What a killed publish wrote is noted in
the store, in the transaction that notes its pages, and gets its line from the next one.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime

from aggregator.errors import SignatureError
from aggregator.model import Story
from aggregator.ports import PublishStore, Writer
from aggregator.publish import addresses, logbook
from aggregator.publish.gone import standing
from aggregator.publish.logbook import REMOVED, Head, Line
from aggregator.publish.signing import Signing

HELD = 2_000  # changed files after which a large publish writes its lines at once: the note of them stays small
BATCH = 200  # stories asked for at once
HEAD, UNLOGGED = "log-head", "log-owed"


class Ledger:
    """The log of one publish. `notes` are what a person should hear of: a torn line, lines that are gone."""

    def __init__(self, store: PublishStore, writer: Writer, signing: Signing, now: datetime) -> None:
        self.notes: list[str] = []
        self._store = store
        self._writer = writer
        self._signing = signing
        self._now = now
        self.head = _head(store.memo(HEAD))
        self._kept = signing.signer is not None or self.head.seq > 0  # unsigned publishes are owed, once there is a log
        self._owed: dict[str, str] = json.loads(store.memo(UNLOGGED) or "{}") if self._kept else {}
        if self._kept and self.head.seq == 0 and not self._owed:
            out = store.all_pages().items()
            self._owed = {path: digest for path, digest in out if digest and addresses.is_logged(path)}

    def note(self, written: Mapping[str, str], removed: Collection[str]) -> dict[str, str]:
        """What the store has to keep, in one transaction with these changes."""
        changed = {**written, **dict.fromkeys(removed, REMOVED)}
        logged = {path: digest for path, digest in changed.items() if addresses.is_logged(path)}
        if not self._kept or not logged:
            return {}
        self._owed |= logged
        return {UNLOGGED: json.dumps(self._owed)}

    def is_full(self) -> bool:
        """Whether so much is owed that it should be recorded before going on."""
        return self._signing.signer is not None and len(self._owed) >= HELD

    def record(self) -> None:
        """Append the lines for all that is owed; nothing when nothing is. Raises PublishError and StoreError."""
        signer = self._signing.signer
        if signer is None or not self._owed:
            return
        file, content = self._writer.last(addresses.LOG)
        lines, torn = logbook.split(content)
        if torn:
            self.notes.append(f"{file}: {len(torn)} bytes of a line that a killed publish left were taken away")
            self._writer.append(file, b"", len(content) - len(torn))
        lost = self._adopt(file, lines)
        target = max(file, self.head.file, addresses.log_path(self._now))  # a clock that jumps back reopens no file
        at = len(content) - len(torn) if target == file else 0
        if self._owed:
            made, head = logbook.compose(self.head, self._owed, self._withdrawn(), lost, self._now, signer, target)
            self._writer.append(target, made, at)
            self.head = head
        self._owed = {}
        self._store.published({}, (), (), {HEAD: _text(self.head), UNLOGGED: ""})

    def _adopt(self, file: str, lines: list[bytes]) -> int:
        """Take over lines that stand in the log but not in our notes; how many of ours the log lacks.

        The notes lag behind when a publish was killed after its line, or an older database was put back.
        """
        read = [line for raw in lines if (line := self._read(raw))]
        for line in read:
            if line.seq > self.head.seq:
                self.head = Head(line.seq, line.digest, file)
                self._settle(line)
        if not lines and file != self.head.file and self._writer.has(self.head.file or file):
            return 0  # the first line of a day was torn: the one before stands in the file before
        lost = self.head.seq - max((line.seq for line in read), default=0)
        if lost:
            self.notes.append(f"{addresses.LOG}: {lost} lines before line {self.head.seq + 1} are gone; put them back")
        return lost

    def _read(self, raw: bytes) -> Line | None:
        try:
            return logbook.read_line(raw, self._signing.keys)
        except SignatureError:
            return None

    def _settle(self, line: Line) -> None:
        """What the line says is not owed any more."""
        said = {**line.written, **dict.fromkeys(line.removed, REMOVED)}
        self._owed = {path: was for path, was in self._owed.items() if said.get(addresses.logged(path)) != was}

    def _withdrawn(self) -> dict[str, str]:
        """By logged name, why the stories among what is owed are shown no more."""
        ids = {addresses.story_of(path): addresses.logged(path) for path in self._owed}
        ids.pop("", None)
        found: dict[str, str] = {}
        asked = sorted(ids)
        for start in range(0, len(asked), BATCH):
            for story in self._store.stories(asked[start : start + BATCH]):
                if why := _gone(story):
                    found[ids[story.id]] = why
        return found


def _gone(story: Story) -> str:
    """withdrawn, suspended or hidden when no telling of the story is left; "" otherwise."""
    states = [standing(telling) for telling in story.tellings]
    return states[0] if states and "live" not in states else ""


def _head(memo: str) -> Head:
    if not memo:
        return Head()
    seq, digest, file = memo.split(" ")
    return Head(int(seq), digest, file)


def _text(head: Head) -> str:
    return f"{head.seq} {head.digest} {head.file}"
