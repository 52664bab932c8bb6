"""What a visit changes in the store: the order in which its drafts are judged, tagged and grouped."""

from collections.abc import Mapping
from dataclasses import replace

from aggregator.collect import profile, visit
from aggregator.collect.visit import Collected
from aggregator.errors import SourceError
from aggregator.model import Changes, Check, Draft, Held, Known, Learned, Skip, SourceState, TagMatch, Verdict
from aggregator.refine import compromise, quarantine, recheck, sparing
from aggregator.refine.compromise import Habits
from aggregator.settings import Source
from aggregator.steps import grouping, provenance, reading, standing
from aggregator.steps.neighbours import Ports


def refine(
    source: Source, collected: Collected, state: SourceState | None, ports: Ports
) -> tuple[Collected, Changes, tuple[Skip, ...]]:
    """What the visit changes: state, verdicts, tags, stories, checks; and the visit, found drifted or not.

    Raises StoreError only.
    """
    habits = compromise.usual(ports.store.learned(source.id))
    collected, read = reading.rejoined(source, collected, reading.read(source, collected, habits, ports), ports)
    read = reading.heeding(read, ports.store)
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
    tags = grouping.tagged(grouping.changed(verdicts), ports)
    if collected.requests:  # an import brings many at once, and is no burst
        verdicts, checks, tags, strays = _without_strays(verdicts, checks, tags, read.drafts, habits, collected, ports)
        held = (*held, *strays)
    unread = tuple(Skip(look.known.url, look.because) for look in collected.looks if look.outcome == "unreadable")
    new_state = standing.state_of(source, collected, state, verdicts, checks, ports)
    learned = Learned() if drifted else quarantine.learned(verdicts, tags, read.drafts)
    changes = replace(grouping.admit(verdicts, tags, collected.known, ports), state=new_state)
    changes = replace(changes, checks=checks, held=held, learned=learned, watch=read.watch)
    changes = replace(changes, responses=provenance.answers(collected, changes, ports))
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
    now, kept = ports.clock(), [known[id] for id in sorted(left.kept)]
    again = [recheck.unreadable(one, now, recheck.window_of(one, source.window), because) for one in kept]
    return left.verdicts, (*(check for check in checks if check.article not in gone), *again), left.skips


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
    changed = grouping.tagged([article for article in grouping.changed(left) if article.id in strays], ports)
    return tuple(left), checks, {**tags, **changed}, tuple(strays.values())
