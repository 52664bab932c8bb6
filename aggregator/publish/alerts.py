"""Emergency notices, read from what people signed. Pure.

Each act is one sealed line (signing.py) that names the digest of the act before it; the id of a notice is taken from
the digest of its draft. So who approves an id approves those words and no others, and a row that was changed in the
database is no longer what was signed. Keys are those of `notice.people`: whoever was taken out there signed nothing.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any, Literal

from aggregator.errors import SignatureError
from aggregator.model import Act, ActKind, AlertArea, AlertText
from aggregator.publish import signing
from aggregator.publish.personal import keys_of
from aggregator.publish.signing import Key, Signer
from aggregator.publish.words import iso
from aggregator.settings import Person
from aggregator.text import fold

KIND = "notice"  # of what is sealed
ID_LENGTH = 12  # hex digits of SHA-256: short enough to be read out on a telephone, too many to be tried
ID = re.compile(r"[0-9a-f]{12}")
FOLLOWS: dict[ActKind, tuple[ActKind, ...]] = {
    "draft": ("approve", "lift"),
    "approve": ("correct", "lift"),
    "correct": ("correct", "lift"),
    "lift": (),
}
"""What may be done next, by what was done last."""

State = Literal["draft", "approved", "lifted", "unusable"]


@dataclass(frozen=True, slots=True)
class Issued:
    """A message about a notice: its first, a correction, or that it is lifted; numbered as CAP messages, from 1."""

    number: int
    kind: Literal["Alert", "Update", "Cancel"]
    at: datetime
    text: AlertText


@dataclass(frozen=True, slots=True)
class Alert:
    """An emergency notice as it stands. `text` is what it says now, `issued` what went out, oldest first.

    `unusable`: what was signed does not hold; `because` says why. None of its words are shown.
    """

    id: str
    state: State
    acts: tuple[Act, ...]
    text: AlertText
    issued: tuple[Issued, ...] = ()
    because: str = ""

    def stands(self, now: datetime) -> bool:
        """Whether it is to be shown: approved, not lifted, not over."""
        return self.state == "approved" and now < self.text.until

    @property
    def corrected_at(self) -> datetime | None:
        """When it was last corrected."""
        return next((one.at for one in reversed(self.issued) if one.kind == "Update"), None)


# --- what is signed


def draft(text: AlertText, who: str, at: datetime, by: Signer) -> Act:
    """The first act of a new notice."""
    line = _sealed("draft", who, at, by, text=text_object(text))
    return Act(id_of(line), 1, "draft", at, who, by.key.id, line)


def following(alert: Alert, kind: ActKind, who: str, at: datetime, by: Signer, **more: Any) -> Act:
    """The next act about a notice; `more` is what else is signed: `why`, the `text` of a correction."""
    last = alert.acts[-1]
    line = _sealed(kind, who, at, by, alert=alert.id, after=digest(last.line), **more)
    return Act(alert.id, last.number + 1, kind, at, who, by.key.id, line)


def id_of(line: str) -> str:
    """The id of the notice whose draft that line is."""
    return digest(line)[:ID_LENGTH]


def digest(line: str) -> str:
    """SHA-256 of a sealed line, hex."""
    return hashlib.sha256(line.encode()).hexdigest()


def text_object(text: AlertText) -> dict[str, Any]:
    """The text as it is signed."""
    return {**asdict(text), "until": iso(text.until), "areas": [[area.code, area.name] for area in text.areas]}


def text_of(fields: Mapping[str, Any]) -> AlertText:
    """The text of what was signed."""
    areas = tuple(AlertArea(code, name) for code, name in fields["areas"])
    return AlertText(**{**fields, "until": datetime.fromisoformat(fields["until"]), "areas": areas})


def _sealed(kind: ActKind, who: str, at: datetime, by: Signer, **more: Any) -> str:
    fields = {"version": signing.VERSION, "act": kind, "who": who, "at": iso(at), "algorithm": by.key.algorithm}
    return signing.sealed(KIND, {**fields, "key": by.key.id, **more}, by).decode()


# --- what it comes to


def standing(acts: Sequence[Act], people: Sequence[Person], now: datetime) -> tuple[Alert, ...]:
    """Every notice as it stands, the newest first. Signatures of those that are over are not looked at again."""
    found = [_read(tuple(own), people, now) for _, own in groupby(acts, key=lambda act: act.alert)]
    return tuple(sorted(found, key=lambda one: (one.acts[0].at, one.id), reverse=True))


def _read(acts: tuple[Act, ...], people: Sequence[Person], now: datetime) -> Alert:
    fields = [_plain(act) for act in acts]
    texts = [text_of(one["text"]) for one in fields if one.get("text")]
    kind = acts[-1].kind
    state: State = "draft" if kind == "draft" else "lifted" if kind == "lift" else "approved"
    alert = Alert(acts[0].alert, state, acts, texts[-1] if texts else NOTHING)
    try:
        _check_chain(acts, fields)
        if now < alert.text.until:
            _check_signatures(acts, people)
    except SignatureError as error:
        return Alert(alert.id, "unusable", acts, NOTHING, (), str(error))
    return Alert(alert.id, state, acts, alert.text, _issued(acts, fields))


def _plain(act: Act) -> dict[str, Any]:
    """The fields of a line, nobody knows yet whether rightly signed; none of one that cannot be read."""
    try:
        fields = dict(json.loads(act.line))
        text_of(fields.get("text") or text_object(NOTHING))
        return fields
    except (ValueError, TypeError, KeyError, RecursionError):
        return {}


def _check_chain(acts: Sequence[Act], fields: Sequence[Mapping[str, Any]]) -> None:
    """Raises SignatureError unless each act follows the one before it, and says what its row says."""
    for act, said in zip(acts, fields, strict=True):
        repeated = (said.get("act"), said.get("who"), said.get("at"), said.get("key"))
        if repeated != (act.kind, act.who, iso(act.at), act.key):
            raise SignatureError(f"act {act.number} was changed in the database: it is not what was signed")
    if acts[0].kind != "draft" or id_of(acts[0].line) != acts[0].alert or not ID.fullmatch(acts[0].alert):
        raise SignatureError("its draft was changed after it was signed: it no longer matches its approval")
    for (before, act), said in zip(pairwise(acts), fields[1:], strict=True):
        if act.kind not in FOLLOWS[before.kind] or act.number != before.number + 1:
            raise SignatureError(f"act {act.number} ({act.kind}) cannot follow {before.kind}: an act is missing")
        if (said.get("alert"), said.get("after")) != (act.alert, digest(before.line)):
            raise SignatureError(f"act {act.number} ({act.kind}) was signed for other words: these were changed since")


def _check_signatures(acts: Sequence[Act], people: Sequence[Person]) -> None:
    """Raises SignatureError unless people who may sign did, and two put it up. A lift takes effect whoever made it."""
    keys = keys_of(people)
    for act in acts:
        if act.kind != "lift":
            signing.opened(KIND, act.line.encode(), keys)
    approved = next((act for act in acts if act.kind == "approve"), None)
    if approved and not differ(acts[0].key, approved.key, people):
        raise SignatureError("it was drafted and approved by the same person; two put a notice up")


def differ(one: str, other: str, people: Sequence[Person]) -> bool:
    """Whether these two keys are of two people: by key, and by the name that holds it."""
    names = {key.id: fold(" ".join(person.name.split())) for key, person in zip(keys_of(people), people, strict=True)}
    return one != other and names.get(one) != names.get(other)


def person_of(key: Key, people: Sequence[Person]) -> Person | None:
    """Who holds that key; None for nobody who may sign."""
    return next((person for person in people if person.public == key.public), None)


def _issued(acts: Sequence[Act], fields: Sequence[Mapping[str, Any]]) -> tuple[Issued, ...]:
    text = text_of(fields[0]["text"])
    found: list[Issued] = []
    for act, said in zip(acts, fields, strict=True):
        text = text_of(said["text"]) if act.kind == "correct" else text
        kind = MESSAGES.get(act.kind)
        if kind and (found or kind == "Alert"):
            found.append(Issued(len(found) + 1, kind, act.at, text))
    return tuple(found)


MESSAGES: dict[ActKind, Literal["Alert", "Update", "Cancel"]] = {
    "approve": "Alert",
    "correct": "Update",
    "lift": "Cancel",
}
NOTHING = AlertText("", "", "", "", datetime.fromisoformat("9999-12-31T00:00:00+00:00"), ())
"""In the place of words that cannot be trusted."""
