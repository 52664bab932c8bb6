"""Campaigns: what is to be carried, by whose order, and how it looks."""

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from aggregator.colour import LEGIBLE, contrast, rgb
from aggregator.settings.values import Colour, Settings, Slug, Url


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


class Campaign(Settings):
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
