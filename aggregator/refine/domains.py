"""Registered domains: whose a host is. A small rule, not the Public Suffix List, which is no part of this program."""

import re
from collections.abc import Collection
from urllib.parse import urljoin, urlsplit

from aggregator.text import ascii_host

# Second levels under which names are registered, beside the country's own: vnnic.vn's list, then what is usual.
SECOND_VN = frozenset(
    ("ac", "ai", "biz", "com", "edu", "gov", "health", "id", "info", "int", "io", "mil", "name", "net", "org", "pro")
)
SECOND = frozenset(("ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "mil", "ne", "net", "nom", "or", "org"))
ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|.*:.*")


def registered(host: str) -> str:
    """The registered domain of the host: soyte.hanoi.gov.vn -> hanoi.gov.vn. An IP address is its own; "" stays."""
    host = host.rstrip(".").lower()
    labels = host.split(".")
    if len(labels) < 3 or ADDRESS.fullmatch(host):
        return host
    second = SECOND_VN if labels[-1] == "vn" else SECOND if len(labels[-1]) == 2 else ()
    return ".".join(labels[-3:] if labels[-2] in second else labels[-2:])


def host_of(address: str, base: str) -> str:
    """The host that a link leads to, in lower case; "" for what leads to none (mailto:, javascript:, broken)."""
    try:
        parts = urlsplit(urljoin(base, address.strip()))
        return ascii_host(parts.hostname or "") if parts.scheme in {"http", "https"} else ""
    except ValueError:
        return ""


def ends_in(host: str, ends: Collection[str]) -> bool:
    """Whether the host is one of the names, or below one of them: www.who.int ends in int."""
    labels = host.split(".")
    return any(".".join(labels[start:]) in ends for start in range(len(labels)))
