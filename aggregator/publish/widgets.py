"""Embeds that are no shelf: the bar of urgent notices, today's bulletin, the search box, a campaign as data.

Each stands at `embed/latest/<name>.json|.html|.auto.html|.fragment.html` as a shelf does; the bar shows the payload of
`urgent`. A plaque is the image of a plain link: the same for as long as its words are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from aggregator.model import Artifact
from aggregator.publish import addresses, campaigns, embeds, emergency
from aggregator.publish.banner import Banner, compose
from aggregator.publish.edition import Edition
from aggregator.publish.notices import IN_FORCE, IN_FORCE_LABEL
from aggregator.publish.raster import png
from aggregator.publish.words import short_date
from aggregator.settings import Campaign

BAR, TODAY, SEARCH = "bar", "today", "search"
IN_BAR = 3  # notices; the others are one press away
IN_TODAY = 5
SEARCH_LABEL = "Tìm tin y tế chính thức"
PLAQUES = ("300x100", "728x90")  # px; a side column, and a strip over the text
BEGINNING = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Plaque:
    """What the image of a plain link says, and where the link leads."""

    name: str
    words: str
    home: str


def artifacts(edition: Edition) -> Iterator[Artifact]:
    """All of them but the plaques."""
    yield from _bar(edition)
    yield from _today(edition)
    yield from _search(edition)
    for campaign in edition.config.campaigns:
        yield _campaign(campaign, edition)


def plaques(edition: Edition) -> tuple[Plaque, ...]:
    """The plaque of each kind of embed."""
    return (
        Plaque("tin-moi", "Tin y tế chính thức, cập nhật trong ngày", addresses.HOME),
        Plaque(BAR, "Thông báo khẩn về y tế còn hiệu lực", addresses.kind_path("urgent")),
        Plaque(TODAY, "Bản tin y tế hôm nay", addresses.DAYS),
        Plaque(SEARCH, SEARCH_LABEL, addresses.SEARCH),
    )


def plaque_path(name: str, size: str, form: str) -> str:
    """A plaque's file; `form` is svg or png (at twice the size)."""
    return f"embed/plaque/{name}/{size}.{form}"


def alt_of(plaque: Plaque, edition: Edition) -> str:
    """What a plaque says to who does not see it."""
    return f"{plaque.words} – {edition.site.name}"


def drawn(edition: Edition) -> Iterator[Artifact]:
    """The plaques as SVG and PNG; of embeds that were given up empty ones."""
    for plaque in plaques(edition):
        for size in PLAQUES:
            banner = _composed(plaque, size, edition)
            svg = banner.empty_svg() if edition.trust.retired else banner.svg()
            yield Artifact(plaque_path(plaque.name, size, "svg"), svg.encode())
            yield Artifact(plaque_path(plaque.name, size, "png"), png(svg))


def _composed(plaque: Plaque, size: str, edition: Edition) -> Banner:
    width, height = (int(part) for part in size.split("x"))
    like = Campaign(
        slug=plaque.name,
        title=plaque.words,
        message=plaque.words,
        alt=alt_of(plaque, edition),
        starts=BEGINNING,
        colour=edition.site.accent,
        ink="#ffffff",
    )
    return compose(like, width, height, edition.ribbon)


def today_path(edition: Edition) -> str:
    """The bulletin of today, or the list of all while there is none."""
    key = f"day/{edition.today.isoformat()}"
    return addresses.shelf_path(key) if edition.shelf(key) else addresses.DAYS


def bar_context(edition: Edition) -> dict[str, Any]:
    """What the bar's templates are told."""
    views = () if edition.trust.retired else edition.listing(IN_FORCE, embeds.IN_PAYLOAD)
    nothing = embeds.RETIRED if edition.trust.retired else embeds.OF_NOTICES["none"]
    return {
        "label": IN_FORCE_LABEL,
        "home": addresses.kind_path("urgent"),
        "alerts_in_it": emergency.in_embeds(edition),
        "in_bar": views[:IN_BAR],
        "nothing": nothing,
    }


def today_context(edition: Edition) -> dict[str, Any]:
    """What the templates of today's bulletin are told."""
    key = f"day/{edition.today.isoformat()}"
    shelf, gone = edition.shelf(key), edition.trust.retired
    views = () if gone else edition.listing(key, IN_TODAY)
    return {
        "label": f"Bản tin y tế ngày {short_date(edition.today)}",
        "home": today_path(edition),
        "alerts_in_it": emergency.in_embeds(edition),
        "in_fragment": views,
        "about": f"{shelf.count} tin từ các nguồn chính thức" if shelf and not gone else "",
        "nothing": embeds.RETIRED if gone else "Hôm nay chưa có tin.",
        "more": "Đọc cả bản tin",
    }


def search_context(edition: Edition) -> dict[str, Any]:
    """What the templates of the search box are told."""
    alerts = emergency.in_embeds(edition)
    return {
        "label": SEARCH_LABEL,
        "home": addresses.SEARCH,
        "alerts_in_it": alerts,
        "retired": edition.trust.retired,
    }


def _bar(edition: Edition) -> Iterator[Artifact]:
    context = {**bar_context(edition), "accent": embeds.ACCENT}
    yield from embeds.framed(edition.page("embeds/bar.html", embeds.path(BAR, "html"), context), edition)
    yield edition.page("embeds/bar.fragment.html", embeds.path(BAR, "fragment.html"), context)


def _today(edition: Edition) -> Iterator[Artifact]:
    context = today_context(edition)
    views = context["in_fragment"]
    more = {"about": context["about"], "none": context["nothing"], "more": context["more"]}
    yield embeds.payload(TODAY, views, context["label"], context["home"], edition, **more)
    context |= {"in_frame": views, "accent": embeds.ACCENT}
    yield from embeds.framed(edition.page("embeds/latest.html", embeds.path(TODAY, "html"), context), edition)
    yield edition.page("embeds/latest.fragment.html", embeds.path(TODAY, "fragment.html"), context)


def _search(edition: Edition) -> Iterator[Artifact]:
    context = {**search_context(edition), "accent": embeds.ACCENT}
    action = {} if edition.trust.retired else {"action": edition.absolute(addresses.SEARCH)}
    yield embeds.payload(SEARCH, (), SEARCH_LABEL, addresses.SEARCH, edition, **action)
    yield from embeds.framed(edition.page("embeds/search.html", embeds.path(SEARCH, "html"), context), edition)
    yield edition.page("embeds/search.fragment.html", embeds.path(SEARCH, "fragment.html"), context)


def _campaign(campaign: Campaign, edition: Edition) -> Artifact:
    """A campaign for the element; of one that is not running the element shows nothing."""
    key, landing = campaign_key(campaign), campaigns.landing_path(campaign)
    if campaigns.state(campaign, edition.today) != "running" or edition.trust.retired:
        return embeds.payload(key, (), "", landing, edition, running=False)
    about = f"Theo văn bản {campaign.directive.number}" if campaign.directive else ""
    more: dict[str, Any] = {"about": about, "running": True, "colour": campaign.colour, "ink": campaign.ink}
    return embeds.payload(key, (), campaign.message, landing, edition, **more)


def campaign_key(campaign: Campaign) -> str:
    """The key of a campaign's payload."""
    return f"campaign/{campaign.slug}"
