import json
from datetime import timedelta

import pytest

from aggregator.errors import ConfigError, SignatureError, StoreError
from aggregator.publish import trust, trustring
from aggregator.publish.words import iso
from tests.make import NOW
from tests.make_trust import ROOT, THIEF, WORKING, YEAR, trusting

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SEED, OTHER = b"w" * 48, b"n" * 48


@pytest.fixture
def keys(tmp_path):
    """A folder of keys with a root that has certified one working key."""
    root = trustring.make_root(tmp_path / "usb/root.pem", b"r" * 48)
    trustring.certify(tmp_path / "keys", root, SEED, NOW)
    return tmp_path / "keys"


def mode(path):
    return path.stat().st_mode & 0o777


def private(keys):
    return sorted(path.stem for path in (keys / "embeds").glob("*.pem"))


# --- what is signed


def test_a_sealed_text_opens_with_its_key_and_kind_alone():
    sealed = trust.sealed(trust.STATE, {"a": "ừ"}, ROOT)
    assert trust.opened(trust.STATE, sealed, ROOT.public) == {"a": "ừ"}
    for kind, public in ((trust.STAMP, ROOT.public), (trust.STATE, THIEF.public)):
        with pytest.raises(SignatureError, match="does not hold"):
            trust.opened(kind, sealed, public)


@pytest.mark.parametrize("envelope", [None, [], {}, {"signed": "{}"}, {"signed": 1, "signature": 2}])
def test_what_is_no_sealed_text_is_refused(envelope):
    with pytest.raises(SignatureError):
        trust.opened(trust.STATE, envelope, ROOT.public)


def test_a_state_reads_back_and_a_changed_one_is_refused():
    made = trusting(WORKING, off=("1.0.0",))
    assert trust.decode(made.published) == made.state
    with pytest.raises(SignatureError):
        trust.decode(made.published.replace(b"1.0.0", b"3.0.0"))
    with pytest.raises(SignatureError):
        trust.decode(b"[]")


def test_a_state_follows_with_a_higher_number_even_where_the_clock_went_back():
    first = trust.following(trust.begun(ROOT, NOW), NOW)
    assert first.seq == int(NOW.timestamp())
    assert trust.following(first, NOW - DAY).seq == first.seq + 1
    assert trust.following(first, NOW + DAY).seq == int((NOW + DAY).timestamp())


@pytest.mark.parametrize(("days", "told"), [(0, ""), (320, ""), (322, "ends on"), (366, "ended on")])
def test_the_operator_is_told_in_time_that_a_state_ends(days, told):
    said = trust.ends_soon(trusting(WORKING), NOW + days * DAY)
    assert told in said and bool(said) == bool(told)


def test_no_state_and_a_retired_one_end_without_a_word():
    retired = trusting(off=(trust.ALL,))
    assert retired.retired
    assert trust.ends_soon(retired, NOW + 10 * YEAR) == trust.ends_soon(trust.NO_TRUST, NOW) == ""


# --- the files


def test_without_files_there_is_no_trust_and_no_fault(tmp_path):
    assert trustring.load(tmp_path) == trust.NO_TRUST


def test_the_first_working_key_is_certified_by_the_root(keys):
    found = trustring.load(keys)
    assert found.because == "" and found.root == ROOT.public and found.signer
    assert list(found.state.keys.values()) == [found.signer.public] == [WORKING.public]
    assert found.state.until == iso(NOW + trust.FOR)
    assert private(keys) == list(found.state.keys)


def test_only_the_owner_may_read_what_is_private(keys, tmp_path):
    (name,) = private(keys)
    assert mode(tmp_path / "usb/root.pem") == mode(keys / f"embeds/{name}.pem") == 0o600
    assert b"PRIVATE" not in (keys / "embeds/state.json").read_bytes()


def test_a_root_is_never_overwritten_and_stays_out_of_the_folder_of_keys(keys, tmp_path):
    before = (tmp_path / "usb/root.pem").read_bytes()
    with pytest.raises(ConfigError, match="never overwritten"):
        trustring.make_root(tmp_path / "usb/root.pem", OTHER)
    assert (tmp_path / "usb/root.pem").read_bytes() == before
    assert not [path for path in keys.rglob("*") if path.is_file() and path.read_bytes() == before]


def test_a_new_working_key_takes_over_and_the_one_before_is_trusted_but_cannot_sign(keys):
    first = trustring.load(keys).state
    second = trustring.certify(keys, ROOT, OTHER, NOW + HOUR)
    assert next(iter(second.state.keys)) in first.keys and len(second.state.keys) == 2
    assert second.state.seq > first.seq
    assert private(keys) == [list(second.state.keys)[-1]]
    third = trustring.certify(keys, ROOT, b"x" * 48, NOW + 2 * HOUR)
    assert next(iter(third.state.keys)) == list(second.state.keys)[-1] and len(third.state.keys) == 2


def test_a_revoked_key_is_trusted_no_more_and_nothing_signs_until_there_is_another(keys):
    (stolen,) = trustring.load(keys).state.keys
    after = trustring.revoke(keys, ROOT, stolen, NOW + HOUR)
    assert (dict(after.state.keys), after.signer) == ({}, None)
    assert "aggregator keys working" in after.because and private(keys) == []
    mended = trustring.certify(keys, ROOT, OTHER, NOW + 2 * HOUR)
    assert stolen not in mended.state.keys and mended.signer and mended.because == ""


def test_a_key_that_is_not_trusted_cannot_be_revoked(keys):
    with pytest.raises(ConfigError, match="there are: "):
        trustring.revoke(keys, ROOT, "0" * 16, NOW)


def test_a_loader_is_switched_off_and_on_again(keys):
    assert trustring.switch(keys, ROOT, "2.0.0", False, NOW + HOUR).state.off == ("2.0.0",)
    assert trustring.switch(keys, ROOT, "1.0.0", False, NOW + HOUR).state.off == ("1.0.0", "2.0.0")
    assert trustring.switch(keys, ROOT, "2.0.0", True, NOW + HOUR).state.off == ("1.0.0",)


def test_retiring_leaves_a_state_without_keys_or_end_that_a_new_working_key_undoes(keys):
    retired = trustring.retire(keys, ROOT, NOW + HOUR)
    assert retired.retired and retired.state.until == trust.FAR
    assert (dict(retired.state.keys), retired.signer, retired.because, private(keys)) == ({}, None, "", [])
    assert not trustring.certify(keys, ROOT, OTHER, NOW + DAY).retired


def test_another_root_changes_nothing(keys):
    before = trustring.load(keys).published
    for change in (
        lambda: trustring.certify(keys, THIEF, OTHER, NOW),
        lambda: trustring.retire(keys, THIEF, NOW),
        lambda: trustring.switch(keys, THIEF, "2.0.0", False, NOW),
    ):
        with pytest.raises(ConfigError, match="another root signed it"):
            change()
    assert trustring.load(keys).published == before


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda keys, pem: pem.chmod(0o644), "others may read this private key"),
        (lambda keys, pem: pem.unlink(), "is missing; put it back"),
        (lambda keys, pem: pem.write_text("x"), "not a private key in PEM"),
        (lambda keys, pem: (keys / "embeds/state.json").write_text("{}"), "put it back from the published"),
    ],
)
def test_a_fault_of_the_files_is_told_and_nothing_signs(keys, harm, told):
    (name,) = private(keys)
    harm(keys, keys / f"embeds/{name}.pem")
    found = trustring.load(keys)
    assert found.signer is None and told in found.because


def test_a_root_that_others_may_read_or_that_is_none_is_refused(keys, tmp_path):
    root = tmp_path / "usb/root.pem"
    root.chmod(0o640)
    with pytest.raises(ConfigError, match="chmod 600"):
        trustring.read_root(root)
    with pytest.raises(ConfigError, match="bring the medium"):
        trustring.read_root(tmp_path / "none.pem")
    (tmp_path / "x.pem").write_text("x")
    (tmp_path / "x.pem").chmod(0o600)
    with pytest.raises(ConfigError, match="not a private key"):
        trustring.read_root(tmp_path / "x.pem")


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "keys").write_text("")
    with pytest.raises((ConfigError, StoreError), match="cannot be"):
        trustring.certify(tmp_path / "keys/below", ROOT, SEED, NOW)


def test_the_published_state_is_json_of_two_texts(keys):
    assert set(json.loads(trustring.load(keys).published)) == {"signed", "signature"}
