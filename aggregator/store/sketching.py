"""Sketches: by their keys an article finds those that share something with it, without a look at any text.

A key's rows lie together, by place: what an article shares is read near its own place, and no further than a
number of holders on either side. So a lookup costs the same in an archive of any size. Rows of a text that was
revised stay behind, and lead to no article any more.
"""

import json
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, delete, select, text

from aggregator.model import CROWD, WHOLE, Gist, Sketch
from aggregator.store import marks
from aggregator.store.batches import rows_in, upsert
from aggregator.store.door import Door
from aggregator.store.schema import articles, gists, memo, sketch_keys, sketches

NOTE = "sketches"  # holds the rule by which every article is sketched
AT_ONCE = 50  # sketches a question

GLANCES, IDS = select(gists.c.article, gists.c.glance), select(articles.c.id)
ASKED = {
    "sqlite": """SELECT json_extract(value, '$[0]') AS number, json_extract(value, '$[1]') AS place,
        json_extract(value, '$[2]') AS key FROM json_each(:asked)""",
    "postgresql": """SELECT CAST(value ->> 0 AS integer) AS number, CAST(value ->> 1 AS bigint) AS place,
        CAST(value ->> 2 AS integer) AS key FROM jsonb_array_elements(CAST(:asked AS jsonb))""",
}
# CROSS JOIN: SQLite then keeps the order of the tables, from what is asked to what is found; it knows no sizes.
# A key below 0 is that of a whole text, and counts WHOLE. The lowest bit of another says that it counts twice, that of
# a place that all it shares counts three times.
SHARING = """
WITH asked AS MATERIALIZED ({asked}), ends AS MATERIALIZED (
    SELECT number, place, key,
        (SELECT k.place FROM sketch_keys k WHERE k.key = asked.key
            AND k.place >= asked.place - :reach AND k.place < asked.place
            ORDER BY k.place DESC LIMIT 1 OFFSET :others) AS low,
        (SELECT k.place FROM sketch_keys k WHERE k.key = asked.key
            AND k.place > asked.place AND k.place <= asked.place + :reach
            ORDER BY k.place LIMIT 1 OFFSET :others) AS high
    FROM asked
), spans AS MATERIALIZED (
    SELECT number, place, key, coalesce(low, place - :reach) AS low, coalesce(high, place + :reach) AS high,
        CASE WHEN key < 0 THEN :whole ELSE 1 + (key & 1) END AS weight,
        CASE WHEN low IS NOT NULL OR high IS NOT NULL THEN 0 WHEN key < 0 THEN :whole ELSE 1 + (key & 1) END AS few
    FROM ends
), scores AS MATERIALIZED (
    SELECT spans.number AS number, k.place AS other, 1 + 2 * ((k.place | spans.place) & 1) AS times,
        sum(spans.weight) AS score, sum(spans.few) AS few
    FROM spans CROSS JOIN sketch_keys k WHERE k.key = spans.key AND k.place BETWEEN spans.low AND spans.high
    GROUP BY spans.number, spans.place, k.place
)
SELECT scores.number AS number, sketches.article AS article,
    scores.few * scores.times + (scores.score - scores.few) * scores.times / :crowd AS score
FROM scores CROSS JOIN sketches CROSS JOIN articles
WHERE scores.score * scores.times >= :least AND sketches.place = scores.other AND articles.id = sketches.article
    AND articles.status = 'live'
"""
ADD_KEYS = {
    "sqlite": "INSERT OR IGNORE INTO sketch_keys (key, place) VALUES (?, ?)",
    "postgresql": "INSERT INTO sketch_keys (key, place) VALUES (%s, %s) ON CONFLICT DO NOTHING",
}


class Sketching(Door):
    """The part of ports.RefineStore that finds articles worth comparing."""

    def sharing(
        self, asked: Collection[Sketch], reach: int, holders: int, least: int
    ) -> Mapping[str, Mapping[str, int]]:
        """By article, the live others that share something with it, with their scores."""
        found: dict[str, dict[str, int]] = {one.article: {} for one in asked}
        limits = {"reach": reach, "others": holders - 1, "least": least, "whole": WHOLE, "crowd": CROWD}
        ordered = sorted(asked, key=lambda one: one.place)
        with self.reading("the sketches") as connection:
            for start in range(0, len(ordered), AT_ONCE):
                _ask(connection, ordered[start : start + AT_ONCE], limits, found)
        return found

    def glances(self, ids: Collection[str]) -> Mapping[str, bytes]:
        """The glance of each of these articles, as it was kept; those without one are left out."""
        with self.reading("glances at articles") as connection:
            rows = rows_in(connection, GLANCES, gists.c.article, ids)
            return {row.article: row.glance for row in rows}

    def sketched_by(self) -> str:
        """The rule by which every article is sketched, "" while some may not be."""
        with self.reading("the rule of the sketches") as connection:
            return connection.scalar(select(memo.c.value).where(memo.c.key == NOTE)) or ""

    def unsketched(self, rule: str, after: str, limit: int) -> tuple[str, ...]:
        """Ids above `after` of articles that have no sketch by this rule, in order, at most `limit`."""
        held = select(sketches.c.article).where(sketches.c.article == articles.c.id, sketches.c.rule == rule)
        query = select(articles.c.id).where(articles.c.id > after, ~held.exists()).order_by(articles.c.id).limit(limit)
        with self.reading("the articles without a sketch") as connection:
            return tuple(connection.scalars(query))

    def keep_sketches(self, made: Collection[Sketch]) -> None:
        """Keep these sketches, each in the place of the one its article had."""
        with self.writing("sketches") as connection:
            marks.lock(connection)
            write_sketches(connection, tuple(made))

    def all_sketched(self, rule: str) -> None:
        """Remember that every article is sketched by this rule, for `sketched_by`."""
        with self.writing("sketches") as connection:
            marks.lock(connection)
            upsert(connection, memo, [{"key": NOTE, "value": rule}])

    def forget_sketches(self, rule: str) -> None:
        """Drop all sketches when any of them was made by another rule."""
        with self.writing("sketches") as connection:
            marks.lock(connection)
            if connection.scalar(select(sketches.c.article).where(sketches.c.rule != rule).limit(1)) is not None:
                connection.execute(delete(sketch_keys))
                connection.execute(delete(sketches))


def _ask(
    connection: Connection, asked: Sequence[Sketch], limits: Mapping[str, int], found: dict[str, dict[str, int]]
) -> None:
    rows = json.dumps([(number, one.place, key) for number, one in enumerate(asked) for key in one.keys])
    query = text(SHARING.format(asked=ASKED[connection.dialect.name]))
    for row in connection.execute(query, {"asked": rows, **limits}):
        own = asked[row.number].article
        if row.article != own:
            found[own][row.article] = int(row.score)


def write_gists(connection: Connection, made: Sequence[Gist]) -> None:
    """Keep these gists. Part of one commit."""
    rows = [{"article": one.article, "glance": one.glance, "sentences": one.sentences} for one in made]
    upsert(connection, gists, rows)


def write_sketches(connection: Connection, made: Sequence[Sketch]) -> None:
    """Keep these sketches. Part of one commit."""
    known = {row.id for row in rows_in(connection, IDS, articles.c.id, (one.article for one in made))}
    fresh = [one for one in made if one.article in known]
    upsert(connection, sketches, [{"article": one.article, "place": one.place, "rule": one.rule} for one in fresh])
    rows = sorted((key, one.place) for one in fresh for key in one.keys)  # in the order in which they will lie
    if rows:  # a hundred an article: past SQLAlchemy, which would look at each value
        connection.exec_driver_sql(ADD_KEYS[connection.dialect.name], rows)
