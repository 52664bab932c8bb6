"""sources accept: a rebuilt source is taken as it is now; what was usual of it is learned anew."""

import sys
import uuid
from datetime import datetime

from aggregator import schedule
from aggregator.cli import wiring
from aggregator.cli.exits import OK, USAGE
from aggregator.model import Changes, SourceState, Visit
from aggregator.settings import Config


def accept(config: Config, clock: wiring.Clock, id: str, why: str) -> int:
    """Forget the source's profile and its drift, under the run's lock; 2 for a source that is not configured.

    It is due at once; the visit log says why, and how the source stood. Raises LockedError, StoreError.
    """
    if config.source(id) is None:
        known = ", ".join(source.id for source in config.sources)
        print(f"aggregator sources accept: {id}: no such source; there are {known}", file=sys.stderr)
        return USAGE
    with wiring.lock(config):
        store = wiring.open_store(config, clock)
        try:
            state = store.states().get(id)
            if state is None:
                print(f"{id}: never visited, so that nothing is known of it; run: aggregator run --only {id}")
                return OK
            store.commit(_noted(state, clock(), why), Changes(schedule.accepted(state, clock())))
        finally:
            store.close()
    print(f"{id}: what its visits usually bring is learned anew from the next one; run: aggregator run --only {id}")
    return OK


def _noted(state: SourceState, now: datetime, why: str) -> Visit:
    """A line of the visit log: no request was made."""
    words = f"accepted as it is{f' ({why})' if why else ''}; it was {state.health}: {state.problem or 'no problem'}"
    return Visit(uuid.uuid4().hex[:12], state.source, now, now, "unchanged", problem=words)
