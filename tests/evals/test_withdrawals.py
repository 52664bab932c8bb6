import pytest

from tests.evals.withdrawals_eval import found

# Floors, never to be lowered: at least so many deletions, none missed, none false, none shown longer than three hours.
DELETIONS = 300
CAP = 6_000


@pytest.mark.slow
def test_no_withdrawal_is_missed_and_none_is_false():
    got = found()
    assert got.deletions >= DELETIONS
    assert (got.missed, got.false, got.late) == ((), (), ())


@pytest.mark.slow
def test_every_correction_of_what_is_shown_is_seen():
    got = found()
    assert got.corrections > 10 and got.uncorrected == ()


@pytest.mark.slow
def test_the_log_of_visits_proves_every_recheck_and_the_cap_holds():
    got = found()
    assert got.checks == got.logged > 0
    assert max(got.most_a_day.values()) <= CAP
