"""The files behind embeds: the folder of the working key (var/keys/embeds, never served), and the root, kept offline.

The folder holds the state as it is published, and the private half of the newest working key, `<id>.pem`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.errors import ConfigError, SignatureError, StoreError
from aggregator.publish import p256, trust
from aggregator.publish.keyring import FOLDER_MODE, OTHERS, PRIVATE, PRIVATE_MODE, PUBLIC_MODE, write_key
from aggregator.publish.p256 import Pair
from aggregator.publish.trust import NO_TRUST, State, Trust

FOLDER = "embeds"  # below the folder of keys
STATE = "state.json"


def load(keys: Path) -> Trust:
    """What the folder allows. A fault is in `because`: publishing goes on, loaders show plain links."""
    folder = keys / FOLDER
    try:
        content = (folder / STATE).read_bytes()
    except FileNotFoundError:
        return NO_TRUST
    except OSError as error:
        return Trust(because=f"{folder / STATE}: cannot be read ({error.strerror}); check rights")
    try:
        state = trust.decode(content)
    except SignatureError as error:
        return Trust(because=f"{folder / STATE}: {error}; put it back from the published embed/state.json")
    if not state.keys:
        told = "" if state.retired else "no working key is certified; make one: aggregator keys working --root FILE"
        return Trust(state, content, None, told)
    id, public = list(state.keys.items())[-1]
    try:
        return Trust(state, content, _private(folder / f"{id}{PRIVATE}", public))
    except SignatureError as error:
        return Trust(state, content, None, str(error))


def make_root(file: Path, seed: bytes) -> Pair:
    """Write a new root. Raises ConfigError when the file is there, StoreError when it cannot be written."""
    if file.exists():
        raise ConfigError(f"{file}: is there already; a root is never overwritten: name another file")
    root, pem = p256.generate(seed)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_key(file, pem, PRIVATE_MODE)
    except OSError as error:
        raise StoreError(f"{file}: cannot be written ({error.strerror}); check space and rights") from error
    return root


def read_root(file: Path) -> Pair:
    """The root. Raises ConfigError when the file is not a root that only its owner reads."""
    try:
        if file.stat().st_mode & OTHERS:
            raise ConfigError(f"{file}: others may read this private key; type: chmod 600 {file}")
        return p256.load(file.read_bytes())
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror}); bring the medium that holds the root") from error
    except SignatureError as error:
        raise ConfigError(f"{file}: {error}") from error


def certify(keys: Path, root: Pair, seed: bytes, now: datetime, valid: timedelta = trust.FOR) -> Trust:
    """Make a working key that the root certifies, and put it in force; the private half of the one before goes."""
    folder = keys / FOLDER
    made, pem = p256.generate(seed)
    before = _state(keys, root, now)
    off = () if before.retired else before.off
    after = trust.following(before, now, valid, keys=trust.certified(before.keys, made.public), off=off)
    name = f"{trust.key_id(made.public)}{PRIVATE}"
    _kept(folder, lambda: write_key(folder / name, pem, PRIVATE_MODE))
    _write_state(folder, after, root)
    for old in folder.glob(f"*{PRIVATE}"):
        if old.name != name:
            old.unlink()
    return load(keys)


def revoke(keys: Path, root: Pair, id: str, now: datetime) -> Trust:
    """Trust that working key no more. Raises ConfigError when it is not trusted now."""
    before = _state(keys, root, now)
    if id not in before.keys:
        known = ", ".join(before.keys) or "none"
        raise ConfigError(f"{id}: no working key of that name is trusted; there are: {known}")
    left = {one: public for one, public in before.keys.items() if one != id}
    _write_state(keys / FOLDER, trust.following(before, now, keys=left), root)
    (keys / FOLDER / f"{id}{PRIVATE}").unlink(missing_ok=True)
    return load(keys)


def switch(keys: Path, root: Pair, version: str, on: bool, now: datetime) -> Trust:
    """Switch a loader version off, or on again."""
    before = _state(keys, root, now)
    others = tuple(one for one in before.off if one != version)
    after = trust.following(before, now, off=others if on else tuple(sorted((*others, version))))
    _write_state(keys / FOLDER, after, root)
    return load(keys)


def retire(keys: Path, root: Pair, now: datetime) -> Trust:
    """Leave a state without keys that switches every loader off, for good."""
    before = _state(keys, root, now)
    _write_state(keys / FOLDER, trust.following(before, now, keys={}, off=(trust.ALL,)), root)
    for old in (keys / FOLDER).glob(f"*{PRIVATE}"):
        old.unlink()
    return load(keys)


def _state(keys: Path, root: Pair, now: datetime) -> State:
    found = load(keys)
    if found.state is None:
        if found.because:
            raise ConfigError(found.because)
        return trust.begun(root, now)
    if found.state.root != root.public:
        raise ConfigError(f"{keys / FOLDER / STATE}: another root signed it, which snippets pin; bring that one")
    return found.state


def _private(path: Path, public: str) -> Pair:
    try:
        if path.stat().st_mode & OTHERS:
            raise SignatureError(f"{path}: others may read this private key; type: chmod 600 {path}")
        pair = p256.load(path.read_bytes())
    except FileNotFoundError as error:
        told = "put it back from a backup, or make another: aggregator keys working --root FILE"
        raise SignatureError(f"{path}: the private half of the working key is missing; {told}") from error
    except OSError as error:
        raise SignatureError(f"{path}: cannot be read ({error.strerror}); check rights") from error
    except SignatureError as error:
        raise SignatureError(f"{path}: {error}; put it back from a backup") from error
    if pair.public != public:
        raise SignatureError(f"{path}: is not the private half of the working key; put it back from a backup")
    return pair


def _write_state(folder: Path, state: State, root: Pair) -> None:
    _kept(folder, lambda: write_key(folder / STATE, trust.encode(state, root), PUBLIC_MODE))


def _kept(folder: Path, write: Callable[[], None]) -> None:
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        write()
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written ({error.strerror}); check space and rights") from error
