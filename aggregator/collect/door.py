"""One host's door: requests' adapter over connections that are guarded, watched and, if the operator says so, led
elsewhere (`fetch.connect_to`) while every address stays official.
"""

import http.client
import socket
import ssl
from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import SplitResult, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.ssl_ import create_urllib3_context

from aggregator.collect.guard import Network, connect
from aggregator.collect.watchdog import Watch
from aggregator.errors import ConfigError, SourceError
from aggregator.settings import Source
from aggregator.text import ascii_host

PORTS = {"http": 80, "https": 443}


def routes(connect_to: dict[str, str]) -> dict[str, SplitResult]:
    """Where requests go instead, by host. Raises ConfigError for what is no address."""
    found = {}
    for host, address in connect_to.items():
        parts = urlsplit(address)
        if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/"):
            raise ConfigError(f"fetch.connect_to.{host}: {address!r} is no place to connect to; write http://host:port")
        found[ascii_host(host)] = parts
    return found


def tls_context(source: Source) -> ssl.SSLContext:
    """What the source's hosts are verified with. Verification is always on; `tls` only adapts it."""
    context = create_urllib3_context()
    context.set_ciphers(f"DEFAULT:@SECLEVEL={source.tls.security_level}")
    if source.tls.extra_ca:
        try:
            context.load_verify_locations(source.tls.extra_ca)
        except OSError as error:
            problem = (
                f"source {source.id}: tls.extra_ca {source.tls.extra_ca!r} cannot be used ({error}); name a PEM file"
            )
            raise SourceError("certificate", problem, source.home) from error
    return context


class Door(HTTPAdapter):
    """Sends to one host; used by one thread at a time (the host's turn). `watch` is that of the present answer."""

    def __init__(self, context: ssl.SSLContext, allowed: Sequence[Network], route: SplitResult | None) -> None:
        self.allowed = None if route else allowed  # where the operator sends us needs no leave
        self.watch: Watch | None = None
        self._context = context
        self._route = route
        super().__init__(pool_connections=2, pool_maxsize=1)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:
        """Make pools whose connections come through this door."""
        super().init_poolmanager(connections, maxsize, block, ssl_context=self._context, **pool_kwargs)
        plain = type("_PlainConnection", (_Guarded, HTTPConnection), {"door": self})
        secure = type("_SecureConnection", (_Guarded, HTTPSConnection), {"door": self})
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("_PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("_SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        """Where to connect: the official host, or the place that `connect_to` names for it."""
        official, verified = super().build_connection_pool_key_attributes(request, verify, cert)
        if self._route is None:
            return official, verified
        tls: dict[str, Any] = {**verified}
        request.headers["Host"] = official_host(str(request.url))
        if self._route.scheme == "https":  # the certificate must be the official host's all the same
            tls |= {"server_hostname": official["host"], "assert_hostname": official["host"]}
        port = self._route.port or PORTS[self._route.scheme]
        return {"scheme": self._route.scheme, "host": self._route.hostname, "port": port}, tls


def official_host(url: str) -> str:
    """The Host header of a request for this address: the port only where it is not the scheme's own."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return host if parts.port in (None, PORTS[parts.scheme]) else f"{host}:{parts.port}"


class _Lines:
    """A reply's stream while its head is read: `ended` says that the stream was over before the head was."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.ended = False

    def readline(self, limit: int = -1) -> bytes:
        """The next line, empty at the end of the stream."""
        line: bytes = self.stream.readline(limit)
        self.ended = not line.endswith(b"\n") and len(line) != limit
        return line

    def close(self) -> None:
        """Close the stream."""
        self.stream.close()


class _Whole(http.client.HTTPResponse):
    """A reply whose head must end with an empty line: the library takes the end of the stream for one."""

    def begin(self) -> None:
        """Read the head. Raises RemoteDisconnected when the connection broke off inside it."""
        lines = _Lines(self.fp)
        self.fp = lines  # type: ignore[assignment]
        try:
            super().begin()
        finally:
            if self.fp is not None:
                self.fp = lines.stream
        if lines.ended:
            raise http.client.RemoteDisconnected("the headers of its reply were cut off")


class _Guarded(HTTPConnection):
    """A connection that asks the guard where it may go, and is watched while it answers."""

    door: ClassVar[Door]
    response_class = _Whole

    def _new_conn(self) -> socket.socket:
        connection = connect(self._dns_host.strip("[]"), self.port, _seconds(self.timeout), self.door.allowed)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.door.watch is not None:
            self.door.watch.attach(connection)
            if self.door.watch.fired:  # do not begin TLS on a socket that was shut down: ssl would lose it half-made
                connection.close()
                raise SourceError("timeout", f"the time for {self.host} was over when it was reached")
        return connection

    def request(self, *arguments: Any, **options: Any) -> None:
        """Send; a connection kept from the last answer is watched anew."""
        if self.sock is not None and self.door.watch is not None:
            self.door.watch.attach(self.sock)
        super().request(*arguments, **options)


def _seconds(timeout: Any) -> float:
    return float(timeout) if isinstance(timeout, int | float) else 10.0
