"""A server on loopback that means ill: it says any bytes at any pace, and remembers what it was asked."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

LOOPBACK = "127.0.0.1"
PIECE_S = 0.02  # between two pieces of a drip
MOST_BYTES = 64_000_000  # that one answer may send, whatever it meant to
FAKES = Path(__file__).parent / "tls"
TRUE = Path(__file__).parents[1] / "unit/collect/tls"
CERTIFICATES = {
    "good": (TRUE / "tin.example.pem", TRUE / "tin.example.key.pem"),
    "other": (FAKES / "other.pem", FAKES / "key.pem"),
    "expired": (FAKES / "expired.pem", FAKES / "key.pem"),
}


class Line:
    """One connection as the server sees it. `head` is the request that is being answered."""

    def __init__(self, server: "HostileServer", connection: socket.socket) -> None:
        self.server = server
        self.head = b""
        self._connection = connection
        self._early = b""
        self._left = MOST_BYTES

    @property
    def path(self) -> str:
        """What was asked for, as it stood in the request."""
        words = self.head.split(b" ", 2)
        return words[1].decode("latin-1") if len(words) > 1 else ""

    def header(self, name: str) -> str | None:
        """The request's header, None when it was not sent."""
        for line in self.head.decode("latin-1").split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name.lower():
                return value.strip()
        return None

    def hear(self) -> bool:
        """Wait for the next request; False when the other side has gone."""
        while b"\r\n\r\n" not in self._early:
            piece = self._connection.recv(65_536)
            if not piece:
                return False
            self._early += piece
        self.head, _, self._early = self._early.partition(b"\r\n\r\n")
        self.server.heads.append((self.path, self.head))
        return True

    def hear_bytes(self) -> None:
        """Wait for the first bytes, whatever they are."""
        self._connection.recv(65_536)

    def say(self, raw: bytes) -> None:
        """Send these bytes."""
        self._left -= len(raw)
        if self._left < 0 or self.server.over.is_set():
            raise OSError("enough")
        self._connection.sendall(raw)

    def drip(self, piece: bytes, times: int = 3000) -> None:
        """Send the piece every 20 ms, until the other side has gone."""
        for _ in range(times):
            self.say(piece)
            if self.server.over.wait(PIECE_S):
                return

    def flood(self, piece: bytes) -> None:
        """Send the piece as fast as it is taken, until the other side has gone."""
        while True:
            self.say(piece)

    def silence(self) -> None:
        """Say nothing until the test is over or the other side has gone."""
        self._connection.settimeout(60)
        while not self.server.over.is_set() and self._connection.recv(65_536):
            pass

    def half_close(self) -> None:
        """Say that nothing more will come, and go on listening."""
        self._connection.shutdown(socket.SHUT_WR)
        self.silence()

    def reset(self) -> None:
        """Break the connection off with a TCP reset."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._connection.close()


Say = bytes | Callable[[Line], None]
Serve = Say | Mapping[str, Say]


class HostileServer:
    """Answers each path with what `serve` says: bytes as they are (then it hangs up), or a function of the line.

    A `serve` that is no mapping answers every path but /robots.txt, which is 404 unless a mapping names it. In bytes
    `{port}` stands for the server's own port. With `certificate` it speaks TLS. `greet` speaks before any request,
    on the bare connection. Used as a context manager; it outlives no test.
    """

    def __init__(
        self,
        serve: Serve,
        certificate: str = "",
        greet: Callable[[Line], None] | None = None,
        address: tuple[str, int] = (LOOPBACK, 0),
    ) -> None:
        self._serve = serve
        self._greet = greet
        self._context = context(certificate) if certificate else None
        self._listening = socket.create_server(address)
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self.over = threading.Event()
        self.port: int = self._listening.getsockname()[1]
        self.heads: list[tuple[str, bytes]] = []
        self.connections = 0

    @property
    def paths(self) -> list[str]:
        """Paths that were asked for, in order, robots.txt left out."""
        return [path for path, _ in self.heads if path != "/robots.txt"]

    def __enter__(self) -> "HostileServer":
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        socket.create_connection(self._listening.getsockname()).close()
        self._listening.close()
        for connection in list(self._open):
            hang_up(connection)
        for thread in list(self._threads):
            thread.join(10)

    def _start(self, run: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=run, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:  # closed: the test is over
                return
            self._open.add(connection)
            self._start(self._meet, connection)

    def _meet(self, connection: socket.socket) -> None:
        self.connections += not self.over.is_set()
        try:
            with connection:
                if self._greet is not None:
                    self._greet(Line(self, connection))
                elif self._context is None:
                    self._talk(Line(self, connection))
                else:
                    with self._context.wrap_socket(connection, server_side=True) as secured:
                        self._talk(Line(self, secured))
        except OSError:  # the other side hung up, or was made to
            return
        finally:
            self._open.discard(connection)

    def _talk(self, line: Line) -> None:
        while line.hear():
            say = self._answer(line.path)
            if callable(say):
                say(line)
            else:
                line.say(say.replace(b"{port}", str(self.port).encode()))
            if b"connection: keep-alive" not in (b"" if callable(say) else say[:400].lower()):
                return

    def _answer(self, path: str) -> Say:
        if isinstance(self._serve, Mapping):
            return self._serve.get(path, NO_ROBOTS if path == "/robots.txt" else NOT_FOUND)
        return NO_ROBOTS if path == "/robots.txt" else self._serve


def hang_up(connection: socket.socket) -> None:
    """End a connection that another thread may be using."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:  # it ended by itself
        return


def context(certificate: str) -> ssl.SSLContext:
    """What a server needs to show one of CERTIFICATES."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*CERTIFICATES[certificate])
    return made


def http(body: bytes | str = b"", status: str = "200 OK", /, *lines: str, type: str = "text/html") -> bytes:
    """A well-formed answer; `lines` are further header lines."""
    raw = body.encode() if isinstance(body, str) else body
    end = () if any(line.lower().startswith("connection:") for line in lines) else ("Connection: close",)
    told = [f"HTTP/1.1 {status}", f"Content-Type: {type}", f"Content-Length: {len(raw)}", *lines, *end, "", ""]
    return "\r\n".join(told).encode("latin-1") + raw


def start(*lines: str) -> bytes:
    """The beginning of an answer: a status line, these header lines, and no end of the header."""
    return "\r\n".join(("HTTP/1.1 200 OK", *lines, "")).encode("latin-1")


def to(location: str, status: str = "302 Found") -> bytes:
    """A redirect; the location goes out as UTF-8, as servers print it."""
    return http(b"", status, "Location: ").replace(b"Location: ", b"Location: " + location.encode())


NO_ROBOTS = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n"
NOT_FOUND = http(b"", "404 Not Found")
