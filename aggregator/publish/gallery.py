"""The gallery (`/nhung/`): every embed live, and the snippet that a webmaster copies."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from aggregator.model import Artifact
from aggregator.publish import addresses, campaigns, embeds
from aggregator.publish.edition import Edition
from aggregator.publish.site import KIND_NAMES, chrome
from aggregator.settings import Campaign

FRAME_HEIGHT = 620  # px; head, foot and seven titles of two lines in a column of 360 px, the rest scrolls
ROOM = 540  # px; head, foot and five titles of two lines in a column of 360 px
FLUID_HEIGHT = 120  # px; ribbon and three lines in a column of 300 px
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"  # links open; no script, no form, no top navigation
NO_REFERRER = 'referrerpolicy="no-referrer"'
WHOLE = "Toàn trang"


@dataclass(frozen=True, slots=True)
class Code:
    """What is pasted in one place; the caption says where, "" where that is plain."""

    text: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A way to embed: what a webmaster pastes, and what his Content-Security-Policy must allow ("": no more)."""

    id: str
    name: str
    about: str
    codes: tuple[Code, ...]
    policy: str = ""


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
    """The gallery."""
    loader, integrity = embeds.newest_loader(edition)
    context = {
        **chrome(
            "Nhúng vào cổng thông tin", "Tin y tế và biểu ngữ cho cổng của đơn vị: sao chép một lần.", section="embed"
        ),
        "latest": latest_snippets("all", edition),
        "shelves": shelves(edition),
        "frame": embeds.path("all", "html"),
        "frame_height": FRAME_HEIGHT,
        "fluid_height": FLUID_HEIGHT,
        "sandbox": SANDBOX,
        "loader": loader,
        "integrity": integrity,
        "root": edition.trust.root if offered(edition) else "",
        "room": ROOM,
        "origin": origin(edition),
        "samples": [_campaign(campaign, edition) for campaign in campaigns.shown(edition)],
        **embeds.fragment_context("all", edition.listing("all", embeds.IN_FRAGMENT), edition),
    }
    yield edition.page("embeds/gallery.html", addresses.GALLERY, context)


def shelves(edition: Edition) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every shelf that can be embedded, by kind: the kind's name, and label and key of each."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for label, key in embeds.shelves(edition):
        groups.setdefault(KIND_NAMES.get(key.partition("/")[0], WHOLE), []).append((label, key))
    return list(groups.items())


def origin(edition: Edition) -> str:
    """Scheme, host and port of the site, for a Content-Security-Policy."""
    parts = urlsplit(edition.site.base_url)
    return f"{parts.scheme}://{parts.netloc}"


def latest_snippets(key: str, edition: Edition) -> tuple[Snippet, ...]:
    """The latest news of a shelf as iframe, script and HTML fragment."""
    element = (_script(key, edition),) if offered(edition) else ()
    return _frame(key, edition), *element, _fragment(key, edition)


def offered(edition: Edition) -> bool:
    """Whether the element is offered: it shows nothing that no root vouches for."""
    return bool(edition.trust.root) and not edition.trust.retired


def _frame(key: str, edition: Edition) -> Snippet:
    title = f"{embeds.label(key, edition)} – {edition.site.name}"
    code = _iframe(edition.absolute(embeds.path(key, "html")), title, "100%", FRAME_HEIGHT)
    about = "Nên dùng cách này: khung cách ly, không chạy mã nào trên trang của đơn vị. Chiều cao đổi được ở height."
    return Snippet("khung", "Khung (iframe)", about, (Code(code),), f"frame-src {origin(edition)}")


def _script(key: str, edition: Edition) -> Snippet:
    path, integrity = embeds.newest_loader(edition)
    home = edition.absolute(addresses.shelf_path(key))
    words = escape(f"{embeds.label(key, edition)} – {edition.site.name}")
    code = (
        f'<script type="module" src="{escape(edition.absolute(path))}"\n'
        f'  integrity="{integrity}"\n'
        f'  crossorigin="anonymous" {NO_REFERRER}></script>\n'
        f'<tin-y-te-2 shelf="{key}" count="5" height="{ROOM}"\n'
        f'  key="{edition.trust.root}">'
        f'<a href="{escape(home)}" {NO_REFERRER}>{words}</a>\n'
        f'  <svg width="1" height="{ROOM}" aria-hidden="true"></svg></tin-y-te-2>'
    )
    about = (
        "Hoà vào cột của trang; tệp mã có dấu kiểm nên không thể bị thay ngầm, tin phải có chữ ký còn hạn mới hiện. "
        'Thuộc tính: shelf (mục tin), count (số tin, 1 đến 20), height (chiều cao dành sẵn), theme="dark" (nền tối).'
    )
    place = origin(edition)
    return Snippet("the", "Thẻ HTML (script)", about, (Code(code),), f"script-src {place}; connect-src {place}")


def _fragment(key: str, edition: Edition) -> Snippet:
    about = (
        "Máy chủ của đơn vị tải tệp về theo lịch rồi chèn vào trang; chữ theo kiểu dáng của trang. "
        "Không cần JavaScript, người đọc không phải kết nối đi nơi khác."
    )
    codes = _included(edition.absolute(embeds.path(key, "fragment.html")), "tin-y-te", key.replace("/", "-"))
    return Snippet("manh", "Mảnh HTML (SSI)", about, codes)


def _included(url: str, folder: str, name: str) -> tuple[Code, ...]:
    """A file fetched by the portal's own server, whole or not at all, and the line that includes it."""
    file = f"/srv/portal/{folder}/{name}.html"
    cron = f"*/5 * * * * curl -fsS -o {file}.new {url} && mv {file}.new {file}"
    return (
        Code(cron, "Trên máy chủ của đơn vị: tải về năm phút một lần (cron)"),
        Code(f'<!--#include virtual="/{folder}/{name}.html" -->', "Trong trang: chèn tệp đã tải"),
    )


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
    frame = _iframe(page, campaign.title, str(width), height)
    place = origin(edition)
    snippets = (
        Snippet(f"anh-{size}", "Ảnh và liên kết", "", (Code(picture),), f"img-src {place}"),
        Snippet(f"khung-{size}", "Khung (iframe)", "", (Code(frame),), f"frame-src {place}"),
    )
    return BannerSample(size, width, height, image, snippets)


def _fluid(campaign: Campaign, edition: Edition) -> tuple[Snippet, ...]:
    page = edition.absolute(campaigns.banner_path(campaign, "fluid", "html"))
    fragment = edition.absolute(campaigns.banner_path(campaign, "fluid", "fragment.html"))
    frame = Code(_iframe(page, campaign.title, "100%", FLUID_HEIGHT))
    return (
        Snippet("co-gian", "Khung co giãn", "Rộng theo cột chứa nó.", (frame,), f"frame-src {origin(edition)}"),
        Snippet(
            "manh",
            "Mảnh HTML (SSI)",
            "Một dòng chữ và liên kết; tệp trống khi chiến dịch kết thúc.",
            _included(fragment, "chien-dich", campaign.slug),
        ),
    )


def _iframe(src: str, title: str, width: str, height: int) -> str:
    return (
        f'<iframe src="{escape(src)}" title="{escape(title)}"\n'
        f'  width="{width}" height="{height}" frameborder="0"\n'
        f'  sandbox="{SANDBOX}" {NO_REFERRER} loading="lazy"></iframe>'
    )
