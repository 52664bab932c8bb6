"""Which sources are due, and when each comes next. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from aggregator.errors import Cause
from aggregator.model import Health, SourceState
from aggregator.settings import Source

LONGEST_BACKOFF = timedelta(hours=6)  # a source that is back in the morning is read before the working day begins
EARLY = timedelta(seconds=30)  # cron fires a little late or early; a source due in a moment is due now

HEALTH: dict[str, Health] = {
    "blocked": "blocked",
    "login": "blocked",
    "robots": "blocked",
    "drifted": "drifted",
    "not-a-feed": "drifted",
    "empty": "drifted",
}
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


def succeeded(source: Source, state: SourceState, now: datetime, newest: datetime | None) -> SourceState:
    """The state after a visit that was answered. `newest` is the source's newest article, when one came in."""
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
        next_visit=now + source.every,
        newest=last,
        since=state.since if state.health == health and state.since else now,
        validators=state.validators,
        profile=state.profile,
        chosen=state.chosen,
    )


def failed(
    source: Source, state: SourceState, now: datetime, cause: Cause, problem: str, *, partly: bool = False
) -> SourceState:
    """The state after a visit that failed: the next one comes later each time, up to six hours.

    When it failed only `partly` the source keeps its rhythm: what stands in its other sections is watched as ever.
    """
    failures = state.failures + 1
    health = HEALTH.get(cause, "broken")
    longer = source.every * 2 ** min(failures - 1, 16)
    wait = source.every if partly else min(longer, max(LONGEST_BACKOFF, source.every))
    return SourceState(
        source=source.id,
        health=health,
        cause=cause,
        problem=problem,
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
