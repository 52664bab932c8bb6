"""The site, and who runs it."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from aggregator.colour import LEGIBLE, contrast, rgb
from aggregator.settings.values import Colour, Mode, Settings, Url
from aggregator.stations import Station


class Licence(Settings):
    """The licence of an aggregated-information site (Thông tư 09/2014)."""

    number: str = ""
    """Number of the licence."""
    date: Annotated[str, Field(max_length=40)] = ""
    """Date of issue, as it shall be shown."""
    issuer: str = ""
    """Who issued it."""


class Owner(Settings):
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


class Site(Settings):
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
