"""From links as printed to leads: absolute, on the source's hosts, each article once. The only maker of Lead."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from aggregator.collect import charset
from aggregator.collect.html import absolute, host_of, picture_address, sound
from aggregator.errors import SourceError
from aggregator.model import Lead, Request, Skip
from aggregator.settings import Section, Source

VIEWS = re.compile(r"[\s|·-]*(?:view count|lượt xem|số lần xem)\s*:?\s*[\d.,]*\s*$", re.I)
MOST = 1000  # leads, and skips, of one listing: no real one has more than 200
LONGEST_URL = 4000  # characters; the fetcher asks for no longer one
RELATIVE = re.compile(r"\b(?:giây|phút|giờ|ngày|tuần) trước\b|\bvừa xong\b|\bago\b", re.I)
PRINTED = ("title", "summary", "author", "time", "body", "image")


@dataclass(frozen=True, slots=True)
class Printed:
    """A pointer to an article as a listing printed it: nothing resolved, nothing checked."""

    href: str
    title: str = ""
    summary: str = ""
    author: str = ""
    time: str = ""
    body: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a listing or feed said: leads in page order, and what was left out."""

    leads: tuple[Lead, ...]
    skips: tuple[Skip, ...] = ()


@dataclass(frozen=True, slots=True)
class Naming:
    """How a family names its articles: `address` tidies an absolute URL, `ref` finds the site's own id in it."""

    address: Callable[[str], str]
    ref: Callable[[str], str]
    request: Callable[[Source, str, str], Request]


def as_is(url: str) -> str:
    """The address itself: for families that need no tidying."""
    return url


def no_ref(url: str) -> str:
    """Nothing: for families whose addresses hold no id of their own."""
    return ""


def get(source: Source, url: str, ref: str) -> Request:
    """The plain request for an article's page."""
    return Request(url)


PLAIN = Naming(as_is, no_ref, get)


def listing(source: Source, section: Section, printed: Iterable[Printed], base: str, naming: Naming) -> Listing:
    """Leads in page order. An article printed twice is kept once, what it lacked filled in from the second.

    Raises SourceError (drifted) when the titles are in a font's own encoding (TCVN3, VNI).
    """
    kept: dict[str, Lead] = {}
    skips: dict[str, Skip] = {}
    for one in printed:
        if len(kept) >= MOST or len(skips) >= MOST:
            break
        url = naming.address(absolute(one.href, base))
        because = _refusal(source, one.href, url)
        if because:
            skips.setdefault(url or one.href, Skip(sound(url or one.href)[:LONGEST_URL], because))
            continue
        lead = _lead(source, section, one, url, base, naming)
        key = lead.ref or url
        kept[key] = _filled(kept[key], lead) if key in kept else lead
    _refuse_fonts(section, [lead.title for lead in kept.values()])
    return Listing(tuple(kept.values()), tuple(skips.values()))


def _refuse_fonts(section: Section, titles: list[str]) -> None:
    font = charset.legacy(" ".join(titles))
    if font:
        message = f"{section.url} writes its titles for {font} fonts, not in Unicode; find a page of it that is Unicode"
        raise SourceError("drifted", message, section.url or section.id)


def _refusal(source: Source, href: str, url: str) -> str:
    if not href.strip():
        return "it has no address"
    if not url:
        return f"its address is not one of a web page: {sound(href)[:80]}"
    if len(url) > LONGEST_URL:
        return f"its address has {len(url):,} characters"
    if host_of(url) not in source.hosts:
        return f"{host_of(url)} is not one of the source's hosts"
    return ""


def _steady(time: str, source: Source) -> str:
    """The time without what changes by itself: the article's page tells it, and each change would ask for that."""
    if source.full_pages and RELATIVE.search(time):
        return ""
    return VIEWS.sub("", time).strip()


def _lead(source: Source, section: Section, one: Printed, url: str, base: str, naming: Naming) -> Lead:
    ref = naming.ref(url)
    return Lead(
        source=source.id,
        section=section.name or section.id or section.url,
        url=url,
        request=naming.request(source, url, ref),
        ref=ref,
        title=sound(one.title).strip(),
        summary=sound(one.summary).strip(),
        author=sound(one.author).strip(),
        time=_steady(sound(one.time), source),
        body=sound(one.body),
        image=picture_address(one.image, base),
    )


def _filled(lead: Lead, other: Lead) -> Lead:
    return replace(lead, **{name: getattr(lead, name) or getattr(other, name) for name in PRINTED})
