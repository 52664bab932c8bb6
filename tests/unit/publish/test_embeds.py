"""Files of embeds: released loaders and their weight."""

import gzip
import hashlib
from pathlib import Path

import pytest

EMBEDS = Path(__file__).resolve().parents[3] / "templates/embeds"
LOADER_BUDGET = 4096  # bytes, gzip: issue 7
RELEASED = {  # SHA-256: what snippets pin is never edited
    "1.0.0": "71fee4497c1866e904e3ff54bf12d1545fd5c5c1514af9872016ef7741b385d4",
    "2.0.0": "522c2fb1a73c2a35da453c97f3f94bf7581fe4fe93aa1b1c3f4fa3cd6f65766d",
}


def loader(version: str) -> bytes:
    return (EMBEDS / f"loaders/{version}.js").read_bytes()


def test_every_loader_is_named_here() -> None:
    assert {path.stem for path in (EMBEDS / "loaders").glob("*.js")} == set(RELEASED)


@pytest.mark.parametrize("version", RELEASED)
def test_a_released_loader_never_changes(version: str) -> None:
    assert hashlib.sha256(loader(version)).hexdigest() == RELEASED[version]


def test_the_newest_loader_names_the_source_that_it_was_made_of() -> None:
    source = (EMBEDS / "loader-sources/2.0.0.js").read_bytes()
    assert f"loader-2.0.0.src.js, sha256 {hashlib.sha256(source).hexdigest()}" in loader("2.0.0").decode()


def test_a_loader_is_light() -> None:
    assert len(gzip.compress(loader("2.0.0"), 9)) <= LOADER_BUDGET
