"""One file with all that a site is made from, and what makes it stand again elsewhere.

A backup is a gzipped tar: `manifest.json` first (format, time, digest and length of every member), then `config/` (the
configuration and the files it names), `database.sqlite`, `log/` (the publication log, which cannot be made anew), and
where it was asked for `keys.sealed` and `raw/`. It holds the list of recipients: its rights are the owner's alone.
"""

import hashlib
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from aggregator.errors import BackupError

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database.sqlite"
CONFIG, LOG, RAW, KEYS = "config/", "log/", "raw/", "keys.sealed"
NAME = "backup-{:%Y%m%dT%H%M%SZ}.tar.gz"
NAMES = "backup-????????T??????Z.tar.gz"
LARGEST_MANIFEST = 64_000_000  # bytes: some 400,000 members; what claims more is no backup of ours
CHUNK = 1 << 20
MODE, FOLDER_MODE = 0o600, 0o700

Damage = Callable[[Path], str]
"""What is wrong with a file of the database, "" for nothing (store.snapshot.damage)."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `members` are SHA-256 (hex) and length in bytes by name."""

    made_at: str
    version: str
    config: str
    members: Mapping[str, tuple[str, int]]

    @property
    def has_keys(self) -> bool:
        """Whether the keys went along, sealed."""
        return KEYS in self.members


def parts_of(folder: Path, prefix: str) -> dict[str, Path]:
    """Every file below a folder, by its name in the backup; none when there is no such folder."""
    found = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    return {f"{prefix}{path.relative_to(folder).as_posix()}": path for path in found}


def make(
    to: Path, parts: Mapping[str, Path], sealed: bytes, config: str, version: str, now: datetime, damage: Damage
) -> Manifest:
    """Write a backup of these files, whole or not at all, and read it back. Raises BackupError.

    `config` is the name of the configuration below `config/`; `sealed` are the keys, b"" to leave them out.
    """
    try:
        to.parent.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
        handle, name = tempfile.mkstemp(prefix=".unfinished-", dir=to.parent)
    except OSError as error:
        raise BackupError(f"{to.parent}: cannot be written: {error.strerror}; name another folder with --to") from error
    unfinished = Path(name)
    try:
        members = {part: _digest_of(path) for part, path in parts.items()}
        if sealed:
            members[KEYS] = (hashlib.sha256(sealed).hexdigest(), len(sealed))
        manifest = Manifest(f"{now:%Y-%m-%dT%H:%M:%SZ}", version, config, members)
        with os.fdopen(handle, "wb") as file:
            _write(file, manifest, parts, sealed, now)
            file.flush()
            os.fsync(file.fileno())
        check(unfinished, damage)
        unfinished.replace(to)
        _settle(to.parent)
    except OSError as error:
        raise BackupError(
            f"{to}: cannot be written: {error.strerror}; free some space, or name another place"
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def check(path: Path, damage: Damage) -> Manifest:
    """Read a whole backup: every member against its digest, and the database by its own check. Raises BackupError."""
    with tempfile.TemporaryDirectory(prefix="aggregator-check-") as folder:
        copy = Path(folder) / DATABASE
        manifest = _each(path, lambda name: copy if name == DATABASE else None)
        _sound(copy, path, damage)
    return manifest


def restore(path: Path, into: Path, damage: Damage) -> Manifest:
    """Put every member into an empty or missing folder, each below its own name. Raises BackupError.

    A backup with a fault leaves nothing behind: the folder appears when everything in it was found right.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise BackupError(f"{into}: is not empty; name a folder that is empty or not there yet")
    into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=into.parent) as folder:
        whole = Path(folder) / "whole"
        manifest = _each(path, lambda name: whole / name)
        _sound(whole / DATABASE, path, damage)
        if into.exists():
            into.rmdir()
        whole.replace(into)
    return manifest


def rotate(folder: Path, keep: int) -> tuple[Path, ...]:
    """Remove all but the newest backups of a folder; those that were removed. Raises BackupError."""
    found = sorted(folder.glob(NAMES))
    old = tuple(found[: max(0, len(found) - keep)])
    for path in old:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise BackupError(f"{path}: cannot be removed: {error.strerror}; check rights") from error
    return old


def _write(file: IO[bytes], manifest: Manifest, parts: Mapping[str, Path], sealed: bytes, now: datetime) -> None:
    told = {"format": FORMAT, "made_at": manifest.made_at, "version": manifest.version, "config": manifest.config}
    listed = {name: {"sha256": digest, "bytes": size} for name, (digest, size) in manifest.members.items()}
    first = json.dumps({**told, "members": listed}, ensure_ascii=False, indent=1).encode()
    with tarfile.open(fileobj=file, mode="w:gz", format=tarfile.PAX_FORMAT) as tar:
        _add(tar, MANIFEST, first, now)
        if sealed:
            _add(tar, KEYS, sealed, now)
        for name, path in parts.items():
            with path.open("rb") as content:
                tar.addfile(_entry(name, manifest.members[name][1], now), content)


def _add(tar: tarfile.TarFile, name: str, content: bytes, now: datetime) -> None:
    tar.addfile(_entry(name, len(content), now), BytesIO(content))


def _entry(name: str, size: int, now: datetime) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, MODE, int(now.timestamp())
    return entry


def _digest_of(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return _digest(file, None)


def _digest(file: IO[bytes], to: IO[bytes] | None) -> tuple[str, int]:
    hashed, size = hashlib.sha256(), 0
    while chunk := file.read(CHUNK):
        hashed.update(chunk)
        size += len(chunk)
        if to:
            to.write(chunk)
    return hashed.hexdigest(), size


def _each(path: Path, place: Callable[[str], Path | None]) -> Manifest:
    """Read every member, write those that have a place, and hold all against the manifest. Raises BackupError."""
    with _opened(path) as tar:
        manifest = _manifest(tar, path)
        missing = dict(manifest.members)
        while entry := tar.next():
            if entry.name not in missing or not entry.isfile():
                raise BackupError(
                    f"{path}: holds {entry.name!r}, which its manifest does not name; take another backup"
                )
            found = _read(tar, entry, place(entry.name))
            if found != missing.pop(entry.name):
                raise BackupError(f"{path}: {entry.name} is damaged; take another backup")
        if missing:
            raise BackupError(f"{path}: {next(iter(missing))} is missing; take another backup")
    return manifest


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r|gz") as tar:
            yield tar
    except FileNotFoundError as error:
        raise BackupError(f"{path}: no such file; name a backup, as backup-20261120T020000Z.tar.gz") from error
    except (tarfile.TarError, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise BackupError(f"{path}: cannot be read or unpacked: {error.strerror}") from error
        raise BackupError(f"{path}: is no backup, or was cut off ({error}); take another one") from error
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error) as error:  # of a manifest that is none, too
        raise BackupError(f"{path}: is no backup, or is damaged ({error}); take another one") from error


def _manifest(tar: tarfile.TarFile, path: Path) -> Manifest:
    entry = tar.next()
    if entry is None or entry.name != MANIFEST or entry.size > LARGEST_MANIFEST:
        raise BackupError(f"{path}: does not begin with a {MANIFEST}; it is no backup of ours")
    file = cast("IO[bytes]", tar.extractfile(entry))
    told: dict[str, Any] = json.loads(file.read())
    if told.get("format") != FORMAT:
        raise BackupError(
            f"{path}: is of format {told.get('format')}, this version reads {FORMAT}; use a newer version"
        )
    members = {name: (row["sha256"], row["bytes"]) for name, row in told["members"].items()}
    for name in (*members, CONFIG + told["config"]):
        if not _inside(name):
            raise BackupError(f"{path}: names {name!r}, which lies outside it; it is no backup of ours")
    if CONFIG + told["config"] not in members or DATABASE not in members:
        raise BackupError(f"{path}: holds no configuration or no database; take another one")
    return Manifest(told["made_at"], told["version"], told["config"], members)


def _inside(name: str) -> bool:
    pure = PurePosixPath(name)
    return bool(pure.parts) and not pure.is_absolute() and ".." not in pure.parts and "\\" not in name


def _read(tar: tarfile.TarFile, entry: tarfile.TarInfo, to: Path | None) -> tuple[str, int]:
    content = cast("IO[bytes]", tar.extractfile(entry))
    if to is None:
        return _digest(content, None)
    to.parent.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    with open(to, "xb", opener=lambda name, flags: os.open(name, flags, MODE)) as file:
        found = _digest(content, file)
        file.flush()
        os.fsync(file.fileno())
    return found


def _sound(database: Path, path: Path, damage: Damage) -> None:
    """Raises BackupError when the copy of the database is found damaged."""
    if found := damage(database):
        raise BackupError(f"{path}: its database is damaged ({found}); take another backup")


def _settle(folder: Path) -> None:
    """Have the folder's names on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
