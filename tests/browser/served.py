"""The demo site, built and served on loopback under a name of its own, and a portal under another.

Names end in .localhost: browsers hold them to be secure contexts, and each is an origin, even a site, of its own. The
browser is told which port a name stands for, and that there is no other name in the world.
"""

import gzip
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from filelock import FileLock

from aggregator.cli.look import preview
from aggregator.publish import p256, trustring
from aggregator.publish.copies import TEXT
from tests.line import Line

SITE, SITE_2020, PORTAL = "bantin.localhost", "nam2020.localhost", "phuong.localhost"
INSECURE = "phuong.example"  # the portal by http under a name that browsers do not hold to be secure
WORLDS = {SITE: "default", SITE_2020: "2020-08"}
# The second run of the default world meets a correction and a withdrawal.
STEPS = {SITE: (timedelta(0), timedelta(hours=31)), SITE_2020: (timedelta(0),)}
STRICT = "default-src 'self'"


def build(folder: Path, host: str) -> Path:
    """The output of a world after its runs; made once for all workers that share the folder."""
    with FileLock(folder / f"{host}.lock"):
        done = folder / host / "done"
        if not done.exists():
            (folder / host).mkdir(exist_ok=True)
            _run(folder / host, host)
            done.touch()
    return folder / host / "output"


def _run(folder: Path, host: str) -> None:
    with Line(folder, WORLDS[host]) as line:
        trusted(folder, line.now)
        for step in STEPS[host]:
            line.run(line.config(base_url=f"http://{host}/"), step=step)


def trusted(folder: Path, now: datetime) -> None:
    """A root beside the output, and a working key: readers' clocks are not the world's, so for a century."""
    root = trustring.make_root(folder / "root.pem", b"r" * p256.SEED_BYTES)
    trustring.certify(folder / "keys", root, b"w" * p256.SEED_BYTES, now, timedelta(days=36_500))


@dataclass(frozen=True)
class Asked:
    """A request that reached a server."""

    path: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Site:
    """A built site being served with a strict policy."""

    host: str
    port: int
    output: Path
    asked: list[Asked] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    def url(self, path: str) -> str:
        return f"{self.origin}/{path.removesuffix('index.html')}"

    def text(self, path: str) -> str:
        return (self.output / path).read_text(encoding="utf-8")


@contextmanager
def serving(output: Path, host: str, *, packed: bool = False) -> Iterator[Site]:
    """The preview server, which besides sends the policy that the site is made for and notes what it is asked.

    `packed`: texts are compressed and connections kept, as by the servers of docs/servers.
    """
    with preview(output, 0) as server:
        site = Site(host, server.server_address[1], output)
        plain: Any = server.RequestHandlerClass

        class Strict(plain.func):  # type: ignore[misc]
            def end_headers(self) -> None:
                site.asked.append(Asked(self.path, {name.lower(): value for name, value in self.headers.items()}))
                self.send_header("Content-Security-Policy", STRICT)
                super().end_headers()

        class Packed(Strict):
            protocol_version = "HTTP/1.1"
            timeout = 30

            def do_GET(self) -> None:
                file = Path(self.translate_path(self.path))
                file = file / "index.html" if file.is_dir() else file
                if not file.is_file() or file.suffix not in TEXT:
                    super().do_GET()
                    return
                content = gzip.compress(file.read_bytes(), 9)
                self.send_response(200)
                self.send_header("Content-Type", self.guess_type(str(file)))
                self.send_header("Content-Encoding", "gzip")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        server.RequestHandlerClass = partial(Packed if packed else Strict, directory=str(output))
        with _running(server):
            yield site


@dataclass
class Portal:
    """An agency's portal on an origin of its own: pages as given, each with the policy it needs and no more."""

    port: int = 0
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)

    def page(self, body: str, policy: str = "", style: str = "", doctype: str = "<!doctype html>") -> str:
        """The address of a page that holds the body, under `default-src 'self'` and the policy."""
        name = f"/{len(self.pages)}"
        self.pages[f"{name}.css"] = ("text/css", style)
        head = (
            f'{doctype}<html lang="vi"><head><meta charset="utf-8"><title>Cổng phường</title>'
            f'<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="{name}.css"></head>'
        )
        self.pages[name] = (policy, f"{head}<body><h1>Cổng phường</h1>{body}</body></html>")
        return f"http://{PORTAL}{name}"


@contextmanager
def portal_serving() -> Iterator[Portal]:
    """A server for the portal's pages."""
    portal = Portal()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            first, body = portal.pages.get(self.path, ("", ""))
            content = body.encode()
            self.send_response(200)
            if self.path.endswith(".css"):
                self.send_header("Content-Type", first)
            else:
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", f"{STRICT}; {first}")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server, _running(server):
        portal.port = server.server_address[1]
        yield portal


@contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
