"""Which stored articles a visit's leads are, under whatever address and id they stand now."""

from collections.abc import Mapping, Sequence

from aggregator.model import Draft, Known, Lead
from aggregator.ports import Store
from aggregator.refine import identity
from aggregator.settings import Source


def recognised(source: Source, leads: Sequence[Lead], store: Store) -> tuple[dict[str, Lead], dict[str, Known]]:
    """The leads by the ids of their articles, in page order, and those of the articles that are stored.

    A lead seen twice counts where it stood first. One whose id is unknown may stand at an address that is not.
    """
    named = [(identity.article_id(source.id, lead.ref, lead.url), lead) for lead in leads]
    known = dict(store.known({id for id, _ in named}))
    at = store.at(source.id, {lead.url for id, lead in named if id not in known})
    known.update(store.known(set(at.values())))
    by_id: dict[str, Lead] = {}
    for id, lead in named:
        by_id.setdefault(id if id in known else at.get(lead.url, id), lead)
    return by_id, known


def renamed(source: Source, leads: Mapping[str, Lead], known: Mapping[str, Known]) -> dict[str, str]:
    """The ids of stored articles by the other ids that their present addresses give (a portal was moved)."""
    told = [(id, lead.ref, lead.url) for id, lead in leads.items() if id in known]
    told += [(one.id, one.ref, one.url) for one in known.values()]
    given = {identity.article_id(source.id, ref, url): id for id, ref, url in told}
    return {other: id for other, id in given.items() if other != id and other not in known}


def met(source: Source, drafts: Sequence[Draft], known: dict[str, Known], store: Store) -> dict[str, str]:
    """The ids of stored articles by the ids that the drafts' addresses give; `known` gains those that it lacks."""
    named = {identity.article_id(source.id, draft.ref, draft.url): draft.url for draft in drafts}
    lacking = {id: url for id, url in named.items() if id not in known}
    if not lacking:
        return {}
    known.update(store.known(lacking))
    at = store.at(source.id, {url for id, url in lacking.items() if id not in known})
    known.update(store.known(set(at.values()) - known.keys()))
    return {id: at[url] for id, url in lacking.items() if id not in known and url in at}
