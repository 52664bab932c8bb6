"""The deadline of one answer: a watch that shuts the connection down when the time is up.

Timeouts of sockets count from byte to byte, so a server that drips one header a second holds them for ever.
"""

import socket
import threading
from types import TracebackType


class Watch:
    """A context that shuts its socket down after `seconds`; `fired` tells whether it had to.

    It holds a duplicate of the socket's descriptor: TLS detaches the original from its object.
    """

    def __init__(self, seconds: float) -> None:
        self.fired = False
        self._over = False
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(max(seconds, 0), self._fire)
        self._timer.daemon = True

    def __enter__(self) -> "Watch":
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._over = True
            self._drop()

    def attach(self, connection: socket.socket) -> None:
        """Watch this connection from now on (a redirect or a second attempt may bring another)."""
        with self._lock:
            self._drop()
            self._socket = socket.fromfd(connection.fileno(), connection.family, connection.type)
            if self.fired:
                self._cut()

    def _fire(self) -> None:
        with self._lock:
            if not self._over:
                self.fired = True
                self._cut()

    def _cut(self) -> None:
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:  # the other side was faster: what is read next fails all the same
                self._drop()

    def _drop(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
