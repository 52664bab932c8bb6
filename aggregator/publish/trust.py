"""What an embed's loader trusts: a state that the offline root signs, and stamps that a working key signs. Pure.

The snippet pins the root. The state names the working keys and the loader versions that are switched off; the stamp,
new with every run, says until when what is out may be shown, and names by digest what that is (roll.py).
Both are the text that was signed, and its signature: a loader checks the bytes it got, and only then reads them.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aggregator.errors import SignatureError
from aggregator.publish import p256
from aggregator.publish.p256 import Pair
from aggregator.publish.words import iso

VERSION = 1
STATE, STAMP = "embeds-state", "embeds-stamp"
ID_LENGTH = 16  # hex digits; trust hangs on the key that the state holds under it, never on the name
ALL = "*"  # in the place of a version: every loader
FOR = timedelta(days=366)  # a state; who steals a working key and the server can replay the state for so long
ENDING = timedelta(days=45)  # before its end the operator is told, once a day
FAR = "9999-12-31T23:59:59Z"  # the end of what has none: the demo's stamps, the state that `retire` leaves
OLDER = 1  # working keys beside the newest that stay trusted: copies at a cache meet while a key is replaced


@dataclass(frozen=True, slots=True)
class State:
    """What the root says. `keys`: public half of each working key by its id, the newest last."""

    seq: int
    since: str
    until: str
    root: str
    keys: Mapping[str, str] = field(default_factory=dict)
    off: tuple[str, ...] = ()

    @property
    def retired(self) -> bool:
        """Whether every loader is switched off."""
        return ALL in self.off


@dataclass(frozen=True, slots=True)
class Trust:
    """What an installation signs embeds with: the state, as it is published, and the working key in force.

    `because` says what is wrong. No state at all is a choice: the element is then not offered.
    """

    state: State | None = None
    published: bytes = b""
    signer: Pair | None = None
    because: str = ""

    @property
    def root(self) -> str:
        """What snippets pin; "" while there is no state."""
        return self.state.root if self.state else ""

    @property
    def retired(self) -> bool:
        """Whether the embeds have been given up."""
        return self.state is not None and self.state.retired


NO_TRUST = Trust()


def key_id(public: str) -> str:
    """By which a key is named."""
    return hashlib.sha256(public.encode("ascii")).hexdigest()[:ID_LENGTH]


def sealed(kind: str, fields: Mapping[str, Any], by: Pair) -> dict[str, str]:
    """The fields as text, and the signature of that text behind a line that says what it is."""
    signed = json.dumps(fields, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    signature = base64.b64encode(by.sign(_signed_bytes(kind, signed))).decode("ascii")
    return {"signed": signed, "signature": signature}


def opened(kind: str, envelope: Any, public: str) -> dict[str, Any]:
    """The fields of a sealed text. Raises SignatureError unless that key signed it as that kind."""
    try:
        signed, signature = str(envelope["signed"]), str(envelope["signature"])
        if not p256.holds(public, signature, _signed_bytes(kind, signed)):
            raise SignatureError("its signature does not hold: changed after it was signed, or by another key")
        return dict(json.loads(signed))
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise SignatureError("cannot be read: cut short, or not ours") from error


def encode(state: State, root: Pair) -> bytes:
    """embed/state.json."""
    fields = {
        "version": VERSION,
        "seq": state.seq,
        "since": state.since,
        "until": state.until,
        "root": state.root,
        "keys": dict(state.keys),
        "off": list(state.off),
    }
    return (json.dumps(sealed(STATE, fields, root), indent=1) + "\n").encode()


def decode(content: bytes) -> State:
    """The state of embed/state.json. Raises SignatureError unless the root that it names signed it."""
    try:
        envelope = json.loads(content)
        root = str(json.loads(envelope["signed"])["root"])
        fields = opened(STATE, envelope, root)
        keys = {str(id): str(public) for id, public in fields["keys"].items()}
        off = tuple(str(version) for version in fields["off"])
        return State(int(fields["seq"]), str(fields["since"]), str(fields["until"]), root, keys, off)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise SignatureError("is not a state of embeds (embed/state.json)") from error


def begun(root: Pair, now: datetime) -> State:
    """The first state of a root: no key yet."""
    return State(0, iso(now), iso(now), root.public)


def following(state: State, now: datetime, valid: timedelta = FOR, **changed: Any) -> State:
    """The next state: its number is higher, its end counted from now."""
    return State(
        max(state.seq + 1, int(now.timestamp())),
        iso(now),
        FAR if changed.get("off") == (ALL,) else iso(now + valid),
        state.root,
        changed.get("keys", state.keys),
        changed.get("off", state.off),
    )


def certified(keys: Mapping[str, str], public: str) -> dict[str, str]:
    """The working keys with a new one behind them; of the older ones those that stay."""
    kept = list(keys.items())[-OLDER:]
    return {**dict(kept), key_id(public): public}


def ends_soon(trust: Trust, now: datetime) -> str:
    """What an operator is told of a state that has ended, or will; "" while there is time."""
    if trust.state is None or trust.retired or trust.state.until > iso(now + ENDING):
        return ""
    tense = "ended" if trust.state.until <= iso(now) else "ends"
    shown = "loaders show plain links then" if tense == "ends" else "loaders show plain links"
    return f"the state of the embeds {tense} on {trust.state.until}, {shown}: aggregator keys working --root FILE"


def _signed_bytes(kind: str, signed: str) -> bytes:
    return f"official-news-aggregator {kind} {VERSION}\n{signed}".encode()
