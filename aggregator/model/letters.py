"""The e-mail: what goes out, to whom, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class LetterItem:
    """An article that a letter tells of, by its `position` in the day's bulletin, counted from 1.

    `revision` is the newest that this letter tells, `before` the one that the letter before it told (0 in a bulletin).
    `notices`: how many notices of correction about it are told by now; `gone`: that it is not published any more.
    """

    article: str
    position: int
    revision: int
    before: int = 0
    notices: int = 0
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """What is mailed: the bulletin of a local day (`number` 0), or a correction that follows it (from 1).

    `day` is written 2026-10-20. A bulletin without items was due when nothing was new: nothing is sent.
    """

    day: str
    number: int
    composed_at: datetime
    items: tuple[LetterItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Following:
    """What the letters of a day, up to `number`, told last of an article, and the story that holds it now."""

    day: str
    number: int
    item: LetterItem
    story: str


DeliveryState = Literal["waiting", "sending", "sent", "refused", "unknown", "dropped"]
"""`sending`: the end of the letter goes out to the mail server now. `unknown`: it went out, but no answer was kept (the
process was killed, the connection broke); it is not sent again by itself. `refused`: for good, by the mail server.
`dropped`: nothing to send any more, too late, or the recipient left the list."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One letter to one recipient; `recipient` is a digest of the address, which the store never holds.

    `due` is when it may be tried (again), `at` when its state was written, `because` why, in words for the operator.
    """

    day: str
    number: int
    recipient: str
    state: DeliveryState
    due: datetime
    at: datetime
    attempts: int = 0
    because: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets letters: the address, and the digest by which the journal knows it."""

    address: str
    id: str


@dataclass(frozen=True, slots=True)
class Handed:
    """What the mail server made of a letter. `later`: refused for now; `lost`: the connection broke before its end.

    `unknown`: the connection broke after its end. `closing`: the server takes nothing more in this connection.
    """

    outcome: Literal["sent", "refused", "later", "lost", "unknown"]
    because: str = ""
    closing: bool = False


@dataclass(frozen=True, slots=True)
class Mailed:
    """What a run mailed: how many letters the server took and how many wait.

    `refused` are addresses and why, `unknown` the addresses of which nobody knows. `problems` are what a person should
    hear of: bad lines of the list, a server that cannot be used.
    """

    sent: int = 0
    waiting: int = 0
    refused: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    down: bool = False
