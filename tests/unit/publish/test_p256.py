import base64

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from aggregator.errors import SignatureError
from aggregator.publish import p256
from tests.make_signed import FIRST
from tests.make_trust import ROOT, THIEF


def encoded(raw):
    return base64.b64encode(raw).decode()


def test_a_signature_is_r_and_s_as_webcrypto_takes_them():
    raw = ROOT.sign(b"tin")
    assert len(raw) == 64
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(ROOT.public))
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    point.verify(der, b"tin", ec.ECDSA(hashes.SHA256()))


def test_a_public_key_is_an_uncompressed_point():
    point = base64.b64decode(ROOT.public)
    assert (len(point), point[0]) == (65, 4)


def test_the_same_bytes_and_key_give_the_same_signature():
    assert ROOT.sign(b"tin") == ROOT.sign(b"tin") != THIEF.sign(b"tin")


def test_a_signature_holds_for_its_bytes_and_key_alone():
    signature = encoded(ROOT.sign(b"tin"))
    assert p256.holds(ROOT.public, signature, b"tin")
    assert not p256.holds(ROOT.public, signature, b"tim")
    assert not p256.holds(THIEF.public, signature, b"tin")


@pytest.mark.parametrize("signature", ["", "không", "AAAA", encoded(bytes(64)), encoded(b"\xff" * 64)])
def test_what_is_no_signature_does_not_hold(signature):
    assert not p256.holds(ROOT.public, signature, b"tin")


@pytest.mark.parametrize("public", ["", "AAAA", encoded(b"\x04" + bytes(64))])
def test_no_signature_holds_by_what_is_no_key(public):
    assert not p256.holds(public, encoded(ROOT.sign(b"tin")), b"tin")


def test_a_private_pem_gives_the_key_back():
    made, pem = p256.generate(b"r" * 48)
    assert p256.load(pem).public == made.public == ROOT.public
    assert p256.load(pem).sign(b"tin") == made.sign(b"tin")


@pytest.mark.parametrize("seed", [bytes(48), b"\xff" * 48])
def test_any_seed_makes_a_key(seed):
    made, _ = p256.generate(seed)
    assert p256.holds(made.public, encoded(made.sign(b"tin")), b"tin")


def test_another_kind_of_key_is_refused():
    pem = ec.generate_private_key(ec.SECP384R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(SignatureError, match="P-256 is needed"):
        p256.load(pem)
    with pytest.raises(SignatureError, match="not a private key in PEM"):
        p256.load(FIRST.key.public)
