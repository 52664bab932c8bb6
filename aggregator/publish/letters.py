"""When a letter is due, and of what it tells: the day's bulletin, and what corrects one that went out. Pure but for
the store it asks.

A bulletin tells what no letter told before, of the days since the last one: nothing is mailed twice, and what comes
after the hour of sending is in the next. A correction is made once for each change that readers must know.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from aggregator.model import Following, Letter, LetterItem, Revision, Telling
from aggregator.ports import LetterStore, PublishStore
from aggregator.publish.bulletin import View
from aggregator.publish.edition import Edition
from aggregator.publish.gone import standing
from aggregator.publish.periods import by_topic
from aggregator.publish.revised import change
from aggregator.publish.site import WHOLE
from aggregator.publish.words import LOCAL
from aggregator.text import WORD, fold

LOOK_BACK = timedelta(days=3)  # after an outage: older news is on the site, a letter of a week is read by nobody
CORRECTED_FOR = timedelta(days=30)  # after it, a letter is wrapping paper; the site goes on telling corrections
MOST = 60  # stories in a letter: some 90 kB of HTML; Gmail cuts letters off at 102 kB
LOOKED = "letters"  # the memo: up to which change corrections were looked for


def compose(edition: Edition, store: PublishStore, now: datetime, mark: int) -> None:
    """Keep the letters that are due at `now`; `mark` is that of the newest change that the edition shows."""
    made = [*_corrections(edition, store, now), *_bulletin(edition, store, now)]
    if made or store.memo(LOOKED) != str(mark):
        store.compose(made, {LOOKED: str(mark)})


# --- the bulletin


def upcoming(edition: Edition, store: LetterStore, now: datetime) -> Letter | None:
    """The day's bulletin as it would be made now, whatever the hour; None when the day has one already."""
    newest, today = store.newest_letter(), edition.today
    if newest and newest.day >= today.isoformat():
        return None
    first = max(date.fromisoformat(newest.day), today - LOOK_BACK) if newest else today - timedelta(days=1)
    return Letter(today.isoformat(), 0, now, _items(_untold(edition, store, first)))


def _bulletin(edition: Edition, store: LetterStore, now: datetime) -> Iterator[Letter]:
    mail = edition.config.mail
    if mail is not None and now >= datetime.combine(edition.today, mail.at, LOCAL):
        made = upcoming(edition, store, now)
        yield from [made] if made else []


def _untold(edition: Edition, store: LetterStore, first: date) -> tuple[View, ...]:
    """The newest stories from the day on that no letter told, the newest first."""
    days = [edition.today - timedelta(days=back) for back in range((edition.today - first).days + 1)]
    views = [seen for day in days for seen in edition.listing(f"day/{day.isoformat()}", WHOLE)]
    told = store.in_letters({telling.article.id for seen in views for telling in seen.story.tellings})
    fresh = [seen for seen in views if not any(telling.article.id in told for telling in seen.story.tellings)]
    return tuple(fresh[:MOST])


def _items(views: tuple[View, ...]) -> tuple[LetterItem, ...]:
    """The stories below their topics, as the day's page has them."""
    ordered = [seen for _, group in by_topic(views) for seen in group]
    return tuple(
        LetterItem(
            seen.speaker.telling.article.id,
            position,
            _newest(seen.speaker.telling).number,
            notices=_notices(seen, seen.speaker.telling.article.id),
        )
        for position, seen in enumerate(ordered, 1)
    )


# --- corrections


def _corrections(edition: Edition, store: PublishStore, now: datetime) -> Iterator[Letter]:
    """One letter a day whose bulletin told what is told otherwise by now."""
    since = int(store.memo(LOOKED) or 0)
    rows = store.following(since, (edition.today - CORRECTED_FOR).isoformat())
    views = {seen.story.id: seen for seen in edition.views(tuple(dict.fromkeys(row.story for row in rows)))}
    changed: dict[tuple[str, int], list[LetterItem]] = {}
    for row in rows:
        item = _changed(row, views[row.story]) if row.story in views else None
        if item is not None:
            changed.setdefault((row.day, row.number + 1), []).append(item)
    for (day, number), items in sorted(changed.items()):
        yield Letter(day, number, now, tuple(items))


def _changed(row: Following, seen: View) -> LetterItem | None:
    """What a correction tells of the article; None when readers need not know."""
    item = row.item
    telling = next(one for one in seen.story.tellings if one.article.id == item.article)
    if is_gone(telling):
        return None if item.gone else LetterItem(item.article, item.position, item.revision, item.revision, gone=True)
    if telling.watch == "flapping" or not any(voice.telling is telling for voice in seen.voices):
        return None
    notices = _notices(seen, item.article)
    before = next((one for one in telling.revisions if one.number == item.revision), None)
    if notices <= item.notices and (before is None or not matters(before, _newest(telling))):
        return None
    newest = _newest(telling).number
    return LetterItem(item.article, item.position, newest, item.revision, max(notices, item.notices))


def is_gone(telling: Telling) -> bool:
    """Whether its source or somebody here took it away; not what time alone hides."""
    return standing(telling) in {"withdrawn", "suspended", "hidden"}


def matters(before: Revision, after: Revision) -> bool:
    """Whether readers of the one must know the other: other words in title or lead, other figures, a sentence gone.

    What was empty before was never told; marks, capitals and punctuation change nothing; what a source only added
    stands on the story's page.
    """
    for old, new in ((before.title, after.title), (before.lead, after.lead)):
        if old and _words(old) != _words(new):
            return True
    if not before.text or not after.text or before.text == after.text:
        return False
    text = change(before.text, after.text)
    return bool(text.figures or text.removed)


def _words(text: str) -> list[str]:
    return WORD.findall(fold(text))


def _newest(telling: Telling) -> Revision:
    return telling.revisions[-1]


def _notices(seen: View, article: str) -> int:
    return sum(one.of == article for one in seen.corrected_by)
