"""Urgent notices as readers see them: the box on a story's page, and the page of those in force."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.model import AskedAbout, Notice, Order, TagMatch, Telling, Visibility
from aggregator.publish.words import moment

IN_FORCE = "urgent"  # the shelf of those whose stated validity has not ended
IN_FORCE_LABEL = "Thông báo khẩn đang có hiệu lực"
SHOWN_FIELDS: dict[Visibility, tuple[str, ...]] = {
    "hidden": (),
    "link": ("title",),
    "lead": ("title", "lead"),
    "full": ("title", "lead", "text"),
}
ORDERS: dict[Order, str] = {
    "declare": "Khai báo y tế",
    "isolate": "Cách ly, hạn chế tiếp xúc",
    "test": "Xét nghiệm",
    "call": "Liên hệ ngay cơ quan y tế",
    "monitor": "Tự theo dõi sức khỏe",
    "seek-care": "Đến cơ sở y tế khi có dấu hiệu bất thường",
    "stop-using": "Ngừng sử dụng",
    "stop-selling": "Ngừng bán, ngừng lưu hành",
    "return": "Trả lại nơi mua",
    "evacuate": "Sơ tán, chuyển đến nơi an toàn",
    "avoid": "Tránh, không đến, không làm theo",
    "vaccinate": "Tiêm phòng",
    "boil-water": "Đun sôi, khử khuẩn nước",
    "stand-by": "Trực, sẵn sàng ứng phó",
}
"""What a notice orders, in our own words: they may be shown whatever the agreement."""


@dataclass(frozen=True, slots=True)
class NoticeSeen:
    """An urgent notice as a reader may see it now. Words of the source only where its telling shows that field.

    `where` are the places and times in the text's words; `cut`: the text names more than may be shown.
    """

    kind: str
    label: str
    source: str
    orders: tuple[str, ...]
    where: tuple[tuple[str, str], ...]
    phones: tuple[str, ...]
    until: datetime | None
    over: bool
    cut: bool

    @property
    def standing(self) -> str:
        """Until when it holds, in words."""
        if self.until is None:
            return "Thông báo không ghi thời hạn"
        return f"Đã hết hiệu lực từ {moment(self.until)}" if self.over else f"Có hiệu lực đến {moment(self.until)}"


def notice_of(told: Iterable[tuple[Telling, Visibility, str]], now: datetime) -> NoticeSeen | None:
    """The notice of the first telling that gives one. Each comes with what may be seen of it and its source's name."""
    for telling, scope, source in told:
        for tag in telling.tags:
            if tag.notice is not None and scope != "hidden":
                return _seen(tag, tag.notice, SHOWN_FIELDS[scope], source, now)
    return None


def ends(tags: Sequence[TagMatch], now: datetime) -> datetime | None:
    """When time alone will end the notice among the tags; None when it never will, or has already."""
    moments = [tag.notice.until + timedelta(seconds=1) for tag in tags if tag.notice and tag.notice.until]
    return min((at for at in moments if at > now), default=None)


def _seen(tag: TagMatch, notice: Notice, fields: tuple[str, ...], source: str, now: datetime) -> NoticeSeen:
    where = [one for one in notice.where if one.place.field in fields]
    phones = [one for one in notice.phones if one.evidence.field in fields]
    return NoticeSeen(
        kind=tag.tag,
        label=tag.label,
        source=source,
        orders=tuple(ORDERS[one.order] for one in notice.orders),
        where=tuple((one.place.text, _time(one, fields)) for one in where),
        phones=tuple(one.evidence.text for one in phones),
        until=notice.until,
        over=notice.is_over(now),
        cut=len(where) < len(notice.where) or len(phones) < len(notice.phones),
    )


def _time(one: AskedAbout, fields: tuple[str, ...]) -> str:
    return one.time.text if one.time and one.time.field in fields else ""
