"""Tags and stories of articles, beside what the store holds around them."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from aggregator.model import (
    Article,
    Changes,
    Edit,
    Gist,
    Known,
    Regrouping,
    Sketch,
    SourceState,
    StoryRecord,
    TagMatch,
    Tie,
    Told,
    Verdict,
)
from aggregator.ports import Store
from aggregator.refine import gists, relations, retagging, sketches, stories
from aggregator.refine.by_hand import retagged
from aggregator.refine.compared import Compared
from aggregator.steps.announcing import announced
from aggregator.steps.neighbours import Ports
from aggregator.steps.remembered import Remembered

log = logging.getLogger(__name__)

AT_ONCE = 500  # articles sketched in one transaction
RETAGGED = 200  # articles tagged again in one transaction: a second or two


def tagged(articles: Sequence[Article], ports: Ports, more: Sequence[Edit] = ()) -> dict[str, tuple[TagMatch, ...]]:
    """The tags of the articles, as rules and editors give them; `more` are edits that the store does not hold yet."""
    if not articles:
        return {}
    edits: dict[str, list[Edit]] = {}
    for edit in (*ports.store.edits([article.id for article in articles]), *more):
        edits.setdefault(edit.target, []).append(edit)
    tagger = ports.tagger()
    return {article.id: retagged(tagger.tags(article), edits.get(article.id, ())) for article in articles}


def changed(verdicts: Sequence[Verdict]) -> list[Article]:
    """The articles that are new or revised."""
    return [verdict.article for verdict in verdicts if verdict.outcome != "unchanged"]


def admit(
    verdicts: tuple[Verdict, ...],
    tags: Mapping[str, tuple[TagMatch, ...]],
    known: Mapping[str, Known],
    ports: Ports,
) -> Changes:
    """Stories of what is new or revised, by these tags, beside what the store holds around it."""
    news = changed(verdicts)
    empty = Changes(SourceState(""), verdicts)
    if not news:
        return empty
    told = [_told(article, tags[article.id], known.get(article.id)) for article in news]
    own = {article.id: tags[article.id] for article in news}
    made = tuple(sketches.sketch(article) for article in news)
    regrouping, gists = _regrouped(told, made, ports.store, ports.authorities, (), ports.remembered)
    empty = replace(empty, announced=announced(news, ports.store))
    return replace(empty, tags=own, sketches=made, gists=gists, regrouping=regrouping, rule=ports.tagger().version)


def _told(article: Article, tags: tuple[TagMatch, ...], known: Known | None) -> Told:
    return Told(article, tags, known.first_seen if known else article.fetched_at)


def regroup(
    told: Sequence[Told], store: Store, authorities: Mapping[str, int], more: Sequence[Edit] = ()
) -> Regrouping:
    """The stories of these articles as they are now; `more` are edits that the store does not hold yet."""
    return _regrouped(told, [sketches.sketch(one.article) for one in told], store, authorities, more, Remembered())[0]


def _regrouped(
    told: Sequence[Told],
    made: Collection[Sketch],
    store: Store,
    authorities: Mapping[str, int],
    more: Sequence[Edit],
    remembered: Remembered,
) -> tuple[Regrouping, tuple[Gist, ...]]:
    """The changed articles beside those they may belong with, and all that links and stories lead to from these.

    With it the gists that the store lacks: of the changed articles, and of those that were read anew.
    """
    sketch_all(store)
    remembered.open(store.mark())
    changed = {one.article.id: Compared(one) for one in told}
    stored = store.sharing(made, sketches.REACH, sketches.HOLDERS, sketches.LEAST)
    others = {id: {one: score for one, score in found.items() if one not in changed} for id, found in stored.items()}
    candidates, near = _worth_a_look(changed, sketches.best(others, sketches.among(made)), store, remembered)
    before = store.ties(changed)
    wanted = {id for link in before for id in (link.a, link.b)}.union(*candidates.values())
    near |= _live(wanted - changed.keys() - near.keys(), store, remembered)
    known = relations.Relations()  # of these articles, as they are now
    fresh = stories.linked(tuple(changed.values()), tuple(near.values()), candidates, before, known)
    ends = ((link.a, link.b) for links in (fresh, before) for link in links)
    start = {*changed, *(id for pair in ends for id in pair)}
    while True:
        around, links, records = _around(start, store, more)
        unread = _standing(around - changed.keys() - near.keys(), store)
        near |= remembered.find(unread)
        beside = [near[id] for id in sorted(around & near.keys())]
        beyond = {id for link in links for id in link.bar or ()} - around
        gone = (around - changed.keys() - near.keys() - unread.keys()) | _gone(beyond, store)
        edits = (*store.edits(around), *more)
        new, bring = tuple(changed.values()), partial(_brought, near, store)
        done = stories.regroup(
            new, beside, fresh, links, records, authorities, edits, gone, known, others=unread, bring=bring
        )
        if not done.beyond - around:
            break
        start |= done.beyond
    made_anew = stories.gists((*changed.values(), *near.values()))
    remembered.keep(near.values(), changed.values())
    return done.regrouping, made_anew


def _worth_a_look(
    changed: Mapping[str, Compared], candidates: Mapping[str, Collection[str]], store: Store, remembered: Remembered
) -> tuple[dict[str, list[str]], dict[str, Compared]]:
    """The candidates without those that a glance rules out, and those articles that are at hand already."""
    others = set[str]().union(*candidates.values()) - changed.keys()
    near = remembered.find(others)
    kept = store.glances(others - near.keys())
    glances: dict[str, gists.Glance | gists.Kept]
    glances = {id: glance for id, held in kept.items() if (glance := gists.unpacked(held))}
    near |= _live(others - near.keys() - glances.keys(), store, remembered)
    glances |= {id: one.glanced for id, one in (*near.items(), *changed.items())}
    worth = {
        id: [one for one in found if one in glances and gists.worth_a_look(changed[id].glance, glances[one])]
        for id, found in candidates.items()
    }
    return worth, near


def _standing(ids: Collection[str], store: Store) -> dict[str, Known]:
    """Those of the articles that are live, by id."""
    return {id: known for id, known in store.known(ids).items() if known.status == "live"}


def _live(ids: Collection[str], store: Store, remembered: Remembered) -> dict[str, Compared]:
    """The same for comparing."""
    live = _standing(ids, store).keys()
    found = remembered.find(live)
    return found | {one.article.id: Compared(one) for one in store.told(live - found.keys())}


def _brought(near: dict[str, Compared], store: Store, ids: Collection[str]) -> list[Compared]:
    """These live articles for comparing, which are near from now on."""
    found = [Compared(one) for one in store.told(ids)]
    near |= {one.id: one for one in found}
    return found


def _gone(ids: Collection[str], store: Store) -> set[str]:
    """Those of the articles that are not live."""
    return {known.id for known in store.known(ids).values() if known.status != "live"}


def _around(
    start: set[str], store: Store, more: Sequence[Edit]
) -> tuple[set[str], tuple[Tie, ...], tuple[StoryRecord, ...]]:
    """These articles and all that shared stories and edits lead to, with their links and the stories."""
    found: set[str] = set()
    records: dict[str, StoryRecord] = {}
    waiting = set(start)
    while waiting:
        found |= waiting
        records |= {record.id: record for record in store.records(waiting)}
        ends = {id for pair in filter(None, map(relations.pair, (*store.edits(waiting), *more))) for id in pair}
        waiting = ends.union(*(record.members for record in records.values())) - found
    return found, store.ties(found), tuple(records[id] for id in sorted(records))


def sketch_all(store: Store) -> None:
    """See to it that every stored article has a sketch by the present rule. Once done, this costs one small look."""
    if store.sketched_by() == sketches.RULE:
        return
    store.forget_sketches(sketches.RULE)
    last = ""
    while lacking := store.unsketched(sketches.RULE, last, AT_ONCE):
        store.keep_sketches([sketches.sketch(one.article) for one in store.told(lacking)])
        last = lacking[-1]
        log.info("sketched", extra={"outcome": f"{len(lacking)} articles"})
    store.all_sketched(sketches.RULE)


@dataclass(frozen=True, slots=True)
class Retagged:
    """One batch of `retag`: articles looked at, and those whose tags changed."""

    looked: int
    changes: tuple[retagging.Difference, ...]


def retag(ports: Ports, heard: Callable[[Retagged], None], dry: bool = False, batch: int = RETAGGED) -> None:
    """Tag again what an older rule tagged, batch by batch, each one transaction; `heard` is told of each batch.

    Killed anywhere, the next one goes on where it ended. `dry`: nothing is written. Raises StoreError.
    """
    rule = ports.tagger().version
    after: tuple[datetime, str] | None = None
    while old := ports.store.outdated(rule, after, batch):
        after = (old[-1].article.published, old[-1].article.id)
        tags = tagged([one.article for one in old], ports)
        now = [replace(one, tags=tags[one.article.id]) for one in old]
        changes = [retagging.difference(a, b) for a, b in zip(old, now, strict=True)]
        if not dry:
            known = ports.store.known([one.article.id for one in now])
            moved = [one for one, change in zip(now, changes, strict=True) if change.keys]
            live = [one for one in moved if known[one.article.id].status == "live"]
            regrouping = regroup(live, ports.store, ports.authorities) if live else Regrouping()
            ports.store.retag(tags, rule, regrouping)
        heard(Retagged(len(old), tuple(change for change in changes if change.keys)))
