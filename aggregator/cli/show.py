"""What a person sees of a run: a progress bar on a terminal, one line a source, nothing when nothing is to say."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from aggregator.cli.advice import advice
from aggregator.cli.campaigns import news_line
from aggregator.model import Held, Mailed, SourceState, Visit
from aggregator.pipeline import Report, Tell
from aggregator.publish.status import MANY
from aggregator.settings import Config
from aggregator.steps.watching import Shortened

SHOWN_SKIPS = 3
SHOWN_THING = 80  # characters of each thing that was seen
MOST_WAITING = 10_000  # held texts that are read to be told of; a burst is a few hundred
NAMED = 20  # addresses named one by one
SHOWN_HELD = 20  # quarantined texts named after a run; a burst brings hundreds


@contextmanager
def progress(config: Config, quiet: bool = False) -> Iterator[Tell]:
    """A progress bar a source on a terminal; a function that says nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[what]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        names = {source.id: source.label for source in config.sources}
        yield _teller(bar.add_task, bar.update, names)


def _teller(add: Callable[..., int], update: Callable[..., None], names: dict[str, str]) -> Tell:
    tasks: dict[str, int] = {}

    def tell(source: str, what: str, done: int, total: int) -> None:
        if source not in tasks:
            tasks[source] = add(names.get(source, source), total=total, what=what)
        if what == "done":
            update(tasks[source], what="refined", total=1, completed=1)
        else:
            update(tasks[source], what=what, completed=done, total=total)

    return tell


def as_text(value: Any, indent: int | None = None) -> str:
    """The value as JSON, times in ISO 8601. Raises TypeError for what JSON cannot tell."""
    return json.dumps(value, ensure_ascii=False, indent=indent, default=datetime.isoformat)


def say(config: Config, report: Report, faulty: Sequence[SourceState], talk: bool) -> None:
    """Print the run: everything when we may talk, otherwise only what went wrong (cron mails what is printed).

    `faulty` are the sources at fault; of those that were not visited this time it says so.
    """
    for visit in report.visits:
        if visit.outcome == "failed":
            print(fault_line(visit.source, visit.cause, visit.problem), file=sys.stderr)
        elif talk:
            print(visit_line(config, visit))
            for skip in visit.skips[:SHOWN_SKIPS]:
                print(f"    skipped {skip.url}: {skip.because}")
    for one in report.held[:SHOWN_HELD]:
        print(held_line(one), file=sys.stderr)
    if len(report.held) > SHOWN_HELD:
        print(f"and {len(report.held) - SHOWN_HELD} more quarantined: aggregator edit list", file=sys.stderr)
    for source, count in report.doubted.items():
        if count > MANY:
            print(doubted_line(source, count), file=sys.stderr)
    for short in report.shortened:
        print(shortened_line(config, short), file=sys.stderr)
    visited = {visit.source for visit in report.visits}
    for state in faulty:
        if state.source not in visited:
            print(waiting_line(state), file=sys.stderr)
    for note in report.published.notes:
        print(f"publish: {note}", file=sys.stderr)
    for target in report.targets:
        print(news_line(target, config, target.checked_at), file=sys.stderr)
    for line in mailed_lines(report.mailed):
        print(line, file=sys.stderr)
    if talk:
        print(summary_line(config, report))


def mailed_lines(mailed: Mailed) -> Iterator[str]:
    """What a person should hear of: who is refused, of whom nobody knows, what is wrong with list or server."""
    for address, because in mailed.refused[:NAMED]:
        yield f"mail: {address} is refused ({because}); correct it or take it off the list"
    if len(mailed.refused) > NAMED:
        yield f"mail: and {len(mailed.refused) - NAMED} more are refused: aggregator mail --dry-run"
    if mailed.unknown:
        names = ", ".join(mailed.unknown[:NAMED])
        yield (
            f"mail: whether {len(mailed.unknown)} letters arrived is not known ({names}); they are not sent again by "
            "themselves: aggregator mail --again"
        )
    yield from (f"mail: {problem}" for problem in mailed.problems)


def visit_line(config: Config, visit: Visit) -> str:
    """One line about a visit that was answered."""
    source = config.source(visit.source)
    name = source.label if source else visit.source
    counts = [
        f"{visit.new} new",
        f"{visit.revised} revised",
        f"{visit.withdrawn} withdrawn",
        f"{len(visit.skips)} skipped",
    ]
    said = ", ".join(count for count in counts if not count.startswith("0 ")) or "nothing new"
    return f"{name:<28} {said} ({visit.leads} leads, {visit.requests} requests, {visit.bytes / 1000:.0f} kB)"


def fault_line(source: str, cause: str, problem: str) -> str:
    """One line about a visit that failed, and what to do about it."""
    told, todo = " ".join(problem.split()), advice(cause, source)
    return f"{source}: {cause}: {told}" + (f" -- {todo}" if todo else "")


def doubted_line(source: str, count: int) -> str:
    """One line about many articles that a source has begun to deny."""
    return (
        f"{source}: denies {count} articles that stand here; each is asked again within the hour and taken down when "
        "the answers agree and others are served. If its site is well, look at it: aggregator status"
    )


def shortened_line(config: Config, short: Shortened) -> str:
    """One line about a source whose window the cap shortens."""
    found = config.source(short.source)
    cap = found.checks_a_day if found else 0
    return (
        f"{short.source}: checks_a_day ({cap:,}) does not reach for its window: articles up to "
        f"{short.since:%Y-%m-%d %H:%M} UTC are told by title and link; raise it, or shorten window"
    )


def held_line(held: Held) -> str:
    """One line about a text that is kept from readers until an editor decides."""
    article, because = held.article, "; ".join(held.because)
    urgent = "URGENT, told by its title only; " if held.urgent else ""
    seen = ", ".join(thing[:SHOWN_THING] for thing in held.seen)
    told = f"{article.source}: quarantined {article.id} {article.url} ({urgent}{because}: {seen}); "
    plain = "".join(sign if sign.isprintable() else " " for sign in told)  # an intruder's words reach a terminal here
    return f"{plain}if it is the source's own: aggregator edit release {article.id} --why ..."


def held_object(held: Held) -> dict[str, Any]:
    """The same for programs."""
    article = held.article
    told = {name: getattr(held, name) for name in ("score", "because", "seen", "urgent", "at", "state")}
    return {"id": article.id, "source": article.source, "url": article.url, "title": article.title, **told}


def waiting_line(state: SourceState) -> str:
    """One line about a source at fault that was not due."""
    when = f"{state.next_visit:%H:%M} UTC" if state.next_visit else "the next run"
    return (
        f"{state.source}: {state.health} since {state.since:%Y-%m-%d %H:%M} UTC ({state.cause}); tried again at {when}"
    )


def summary_line(config: Config, report: Report) -> str:
    """What was published."""
    done = report.published
    if not report.visits:
        first = "No source is due."
    elif all(visit.outcome == "unchanged" for visit in report.visits):
        first = "Nothing new."
    else:
        first = f"{sum(visit.new for visit in report.visits)} new articles."
    asked = sum(visit.requests for visit in report.visits)
    written = f"{len(done.written)} files written, {len(done.removed)} removed in {config.output}"
    return f"{first} {written}" + (f"; {asked} requests sent" if report.visits else "")
