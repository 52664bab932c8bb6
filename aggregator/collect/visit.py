"""One visit to one source: its listings, then the wanted articles. Knows the network's order, decides no identity.

What reads pages is imported when the first page has come: a third of a run's start that "unchanged" does not need.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from aggregator.collect import asking
from aggregator.collect.looking import HOST_WIDE, Look, Origin, Over, Plan, looked_at, never_over
from aggregator.errors import ArticleError, Cause, SourceError, contained
from aggregator.model import (
    Article,
    Capture,
    Draft,
    Known,
    Lead,
    Missing,
    Page,
    Request,
    Skip,
    SourceState,
    Unchanged,
    Validator,
)
from aggregator.ports import Fetcher
from aggregator.settings import Section, Source

if TYPE_CHECKING:
    from aggregator.collect.trail import Tried

NO_ANSWER: frozenset[Cause] = HOST_WIDE | {"server-error"}  # what leaves a host's circuit open
LISTING = 0.5  # share of a visit's time after which no further listing is asked for: the rest is for articles
TIME_IS_OVER = "left for the next visit: this one took the time that fetch.visit gives it"
NO_OTHER_WAY: frozenset[Cause] = frozenset({"timeout", "unreachable", "certificate", "address"})


@dataclass(frozen=True, slots=True)
class Listed:
    """What the sections said. `validators` are by section key, to be stored; `problem` is the first fault.

    `origins` are by the leads' addresses; `answered` counts the sections that were read or are unchanged; `spent` is
    what the fetcher had spent before the visit. `chosen` are the addresses that `auto` found best, by section key.
    """

    leads: tuple[Lead, ...]
    origins: Mapping[str, Origin]
    validators: Mapping[str, Validator]
    skips: tuple[Skip, ...]
    problem: SourceError | None
    answered: int
    spent: tuple[int, int]
    chosen: Mapping[str, str] = field(default_factory=dict)
    probed: bool = False  # only a probe went out, and it failed
    asked: bool = True  # False: no section was meant to be asked

    @property
    def hopeless(self) -> bool:
        """Whether the host itself is in trouble, so that asking for articles would only add to it."""
        return self.probed or (self.problem is not None and self.problem.cause in HOST_WIDE)


@dataclass(frozen=True, slots=True)
class Collected:
    """All that a visit brought. `known` are the stored articles among what was listed or looked at again.

    `partly`: the problem is that of some sections; others were read, and the articles, too. `unread` counts the
    pages that held no article. `same` are the ids of stored articles by the ids that their addresses would give now.
    `captures`: the drafts again, in their order, each with the page it was read from. `articles`: what the drafts
    came to, in their order, or why one is no article; empty where nobody has looked yet. `checks`
    counts the known articles that were asked for; not `asked`: they alone were, and no section.
    """

    leads: tuple[Lead, ...]
    drafts: tuple[Draft, ...]
    looks: tuple[Look, ...]
    known: Mapping[str, Known]
    validators: Mapping[str, Validator]
    skips: tuple[Skip, ...]
    problem: SourceError | None
    requests: int
    bytes: int
    partly: bool = False
    chosen: Mapping[str, str] = field(default_factory=dict)
    unread: int = 0
    same: Mapping[str, str] = field(default_factory=dict)
    captures: tuple[Capture, ...] = ()
    articles: tuple[Article | ArticleError, ...] = ()
    checks: int = 0
    asked: bool = True

    @property
    def brought_nothing(self) -> bool:
        """Whether there is nothing to refine: every section said "unchanged", or none could be read."""
        return not (self.leads or self.drafts or self.looks or self.skips or self.unread)


def section_key(section: Section) -> str:
    """What a section's validators are stored under."""
    return section.url or section.id


@dataclass(frozen=True, slots=True)
class _Heard:
    """What one section said."""

    leads: tuple[Lead, ...] = ()
    skips: tuple[Skip, ...] = ()
    validator: Validator | None = None  # None: keep the stored one
    origins: Mapping[str, Origin] = field(default_factory=dict)
    chosen: str | None = None  # the address that `auto` found best; None: keep the stored one


def listings(
    source: Source, state: SourceState, fetcher: Fetcher, probe: bool = False, over: Over = never_over
) -> Listed:
    """The leads of all sections, in their order. A section's fault is noted; a host-wide one ends the round.

    Each visit begins with another section, so that what is left when its time is `over` comes first some day. With
    `probe` (the circuit is open) one section, another each time, is asked once, with no second attempt and no other
    way; only when the host answers is the round made.
    """
    before = fetcher.spent(source.id)
    heard: dict[str, _Heard] = {}
    left: tuple[Section, ...] = ()
    problem: SourceError | None = None
    probing, probed = probe, False
    turns = _in_turn(source.sections, state.failures if probe else _turn(source, state))
    for count, section in enumerate(turns):
        if count and over(LISTING):
            left = turns[count:]
            break
        try:
            key = section_key(section)
            with contained(partial(SourceError, "internal", url=section.url or source.home), f"{source.id} {key}"):
                heard[key] = _hear(source, section, state, fetcher, probing)
        except SourceError as error:
            problem = problem or error
            probed = probing and error.cause in NO_ANSWER
            if error.cause in HOST_WIDE or probed:
                break
        probing = False
    heard = {section_key(one): heard[section_key(one)] for one in source.sections if section_key(one) in heard}
    return Listed(
        leads=tuple(lead for one in heard.values() for lead in one.leads),
        origins={url: origin for one in reversed(heard.values()) for url, origin in one.origins.items()},
        validators={key: one.validator for key, one in heard.items() if one.validator is not None},
        skips=(
            *(skip for one in heard.values() for skip in one.skips),
            *(Skip(section.url or source.home, f"section {section_key(section)} {TIME_IS_OVER}") for section in left),
        ),
        problem=problem,
        answered=len(heard),
        spent=before,
        chosen={key: one.chosen for key, one in heard.items() if one.chosen is not None},
        probed=probed,
    )


def unlisted(source: Source, state: SourceState, fetcher: Fetcher) -> Listed:
    """Of a visit that only looks at known articles again: no section is asked."""
    spent, chosen = fetcher.spent(source.id), state.chosen
    return Listed((), {}, {}, (), None, 0, spent, chosen, asked=False)


def _turn(source: Source, state: SourceState) -> int:
    """One more at each usual visit."""
    return int(state.last_visit.timestamp() // source.every.total_seconds()) if state.last_visit else 0


def _in_turn(sections: tuple[Section, ...], turn: int) -> tuple[Section, ...]:
    first = turn % len(sections) if sections else 0
    return sections[first:] + sections[:first]


def _hear(source: Source, section: Section, state: SourceState, fetcher: Fetcher, probing: bool) -> _Heard:
    validator = state.validators.get(section_key(section), Validator())
    request = asking.section_request(source, section, validator)
    chosen = state.chosen.get(section_key(section), "") if source.kind == "auto" else ""
    first = replace(request, url=chosen or request.url, once=probing)
    try:
        return _read(source, section, first, fetcher, bool(chosen))
    except SourceError as error:
        if probing or error.cause in NO_OTHER_WAY:
            raise
        other = request if chosen else asking.fallback_request(source, section)
        if other is None:
            raise
        heard = _read_instead(source, section, replace(other, validator=Validator()), error, fetcher)
        note = Skip(chosen or section.url, f"feed not readable ({error.cause}: {error}); its listing was read instead")
        kept = heard.validator if chosen else Validator()
        return replace(heard, skips=(note, *heard.skips), validator=kept)


def _read_instead(source: Source, section: Section, other: Request, error: SourceError, fetcher: Fetcher) -> _Heard:
    """What the listing says in the feed's place. Raises SourceError that tells of both."""
    try:
        return _read(source, section, other, fetcher)
    except SourceError as fault:
        both = f"{fault}; its feed could not be read either ({error.cause}: {error})"
        raise SourceError(fault.cause, both, fault.url) from error


def _read(source: Source, section: Section, request: Request, fetcher: Fetcher, remembered: bool = False) -> _Heard:
    answer = fetcher.fetch(request, source)
    if isinstance(answer, Unchanged):
        return _Heard()
    if isinstance(answer, Missing):
        message = f"{request.url} answers {answer.status}; correct the section's address in sources.yaml"
        raise SourceError("gone", message, request.url)
    from aggregator.collect import trail

    seen = explored(source, section, trail.Tried(request, answer), fetcher, remembered)
    choice = trail.concluded(source, section, seen)
    leads = {lead.url: lead for _, listing in choice.told for lead in listing.leads}
    origins = [(listing, Origin(page.fetched_at, page.digest, page)) for page, listing in choice.told]
    asked = next((one.page for one in seen if one.page and one.request.url == choice.url), answer)
    return _Heard(
        tuple(leads.values()),
        tuple(skip for _, listing in choice.told for skip in listing.skips),
        asked.validator,
        {lead.url: origin for listing, origin in origins for lead in listing.leads},
        choice.url if source.kind == "auto" else None,
    )


def explored(
    source: Source, section: Section, first: "Tried", fetcher: Fetcher, remembered: bool = False
) -> "tuple[Tried, ...]":
    """The first page and those that it takes to settle the section. Raises SourceError when the host is in trouble."""
    from aggregator.collect import trail

    seen = [first]
    while more := trail.next_try(source, section, seen, remembered):
        seen.append(_tried(source, more, fetcher))
    return tuple(seen)


def _tried(source: Source, request: Request, fetcher: Fetcher) -> "Tried":
    """The answer to a further question. A fault of the whole host goes up: asking on would only add to it."""
    from aggregator.collect.trail import Tried

    try:
        answer = fetcher.fetch(request, source)
    except SourceError as fault:
        if fault.cause in NO_OTHER_WAY:
            raise
        return Tried(request, fault=fault)
    return Tried(request, answer) if isinstance(answer, Page) else Tried(request)


def articles(
    source: Source,
    listed: Listed,
    plan: Plan,
    known: Mapping[str, Known],
    fetcher: Fetcher,
    tell: Callable[[int], None],
    over: Over = never_over,
) -> Collected:
    """The drafts of the wanted articles. A fault of one skips it; too many in a row end the visit, as its time does.

    When a new article was left for later or skipped, the sections' validators are forgotten.
    """
    told = looked_at(source, listed.origins, plan, fetcher, tell, over)
    got, given_up = told.got, told.given_up
    skips = tuple(one for one in got if isinstance(one, Skip))
    captures = tuple(one for one in got if isinstance(one, Capture))
    problem = listed.problem or given_up or told.doubt
    listed_ones_left = any(want.lead is not None for want in told.left)
    complete = plan.complete and not skips and given_up is None and not listed_ones_left
    left = (Skip(source.home, f"{len(told.left)} articles {TIME_IS_OVER}"),) if told.left else ()
    spent, before = fetcher.spent(source.id), listed.spent
    return Collected(
        leads=listed.leads,
        drafts=tuple(one.draft for one in captures),
        looks=tuple(one for one in got if isinstance(one, Look)),
        known=known,
        validators=listed.validators if complete else forgotten(listed.validators),
        skips=(*listed.skips, *skips, *left),
        problem=problem,
        requests=spent[0] - before[0],
        bytes=spent[1] - before[1],
        partly=problem is not None and (listed.answered > 0 or not listed.asked) and given_up is None,
        chosen=listed.chosen,
        unread=told.broken,
        captures=captures,
        asked=listed.asked,
        checks=told.checks,
    )


def failed(
    source: Source, state: SourceState, fault: SourceError, fetcher: Fetcher, before: tuple[int, int]
) -> Collected:
    """A visit that brought nothing but its fault. `before` is what the fetcher had spent when it began."""
    spent = fetcher.spent(source.id)
    requests, size = spent[0] - before[0], spent[1] - before[1]
    return Collected((), (), (), {}, {}, (), fault, requests, size, chosen=state.chosen)


def forgotten(validators: Mapping[str, Validator]) -> dict[str, Validator]:
    """Nothing to ask by: the next visit is shown the listings again instead of "unchanged"."""
    return dict.fromkeys(validators, Validator())
