"""ECDSA on P-256 with SHA-256: the one signature that the WebCrypto of every browser checks. Pure.

Ed25519 (signing.py) stays for files; what a loader has to check in a browser is signed with this.
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aggregator.errors import SignatureError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

SEED_BYTES = 48  # 384 bits for an order of 256: what the remainder favours is less than 2^-128
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # FIPS 186-5, of the group P-256
HALF = 32  # bytes of each of r and s, as WebCrypto takes a signature


@dataclass(frozen=True, slots=True)
class Pair:
    """A key that signs. `public` is its point, uncompressed (65 bytes), in base64: what a snippet pins."""

    public: str
    sign: Callable[[bytes], bytes]


def generate(seed: bytes) -> tuple[Pair, bytes]:
    """A key from SEED_BYTES random bytes, and its private PEM (PKCS 8)."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    private = ec.derive_private_key(int.from_bytes(seed) % (ORDER - 1) + 1, ec.SECP256R1())
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return _pair(private), pem


def load(pem: bytes) -> Pair:
    """The key of a private PEM. Raises SignatureError when it is no P-256 key, or bears a passphrase."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SignatureError("is not a private key in PEM without a passphrase") from error
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        raise SignatureError("is a private key of another kind; P-256 is needed")
    return _pair(private)


def holds(public: str, signature: str, signed: bytes) -> bool:
    """Whether the signature (r and s, in base64) is of these bytes by that key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    try:
        raw = base64.b64decode(signature, validate=True)
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(public, validate=True))
        if len(raw) != 2 * HALF:
            return False
        der = encode_dss_signature(int.from_bytes(raw[:HALF]), int.from_bytes(raw[HALF:]))
        key.verify(der, signed, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError, TypeError, binascii.Error):
        return False
    return True


def _pair(private: "EllipticCurvePrivateKey") -> Pair:
    from cryptography.hazmat.backends import default_backend
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    same = default_backend().ecdsa_deterministic_supported()  # RFC 6979: the same bytes give the same signature
    algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=same)

    def sign(content: bytes) -> bytes:
        r, s = decode_dss_signature(private.sign(content, algorithm))
        return r.to_bytes(HALF) + s.to_bytes(HALF)

    point = private.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return Pair(base64.b64encode(point).decode("ascii"), sign)
