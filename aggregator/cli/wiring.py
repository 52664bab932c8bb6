"""The real neighbours of a run: configuration, locks, fetcher, store, writer, clock."""

import argparse
import logging
import os
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from aggregator import config as configuration
from aggregator.cli.drifted import Keeper
from aggregator.errors import ConfigError, LockedError, PostError, StoreError
from aggregator.mail_settings import Smtp
from aggregator.model import Answer, Request
from aggregator.pipeline import Ports
from aggregator.ports import Archive, Fetcher, Post, Store
from aggregator.publish import addresses, keyring, trustring
from aggregator.publish.signing import Signing
from aggregator.publish.write import FolderWriter
from aggregator.settings import Config, Section, Source, Tags
from aggregator.text import ascii_host

if TYPE_CHECKING:
    from aggregator.collect.fetch import HttpFetcher
    from aggregator.refine.tagging import Tagger

Clock = Callable[[], datetime]
SQLITE = "sqlite:///"
PRIVATE = 0o700  # keys, raw pages and what waits for an editor are nobody else's business on this machine
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
    if "brotli" in config.site.compress and find_spec("brotli") is None:
        raise ConfigError(f"{path} site.compress: brotli is not installed: pip install '.[brotli]', or write [gzip]")
    if any(campaign.emblem or campaign.images for campaign in config.campaigns):
        _keep_fit(config, path)
    update = {}
    if arguments.database:
        update["database"] = arguments.database
    if arguments.output:
        update["output"] = str(Path(arguments.output).resolve())
    config = config.model_copy(update=update)
    _keep_apart(config, path)
    return config


def _keep_fit(config: Config, path: Path) -> None:
    """Raises ConfigError for image files of campaigns that cannot be banners."""
    from aggregator.publish import pictures

    if wrong := [f"{path} {told}" for told in pictures.problems(config)]:
        raise ConfigError("\n".join(wrong))


def _keep_apart(config: Config, path: Path) -> None:
    """Raises ConfigError when addresses or a password would lie where everybody can fetch them."""
    mail = config.mail
    named = {"recipients": mail.recipients} if mail else {}
    named |= {"smtp.password_file": mail.smtp.password_file} if mail and mail.smtp else {}
    for key, place in named.items():
        if place and Path(place).resolve().is_relative_to(Path(config.output).resolve()):
            raise ConfigError(f"{path} mail.{key}: {place} lies in the output, which is served; move it elsewhere")


def open_store(config: Config, clock: Clock) -> Store:
    """The configured store. Raises StoreError."""
    from aggregator.store.database import open_store as opened

    return opened(config.database, clock=clock)


@contextmanager
def fetching(config: Config, clock: Clock) -> Iterator[Fetcher]:
    """The real fetcher, closed afterwards. It is made for the first request: most runs visit nothing."""
    fetcher = LateFetcher(lambda: _http(config, clock))
    try:
        yield fetcher
    finally:
        fetcher.close()


class LateFetcher:
    """A Fetcher that is made when it is first asked."""

    def __init__(self, make: "Callable[[], HttpFetcher]") -> None:
        self._make = make
        self._made: HttpFetcher | None = None
        self._lock = threading.Lock()

    def fetch(self, request: Request, source: Source) -> Answer:
        """As the Fetcher behind it."""
        with self._lock:
            self._made = self._made or self._make()
        return self._made.fetch(request, source)

    def spent(self, source: str) -> tuple[int, int]:
        """As the Fetcher behind it; nothing before the first request."""
        return self._made.spent(source) if self._made else (0, 0)

    def close(self) -> None:
        """Close the Fetcher behind it."""
        if self._made:
            self._made.close()


def contact(config: Config) -> str:
    """Where the keeper of a site that we read reaches the operator; "" where nobody was named and none need be."""
    given = config.fetch.contact.strip()
    return given or (addresses.link(addresses.ABOUT, config.site.base_url) if config.site.mode == "public" else "")


def _http(config: Config, clock: Clock) -> "HttpFetcher":
    from aggregator.collect.fetch import HttpFetcher
    from aggregator.collect.notes import Notes

    logging.getLogger("urllib3").setLevel(logging.ERROR)  # it warns of each odd header; what matters we name ourselves
    return HttpFetcher(
        config.fetch.model_copy(update={"contact": contact(config)}),
        clock=clock,
        sleep=time.sleep,
        jitter=random.random,
        monotonic=time.monotonic,
        notes=Notes(state_folder(config) / "hosts"),
    )


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
        with fetching(config, clock) as fetcher, _marked(writer, state_folder(config) / mark):
            ranks, run = authorities(config), uuid.uuid4().hex[:12]
            keep, own = drifted(config, clock), partial(tagger, config)
            raw = archive(config, clock) if config.archive.enabled else None
            signs = signing(config)
            own_post, chance = post(config), random.random
            yield Ports(fetcher, store, writer, clock, own, ranks, run, chance, turn, keep, signs, raw, post=own_post)
    finally:
        store.close()


@contextmanager
def editing(config: Config, clock: Clock) -> Iterator[Ports]:
    """The neighbours while nobody else writes: a run in progress is waited for at its next pause only.

    Raises LockedError after PATIENCE_S.
    """
    with lock(config, PATIENCE_S, "publish.lock"), ports(config, clock, mark="editing") as neighbours:
        yield neighbours


def drifted(config: Config, clock: Clock) -> Keeper:
    """Where the pages of drifted visits are put away."""
    return Keeper(state_folder(config) / "drifted", clock)


def archive(config: Config, clock: Clock) -> Archive:
    """The raw archive beside the database, whether or not pages are added to it."""
    from aggregator.operate.archive import FolderArchive

    return FolderArchive(state_folder(config) / "raw", config.archive, clock)


def post(config: Config) -> Post | None:
    """The mail server of the configuration, asked when there is a letter to send; None when it names none."""
    mail = config.mail
    if mail is None or mail.smtp is None:
        return None
    from aggregator.operate.notify import SmtpPost

    return SmtpPost(mail, mail.smtp, partial(_password, mail.smtp), time.sleep)


def _password(smtp: Smtp) -> str:
    """What logs in. Raises PostError that says where it was looked for."""
    if smtp.password_env:
        found = os.environ.get(smtp.password_env, "")
        if not found:
            raise PostError(f"the environment variable {smtp.password_env} (mail.smtp.password_env) is not set")
        return found
    try:
        return Path(smtp.password_file).read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise PostError(f"{smtp.password_file}: cannot be read: {said}; correct mail.smtp.password_file") from None


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


def tagger(config: Config | None = None) -> "Tagger":
    """The tagger over the shipped vocabulary and the configuration's own tags, made once a process.

    Raises ConfigError for tags that cannot be used.
    """
    if config is None:
        return _tagger(Tags(), ())
    return _tagger(config.tags, tuple((source.id, source.tags) for source in config.sources if source.tags))


@cache
def _tagger(tags: Tags, fixed: tuple[tuple[str, tuple[str, ...]], ...]) -> "Tagger":
    from aggregator.refine import vocabulary
    from aggregator.refine.tagging import Tagger

    own = {key: rows for key, rows in tags.model_dump(exclude_unset=True).items() if rows}
    return Tagger(vocabulary.load(own), dict(fixed))


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
    path = state_folder(config) / name
    try:
        path.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        held = FileLock(path, timeout=patience_s).acquire()
    except Timeout as error:
        raise LockedError(f"another run holds {path}; wait for it to end") from error
    except OSError as error:
        raise StoreError(f"{path}: cannot be locked: {error.strerror}; make the folder writable") from error
    with held:
        yield


def keys_folder(config: Config) -> Path:
    """Where the keys are kept: never below the output."""
    return state_folder(config) / "keys"


def signing(config: Config) -> Signing:
    """What publishing signs with: the keys of files, and what signs embeds for browsers."""
    folder = keys_folder(config)
    return replace(keyring.load(folder), embeds=trustring.load(folder))


def state_folder(config: Config) -> Path:
    """The folder of the SQLite file; for another database the one beside the output."""
    if config.database.startswith(SQLITE):
        return Path(config.database.removeprefix(SQLITE)).parent
    return Path(config.output).parent / "var"
