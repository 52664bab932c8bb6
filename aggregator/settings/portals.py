"""portals.yaml: the agencies whose portals are asked to carry our snippets."""

from pydantic import Field

from aggregator.settings.values import Settings, Url


class Portal(Settings):
    """An agency's portal."""

    name: str = Field(min_length=1)
    """The agency, as the report shall call it."""
    pages: tuple[Url, ...] = Field(min_length=1)
    """The pages where a snippet should stand: the home page, and others where it may be."""


class Portals(Settings):
    """The whole of portals.yaml."""

    portals: tuple[Portal, ...] = Field(min_length=1)
    """The portals, in the order of the report."""
