import pytest

from aggregator.refine.by_hand import retagged, value
from tests import make
from tests.make_store import edit

SOI = make.tag("disease/soi", "Bệnh sởi", "sởi")


def given(key: str, label: str = "") -> object:
    return edit("a1", "retag", value=value(key, label))


def test_a_tag_that_a_person_gave_stands_beside_those_of_the_rules() -> None:
    tags = retagged((SOI,), [given("topic/tiem-chung", "Tiêm chủng")])
    assert [(tag.key, tag.label, tag.evidence, tag.rule) for tag in tags] == [
        ("disease/soi", "Bệnh sởi", SOI.evidence, ""),
        ("topic/tiem-chung", "Tiêm chủng", (), "edit"),
    ]


def test_a_tag_that_a_person_took_away_stays_away() -> None:
    assert retagged((SOI,), [given("disease/soi")]) == ()


def test_of_two_edits_about_one_tag_the_later_wins() -> None:
    there, away = given("disease/soi", "Bệnh sởi"), given("disease/soi")
    assert retagged((SOI,), [away, there]) == (SOI,)
    assert retagged((SOI,), [there, away]) == ()


def test_a_tag_that_the_rules_gave_too_keeps_its_evidence() -> None:
    assert retagged((SOI,), [given("disease/soi", "Bệnh sởi")]) == (SOI,)


@pytest.mark.parametrize("text", ["", "disease/soi", "+khac/soi=x", "-disease", "+disease/Sởi"])
def test_what_is_no_tag_changes_nothing(text: str) -> None:
    assert retagged((SOI,), [edit("a1", "retag", value=text)]) == (SOI,)


def test_other_edits_change_no_tag() -> None:
    assert retagged((SOI,), [edit("a1", "hide"), edit("a1", "pin", value="-disease/soi")]) == (SOI,)
