"""status, serve, sources: what a person wants to see."""

import argparse
import socketserver
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

from aggregator import schedule
from aggregator.cli import wiring
from aggregator.cli.accept import accept
from aggregator.cli.add import add
from aggregator.cli.campaigns import standing, standing_lines
from aggregator.cli.check import check
from aggregator.cli.confirm import confirm
from aggregator.cli.exits import FOUND_WRONG, OK
from aggregator.cli.keys import describe
from aggregator.cli.show import MOST_WAITING, as_text, held_line, held_object
from aggregator.collect import visit
from aggregator.errors import AggregatorError
from aggregator.model import Held, SourceState, Watch
from aggregator.ports import Store
from aggregator.publish import keyring
from aggregator.publish.agreements import Ending, endings
from aggregator.publish.posted import posted
from aggregator.publish.signing import Signing
from aggregator.publish.status import MANY, health
from aggregator.publish.words import local_day
from aggregator.settings import Config, Source

BECAUSE: dict[Watch, str] = {
    "cap": "checks_a_day does not reach for them (the oldest); raise it, or shorten window",
    "late": "not seen at the source for almost three hours",
    "flapping": "the source shows now this text, now that",
}
SHOWN_HELD = 10  # quarantined texts named under a source
LATELY = timedelta(days=1)  # for so long `status` tells of raw bytes that could not be kept


def status_command(arguments: argparse.Namespace) -> int:
    """How sources, signing and agreements stand, and what waits for an editor; 1 when something is wrong or waits."""
    config = wiring.load(arguments)
    store = wiring.open_store(config, wiring.clock_of(arguments))
    try:
        states, waiting = store.states(), store.waiting(MOST_WAITING)
        unwatched, doubted = store.unwatched(), store.doubted()
        raw = _raw_state(config, store, wiring.clock_of(arguments))
        leading = standing(config, store.targets(), wiring.clock_of(arguments)())
        letters = posted(store) if config.mail else ()
    finally:
        store.close()
    held = {source.id: [one for one in waiting if one.article.source == source.id] for source in config.sources}
    signing = keyring.load(wiring.keys_folder(config))
    ending = {one.source: one for one in endings(config, local_day(wiring.clock_of(arguments)()))}
    if arguments.json:
        rows = [_state_object(source, states, held[source.id], ending.get(source.id)) for source in config.sources]
        for row in rows:
            row |= {"unwatched": unwatched.get(row["id"], {}), "doubted": doubted.get(row["id"], 0)}
        told = {"sources": rows, "signing": _signing_object(signing), "archive": raw, "campaigns": leading}
        print(as_text({**told, "letters": [asdict(one) for one in letters]}))
    else:
        for source in config.sources:
            print(_state_line(source, states.get(source.id), len(held[source.id])))
            if source.id in ending:
                print(f"{'':<17}{ending[source.id].said}")
            for line in watch_lines(unwatched.get(source.id, {}), doubted.get(source.id, 0)):
                print(f"{'':<17}{line}")
            for one in held[source.id][:SHOWN_HELD]:
                print(f"{'':<17}{held_line(one)}")
            if len(held[source.id]) > SHOWN_HELD:
                print(f"{'':<17}and {len(held[source.id]) - SHOWN_HELD} more: aggregator edit list")
        for line in standing_lines(leading):
            print(line)
        for letter in letters:
            print(f"{'(letters)':<16} {letter.said}")
        print(describe(signing))
        if raw["files"] or raw["problem"]:
            print(_raw_line(raw))
    faulty = [s for s in config.sources if s.enabled and (st := states.get(s.id)) and st.health in schedule.FAULTY]
    over = any(one.over for one in ending.values())
    denied = max(doubted.values(), default=0) > MANY
    wrong = over or denied or any(held.values()) or signing.state == "unusable" or raw["state"] == "broken"
    wrong = wrong or any(row["finding"] != "good" for row in leading)
    return FOUND_WRONG if faulty or wrong else OK


def _signing_object(signing: Signing) -> dict[str, Any]:
    key = signing.keys[-1] if signing.keys else None
    told = {"key": key.id, "since": key.starts} if key else {"key": "", "since": None}
    return {"state": signing.state, **told, "problem": signing.because}


def _raw_state(config: Config, store: Store, clock: wiring.Clock) -> dict[str, Any]:
    """How the raw archive stands: ok, off, or broken: it cannot be written, or lately could not."""
    if not config.archive.enabled:
        return {"state": "off", "files": 0, "bytes": 0, "unkept": 0, "problem": ""}
    now = wiring.archive(config, clock).state()
    unkept, because = store.unkept(clock() - LATELY)
    problem = now.problem or because
    state = "broken" if problem else "ok"
    return {"state": state, "files": now.files, "bytes": now.bytes, "unkept": unkept, "problem": problem}


def _raw_line(raw: dict[str, Any]) -> str:
    said = f"{'(raw archive)':<16} {raw['state']:<10} {raw['files']} files, {raw['bytes'] / 1e6:.1f} MB"
    lost = f"; bytes of {raw['unkept']} texts of the last day were not kept" if raw["unkept"] else ""
    return f"{said}{lost}\n{'':<17}{raw['problem']}" if raw["problem"] else said


def _state_object(
    source: Source, states: Mapping[str, SourceState], held: Sequence[Held], ending: Ending | None
) -> dict[str, Any]:
    found = states.get(source.id, SourceState(source.id))
    state = asdict(found) | {"health": health(found, len(held))}
    state.pop("validators")
    quarantined = [held_object(one) for one in held]
    named = {"id": state.pop("source"), "name": source.name, "enabled": source.enabled}
    agreement = source.agreement.model_dump(mode="json") if source.agreement else None
    warned = {"agreement": agreement, "agreement_problem": ending.said if ending else ""}
    return {**named, **state, "quarantined": quarantined, **warned}


def watch_lines(unwatched: Mapping[Watch, int], doubted: int) -> list[str]:
    """What the operator should know of articles that are not shown in full, or that their source has begun to deny."""
    told = [f"{unwatched[why]} articles by title and link only: {BECAUSE[why]}" for why in BECAUSE if why in unwatched]
    return told + ([f"{doubted} articles are denied, and asked again before they are taken down"] if doubted else [])


def _state_line(source: Source, state: SourceState | None, held: int) -> str:
    if state is None or state.last_visit is None:
        return f"{source.id:<16} never      not visited yet; run: aggregator run --only {source.id}"
    newest = f"newest article {state.newest:%Y-%m-%d %H:%M} UTC" if state.newest else "no article yet"
    since = f"since {state.since:%Y-%m-%d %H:%M} UTC" if state.since else ""
    said = f"{source.id:<16} {health(state, held):<11} {since}; {newest}"
    return f"{said}\n{'':<17}{state.cause}: {state.problem}" if state.problem else said


def serve_command(arguments: argparse.Namespace) -> int:
    """Serve the output folder on loopback until Ctrl-C."""
    config = wiring.load(arguments)
    if not (Path(config.output) / "index.html").is_file():
        raise AggregatorError(f"{config.output} holds no site yet; make one with: aggregator run")
    serve(Path(config.output), arguments.port)
    return OK


class _Quiet(SimpleHTTPRequestHandler):
    """Static files with the types that the site needs, the site's own 404 page, and no log."""

    extensions_map = {  # noqa: RUF012 - the standard library declares it so
        **SimpleHTTPRequestHandler.extensions_map,
        ".rss": "application/xml; charset=utf-8",  # of their own types Chromium shows the bare text
        ".atom": "application/xml; charset=utf-8",
        ".json": "application/json; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".svg": "image/svg+xml",
    }

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")  # payloads and loaders are read from other origins
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a preview's log is noise beside its address."""


class PreviewServer(socketserver.ThreadingTCPServer):
    """A static server on loopback."""

    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that went away; anything else is a bug and is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def preview(folder: Path, port: int) -> PreviewServer:
    """A server for the folder on 127.0.0.1, not yet serving. Raises AggregatorError when the port is taken."""
    try:
        return PreviewServer(("127.0.0.1", port), partial(_Quiet, directory=str(folder)))
    except OSError as error:
        raise AggregatorError(f"port {port}: {error.strerror}; choose another with --port, or 0 for any") from error


def serve(folder: Path, port: int) -> None:
    """Serve the folder until Ctrl-C; says where."""
    with preview(folder, port) as server:
        print(f"The site: http://127.0.0.1:{server.server_address[1]}/   (Ctrl-C ends it)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


def sources_command(arguments: argparse.Namespace) -> int:
    """`sources list`, `sources check ID|URL`, `sources add URL` or `sources accept ID`."""
    if arguments.action == "add":
        known = wiring.load(arguments) if arguments.config.is_file() else Config(sources=())
        return add(known, arguments.url, arguments.save)
    config = wiring.load(arguments)
    if arguments.action == "accept":
        return accept(config, wiring.clock_of(arguments), arguments.id, arguments.why)
    if arguments.action == "confirm":
        return confirm(config, arguments)
    return _list(config) if arguments.action == "list" else check(config, arguments.id, arguments.save)


def _list(config: Config) -> int:
    store = wiring.open_store(config, wiring.wall_clock)
    try:
        states = store.states()
    finally:
        store.close()
    for source in config.sources:
        state = states.get(source.id, SourceState(source.id))
        off = "" if source.enabled else " (off)"
        print(f"{source.id:<16} {source.kind:<11} {state.health:<9} {source.name}{off}")
        for section in source.sections:
            print(f"    {visit.section_key(section)}  {section.name}")
    return OK
