from dataclasses import replace

from aggregator.model import Disagreement, Evidence, Link, TagMatch
from aggregator.publish.bulletin import view
from tests import make
from tests.make import NOW

PHONE = Disagreement("phone", "02437332211", "02437332212", "text", "text")
FIGURE = Disagreement("figure", "412", "421", "title", "lead")


def story(*facts, scope="full", other_scope="full"):
    tellings = [make.telling(make.article(id, source=source)) for id, source in (("a", "moh"), ("b", "skds"))]
    told = make.story(*tellings, links=(Link("a", "b", "story", 0.8, "vì", "1", facts),))
    sources = [
        make.source("moh", name="Bộ Y tế", authority=90, agreement=make.agreement(scope)),
        make.source("skds", name="Sức khỏe & Đời sống", authority=60, agreement=make.agreement(other_scope)),
    ]
    return told, make.config(*sources)


def seen(*facts, **scopes):
    return view(*story(*facts, **scopes), NOW)


def test_who_says_what_the_authority_first():
    (row,) = seen(PHONE).dispute.facts
    assert row.kind == "Số điện thoại"
    assert [words for _, words in row.sayings] == ["02437332211", "02437332212"]


def test_a_story_whose_tellings_agree_has_no_dispute():
    assert seen().dispute is None


def test_a_fact_of_a_field_that_may_not_be_shown_is_not_told_but_pointed_to():
    told = seen(PHONE, FIGURE, other_scope="lead").dispute
    assert ([row.kind for row in told.facts], told.more) == (["Số liệu"], True)
    assert seen(PHONE, FIGURE, scope="link", other_scope="link").dispute.facts == ()


def test_a_telling_that_is_gone_disputes_nothing():
    told, config = story(PHONE)
    left = replace(told, tellings=(told.tellings[0], replace(told.tellings[1], status="withdrawn")))
    assert view(left, config, NOW).dispute is None


def test_words_that_earned_a_tag_are_told_only_from_fields_that_may_be_shown():
    text = TagMatch("disease", "soi", "Sởi", (Evidence("text", 0, 8, "Nội dung"),), "v1")
    given = TagMatch("topic", "tiem-chung", "Tiêm chủng", (), "edit")
    told = make.story(make.telling(make.article("a", source="moh"), tags=(text, given)))
    for scope, words in (("full", ["Nội dung"]), ("lead", [])):
        config = make.config(make.source("moh", agreement=make.agreement(scope)))
        tags = {tag.key: tag for tag in view(told, config, NOW).tags}
        assert [word.text for _, word in tags["disease/soi"].words] == words
        assert (tags["disease/soi"].by_hand, tags["topic/tiem-chung"].by_hand) == (False, True)
