"""Checks a published site, or one file of it, by public keys alone. Pure but for the place it reads from.

What is held against what: a file against its signature, and against the newest line of the log that names it; the
log against its own chain; the heartbeat against the clock, and the end of the log against the heartbeat.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from aggregator.errors import SignatureError
from aggregator.publish import addresses, copies, logbook, signing
from aggregator.publish.logbook import REMOVED, Reading
from aggregator.publish.signing import Key

DAYS_BACK = 400  # files of the log that are looked through for one file: more than a year
REPLAYED = 31  # files further back in which an older copy is looked for
SHOWN = 20  # faults of one kind that are named; the rest is counted


class Place(Protocol):
    """Where a site stands: a folder, or an address."""

    def read(self, path: str) -> bytes | None:
        """The file at that path of the site; None when there is none."""
        ...

    def names(self) -> list[str]:
        """Every file of the site, sorted; only asked of a folder."""
        ...


@dataclass(slots=True)
class Proof:
    """What a check found: faults (something is wrong), notes (worth knowing), and what was seen to hold."""

    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    good: list[str] = field(default_factory=list)


def ring(place: Place | None, held: Sequence[Key], proof: Proof) -> Sequence[Key]:
    """The keys to check with: those of the place that the keys held vouch for; those held where it has none."""
    offered = place.read(addresses.KEYS) if place else None
    if offered is None:
        return held
    try:
        keys = signing.decode_ring(offered)
        known = signing.trusted(held, keys)
    except SignatureError as error:
        proof.faults.append(f"{addresses.KEYS}: {error}")
        return held
    if fault := signing.behind(held, keys):
        proof.faults.append(f"{addresses.KEYS}: {fault}")
    return known


def check_ring(content: bytes, held: Sequence[Key]) -> Proof:
    """A file of public keys against those held."""
    proof = Proof()
    try:
        keys = signing.decode_ring(content)
        known = signing.trusted(held, keys)
    except SignatureError as error:
        proof.faults.append(f"{addresses.KEYS}: {error}")
        return proof
    if fault := signing.behind(held, keys):
        proof.faults.append(f"{addresses.KEYS}: {fault}")
    proof.good.append(f"a chain of {len(known)} to key {known[-1].id}, in force since {known[-1].starts}")
    return proof


def check_file(
    name: str, content: bytes, signature: bytes | None, held: Sequence[Key], place: Place | None, now: datetime
) -> Proof:
    """One file with its signature, beside the site it came from where that can be read.

    `name` is where it stands in the site; "" takes the signature's word for it.
    """
    proof = Proof()
    keys = ring(place, held, proof)
    if signature is not None:
        path = _signed(name, content, signature, keys, proof)
    else:
        path = name
        if not place or not name or addresses.is_signed(name):
            proof.faults.append(f"{name or 'the file'}: has no signature beside it ({addresses.SIGNATURE}): unsigned")
    if path == addresses.HEARTBEAT:
        _fresh(content, now, proof)
    elif place and path and addresses.is_logged(path):
        _newest(path, content, keys, place, now, proof)
    elif not proof.faults:
        proof.notes.append("no log to compare with: whether this is the newest copy cannot be told")
    return proof


def check_site(place: Place, held: Sequence[Key], now: datetime) -> Proof:
    """A whole folder: keys, log, heartbeat, every signature, every file against the log."""
    proof = Proof()
    keys = ring(place, held, proof)
    names = place.names()
    files = [name for name in names if name.startswith(addresses.LOG)]
    reading = logbook.read(((name, place.read(name) or b"") for name in files), keys, whole=True)
    proof.faults += reading.faults
    proof.notes += reading.notes
    if not files:
        proof.faults.append(f"{addresses.LOG}: there is no publication log")
    _beat(place, keys, reading, now, proof)
    signed = sum(_beside(name, place, keys, proof) for name in names)
    _against(names, place, reading, proof)
    _copies(names, place, proof)
    proof.good.append(f"{signed} signatures, {len(reading.now)} files by {reading.lines} lines of the log")
    return proof


def check_log(file: str, content: bytes, keys: Sequence[Key]) -> Proof:
    """One file of the log alone."""
    reading = logbook.read([(file, content)], keys, whole=False)
    held = f"lines {min(reading.digests)} to {max(reading.digests)} of the log" if reading.digests else "no line"
    return Proof(reading.faults, reading.notes, [held])


def _signed(name: str, content: bytes, signature: bytes, keys: Sequence[Key], proof: Proof) -> str:
    """The path that the signature names; "" when it cannot be believed."""
    try:
        envelope = signing.check_file(content, signature, keys)
    except SignatureError as error:
        proof.faults.append(f"{name or 'the file'}: {error}")
        return name
    if name and envelope.path != name:
        proof.faults.append(f"{name}: was signed as {envelope.path}: it does not belong here")
    proof.good.append(f"{envelope.path} as signed with key {envelope.key}")
    return envelope.path


def _fresh(content: bytes, now: datetime, proof: Proof) -> dict[str, Any]:
    """The heartbeat's fields; an expired one is a fault."""
    try:
        beat: dict[str, Any] = json.loads(content)
        until = datetime.fromisoformat(beat["valid_until"]) if beat["valid_until"] else None
        expired = until is not None and until < now
    except (ValueError, KeyError, TypeError):
        proof.faults.append(f"{addresses.HEARTBEAT}: cannot be read")
        return {}
    if expired:
        told = f"was valid until {beat['valid_until']}: an old copy, or a site that has not been updated since"
        proof.faults.append(f"{addresses.HEARTBEAT}: {told}")
    return beat


def _beat(place: Place, keys: Sequence[Key], reading: Reading | None, now: datetime, proof: Proof) -> dict[str, Any]:
    """The heartbeat: signed, not expired, and its line of the log there."""
    content, signature = place.read(addresses.HEARTBEAT), place.read(addresses.HEARTBEAT + addresses.SIGNATURE)
    if content is None:
        proof.faults.append(f"{addresses.HEARTBEAT}: is missing")
        return {}
    if signature is None:
        proof.faults.append(f"{addresses.HEARTBEAT}: has no signature beside it")
        return {}
    before = len(proof.faults)
    _signed(addresses.HEARTBEAT, content, signature, keys, proof)
    if len(proof.faults) > before:
        return {}
    beat = _fresh(content, now, proof)
    if reading is not None and isinstance(beat.get("log"), dict):
        _end(beat["log"], reading, proof)
    return beat


def _end(told: dict[str, Any], reading: Reading, proof: Proof) -> None:
    """Whether the log reaches to the line that the heartbeat names."""
    line = int(told["line"])
    if line > reading.head.seq:
        first = reading.head.seq + 1
        missing = f"line {line}" if first == line else f"lines {first} to {line}"
        proof.faults.append(f"{told['file']}: {missing} of the log missing; the heartbeat names line {line}")
    elif line in reading.digests and reading.digests[line] != told["sha256"]:
        proof.faults.append(f"{told['file']}: line {line} of the log is not the one that the heartbeat names")


def _newest(path: str, content: bytes, keys: Sequence[Key], place: Place, now: datetime, proof: Proof) -> None:
    """Whether the file is the copy that the log names last, reading the log back from its end to the file's name."""
    beat = _beat(place, keys, None, now, proof)
    if not isinstance(beat.get("log"), dict):
        proof.faults.append(f"{addresses.HEARTBEAT}: names no line of a publication log")
        return
    name, digest = addresses.logged(path), hashlib.sha256(content).hexdigest()
    files = _back(str(beat["log"]["file"]), name, digest, keys, place, proof)
    reading = logbook.read(reversed(files), keys, whole=False)
    proof.faults += reading.faults
    proof.notes += reading.notes
    _end(beat["log"], reading, proof)
    if fault := logbook.judge(name, digest, reading):
        proof.faults.append(f"{path}: {fault}")
    else:
        line = reading.now[name][1]
        proof.good.append(f"{path} as published last, by line {line.seq} of the log ({line.time})")


def _back(
    file: str, name: str, digest: str, keys: Sequence[Key], place: Place, proof: Proof
) -> list[tuple[str, bytes]]:
    """Files of the log, newest first, back to the one that names the file with that digest.

    Where it is named with another, an older copy is looked for a while.
    """
    files: list[tuple[str, bytes]] = []
    left = DAYS_BACK
    while file and left:
        found = place.read(file)
        if found is None:
            proof.faults.append(f"{file}: this file of the log is missing")
            break
        files.append((file, found))
        if digest.encode() in found:
            break
        left = min(left - 1, REPLAYED) if json.dumps(name).encode() in found else left - 1
        file = _before(found, keys)
    return files


def _before(content: bytes, keys: Sequence[Key]) -> str:
    """The file of the log before this one; "" when its first line does not tell."""
    lines, _ = logbook.split(content)
    try:
        return logbook.read_line(lines[0], keys).before if lines else ""
    except SignatureError:
        return ""


def _beside(name: str, place: Place, keys: Sequence[Key], proof: Proof) -> int:
    """Check the signature of a file that should have one; how many there were."""
    if name.endswith(addresses.SIGNATURE) and place.read(name.removesuffix(addresses.SIGNATURE)) is None:
        proof.faults.append(f"{name}: is the signature of a file that is missing")
    if not addresses.is_signed(name) or name == addresses.HEARTBEAT:
        return 0
    signature = place.read(name + addresses.SIGNATURE)
    if signature is None:
        proof.faults.append(f"{name}: has no signature beside it")
        return 0
    inner = Proof()
    _signed(name, place.read(name) or b"", signature, keys, inner)
    proof.faults += inner.faults
    return 1


def _copies(names: Sequence[str], place: Place, proof: Proof) -> None:
    """Every compressed copy against its file: readers are handed the copy, and no signature covers it."""
    unread = 0
    for name in names:
        file = addresses.without_copy(name)
        if file == name:
            continue
        content = place.read(file)
        try:
            if content is None:
                proof.faults.append(f"{name}: is a copy of a file that is missing")
            elif not copies.says(name, place.read(name) or b"", content):
                proof.faults.append(f"{name}: holds something else than the file that it is a copy of")
        except ImportError:
            unread += 1
    if unread:
        proof.notes.append(f"{unread} copies (.br) were not read: that needs the package brotli")


def _against(names: Sequence[str], place: Place, reading: Reading, proof: Proof) -> None:
    """Every file against the log, and the log against what is there."""
    there: set[str] = set()
    strange: list[str] = []
    for name in names:
        if not addresses.is_logged(name):
            continue
        logged = addresses.logged(name)
        there.add(logged)
        if logged not in reading.now:
            strange.append(f"{name}: is not in the publication log")
        elif fault := logbook.judge(logged, hashlib.sha256(place.read(name) or b"").hexdigest(), reading):
            proof.faults.append(f"{name}: {fault}")
    absent = [name for name, (digest, _) in reading.now.items() if digest != REMOVED and name not in there]
    missing = [
        f"{name}: is missing; line {reading.now[name][1].seq} of the log published it" for name in sorted(absent)
    ]
    for rows in (strange, missing):
        proof.faults += rows[:SHOWN]
        if len(rows) > SHOWN:
            proof.faults.append(f"and {len(rows) - SHOWN} more of the same")
