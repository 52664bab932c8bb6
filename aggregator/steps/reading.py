"""What a visit's drafts and looks come to: verdicts, checks, skips, and texts that are held."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aggregator.collect.looking import Look
from aggregator.collect.visit import Collected
from aggregator.errors import ArticleError, contained
from aggregator.model import Article, Check, Draft, Held, Known, Skip, Validator, Verdict, Watch
from aggregator.ports import Store
from aggregator.refine import identity, moves, normalise, quarantine, recheck, watch
from aggregator.refine.compromise import Habits
from aggregator.settings import Source
from aggregator.steps.neighbours import Ports

FLAPS = timedelta(days=1)  # for so long the texts of an article count that come and go
TAKEN_DOWN = "taken down here; aggregator takedown ID --lift takes that back"


@dataclass(frozen=True, slots=True)
class Read:
    """What a visit's drafts and looks come to, before tags and stories. `drafts` by article id."""

    verdicts: tuple[Verdict, ...]
    checks: tuple[Check, ...]
    skips: tuple[Skip, ...]
    held: tuple[Held, ...]
    drafts: Mapping[str, Draft]
    watch: Mapping[str, Watch] = field(default_factory=dict)


def read(source: Source, collected: Collected, habits: Habits, ports: Ports) -> Read:
    """What the drafts and looks come to. A draft that looks like an intruder's is held (refine.quarantine)."""
    now = ports.clock()
    verdicts: dict[str, Verdict] = {}
    checks: dict[str, Check] = {}
    skips: list[Skip] = []
    held: list[Held] = []
    watched: dict[str, Watch] = {}
    given = [(identity.article_id(source.id, draft.ref, draft.url), draft) for draft in collected.drafts]
    articles = collected.articles or normalise.articles(collected.drafts, source)
    made = {collected.same.get(id, id): article for (id, _), article in zip(given, articles, strict=True)}
    drafts = {collected.same.get(id, id): draft for id, draft in given}
    before = ports.store.quarantine({*drafts, *(look.known.id for look in collected.looks)})
    for id, draft in drafts.items():
        known = collected.known.get(id)
        try:
            with contained(ArticleError, draft.url):
                article = _named(made[id], id)
                verdict = identity.verdict(article, known, draft.lead_digest, draft.validator)
                ruling = quarantine.judged(draft, verdict, known, before.get(id, ()), habits, now)
        except ArticleError as error:
            skips.append(Skip(draft.url, str(error)))
            if known is not None:
                checks[id] = recheck.unreadable(known, now, recheck.window_of(known, source.window), str(error))
            continue
        held += ruling.held
        told = ruling.verdict
        if told is not None and known is not None and (told.outcome == "revised" or known.watch == "flapping"):
            lately = ports.store.texts_since([id], now - FLAPS).get(id, ())
            told, watched[id] = watch.flapping(told, known, lately)
        verdicts |= {id: told} if told else {}
        checks[id] = _stands(source, told.validator if told else draft.validator, draft, article, known, told, now)
    for check in _looked(source, collected, now):
        checks.setdefault(check.article, check)
    held += [replace(one, state="cleared") for look in collected.looks for one in _gone(look, before)]
    watched |= _steady(collected, ports.store, now)
    return Read(tuple(verdicts.values()), tuple(checks.values()), tuple(skips), tuple(held), drafts, watched)


def _named(made: Article | ArticleError, id: str) -> Article:
    if isinstance(made, ArticleError):
        raise made
    return replace(made, id=id)


def _steady(collected: Collected, store: Store, now: datetime) -> dict[str, Watch]:
    """The articles that flapped, whose stored text stands there still and has had its day."""
    again = [look.known for look in collected.looks if look.outcome == "unchanged" and look.known.watch == "flapping"]
    lately = store.texts_since([known.id for known in again], now - FLAPS) if again else {}
    return {known.id: "" for known in again if len(lately.get(known.id, ())) < watch.TEXTS}


def _stands(
    source: Source,
    validator: Validator,
    draft: Draft,
    article: Article,
    known: Known | None,
    told: Verdict | None,
    now: datetime,
) -> Check:
    """The check of an article whose page was read; one that is not told keeps the status it had."""
    published = article.published if told or known is None else known.published
    window = recheck.window_of(known, source.window)
    check = recheck.alive(article.id, published, now, window, validator, draft.lead_digest or None)
    return check if told else replace(check, status=known.status if known else "quarantined")


def _gone(look: Look, before: Mapping[str, tuple[Held, ...]]) -> list[Held]:
    """The texts that wait for nobody any more: the source took them down itself."""
    missing = look.outcome == "missing" and look.known.status == "quarantined"
    waiting = [one for one in before.get(look.known.id, ()) if one.state == "held"]
    return waiting if missing or look.outcome == "withdrawn" else []


def _looked(source: Source, collected: Collected, now: datetime) -> Iterator[Check]:
    """Checks of the known articles that answered with no draft."""
    taken_down = [look for look in collected.looks if look.outcome == "withdrawn" and look.known.status == "live"]
    many = len(taken_down) > recheck.MANY
    for look in collected.looks:
        known = look.known
        window = recheck.window_of(known, source.window)
        if known.status == "quarantined" or look.outcome == "unreadable":
            yield recheck.unreadable(known, now, window, look.because)
        elif look.outcome == "unchanged":
            yield recheck.alive(known.id, known.published, now, window, lead_digest=look.lead_digest or None)
        elif look.outcome == "missing":
            yield recheck.missing(known, now, look.because)
        elif look.outcome == "withdrawn":
            yield recheck.withdrawn(known, now, look.because, many)
        else:
            yield recheck.doubtful(known, now, look.because)


def rejoined(source: Source, collected: Collected, read: Read, ports: Ports) -> tuple[Collected, Read]:
    """The visit with the new articles that are stored ones under another address put back to these."""
    fresh = {one.article.id: one for one in read.verdicts if one.outcome == "new"}
    if not fresh:
        return collected, read
    new = [one.article for one in fresh.values()]
    around = [known for span in moves.spans(new) for known in ports.store.between(source.id, *span)]
    titles = {moves.title_of(article.title) for article in new}
    namesakes = ports.store.told([known.id for known in around if moves.title_of(known.title) in titles])
    listed = {identity.article_id(source.id, lead.ref, lead.url) for lead in collected.leads}
    shown = {collected.same.get(id, id) for id in listed} | {one.article.id for one in read.verdicts}
    same = moves.moved(new, [told.article for told in namesakes], shown)
    if not same:
        return collected, read
    known = ports.store.known(same.values())
    leads = {identity.article_id(source.id, lead.ref, lead.url): lead.url for lead in reversed(collected.leads)}
    joined = {id: identity.moved(fresh[id], known[other], leads.get(id, "")) for id, other in same.items()}
    old = set(same.values())  # what was seen at their old addresses counts no more
    checks = [replace(one, article=same.get(one.article, one.article)) for one in read.checks if one.article not in old]
    verdicts = tuple(joined.get(one.article.id, one) for one in read.verdicts)
    drafts = {same.get(id, id): draft for id, draft in read.drafts.items()}
    read = replace(read, verdicts=verdicts, checks=tuple(checks), drafts=drafts)
    return replace(collected, known={**collected.known, **known}), read


def heeding(read: Read, store: Store) -> Read:
    """What was read without what was taken down here: at whatever address its text comes back, it is not told again."""
    known = store.known({*(one.article.id for one in read.verdicts), *(check.article for check in read.checks)})
    texts = store.taken_down({one.article.text_digest for one in read.verdicts if one.outcome == "new"})
    down = {id for id, one in known.items() if one.status == "hidden"}
    down |= {one.article.id for one in read.verdicts if one.outcome == "new" and one.article.text_digest in texts}
    if not down:
        return read
    skips = [Skip(one.article.url, TAKEN_DOWN) for one in read.verdicts if one.article.id in down]
    return replace(
        read,
        verdicts=tuple(one for one in read.verdicts if one.article.id not in down),
        checks=tuple(check for check in read.checks if check.article not in down),
        held=tuple(held for held in read.held if held.article.id not in down),
        skips=(*read.skips, *skips),
    )
