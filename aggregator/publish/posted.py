"""The journal of letters for those who look after the site and for readers: what was sent, when, to how many.

Numbers alone: no address of a recipient, nor its digest, leaves the store by this way.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from aggregator.model import Letter
from aggregator.ports import LetterStore

DAYS = 7  # of letters that are told


@dataclass(frozen=True, slots=True)
class Posted:
    """How one letter fared; `number` 0 is the day's bulletin, others correct it. `failed`: the mail server refused.

    `unknown`: it went out, and whether it arrived is not known. `dropped`: it was too late, or the recipient had left.
    """

    day: str
    number: int
    composed_at: datetime
    stories: int
    sent: int
    waiting: int
    failed: int
    unknown: int
    dropped: int
    last_sent: datetime | None

    @property
    def said(self) -> str:
        """One line for a terminal."""
        what = f"correction {self.number}" if self.number else "bulletin"
        words = ("sent", "waiting", "failed", "unknown", "dropped")
        told = ", ".join(f"{count} {word}" for word in words if (count := getattr(self, word))) or "to nobody yet"
        return f"{self.day} {what}: {self.stories} stories; {told}"


def posted(store: LetterStore) -> tuple[Posted, ...]:
    """The letters of the last days that have any, the newest first."""
    days = store.letter_days()[-DAYS:]
    found = [_of(store, letter) for day in days for letter in store.letters(day)]
    return tuple(sorted(found, key=lambda one: (one.day, one.number), reverse=True))


def _of(store: LetterStore, letter: Letter) -> Posted:
    held = store.deliveries(letter.day, letter.number)
    count = Counter(one.state for one in held)
    sent = [one.at for one in held if one.state == "sent"]
    return Posted(
        letter.day,
        letter.number,
        letter.composed_at,
        len(letter.items),
        count["sent"],
        count["waiting"] + count["sending"],
        count["refused"],
        count["unknown"],
        count["dropped"],
        max(sent, default=None),
    )
