"""Builders for the network's tests: a fetcher without waiting, a source, and servers of raw bytes on loopback."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from aggregator.collect.fetch import HttpFetcher
from aggregator.settings import Fetch, Section, Source
from tests.fakes import NOON

HOST = "tin.example"
HOME = f"http://{HOST}"
ALLOW_ALL = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class Time:
    """A clock that only sleeping moves; `slept` are the seconds asked for, in order."""

    def __init__(self) -> None:
        self.now: datetime = NOON
        self.seconds = 0.0
        self.slept: list[float] = []

    def clock(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def monotonic(self) -> float:
        return self.seconds


def source(*hosts: str, **settings: Any) -> Source:
    """An official source at tin.example, without a pause."""
    given = {"id": "tin", "name": "Sở Y tế Thí dụ", "kind": "listing", "home": HOME + "/", "pause": 0} | settings
    return Source(**given, hosts=hosts or (HOST,), sections=(Section(url=HOME + "/tin"),))


@contextmanager
def fetching(time: Time | None = None, **settings: Any) -> Iterator[HttpFetcher]:
    """A fetcher that is closed at the end, and sleeps on paper only."""
    time = time or Time()
    fetcher = HttpFetcher(Fetch(**settings), time.clock, time.sleep, lambda: 0.0, time.monotonic)
    try:
        yield fetcher
    finally:
        fetcher.close()


def to(port: int, *hosts: str) -> dict[str, str]:
    """`connect_to` for these hosts (tin.example when none is named)."""
    return dict.fromkeys(hosts or (HOST,), f"http://127.0.0.1:{port}")


Talk = Callable[[socket.socket, bytes], None]


class RawServer:
    """A server that says what `talk` says to a request, byte for byte; `heads` are the requests it got.

    robots.txt is answered with 404. With `context` it speaks TLS. Used as a context manager.
    """

    def __init__(self, talk: Talk, context: ssl.SSLContext | None = None) -> None:
        self._talk = talk
        self._context = context
        self._over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self.port: int = self._listening.getsockname()[1]
        self.heads: list[bytes] = []

    def __enter__(self) -> "RawServer":
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        socket.create_connection(("127.0.0.1", self.port)).close()
        for thread in list(self._threads):
            thread.join()
        self._listening.close()

    def drip(self, connection: socket.socket, piece: bytes, times: int = 500) -> None:
        """Send the piece every 20 ms, until the other side has gone."""
        for _ in range(times):
            connection.sendall(piece)
            if self._over.wait(0.02):
                return

    def _start(self, run: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=run, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._over.is_set():
            connection, _ = self._listening.accept()
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                secured = self._context.wrap_socket(connection, server_side=True) if self._context else connection
                with secured:
                    self._answer(secured)
            except OSError:  # the other side hung up, as it should
                return

    def _answer(self, connection: socket.socket) -> None:
        while head := _head(connection):
            if b" /robots.txt " in head:
                connection.sendall(ALLOW_ALL)
                continue
            self.heads.append(head)
            self._talk(connection, head)
            return


def _head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(65536)
        if not piece:
            return b""
        head += piece
    return head
