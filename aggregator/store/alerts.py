"""Emergency notices: what people signed about each, in the order they did."""

from dataclasses import fields

from sqlalchemy import insert, select

from aggregator.model import Act
from aggregator.store.door import Door
from aggregator.store.schema import alert_acts

COLUMNS = tuple(field.name for field in fields(Act))


class Alerts(Door):
    """ports.AlertStore."""

    def acts(self) -> tuple[Act, ...]:
        """All that was ever signed, by notice and number."""
        with self.reading("emergency notices") as connection:
            query = select(alert_acts).order_by(alert_acts.c.alert, alert_acts.c.number)
            return tuple(Act(**{name: getattr(row, name) for name in COLUMNS}) for row in connection.execute(query))

    def keep_act(self, act: Act) -> None:
        """Keep it; on the disk when this returns. Raises StoreError where that number of the notice is taken."""
        with self.writing("an emergency notice") as connection:
            connection.execute(insert(alert_acts), {name: getattr(act, name) for name in COLUMNS})
