"""Fakes at the ports, for everybody's tests."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from aggregator.errors import SourceError
from aggregator.model import Answer, Missing, Page, Request, Unchanged, Validator
from aggregator.settings import Source

NOON = datetime(2026, 10, 20, 5, 0, tzinfo=UTC)  # 12:00 in Hà Nội

Prepared = Page | Missing | Unchanged | SourceError | Callable[[Request], Answer]


def page(url: str, body: bytes | str = b"", *, at: datetime = NOON, status: int = 200, **headers: str) -> Page:
    """A page as a server would answer with it; header names with _ for -."""
    raw = body.encode() if isinstance(body, str) else body
    named = tuple((name.replace("_", "-").lower(), value) for name, value in headers.items())
    return Page(Request(url), url, status, named, raw, at)


class FakeFetcher:
    """A Fetcher that answers from a dict, by address; `requests` holds what it was asked, in order.

    A page with an ETag or Last-Modified that the request names is answered with Unchanged. An address that is not
    in the dict is answered with 404.
    """

    def __init__(self, answers: Mapping[str, Prepared], *, at: datetime = NOON) -> None:
        self.answers = dict(answers)
        self.at = at
        self.requests: list[Request] = []
        self._spent: dict[str, tuple[int, int]] = {}

    def fetch(self, request: Request, source: Source) -> Answer:
        self.requests.append(request)
        answer = self._answer(request)
        requests, size = self._spent.get(source.id, (0, 0))
        self._spent[source.id] = (requests + 1, size + (len(answer.body) if isinstance(answer, Page) else 0))
        if isinstance(answer, SourceError):
            raise answer
        return answer

    def spent(self, source: str) -> tuple[int, int]:
        return self._spent.get(source, (0, 0))

    def close(self) -> None:
        pass

    @property
    def urls(self) -> list[str]:
        """The addresses that were asked for, in order."""
        return [request.url for request in self.requests]

    def _answer(self, request: Request) -> Answer | SourceError:
        prepared = self.answers.get(request.url, Missing(request, 404, self.at))
        answer = prepared if isinstance(prepared, Page | Missing | Unchanged | SourceError) else prepared(request)
        if isinstance(answer, SourceError):
            return answer
        if isinstance(answer, Page):
            if _same(request.validator, answer.validator):
                return Unchanged(request, answer.fetched_at)
            return Page(request, answer.url, answer.status, answer.headers, answer.body, answer.fetched_at)
        if isinstance(answer, Missing):
            return Missing(request, answer.status, answer.fetched_at)
        return Unchanged(request, answer.fetched_at)


def _same(asked: Validator, held: Validator) -> bool:
    if asked.etag or held.etag:
        return asked.etag == held.etag != ""
    return asked.last_modified == held.last_modified != ""
