"""Where campaigns lead, and how it was found to stand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Finding = Literal["good", "moved", "changed", "untrusted", "dead"]
"""`moved`: it leads to a host that is not its own; `changed`: its page does not say what it should; `untrusted`: it is
not TLS that holds from the first step to the last; `dead`: it does not answer, or cannot be asked."""


@dataclass(frozen=True, slots=True)
class TargetState:
    """How an address that a campaign leads to stood when it was last looked at; `because` is for the operator.

    `since` is when the finding began, `failures` how many looks in a row found it dead. `good_at` is when it was last
    good, None where something worse than silence was found after that, or nothing good ever.
    """

    campaign: str
    url: str
    finding: Finding
    because: str
    checked_at: datetime
    since: datetime
    failures: int = 0
    good_at: datetime | None = None
