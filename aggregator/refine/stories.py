"""Which articles are one story, in which order they speak, and under which id.

READ FIRST `regroup`. Membership follows from the articles, their links and the edits alone, never from the order
of arrival; only a story's id remembers who was seen first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.model import Edit, Gist, Known, Link, Regrouping, StoryRecord, Tie, Told
from aggregator.refine import joining, sketches
from aggregator.refine.compared import Compared
from aggregator.refine.relations import Bring, Field, Pair, Relations, nothing_to_bring

Candidates = Mapping[str, Collection[str]]  # articles worth comparing with each changed one (refine.sketches)


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
    changed: Sequence[Compared],
    near: Sequence[Compared],
    candidates: Candidates,
    links: Sequence[Link | Tie],
    relations: Relations | None = None,
) -> tuple[Link, ...]:
    """The links of the changed articles with those of their candidates, and of the ends of their links, that are near.

    Ordered by (a, b). What is not in `near` or changed has been withdrawn. `relations` takes what was worked out.
    """
    moved = {one.id for one in changed}
    return Field((*near, *changed), (), relations).links(_pairs(candidates, moved, links))


def gists(articles: Iterable[Compared]) -> tuple[Gist, ...]:
    """The gists of these articles that are not kept as they are now, each once."""
    made = {one.id: one.to_keep() for one in articles}
    return tuple(gist for gist in made.values() if gist is not None)


@dataclass(frozen=True, slots=True)
class Regrouped:
    """What grouping changed. While `beyond` names articles, their stories may change as well: it is not the answer."""

    regrouping: Regrouping
    beyond: frozenset[str] = frozenset()


def regroup(
    changed: Sequence[Compared],
    near: Sequence[Compared],
    fresh: Sequence[Link],
    links: Sequence[Link | Tie],
    records: Sequence[StoryRecord],
    authorities: Mapping[str, int],
    edits: Sequence[Edit],
    gone: Collection[str] = (),
    relations: Relations | None = None,
    others: Mapping[str, Known] | None = None,
    bring: Bring = nothing_to_bring,
) -> Regrouped:
    """Links and stories as they are with the changed articles, whose links are now the `fresh` ones.

    `near` and `others` hold every live article of the stories of the changed ones and of all that their links, old
    and fresh, lead to, and of what people merged these with, `others` those whose words `bring` gives if need be;
    `links` those that touch any of them, `records` their stories. `gone` is what was withdrawn: it joins nothing, stays
    last in its story, and bars nothing. A source that `authorities` (by source) lacks has 0. `relations` are those that
    `linked` worked out, and take what is worked out now.
    """
    field = Field((*near, *changed), edits, relations, others, bring)
    moved = {one.id for one in changed}
    stale = {(link.a, link.b) for link in links if link.a in moved or link.b in moved}
    kept = [_without_what_is_gone(link, gone) for link in links if (link.a, link.b) not in stale]
    whole = [link for link in (*fresh, *kept) if link.a not in gone and link.b not in gone]
    dropped = tuple(sorted(stale - {(link.a, link.b) for link in fresh}))
    homes = joining.trusted(records, moved, field)
    whole_stories = joining.whole(records, homes)
    touched = moved | {id for link in fresh for id in (link.a, link.b)} | {id for pair in dropped for id in pair}
    beyond = frozenset[str]()
    while True:
        touched = _together(touched | beyond, records, field)
        joined = joining.grouped(touched, _touching(touched, whole), homes, field, whole_stories)
        beyond = joined.beyond & field.held.keys()
        if not beyond:
            break
    stories, merged = _identify(joined.groups, records, field, authorities)
    before = {(record.id, record.members) for record in records}
    told_anew = [
        story for story in stories if (story.id, story.members) not in before or not moved.isdisjoint(story.members)
    ]
    bars = _bars((*fresh, *kept), {(link.a, link.b): link.bar for link in links}, joined)
    return Regrouped(Regrouping(tuple(fresh), dropped, tuple(told_anew), merged, bars), joined.beyond)


def _touching(ids: Collection[str], links: Iterable[Link | Tie]) -> list[Link | Tie]:
    return [link for link in links if link.a in ids or link.b in ids]


def _without_what_is_gone(link: Link | Tie, gone: Collection[str]) -> Link | Tie:
    if link.bar is None or not (link.bar[0] in gone or link.bar[1] in gone):
        return link
    return Tie(link.a, link.b, link.kind, link.score)


def _bars(
    links: Iterable[Link | Tie], before: Mapping[Pair, Pair | None], joined: joining.Joined
) -> tuple[tuple[Pair, Pair | None], ...]:
    """The links whose bar is another than it was, each with what it is now."""
    inside = {id for group in joined.groups for id in group}
    looked_at = sorted((link.a, link.b) for link in links if link.a in inside and link.b in inside)
    return tuple((ends, now) for ends in looked_at if (now := joined.bars.get(ends)) != before.get(ends))


def _together(start: Collection[str], records: Sequence[StoryRecord], field: Field) -> set[str]:
    """These articles, those that share a story with them, and those that people merged or split them with."""
    beside: dict[str, set[str]] = {}
    for ends in [*(record.members for record in records), *field.decided]:
        for id in ends:
            beside.setdefault(id, set()).update(ends)
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        id = waiting.pop()
        if id not in found:
            found.add(id)
            waiting.extend(beside.get(id, ()))
    return found & field.held.keys()


def dedupe(told: Sequence[Told], authorities: Mapping[str, int]) -> tuple[Decision, ...]:
    """A decision for each article, in their order: the same code as `regroup`, with no store."""
    field = Field(map(Compared, told), ())
    ids = [one.article.id for one in told]
    made = [sketches.sketch(one.article) for one in told]
    links = field.links(_pairs(sketches.best(sketches.among(made)), set(ids), ()))
    groups = joining.grouped(set(ids), links, {}, field).groups
    stories, _ = _identify(groups, (), field, authorities)
    story_of = {id: story.id for story in stories for id in story.members}
    texts = joining.texts(groups, links, field)
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


def _pairs(candidates: Candidates, changed: Collection[str], links: Sequence[Link | Tie]) -> set[Pair]:
    """The pairs to compare, lower id first: the changed articles with their candidates and what they are linked to."""
    found = {(min(id, other), max(id, other)) for id in changed for other in candidates.get(id, ()) if id != other}
    return found | {(link.a, link.b) for link in links if link.a in changed or link.b in changed}


def _identify(
    groups: Sequence[Sequence[str]], records: Sequence[StoryRecord], field: Field, authorities: Mapping[str, int]
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
        held = named.get(number) or StoryRecord(first, (), field.held[first].first_seen)
        speaking = sorted(group, key=lambda id: _by_voice(id, field, authorities))
        still = tuple(silent.get(held.id, ()))
        stories.append(StoryRecord(held.id, (*speaking, *still), held.first_seen, still))
    return sorted(stories, key=_age), tuple(sorted(merged))


def _age(record: StoryRecord) -> tuple[datetime, str]:
    return record.first_seen, record.id


def _by_voice(id: str, field: Field, authorities: Mapping[str, int]) -> tuple[int, float, str]:
    """The order in which the members speak: authority, then the newest, then the lower id."""
    one = field.held[id]
    return -authorities.get(one.source, 0), -one.published.timestamp(), id
