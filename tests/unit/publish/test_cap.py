"""Emergency notices as CAP 1.2: held against the rules of the standard, in cap.rng."""

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from aggregator.model import AlertArea
from aggregator.publish import alerts, cap
from aggregator.publish.words import iso
from tests.make import NOW
from tests.make_alerts import HOUR, TEXT, next_act, put_up, read

RULES = etree.RelaxNG(etree.parse(Path(__file__).with_name("cap.rng")))
NAMES = {"c": cap.NAMESPACE}
SENDER, WEB = "truc@soyte.example", "https://bantin.example/thong-bao/x/"


def messages(acts):
    alert = read(acts)
    return [etree.fromstring(cap.message(alert, one, SENDER, WEB)) for one in alert.issued]


def said(root, name):
    return [one.text for one in root.iterfind(f".//c:{name}", NAMES)]


@pytest.fixture
def whole():
    corrected = alerts.text_object(replace(TEXT, headline="Nước máy đã an toàn ở phía bắc phường"))
    acts = next_act(put_up(), "correct", NOW + HOUR, text=corrected, why="kết quả mới")
    return messages(next_act(acts, "lift", NOW + 2 * HOUR, why="nước đã sạch"))


def test_every_message_keeps_the_rules_of_the_standard(whole):
    for root in whole:
        assert RULES.validate(root), RULES.error_log


def test_a_message_says_what_the_notice_says(whole):
    first = whole[0]
    assert [said(first, name) for name in ("status", "msgType", "scope")] == [["Actual"], ["Alert"], ["Public"]]
    assert (said(first, "language"), said(first, "category")) == (["vi-VN"], ["Health"])
    assert said(first, "headline") == [TEXT.headline] and said(first, "senderName") == [TEXT.issuer]
    assert said(first, "description") == [TEXT.description] and said(first, "instruction") == [TEXT.instruction]
    assert said(first, "expires") == [iso(TEXT.until)] and said(first, "effective") == said(first, "sent")
    assert said(first, "areaDesc") == ["Phường Đống Đa, Thành phố Hà Nội"]
    assert (said(first, "valueName"), said(first, "value")) == (["DVHC-VN"], ["00199"])
    assert (said(first, "urgency"), said(first, "severity"), said(first, "certainty")) == (
        ["Immediate"], ["Severe"], ["Observed"],
    )  # fmt: skip


def test_a_correction_and_a_cancellation_name_all_messages_before_them(whole):
    assert [said(root, "msgType") for root in whole] == [["Alert"], ["Update"], ["Cancel"]]
    named = [f"{SENDER},{said(root, 'identifier')[0]},{said(root, 'sent')[0]}" for root in whole]
    assert [said(root, "references") for root in whole] == [[], [named[0]], [" ".join(named[:2])]]
    assert len({said(root, "identifier")[0] for root in whole}) == 3


def test_a_drill_says_that_it_is_one():
    (root,) = messages(put_up(drill=True))
    assert RULES.validate(root) and said(root, "status") == ["Exercise"]
    assert "DIỄN TẬP" in said(root, "note")[0]


def test_the_whole_country_is_named_without_a_code():
    (root,) = messages(put_up(areas=(AlertArea("", "Cả nước"),)))
    assert RULES.validate(root) and said(root, "areaDesc") == ["Cả nước"] and said(root, "geocode") == []


@pytest.mark.parametrize(
    ("email", "sender"), [("a@b.vn", "a@b.vn"), ("", "host.vn"), ("A <a@b.vn>", "host.vn"), ("a,b@c.vn", "host.vn")]
)
def test_the_sender_holds_no_sign_that_the_standard_forbids(email, sender):
    assert cap.sender_of(email, "host.vn") == sender


def test_signs_that_xml_cannot_hold_do_not_reach_it():
    (root,) = messages(put_up(headline="A\x0bB & <C>"))
    assert said(root, "headline") == ["AB & <C>"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("identifier", "a b"), ("sender", "a,b"), ("sent", "2026-10-20T09:00:00Z"), ("status", "Real"),
        ("msgType", "alert"), ("scope", ""), ("category", "Medical"), ("urgency", "Soon"), ("severity", "High"),
        ("certainty", "Sure"),
        ("expires", "tomorrow"), ("headline", ""), ("areaDesc", ""), ("value", ""),
    ],
)  # fmt: skip
def test_the_rules_refuse_what_the_standard_does(whole, name, value):
    root = whole[0]
    root.find(f".//c:{name}", NAMES).text = value
    assert not RULES.validate(root)


@pytest.mark.parametrize("name", ["identifier", "sent", "status", "msgType", "scope", "event", "urgency", "areaDesc"])
def test_the_rules_miss_what_is_needed(whole, name):
    found = whole[0].find(f".//c:{name}", NAMES)
    found.getparent().remove(found)
    assert not RULES.validate(whole[0])


def test_the_rules_hold_the_order(whole):
    info = whole[0].find("c:info", NAMES)
    info.insert(0, info.find("c:headline", NAMES))
    assert not RULES.validate(whole[0])
