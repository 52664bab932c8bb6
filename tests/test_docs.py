"""The documents say what the program does: every key, every command, every word of the glossary."""

import re
import subprocess
from pathlib import Path
from typing import get_args

import pytest

from aggregator.cli.arguments import COMMANDS
from aggregator.cli.commands import PLACES
from aggregator.cli.show import fault_line
from aggregator.errors import Cause
from aggregator.settings import Config
from tests import reference

ROOT = Path(__file__).resolve().parent.parent
WORDS = (
    "source", "page", "lead", "draft", "article", "revision", "verdict", "tag", "evidence", "story", "bulletin",
    "edition", "artifact", "campaign", "visit", "run",
)  # fmt: skip


def test_every_configuration_key_is_documented() -> None:
    assert (ROOT / "docs/configuration.md").read_text(encoding="utf-8") == reference.configuration(), "run: make docs"


def test_every_key_says_what_it_means() -> None:
    assert "| None |" not in reference.configuration()
    assert len(Config.model_fields) > 5


def test_every_command_is_documented() -> None:
    assert (ROOT / "docs/commands.md").read_text(encoding="utf-8") == reference.commands(), "run: make docs"


def test_every_command_on_the_line_has_a_function() -> None:
    assert set(PLACES) == set(COMMANDS)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_explained_in_the_guides(command: str) -> None:
    guides = "".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("operating.md", "embedding.md"))
    guides += (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"aggregator {command}\b", guides), f"no guide explains `aggregator {command}`"


@pytest.mark.parametrize("word", WORDS)
def test_every_word_of_the_trade_is_in_the_glossary(word: str) -> None:
    assert f"**{word}**" in (ROOT / "docs/glossary.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["README.md", "README.vi.md", "CHANGELOG.md", "LICENSE", "docs/decisions.md"])
def test_the_papers_of_the_house_are_there(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8")) > 500


def test_both_readmes_name_the_two_commands() -> None:
    for name in ("README.md", "README.vi.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "make demo" in text and "make test" in text


@pytest.mark.parametrize("document", [*sorted(path.name for path in (ROOT / "docs").glob("*.md")), "../README.md"])
def test_links_between_documents_lead_somewhere(document: str) -> None:
    path = ROOT / "docs" / document
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), f"{document}: {target}"


@pytest.mark.parametrize("cause", get_args(Cause))
def test_every_cause_of_a_failure_says_what_happened_and_what_to_do(cause: str) -> None:
    text = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    found = re.search(rf"^\| {cause} \| ([^|]+) \| ([^|]+) \|$", text.partition("### Causes")[2], re.M)
    assert found and len(found[1].split()) > 3 and len(found[2].split()) > 2
    line = fault_line("so", cause, "https://so.example/ answered")
    assert line.startswith(f"so: {cause}: https://so.example/ answered -- ") and " ID" not in line


@pytest.mark.parametrize("stamp", [".venv/.ready", ".venv/.ready-dev", ".venv-bench/.ready"])
def test_what_make_installs_is_compiled_once_not_by_every_run(stamp: str) -> None:
    told = subprocess.run(["make", "-n", "-B", stamp], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert "--compile-bytecode" in told and "compileall -q aggregator" in told


def test_each_decision_has_a_number_of_its_own() -> None:
    numbers = re.findall(r"^## (\d+)\.", (ROOT / "docs/decisions.md").read_text(encoding="utf-8"), re.M)
    assert len(numbers) > 50
    assert sorted(set(numbers)) == sorted(numbers)
