"""notice: emergency notices; two people put one up, one lifts or corrects it, and the pages follow at once."""

import argparse
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from aggregator import pipeline
from aggregator.cli import notice_keys, wiring
from aggregator.cli.exits import FOUND_WRONG, OK
from aggregator.cli.show import as_text
from aggregator.errors import NoticeError
from aggregator.model import AlertArea, AlertText
from aggregator.pipeline import Ports
from aggregator.publish import addresses
from aggregator.publish.alerts import Alert, standing
from aggregator.publish.emergency import DRILL, MARK
from aggregator.publish.signing import Signer
from aggregator.publish.words import iso, moment
from aggregator.settings import Config
from aggregator.steps import alerting
from aggregator.text import fold
from aggregator.units import find, near

EVERYWHERE = AlertArea("", "Cả nước")


def notice_command(arguments: argparse.Namespace) -> int:
    """`notice key`, `draft`, `approve`, `correct`, `lift` or `list`."""
    config = wiring.load(arguments)
    if arguments.action == "key":
        return notice_keys.make(config, arguments)
    if arguments.action == "list":
        return _list(config, arguments)
    by = notice_keys.read(arguments)
    with wiring.editing(config, wiring.clock_of(arguments)) as ports:
        alert = DEEDS[arguments.action](arguments, by, config, ports)
        published = alert.issued and pipeline.publish(config, ports)
    print(told(alert))
    print(_next(alert, config) if published else _approved_by(alert))
    return OK


def told(alert: Alert) -> str:
    """The notice whole, then who did what: what an approver reads."""
    text = alert.text
    lines = [f"notice {alert.id}  {alert.state}{'  DRILL' if text.drill else ''}"]
    if alert.because:
        lines.append(f"    is not shown: {alert.because}")
    else:
        said = (DRILL if text.drill else MARK, text.headline, *text.description.splitlines())
        orders = ("Việc cần làm:", *text.instruction.splitlines()) if text.instruction else ()
        places = f"Nơi áp dụng: {'; '.join(area.name for area in text.areas)}"
        until = f"Có hiệu lực đến {moment(text.until)}"
        lines += [f"    {line}" for line in (*said, *orders, places, text.issuer, until)]
        lines.append(f"    (for warning systems: {text.urgency}, {text.severity}, {text.certainty})")
    lines += [f"  {act.number} {act.kind:<8} {iso(act.at)}  {act.who}  key {act.key}" for act in alert.acts]
    return "\n".join(lines)


def _approved_by(alert: Alert) -> str:
    if alert.state == "lifted":
        return "the draft is dropped; nobody saw it"
    return f"nobody sees it yet; somebody else types: aggregator notice approve {alert.id} --key FILE"


def _next(alert: Alert, config: Config) -> str:
    path = addresses.DRILL if alert.text.drill else addresses.alert_path(alert.id)
    where = addresses.link(path, config.site.base_url)
    if alert.state == "lifted":
        return f"it is down, on every page and embed; {where} says so"
    return f"it is up: {where}\nto take it down: aggregator notice lift {alert.id} --key FILE --why WORDS"


def _list(config: Config, arguments: argparse.Namespace) -> int:
    clock = wiring.clock_of(arguments)
    store = wiring.open_store(config, clock)
    try:
        alerts = standing(store.acts(), config.notice.people, clock())
    finally:
        store.close()
    if arguments.json:
        print(as_text([_object(one, one.stands(clock())) for one in alerts]))
    else:
        print("\n\n".join(told(one) for one in alerts) or "there is no notice")
    return FOUND_WRONG if any(one.state == "unusable" for one in alerts) else OK


def _object(alert: Alert, stands: bool) -> dict[str, Any]:
    return {**asdict(alert), "stands": stands}


def _draft(arguments: argparse.Namespace, by: Signer, config: Config, ports: Ports) -> Alert:
    owner = config.site.owner.organisation or config.site.name
    text = AlertText(
        headline=arguments.headline,
        description=arguments.text,
        instruction=arguments.do or "",
        issuer=arguments.issuer or config.notice.issuer or owner,
        until=arguments.until.replace(microsecond=0),
        areas=areas(arguments.place),
        drill=arguments.drill,
        **_sorted(arguments),
    )
    return alerting.draft(text, by, config, ports)


def _approve(arguments: argparse.Namespace, by: Signer, config: Config, ports: Ports) -> Alert:
    return alerting.approve(arguments.id, by, config, ports)


def _correct(arguments: argparse.Namespace, by: Signer, config: Config, ports: Ports) -> Alert:
    given = {
        "headline": arguments.headline,
        "description": arguments.text,
        "instruction": arguments.do,
        "issuer": arguments.issuer,
        "until": arguments.until and arguments.until.replace(microsecond=0),
        "areas": areas(arguments.place) if arguments.place else None,
        **_sorted(arguments),
    }
    before = alerting.of(arguments.id, config, ports).text
    text = replace(before, **{name: value for name, value in given.items() if value is not None})
    return alerting.correct(arguments.id, text, arguments.why, by, config, ports)


def _lift(arguments: argparse.Namespace, by: Signer, config: Config, ports: Ports) -> Alert:
    return alerting.lift(arguments.id, arguments.why, by, config, ports)


def _sorted(arguments: argparse.Namespace) -> dict[str, Any]:
    """The words for warning systems, where they were given."""
    named = {name: getattr(arguments, name) for name in ("urgency", "severity", "certainty")}
    return {name: value for name, value in named.items() if value}


def areas(places: list[str]) -> tuple[AlertArea, ...]:
    """The units that were named. Raises NoticeError for one that is not known, or not one alone."""
    return tuple(dict.fromkeys(_area(place) for place in places))


def _area(place: str) -> AlertArea:
    if fold(place) == fold(EVERYWHERE.name):
        return EVERYWHERE
    found = find(place)
    if len(found) == 1:
        return AlertArea(found[0].code, found[0].name)
    offered = ", ".join(f"'{unit.name}' ({unit.code})" for unit in found or near(place))
    why = "names several units" if found else "is no province or commune of today"
    raise NoticeError(f"--place {place}: {why}" + (f"; write one of: {offered}" if offered else ""))


DEEDS: dict[str, Callable[[argparse.Namespace, Signer, Config, Ports], Alert]] = {
    "draft": _draft,
    "approve": _approve,
    "correct": _correct,
    "lift": _lift,
}
