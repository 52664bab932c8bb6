"""Agreements that end: whoever keeps the site hears of it a month before, and until it is settled. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from aggregator.settings import Config, Mode, Source

AHEAD = timedelta(days=30)  # time to have a paper signed again


@dataclass(frozen=True, slots=True)
class Ending:
    """An agreement that ends soon, or has: `said` names source, day, what follows and what to type."""

    source: str
    number: str
    ends: date
    over: bool
    said: str


def endings(config: Config, today: date) -> tuple[Ending, ...]:
    """Agreements of enabled sources that end within 30 days or have ended, in the order of the configuration."""
    return tuple(_endings(config, today))


def _endings(config: Config, today: date) -> Iterator[Ending]:
    for index, source in enumerate(config.sources):
        agreement = source.agreement
        if not source.enabled or agreement is None or agreement.scope == "link" or today + AHEAD < agreement.ends:
            continue
        over = agreement.ends < today
        said = _said(source, index, today, config.site.mode)
        yield Ending(source.id, agreement.number, agreement.ends, over, said)


def _said(source: Source, index: int, today: date, mode: Mode) -> str:
    agreement = source.agreement
    assert agreement is not None
    days = (agreement.ends - today).days
    left = "title, source, time and link" if mode == "public" else "title and lead"
    when = f"ended on {agreement.ends}" if days < 0 else f"ends on {agreement.ends}, {_in_days(days)}"
    key = f"sources[{index}].agreement"
    return (
        f"{source.id}: agreement {agreement.number!r} {when}; without it only {left} are shown: "
        f"write the new number and days at {key} in sources.yaml, or take {key} out"
    )


def _in_days(days: int) -> str:
    return "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
