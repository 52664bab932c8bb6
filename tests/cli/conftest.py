"""Houses for the command line's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.house import House, Sites, copied, opened


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An installation that never ran."""
    with opened(tmp_path / "house") as house:
        yield house


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An installation after its first good run: for looking only."""
    with opened(tmp_path_factory.mktemp("first") / "house") as house:
        done = house.run()
        assert (done.code, done.said) == (0, "")
        yield house


@pytest.fixture
def used(first: House, tmp_path: Path) -> Iterator[House]:
    """A copy of an installation after its first good run, to go on from."""
    with Sites() as sites:
        yield copied(first, tmp_path / "house", sites)
