"""The part of the store that collecting asks, and the one transaction that writes a visit."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import get_args

from sqlalchemy import Connection, func, or_, select

from aggregator.model import Changes, Known, Learned, SourceState, Status, Validator, Visit
from aggregator.store import marks
from aggregator.store.announced import write_announced
from aggregator.store.batches import delete_in, rows_in, upsert
from aggregator.store.door import Door
from aggregator.store.grouping import write_regrouping
from aggregator.store.quarantine import write_held, write_learned, write_stubs
from aggregator.store.responses import write_responses
from aggregator.store.schema import article_urls, articles, runs, sources, validators, visits
from aggregator.store.seen import standing, write_checks, write_tags, write_verdicts
from aggregator.store.sketching import write_gists, write_sketches
from aggregator.store.watching import write_watch
from aggregator.store.wire import PLAIN_KNOWN, PLAIN_VISIT, known_of, state_of, state_row, visit_of, visit_row

NOTHING_LEARNED = Learned()
KNOWN = select(*(articles.c[name] for name in (*PLAIN_KNOWN, "etag", "last_modified")))

STATUSES: tuple[Status, ...] = get_args(Status)


class Visits(Door):
    """ports.CollectStore."""

    def states(self) -> Mapping[str, SourceState]:
        """Every source that was ever visited, by id."""
        given: dict[str, dict[str, Validator]] = {}
        with self.reading("how the sources stand") as connection:
            for row in connection.execute(select(validators).order_by(validators.c.source, validators.c.url)):
                given.setdefault(row.source, {})[row.url] = Validator(row.etag, row.last_modified)
            rows = connection.execute(select(sources).order_by(sources.c.id))
            return {row.id: state_of(row, given.get(row.id, {})) for row in rows}

    def known(self, ids: Collection[str]) -> Mapping[str, Known]:
        """Those of the articles that the store holds, by article id."""
        with self.reading("the known articles") as connection:
            return {row.id: known_of(row) for row in rows_in(connection, KNOWN, articles.c.id, ids)}

    def at(self, source: str, urls: Collection[str]) -> Mapping[str, str]:
        """Ids of the source's articles that were seen at these addresses, by address; the first seen where several."""
        joined = article_urls.join(articles, articles.c.id == article_urls.c.article)
        order = (article_urls.c.first_seen.desc(), article_urls.c.article.desc())
        query = select(article_urls.c.url, article_urls.c.article).select_from(joined).order_by(*order)
        with self.reading(f"the articles of {source} at addresses") as connection:
            rows = rows_in(connection, query.where(articles.c.source == source), article_urls.c.url, urls)
            return {row.url: row.article for row in rows}

    def between(self, source: str, start: datetime, end: datetime) -> tuple[Known, ...]:
        """The source's articles, of any status, published within [start, end), in order of id."""
        of = KNOWN.where(articles.c.source == source, articles.c.status.in_(STATUSES))  # the index begins with it
        query = of.where(articles.c.published >= start, articles.c.published < end).order_by(articles.c.id)
        with self.reading(f"the articles of {source} of a time") as connection:
            return tuple(known_of(row) for row in connection.execute(query))

    def due_checks(self, source: str, now: datetime, limit: int, latest: datetime | None = None) -> tuple[Known, ...]:
        """Articles of the source whose next check has come, the longest overdue first, at most `limit`.

        Those whose check lies behind `latest` as well: a clock that was wrong put it there.
        """
        come = articles.c.next_check <= now
        come = come if latest is None else or_(come, articles.c.next_check > latest)
        due = KNOWN.where(articles.c.source == source, come)
        query = due.order_by(articles.c.next_check, articles.c.id).limit(limit)
        with self.reading(f"the due checks of {source}") as connection:
            return tuple(known_of(row) for row in connection.execute(query))

    def commit(self, visit: Visit, changes: Changes) -> None:
        """Write all that a visit changed in one transaction; a kill leaves all of it or nothing."""
        with self.writing(f"the visit to {visit.source}") as connection:
            marks.lock(connection)
            _write_log(connection, visit)
            _write_state(connection, changes.state)
            if changes != Changes(changes.state):  # most visits bring nothing
                write_changes(connection, visit.source, changes, self._clock())

    def checked(self, source: str, since: datetime, until: datetime) -> int:
        """How many known articles of the source were looked at again in visits that ended from `since` to `until`."""
        query = select(func.coalesce(func.sum(visits.c.checks), 0))
        with self.reading(f"the re-checks of {source}") as connection:
            ended = visits.c.ended_at.between(since, until)
            told = connection.scalars(query.where(visits.c.source == source, ended)).one()
        return int(told)

    def visits(self, limit: int) -> tuple[Visit, ...]:
        """The newest visits first."""
        columns = (visits.c[name] for name in (*PLAIN_VISIT, "skips"))
        query = select(*columns).order_by(visits.c.ended_at.desc(), visits.c.id.desc()).limit(limit)
        with self.reading("the log of visits") as connection:
            return tuple(visit_of(row) for row in connection.execute(query))


def _write_log(connection: Connection, visit: Visit) -> None:
    """The visit, and the run it belongs to: from its first visit's start to its last one's end."""
    run = {"id": visit.run, "started_at": visit.started_at, "ended_at": visit.ended_at}
    held = connection.execute(select(runs).where(runs.c.id == visit.run)).one_or_none()
    if held is not None:
        run["started_at"] = min(held.started_at, visit.started_at)
        run["ended_at"] = max(held.ended_at, visit.ended_at)
    upsert(connection, runs, [run])
    connection.execute(visits.insert(), [visit_row(visit)])


def _write_state(connection: Connection, state: SourceState) -> None:
    upsert(connection, sources, [state_row(state)])
    held = connection.execute(select(validators).where(validators.c.source == state.source))
    if {row.url: Validator(row.etag, row.last_modified) for row in held} == dict(state.validators):
        return
    delete_in(connection, validators, validators.c.source, [state.source])
    rows = [
        {"source": state.source, "url": url, "etag": given.etag, "last_modified": given.last_modified}
        for url, given in sorted(state.validators.items())
    ]
    if rows:
        connection.execute(validators.insert(), rows)


def write_changes(connection: Connection, source: str, changes: Changes, now: datetime) -> None:
    """All but the state, in the order in which one refers to the other; what changed is marked last."""
    ids = [verdict.article.id for verdict in changes.verdicts] + [check.article for check in changes.checks]
    before = standing(connection, ids)
    touched = write_verdicts(connection, changes.verdicts, before)
    write_stubs(connection, changes.held)
    touched |= write_held(connection, changes.held)
    if changes.learned != NOTHING_LEARNED:
        write_learned(connection, source, changes.learned)
    touched |= write_tags(connection, changes.tags, changes.rule)
    write_sketches(connection, changes.sketches)
    write_gists(connection, changes.gists)
    regrouped = write_regrouping(connection, changes.regrouping, now)
    touched |= write_checks(connection, changes.checks, before)
    touched |= write_watch(connection, changes.watch)
    write_responses(connection, changes.responses)
    touched |= write_announced(connection, changes.announced)
    marks.touch(connection, regrouped | marks.stories_of(connection, touched), now)
