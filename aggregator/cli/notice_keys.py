"""A person's own key for emergency notices: made, and opened for one command. Passphrases are asked for, never kept."""

import argparse
import getpass
import json
import os
import secrets
import sys
from pathlib import Path

from aggregator.cli import wiring
from aggregator.cli.exits import OK
from aggregator.errors import BackupError, ConfigError, SignatureError, StoreError
from aggregator.operate.sealing import SHORTEST, passphrase_in
from aggregator.publish import personal
from aggregator.publish.signing import SEED_BYTES, Signer
from aggregator.settings import Config

OTHERS = 0o077  # rights of anyone but the owner
MODE = 0o600


def make(config: Config, arguments: argparse.Namespace) -> int:
    """`notice key NAME --file FILE`: the private half goes to FILE; what is printed names the public half."""
    file: Path = arguments.file.absolute()
    for place, what in ((wiring.state_folder(config), "var/"), (Path(config.output), "the output")):
        if file.resolve().is_relative_to(place.resolve()):
            raise ConfigError(f"{file} lies in {what}; your key is yours alone: name a place that others do not reach")
    if file.exists():
        raise ConfigError(f"{file}: is there already; a key is never overwritten: name another file")
    public, pem = personal.generate(secrets.token_bytes(SEED_BYTES), _passphrase(arguments, anew=True))
    _write(file, pem)
    print(f"your key is in {file}: keep it and its passphrase to yourself")
    print("whoever keeps sources.yaml adds, once sure that it is you:\n")
    print(f"notice:\n  people:\n    - name: {json.dumps(arguments.name, ensure_ascii=False)}\n      key: {public}")
    return OK


def read(arguments: argparse.Namespace) -> Signer:
    """The signer of `--key`. Raises ConfigError, saying what to type."""
    file: Path | None = arguments.key
    if file is None:
        raise ConfigError(
            f"notice {arguments.action} is signed with your own key: --key FILE; "
            "make one, once: aggregator notice key 'NAME' --file FILE"
        )
    try:
        if file.stat().st_mode & OTHERS:
            raise ConfigError(f"{file}: others may read this private key; type: chmod 600 {file}")
        pem = file.read_bytes()
    except OSError as error:
        told = f"{file}: cannot be read ({error.strerror})"
        raise ConfigError(f"{told}; make a key, once: aggregator notice key 'NAME' --file {file}") from error
    try:
        return personal.opened(pem, _passphrase(arguments))
    except SignatureError as error:
        raise ConfigError(f"{file}: {error}") from error


def _passphrase(arguments: argparse.Namespace, anew: bool = False) -> str:
    """From its file, else asked for, twice where it is new. Raises ConfigError."""
    if arguments.passphrase_file:
        try:
            return passphrase_in(arguments.passphrase_file)
        except BackupError as error:
            raise ConfigError(str(error)) from error
    if not sys.stdin.isatty():
        raise ConfigError("there is no terminal to ask for the passphrase; write it to a file: --passphrase-file FILE")
    given = getpass.getpass("passphrase: ")
    if anew and (len(given) < SHORTEST or given != getpass.getpass("the same again: ")):
        raise ConfigError(f"the passphrases differ, or have less than {SHORTEST} characters; nothing was written")
    return given


def _write(file: Path, pem: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "wb") as opened:
            opened.write(pem)
            opened.flush()
            os.fsync(opened.fileno())
    except OSError as error:
        raise StoreError(f"{file}: cannot be written ({error.strerror}); check space and rights") from error
