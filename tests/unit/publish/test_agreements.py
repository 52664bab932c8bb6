from datetime import date, timedelta

import pytest

from aggregator.publish.agreements import endings
from aggregator.publish.cycle import publish
from aggregator.publish.status import report
from tests import make, make_site
from tests.fakes_publish import FakeStore, MemoryWriter
from tests.make import NOW

TODAY = date(2026, 10, 20)


def config(days: int, mode: str = "preview", **fields):
    agreement = make.agreement("lead", ends=TODAY + timedelta(days=days))
    given = make_site.config(mode).site
    return make.config(make.source("skds"), make.source(agreement=agreement, **fields), site=given)


@pytest.mark.parametrize(("days", "told"), [(31, 0), (30, 1), (1, 1), (0, 1), (-1, 1), (-400, 1)])
def test_an_agreement_is_told_of_thirty_days_before_its_end_and_from_then_on(days, told):
    found = endings(config(days), TODAY)
    assert len(found) == told
    assert all(one.over == (days < 0) for one in found)


def test_it_says_which_source_when_what_follows_and_what_to_type():
    (one,) = endings(config(12, "public"), TODAY)
    assert one.said == (
        "moh: agreement '01/TT-2026' ends on 2026-11-01, in 12 days; without it only title, source, time and link are "
        "shown: write the new number and days at sources[1].agreement in sources.yaml, or take sources[1].agreement out"
    )
    (one,) = endings(config(-1), TODAY)
    assert "ended on 2026-10-19; without it only title and lead are shown" in one.said


def test_a_source_that_is_off_and_an_agreement_about_links_need_no_word():
    link = make.agreement("link", ends=TODAY)
    assert endings(config(0, enabled=False), TODAY) == ()
    assert endings(make.config(make.source(agreement=link)), TODAY) == ()


def test_publishing_tells_it_once_a_day():
    store, given = FakeStore(), config(12)
    told = [
        publish(given, store, MemoryWriter(), NOW + timedelta(hours=hours), status=report(given, {}, NOW)).notes
        for hours in (0, 1, 13, 14, 15)  # 10:00; midnight lies before the fourth
    ]
    assert [len(notes) for notes in told] == [1, 0, 0, 1, 0]
    assert told[0][0].startswith("moh: agreement")
