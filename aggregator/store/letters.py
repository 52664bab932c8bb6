"""Letters and the journal of their deliveries."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from aggregator.model import Delivery, DeliveryState, Following, Letter, LetterItem
from aggregator.store.batches import add, chunks, rows_in, upsert
from aggregator.store.door import Door
from aggregator.store.schema import deliveries, dirty, letter_items, letters, members, memo, stories

ITEM = ("article", "position", "revision", "before", "notices")
KEY = "letter/"  # keys of work: letter/<day>


class Letters(Door):
    """ports.LetterStore."""

    def newest_letter(self) -> Letter | None:
        """The newest bulletin, None while there is none."""
        with self.reading("the newest letter") as connection:
            day = connection.scalars(select(func.max(letters.c.day)).where(letters.c.number == 0)).one()
        return self.letters(day)[0] if day else None

    def letters(self, day: str) -> tuple[Letter, ...]:
        """The day's bulletin and what followed it, by number."""
        with self.reading(f"the letters of {day}") as connection:
            query = select(letter_items).where(letter_items.c.day == day)
            items: dict[int, list[LetterItem]] = {}
            for row in connection.execute(query.order_by(letter_items.c.position, letter_items.c.article)):
                items.setdefault(row.number, []).append(_item(row))
            found = connection.execute(select(letters).where(letters.c.day == day).order_by(letters.c.number))
            return tuple(
                Letter(row.day, row.number, row.composed_at, tuple(items.get(row.number, ()))) for row in found
            )

    def letter_days(self) -> tuple[str, ...]:
        """The days that have a bulletin, in order."""
        with self.reading("the days of letters") as connection:
            query = select(letters.c.day).where(letters.c.number == 0).order_by(letters.c.day)
            return tuple(connection.scalars(query))

    def in_letters(self, articles: Collection[str]) -> frozenset[str]:
        """Those of the articles that a letter told of."""
        with self.reading("what letters told") as connection:
            query = select(letter_items.c.article).distinct()
            return frozenset(row.article for row in rows_in(connection, query, letter_items.c.article, articles))

    def holding(self, articles: Collection[str]) -> Mapping[str, str]:
        """The story that holds each of the articles, by article; those in no story are left out."""
        with self.reading("what stories hold") as connection:
            return {row.article: row.story for row in rows_in(connection, select(members), members.c.article, articles)}

    def following(self, since: int, first_day: str) -> tuple[Following, ...]:
        """What letters from that day on told last of articles whose story changed behind the mark, by day and place."""
        query = (
            select(letter_items, members.c.story)
            .join(members, members.c.article == letter_items.c.article)
            .join(stories, stories.c.id == members.c.story)
            .where(stories.c.mark > since, letter_items.c.day >= first_day)
            .order_by(letter_items.c.day, letter_items.c.number, letter_items.c.position)
        )
        with self.reading("what letters told of changed stories") as connection:
            found = {(row.day, row.article): (_item(row), row.story) for row in connection.execute(query)}
            newest = select(letters.c.day, func.max(letters.c.number)).group_by(letters.c.day)
            last = {day: number for day, number in connection.execute(newest.where(letters.c.day >= first_day))}
        return tuple(Following(day, last[day], item, story) for (day, _), (item, story) in found.items())

    def compose(self, made: Sequence[Letter], notes: Mapping[str, str]) -> None:
        """Keep these letters, and notes to publishing itself, in one transaction; their files are work to do."""
        with self.writing("letters") as connection:
            rows = [{"day": one.day, "number": one.number, "composed_at": one.composed_at} for one in made]
            add(connection, letters, rows)
            items = [_row(one, item) for one in made for item in one.items]
            add(connection, letter_items, items)
            add(connection, dirty, [{"key": KEY + day} for day in sorted({one.day for one in made})])
            upsert(connection, memo, [{"key": key, "value": value} for key, value in notes.items()])

    def unaddressed(self, since: datetime) -> tuple[Letter, ...]:
        """Letters composed since then that have no deliveries yet, by day and number, without their items."""
        query = select(letters).where(letters.c.addressed == 0, letters.c.composed_at >= since)
        with self.reading("letters to be addressed") as connection:
            rows = connection.execute(query.order_by(letters.c.day, letters.c.number))
            return tuple(Letter(row.day, row.number, row.composed_at) for row in rows)

    def address(self, letter: Letter, recipients: Collection[str], now: datetime) -> None:
        """Let the letter wait for these recipients, once and for all, in one transaction."""
        key = {"day": letter.day, "number": letter.number}
        rows = [
            {**key, "recipient": one, "state": "waiting", "attempts": 0, "due": now, "at": now, "because": ""}
            for one in sorted(set(recipients))
        ]
        own = (letters.c.day == letter.day) & (letters.c.number == letter.number)
        with self.writing("whom letters go to") as connection:
            add(connection, deliveries, rows)
            connection.execute(update(letters).where(own).values(addressed=1))

    def waiting_deliveries(self, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """Those that may be tried now: older letters first, in a day the bulletin first, then the longest due."""
        query = select(deliveries).where(deliveries.c.state == "waiting", deliveries.c.due <= now)
        order = (deliveries.c.day, deliveries.c.number, deliveries.c.due, deliveries.c.recipient)
        with self.reading("what is to be sent") as connection:
            return tuple(_delivery(row) for row in connection.execute(query.order_by(*order).limit(limit)))

    def deliveries(self, day: str, number: int) -> tuple[Delivery, ...]:
        """All of a letter, in order of recipient."""
        query = select(deliveries).where(deliveries.c.day == day, deliveries.c.number == number)
        with self.reading("deliveries") as connection:
            return tuple(_delivery(row) for row in connection.execute(query.order_by(deliveries.c.recipient)))

    def in_state(self, *states: DeliveryState) -> tuple[Delivery, ...]:
        """Deliveries in one of these states, of all letters, in order."""
        query = select(deliveries).where(deliveries.c.state.in_(states))
        order = (deliveries.c.day, deliveries.c.number, deliveries.c.recipient)
        with self.reading("deliveries") as connection:
            return tuple(_delivery(row) for row in connection.execute(query.order_by(*order)))

    def journal(self, *given: Delivery) -> None:
        """Write how these deliveries stand, in one transaction; on the disk when it returns."""
        names = ("day", "number", "recipient", "state", "attempts", "due", "at", "because")
        rows = [{name: getattr(one, name) for name in names} for one in given]
        with self.writing("the journal of deliveries") as connection:
            upsert(connection, deliveries, rows)


def touch_letters(connection: Connection, changed: Collection[str]) -> None:
    """The letters that tell of an article of these stories are work to do."""
    query = select(letter_items.c.day).join(members, members.c.article == letter_items.c.article).distinct()
    days = {row.day for chunk in chunks(changed) for row in connection.execute(query.where(members.c.story.in_(chunk)))}
    add(connection, dirty, [{"key": KEY + day} for day in sorted(days)])


def _item(row: Row[Any]) -> LetterItem:
    return LetterItem(**{name: getattr(row, name) for name in ITEM}, gone=bool(row.gone))


def _row(letter: Letter, item: LetterItem) -> dict[str, Any]:
    own = {name: getattr(item, name) for name in ITEM}
    return {"day": letter.day, "number": letter.number, **own, "gone": int(item.gone)}


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(row.day, row.number, row.recipient, row.state, row.due, row.at, row.attempts, row.because)
