"""keys root, working, revoke, switch-off, switch-on; retire: what loaders trust, signed with the offline root."""

import argparse
import secrets
from datetime import timedelta
from pathlib import Path

from aggregator import pipeline
from aggregator.cli import wiring
from aggregator.cli.exits import OK
from aggregator.publish import p256, trustring
from aggregator.publish.trust import Trust
from aggregator.settings import Config


def make_root(file: Path) -> int:
    """`keys root FILE`: the root goes to the file and nowhere else."""
    root = trustring.make_root(file, secrets.token_bytes(p256.SEED_BYTES))
    print(f"root {root.public}")
    print(f"its private half is in {file}: keep it offline, on two media, and never on this server")
    print(f"next, while it is here: aggregator keys working --root {file}")
    return OK


def change(config: Config, arguments: argparse.Namespace) -> int:
    """The actions that need the root: each leaves a new state, which the next publish puts out."""
    with wiring.lock(config):
        made = _changed(wiring.keys_folder(config), arguments, wiring.clock_of(arguments))
    print(describe(made))
    print("the next publish puts the state out: aggregator publish")
    return OK


def _changed(folder: Path, arguments: argparse.Namespace, clock: wiring.Clock) -> Trust:
    root, now = trustring.read_root(arguments.root), clock()
    if arguments.action == "working":
        return trustring.certify(
            folder, root, secrets.token_bytes(p256.SEED_BYTES), now, timedelta(days=arguments.days)
        )
    if arguments.action == "revoke":
        return trustring.revoke(folder, root, arguments.id, now)
    return trustring.switch(folder, root, arguments.version, arguments.action == "switch-on", now)


def describe(trust: Trust) -> str:
    """What loaders trust now, a line each: root, working keys, what is switched off."""
    if trust.state is None:
        told = trust.because or "loaders show nothing; make an offline root: aggregator keys root FILE"
        return f"{'embeds':<16} {'unusable' if trust.because else 'none':<10} {told}"
    state = trust.state
    standing = "retired" if state.retired else "ready" if trust.signer else "unusable"
    lines = [f"{'embeds':<16} {standing:<10} state {state.seq} until {state.until}, root {state.root}"]
    lines += [f"{'':<17}working key {id}" for id in state.keys]
    lines += [f"{'':<17}switched off: loader {version}" for version in state.off]
    return "\n".join(lines + ([f"{'':<17}{trust.because}"] if trust.because else []))


def retire_command(arguments: argparse.Namespace) -> int:
    """Switch every loader off for good, and publish embeds that are empty."""
    config = wiring.load(arguments)
    with wiring.lock(config):
        root, clock = trustring.read_root(arguments.root), wiring.clock_of(arguments)
        made = trustring.retire(wiring.keys_folder(config), root, clock())
        with wiring.ports(config, clock) as ports, ports.turn():
            done = pipeline.publish(config, ports, full=True)
    print(describe(made))
    print(f"{len(done.written)} files written: every embed is empty; leave {config.output} served as it is")
    return OK
