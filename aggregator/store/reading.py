"""Articles and stories put together from their tables: a fixed number of queries for any number of them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from aggregator.model import Edit, Gist, Link, Story, TagMatch, Telling, Tie, Told
from aggregator.store.announced import corrections, pairs_of, paths_of
from aggregator.store.batches import rows_in
from aggregator.store.schema import (
    aliases,
    articles,
    edits,
    gists,
    links,
    members,
    quarantine,
    removals,
    revisions,
    stories,
    tags,
)
from aggregator.store.wire import article_of, edit_of, link_of, revision_of, tag_of

TEXTS = articles.join(revisions, (revisions.c.article == articles.c.id) & (revisions.c.number == articles.c.revision))
ARTICLES = select(articles)
TAGS, EDITS = select(tags).order_by(tags.c.article, tags.c.position), select(edits)
TIES = select(*(links.c[name] for name in ("a", "b", "kind", "score", "bar_a", "bar_b")))
TOLD = select(articles, revisions.c.text, gists.c.glance, gists.c.sentences).select_from(
    TEXTS.outerjoin(gists, gists.c.article == articles.c.id)
)


def _by(rows: Iterable[Row[Any]], name: str) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return found


def tags_of(connection: Connection, ids: Collection[str]) -> dict[str, tuple[TagMatch, ...]]:
    """Tags by article, in the order that tagging gave."""
    found = _by(rows_in(connection, TAGS, tags.c.article, ids), "article")
    return {article: tuple(tag_of(row) for row in rows) for article, rows in found.items()}


def told(connection: Connection, query: Select[Any]) -> Iterator[Told]:
    """Articles of the query (one of TOLD) with their tags and gists, in the query's order."""
    rows = connection.execute(query).all()
    held = tags_of(connection, [row.id for row in rows])
    for row in rows:
        gist = Gist(row.id, row.glance, row.sentences) if row.glance is not None else None
        yield Told(article_of(row, row.text), held.get(row.id, ()), row.first_seen, gist)


def tellings(connection: Connection, ids: Collection[str]) -> dict[str, Telling]:
    """The articles with all that a page may want of them, by id."""
    tagged = tags_of(connection, ids)
    history = select(revisions).order_by(revisions.c.article, revisions.c.number)
    texts = _by(rows_in(connection, history, revisions.c.article, ids), "article")
    running = select(removals).where(removals.c.lifted_at.is_(None), removals.c.status == "withdrawn")
    gone = {row.article: row.seen_at for row in rows_in(connection, running, removals.c.article, ids)}
    decided = _by(rows_in(connection, select(edits).order_by(edits.c.at, edits.c.id), edits.c.target, ids), "target")
    waiting = select(quarantine.c.article, quarantine.c.at).where(quarantine.c.state == "held")
    held_since = {row.article: row.at for row in rows_in(connection, waiting, quarantine.c.article, ids)}
    return {
        row.id: Telling(
            article=article_of(row, present.text),
            tags=tagged.get(row.id, ()),
            revisions=tuple(revision_of(text) for text in texts[row.id]),
            first_seen=row.first_seen,
            status=row.status,
            withdrawn_at=gone.get(row.id) if row.status == "withdrawn" else None,
            because=row.because,
            edits=tuple(edit_of(edit) for edit in decided.get(row.id, ())),
            held_since=held_since.get(row.id),
            watch=row.watch,
        )
        for row in rows_in(connection, ARTICLES, articles.c.id, ids)
        if (present := _present(row, texts.get(row.id, ())))
    }


def _present(row: Row[Any], history: Iterable[Row[Any]]) -> Row[Any] | None:
    """The revision that the article's row names: its text is read with the others, not once more beside the article.

    None for an article of which nothing may be told yet.
    """
    return next((text for text in history if text.number == row.revision), None)


def links_of(connection: Connection, ids: Collection[str]) -> tuple[Link, ...]:
    """Links that touch any of the articles, ordered by (a, b)."""
    found = {link_of(row) for end in (links.c.a, links.c.b) for row in rows_in(connection, select(links), end, ids)}
    return tuple(sorted(found, key=lambda link: (link.a, link.b)))


def ties_of(connection: Connection, ids: Collection[str]) -> tuple[Tie, ...]:
    """The same without what they say, ordered by (a, b)."""
    found: dict[tuple[str, str], Tie] = {}
    for end in (links.c.a, links.c.b):
        rows: Iterable[Any] = rows_in(connection, TIES, end, ids)
        for a, b, kind, score, left, right in rows:
            found[a, b] = Tie(a, b, kind, score, (left, right) if left is not None else None)
    return tuple(found[ends] for ends in sorted(found))


def edits_of(connection: Connection, targets: Collection[str]) -> tuple[Edit, ...]:
    """What people decided about these, oldest first."""
    found = [edit_of(row) for row in rows_in(connection, EDITS, edits.c.target, targets)]
    return tuple(sorted(found, key=lambda edit: (edit.at, edit.id)))


def whole_stories(connection: Connection, ids: Sequence[str]) -> Iterator[Story]:
    """The stories with all their tellings, in the order asked; unknown ids are left out."""
    heads = {row.id: row for row in rows_in(connection, select(stories), stories.c.id, ids)}
    query = select(members).order_by(members.c.story, members.c.position)
    held = _by(rows_in(connection, query, members.c.story, heads), "story")
    inside = {row.article: row.story for rows in held.values() for row in rows}
    pairs = pairs_of(connection, inside)
    others = {id for pair in pairs for id in (pair.notice, pair.corrected)}
    told = tellings(connection, inside.keys() | others)
    tied = corrections(pairs, inside, told, paths_of(connection, others) if others else {})
    joined: dict[str, list[Link]] = {}
    for link in links_of(connection, inside):
        if inside.get(link.a) == inside.get(link.b):
            joined.setdefault(inside[link.a], []).append(link)
    former = select(aliases).where(aliases.c.path != "").order_by(aliases.c.path)
    paths = _by(rows_in(connection, former, aliases.c.story, heads), "story")
    for id in dict.fromkeys(id for id in ids if id in heads):
        yield Story(
            id=id,
            path=heads[id].path,
            first_seen=heads[id].first_seen,
            changed_at=heads[id].changed_at,
            tellings=tuple(told[row.article] for row in held[id]),
            links=tuple(joined.get(id, ())),
            aliases=tuple(row.path for row in paths.get(id, ())),
            corrections=tuple(one for row in held[id] for one in tied.get(row.article, ())),
        )
