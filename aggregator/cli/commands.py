"""From a command's name to the function that carries it out. Each is imported only when it is asked for."""

import argparse
from collections.abc import Callable
from importlib import import_module

PLACES = {
    "init": "begin",
    "schema": "begin",
    "completion": "begin",
    "run": "cycle",
    "schedule": "cycle",
    "publish": "cycle",
    "status": "look",
    "serve": "look",
    "sources": "look",
    "campaigns": "campaigns",
    "mail": "mail",
    "edit": "edit",
    "takedown": "takedown",
    "notice": "notice",
    "provenance": "provenance",
    "demo": "demo",
    "import": "lines",
    "export": "lines",
    "retag": "retag",
    "tag": "lines",
    "dedupe": "lines",
    "extract": "pages",
    "discover": "pages",
    "keys": "keys",
    "retire": "embeds",
    "verify": "verify",
    "audit": "audit",
    "doctor": "doctor",
    "backup": "backup",
    "restore": "backup",
}
"""Which module of this package holds the command; the function's name is `<command>_command`."""


def _late(name: str, module: str) -> Callable[[argparse.Namespace], int]:
    def call(arguments: argparse.Namespace) -> int:
        found = getattr(import_module(f"aggregator.cli.{module}"), f"{name}_command")
        code: int = found(arguments)
        return code

    return call


COMMANDS = {name: _late(name, module) for name, module in PLACES.items()}
