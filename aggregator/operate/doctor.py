"""What a sound installation looks like, and what to type where it is not. Pure: whoever asks has looked.

Each function judges facts of one kind and gives Findings. WRONG keeps the program from its work, or readers from
what they are promised; a note is worth knowing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Verdict = Literal["good", "note", "WRONG"]

PYTHON = (3, 11)
SQLITE = (3, 35)  # the oldest with materialised expressions and RETURNING, which the store asks with
OTHERS = 0o077  # rights of anyone but the owner
ROOM = 1_000_000_000  # bytes: a full publish of 100,000 stories, a backup and its copy want less
OFF_BY = timedelta(minutes=2)  # of a clock: times of publication are shown to the minute
RUN_WITHIN = timedelta(hours=1)  # with the README's line in cron a run ends every ten minutes
BACKUP_WITHIN = timedelta(days=7)
FRESH = timedelta(hours=1)  # of the site as readers get it, beside our own folder


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what, how it stands, and what to do; `todo` is "" where nothing is."""

    verdict: Verdict
    what: str
    told: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as it was found: `problem` is why nothing can be written there, `free` bytes are left on its disk."""

    name: str
    path: str
    problem: str
    free: int
    mode: int
    private: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """What a host answered: `problem` and `todo` where it could not be read; `date` is its own time."""

    name: str
    url: str
    problem: str = ""
    todo: str = ""
    date: datetime | None = None
    at: datetime | None = None


def interpreter(python: Sequence[int], sqlite: Sequence[int], zones: bool) -> Iterator[Finding]:
    """Python, SQLite and the time zone data."""
    said = ".".join(map(str, python))
    if tuple(python[:2]) < PYTHON:
        yield Finding("WRONG", "python", f"{said} is too old", "install Python 3.11 or newer, then the package into it")
    else:
        yield Finding("good", "python", said)
    said = ".".join(map(str, sqlite))
    if tuple(sqlite[:2]) < SQLITE:
        todo = "take a Python that was built with SQLite 3.35 or newer (any of python.org, Debian 12, uv)"
        yield Finding("WRONG", "sqlite", f"{said} is too old", todo)
    else:
        yield Finding("good", "sqlite", said)
    if zones:
        yield Finding("good", "time zones", "Asia/Ho_Chi_Minh is known")
    else:
        yield Finding("WRONG", "time zones", "Asia/Ho_Chi_Minh is not known", "pip install tzdata")


def folders(found: Sequence[Folder]) -> Iterator[Finding]:
    """Whether we may write where we must, have room there, and nobody else may read what is private."""
    for one in found:
        if one.problem:
            todo = f"make it writable for the user that runs the program: chown -R USER {one.path}"
            yield Finding("WRONG", one.name, f"{one.path}: {one.problem}", todo)
        elif one.private and one.mode & OTHERS:
            told = f"{one.path}: others on this machine may read it ({one.mode:o})"
            yield Finding("WRONG", one.name, told, f"chmod 700 {one.path}")
        else:
            yield Finding("good", one.name, f"{one.path} can be written")
        if not one.problem and one.free < ROOM:
            told = f"{one.free / 1e6:.0f} MB are left on the disk of {one.path}"
            yield Finding("WRONG", one.name, told, "free some space, or lower archive.max_bytes")


def signing(state: str, because: str, key: str) -> Iterator[Finding]:
    """Whether what is published is signed. `state` is Signing.state."""
    if state == "ready":
        yield Finding("good", "keys", f"key {key} signs")
    elif state == "none":
        yield Finding("note", "keys", "what is published is not signed", "aggregator keys init")
    else:
        yield Finding("WRONG", "keys", because, "aggregator keys show tells more")


def rhythm(last: datetime | None, killed: bool, now: datetime) -> Iterator[Finding]:
    """Whether somebody runs it: the end of the newest run, and whether one was killed on the way."""
    if last is None:
        yield Finding("WRONG", "runs", "no run has ended yet", "aggregator run, then the line for cron of the README")
    elif now - last > RUN_WITHIN:
        told = f"the last run ended at {last:%Y-%m-%d %H:%M} UTC"
        yield Finding("WRONG", "runs", told, "see that cron or the service is there: crontab -l, systemctl status")
    else:
        yield Finding("good", "runs", f"the last one ended at {last:%Y-%m-%d %H:%M} UTC")
    if killed:
        yield Finding("note", "runs", "one was killed while it wrote, or writes now; the next one mends what it left")


def backups(newest: datetime | None, now: datetime) -> Iterator[Finding]:
    """Whether there is a backup of late in the usual place."""
    if newest is None or now - newest > BACKUP_WITHIN:
        told = "there is none" if newest is None else f"the newest is of {newest:%Y-%m-%d}"
        yield Finding("note", "backup", told, "aggregator backup --keep 14, each night by cron; docs/operating.md")
    else:
        yield Finding("good", "backup", f"the newest is of {newest:%Y-%m-%d %H:%M} UTC")


def network(found: Sequence[Answered]) -> Iterator[Finding]:
    """Whether every source can be reached, with its certificate, and whether our clock is theirs."""
    for one in found:
        if one.problem:
            yield Finding("WRONG", one.name, f"{one.url}: {one.problem}", one.todo)
        else:
            yield Finding("good", one.name, f"{one.url} answers")
    yield from clock(found)


def clock(found: Sequence[Answered]) -> Iterator[Finding]:
    """How far our clock is from those of the hosts, by the median: one host's may be wrong."""
    apart = sorted(one.at - one.date for one in found if one.date and one.at)
    if not apart:
        yield Finding("note", "clock", "no host told its time")
        return
    middle = apart[len(apart) // 2]
    if abs(middle) > OFF_BY:
        ahead = "ahead of" if middle > timedelta() else "behind"
        told = f"is {abs(middle).total_seconds():.0f} s {ahead} those of {len(apart)} hosts"
        yield Finding("WRONG", "clock", told, "timedatectl set-ntp true")
    else:
        yield Finding("good", "clock", f"agrees with {len(apart)} hosts")


WANTED: Mapping[str, Sequence[tuple[str, str]]] = {
    "page": (
        ("content-security-policy", "default-src"),
        ("x-content-type-options", "nosniff"),
        ("content-type", "text/html"),
        ("strict-transport-security", "max-age"),
    ),
    "heartbeat": (("access-control-allow-origin", "*"), ("cache-control", "no-cache")),
    "feed": (("content-type", "xml"), ("x-content-type-options", "nosniff")),
}
"""What a web server says of each kind of file (docs/servers): header, and words that must stand in it."""


def headers(kind: str, url: str, found: Mapping[str, str]) -> Iterator[Finding]:
    """What a web server says of one of our files, beside what docs/servers has it say."""
    secure = url.startswith("https://")
    wanted = [(name, words) for name, words in WANTED[kind] if secure or name != "strict-transport-security"]
    absent = [f"{name}: {words}" for name, words in wanted if words not in found.get(name, "")]
    if absent:
        told = f"{url} comes without {', '.join(absent)}"
        yield Finding("WRONG", "web server", told, "take the sample of docs/servers over into its configuration")
    else:
        yield Finding("good", "web server", f"{url} comes with the headers it needs")


def served(ours: datetime | None, theirs: datetime | None, url: str) -> Iterator[Finding]:
    """Whether readers get what we wrote: the times of the heartbeat in our folder and at its public address."""
    if ours is None:
        yield Finding("WRONG", "public site", "the output holds no heartbeat", "aggregator publish")
    elif theirs is None:
        yield Finding("WRONG", "public site", f"{url} gives no heartbeat", "serve the output folder at site.base_url")
    elif ours - theirs > FRESH:
        told = f"{url} is of {theirs:%Y-%m-%d %H:%M} UTC, our folder of {ours:%Y-%m-%d %H:%M}"
        yield Finding(
            "WRONG", "public site", told, "see that it serves this folder, and what stands before it (a CDN?)"
        )
    else:
        yield Finding("good", "public site", f"{url} is the newest")
