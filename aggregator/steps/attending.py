"""A visit to a source: its listings and articles, and what is done about one whose site was rebuilt."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from aggregator import schedule
from aggregator.collect import further, looking, profile, visit
from aggregator.collect.memory import Memory
from aggregator.collect.visit import Collected
from aggregator.errors import ArticleError, SourceError
from aggregator.model import Article, Draft, Known, Lead, SourceState
from aggregator.settings import Section, Source
from aggregator.steps import watching
from aggregator.steps.neighbours import Ports, Tell

KEPT_LISTINGS, KEPT_ARTICLES = 4, 3  # pages of a drifted visit: enough to see what became of a site
TRIAL = 30  # requests that the `auto` reader may need beyond those of the visit: with a pause of 2 s, a minute


def attend(source: Source, state: SourceState | None, ports: Ports, tell: Tell) -> Collected:
    """The visit as configured; one that drifted keeps its pages, and gives way to `auto` if that does as well.

    `chosen` of a source of another kind says that `auto` stands in for its reader; that one comes back when it is
    seen to do as well again.
    """
    state = state or SourceState(source.id)
    memory = Memory(ports.fetcher)
    collected = collect(source, state, replace(ports, fetcher=memory), tell)
    stands_in = source.kind != "auto" and bool(state.chosen)
    if collected.problem and schedule.HEALTH.get(collected.problem.cause) != "drifted":
        return replace(collected, chosen=state.chosen) if stands_in else collected
    because, proven = _fallen(source, collected, state)
    if not because and (proven or not stands_in):
        return collected
    words = [because or "its reader has not yet been seen to do as well as usual again"]
    if because:
        pages = (*memory.pages("section", KEPT_LISTINGS), *memory.articles(KEPT_ARTICLES))
        words.append(ports.keep(source, pages, state.health == "drifted"))
    if source.kind != "auto" and (stands_in or _is_worth_a_trial(state)) and not ports.over(looking.WHOLE):
        memory.limit(TRIAL)
        other, short = _trial(source, state, replace(ports, fetcher=memory), tell)
        collected = _together(collected, other, instead=not short)
        kind = f"correct the kind of {source.id} in sources.yaml, or: aggregator sources accept {source.id}"
        words.append(short and f"the auto reader does no better: {short}")
        words.append("" if short else f"the auto reader does as well as usual and stands in for its reader; {kind}")
    if stands_in and not because:
        collected = replace(collected, chosen={**state.chosen, **collected.chosen})
    return _in_words(source, collected, "; ".join(word for word in words if word))


def _in_words(source: Source, collected: Collected, words: str) -> Collected:
    """The visit with its drift told in these words. A host that answered as a whole is not made to wait."""
    problem = collected.problem or SourceError("drifted", "", source.home)
    told = SourceError(problem.cause, words, problem.url)
    return replace(collected, problem=told, partly=collected.partly or collected.problem is None)


def _fallen(source: Source, collected: Collected, state: SourceState) -> tuple[str, bool]:
    """Why the visit drifted, "" when it did not; and whether enough articles were read to be sure that it did not."""
    usual = profile.of(state.profile)
    if collected.problem:
        return str(collected.problem), False
    if len(collected.drafts) >= profile.FEW and usual.articles < profile.ENOUGH_ARTICLES:
        return profile.drift(usual, profile.brought(collected.leads, ())), True  # the first visits: nothing to compare
    seen = _seen(collected)
    return profile.drift(usual, seen), seen.articles >= profile.FEW


def _seen(collected: Collected) -> profile.Brought:
    articles = [one for one in collected.articles if not isinstance(one, ArticleError)]
    return profile.brought(collected.leads, articles, collected.unread + len(collected.articles) - len(articles))


def _is_worth_a_trial(state: SourceState) -> bool:
    """At the first drifted visit, and more and more seldom while it goes on: after 1, 3, 7, 15, ... visits."""
    return state.failures & (state.failures + 1) == 0


def _trial(source: Source, state: SourceState, ports: Ports, tell: Tell) -> tuple[Collected | None, str]:
    """What `auto` brings from the source, asking for little beyond what the visit was told; and why that is not as
    good as usual ("" when it is).
    """
    usual = profile.of(state.profile)
    if usual.leads < profile.ENOUGH_LEADS:
        return None, profile.falls_short(usual, profile.brought((), ()))
    sections = tuple(section for section in source.sections if section.url) or (Section(url=source.home),)
    auto = source.model_copy(update={"kind": "auto", "sections": sections, "max_new": min(source.max_new, TRIAL)})
    other = collect(auto, replace(state, validators={}), ports, tell)
    return other, str(other.problem or "") or profile.falls_short(usual, _seen(other))


def _together(collected: Collected, other: Collected | None, instead: bool) -> Collected:
    """The visit that counts, with what both cost. Nothing that `auto` was told is a validator for the other reader."""
    if other is None:
        return collected
    requests, size = collected.requests + other.requests, collected.bytes + other.bytes
    if not instead:
        return replace(collected, requests=requests, bytes=size)
    forgotten = visit.forgotten({**collected.validators, **other.validators})
    return replace(other, requests=requests, bytes=size, validators=forgotten)


def collect(source: Source, state: SourceState | None, ports: Ports, tell: Tell) -> Collected:
    """Everything that one visit to the source brings: listings, wanted articles, articles looked at again."""
    tell(source.id, "sections", 0, len(source.sections))
    state = state or SourceState(source.id)
    listed = visit.listings(source, state, ports.fetcher, schedule.is_open(source, state), ports.over)
    by_id, known = _known(source, listed.leads, ports)
    if _was_read(state) and any(section.more for section in source.sections):
        listed = further.asked(source, listed, partial(_unseen, source, ports), ports.fetcher, ports.over)
        by_id, known = _known(source, listed.leads, ports)
    return _looked(source, listed, by_id, known, ports, tell)


def _unseen(source: Source, ports: Ports, leads: Sequence[Lead]) -> bool:
    return not _known(source, leads, ports)[1]


def look_again(source: Source, state: SourceState, ports: Ports, tell: Tell) -> Collected:
    """A visit that only looks at the known articles whose checks are due."""
    return _looked(source, visit.unlisted(source, state, ports.fetcher), {}, {}, ports, tell)


def _looked(
    source: Source,
    listed: visit.Listed,
    leads: Mapping[str, Lead],
    known: dict[str, Known],
    ports: Ports,
    tell: Tell,
) -> Collected:
    room = watching.room(source, ports)
    due = () if listed.hopeless else watching.due(source, room, ports)
    known.update({one.id: one for one in due})
    others = partial(watching.standing, source, ports)
    plan = looking.plan(source, leads, known, [one.id for one in due], others, room)
    total = len(plan.wanted)
    collected = visit.articles(
        source, listed, plan, known, ports.fetcher, lambda done: tell(source.id, "articles", done, total), ports.over
    )
    known.update({look.known.id: look.known for look in collected.looks})
    same = {**_same(source, leads, known), **_met(source, collected, known, ports)}
    return replace(collected, same=same, articles=_articles(source, collected.drafts))


def _articles(source: Source, drafts: Sequence[Draft]) -> tuple[Article | ArticleError, ...]:
    if not drafts:
        return ()
    from aggregator.refine import normalise

    return normalise.articles(drafts, source)


def _was_read(state: SourceState) -> bool:
    """Whether the source was ever read: before that nothing is a gap."""
    return state.last_success is not None


def _met(source: Source, collected: Collected, known: dict[str, Known], ports: Ports) -> dict[str, str]:
    """Ids of stored articles that addresses of others led to; they are known from now on."""
    strays = [capture.draft for capture in collected.captures if capture.lead is None]
    if not strays:
        return {}
    from aggregator.steps import recognising

    return recognising.met(source, strays, known, ports.store)


def _known(source: Source, leads: Sequence[Lead], ports: Ports) -> tuple[dict[str, Lead], dict[str, Known]]:
    if not leads:
        return {}, {}
    from aggregator.steps import recognising

    return recognising.recognised(source, leads, ports.store)


def _same(source: Source, leads: Mapping[str, Lead], known: Mapping[str, Known]) -> dict[str, str]:
    if not known:
        return {}
    from aggregator.steps import recognising

    return recognising.renamed(source, leads, known)
