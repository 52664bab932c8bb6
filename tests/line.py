"""The whole line in a folder: the replayed sites, the real fetcher and store, and a clock that is stepped."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aggregator import pipeline
from aggregator.cli import wiring
from aggregator.cli.demo import demo_config
from aggregator.demo import world as worlds
from aggregator.demo.replay import Replay
from aggregator.model import Artifact, Edit
from aggregator.pipeline import Ports, Report
from aggregator.publish import keyring
from aggregator.publish.signing import SEED_BYTES
from aggregator.settings import Config

LEFT_OUT = {"trang-thai/index.html", "heartbeat.json"}  # an idle run rewrites these two


@dataclass(frozen=True)
class PlainWriter:
    """A folder written without waiting for the disk: two thousand flushes are most of a build."""

    root: Path

    def write(self, artifact: Artifact) -> None:
        target = self.root / artifact.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(artifact.content)

    def remove(self, path: str) -> None:
        (self.root / path).unlink(missing_ok=True)

    def has(self, path: str) -> bool:
        return (self.root / path).is_file()

    def last(self, folder: str) -> tuple[str, bytes]:
        found = sorted((self.root / folder).glob("*"))
        return (f"{folder}{found[-1].name}", found[-1].read_bytes()) if found else ("", b"")

    def append(self, path: str, content: bytes, at: int) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((target.read_bytes() if at else b"")[:at] + content)


class Line:
    """One installation over a world. `now` is stepped by the test; `run` is what cron does."""

    def __init__(self, folder: Path, name: str = "default") -> None:
        self.folder = folder
        self.world = worlds.load(name)
        self.now: datetime = self.world.start
        self.replay = Replay(self.world, lambda: self.now)

    def __enter__(self) -> "Line":
        self.replay.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.replay.stop()

    def config(self, **site: Any) -> Config:
        made = demo_config(self.world.name, self.folder, self.replay.connect_to)
        return made.model_copy(update={"site": made.site.model_copy(update=site)}) if site else made

    @contextmanager
    def ports(self, config: Config | None = None) -> Iterator[Ports]:
        with wiring.ports(config or self.config(), lambda: self.now) as ports:
            yield replace(ports, run_id="test", writer=PlainWriter(self.output))

    def run(self, config: Config | None = None, *, force: bool = True, step: timedelta = timedelta(0)) -> Report:
        self.now += step
        with self.ports(config) as ports:
            return pipeline.run(config or self.config(), ports, lambda *_: None, force=force)

    def go_live(self, config: Config) -> None:
        """Make a key, and confirm every article that stands: what a public site needs."""
        keyring.add(wiring.keys_folder(config), bytes(range(SEED_BYTES)), self.now)
        with self.ports(config) as ports:
            for source in config.sources:
                for item in ports.store.unconfirmed(source.id, 1000):
                    ports.store.decide(Edit(0, item.id, "confirm", "", "an", "thử", self.now))

    @property
    def output(self) -> Path:
        return self.folder / "output"

    def files(self) -> dict[str, bytes]:
        """Everything published but the two files of an idle run."""
        found = {
            path.relative_to(self.output).as_posix(): path.read_bytes()
            for path in sorted(self.output.rglob("*"))
            if path.is_file()
        }
        return {name: content for name, content in found.items() if name not in LEFT_OUT}

    def holding(self, words: str) -> list[str]:
        """Names of the published files that hold the words."""
        return [name for name, content in self.files().items() if words.encode() in content]
