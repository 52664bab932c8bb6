"""Which addresses may be connected to: the guard against being sent inside the house (SSRF). Sends nothing.

The address that is checked is the address that is connected to, so a name that resolves differently the second
time (DNS rebinding) gains nothing.
"""

import ipaddress
import queue
import socket
import threading
from collections.abc import Callable, Sequence

from requests_hardened.ip_filter import EXTRA_BLOCKED_NET_RANGES

from aggregator.errors import ConfigError, SourceError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

TRIED = 4  # addresses of one name; a name with more is no better reachable, and each may take the whole timeout


class Fleeting(SourceError):
    """A fault that may pass: worth another attempt, after `wait_s` where the server said so."""


def networks(written: Sequence[str]) -> tuple[Network, ...]:
    """The networks of `fetch.allow_addresses`. Raises ConfigError for what is none."""
    found = []
    for text in written:
        try:
            found.append(ipaddress.ip_network(text, strict=False))
        except ValueError as error:
            raise ConfigError(f"fetch.allow_addresses: {text!r} is not a network; write 10.1.0.0/16") from error
    return tuple(found)


def why_refused(written: str, allowed: Sequence[Network]) -> str:
    """Why this address may not be connected to, in words; "" when it may. `written` must be an IP address."""
    address: Address = ipaddress.ip_address(written)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in network for network in allowed):
        return ""
    return _kind(address)


def _kind(address: Address) -> str:
    kinds = (
        ("a loopback address", address.is_loopback),
        ("a link-local address", address.is_link_local),
        ("a multicast address", address.is_multicast),
        ("an unspecified address", address.is_unspecified),
        ("a private address", address.is_private or getattr(address, "is_site_local", False)),
        ("a reserved address", address.is_reserved or not address.is_global),
        ("a translated or shared address", any(address in network for network in EXTRA_BLOCKED_NET_RANGES)),
    )
    return next((kind for kind, applies in kinds if applies), "")


def literal(host: str) -> str:
    """The address when the host of a URL is written as one, else ""."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return ""


def resolve(host: str, port: int, timeout_s: float) -> list[str]:
    """Addresses of the name in the resolver's order, each once.

    Asked in a thread of its own, because a name server that does not answer cannot be interrupted. Raises Fleeting.
    """
    answer: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()
    threading.Thread(target=_ask, args=(host, port, answer.put), daemon=True).start()
    try:
        found = answer.get(timeout=timeout_s)
    except queue.Empty:
        raise Fleeting("timeout", f"no name server told the address of {host} within {timeout_s:g} s") from None
    if isinstance(found, OSError):
        problem = f"the name {host} has no address ({found.strerror or found}); check the network and the host's name"
        raise Fleeting("unreachable", problem) from found
    return found


def _ask(host: str, port: int, tell: Callable[[list[str] | OSError], None]) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        tell(list(dict.fromkeys(str(address[0]) for *_, address in found)))
    except UnicodeError as error:  # a label that IDNA refuses
        tell(OSError(0, str(error)))
    except OSError as error:
        tell(error)


def connect(host: str, port: int, timeout_s: float, allowed: Sequence[Network] | None) -> socket.socket:
    """A socket connected to the first address of the host that may be and can be.

    `allowed` are the networks that are open although private; None checks nothing (the operator's own
    `connect_to`). Raises SourceError "address" when every address is refused, Fleeting when none answers.
    """
    addresses = resolve(host, port, timeout_s)
    if allowed is not None:
        addresses = _permitted(host, addresses, allowed)
    fault: OSError | None = None
    for address in addresses[:TRIED]:
        try:
            return socket.create_connection((address, port), timeout_s)
        except OSError as error:
            fault = error
    if isinstance(fault, TimeoutError):
        raise Fleeting("timeout", f"{host} port {port} took no connection within {timeout_s:g} s") from fault
    raise Fleeting("unreachable", f"{host} port {port} takes no connection ({fault}); is the site up?") from fault


def _permitted(host: str, addresses: Sequence[str], allowed: Sequence[Network]) -> list[str]:
    reasons = {address: why_refused(address, allowed) for address in addresses}
    permitted = [address for address, because in reasons.items() if not because]
    if not permitted:
        told = ", ".join(f"{address} is {because}" for address, because in reasons.items())
        hint = "if the site really stands there, name its network in fetch.allow_addresses"
        raise SourceError("address", f"{host} is refused: {told}; {hint}")
    return permitted
