"""What an operator may set: the frozen types of sources.yaml. config.py alone makes them from the file.

Every key carries its description: docs/configuration.md is checked against them.
"""

import re
from datetime import date, timedelta
from ipaddress import ip_address
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from aggregator.colour import LEGIBLE, contrast, rgb
from aggregator.durations import duration
from aggregator.mail_settings import Mail
from aggregator.stations import Station
from aggregator.text import ascii_host


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError(f"{value!r} is not a web address; write https://host/path")
    return value


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise ValueError(f"{value!r} is not a short name; use a-z, 0-9 and single hyphens, as so-y-te")
    return value


def _colour(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError(f"{value!r} is not a colour; write it as #0b5d8c")
    return value.lower()


def _host(value: str) -> str:
    return ascii_host(value.strip())


Duration = Annotated[timedelta, BeforeValidator(duration)]
Url = Annotated[str, AfterValidator(_web_address)]
Slug = Annotated[str, AfterValidator(_slug)]
Host = Annotated[str, AfterValidator(_host)]
Colour = Annotated[str, AfterValidator(_colour)]
Scope = Literal["link", "lead", "full"]
Mode = Literal["preview", "public", "demo"]
Kind = Literal["moh_bridge", "vccorp", "liferay", "aspnet", "wordpress", "feed", "sitemap", "listing", "auto"]


class _Settings(BaseModel):
    """Frozen; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Licence(_Settings):
    """The licence of an aggregated-information site (Thông tư 09/2014)."""

    number: str = ""
    """Number of the licence."""
    date: Annotated[str, Field(max_length=40)] = ""
    """Date of issue, as it shall be shown."""
    issuer: str = ""
    """Who issued it."""


class Owner(_Settings):
    """Who answers for the site: the block that the law asks on every page (sources.md §7)."""

    organisation: str = ""
    """Name of the organisation."""
    governing_body: str = ""
    """Its governing body (cơ quan chủ quản)."""
    address: str = ""
    """Postal address."""
    phone: str = ""
    """Telephone."""
    email: str = ""
    """E-mail for readers; complaints go there too unless `site.complaints` says otherwise."""
    person_responsible: str = ""
    """The person responsible for the content (chịu trách nhiệm nội dung)."""
    licence: Licence = Licence()
    """The licence of the site."""

    def missing(self) -> tuple[str, ...]:
        """Keys that public mode needs and that are empty, as dotted paths below `site.owner`."""
        plain = ("organisation", "governing_body", "address", "phone", "email", "person_responsible")
        absent = [key for key in plain if not getattr(self, key)]
        absent += [f"licence.{key}" for key in ("number", "date", "issuer") if not getattr(self.licence, key)]
        return tuple(absent)


class Site(_Settings):
    """The published site."""

    name: str = "Bản tin y tế chính thức"
    """Name of the site, as readers see it."""
    description: str = "Tin y tế từ các nguồn chính thức, dẫn nguồn đầy đủ."
    """One sentence about the site."""
    base_url: Url = "http://127.0.0.1:8000/"
    """The public address of the output folder, with a slash at its end."""
    mode: Mode = "preview"
    """preview shows a ribbon; public asks for the owner block and agreements; demo marks every page as demo."""
    owner: Owner = Owner()
    """Who answers for the site."""
    complaints: str = ""
    """mailto: or https: address for complaints; empty: the owner's e-mail."""
    emblem: str = ""
    """Path of an SVG or PNG file copied into the site as its emblem; empty: none."""
    accent: Colour = "#0b5d8c"
    """The colour of links and headings; must keep 4.5:1 on white."""
    stations: tuple[Station, ...] = ()
    """Path of a CSV file, from the folder of this one, with the hotlines and health stations of `/can-lam-gi/`."""
    compress: tuple[Literal["gzip", "brotli"], ...] = ()
    """Compressed copies (.gz, .br) beside text files, for a web server that serves them; brotli needs the extra."""

    @model_validator(mode="after")
    def _sound(self) -> "Site":
        if contrast(rgb(self.accent), rgb("#ffffff")) < LEGIBLE:
            raise ValueError(f"accent: {self.accent} on white is below a contrast of {LEGIBLE}:1; take a darker one")
        if not self.base_url.endswith("/"):
            raise ValueError(f"base_url: {self.base_url!r} must end with a slash")
        return self


class Agreement(_Settings):
    """The ground on which a source's text is shown (NĐ 147/2024 Điều 28)."""

    number: str
    """Number or name of the written agreement, or of the source's published terms."""
    starts: date
    """First day it holds."""
    ends: date
    """Last day it holds."""
    scope: Scope = "lead"
    """link = title, source, time, link; lead = and the lead; full = and the body."""


class Tls(_Settings):
    """TLS of a host that needs more than the defaults. Verification cannot be turned off."""

    security_level: Annotated[int, Field(ge=1, le=2)] = 2
    """OpenSSL security level; 1 only for hosts with old keys."""
    extra_ca: str = ""
    """Path of a PEM file with a missing intermediate certificate."""


class More(_Settings):
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


class Section(_Settings):
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


class Source(_Settings):
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


class OwnTerm(_Settings):
    """A tag of your own; or, under the slug of a known one, more words for it. The words are matched as whole words."""

    slug: Slug
    """Short name, used in addresses; that of a known tag adds to it."""
    label: str = ""
    """What readers see; needed for a new tag."""
    names: tuple[str, ...] = ()
    """Words that earn it, in lower case; needed for a new tag."""
    in_title: tuple[str, ...] = ()
    """Words that earn a topic in the title alone."""
    hints: tuple[str, ...] = ()
    """Words that earn a topic in the title beside another of its words."""
    capitals: tuple[str, ...] = ()
    """Words that earn it written exactly so: abbreviations."""
    exclude: tuple[str, ...] = ()
    """Phrases in which its words say something else; a word of the tag itself is taken away by naming it here."""


class OwnPlace(_Settings):
    """A place of your own; or, under the slug of a known one, more names for it."""

    slug: Slug
    """Short name, used in addresses; that of a known place adds to it."""
    label: str = ""
    """What readers see; needed for a new place."""
    name: str = ""
    """Its name, as it is written in texts; needed for a new place."""
    level: str = ""
    """The word before its name, as xã, phường; needed for a new place."""
    aliases: tuple[str, ...] = ()
    """Other names."""
    parent: str = ""
    """Slug of the province or district it lies in."""


class Tags(_Settings):
    """Tags beside those that come with the program (aggregator/refine/vocabulary)."""

    topics: tuple[OwnTerm, ...] = ()
    """Topics."""
    diseases: tuple[OwnTerm, ...] = ()
    """Diseases."""
    authorities: tuple[OwnTerm, ...] = ()
    """Authorities."""
    places: tuple[OwnPlace, ...] = ()
    """Places."""


class Directive(_Settings):
    """The document that a campaign carries out."""

    number: str
    """Its number, as 1979/STTTT-TTĐT."""
    issuer: str
    """Who issued it."""
    date: date
    """Its date."""
    url: Url = ""
    """Where it can be read; empty: unknown."""


class Campaign(_Settings):
    """A message that agency portals shall carry as a banner."""

    slug: Slug
    """Short name, used in addresses."""
    title: str
    """Name of the campaign."""
    message: str
    """The banner's text."""
    short: str = ""
    """The text for narrow banners; empty: the title."""
    alt: str
    """What the banner says, for those who do not see it; never empty."""
    link: Url = ""
    """Where it leads; empty: the link is unknown and the banner is shown without one."""
    link_verified: date | None = None
    """When an operator last saw that the link is right; empty: unverified, and said so."""
    google_play: str = ""
    """Google Play id of the app; empty: unknown."""
    app_store: str = ""
    """App Store id of the app (id1508062685); empty: unknown."""
    about: str = ""
    """What it is for, and what replaced it, for the landing page."""
    directive: Directive | None = None
    """The document behind it."""
    starts: date
    """First day it is shown (Asia/Ho_Chi_Minh)."""
    ends: date | None = None
    """Last day it is shown; empty: open end."""
    colour: Colour = "#0b5d8c"
    """Background; the text on it must keep 4.5:1."""
    ink: Colour = "#ffffff"
    """Colour of the text."""
    sizes: tuple[Annotated[str, Field(pattern=r"^\d{2,4}x\d{2,4}$")], ...] = ()
    """Sizes in pixels, as 800x81; empty: all of the standard ones."""

    @model_validator(mode="after")
    def _sound(self) -> "Campaign":
        if not self.alt.strip():
            raise ValueError("alt: a banner always carries an alternative text")
        if contrast(rgb(self.colour), rgb(self.ink)) < LEGIBLE:
            raise ValueError(f"ink: {self.ink} on {self.colour} is below a contrast of {LEGIBLE}:1; darken one of them")
        if self.ends and self.ends < self.starts:
            raise ValueError(f"ends: {self.ends} is before starts: {self.starts}")
        return self

    def running(self, day: date) -> bool:
        """Whether it is shown on that local day."""
        return self.starts <= day and (self.ends is None or day <= self.ends)


class Fetch(_Settings):
    """How the network is read."""

    contact: str = ""
    """Page or e-mail in the User-Agent, for keepers of sites to reach you; empty in public mode: the about page."""
    connect_timeout: Duration = timedelta(seconds=10)
    """Longest wait for a connection."""
    deadline: Duration = timedelta(seconds=40)
    """Longest time for one answer, slow headers, slow bodies and redirects included; each retry has it anew."""
    visit: Duration = timedelta(minutes=5)
    """Longest time for one visit to a source; what it leaves waits for the next visit."""
    max_bytes: Annotated[int, Field(ge=10_000)] = 8_000_000
    """Largest answer after decompression."""
    max_redirects: Annotated[int, Field(ge=0, le=10)] = 5
    """Longest chain of redirects."""
    retries: Annotated[int, Field(ge=0, le=5)] = 2
    """Attempts after the first, for faults that may pass."""
    workers: Annotated[int, Field(ge=1, le=32)] = 6
    """Sources visited at the same time."""
    connect_to: dict[str, str] = {}
    """host: http://127.0.0.1:PORT sends its requests there, while every address stays official."""
    allow_addresses: tuple[str, ...] = ()
    """Networks (10.1.0.0/16) that are reachable although private."""


class Archive(_Settings):
    """The raw archive: the bytes that articles were read from, kept in var/raw/ as WARC files, never served."""

    enabled: bool = True
    """false keeps no raw bytes; digests, times and headers are kept all the same."""
    max_bytes: Annotated[int, Field(ge=100_000)] = 2_000_000_000
    """Most bytes of all its files together; the oldest files go first, whole."""
    max_age: Duration = timedelta(days=730)
    """A file goes when all that it holds is older than this."""


class Config(_Settings):
    """The whole of sources.yaml."""

    version: Literal[1] = 1
    """Version of this file's format."""
    database: str = "sqlite:///var/aggregator.db"
    """SQLAlchemy URL of the database; a relative SQLite path counts from the configuration's folder."""
    output: str = "output"
    """Folder that a web server serves; relative to the configuration's folder."""
    templates: str = ""
    """Folder whose templates take the place of those of the same name; empty: none."""
    site: Site = Site()
    """The published site."""
    fetch: Fetch = Fetch()
    """How the network is read."""
    archive: Archive = Archive()
    """The raw bytes behind every revision."""
    mail: Mail | None = None
    """The bulletin by e-mail; without it none is made."""
    sources: tuple[Source, ...]
    """The official sources."""
    campaigns: tuple[Campaign, ...] = ()
    """Messages that portals carry as banners."""
    tags: Tags = Tags()
    """Tags of your own, and other words for known ones; `aggregator retag` brings stored articles up to date."""

    @model_validator(mode="after")
    def _sound(self) -> "Config":
        for kind, names in (
            ("source id", [source.id for source in self.sources]),
            ("campaign slug", [campaign.slug for campaign in self.campaigns]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"the {kind} {twice[0]!r} is used twice; each must be its own")
        if self.site.mode == "public" and self.fetch.connect_to:
            raise ValueError("fetch.connect_to together with site.mode: public is refused; it is for demo and tests")
        missing = self.site.owner.missing() if self.site.mode == "public" else ()
        if missing:
            keys = ", ".join(f"site.owner.{key}" for key in missing)
            raise ValueError(f"site.mode: public needs {keys}; fill them in or write mode: preview")
        if self.site.mode == "public" and not self.fetch.contact.strip() and is_local(self.site.base_url):
            told = f"fetch.contact is empty, and site.base_url ({self.site.base_url}) leads nobody else to you"
            raise ValueError(f"{told}; write contact: a page or e-mail where a site's keeper reaches you")
        return self

    def source(self, id: str) -> Source | None:
        """The source of that id, None when it is not configured (any more)."""
        return next((source for source in self.sources if source.id == id), None)


def is_local(url: str) -> bool:
    """Whether the address means something on this machine or in this house only."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local"))


def is_inside(path: str) -> bool:
    """Whether a relative path stays inside its folder."""
    pure = PurePosixPath(path)
    return not pure.is_absolute() and ".." not in pure.parts
