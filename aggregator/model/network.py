"""What is asked of a server, and what it answers."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Purpose = Literal["section", "article", "recheck", "robots", "link", "verify"]


@dataclass(frozen=True, slots=True)
class Validator:
    """What a server gave to ask conditionally next time (RFC 9110 §8.8). Empty strings when it gave none."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a server. `headers` are sent besides the fetcher's own; `once`: no second attempt."""

    url: str
    method: Literal["GET", "POST"] = "GET"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    purpose: Purpose = "article"
    validator: Validator = Validator()
    once: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A 2xx answer. `url` is the address after redirects, header names are lower case, `body` is decompressed."""

    request: Request
    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    hops: tuple[tuple[int, str], ...] = ()  # the redirects that led here: status, and the address that gave it

    def header(self, name: str) -> str:
        """The first value of the header (name in lower case), "" when absent."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def digest(self) -> str:
        """SHA-256 of the body, hex."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def validator(self) -> Validator:
        """What to send next time to be told "unchanged"."""
        return Validator(self.header("etag"), self.header("last-modified"))


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A 304 answer."""

    request: Request
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Missing:
    """A 404 or 410 answer: for an article an answer, not a fault."""

    request: Request
    status: Literal[404, 410]
    fetched_at: datetime


Answer = Page | Unchanged | Missing

NOISE = re.compile(
    r"(?:khoảng\s+)?\d+\s*(?:giây|phút|giờ|tiếng|ngày|tuần|tháng)\s+trước|vừa xong|hôm (?:nay|qua)"
    r"|(?:số )?(?:lượt (?:xem|đọc|truy cập)|view count|views?)\s*[:(]?\s*\d[\d.,]*\)?"
    r"|\d[\d.,]*\s*(?:lượt (?:xem|đọc|truy cập)|views?\b)",
    re.IGNORECASE,
)
"""What listings print otherwise at every look, though nothing of the article changed: how long ago, how often read."""
