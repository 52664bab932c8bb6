"""The one network door: requests go out here, within a source's hosts, pause, limits and robots.txt."""

import ssl
import threading
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urldefrag, urljoin, urlsplit

import requests

import aggregator
from aggregator.collect import reply as replies
from aggregator.collect.door import Door, routes, tls_context
from aggregator.collect.exchange import Limits, exchange
from aggregator.collect.guard import Fleeting, literal, networks, why_refused
from aggregator.collect.notes import Notes
from aggregator.collect.pace import Pace
from aggregator.collect.reply import Reply
from aggregator.collect.robots import MAX_BYTES as ROBOTS_BYTES
from aggregator.collect.robots import Robots
from aggregator.errors import SourceError
from aggregator.model import Answer, Request
from aggregator.settings import Fetch, Source, Tls
from aggregator.text import ascii_host

PRODUCT = "official-news-aggregator"
BACKOFF_S = 1.0  # before the second attempt; doubled for each further one, plus as much again times the jitter
LONGEST_URL = 4000  # characters; servers refuse more than 8,000, and the longest official address seen has 700
WEB_PORTS = frozenset({80, 443})  # below 1024 all others are another service's: mail, shells, files
LONGEST_VALIDATOR = 500  # characters; real tags have 10 to 80
SHORTEST_S = 0.001  # a socket takes no timeout of 0; the watch fires at once all the same
LONGEST_WAIT_S = 30.0  # a server that asks for more is left alone until the next visit


class HttpFetcher:
    """The Fetcher of live use (ports.Fetcher). Thread-safe; sources may be visited side by side.

    `clock` gives aware UTC, `sleep` and `monotonic` count seconds (without the latter the clock measures the
    pauses), `jitter` draws from 0 to 1. With `notes` pauses and robots.txt are shared with all runs that have them.
    `stopwatch` counts the seconds that an answer takes, as `monotonic` where it is None. One answer takes at most
    (retries + 1) x deadline, redirects included, and the pauses between; robots.txt has a deadline of its own.
    """

    def __init__(
        self,
        settings: Fetch,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
        jitter: Callable[[], float],
        monotonic: Callable[[], float] | None = None,
        notes: Notes | None = None,
        stopwatch: Callable[[], float] | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._allowed = networks(settings.allow_addresses)
        self._routes = routes(settings.connect_to)
        self._agent = user_agent(settings.contact)
        counted = monotonic or (lambda: clock().timestamp())
        self._pace = Pace(sleep, counted, notes)
        self._stopwatch = stopwatch or counted
        self._robots = Robots(self.fetch, clock, PRODUCT, notes)
        self._lock = threading.Lock()
        self._doors: dict[tuple[str, Tls], Door] = {}
        self._contexts: dict[Tls, ssl.SSLContext] = {}
        self._spent: dict[str, tuple[int, int]] = {}

    def fetch(self, request: Request, source: Source) -> Answer:
        """The server's answer. Raises SourceError with a named cause for anything that is no answer."""
        attempt = 0
        while True:
            try:
                return self._follow(request, source)
            except Fleeting as fault:  # any other SourceError is final
                wait_s = self._wait(attempt) if fault.wait_s is None else fault.wait_s
                if request.once or attempt == self._settings.retries or wait_s > LONGEST_WAIT_S:
                    raise
            self._sleep(wait_s)
            attempt += 1

    def spent(self, source: str) -> tuple[int, int]:
        """Requests sent and bytes received for the source so far, robots.txt, redirects and failures included."""
        with self._lock:
            return self._spent.get(source, (0, 0))

    def close(self) -> None:
        """Close every connection that was kept."""
        with self._lock:
            doors = list(self._doors.values())
            self._doors.clear()
        for door in doors:
            door.close()

    def _wait(self, attempt: int) -> float:
        return min(BACKOFF_S * float(2**attempt) * (1 + self._jitter()), LONGEST_WAIT_S)

    def _follow(self, request: Request, source: Source) -> Answer:
        prepared = self._prepare(request, request.url, request.method, source)
        hops: list[tuple[int, str]] = []
        left_s = self._settings.deadline.total_seconds()
        for _ in range(self._settings.max_redirects + 1):
            reply, took_s = self._ask(prepared, request, source, max(left_s, SHORTEST_S))
            left_s -= took_s
            target = replies.location(reply)
            if not target:
                return replies.answer(reply, request, tuple(hops))
            hops.append((reply.status, reply.url))
            method = "GET" if reply.status in (301, 302, 303) else request.method  # RFC 9110 §15.4, as browsers do
            prepared = self._prepare(request, _joined(reply.url, target), method, source)
        problem = f"{request.url} redirects more than {self._settings.max_redirects} times; correct the address"
        raise SourceError("moved", problem, request.url)

    def _prepare(self, request: Request, url: str, method: str, source: Source) -> requests.PreparedRequest:
        """The request to send. What is checked here is the very address that will be asked."""
        headers = {
            "User-Agent": self._agent,
            "Accept": "*/*",
            "Accept-Encoding": "gzip",
            "Accept-Language": f"{source.language},*;q=0.5",
        }
        if _can_be_sent(request.validator.etag):
            headers["If-None-Match"] = request.validator.etag
        if _can_be_sent(request.validator.last_modified):
            headers["If-Modified-Since"] = request.validator.last_modified
        headers.update(request.headers)
        if len(url) > LONGEST_URL:
            problem = f"source {source.id} leads to {url[:200]}…, an address of {len(url):,} characters; correct it"
            raise SourceError("moved", problem, url[:200])
        body = request.body if method == "POST" else None
        try:
            prepared = requests.Request(method, url, headers=headers, data=body).prepare()
        except (requests.RequestException, UnicodeError, ValueError) as error:
            raise SourceError("moved", f"{url!r} is no web address ({error}); correct it", url) from error
        self._check(str(prepared.url), source)
        return prepared

    def _check(self, url: str, source: Source) -> None:
        parts = urlsplit(url)
        host = host_of(url)
        if parts.scheme not in ("http", "https") or parts.username is not None:
            raise SourceError("moved", f"source {source.id} leads to {url}, which is no plain web address", url)
        address = literal(host)
        if address and host not in self._routes and (because := why_refused(address, self._allowed)):
            problem = f"source {source.id} leads to {url}: {address} is {because}; fetch.allow_addresses can open it"
            raise SourceError("address", problem, url)
        port = parts.port or 443
        if port < 1024 and port not in WEB_PORTS:
            problem = f"source {source.id} leads to {url}: port {port} is another service's; correct the address"
            raise SourceError("address", problem, url)
        if host not in {ascii_host(name) for name in source.hosts}:
            problem = f"source {source.id} leads to {url}; add {host} to its hosts if that is right"
            raise SourceError("moved", problem, url)

    def _ask(
        self, prepared: requests.PreparedRequest, request: Request, source: Source, left_s: float
    ) -> tuple[Reply, float]:
        """The reply, and the seconds that it took, those of waiting for the host's turn apart."""
        url = str(prepared.url)
        asks_robots = request.purpose == "robots"
        by_hand = request.purpose == "verify"  # one file that a person asks for is no crawl (RFC 9309 §1)
        crawl_delay_s = 0.0 if asks_robots or by_hand else self._robots.pause(url, source, request.once)
        host = host_of(url)
        limits = Limits(
            connect_s=self._settings.connect_timeout.total_seconds(),
            deadline_s=self._settings.deadline.total_seconds(),
            left_s=left_s,
            max_bytes=ROBOTS_BYTES if asks_robots else self._settings.max_bytes,
            cut=asks_robots,
        )
        door = self._door(host, source)
        with self._pace.turn(host, max(source.pause.total_seconds(), crawl_delay_s)):
            self._count(source.id, requests=1)
            began = self._stopwatch()
            reply = exchange(door, prepared, limits, self._clock, lambda size: self._count(source.id, size=size))
            return reply, self._stopwatch() - began

    def _door(self, host: str, source: Source) -> Door:
        with self._lock:
            context = self._contexts.get(source.tls) or tls_context(source)
            self._contexts[source.tls] = context
            door = self._doors.get((host, source.tls))
            if door is None:
                door = self._doors[host, source.tls] = Door(context, self._allowed, self._routes.get(host))
            return door

    def _count(self, source: str, *, requests: int = 0, size: int = 0) -> None:
        with self._lock:
            before = self._spent.get(source, (0, 0))
            self._spent[source] = (before[0] + requests, before[1] + size)


def _can_be_sent(validator: str) -> bool:
    """Whether what a server gave us to ask by can stand in a header of ours: some give line breaks, or kilobytes."""
    return 0 < len(validator) <= LONGEST_VALIDATOR and validator.isascii() and validator.isprintable()


def user_agent(contact: str) -> str:
    """Who asks: product, version and where its operator can be reached (RFC 9110 §10.1.5)."""
    plain = "".join(char for char in contact if char.isascii() and char.isprintable() and char not in "()")
    return f"{PRODUCT}/{aggregator.__version__}" + (f" (+{plain})" if plain else "")


def _joined(base: str, target: str) -> str:
    try:
        return urldefrag(urljoin(base, target)).url
    except ValueError as error:
        problem = f"{base} redirects to {target!r}, which is no address; tell the site's keeper"
        raise SourceError("moved", problem, base) from error


def host_of(url: str) -> str:
    """The host of an address as hosts are compared: lower case, ASCII, without the root's dot."""
    return ascii_host(urlsplit(url).hostname or "")
