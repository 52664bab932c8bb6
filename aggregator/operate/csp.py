"""Whether a page's Content-Security-Policy lets a browser load what a snippet asks for (W3C CSP3 §6.7). Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import SplitResult, urlsplit

FALLBACK: Mapping[str, tuple[str, ...]] = {
    "script-src": ("script-src-elem", "script-src", "default-src"),
    "frame-src": ("frame-src", "child-src", "default-src"),
    "img-src": ("img-src", "default-src"),
    "connect-src": ("connect-src", "default-src"),
}
"""Where each kind of load is looked up, the first directive that is there decides (CSP3 §6.8)."""
PORTS = {"http": 80, "https": 443}
HOST = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?P<host>\*|(?:\*\.)?[^:/*]+)(?::(?P<port>\d+|\*))?(?P<path>/.*)?"
)


def policies(headers: Iterable[str], metas: Iterable[str]) -> tuple[dict[str, tuple[str, ...]], ...]:
    """Every policy of a page, by directive: one header may hold several, and all must allow."""
    texts = [text for header in headers for text in header.split(",")] + list(metas)
    return tuple(policy for text in texts if (policy := _policy(text)))


def blocks(found: Sequence[Mapping[str, tuple[str, ...]]], kind: str, url: str, page: str, pass_: str = "") -> str:
    """The directive that keeps the page from loading the address, "" where none does.

    `kind` is a key of FALLBACK. `pass_` is the script's nonce or integrity value, which may let it through.
    """
    for policy in found:
        name = next((one for one in FALLBACK[kind] if one in policy), "")
        if name and not _allows(policy[name], url, page, pass_):
            return f"{name} {' '.join(policy[name])}".strip()
    return ""


def _policy(text: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for part in text.split(";"):
        name, *sources = part.split()[:1] + part.split()[1:] or [""]
        if name:
            found.setdefault(name.lower(), tuple(sources))  # the first of one name counts
    return found


def _allows(sources: Sequence[str], url: str, page: str, pass_: str) -> bool:
    if pass_ and any(one.strip("'") in {pass_, f"nonce-{pass_}"} for one in sources):
        return True
    if "'strict-dynamic'" in sources:
        return False
    target, here = urlsplit(url), urlsplit(page)
    return any(_matches(source, target, here) for source in sources)


def _matches(source: str, target: SplitResult, here: SplitResult) -> bool:
    if source == "'self'":
        return (target.hostname, _port(target)) == (here.hostname, _port(here)) or (
            target.hostname == here.hostname and (here.scheme, target.scheme) == ("http", "https")
        )
    if source == "*":
        return target.scheme in PORTS
    if re.fullmatch(r"[a-z][a-z0-9+.-]*:", source, re.I):
        return _scheme(source[:-1].lower(), target.scheme)
    match = HOST.fullmatch(source.lower())
    if match is None or source.startswith("'"):
        return False
    scheme, host, port, path = match["scheme"], match["host"], match["port"], match["path"] or ""
    if not _scheme(scheme or here.scheme, target.scheme):
        return False
    name = target.hostname or ""
    if not (host == "*" or name == host or (host.startswith("*.") and name.endswith(host[1:]))):
        return False
    if port != "*" and int(port or PORTS.get(target.scheme, 0)) != _port(target):
        return False
    return path in {"", "/"} or (target.path.startswith(path) if path.endswith("/") else target.path == path)


def _scheme(allowed: str, asked: str) -> bool:
    return allowed == asked or (allowed, asked) == ("http", "https")


def _port(url: SplitResult) -> int:
    return url.port or PORTS.get(url.scheme, 0)
