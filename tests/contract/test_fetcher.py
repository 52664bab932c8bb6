"""What every Fetcher keeps to: the real one over loopback, and the fake that stands for it in other tests."""

from collections.abc import Callable, Iterator

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request as Asked
from werkzeug import Response

from aggregator.errors import SourceError
from aggregator.model import Missing, Page, Request, Unchanged
from aggregator.ports import Fetcher
from tests.fakes import FakeFetcher, page
from tests.make_collect import HOME, fetching, source, to

PAGE = f"{HOME}/bai-1.htm"
Make = Callable[[], Fetcher]


def _real(httpserver: HTTPServer) -> Iterator[Fetcher]:
    def article(asked: Asked) -> Response:
        status = 304 if asked.headers.get("If-None-Match") == '"v1"' else 200
        return Response("tin" if status == 200 else "", status, {"ETag": '"v1"'})

    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    httpserver.expect_request("/bai-1.htm").respond_with_handler(article)
    httpserver.expect_request("/mat.htm").respond_with_data("", status=404)
    httpserver.expect_request("/go.htm").respond_with_data("", status=410)
    httpserver.expect_request("/loi.htm").respond_with_data("", status=403)
    with fetching(connect_to=to(httpserver.port)) as fetcher:
        yield fetcher


def _fake(httpserver: HTTPServer) -> Iterator[Fetcher]:
    gone = f"{HOME}/go.htm"
    fake = FakeFetcher({PAGE: page(PAGE, "tin", etag='"v1"')})
    fake.answers[gone] = Missing(Request(gone), 410, fake.at)
    fake.answers[f"{HOME}/loi.htm"] = SourceError("blocked", f"{HOME}/loi.htm answers 403", f"{HOME}/loi.htm")
    yield fake


@pytest.fixture(params=[_real, _fake], ids=["HttpFetcher", "FakeFetcher"])
def fetcher(request: pytest.FixtureRequest, httpserver: HTTPServer) -> Iterator[Fetcher]:
    yield from request.param(httpserver)


def test_a_page_carries_the_request_that_asked_for_it(fetcher: Fetcher) -> None:
    asked = Request(PAGE, purpose="section", headers=(("X-Why", "test"),))
    answer = fetcher.fetch(asked, source())
    assert isinstance(answer, Page)
    assert (answer.request, answer.url, answer.status, answer.body) == (asked, PAGE, 200, b"tin")
    assert answer.fetched_at.utcoffset() is not None


def test_header_names_are_lower_case(fetcher: Fetcher) -> None:
    answer = fetcher.fetch(Request(PAGE), source())
    assert isinstance(answer, Page)
    assert all(name == name.lower() for name, _ in answer.headers)


def test_the_validator_of_a_page_gives_unchanged(fetcher: Fetcher) -> None:
    first = fetcher.fetch(Request(PAGE), source())
    assert isinstance(first, Page)
    again = Request(PAGE, validator=first.validator)
    answer = fetcher.fetch(again, source())
    assert isinstance(answer, Unchanged) and answer.request == again


@pytest.mark.parametrize(("path", "status"), [("/mat.htm", 404), ("/go.htm", 410)])
def test_a_missing_page_is_an_answer(fetcher: Fetcher, path: str, status: int) -> None:
    asked = Request(HOME + path)
    answer = fetcher.fetch(asked, source())
    assert isinstance(answer, Missing)
    assert (answer.status, answer.request) == (status, asked)


def test_a_fault_is_raised_with_its_cause_and_address(fetcher: Fetcher) -> None:
    with pytest.raises(SourceError) as error:
        fetcher.fetch(Request(f"{HOME}/loi.htm"), source())
    assert (error.value.cause, error.value.url) == ("blocked", f"{HOME}/loi.htm")


def test_what_was_spent_grows_by_source(fetcher: Fetcher) -> None:
    assert fetcher.spent("tin") == (0, 0)
    fetcher.fetch(Request(PAGE), source())
    requests, size = fetcher.spent("tin")
    fetcher.fetch(Request(PAGE), source())
    assert fetcher.spent("tin") == (requests + 1, size + 3)
    assert fetcher.spent("khac") == (0, 0)
