"""Emergency notices: what people here put up themselves, and what each of them signed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ActKind = Literal["draft", "approve", "correct", "lift"]
Urgency = Literal["Immediate", "Expected", "Future", "Past", "Unknown"]
Severity = Literal["Extreme", "Severe", "Moderate", "Minor", "Unknown"]
Certainty = Literal["Observed", "Likely", "Possible", "Unlikely", "Unknown"]
"""The three words by which CAP 1.2 §3.2.2 lets systems sort alerts; readers are not shown them."""


@dataclass(frozen=True, slots=True)
class AlertArea:
    """A place that an alert is for: an administrative unit, by its official code."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class AlertText:
    """All that an emergency notice says. `drill`: nobody but the test page shows it.

    `instruction` is what people shall do ("" where nothing), `until` when it ends, `areas` whom it is for.
    """

    headline: str
    description: str
    instruction: str
    issuer: str
    until: datetime
    areas: tuple[AlertArea, ...]
    drill: bool = False
    urgency: Urgency = "Immediate"
    severity: Severity = "Severe"
    certainty: Certainty = "Observed"


@dataclass(frozen=True, slots=True)
class Act:
    """What a person did about an emergency notice. `line` is what he signed, with the signature: all else repeats it.

    `number` counts the acts of one notice from 1; `key` is the id of the key that signed.
    """

    alert: str
    number: int
    kind: ActKind
    at: datetime
    who: str
    key: str
    line: str
