"""How a source stands after a visit, and the line that the visit leaves in the log."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator import schedule
from aggregator.collect.visit import Collected
from aggregator.model import Changes, Check, Known, Skip, SourceState, Verdict, Visit
from aggregator.ports import Store
from aggregator.refine import recheck
from aggregator.settings import Source
from aggregator.steps.neighbours import Ports

SOON = 500  # articles whose next checks are looked at for the time of the next visit


def state_of(
    source: Source,
    collected: Collected,
    state: SourceState,
    verdicts: tuple[Verdict, ...],
    checks: tuple[Check, ...],
    ports: Ports,
) -> SourceState:
    """The source's state after the visit, with its next one. Raises StoreError."""
    now = ports.clock()
    dated = [verdict.article.published for verdict in verdicts if verdict.article.precision != "none"]
    kept = replace(
        state,
        validators={**state.validators, **collected.validators},
        chosen={**state.chosen, **collected.chosen} if source.kind == "auto" else collected.chosen,
    )
    newest = [state.newest] if state.newest else []  # a source that fell silent long ago has no articles to check soon
    if collected.problem is None:
        wait = _wait(source, [*dated, *newest], checks, ports.store, now) if source.at_most else None
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


def visit_log(
    ports: Ports, source: Source, started: datetime, collected: Collected, changes: Changes, skips: tuple[Skip, ...]
) -> Visit:
    """The visit as the log keeps it; it ends now."""
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
