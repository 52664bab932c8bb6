"""How often Python looks for objects that only hold each other: a run makes millions, and next to none of these."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 50_000  # new objects before it looks among them (by default 700): a tenth to a quarter of a run's time


@contextmanager
def seldom() -> Iterator[None]:
    """Inside, Python looks more seldom, and never among what was there before."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(YOUNG, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
