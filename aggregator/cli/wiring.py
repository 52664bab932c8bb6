"""The real neighbours of a run: configuration, locks, fetcher, store, writer, clock."""

import argparse
import logging
import random
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from aggregator import config as configuration
from aggregator.cli.cases import Keeper
from aggregator.errors import ConfigError, LockedError, StoreError
from aggregator.pipeline import Ports
from aggregator.ports import Archive, Fetcher, Store
from aggregator.publish.write import FolderWriter
from aggregator.refine import vocabulary
from aggregator.refine.tagging import Tagger
from aggregator.settings import Config, Section, Source
from aggregator.text import ascii_host

Clock = Callable[[], datetime]
SQLITE = "sqlite:///"
PATIENCE_S = 120.0  # for the publish lock: a source is refined and a cycle published in seconds, a full publish in more


def wall_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def clock_of(arguments: argparse.Namespace) -> Clock:
    """The wall clock, or the moment given with --now."""
    fixed: datetime | None = getattr(arguments, "now", None)
    return wall_clock if fixed is None else lambda: fixed


def load(arguments: argparse.Namespace) -> Config:
    """The configuration with the command line's database and output. Raises ConfigError."""
    path: Path = arguments.config
    config = configuration.folder_of(configuration.load(path), path)
    if config.templates and not Path(config.templates).is_dir():
        raise ConfigError(f"{path} templates: {config.templates} is no folder; correct it, or leave it empty")
    update = {}
    if arguments.database:
        update["database"] = arguments.database
    if arguments.output:
        update["output"] = str(Path(arguments.output).resolve())
    return config.model_copy(update=update)


def open_store(config: Config, clock: Clock) -> Store:
    """The configured store. Raises StoreError."""
    from aggregator.store.database import open_store as opened

    return opened(config.database, clock=clock)


@contextmanager
def fetching(config: Config, clock: Clock) -> Iterator[Fetcher]:
    """The real fetcher, closed afterwards."""
    from aggregator.collect.fetch import HttpFetcher
    from aggregator.collect.notes import Notes

    logging.getLogger("urllib3").setLevel(logging.ERROR)  # it warns of each odd header; what matters we name ourselves
    fetcher = HttpFetcher(
        config.fetch,
        clock=clock,
        sleep=time.sleep,
        jitter=random.random,
        monotonic=time.monotonic,
        notes=Notes(_state_folder(config) / "hosts"),
    )
    try:
        yield fetcher
    finally:
        fetcher.close()


@contextmanager
def ports(config: Config, clock: Clock, mark: str = "writing") -> Iterator[Ports]:
    """Real neighbours for one run, closed afterwards. Raises StoreError.

    `mark` is left while they are used, by whoever holds the lock that belongs to it.
    """

    def turn() -> AbstractContextManager[None]:
        return lock(config, PATIENCE_S, "publish.lock")

    store = open_store(config, clock)
    writer = FolderWriter(Path(config.output))
    try:
        with fetching(config, clock) as fetcher, _marked(writer, _state_folder(config) / mark):
            ranks, run = authorities(config), uuid.uuid4().hex[:12]
            keep = drifted(config, clock)
            raw = archive(config, clock) if config.archive.enabled else None
            yield Ports(fetcher, store, writer, clock, tagger, ranks, run, random.random, turn, keep, raw)
    finally:
        store.close()


def drifted(config: Config, clock: Clock) -> Keeper:
    """Where the pages of drifted visits are put away."""
    return Keeper(_state_folder(config) / "drifted", clock)


def archive(config: Config, clock: Clock) -> Archive:
    """The raw archive beside the database, whether or not pages are added to it."""
    from aggregator.operate.archive import FolderArchive

    return FolderArchive(_state_folder(config) / "raw", config.archive, clock)


@contextmanager
def _marked(writer: FolderWriter, mark: Path) -> Iterator[None]:
    """Leave a mark while we may write; one that is there already was left by a killed run, whose scraps go first."""
    try:
        if mark.exists():
            writer.tidy()
        mark.touch()
    except OSError as error:
        raise StoreError(f"{mark}: cannot be written: {error.strerror}; check space and rights") from error
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)


@cache
def tagger() -> Tagger:
    """The tagger over the shipped vocabulary, made once a process."""
    return Tagger(vocabulary.load())


def keeper(config: Config, url: str) -> Source:
    """The configured source on whose hosts the address lies; else a stand-in with its own host and nothing more."""
    host = ascii_host(urlsplit(url).hostname or "page")
    own = Source(id="page", name=host, kind="listing", home=url, sections=(Section(url=url),))
    return next((source for source in config.sources if host in source.hosts), own)


def authorities(config: Config) -> dict[str, int]:
    """Who speaks first, by source id; a source that is not configured has the lowest authority."""
    return {source.id: source.authority for source in config.sources}


@contextmanager
def lock(config: Config, patience_s: float = 0, name: str = "run.lock") -> Iterator[None]:
    """Hold the run's lock, or another. Raises LockedError when someone else does, StoreError when it cannot be made.

    `publish.lock` is the short one, that who writes store or output holds; a run takes it again and again.
    """
    path = _state_folder(config) / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held = FileLock(path, timeout=patience_s).acquire()
    except Timeout as error:
        raise LockedError(f"another run holds {path}; wait for it to end") from error
    except OSError as error:
        raise StoreError(f"{path}: cannot be locked: {error.strerror}; make the folder writable") from error
    with held:
        yield


def _state_folder(config: Config) -> Path:
    """The folder of the SQLite file; for another database the one beside the output."""
    if config.database.startswith(SQLITE):
        return Path(config.database.removeprefix(SQLITE)).parent
    return Path(config.output).parent / "var"
