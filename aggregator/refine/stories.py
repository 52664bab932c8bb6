"""Which articles are one story, in which order they speak, and under which id.

READ FIRST `regroup`. Membership follows from the articles, their links and the edits alone, never from the order
of arrival; only a story's id remembers who was seen first.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.model import Edit, Gist, Link, Regrouping, StoryRecord, Told
from aggregator.refine import contradictions, duplicates, sketches
from aggregator.refine.duplicates import Relation
from aggregator.refine.gists import is_whole

LARGEST = 60  # texts of a story: each is held against every other; real events reach a dozen (bounds hostile input)

Pair = tuple[str, str]
Candidates = Mapping[str, Collection[str]]  # articles worth comparing with each changed one (refine.sketches)
Bar = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Decision:
    """What `dedupe` says of one article: `article` is the original of its text, `story` the id of its story.

    `duplicate_of` is None for an original. `score` (0..1) and `because` are those of the link that decided it.
    """

    id: str
    article: str
    story: str
    duplicate_of: str | None
    score: float
    because: str


def linked(
    changed: Sequence[Told], near: Sequence[Told], candidates: Candidates, links: Sequence[Link]
) -> tuple[Link, ...]:
    """The links of the changed articles with those of their candidates, and of the ends of their links, that are near.

    Ordered by (a, b). What is not in `near` or changed has been withdrawn.
    """
    moved = {told.article.id for told in changed}
    return _Field((*near, *changed), ()).links(_pairs(candidates, moved, links))


def gists(told: Iterable[Told]) -> tuple[Gist, ...]:
    """The gists of these articles that are not kept as they are now, each once."""
    open = {one.article.id: one for one in told if not is_whole(one.gist)}
    made = ((one, duplicates.compared(one).gist) for one in open.values())
    return tuple(gist for one, gist in made if gist != one.gist)


def regroup(
    changed: Sequence[Told],
    near: Sequence[Told],
    fresh: Sequence[Link],
    links: Sequence[Link],
    records: Sequence[StoryRecord],
    authorities: Mapping[str, int],
    edits: Sequence[Edit],
) -> Regrouping:
    """Links and stories as they are with the changed articles, whose links are now the `fresh` ones.

    `near` holds every live article that links and stories lead to from the changed ones, however far: fresh links,
    and the stored `links` and `records`. What these lead to and `near` lacks has been withdrawn: it joins nothing,
    and stays last in its story. A source that `authorities` (by source) lacks has 0.
    """
    field = _Field((*near, *changed), edits)
    moved = {told.article.id for told in changed}
    stored = [link for link in links if link.a in field.held and link.b in field.held]
    stale = {(link.a, link.b) for link in links if link.a in moved or link.b in moved}
    kept = [link for link in stored if (link.a, link.b) not in stale]
    dropped = tuple(sorted(stale - {(link.a, link.b) for link in fresh}))
    touched = _reach(moved | {id for pair in dropped for id in pair}, (*fresh, *kept), records, field)
    groups = field.groups(touched, (*fresh, *kept))
    stories, merged = _identify(groups, records, field, authorities)
    before = {(record.id, record.members) for record in records}
    told_anew = [
        story for story in stories if (story.id, story.members) not in before or not moved.isdisjoint(story.members)
    ]
    return Regrouping(tuple(fresh), dropped, tuple(told_anew), merged)


def dedupe(told: Sequence[Told], authorities: Mapping[str, int]) -> tuple[Decision, ...]:
    """A decision for each article, in their order: the same code as `regroup`, with no store."""
    field = _Field(told, ())
    ids = [one.article.id for one in told]
    made = [sketches.sketch(one.article) for one in told]
    links = field.links(_pairs(sketches.best(sketches.among(made)), set(ids), ()))
    groups = field.groups(set(ids), links)
    stories, _ = _identify(groups, (), field, authorities)
    story_of = {id: story.id for story in stories for id in story.members}
    texts = field.texts(groups, links)
    original = {id: min(text, key=field.by_publication) for text in texts for id in text}
    return tuple(_decision(id, original[id], story_of, original, links) for id in ids)


def _decision(
    id: str, original: str, story_of: Mapping[str, str], originals: Mapping[str, str], links: Sequence[Link]
) -> Decision:
    mine = [link for link in links if id in (link.a, link.b)]
    others = {link.b if link.a == id else link.a: link for link in mine}
    within = [link for other, link in others.items() if story_of[other] == story_of[id]]
    if id != original:
        same = [link for other, link in others.items() if originals[other] == original and link.kind == "duplicate"]
        within = [others[original]] if others.get(original) in same else same
    best = max(within, key=lambda link: (link.kind == "duplicate", link.score, link.a, link.b), default=None)
    duplicate_of = None if id == original else original
    if best is None:
        return Decision(id, original, story_of[id], duplicate_of, 0.0, "không bài nào khác kể chuyện này")
    return Decision(id, original, story_of[id], duplicate_of, best.score, best.because)


def pair(edit: Edit) -> Pair | None:
    """The two articles, target and value, that a "merge" or "split" is about, lower id first; None for other edits."""
    one, other = edit.target, edit.value
    if edit.action not in {"merge", "split"} or not (one and other) or one == other:
        return None
    return (min(one, other), max(one, other))


class _Field:
    """The articles of one call, with what was worked out of them so far; lives no longer than the call."""

    def __init__(self, told: Iterable[Told], edits: Sequence[Edit]) -> None:
        self.held = {one.article.id: duplicates.compared(one) for one in told}
        self.relations: dict[Pair, Relation] = {}
        self.decided: dict[Pair, Edit] = {}
        for edit in sorted(edits, key=lambda one: (one.at, one.id)):
            ends = pair(edit)
            if ends and ends[0] in self.held and ends[1] in self.held:
                self.decided[ends] = edit
        self.merges = {ends: edit for ends, edit in self.decided.items() if edit.action == "merge"}
        self.placed = {id for ends in self.merges for id in ends}

    def relation(self, one: str, other: str) -> Relation:
        """What the two are to each other, worked out once."""
        ends = (min(one, other), max(one, other))
        if ends not in self.relations:
            self.relations[ends] = duplicates.relate(self.held[ends[0]], self.held[ends[1]])
        return self.relations[ends]

    def links(self, pairs: Iterable[Pair]) -> tuple[Link, ...]:
        """The links among these pairs, ordered by (a, b)."""
        found = [self.relation(*ends).link for ends in sorted(pairs) if self.held.keys() >= set(ends)]
        return tuple(link for link in found if link)

    def apart(self, one: str, other: str) -> bool:
        """Whether the two may never share a story. What a person merged or split goes before every rule."""
        edit = self.decided.get((min(one, other), max(one, other)))
        if edit:
            return edit.action == "split"
        if one in self.placed or other in self.placed:
            return False
        relation = self.relation(one, other)
        if relation is duplicates.NOTHING:  # too little shared to be looked at closely
            return bool(contradictions.contradiction(self.held[one].about, self.held[other].about))
        return bool(relation.apart)

    def differ(self, one: str, other: str) -> bool:
        """Whether the two may never be one text."""
        return bool(self.relation(one, other).differing) or self.apart(one, other)

    def groups(self, ids: set[str], links: Sequence[Link]) -> list[list[str]]:
        """The articles as stories, each sorted; the stories sorted.

        What people merged first (the newest word first), then the links from the strongest to the weakest; two
        groups become one unless a member of one contradicts a member of the other. So a chain A~B~C whose ends
        contradict each other breaks at its weaker link, whichever of the three came first.
        """
        forest = _Forest(ids)
        for ends, _ in sorted(self.merges.items(), key=lambda held: (held[1].at, held[1].id), reverse=True):
            if ends[0] in ids and ends[1] in ids:
                forest.join(*ends, unless=self._split)
        for link in sorted(links, key=_strength):
            if link.a in ids and link.b in ids and self._few(forest.group[link.a], forest.group[link.b]):
                forest.join(link.a, link.b, unless=self.apart)
        return forest.groups()

    def _few(self, left: Sequence[str], right: Sequence[str]) -> bool:
        """Whether the two together hold no more than LARGEST texts, however often each was posted again."""
        whole = {*left, *right}
        return len(whole) <= LARGEST or len({self.held[id].printed for id in whole}) <= LARGEST

    def texts(self, stories: Sequence[Sequence[str]], links: Sequence[Link]) -> list[list[str]]:
        """The articles as texts: near-duplicates together, as long as no two of them tell a fact differently."""
        forest = _Forest(id for story in stories for id in story)
        story_of = {id: number for number, story in enumerate(stories) for id in story}
        for link in sorted(links, key=_strength):
            if link.kind == "duplicate" and story_of[link.a] == story_of[link.b]:
                forest.join(link.a, link.b, unless=self.differ)
        return forest.groups()

    def _split(self, one: str, other: str) -> bool:
        edit = self.decided.get((min(one, other), max(one, other)))
        return edit is not None and edit.action == "split"

    def by_publication(self, id: str) -> tuple[datetime, str]:
        """The order that names the original: the earliest published, then the lower id."""
        return self.held[id].published, id

    def by_first_sight(self, id: str) -> tuple[datetime, str]:
        """The order that names a story: the first seen, then the lower id."""
        return self.held[id].told.first_seen, id

    def by_voice(self, id: str, authorities: Mapping[str, int]) -> tuple[int, float, str]:
        """The order in which the members speak: authority, then the newest, then the lower id."""
        article = self.held[id].told.article
        return -authorities.get(article.source, 0), -article.published.timestamp(), id


def _pairs(candidates: Candidates, changed: Collection[str], links: Sequence[Link]) -> set[Pair]:
    """The pairs to compare, lower id first: the changed articles with their candidates and what they are linked to."""
    found = {(min(id, other), max(id, other)) for id in changed for other in candidates.get(id, ()) if id != other}
    return found | {(link.a, link.b) for link in links if link.a in changed or link.b in changed}


def _strength(link: Link) -> tuple[bool, float, str, str]:
    return link.kind != "duplicate", -link.score, link.a, link.b


class _Forest:
    """Disjoint groups that grow by joining."""

    def __init__(self, ids: Iterable[str]) -> None:
        self.group = {id: [id] for id in ids}

    def join(self, one: str, other: str, unless: Bar) -> None:
        """Make their two groups one, unless that holds for a member of the one and a member of the other."""
        left, right = self.group[one], self.group[other]
        if left is right or any(unless(a, b) for a in left for b in right):
            return
        left.extend(right)
        for id in right:
            self.group[id] = left

    def groups(self) -> list[list[str]]:
        """The groups, each sorted, and sorted themselves."""
        return sorted({id(group): sorted(group) for group in self.group.values()}.values())


def _reach(start: set[str], links: Sequence[Link], records: Sequence[StoryRecord], field: _Field) -> set[str]:
    """Every article whose story could change when those of `start` do: over links, edits and shared stories."""
    beside: dict[str, set[str]] = {}
    for ends in [*((link.a, link.b) for link in links), *field.decided]:
        beside.setdefault(ends[0], set()).add(ends[1])
        beside.setdefault(ends[1], set()).add(ends[0])
    for record in records:
        for id in record.members:
            beside.setdefault(id, set()).update(record.members)
    found: set[str] = set()
    waiting = [id for id in start]
    while waiting:
        id = waiting.pop()
        if id not in found:
            found.add(id)
            waiting.extend(beside.get(id, ()))
    return found & field.held.keys()


def _identify(
    groups: Sequence[Sequence[str]], records: Sequence[StoryRecord], field: _Field, authorities: Mapping[str, int]
) -> tuple[list[StoryRecord], tuple[Pair, ...]]:
    """The groups under their ids, and which former ids are now part of which.

    A group keeps the id of the story whose first article it holds (of several, the story seen first); a story
    whose first article is gone goes on with the first seen of those that remain; else the first seen names it.
    """
    group_of = {id: number for number, group in enumerate(groups) for id in group}
    touched = sorted((r for r in records if any(id in group_of for id in r.members)), key=_age)
    named: dict[int, StoryRecord] = {}
    merged: list[Pair] = []
    silent: dict[str, list[str]] = {}
    for record in [*(r for r in touched if r.id in group_of), *(r for r in touched if r.id not in group_of)]:
        here = (
            record.id
            if record.id in group_of
            else min((id for id in record.members if id in group_of), key=field.by_first_sight)
        )
        holder = named.setdefault(group_of[here], record)
        merged += [(record.id, holder.id)] if holder is not record else []
        silent.setdefault(holder.id, []).extend(id for id in record.members if id not in field.held)
    stories = []
    for number, group in enumerate(groups):
        first = min(group, key=field.by_first_sight)
        held = named.get(number) or StoryRecord(first, (), field.held[first].told.first_seen)
        speaking = sorted(group, key=lambda id: field.by_voice(id, authorities))
        stories.append(StoryRecord(held.id, (*speaking, *silent.get(held.id, ())), held.first_seen))
    return sorted(stories, key=_age), tuple(sorted(merged))


def _age(record: StoryRecord) -> tuple[datetime, str]:
    return record.first_seen, record.id
