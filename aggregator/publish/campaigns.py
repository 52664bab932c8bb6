"""Campaigns: banners as SVG, PNG and HTML in the standard sizes, HTML fragments, landing pages.

A campaign that is not running leaves an empty image and an empty frame at its addresses, so that what a portal
pasted years ago shows nothing instead of an old call, and its landing page says that it has ended.
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from aggregator.model import Artifact
from aggregator.publish.banner import CALL, Banner, compose
from aggregator.publish.edition import Edition
from aggregator.publish.pictures import read
from aggregator.publish.raster import png
from aggregator.publish.site import chrome
from aggregator.publish.stores import shops
from aggregator.settings import Campaign

SIZES = (
    "800x81", "1000x69", "1170x90",  # strips seen on the issuer's portal: sources.md §8
    "298x50",  # its centre
    "230x46", "230x92", "230x139",  # its side column, 228-232 wide
    "300x250", "300x600", "728x90", "468x60",  # press sizes
)  # fmt: skip
State = Literal["running", "ended", "coming"]


def landings(edition: Edition) -> Iterator[Artifact]:
    """The pages that banners lead to."""
    yield from (_landing(campaign, edition) for campaign in edition.config.campaigns)


def banners(edition: Edition) -> Iterator[Artifact]:
    """Every campaign's images, frames and fragment."""
    for campaign in edition.config.campaigns:
        yield from _banners(campaign, edition)


def state(campaign: Campaign, today: date) -> State:
    """How the campaign stands on that local day."""
    if campaign.running(today):
        return "running"
    return "coming" if today < campaign.starts else "ended"


def sizes(campaign: Campaign) -> tuple[str, ...]:
    """The sizes its banners come in."""
    return campaign.sizes or SIZES


def landing_path(campaign: Campaign) -> str:
    """The page that a banner leads to."""
    return f"ung-dung/{campaign.slug}/index.html"


def banner_path(campaign: Campaign, size: str, form: str) -> str:
    """A banner's file: `size` is one of `sizes`, `form` svg, png (at twice the size) or html; or `fluid`, `form` html
    or fragment.html.
    """
    return f"embed/campaign/{campaign.slug}/{size}.{form}"


def colours_path(campaign: Campaign) -> str:
    """The style with the campaign's colours: a strict CSP allows none inside a page."""
    return f"embed/campaign/{campaign.slug}/colours.css"


def image_path(campaign: Campaign, size: str) -> str:
    """The image to show in a size: the agency's own, else the one that is drawn, as SVG.

    Either is the campaign's text alone while it may lead nowhere.
    """
    return banner_path(campaign, size, "png" if _own(campaign, size) else "svg")


def shown(edition: Edition) -> tuple[Campaign, ...]:
    """Campaigns that run or are to begin, the most important first; one that has ended is offered nowhere."""
    alive = (one for one in edition.config.campaigns if state(one, edition.today) != "ended")
    return tuple(sorted(alive, key=lambda one: (state(one, edition.today) != "running", -one.priority, one.slug)))


def of_size(campaign: Campaign, size: str, ribbon: str, *, linked: bool = True) -> Banner:
    """The banner laid out for a size; its text alone where it may not be a link."""
    width, height = (int(part) for part in size.split("x"))
    return compose(campaign, width, height, ribbon, read(campaign.emblem) if campaign.emblem else b"", linked=linked)


def _own(campaign: Campaign, size: str) -> str:
    """The agency's own image file for the size, "" when there is none."""
    return next((image.file for image in campaign.images if image.size == size), "")


def _banners(campaign: Campaign, edition: Edition) -> Iterator[Artifact]:
    running, linked = state(campaign, edition.today) == "running", edition.led(campaign).linked
    for size in sizes(campaign):
        banner = of_size(campaign, size, edition.ribbon, linked=linked)
        svg = banner.svg() if running else banner.empty_svg()
        yield Artifact(banner_path(campaign, size, "svg"), svg.encode())
        own = _own(campaign, size) if running and linked else ""
        yield Artifact(banner_path(campaign, size, "png"), read(own) if own else png(svg))
        yield _frame(campaign, size, banner, edition, running)
    yield Artifact(colours_path(campaign), _colours(campaign).encode())
    yield _frame(campaign, "fluid", None, edition, running)
    context = {"campaign": campaign, "running": running, "linked": linked, "landing": landing_path(campaign)}
    yield edition.page("campaigns/banner.fragment.html", banner_path(campaign, "fluid", "fragment.html"), context)


def _colours(campaign: Campaign) -> str:
    return (
        f".fluid{{background:{campaign.colour};color:{campaign.ink}}}\n"
        f".fluid-call{{background:{campaign.ink};color:{campaign.colour}}}\n"
    )


def _frame(campaign: Campaign, size: str, banner: Banner | None, edition: Edition, running: bool) -> Artifact:
    context = {
        "campaign": campaign,
        "running": running,
        "linked": edition.led(campaign).linked,
        "landing": landing_path(campaign),
        "image": image_path(campaign, size) if banner else "",
        "banner": banner,
        "colours": colours_path(campaign),
        "call": CALL,
    }
    return edition.page("campaigns/banner.html", banner_path(campaign, size, "html"), context)


def _landing(campaign: Campaign, edition: Edition) -> Artifact:
    now, way = state(campaign, edition.today), edition.led(campaign)
    urls = way.urls if now == "running" else frozenset()
    context = {
        **chrome(campaign.title, campaign.message, section="campaign", indexed=now != "ended"),
        "campaign": campaign,
        "state": now,
        "is_app": bool(campaign.google_play or campaign.app_store),
        "target": campaign.link if campaign.link in urls else "",
        "shops": shops(campaign, urls),
        "stopped": not way.linked,
    }
    return edition.page("campaigns/landing.html", landing_path(campaign), context)
