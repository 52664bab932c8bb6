"""The service behind `aggregator schedule`: the only user of APScheduler."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from aggregator.errors import AggregatorError

NOTICED_S = 0.5  # a signal that another thread was handed is seen when this one wakes up; an untimed wait never would


class Service:
    """Calls `once` now and then every `every_s` seconds, never twice at a time, until it is stopped.

    An error of ours is handed to `tell` and the next turn tries again; anything else is a bug and ends the service.
    """

    def __init__(self, once: Callable[[], None], every_s: float, tell: Callable[[AggregatorError], None]) -> None:
        self._once = once
        self._every_s = every_s
        self._tell = tell
        self._stopped = threading.Event()
        self._bug: BaseException | None = None

    def run(self) -> None:
        """Work until `stop`; a turn in progress is finished. Raises what a turn raised, if it was a bug."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a long turn leaves out a look is no news
        scheduler = BackgroundScheduler(executors={"default": ThreadPoolExecutor(1)}, timezone=UTC)
        trigger = IntervalTrigger(seconds=self._every_s, timezone=UTC)
        scheduler.add_job(
            self._turn, trigger, max_instances=1, coalesce=True, misfire_grace_time=None, next_run_time=_at_once()
        )
        scheduler.start()
        try:
            while not self._stopped.wait(NOTICED_S):
                pass
        finally:
            scheduler.shutdown(wait=True)
        if self._bug is not None:
            raise self._bug

    def stop(self) -> None:
        """Ask the service to end after the turn in progress."""
        self._stopped.set()

    def _turn(self) -> None:
        if self._stopped.is_set():
            return
        try:
            self._once()
        except AggregatorError as error:
            self._tell(error)
        except BaseException as error:
            self._bug = error
            self.stop()


def _at_once() -> datetime:
    return datetime.now(UTC)
