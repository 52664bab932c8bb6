"""A source: where it is, how it is read, and what was agreed with it."""

from datetime import date, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from aggregator.settings.values import Duration, Host, Kind, Scope, Settings, Slug, Url
from aggregator.text import ascii_host


class Agreement(Settings):
    """The ground on which a source's text is shown (NĐ 147/2024 Điều 28)."""

    number: str
    """Number or name of the written agreement, or of the source's published terms."""
    starts: date
    """First day it holds."""
    ends: date
    """Last day it holds."""
    scope: Scope = "lead"
    """link = title, source, time, link; lead = and the lead; full = and the body."""


class Tls(Settings):
    """TLS of a host that needs more than the defaults. Verification cannot be turned off."""

    security_level: Annotated[int, Field(ge=1, le=2)] = 2
    """OpenSSL security level; 1 only for hosts with old keys."""
    extra_ca: str = ""
    """Path of a PEM file with a missing intermediate certificate."""


class More(Settings):
    """Older leads of a listing, asked for as its button "Xem thêm" does (vccorp; unverified, a form per host)."""

    url: Url
    """Address that the button posts its form to, on one of the source's hosts."""
    form: dict[str, str | int]
    """Fields of the form by name; `{page}` in a value stands for the page's number."""
    first: Annotated[int, Field(ge=0, le=100)] = 2
    """Number of the first page that is asked for."""
    pages: Annotated[int, Field(ge=1, le=5)] = 1
    """At most so many pages are asked for in one visit."""

    @model_validator(mode="after")
    def _numbered(self) -> "More":
        if not any("{page}" in str(value) for value in self.form.values()):
            raise ValueError(
                'form: no value holds "{page}", so each page would be the same; write it where its number goes'
            )
        return self


class Section(Settings):
    """One listing or feed of a source."""

    url: Url = ""
    """Address of the listing, feed or sitemap (all kinds but moh_bridge)."""
    id: str = ""
    """The site's own number of the section (moh_bridge: MA_DANH_MUC)."""
    name: str = ""
    """What the section is called, for the operator."""
    fallback: Url = ""
    """Listing that is read when the feed cannot be (vccorp)."""
    more: More | None = None
    """Where older leads are asked for when all that the section lists are new (vccorp); none: nowhere."""


class Source(Settings):
    """An official source."""

    id: Slug
    """Short name, used in addresses: never change it once published."""
    name: str
    """Full name, as readers see it."""
    short_name: str = ""
    """Short name for narrow places; empty: the name."""
    kind: Kind
    """Which reader: the site's family, feed, sitemap, listing, or auto to find out (docs/adding-a-source.md)."""
    home: Url
    """Home page, for readers."""
    hosts: tuple[Host, ...] = ()
    """Hosts whose pages may be fetched and shown as this source's words; empty: the home page's host."""
    sections: tuple[Section, ...]
    """Its listings or feeds, in order of importance."""
    authority: Annotated[int, Field(ge=0, le=100)] = 0
    """Who speaks when several sources tell one story: the highest."""
    places: tuple[str, ...] = ()
    """Places the source speaks for, for the operator's information."""
    enabled: bool = True
    """false keeps its articles and stops visiting it."""
    every: Duration = timedelta(minutes=15)
    """How often it is visited; the shortest time between two visits where `at_most` is set."""
    pause: Duration = timedelta(seconds=2)
    """Least time between two requests to one of its hosts."""
    full_pages: bool = True
    """Fetch each article's page; false takes what the feed or listing shows."""
    max_new: Annotated[int, Field(ge=1, le=500)] = 60
    """At most so many new articles are fetched in one visit; the rest follow in the next."""
    day_first: bool = True
    """Order of 10/5/2026: true = 10 May, false = 5 October."""
    language: str = "vi"
    """Language of its texts."""
    article_pattern: str = ""
    """Pattern that an article's address must match (feed, listing); its first group, if any, is the article's id."""
    agreement: Agreement | None = None
    """The ground for showing more than title and link."""
    embargo: Duration = timedelta(minutes=60)
    """Nothing is shown before the source's time plus this (NĐ 147/2024: 1 hour); 0 for an agency's own source."""
    window: Duration = timedelta(days=7)
    """How long after publication an article is re-checked every two hours and shown beyond its link."""
    max_checks: Annotated[int, Field(ge=0, le=500)] = 100
    """At most so many re-checks in one visit: 100 take some four minutes at a pause of 2 s, of cron's ten."""
    checks_a_day: Annotated[int, Field(ge=0, le=40_000)] = 6_000
    """At most so many re-checks a day, shared by the sources of one host: one in 14 s. The window shortens to fit."""
    stale_after: Duration = timedelta(days=3)
    """Without a new article for so long the status page says so."""
    tls: Tls = Tls()
    """TLS needs of its hosts."""
    tags: tuple[Annotated[str, Field(pattern=r"^(topic|disease|place|authority)/[a-z0-9-]+$")], ...] = ()
    """Tags that every article of it carries, whatever it says: topic/tiem-chung, place/ha-noi."""
    at_most: Duration | None = None
    """Longest time between two visits: a source that publishes seldom is visited less often; empty: as `every`."""

    @model_validator(mode="before")
    @classmethod
    def _default_hosts(cls, values: Any) -> Any:
        if isinstance(values, dict) and not values.get("hosts") and isinstance(values.get("home"), str):
            return {**values, "hosts": [urlsplit(values["home"]).hostname or ""]}
        return values

    @model_validator(mode="after")
    def _bounds(self) -> "Source":
        if self.at_most is not None and self.at_most < self.every:
            raise ValueError(f"at_most: must not be shorter than every ({self.every}); raise it or lower every")
        more = [section.more for section in self.sections if section.more]
        if more and self.kind != "vccorp":
            raise ValueError(f"more: a source of kind {self.kind} has no further pages; take it out of its sections")
        for one in more:
            if ascii_host(urlsplit(one.url).hostname or "") not in self.hosts:
                raise ValueError(f"more: {one.url} is on none of the source's hosts; add its host or correct it")
        return self

    @property
    def label(self) -> str:
        """The name for narrow places."""
        return self.short_name or self.name
