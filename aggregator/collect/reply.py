"""What an exchange with a server brought, and what it means: an answer, a fault, or one that may pass. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from aggregator.collect.challenge import absent, challenge, login
from aggregator.collect.guard import Fleeting
from aggregator.collect.inflate import known
from aggregator.errors import SourceError
from aggregator.model import Answer, Missing, Page, Request, Unchanged

LONGEST_ASKED_S = 86_400.0  # a server that asks to be left alone for longer is asked once a day all the same
PASSING = frozenset({429, 502, 503, 504})
WHOLE = frozenset({200, 203})  # 206 is a part that nobody asked for; 204 and 205 have no content
REDIRECTS = frozenset({301, 302, 303, 307, 308})
CONTENT = frozenset({"section", "article", "recheck"})  # purposes that want content: a challenge page is none


@dataclass(frozen=True, slots=True)
class Reply:
    """One response of a server as it came; `url` is the official address that was asked."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    at: datetime

    def header(self, name: str) -> str:
        """The first value of the header (name in lower case), "" when absent."""
        return next((value for key, value in self.headers if key == name), "")


def location(reply: Reply) -> str:
    """Where the reply redirects to, as printed; "" when it is no redirect."""
    if reply.status not in REDIRECTS:
        return ""
    # Servers print UTF-8 there; http.client reads headers as Latin-1.
    return reply.header("location").encode("latin-1", "replace").decode("utf-8", "replace").strip()


def answer(reply: Reply, request: Request, hops: tuple[tuple[int, str], ...] = ()) -> Answer:
    """What the reply says, after these redirects. Raises SourceError with a named cause; Fleeting for what may pass."""
    if reply.status == 304 and (request.validator.etag or request.validator.last_modified):
        return Unchanged(request, reply.at)
    if reply.status in (404, 410):
        return Missing(request, 404 if reply.status == 404 else 410, reply.at)
    page = Page(request, reply.url, reply.status, reply.headers, reply.body, reply.at, hops)
    _refuse_intruders(page)
    if reply.status in WHOLE:
        _refuse_encodings(reply)
        return Missing(request, 404, reply.at) if _says_it_is_missing(page) else page
    raise _fault(reply)


def _refuse_intruders(page: Page) -> None:
    if page.request.purpose not in CONTENT:
        return
    if seen := challenge(page):
        problem = f"{page.url} answers {page.status} with {seen} instead of content; ask the site's keeper for access"
        raise SourceError("blocked", problem, page.url)
    if seen := login(page):
        raise SourceError("login", f"{page.url} shows {seen} instead of content; choose a public section", page.url)


def _says_it_is_missing(page: Page) -> bool:
    """Whether it is a soft 404: an article's counts as a 404, a section's (but its front page) is gone."""
    seen = absent(page) if page.request.purpose in CONTENT and page.request.method == "GET" else ""
    if seen and page.request.purpose == "section" and "front page" not in seen:
        problem = f"{page.url} answers {page.status} with {seen}; correct the section's address in sources.yaml"
        raise SourceError("gone", problem, page.url)
    return bool(seen) and page.request.purpose != "section"


def _refuse_encodings(reply: Reply) -> None:
    encoding = reply.header("content-encoding")
    if not known(encoding):
        problem = f"{reply.url} is encoded as {encoding:.80}, which was not asked for; tell the site's keeper"
        raise SourceError("server-error", problem, reply.url)


def _fault(reply: Reply) -> SourceError:
    status, url = reply.status, reply.url
    if status == 429:
        fault: SourceError = Fleeting(
            "blocked", f"{url} answers 429: too many requests; raise the source's `pause`", url
        )
    elif status in (401, 403, 407):
        fault = SourceError("blocked", f"{url} answers {status}: it refuses us; ask the site's keeper for access", url)
    elif 400 <= status < 500:
        fault = SourceError("gone", f"{url} answers {status}; correct the address in sources.yaml", url)
    elif status in PASSING:
        fault = Fleeting(
            "server-error", f"{url} answers {status}: the site is in trouble; it is asked again at the next visit", url
        )
    else:
        fault = SourceError(
            "server-error", f"{url} answers {status}: the site is in trouble; it is asked again at the next visit", url
        )
    if isinstance(fault, Fleeting):
        fault.wait_s = retry_after(reply.header("retry-after"), reply.at)
    return fault


def retry_after(printed: str, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks to wait (RFC 9110 §10.2.3), None when it says nothing usable.

    At most a day (LONGEST_ASKED_S).
    """
    if re.fullmatch(r"[0-9]{1,9}", printed.strip()):
        return min(float(printed), LONGEST_ASKED_S)
    try:
        then = parsedate_to_datetime(printed)
        wait_s = (then - now).total_seconds() if then.tzinfo else None
    except (ValueError, OverflowError):  # the latter: an offset of centuries
        return None
    return None if wait_s is None else min(max(wait_s, 0.0), LONGEST_ASKED_S)
