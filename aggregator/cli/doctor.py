"""doctor: looks at the installation and says, for each fault, what to type."""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aggregator.cli import wiring
from aggregator.cli.advice import advice
from aggregator.cli.exits import FOUND_WRONG, OK
from aggregator.cli.show import as_text
from aggregator.errors import AggregatorError, SourceError
from aggregator.model import Answer, Page, Request, SourceState
from aggregator.operate import backup, doctor
from aggregator.operate.doctor import Answered, Finding, Folder
from aggregator.ports import Fetcher, Store
from aggregator.publish import addresses, keyring
from aggregator.publish.agreements import endings
from aggregator.publish.words import local_day
from aggregator.settings import Config, Section, Source, is_local
from aggregator.steps import going_live
from aggregator.store.sqlite import version

FILES = {"page": "", "heartbeat": addresses.HEARTBEAT, "feed": addresses.feed_path("all", "rss")}
STAMP = "%Y%m%dT%H%M%SZ"


def doctor_command(arguments: argparse.Namespace) -> int:
    """Print what was looked at and how it stands; 1 when anything is wrong."""
    found = tuple(_findings(arguments))
    if arguments.json:
        print(as_text([asdict(one) for one in found]))
    else:
        for one in found:
            print(_line(one))
    return FOUND_WRONG if any(one.verdict == "WRONG" for one in found) else OK


def _line(found: Finding) -> str:
    said = f"{found.verdict:<6} {found.what:<14} {found.told}"
    return f"{said}\n{'':<22}-> {found.todo}" if found.todo else said


def _findings(arguments: argparse.Namespace) -> Iterator[Finding]:
    yield from doctor.interpreter(sys.version_info[:3], version(), _zones())
    try:
        config = wiring.load(arguments)
    except AggregatorError as error:
        yield Finding("WRONG", "configuration", str(error), "correct it; docs/configuration.md lists every key")
        return
    clock = wiring.clock_of(arguments)
    yield Finding("good", "configuration", f"{arguments.config}: {len(config.sources)} sources, {config.site.mode}")
    state = wiring.state_folder(config)
    yield from doctor.folders(
        [_folder("state", state, private=True), _folder("output", Path(config.output), private=False)]
    )
    keys = keyring.load(wiring.keys_folder(config))
    yield from doctor.signing(keys.state, keys.because, keys.keys[-1].id if keys.keys else "")
    yield from _agreements(config, clock())
    yield from _database(config, clock)
    yield from doctor.rhythm(_heartbeat(config), (state / "writing").exists(), clock())
    yield from doctor.backups(_newest_backup(state / "backups"), clock())
    if arguments.offline:
        yield Finding("note", "network", "was not looked at (--offline)")
        return
    with wiring.fetching(config, wiring.wall_clock) as fetcher:
        yield from doctor.network([_asked(source, fetcher) for source in config.sources if source.enabled])
        yield from _public(config, fetcher)


def _zones() -> bool:
    try:
        ZoneInfo("Asia/Ho_Chi_Minh")
    except ZoneInfoNotFoundError:
        return False
    return True


def _folder(name: str, path: Path, *, private: bool) -> Folder:
    """The folder as it is, by writing into it: rights alone say nothing to root, nor of a disk that is read-only."""
    nearest = next(one for one in (path, *path.parents) if one.exists())
    problem, mode = "", nearest.stat().st_mode & 0o777
    try:
        with tempfile.TemporaryFile(dir=nearest) as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        problem = f"cannot be written: {error.strerror}"
    return Folder(name, str(path), problem, shutil.disk_usage(nearest).free, mode, private and nearest == path)


def _agreements(config: Config, now: datetime) -> Iterator[Finding]:
    for one in endings(config, local_day(now)):
        yield Finding("WRONG" if one.over else "note", "agreement", one.said)


def _database(config: Config, clock: wiring.Clock) -> Iterator[Finding]:
    if config.database.startswith(wiring.SQLITE) and not Path(config.database.removeprefix(wiring.SQLITE)).exists():
        return
    try:
        store = wiring.open_store(config, clock)
        try:
            states, lacks = store.states(), _lacking(config, store)
        finally:
            store.close()
    except AggregatorError as error:
        yield Finding("WRONG", "database", str(error))
        return
    yield Finding("good", "database", "opens, and its tables are of this version")
    yield from (Finding("WRONG", "going live", one) for one in lacks)
    yield from _health(config, states)


def _lacking(config: Config, store: Store) -> tuple[str, ...]:
    signing = keyring.load(wiring.keys_folder(config)).state
    return going_live.lacking(config, store.confirmed(), store.standing(), signing)


def _health(config: Config, states: Mapping[str, SourceState]) -> Iterator[Finding]:
    wrong = [source for source in config.sources if source.enabled and _at_fault(states.get(source.id))]
    for source in wrong:
        state = states[source.id]
        told = f"{state.health}: {state.cause}: {' '.join(state.problem.split())}"
        yield Finding("WRONG", source.id, told, advice(state.cause, source.id))


def _at_fault(state: SourceState | None) -> bool:
    return state is not None and bool(state.cause) and state.health in {"broken", "blocked", "drifted"}


def _newest_backup(folder: Path) -> datetime | None:
    names = sorted(path.name for path in folder.glob(backup.NAMES))
    stamp = names[-1].removeprefix("backup-").removesuffix(".tar.gz") if names else ""
    return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC) if stamp else None


def _asked(source: Source, fetcher: Fetcher) -> Answered:
    """The source's home page, asked for once and with everything that guards a visit."""
    try:
        answer = fetcher.fetch(Request(source.home, purpose="section", once=True), source)
    except SourceError as error:
        return Answered(source.id, source.home, f"{error.cause}: {error}", advice(error.cause, source.id))
    if not isinstance(answer, Page):
        return Answered(source.id, source.home, "is not there (404 or 410)", "correct `home` in sources.yaml")
    return Answered(source.id, source.home, date=_date(answer.header("date")), at=answer.fetched_at)


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _public(config: Config, fetcher: Fetcher) -> Iterator[Finding]:
    """What readers get at the public address; a preview on loopback has none."""
    base = config.site.base_url
    if is_local(base) and not config.fetch.connect_to.get(urlsplit(base).hostname or ""):
        yield Finding("note", "public site", f"site.base_url is {base}: nobody else can open it")
        return
    own = Source(id="site", name="site", kind="listing", home=base, sections=(Section(url=base),), pause=timedelta())
    for kind, path in FILES.items():
        url = urljoin(base, path)
        try:
            answer = fetcher.fetch(Request(url, purpose="verify", once=True), own)
        except SourceError as error:
            yield Finding("WRONG", "public site", f"{url}: {error}", "serve the output folder at site.base_url")
            continue
        yield from _judged(kind, url, answer, config)


def _judged(kind: str, url: str, answer: Answer, config: Config) -> Iterator[Finding]:
    if not isinstance(answer, Page):
        yield Finding("WRONG", "public site", f"{url} is not there", "serve the output folder at site.base_url")
        return
    yield from doctor.headers(kind, url, dict(answer.headers))
    if kind == "heartbeat":
        yield from doctor.served(_heartbeat(config), _time_of(answer.body), url)


def _heartbeat(config: Config) -> datetime | None:
    """When a run last wrote into the output: the time of the heartbeat, which an idle one writes, too."""
    path = Path(config.output) / addresses.HEARTBEAT
    return _time_of(path.read_bytes()) if path.is_file() else None


def _time_of(heartbeat: bytes) -> datetime | None:
    try:
        return datetime.fromisoformat(json.loads(heartbeat)["time"])
    except (ValueError, KeyError, TypeError):
        return None
