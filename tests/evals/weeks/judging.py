"""What came of the weeks, by what the store noted, what was sent, and what stands in the files at the end."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.model import Removal, Telling, Visit
from aggregator.refine import identity
from tests.evals.weeks.sites import Sites
from tests.evals.weeks.world import DAY, HOUR, LAST, NEW_ADDRESS, SOURCES, Fate
from tests.fakes import NOON

WINDOW = timedelta(days=7)
PROMISE = timedelta(hours=3)
AGES = ("first day", "in its window", "older", "while silent")
SPANS = {AGES[0]: (timedelta(0), DAY), AGES[1]: (DAY, WINDOW), AGES[2]: (WINDOW, LAST - NOON)}
SHOWN = AGES[:2]  # of the others title and link alone stand here when three hours have passed
CORRECTED = "a correction"
LINKED = "Nguồn đã đính chính tin này"


@dataclass(frozen=True)
class Found:
    """What came of the weeks. `latency` is in hours, by age at the deletion, and of corrections; `late` of what was
    shown were seen after more than three hours. `kinds` counts the deletions by what their source did.

    `logged` are the re-checks that the log of visits tells of at the time when they were sent. `hosts`: re-checks a
    day, those of the fullest day, and all requests of the fullest day. `each`: re-checks a day of an article that
    stands, by its age.
    """

    deletions: int
    kinds: dict[str, int]
    missed: list[str]
    false: list[str]
    late: list[str]
    latency: dict[str, list[float]]
    checks: int
    logged: int
    hosts: dict[str, list[int]]
    each: dict[str, float]
    corrections: int
    uncorrected: list[str]
    announced: int
    unlinked: list[str]

    @property
    def a_thousand(self) -> float:
        """Re-checks a day for 1,000 articles, a seventh of them in their first day, the rest in their window."""
        return 1_000 * (self.each[AGES[0]] + 6 * self.each[AGES[1]]) / 7


@dataclass(frozen=True)
class Evidence:
    """What the run left: removals and visits, tellings by title with the path of their story, and the files."""

    sites: Sites
    removals: tuple[Removal, ...]
    visits: tuple[Visit, ...]
    told: Mapping[str, tuple[Telling, str]]
    files: Mapping[str, str]


def judged(seen: Evidence) -> Found:
    """The judgement."""
    world, told = seen.sites.world, seen.told
    dead = [one for one in world.fates if one.gone and not one.back and one.title in told]
    mended = [one for one in world.fates if one.corrected and one.corrected < one.time + WINDOW and one.title in told]
    announced = [one for one in mended if one.announced]
    spans = {one.name: _spans(one, seen) for one in dead}
    latency: dict[str, list[float]] = {}
    for one in dead:
        latency.setdefault(_age(one, seen), []).extend(spans[one.name][:1])
    fixed = {one.name: span for one in mended if (span := _mended(one, seen)) is not None}
    latency[CORRECTED] = list(fixed.values())
    late = [f"{one.name} {spans[one.name][0]:.2f} h" for one in dead
            if _age(one, seen) in SHOWN and spans[one.name] and spans[one.name][0] > PROMISE / HOUR]  # fmt: skip
    late += [f"{one.name} corrected {fixed[one.name]:.2f} h" for one in mended
             if not world.silent(one.source, _at(one)) and fixed.get(one.name, 0) > PROMISE / HOUR]  # fmt: skip
    shown = _titles(seen)
    return Found(
        deletions=len(dead),
        kinds=dict(sorted(Counter(one.kind for one in dead).items())),
        missed=[one.name for one in dead if not spans[one.name] or one.title in shown],
        false=[*_false(seen), *(one.name for one in _standing(seen) if one.title not in shown)],
        late=late,
        latency=latency,
        checks=len(seen.sites.checks),
        logged=_logged(seen),
        hosts={source: _requests(source, seen.sites) for source in SOURCES},
        each=_each(seen),
        corrections=len(mended),
        uncorrected=[one.name for one in mended if one.name not in fixed],
        announced=len(announced),
        unlinked=[one.name for one in announced if not _linked(one, seen)],
    )


def _at(one: Fate) -> datetime:
    at = one.gone or one.corrected
    assert at is not None
    return at


def _id(one: Fate, migration: datetime) -> str:
    """The id under which it is first seen: one that appears after the move has never had another address."""
    number = one.number + NEW_ADDRESS * (one.moved and one.time >= migration)
    return identity.article_id(one.source, str(number), "")


def _of(one: Fate, seen: Evidence) -> list[Removal]:
    id = _id(one, seen.sites.world.migration)
    return [removal for removal in seen.removals if removal.article == id]


def _spans(one: Fate, seen: Evidence) -> list[float]:
    """Hours from the source's removal to the last of our outputs, for each removal that stands."""
    moments = (_everywhere(removal) for removal in _of(one, seen))
    return [(at - _at(one)) / HOUR for at in moments if at]


def _everywhere(removal: Removal) -> datetime | None:
    """When the last page, list, feed and embed had dropped it; None while one shows it, or where it was taken back."""
    dropped = [at for _, at in removal.outputs]
    if removal.lifted_at is not None or None in dropped:
        return None
    return max([removal.seen_at, *(at for at in dropped if at is not None)])


def _false(seen: Evidence) -> Iterator[str]:
    for one in seen.sites.world.fates:
        for removal in _of(one, seen):
            never_lifted = removal.lifted_at is None and one.back and one.back + DAY < seen.sites.now
            if not one.is_gone(removal.seen_at) or never_lifted:
                yield f"{one.name} {removal.seen_at}"


def _standing(seen: Evidence) -> Iterator[Fate]:
    """What stands at its source for a day and more, and was read."""
    now = seen.sites.now
    for one in seen.sites.world.fates:
        back = one.back is None or one.back + DAY < now
        if one.title in seen.told and not one.is_gone(now) and back:
            yield one


def _age(one: Fate, seen: Evidence) -> str:
    """Of AGES. The last two are those of which only title and link stand here when the three hours end."""
    if seen.sites.world.silent(one.source, _at(one)):
        return AGES[3]
    age = _at(one) - one.time
    return AGES[2] if age + PROMISE >= WINDOW else AGES[0] if age < DAY else AGES[1]


def _mended(one: Fate, seen: Evidence) -> float | None:
    """Hours from the correction to the revision that holds it; None when there is none."""
    telling, _ = seen.told[one.title]
    later = [revision.seen_at for revision in telling.revisions[1:] if "Đã sửa số liệu" in revision.text]
    return (min(later) - _at(one)) / HOUR if later else None


def _linked(one: Fate, seen: Evidence) -> bool:
    """Whether its page says that its source corrected it, and names the notice."""
    page = seen.files.get(seen.told[one.title][1], "")
    return LINKED in page and f"Đính chính: {one.title}" in page


def _titles(seen: Evidence) -> set[str]:
    """The titles that any file holds."""
    everything = "\n".join(seen.files.values())
    return {one.title for one in seen.sites.world.fates if one.title in everything}


def _logged(seen: Evidence) -> int:
    logged = Counter({(visit.started_at, visit.source): visit.checks for visit in seen.visits})
    return (logged & Counter((at, source) for at, source, _ in seen.sites.checks)).total()


def _each(seen: Evidence) -> dict[str, float]:
    told = [one for one in seen.sites.world.fates if one.title in seen.told]
    asked: Counter[str] = Counter()
    for at, source, number in seen.sites.checks:
        one = seen.sites.world.by[source, number]
        if not one.is_gone(at):
            asked[next(age for age, (_, end) in SPANS.items() if at - one.time < end)] += 1
    stood = {age: sum((one.stood(*span, LAST) for one in told), timedelta(0)) for age, span in SPANS.items()}
    return {age: asked[age] / (stood[age] / DAY) for age in SPANS}


def _requests(source: str, sites: Sites) -> list[int]:
    checks = Counter(at.date() for at, who, _ in sites.checks if who == source)
    sent = Counter(at.date() for at, who in sites.sent if who == source)
    return [round(checks.total() / ((LAST - NOON) / DAY)), max(checks.values()), max(sent.values())]
