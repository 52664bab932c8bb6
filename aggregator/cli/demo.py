"""demo: the three sites replayed on loopback, one real run over them, the finished site served."""

import argparse
import json
import secrets
import shutil
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aggregator import config as configuration
from aggregator.cli import wiring
from aggregator.cli.cycle import cycle, exit_code, faulty
from aggregator.cli.exits import USAGE
from aggregator.cli.look import serve
from aggregator.cli.show import say
from aggregator.defaults import default_file
from aggregator.demo import world as worlds
from aggregator.demo.replay import Replay
from aggregator.durations import duration
from aggregator.errors import AggregatorError, ConfigError, StoreError
from aggregator.publish import p256, trustring
from aggregator.settings import Config

CENTURY = timedelta(days=36_500)  # a browser's clock is not the demo's: what is signed today must hold for it, too


def demo_command(arguments: argparse.Namespace) -> int:
    """Run the demo; its exit code is that of the run."""
    if arguments.world not in worlds.names():
        print(f"aggregator demo: --world {arguments.world}: there are {', '.join(worlds.names())}", file=sys.stderr)
        return USAGE
    folder: Path = arguments.folder.resolve() / arguments.world
    if arguments.reset:
        shutil.rmtree(folder, ignore_errors=True)
    world = worlds.load(arguments.world)
    clock = Clock.anchored(folder / "clock.json", world.start, _step(arguments.step))
    with Replay(world, clock.now) as replay:
        config = demo_config(world.name, folder, replay.connect_to, arguments.port)
        print(f"{world.title}. The demo's clock reads {clock.now():%Y-%m-%d %H:%M} UTC.")
        with wiring.lock(config):
            _trusted(config, folder, clock.now())
            report = cycle(config, clock.now, force=True)
        say(config, report, faulty(config, report), talk=True)
        print(f"The replayed sites answered {len(replay.requests)} requests.")
    code = exit_code(config, report)
    if not arguments.once:
        serve(Path(config.output), arguments.port)
    return code


def demo_config(world: str, folder: Path, connect_to: dict[str, str], port: int = 0) -> Config:
    """sources.yaml as it is live, with the demo's overlays, its own places, and its hosts on loopback."""
    own = Path(worlds.__file__).parent
    overlays = tuple(path for path in (own / "demo.yaml", own / "worlds" / world / "overlay.yaml") if path.is_file())
    loaded = configuration.load(
        default_file("sources.yaml"),
        overlays,
        database=f"sqlite:///{folder / 'aggregator.db'}",
        output=str(folder / "output"),
    )
    fetch = loaded.fetch.model_copy(update={"connect_to": connect_to})
    address = f"http://127.0.0.1:{port}/" if port else loaded.site.base_url
    site = loaded.site.model_copy(update={"base_url": address})
    return loaded.model_copy(update={"fetch": fetch, "site": site})


def _trusted(config: Config, folder: Path, now: datetime) -> None:
    """Keys for the embeds, made once. Nobody's trust hangs on them: the root lies beside the demo's output."""
    if (folder / "root.pem").is_file():
        return
    root = trustring.make_root(folder / "root.pem", secrets.token_bytes(p256.SEED_BYTES))
    trustring.certify(wiring.keys_folder(config), root, secrets.token_bytes(p256.SEED_BYTES), now, CENTURY)


def _step(text: str) -> timedelta:
    try:
        return duration(text) if text else timedelta(0)
    except ValueError as error:
        raise ConfigError(f"--step {error}") from error


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that began at the world's start when the demo first ran, and may have been stepped on since."""

    anchor: datetime
    start: datetime
    stepped: timedelta

    @classmethod
    def anchored(cls, file: Path, start: datetime, step: timedelta) -> "Clock":
        """The clock kept in the file, moved on by `step`; made now when there is none. Raises AggregatorError."""
        clock = (
            cls._read(file, start) if file.is_file() else cls(wiring.wall_clock(), start.astimezone(UTC), timedelta(0))
        )
        clock = cls(clock.anchor, clock.start, clock.stepped + step)
        kept: dict[str, Any] = {
            "anchor": clock.anchor.isoformat(),
            "stepped_s": clock.stepped.total_seconds(),
        }
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(kept), encoding="utf-8")
        except OSError as error:
            raise StoreError(f"{file}: cannot be written: {error.strerror}; name another folder: --folder") from error
        return clock

    @classmethod
    def _read(cls, file: Path, start: datetime) -> "Clock":
        try:
            kept = json.loads(file.read_text(encoding="utf-8"))
            anchor = datetime.fromisoformat(kept["anchor"])
            return cls(anchor, start.astimezone(UTC), timedelta(seconds=kept["stepped_s"]))
        except (ValueError, KeyError, TypeError) as error:
            raise AggregatorError(f"{file}: not a demo clock; begin again with --reset") from error

    def now(self) -> datetime:
        """The demo's time, in UTC."""
        return self.start + self.stepped + (wiring.wall_clock() - self.anchor)
