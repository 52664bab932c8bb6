"""What becomes of a draft that looks like an intruder's: what is held, what is told meanwhile. Pure.

The source's article is held, never the source. A text stays held until an editor releases it or the source shows
another one; what was released once is not held again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.model import Article, Draft, Held, Known, Learned, TagMatch, Told, Verdict, digest_of
from aggregator.refine import compromise, identity
from aggregator.refine.compromise import Habits, Suspicion
from aggregator.refine.sanitise import fragment


@dataclass(frozen=True, slots=True)
class Ruling:
    """What may be told of the draft (None: nothing new), and the texts whose keeping changes."""

    verdict: Verdict | None
    held: tuple[Held, ...] = ()


def judged(
    draft: Draft, verdict: Verdict, known: Known | None, before: Sequence[Held], habits: Habits, now: datetime
) -> Ruling:
    """The ruling on a draft whose article has this verdict. `before` are the article's texts that were ever held."""
    suspicion = compromise.inspect(draft, verdict.article, habits)
    if suspicion is None and not any(one.state == "held" for one in before):
        return Ruling(verdict)
    name = compromise.fingerprint(draft, verdict.article)
    same = next((one for one in before if one.digest == name and one.state != "cleared"), None)
    others = tuple(replace(one, state="cleared") for one in before if one.state == "held" and one.digest != name)
    if same is not None and same.state == "held":
        return Ruling(meanwhile(verdict, known, same.urgent), others)
    if suspicion is None or same is not None:
        return Ruling(verdict, others)
    fresh = held(draft, verdict.article, suspicion, now)
    return Ruling(meanwhile(verdict, known, suspicion.urgent), (*others, fresh))


def held(draft: Draft, article: Article, suspicion: Suspicion, now: datetime) -> Held:
    """The article's text as it is kept from readers from now on."""
    return Held(
        article=article,
        digest=compromise.fingerprint(draft, article),
        score=suspicion.score,
        because=suspicion.because,
        seen=suspicion.seen,
        urgent=suspicion.urgent,
        domains=tuple(sorted(compromise.linked(draft))),
        at=now,
    )


def meanwhile(verdict: Verdict, known: Known | None, urgent: bool) -> Verdict | None:
    """What is told of an article while its text is held: of an urgent one the title, where no good text stands."""
    if not urgent or not (known is None or known.status == "quarantined" or _title_only(known)):
        return None
    return identity.verdict(title_only(verdict.article), known, verdict.lead_digest, verdict.validator)


def title_only(article: Article) -> Article:
    """The article with none of its words but the title."""
    return replace(article, lead="", body=fragment("", "", ()), text="", author="", images=(), attachments=())


def _title_only(known: Known) -> bool:
    return known.text_digest == digest_of(known.title, "", "")


def strays(
    verdicts: Sequence[Verdict],
    tags: Mapping[str, tuple[TagMatch, ...]],
    drafts: Mapping[str, Draft],
    habits: Habits,
    now: datetime,
) -> dict[str, Held]:
    """Of a visit's new articles those that came in a burst and are far from the source's topics, by id."""
    new = [one.article for one in verdicts if one.outcome == "new" and one.article.text]
    told = [Told(article, tags.get(article.id, ()), article.fetched_at) for article in new]
    suspicion = compromise.burst(told, habits)
    if suspicion is None:
        return {}
    far = compromise.far(told, habits)
    return {
        one.id: held(drafts[one.id], one, replace(suspicion, urgent=compromise.reads_urgent(one)), now) for one in far
    }


def learned(
    verdicts: Iterable[Verdict], tags: Mapping[str, tuple[TagMatch, ...]], drafts: Mapping[str, Draft]
) -> Learned:
    """What the visit's new and revised articles teach of their source; those told by their title only teach nothing."""
    clean = [one.article for one in verdicts if one.outcome != "unchanged" and one.article.text]
    domains = Counter(domain for article in clean for domain in compromise.linked(drafts[article.id]))
    return Learned(domains, topics_of([tags.get(article.id, ()) for article in clean]))


def topics_of(tags: Iterable[Iterable[TagMatch]]) -> Counter[str]:
    """In how many of the articles each topic was met; "" counts those without any."""
    met = [{tag.tag for tag in given if tag.kind == "topic"} or {""} for given in tags]
    return Counter(topic for topics in met for topic in topics)
