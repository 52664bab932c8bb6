"""The bulletins: of the day, the week and the month, each at a fixed address, with sections by topic."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from aggregator.model import Artifact, Line, Shelf
from aggregator.publish import addresses, emergency
from aggregator.publish.bulletin import DIGEST, View
from aggregator.publish.edition import TURNED, Edition, Removal
from aggregator.publish.site import chrome
from aggregator.publish.words import long_date, month_name, week_name, week_of

DAY = 2_000  # stories in a day's bulletin: a bound, not a page size
TITLES = 250  # in the bulletin of a week or month: below 30 kB compressed; a busier one has the rest in its days
Near = tuple[str, str]


def pages(key: str, edition: Edition) -> Iterator[Artifact | Removal]:
    """For a day, week or month: its page, or its removal. When it came or went: its neighbours', which point to it."""
    turned = key.startswith(TURNED)
    period = key.removeprefix(TURNED)
    page = PERIODS.get(period.partition("/")[0])
    if page is None or "/" not in period:
        return
    for one in edition.beside(period) if turned else (period,):
        if one and edition.shelf(one):
            yield page(one, edition.beside(one), edition)
        elif one and not turned:
            yield Removal(addresses.shelf_path(one))


def _day(key: str, near: Near, edition: Edition) -> Artifact:
    from_key = _date_words(key)
    month = key.removeprefix("day/")[:7]
    crumbs = (("Lưu trữ", addresses.ARCHIVE), (month_name(month), addresses.shelf_path(f"month/{month}")))
    views = edition.listing(key, DAY)
    context = {
        **chrome(f"Bản tin {from_key}", f"Tin y tế chính thức ngày {from_key}.", crumbs, shelf="all", section="day"),
        "heading": from_key,
        "week": _near(f"week/{week_of(date.fromisoformat(key.removeprefix('day/')))}"),
        "changed_at": max((seen.updated for seen in views), default=None),
        "groups": by_topic(views),
        "count": len(views),
        "alerts": emergency.on_day(key, edition),
        **_steps(near),
    }
    return edition.page("site/day.html", addresses.shelf_path(key), context)


def _week(key: str, near: Near, edition: Edition) -> Artifact:
    """The titles of a week below their topics: a bulletin to read in one go, and to print."""
    name = _week_words(key)
    lines = edition.lines(key, TITLES)
    crumbs = (("Bản tin ngày", addresses.DAYS),)
    context = {
        **chrome(f"Bản tin {name}", f"Tin y tế chính thức, {name}.", crumbs, shelf="all", section="day"),
        "heading": name,
        "groups": sections(lines),
        "shown": len(lines),
        "count": _count(edition.shelf(key)),
        **_steps(near),
    }
    return edition.page("site/week.html", addresses.shelf_path(key), context)


def _month(key: str, near: Near, edition: Edition) -> Artifact:
    """The newest titles of each topic of a month; what is left out stands on the topic's own page and in the days."""
    month = key.removeprefix("month/")
    name = month_name(month)
    groups = month_sections(month, edition)
    context = {
        **chrome(
            f"Bản tin {name.lower()}", f"Tin y tế chính thức của {name.lower()}.", ARCHIVED, shelf="all", section="day"
        ),
        "heading": name,
        "groups": groups,
        "shown": sum(len(lines) for _, lines, _, _ in groups),
        "count": _count(edition.shelf(key)),
        "days": _days_of(month, edition),
        **_steps(near),
    }
    return edition.page("site/month.html", addresses.shelf_path(key), context)


def month_sections(month: str, edition: Edition) -> list[tuple[str, tuple[Line, ...], int, str]]:
    """Topic ("" for none), its newest titles, how many it has, and the path of the page with all of them or ""."""
    none = edition.shelf(f"{DIGEST}/{month}")
    shelves = [*edition.below(f"{DIGEST}/{month}"), *([none] if none else [])]
    shelves.sort(key=lambda one: (one is none, -one.count, one.label, one.key))
    most = fair([one.count for one in shelves], TITLES)
    return [(one.label, edition.lines(one.key, most), one.count, _all_of(one, month)) for one in shelves]


def fair(counts: Sequence[int], room: int) -> int:
    """How many rows any of the groups may have so that together they fit the room; one at least."""
    fitting = (most for most in range(room, 0, -1) if sum(min(count, most) for count in counts) <= room)
    return next(fitting, 1)


def _all_of(section: Shelf, month: str) -> str:
    topic = section.key.removeprefix(f"{DIGEST}/{month}").lstrip("/")
    return addresses.shelf_path(f"topic/{topic}/{month}") if topic else ""


def _days_of(month: str, edition: Edition) -> list[tuple[str, str, int]]:
    days = reversed(edition.shelves(f"day/{month}"))
    return [(_date_words(day.key), addresses.shelf_path(day.key), day.count) for day in days]


def by_topic(views: Sequence[View]) -> list[tuple[str, list[View]]]:
    """Each story once, below its first topic; the fullest topic first, those without one last."""
    groups: dict[str, list[View]] = {}
    for seen in views:
        groups.setdefault(seen.topic.label if seen.topic else "", []).append(seen)
    return sorted(groups.items(), key=lambda row: (not row[0], -len(row[1]), row[0]))


def sections(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """As `by_topic`, of lines."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.topic, []).append(line)
    return sorted(groups.items(), key=lambda row: (not row[0], -len(row[1]), row[0]))


def _count(shelf: Shelf | None) -> int:
    return shelf.count if shelf else 0


def _steps(near: Near) -> dict[str, Any]:
    return {"before": _near(near[0]), "after": _near(near[1])}


def _near(key: str) -> tuple[str, str] | None:
    """Words and path of a neighbour."""
    if not key:
        return None
    kind = key.partition("/")[0]
    return {"day": _date_words, "week": _week_words, "month": _month_words}[kind](key), addresses.shelf_path(key)


def _date_words(key: str) -> str:
    return long_date(date.fromisoformat(key.removeprefix("day/")))


def _week_words(key: str) -> str:
    return week_name(key.removeprefix("week/"))


def _month_words(key: str) -> str:
    return month_name(key.removeprefix("month/"))


ARCHIVED = (("Lưu trữ", addresses.ARCHIVE),)
PERIODS = {"day": _day, "week": _week, "month": _month}
