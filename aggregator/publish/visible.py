"""The one place that decides what a reader may see of an article. Every output asks it. Pure."""

from datetime import datetime, timedelta

from aggregator.model import Telling, Visibility
from aggregator.publish.words import day_start, local_day
from aggregator.settings import Mode, Source

EMBARGO = timedelta(hours=1)  # NĐ 147/2024 Điều 28, for a source that is configured no more
DAY = timedelta(days=1)
SHOWN: dict[Visibility, tuple[str, ...]] = {
    "hidden": (),
    "link": ("title",),
    "lead": ("title", "lead"),
    "full": ("title", "lead", "text"),
}
"""The fields of an article that each of `visible`'s answers allows to be quoted."""


def visible(telling: Telling, source: Source | None, mode: Mode, now: datetime) -> Visibility:
    """What a reader may see at that moment: hidden, link, lead or full.

    Order of the rules: withdrawn, suspended or hidden by an editor; embargo; what is not re-checked often enough
    (promise 3: its window is over, its source is visited no more, or see model.Watch); nothing but a title that may
    be told (see `unverified`); the agreement; without one public shows the link, other modes the lead.
    """
    if telling.status != "live" or taken_down(telling):
        return "hidden"
    if _embargo_ends(telling, source) > now:
        return "hidden"
    if source is None or not source.enabled or telling.watch or unverified(telling):
        return "link"
    if now >= telling.article.published + source.window:
        return "link"
    agreement = source.agreement
    if agreement is not None and agreement.starts <= local_day(now) <= agreement.ends:
        return agreement.scope
    return "link" if mode == "public" else "lead"


def next_change(telling: Telling, source: Source | None, mode: Mode, now: datetime) -> datetime | None:
    """When time alone will change what `visible` says; None when it never will."""
    moments = [_embargo_ends(telling, source)]
    if source is not None:
        moments.append(telling.article.published + source.window)
    if source is not None and source.agreement is not None:
        moments += [day_start(source.agreement.starts), day_start(source.agreement.ends) + DAY]
    seen = visible(telling, source, mode, now)
    later = sorted(at for at in moments if at > now)
    return next((at for at in later if visible(telling, source, mode, at) != seen), None)


def unverified(telling: Telling) -> bool:
    """Whether it is an urgent notice whose words wait for an editor: its title alone is told, with a mark."""
    return telling.held_since is not None and not telling.article.text and not telling.article.lead


def taken_down(telling: Telling) -> bool:
    """Whether people here keep it from readers: by a takedown, or since the last word of an editor was to hide it."""
    words = [edit.action for edit in telling.edits if edit.action in {"hide", "show"}]
    return telling.status == "hidden" or words[-1:] == ["hide"]


def _embargo_ends(telling: Telling, source: Source | None) -> datetime:
    """When it may first be shown. Without a time of day it counts from when we first saw it, at most a day late."""
    embargo = EMBARGO if source is None else source.embargo
    article = telling.article
    if article.precision == "none":
        return telling.first_seen + embargo
    if article.precision == "day":
        return min(telling.first_seen, article.published + DAY) + embargo
    return article.published + embargo
