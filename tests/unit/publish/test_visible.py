from datetime import date, timedelta

import pytest

from aggregator.model import Edit, SafeHtml
from aggregator.publish.visible import next_change, visible
from tests import make
from tests.make import NOW

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def told(ago=3 * HOUR, **fields):
    article = {key: fields.pop(key) for key in ("precision",) if key in fields}
    return make.telling(make.article(published=NOW - ago, **article), **fields)


def edit(action, number=1):
    return Edit(number, "a00000000001", action, "", "editor", "why", NOW)


@pytest.mark.parametrize(
    ("mode", "agreement", "seen"),
    [
        ("public", None, "link"),
        ("preview", None, "lead"),
        ("demo", None, "lead"),
        ("public", make.agreement("link"), "link"),
        ("public", make.agreement("lead"), "lead"),
        ("public", make.agreement("full"), "full"),
        ("demo", make.agreement("full"), "full"),
        ("preview", make.agreement("link"), "link"),
        ("public", make.agreement("full", ends=date(2026, 10, 19)), "link"),
        ("public", make.agreement("full", starts=date(2026, 10, 21)), "link"),
        ("public", make.agreement("full", starts=date(2026, 10, 20), ends=date(2026, 10, 20)), "full"),
    ],
)
def test_the_agreement_decides_and_without_one_the_mode(mode, agreement, seen):
    assert visible(told(), make.source(agreement=agreement), mode, NOW) == seen


@pytest.mark.parametrize("status", ["withdrawn", "suspended", "hidden"])
def test_what_is_not_live_is_hidden(status):
    assert visible(told(status=status), make.source(agreement=make.agreement()), "public", NOW) == "hidden"


def test_the_last_word_of_the_editor_counts():
    source = make.source()
    assert visible(told(edits=(edit("hide"),)), source, "public", NOW) == "hidden"
    assert visible(told(edits=(edit("hide"), edit("show", 2))), source, "public", NOW) == "link"
    assert visible(told(edits=(edit("show"), edit("hide", 2), edit("pin", 3))), source, "public", NOW) == "hidden"


def test_nothing_is_shown_within_the_embargo_and_all_of_it_at_its_end():
    source = make.source(embargo=HOUR)
    assert visible(told(59 * HOUR / 60), source, "public", NOW) == "hidden"
    assert visible(told(HOUR), source, "public", NOW) == "link"


def test_a_source_that_is_configured_no_more_shows_its_links_after_the_lawful_hour():
    assert visible(told(), None, "preview", NOW) == "link"
    assert visible(told(HOUR / 2), None, "preview", NOW) == "hidden"


def test_a_date_without_a_time_is_not_held_back_for_a_day():
    source = make.source(embargo=HOUR)
    early = told(10 * HOUR, precision="day", first_seen=NOW - 2 * HOUR)
    fresh = told(10 * HOUR, precision="day", first_seen=NOW - HOUR / 2)
    assert visible(early, source, "public", NOW) == "link"
    assert visible(fresh, source, "public", NOW) == "hidden"


def test_an_old_article_with_a_date_only_is_not_held_back_when_it_is_first_seen():
    old = told(30 * DAY, precision="day", first_seen=NOW)
    assert visible(old, make.source(embargo=HOUR), "public", NOW) == "link"


def test_an_article_without_a_date_waits_from_when_it_was_first_seen():
    source = make.source(embargo=HOUR)
    assert visible(told(precision="none", first_seen=NOW - HOUR / 2), source, "public", NOW) == "hidden"
    assert visible(told(precision="none", first_seen=NOW - HOUR), source, "public", NOW) == "link"


@pytest.mark.parametrize("mode", ["public", "preview", "demo"])
def test_after_the_window_the_link_alone_remains(mode):
    source = make.source(agreement=make.agreement(), window=7 * DAY)
    assert visible(told(7 * DAY), source, mode, NOW) == "link"
    assert visible(told(7 * DAY - HOUR), source, mode, NOW) == "full"


def test_next_change_is_the_end_of_the_embargo_then_of_the_window():
    source = make.source(agreement=make.agreement(), window=7 * DAY, embargo=HOUR)
    one = told(HOUR / 2)
    assert next_change(one, source, "public", NOW) == NOW + HOUR / 2
    assert next_change(one, source, "public", NOW + HOUR) == NOW - HOUR / 2 + 7 * DAY
    assert next_change(one, source, "public", NOW + 8 * DAY) is None


def test_next_change_is_the_local_midnight_after_the_agreement():
    source = make.source(agreement=make.agreement("full", ends=date(2026, 10, 20)), window=7 * DAY)
    at = next_change(told(), source, "public", NOW)
    assert at is not None and at.isoformat() == "2026-10-21T00:00:00+07:00"
    assert visible(told(), source, "public", at) == "link"


def test_what_was_withdrawn_never_changes_by_time_alone():
    assert next_change(told(HOUR / 2, status="withdrawn"), make.source(), "public", NOW) is None


def test_an_agreement_about_links_changes_nothing_when_it_ends():
    source = make.source(agreement=make.agreement("link", ends=date(2026, 10, 20)))
    assert next_change(told(), source, "public", NOW) is None


def test_an_urgent_notice_whose_words_wait_is_a_link_whatever_the_agreement() -> None:
    bare = make.article(lead="", text="", body=SafeHtml(""), published=NOW - 3 * HOUR)
    source = make.source(agreement=make.agreement("full"))
    assert visible(make.telling(bare, held_since=NOW), source, "public", NOW) == "link"
    assert visible(make.telling(bare), source, "public", NOW) == "full"


def test_a_good_text_is_shown_as_ever_while_another_waits() -> None:
    source = make.source(agreement=make.agreement("full"))
    assert visible(make.telling(held_since=NOW), source, "public", NOW) == "full"


def test_the_embargo_is_an_hour_for_a_source_that_is_aggregated_and_can_be_none_for_an_agencys_own():
    assert make.source().embargo == HOUR
    assert visible(told(0 * HOUR), make.source(embargo=0), "public", NOW) == "link"
    assert visible(told(0 * HOUR, precision="day", first_seen=NOW), make.source(embargo=0), "public", NOW) == "link"


def test_an_expired_agreement_falls_back_by_time_alone():
    source = make.source(agreement=make.agreement("full", ends=date(2026, 10, 20)), window=30 * DAY)
    over = NOW + 14 * HOUR  # the local midnight behind the 20th
    seen = [visible(told(), source, "public", at) for at in (NOW, over - timedelta(seconds=1), over)]
    assert seen == ["full", "full", "link"]


def test_a_correction_is_shown_at_once_without_a_second_embargo():
    of = make.article(published=NOW - 3 * HOUR, modified=NOW, fetched_at=NOW)
    corrected = make.telling(of, revisions=(make.revision(of), make.revision(of, 2, seen_at=NOW)))
    assert visible(corrected, make.source(agreement=make.agreement()), "public", NOW) == "full"
