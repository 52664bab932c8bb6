"""The two reference pages of docs/, written from the code. `make docs` writes them; tests/test_docs.py compares."""

import argparse
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from aggregator.cli.arguments import COMMANDS, EXIT_CODES, parser
from aggregator.config import _model_in
from aggregator.settings import Config

DOCS = Path(__file__).resolve().parent.parent / "docs"
WIDTH = 98  # columns of the help texts, whatever terminal writes them


def configuration() -> str:
    """docs/configuration.md: every key of sources.yaml with its meaning and default."""
    lines = [
        "# Every key of sources.yaml",
        "",
        "Written from `aggregator/settings/` by `make docs`. An unknown key is an error. Durations are written",
        "`90s`, `30m`, `6h` or `2d`; relative places count from the folder of the file.",
    ]
    seen: list[type[BaseModel]] = []
    _table(Config, "", "The whole file", lines, seen)
    return "\n".join(lines) + "\n"


def _table(model: type[BaseModel], prefix: str, title: str, lines: list[str], seen: list[type[BaseModel]]) -> None:
    if model in seen:
        return
    seen.append(model)
    about = (model.__doc__ or "").strip()
    lines += ["", f"## {title}", "", about, "", "| key | meaning | default |", "|---|---|---|"]
    inner = []
    for name, field in model.model_fields.items():
        key = f"{prefix}{name}"
        child = _model_in(field.annotation)
        many = "[]" if child and "tuple" in str(field.annotation) else ""
        lines.append(f"| `{key}{many}` | {field.description} | {_default(field, child)} |")
        if child:
            inner.append((child, f"{key}{many}"))
    for child, key in inner:
        _table(child, f"{key}.", f"`{key}`", lines, seen)


def _default(field: Any, child: Any) -> str:
    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined:
        return "**needed**"
    if child:
        return "see below"
    if value is None or value in ("", (), {}):
        return "none"
    if hasattr(value, "total_seconds"):
        seconds = int(value.total_seconds())
        unit, size = next((u, s) for u, s in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)) if seconds % s == 0)
        return f"`{seconds // size}{unit}`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


class _Wide(argparse.HelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=WIDTH)


def commands() -> str:
    """docs/commands.md: every command with what it reads, writes and returns, and its help."""
    lines = ["# Every command", "", "Written from the program by `make docs`.", "", EXIT_CODES]
    top = parser()
    kinds = next(action for action in top._actions if isinstance(action, argparse._SubParsersAction))
    for name, (line, about, _) in COMMANDS.items():
        lines += ["", f"## aggregator {name}", "", f"{line[0].upper()}{line[1:]}. {about}", "", "```"]
        lines += [*_help(kinds.choices[name]), "```"]
    return "\n".join(lines) + "\n"


def _help(command: argparse.ArgumentParser) -> list[str]:
    """The usage and options, without the description and exit codes said above; sub-commands after it."""
    command.description = command.epilog = None
    command.formatter_class = _Wide
    lines = command.format_help().strip().splitlines()
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                lines += ["", *_help(inner)]
    return lines


if __name__ == "__main__":
    (DOCS / "configuration.md").write_text(configuration(), encoding="utf-8")
    (DOCS / "commands.md").write_text(commands(), encoding="utf-8")
