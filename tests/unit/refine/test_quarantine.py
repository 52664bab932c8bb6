"""What is held, what is told meanwhile, and what frees a text."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aggregator.model import Draft, Held, Known, Learned, Validator, digest_of
from aggregator.refine import compromise, identity, normalise, quarantine
from aggregator.refine.compromise import ENOUGH, Habits, usual
from tests import make

AT = datetime(2026, 10, 20, 3, tzinfo=UTC)
HOST = "soyte.tinh.gov.vn"
TITLE, LEAD = "Lịch tiêm vắc xin sởi", "Các trạm tiêm từ 7 giờ."
CLEAN = "<p>Phụ huynh mang theo sổ tiêm của trẻ.</p>"
SPAM = f"{CLEAN}<p>Nhà cái 8xbet uy tín, tài xỉu hoàn trả.</p>"
URGENT = "Khẩn cấp: thu hồi lô thuốc ho Democodin"
UNKNOWN = Habits()
SOURCE = make.source("soyte", hosts=(HOST,))


def draft(body: str = CLEAN, title: str = TITLE) -> Draft:
    return Draft(
        source="soyte", url=f"https://{HOST}/tin/1.htm", ref="1", title=title, lead=LEAD, author="A", time="",
        modified="", body=body, base=f"https://{HOST}/", digest="", fetched_at=AT, reader="test",
    )  # fmt: skip


def judged(of: Draft, known: Known | None = None, *before: Held, habits: Habits = UNKNOWN) -> quarantine.Ruling:
    verdict = identity.verdict(normalise.article(of, SOURCE), known)
    return quarantine.judged(of, verdict, known, before, habits, AT)


def known(of: Draft, **fields: Any) -> Known:
    article = normalise.article(of, SOURCE)
    given: dict[str, Any] = {
        "title": article.title, "text_digest": article.text_digest, "status": "live", **fields
    }  # fmt: skip
    return Known(
        id=article.id, source="soyte", url=article.url, ref="1", lead_digest="", validator=Validator(), published=AT,
        first_seen=AT, fetched_at=AT, next_check=AT + timedelta(hours=1), **given,
    )  # fmt: skip


def test_a_clean_article_is_told_and_nothing_is_held() -> None:
    ruling = judged(draft())
    assert ruling.verdict is not None and ruling.verdict.outcome == "new" and ruling.held == ()


def test_of_a_suspicious_article_nothing_is_told() -> None:
    ruling = judged(draft(SPAM))
    assert ruling.verdict is None
    (held,) = ruling.held
    assert (held.state, held.at, held.urgent) == ("held", AT, False) and held.article.text.endswith("hoàn trả.")


def test_a_text_that_is_held_is_not_told_again_at_the_next_look() -> None:
    (held,) = judged(draft(SPAM)).held
    assert judged(draft(SPAM), known(draft()), held) == quarantine.Ruling(None)


def test_what_is_held_stays_held_though_nothing_more_is_said_against_it() -> None:
    (held,) = judged(draft(SPAM)).held
    burst = replace(held, article=normalise.article(draft(), SOURCE), digest=fingerprint(draft()))
    assert judged(draft(), known(draft(), status="quarantined"), burst).verdict is None


def fingerprint(of: Draft) -> str:
    return compromise.fingerprint(of, normalise.article(of, SOURCE))


def test_another_text_that_is_clean_is_told_and_the_held_one_is_cleared() -> None:
    (held,) = judged(draft(SPAM)).held
    ruling = judged(draft(), known(draft(), status="quarantined", text_digest="", title=""), held)
    assert ruling.verdict is not None and ruling.verdict.outcome == "new"
    assert ruling.held == (replace(held, state="cleared"),)


def test_another_text_that_is_bad_takes_the_place_of_the_held_one() -> None:
    (held,) = judged(draft(SPAM)).held
    other = judged(draft(SPAM + "<p>Nổ hũ đổi thưởng.</p>"), known(draft()), held)
    assert other.verdict is None and [one.state for one in other.held] == ["cleared", "held"]


def test_what_was_released_is_never_held_again_whatever_became_usual_since() -> None:
    bad = draft(SPAM + '<p><a href="https://8xbet.example.top/a?x=1">tại đây</a></p>')
    (held,) = judged(bad).held
    again = draft(SPAM + '<p><a href="https://8xbet.example.top/a?x=2">tại đây</a></p>')
    for habits in (Habits(), Habits(frozenset({"tinh.gov.vn", "example.top"}))):
        ruling = judged(again, known(draft()), replace(held, state="released"), habits=habits)
        assert ruling.verdict is not None and ruling.held == ()


def test_a_hidden_block_is_another_text_though_the_words_are_the_same() -> None:
    hidden = draft(CLEAN + '<div style="display:none"><a href="https://8xbet.example.top">nhà cái</a></div>')
    assert normalise.article(hidden, SOURCE).text == normalise.article(draft(), SOURCE).text
    ruling = judged(hidden, known(draft()))
    assert ruling.verdict is None and ruling.held[0].because[0] == "a hidden block (display:none)"


def test_of_an_urgent_notice_the_title_is_told_and_no_other_word() -> None:
    ruling = judged(draft(SPAM, URGENT))
    assert ruling.held[0].urgent and ruling.verdict is not None
    told = ruling.verdict.article
    assert (told.title, told.lead, told.text, told.body, told.author) == (URGENT, "", "", "", "")


def test_the_last_good_text_of_an_urgent_notice_is_not_given_up_for_its_title() -> None:
    ruling = judged(draft(SPAM, URGENT), known(draft(CLEAN, URGENT)))
    assert ruling.verdict is None and ruling.held[0].urgent


def test_an_urgent_title_that_changes_is_told_anew() -> None:
    before = known(draft(SPAM, URGENT), title=URGENT, text_digest=digest_of(URGENT, "", ""))
    ruling = judged(draft(SPAM, URGENT + " 500"), before)
    assert ruling.verdict is not None and ruling.verdict.outcome == "revised"


def test_nothing_is_usual_before_enough_articles_were_seen() -> None:
    few = Learned({"tinh.gov.vn": ENOUGH - 1, "x.vn": 1}, {"soi": 5}, (3,))
    assert usual(few) == Habits()
    many = Learned({"tinh.gov.vn": ENOUGH, "x.vn": 1}, {"soi": 5, "": 2}, (9, 2, 3))
    assert usual(many) == Habits(frozenset({"tinh.gov.vn", "x.vn"}), frozenset({"soi"}), 3)


def test_the_topics_of_a_source_most_of_whose_articles_have_none_tell_nothing() -> None:
    assert usual(Learned({"tinh.gov.vn": 10}, {"soi": 5, "": 5}, (3,))).topics == frozenset()


@pytest.mark.parametrize("body", [CLEAN, SPAM])
def test_only_what_is_told_teaches_what_is_usual(body: str) -> None:
    linking = draft(body + '<p><a href="https://moh.gov.vn/a">Bộ Y tế</a></p>')
    verdict = judged(linking).verdict
    learned = quarantine.learned([verdict] if verdict else [], {}, {normalise.article(linking, SOURCE).id: linking})
    assert set(learned.domains) == ({"tinh.gov.vn", "moh.gov.vn"} if body == CLEAN else set())
