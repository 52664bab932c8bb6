"""`init`, `schema`, `completion`: a stranger's first minutes."""

import json
import subprocess
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from aggregator.cli.begin import schema
from aggregator.defaults import default_file
from tests.cli.house import House, call


def problems(text: str) -> list[str]:
    told = json.loads(json.dumps(yaml.safe_load(text), default=str))  # days, as an editor's own reader has them
    return [error.message for error in Draft202012Validator(schema()).iter_errors(told)]


def test_a_folder_to_begin_with_is_whole_and_private(room: Path) -> None:
    folder = room / "ban-tin"
    done = call("init", folder)
    assert done.code == 0 and f"cd {folder} && " in done.out
    assert (folder / "var").stat().st_mode & 0o777 == 0o700
    assert (folder / "output").is_dir()
    assert call("sources", "list", "--config", folder / "sources.yaml").code == 0
    named = (folder / "sources.yaml").read_text(encoding="utf-8").splitlines()[0].partition("$schema=")[2]
    assert json.loads((folder / named).read_text(encoding="utf-8")) == schema()


def test_nothing_that_is_there_is_overwritten(room: Path) -> None:
    folder = room / "ban-tin"
    folder.mkdir()
    (folder / "sources.yaml").write_text("mine", encoding="utf-8")
    done = call("init", folder)
    assert done.code == 2 and "is there already" in done.err
    assert (folder / "sources.yaml").read_text(encoding="utf-8") == "mine"
    assert not (folder / "sources.schema.json").exists()


def test_a_folder_that_cannot_be_made_is_named(room: Path) -> None:
    (room / "file").write_text("", encoding="utf-8")
    done = call("init", room / "file/below")
    assert done.code == 2 and "cannot be written" in done.err


def test_the_schema_takes_what_is_shipped_and_what_the_program_reads(used: House) -> None:
    assert problems(default_file("sources.yaml").read_text(encoding="utf-8")) == []
    assert problems(used.config.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "change",
    [
        {"sorces": []},
        {"site": {"base_url": "https://a.example/", "mode": "publik"}},
        {"sources": [{"id": "a", "name": "A", "kind": "rss", "home": "https://a.example/"}]},
        {"sources": [{"id": "a", "name": "A", "kind": "feed", "home": "https://a.example/", "every": "6 hourss"}]},
    ],
)
def test_the_schema_refuses_what_the_program_refuses(used: House, change: dict[str, object]) -> None:
    used.settings.update(change)
    used.write()
    assert problems(used.config.read_text(encoding="utf-8"))
    assert used.call("sources", "list").code == 2


def test_a_shell_completes_commands_and_options(room: Path) -> None:
    script = room / "aggregator.bash"
    script.write_text(call("completion", "bash").out, encoding="utf-8")
    asked = f"""source {script}
COMP_WORDS=(aggregator ba); COMP_CWORD=1; _shtab_aggregator; echo "${{COMPREPLY[@]}}"
COMP_WORDS=(aggregator backup --pass); COMP_CWORD=2; _shtab_aggregator; echo "${{COMPREPLY[@]}}" """
    told = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True).stdout.splitlines()
    assert told[0].split() == ["backup"]
    assert told[1].split() == ["--passphrase-file"]
