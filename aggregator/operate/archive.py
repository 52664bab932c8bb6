"""The raw archive: the pages that texts were read from, in WARC files that grow, rotate and go. Their only door.

Files are `<number>-<day>.warc.gz`; a new one begins with a new day (UTC) or when the last one is full. Beside them
`whole.json` says how long the last file was when it was last left whole: where that is not so, it is read again, and
a record that was not finished is cut off. `erasing.json` is there while a record is being overwritten.
"""

import json
import logging
import os
import re
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from aggregator.errors import ArchiveError
from aggregator.model import ArchiveState, Raw, RawRecord
from aggregator.operate import warc
from aggregator.settings import Archive

log = logging.getLogger(__name__)

NAME = re.compile(r"(\d{6})-(\d{8})\.warc\.gz")
FILE_BYTES = 64_000_000  # of one file: pruning takes whole files, and finding a torn end reads one
SHARE = 8  # of the bound: files are small beside it, so that pruning takes little more than it must
PATIENCE_S = 60.0  # for the lock: who holds it writes a visit's pages, or erases in one file (5 to 30 MB a second)
MODE = 0o600
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Whole:
    """How the archive was left: its last file, that file's length, and the highest number that was pruned."""

    file: str = ""
    length: int = 0
    pruned: int = 0


class FolderArchive:
    """ports.Archive in a folder that no web server serves. Several processes may use it at once."""

    def __init__(self, root: Path, settings: Archive, clock: Callable[[], datetime]) -> None:
        self.root = root
        self._settings = settings
        self._clock = clock

    def keep(self, raws: Sequence[Raw]) -> tuple[RawRecord, ...]:
        """Where each page lies from now on; on disk when this returns. Raises ArchiveError, and then keeps none."""
        with self._locked("written"):
            before = self._mended(self._whole())
            name, size = self._place(before)
            lead = b"" if size else warc.opening(self._clock(), name)
            parts = [warc.record(raw) for raw in raws]
            _append(self.root / name, size, lead + b"".join(parts))
            records, offset = [], size + len(lead)
            for part in parts:
                records.append(RawRecord(name, offset, len(part)))
                offset += len(part)
            self._note(Whole(name, offset, self._pruned(name, before.pruned)))
        return tuple(records)

    def read(self, record: RawRecord) -> Raw:
        """The page that was kept there. Raises ArchiveError that names what became of it."""
        path = self._path(record)
        try:
            with path.open("rb") as file:
                file.seek(record.offset)
                data = file.read(record.length)
        except FileNotFoundError as error:
            raise self._absent(path) from error
        except OSError as error:
            raise ArchiveError("unusable", f"{path}: cannot be read: {error.strerror}; check rights") from error
        if len(data) < record.length:
            told = f"{path}: ends at byte {record.offset + len(data):,}, within the record; restore it from a backup"
            raise ArchiveError("cut", told)
        try:
            return warc.read(data)
        except ArchiveError as error:
            raise ArchiveError(error.state, f"{path}, byte {record.offset:,}: {error}") from error

    def erase(self, articles: Collection[str], records: Collection[RawRecord], words: Collection[str]) -> int:
        """How many records were overwritten: these, all of these articles, and all that tell any of the words.

        Reads the whole archive, one file after another: others may write in between. Raises ArchiveError; what was
        erased by then stays so, and the rest goes on a repeat.
        """
        given = {(record.file, record.offset) for record in records}
        needles = [warc.needle(word) for word in words]
        count = 0
        for name in self._names():
            with self._locked("erased"):
                for found in self._doomed(name, {at for file, at in given if file == name}, articles, needles):
                    self._overwrite(found)
                    count += 1
        return count

    def state(self) -> ArchiveState:
        """Files and bytes now, and whether it can be written. Raises nothing."""
        try:
            sizes = [(self.root / name).stat().st_size for name in self._names()]
        except OSError as error:
            return ArchiveState(0, 0, f"{self.root}: cannot be read: {error.strerror}; check rights")
        place = next((folder for folder in (self.root, *self.root.parents) if folder.exists()), self.root)
        well = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
        return ArchiveState(len(sizes), sum(sizes), "" if well else f"{place}: cannot be written; check rights")

    def _path(self, record: RawRecord) -> Path:
        if not NAME.fullmatch(record.file):
            raise ArchiveError("damaged", f"{record.file!r} is no name of a file of the archive")
        return self.root / record.file

    def _absent(self, path: Path) -> ArchiveError:
        number, names = _number(path.name), self._names()
        if number <= self._whole().pruned or (names and number < _number(names[0])):
            return ArchiveError("pruned", f"{path.name} was pruned by archive.max_bytes or archive.max_age")
        return ArchiveError("missing", f"{path}: is not there; restore it from a backup")

    def _names(self) -> list[str]:
        """The files, the oldest first."""
        if not self.root.is_dir():
            return []
        return sorted(path.name for path in self.root.iterdir() if NAME.fullmatch(path.name))

    @contextmanager
    def _locked(self, done: str) -> Iterator[None]:
        """Alone with the archive, whatever a killed process left there finished. Raises ArchiveError."""
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            with FileLock(self.root / "archive.lock", timeout=PATIENCE_S):
                self._finish_erasing()
                yield
        except Timeout as error:
            raise ArchiveError("unusable", f"{self.root}: another process holds archive.lock; let it end") from error
        except OSError as error:
            told = f"{self.root}: cannot be {done}: {error.strerror or error}; check space and rights"
            raise ArchiveError("unusable", told) from error

    # --- the last file

    def _whole(self) -> Whole:
        try:
            return Whole(**json.loads((self.root / "whole.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return Whole()  # it is a short cut: without it the last file is read

    def _note(self, whole: Whole) -> None:
        _replace(self.root / "whole.json", {"file": whole.file, "length": whole.length, "pruned": whole.pruned})

    def _mended(self, noted: Whole) -> Whole:
        """The last file as it is now, without a record that was not finished. Its length -1: it takes no more."""
        names = self._names()
        if not names:
            return Whole("", 0, noted.pruned)
        path = self.root / names[-1]
        size = path.stat().st_size
        if (noted.file, noted.length) == (path.name, size):
            return noted
        last = None
        for last in warc.members(path.read_bytes()):
            if last.state == "damaged":
                log.warning("damaged record", extra={"file": path.name, "offset": last.offset})
        if last is not None and last.state == "torn":
            log.warning("torn record cut", extra={"file": path.name, "offset": last.offset, "bytes": last.length})
            _cut(path, last.offset)
            size = last.offset
        return Whole(path.name, -1 if last is not None and last.state == "damaged" else size, noted.pruned)

    def _place(self, whole: Whole) -> tuple[str, int]:
        """The file to write to, and its length: the last one, or a new one for a new day or when it is full.

        A clock that jumped back begins no new file.
        """
        today = f"{self._clock().astimezone(UTC):%Y%m%d}"
        most = min(FILE_BYTES, self._settings.max_bytes // SHARE)
        if whole.file and today <= _day(whole.file) and 0 <= whole.length < most:
            return whole.file, whole.length
        number = max(whole.pruned, _number(whole.file) if whole.file else 0) + 1
        day = max(today, _day(whole.file)) if whole.file else today
        return f"{number:06}-{day}.warc.gz", 0

    def _pruned(self, current: str, before: int) -> int:
        """Take away files beyond the bounds, the oldest first and never the current one; the highest number gone."""
        sizes = {name: (self.root / name).stat().st_size for name in self._names()}
        total, gone = sum(sizes.values()), before
        for name, size in sizes.items():
            ends = datetime.strptime(_day(name), "%Y%m%d").replace(tzinfo=UTC) + DAY
            old = ends + self._settings.max_age <= self._clock()
            if name == current or not (old or total > self._settings.max_bytes):
                break
            (self.root / name).unlink()
            log.info("raw file pruned", extra={"file": name, "bytes": size})
            total, gone = total - size, max(gone, _number(name))
        return gone

    # --- erasing

    def _doomed(
        self, name: str, offsets: Collection[int], articles: Collection[str], words: Collection[warc.Needle]
    ) -> Iterator[RawRecord]:
        """The records of a file that must go; an unfinished last one is cut off, whatever it was."""
        path = self.root / name
        for found in warc.members(path.read_bytes() if path.exists() else b""):
            if found.state == "torn":
                _cut(path, found.offset)
            elif _meets(found, offsets) or warc.holds(found.content, articles, words):
                yield RawRecord(name, found.offset, found.length)

    def _overwrite(self, record: RawRecord) -> None:
        """Put a tombstone of the same length in its place: what stands behind it keeps its offset."""
        at = self._clock()
        told = {"file": record.file, "offset": record.offset, "length": record.length, "at": at.isoformat()}
        _replace(self.root / "erasing.json", told)
        self._finish_erasing()

    def _finish_erasing(self) -> None:
        note = self.root / "erasing.json"
        if not note.exists():
            return
        try:
            told = json.loads(note.read_text(encoding="utf-8"))
            record = RawRecord(told["file"], told["offset"], told["length"])
            over = warc.tombstone(record.length, datetime.fromisoformat(told["at"]))
        except (ValueError, KeyError, TypeError) as error:
            raise ArchiveError("damaged", f"{note}: cannot be understood; remove it, then purge again") from error
        path = self._path(record)
        if path.exists():
            with path.open("r+b") as file:
                file.seek(record.offset)
                file.write(over)
                _settle(file)
        note.unlink()


def _meets(found: warc.Member, offsets: Collection[int]) -> bool:
    """Whether one of the offsets lies in it; of a damaged stretch it need not be the beginning."""
    return any(found.offset <= offset < found.offset + found.length for offset in offsets)


def _number(name: str) -> int:
    return int(name[:6])


def _day(name: str) -> str:
    return name[7:15]


def _append(path: Path, size: int, data: bytes) -> None:
    """Write at the file's end, to the disk. When that fails the file is as long as before."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, MODE)
    with os.fdopen(handle, "r+b") as file:
        try:
            file.seek(size)
            file.write(data)
            _settle(file)
        except OSError:
            os.ftruncate(file.fileno(), size)
            raise


def _cut(path: Path, size: int) -> None:
    with path.open("r+b") as file:
        file.truncate(size)
        _settle(file)


def _settle(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


def _replace(path: Path, told: dict[str, Any]) -> None:
    """Put a small JSON file in place whole."""
    handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(told, file)
            _settle(file)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
