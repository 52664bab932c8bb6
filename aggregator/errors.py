"""The error tree, by how far the damage of an error reaches. Anything outside it is a bug: see `contained`."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

log = logging.getLogger(__name__)

Cause = Literal[
    "blocked",  # a challenge page, a firewall, 401/403/429
    "login",  # a login page stands where the content was
    "robots",  # robots.txt refuses
    "certificate",
    "timeout",
    "unreachable",  # no address, refused, reset
    "server-error",  # 5xx
    "gone",  # the section itself answers 404 or 410
    "moved",  # a redirect to a host that the source does not name
    "address",  # an address that is refused by default (private, loopback, ...)
    "too-large",
    "empty",  # 200 with no body, or a feed with no items
    "not-a-feed",  # HTML, or anything else, where a feed or JSON was expected
    "drifted",  # answers, but in a shape the reader does not know
    "internal",  # a bug of this program, or memory that was not there, met while the source was read
]
"""Why a source could not be read: a closed vocabulary, shown on the status page and in alerts."""


class AggregatorError(Exception):
    """Any error of ours. The message says what, where, and what to do."""


class ConfigError(AggregatorError):
    """The configuration cannot be used. Stops before anything is fetched; exit 2."""


class SourceError(AggregatorError):
    """One source could not be read: fails its visit, no other. Exit 1.

    `wait_s` is how long the server asked to be left alone, None when it did not ask.
    """

    wait_s: float | None = None

    def __init__(self, cause: Cause, message: str, url: str = "") -> None:
        super().__init__(message)
        self.cause: Cause = cause
        self.url = url


class ArticleError(AggregatorError):
    """One article could not be read: it is skipped and counted, its source goes on."""

    def __init__(self, message: str, url: str = "") -> None:
        super().__init__(message)
        self.url = url


class StoreError(AggregatorError):
    """The database cannot be read or written. Stops the run; exit 3."""


class PublishError(AggregatorError):
    """Publishing failed; output/ is still the last good one. Exit 3."""


class PostError(AggregatorError):
    """The mail server, or the list of recipients, cannot be used: letters wait for the next run. Exit 1."""


class NoticeError(AggregatorError):
    """An emergency notice cannot be put up, corrected or lifted so. Exit 1."""


class BackupError(AggregatorError):
    """A backup cannot be made, read or restored. Exit 1."""


class SignatureError(AggregatorError):
    """A signature, key or line of the publication log does not hold. Exit 1."""


class LockedError(AggregatorError):
    """Another run holds the lock. Exit 75 (EX_TEMPFAIL)."""


RawState = Literal["pruned", "missing", "cut", "damaged", "erased", "unusable"]
"""What became of raw bytes that cannot be kept or read back: a closed vocabulary, shown by `provenance`."""


class ArchiveError(AggregatorError):
    """Raw bytes could not be kept or read back. Stops no run: what is published does not depend on them."""

    def __init__(self, state: RawState, message: str) -> None:
        super().__init__(message)
        self.state: RawState = state


TOLD = 300  # characters of what a library says of its own fault


@contextmanager
def contained(named: Callable[[str], AggregatorError], what: str) -> Iterator[None]:
    """Keeps a bug where it was met: whatever is outside the tree is raised as the error that `named` makes.

    It is logged with its traceback, since it is ours to mend. `what` says what was at work. What ends the process
    (KeyboardInterrupt, SystemExit) goes up.
    """
    try:
        yield
    except AggregatorError:
        raise
    except Exception as bug:  # RecursionError and MemoryError among them: one source's pages are no other's fault
        log.error("a bug of this program, met with %s", what, exc_info=bug)
        said = " ".join(str(bug).split())[:TOLD]
        told = f"{type(bug).__name__}{': ' if said else ''}{said}"
        raise named(f"a bug of this program, met with {what} ({told}); report it with the page") from bug
