"""The index that search.js reads: static files, of which a query loads only those that its words need.

A segment is what is published of some days: of one day, or of neighbouring days that are few stories together, as long
as they are recent; of the days of one month that are older. So a new story writes one file; a month is written when
one of its days leaves the recent ones, and at once when a story of its older days changes or goes. What a reader may
not see any more is in no segment of the next publish.

    search/index.json             {segments: [{name, href, from, to, docs}]}, the newest first
    search/places.json            key and name of each place, the fullest first, to filter by
    search/<segment>/index.json   {version, docs, chunk, starts, days: [[day, number of its first story]]}
    search/<segment>/t<n>.json    {version, terms: {key: {form: [step * 16 + weight]}}}: words from starts[n] on
    search/<segment>/d<n>.json    {version, docs: [[address, title, source, time, flag]]}, `chunk` of them

A segment of at most `chunk` stories is one file: its index has `parts`, with `t0` and `d0` in it.

Stories are numbered from the newest. `version` is the same in all files of a segment: whoever meets two has read while
it was written, and begins anew.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from aggregator.model import Artifact, digest_of
from aggregator.publish import addresses
from aggregator.publish.bulletin import View
from aggregator.publish.edition import Edition, Removal
from aggregator.publish.terms import terms
from aggregator.publish.words import iso, local_day

RECENT = range(3, 15)  # days that stay out of their month: as long as texts fall back to links, within these bounds
TOGETHER = 60  # stories of neighbouring recent days in one segment: one file of some 12 kB compressed
CHUNK = 100  # stories in one file of titles; so many are one file with their words
WHOLE = 50_000  # stories of a segment: a bound, not a size
SMALL = 300  # stories up to which the words of a segment stand in one file
# Where the files of a larger segment begin: each gets about as many words of Vietnamese news as the others.
STARTS = (
    "", "a", "ba", "bi", "c", "ch", "co", "d", "di", "g", "h", "hi", "k", "l", "m", "ng", "nh", "p", "s", "t", "th",
    "thi", "ti", "tr", "u", "v", "x",
)  # fmt: skip
STEP = 16  # above the weights of terms.py together
Group = tuple[str, ...]  # days of a segment, the oldest first


def first_recent(edition: Edition) -> date:
    """From this day on, days are not yet part of their month."""
    windows = [source.window.days + 2 for source in edition.config.sources]
    return edition.today - timedelta(days=min(max([RECENT.start, *windows]), RECENT.stop) - 1)


def recent_groups(edition: Edition) -> tuple[Group, ...]:
    """The recent days that have stories, the oldest first, in the groups that are one segment each."""
    groups: list[list[str]] = []
    room = 0
    first = first_recent(edition).isoformat()
    for shelf in edition.shelves("day/"):
        day = shelf.key.removeprefix("day/")
        if day < first:
            continue
        if not groups or shelf.count > room:
            groups.append([])
            room = TOGETHER
        groups[-1].append(day)
        room -= shelf.count
    return tuple(map(tuple, groups))


def layout(edition: Edition) -> str:
    """How the recent days stand now, for the next publish to know what moved: their first, then each group."""
    return "\n".join((first_recent(edition).isoformat(), *map(" ".join, recent_groups(edition))))


def segments(keys: Iterable[str], former: str, edition: Edition) -> Iterator[Artifact | Removal]:
    """The segments that the keys of work touch, and those that time alone made others.

    `former` is the `layout` of the last publish, "" when there was none.
    """
    first = first_recent(edition)
    days = {key.removeprefix("day/") for key in keys if key.startswith("day/")}
    before, *rows = former.split("\n")
    moved = _between(date.fromisoformat(before), first) if before else set()
    for month in sorted({day[:7] for day in days | moved if day < first.isoformat() or day in moved}):
        yield from segment(month, _older(month, first, edition), edition)
    stood, groups = {tuple(row.split(" ")) for row in rows}, recent_groups(edition)
    for group in groups:
        if group not in stood or days.intersection(group):
            yield from segment(group[0], _newest_first(group, edition), edition)
    for name in sorted({group[0] for group in stood} - {group[0] for group in groups}):
        yield from segment(name, (), edition)


def segment(name: str, views: Iterable[View], edition: Edition) -> Iterator[Artifact | Removal]:
    """The files of one segment; those that an earlier one had more are removed."""
    rows: list[list[str]] = []
    days: dict[str, int] = {}
    found: dict[tuple[str, str], list[int]] = {}
    last: dict[tuple[str, str], int] = {}
    for number, seen in enumerate(views):
        rows.append(_row(seen, edition))
        days.setdefault(local_day(seen.speaker.published).isoformat(), number)
        for key, forms in terms(seen).items():
            for form, weight in forms.items():
                word = (key, form)
                if word in last:
                    found[word].append((number - last[word]) * STEP + weight)
                else:
                    found[word] = [number * STEP + weight]
                last[word] = number
    starts = STARTS if len(rows) > SMALL else STARTS[:1]
    blocks = _blocks(found, starts) if rows else []
    version = digest_of(_text(rows), _text(blocks))[:12]
    about: dict[str, Any] = {
        "version": version,
        "docs": len(rows),
        "chunk": CHUNK,
        "starts": starts,
        "days": list(days.items()),
    }
    if len(blocks) == 1 and len(rows) <= CHUNK:
        about["parts"] = {"t0": {"terms": blocks[0]}, "d0": {"docs": rows}}
        rows, blocks = [], []
    chunks = [rows[at : at + CHUNK] for at in range(0, len(rows), CHUNK)]
    yield from _files(name, "d", [{"version": version, "docs": chunk} for chunk in chunks], WHOLE // CHUNK)
    yield from _files(name, "t", [{"version": version, "terms": block} for block in blocks], len(STARTS))
    path = addresses.search_path(name, "index")
    yield _file(path, about) if about["docs"] else Removal(path)


def index(edition: Edition) -> Iterator[Artifact]:
    """What there is to search: the segments, and the places that stories may be filtered by."""
    first = first_recent(edition).isoformat()
    counts = {shelf.key.removeprefix("day/"): shelf.count for shelf in edition.shelves("day/")}
    months = [tuple(days) for _, days in groupby((day for day in counts if day < first), key=lambda day: day[:7])]
    recent = recent_groups(edition)
    rows = [(days[0][:7], days) for days in months] + [(days[0], days) for days in recent]
    yield _file(addresses.SEARCH_INDEX, {"segments": [_listed(*row, counts, edition) for row in reversed(rows)]})
    places = [(shelf.key, shelf.label) for shelf in edition.kind("place")]
    yield _file(addresses.SEARCH_PLACES, {"places": places})


def _listed(name: str, days: Group, counts: Mapping[str, int], edition: Edition) -> dict[str, Any]:
    stories = sum(counts[day] for day in days)
    href = edition.link(addresses.search_path(name, ""))
    return {"name": name, "href": href, "from": days[0], "to": days[-1], "docs": stories}


def _newest_first(days: Group, edition: Edition) -> Iterator[View]:
    for day in reversed(days):
        yield from edition.listing(f"day/{day}", WHOLE)


def _older(month: str, first: date, edition: Edition) -> Iterator[View]:
    """The stories of the month's days before `first`, the newest first, read day by day: a month may be large."""
    days = (shelf.key.removeprefix("day/") for shelf in edition.shelves(f"day/{month}"))
    return _newest_first(tuple(day for day in days if day < first.isoformat()), edition)


def _between(one: date, other: date) -> set[str]:
    early, late = sorted((one, other))
    return {(early + timedelta(days=number)).isoformat() for number in range((late - early).days)}


def _row(seen: View, edition: Edition) -> list[str]:
    speaker = seen.speaker
    return [edition.link(seen.path), speaker.title, speaker.label, iso(speaker.published), seen.flag]


def _blocks(found: dict[tuple[str, str], list[int]], starts: tuple[str, ...]) -> list[dict[str, Any]]:
    """The terms by file: those of the second begin with `starts[1]` or what comes after it."""
    blocks: list[dict[str, Any]] = [{} for _ in starts]
    for (key, form), steps in sorted(found.items()):
        blocks[bisect_right(starts, key) - 1].setdefault(key, {})[form] = steps
    return blocks


def _files(name: str, letter: str, contents: list[Any], most: int) -> Iterator[Artifact | Removal]:
    for number, content in enumerate(contents):
        yield _file(addresses.search_path(name, f"{letter}{number}"), content)
    for number in range(len(contents), most):
        yield Removal(addresses.search_path(name, f"{letter}{number}"))


def _file(path: str, content: Any) -> Artifact:
    return Artifact(path, (_text(content) + "\n").encode())


def _text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
