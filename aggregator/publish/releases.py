"""Released loaders, and until when each works at least: two years from the day its successor came, or longer."""

from collections.abc import Mapping
from datetime import date

RELEASED: Mapping[str, tuple[date, date | None]] = {
    "1.0.0": (date(2026, 11, 1), date(2028, 12, 31)),
    "2.0.0": (date(2026, 11, 29), None),
}
"""By version: the day it came, and the announced end; None while nothing follows it. An end is never moved nearer."""
