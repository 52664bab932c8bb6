"""Emergency notices are what two people signed, and nothing else."""

import json
from dataclasses import replace

import pytest

from aggregator.errors import SignatureError
from aggregator.publish import alerts, personal
from tests.make import NOW
from tests.make_alerts import (
    AN,
    BINH,
    BY_AN,
    BY_AN_AGAIN,
    BY_BINH,
    HOUR,
    PEOPLE,
    TEXT,
    drafted,
    holder,
    next_act,
    put_up,
    read,
)


def test_a_draft_stands_nowhere_until_somebody_else_approves_it():
    draft = read([drafted()])
    assert (draft.state, draft.stands(NOW + HOUR), draft.issued) == ("draft", False, ())
    up = read(put_up())
    assert (up.state, up.stands(NOW + HOUR), up.text) == ("approved", True, TEXT)
    assert [(one.number, one.kind) for one in up.issued] == [(1, "Alert")]


@pytest.mark.parametrize("by", [BY_AN, BY_AN_AGAIN], ids=["the same key", "another key of the same name"])
def test_nobody_approves_what_he_drafted(by):
    alert = read(next_act([drafted()], "approve", NOW, by))
    assert alert.state == "unusable" and "same person" in alert.because and not alert.stands(NOW)


def test_words_that_were_changed_in_the_database_are_not_shown():
    draft, approval = put_up()
    fields = json.loads(draft.line)
    fields["text"]["headline"] = "Lời khác"
    changed = json.dumps(fields, sort_keys=True, separators=(",", ":")) + "\n"
    alert = read([replace(draft, line=changed), approval])
    assert alert.state == "unusable" and "no longer matches its approval" in alert.because
    renamed = [replace(act, alert=alerts.id_of(changed)) for act in (replace(draft, line=changed), approval)]
    assert "other words" in read(renamed).because


def test_a_draft_signed_anew_by_its_writer_needs_another_approval():
    _, approval = put_up()
    other = drafted(headline="Lời khác")
    assert read([other, replace(approval, alert=other.alert)]).state == "unusable"


@pytest.mark.parametrize("change", [{"who": "Ai đó"}, {"at": NOW + HOUR}, {"key": "0" * 16}, {"kind": "correct"}])
def test_a_row_that_says_other_than_what_was_signed_is_not_shown(change):
    draft, approval = put_up()
    assert read([draft, replace(approval, **change)]).state == "unusable"


def test_an_act_that_was_taken_out_is_missed():
    acts = next_act(put_up(), "correct", NOW + HOUR, text=alerts.text_object(replace(TEXT, headline="Sửa")), why="nhầm")
    assert read(acts).text.headline == "Sửa"
    assert "missing" in read([acts[0], acts[2]]).because


def test_a_stranger_signs_nothing():
    _, stranger = holder(9, "Người lạ")
    assert "none of the keys you hold" in read(next_act([drafted()], "approve", NOW, stranger)).because


def test_what_somebody_signed_who_may_no_more_is_not_shown_but_a_lift_stays():
    assert read(put_up(), NOW + HOUR, AN).state == "unusable"
    lifted = next_act(put_up(), "lift", NOW + HOUR, holder(9, "")[1], why="xong")
    assert read(lifted).state == "lifted"


def test_a_correction_counts_from_when_it_was_signed_and_a_lift_ends_it():
    shorter = replace(TEXT, until=NOW + 3 * HOUR)
    acts = next_act(put_up(), "correct", NOW + HOUR, BY_AN, text=alerts.text_object(shorter), why="ngắn hơn")
    alert = read(acts)
    assert alert.corrected_at == NOW + HOUR
    assert (alert.stands(NOW + 2 * HOUR), alert.stands(NOW + 3 * HOUR)) == (True, False)
    lifted = read(next_act(acts, "lift", NOW + 2 * HOUR, why="xong"))
    assert [one.kind for one in lifted.issued] == ["Alert", "Update", "Cancel"]
    assert not lifted.stands(NOW + 2 * HOUR)


def test_nothing_follows_a_lift():
    acts = next_act(next_act(put_up(), "lift", NOW + HOUR, why="xong"), "approve", NOW + 2 * HOUR)
    assert "cannot follow lift" in read(acts).because


def test_a_line_that_cannot_be_read_is_told_and_breaks_nothing_else():
    good, bad = put_up(), [replace(act, line="{") for act in put_up(NOW - HOUR)]
    found = alerts.standing([*bad, *good], PEOPLE, NOW + HOUR)
    assert sorted(one.state for one in found) == ["approved", "unusable"]


def test_a_key_opens_by_its_own_passphrase_and_lies_open_to_nobody():
    public, pem = personal.generate(b"\7" * 32, "một mật khẩu dài")
    assert b"ENCRYPTED" in pem and public.startswith("ed25519:")
    with pytest.raises(SignatureError, match="another passphrase"):
        personal.opened(pem, "một mật khẩu khác")
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    bare = Ed25519PrivateKey.from_private_bytes(b"\7" * 32).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(SignatureError, match="lies open"):
        personal.opened(bare, "một mật khẩu dài")


def test_two_people_are_told_apart_by_key_and_by_name():
    assert alerts.differ(BY_AN.key.id, BY_BINH.key.id, PEOPLE)
    assert not alerts.differ(BY_AN.key.id, BY_AN_AGAIN.key.id, PEOPLE)
    assert alerts.person_of(BY_BINH.key, PEOPLE) == BINH
