"""How a source stands after a visit, and the line that the visit leaves in the log."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator import schedule
from aggregator.collect.visit import Collected
from aggregator.model import Changes, Check, Known, Skip, SourceState, Verdict, Visit
from aggregator.ports import Store
from aggregator.settings import Source
from aggregator.steps.neighbours import Ports

LATELY = timedelta(days=7)  # articles whose times tell how often a source publishes


def state_of(
    source: Source,
    collected: Collected,
    state: SourceState,
    verdicts: tuple[Verdict, ...],
    checks: tuple[Check, ...],
    ports: Ports,
) -> SourceState:
    """The source's state after the visit, with its next one. Raises StoreError."""
    if not collected.asked and collected.problem is None:
        return state  # what its sections say, and when they are asked, is as it was
    now = ports.clock()
    dated = [verdict.article.published for verdict in verdicts if verdict.article.precision != "none"]
    kept = replace(
        state,
        validators={**state.validators, **collected.validators},
        chosen={**state.chosen, **collected.chosen} if source.kind == "auto" else collected.chosen,
    )
    newest = [state.newest] if state.newest else []  # a source that fell silent long ago has no articles to check soon
    if collected.problem is None:
        wait = schedule.interval(source, [*dated, *newest, *_lately(source, ports.store, now)], now)
        return schedule.succeeded(source, kept, now, max(dated, default=None), wait)
    return schedule.failed(source, kept, now, collected.problem, chance=ports.chance(), partly=collected.partly)


def _lately(source: Source, store: Store, now: datetime) -> list[datetime]:
    """Times of the source's articles of the last days; none are asked for where the interval is always the same."""
    found = store.between(source.id, now - LATELY, now) if source.at_most else ()
    return [known.published for known in found]


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
        checks=collected.checks,
    )


def _is_news(check: Check, known: Mapping[str, Known]) -> bool:
    """Whether the check takes down what stood until now."""
    return check.status in {"withdrawn", "suspended"} and known[check.article].status == "live"
