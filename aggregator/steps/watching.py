"""What is looked at again, and how often: the promise that what a source takes down is down here within three hours.

What cannot be looked at often enough is told by title and link, and comes back by itself (refine.watch).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator import schedule
from aggregator.model import Known, SourceState
from aggregator.ports import Store
from aggregator.refine import recheck, watch
from aggregator.settings import Config, Source
from aggregator.steps.neighbours import Ports

DAY = timedelta(days=1)
ROOM_TO_CHOOSE = 20  # due articles read for each that may be asked for: those that matter most go first


@dataclass(frozen=True, slots=True)
class Shortened:
    """A source whose cap began to leave its window too little room: from when on its articles are shown in full."""

    source: str
    since: datetime


def room(source: Source, ports: Ports) -> int:
    """How many known articles a visit now may ask for: the sources of one host share its day."""
    now = ports.clock()
    spent = sum(ports.store.checked(id, now - DAY, now) for id in (source.id, *ports.beside.get(source.id, ())))
    return max(min(source.max_checks, source.checks_a_day - spent), 0)


def due(source: Source, most: int, ports: Ports) -> tuple[Known, ...]:
    """The known articles to look at in a visit now, at most so many, the most urgent first."""
    now = ports.clock()
    found = ports.store.due_checks(source.id, now, most * ROOM_TO_CHOOSE, now + recheck.LONGEST) if most else ()
    return recheck.first(found, now, source.window, most)


def beside(config: Config) -> Mapping[str, tuple[str, ...]]:
    """By source, the other enabled ones that are asked on its host; none left out."""
    hosts = [(source.id, schedule.host(source)) for source in config.sources if source.enabled]
    return {id: tuple(other for other, there in hosts if there == host and other != id) for id, host in hosts}


def idle(config: Config, states: Mapping[str, SourceState], chosen: tuple[Source, ...], ports: Ports) -> list[Source]:
    """The sources of which no visit is due, but re-checks are. Those that wait for their host go on waiting."""
    now = ports.clock()
    others = [source for source in config.sources if source.enabled and source not in chosen and source.max_checks]
    return [
        source
        for source in others
        if (state := states.get(source.id)) is not None
        and not schedule.waits(state, now)
        and ports.store.due_checks(source.id, now, 1, now + recheck.LONGEST)
    ]


def standing(source: Source, ports: Ports) -> tuple[Known, ...]:
    """Known articles that were seen to stand: the one seen last, the newest, the oldest, one between, the rest."""
    shown = [known for known in _shown(source, ports.store, ports.clock()) if not known.misses and known.alive_at]
    if not shown:
        return ()
    by_age = sorted(shown, key=lambda known: (known.published, known.id))
    lately = max(shown, key=lambda known: (known.alive_at or known.first_seen, known.id))
    spread = (lately, by_age[-1], by_age[0], by_age[len(by_age) // 2], *by_age)
    return tuple({known.id: known for known in spread}.values())


def keep(config: Config, ports: Ports) -> tuple[Shortened, ...]:
    """Decide, for every source, whose words may be shown from now on. Raises StoreError."""
    sources = [source for source in config.sources if source.enabled]
    before, others = ports.store.unwatched(), beside(config)
    found = []
    for source in sources:
        since = _kept(source, watch.share(source.checks_a_day, 1 + len(others[source.id])), ports)
        if since is not None and not before.get(source.id, {}).get("cap"):
            found.append(Shortened(source.id, since))
    return tuple(found)


def _kept(source: Source, share: float, ports: Ports) -> datetime | None:
    """Since when its articles are shown, where the cap now shortens its window; else None."""
    now = ports.clock()
    shown = _shown(source, ports.store, now)
    made = watch.watched(shown, share, now)
    if made.changed or made.again:
        ports.store.watch(made.changed, made.again, now)
    capped = {id for id, why in made.changed.items() if why == "cap"}
    return max((known.published for known in shown if known.id in capped), default=None)


def _shown(source: Source, store: Store, now: datetime) -> list[Known]:
    """The live articles within the source's window."""
    found = store.between(source.id, now - source.window, now + DAY)
    return [known for known in found if known.status == "live"]
