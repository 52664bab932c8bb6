"""backup and restore: one consistent file of the whole site, and the site made of it again elsewhere."""

import argparse
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aggregator import __version__
from aggregator import config as configuration
from aggregator.cli import wiring
from aggregator.cli.exits import OK
from aggregator.errors import BackupError
from aggregator.operate import backup, sealing
from aggregator.publish import addresses
from aggregator.settings import Config
from aggregator.store.snapshot import damage


def backup_command(arguments: argparse.Namespace) -> int:
    """Make a backup, or with --check read one whole."""
    if arguments.check:
        manifest = backup.check(arguments.check, damage)
        keys = "with sealed keys" if manifest.has_keys else "without keys"
        if sys.stdout.isatty():
            print(f"{arguments.check}: sound; {len(manifest.members)} members of {manifest.made_at}, {keys}")
        return OK
    config, now = wiring.load(arguments), wiring.clock_of(arguments)()
    folder = arguments.to or wiring.state_folder(config) / "backups"
    _keep_apart(folder, config)
    sealed = _sealed(wiring.keys_folder(config), arguments.passphrase_file) if arguments.passphrase_file else b""
    with _snapshot(arguments, config) as parts:
        if arguments.raw:
            parts |= backup.parts_of(wiring.state_folder(config) / "raw", backup.RAW)
        to = folder / backup.NAME.format(now)
        manifest = backup.make(to, parts, sealed, arguments.config.name, __version__, now, damage)
    gone = backup.rotate(folder, arguments.keep) if arguments.keep else ()
    _tell(to, manifest, len(gone), config, arguments)
    return OK


def restore_command(arguments: argparse.Namespace) -> int:
    """Unpack a backup into an empty folder and put each part where its configuration looks for it."""
    into: Path = arguments.into.resolve()
    passphrase = sealing.passphrase_in(arguments.passphrase_file) if arguments.passphrase_file else ""
    manifest = backup.restore(arguments.file, into, damage)
    try:
        config = _settle(into, manifest)
        keys = _keys(into, config, passphrase)
    except BackupError as error:
        raise BackupError(f"{error} (what was unpacked lies in {into})") from error
    print(f"restored from {manifest.made_at} into {into}; {keys}")
    print(f"next: aggregator publish --full --config {into / manifest.config}")
    return OK


@contextmanager
def _snapshot(arguments: argparse.Namespace, config: Config) -> Iterator[dict[str, Path]]:
    """The files of a backup by name, of one moment: nobody publishes while database and log are copied."""
    base = arguments.config.resolve().parent
    with tempfile.TemporaryDirectory(prefix=".snapshot-", dir=_made(wiring.state_folder(config))) as name:
        copy, logs = Path(name) / backup.DATABASE, Path(name) / "log"
        store = wiring.open_store(config, wiring.wall_clock)
        try:
            with wiring.lock(config, wiring.PATIENCE_S, "publish.lock"):
                store.snapshot(copy)
                _copy(Path(config.output) / addresses.LOG, logs)
        finally:
            store.close()
        named = {f"{backup.CONFIG}{path.relative_to(base).as_posix()}": path for path in _named(arguments.config)}
        yield {**named, backup.DATABASE: copy, **backup.parts_of(logs, backup.LOG)}


def _named(path: Path) -> list[Path]:
    """The configuration and every file that it names below its folder; files of passwords stay where they are."""
    found = configuration.named_files(path)
    whole = [one for place in found for one in (sorted(place.rglob("*")) if place.is_dir() else [place])]
    return [path.resolve(), *dict.fromkeys(one for one in whole if one.is_file() and one != path.resolve())]


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _copy(folder: Path, to: Path) -> None:
    to.mkdir()
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        (to / path.name).write_bytes(path.read_bytes())


def _keep_apart(folder: Path, config: Config) -> None:
    if folder.resolve().is_relative_to(Path(config.output).resolve()):
        raise BackupError(f"{folder}: lies in the output, which is served to everybody; name another one with --to")


def _sealed(folder: Path, passphrase_file: Path) -> bytes:
    files = {path.name: path.read_bytes() for path in sorted(folder.glob("*")) if path.is_file()}
    word = sealing.passphrase_in(passphrase_file)
    if not files:
        return b""
    return sealing.seal(files, word, secrets.token_bytes(sealing.SALT_BYTES), secrets.token_bytes(sealing.NONCE_BYTES))


def _tell(to: Path, manifest: backup.Manifest, gone: int, config: Config, arguments: argparse.Namespace) -> None:
    if not manifest.has_keys and any(wiring.keys_folder(config).glob("*")):
        told = "without its keys; keep them apart, or seal them into it with --passphrase-file"
        print(f"{to}: {told}", file=sys.stderr)
    if sys.stdout.isatty():
        removed = f"; {gone} old ones removed" if gone else ""
        print(f"{to}: {to.stat().st_size / 1e6:.1f} MB, read back whole{removed}")
        print(f"copy it to another machine; look at a copy with: aggregator backup --check {to.name}")


def _settle(into: Path, manifest: backup.Manifest) -> Config:
    """Every part where the configuration looks for it; places outside the folder are refused."""
    (into / backup.MANIFEST).unlink(missing_ok=True)
    for path in sorted((into / "config").iterdir()):
        path.replace(into / path.name)
    (into / "config").rmdir()
    path = into / manifest.config
    config = configuration.folder_of(configuration.load(path), path)
    places = {
        backup.DATABASE: Path(config.database.removeprefix(wiring.SQLITE)),
        "log": Path(config.output) / "log",
        "raw": wiring.state_folder(config) / "raw",
    }
    for name, place in places.items():
        if not (into / name).exists() or into / name == place:
            continue
        if not place.is_relative_to(into) or place.exists():
            told = f"{path} names {place}, which is outside {into} or is there already"
            raise BackupError(f"{told}; correct the key in {path}, then move {into / name} there by hand")
        place.parent.mkdir(parents=True, exist_ok=True)
        (into / name).replace(place)
    return config


def _keys(into: Path, config: Config, passphrase: str) -> str:
    sealed = into / backup.KEYS
    if not sealed.exists():
        return "its keys were left out: put var/keys back from where you keep them, or what is published is unsigned"
    if not passphrase:
        return f"its keys are still sealed in {sealed}: give --passphrase-file"
    sealing.put(sealing.unseal(sealed.read_bytes(), passphrase), wiring.keys_folder(config))
    sealed.unlink()
    return "its keys are in force again"
