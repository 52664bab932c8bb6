"""What `keys` and `retire` take."""

import argparse
from pathlib import Path

from aggregator.cli.options import EXIT_CODES, _common, _now


def keys_options(parser: argparse.ArgumentParser) -> None:
    """The options of `keys`."""
    kinds = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions = {
        "init": ("make the first key", "Makes the first key in var/keys; exit 2 when there is one already."),
        "rotate": ("replace the key", "Makes a new key that the key in force signs; exit 2 when that cannot sign."),
        "show": ("the keys, and which is in force", "Reads var/keys; exit 1 when there is no key that can sign."),
    }
    for name, (line, about) in actions.items():
        action = kinds.add_parser(name, help=line, description=about, epilog=EXIT_CODES)
        _common(action)
        _now(action)
        if name == "init":
            told = "begin again where the key in force is lost: no key that webmasters hold vouches for the new one"
            action.add_argument("--anew", action="store_true", help=told)
    _root_options(kinds)
    _of_embeds(kinds)


def retire_options(parser: argparse.ArgumentParser) -> None:
    """The options of `retire`."""
    _common(parser)
    _now(parser)
    _root(parser)


def _root_options(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    told = "Writes the private root to FILE, and nothing else; exit 2 when FILE is there. Snippets pin its public half."
    root = kinds.add_parser("root", help="make the offline root of the embeds", description=told, epilog=EXIT_CODES)
    root.add_argument("file", type=Path, metavar="FILE", help="where the root goes: a medium that you take away")


def _of_embeds(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    actions = {
        "working": ("make or replace the key that signs embeds", "Makes a working key that the root certifies."),
        "revoke": ("trust a working key no more", "Signs a state without that key; exit 2 when it is not trusted."),
        "switch-off": ("switch a loader version off", "Signs a state in which that loader shows plain links."),
        "switch-on": ("switch a loader version on again", "Signs a state in which that loader works again."),
    }
    for name, (line, about) in actions.items():
        told = f"{about} Reads the root; writes var/keys/embeds; the next publish puts it out."
        action = kinds.add_parser(name, help=line, description=told, epilog=EXIT_CODES)
        _common(action)
        _now(action)
        _root(action)
        if name == "working":
            action.add_argument("--days", type=int, default=366, metavar="N", help="how long loaders trust the state")
        elif name == "revoke":
            action.add_argument("id", metavar="ID", help="the working key, as `keys show` names it")
        else:
            action.add_argument("version", metavar="VERSION", help="of the loader, such as 2.0.0")


def _root(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--root", type=Path, required=True, metavar="FILE", help="the offline root (keys root)")
