"""robots.txt (RFC 9309): may this address be asked for, and how slowly. Asked once a day and host."""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from aggregator.collect.guard import Fleeting
from aggregator.collect.notes import Notes
from aggregator.errors import SourceError
from aggregator.model import Answer, Page, Request
from aggregator.settings import Source

MAX_BYTES = 512_000  # RFC 9309 §2.5: at least 500 KiB are parsed; what follows is cut off
KEPT = timedelta(hours=24)  # RFC 9309 §2.4
OUTLIVED = timedelta(days=30)  # RFC 9309 §2.3.1.4, §2.4: old rules serve while robots.txt cannot be read
KEPT_FAULT = timedelta(minutes=5)  # a site in trouble is not asked anew for each of its sections
UNAVAILABLE = frozenset({"blocked", "gone", "moved"})  # a 4xx, or redirects that lead away: RFC 9309 §2.3.1.2-3
HOST_WIDE = frozenset({"unreachable", "timeout", "certificate", "address"})  # no matter of robots.txt alone
RULE = re.compile(r"\s*(user-agent|allow|disallow|crawl-delay|sitemap)\b", re.I)  # what we read of a robots.txt
SLOWEST_S = 30.0  # a Crawl-delay above this is a mistake, or meant for others


@dataclass(frozen=True, slots=True)
class _Rules:
    until: datetime
    parsed: Protego | None = None  # None: everything is allowed
    fault: SourceError | None = None


class Robots:
    """Keeps the rules of every host seen, across runs where there are `notes`.

    `fetch` is the guarded door itself; it must not ask robots for robots.txt.
    """

    def __init__(
        self,
        fetch: Callable[[Request, Source], Answer],
        clock: Callable[[], datetime],
        agent: str,
        notes: Notes | None = None,
    ) -> None:
        self._notes = notes
        self._fetch = fetch
        self._clock = clock
        self._agent = agent
        self._lock = threading.Lock()
        self._rules: dict[str, _Rules] = {}

    def pause(self, url: str, source: Source, once: bool = False) -> float:
        """The Crawl-delay in seconds (0 for none) that holds for this address. `once`: asked with no second attempt.

        Raises SourceError: "robots" when the address is refused; when robots.txt itself cannot be read, with the
        cause of that, because then nothing may be asked for (RFC 9309 §2.3.1.4).
        """
        rules = self._of(url, source, once)
        if rules.fault is not None:
            raise SourceError(rules.fault.cause, str(rules.fault), rules.fault.url)
        if rules.parsed is None:
            return 0.0
        if not rules.parsed.can_fetch(url, self._agent):
            problem = (
                f"robots.txt of {urlsplit(url).netloc} refuses {url}; ask the site's keeper, or choose another section"
            )
            raise SourceError("robots", problem, url)
        asked_s = rules.parsed.crawl_delay(self._agent) or 0.0
        return min(asked_s, SLOWEST_S) if asked_s > 0 else 0.0  # "nan" is neither

    def _of(self, url: str, source: Source, once: bool) -> _Rules:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            rules = self._rules.get(origin)
        if rules is None or rules.until <= self._clock():
            rules = self._noted(origin) or self._ask(origin, source, once)
            with self._lock:
                self._rules[origin] = rules
        return rules

    def _ask(self, origin: str, source: Source, once: bool) -> _Rules:
        url = f"{origin}/robots.txt"
        until = self._clock() + KEPT
        try:
            answer = self._fetch(Request(url, purpose="robots", once=once), source)
        except SourceError as error:
            too_many = isinstance(error, Fleeting)  # 429 says nothing about the rules: come back later
            if error.cause in UNAVAILABLE and not too_many:
                return self._note(origin, until, None)
            old = self._noted(origin, OUTLIVED) if error.cause not in HOST_WIDE else None
            return old or _Rules(self._clock() + KEPT_FAULT, fault=_unread(error, url))
        text = _rules_of(answer.body.decode("utf-8-sig", "replace")) if isinstance(answer, Page) else None
        return self._note(origin, until, text)

    def _note(self, origin: str, until: datetime, text: str | None) -> _Rules:
        if self._notes is not None:
            self._notes.write(f"robots-{origin}", json.dumps({"until": until.isoformat(), "rules": text}))
        return _Rules(until, None if text is None else Protego.parse(text))

    def _noted(self, origin: str, beyond: timedelta = timedelta(0)) -> _Rules | None:
        """What an earlier run read, None when that is too old. A clock that went back does not make it last."""
        now = self._clock()
        noted = _read(self._notes.read(f"robots-{origin}")) if self._notes is not None else None
        if noted is None or not now < noted[0] + beyond <= now + KEPT + beyond:
            return None
        until = noted[0] if not beyond else now + KEPT_FAULT
        return _Rules(until, None if noted[1] is None else Protego.parse(noted[1]))


def _rules_of(text: str) -> str:
    """The lines that RFC 9309 knows, and Crawl-delay: others must not end a group (§2.2.4), as the parser lets them."""
    return "\n".join(line for line in text.splitlines() if RULE.match(line))


def _read(noted: str) -> tuple[datetime, str | None] | None:
    """Until when the rules hold, and the rules (None: everything is allowed); None for what is no note of ours."""
    try:
        told = json.loads(noted)
        until = datetime.fromisoformat(told["until"])
        return (until, told["rules"]) if until.tzinfo else None
    except (ValueError, TypeError, KeyError):
        return None


def _unread(error: SourceError, url: str) -> SourceError:
    if error.cause in HOST_WIDE:
        return error
    told = f"robots.txt cannot be read, so nothing else may be asked for (RFC 9309): {error}"
    return SourceError(error.cause, told, url)
