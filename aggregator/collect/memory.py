"""A fetcher that remembers what a visit was told, so that it can be read a second time without asking again."""

from dataclasses import replace

from aggregator.errors import SourceError
from aggregator.model import Answer, Page, Purpose, Request, Unchanged
from aggregator.ports import Fetcher
from aggregator.settings import Source

MOST_BYTES = 16_000_000  # of all pages of a visit together; what is beyond is asked for again
LARGEST = 2_000_000  # bytes of a page that is remembered; real listings and articles have up to 600,000

Key = tuple[str, str, bytes]


class Memory:
    """ports.Fetcher for one visit, over the real one. Used by one thread."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._told: dict[Key, Answer] = {}
        self._size = 0
        self._left: int | None = None

    def limit(self, requests: int) -> None:
        """From now on ask the network at most so many times."""
        self._left = requests

    def fetch(self, request: Request, source: Source) -> Answer:
        """What was answered before, else the server's answer. Raises SourceError, also when the limit is reached."""
        told = self._told.get(_key(request))
        if told is not None and (not isinstance(told, Unchanged) or told.request.validator == request.validator):
            return replace(told, request=request)
        if self._left == 0:
            raise SourceError("drifted", f"{request.url} was not asked for: the trial has used its requests up")
        if self._left is not None:
            self._left -= 1
        answer = self._fetcher.fetch(request, source)
        self._keep(request, answer)
        return answer

    def spent(self, source: str) -> tuple[int, int]:
        """As the real fetcher tells it: what is remembered costs nothing."""
        return self._fetcher.spent(source)

    def pages(self, purpose: Purpose, most: int) -> tuple[Page, ...]:
        """The first pages that were asked for with this purpose, at most `most`."""
        found = [told for told in self._told.values() if isinstance(told, Page) and told.request.purpose == purpose]
        return tuple(found[:most])

    def articles(self, most: int) -> tuple[Page, ...]:
        """The first pages of articles, new ones before those that were looked at again."""
        return (*self.pages("article", most), *self.pages("recheck", most))[:most]

    def _keep(self, request: Request, answer: Answer) -> None:
        size = len(answer.body) if isinstance(answer, Page) else 0
        if size <= LARGEST and self._size + size <= MOST_BYTES:
            self._size += size
            self._told[_key(request)] = answer


def _key(request: Request) -> Key:
    return request.method, request.url, request.body
