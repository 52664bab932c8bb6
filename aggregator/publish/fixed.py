"""The pages that stand once: home, indexes of tags, archive, search, corrections, about, subscribe, status, 404."""

from collections.abc import Callable, Iterator
from email.utils import parseaddr
from functools import partial
from itertools import groupby
from typing import Any

from aggregator.model import Artifact, Shelf
from aggregator.publish import addresses, emergency, handouts, places
from aggregator.publish.bulletin import PINNED, View
from aggregator.publish.edition import Edition
from aggregator.publish.notices import IN_FORCE
from aggregator.publish.revised import Revised, revised
from aggregator.publish.site import KIND_NAMES, WHOLE, chrome
from aggregator.publish.status import StatusReport
from aggregator.publish.voice import Voice
from aggregator.publish.words import local_day, long_date, month_name
from aggregator.text import fold

ON_HOME = 40  # stories on the home page
URGENT = 3  # notices in force at its very top; all are at /can-lam-gi/
PINS = 5  # stories that editors keep at its head
WITH_LEADS = 6  # days that begin among so many newest stories show leads too
CHIPS = {"topic": 12, "disease": 12, "place": 12, "authority": 8, "source": 20}  # shelves of a kind on the home page
DAYS_LISTED = 31
DOCUMENTS_LISTED = 200  # documents are without end; the newest stand on their page
ABOUT_KINDS = {
    "place": places.ABOUT,
    "urgent": "Thông báo khẩn, công điện, cảnh báo và lệnh thu hồi còn hiệu lực, kèm việc phải làm và thời hạn.",
    "topic": "Tin xếp theo chủ đề chuyên môn, từ tiêm chủng đến an toàn thực phẩm.",
    "disease": "Tin về từng bệnh, gộp từ mọi nguồn chính thức.",
    "authority": "Tin về chỉ đạo, thông báo của từng cơ quan.",
    "document": "Các văn bản được nhắc đến trong tin, theo số ký hiệu; mới nhất đứng trước.",
    "source": "Các trang chính thức mà bản tin này tổng hợp.",
}


SUBSCRIBED = {
    "urgent": "Mọi thông báo khẩn cùng một loại, cả khi đã hết hiệu lực. Chỉ cần tin còn hiệu lực thì chọn mục ở trên.",
    "topic": "Tin về một chủ đề, dù nguồn nào đăng. Hợp với cán bộ theo dõi một mảng việc.",
    "disease": "Tin về một bệnh: số ca, cảnh báo, cách phòng, văn bản liên quan.",
    "place": "Tin nhắc đến một tỉnh, thành, phường, xã. Hợp với trạm y tế và ban biên tập của địa phương.",
    "authority": "Tin về chỉ đạo, thông báo, kết luận của một cơ quan.",
    "source": "Mọi tin của một trang chính thức, đúng tiêu đề trang ấy đặt.",
}
"""What a reader gets who subscribes to a feed of that kind."""


def pages(edition: Edition) -> Iterator[Artifact]:
    """All of them but the status page, the home page last."""
    for kind in addresses.FOLDERS:
        yield KINDS.get(kind, partial(_kind_page, kind))(edition)
    yield handouts.to_do(edition)
    yield _archive(edition)
    yield _days(edition)
    yield _corrections(edition)
    yield _search(edition)
    yield _subscribe(edition)
    yield edition.page(
        "site/about.html",
        addresses.ABOUT,
        {**chrome("Giới thiệu", edition.site.description, section="about"), "sources": edition.config.sources},
    )
    yield edition.page("site/404.html", addresses.MISSING, chrome("Không tìm thấy trang", "", indexed=False))
    yield _home(edition)


def status_page(edition: Edition, report: StatusReport) -> Artifact:
    """The only page that changes when nothing did: it says when we last looked."""
    context = {
        **chrome("Tình trạng các nguồn", "Nguồn nào đang đọc được, nguồn nào không.", section="status"),
        "report": report,
        "well": sum(source.health == "ok" for source in report.sources),
    }
    return edition.page("site/status.html", addresses.STATUS, context)


def rows_of(shelves: tuple[Shelf, ...]) -> list[tuple[str, str, int]]:
    """Label, path and number of stories of each shelf."""
    return [(shelf.label, addresses.shelf_path(shelf.key), shelf.count) for shelf in shelves]


def feed_rows(kind: str, edition: Edition) -> list[tuple[str, str]]:
    """Label and key of each feed of a kind, by name; the configured sources stand there before their first story."""
    labels = {f"source/{source.id}": source.name for source in edition.config.sources} if kind == "source" else {}
    found = {shelf.key: shelf.label for shelf in edition.kind(kind)} | labels
    return sorted(((label, key) for key, label in found.items()), key=lambda row: (fold(row[0]), row[1]))


def _home(edition: Edition) -> Artifact:
    pins = edition.listing(PINNED, PINS)
    first = {seen.story.id for seen in pins}
    views = [seen for seen in edition.listing("all", ON_HOME) if seen.story.id not in first]
    groups: list[tuple[str, str, str, list[View], bool]] = []
    shown = 0
    for day, rows in groupby(views, key=lambda seen: local_day(seen.speaker.published)):
        of_day = list(rows)
        path = addresses.shelf_path(f"day/{day}")
        groups.append(("" if day == edition.today else long_date(day), f"ngay-{day}", path, of_day, shown < WITH_LEADS))
        shown += len(of_day)
    today = edition.shelf(f"day/{edition.today}")
    context = {
        **chrome(edition.site.name, edition.site.description, shelf="all", section="home"),
        "changed_at": max((seen.updated for seen in (*pins, *views)), default=None),
        "alerts": emergency.shown(edition),
        "today": edition.today,
        "today_path": addresses.shelf_path(today.key) if today else "",
        "today_count": today.count if today else 0,
        "urgent": edition.listing(IN_FORCE, URGENT),
        "pins": pins,
        "groups": groups,
        "chips_of": [(KIND_NAMES[kind], addresses.kind_path(kind), _chips(kind, edition)) for kind in CHIPS],
    }
    return edition.page("site/home.html", addresses.HOME, context)


def _chips(kind: str, edition: Edition) -> list[tuple[str, str, int]]:
    return rows_of(edition.kind(kind)[: CHIPS[kind]])


def _kind_page(kind: str, edition: Edition) -> Artifact:
    shelves = edition.newest(kind, DOCUMENTS_LISTED) if kind == "document" else edition.kind(kind)
    rows = rows_of(shelves)
    if kind == "source":
        counts = {path: count for _, path, count in rows}
        paths = [(label, addresses.shelf_path(key)) for label, key in feed_rows("source", edition)]
        rows = [(label, path, counts.get(path, 0)) for label, path in paths]
    context = {
        **chrome(KIND_NAMES[kind], ABOUT_KINDS[kind], section=kind),
        "rows": rows,
    }
    return edition.page("site/kind.html", addresses.kind_path(kind), context)


def _notices(edition: Edition) -> Artifact:
    """Those in force, newest first, then the shelves of all there ever were."""
    context = {
        **chrome(KIND_NAMES["urgent"], ABOUT_KINDS["urgent"], shelf=IN_FORCE, section="urgent"),
        "views": edition.listing(IN_FORCE, WHOLE // 10),
        "rows": rows_of(edition.kind("urgent")),
    }
    return edition.page("site/notices.html", addresses.kind_path("urgent"), context)


def _archive(edition: Edition) -> Artifact:
    months = [
        (month.key[6:10], month_name(month.key[6:]), addresses.shelf_path(month.key), month.count)
        for month in reversed(edition.below("month"))
    ]
    years = [(year, list(rows)) for year, rows in groupby(months, key=lambda row: row[0])]
    context = {**chrome("Lưu trữ", "Mọi bản tin đã đăng, theo tháng.", section="archive"), "years": years}
    return edition.page("site/archive.html", addresses.ARCHIVE, context)


def _days(edition: Edition) -> Artifact:
    days = edition.newest("day", DAYS_LISTED)
    context = {
        **chrome("Bản tin ngày", "Mỗi ngày một bản tin, gộp từ các nguồn chính thức.", shelf="all", section="day"),
        "rows": rows_of(days),
    }
    return edition.page("site/kind.html", addresses.DAYS, context)


def _corrections(edition: Edition) -> Artifact:
    about = "Những tin mà nguồn đã sửa hoặc đính chính sau khi đăng, lần mới nhất đứng trước."
    context: dict[str, Any] = {
        **chrome("Đính chính, cập nhật", about, shelf="corrections", section="corrections"),
        "rows": [(seen, _last_changes(seen)) for seen in edition.listing("corrections", WHOLE // 10)],
    }
    return edition.page("site/corrections.html", addresses.CORRECTIONS, context)


def _last_changes(seen: View) -> list[tuple[Voice, Revised]]:
    """What was changed last in each telling that was."""
    return [(voice, revised(voice)[-1]) for voice in seen.voices if voice.corrected_at]


def _search(edition: Edition) -> Artifact:
    about = "Tìm trong mọi tin đã đăng, gõ có dấu hay không dấu đều được."
    context = {
        **chrome("Tìm kiếm", about, section="search"),
        "topics": [(key, label) for label, key in feed_rows("topic", edition)],
        "sources": [(key, label) for label, key in feed_rows("source", edition)],
    }
    return edition.page("site/search.html", addresses.SEARCH, context)


def _subscribe(edition: Edition) -> Artifact:
    about = "Nhận tin mới ngay khi nguồn chính thức đăng, không cần cho biết e-mail."
    kinds = [kind for kind in addresses.FOLDERS if kind != "document"]
    feeds = [(KIND_NAMES[kind], SUBSCRIBED[kind], feed_rows(kind, edition)) for kind in kinds]
    context = {
        **chrome("Đăng ký theo dõi", about, shelf="all", section="subscribe"),
        "feeds": feeds,
        "mail": edition.config.mail,
        "address_of": _address,
    }
    return edition.page("site/subscribe.html", addresses.SUBSCRIBE, context)


def _address(mailbox: str) -> str:
    """`ban-tin@so.gov.vn` of `Bản tin <ban-tin@so.gov.vn>`."""
    return parseaddr(mailbox)[1]


KINDS: dict[str, Callable[[Edition], Artifact]] = {"urgent": _notices, "place": places.page}
"""Kinds whose page is not a plain list of shelves."""
