"""READ FIRST. The order of the steps, and nothing else.

    run():   for every source that is due   collect() -> refine() -> one transaction in the store
             then                           publish()

Collecting runs in threads, one a source; refining and storing run here, in the order of the configuration, so
that two runs over the same answers leave the same bytes.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator import provenance, schedule
from aggregator.collect import profile, visit
from aggregator.collect.memory import Memory
from aggregator.collect.visit import Collected
from aggregator.errors import ArticleError, SourceError
from aggregator.model import (
    Article,
    Capture,
    Changes,
    Check,
    Draft,
    Edit,
    Held,
    Known,
    Lead,
    Learned,
    Page,
    Regrouping,
    Response,
    Skip,
    SourceState,
    TagMatch,
    Told,
    Verdict,
    Visit,
)
from aggregator.ports import Archive, Fetcher, Store, Writer
from aggregator.publish import cycle
from aggregator.publish import status as standing
from aggregator.refine import compromise, identity, moves, normalise, quarantine, recheck, sparing, stories
from aggregator.refine.compromise import Habits
from aggregator.refine.retag import retagged
from aggregator.refine.tagging import Tagger
from aggregator.settings import Config, Section, Source

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Tell = Callable[[str, str, int, int], None]  # (source id, what, done, of how many)
SOON = 500  # articles whose next checks are looked at for the time of the next visit
MOST_WAITING = 10_000  # held texts that are counted for the status page; a burst is a few hundred
TAKEN_DOWN = "taken down here; aggregator takedown ID --lift takes that back"
TaggerMaker = Callable[[], Tagger]
Keep = Callable[[Source, Sequence[Page], bool], str]
KEPT_LISTINGS, KEPT_ARTICLES = 4, 3  # pages of a drifted visit: enough to see what became of a site
TRIAL = 30  # requests that the `auto` reader may need beyond those of the visit: with a pause of 2 s, a minute


@dataclass(frozen=True, slots=True)
class Ports:
    """The real or replayed neighbours that a run works with. `tagger` is made late: an idle run needs none.

    `chance` draws from 0 to 1. `turn` is held while the store is asked and written as one, and while publishing:
    an editor's word waits for that, and not for a whole run. `keep` puts a drifted visit's pages away and says
    where; it is told whether the visit before had drifted already. Without an `archive` no raw bytes are kept.
    """

    fetcher: Fetcher
    store: Store
    writer: Writer
    clock: Clock
    tagger: TaggerMaker
    authorities: Mapping[str, int]
    run_id: str
    chance: Callable[[], float] = lambda: 0.0
    turn: Callable[[], AbstractContextManager[None]] = nullcontext
    keep: Keep = lambda *_: ""
    archive: Archive | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did. `visits` in the order of the configuration; `states` of every source, visited or not.

    `held` are the texts that it began to keep from readers.
    """

    visits: tuple[Visit, ...]
    states: Mapping[str, SourceState]
    published: cycle.Published
    held: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """What a visit's drafts and looks come to, before tags and stories. `drafts` by article id."""

    verdicts: tuple[Verdict, ...]
    checks: tuple[Check, ...]
    skips: tuple[Skip, ...]
    held: tuple[Held, ...]
    drafts: Mapping[str, Draft]


def run(config: Config, ports: Ports, tell: Tell, only: Collection[str] = (), force: bool = False) -> Report:
    """One cycle. Raises StoreError or PublishError; a source's fault is in the report."""
    states = ports.store.states()
    chosen = schedule.due(config.sources, states, ports.clock(), only, force)
    visits: list[Visit] = []
    held: list[Held] = []
    for source, started, collected in _collect_all(chosen, states, config, ports, tell):
        with ports.turn():
            collected, changes, skips = refine(source, collected, states.get(source.id), ports)
            done = _visit_log(ports, source, started, collected, changes, skips)
            ports.store.commit(done, replace(changes, responses=_responses(collected, changes, ports)))
        log.info("visit", extra={"source": source.id, "outcome": done.outcome, "because": done.problem})
        tell(source.id, "done", done.new, done.leads)
        visits.append(done)
        held += [one for one in changes.held if one.state == "held"]
    with ports.turn():
        published = publish(config, ports)
    return Report(tuple(visits), ports.store.states(), published, tuple(held))


def _collect_all(
    chosen: tuple[Source, ...], states: Mapping[str, SourceState], config: Config, ports: Ports, tell: Tell
) -> Iterator[tuple[Source, datetime, Collected]]:
    def one(source: Source) -> tuple[datetime, Collected]:
        started = ports.clock()
        return started, attend(source, states.get(source.id), ports, tell)

    if not chosen:
        return
    with ThreadPoolExecutor(max_workers=min(config.fetch.workers, len(chosen))) as pool:
        waiting = [(source, pool.submit(one, source)) for source in chosen]
        for source, future in waiting:
            started, collected = future.result()
            yield source, started, collected


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
    if source.kind != "auto" and (stands_in or _is_worth_a_trial(state)):
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
    seen = _seen(source, collected)
    return profile.drift(usual, seen), seen.articles >= profile.FEW


def _seen(source: Source, collected: Collected) -> profile.Brought:
    articles, unread = [], collected.unread
    for draft in collected.drafts:
        try:
            articles.append(normalise.article(draft, source))
        except ArticleError:
            unread += 1
    return profile.brought(collected.leads, articles, unread)


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
    return other, str(other.problem or "") or profile.falls_short(usual, _seen(auto, other))


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
    listed = visit.listings(source, state, ports.fetcher, probe=schedule.is_open(source, state))
    by_id, known = _recognised(source, listed.leads, ports.store)
    now = ports.clock()
    due = () if listed.hopeless else ports.store.due_checks(source.id, now, source.max_checks)
    known.update({one.id: one for one in due})
    plan = visit.plan(source, by_id, known, [one.id for one in due])
    total = len(plan.wanted)
    collected = visit.articles(
        source, listed, plan, known, ports.fetcher, lambda done: tell(source.id, "articles", done, total)
    )
    return replace(collected, same=_renamed(source, by_id, known))


def _recognised(source: Source, leads: Sequence[Lead], store: Store) -> tuple[dict[str, Lead], dict[str, Known]]:
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


def _renamed(source: Source, leads: Mapping[str, Lead], known: Mapping[str, Known]) -> dict[str, str]:
    """The ids of stored articles by the other ids that their present addresses give (a portal was moved)."""
    told = [(id, lead.ref, lead.url) for id, lead in leads.items() if id in known]
    told += [(one.id, one.ref, one.url) for one in known.values()]
    given = {identity.article_id(source.id, ref, url): id for id, ref, url in told}
    return {other: id for other, id in given.items() if other != id and other not in known}


def refine(
    source: Source, collected: Collected, state: SourceState | None, ports: Ports
) -> tuple[Collected, Changes, tuple[Skip, ...]]:
    """What the visit changes: state, verdicts, tags, stories, checks; and the visit, found drifted or not.

    Raises StoreError only.
    """
    habits = compromise.usual(ports.store.learned(source.id))
    collected, read = _rejoined(source, collected, _verdicts(source, collected, habits, ports), ports)
    read = _heeding(read, ports.store)
    verdicts, checks, skips, held = read.verdicts, read.checks, read.skips, read.held
    state = state or SourceState(source.id)
    drifted = ""
    if collected.requests:  # an import is no measure of the source
        unusable = collected.unread + len(skips)
        seen = profile.brought(collected.leads, [verdict.article for verdict in verdicts], unusable)
        drifted = profile.drift(profile.of(state.profile), seen)
        state = state if drifted else _with_profile(state, seen)
    if drifted:
        whole = collected.problem is None  # the host is well: its articles are watched in their rhythm
        problem = collected.problem or SourceError("drifted", drifted, source.home)
        collected = replace(collected, problem=problem, partly=collected.partly or whole)
        verdicts, checks, left_out = _spared(source, verdicts, checks, drifted, collected.known, ports)
        skips = (*skips, *left_out)
    if skips or drifted:  # what cannot be used now is asked for again
        collected = replace(collected, validators=visit.forgotten(collected.validators))
    tags = tagged(_changed(verdicts), ports)
    if collected.requests:  # an import brings many at once, and is no burst
        verdicts, checks, tags, strays = _without_strays(verdicts, checks, tags, read.drafts, habits, collected, ports)
        held = (*held, *strays)
    unread = tuple(Skip(look.known.url, look.because) for look in collected.looks if look.outcome == "unreadable")
    new_state = _state(source, collected, state, verdicts, checks, ports)
    learned = Learned() if drifted else quarantine.learned(verdicts, tags, read.drafts)
    changes = replace(admit(verdicts, tags, collected.known, ports), state=new_state)
    changes = replace(changes, checks=checks, held=held, learned=learned)
    return collected, changes, (*collected.skips, *skips, *unread)


def _with_profile(state: SourceState, seen: profile.Brought) -> SourceState:
    return replace(state, profile=profile.stored(profile.learned(profile.of(state.profile), seen)))


def _spared(
    source: Source,
    verdicts: tuple[Verdict, ...],
    checks: tuple[Check, ...],
    because: str,
    known: Mapping[str, Known],
    ports: Ports,
) -> tuple[tuple[Verdict, ...], tuple[Check, ...], tuple[Skip, ...]]:
    """The verdicts, checks and skips of a visit that drifted: no stored text gives way to a worse one."""
    revised = [verdict.article.id for verdict in verdicts if verdict.outcome == "revised"]
    stored = {told.article.id: told.article for told in ports.store.told(revised)}
    left = sparing.spared(verdicts, stored, because)
    gone = {verdict.article.id for verdict in verdicts} - {verdict.article.id for verdict in left.verdicts}
    again = [recheck.unreadable(known[id], ports.clock(), source.window, because) for id in sorted(left.kept)]
    return left.verdicts, (*(check for check in checks if check.article not in gone), *again), left.skips


def _verdicts(source: Source, collected: Collected, habits: Habits, ports: Ports) -> Read:
    """What the drafts and looks come to. A draft that looks like an intruder's is held (refine.quarantine)."""
    now = ports.clock()
    verdicts: dict[str, Verdict] = {}
    checks: dict[str, Check] = {}
    skips: list[Skip] = []
    held: list[Held] = []
    given = [(identity.article_id(source.id, draft.ref, draft.url), draft) for draft in collected.drafts]
    drafts = {collected.same.get(id, id): draft for id, draft in given}
    before = ports.store.quarantine({*drafts, *(look.known.id for look in collected.looks)})
    for id, draft in drafts.items():
        known = collected.known.get(id)
        try:
            article = replace(normalise.article(draft, source), id=id)
        except ArticleError as error:
            skips.append(Skip(draft.url, str(error)))
            if known is not None:
                checks[id] = recheck.unreadable(known, now, source.window, str(error))
            continue
        verdict = identity.verdict(article, known, draft.lead_digest, draft.validator)
        ruling = quarantine.judged(draft, verdict, known, before.get(id, ()), habits, now)
        held += ruling.held
        verdicts |= {id: ruling.verdict} if ruling.verdict else {}
        checks[id] = _stands(source, draft, article, known, ruling.verdict is not None, now)
    for check in _looked(source, collected, now):
        checks.setdefault(check.article, check)
    held += [replace(one, state="cleared") for look in collected.looks for one in _gone(look, before)]
    return Read(tuple(verdicts.values()), tuple(checks.values()), tuple(skips), tuple(held), drafts)


def _stands(source: Source, draft: Draft, article: Article, known: Known | None, told: bool, now: datetime) -> Check:
    """The check of an article whose page was read; one that is not told keeps the status it had."""
    published = article.published if told or known is None else known.published
    check = recheck.alive(article.id, published, now, source.window, draft.validator, draft.lead_digest or None)
    return check if told else replace(check, status=known.status if known else "quarantined")


def _gone(look: visit.Look, before: Mapping[str, tuple[Held, ...]]) -> list[Held]:
    """The texts that wait for nobody any more: the source took them down itself."""
    missing = look.outcome == "missing" and look.known.status == "quarantined"
    waiting = [one for one in before.get(look.known.id, ()) if one.state == "held"]
    return waiting if missing or look.outcome == "withdrawn" else []


def tagged(articles: Sequence[Article], ports: Ports, more: Sequence[Edit] = ()) -> dict[str, tuple[TagMatch, ...]]:
    """The tags of the articles, as rules and editors give them; `more` are edits that the store does not hold yet."""
    if not articles:
        return {}
    edits: dict[str, list[Edit]] = {}
    for edit in (*ports.store.edits([article.id for article in articles]), *more):
        edits.setdefault(edit.target, []).append(edit)
    tagger = ports.tagger()
    return {article.id: retagged(tagger.tags(article), edits.get(article.id, ())) for article in articles}


def _changed(verdicts: Sequence[Verdict]) -> list[Article]:
    """The articles that are new or revised."""
    return [verdict.article for verdict in verdicts if verdict.outcome != "unchanged"]


def _without_strays(
    verdicts: tuple[Verdict, ...],
    checks: tuple[Check, ...],
    tags: dict[str, tuple[TagMatch, ...]],
    drafts: Mapping[str, Draft],
    habits: Habits,
    collected: Collected,
    ports: Ports,
) -> tuple[tuple[Verdict, ...], tuple[Check, ...], dict[str, tuple[TagMatch, ...]], tuple[Held, ...]]:
    """The visit without those of a burst of new articles that are far from the source's topics: they are held."""
    strays = quarantine.strays(verdicts, tags, drafts, habits, ports.clock())
    left: list[Verdict] = []
    for verdict in verdicts:
        stray, known = strays.get(verdict.article.id), collected.known.get(verdict.article.id)
        told = quarantine.meanwhile(verdict, known, stray.urgent) if stray else verdict
        left += [told] if told else []
    hidden = strays.keys() - {verdict.article.id for verdict in left}
    checks = tuple(replace(one, status="quarantined") if one.article in hidden else one for one in checks)
    changed = tagged([article for article in _changed(left) if article.id in strays], ports)
    return tuple(left), checks, {**tags, **changed}, tuple(strays.values())


def _rejoined(source: Source, collected: Collected, read: Read, ports: Ports) -> tuple[Collected, Read]:
    """The visit with the new articles that are stored ones under another address put back to these."""
    fresh = {one.article.id: one for one in read.verdicts if one.outcome == "new"}
    if not fresh:
        return collected, read
    new = [one.article for one in fresh.values()]
    around = [known for span in moves.spans(new) for known in ports.store.between(source.id, *span)]
    titles = {moves.title_of(article.title) for article in new}
    namesakes = ports.store.told([known.id for known in around if moves.title_of(known.title) in titles])
    listed = {identity.article_id(source.id, lead.ref, lead.url) for lead in collected.leads}
    shown = {collected.same.get(id, id) for id in listed} | {one.article.id for one in read.verdicts}
    same = moves.moved(new, [told.article for told in namesakes], shown)
    if not same:
        return collected, read
    known = ports.store.known(same.values())
    leads = {identity.article_id(source.id, lead.ref, lead.url): lead.url for lead in reversed(collected.leads)}
    joined = {id: identity.moved(fresh[id], known[other], leads.get(id, "")) for id, other in same.items()}
    old = set(same.values())  # what was seen at their old addresses counts no more
    checks = [replace(one, article=same.get(one.article, one.article)) for one in read.checks if one.article not in old]
    verdicts = tuple(joined.get(one.article.id, one) for one in read.verdicts)
    drafts = {same.get(id, id): draft for id, draft in read.drafts.items()}
    read = replace(read, verdicts=verdicts, checks=tuple(checks), drafts=drafts)
    return replace(collected, known={**collected.known, **known}), read


def _looked(source: Source, collected: Collected, now: datetime) -> Iterator[Check]:
    """Checks of the known articles that answered with no draft."""
    taken_down = [look for look in collected.looks if look.outcome == "withdrawn" and look.known.status == "live"]
    many = len(taken_down) > recheck.MANY
    for look in collected.looks:
        known = look.known
        if known.status == "quarantined":
            yield recheck.unreadable(known, now, source.window, look.because)
        elif look.outcome == "unchanged":
            yield recheck.alive(known.id, known.published, now, source.window, lead_digest=look.lead_digest or None)
        elif look.outcome == "missing":
            yield recheck.missing(known, now)
        elif look.outcome == "withdrawn":
            yield recheck.withdrawn(known, now, look.because, many)
        else:
            yield recheck.unreadable(known, now, source.window, look.because)


def admit(
    verdicts: tuple[Verdict, ...],
    tags: Mapping[str, tuple[TagMatch, ...]],
    known: Mapping[str, Known],
    ports: Ports,
) -> Changes:
    """Stories of what is new or revised, by these tags, beside what the store holds around it."""
    changed = _changed(verdicts)
    empty = Changes(SourceState(""), verdicts)
    if not changed:
        return empty
    told = [_told(article, tags[article.id], known.get(article.id)) for article in changed]
    own = {article.id: tags[article.id] for article in changed}
    return replace(empty, tags=own, regrouping=regroup(told, ports.store, ports.authorities))


def _told(article: Article, tags: tuple[TagMatch, ...], known: Known | None) -> Told:
    return Told(article, tags, known.first_seen if known else article.fetched_at)


def regroup(told: list[Told], store: Store, authorities: Mapping[str, int], more: Sequence[Edit] = ()) -> Regrouping:
    """The stories around these articles; `more` are edits that the store does not hold yet."""
    ids = {one.article.id for one in told}
    days = [one.article.published for one in told]
    around = store.near(min(days) - stories.WINDOW, max(days) + stories.WINDOW)
    near = [one for one in around if one.article.id not in ids]
    records = store.records(ids | {one.article.id for one in near})
    members = ids | {member for record in records for member in record.members}
    missing = members - ids - {one.article.id for one in near}
    near += store.told([known.id for known in store.known(missing).values() if known.status == "live"])
    return stories.regroup(told, near, store.links(members), records, authorities, (*store.edits(members), *more))


def _state(
    source: Source,
    collected: Collected,
    state: SourceState,
    verdicts: tuple[Verdict, ...],
    checks: tuple[Check, ...],
    ports: Ports,
) -> SourceState:
    now = ports.clock()
    dated = [verdict.article.published for verdict in verdicts if verdict.article.precision != "none"]
    kept = replace(
        state,
        validators={**state.validators, **collected.validators},
        chosen={**state.chosen, **collected.chosen} if source.kind == "auto" else collected.chosen,
    )
    if collected.problem is None:
        wait = _wait(source, dated, checks, ports.store, now) if source.at_most else None
        return schedule.succeeded(source, kept, now, max(dated, default=None), wait)
    return schedule.failed(source, kept, now, collected.problem, chance=ports.chance(), partly=collected.partly)


def _wait(source: Source, dated: Sequence[datetime], checks: Sequence[Check], store: Store, now: datetime) -> timedelta:
    """Time to the next visit of a source that may be visited less often than `every`; no check is late for it."""
    horizon = max(source.at_most or source.every, recheck.IN_WINDOW)
    soon = store.due_checks(source.id, now + horizon, SOON)
    looked = {check.article for check in checks}
    wait = schedule.interval(source, [*dated, *(known.published for known in soon)], now)
    later = [known.next_check for known in soon if known.id not in looked]
    return schedule.no_later(source, wait, [*later, *(check.next_check for check in checks)], now)


def _heeding(read: Read, store: Store) -> Read:
    """What was read without what was taken down here: at whatever address its text comes back, it is not told again."""
    known = store.known({*(one.article.id for one in read.verdicts), *(check.article for check in read.checks)})
    texts = store.taken_down({one.article.text_digest for one in read.verdicts if one.outcome == "new"})
    down = {id for id, one in known.items() if one.status == "hidden"}
    down |= {one.article.id for one in read.verdicts if one.outcome == "new" and one.article.text_digest in texts}
    if not down:
        return read
    skips = [Skip(one.article.url, TAKEN_DOWN) for one in read.verdicts if one.article.id in down]
    return replace(
        read,
        verdicts=tuple(one for one in read.verdicts if one.article.id not in down),
        checks=tuple(check for check in read.checks if check.article not in down),
        held=tuple(held for held in read.held if held.article.id not in down),
        skips=(*read.skips, *skips),
    )


def _responses(collected: Collected, changes: Changes, ports: Ports) -> tuple[Response, ...]:
    """The answers that new, revised and held texts were read from, kept before the store names them."""
    articles = [*_changed(changes.verdicts), *(held.article for held in changes.held if held.state == "held")]
    found = [(article.id, _capture(article, collected)) for article in articles]
    told = provenance.responses([(id, capture) for id, capture in found if capture], ports.archive)
    lost = [one.because for one in told if one.record is None and ports.archive is not None]
    if lost:
        log.warning("raw bytes of %d articles were not kept: %s", len(lost), lost[0])
    return told


def _capture(article: Article, collected: Collected) -> Capture | None:
    """What the article was read from: of several on one page (a feed), the one at its address."""
    same = [one for one in collected.captures if one.draft.digest == article.digest]
    return next((one for one in same if one.draft.url == article.url), same[0] if same else None)


def _visit_log(
    ports: Ports, source: Source, started: datetime, collected: Collected, changes: Changes, skips: tuple[Skip, ...]
) -> Visit:
    requests, size = collected.requests, collected.bytes
    outcomes = [verdict.outcome for verdict in changes.verdicts]
    new, revised = outcomes.count("new"), outcomes.count("revised")
    gone = sum(_is_news(check, collected.known) for check in changes.checks)
    problem = collected.problem
    return Visit(
        run=ports.run_id,
        source=source.id,
        started_at=started,
        ended_at=ports.clock(),
        outcome="failed" if problem else "ok" if new or revised or gone or changes.held else "unchanged",
        cause=problem.cause if problem else "",
        problem=str(problem) if problem else "",
        requests=requests,
        bytes=size,
        leads=len(collected.leads),
        new=new,
        revised=revised,
        withdrawn=gone,
        skips=skips,
    )


def _is_news(check: Check, known: Mapping[str, Known]) -> bool:
    """Whether the check takes down what stood until now."""
    return check.status in {"withdrawn", "suspended"} and known[check.article].status == "live"


def publish(config: Config, ports: Ports, full: bool = False) -> cycle.Published:
    """Write what changed. Raises StoreError or PublishError; output/ is whole either way."""
    states = ports.store.states()
    last_run = max((state.last_visit for state in states.values() if state.last_visit), default=None)
    held = Counter(one.article.source for one in ports.store.waiting(MOST_WAITING))
    report = standing.report(config, states, last_run, held=held)
    return cycle.publish(config, ports.store, ports.writer, ports.clock(), full=full, status=report)


def bring(source: Source, drafts: Sequence[Draft], ports: Ports) -> Visit:
    """Drafts that did not come from a visit (`import`): the same refine, one transaction in the store."""
    started = ports.clock()
    ids = [identity.article_id(source.id, draft.ref, draft.url) for draft in drafts]
    known = ports.store.known(ids)
    collected = Collected((), tuple(drafts), (), known, {}, (), None, 0, 0)
    state = ports.store.states().get(source.id, SourceState(source.id))
    with ports.turn():
        _, changes, skips = refine(source, collected, state, ports)
        done = _visit_log(ports, source, started, collected, changes, skips)
        ports.store.commit(done, replace(changes, state=state))
    return done
