"""Writing what a visit saw of articles: verdicts, their texts and addresses, tags, and checks. Part of one commit.

Each function returns the ids of the articles of which something changed that a page may show.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from aggregator.errors import StoreError
from aggregator.model import Check, TagMatch, Verdict
from aggregator.store.batches import add, chunks, delete_in, rows_in, upsert
from aggregator.store.removing import note_check
from aggregator.store.schema import article_urls, articles, revisions, tags
from aggregator.store.wire import article_row, revision_row, tag_of, tag_row

FIRST_SIGHT = ("first_seen", "status", "because", "next_check", "misses")  # columns that a later text leaves alone

STANDING = select(
    *(articles.c[name] for name in ("id", "text_digest", "revision", "status", "alive_at", "lead_digest"))
)
TAGS = select(tags).order_by(tags.c.article, tags.c.position)
Standing = Mapping[str, Row[Any]]


def standing(connection: Connection, ids: Iterable[str]) -> Standing:
    """How these articles stand before the visit is written; new ones are left out."""
    return {row.id: row for row in rows_in(connection, STANDING, articles.c.id, ids)}


def write_verdicts(connection: Connection, verdicts: Sequence[Verdict], before: Standing) -> set[str]:
    """New and revised articles, with a revision for each text that differs from the one before it."""
    told = [verdict for verdict in verdicts if verdict.outcome != "unchanged"]
    latest = {id: (row.revision, row.text_digest) for id, row in before.items()}
    rows, texts = [], []
    for verdict in told:
        article = verdict.article
        number, digest = latest.get(article.id, (0, ""))
        if digest != article.text_digest:
            number += 1
            texts.append(revision_row(article, number))
        latest[article.id] = (number, article.text_digest)
        listed = verdict.lead_digest or (before[article.id].lead_digest if article.id in before else "")
        rows.append(article_row(verdict, number) | {"lead_digest": listed})  # a re-check comes without a lead
    upsert(connection, articles, rows, keep=FIRST_SIGHT)
    add(connection, revisions, texts)
    _refresh(connection, [verdict for verdict in verdicts if verdict.outcome == "unchanged"], latest)
    add(connection, article_urls, [row for verdict in verdicts for row in _url_rows(verdict)])
    return {verdict.article.id for verdict in told}


def _url_rows(verdict: Verdict) -> Iterator[dict[str, Any]]:
    article = verdict.article
    for url in dict.fromkeys((article.url, *verdict.also)):
        yield {"article": article.id, "url": url, "first_seen": article.fetched_at}


def _refresh(connection: Connection, unchanged: Sequence[Verdict], held: Mapping[str, object]) -> None:
    """Remember that the same text was seen again; nothing of it is a change."""
    unknown = sorted({verdict.article.id for verdict in unchanged} - held.keys())
    if unknown:
        raise StoreError(f"article {unknown[0]} is said to be unchanged, but the database does not hold it")
    statement = (
        update(articles)
        .where(articles.c.id == bindparam("key"))
        .values(
            fetched_at=bindparam("seen_at"),
            alive_at=bindparam("seen_at"),
            digest=bindparam("raw"),
            lead_digest=func.coalesce(bindparam("listed"), articles.c.lead_digest),
            etag=bindparam("tag"),
            last_modified=bindparam("modified_at"),
        )
    )
    if unchanged:
        connection.execute(statement, [_refreshed(verdict) for verdict in unchanged])


def _refreshed(verdict: Verdict) -> dict[str, Any]:
    return {
        "key": verdict.article.id,
        "seen_at": verdict.article.fetched_at,
        "raw": verdict.article.digest,
        "listed": verdict.lead_digest or None,
        "tag": verdict.validator.etag,
        "modified_at": verdict.validator.last_modified,
    }


def write_tags(connection: Connection, given: Mapping[str, tuple[TagMatch, ...]], rule: str) -> set[str]:
    """Replace the tags of each article whose tags are others than before; note which rule gave them.

    The same tags by another rule are written, but no change that a page may show.
    """
    before: dict[str, list[TagMatch]] = {}
    for row in rows_in(connection, TAGS, tags.c.article, given):
        before.setdefault(row.article, []).append(tag_of(row))
    changed = {article for article, now in given.items() if tuple(before.get(article, ())) != now}
    delete_in(connection, tags, tags.c.article, changed & before.keys())
    rows = [tag_row(article, at, tag) for article in sorted(changed) for at, tag in enumerate(given[article])]
    if rows:
        connection.execute(tags.insert(), rows)
    for chunk in chunks(sorted(given)):
        connection.execute(update(articles).where(articles.c.id.in_(chunk)).values(rule=rule))
    return {article for article in changed if _shown(before.get(article, ())) != _shown(given[article])}


def _shown(found: Iterable[TagMatch]) -> list[TagMatch]:
    return [replace(tag, rule="") for tag in found]


def write_checks(connection: Connection, checks: Sequence[Check], before: Standing) -> set[str]:
    """When to look next, and the status from now on; a status that changed opens or lifts a removal."""
    if not checks:
        return set()
    present = standing(connection, (check.article for check in checks))
    changed = set()
    for check in checks:
        if check.article not in present:
            raise StoreError(f"article {check.article} was checked, but the database does not hold it")
        if present[check.article].status != check.status:
            changed.add(check.article)
            seen = before.get(check.article, present[check.article])
            note_check(connection, check, seen)
    connection.execute(_looked(), [_look(check, check.article in changed) for check in checks])
    return changed


def _looked() -> Any:
    """None for a bound value keeps what the column holds."""
    kept: dict[str, Any] = {
        name: func.coalesce(bindparam(f"new_{name}", type_=articles.c[name].type), articles.c[name]) for name in KEPT
    }
    values = {"next_check": bindparam("new_next_check"), "misses": bindparam("new_misses"), **kept}
    return update(articles).where(articles.c.id == bindparam("key")).values(status=bindparam("new_status"), **values)


KEPT = ("because", "alive_at", "etag", "last_modified", "lead_digest")


def _look(check: Check, changed: bool) -> dict[str, Any]:
    alive = check.seen and check.status == "live" and check.misses == 0
    return {
        "key": check.article,
        "new_status": check.status,
        "new_next_check": check.next_check,
        "new_misses": check.misses,
        "new_because": check.because if changed else None,
        "new_alive_at": check.checked_at if alive else None,
        "new_etag": check.validator.etag if check.validator else None,
        "new_last_modified": check.validator.last_modified if check.validator else None,
        "new_lead_digest": check.lead_digest,
    }
