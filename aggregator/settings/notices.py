"""Emergency notices: who may sign them."""

import base64
import binascii
from typing import Annotated

from pydantic import AfterValidator, model_validator

from aggregator.settings.values import Settings

KEY = "ed25519:"
KEY_BYTES = 32  # RFC 8032 §5.1.5


def _public(value: str) -> str:
    try:
        raw = base64.b64decode(value.removeprefix(KEY), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not value.startswith(KEY) or len(raw) != KEY_BYTES:
        told = "is no public key; take the line that this printed: aggregator notice key NAME --file FILE"
        raise ValueError(f"{value!r} {told}")
    return value


class Person(Settings):
    """Somebody who may draft, approve, correct and lift emergency notices."""

    name: str
    """The name, as it stands in the log."""
    key: Annotated[str, AfterValidator(_public)]
    """The public half of the person's own key, as `aggregator notice key` printed it."""

    @property
    def public(self) -> bytes:
        """The key's 32 bytes."""
        return base64.b64decode(self.key.removeprefix(KEY))


class Notices(Settings):
    """Emergency notices (`aggregator notice`)."""

    issuer: str = ""
    """Who issues them, as readers shall see it; empty: `site.owner.organisation`, else `site.name`."""
    people: tuple[Person, ...] = ()
    """Who may sign them; two of different names put one up. Whoever is taken out here: what he signed is not shown."""

    @model_validator(mode="after")
    def _each_their_own(self) -> "Notices":
        keys = [person.key for person in self.people]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"people: the key {twice[0]} stands there twice; each person makes a key of his own")
        if any(not person.name.strip() for person in self.people):
            raise ValueError("people: a name is empty; write who holds the key")
        return self
