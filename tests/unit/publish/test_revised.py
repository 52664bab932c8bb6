from datetime import timedelta

import pytest

from aggregator.publish.revised import MOST, Figure, revised
from aggregator.publish.voice import Voice
from tests import make
from tests.make import NOW

DOSE = "Trẻ uống 5 ml mỗi lần, ngày hai lần."
REST = "Cho trẻ nghỉ ngơi và uống đủ nước."


def voice(*texts, scope="full", **titles):
    """A telling whose text was each of these in turn."""
    of = make.article(text=texts[-1], **{name: said[-1] for name, said in titles.items()})
    revisions = [
        make.revision(
            of,
            number + 1,
            text=text,
            seen_at=NOW + timedelta(hours=number),
            **{name: said[number] for name, said in titles.items()},
        )
        for number, text in enumerate(texts)
    ]
    return Voice(make.telling(of, revisions=tuple(revisions)), make.source(), scope)


def last(*texts, **given):
    return revised(voice(*texts, **given))[-1]


def test_the_first_revision_changed_nothing():
    (row,) = revised(voice(DOSE))
    assert (row.number, row.fields, row.added, row.figures, row.removed) == (1, "", (), (), 0)


def test_a_changed_figure_is_told_with_what_it_was():
    row = last(f"{DOSE} {REST}", f"{DOSE.replace('5 ml', '2,5 ml')} {REST}")
    assert (row.fields, row.figures) == ("nội dung", (Figure("5", "2,5"),))
    assert (row.added, row.removed) == ((), 0)


def test_an_added_sentence_is_told_whole():
    assert last(DOSE, f"{DOSE} {REST}").added == (REST,)


def test_what_was_removed_is_counted_and_never_shown():
    row = last(f"{DOSE} Bệnh nhân là ông Nguyễn Văn Minh Họa. {REST}", f"{DOSE} {REST}")
    assert row.removed == 1
    assert "Minh Họa" not in repr(row)


def test_what_was_added_once_and_is_gone_today_is_not_told():
    named = f"{DOSE} Người mắc là bà Trần Thị Minh Họa."
    first, second, third = revised(voice(DOSE, named, DOSE))
    assert (first.fields, second.added, third.added) == ("", (), ())
    assert third.removed == 1
    assert "Minh Họa" not in repr((first, second, third))


@pytest.mark.parametrize(
    ("was", "now", "shown"),
    [
        ("024 3733 2211", "024 3733 2212", ""),
        ("0912345678", "0912345679", ""),
        ("18/8/2026", "19/8/2026", "18/8/2026"),
        ("1.234.567", "1.234.568", "1.234.567"),
        ("412", "421", "412"),
    ],
)
def test_of_a_number_that_may_be_a_person_s_only_the_new_one_is_shown(was, now, shown):
    said = "Thông tin được xác nhận là {} theo báo cáo."
    (figure,) = last(said.format(was), said.format(now)).figures
    assert figure == Figure(shown, now)


def test_a_reworded_sentence_is_told_as_it_stands_now():
    now = "Trẻ uống 5 ml mỗi lần, ngày ba lần sau ăn."
    row = last(DOSE, now)
    assert (row.added, row.removed) == ((now,), 0)


def test_fields_that_may_not_be_shown_are_named_and_not_quoted():
    told = {"title": ("Tin cũ", "Tin mới"), "lead": ("Dẫn cũ.", "Dẫn mới.")}
    row = last(DOSE, f"{DOSE} {REST}", scope="link", **told)
    assert (row.fields, row.added, row.cut) == ("tiêu đề, phần dẫn, nội dung", ("Tin mới",), True)
    row = last(DOSE, f"{DOSE} {REST}", scope="lead", **told)
    assert row.added == ("Tin mới", "Dẫn mới.")


def test_no_more_is_told_than_a_reader_can_hold():
    many = " ".join(f"Địa phương số {number} bổ sung một điểm tiêm mới cho trẻ." for number in range(30))
    row = last(DOSE, f"{DOSE} {many}")
    assert (len(row.added), row.cut) == (MOST, True)
