import gzip
import json
import socket
import ssl
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request as Asked

import aggregator
from aggregator.collect.door import tls_context
from aggregator.errors import ConfigError, SourceError
from aggregator.model import Missing, Page, Request, Unchanged, Validator
from aggregator.settings import Tls
from tests.fakes import NOON
from tests.make_collect import HOME, HOST, RawServer, Talk, Time, fetching, source, to

TLS = Path(__file__).parent / "tls"
PAGE = f"{HOME}/bai-1.htm"


@pytest.fixture
def site(httpserver: HTTPServer) -> HTTPServer:
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    return httpserver


def fault(site: HTTPServer, url: str = PAGE, *hosts: str, **settings: object) -> SourceError:
    with fetching(connect_to=to(site.port), **settings) as fetcher, pytest.raises(SourceError) as error:
        fetcher.fetch(Request(url), source(*hosts))
    assert error.value.url
    assert urlsplit(error.value.url).netloc in str(error.value) or error.value.cause in ("address", "timeout")
    return error.value


def page(site: HTTPServer, request: Request, **settings: object) -> Page:
    with fetching(connect_to=to(site.port), **settings) as fetcher:
        answer = fetcher.fetch(request, source())
    assert isinstance(answer, Page)
    return answer


def asked(site: HTTPServer, path: str = "/bai-1.htm") -> list[Asked]:
    return [request for request, _ in site.log if request.path == path]


# --- what is sent --------------------------------------------------------------------------------


def test_a_page_comes_with_its_official_address_and_the_clock_s_time(site: HTTPServer) -> None:
    site.expect_request("/bai-1.htm").respond_with_data(b"<p>tin</p>", headers={"X-Kind": "tin"})
    answer = page(site, Request(PAGE))
    assert (answer.url, answer.status, answer.body, answer.fetched_at) == (PAGE, 200, b"<p>tin</p>", NOON)
    assert answer.header("x-kind") == "tin"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_connect_to_keeps_the_official_host_header(site: HTTPServer, scheme: str) -> None:
    site.expect_request("/bai-1.htm").respond_with_data("tin")
    answer = page(site, Request(f"{scheme}://{HOST}/bai-1.htm"))
    assert answer.url == f"{scheme}://{HOST}/bai-1.htm"
    assert asked(site)[0].headers["Host"] == HOST


def test_the_host_header_names_a_port_of_its_own(site: HTTPServer) -> None:
    site.expect_request("/bai-1.htm").respond_with_data("tin")
    page(site, Request(f"http://{HOST}:8080/bai-1.htm"))
    assert asked(site)[0].headers["Host"] == f"{HOST}:8080"


def test_the_user_agent_says_who_asks_and_how_to_reach_them(site: HTTPServer) -> None:
    site.expect_request("/bai-1.htm").respond_with_data("tin")
    page(site, Request(PAGE), contact="https://so.example/lien-he")
    agent = asked(site)[0].headers["User-Agent"]
    assert agent == f"official-news-aggregator/{aggregator.__version__} (+https://so.example/lien-he)"


def test_a_json_question_is_posted_with_its_address_as_it_is() -> None:
    def talk(connection: socket.socket, head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]")

    body = json.dumps({"MA_DANH_MUC": "8358"}).encode()
    url = f"{HOME}/bridge?url=/portal/api/lay_bai_viet_theo_danh_muc"
    with RawServer(talk) as server, fetching(connect_to=to(server.port)) as fetcher:
        answer = fetcher.fetch(Request(url, "POST", body, (("Content-Type", "application/json"),)), source())
    assert isinstance(answer, Page) and answer.url == url
    lines = server.heads[0].split(b"\r\n")
    assert lines[0] == b"POST /bridge?url=/portal/api/lay_bai_viet_theo_danh_muc HTTP/1.1"
    assert b"Content-Type: application/json" in lines
    assert f"Content-Length: {len(body)}".encode() in lines


def test_the_validator_is_sent_and_304_means_unchanged(site: HTTPServer) -> None:
    site.expect_request("/bai-1.htm").respond_with_data("", status=304)
    request = Request(PAGE, validator=Validator('"v1"', "Tue, 20 Oct 2026 01:00:00 GMT"))
    with fetching(connect_to=to(site.port)) as fetcher:
        assert fetcher.fetch(request, source()) == Unchanged(request, NOON)
    sent = asked(site)[0].headers
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('"v1"', "Tue, 20 Oct 2026 01:00:00 GMT")


def test_304_to_an_unconditional_question_is_a_fault(site: HTTPServer) -> None:
    site.expect_request("/bai-1.htm").respond_with_data("", status=304)
    assert fault(site).cause == "server-error"


def test_cookies_are_not_kept(site: HTTPServer) -> None:
    site.expect_request("/bai-1.htm").respond_with_data("tin", headers={"Set-Cookie": "visit=1; Path=/"})
    with fetching(connect_to=to(site.port)) as fetcher:
        for _ in range(2):
            fetcher.fetch(Request(PAGE), source())
    assert [request.headers.get("Cookie") for request in asked(site)] == [None, None]


def test_a_proxy_of_the_environment_is_not_used(site: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.expect_request("/bai-1.htm").respond_with_data("tin")
    assert page(site, Request(PAGE)).body == b"tin"


# --- what comes back -----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410])
def test_a_missing_page_is_an_answer(site: HTTPServer, status: int) -> None:
    site.expect_request("/bai-1.htm").respond_with_data("", status=status)
    with fetching(connect_to=to(site.port)) as fetcher:
        answer = fetcher.fetch(Request(PAGE), source())
    assert isinstance(answer, Missing) and answer.status == status


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (401, "blocked"),
        (403, "blocked"),
        (429, "blocked"),
        (400, "gone"),
        (451, "gone"),
        (500, "server-error"),
        (503, "server-error"),
        (300, "server-error"),
    ],
)
def test_every_bad_status_has_a_named_cause(site: HTTPServer, status: int, cause: str) -> None:
    site.expect_request("/bai-1.htm").respond_with_data("", status=status)
    error = fault(site)
    assert error.cause == cause
    assert str(status) in str(error)


def test_a_javascript_challenge_is_blocked_not_content(site: HTTPServer) -> None:
    body = '<html><body><script>document.cookie="D1N=abc"; window.location.reload(true);</script></body></html>'
    site.expect_request("/rss/y-te.rss").respond_with_data(body, content_type="text/html")
    with fetching(connect_to=to(site.port)) as fetcher, pytest.raises(SourceError) as error:
        fetcher.fetch(Request(f"{HOME}/rss/y-te.rss", purpose="section"), source())
    assert error.value.cause == "blocked"


def test_a_challenge_behind_503_is_blocked_and_not_tried_again(site: HTTPServer) -> None:
    body = "<html><title>Just a moment...</title><script>window._cf_chl_opt={}</script></html>"
    site.expect_request("/bai-1.htm").respond_with_data(body, status=503, content_type="text/html")
    assert fault(site).cause == "blocked"
    assert len(asked(site)) == 1


def test_a_redirect_to_a_login_page_is_named(site: HTTPServer) -> None:
    form = "<title>Cổng</title><form><input type='password' name='p'></form>"
    site.expect_request("/bai-1.htm").respond_with_data("", status=302, headers={"Location": "/dang-nhap?next=1"})
    site.expect_request("/dang-nhap").respond_with_data(form, content_type="text/html")
    assert fault(site).cause == "login"


def test_gzip_is_asked_for_and_undone(site: HTTPServer) -> None:
    squeezed = gzip.compress(b"tin " * 1000)
    site.expect_request("/bai-1.htm").respond_with_data(squeezed, headers={"Content-Encoding": "gzip"})
    with fetching(connect_to=to(site.port)) as fetcher:
        answer = fetcher.fetch(Request(PAGE), source())
        assert isinstance(answer, Page) and answer.body == b"tin " * 1000
        assert fetcher.spent("tin") == (2, len(squeezed))
    assert asked(site)[0].headers["Accept-Encoding"] == "gzip"


def test_a_gzip_bomb_is_stopped_at_the_cap(site: HTTPServer) -> None:
    bomb = gzip.compress(bytes(30_000_000))
    site.expect_request("/bai-1.htm").respond_with_data(bomb, headers={"Content-Encoding": "gzip"})
    assert fault(site, max_bytes=100_000).cause == "too-large"


def test_a_plain_body_over_the_cap_is_refused(site: HTTPServer) -> None:
    site.expect_request("/bai-1.htm").respond_with_data(b"x" * 20_001)
    assert fault(site, max_bytes=20_000).cause == "too-large"


def test_a_broken_compression_is_the_server_s_fault(site: HTTPServer) -> None:
    site.expect_request("/bai-1.htm").respond_with_data(b"no gzip", headers={"Content-Encoding": "gzip"})
    assert fault(site).cause == "server-error"


def test_an_encoding_nobody_asked_for_is_named(site: HTTPServer) -> None:
    site.expect_request("/bai-1.htm").respond_with_data(b"?", headers={"Content-Encoding": "br"})
    assert "br" in str(fault(site))


# --- time ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_headers_that_drip_end_at_the_deadline(scheme: str) -> None:
    def talk(connection: socket.socket, head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        server.drip(connection, b"X-Slow: 1\r\n", 90)

    secured = _server_context() if scheme == "https" else None
    with RawServer(talk, secured) as server:
        assert _slow(server, scheme).cause == "timeout"


@pytest.mark.parametrize("framing", [b"Content-Length: 100000", b"Transfer-Encoding: chunked", b"Connection: close"])
def test_bodies_that_drip_end_at_the_deadline(framing: bytes) -> None:
    def talk(connection: socket.socket, head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n\r\n")
        server.drip(connection, b"1\r\nx\r\n" if b"chunked" in framing else b"x")

    with RawServer(talk) as server:
        assert _slow(server).cause == "timeout"


def test_a_kept_connection_is_watched_as_well() -> None:
    def talk(connection: socket.socket, head: bytes) -> None:
        server.drip(connection, b"HTTP/1.1 ", 1)
        server.drip(connection, b"2")

    with RawServer(talk) as server:  # robots.txt was answered on the same connection before
        assert _slow(server).cause == "timeout"


def test_a_server_that_says_nothing_is_a_timeout() -> None:
    with RawServer(lambda connection, head: server.drip(connection, b"")) as server:
        assert _slow(server).cause == "timeout"


def _slow(server: RawServer, scheme: str = "http") -> SourceError:
    patience = timedelta(
        milliseconds=300 if scheme == "http" else 1500
    )  # the handshake takes its time on a busy machine
    settings = {"deadline": patience, "retries": 0}
    tls = {"extra_ca": str(TLS / "tin.example.pem")}
    where = {HOST: f"{scheme}://127.0.0.1:{server.port}"}
    with fetching(connect_to=where, **settings) as fetcher, pytest.raises(SourceError) as error:
        fetcher.fetch(Request(f"{scheme}://{HOST}/bai-1.htm"), source(tls=tls))
    return error.value


def test_the_pause_lies_between_two_requests_to_a_host(site: HTTPServer) -> None:
    site.expect_request("/bai-1.htm").respond_with_data("tin")
    time = Time()
    with fetching(time, connect_to=to(site.port)) as fetcher:
        for _ in range(3):
            fetcher.fetch(Request(PAGE), source(pause="2s"))
    assert time.slept == [2.0, 2.0, 2.0]  # robots.txt counts as a request


def test_a_crawl_delay_lengthens_the_pause(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nCrawl-delay: 9\n")
    httpserver.expect_request("/bai-1.htm").respond_with_data("tin")
    time = Time()
    with fetching(time, connect_to=to(httpserver.port)) as fetcher:
        fetcher.fetch(Request(PAGE), source(pause="2s"))
    assert time.slept == [9.0]


# --- robots.txt ------------------------------------------------------------------------------------


def test_an_address_that_robots_txt_refuses_is_not_asked_for(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /bai-\n")
    assert fault(httpserver).cause == "robots"
    assert not asked(httpserver)


def test_a_redirect_to_an_address_that_robots_txt_refuses_is_not_followed(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /an/\n")
    redirect(httpserver, "/an/bai-2.htm")
    assert fault(httpserver).cause == "robots"
    assert not asked(httpserver, "/an/bai-2.htm")


def test_a_site_whose_robots_txt_fails_is_left_alone(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("", status=500)
    assert fault(httpserver).cause == "server-error"
    assert not asked(httpserver)


def test_a_long_robots_txt_is_read_as_far_as_the_standard_asks(httpserver: HTTPServer) -> None:
    rules = "User-agent: *\nDisallow: /bai-\n" + "# x\n" * 200_000
    httpserver.expect_request("/robots.txt").respond_with_data(rules)
    assert fault(httpserver, max_bytes=10_000).cause == "robots"


# --- faults that pass ------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_fault_that_passes_is_tried_again_with_longer_waits(site: HTTPServer, status: int) -> None:
    site.expect_oneshot_request("/bai-1.htm").respond_with_data("", status=status)
    site.expect_oneshot_request("/bai-1.htm").respond_with_data("", status=status)
    site.expect_oneshot_request("/bai-1.htm").respond_with_data("tin")
    time = Time()
    with fetching(time, connect_to=to(site.port)) as fetcher:
        answer = fetcher.fetch(Request(PAGE), source())
    assert isinstance(answer, Page)
    assert time.slept == [1.0, 2.0]


def test_attempts_are_bounded(site: HTTPServer) -> None:
    site.expect_request("/bai-1.htm").respond_with_data("", status=503)
    assert fault(site, retries=3).cause == "server-error"
    assert len(asked(site)) == 4


def test_a_probe_is_sent_once(site: HTTPServer) -> None:
    site.expect_request("/bai-1.htm").respond_with_data("", status=503)
    with fetching(connect_to=to(site.port), retries=3) as fetcher, pytest.raises(SourceError):
        fetcher.fetch(Request(PAGE, once=True), source())
    assert len(asked(site)) == 1


def test_a_probe_asks_for_robots_txt_once(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("", status=503)
    with fetching(connect_to=to(httpserver.port), retries=3) as fetcher, pytest.raises(SourceError):
        fetcher.fetch(Request(PAGE, once=True), source())
    assert len(httpserver.log) == 1


@pytest.mark.parametrize("status", [500, 403, 404])
def test_a_lasting_answer_is_not_asked_for_again(site: HTTPServer, status: int) -> None:
    site.expect_request("/bai-1.htm").respond_with_data("", status=status)
    with fetching(connect_to=to(site.port)) as fetcher:
        try:
            fetcher.fetch(Request(PAGE), source())
        except SourceError as error:
            assert error.cause in ("server-error", "blocked")
    assert len(asked(site)) == 1


@pytest.mark.parametrize(("asked_for", "slept"), [("7", 7.0), ("Tue, 20 Oct 2026 05:00:09 GMT", 9.0)])
def test_retry_after_is_honoured(site: HTTPServer, asked_for: str, slept: float) -> None:
    site.expect_oneshot_request("/bai-1.htm").respond_with_data("", status=503, headers={"Retry-After": asked_for})
    site.expect_oneshot_request("/bai-1.htm").respond_with_data("tin")
    time = Time()
    with fetching(time, connect_to=to(site.port)) as fetcher:
        fetcher.fetch(Request(PAGE), source())
    assert time.slept == [slept]


def test_a_server_that_asks_for_more_than_30_seconds_is_left_alone(site: HTTPServer) -> None:
    site.expect_request("/bai-1.htm").respond_with_data("", status=429, headers={"Retry-After": "3600"})
    assert fault(site).cause == "blocked"
    assert len(asked(site)) == 1


def test_a_connection_that_breaks_off_is_tried_again() -> None:
    def talk(connection: socket.socket, head: bytes) -> None:
        if len(server.heads) > 1:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\ntin")

    with RawServer(talk) as server, fetching(connect_to=to(server.port)) as fetcher:
        answer = fetcher.fetch(Request(PAGE), source())
    assert isinstance(answer, Page) and answer.body == b"tin"


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nConte",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n",
        b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n",
    ],
)
def test_headers_that_are_cut_off_are_a_connection_that_broke_off(head: bytes) -> None:
    with (
        RawServer(lambda connection, _: connection.sendall(head)) as server,
        fetching(connect_to=to(server.port), retries=0) as fetcher,
        pytest.raises(SourceError, match=r"the connection broke off") as caught,
    ):
        fetcher.fetch(Request(PAGE), source())
    assert caught.value.cause == "unreachable"


@pytest.mark.parametrize("head", [b"HTTP/1.0 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n"])
def test_a_whole_head_may_end_a_reply(head: bytes) -> None:
    talk: Talk = lambda connection, _: connection.sendall(head + b"tin")  # noqa: E731
    with RawServer(talk) as server, fetching(connect_to=to(server.port)) as fetcher:
        answer = fetcher.fetch(Request(PAGE), source())
    assert isinstance(answer, Page) and answer.body == b"tin"


def test_a_body_shorter_than_announced_is_no_answer() -> None:
    def talk(connection: socket.socket, head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\ntin")

    with (
        RawServer(talk) as server,
        fetching(connect_to=to(server.port)) as fetcher,
        pytest.raises(SourceError) as error,
    ):
        fetcher.fetch(Request(PAGE), source())
    assert error.value.cause == "unreachable"


def test_a_closed_port_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with fetching(connect_to=to(port)) as fetcher, pytest.raises(SourceError) as error:
        fetcher.fetch(Request(PAGE), source())
    assert error.value.cause == "unreachable"
    assert "is the site up?" in str(error.value)


# --- redirects -----------------------------------------------------------------------------------


def redirect(site: HTTPServer, location: str, status: int = 302) -> None:
    site.expect_request("/bai-1.htm").respond_with_data("", status=status, headers={"Location": location})


@pytest.mark.parametrize("location", ["/bai-2.htm", "bai-2.htm", f"{HOME}/bai-2.htm#binh-luan", f"//{HOST}/bai-2.htm"])
def test_a_redirect_on_the_site_is_followed_with_the_official_address(site: HTTPServer, location: str) -> None:
    redirect(site, location, 301)
    site.expect_request("/bai-2.htm").respond_with_data("tin")
    answer = page(site, Request(PAGE))
    assert (answer.url, answer.request.url) == (f"{HOME}/bai-2.htm", PAGE)


def test_each_redirect_is_told_with_its_status_in_order(site: HTTPServer) -> None:
    redirect(site, "/bai-2.htm", 301)
    site.expect_request("/bai-2.htm").respond_with_data("", status=307, headers={"Location": "/bai-3.htm"})
    site.expect_request("/bai-3.htm").respond_with_data("tin")
    assert page(site, Request(PAGE)).hops == ((301, PAGE), (307, f"{HOME}/bai-2.htm"))


def test_a_redirect_with_vietnamese_letters_is_followed() -> None:
    with RawServer(_leading_to("/tin-mới.htm")) as server, fetching(connect_to=to(server.port)) as fetcher:
        answer = fetcher.fetch(Request(PAGE), source())
    assert isinstance(answer, Page) and answer.url == f"{HOME}/tin-m%E1%BB%9Bi.htm"
    assert server.heads[1].startswith(b"GET /tin-m%E1%BB%9Bi.htm HTTP/1.1")


@pytest.mark.parametrize("location", ["http://[::1", "http://\t", "http://tin.example:99999/", "https://%00/"])
def test_a_redirect_to_no_address_at_all_is_refused(location: str) -> None:
    with (
        RawServer(_leading_to(location)) as server,
        fetching(connect_to=to(server.port)) as fetcher,
        pytest.raises(SourceError) as error,
    ):
        fetcher.fetch(Request(PAGE), source())
    assert error.value.cause == "moved"


def _leading_to(location: str) -> Talk:
    def talk(connection: socket.socket, head: bytes) -> None:
        if b" /bai-1.htm " in head:
            answer = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            connection.sendall(answer.encode())
        else:
            _say_tin(connection, head)

    return talk


@pytest.mark.parametrize(
    "location",
    [
        "http://khac.example/",
        "//khac.example/bai",
        f"http://{HOST}.khac.example/",
        f"http://{HOST}@khac.example/",
        f"http://khac.example\\@{HOST}/",
        "file:///etc/passwd",
        "ftp://tin.example/",
        "javascript:alert(1)",
        "http://",
    ],
)
def test_redirect_to_another_host_is_refused(site: HTTPServer, location: str) -> None:
    redirect(site, location)
    assert fault(site).cause == "moved"


@pytest.mark.parametrize(
    "location", ["http://10.0.0.7/", "http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest/meta-data"]
)
def test_redirect_to_a_private_address_is_refused(site: HTTPServer, location: str) -> None:
    redirect(site, location)
    assert fault(site).cause == "address"


def test_a_redirect_to_a_named_host_is_guarded_even_when_the_first_is_led_elsewhere(site: HTTPServer) -> None:
    redirect(site, f"http://localhost:{site.port}/bai-2.htm")
    site.expect_request("/bai-2.htm").respond_with_data("inside")
    assert fault(site, PAGE, HOST, "localhost").cause == "address"
    assert not asked(site, "/bai-2.htm")


def test_a_chain_of_redirects_is_bounded(site: HTTPServer) -> None:
    redirect(site, "/bai-1.htm")
    assert fault(site, max_redirects=3).cause == "moved"
    assert len(asked(site)) == 4


@pytest.mark.parametrize(("status", "method"), [(302, "GET"), (307, "POST"), (308, "POST")])
def test_a_redirected_question_keeps_its_body_where_the_standard_says_so(
    site: HTTPServer, status: int, method: str
) -> None:
    redirect(site, "/bai-2.htm", status)
    site.expect_request("/bai-2.htm").respond_with_data("tin")
    page(site, Request(PAGE, "POST", b"{}"))
    again = asked(site, "/bai-2.htm")[0]
    assert (again.method, again.data) == (method, b"{}" if method == "POST" else b"")


# --- addresses -----------------------------------------------------------------------------------

ODD = ["127.0.0.1", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::]", "0"]
ODD += ["localhost", "localhost.", "[::127.0.0.1]", "①②⑦.⓪.⓪.①", "0.0.0.0", "127.0.0.1.", "LOCALHOST"]


@pytest.mark.parametrize("host", ODD)
def test_the_machine_itself_is_refused_in_every_spelling(site: HTTPServer, host: str) -> None:
    url = f"http://{host}:{site.port}/bai-1.htm"
    names = (host.strip("[]").lower(), "127.0.0.1", "0.0.0.0")
    with fetching(retries=0) as fetcher, pytest.raises(SourceError) as error:
        fetcher.fetch(Request(url), source(*names))
    assert error.value.cause in ("address", "moved", "unreachable")  # some resolvers know no "localhost."
    assert not site.log


def test_a_name_that_resolves_to_loopback_is_refused(site: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _resolver("127.0.0.1"))
    with fetching() as fetcher, pytest.raises(SourceError) as error:
        fetcher.fetch(Request(f"{HOME}:{site.port}/bai-1.htm"), source())
    assert error.value.cause == "address"
    assert "127.0.0.1 is a loopback address" in str(error.value)
    assert not site.log


def test_a_name_that_changes_its_address_gains_nothing(site: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: every connection is to an address that was itself checked."""
    monkeypatch.setattr(socket, "getaddrinfo", _resolver("203.0.113.9", "127.0.0.1", "127.0.0.1"))
    with fetching(retries=2) as fetcher, pytest.raises(SourceError) as error:
        fetcher.fetch(Request(f"{HOME}:{site.port}/bai-1.htm"), source())
    assert error.value.cause == "address"
    assert not site.log


def test_an_allowed_network_is_open(site: HTTPServer) -> None:
    site.expect_request("/bai-1.htm").respond_with_data("tin")
    with fetching(allow_addresses=("127.0.0.0/8",)) as fetcher:
        answer = fetcher.fetch(Request(f"http://localhost:{site.port}/bai-1.htm"), source("localhost"))
    assert isinstance(answer, Page)
    assert asked(site)[0].headers["Host"] == f"localhost:{site.port}"


def test_a_name_without_an_address_is_unreachable() -> None:
    with fetching() as fetcher, pytest.raises(SourceError) as error:
        fetcher.fetch(Request("http://khong-co.invalid/"), source("khong-co.invalid"))
    assert error.value.cause == "unreachable"


@pytest.mark.parametrize("settings", [{"allow_addresses": ("everything",)}, {"connect_to": {HOST: "127.0.0.1:8000"}}])
def test_settings_that_cannot_be_used_stop_before_anything_is_fetched(settings: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=r"fetch\.(allow_addresses|connect_to)"), fetching(**settings):
        pass


def _resolver(*answers: str) -> Callable[..., list[tuple[object, ...]]]:
    left = list(answers)

    def getaddrinfo(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        address = left.pop(0) if len(left) > 1 and host == HOST else left[0] if host == HOST else host
        if address == "203.0.113.9":
            raise OSError("stands for a public address that does not answer")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    return getaddrinfo


# --- TLS -----------------------------------------------------------------------------------------


def _server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "tin.example.pem", TLS / "tin.example.key.pem")
    return context


def _say_tin(connection: socket.socket, head: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\ntin")


def over_tls(host: str, **tls: object) -> Page | SourceError:
    with RawServer(_say_tin, _server_context()) as server:
        where = {host: f"https://127.0.0.1:{server.port}"}
        with fetching(connect_to=where) as fetcher:
            try:
                answer = fetcher.fetch(Request(f"https://{host}/bai-1.htm"), source(host, tls=tls))
            except SourceError as error:
                return error
    assert isinstance(answer, Page)
    return answer


def test_a_certificate_nobody_vouches_for_is_refused() -> None:
    error = over_tls(HOST)
    assert isinstance(error, SourceError) and error.cause == "certificate"


def test_an_extra_certificate_is_trusted_for_its_source() -> None:
    answer = over_tls(HOST, extra_ca=str(TLS / "tin.example.pem"))
    assert isinstance(answer, Page) and answer.body == b"tin"


def test_a_certificate_of_another_host_is_refused_although_trusted() -> None:
    error = over_tls("khac.example", extra_ca=str(TLS / "tin.example.pem"))
    assert isinstance(error, SourceError) and error.cause == "certificate"


def test_a_security_level_lowers_nothing_but_the_keys() -> None:
    answer = over_tls(HOST, extra_ca=str(TLS / "tin.example.pem"), security_level=1)
    assert isinstance(answer, Page)
    error = over_tls(HOST, security_level=1)
    assert isinstance(error, SourceError) and error.cause == "certificate"


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("extra", ["", str(TLS / "tin.example.pem")])
def test_whatever_tls_settings_a_source_has_certificate_and_host_are_verified(level: int, extra: str) -> None:
    context = tls_context(source(HOST, tls={"security_level": level, "extra_ca": extra}))
    assert context.verify_mode is ssl.CERT_REQUIRED and context.check_hostname
    assert set(Tls.model_fields) == {"security_level", "extra_ca"}  # a third must be shown not to turn it off


def test_an_extra_certificate_that_is_absent_is_named() -> None:
    error = over_tls(HOST, extra_ca="/nowhere/ca.pem")
    assert isinstance(error, SourceError) and "/nowhere/ca.pem" in str(error)


# --- many at once -----------------------------------------------------------------------------------


def test_a_host_sees_one_connection_at_a_time() -> None:
    open_now, most = 0, 0
    lock = threading.Lock()

    def talk(connection: socket.socket, head: bytes) -> None:
        nonlocal open_now, most
        with lock:
            open_now += 1
            most = max(most, open_now)
        server.drip(connection, b"", 2)
        with lock:
            open_now -= 1
        _say_tin(connection, head)

    with RawServer(talk) as server, fetching(connect_to=to(server.port)) as fetcher:
        ask = [threading.Thread(target=fetcher.fetch, args=(Request(PAGE), source(id=f"s{n}"))) for n in range(5)]
        for thread in ask:
            thread.start()
        for thread in ask:
            thread.join()
        assert sum(fetcher.spent(f"s{n}")[0] for n in range(5)) >= 6
    assert (most, len(server.heads)) == (1, 5)


def test_a_host_that_is_not_ascii_is_asked_for_by_its_idna_name() -> None:
    def talk(connection: socket.socket, head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\ntin")

    with RawServer(talk) as server, fetching(connect_to=to(server.port, "sởytế.vn")) as fetcher:
        for written in ("sởytế.vn", "xn--syt-9jz5g.vn"):
            answer = fetcher.fetch(Request(f"http://{written}/a"), source("sởytế.vn"))
            assert isinstance(answer, Page) and answer.body == b"tin"
        assert all(b"Host: xn--syt-9jz5g.vn\r\n" in head for head in server.heads)
        with pytest.raises(SourceError, match="add xn--"):
            fetcher.fetch(Request("http://sởytê.vn/a"), source("sởytế.vn"))
