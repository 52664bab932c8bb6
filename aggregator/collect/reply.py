"""What an exchange with a server brought, and what it means: an answer, a fault, or one that may pass. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from aggregator.collect.challenge import challenge, login
from aggregator.collect.guard import Fleeting
from aggregator.errors import SourceError
from aggregator.model import Answer, Missing, Page, Request, Unchanged

PASSING = frozenset({429, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
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


def answer(reply: Reply, request: Request) -> Answer:
    """What the reply says. Raises SourceError with a named cause; Fleeting for what may pass."""
    if reply.status == 304 and (request.validator.etag or request.validator.last_modified):
        return Unchanged(request, reply.at)
    if reply.status in (404, 410):
        return Missing(request, 404 if reply.status == 404 else 410, reply.at)
    page = Page(request, reply.url, reply.status, reply.headers, reply.body, reply.at)
    _refuse_intruders(page)
    if 200 <= reply.status < 300:
        _refuse_encodings(reply)
        return page
    raise _fault(reply)


def _refuse_intruders(page: Page) -> None:
    if page.request.purpose not in CONTENT:
        return
    if seen := challenge(page):
        problem = f"{page.url} answers {page.status} with {seen} instead of content; ask the site's keeper for access"
        raise SourceError("blocked", problem, page.url)
    if seen := login(page):
        raise SourceError("login", f"{page.url} shows {seen} instead of content; choose a public section", page.url)


def _refuse_encodings(reply: Reply) -> None:
    encoding = reply.header("content-encoding").lower().strip()
    unknown = {part.strip() for part in encoding.split(",")} - ENCODINGS
    if unknown:
        problem = f"{reply.url} is encoded as {encoding}, which was not asked for; tell the site's keeper"
        raise SourceError("server-error", problem, reply.url)


def _fault(reply: Reply) -> SourceError:
    status, url = reply.status, reply.url
    if status == 429:
        fault: SourceError = Fleeting(
            "blocked", f"{url} answers 429: too many requests; raise the source's `pause`", url
        )
    elif status in (401, 403):
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
    """Seconds that a Retry-After header asks to wait (RFC 9110 §10.2.3), None when it says nothing usable."""
    if re.fullmatch(r"\d{1,9}", printed.strip()):
        return float(printed)
    try:
        then = parsedate_to_datetime(printed)
    except ValueError:
        return None
    return max((then - now).total_seconds(), 0.0) if then.tzinfo else None
