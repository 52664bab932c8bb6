"""What a webmaster pastes for an embed, in each of its forms, and what his Content-Security-Policy must allow."""

from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from aggregator.publish import addresses, embeds, widgets
from aggregator.publish.edition import Edition

SANDBOX = "allow-popups allow-popups-to-escape-sandbox"  # links open; no script, no form, no top navigation
WITH_FORM = f"allow-forms {SANDBOX}"  # what is typed into the search box has to leave it
WITH_SCRIPT = f"allow-scripts {SANDBOX}"  # it tells its height; without allow-same-origin it can touch nothing
NO_REFERRER = 'referrerpolicy="no-referrer"'
FRAME_HEIGHT = 620  # px; head, foot and seven titles of two lines in a column of 360 px, the rest scrolls
ROOM = 540  # px; head, foot and five titles of two lines in a column of 360 px


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
class Kind:
    """A kind of embed: what it is called, where its forms stand, how high it is (px), where its link leads.

    `attributes` are those of its element.
    """

    id: str
    name: str
    about: str
    label: str
    key: str
    home: str
    height: int
    room: int
    attributes: tuple[tuple[str, str], ...]
    plaque: str
    sandbox: str = SANDBOX


def kinds(edition: Edition) -> tuple[Kind, ...]:
    """Those that every site has, the latest news first."""
    urgent = addresses.kind_path("urgent")
    bar = "Cho đầu trang của cổng: tự hiện thông báo khẩn còn hiệu lực, hết hiệu lực thì tự rút."
    today = "Mấy tin đứng đầu bản tin trong ngày và liên kết đến cả bản tin."
    search = "Người đọc gõ có dấu hay không dấu đều được; kết quả mở ở thẻ mới trên trang bản tin."
    return (
        Kind(
            "tin", "Tin mới nhất", "", embeds.WHOLE_LABEL, "all", addresses.HOME, FRAME_HEIGHT, ROOM,
            (("shelf", "all"), ("count", "5")), "tin-moi",
        ),
        Kind(
            "khan", "Dải thông báo khẩn", bar, "Thông báo khẩn", widgets.BAR, urgent, 190, 210,
            (("kind", "bar"), ("count", "2")), widgets.BAR,
        ),
        Kind(
            "hom-nay", "Thẻ bản tin hôm nay", today, "Bản tin y tế hôm nay", widgets.TODAY, addresses.DAYS, 420, 420,
            (("kind", "today"), ("count", "3")), widgets.TODAY,
        ),
        Kind(
            "tim", "Ô tìm kiếm", search, widgets.SEARCH_LABEL, widgets.SEARCH, addresses.SEARCH, 130, 130,
            (("kind", "search"),), widgets.SEARCH, WITH_FORM,
        ),
    )  # fmt: skip


def forms(kind: Kind, edition: Edition) -> tuple[Snippet, ...]:
    """The kind as iframe, as iframe that tells its height, as element, as fragment, and as image with a link."""
    script = (element(kind, edition),) if offered(edition) else ()
    return frame(kind, edition), *script, fragment(kind, edition), picture(kind, edition), told_frame(kind, edition)


def offered(edition: Edition) -> bool:
    """Whether the element is offered: it shows nothing that no root vouches for."""
    return bool(edition.trust.root) and not edition.trust.retired


def origin(edition: Edition) -> str:
    """Scheme, host and port of the site, for a Content-Security-Policy."""
    parts = urlsplit(edition.site.base_url)
    return f"{parts.scheme}://{parts.netloc}"


def frame(kind: Kind, edition: Edition) -> Snippet:
    """The sandboxed iframe: the form that is offered first."""
    page = edition.absolute(embeds.path(kind.key, "html"))
    code = iframe(page, _titled(kind, edition), "100%", kind.height, kind.sandbox)
    about = "Nên dùng cách này: khung cách ly, không chạy mã nào trên trang của đơn vị. Chiều cao đổi được ở height."
    return Snippet("khung", "Khung (iframe)", about, (Code(code),), f"frame-src {origin(edition)}")


def told_frame(kind: Kind, edition: Edition) -> Snippet:
    """The iframe that tells its height, and the script that listens."""
    page = edition.absolute(embeds.path(kind.key, "auto.html"))
    path, integrity = embeds.receiver(edition)
    sandbox = kind.sandbox.replace(SANDBOX, WITH_SCRIPT)
    plain = iframe(page, _titled(kind, edition), "100%", kind.height, sandbox)
    listening = script_tag(edition.absolute(path), integrity)
    code = plain.replace("<iframe", "<iframe data-tin-y-te", 1) + f"\n{listening}"
    about = (
        "Khung cách ly cao đúng bằng nội dung: trang trong khung báo chiều cao, tệp mã trên cổng chỉ nhận từ đúng "
        "khung đó. Không có JavaScript thì giữ chiều cao ghi ở height."
    )
    place = origin(edition)
    return Snippet("tu-cao", "Khung tự chỉnh chiều cao", about, (Code(code),), f"frame-src {place}; script-src {place}")


def element(kind: Kind, edition: Edition) -> Snippet:
    """The custom element with its loader."""
    about = (
        "Hoà vào cột của trang; tệp mã có dấu kiểm nên không thể bị thay ngầm, tin phải có chữ ký còn hạn mới hiện. "
        "Khi không hiện được, liên kết giữa hai thẻ ở lại."
    )
    place = origin(edition)
    code = tag(kind.attributes, kind.room, kind.home, _titled(kind, edition), edition)
    return Snippet("the", "Thẻ HTML (script)", about, (Code(code),), f"script-src {place}; connect-src {place}")


def tag(attributes: tuple[tuple[str, str], ...], room: int, home: str, words: str, edition: Edition) -> str:
    """Loader and element; the link stays where nothing can be shown, the empty picture keeps the room."""
    path, integrity = embeds.newest_loader(edition)
    said = " ".join(f'{name}="{escape(value)}"' for name, value in attributes)
    return (
        f"{script_tag(edition.absolute(path), integrity)}\n"
        f'<tin-y-te-2 {said} height="{room}"\n'
        f'  key="{edition.trust.root}">'
        f'<a href="{escape(edition.absolute(home))}" {NO_REFERRER}>{escape(words)}</a>\n'
        f'  <svg width="1" height="{room}" aria-hidden="true"></svg></tin-y-te-2>'
    )


def script_tag(url: str, integrity: str) -> str:
    """A script that the browser refuses when a byte of it is another."""
    return (
        f'<script type="module" src="{escape(url)}"\n'
        f'  integrity="{integrity}"\n'
        f'  crossorigin="anonymous" {NO_REFERRER}></script>'
    )


def fragment(kind: Kind, edition: Edition) -> Snippet:
    """HTML that the portal's own server fetches and includes."""
    about = (
        "Máy chủ của đơn vị tải tệp về theo lịch rồi chèn vào trang; chữ theo kiểu dáng của trang. "
        "Không cần JavaScript, người đọc không phải kết nối đi nơi khác."
    )
    codes = included(edition.absolute(embeds.path(kind.key, "fragment.html")), "tin-y-te", kind.key.replace("/", "-"))
    return Snippet("manh", "Mảnh HTML (SSI)", about, codes)


def picture(kind: Kind, edition: Edition) -> Snippet:
    """An image of ours that leads to a page of ours: what every editor lets through."""
    alt = escape(f"{_plaque(kind, edition).words} – {edition.site.name}")
    codes = []
    for size in widgets.PLAQUES:
        width, height = size.split("x")
        image = edition.absolute(widgets.plaque_path(kind.plaque, size, "png"))
        code = (
            f'<a href="{escape(edition.absolute(kind.home))}" {NO_REFERRER}><img src="{escape(image)}"\n'
            f'  width="{width}" height="{height}" alt="{alt}" {NO_REFERRER}></a>'
        )
        codes.append(Code(code, f"Cỡ {width} × {height} điểm ảnh"))
    about = "Trình soạn thảo nào cũng nhận. Ảnh nét trên mọi màn hình; có bản SVG cùng tên nếu cổng cho dùng."
    return Snippet("anh", "Ảnh và liên kết", about, tuple(codes), f"img-src {origin(edition)}")


def included(url: str, folder: str, name: str) -> tuple[Code, ...]:
    """A file fetched by the portal's own server, whole or not at all, and the line that includes it."""
    file = f"/srv/portal/{folder}/{name}.html"
    cron = f"*/5 * * * * curl -fsS -o {file}.new {url} && mv {file}.new {file}"
    return (
        Code(cron, "Trên máy chủ của đơn vị: tải về năm phút một lần (cron)"),
        Code(f'<!--#include virtual="/{folder}/{name}.html" -->', "Trong trang: chèn tệp đã tải"),
    )


def iframe(src: str, title: str, width: str, height: int, sandbox: str = SANDBOX) -> str:
    """A sandboxed frame with a title."""
    return (
        f'<iframe src="{escape(src)}" title="{escape(title)}"\n'
        f'  width="{width}" height="{height}" frameborder="0"\n'
        f'  sandbox="{sandbox}" {NO_REFERRER} loading="lazy"></iframe>'
    )


def _titled(kind: Kind, edition: Edition) -> str:
    return f"{kind.label} – {edition.site.name}"


def _plaque(kind: Kind, edition: Edition) -> widgets.Plaque:
    return next(one for one in widgets.plaques(edition) if one.name == kind.plaque)
