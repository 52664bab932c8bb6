"""Urgent notices as readers see them: the box on a story's page, and the page of those in force."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.model import OF_BODIES, Article, AskedAbout, Evidence, Notice, TagMatch, Telling, Visibility
from aggregator.publish.visible import SHOWN
from aggregator.publish.words import moment
from aggregator.text import sentence_at, sentences

IN_FORCE = "urgent"  # the shelf of those whose stated validity has not ended
IN_FORCE_LABEL = "Thông báo khẩn đang có hiệu lực"
FIELDS = ("lead", "text")  # whose sentences are told, in this order: the title stands above them


@dataclass(frozen=True, slots=True)
class NoticeSeen:
    """An urgent notice as a reader may see it now. Words of the source only where its telling shows that field.

    `orders` are the sentences that tell what to do, verbatim: a kind of order in words of ours could say to the public
    what was said to hospitals; what only authorities and firms are told is left out. `where` are the places and times;
    `cut`: the text holds more than may be shown.
    `said` are the whole sentences that hold orders, places, validity or numbers, in the text's order, else the lead's;
    `title` and `url` are the original's.
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
    said: tuple[str, ...]
    title: str
    url: str

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
                return _seen(tag, tag.notice, telling.article, SHOWN[scope], source, now)
    return None


def ends(tags: Sequence[TagMatch], now: datetime) -> datetime | None:
    """When time alone will end the notice among the tags; None when it never will, or has already."""
    moments = [tag.notice.until + timedelta(seconds=1) for tag in tags if tag.notice and tag.notice.until]
    return min((at for at in moments if at > now), default=None)


def _seen(
    tag: TagMatch, notice: Notice, article: Article, fields: tuple[str, ...], source: str, now: datetime
) -> NoticeSeen:
    of_people = [one.evidence for one in notice.orders if one.order not in OF_BODIES]
    told = [*of_people]
    told += [one.place for one in notice.where] + [one.evidence for one in notice.phones]
    told += [notice.until_words] if notice.until_words else []
    orders = [one for one in of_people if one.field in fields]
    where = [one for one in notice.where if one.place.field in fields]
    phones = [one for one in notice.phones if one.evidence.field in fields]
    return NoticeSeen(
        kind=tag.tag,
        label=tag.label,
        source=source,
        orders=tuple(dict.fromkeys(_sentence(one, article) for one in orders if one.field != "title")),
        where=tuple(dict.fromkeys((one.place.text, _time(one, fields)) for one in where)),
        phones=tuple(one.evidence.text for one in phones),
        until=notice.until,
        over=notice.is_over(now),
        cut=len(orders) + len(where) + len(phones) < len(of_people) + len(notice.where) + len(notice.phones),
        said=_said([one for one in told if one.field in fields], article, fields),
        title=article.title,
        url=article.url,
    )


def _said(told: list[Evidence], article: Article, fields: tuple[str, ...]) -> tuple[str, ...]:
    """The whole sentences of the evidence, each once; where there are none, those of the lead."""
    found = sorted((FIELDS.index(one.field), one.start) for one in told if one.field in FIELDS)
    said = dict.fromkeys(sentence_at(getattr(article, FIELDS[field]), start) for field, start in found)
    return tuple(said) or (sentences(article.lead) if "lead" in fields else ())


def _sentence(order: Evidence, article: Article) -> str:
    """The whole sentence of the order. The title is left out by the caller: it stands above the box."""
    return sentence_at(getattr(article, order.field), order.start)


def _time(one: AskedAbout, fields: tuple[str, ...]) -> str:
    return one.time.text if one.time and one.time.field in fields else ""
