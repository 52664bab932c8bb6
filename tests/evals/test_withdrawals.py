import pytest

from tests.evals.weeks.world import DAYS, DENIED, KINDS
from tests.evals.withdrawals_eval import found

# Floors, never to be lowered: at least so many deletions in three weeks or more, none missed, none false, nothing
# shown longer than three hours.
WEEKS_DAYS = 21
DELETIONS = 300
CAP = 6_000
A_THOUSAND = (
    15_300  # re-checks a day: 28.8 on the first day, 13.1 on each other of seven (tests/unit/refine/test_watch.py)
)


@pytest.mark.slow
def test_no_withdrawal_is_missed_and_none_is_false():
    got = found()
    assert got.deletions >= DELETIONS and DAYS >= WEEKS_DAYS
    assert (got.missed, got.false, got.late) == ([], [], [])
    assert set(got.kinds) == {*KINDS, DENIED} and min(got.kinds.values()) > 20


@pytest.mark.slow
def test_every_correction_of_what_is_shown_is_seen_and_every_notice_of_one_is_linked():
    got = found()
    assert got.corrections > 20 and got.uncorrected == []
    assert 10 < got.announced < got.corrections and got.unlinked == []


@pytest.mark.slow
def test_the_log_of_visits_proves_every_recheck_and_the_cap_and_the_cost_hold():
    got = found()
    assert got.checks == got.logged > 0
    assert max(fullest for _, fullest, _ in got.hosts.values()) <= CAP
    assert got.a_thousand <= A_THOUSAND
