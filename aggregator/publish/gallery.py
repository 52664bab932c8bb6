"""The gallery (`/nhung/`): every embed live, and the snippet that a webmaster copies."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from aggregator.model import Artifact
from aggregator.publish import addresses, campaigns, embeds, snippets, widgets
from aggregator.publish.edition import Edition
from aggregator.publish.releases import RELEASED
from aggregator.publish.site import KIND_NAMES, chrome
from aggregator.publish.snippets import NO_REFERRER, Code, Kind, Snippet, iframe, included, origin
from aggregator.settings import Campaign

FLUID_HEIGHT = 120  # px; ribbon and three lines in a column of 300 px
CAMPAIGN_ROOM = 130  # px; the same for the element
WHOLE = "Toàn trang"
GALLERY_TITLE = "Nhúng vào cổng thông tin"


@dataclass(frozen=True, slots=True)
class Sample:
    """A kind of embed in the gallery: its forms, the fragment's template and what that is told."""

    kind: Kind
    forms: tuple[Snippet, ...]
    template: str
    context: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BannerSample:
    """A banner of a size with its snippets; `image` is the path of its SVG."""

    size: str
    width: int
    height: int
    image: str
    snippets: tuple[Snippet, ...]


@dataclass(frozen=True, slots=True)
class CampaignSample:
    """A campaign in the gallery; no banners when it is not running."""

    campaign: Campaign
    state: campaigns.State
    landing: str
    fluid: str
    banners: tuple[BannerSample, ...] = ()
    snippets: tuple[Snippet, ...] = ()


def page(edition: Edition) -> Iterator[Artifact]:
    """The gallery, and the page for a security officer."""
    loader, integrity = embeds.newest_loader(edition)
    receiver, receiver_integrity = embeds.receiver(edition)
    context = {
        **chrome(
            "Nhúng vào cổng thông tin", "Tin y tế và biểu ngữ cho cổng của đơn vị: sao chép một lần.", section="embed"
        ),
        "kinds": kinds(edition),
        "shelves": shelves(edition),
        "fluid_height": FLUID_HEIGHT,
        "campaign_room": CAMPAIGN_ROOM,
        "sandbox": snippets.SANDBOX,
        "with_script": snippets.WITH_SCRIPT,
        "plaques": widgets.PLAQUES,
        "plaque_path": widgets.plaque_path,
        "frame_path": embeds.path,
        "loader": loader,
        "integrity": integrity,
        "receiver": receiver,
        "receiver_integrity": receiver_integrity,
        "root": edition.trust.root if snippets.offered(edition) else "",
        "origin": origin(edition),
        "samples": [_campaign(campaign, edition) for campaign in campaigns.shown(edition)],
    }
    yield edition.page("embeds/gallery.html", addresses.GALLERY, context)
    yield _for_officers(edition)


def kinds(edition: Edition) -> tuple[Sample, ...]:
    """Every kind of embed with its forms."""
    told: dict[str, tuple[str, dict[str, Any]]] = {
        "all": ("latest", embeds.fragment_context("all", edition.listing("all", embeds.IN_FRAGMENT), edition)),
        widgets.BAR: ("bar", widgets.bar_context(edition)),
        widgets.TODAY: ("latest", widgets.today_context(edition)),
        widgets.SEARCH: ("search", widgets.search_context(edition)),
    }
    return tuple(Sample(kind, snippets.forms(kind, edition), *told[kind.key]) for kind in snippets.kinds(edition))


def _for_officers(edition: Edition) -> Artifact:
    about = "Mỗi mẫu nhúng tải gì, chạy gì, chứng minh nguồn gốc thế nào và thu hồi ra sao."
    loaders = ((version, f"{embeds.LOADERS}/{version}.js", days) for version, days in RELEASED.items())
    files = [
        (version, embeds.loader_path(name), embeds.integrity(edition.renderer.read(name)), *days)
        for version, name, days in loaders
    ]
    context = {
        **chrome("An toàn của mẫu nhúng", about, ((GALLERY_TITLE, addresses.GALLERY),), section="embed"),
        "origin": origin(edition),
        "root": edition.trust.root,
        "off": edition.trust.state.off if edition.trust.state else (),
        "loaders": files,
        "receiver": embeds.receiver(edition),
    }
    return edition.page("embeds/officers.html", addresses.GALLERY_SAFETY, context)


def shelves(edition: Edition) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every shelf that can be embedded, by kind: the kind's name, and label and key of each."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for label, key in embeds.shelves(edition):
        groups.setdefault(KIND_NAMES.get(key.partition("/")[0], WHOLE), []).append((label, key))
    return list(groups.items())


def _campaign(campaign: Campaign, edition: Edition) -> CampaignSample:
    state = campaigns.state(campaign, edition.today)
    landing = campaigns.landing_path(campaign)
    fluid = campaigns.banner_path(campaign, "fluid", "html")
    if state != "running":
        return CampaignSample(campaign, state, landing, fluid)
    banners = tuple(_banner(campaign, size, edition) for size in campaigns.sizes(campaign))
    return CampaignSample(campaign, state, landing, fluid, banners, _fluid(campaign, edition))


def _banner(campaign: Campaign, size: str, edition: Edition) -> BannerSample:
    width, height = (int(part) for part in size.split("x"))
    image = campaigns.image_path(campaign, size)
    page = edition.absolute(campaigns.banner_path(campaign, size, "html"))
    picture = (
        f'<a href="{escape(edition.absolute(campaigns.landing_path(campaign)))}" {NO_REFERRER}>'
        f'<img src="{escape(edition.absolute(image))}"\n'
        f'  width="{width}" height="{height}" alt="{escape(campaign.alt)}" {NO_REFERRER}></a>'
    )
    frame = iframe(page, campaign.title, str(width), height)
    place = origin(edition)
    snippets = (
        Snippet(f"anh-{size}", "Ảnh và liên kết", "", (Code(picture),), f"img-src {place}"),
        Snippet(f"khung-{size}", "Khung (iframe)", "", (Code(frame),), f"frame-src {place}"),
    )
    return BannerSample(size, width, height, image, snippets)


def _fluid(campaign: Campaign, edition: Edition) -> tuple[Snippet, ...]:
    page = edition.absolute(campaigns.banner_path(campaign, "fluid", "html"))
    fragment = edition.absolute(campaigns.banner_path(campaign, "fluid", "fragment.html"))
    frame = Code(iframe(page, campaign.title, "100%", FLUID_HEIGHT))
    element = (_element(campaign, edition),) if snippets.offered(edition) else ()
    return (
        Snippet("co-gian", "Khung co giãn", "Rộng theo cột chứa nó.", (frame,), f"frame-src {origin(edition)}"),
        *element,
        Snippet(
            "manh",
            "Mảnh HTML (SSI)",
            "Một dòng chữ và liên kết; tệp trống khi chiến dịch kết thúc.",
            included(fragment, "chien-dich", campaign.slug),
        ),
    )


def _element(campaign: Campaign, edition: Edition) -> Snippet:
    attributes = (("kind", "campaign"), ("shelf", widgets.campaign_key(campaign)))
    code = snippets.tag(attributes, CAMPAIGN_ROOM, campaigns.landing_path(campaign), campaign.message, edition)
    about = "Vẽ bằng chữ của trang, không tải ảnh; chiến dịch kết thúc thì thẻ biến mất."
    place = origin(edition)
    return Snippet("the", "Thẻ HTML (script)", about, (Code(code),), f"script-src {place}; connect-src {place}")
