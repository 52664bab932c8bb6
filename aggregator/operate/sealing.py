"""A folder of keys as one sealed text: scrypt (RFC 7914) makes a key of the passphrase, AES-256-GCM seals it."""

import base64
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from aggregator.errors import BackupError

FORMAT = "aggregator sealed keys 1"
COST, BLOCK, PARALLEL = 1 << 16, 8, 1  # 64 MB and some tenths of a second a guess (RFC 7914 §2)
SALT_BYTES, NONCE_BYTES, KEY_BYTES = 16, 12, 32
SHORTEST = 12  # characters of a passphrase
MODE, FOLDER_MODE = 0o600, 0o700


def passphrase_in(path: Path) -> str:
    """The passphrase: the first line of the file. Raises BackupError."""
    try:
        word = path.read_text(encoding="utf-8").splitlines()[:1]
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(
            f"{path}: cannot be read as the passphrase: {error}; write it there, alone on a line"
        ) from error
    if not word or len(word[0]) < SHORTEST:
        raise BackupError(f"{path}: a passphrase has at least {SHORTEST} characters; write a longer one")
    return word[0]


def seal(files: Mapping[str, bytes], passphrase: str, salt: bytes, nonce: bytes) -> bytes:
    """The files by name, sealed. `salt` (SALT_BYTES) and `nonce` (NONCE_BYTES) are drawn anew each time."""
    plain = json.dumps({name: base64.b64encode(content).decode() for name, content in files.items()}).encode()
    held = AESGCM(_key(passphrase, salt, COST)).encrypt(nonce, plain, FORMAT.encode())
    told = {"format": FORMAT, "scrypt": COST, "salt": _text(salt), "nonce": _text(nonce), "sealed": _text(held)}
    return json.dumps(told, indent=1).encode()


def unseal(sealed: bytes, passphrase: str) -> dict[str, bytes]:
    """The files again. Raises BackupError for another passphrase, and for what was changed."""
    try:
        told: dict[str, Any] = json.loads(sealed)
        salt, nonce, held = (base64.b64decode(told[name]) for name in ("salt", "nonce", "sealed"))
        if told["format"] != FORMAT or told["scrypt"] != COST:
            raise BackupError(f"the sealed keys are of {told['format']!r}; a newer version reads them")
        plain = AESGCM(_key(passphrase, salt, COST)).decrypt(nonce, held, FORMAT.encode())
        return {name: base64.b64decode(content) for name, content in json.loads(plain).items()}
    except InvalidTag as error:
        raise BackupError("the keys do not open: another passphrase sealed them; give the one of that day") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"the sealed keys are damaged ({error}); take another backup") from error


def put(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the keys into their folder, for the owner alone. Raises BackupError."""
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        for name, content in files.items():
            if Path(name).name != name:
                raise BackupError(f"the sealed keys name {name!r}; it is no backup of ours")
            handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
    except OSError as error:
        raise BackupError(f"{folder}: cannot be written: {error.strerror}; check space and rights") from error


def _key(passphrase: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=cost, r=BLOCK, p=PARALLEL).derive(passphrase.encode())


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
