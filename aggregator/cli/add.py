"""sources add: what an address would be as a source, as lines for sources.yaml. Nothing is stored."""

import json
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from aggregator.cli import cases, wiring
from aggregator.cli.exits import FOUND_WRONG, OK, USAGE
from aggregator.collect import asking, trail, visit
from aggregator.collect.trail import Choice, Tried
from aggregator.errors import SourceError
from aggregator.model import Lead, Page
from aggregator.refine import sanitise
from aggregator.settings import Config, Section, Source
from aggregator.text import ascii_host, slug

SAMPLES = 3  # leads shown of a proposal
TWINS = ("www.", "m.")  # hosts that show the same articles
LINE = 160  # characters of a title in a comment


def add(config: Config, url: str, folder: Path | None) -> int:
    """Print the proposal; 1 when nothing there can be read, 2 when it is no address."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        print(f"aggregator sources add: {url}: is no address; write https://host/path", file=sys.stderr)
        return USAGE
    source = stranger(url)
    try:
        choice = _choice(config, source)
    except SourceError as error:
        print(f"aggregator sources add: {url}: {error.cause}: {error}", file=sys.stderr)
        return FOUND_WRONG
    made = proposed(source, choice)
    print("\n".join(proposal(made, choice, {one.id for one in config.sources})))
    if folder:
        print(f"# saved {cases.save_listing(folder, made, made.sections[0], *choice.told[0])}")
    return OK


def _choice(config: Config, source: Source) -> Choice:
    section = source.sections[0]
    request = asking.section_request(source, section)
    with wiring.fetching(config, wiring.wall_clock) as fetcher:
        answer = fetcher.fetch(request, source)
        if not isinstance(answer, Page):
            raise SourceError("gone", f"the site answers {getattr(answer, 'status', 304)}", request.url)
        return trail.concluded(source, section, visit.explored(source, section, Tried(request, answer), fetcher))


def stranger(url: str) -> Source:
    """Settings for an address of no configured source: its own host and its twins, read by what the page is."""
    parts = urlsplit(url)
    host = ascii_host(parts.hostname or "")
    bare = next((host.removeprefix(twin) for twin in TWINS if host.startswith(twin)), host)
    hosts = tuple(dict.fromkeys((host, bare, *(f"{twin}{bare}" for twin in TWINS))))
    home, sections = f"{parts.scheme}://{parts.netloc}/", (Section(url=url),)
    return Source(id="stranger", name=host, kind="auto", home=home, hosts=hosts, sections=sections)


def proposed(source: Source, choice: Choice) -> Source:
    """The source as it would be configured: the reader found, and the hosts that its articles stand on."""
    used = {ascii_host(urlsplit(url).hostname or "") for url in (source.home, *(lead.url for lead in _leads(choice)))}
    hosts = tuple(host for host in source.hosts if host in used)
    sections = (Section(url=choice.url),)
    return source.model_copy(update={"kind": trail.family(choice), "hosts": hosts, "sections": sections})


def proposal(source: Source, choice: Choice, taken: Collection[str]) -> Iterator[str]:
    """Lines for sources.yaml, with what was found as comments before them."""
    leads = _leads(choice)
    id = _free(slug(urlsplit(source.home).hostname or "", 30), taken)
    yield f"# {_comment(choice.because)}"
    yield f"# {len(leads)} leads, the first:"
    for lead in leads[:SAMPLES]:
        yield f"#   {_comment(lead.time) or 'no time'}  {_comment(lead.title) or 'no title'}"
        yield f"#     {_comment(lead.url)}"
    yield from (f"# it announces another feed: {_comment(feed)}" for feed in choice.feeds if feed != choice.url)
    yield "# Write the agency's own name (titles of pages name others), its authority, the section's name. Then:"
    yield f"#   aggregator sources check {id}"
    yield f"  - id: {id}"
    yield f"    name: {_yaml(source.name)}"
    yield f"    kind: {source.kind}"
    yield f"    home: {_yaml(source.home)}"
    yield f"    hosts: [{', '.join(_yaml(host) for host in source.hosts)}]"
    yield "    authority: 0"
    yield "    every: 15m"
    yield "    at_most: 1h"
    yield "    sections:"
    yield f'      - {{url: {_yaml(choice.url)}, name: ""}}'


def _leads(choice: Choice) -> list[Lead]:
    return [lead for _, listing in choice.told for lead in listing.leads]


def _free(id: str, taken: Collection[str]) -> str:
    return next(one for one in (id, *(f"{id}-{number}" for number in range(2, len(taken) + 3))) if one not in taken)


def _yaml(text: str) -> str:
    """The text as a YAML scalar: JSON's quoting is YAML's."""
    return json.dumps(text, ensure_ascii=False)


def _comment(text: str) -> str:
    """One line that cannot end the comment, whatever the site wrote."""
    return sanitise.line(text)[:LINE]
