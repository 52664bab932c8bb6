"""Roots, working keys and what they sign, the same in every test."""

from datetime import datetime, timedelta

from aggregator.publish import p256, trust
from aggregator.publish.p256 import Pair
from aggregator.publish.trust import Trust
from tests.make import NOW

YEAR = timedelta(days=366)


def pair(letter: bytes) -> Pair:
    """A key from a seed of one repeated letter."""
    return p256.generate(letter * p256.SEED_BYTES)[0]


ROOT, WORKING, NEXT, THIEF = (pair(letter) for letter in (b"r", b"w", b"n", b"t"))


def trusting(*pairs: Pair, root: Pair = ROOT, now: datetime = NOW, off: tuple[str, ...] = ()) -> Trust:
    """What an installation has whose root certified these keys, the newest last."""
    keys = {trust.key_id(one.public): one.public for one in pairs}
    state = trust.following(trust.begun(root, now), now, YEAR, keys=keys, off=off)
    return Trust(state, trust.encode(state, root), pairs[-1] if pairs else None)
