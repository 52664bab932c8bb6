"""What holds for every test, and the golden files."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a test never times: the first example may build what others use
settings.load_profile("untimed")

GOLDEN = Path(__file__).parent / "golden"
HASHED = re.compile(rb"(/assets/[a-z-]+)-[0-9a-f]{10}\.")  # the name of an asset changes with any of its bytes


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--repin", action="store_true", help="write the golden files anew; review them as a diff")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, bytes], None]:
    """`golden("feeds/x.atom", made)`: the bytes equal those of the file in tests/golden/ (`--repin` writes it).

    Names of assets stand there without their hash: a change of style is no change of a feed.
    """

    def same(name: str, made: bytes) -> None:
        path, made = GOLDEN / name, HASHED.sub(rb"\1.", made)
        if request.config.getoption("--repin"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made)
        assert made.decode() == path.read_bytes().decode()

    return same
