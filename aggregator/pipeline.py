"""READ FIRST. The order of the steps, and nothing else. What a step does with the store stands in steps/.

    run():   for every source that is due   attend() -> refine() -> one transaction in the store
             (look_again() where only re-checks are due)
             then                           lead() -> watching.keep() -> publish() -> mail()

Collecting runs in threads, one a source, and no further ahead than memory allows; refining and storing run here, in
the order of the configuration, so that two runs over the same answers leave the same bytes. What refines articles is
imported when the first one has come: most runs bring none.
"""

import logging
from collections import deque
from collections.abc import Collection, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from aggregator import schedule
from aggregator.collect import visit
from aggregator.collect.looking import Over
from aggregator.collect.visit import Collected
from aggregator.errors import SourceError, contained
from aggregator.model import Changes, Draft, Held, Mailed, Skip, SourceState, TargetState, Visit
from aggregator.publish import cycle
from aggregator.publish import status as standing
from aggregator.publish.posted import posted
from aggregator.settings import Config, Source
from aggregator.steps import going_live, sweeping, watching
from aggregator.steps.ahead import Ahead
from aggregator.steps.attending import attend, look_again
from aggregator.steps.neighbours import Ports as Ports
from aggregator.steps.neighbours import Tell as Tell
from aggregator.steps.standing import state_of, visit_log
from aggregator.steps.watching import Shortened

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did. `visits` in the order of the configuration; `states` of every source, visited or not.

    `held` are the texts that it began to keep from readers, `shortened` the sources whose window it began to shorten;
    `doubted` counts, by visited source, the articles that stand here until further looks agree that they are gone.
    `mailed`: the letters that it sent. `targets`: what campaigns lead to, where that stands otherwise than before.
    """

    visits: tuple[Visit, ...]
    states: Mapping[str, SourceState]
    published: cycle.Published
    held: tuple[Held, ...] = ()
    shortened: tuple[Shortened, ...] = ()
    doubted: Mapping[str, int] = field(default_factory=dict)
    mailed: Mailed = field(default_factory=Mailed)
    targets: tuple[TargetState, ...] = ()


def run(config: Config, ports: Ports, tell: Tell, only: Collection[str] = (), force: bool = False) -> Report:
    """One cycle. Raises StoreError or PublishError; a source's fault is in the report."""
    visits, held = gather(config, ports, tell, only, force)
    targets = lead(config, ports)
    with ports.turn():
        shortened = watching.keep(config, ports)
        published = publish(config, ports)
    visited = {visit.source for visit in visits}
    doubted = {source: count for source, count in ports.store.doubted().items() if source in visited}
    mailed = mail(config, ports)
    return Report(visits, ports.store.states(), published, held, shortened, doubted, mailed, targets)


def gather(
    config: Config, ports: Ports, tell: Tell, only: Collection[str] = (), force: bool = False
) -> tuple[tuple[Visit, ...], tuple[Held, ...]]:
    """The first half of a cycle: visit what is due, and store what it brings; the visits, and what is held since.

    Raises StoreError.
    """
    states, ports = ports.store.states(), replace(ports, beside=watching.beside(config))
    chosen = schedule.due(config.sources, states, ports.clock(), only, force)
    asked = {source.id for source in chosen}
    idle = watching.idle(config, states, chosen, ports)
    chosen += tuple(source for source in idle if not only or source.id in only)
    visits: list[Visit] = []
    held: list[Held] = []
    with sweeping.seldom(), closing(_collect_all(chosen, asked, states, config, ports, tell)) as collecting:
        for source, started, collected in collecting:
            with ports.turn():
                collected, changes, skips = _refined(source, collected, states.get(source.id), ports)
                done = visit_log(ports, source, started, collected, changes, skips)
                ports.store.commit(done, changes)
                ports.remembered.settle(ports.store.mark)
            log.info("visit", extra={"source": source.id, "outcome": done.outcome, "because": done.problem})
            tell(source.id, "done", done.new, done.leads)
            visits.append(done)
            held += [one for one in changes.held if one.state == "held"]
            del collected, changes  # whole texts: the next visit needs the room
    return tuple(visits), tuple(held)


def _collect_all(
    chosen: tuple[Source, ...],
    asked: Collection[str],
    states: Mapping[str, SourceState],
    config: Config,
    ports: Ports,
    tell: Tell,
) -> Generator[tuple[Source, datetime, Collected], None, None]:
    ahead = Ahead()

    def one(number: int, source: Source) -> tuple[datetime, Collected]:
        ahead.begin(number)
        started = ports.clock()
        timed = replace(ports, over=_over(ports, started, config.fetch.visit))
        collected = _attended(source, states.get(source.id), source.id in asked, timed, tell)
        ahead.ended(len(collected.drafts))
        return started, collected

    if not chosen:
        return
    with ThreadPoolExecutor(max_workers=min(config.fetch.workers, len(chosen))) as pool:
        waiting = deque((source, pool.submit(one, number, source)) for number, source in enumerate(chosen))
        try:
            while waiting:
                source, future = waiting.popleft()
                started, collected = future.result()
                del future  # it holds the visit
                drafts = len(collected.drafts)
                yield source, started, collected
                del collected
                ahead.taken(drafts)
        finally:  # nothing waits when all went well
            ahead.over()
            pool.shutdown(wait=False, cancel_futures=True)


def _over(ports: Ports, started: datetime, longest: timedelta) -> Over:
    """Tells whether a share of the time of a visit that started then is spent."""
    return lambda share: ports.clock() - started >= longest * share


def _attended(source: Source, state: SourceState | None, asked: bool, ports: Ports, tell: Tell) -> Collected:
    """The visit, of known articles alone unless its sections are `asked`.

    A bug that a source's pages bring out fails that visit, and no other.
    """
    before = ports.fetcher.spent(source.id)
    try:
        with contained(partial(SourceError, "internal", url=source.home), f"the visit to {source.id}"):
            if asked or state is None:
                return attend(source, state, ports, tell)
            return look_again(source, state, ports, tell)
    except SourceError as fault:
        return visit.failed(source, state or SourceState(source.id), fault, ports.fetcher, before)


def _refined(
    source: Source, collected: Collected, state: SourceState | None, ports: Ports
) -> tuple[Collected, Changes, tuple[Skip, ...]]:
    """What the visit changes; nothing but the source's state where a bug is met in its texts."""
    try:
        with contained(partial(SourceError, "internal", url=source.home), f"texts of {source.id}"):
            return refine(source, collected, state, ports)
    except SourceError as fault:
        state = state or SourceState(source.id)
        failed = Collected((), (), (), {}, {}, (), fault, collected.requests, collected.bytes, chosen=state.chosen)
        return failed, Changes(state_of(source, failed, state, (), (), ports)), ()


def refine(
    source: Source, collected: Collected, state: SourceState | None, ports: Ports
) -> tuple[Collected, Changes, tuple[Skip, ...]]:
    """What the visit changes: state, verdicts, tags, stories, checks; and the visit, found drifted or not.

    Raises StoreError only.
    """
    if collected.brought_nothing:
        new_state = state_of(source, collected, state or SourceState(source.id), (), (), ports)
        return collected, Changes(new_state), collected.skips
    from aggregator.steps import refining

    return refining.refine(source, collected, state, ports)


def lead(config: Config, ports: Ports) -> tuple[TargetState, ...]:
    """Look at what campaigns lead to, where that is due; those that stand otherwise. Raises StoreError only."""
    if not any(campaign.link_verified for campaign in config.campaigns):
        return ()
    from aggregator.steps import targets

    return targets.keep(config, ports)


def mail(config: Config, ports: Ports) -> Mailed:
    """Send the letters that publishing composed; an editor's word does not wait for it. Raises StoreError only."""
    if config.mail is None or config.mail.smtp is None:
        return Mailed()
    from aggregator.steps import mailing

    return mailing.send(config, ports)


def publish(config: Config, ports: Ports, full: bool = False) -> cycle.Published:
    """Write what changed. Raises StoreError or PublishError; output/ is whole either way."""
    lacks = lacking(config, ports)
    config = going_live.held_back(config, lacks)
    states = ports.store.states()
    last_run = max((state.last_visit for state in states.values() if state.last_visit), default=None)
    held, unwatched = ports.store.held_by_source(), ports.store.unwatched()
    report = standing.report(config, states, last_run, held=held, unwatched=unwatched, doubted=ports.store.doubted())
    if config.mail is not None:
        report = replace(report, letters=posted(ports.store))
    done = cycle.publish(
        config, ports.store, ports.writer, ports.clock(), full=full, status=report, signing=ports.signing
    )
    waits = tuple(f"the site stays a preview: {one}" for one in lacks)
    return replace(done, notes=(*waits, *done.notes))


def lacking(config: Config, ports: Ports) -> tuple[str, ...]:
    """What a public site lacks, each with what to type; nothing is asked for a site that is no public one."""
    if config.site.mode != "public":
        return ()
    confirmed = ports.store.confirmed()
    enough = all(confirmed.get(one.id, 0) >= going_live.CONFIRMED for one in config.sources if one.enabled)
    return going_live.lacking(config, confirmed, {} if enough else ports.store.standing(), ports.signing.state)


def bring(source: Source, drafts: Sequence[Draft], ports: Ports) -> Visit:
    """Drafts that did not come from a visit (`import`): the same refine, one transaction in the store."""
    from aggregator.refine import identity

    started = ports.clock()
    ids = [identity.article_id(source.id, draft.ref, draft.url) for draft in drafts]
    known = ports.store.known(ids)
    collected = Collected((), tuple(drafts), (), known, {}, (), None, 0, 0)
    state = ports.store.states().get(source.id, SourceState(source.id))
    with ports.turn():
        _, changes, skips = refine(source, collected, state, ports)
        done = visit_log(ports, source, started, collected, changes, skips)
        ports.store.commit(done, replace(changes, state=state))
        ports.remembered.settle(ports.store.mark)
    return done
