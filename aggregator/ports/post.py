"""Sending letters."""

from collections.abc import Callable
from typing import Protocol

from aggregator.model import Handed, Recipient


class PostLine(Protocol):
    """A connection to the mail server, logged in."""

    def hand(self, sender: str, address: str, message: bytes, before_end: Callable[[], None]) -> Handed:
        """What the server made of the message, for one recipient. Never raises for what the server says.

        `before_end` is called once, when all but the end of the message has gone out and before the end does: until
        then the server cannot have accepted it.
        """
        ...

    def close(self) -> None:
        """Take leave. Raises nothing."""
        ...


class Post(Protocol):
    """What letters are handed to: the mail server, and the list of those who get them."""

    def recipients(self) -> tuple[tuple[Recipient, ...], tuple[str, ...]]:
        """Everybody on the list, each once, and what is wrong with the list, line by line. Raises PostError."""
        ...

    def connect(self) -> PostLine:
        """A new connection. Raises PostError, which never holds a secret."""
        ...

    def rest(self) -> None:
        """Wait as long as two connections shall lie apart."""
        ...
