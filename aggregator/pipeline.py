"""READ FIRST. The order of the steps, and nothing else.

    run():   for every source that is due   collect() -> refine() -> one transaction in the store
             then                           publish()

Collecting runs in threads, one a source; refining and storing run here, in the order of the configuration, so
that two runs over the same answers leave the same bytes.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator import provenance, schedule
from aggregator.collect import profile, visit
from aggregator.collect.visit import Collected
from aggregator.errors import ArticleError, SourceError
from aggregator.model import (
    Article,
    Changes,
    Check,
    Draft,
    Known,
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
from aggregator.refine import identity, normalise, recheck, sparing, stories
from aggregator.refine.tagging import Tagger
from aggregator.settings import Config, Source

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Tell = Callable[[str, str, int, int], None]  # (source id, what, done, of how many)
SOON = 500  # articles whose next checks are looked at for the time of the next visit
TAKEN_DOWN = "taken down here; aggregator takedown ID --lift takes that back"
TaggerMaker = Callable[[], Tagger]


@dataclass(frozen=True, slots=True)
class Ports:
    """The real or replayed neighbours that a run works with. `tagger` is made late: an idle run needs none.

    `chance` draws from 0 to 1. `turn` is held while the store is asked and written as one, and while publishing:
    an editor's word waits for that, and not for a whole run. Without an `archive` no raw bytes are kept.
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
    archive: Archive | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did. `visits` in the order of the configuration; `states` of every source, visited or not."""

    visits: tuple[Visit, ...]
    states: Mapping[str, SourceState]
    published: cycle.Published


def run(config: Config, ports: Ports, tell: Tell, only: Collection[str] = (), force: bool = False) -> Report:
    """One cycle. Raises StoreError or PublishError; a source's fault is in the report."""
    states = ports.store.states()
    chosen = schedule.due(config.sources, states, ports.clock(), only, force)
    visits = []
    for source, started, collected in _collect_all(chosen, states, config, ports, tell):
        with ports.turn():
            collected = _heeding(collected, ports.store)
            collected, changes, skips = refine(source, collected, states.get(source.id), ports)
            done = _visit_log(ports, source, started, collected, changes, skips)
            ports.store.commit(done, replace(changes, responses=_responses(collected, changes, ports)))
        log.info("visit", extra={"source": source.id, "outcome": done.outcome, "because": done.problem})
        tell(source.id, "done", done.new, done.leads)
        visits.append(done)
    with ports.turn():
        published = publish(config, ports)
    return Report(tuple(visits), ports.store.states(), published)


def _collect_all(
    chosen: tuple[Source, ...], states: Mapping[str, SourceState], config: Config, ports: Ports, tell: Tell
) -> Iterator[tuple[Source, datetime, Collected]]:
    def one(source: Source) -> tuple[datetime, Collected]:
        started = ports.clock()
        return started, collect(source, states.get(source.id), ports, tell)

    if not chosen:
        return
    with ThreadPoolExecutor(max_workers=min(config.fetch.workers, len(chosen))) as pool:
        waiting = [(source, pool.submit(one, source)) for source in chosen]
        for source, future in waiting:
            started, collected = future.result()
            yield source, started, collected


def collect(source: Source, state: SourceState | None, ports: Ports, tell: Tell) -> Collected:
    """Everything that one visit to the source brings: listings, wanted articles, articles looked at again."""
    tell(source.id, "sections", 0, len(source.sections))
    listed = visit.listings(source, state or SourceState(source.id), ports.fetcher)
    by_id = {identity.article_id(source.id, lead.ref, lead.url): lead for lead in reversed(listed.leads)}
    by_id = {id: by_id[id] for id in reversed(by_id)}  # page order; a lead seen twice counts where it stood first
    known = dict(ports.store.known(by_id))
    now = ports.clock()
    due = () if listed.hopeless else ports.store.due_checks(source.id, now, source.max_checks)
    known.update({one.id: one for one in due})
    plan = visit.plan(source, by_id, known, [one.id for one in due])
    total = len(plan.wanted)
    return visit.articles(
        source, listed, plan, known, ports.fetcher, lambda done: tell(source.id, "articles", done, total)
    )


def refine(
    source: Source, collected: Collected, state: SourceState | None, ports: Ports
) -> tuple[Collected, Changes, tuple[Skip, ...]]:
    """What the visit changes: state, verdicts, tags, stories, checks; and the visit, found drifted or not.

    Raises StoreError only.
    """
    now = ports.clock()
    verdicts, checks, skips = _verdicts(source, collected, now)
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
    unread = tuple(Skip(look.known.url, look.because) for look in collected.looks if look.outcome == "unreadable")
    new_state = _state(source, collected, state, verdicts, checks, ports)
    changes = replace(admit(verdicts, collected.known, ports), state=new_state)
    return collected, replace(changes, checks=checks), (*collected.skips, *skips, *unread)


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


def _verdicts(
    source: Source, collected: Collected, now: datetime
) -> tuple[tuple[Verdict, ...], tuple[Check, ...], tuple[Skip, ...]]:
    verdicts: dict[str, Verdict] = {}
    checks: dict[str, Check] = {}
    skips: list[Skip] = []
    for draft in collected.drafts:
        try:
            article = normalise.article(draft, source)
        except ArticleError as error:
            skips.append(Skip(draft.url, str(error)))
            if unread := collected.known.get(identity.article_id(source.id, draft.ref, draft.url)):
                checks[unread.id] = recheck.unreadable(unread, now, source.window, str(error))
            continue
        known = collected.known.get(article.id)
        verdicts[article.id] = identity.verdict(article, known, draft.lead_digest, draft.validator)
        checks[article.id] = recheck.alive(
            article.id, article.published, now, source.window, draft.validator, draft.lead_digest or None
        )
    for check in _looked(source, collected, now):
        checks.setdefault(check.article, check)
    return tuple(verdicts.values()), tuple(checks.values()), tuple(skips)


def _looked(source: Source, collected: Collected, now: datetime) -> Iterator[Check]:
    """Checks of the known articles that answered with no draft."""
    taken_down = [look for look in collected.looks if look.outcome == "withdrawn" and look.known.status == "live"]
    many = len(taken_down) > recheck.MANY
    for look in collected.looks:
        known = look.known
        if look.outcome == "unchanged":
            yield recheck.alive(known.id, known.published, now, source.window, lead_digest=look.lead_digest or None)
        elif look.outcome == "missing":
            yield recheck.missing(known, now)
        elif look.outcome == "withdrawn":
            yield recheck.withdrawn(known, now, look.because, many)
        else:
            yield recheck.unreadable(known, now, source.window, look.because)


def admit(
    verdicts: tuple[Verdict, ...],
    known: Mapping[str, Known],
    ports: Ports,
) -> Changes:
    """Tags and stories of what is new or revised, beside what the store holds around it."""
    changed = [verdict.article for verdict in verdicts if verdict.outcome != "unchanged"]
    empty = Changes(SourceState(""), verdicts)
    if not changed:
        return empty
    tagger = ports.tagger()
    tags = {article.id: tagger.tags(article) for article in changed}
    told = [_told(article, tags[article.id], known.get(article.id)) for article in changed]
    return replace(empty, tags=tags, regrouping=_regroup(told, ports.store, ports.authorities))


def _told(article: Article, tags: tuple[TagMatch, ...], known: Known | None) -> Told:
    return Told(article, tags, known.first_seen if known else article.fetched_at)


def _regroup(told: list[Told], store: Store, authorities: Mapping[str, int]) -> Regrouping:
    ids = {one.article.id for one in told}
    days = [one.article.published for one in told]
    around = store.near(min(days) - stories.WINDOW, max(days) + stories.WINDOW)
    near = [one for one in around if one.article.id not in ids]
    records = store.records(ids | {one.article.id for one in near})
    members = ids | {member for record in records for member in record.members}
    missing = members - ids - {one.article.id for one in near}
    near += store.told([known.id for known in store.known(missing).values() if known.status == "live"])
    return stories.regroup(told, near, store.links(members), records, authorities, store.edits(members))


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
        chosen={**state.chosen, **collected.chosen},
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


def _heeding(collected: Collected, store: Store) -> Collected:
    """The visit without what was taken down here meanwhile, or is told at another address: it is not stored again."""
    told = {*(_id(draft) for draft in collected.drafts), *(look.known.id for look in collected.looks)}
    down = {id for id, known in store.known(told).items() if known.status == "hidden"} if told else set()
    if not down:
        return collected
    return replace(
        collected,
        drafts=tuple(draft for draft in collected.drafts if _id(draft) not in down),
        captures=tuple(one for one in collected.captures if _id(one.draft) not in down),
        looks=tuple(look for look in collected.looks if look.known.id not in down),
        skips=(*collected.skips, *(Skip(draft.url, TAKEN_DOWN) for draft in collected.drafts if _id(draft) in down)),
    )


def _id(draft: Draft) -> str:
    return identity.article_id(draft.source, draft.ref, draft.url)


def _responses(collected: Collected, changes: Changes, ports: Ports) -> tuple[Response, ...]:
    """The answers that new and revised texts were read from, kept before the store names them."""
    changed = {(one.article.id, one.article.digest) for one in changes.verdicts if one.outcome != "unchanged"}
    found = [(_id(one.draft), one) for one in collected.captures]
    told = provenance.responses([one for one in found if (one[0], one[1].draft.digest) in changed], ports.archive)
    lost = [one.because for one in told if one.record is None and ports.archive is not None]
    if lost:
        log.warning("raw bytes of %d articles were not kept: %s", len(lost), lost[0])
    return told


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
        outcome="failed" if problem else "ok" if new or revised or gone else "unchanged",
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
    report = standing.report(config, states, last_run)
    return cycle.publish(config, ports.store, ports.writer, ports.clock(), full=full, status=report)


def bring(source: Source, drafts: Sequence[Draft], ports: Ports) -> Visit:
    """Drafts that did not come from a visit (`import`): the same refine, one transaction in the store."""
    started = ports.clock()
    ids = [identity.article_id(source.id, draft.ref, draft.url) for draft in drafts]
    known = ports.store.known(ids)
    collected = _heeding(Collected((), tuple(drafts), (), known, {}, (), None, 0, 0), ports.store)
    state = ports.store.states().get(source.id, SourceState(source.id))
    _, changes, skips = refine(source, collected, state, ports)
    done = _visit_log(ports, source, started, collected, changes, skips)
    ports.store.commit(done, replace(changes, state=state))
    return done
