"""Notices of correction and what they correct: kept, found, and told with the stories of both."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, FromClause, or_, select

from aggregator.model import Announced, Correction, Telling
from aggregator.store.batches import chunks, rows_in, upsert
from aggregator.store.door import Door
from aggregator.store.schema import announced, articles, members, stories


class Notices(Door):
    """What ports.RefineStore asks of notices."""

    def notices(self, source: str, since: datetime) -> tuple[str, ...]:
        """Ids of the source's notices of correction that were published since then, in order."""
        # Asked of each notice, of which there are few, and never of each article of the source.
        own = select(articles.c.id).where(articles.c.id == announced.c.article)
        own = own.where(articles.c.source == source, articles.c.published >= since)
        query = select(announced.c.article).where(own.exists())
        with self.reading(f"the corrections of {source}") as connection:
            return tuple(connection.scalars(query.order_by(announced.c.article)))


def write_announced(connection: Connection, given: Collection[Announced]) -> set[str]:
    """Keep what the notices correct; the articles of which something changed by it."""
    query = select(announced.c.article, announced.c.corrected)
    ids = [one.notice for one in given]
    before = {row.article: row.corrected or "" for row in rows_in(connection, query, announced.c.article, ids)}
    changed = [one for one in given if before.get(one.notice) != one.corrected]
    rows = [{"article": one.notice, "corrected": one.corrected or None} for one in changed]
    upsert(connection, announced, rows)
    touched = {id for one in changed for id in (one.notice, one.corrected, before.get(one.notice, ""))}
    return touched - {""}


def tied(connection: Connection, ids: Collection[str]) -> set[str]:
    """The stories that correct, or are corrected by, an article of these stories: they show it, so they change too."""
    one, other = members.alias("one"), members.alias("other")
    pair = or_(_are(one, other), _are(other, one))
    query = select(other.c.story).select_from(one).join(announced, _either(one)).join(other, pair)
    return {story for chunk in chunks(sorted(ids)) for story in connection.scalars(query.where(one.c.story.in_(chunk)))}


def _either(one: FromClause) -> ColumnElement[bool]:
    return or_(announced.c.article == one.c.article, announced.c.corrected == one.c.article)


def _are(notice: FromClause, corrected: FromClause) -> ColumnElement[bool]:
    return (announced.c.article == notice.c.article) & (announced.c.corrected == corrected.c.article)


def pairs_of(connection: Connection, ids: Collection[str]) -> tuple[Announced, ...]:
    """The notices of correction that name an article, where notice or article is one of these."""
    query = select(announced.c.article, announced.c.corrected).where(announced.c.corrected.is_not(None))
    found: set[Announced] = set()
    for chunk in chunks(ids):
        either = or_(announced.c.article.in_(chunk), announced.c.corrected.in_(chunk))
        found |= {Announced(row.article, row.corrected) for row in connection.execute(query.where(either))}
    return tuple(sorted(found, key=lambda one: (one.notice, one.corrected)))


def paths_of(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Where the story of each article is published, by article; those in no story are left out."""
    query = select(members.c.article, stories.c.path).join(stories, stories.c.id == members.c.story)
    return {row.article: row.path for row in rows_in(connection, query, members.c.article, ids)}


def corrections(
    pairs: Iterable[Announced], inside: Collection[str], told: dict[str, Telling], paths: dict[str, str]
) -> dict[str, list[Correction]]:
    """By article of `inside`: what corrects it, and what it corrects."""
    found: dict[str, list[Correction]] = {}
    for pair in pairs:
        for of, other, is_notice in ((pair.notice, pair.corrected, True), (pair.corrected, pair.notice, False)):
            if of in inside and other in told and other in paths:
                found.setdefault(of, []).append(Correction(of, is_notice, told[other], paths[other]))
    return found
