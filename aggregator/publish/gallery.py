"""The gallery (`/nhung/`): every embed live, and the snippet that a webmaster copies."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from aggregator.model import Artifact
from aggregator.publish import addresses, campaigns, embeds
from aggregator.publish.edition import Edition
from aggregator.publish.site import chrome
from aggregator.settings import Campaign

FRAME_HEIGHT = 620  # px; ten titles of two lines in a column of 360 px
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"  # links open; no script, no form, no top navigation


@dataclass(frozen=True, slots=True)
class Snippet:
    """What a webmaster pastes, and the line his Content-Security-Policy needs."""

    id: str
    name: str
    about: str
    code: str
    policy: str


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
    banners: tuple[BannerSample, ...]
    fluid: tuple[Snippet, ...]


def page(edition: Edition) -> Iterator[Artifact]:
    """The gallery."""
    samples = [_campaign(campaign, edition) for campaign in edition.config.campaigns]
    order = {"running": 0, "coming": 1, "ended": 2}
    loader, integrity = embeds.newest_loader(edition)
    context = {
        **chrome(
            "Nhúng vào cổng thông tin", "Tin y tế và biểu ngữ cho cổng của đơn vị: sao chép một lần.", section="embed"
        ),
        "latest": latest_snippets("all", edition),
        "shelves": embeds.shelves(edition),
        "frame": embeds.path("all", "html"),
        "frame_height": FRAME_HEIGHT,
        "sandbox": SANDBOX,
        "loader": loader,
        "integrity": integrity,
        "origin": origin(edition),
        "samples": sorted(samples, key=lambda sample: order[sample.state]),
    }
    yield edition.page("embeds/gallery.html", addresses.GALLERY, context)


def origin(edition: Edition) -> str:
    """Scheme, host and port of the site, for a Content-Security-Policy."""
    parts = urlsplit(edition.site.base_url)
    return f"{parts.scheme}://{parts.netloc}"


def latest_snippets(key: str, edition: Edition) -> tuple[Snippet, ...]:
    """The latest news of a shelf as iframe, script and HTML fragment."""
    return _frame(key, edition), _script(key, edition), _fragment(key, edition)


def _frame(key: str, edition: Edition) -> Snippet:
    title = f"{embeds.label(key, edition)} – {edition.site.name}"
    code = _iframe(edition.absolute(embeds.path(key, "html")), title, "100%", FRAME_HEIGHT)
    about = "Khung cách ly, không chạy mã nào trên trang của đơn vị. Nên dùng cách này."
    return Snippet("khung", "Khung (iframe)", about, code, f"frame-src {origin(edition)}")


def _script(key: str, edition: Edition) -> Snippet:
    path, integrity = embeds.newest_loader(edition)
    home = edition.absolute(addresses.shelf_path(key))
    words = escape(f"{embeds.label(key, edition)} – {edition.site.name}")
    code = (
        f'<script type="module" src="{escape(edition.absolute(path))}"\n'
        f'  integrity="{integrity}" crossorigin="anonymous"></script>\n'
        f'<tin-y-te shelf="{key}" count="5"><a href="{escape(home)}">{words}</a></tin-y-te>'
    )
    about = (
        "Hoà vào bề rộng của trang; mã có dấu kiểm (integrity) nên không thể bị thay ngầm. "
        "Thuộc tính: shelf (mục tin), count (số tin), theme (dark: nền tối)."
    )
    place = origin(edition)
    return Snippet("the", "Thẻ HTML (script)", about, code, f"script-src {place}; connect-src {place}")


def _fragment(key: str, edition: Edition) -> Snippet:
    url = edition.absolute(embeds.path(key, "fragment.html"))
    code = f'{url}\n<!--#include virtual="/tin-y-te/{key.replace("/", "-")}.html" -->'
    about = (
        "Máy chủ của đơn vị tải tệp ở dòng đầu theo lịch (5 phút một lần là đủ), lưu vào /tin-y-te/, "
        "rồi chèn bằng SSI như dòng sau. Không cần JavaScript; người đọc không phải kết nối đi nơi khác."
    )
    return Snippet("manh", "Mảnh HTML (SSI)", about, code, "không cần thêm")


def _campaign(campaign: Campaign, edition: Edition) -> CampaignSample:
    state = campaigns.state(campaign, edition.today)
    landing = campaigns.landing_path(campaign)
    if state != "running":
        return CampaignSample(campaign, state, landing, (), ())
    banners = tuple(_banner(campaign, size, edition) for size in campaigns.sizes(campaign))
    return CampaignSample(campaign, state, landing, banners, _fluid(campaign, edition))


def _banner(campaign: Campaign, size: str, edition: Edition) -> BannerSample:
    width, height = (int(part) for part in size.split("x"))
    image = campaigns.banner_path(campaign, size, "svg")
    page = edition.absolute(campaigns.banner_path(campaign, size, "html"))
    alt = escape(campaign.alt)
    picture = (
        f'<a href="{escape(edition.absolute(campaigns.landing_path(campaign)))}">'
        f'<img src="{escape(edition.absolute(image))}" width="{width}" height="{height}" alt="{alt}"></a>'
    )
    place = origin(edition)
    snippets = (
        Snippet(f"anh-{size}", "Ảnh và liên kết", "Dạng đơn giản nhất.", picture, f"img-src {place}"),
        Snippet(
            f"khung-{size}",
            "Khung",
            "Khung cách ly.",
            _iframe(page, campaign.title, str(width), height),
            f"frame-src {place}",
        ),
    )
    return BannerSample(size, width, height, image, snippets)


def _fluid(campaign: Campaign, edition: Edition) -> tuple[Snippet, ...]:
    page = edition.absolute(campaigns.banner_path(campaign, "fluid", "html"))
    fragment = edition.absolute(campaigns.banner_path(campaign, "fluid", "fragment.html"))
    code = _iframe(page, campaign.title, "100%", 120)
    return (
        Snippet("co-gian", "Khung co giãn", "Rộng theo cột chứa nó.", code, f"frame-src {origin(edition)}"),
        Snippet(
            "manh-chien-dich", "Mảnh HTML (SSI)", "Máy chủ của đơn vị tải về rồi chèn.", fragment, "không cần thêm"
        ),
    )


def _iframe(src: str, title: str, width: str, height: int) -> str:
    return (
        f'<iframe src="{escape(src)}" title="{escape(title)}" width="{width}" height="{height}"\n'
        f'  sandbox="{SANDBOX}" referrerpolicy="no-referrer" loading="lazy"></iframe>'
    )
