"""What to do about a source that could not be read, in one sentence a cause; docs/operating.md says more."""

from aggregator.errors import Cause

ADVICE: dict[Cause, str] = {
    "blocked": "write to the site's keeper and name the User-Agent; raise `pause` and `every`",
    "login": "choose a public section in sources.yaml",
    "robots": "choose another section, or ask the site's keeper for leave",
    "certificate": "see `tls` in docs/configuration.md, or wait for the site's keeper",
    "timeout": "open it in a browser: if it is slow there too, raise `fetch.deadline` or wait",
    "unreachable": "check the network and the host's name; else wait",
    "server-error": "wait; tell the site's keeper when it lasts",
    "gone": "correct the section's address in sources.yaml",
    "moved": "if the new host is right, add it to the source's `hosts`",
    "address": "if the site really stands there, open its network with `fetch.allow_addresses`",
    "too-large": "look at the page in a browser; raise `fetch.max_bytes` if it is right",
    "empty": "look at the page in a browser: the section may have moved",
    "not-a-feed": "correct the section's address, or its `kind`",
    "drifted": "type `aggregator sources check ID`, then `sources add URL` or `sources accept ID`",
    "internal": "type `aggregator sources check ID --save DIR` and report it with that folder",
}


def advice(cause: str, source: str) -> str:
    """What to type or to do, with the source's id filled in; "" for a cause of another kind."""
    found = {str(known): text for known, text in ADVICE.items()}.get(cause, "")
    return found.replace(" ID", f" {source}")
