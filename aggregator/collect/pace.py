"""Politeness: one connection per host at a time, with a pause between its requests, whichever source they are for."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class _Line:
    """The queue before one host."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.ended: float | None = None


class Pace:
    """Gives each host's requests their turn."""

    def __init__(self, sleep: Callable[[float], None], monotonic: Callable[[], float]) -> None:
        self._sleep = sleep
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._lines: dict[str, _Line] = {}

    @contextmanager
    def turn(self, host: str, pause_s: float) -> Iterator[None]:
        """Holds the host for the time of the context, which begins `pause_s` after the last one ended."""
        with self._lock:
            line = self._lines.setdefault(host, _Line())
        with line.lock:
            wait_s = 0.0 if line.ended is None else line.ended + pause_s - self._monotonic()
            if wait_s > 0:
                self._sleep(wait_s)
            try:
                yield
            finally:
                line.ended = self._monotonic()
