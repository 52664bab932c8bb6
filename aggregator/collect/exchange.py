"""One request to one server and its reply: the deadline, the cap, and a name for every fault."""

import http.client
import ssl
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
import urllib3

from aggregator.collect.door import Door
from aggregator.collect.guard import Fleeting
from aggregator.collect.inflate import CutOff, inflated
from aggregator.collect.reply import Reply
from aggregator.collect.watchdog import Watch
from aggregator.errors import SourceError

CHUNK = 65_536  # bytes asked for at once; read1 returns what is there, so that a drip cannot outlast the watch
UNTRUSTED = (ssl.SSLError, urllib3.exceptions.SSLError, requests.exceptions.SSLError)
BROKEN_OFF = (http.client.RemoteDisconnected, http.client.IncompleteRead, urllib3.exceptions.IncompleteRead)
NO_HTTP = (http.client.HTTPException, urllib3.exceptions.InvalidHeader)
CUT = (ssl.SSLEOFError, ssl.SSLZeroReturnError)  # the other side hung up while the keys were agreed on
FAULTS = (
    SourceError,
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    zlib.error,
    CutOff,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one reply. `cut`: a body longer than `max_bytes` is cut off instead of refused.

    `left_s` is what the redirects before it left of the deadline.
    """

    connect_s: float
    deadline_s: float
    left_s: float
    max_bytes: int
    cut: bool = False


def exchange(
    door: Door,
    prepared: requests.PreparedRequest,
    limits: Limits,
    clock: Callable[[], datetime],
    received: Callable[[int], None],
) -> Reply:
    """The server's reply, whole. `received` is told the bytes that came over the wire, whatever the outcome.

    Raises SourceError: "timeout", "too-large", "address", "certificate", "unreachable"; Fleeting where it may pass.
    """
    url = str(prepared.url)
    with Watch(limits.left_s) as watch:
        door.watch = watch
        try:
            reply = _send(door, prepared, limits, clock, received)
        except FAULTS as error:
            if watch.fired:
                raise _too_slow(url, limits) from error
            raise _named(error, url) from error
        if watch.fired:  # shut down, a body without a length looks complete
            raise _too_slow(url, limits)
        return reply


def _send(
    door: Door,
    prepared: requests.PreparedRequest,
    limits: Limits,
    clock: Callable[[], datetime],
    received: Callable[[int], None],
) -> Reply:
    response = door.send(
        prepared, stream=True, timeout=(min(limits.connect_s, limits.left_s), limits.left_s), verify=True
    )
    try:
        body = _body(response.raw, limits, str(prepared.url))
    finally:
        received(response.raw.tell())
        response.close()
    headers = tuple((name.lower(), value) for name, value in response.raw.headers.items())
    return Reply(str(prepared.url), response.status_code, headers, body, clock())


def _body(raw: Any, limits: Limits, url: str) -> bytes:
    """The body, decompressed; reading stops as soon as it is too long, however small it came over the wire."""
    body = bytearray()
    for chunk in inflated(_chunks(raw, limits, url), raw.headers.get("content-encoding", "")):
        body += chunk
        if len(body) > limits.max_bytes and limits.cut:
            return bytes(body[: limits.max_bytes])
        if len(body) > limits.max_bytes:
            raise _too_large(url, limits)
    return bytes(body)


def _chunks(raw: Any, limits: Limits, url: str) -> Iterator[bytes]:
    """The bytes of the wire; of those, too, there are no more than the cap: they may stand for nothing at all."""
    while chunk := raw.read1(CHUNK, decode_content=False):
        yield chunk
        if raw.tell() > limits.max_bytes + CHUNK:
            raise _too_large(url, limits)


def _too_large(url: str, limits: Limits) -> SourceError:
    problem = f"{url} sends more than {limits.max_bytes:,} bytes; raise fetch.max_bytes if that is right"
    return SourceError("too-large", problem, url)


def _too_slow(url: str, limits: Limits) -> SourceError:
    problem = f"{url} was not complete after {limits.deadline_s:g} s; raise fetch.deadline if the site is always slow"
    return SourceError("timeout", problem, url)


def _named(error: Exception, url: str) -> SourceError:
    if isinstance(error, SourceError):  # from the guard, which knows no addresses of pages
        error.url = error.url or url
        return error
    causes = tuple(_chain(error))
    if any(isinstance(cause, UNTRUSTED) for cause in causes) and not any(isinstance(cause, CUT) for cause in causes):
        return SourceError(
            "certificate", f"{url}: no trusted connection ({_short(causes[-1])}); {_advice(str(error))}", url
        )
    if any(isinstance(cause, zlib.error) for cause in causes):
        return SourceError("server-error", f"{url} sends a broken compression; tell the site's keeper", url)
    if any(isinstance(cause, NO_HTTP) for cause in causes) and not any(isinstance(c, BROKEN_OFF) for c in causes):
        told = f"{url} does not answer as HTTP asks ({_short(causes[-1])}); tell the site's keeper"
        return SourceError("server-error", told, url)
    if any(isinstance(cause, TimeoutError | urllib3.exceptions.TimeoutError) for cause in causes):
        return Fleeting("timeout", f"{url} does not answer in time; is the site up?", url)
    return Fleeting("unreachable", f"{url}: the connection broke off ({_short(causes[-1])}); is the site up?", url)


def _short(error: BaseException) -> str:
    """The error in its own words, on one line: they may hold what the server said."""
    told = " ".join("".join(char if char.isprintable() else " " for char in str(error)).split())
    return f"{told or type(error).__name__:.200}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from, the outermost first; the libraries wrap in arguments, too."""
    seen: set[int] = set()
    rest: list[object] = [error]
    while rest:
        one = rest.pop(0)
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            rest += [getattr(one, "reason", None), *one.args, one.__cause__, one.__context__]


def _advice(printed: str) -> str:
    """What an operator can do about a TLS fault."""
    if "DH_KEY_TOO_SMALL" in printed or "KEY_TOO_SMALL" in printed or "MD_TOO_WEAK" in printed:
        return "for a host with old keys set the source's tls.security_level: 1"
    if "unable to get local issuer certificate" in printed:
        return "if the site forgot its intermediate certificate, save it and name it in the source's tls.extra_ca"
    return "look at the site in a browser, and wait until its keeper has repaired it"
