"""The part of the store that keeps texts from readers, and what is usual for a source."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, func, select

from aggregator.model import Held, Learned
from aggregator.store.batches import add, rows_in, upsert
from aggregator.store.door import Door
from aggregator.store.schema import articles, habits, quarantine, visits
from aggregator.store.wire import held_of, held_row, stub_row

LATEST = 20  # visits with new articles that tell how many are usual


class Quarantine(Door):
    """ports.CollectStore, what it keeps of suspicious texts."""

    def learned(self, source: str) -> Learned:
        """What the source's clean and released articles taught."""
        counts: dict[str, dict[str, int]] = {"domain": {}, "topic": {}}
        brought = select(visits.c.new).where(visits.c.source == source, visits.c.new > 0, visits.c.requests > 0)
        with self.reading(f"what is usual for {source}") as connection:
            rows = connection.execute(select(habits).where(habits.c.source == source).order_by(habits.c.name))
            for row in rows:
                counts[row.kind][row.name] = row._mapping["count"]
            new = list(connection.scalars(brought.order_by(visits.c.ended_at.desc()).limit(LATEST + 1)))
        return Learned(counts["domain"], counts["topic"], tuple(new[:LATEST] if len(new) > LATEST else new[:-1]))

    def quarantine(self, articles: Collection[str]) -> Mapping[str, tuple[Held, ...]]:
        """Every text of these articles that was ever held, by article, the oldest first."""
        found: dict[str, list[Held]] = {}
        query = select(quarantine).order_by(quarantine.c.article, quarantine.c.at, quarantine.c.digest)
        with self.reading("the held texts") as connection:
            for row in rows_in(connection, query, quarantine.c.article, articles):
                found.setdefault(row.article, []).append(held_of(row))
        return {id: tuple(held) for id, held in found.items()}

    def waiting(self, limit: int) -> tuple[Held, ...]:
        """The texts that wait for a person now, the newest first."""
        order = (quarantine.c.at.desc(), quarantine.c.article)
        query = select(quarantine).where(quarantine.c.state == "held").order_by(*order).limit(limit)
        with self.reading("what waits for an editor") as connection:
            return tuple(held_of(row) for row in connection.execute(query))

    def held_by_source(self) -> Mapping[str, int]:
        """How many texts of each source wait for a person now."""
        both = quarantine.join(articles, articles.c.id == quarantine.c.article)
        query = select(articles.c.source, func.count()).select_from(both).where(quarantine.c.state == "held")
        with self.reading("how much waits for an editor") as connection:
            return {source: count for source, count in connection.execute(query.group_by(articles.c.source))}


def write_held(connection: Connection, given: Sequence[Held]) -> set[str]:
    """Keep the texts, each as its state says; returns the articles they are of."""
    upsert(connection, quarantine, [held_row(held) for held in given])
    return {held.article.id for held in given}


def write_stubs(connection: Connection, given: Iterable[Held]) -> None:
    """Make the articles of these texts known where they are not: wordless, asked for again, never told."""
    add(connection, articles, [stub_row(held) for held in given])


def write_learned(connection: Connection, source: str, given: Learned) -> None:
    """Add to what is usual for the source."""
    named = [("domain", given.domains), ("topic", given.topics)]
    counts = {(kind, name): count for kind, counted in named for name, count in counted.items()}
    before = {(row.kind, row.name): row for row in connection.execute(select(habits).where(habits.c.source == source))}
    rows = [
        {
            "source": source,
            "kind": kind,
            "name": name,
            "count": count + (before[kind, name]._mapping["count"] if (kind, name) in before else 0),
        }
        for (kind, name), count in sorted(counts.items())
    ]
    upsert(connection, habits, rows)
