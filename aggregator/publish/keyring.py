"""The folder of keys (var/keys, never served): keys.json, the public ring, and the private key in force, `<id>.pem`.

The private key of a ring's newest key is kept and no other: what has signed its successor has done its work.
"""

import os
import tempfile
from datetime import datetime
from pathlib import Path

from aggregator.errors import ConfigError, SignatureError, StoreError
from aggregator.publish.signing import Key, Signer, Signing, decode_ring, encode_ring, generate, newest, signer

RING = "keys.json"
PRIVATE = ".pem"
OTHERS = 0o077  # rights of anyone but the owner
FOLDER_MODE, PRIVATE_MODE, PUBLIC_MODE = 0o700, 0o600, 0o644


def load(folder: Path) -> Signing:
    """What the folder's keys allow. A fault is in `because`, with what to type: publishing goes on without a signature.

    An empty or missing folder is no fault.
    """
    try:
        keys = ring(folder)
        last = newest(keys)
        return Signing(keys, _private(folder, last)) if last else Signing()
    except SignatureError as error:
        return Signing(_readable(folder), None, str(error))


def ring(folder: Path) -> tuple[Key, ...]:
    """The public keys, oldest first; none when none was ever made. Raises SignatureError."""
    path = folder / RING
    try:
        if not path.is_file():
            if not list(folder.glob(f"*{PRIVATE}")):
                return ()
            raise SignatureError(f"{path}: is missing beside a private key; put it back from the published keys.json")
        return decode_ring(path.read_bytes())
    except SignatureError as error:
        raise SignatureError(f"{path}: {error}") if str(path) not in str(error) else error from error
    except OSError as error:
        raise SignatureError(f"{path}: cannot be read ({error.strerror}); check rights") from error


def add(folder: Path, seed: bytes, now: datetime, *, anew: bool = False) -> Signing:
    """Make the next key, signed by the one in force, and put it in force; the first, or one `anew`, signs itself.

    Killed anywhere, the ring names the old key or the new one, and its private half is there.
    Raises ConfigError when the key in force cannot sign, StoreError when the folder cannot be written.
    """
    before = load(folder)
    if before.state == "unusable" and not anew:
        raise ConfigError(
            f"{before.because}. If it is lost for good: aggregator keys init --anew (every webmaster needs the new key)"
        )
    made, pem = generate(seed, now, None if anew else before.signer)
    keys = (*before.keys, made.key)
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        write_key(folder / f"{made.key.id}{PRIVATE}", pem, PRIVATE_MODE)
        write_key(folder / RING, encode_ring(keys), PUBLIC_MODE)
        for old in folder.glob(f"*{PRIVATE}"):
            if old.stem != made.key.id:
                old.unlink()
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written ({error.strerror}); check space and rights") from error
    return Signing(keys, made)


def _private(folder: Path, key: Key) -> Signer:
    path = folder / f"{key.id}{PRIVATE}"
    try:
        rights = path.stat().st_mode & OTHERS
        if rights:
            raise SignatureError(f"{path}: others may read this private key; type: chmod 600 {path}")
        return signer(key, path.read_bytes())
    except FileNotFoundError as error:
        raise SignatureError(f"{path}: the private key is missing; put it back from a backup") from error
    except OSError as error:
        raise SignatureError(f"{path}: cannot be read ({error.strerror}); check rights") from error
    except SignatureError as error:
        if str(path) in str(error):
            raise
        raise SignatureError(f"{path}: {error}; put it back from a backup") from error


def _readable(folder: Path) -> tuple[Key, ...]:
    try:
        return ring(folder)
    except SignatureError:
        return ()


def write_key(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all, on the disk, never readable by more than `mode` allows (mkstemp begins with 0600)."""
    handle, name = tempfile.mkstemp(prefix=".unfinished-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
