from datetime import timedelta

import pytest

from aggregator.errors import ConfigError, StoreError
from aggregator.publish import keyring, signing
from tests.make import NOW

HOUR = timedelta(hours=1)


def mode(path):
    return path.stat().st_mode & 0o777


@pytest.fixture
def keys(tmp_path):
    folder = tmp_path / "var/keys"
    keyring.add(folder, b"a" * 32, NOW)
    return folder


def private(folder):
    (found,) = folder.glob("*.pem")
    return found


def test_no_folder_is_no_key_and_no_fault(tmp_path):
    assert keyring.load(tmp_path / "keys").state == "none"


def test_only_the_owner_may_read_the_private_key(keys):
    assert (mode(keys), mode(private(keys)), mode(keys / "keys.json")) == (0o700, 0o600, 0o644)
    assert keyring.load(keys).state == "ready"


def test_the_ring_holds_nothing_private(keys):
    secret = private(keys).read_text().splitlines()[1]
    assert secret not in (keys / "keys.json").read_text()
    assert "PRIVATE" not in (keys / "keys.json").read_text()


def test_a_rotated_key_is_signed_by_the_old_one_whose_private_half_goes(keys):
    old = keyring.load(keys)
    new = keyring.add(keys, b"b" * 32, NOW + HOUR)
    assert [key.id for key in new.keys] == [old.keys[0].id, new.keys[1].id]
    assert new.keys[1].by == old.keys[0].id
    assert private(keys).stem == new.keys[1].id
    assert signing.trusted(old.keys, keyring.load(keys).keys) == new.keys


def test_a_private_key_that_others_may_read_is_not_used(keys):
    private(keys).chmod(0o640)
    found = keyring.load(keys)
    assert (found.state, found.signer) == ("unusable", None)
    assert f"others may read this private key; type: chmod 600 {private(keys)}" in found.because


def test_a_missing_private_key_is_named_and_the_public_ones_stay(keys):
    private(keys).unlink()
    found = keyring.load(keys)
    assert found.state == "unusable" and len(found.keys) == 1
    assert "the private key is missing; put it back from a backup" in found.because


def test_a_missing_ring_is_named(keys):
    (keys / "keys.json").unlink()
    found = keyring.load(keys)
    assert found.state == "unusable"
    assert "keys.json: is missing beside a private key" in found.because


@pytest.mark.parametrize("content", [b"", b"{}", b"{", b"\xff", b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_broken_file_of_keys_is_named(keys, content):
    for path in (private(keys), keys / "keys.json"):
        path.write_bytes(content)
        found = keyring.load(keys)
        assert found.state == "unusable" and found.because.startswith(f"{path}: ")


def test_the_private_key_of_another_ring_is_not_used(keys, tmp_path):
    keyring.add(tmp_path / "other", b"c" * 32, NOW)
    private(keys).write_bytes(private(tmp_path / "other").read_bytes())
    assert "is not the private half of key" in keyring.load(keys).because


def test_no_key_follows_one_that_cannot_sign_unless_asked_to_begin_anew(keys):
    private(keys).unlink()
    with pytest.raises(ConfigError, match=r"keys init --anew"):
        keyring.add(keys, b"b" * 32, NOW)
    anew = keyring.add(keys, b"b" * 32, NOW, anew=True)
    assert keyring.load(keys).state == "ready"
    assert anew.keys[1].by == anew.keys[1].id


def test_a_key_whose_making_was_killed_before_the_ring_named_it_is_not_in_force(keys):
    before = keyring.load(keys)
    _, pem = signing.generate(b"d" * 32, NOW)
    (keys / "0123456789abcdef.pem").write_bytes(pem)
    assert keyring.load(keys).keys == before.keys
    keyring.add(keys, b"e" * 32, NOW)
    assert private(keys).stem == keyring.load(keys).keys[-1].id


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "keys").write_text("a file")
    with pytest.raises(StoreError, match="keys: cannot be written"):
        keyring.add(tmp_path / "keys", b"b" * 32, NOW)
