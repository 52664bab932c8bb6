"""Houses for the command line's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.house import House, Sites, copied, folder, opened


@pytest.fixture
def room() -> Iterator[Path]:
    """A folder for whole installations."""
    with folder() as path:
        yield path


@pytest.fixture
def house(room: Path) -> Iterator[House]:
    """An installation that never ran."""
    with opened(room / "house") as house:
        yield house


@pytest.fixture(scope="session")
def first() -> Iterator[House]:
    """An installation after its first good run: for looking only."""
    with folder() as path, opened(path / "house") as house:
        done = house.run()
        assert (done.code, done.said) == (0, "")
        yield house


@pytest.fixture
def used(first: House, room: Path) -> Iterator[House]:
    """A copy of an installation after its first good run, to go on from."""
    with Sites() as sites:
        yield copied(first, room / "house", sites)
