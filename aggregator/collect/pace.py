"""Politeness: one connection per host at a time, with a pause between its requests, whichever source they are for.

With notes the turn and the pause hold across all processes that share them (a run beside `sources check`, say).
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from math import isfinite

from aggregator.collect.notes import Notes


class _Line:
    """The queue before one host."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.ended: float | None = None


class Pace:
    """Gives each host's requests their turn. `monotonic` must count alike in every process that shares the notes."""

    def __init__(
        self, sleep: Callable[[float], None], monotonic: Callable[[], float], notes: Notes | None = None
    ) -> None:
        self._sleep = sleep
        self._monotonic = monotonic
        self._notes = notes
        self._lock = threading.Lock()
        self._lines: dict[str, _Line] = {}

    @contextmanager
    def turn(self, host: str, pause_s: float) -> Iterator[None]:
        """Holds the host for the time of the context, which begins `pause_s` after the last one ended."""
        with self._lock:
            line = self._lines.setdefault(host, _Line())
        with line.lock, ExitStack() as stack:
            if self._notes is None:
                self._rest(self._wait(line.ended, pause_s))
            else:
                self._queue(self._notes, host, pause_s, stack)
            try:
                yield
            finally:
                line.ended = self._monotonic()
                self._note(host)

    def _queue(self, notes: Notes, host: str, pause_s: float, stack: ExitStack) -> None:
        """Take the host when its pause is over. The pause itself is spent without it: others wait as long as we."""
        while True:
            held = ExitStack()
            held.enter_context(notes.held(f"pace-{host}", self._sleep))
            with held:
                wait_s = self._wait(_seconds(notes.read(f"pace-{host}")), pause_s)
                if wait_s <= 0:
                    self._note(host)  # a process that is killed in its turn leaves the beginning of it
                    stack.enter_context(held.pop_all())
                    return
            self._rest(wait_s)

    def _note(self, host: str) -> None:
        if self._notes is not None:
            self._notes.write(f"pace-{host}", repr(self._monotonic()))

    def _wait(self, ended: float | None, pause_s: float) -> float:
        """Seconds still to wait. An end that lies ahead is from before the machine was started anew."""
        now = self._monotonic()
        return 0.0 if ended is None or ended > now else ended + pause_s - now

    def _rest(self, wait_s: float) -> None:
        if wait_s > 0:
            self._sleep(wait_s)


def _seconds(noted: str) -> float | None:
    try:
        seconds = float(noted)
    except ValueError:  # never noted, or cut off when the disk was full
        return None
    return seconds if isfinite(seconds) else None
