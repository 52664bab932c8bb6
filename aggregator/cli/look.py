"""status, serve, sources: what a person wants to see."""

import argparse
import socketserver
import sys
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

from aggregator import schedule
from aggregator.cli import wiring
from aggregator.cli.exits import FOUND_WRONG, OK, USAGE
from aggregator.cli.show import as_text
from aggregator.collect import discover, visit
from aggregator.errors import AggregatorError, ArticleError, SourceError
from aggregator.model import Lead, Page, SourceState, Validator
from aggregator.operate.transfer import tag_object
from aggregator.ports import Fetcher
from aggregator.refine import normalise
from aggregator.settings import Config, Section, Source


def status_command(arguments: argparse.Namespace) -> int:
    """The health of every source; 1 when one is at fault."""
    config = wiring.load(arguments)
    store = wiring.open_store(config, wiring.clock_of(arguments))
    try:
        states = store.states()
    finally:
        store.close()
    if arguments.json:
        print(as_text({"sources": [_state_object(config, source, states) for source in config.sources]}))
    else:
        for source in config.sources:
            print(_state_line(source, states.get(source.id)))
    faulty = [s for s in config.sources if s.enabled and (st := states.get(s.id)) and st.health in schedule.FAULTY]
    return FOUND_WRONG if faulty else OK


def _state_object(config: Config, source: Source, states: Mapping[str, SourceState]) -> dict[str, Any]:
    state = asdict(states.get(source.id, SourceState(source.id)))
    state.pop("validators")
    return {"id": state.pop("source"), "name": source.name, "enabled": source.enabled, **state}


def _state_line(source: Source, state: SourceState | None) -> str:
    if state is None or state.last_visit is None:
        return f"{source.id:<16} never      not visited yet; run: aggregator run --only {source.id}"
    newest = f"newest article {state.newest:%Y-%m-%d %H:%M} UTC" if state.newest else "no article yet"
    since = f"since {state.since:%Y-%m-%d %H:%M} UTC" if state.since else ""
    said = f"{source.id:<16} {state.health:<10} {since}; {newest}"
    return f"{said}\n{'':<17}{state.cause}: {state.problem}" if state.problem else said


def serve_command(arguments: argparse.Namespace) -> int:
    """Serve the output folder on loopback until Ctrl-C."""
    config = wiring.load(arguments)
    serve(Path(config.output), arguments.port)
    return OK


class _Quiet(SimpleHTTPRequestHandler):
    """Static files with the types that the site needs, the site's own 404 page, and no log."""

    extensions_map = {  # noqa: RUF012 - the standard library declares it so
        **SimpleHTTPRequestHandler.extensions_map,
        ".rss": "application/rss+xml; charset=utf-8",
        ".atom": "application/atom+xml; charset=utf-8",
        ".json": "application/json; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".svg": "image/svg+xml",
        ".xsl": "text/xsl; charset=utf-8",
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
    """`sources list` or `sources check ID`."""
    config = wiring.load(arguments)
    return _list(config) if arguments.action == "list" else _check(config, arguments.id)


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


def _check(config: Config, id: str) -> int:
    source = config.source(id)
    if source is None:
        known = ", ".join(one.id for one in config.sources)
        print(f"aggregator sources check: {id}: no such source; there are {known}", file=sys.stderr)
        return USAGE
    with wiring.fetching(config, wiring.wall_clock) as fetcher:
        good = [_check_section(source, section, fetcher) for section in source.sections]
    return OK if all(good) else FOUND_WRONG


def _check_section(source: Source, section: Section, fetcher: Fetcher) -> bool:
    """Fetch one section and its first article; print each step. True when all of it worked."""
    request = discover.section_request(source, section, Validator())
    print(f"{section.name or visit.section_key(section)}\n  {request.method} {request.url}")
    try:
        answer = fetcher.fetch(request, source)
        if not isinstance(answer, Page):
            raise SourceError("gone", f"answers {getattr(answer, 'status', 304)}", request.url)
        print(f"  {answer.status}, {len(answer.body)} bytes, {answer.header('content-type')}")
        listing = discover.read_leads(source, section, answer)
        print(f"  reader {source.kind}: {len(listing.leads)} leads, {len(listing.skips)} skipped")
        for skip in listing.skips[:3]:
            print(f"    skipped {skip.url}: {skip.because}")
        return _check_article(source, listing.leads[0], fetcher) if listing.leads else True
    except SourceError as error:
        print(f"  WRONG {error.cause}: {error}")
        return False


def _check_article(source: Source, lead: Lead, fetcher: Fetcher) -> bool:
    """Fetch the first lead's article; print what was read field by field, and its tags with their words."""
    try:
        answer = fetcher.fetch(lead.request, source)
        if not isinstance(answer, Page):
            raise ArticleError(f"answers {getattr(answer, 'status', 304)}", lead.url)
        article = normalise.article(discover.read_article(source, answer, lead), source)
    except ArticleError as error:
        print(f"  WRONG first article {lead.url}: {error}")
        return False
    print(f"  first article {article.url}\n    title      {article.title}\n    lead       {article.lead}")
    print(
        f"    author     {article.author}\n    published  {article.published:%Y-%m-%d %H:%M} UTC ({article.precision})"
    )
    print(f"    text       {len(article.text)} characters, {len(article.images)} images")
    for doubt in article.doubts:
        print(f"    doubt      {doubt}")
    for tag in wiring.tagger().tags(article):
        words = ", ".join(f"{e['field']}: “{e['text']}”" for e in tag_object(tag)["evidence"])
        print(f"    tag        {tag.key} ({words})")
    return True
