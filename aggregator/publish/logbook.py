"""The publication log: what was published when, and what was withdrawn. Pure.

One JSON line a publish (or several, when it was large), each signed and holding the digest of the line before. A file
holds a local day; its first line names the file before it. Digests of the log are of a line without its newline.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aggregator.errors import SignatureError
from aggregator.publish import addresses, signing
from aggregator.publish.signing import Key, Signer
from aggregator.publish.words import iso

FIRST = "0" * 64  # what stands for the digest before the first line
IN_A_LINE = 500  # files named in one line: about 60 kB, so that a line is read at once
REMOVED = ""  # the digest of what is there no more


@dataclass(frozen=True, slots=True)
class Head:
    """The newest line: its number, its digest, and the file it stands in. Number 0: there is none yet."""

    seq: int = 0
    digest: str = FIRST
    file: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log. `written` are digests by logged name (addresses.logged); `withdrawn` is why, by story.

    `lost` is how many lines before it the publisher no longer had when it wrote this one.
    """

    seq: int
    time: str
    prev: str
    before: str
    written: Mapping[str, str]
    removed: tuple[str, ...]
    withdrawn: Mapping[str, str]
    lost: int
    key: str
    digest: str


@dataclass(slots=True)
class Reading:
    """What a log says after reading it: where each file stands now, every state it was ever in, and the faults."""

    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    now: dict[str, tuple[str, Line]] = field(default_factory=dict)
    ever: dict[tuple[str, str], Line] = field(default_factory=dict)
    head: Head = Head()
    lines: int = 0
    digests: dict[int, str] = field(default_factory=dict)


def compose(
    head: Head,
    changed: Mapping[str, str],
    withdrawn: Mapping[str, str],
    lost: int,
    now: datetime,
    signer: Signer,
    file: str,
) -> tuple[bytes, Head]:
    """Lines that follow the head, for a file of the log, and the head after them.

    `changed` are digests by path (REMOVED for what was taken away), `withdrawn` is why, by logged name.
    """
    names = {addresses.logged(path): digest for path, digest in sorted(changed.items())}
    rows = sorted(names.items())
    lines = []
    for start in range(0, len(rows), IN_A_LINE):
        part = dict(rows[start : start + IN_A_LINE])
        fields = {
            "version": signing.VERSION,
            "seq": head.seq + 1,
            "time": iso(now),
            "prev": head.digest,
            "before": head.file if head.file != file else "",
            "written": {name: digest for name, digest in part.items() if digest != REMOVED},
            "removed": [name for name, digest in part.items() if digest == REMOVED],
            "withdrawn": {name: why for name, why in withdrawn.items() if name in part},
            "lost": lost if start == 0 else 0,
            "algorithm": signer.key.algorithm,
            "key": signer.key.id,
        }
        lines.append(signing.sealed("log", fields, signer))
        head = Head(head.seq + 1, digest_of(lines[-1]), file)
    return b"".join(lines), head


def digest_of(line: bytes) -> str:
    """By which the next line names it."""
    return hashlib.sha256(line.removesuffix(b"\n")).hexdigest()


def read_line(line: bytes, keys: Sequence[Key]) -> Line:
    """The line with its newline. Raises SignatureError when it is not as it was signed."""
    fields = signing.opened("log", line, keys)
    try:
        return _line(fields, digest_of(line))
    except (KeyError, TypeError, ValueError) as error:
        raise SignatureError("is signed, but no line of a publication log") from error


def split(content: bytes) -> tuple[list[bytes], bytes]:
    """The whole lines of a file of the log, each with its newline, and what stands after the last one."""
    lines = content.split(b"\n")
    return [line + b"\n" for line in lines[:-1]], lines[-1]


def read(files: Iterable[tuple[str, bytes]], keys: Sequence[Key], *, whole: bool) -> Reading:
    """Check the files of a log, in order, and gather what they say. `whole`: they must begin with line 1.

    Every line that was changed, lost, moved or doubled is named by its number, or by its place where the number
    cannot be trusted. Reading goes on after a fault.
    """
    reading = Reading()
    state = _Walk(reading, keys, whole)
    for file, content in files:
        lines, rest = split(content)
        for number, raw in enumerate(lines, 1):
            state.take(file, number, raw)
        if rest:
            reading.faults.append(f"{file}: ends in the middle of a line, as a killed publish leaves it; publish again")
    return reading


class _Walk:
    """The way along a log: what the next line must follow on."""

    def __init__(self, reading: Reading, keys: Sequence[Key], whole: bool) -> None:
        self._reading = reading
        self._keys = keys
        self._rank = {key.id: rank for rank, key in enumerate(keys)}
        self._began = whole
        self._unread = 0  # lines that could not be read since the last one that could
        self._last_rank = -1

    def take(self, file: str, number: int, raw: bytes) -> None:
        """Read one line; a line that does not hold is named and what it says is not believed."""
        reading, where = self._reading, f"{file}:{number}"
        reading.lines += 1
        try:
            line = read_line(raw, self._keys)
        except SignatureError as error:
            reading.faults.append(f"{where}: this line of the log {error}")
            self._unread += 1
            return
        if self._rank[line.key] < self._last_rank:
            because = f"was signed with key {line.key} after a newer one was in use"
            reading.faults.append(f"{where}: line {line.seq} of the log {because}")
            return
        if fault := self._out_of_place(line):
            reading.faults.append(f"{where}: {fault}")
        if line.seq > reading.head.seq:
            self._follow(line, file)

    def _out_of_place(self, line: Line) -> str:
        """What is wrong with where it stands; "" when it follows on the line before."""
        head, began = self._reading.head, self._began
        expected = head.seq + 1
        self._began = True
        if not began:
            return ""
        if line.seq in self._reading.digests:
            return f"line {line.seq} of the log stands twice"
        if line.seq < expected:
            return f"line {line.seq} of the log stands after line {head.seq}: the lines were moved"
        missing = line.seq - expected - self._unread  # a line that could not be read was named already
        if missing > 0 and missing <= line.lost:
            self._reading.notes.append(f"{_lines(expected, line.seq - 1)}: lost by the publisher, who says so")
        elif missing > 0:
            return f"{_lines(expected, line.seq - 1)} of the log missing"
        elif not self._unread and line.prev != head.digest:
            return f"line {line.seq} of the log does not follow on line {head.seq}: another line stood there"
        return ""

    def _follow(self, line: Line, file: str) -> None:
        reading = self._reading
        reading.head = Head(line.seq, line.digest, file)
        reading.digests[line.seq] = line.digest
        self._unread = 0
        self._last_rank = max(self._last_rank, self._rank[line.key])
        for name, digest in {**line.written, **dict.fromkeys(line.removed, REMOVED)}.items():
            reading.now[name] = (digest, line)
            reading.ever[name, digest] = line


def _lines(first: int, last: int) -> str:
    return f"line {first}" if first == last else f"lines {first} to {last}"


def judge(name: str, digest: str, reading: Reading) -> str:
    """What is wrong with a file of that logged name and digest, by the log; "" when it is the one published last."""
    if name not in reading.now:
        return "is not in the publication log"
    current, line = reading.now[name]
    when = f"line {line.seq} of the log ({line.time})"
    if digest == current:
        return ""
    older = reading.ever.get((name, digest))
    if older is not None:
        what = "removed" if current == REMOVED else "replaced"
        return f"is an older copy, of line {older.seq} of the log ({older.time}); {what} by {when}"
    return f"was removed by {when}" if current == REMOVED else f"is not what {when} says was published"


def _line(fields: Mapping[str, Any], digest: str) -> Line:
    return Line(
        seq=int(fields["seq"]),
        time=str(fields["time"]),
        prev=str(fields["prev"]),
        before=str(fields["before"]),
        written=dict(fields["written"]),
        removed=tuple(fields["removed"]),
        withdrawn=dict(fields["withdrawn"]),
        lost=int(fields["lost"]),
        key=str(fields["key"]),
        digest=digest,
    )
