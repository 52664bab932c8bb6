"""The replay of a world's sites on loopback: one port, told apart by the Host header, stepped by a clock.

What is answered is a pure function of the world, the clock and the request; only the log of requests grows.
"""

import gzip
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from aggregator.demo import shapes_hanoi, shapes_liferay, shapes_moh, shapes_vccorp
from aggregator.demo.asked import Asked, Said, moved
from aggregator.demo.world import EventKind, Shape, SiteState, World, WorldSite, site_at

TWINS = ("www.", "m.")
SQUEEZED = 600  # bytes; below this a site does not compress
IDLE_S = 20  # seconds after which a kept connection is closed
ROBOTS = b"User-agent: *\nDisallow: /admin/\nDisallow: /tim-kiem\nDisallow: /c/portal/\n"
GIF = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
FILES = {
    ".pdf": (PDF, "application/pdf"),
    ".jpg": (GIF, "image/gif"),
    ".docx": (b"PK\x05\x06" + bytes(18), "application/zip"),
}
CHALLENGE = (
    b'<html><head></head><body><script>document.cookie="D1N=9f3c7a52e10b84d6"+";path=/;max-age=86400";'
    b"window.location.reload(true);</script></body></html>"
).ljust(177)
FAULTS: dict[EventKind, Said] = {
    "challenge": Said(200, CHALLENGE),
    "error": Said(500, b"<html><body><h1>500 Internal Server Error</h1></body></html>"),
    "empty": Said(200, b""),
}


class Logged(NamedTuple):
    """One request that was answered. `path` holds the query too."""

    host: str
    method: str
    path: str
    status: int


class Replay:
    """The sites of a world, served until `stop`. A context manager starts and stops it.

    `requests` is the log, in order of answering; `clock` gives the world's time (aware).
    """

    def __init__(self, world: World, clock: Callable[[], datetime]) -> None:
        self.requests: list[Logged] = []
        self._world = world
        self._clock = clock
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> "Replay":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def connect_to(self) -> dict[str, str]:
        """For `fetch.connect_to`: every host of the sites, with and without www. and m. Only while it runs."""
        if self._server is None:
            raise RuntimeError("the replay is not running; call start()")
        here = f"http://127.0.0.1:{self._server.server_port}"
        return {prefix + site.host: here for site in self._world.sites for prefix in ("", *TWINS)}

    def now(self) -> datetime:
        """The world's time."""
        return self._clock()

    def answer(self, asked: Asked, headers: Mapping[str, str]) -> Said:
        """What the replay says at the clock's present time; 304 where the validators in the headers still hold."""
        answered = said(self._world, self._clock(), asked)
        unchanged = answered.status == 200 and asked.method == "GET" and _holds(answered, headers)
        answered = Said(304, etag=answered.etag, modified=answered.modified) if unchanged else answered
        path = asked.path + (f"?{asked.query}" if asked.query else "")
        self.requests.append(Logged(asked.host, asked.method, path, answered.status))
        return answered


def said(world: World, now: datetime, asked: Asked) -> Said:
    """What the world's site of that host says at that moment, before any validator is looked at."""
    site = _site(world, asked.host)
    if site is None:
        return Said(421, b"no such site in this world", "text/plain")
    if asked.host == f"www.{site.host}":
        return moved(f"https://{site.host}{asked.path}" + (f"?{asked.query}" if asked.query else ""))
    if asked.path == "/robots.txt":
        return Said(200, ROBOTS, "text/plain; charset=utf-8")
    state = site_at(world, site.id, now)
    if state.fault is not None:
        return FAULTS[state.fault]
    return _file(asked.path) or SHAPES[site.shape](state, asked)


def _site(world: World, host: str) -> WorldSite | None:
    bare = next((host.removeprefix(twin) for twin in TWINS if host.startswith(twin)), host)
    return next((site for site in world.sites if site.host in (host, bare)), None)


def _file(path: str) -> Said | None:
    ending = path[path.rfind(".") :]
    return Said(200, *FILES[ending]) if ending in FILES else None


def _holds(answered: Said, headers: Mapping[str, str]) -> bool:
    """Whether the asker's copy is still good (RFC 9110 §13.2.2: If-None-Match wins)."""
    if asked := headers.get("If-None-Match"):
        tags = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
        return bool(answered.etag) and answered.etag.removeprefix("W/") in tags
    since = headers.get("If-Modified-Since")
    if not since or answered.modified is None:
        return False
    try:
        return answered.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, replay: Replay) -> None:
        self.replay = replay
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away; anything else is a bug and is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Bytes in, bytes out; what is said comes from the replay."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_S
    wbufsize = -1  # head and body leave together: in two pieces each answer waits 40 ms for an acknowledgement
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer(b"")

    def do_POST(self) -> None:
        """Answer a POST."""
        self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def version_string(self) -> str:
        """What the server calls itself."""
        return "nginx"

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The world's time, as the Date header shows it."""
        return format_datetime(self.server.replay.now().astimezone(UTC), usegmt=True)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing on the terminal: the replay keeps the log."""

    def _answer(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        host = (self.headers.get("Host") or "").split(":")[0].lower()
        asked = Asked(self.command, host, parts.path, parts.query, body)
        self._send(self.server.replay.answer(asked, dict(self.headers.items())))

    def _send(self, answered: Said) -> None:
        body = answered.body
        self.send_response(answered.status)
        if answered.status != 304:
            self.send_header("Content-Type", answered.kind)
        if len(body) > SQUEEZED and "gzip" in (self.headers.get("Accept-Encoding") or ""):
            body = gzip.compress(body, 6, mtime=0)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Vary", "Accept-Encoding")
        for name, value in _headers(answered):
            self.send_header(name, value)
        if answered.status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _headers(answered: Said) -> list[tuple[str, str]]:
    modified = answered.modified.astimezone(UTC) if answered.modified else None
    pairs = (
        ("ETag", answered.etag),
        ("Last-Modified", format_datetime(modified, usegmt=True) if modified else ""),
        ("Location", answered.location),
        ("Cache-Control", "no-cache" if answered.etag else ""),
    )
    return [(name, value) for name, value in pairs if value]


SHAPES: dict[Shape, Callable[[SiteState, Asked], Said]] = {
    "moh_bridge": shapes_moh.answer,
    "vccorp": shapes_vccorp.answer,
    "hanoi_vccorp": shapes_hanoi.answer,
    "liferay": shapes_liferay.answer,
}
