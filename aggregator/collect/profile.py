"""What a source's visits usually bring, and whether one has fallen off it. Pure.

A site that is rebuilt seldom fails: it answers with other markup, and a reader takes a menu for a listing or a caption
for an article. What the visits before brought is the measure (docs/decisions.md).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from statistics import median

from aggregator.model import Article, Lead

LISTED = "listed/"  # before a section's name, in the stored form
ENOUGH_LEADS = 10  # leads seen before anything is expected of leads
ENOUGH_ARTICLES = 5  # articles read before anything is expected of them
FEW = 3  # leads or articles in a visit; fewer prove nothing
FIFTH = 0.2
USUAL = 0.8  # share from which something is expected of every visit
ALIKE = 0.8  # share of leads with one and the same title; a section's name instead of the headlines
SLOWLY = 0.2  # weight of a visit in what is usual, once a few have been seen


@dataclass(frozen=True, slots=True)
class Brought:
    """What one visit brought. Shares are 0 to 1, lengths code points; `unread` pages held no article."""

    leads: int = 0
    listed: Mapping[str, int] | None = None  # leads by section
    titled: float = 0.0
    led: float = 0.0
    dated: float = 0.0
    title_length: float = 0.0
    alike: float = 0.0
    articles: int = 0
    bodied: float = 0.0
    timed: float = 0.0
    body_length: float = 0.0
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Profile:
    """What visits usually bring. `leads` and `articles` count what was seen so far; the rest is as in Brought."""

    leads: float = 0.0
    titled: float = 0.0
    led: float = 0.0
    dated: float = 0.0
    title_length: float = 0.0
    articles: float = 0.0
    bodied: float = 0.0
    timed: float = 0.0
    body_length: float = 0.0
    listed: tuple[tuple[str, float], ...] = ()


OF_LEADS = ("titled", "led", "dated", "title_length")
OF_ARTICLES = ("bodied", "timed", "body_length")


def brought(leads: Sequence[Lead], articles: Sequence[Article], unread: int = 0) -> Brought:
    """The measures of a visit's leads, and of the articles that were read in it."""
    titles = Counter(lead.title for lead in leads if lead.title)
    return Brought(
        leads=len(leads),
        listed=Counter(lead.section for lead in leads),
        titled=_share([bool(lead.title) for lead in leads]),
        led=_share([bool(lead.summary) for lead in leads]),
        dated=_share([bool(lead.time) for lead in leads]),
        title_length=_median([len(lead.title) for lead in leads]),
        alike=max(titles.values(), default=0) / (len(leads) or 1),
        articles=len(articles),
        bodied=_share([bool(article.text) for article in articles]),
        timed=_share([article.precision != "none" for article in articles]),
        body_length=_median([len(article.text) for article in articles]),
        unread=unread,
    )


def _share(values: Sequence[bool]) -> float:
    return sum(values) / (len(values) or 1)


def _median(values: Sequence[int]) -> float:
    return float(median(values)) if values else 0.0


def of(stored: Mapping[str, float]) -> Profile:
    """The profile as the store keeps it; names of other versions are left out."""
    names = {field.name for field in fields(Profile)} - {"listed"}
    listed = tuple((key.removeprefix(LISTED), value) for key, value in stored.items() if key.startswith(LISTED))
    return Profile(**{key: value for key, value in stored.items() if key in names}, listed=listed)


def stored(profile: Profile) -> dict[str, float]:
    """The profile by name, for the store."""
    plain = {field.name: getattr(profile, field.name) for field in fields(Profile) if field.name != "listed"}
    return plain | {f"{LISTED}{section}": value for section, value in profile.listed}


def learned(profile: Profile, visit: Brought) -> Profile:
    """The profile with the visit in it: the first visits count fully, later ones move it slowly."""
    known = dict(profile.listed)
    listed = {section: _moved(known.get(section), count) for section, count in (visit.listed or {}).items()}
    return replace(
        profile,
        **(_means(profile, visit, OF_LEADS, "leads") if visit.leads else {}),
        **(_means(profile, visit, OF_ARTICLES, "articles") if visit.articles else {}),
        listed=tuple((known | listed).items()),
    )


def _means(profile: Profile, visit: Brought, names: Sequence[str], count: str) -> dict[str, float]:
    before, now = getattr(profile, count), getattr(visit, count)
    weight = max(now / (before + now), SLOWLY if now >= FEW else 0.0)
    old = {name: getattr(profile, name) for name in names}
    return {count: before + now} | {name: old[name] + weight * (getattr(visit, name) - old[name]) for name in names}


def _moved(old: float | None, count: int) -> float:
    return float(count) if old is None else old + SLOWLY * (count - old)


def drift(profile: Profile, visit: Brought, few: int = FEW) -> str:
    """Why the visit has fallen off the profile, in words for the operator; "" when it has not.

    Fewer leads or articles than `few` prove nothing.
    """
    if visit.unread >= FEW and not visit.articles:
        return f"none of {visit.unread} article pages held an article"
    if visit.leads >= FEW and visit.alike >= ALIKE:
        return f"{round(visit.alike * visit.leads)} of {visit.leads} titles are one and the same"
    return _of_leads(profile, visit, few) or _of_articles(profile, visit, few)


def falls_short(profile: Profile, visit: Brought) -> str:
    """Why another reader's visit does not do as well as the profile, "" when it does. Here every article counts."""
    if profile.leads < ENOUGH_LEADS:
        return "too little is known of what its visits usually bring"
    if not visit.leads:
        return "it finds no leads"
    if visit.unread > visit.articles:
        return f"it reads {visit.articles} of {visit.articles + visit.unread} article pages"
    return drift(profile, visit, 1)


def _of_leads(profile: Profile, visit: Brought, few: int) -> str:
    if profile.leads < ENOUGH_LEADS:
        return ""
    usual = dict(profile.listed)
    for section, count in (visit.listed or {}).items():
        if usual.get(section, 0) >= ENOUGH_LEADS and count <= FIFTH * usual[section]:
            return f"{section} lists {count} where it usually lists {usual[section]:.0f}"
    for name, words in (("titled", "a title"), ("dated", "a date"), ("led", "a lead")):
        if visit.leads >= few and not getattr(visit, name) and getattr(profile, name) >= USUAL:
            return f"none of {visit.leads} leads has {words}, where usually {getattr(profile, name):.0%} have one"
    return ""


def _of_articles(profile: Profile, visit: Brought, few: int) -> str:
    if profile.articles < ENOUGH_ARTICLES or visit.articles < few:
        return ""
    if not visit.timed and profile.timed >= USUAL:
        return f"none of {visit.articles} articles has a date, where usually {profile.timed:.0%} have one"
    if visit.body_length <= FIFTH * profile.body_length:
        told = f"the articles have {visit.body_length:.0f} characters, where usually they have"
        return f"{told} {profile.body_length:.0f}"
    return ""
