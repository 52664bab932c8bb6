"""Which articles join into one story: by their links, unless two of them contradict each other.

READ FIRST `grouped`. What a story was when its members were last joined is trusted: only what is new is held against
it, and only the stories are looked at that the news can change. A link that joined nothing names its *bar*, the two
articles that stood between: while these stand where they stood, what lies behind the link needs no look. Two stories
that are too large together stay two as long as neither loses a member: such a link is its own bar.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from aggregator.model import Link, StoryRecord, Tie
from aggregator.refine.relations import Field, Pair

LARGEST = 60  # texts of a story: each is held against every other; real events reach a dozen (bounds hostile input)

Unless = Callable[[str, str], bool]


@dataclass(slots=True)
class Group:
    """Articles that joined so far. `home`: the story that all of them are trusted to share, "" where they do not.

    `texts` are the digests of their texts, there once somebody asked how many there are.
    """

    members: list[str]
    home: str = ""
    texts: set[str] | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """Groups, each sorted, and sorted themselves; with the bar of each link between them.

    `beyond` are articles outside, whose stories may change as well.
    """

    groups: list[list[str]]
    bars: Mapping[Pair, Pair | None] = field(default_factory=dict)
    beyond: frozenset[str] = frozenset()


def trusted(records: Iterable[StoryRecord], moved: Collection[str], field: Field) -> dict[str, str]:
    """The story of each article that was held against all others of it, and has not changed since.

    Not so what was silent when others joined, and what a person merged with something.
    """
    open = {*moved, *(id for ends in field.decided for id in ends)}
    return {
        id: record.id
        for record in records
        for id in record.members
        if id in field.held and id not in open and id not in record.silent
    }


def whole(records: Iterable[StoryRecord], homes: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The members of each story of which every one that was joined is trusted, by story."""
    joined = {record.id: tuple(id for id in record.members if id not in record.silent) for record in records}
    return {story: ids for story, ids in joined.items() if all(homes.get(id) == story for id in ids)}


def grouped(
    ids: set[str],
    links: Iterable[Link | Tie],
    homes: Mapping[str, str],
    field: Field,
    stories: Mapping[str, Sequence[str]] | None = None,
) -> Joined:
    """The articles as stories. `homes` is `trusted`, `stories` are `whole`; links that lead out were refused before.

    What people merged first (the newest word first), then the links from the strongest to the weakest; two groups
    become one unless a member of one contradicts a member of the other. So a chain A~B~C whose ends contradict each
    other breaks at its weaker link, whichever of the three came first.
    """
    forest = Forest(ids, homes)
    for ends in field.merges:
        if ends[0] in ids and ends[1] in ids:
            forest.join(*ends, field.split)
    bars: dict[Pair, Pair | None] = {}
    beyond: set[str] = set()
    too_large: list[Pair] = []
    for link in sorted(links, key=strength):
        ends = (link.a, link.b)
        inside = [end for end in ends if end in ids]
        if len(inside) == 1:
            if link.bar == ends:
                too_large.append((inside[0], link.b if inside[0] == link.a else link.a))
            elif not _stands(link.bar, inside[0] == link.a, forest.group[inside[0]], homes):
                beyond.update({*ends} - ids)
        elif inside and (bar := _refused(link, forest, homes, field)):
            bars[ends] = bar
    beyond.update(other for one, other in too_large if not _is_as_large(one, forest, homes, stories or {}))
    return Joined(forest.groups(), bars, frozenset(beyond))


def _refused(link: Link | Tie, forest: "Forest", homes: Mapping[str, str], field: Field) -> Pair | None:
    """Why the link joins nothing: the two between, or its own ends for size alone. None when it joined its ends."""
    left, right = forest.group[link.a], forest.group[link.b]
    if left is right:
        return None
    if link.bar != (link.a, link.b) and _stands(link.bar, True, left, homes) and _stands(link.bar, False, right, homes):
        return link.bar
    if not _few(left, right, field):
        return link.a, link.b
    lacking = [id for id in (*left.members, *right.members) if not field.is_read(id)]
    if lacking and not forest.at_home(left, right):
        if bar := forest.bar(left, right, field.contradict, field.is_read):
            return bar
        field.bring(lacking)
    return forest.join(link.a, link.b, field.contradict, field.apart_closely)


def _stands(bar: Pair | None, left: bool, group: Group, homes: Mapping[str, str]) -> bool:
    """Whether that side of the bar is in the group, as it was when the bar was found."""
    return bar is not None and (one := bar[not left]) in homes and one in group.members


def _is_as_large(one: str, forest: "Forest", homes: Mapping[str, str], stories: Mapping[str, Sequence[str]]) -> bool:
    """Whether the article's story holds all that it held: then it is too large still for what it was too large for."""
    group = forest.group[one]
    members = stories.get(homes.get(one, ""), ())
    return bool(members) and all(forest.group.get(id) is group for id in members)


def _few(left: Group, right: Group, field: Field) -> bool:
    """Whether the two together hold no more than LARGEST texts, however often each was posted again."""
    if len(left.members) + len(right.members) <= LARGEST:
        return True
    one, other = _texts(left, field), _texts(right, field)
    return len(one) + len(other) - len(one & other) <= LARGEST


def _texts(group: Group, field: Field) -> set[str]:
    if group.texts is None:
        group.texts = {field.held[id].text_digest for id in group.members}
    return group.texts


def texts(stories: Sequence[Sequence[str]], links: Iterable[Link], field: Field) -> list[list[str]]:
    """The articles as texts: near-duplicates together, as long as no two of them tell a fact differently."""
    forest = Forest((id for story in stories for id in story), {})
    story_of = {id: number for number, story in enumerate(stories) for id in story}
    for link in sorted(links, key=strength):
        if link.kind == "duplicate" and story_of[link.a] == story_of[link.b]:
            forest.join(link.a, link.b, field.differ)
    return forest.groups()


def strength(link: Link | Tie) -> tuple[bool, float, str, str]:
    """The order in which links join: duplicates first, then by score, then by id."""
    return link.kind != "duplicate", -link.score, link.a, link.b


class Forest:
    """Disjoint groups that grow by joining."""

    def __init__(self, ids: Iterable[str], homes: Mapping[str, str]) -> None:
        self.group = {id: Group([id], homes.get(id, "")) for id in ids}
        self._homes = homes

    def at_home(self, left: Group, right: Group) -> str:
        """The story that all members of both are trusted to share, "" where they do not."""
        return left.home if left.home == right.home else ""

    def join(self, one: str, other: str, *unless: Unless) -> Pair | None:
        """Make their two groups one, unless any of that holds for a member of each; then those two, `one`'s side first.

        All pairs are asked for the first of `unless`, which should be cheap, before any is asked for the next.
        """
        left, right = self.group[one], self.group[other]
        if left is right:
            return None
        at_home = self.at_home(left, right)
        if not at_home:
            bars = (self.bar(left, right, one) for one in unless)
            if bar := next(filter(None, bars), None):
                return bar
        left.home = at_home
        left.members.extend(right.members)
        left.texts = left.texts | right.texts if left.texts and right.texts else None
        for id in right.members:
            self.group[id] = left
        return None

    def bar(self, left: Group, right: Group, unless: Unless, among: Callable[[str], bool] | None = None) -> Pair | None:
        """The first two for which that holds, of those members that are `among` some."""
        home = self._homes.get
        rights = list(filter(among, right.members)) if among else right.members
        for a in filter(among, left.members) if among else left.members:
            story = home(a)
            for b in rights:
                if (story is None or story != home(b)) and unless(a, b):
                    return a, b
        return None

    def groups(self) -> list[list[str]]:
        """The groups, each sorted, and sorted themselves."""
        return sorted({id(group): sorted(group.members) for group in self.group.values()}.values())
