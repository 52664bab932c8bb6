"""What is told twice: what comparing keeps of a text, the links between tellings, and the groups they make."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from aggregator.model.articles import Article
from aggregator.model.tags import Field, TagMatch


@dataclass(frozen=True, slots=True)
class Told:
    """An article with what refine knows of it: the unit that stories are made of."""

    article: Article
    tags: tuple[TagMatch, ...]
    first_seen: datetime
    gist: "Gist | None" = field(default=None, compare=False)  # as the store keeps it; follows from the article


@dataclass(frozen=True, slots=True)
class Gist:
    """What comparing needs of an article's text, worked out once: bytes of refine.gists, which name their own rule.

    `glance` is enough to see that two share nothing; `sentences` is b"" until it was compared closely.
    """

    article: str
    glance: bytes
    sentences: bytes


WHOLE = 1 << 20  # more than all else that two sketches can share
CROWD = 32  # so many keys that a crowd holds count as one that few hold: a long template has some hundred


@dataclass(frozen=True, slots=True)
class Sketch:
    """By what an article is found again among many: numbers, each a hash of some of its words.

    `place` orders sketches by publication, one a text. `rule` names what made the keys (refine.sketches). A key below 0
    stands for all words of the text, and counts WHOLE where two share it.
    """

    article: str
    place: int
    keys: tuple[int, ...]
    rule: str


FactKind = Literal["document", "lot", "figure", "time", "phone", "place", "name", "code", "denial", "word"]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One fact that a link's two tellings tell differently: how `a` and `b` put it, and in which field."""

    kind: FactKind
    a: str
    b: str
    a_field: Field
    b_field: Field


@dataclass(frozen=True, slots=True)
class Link:
    """A decision that two articles belong together. `a < b` (ids). `because` is in words, in Vietnamese.

    Where it joined no two stories, `bar` names the articles that stood between, one on the side of either end; its own
    ends, where the two stories together would have been too large.
    """

    a: str
    b: str
    kind: Literal["duplicate", "story"]
    score: float
    because: str
    rule: str
    differing: tuple[Disagreement, ...] = ()
    bar: tuple[str, str] | None = field(default=None, compare=False)  # says nothing of the two


class Tie(NamedTuple):
    """What joining needs of a link."""

    a: str
    b: str
    kind: Literal["duplicate", "story"]
    score: float
    bar: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class StoryRecord:
    """A story as stored. `id` is that of its first-seen article, `members` are article ids, the speaker first.

    `silent` are those that had been withdrawn when the others were last joined: they were not held against them.
    """

    id: str
    members: tuple[str, ...]
    first_seen: datetime
    silent: tuple[str, ...] = field(default=(), compare=False)  # follows from what else is kept


@dataclass(frozen=True, slots=True)
class Regrouping:
    """What grouping changed: links to store and to drop, stories as they are now, ids that became aliases.

    `bars` are those links, by their ends, whose bar is another one from now on.
    """

    links: tuple[Link, ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()
    stories: tuple[StoryRecord, ...] = ()
    merged: tuple[tuple[str, str], ...] = ()  # (former story id, story id that holds it now)
    bars: tuple[tuple[tuple[str, str], tuple[str, str] | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Announced:
    """A notice by which a source corrects an article of its own; `corrected` is "" where not exactly one is it."""

    notice: str
    corrected: str
