"""Emergency notices as readers see them, and on which pages they stand: home, the last seven days, every embed.

A drill stands on its test page and nowhere else. Older pages are not made anew: there a script of the site shows what
`addresses.ALERTS` holds (alert_pages.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from aggregator.model import digest_of
from aggregator.publish import addresses
from aggregator.publish.alerts import Alert
from aggregator.publish.edition import Edition
from aggregator.publish.words import iso, moment

MARK, DRILL = "THÔNG BÁO KHẨN", "DIỄN TẬP"
DAYS = 7  # whose pages bear them in their own markup, today's among them
PLACES = 3  # named in a line; the page of the notice names all


@dataclass(frozen=True, slots=True)
class AlertSeen:
    """An emergency notice as readers see it. `path` is its own page; paragraphs are tuples."""

    id: str
    mark: str
    headline: str
    said: tuple[str, ...]
    orders: tuple[str, ...]
    issuer: str
    at: datetime
    until: datetime
    places: tuple[str, ...]
    corrected_at: datetime | None
    path: str

    @property
    def line(self) -> str:
        """Who, until when and where, for narrow places."""
        more = "" if len(self.places) <= PLACES else f" và {len(self.places) - PLACES} nơi khác"
        corrected = f" · Đã đính chính lúc {moment(self.corrected_at)}" if self.corrected_at else ""
        places = "; ".join(self.places[:PLACES])
        return f"{self.issuer} · Có hiệu lực đến {moment(self.until)} · {places}{more}{corrected}"


def shown(edition: Edition, drill: bool = False) -> tuple[AlertSeen, ...]:
    """The notices that stand now, the newest first; the drills instead where these are asked for."""
    return tuple(seen(one) for one in edition.alerts if one.stands(edition.now) and one.text.drill == drill)


def on_day(key: str, edition: Edition) -> tuple[AlertSeen, ...]:
    """What the page of that day (`day/2026-10-20`) bears: nothing where the day is older than the last seven."""
    return shown(edition) if key in window(edition.today) else ()


def window(today: date) -> tuple[str, ...]:
    """The keys of the last seven days, today's first."""
    return tuple(f"day/{today - timedelta(days=back)}" for back in range(DAYS))


def in_embeds(edition: Edition) -> tuple[AlertSeen, ...]:
    """What every embed bears: nothing once the embeds were given up (`retire`)."""
    return () if edition.trust.retired else shown(edition)


def rows(edition: Edition) -> list[dict[str, Any]]:
    """What an embed's payload shows before its stories: rows as those of stories, so that every loader knows them.

    `alert` is true in each: who draws embeds may draw these otherwise.
    """
    return [
        {
            "title": f"{one.mark}: {one.headline}",
            "url": edition.absolute(one.path),
            "source": one.line,
            "published": iso(one.at),
            "alert": True,
        }
        for one in in_embeds(edition)
    ]


def bearing(edition: Edition, former: Iterable[str]) -> tuple[str, ...]:
    """Keys of the days whose pages are made when what stands has changed: those that bear it, and those that did."""
    return tuple(sorted({*former, *days(edition)}))


def days(edition: Edition) -> tuple[str, ...]:
    """Keys of the days whose pages bear a notice now."""
    return window(edition.today) if shown(edition) else ()


def mark(edition: Edition) -> str:
    """Of all that emergency notices change on pages; "" while there is none. Another one asks for these pages anew."""
    out = [one for one in edition.alerts if one.issued]
    if not out:
        return ""
    told = [f"{one.id} {len(one.issued)} {one.stands(edition.now)} {in_time(one, edition.now)}" for one in out]
    return digest_of(*told, edition.today.isoformat() if shown(edition) else "")


def notes(edition: Edition) -> tuple[str, ...]:
    """What a person should hear of: notices that were signed and are not shown, since that does not hold."""
    broken = [one for one in edition.alerts if one.state == "unusable"]
    return tuple(f"notice {one.id} is not shown: {one.because}" for one in broken)


def in_time(alert: Alert, now: datetime) -> bool:
    """Whether the end that it had, lifted or not, lies ahead."""
    return bool(alert.issued) and now < alert.text.until


def seen(alert: Alert) -> AlertSeen:
    """A notice that went out, in its newest words."""
    text = alert.text
    return AlertSeen(
        id=alert.id,
        mark=DRILL if text.drill else MARK,
        headline=text.headline,
        said=_paragraphs(text.description),
        orders=_paragraphs(text.instruction),
        issuer=text.issuer,
        at=alert.issued[0].at,
        until=text.until,
        places=tuple(area.name for area in text.areas),
        corrected_at=alert.corrected_at,
        path=addresses.DRILL if text.drill else addresses.alert_path(alert.id),
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
