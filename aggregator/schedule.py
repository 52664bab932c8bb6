"""Which sources are due, and when each comes next. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from aggregator.errors import SourceError
from aggregator.model import Health, SourceState
from aggregator.settings import Source

LONGEST_BACKOFF = timedelta(hours=6)  # a source that is back in the morning is read before the working day begins
SPREAD = 0.2  # share of a longer wait that chance takes away, so that sources that fell together do not rise together
SHARE = 4  # visits in the usual time between two articles: the next one is seen when a quarter of that has passed
QUIET_SHARE = 10  # RFC 9111 §4.2.2: what has not changed for so long is fresh for a tenth of that time
RHYTHM = 20  # newest articles that tell how often a source publishes
EARLY = timedelta(seconds=30)  # cron fires a little late or early; a source due in a moment is due now

HEALTH: dict[str, Health] = {
    "blocked": "blocked",
    "login": "blocked",
    "robots": "blocked",
    "drifted": "drifted",
    "not-a-feed": "drifted",
    "empty": "drifted",
}
HOSTS_OWN = frozenset({"timeout", "unreachable", "certificate", "blocked", "address", "server-error"})  # causes
FAULTY: frozenset[Health] = frozenset({"broken", "blocked", "drifted"})


def due(
    sources: Iterable[Source],
    states: Mapping[str, SourceState],
    now: datetime,
    only: Collection[str] = (),
    force: bool = False,
) -> tuple[Source, ...]:
    """Enabled sources whose next visit has come, in the order of the configuration; `force` takes them all."""
    chosen = [source for source in sources if source.enabled and (not only or source.id in only)]
    return tuple(source for source in chosen if force or _has_come(states.get(source.id), now))


def _has_come(state: SourceState | None, now: datetime) -> bool:
    if state is None or state.next_visit is None:
        return True
    clock_went_back = state.last_visit is not None and state.last_visit > now
    return clock_went_back or state.next_visit <= now + EARLY


def is_open(source: Source, state: SourceState) -> bool:
    """Whether the source's circuit is open: it was left alone for longer than `every`, since nothing of it answered.

    One probe then says whether it is back. A source of which a part answers is never made to wait (`failed`).
    """
    if state.health not in {"broken", "blocked"} or state.last_visit is None or state.next_visit is None:
        return False
    return state.failures > 1 and state.next_visit - state.last_visit > source.every


def interval(source: Source, published: Collection[datetime], now: datetime) -> timedelta:
    """Time to the next visit of a source that is well: by how often it publishes, from `every` to `at_most`.

    `published` are the times of its newest articles, in any order; RHYTHM of them tell enough. A source that is
    silent for longer than usual is waited for longer; one of which little is known is visited at its shortest.
    """
    longest = source.at_most or source.every
    times = sorted({time for time in published if time <= now}, reverse=True)[:RHYTHM]
    if not times:
        return source.every
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(times)]
    usual = median(gaps) if gaps else 0.0
    wait = max(timedelta(seconds=usual) / SHARE, (now - times[0]) / QUIET_SHARE)
    return min(max(wait, source.every), longest)


def waits(state: SourceState, now: datetime) -> bool:
    """Whether the source's host is left alone until the next visit: it did not answer, or refused."""
    return state.cause in HOSTS_OWN and state.next_visit is not None and state.next_visit > now


def host(source: Source) -> str:
    """The host that the source is mostly asked on."""
    return source.hosts[0] if source.hosts else source.home


def succeeded(
    source: Source, state: SourceState, now: datetime, newest: datetime | None, wait: timedelta | None = None
) -> SourceState:
    """The state after a visit that was answered. `newest` is the source's newest article, when one came in.

    `wait` is the time to the next visit; None: `every`.
    """
    times = [time for time in (state.newest, newest) if time is not None]
    last = max(times) if times else None
    quiet = last is not None and now - last > source.stale_after
    health: Health = "stale" if quiet else "ok"
    return SourceState(
        source=source.id,
        health=health,
        problem=f"no new article since {last:%Y-%m-%d %H:%M} UTC" if quiet else "",
        last_visit=now,
        last_success=now,
        next_visit=now + (source.every if wait is None else wait),
        newest=last,
        since=state.since if state.health == health and state.since else now,
        validators=state.validators,
        profile=state.profile,
        chosen=state.chosen,
    )


def failed(
    source: Source, state: SourceState, now: datetime, fault: SourceError, *, chance: float = 0.0, partly: bool = False
) -> SourceState:
    """The state after a visit that failed: the next one comes later each time, up to six hours.

    `chance`, from 0 to 1, takes up to a fifth off a longer wait. A server that asked to be left alone is, for as
    long as it asked. Where only a part failed (`partly`) the rest is not made to wait. The first visit that is
    answered brings the usual interval back: nobody has to close the circuit by hand.
    """
    failures = state.failures + 1
    health = HEALTH.get(fault.cause, "broken")
    wait = min(source.every * 2 ** min(failures - 1, 16), max(LONGEST_BACKOFF, source.every))
    wait = source.every if partly else max(wait * (1 - SPREAD * chance), source.every)
    wait = max(wait, timedelta(seconds=fault.wait_s or 0))
    return SourceState(
        source=source.id,
        health=health,
        cause=fault.cause,
        problem=str(fault),
        failures=failures,
        last_visit=now,
        last_success=state.last_success,
        next_visit=now + wait,
        newest=state.newest,
        since=state.since if state.health == health and state.since else now,
        validators=state.validators,
        profile=state.profile,
        chosen=state.chosen,
    )


def accepted(state: SourceState, now: datetime) -> SourceState:
    """The state of a source that the operator takes as it is now: due at once, nothing known of what is usual.

    Only drift is forgiven; a source that does not answer stays broken or blocked until it does.
    """
    fresh = replace(state, profile={}, chosen={}, validators={}, next_visit=None)
    if state.health != "drifted":
        return fresh
    return replace(fresh, health="ok", cause="", problem="", failures=0, since=now)
