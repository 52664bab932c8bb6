"""Whether an article looks as if someone had broken into its source. Pure; what to do about it is decided elsewhere.

Signals are weights in 0..1, joined as if independent. None of those that honest pages show (a link to a new host, a
word that is warned of, a print-only block) reaches the threshold alone; tests/evals/compromise holds it to that.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod
from statistics import median
from typing import NamedTuple

from aggregator.model import Article, Draft, Learned, Told, digest_of
from aggregator.refine import domains, hidden, spam
from aggregator.refine.hidden import Looked

QUARANTINE = 0.6  # score; tests/evals/compromise
MENTIONED = 0.3  # all words together where each is warned of: an article may list twenty names of gambling houses
FAINT = 0.4  # all faint words together: slot, club, giải ngân
ONLY_CALLS, CALLS = 0.2, 0.6  # "gọi ngay", "tải app": everybody invites, but who names a gambling house too sells it
LOADS = {
    "a script": 0.65
}  # a frame or form of a strange domain may be a widget's, its script runs with the page's rights
STRANGE_TONGUE = 0.45  # below the threshold: a partner's letter may be printed in French
FOREIGN = 0.4  # share of a title's letters in another script; quoted words in honest titles stay below .3
MANY = 3  # times the usual number of new articles: a burst
FEW = 5  # new articles at least; fewer are no burst whatever is usual
ENOUGH = 10  # clean articles of a source before it is said what is usual for it
UNTAGGED = 0.3  # share of its articles without a topic from which its topics tell nothing
FAR = 0.6  # share of a burst's articles that touch none of the source's topics
SCRIPTS = re.compile(
    "[\u0370-\u1dff\u2e80-\ud7ff\uf900-\ufaff]"
)  # Greek, Cyrillic, Thai, Chinese, Kana, Hangul, their like
SHOWN = 12  # things named to the operator


@dataclass(frozen=True, slots=True)
class Habits:
    """What is usual for a source; empty where nothing is known yet (then novelty alone says nothing).

    `domains`: registered domains that its articles linked to before, its own included (refine.domains.registered);
    `topics`: slugs of the topics it usually has; `new_articles`: its usual number of new ones a visit.
    """

    domains: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    new_articles: float = 0.0


def usual(learned: Learned) -> Habits:
    """The habits of a source by what its clean articles taught; none while they are few."""
    seen = max(learned.domains.values(), default=0)  # every article counts its own domain
    if seen < ENOUGH:
        return Habits()
    telling = learned.topics.get("", 0) <= UNTAGGED * seen
    topics = frozenset(learned.topics) - {""} if telling else frozenset()
    return Habits(frozenset(learned.domains), topics, median(learned.new) if learned.new else 0.0)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Why something is held back. `score` in 0..1; `because` in words for the operator, the weightiest first;
    `seen`: the words, links and blocks. `urgent`: it reads like an urgent notice and must be shown, with a mark.
    """

    score: float
    because: tuple[str, ...]
    seen: tuple[str, ...]
    urgent: bool = False


class Signal(NamedTuple):
    """One reason: its weight in 0..1, the reason in words, what was seen."""

    weight: float
    because: str
    seen: tuple[str, ...]


def inspect(draft: Draft, article: Article, habits: Habits) -> Suspicion | None:
    """The suspicion that the article was put there, or put into, by an intruder; None when there is none.

    `article` is the one made of `draft`: its words are judged as cleaned, the blocks and links as served.
    """
    words = spam.words()
    looked = hidden.look(_served(draft))
    own = {domains.registered(domains.host_of(draft.url, "")), *habits.domains}
    title = _title(words, article, own)
    signals = [
        *title,
        *_words(words.said(article.title, article.lead, article.text)),
        *_hidden(words, looked, draft.base or draft.url, own, bool(habits.domains)),
        *_links(words, looked, draft.base or draft.url, own, bool(habits.domains)),
        *_running(words, looked, draft.base or draft.url, own),
        *_unseen(words, looked, article),
        *_tongue(words, article),
    ]
    score = _joined(signal.weight for signal in signals)
    if score < QUARANTINE:
        return None
    head = [*title, *_words(words.said(article.title, article.lead, ""))]
    urgent = _joined(signal.weight for signal in head) < QUARANTINE and _urgent(words, article)
    return _suspicion(score, signals, urgent)


def _served(draft: Draft) -> str:
    return draft.uncut or draft.body


def linked(draft: Draft) -> frozenset[str]:
    """The registered domains that the draft stands on and links to openly: what to add to its source's Habits.

    To be asked of articles that raised no suspicion, or that an editor released.
    """
    looked, base = hidden.look(_served(draft)), draft.base or draft.url
    unseen = {address for block in looked.hidden for address in block.links}
    hosts = [domains.host_of(address, base) for address in (draft.url, *looked.links) if address not in unseen]
    return frozenset(domains.registered(host) for host in hosts if host)


def fingerprint(draft: Draft, article: Article) -> str:
    """What tells one text of an article from another, what it hides, links to and runs included.

    Hosts stand for addresses: some carry a number of their own at every look.
    """
    looked, base = hidden.look(_served(draft)), draft.base or draft.url
    hosts = sorted({domains.host_of(address, base) for address in looked.links})
    running = sorted({f"{one.way} {domains.host_of(one.address, base)} {one.disguised}" for one in looked.running})
    return digest_of(article.text_digest, *hosts, *running, *(block.words for block in looked.hidden))


def burst(new_articles: Sequence[Told], habits: Habits) -> Suspicion | None:
    """The suspicion that a visit's new articles are not the source's: many at once, most far from its topics.

    None while the source's topics or usual number are not known.
    """
    if not habits.topics or not habits.new_articles or len(new_articles) < max(FEW, MANY * habits.new_articles):
        return None
    strays = far(new_articles, habits)
    share = len(strays) / len(new_articles)
    if share < FAR:
        return None
    usual = f"{habits.new_articles:g}"
    because = f"{len(new_articles)} new articles at once, usual are {usual}; {len(strays)} touch none of its topics"
    urgent = any(map(reads_urgent, strays))
    return Suspicion(round(share, 3), (because,), tuple(article.title for article in strays[:SHOWN]), urgent)


def far(new_articles: Sequence[Told], habits: Habits) -> tuple[Article, ...]:
    """Those of the articles that touch none of the source's topics."""
    return tuple(told.article for told in new_articles if not _topics(told) & habits.topics)


def reads_urgent(article: Article) -> bool:
    """Whether its title or lead reads like an urgent notice."""
    return _urgent(spam.words(), article)


def _topics(told: Told) -> frozenset[str]:
    return frozenset(tag.tag for tag in told.tags if tag.kind == "topic")


def _suspicion(score: float, signals: Sequence[Signal], urgent: bool) -> Suspicion:
    ordered = sorted(signals, key=lambda signal: (-signal.weight, signal.because))
    seen = dict.fromkeys(thing for signal in ordered for thing in signal.seen)
    return Suspicion(round(score, 3), tuple(signal.because for signal in ordered), tuple(seen)[:SHOWN], urgent)


def _urgent(words: spam.Words, article: Article) -> bool:
    return words.patterns.urgent.search(spam.plain_of(f"{article.title}\n{article.lead}")) is not None


def _joined(weights: Iterable[float]) -> float:
    return 1 - prod(1 - weight for weight in weights)


def _words(said: Sequence[spam.Hit]) -> list[Signal]:
    """One signal for all words: offers join; mentions, faint words and invitations stay small together."""
    if not said:
        return []
    likely, faint = spam.WEIGHTS["likely"], spam.WEIGHTS["faint"]
    names = [hit for hit in said if not hit.call]
    offered = [hit for hit in names if hit.weight >= likely]
    faints = _joined(hit.weight for hit in names if faint <= hit.weight < likely)
    mentions = _joined(hit.weight for hit in names if hit.weight < faint)
    calls = min(CALLS if offered else ONLY_CALLS, _joined(hit.weight for hit in said if hit.call))
    weight = _joined((*(hit.weight for hit in offered), min(FAINT, faints), min(MENTIONED, mentions), calls))
    labels = ", ".join(dict.fromkeys(hit.label for hit in (offered or said)))
    return [Signal(weight, f"words of {labels}", tuple(hit.words for hit in said))]


def _title(words: spam.Words, article: Article, own: set[str]) -> list[Signal]:
    signals = []
    for match in spam.DOMAIN.finditer(article.title if "." in article.title else ""):
        host = match[0].lower()
        ending = host.rpartition(".")[2]
        if (ending in words.cheap or ending in {"com", "net", "org", "info", "vc"}) and not _usual(words, host, own):
            weight = max(0.45, words.host(host))
            signals.append(Signal(weight, "the title names a domain that is not official", (host,)))
    foreign = 0 if words.speaks_of_health(article.title) else len(SCRIPTS.findall(article.title))
    if foreign and foreign >= FOREIGN * sum(map(str.isalpha, article.title)) and article.language in {"vi", "en", ""}:
        signals.append(Signal(0.65, "the title is in another script", (article.title,)))
    return signals


def _usual(words: spam.Words, host: str, own: set[str]) -> bool:
    return domains.registered(host) in own or words.neutral(host)


def _strange(words: spam.Words, addresses: Iterable[str], base: str, own: set[str]) -> list[str]:
    hosts = dict.fromkeys(domains.host_of(address, base) for address in addresses)
    return [host for host in hosts if host and not _usual(words, host, own)]


def _hidden(words: spam.Words, looked: Looked, base: str, own: set[str], known: bool) -> list[Signal]:
    signals = []
    for block in looked.hidden:
        said = [hit for hit in words.hits(block.words) if not hit.call]
        strange = _strange(words, block.links, base, own)
        new = [host for host in strange if not host.endswith(".vn")]
        weights = [max(hit.weight, spam.WEIGHTS["sure"] if hit.weight >= spam.WEIGHTS["likely"] else 0) for hit in said]
        weights += [0.65 if known else 0.5 for _ in new] + [0.35 for _ in strange[len(new) :][:1]]
        if weights:
            seen = (*(hit.words for hit in said), *strange)
            signals.append(Signal(_joined(weights), f"a hidden block ({block.way})", seen))
    return signals


def _links(words: spam.Words, looked: Looked, base: str, own: set[str], known: bool) -> list[Signal]:
    strange = _strange(words, looked.links, base, own)
    named = [(words.host(host), host) for host in strange]
    signals = [Signal(weight, "a link to a host named like spam", (host,)) for weight, host in named if weight > 0.25]
    others = [host for weight, host in named if weight <= 0.25]
    if others and known:
        weight = min(0.4, 0.1 * len(others) + max(weight for weight, _ in named if weight <= 0.25))
        signals.append(Signal(weight, "links to domains never seen from this source", tuple(others)))
    return signals


def _running(words: spam.Words, looked: Looked, base: str, own: set[str]) -> list[Signal]:
    signals = []
    for running in looked.running:
        host = domains.host_of(running.address, base) if running.address else ""
        strange = bool(host) and not _usual(words, host, own)
        if running.disguised and (strange or not host):
            signals.append(Signal(0.7, f"{running.way} that hides what it does", (running.address or running.way,)))
        elif strange:
            weight = max(LOADS.get(running.way, 0.35), words.host(host))
            signals.append(
                Signal(weight, f"{running.way} from a domain never seen from this source", (running.address,))
            )
    return signals


def _unseen(words: spam.Words, looked: Looked, article: Article) -> list[Signal]:
    """What attributes say that the article does not: nobody sees the words that stuff a picture's description."""
    said = words.beside(article.title, article.lead, "\n".join(looked.unseen))
    if not said:
        return []
    shown = {hit.words for hit in words.hits(f"{article.title}\n{article.lead}\n{article.text}")}
    signals = _words([hit for hit in said if hit.words not in shown])
    return [signal._replace(because=f"{signal.because}, in attributes that nobody sees") for signal in signals]


def _tongue(words: spam.Words, article: Article) -> list[Signal]:
    """A text that is neither Vietnamese nor English, where the source writes these."""
    text = f"{article.title}\n{article.lead}\n{article.text}"
    if article.language not in {"vi", "en", ""} or not words.is_foreign(text):
        return []
    return [Signal(STRANGE_TONGUE, "the text is neither Vietnamese nor English", (article.title,))]
