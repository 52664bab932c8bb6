from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import SignatureError
from aggregator.publish import signing
from tests.make import NOW
from tests.make_signed import FIRST, SECOND, signer

FEED = "<feed><title>Tin y tế</title></feed>\n".encode()
SIGNATURE = signing.sign_file("feed/all.atom", FEED, FIRST)
RING = signing.encode_ring([FIRST.key, SECOND.key])
KEYS = [FIRST.key]


def flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_a_signed_file_is_told_with_its_path_and_key():
    envelope = signing.check_file(FEED, SIGNATURE, KEYS)
    assert (envelope.path, envelope.key, envelope.algorithm) == ("feed/all.atom", FIRST.key.id, "ed25519")


def test_the_same_file_and_key_give_the_same_signature():
    assert signing.sign_file("feed/all.atom", FEED, FIRST) == SIGNATURE


@pytest.mark.parametrize("bit", range(len(FEED) * 8))
def test_any_flipped_bit_of_a_signed_file_is_found(bit):
    with pytest.raises(SignatureError, match="digest differs"):
        signing.check_file(flipped(FEED, bit), SIGNATURE, KEYS)


def test_any_flipped_bit_of_a_signature_is_found():
    for bit in range(len(SIGNATURE) * 8):
        with pytest.raises(SignatureError):
            signing.check_file(FEED, flipped(SIGNATURE, bit), KEYS)


@given(st.binary(max_size=400), st.data())
def test_any_file_holds_and_no_longer_when_a_bit_turns(content, data):
    signature = signing.sign_file("feed/a.json", content, FIRST)
    signing.check_file(content, signature, KEYS)
    both = content + signature
    turned = flipped(both, data.draw(st.integers(0, len(both) * 8 - 1)))
    with pytest.raises(SignatureError):
        signing.check_file(turned[: len(content)], turned[len(content) :], KEYS)


@given(st.binary(max_size=300))
def test_what_is_no_signature_is_refused_in_words(junk):
    with pytest.raises(SignatureError):
        signing.check_file(FEED, junk, KEYS)


@pytest.mark.parametrize("junk", [b"[]\n", b"null\n", b'{"signature": 1}\n', b"[" * 100_000, b'{"signature":"\xff"}\n'])
def test_json_of_another_shape_is_no_signature(junk):
    with pytest.raises(SignatureError, match="cannot be read"):
        signing.check_file(FEED, junk, KEYS)


def test_a_file_of_another_length_is_told_by_its_length():
    with pytest.raises(SignatureError, match=f"holds {len(FEED) - 1} bytes; {len(FEED)} were signed"):
        signing.check_file(FEED[:-1], SIGNATURE, KEYS)


def test_a_signature_with_a_strange_key_is_refused():
    other = signing.sign_file("feed/all.atom", FEED, signer(9))
    with pytest.raises(SignatureError, match="none of the keys you hold"):
        signing.check_file(FEED, other, KEYS)


def test_a_signature_with_a_replaced_key_is_of_an_older_copy():
    with pytest.raises(SignatureError, match="an older copy"):
        signing.check_file(FEED, SIGNATURE, [FIRST.key, SECOND.key])


def test_a_signature_of_one_kind_never_passes_for_another():
    fields = signing.opened("file", SIGNATURE, KEYS)
    assert fields["path"] == "feed/all.atom"
    with pytest.raises(SignatureError, match="does not hold"):
        signing.opened("log", SIGNATURE, KEYS)


def test_an_algorithm_that_is_not_the_keys_own_is_refused():
    with pytest.raises(SignatureError, match="does not hold"):
        signing.check_file(FEED, SIGNATURE, [replace(FIRST.key, algorithm="p256")])


def test_the_ring_comes_back_as_it_was_written():
    assert signing.decode_ring(RING) == (FIRST.key, SECOND.key)


def test_any_flipped_bit_of_the_ring_is_found():
    for bit in range(len(RING) * 8):
        with pytest.raises(SignatureError):
            signing.decode_ring(flipped(RING, bit))


def test_a_webmaster_with_the_first_key_trusts_the_second():
    third = signer(3, SECOND)
    ring = signing.decode_ring(signing.encode_ring([FIRST.key, SECOND.key, third.key]))
    assert signing.trusted([FIRST.key], ring) == (FIRST.key, SECOND.key, third.key)


def test_a_key_that_signed_itself_is_trusted_by_nobody_who_held_another():
    anew = signer(4)
    ring = signing.decode_ring(signing.encode_ring([FIRST.key, anew.key]))
    assert signing.trusted([FIRST.key], ring) == (FIRST.key,)
    with pytest.raises(SignatureError, match="holds no key"):
        signing.trusted([FIRST.key], [anew.key])


def test_a_ring_with_a_key_that_its_voucher_never_signed_is_refused():
    forged = replace(signer(5).key, by=FIRST.key.id)
    with pytest.raises(SignatureError, match="not vouched for"):
        signing.decode_ring(signing.encode_ring([FIRST.key, forged]))


def test_a_ring_without_the_newest_key_held_is_behind():
    assert "is older than the keys you hold" in signing.behind([FIRST.key, SECOND.key], [FIRST.key])
    assert signing.behind([FIRST.key], [FIRST.key, SECOND.key]) == ""


def test_a_private_key_comes_back_from_its_pem_and_fits_no_other_key():
    made, pem = signing.generate(b"7" * 32, NOW + timedelta(days=1))
    again = signing.signer(made.key, pem)
    assert signing.sign_file("a", b"b", again) == signing.sign_file("a", b"b", made)
    with pytest.raises(SignatureError, match="not the private half"):
        signing.signer(FIRST.key, pem)
    with pytest.raises(SignatureError, match="not a private key"):
        signing.signer(made.key, pem[:40])


def test_a_public_key_in_pem_is_enough():
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = Ed25519PublicKey.from_public_bytes(FIRST.key.public)
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert signing.check_file(FEED, SIGNATURE, [signing.pem_key(pem)]).path == "feed/all.atom"
    with pytest.raises(SignatureError, match="no public key"):
        signing.pem_key(b"-----BEGIN nothing")
