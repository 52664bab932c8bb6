"""Campaigns: what is to be carried, by whose order, and how it looks."""

from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator, model_validator

from aggregator.colour import LEGIBLE, contrast, rgb
from aggregator.settings.values import Colour, Duration, Host, Settings, Slug, Url
from aggregator.signs import strange


def _texts(value: Any) -> Any:
    """One text is a list of one."""
    return (value,) if isinstance(value, str) and value else value or ()


ONE_OR_MORE = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts), WithJsonSchema(ONE_OR_MORE)]
Size = Annotated[str, Field(pattern=r"^\d{2,4}x\d{2,4}$")]
DRAWN = ("title", "message", "short")


class Directive(Settings):
    """The document that a campaign carries out."""

    number: str
    """Its number, as 1979/STTTT-TTĐT."""
    issuer: str
    """Who issued it."""
    date: date
    """Its date."""
    url: Url = ""
    """Where it can be read; empty: unknown."""


class Audience(Settings):
    """Who is asked to carry the banner; shown on the campaign's page."""

    portals: tuple[str, ...] = ()
    """Agencies, or kinds of them, as readers call them: Trung tâm y tế các phường, xã."""
    places: tuple[str, ...] = ()
    """Places, as readers call them: Hà Nội."""


class OwnImage(Settings):
    """An image of the agency's own for one size, in place of the one that is drawn."""

    size: Size
    """The size it stands for, as 800x81."""
    file: str
    """Path of a PNG file of exactly that size or of twice it, at most 150 kB."""


class Campaign(Settings):
    """A message that agency portals shall carry as a banner."""

    slug: Slug
    """Short name, used in addresses: never change it once published."""
    title: str
    """Name of the campaign, or of the app."""
    message: str
    """The banner's text, whole."""
    short: Texts = ()
    """Shorter texts for smaller banners, from the longer to the shorter; after them comes the title."""
    alt: str
    """What the banner says, for those who do not see it; never empty."""
    link: Url = ""
    """Where the campaign's page leads; empty: unknown, and said so. Banners always lead to that page of ours."""
    link_verified: date | None = None
    """When an operator last saw that link and app ids are right; empty: unverified: said so, and led to by nothing."""
    link_hosts: tuple[Host, ...] = ()
    """Further hosts that the link may pass on to; those of its own registered domain need not be named."""
    link_says: Texts = ()
    """Words that the page behind the link must say; without them a page that another took over is not noticed."""
    google_play: Annotated[str, Field(pattern=r"^([A-Za-z]\w*(\.[A-Za-z]\w*)+)?$")] = ""
    """Google Play id of the app, as com.mic.bluezone; empty: unknown."""
    app_store: Annotated[str, Field(pattern=r"^(id\d+)?$")] = ""
    """App Store id of the app, as id1508062685; empty: unknown."""
    app_name: str = ""
    """Name that the stores' pages must show; empty: the title."""
    stores_checked: bool = True
    """false where a store cannot be asked: its pages are then led to on the operator's word alone."""
    check_every: Annotated[Duration, Field(ge=timedelta(minutes=10), le=timedelta(days=1))] = timedelta(hours=1)
    """How often link and stores are looked at while it runs: each at most once in this time."""
    about: str = ""
    """What it, or the app, is for."""
    replaced_by: str = ""
    """What took its place, and when; a sentence for the campaign's page."""
    directive: Directive | None = None
    """The document behind it."""
    audience: Audience = Audience()
    """Who is asked to carry it."""
    priority: Annotated[int, Field(ge=0, le=100)] = 0
    """Which comes first where several are offered: the highest."""
    starts: date
    """First day it is shown (Asia/Ho_Chi_Minh)."""
    ends: date | None = None
    """Last day it is shown; empty: open end."""
    colour: Colour = "#0b5d8c"
    """Background; the text on it must keep 4.5:1."""
    ink: Colour = "#ffffff"
    """Colour of the text."""
    emblem: str = ""
    """Path of a PNG file of at least 96 px either way and at most 30 kB, drawn where there is room; empty: none."""
    sizes: tuple[Size, ...] = ()
    """Sizes in pixels, as 800x81; empty: all of the standard ones."""
    images: tuple[OwnImage, ...] = ()
    """The agency's own images; sizes without one are drawn."""

    @field_validator(*DRAWN, "directive")
    @classmethod
    def _drawable(cls, value: Any) -> Any:
        texts = (value.number,) if isinstance(value, Directive) else value if isinstance(value, tuple) else (value,)
        for text in texts:
            if text and (sign := strange(text)):
                raise ValueError(f"{text!r}: banners have no shape for {sign!r}; take it out")
        return value

    @model_validator(mode="after")
    def _sound(self) -> "Campaign":
        if not self.alt.strip():
            raise ValueError("alt: a banner always carries an alternative text")
        ratio = contrast(rgb(self.colour), rgb(self.ink))
        if ratio < LEGIBLE:
            told = f"ink: {self.ink} on {self.colour} has a contrast of {ratio:.2f}:1, below {LEGIBLE}:1"
            raise ValueError(f"{told}; darken one of them, or lighten the other")
        if self.ends and self.ends < self.starts:
            raise ValueError(f"ends: {self.ends} is before starts: {self.starts}")
        own = [image.size for image in self.images]
        if twice := sorted({size for size in own if own.count(size) > 1}):
            raise ValueError(f"images: {twice[0]} is given twice; keep one of them")
        if self.sizes and (odd := [size for size in own if size not in self.sizes]):
            raise ValueError(f"images: {odd[0]} is not among sizes; add it there")
        return self

    def running(self, day: date) -> bool:
        """Whether it is shown on that local day."""
        return self.starts <= day and (self.ends is None or day <= self.ends)
