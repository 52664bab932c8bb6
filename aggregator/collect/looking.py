"""Asking for articles, new ones and known ones: what each answer says, and whether a host's mood speaks in it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain, zip_longest
from typing import Literal

from aggregator.collect import asking
from aggregator.errors import ArticleError, Cause, SourceError, contained
from aggregator.model import Capture, Draft, Known, Lead, Missing, Page, Request, Skip, Unchanged
from aggregator.ports import Fetcher
from aggregator.settings import Source
from aggregator.text import fold

HOST_WIDE: frozenset[Cause] = frozenset({"timeout", "unreachable", "certificate", "blocked", "address"})
Outcome = Literal["unchanged", "missing", "withdrawn", "unreadable", "doubtful"]
PATIENCE = 3  # articles in a row that met a fault of the host, after which the rest of the visit is given up
LONG_PATIENCE = 10  # the same of any fault: fewer broken pages in a row must not hide what stands behind them
DENIED = 6  # known articles denied before any stands, after which the host itself is asked about
PROBES = 3  # other articles that are asked for to see whether the host is well
Others = Callable[[], Sequence[Known]]
Over = Callable[[float], bool]  # whether this share of the time that a visit may take is spent
WHOLE = 1.0  # share of that time after which no article is asked for


@dataclass(frozen=True, slots=True)
class Origin:
    """The listing that a lead was read from: when it was fetched, the digest of its bytes, and itself."""

    fetched_at: datetime
    digest: str
    page: Page


@dataclass(frozen=True, slots=True)
class Look:
    """A known article that was asked for again and gave no draft."""

    known: Known
    outcome: Outcome
    because: str = ""
    lead_digest: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An article to ask for: `lead` is None for a re-check by age, `known` None for a new one."""

    id: str
    request: Request
    lead: Lead | None
    known: Known | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a visit asks for, in that order. Not `complete`: more new ones were listed than one visit takes.

    `others` gives known articles that were seen to stand lately, to tell one's absence from a host's mood.
    """

    wanted: tuple[Wanted, ...]
    complete: bool
    others: Others = tuple


def plan(
    source: Source,
    leads: Mapping[str, Lead],
    known: Mapping[str, Known],
    due: Sequence[str],
    others: Others = tuple,
    room: int | None = None,
) -> Plan:
    """New articles (at most `max_new`), those whose listing changed, and those whose check is due.

    `room` is how many known ones may be asked for, None for any number. A change that found none is seen again at
    the next visit. New ones and due checks take turns: where time runs out, neither has waited for all of the other.
    """
    fresh = [id for id in leads if id not in known]
    moved = [id for id, lead in leads.items() if id in known and _shows_change(lead, known[id])]
    again = list(dict.fromkeys([*moved, *due]))
    again = again if room is None or not source.full_pages else again[: max(room, 0)]
    new = [Wanted(id, leads[id].request, leads[id], None) for id in fresh[: source.max_new]]
    checks = [_recheck(source, known[id], leads.get(id)) for id in again if id in set(due)]
    changed = [_recheck(source, known[id], leads[id]) for id in again if id not in set(due)]
    turns = chain.from_iterable(zip_longest(new, checks))
    return Plan((*(want for want in turns if want), *changed), len(fresh) <= source.max_new, others)


def never_over(share: float) -> bool:
    """Of a visit that may take as long as it does."""
    return False


def _shows_change(lead: Lead, known: Known) -> bool:
    return known.status in {"live", "quarantined"} and lead.digest != known.lead_digest


def _recheck(source: Source, known: Known, lead: Lead | None) -> Wanted:
    request = asking.article_request(source, known.url, known.ref)
    return Wanted(known.id, replace(request, purpose="recheck", validator=known.validator), lead, known)


Got = Capture | Look | Skip
Reply = tuple[tuple[Got, ...], SourceError | ArticleError | None]


@dataclass(frozen=True, slots=True)
class _Asking:
    """What asking for an article takes."""

    source: Source
    origins: Mapping[str, Origin]
    fetcher: Fetcher


@dataclass(slots=True)
class LookedAt:
    """What came of asking: `got` in order; `broken` pages held no article; `checks` known articles were asked for.

    `given_up` is the fault for which the rest was left; `doubt` that the source denied whatever was asked of it: then
    nothing of it is withdrawn. `left` are those that were not asked for, since the visit's time was over.
    """

    got: list[Got]
    left: tuple[Wanted, ...] = ()
    broken: int = 0
    checks: int = 0
    given_up: SourceError | None = None
    doubt: SourceError | None = None


def looked_at(
    source: Source,
    origins: Mapping[str, Origin],
    plan: Plan,
    fetcher: Fetcher,
    tell: Callable[[int], None],
    over: Over = never_over,
) -> LookedAt:
    """What came of each article asked for, until the visit's time is `over`."""
    asking_of, so_far = _Asking(source, origins, fetcher), LookedAt([])
    in_a_row = 0
    host_is_well: bool | None = None
    for count, want in enumerate(plan.wanted, 1):
        if over(WHOLE):
            so_far.left = plan.wanted[count - 1 :]
            break
        error = _ask(asking_of, want, so_far)
        tell(count)
        fault = error if isinstance(error, SourceError) else None
        in_a_row = in_a_row + 1 if fault else 0
        if fault and in_a_row >= (PATIENCE if fault.cause in HOST_WIDE else LONG_PATIENCE):
            so_far.given_up = fault
            break
        if host_is_well is None and _denials(so_far.got) >= DENIED and not _stands(so_far.got):
            host_is_well = _probe(asking_of, plan, so_far)
            if not host_is_well:
                break
    if so_far.given_up is None and host_is_well is None and _denials(so_far.got) and not _stands(so_far.got):
        host_is_well = None if over(WHOLE) else _probe(asking_of, plan, so_far)
    if host_is_well is False:
        so_far.doubt = _mood(source, _denials(so_far.got))
    if not host_is_well:
        so_far.got = list(_in_doubt(so_far.got))
    return so_far


def _ask(asking_of: _Asking, want: Wanted, so_far: LookedAt) -> SourceError | ArticleError | None:
    told, error = _try(asking_of, want)
    so_far.got += told
    so_far.broken += isinstance(error, ArticleError)
    so_far.checks += want.known is not None
    return error


def _mood(source: Source, count: int) -> SourceError:
    problem = (
        f"{source.home} denies {count} known articles and every other that was asked for; taken for a fault of the "
        "host: nothing is withdrawn until others answer, and what is not seen for three hours is told by title and link"
    )
    return SourceError("blocked", problem, source.home)


def _denials(got: Iterable[Got]) -> int:
    return sum(_denied(one) for one in got)


def _denied(one: Got) -> bool:
    return isinstance(one, Look) and one.outcome in {"missing", "withdrawn"} and one.known.status == "live"


def _stands(got: Iterable[Got]) -> bool:
    """Whether any article was served: its host is well."""
    return any(isinstance(one, Capture) or (isinstance(one, Look) and one.outcome == "unchanged") for one in got)


def _in_doubt(got: Iterable[Got]) -> tuple[Got, ...]:
    """The same, the denials of articles that stand here taken for nothing, unless another was served."""
    told = tuple(got)
    if _stands(told):
        return told
    return tuple(replace(one, outcome="doubtful") if isinstance(one, Look) and _denied(one) else one for one in told)


def _probe(asking_of: _Asking, plan: Plan, so_far: LookedAt) -> bool:
    """Whether the host serves any other article; where there is none to ask for, whether it serves its listing."""
    asked = {one.known.id for one in so_far.got if isinstance(one, Look)}
    others = [known for known in plan.others() if known.id not in asked][:PROBES]
    for known in others:
        _ask(asking_of, _recheck(asking_of.source, known, None), so_far)
        if _stands(so_far.got):
            return True
    return not others and _denials(so_far.got) < DENIED and _lists(asking_of)


def _lists(asking_of: _Asking) -> bool:
    source = asking_of.source
    try:
        answer = asking_of.fetcher.fetch(asking.section_request(source, source.sections[0]), source)
    except SourceError:
        return False
    return isinstance(answer, Page)


def _try(asking_of: _Asking, want: Wanted) -> Reply:
    try:
        return _article(asking_of, want), None
    except ArticleError as error:
        return (_unread(want, str(error)),), error
    except SourceError as error:
        return (_unread(want, f"{error.cause}: {error}"),), error


def _article(asking_of: _Asking, want: Wanted) -> tuple[Got, ...]:
    from aggregator.collect import discover

    source, lead = asking_of.source, want.lead
    if lead is not None and not source.full_pages:
        origin = asking_of.origins[lead.url]
        with contained(partial(ArticleError, url=lead.url), lead.url):
            return (Capture(discover.draft_of(source, lead, origin.fetched_at, origin.digest), origin.page, lead),)
    answer = asking_of.fetcher.fetch(want.request, source)
    if isinstance(answer, Unchanged):
        return (_look(want, "unchanged"),)
    if isinstance(answer, Missing):
        because = f"trang nguồn trả lời {answer.status}"
        return (_look(want, "withdrawn" if answer.status == 410 else "missing", because),)
    return _read(source, want, answer)


def _read(source: Source, want: Wanted, page: Page) -> tuple[Got, ...]:
    """What the page says of the article: its text, that it was taken down, or that another stands there."""
    try:
        draft = _draft(source, page, want.lead)
    except ArticleError:
        if want.known is not None and _leads_away(source, want.known, page):
            return _elsewhere(source, want, want.known, page)
        if want.known is not None and not source.full_pages:
            return (_look(want, "unchanged"),)
        raise
    if draft.notice:
        return (_look(want, _denial(draft), f"trang nguồn ghi: “{draft.notice}”"),)
    if want.known is not None and _leads_away(source, want.known, page) and not _same_title(draft, want.known):
        return _elsewhere(source, want, want.known, page)
    if want.lead is None and not source.full_pages:
        return (_look(want, "unchanged"),)  # its words come from the feed; the page only shows that it still stands
    return (Capture(draft, page, want.lead),)


def _draft(source: Source, page: Page, lead: Lead | None) -> Draft:
    from aggregator.collect import discover

    with contained(partial(ArticleError, url=page.url), page.url):
        return discover.read_article(source, page, lead)


def _denial(draft: Draft) -> Outcome:
    """A notice is the source's word; that the bridge holds no such article may be its mood, as a 404 may."""
    from aggregator.collect import moh_bridge

    return "missing" if draft.notice == moh_bridge.NOTHING else "withdrawn"


def _leads_away(source: Source, known: Known, page: Page) -> bool:
    """Whether the address led to that of something else."""
    from aggregator.collect import discover, html

    landed, asked = html.path_of(page.url).rstrip("/"), html.path_of(page.request.url).rstrip("/")
    if landed == asked or page.request.method == "POST":
        return False
    return not known.ref or discover.reference(source, page.url) != known.ref


def _elsewhere(source: Source, want: Wanted, known: Known, page: Page) -> tuple[Got, ...]:
    """What is known of an article whose address leads away: it was moved, where its own title stands there."""
    missing = _look(want, "missing", f"địa chỉ chuyển sang {page.url}, không phải bài này")
    there = replace(page, request=replace(page.request, url=page.url))
    try:
        draft = _draft(source, there, None)
    except ArticleError:
        return (missing,)
    moved = source.full_pages and not draft.notice and _same_title(draft, known)
    return (Capture(draft, there, None), missing) if moved else (missing,)


def _same_title(draft: Draft, known: Known) -> bool:
    return fold(draft.title).split() == fold(known.title).split()


def _look(want: Wanted, outcome: Outcome, because: str = "") -> Look | Skip:
    if want.known is None:
        return Skip(want.request.url, because or "trang nguồn trả lời 304 cho lần hỏi đầu")
    return Look(want.known, outcome, because, want.lead.digest if want.lead else "")


def _unread(want: Wanted, because: str) -> Look | Skip:
    return Look(want.known, "unreadable", because) if want.known else Skip(want.request.url, because)
