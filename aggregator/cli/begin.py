"""init, schema, completion: what somebody needs who begins."""

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from aggregator.cli.exits import OK
from aggregator.defaults import default_file
from aggregator.errors import ConfigError
from aggregator.settings import Config

SOURCES, SCHEMA = "sources.yaml", "sources.schema.json"
FIRST_LINE = f"# yaml-language-server: $schema={SCHEMA}\n"  # an editor that knows it completes and checks every key
PRIVATE = 0o700
READABLE_ELSEWHERE: dict[str, Any] = {"type": "string", "pattern": r"^\d+\s*[smhd]$|^\d+(\.\d+)?$"}


def init_command(arguments: argparse.Namespace) -> int:
    """Write a working folder: the shipped configuration, its schema, and the folders it names."""
    folder: Path = arguments.folder.resolve()
    config = folder / SOURCES
    if config.exists():
        raise ConfigError(f"{config}: is there already; name another folder, or edit it")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "var").mkdir(mode=PRIVATE, exist_ok=True)
        (folder / "output").mkdir(exist_ok=True)
        (folder / SCHEMA).write_text(_as_text(schema()), encoding="utf-8")
        config.write_text(FIRST_LINE + default_file(SOURCES).read_text(encoding="utf-8"), encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be written: {error.strerror}; name a folder that you may write") from error
    print(_next(folder))
    return OK


def schema_command(_: argparse.Namespace) -> int:
    """Print the JSON Schema of sources.yaml."""
    print(_as_text(schema()), end="")
    return OK


def completion_command(arguments: argparse.Namespace) -> int:
    """Print a script that completes commands and options in a shell."""
    import shtab

    from aggregator.cli.arguments import parser

    print(shtab.complete(parser(), shell=arguments.shell))
    return OK


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of sources.yaml as a person writes it: durations are texts, stations a file's name."""
    told = Config.model_json_schema(mode="validation")
    _as_written(told)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **told, "title": SOURCES}


def _as_written(node: Any) -> None:
    """Put in place of what the program holds what a person writes."""
    if isinstance(node, list):
        for one in node:
            _as_written(one)
    elif isinstance(node, dict):
        if node.get("format") == "duration":
            node.pop("format")
            node.update(READABLE_ELSEWHERE)
        if "stations" in node.get("properties", {}):
            about = node["properties"]["stations"].get("description", "")
            node["properties"]["stations"] = {"type": "string", "description": about}
        for one in node.values():
            _as_written(one)


def _as_text(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _next(folder: Path) -> str:
    program = shutil.which("aggregator") or sys.argv[0]
    return "\n".join(
        (
            f"{folder / SOURCES} is written; everything the program keeps will lie in this folder.",
            "Next:",
            f"  cd {folder}",
            "  edit sources.yaml           # site.base_url, site.owner, fetch.contact",
            "  aggregator sources check moh",
            "  aggregator run && aggregator serve",
            "  aggregator doctor           # what is still missing",
            "Then from cron, every ten minutes (crontab -e):",
            f"  */10 * * * * cd {folder} && {program} run",
        )
    )
