"""How the addresses that campaigns lead to stand: what every store keeps of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.model import TargetState
from aggregator.ports import Store
from tests.contract.test_store import STORES, Time
from tests.fakes import NOON

ONE = TargetState("bluezone", "https://a.example/", "good", "", NOON, NOON, 0, NOON)
OTHER = TargetState("bluezone", "https://b.example/?id=ứ", "dead", "does not answer", NOON, NOON, 1)
THIRD = replace(ONE, campaign="rua-tay")


@pytest.fixture(params=sorted(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = STORES[request.param](tmp_path, Time())
    yield opened
    opened.close()


def test_targets_are_kept_by_campaign_and_address(store: Store) -> None:
    assert store.targets() == ()
    store.keep_targets(())
    store.keep_targets((THIRD, OTHER))
    store.keep_targets((ONE,))
    assert store.targets() == (ONE, OTHER, THIRD)


def test_a_later_look_takes_the_place_of_an_earlier_one(store: Store) -> None:
    store.keep_targets((ONE, OTHER))
    later = NOON + timedelta(hours=1)
    moved = replace(ONE, finding="moved", because="leads elsewhere", checked_at=later, since=later, good_at=None)
    store.keep_targets((moved,))
    assert store.targets() == (moved, OTHER)
