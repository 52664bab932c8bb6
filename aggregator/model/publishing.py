"""What readers are shown: stories, what people decided, and where each thing stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from aggregator.model.articles import Article, Precision, Revision
from aggregator.model.state import Status, Watch
from aggregator.model.stories import Link
from aggregator.model.tags import TagMatch

Visibility = Literal["hidden", "link", "lead", "full"]


@dataclass(frozen=True, slots=True)
class Telling:
    """One article inside a story, with all that a page may want of it (before `visible()` has its say).

    `held_since`: when another text of it began to wait for an editor (see Held); None when none does.
    """

    article: Article
    tags: tuple[TagMatch, ...]
    revisions: tuple[Revision, ...]
    first_seen: datetime
    status: Status
    withdrawn_at: datetime | None = None
    because: str = ""
    edits: tuple["Edit", ...] = ()
    held_since: datetime | None = None
    watch: Watch = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """That the article `of` of a story is corrected by another of its source, or, as a notice, corrects it.

    `other` is the other article as it stands, `path` the address of its story ("" until it is published).
    """

    of: str
    is_notice: bool
    other: Telling
    path: str


@dataclass(frozen=True, slots=True)
class Story:
    """A story as read back from the store: tellings, the speaker first; `links` between its members.

    `path` is its permanent address below the site's root, "" until it is first published; `aliases` are the
    paths of stories that were merged into it. `changed_at` is when anything of it last changed in the store.
    """

    id: str
    path: str
    first_seen: datetime
    changed_at: datetime
    tellings: tuple[Telling, ...]
    links: tuple[Link, ...] = ()
    aliases: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def speaker(self) -> Telling:
        """The telling that speaks for the story."""
        return self.tellings[0]


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person decided about an article or story; wins over every rule, survives re-runs."""

    id: int
    target: str
    action: str
    value: str
    who: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Removal:
    """That a source withdrew (or suspended) an article, and what followed. The proof of the three hours.

    One of status `hidden` is our own: a person took it down at both times. `source_withdrew_at` is the last time the
    source was seen to carry it: it went after that. `seen_at` is when we saw it gone, `lifted_at` when it was back.
    `outputs` are keys of work (`story/<id>`, shelves) that showed it, and when each dropped it (None: not yet).
    """

    article: str
    status: Status
    source_withdrew_at: datetime
    seen_at: datetime
    because: str
    lifted_at: datetime | None = None
    outputs: tuple[tuple[str, datetime | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Dropped:
    """That a story left a shelf since an article of it was removed; `at` is when we saw, or decided, that.

    `status` is `hidden` where people here took it down.
    """

    story: str
    source: str
    status: Status
    at: datetime


@dataclass(frozen=True, slots=True)
class Placement:
    """A story stands on a shelf: a listing such as `all`, `day/2026-10-20`, `topic/tiem-chung`, `source/moh`."""

    shelf: str
    label: str
    at: datetime  # the time it is sorted by
    authority: int


RELATING = ("disease", "document", "place", "topic")
"""Kinds of shelf, `<kind>/<tag>`, whose stories are related to each other."""
NEAREST = 5  # older stories of each such shelf that a story's page may name: as many pages change when one of them does


@dataclass(frozen=True, slots=True)
class Line:
    """What one row of a list says of a story, as one of its tellings has it; texts as a reader may see them.

    `label` names the source for narrow places, `flag` is what a reader must know of the words ("" when nothing),
    `topic` the name of the story's first topic ("" without one).
    """

    article: str
    source: str
    path: str
    title: str
    label: str
    published: datetime
    precision: Precision
    flag: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Shelved:
    """Where one story stands from now on. No placements: it is on no listing (hidden, embargoed, withdrawn).

    `due` is when time alone will change what a reader may see of it (an embargo, window or agreement ends).
    `lines` are one a source, of the telling that speaks first of it; the speaker's stands first.
    """

    story: str
    path: str
    placements: tuple[Placement, ...]
    due: datetime | None = None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """Stories that changed since the last publish (or became due); `mark` is where the next one starts."""

    stories: tuple[str, ...]
    mark: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """A listing that exists: how many stories stand on it, and the newest time among them."""

    key: str
    label: str
    count: int
    newest: datetime
