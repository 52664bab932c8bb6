"""The whole of sources.yaml."""

from typing import Literal

from pydantic import model_validator

from aggregator.mail_settings import Mail
from aggregator.settings.campaigns import Campaign
from aggregator.settings.fetching import Archive, Fetch
from aggregator.settings.notices import Notices
from aggregator.settings.site import Site
from aggregator.settings.sources import Source
from aggregator.settings.tags import Tags
from aggregator.settings.values import Settings, is_local


class Config(Settings):
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
    notice: Notices = Notices()
    """Emergency notices."""
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
