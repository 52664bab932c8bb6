"""keys: make, replace and show the keys that sign what is published."""

import argparse
import secrets

from aggregator.cli import embeds, wiring
from aggregator.cli.exits import FOUND_WRONG, OK
from aggregator.errors import ConfigError
from aggregator.publish import keyring
from aggregator.publish.signing import SEED_BYTES, Signing
from aggregator.settings import Config

OF_EMBEDS = ("working", "revoke", "switch-off", "switch-on")  # what the root signs


def keys_command(arguments: argparse.Namespace) -> int:
    """`keys init`, `rotate`, `show`, and what embeds.py carries out. Private keys are never printed."""
    if arguments.action == "root":
        return embeds.make_root(arguments.file)
    config = wiring.load(arguments)
    if arguments.action in OF_EMBEDS:
        return embeds.change(config, arguments)
    if arguments.action == "show":
        return _show(config)
    with wiring.lock(config):
        made = _make(config, wiring.clock_of(arguments), arguments)
    key = made.keys[-1]
    print(f"key {key.id} is in force; its private half is in {wiring.keys_folder(config)}: back it up, apart")
    print("the next publish signs with it and writes keys.json, which webmasters save once: aggregator publish")
    return OK


def describe(signing: Signing) -> str:
    """One line: what is signed with, or why nothing is."""
    if signing.state == "ready":
        return f"{'signing':<16} ready      key {signing.keys[-1].id} since {signing.keys[-1].starts}"
    if signing.state == "none":
        return f"{'signing':<16} none       what is published is not signed; make a key: aggregator keys init"
    return f"{'signing':<16} unusable   published without signatures\n{'':<17}{signing.because}"


def _make(config: Config, clock: wiring.Clock, arguments: argparse.Namespace) -> Signing:
    folder = wiring.keys_folder(config)
    state = keyring.load(folder).state
    anew = arguments.action == "init" and arguments.anew
    if arguments.action == "init" and state != "none" and not anew:
        raise ConfigError(f"{folder}: there is a key already; replace it with: aggregator keys rotate")
    if arguments.action == "rotate" and state == "none":
        raise ConfigError(f"{folder}: there is no key yet; make one with: aggregator keys init")
    return keyring.add(folder, secrets.token_bytes(SEED_BYTES), clock(), anew=anew)


def _show(config: Config) -> int:
    signing = wiring.signing(config)
    ends = [key.starts for key in signing.keys[1:]]
    for key, end in zip(signing.keys, [*ends, ""][: len(signing.keys)], strict=True):
        until = f"until {end}" if end else "in force"
        vouched = "signed itself" if key.by == key.id else f"signed by {key.by}"
        print(f"{key.id}  {key.algorithm}  from {key.starts}  {until}  {vouched}")
    print(describe(signing))
    print(embeds.describe(signing.embeds))
    return OK if signing.state == "ready" and not signing.embeds.because else FOUND_WRONG
