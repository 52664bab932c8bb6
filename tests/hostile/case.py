"""What a case is, and how one is put to the real fetcher and readers."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Literal

from aggregator.cli import wiring
from aggregator.collect import looking, visit
from aggregator.collect.fetch import HttpFetcher
from aggregator.errors import ArticleError, SourceError
from aggregator.model import Answer, Draft, Lead, Missing, Page, Request, Skip, SourceState, Unchanged, Validator
from aggregator.refine import compromise, normalise
from aggregator.settings import Fetch, Section, Source
from tests.hostile.server import CERTIFICATES, LOOPBACK, HostileServer, Line, Serve
from tests.make_collect import HOME, HOST, Time

PAGE = f"{HOME}/bai-1.htm"
SOON = {"deadline": "1s"}  # for servers that never end; all others have the deadline of the machine's worst day
NEVER = "/ben-trong"  # a path that stands for what is inside the house: no case may ever ask for it

Read = Literal["", "section", "article"]


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a case. `outcome` is a cause, or page, missing, unchanged, leads, draft, skipped."""

    outcome: str
    error: SourceError | None
    answers: tuple[Answer, ...]
    leads: tuple[Lead, ...]
    skips: tuple[Skip, ...]
    draft: Draft | None
    server: HostileServer
    slept: tuple[float, ...]

    @property
    def body(self) -> bytes:
        """The last page's."""
        last = self.answers[-1]
        return last.body if isinstance(last, Page) else b""

    @property
    def titles(self) -> list[str]:
        """The leads', in page order."""
        return [lead.title for lead in self.leads]


@dataclass(frozen=True, slots=True)
class Case:
    """One way to do harm, and what must come of it. `memory_mb` is how much the process may grow meanwhile, `within_s`
    how long it may take on a machine that has other work.

    `read`: the bytes go through the reader of the source's kind, as a section or as an article; an article's then
    through all that cleans and judges it before it is stored. `times`: asked so
    often, one after the other, with the validator of the answer before. `hosts`: those of the source; without
    `led`, requests go where the names lead (`names`: the addresses that each look-up of a name gives).
    """

    name: str
    serve: Serve
    expect: str
    check: Callable[[Told], bool] = lambda told: True
    read: Read = ""
    kind: str = "feed"
    url: str = PAGE
    times: int = 1
    fetch: Mapping[str, Any] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)
    hosts: tuple[str, ...] = (HOST,)
    led: bool = True
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    certificate: str = ""
    trusted: str = ""
    greet: Callable[[Line], None] | None = None
    request: Mapping[str, Any] = field(default_factory=dict)
    memory_mb: int = 100
    within_s: int = 60  # the deadline of one answer and then some: nothing here may go on without end


def put(case: Case) -> Told:
    """What comes of the case, through the real fetcher over a real connection."""
    with ExitStack() as stack:
        server = stack.enter_context(HostileServer(case.serve, case.certificate, case.greet, _address(case)))
        trap = stack.enter_context(HostileServer(b"", address=(LOOPBACK, server.port))) if case.names else server
        time = Time()
        paper = (time.clock, time.sleep, lambda: 0.0, time.monotonic)
        fetcher = HttpFetcher(_settings(case, server.port), *paper, stopwatch=monotonic)
        stack.callback(fetcher.close)
        told = _read(case, server, fetcher)
        assert trap is server or not trap.connections
        return Told(*told, server, tuple(time.slept))


def _address(case: Case) -> tuple[str, int]:
    return ("127.0.0.2" if case.names else LOOPBACK, 0)  # in tests of names .2 stands for the public network


def _settings(case: Case, port: int) -> Fetch:
    scheme = "https" if case.certificate or case.url.startswith("https") else "http"
    given: dict[str, Any] = {"retries": 0, **case.fetch}
    if case.led:
        given["connect_to"] = {HOST: f"{scheme}://{LOOPBACK}:{port}"}
    if case.names:
        given["allow_addresses"] = ("127.0.0.2/32",)
    return Fetch(**given)


def _source(case: Case, url: str) -> Source:
    tls = {"extra_ca": str(CERTIFICATES[case.trusted][0])} if case.trusted else {}
    given = {"id": "tin", "name": "Sở Y tế Thí dụ", "home": HOME + "/", "pause": 0, "tls": tls, **case.source}
    return Source(**given, kind=case.kind, hosts=case.hosts, sections=(Section(url=url),))  # type: ignore[arg-type]


Outcome = tuple[str, SourceError | None, tuple[Answer, ...], tuple[Lead, ...], tuple[Skip, ...], Draft | None]


def _read(case: Case, server: HostileServer, fetcher: HttpFetcher) -> Outcome:
    url = case.url.replace("{port}", str(server.port))
    source = _source(case, url)
    if case.read == "section":
        return _section(source, fetcher)
    if case.read == "article":
        return _article(source, Request(url), fetcher)
    return _fetch(case, source, url, fetcher)


def _section(source: Source, fetcher: HttpFetcher) -> Outcome:
    listed = visit.listings(source, SourceState(source.id), fetcher)
    outcome = listed.problem.cause if listed.problem else "leads"
    return outcome, listed.problem, (), listed.leads, listed.skips, None


def _article(source: Source, request: Request, fetcher: HttpFetcher) -> Outcome:
    listed = visit.Listed((), {}, {}, (), None, answered=0, spent=(0, 0))
    plan = looking.Plan((looking.Wanted("a", request, None, None),), True)
    got = visit.articles(source, listed, plan, {}, fetcher, lambda done: None)
    draft = got.drafts[0] if got.drafts else None
    if draft:
        _refined(draft, source)
    return "draft" if draft else "skipped", got.problem, (), (), got.skips, draft


def _refined(draft: Draft, source: Source) -> None:
    try:
        article = normalise.article(draft, source)
    except ArticleError:  # an answer, too
        return
    compromise.inspect(draft, article, compromise.Habits())
    wiring.tagger().tags(article)


def _fetch(case: Case, source: Source, url: str, fetcher: HttpFetcher) -> Outcome:
    answers: list[Answer] = []
    validator = Validator()
    for _ in range(case.times):
        given = {"purpose": "article", "validator": validator, **case.request}
        try:
            answers.append(fetcher.fetch(Request(url, **given), source))
        except SourceError as error:
            return error.cause, error, tuple(answers), (), (), None
        last = answers[-1]
        validator = last.validator if isinstance(last, Page) else validator
    names = {Page: "page", Missing: "missing", Unchanged: "unchanged"}
    return names[type(answers[-1])], None, tuple(answers), (), (), None
