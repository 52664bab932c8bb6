"""A person's own key, with which he signs emergency notices: made once, kept by himself, sealed by a passphrase. Pure.

Ed25519 in PKCS 8, encrypted as the `cryptography` library does it best (PBES2: AES-256-CBC, a key stretched by PBKDF2).
"""

from collections.abc import Iterable

from aggregator.errors import SignatureError
from aggregator.publish.signing import ED25519, Key, Signer, encoded, key_id
from aggregator.settings import Person


def generate(seed: bytes, passphrase: str) -> tuple[str, bytes]:
    """The public half as sources.yaml takes it, and the private half sealed (PEM), of 32 random bytes."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.from_private_bytes(seed)
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.encode()),
    )
    return f"{ED25519}:{encoded(private.public_key().public_bytes_raw())}", pem


def opened(pem: bytes, passphrase: str) -> Signer:
    """The signer of a sealed key. Raises SignatureError for another passphrase, and for what is no such key."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(pem, passphrase.encode())
    except TypeError as error:
        raise SignatureError("lies open, without a passphrase; make a new one") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SignatureError("does not open: another passphrase, or no key of a person") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise SignatureError("is a key of another kind; make one with: aggregator notice key NAME --file FILE")
    public = private.public_key().public_bytes_raw()
    return Signer(Key(key_id(ED25519, public), ED25519, public, ""), private.sign)


def keys_of(people: Iterable[Person]) -> tuple[Key, ...]:
    """The public halves of these people, in their order."""
    return tuple(Key(key_id(ED25519, person.public), ED25519, person.public, "") for person in people)
