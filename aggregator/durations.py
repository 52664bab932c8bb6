"""Durations as an operator writes them."""

import re
from datetime import timedelta
from typing import Any

DURATION = re.compile(r"(\d+)\s*(s|m|h|d)")
UNIT_S = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def duration(value: Any) -> Any:
    """A timedelta from `90s`, `30m`, `6h`, `2d` or 0. Raises ValueError saying what to write."""
    if isinstance(value, timedelta):
        return value
    match = DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None and value != 0:
        raise ValueError(f"{value!r} is not a duration; write 90s, 30m, 6h or 2d")
    return timedelta(seconds=int(match[1]) * UNIT_S[match[2]]) if match else timedelta(0)
