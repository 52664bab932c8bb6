"""run, publish, schedule."""

import argparse
import signal
import sys
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from aggregator import pipeline, schedule
from aggregator.cli import wiring
from aggregator.cli.campaigns import news_line
from aggregator.cli.exits import FOUND_WRONG, OK, USAGE
from aggregator.cli.show import as_text, held_object, progress, say
from aggregator.errors import AggregatorError
from aggregator.model import SourceState
from aggregator.settings import Config


def run_command(arguments: argparse.Namespace) -> int:
    """One cycle. Exit 1 when a chosen source is broken, blocked or drifted after it."""
    config = wiring.load(arguments)
    unknown = [id for id in arguments.only if config.source(id) is None]
    if unknown:
        known = ", ".join(source.id for source in config.sources)
        print(f"aggregator run: --only {unknown[0]}: no such source; there are {known}", file=sys.stderr)
        return USAGE
    with wiring.lock(config):
        report = cycle(config, wiring.clock_of(arguments), arguments.only, arguments.force, bar=not arguments.json)
    if arguments.json:
        print(as_text(report_object(report)))
    else:
        say(config, report, faulty(config, report, arguments.only), sys.stdout.isatty())
    return exit_code(config, report, arguments.only)


def cycle(
    config: Config, clock: wiring.Clock, only: Collection[str] = (), force: bool = False, *, bar: bool = True
) -> pipeline.Report:
    """What one run did, under a lock that the caller holds; with a progress bar where there is a terminal."""
    with wiring.ports(config, clock) as ports, progress(config, quiet=not bar) as tell:
        return pipeline.run(config, ports, tell, only, force)


def exit_code(config: Config, report: pipeline.Report, only: Collection[str] = ()) -> int:
    """0, or 1 when one of the chosen sources is at fault now, or letters wait for a mail server."""
    return FOUND_WRONG if report.mailed.down or faulty(config, report, only) else OK


def faulty(config: Config, report: pipeline.Report, only: Collection[str] = ()) -> tuple[SourceState, ...]:
    """Those of the chosen enabled sources that are at fault now, visited this time or not."""
    chosen = [source.id for source in config.sources if source.enabled and (not only or source.id in only)]
    states = [report.states[id] for id in chosen if id in report.states]
    return tuple(state for state in states if state.health in schedule.FAULTY)


def report_object(report: pipeline.Report) -> dict[str, Any]:
    """What run --json prints: what was asked of all sites together, visits, the sources' states, what was published."""
    states = [
        {key: value for key, value in asdict(state).items() if key != "validators"} for state in report.states.values()
    ]
    return {
        "requests": sum(visit.requests for visit in report.visits),
        "bytes": sum(visit.bytes for visit in report.visits),
        "visits": [asdict(visit) for visit in report.visits],
        "sources": states,
        "published": asdict(report.published),
        "mailed": {
            "sent": report.mailed.sent,
            "waiting": report.mailed.waiting,
            "refused": len(report.mailed.refused),
            "unknown": len(report.mailed.unknown),
            "problems": report.mailed.problems,
        },
        "targets": [asdict(one) for one in report.targets],
        "quarantined": [held_object(held) for held in report.held],
    }


def publish_command(arguments: argparse.Namespace) -> int:
    """Write what changed without visiting a source; what campaigns lead to is looked at all the same."""
    config = wiring.load(arguments)
    with wiring.lock(config), wiring.ports(config, wiring.clock_of(arguments)) as ports:
        news = pipeline.lead(config, ports)
        with ports.turn():
            done = pipeline.publish(config, ports, full=arguments.full)
        told = [news_line(one, config, ports.clock()) for one in news]
    for line in told:
        print(line, file=sys.stderr)
    for note in done.notes:
        print(f"publish: {note}", file=sys.stderr)
    if sys.stdout.isatty():
        print(f"{len(done.written)} files written, {len(done.removed)} removed in {config.output}")
    return OK


def schedule_command(arguments: argparse.Namespace) -> int:
    """Run whenever a source is due, until SIGTERM or Ctrl-C; a cycle in progress is finished first."""
    from aggregator import daemon

    config = wiring.load(arguments)

    def once() -> None:
        with wiring.lock(config):
            report = cycle(config, wiring.wall_clock)
        say(config, report, (), sys.stdout.isatty())

    def tell(error: AggregatorError) -> None:
        print(f"aggregator schedule: {error}", file=sys.stderr, flush=True)

    service = daemon.Service(once, arguments.every, tell)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: service.stop())
    if sys.stderr.isatty():
        print(f"{len(config.sources)} sources, a look every {arguments.every} s; Ctrl-C ends it", file=sys.stderr)
    service.run()
    return OK
