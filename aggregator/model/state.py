"""What the store knows of sources, articles and visits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from aggregator.model.articles import Held, Learned, Verdict
from aggregator.model.network import Validator
from aggregator.model.pages import Skip
from aggregator.model.provenance import Response
from aggregator.model.stories import Announced, Gist, Regrouping, Sketch
from aggregator.model.tags import TagMatch

Health = Literal["ok", "broken", "drifted", "stale", "blocked", "never"]
Status = Literal["live", "suspended", "withdrawn", "hidden", "quarantined"]
"""`quarantined`: all that we ever saw of it is Held; nothing of it is published."""
Watch = Literal["", "cap", "late", "flapping"]
"""Whether an article is watched well enough for its words to be shown: "" it is, else why it is not.

`cap`: more re-checks a day than its source may be asked; `late`: not seen at its source for almost three hours;
`flapping`: the source shows now this text, now that. Title, source, time and link are told all the same.
"""


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a source stands. `validators` are by section URL; `problem` is "" when all is well.

    `profile` is what its visits usually bring (collect.profile), by name; `chosen` are the addresses that `auto`
    found best, by section URL.
    """

    source: str
    health: Health = "never"
    cause: str = ""
    problem: str = ""
    failures: int = 0
    last_visit: datetime | None = None
    last_success: datetime | None = None
    next_visit: datetime | None = None
    newest: datetime | None = None
    since: datetime | None = None  # when the present health began
    validators: Mapping[str, Validator] = field(default_factory=dict)
    profile: Mapping[str, float] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of an article, as far as deciding what to fetch needs it."""

    id: str
    source: str
    url: str
    ref: str
    title: str
    text_digest: str
    lead_digest: str
    validator: Validator
    status: Status
    published: datetime
    first_seen: datetime
    fetched_at: datetime
    next_check: datetime | None
    misses: int = 0  # answers in a row that it is not there
    alive_at: datetime | None = None  # when its source was last seen to carry it
    watch: Watch = ""


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of looking at a known article again: when to look next, and its status from now on.

    `seen`: whether the source was seen to carry it; a page that could not be read shows nothing.
    """

    article: str
    checked_at: datetime
    next_check: datetime | None
    status: Status = "live"
    misses: int = 0
    because: str = ""
    validator: Validator | None = None
    lead_digest: str | None = None
    seen: bool = True


@dataclass(frozen=True, slots=True)
class Visit:
    """The log of one visit to one source. `checks` counts the known articles that were looked at again."""

    run: str
    source: str
    started_at: datetime
    ended_at: datetime
    outcome: Literal["ok", "unchanged", "failed"]
    cause: str = ""
    problem: str = ""
    requests: int = 0
    bytes: int = 0
    leads: int = 0
    new: int = 0
    revised: int = 0
    withdrawn: int = 0
    skips: tuple[Skip, ...] = ()
    checks: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """All that one visit changes: the store writes it in one transaction, together with its Visit.

    `rule` is the version of the tagger that gave the tags.
    """

    state: SourceState
    verdicts: tuple[Verdict, ...] = ()
    tags: Mapping[str, tuple[TagMatch, ...]] = field(default_factory=dict)
    regrouping: Regrouping = Regrouping()
    checks: tuple[Check, ...] = ()
    held: tuple[Held, ...] = ()
    learned: Learned = Learned()
    rule: str = ""
    sketches: tuple[Sketch, ...] = ()  # of every new or revised article
    gists: tuple[Gist, ...] = ()  # of every new or revised article, and of those that were read anew beside them
    responses: tuple[Response, ...] = ()
    watch: Mapping[str, Watch] = field(default_factory=dict)
    announced: tuple[Announced, ...] = ()
