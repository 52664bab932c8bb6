"""What a letter says: subject, HTML and plain text, from what may be shown at the moment it is printed.

A letter keeps no words: who gets it late gets what stands then, without what was withdrawn meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from aggregator.model import Letter, LetterItem, Telling
from aggregator.publish import addresses
from aggregator.publish.bulletin import CorrectionSeen, View
from aggregator.publish.edition import Edition
from aggregator.publish.gone import gone
from aggregator.publish.letters import is_gone
from aggregator.publish.revised import FIELDS, Revised, revised
from aggregator.publish.voice import Voice
from aggregator.publish.words import long_date, moment, number, short_date

LEAD = dict(FIELDS)["lead"]
MOST_BYTES = 95_000  # of HTML: Gmail cuts letters off at 102 kB; a longer one goes without leads


@dataclass(frozen=True, slots=True)
class Line:
    """A story in a bulletin: its number there, and the voice that told it first."""

    position: int
    voice: Voice
    view: View

    @property
    def told_at(self) -> str:
        """The source's time, in words."""
        return said_at(self.voice.telling)


@dataclass(frozen=True, slots=True)
class Altered:
    """What became of a story that a bulletin told. `gone` says why in words, and then none of the source stands here.

    `rows` are the revisions since then, `notices` the notices of correction; `other` tells it still, where its teller
    is gone.
    """

    position: int
    source: str
    told_at: str
    story: str
    gone: str = ""
    voice: Voice | None = None
    path: str = ""
    rows: tuple[Revised, ...] = ()
    notices: tuple[CorrectionSeen, ...] = ()
    other: Voice | None = None

    @property
    def lead(self) -> str:
        """The lead as it reads now, where it changed and what is told of the change does not hold it already."""
        changed = any(LEAD in row.fields for row in self.rows) and not any(row.added for row in self.rows)
        return self.voice.lead if self.voice and changed else ""


@dataclass(frozen=True, slots=True)
class Printed:
    """A letter ready to be put into an envelope."""

    letter: Letter
    subject: str
    html: str
    text: str
    context: dict[str, Any] = field(default_factory=dict, compare=False)


def print_letter(letter: Letter, edition: Edition, leave: str = "") -> Printed | None:
    """The letter as it reads now; None when nothing is left to say. `leave` is where this recipient unsubscribes."""
    seen = _views(letter, edition)
    if letter.number:
        rows = tuple(row for item in letter.items if (row := _altered(item, seen, edition)))
        return _printed("correction", letter, {"rows": rows, **_of_correction(letter, rows)}, edition, leave, rows)
    lines = tuple(line for item in letter.items if (line := _line(item, seen)))
    return _printed("bulletin", letter, of_bulletin(letter, lines), edition, leave, lines)


def lines_of(letter: Letter, edition: Edition) -> tuple[Line, ...]:
    """The stories of a bulletin that may be told now, in its order."""
    seen = _views(letter, edition)
    return tuple(line for item in letter.items if (line := _line(item, seen)))


def of_bulletin(letter: Letter, lines: tuple[Line, ...]) -> dict[str, Any]:
    """What the bulletin's templates are told."""
    day = date.fromisoformat(letter.day)
    groups: dict[str, list[Line]] = {}
    for line in lines:
        topic = next((tag.label for tag in line.view.tags if tag.kind == "topic"), "")
        groups.setdefault(topic, []).append(line)
    ordered = sorted(groups.items(), key=lambda row: (not row[0], row[1][0].position))
    return {
        "title": f"Bản tin ngày {short_date(day)}",
        "heading": long_date(day),
        "groups": ordered,
        "count": len(lines),
        "subject": f"Bản tin y tế ngày {short_date(day)}: {number(len(lines))} tin",
    }


def _of_correction(letter: Letter, rows: tuple[Altered, ...]) -> dict[str, Any]:
    day = date.fromisoformat(letter.day)
    gone = sum(bool(row.gone) for row in rows)
    kinds = [f"{number(len(rows) - gone)} tin được sửa"] if len(rows) > gone else []
    kinds += [f"{number(gone)} tin không còn được đăng"] if gone else []
    return {
        "title": f"Đính chính bản tin ngày {short_date(day)}",
        "heading": long_date(day),
        "kinds": ", ".join(kinds),
        "subject": f"Đính chính bản tin y tế ngày {short_date(day)}",
    }


def _printed(
    name: str, letter: Letter, context: dict[str, Any], edition: Edition, leave: str, told: tuple[Any, ...]
) -> Printed | None:
    if not told:
        return None
    mark = f"[{edition.ribbon}] " if edition.ribbon else ""
    whole = {**context, "letter": letter, "leave": leave, "path": addresses.letter_path(letter.day), "leads": True}
    page = edition.renderer.render(f"email/{name}.html", whole)
    if len(page.encode()) > MOST_BYTES:
        whole["leads"] = False
        page = edition.renderer.render(f"email/{name}.html", whole)
    text = edition.renderer.render(f"email/{name}.txt", whole)
    return Printed(letter, mark + context["subject"], page, text, whole)


def _views(letter: Letter, edition: Edition) -> dict[str, View]:
    """The story of each article that the letter tells of, by article."""
    held = edition.holding([item.article for item in letter.items])
    views = {seen.story.id: seen for seen in edition.views(tuple(dict.fromkeys(held.values())))}
    return {article: views[story] for article, story in held.items() if story in views}


def _line(item: LetterItem, seen: dict[str, View]) -> Line | None:
    view = seen.get(item.article)
    voice = _voice(item, view) if view else None
    return Line(item.position, voice, view) if view and voice else None


def _voice(item: LetterItem, view: View) -> Voice | None:
    return next((voice for voice in view.voices if voice.telling.article.id == item.article), None)


def _altered(item: LetterItem, seen: dict[str, View], edition: Edition) -> Altered | None:
    view = seen.get(item.article)
    if view is None:
        return None
    telling = next(one for one in view.story.tellings if one.article.id == item.article)
    source = edition.config.source(telling.article.source)
    name = source.name if source else telling.article.source
    row = Altered(item.position, name, said_at(telling), view.story.id, path=view.path)
    voice = _voice(item, view)
    if voice is None:
        said = gone((telling,), (name,), edition.publisher)[0].words if is_gone(telling) else ""
        return replace(row, gone=said, other=next(iter(view.voices), None)) if said else None
    rows = tuple(_rows(item, voice))
    notices = tuple(one for one in view.corrected_by if one.of == item.article)
    return replace(row, voice=voice, rows=rows, notices=notices) if rows or notices else None


def _rows(item: LetterItem, voice: Voice) -> Iterator[Revised]:
    """What was revised since the letter before, as the story's page says it."""
    return (row for row in revised(voice) if item.before < row.number <= item.revision)


def said_at(telling: Telling) -> str:
    """The source's time of an article in words, as exact as it was printed."""
    article = telling.article
    if article.precision == "none":
        return "nguồn không ghi giờ"
    if article.precision == "day":
        return short_date(article.published)
    return f"{'khoảng ' if article.precision == 'guessed' else ''}{moment(article.published)}"
