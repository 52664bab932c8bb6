"""Keys, signed sites in memory, and places to read them from."""

from collections.abc import Mapping
from datetime import datetime

from aggregator.publish import signing
from aggregator.publish.cycle import Published, publish
from aggregator.publish.signing import Signer, Signing
from aggregator.publish.status import report
from aggregator.settings import Config
from tests.fakes_publish import FakeStore, MemoryWriter
from tests.make import NOW


def signer(number: int = 1, by: Signer | None = None, starts: datetime = NOW) -> Signer:
    """A key from a seed of one repeated number: the same in every test."""
    made, _ = signing.generate(bytes([number]) * signing.SEED_BYTES, starts, by)
    return made


FIRST = signer()
SECOND = signer(2, FIRST)
ONE_KEY = Signing((FIRST.key,), FIRST)
ROTATED = Signing((FIRST.key, SECOND.key), SECOND)


def run(
    config: Config, store: FakeStore, writer: MemoryWriter, now: datetime = NOW, by: Signing = ONE_KEY, **more: bool
) -> Published:
    return publish(config, store, writer, now, status=report(config, {}, now), signing=by, **more)  # type: ignore[arg-type]


class MemoryPlace:
    """A site in a dict."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = dict(files)

    def read(self, path: str) -> bytes | None:
        return self.files.get(path)

    def names(self) -> list[str]:
        return sorted(self.files)
