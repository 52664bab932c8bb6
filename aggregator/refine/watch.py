"""Which articles may be shown with their words: those that are looked at often enough to keep the promise. Pure.

What the source takes down is down here within three hours (NĐ 147/2024 Điều 28). Where its cap of requests leaves no
room for all, the oldest are told by title and link; so is what was not seen at its source for too long, whatever
the reason, and what flaps between two texts.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.model import Known, Validator, Verdict, Watch
from aggregator.refine.recheck import FIRST_DAY, HOURLY, IN_WINDOW, STEP

PROMISE = timedelta(hours=3)
LATE = PROMISE - STEP  # unseen for so long; the next run may be too late to say so
FIRST_DAYS = FIRST_DAY / HOURLY  # re-checks of an article on its first day, by a clock that lets none be late: 28.8
OTHER_DAYS = FIRST_DAY / IN_WINDOW  # and on each later day of its window: 13.1
ROOM = 0.9  # share of the cap that the rhythm may take; the rest is for what is asked again and for older articles
BACK = 0.8  # share of that below which an article is taken back: at the border nothing comes and goes
DAY = timedelta(days=1)
BECAUSE = "trang nguồn đổi qua lại giữa hai bản"
TEXTS = 3  # new texts within a day after which a former one that returns makes no further revision


@dataclass(frozen=True, slots=True)
class Watched:
    """What changes: how articles are watched, by id; and those to look at now, which a wrong clock put off."""

    changed: Mapping[str, Watch]
    again: tuple[str, ...]


def share(cap: int, sources: int) -> float:
    """Re-checks a day that the window of one of so many sources on a host may take."""
    return cap / max(sources, 1) * ROOM


def watched(shown: Collection[Known], room: float, now: datetime) -> Watched:
    """How the live articles within the window are watched from now on; `room` is of `share`.

    One that flaps does so until a look finds it steady (`flaps`).
    """
    before = {known.id: known.watch for known in shown}
    after: dict[str, Watch] = dict.fromkeys(_beyond(shown, room, now), "cap")
    for known in shown:
        if known.id not in after:
            after[known.id] = _of(known, now)
    changed = {id: watch for id, watch in after.items() if watch != before[id]}
    return Watched(changed, tuple(sorted(known.id for known in shown if _put_off(known, after[known.id], now))))


def _beyond(shown: Collection[Known], room: float, now: datetime) -> list[str]:
    """Those for which there is no room, the newest having it first."""
    newest = sorted(shown, key=lambda known: (known.published, known.id), reverse=True)
    taken = 0.0
    for at, known in enumerate(newest):
        taken += FIRST_DAYS if now - known.published < FIRST_DAY else OTHER_DAYS
        if taken > room * (BACK if known.watch == "cap" else 1):
            return [one.id for one in newest[at:]]
    return []


def _of(known: Known, now: datetime) -> Watch:
    if known.watch == "flapping":
        return "flapping"
    seen = known.alive_at
    return "late" if seen is None or now - seen > LATE or seen - now > STEP else ""


def _put_off(known: Known, watch: Watch, now: datetime) -> bool:
    """Whether its next check lies further ahead than its rhythm, for a clock that was wrong or a cap that was lower."""
    return watch != "cap" and (known.next_check is None or known.next_check - now > IN_WINDOW + STEP)


def flapping(verdict: Verdict, known: Known, lately: Sequence[str]) -> tuple[Verdict, Watch]:
    """The verdict, and how the article is watched from now on. `lately` are the texts that began within a day.

    A text that came and went twice in a day makes no further revision: neither it nor the one that is stored is shown
    until a day has passed. What the server gave to ask by is forgotten: the next look reads the text again.
    """
    if len(lately) < TEXTS:
        return verdict, "" if known.watch == "flapping" else known.watch
    if verdict.outcome == "revised" and verdict.article.text_digest in lately:
        return replace(verdict, outcome="unchanged", because=BECAUSE, validator=Validator()), "flapping"
    return verdict, known.watch
