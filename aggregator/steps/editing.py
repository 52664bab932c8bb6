"""What a person decides, and all that follows from it at once: the same steps as a visit's, for the articles named.

Nothing is decided twice: an edit is kept with what follows in one transaction, and every later look heeds it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from aggregator.errors import ArticleError
from aggregator.model import Changes, Edit, Held, Known, Learned, SourceState, Told
from aggregator.refine import identity, quarantine, recheck
from aggregator.settings import Config
from aggregator.steps import grouping
from aggregator.steps.neighbours import Ports

NEWEST = 2**62  # id of an edit that is not kept yet: the last word
WINDOW = timedelta(days=30)  # of an article whose source is configured no more


def decide(edit: Edit, config: Config, ports: Ports) -> Edit:
    """The edit as kept. Raises ArticleError, naming what to type, for what cannot be done."""
    follow = FOLLOWS.get(edit.action)
    _known(edit.target, ports)
    return ports.store.decide(edit, follow(replace(edit, id=NEWEST), config, ports) if follow else None)


def _known(id: str, ports: Ports) -> Known:
    """The article. Raises ArticleError when there is none of that id."""
    known = ports.store.known([id]).get(id)
    if known is None:
        raise ArticleError(f"{id}: no such article; its id stands at the foot of its page (Mã tin)")
    return known


def members(target: str, ports: Ports) -> tuple[str, ...]:
    """The articles of the story that holds this one; itself alone where none does."""
    return next((record.members for record in ports.store.records([target])), (target,))


def waiting(target: str, ports: Ports) -> Held:
    """The text of the article that waits for an editor. Raises ArticleError when none does."""
    _known(target, ports)
    held = [one for one in ports.store.quarantine([target]).get(target, ()) if one.state == "held"]
    if not held:
        raise ArticleError(f"{target}: nothing of it is quarantined; aggregator edit list shows what is")
    return held[-1]


def _told(ids: Sequence[str], ports: Ports) -> list[Told]:
    """The articles with their tags. Raises ArticleError for one that is not live."""
    for id in ids:
        status = _known(id, ports).status
        if status != "live":
            raise ArticleError(f"{id} is {status}; only what stands at its source can be edited so")
    return list(ports.store.told(ids))


def _regrouped(edit: Edit, config: Config, ports: Ports) -> Changes:
    told = _told((edit.target, edit.value), ports)
    regrouping = grouping.regroup(told, ports.store, ports.authorities, (edit,))
    return Changes(SourceState(told[0].article.source), regrouping=regrouping)


def _retagged(edit: Edit, config: Config, ports: Ports) -> Changes:
    (told,) = _told((edit.target,), ports)
    tags = grouping.tagged([told.article], ports, (edit,))
    anew = replace(told, tags=tags[edit.target])
    regrouping = grouping.regroup([anew], ports.store, ports.authorities)
    return Changes(SourceState(told.article.source), tags=tags, regrouping=regrouping, rule=ports.tagger().version)


def _released(edit: Edit, config: Config, ports: Ports) -> Changes:
    """The held text becomes the live revision, as if it had just been collected; what it links to is usual now."""
    held = waiting(edit.target, ports)
    article, known = held.article, ports.store.known([edit.target])
    verdict = identity.verdict(article, known[article.id])
    changed = [article] if verdict.outcome != "unchanged" else []
    tags = grouping.tagged(changed, ports)
    changes = grouping.admit((verdict,), tags, known, ports)
    source = config.source(article.source)
    check = recheck.alive(article.id, article.published, ports.clock(), source.window if source else WINDOW)
    gone = known[article.id].status in {"withdrawn", "suspended", "hidden"}
    return replace(
        changes,
        state=SourceState(article.source),
        checks=() if gone else (check,),
        held=(replace(held, state="released"),),
        learned=Learned(dict.fromkeys(held.domains, 1), quarantine.topics_of(tags.values())),
    )


FOLLOWS: dict[str, Callable[[Edit, Config, Ports], Changes]] = {
    "merge": _regrouped,
    "split": _regrouped,
    "retag": _retagged,
    "release": _released,
}
"""What follows at once from an edit; the others are asked by publishing alone (visible, bulletin)."""
