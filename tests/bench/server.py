"""The generated feeds on loopback, in a process of their own: `python -m tests.bench.server FEEDS` prints its port.

`/<feed>.rss` is a feed with its validators; a POST to `/new/<n>` lets every feed have n new items from then on.
"""

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.bench import feeds

ROOT = Path(__file__).parents[2]
CHANGED = ("Mon, 19 Oct 2026 01:00:00 GMT", "Tue, 20 Oct 2026 01:00:00 GMT")


class Handler(BaseHTTPRequestHandler):
    """One connection. All answers are made before the first request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    answers: dict[tuple[int, str], tuple[bytes, str]]
    new = 0

    def do_GET(self) -> None:
        """A feed, or 304 to whom it is known; robots.txt is not there."""
        found = self.answers.get((Handler.new, self.path))
        if found is None:
            self._say(404, b"", {})
            return
        body, etag = found
        said = {"ETag": etag, "Last-Modified": CHANGED[min(Handler.new, 1)], "Content-Type": "application/rss+xml"}
        known = self.headers.get("If-None-Match") == etag
        self._say(304 if known else 200, b"" if known else body, said)

    def do_POST(self) -> None:
        """Turn the world to n new items a feed."""
        Handler.new = int(self.path.removeprefix("/new/"))
        self._say(204, b"", {})

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(count: int) -> None:
    """Serve so many feeds until the process is ended."""
    told = {(new, f"/{feed}.rss"): feeds.rss(feed, new) for feed in range(count) for new in (0, 1)}
    Handler.answers = {key: (body, f'"{sha256(body).hexdigest()[:16]}"') for key, body in told.items()}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


@contextmanager
def running(count: int) -> Iterator[int]:
    """The port of a server of so many feeds, which ends with the block."""
    command = [sys.executable, "-m", "tests.bench.server", str(count)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def turn(port: int, new: int) -> None:
    """Let every feed have so many new items."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/new/{new}", method="POST")
    urllib.request.urlopen(request).close()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
