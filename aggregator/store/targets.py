"""Where campaigns lead, and how it was found to stand."""

from collections.abc import Collection
from dataclasses import asdict

from sqlalchemy import select

from aggregator.model import TargetState
from aggregator.store.batches import upsert
from aggregator.store.door import Door
from aggregator.store.schema import targets


class Targets(Door):
    """ports.TargetStore on a database."""

    def targets(self) -> tuple[TargetState, ...]:
        """Every address that was ever looked at, by campaign and address."""
        query = select(targets).order_by(targets.c.campaign, targets.c.url)
        with self.reading("where campaigns lead") as connection:
            return tuple(TargetState(**row) for row in connection.execute(query).mappings())

    def keep_targets(self, found: Collection[TargetState]) -> None:
        """Keep how these stand, in one transaction."""
        with self.writing("where campaigns lead") as connection:
            upsert(connection, targets, [asdict(one) for one in found])
