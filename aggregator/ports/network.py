"""Reading: the one network door."""

from typing import Protocol

from aggregator.model import Answer, Request
from aggregator.settings import Source


class Fetcher(Protocol):
    """The one network door."""

    def fetch(self, request: Request, source: Source) -> Answer:
        """The server's answer, within the source's hosts, pause, limits and robots.txt.

        Raises SourceError with a named cause for anything that is no answer.
        """
        ...

    def spent(self, source: str) -> tuple[int, int]:
        """Requests sent and bytes received for the source so far, robots.txt and redirects included."""
        ...
