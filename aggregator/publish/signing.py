"""Who published a file: keys, the ring in which each key vouches for the next, and detached signatures. Pure.

A signature covers a line that says what kind of thing is signed, then the envelope without the signature: so a
signature of a file never passes for one of a log line or a key. Algorithms are named in every envelope and key.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aggregator.errors import SignatureError
from aggregator.publish.trust import NO_TRUST, Trust
from aggregator.publish.words import iso

VERSION = 1  # of the envelopes; another form gets another number
KINDS = {kind: f"official-news-aggregator {kind} {VERSION}\n".encode() for kind in ("key", "file", "log", "notice")}
ED25519 = "ed25519"  # RFC 8032: the same bytes and key give the same signature
SEED_BYTES = 32
ID_LENGTH = 16  # hex digits of SHA-256: enough to tell an installation's keys apart; trust never hangs on it


@dataclass(frozen=True, slots=True)
class Key:
    """A public key of the ring. `by` is the key that signed it: the one before it, or itself where a chain begins."""

    id: str
    algorithm: str
    public: bytes
    starts: str
    by: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that signs now."""

    key: Key
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Signing:
    """What an installation signs with: its ring, oldest key first, and its signer; `because` says why there is none.

    No keys at all is a choice (everything is published unsigned); keys without a signer are a fault. `embeds`: what
    signs for browsers, apart.
    """

    keys: tuple[Key, ...] = ()
    signer: Signer | None = None
    because: str = ""
    embeds: Trust = NO_TRUST

    @property
    def state(self) -> str:
        """`ready`, `none` (no key was ever made) or `unusable`."""
        if self.signer is not None:
            return "ready"
        return "unusable" if self.keys or self.because else "none"


UNSIGNED = Signing()


@dataclass(frozen=True, slots=True)
class Envelope:
    """A detached signature: what stood at `path`, by its digest and size."""

    path: str
    sha256: str
    size: int
    algorithm: str
    key: str


# --- keys


def generate(seed: bytes, starts: datetime, by: Signer | None = None) -> tuple[Signer, bytes]:
    """A new Ed25519 key from 32 random bytes, vouched for by `by` (or itself), and its private PEM (PKCS 8)."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    id = key_id(ED25519, public)
    bare = Key(id, ED25519, public, iso(starts), by.key.id if by else id)
    signature = encoded((by.sign if by else private.sign)(signed_bytes("key", _key_fields(bare))))
    key = Key(id, ED25519, public, bare.starts, bare.by, signature)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Signer(key, private.sign), pem


def signer(key: Key, pem: bytes) -> Signer:
    """The signer of that key from its private PEM. Raises SignatureError when the PEM is not its private half."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SignatureError("is not a private key in PEM without a passphrase") from error
    if not isinstance(private, Ed25519PrivateKey) or private.public_key().public_bytes_raw() != key.public:
        raise SignatureError(f"is not the private half of key {key.id}")
    return Signer(key, private.sign)


def key_id(algorithm: str, public: bytes) -> str:
    """By which a key is named."""
    return hashlib.sha256(algorithm.encode() + b":" + public).hexdigest()[:ID_LENGTH]


def newest(keys: Sequence[Key]) -> Key | None:
    """The key in force: the last of the ring."""
    return keys[-1] if keys else None


# --- the ring


def encode_ring(keys: Sequence[Key]) -> bytes:
    """keys.json."""
    rows = [{**_key_fields(key), "signature": key.signature} for key in keys]
    return (json.dumps({"version": VERSION, "keys": rows}, indent=1, sort_keys=True) + "\n").encode()


def decode_ring(content: bytes) -> tuple[Key, ...]:
    """The keys of keys.json, oldest first. Raises SignatureError unless it is written as we write it."""
    try:
        rows = json.loads(content)["keys"]
        keys = tuple(_key(row) for row in rows)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SignatureError("is not a ring of public keys (keys.json)") from error
    if not keys or encode_ring(keys) != content:
        raise SignatureError("is not a ring of public keys as it was written; take it anew from the site")
    _check_ring(keys)
    return keys


def trusted(held: Sequence[Key], offered: Sequence[Key]) -> tuple[Key, ...]:
    """What the keys held vouch for: themselves, and of the ring offered those whose chain begins at one of them.

    Raises SignatureError when there is none.
    """
    known = {key.id: key for key in held}
    for key in offered:
        if key.id not in known and key.by in known and _vouched(key, known):
            known[key.id] = key
    in_ring = [known[key.id] for key in offered if key.id in known]
    if not in_ring:
        raise SignatureError(f"holds no key that {_names(held)} vouches for; ask its publisher")
    return tuple(in_ring)


def behind(held: Sequence[Key], offered: Sequence[Key]) -> str:
    """What is wrong with a ring that lacks the newest key held; "" when it does not."""
    last = held[-1].id
    if last in {key.id for key in offered}:
        return ""
    return f"is older than the keys you hold, it lacks {last}: an old copy, or a new key not published yet"


def pem_key(pem: bytes) -> Key:
    """A public key from PEM (SubjectPublicKeyInfo), of which nothing else is known. Raises SignatureError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        found = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SignatureError("is no public key in PEM") from error
    if not isinstance(found, Ed25519PublicKey):
        raise SignatureError("is a public key of another kind; Ed25519 is needed")
    public = found.public_bytes_raw()
    return Key(key_id(ED25519, public), ED25519, public, "")


# --- files


def sign_file(path: str, content: bytes, signer: Signer) -> bytes:
    """The detached signature of a file of the output: what stands in `<path>.sig`."""
    digest = hashlib.sha256(content).hexdigest()
    fields = _file_fields(Envelope(path, digest, len(content), signer.key.algorithm, signer.key.id))
    return sealed("file", fields, signer)


def check_file(content: bytes, signature: bytes, keys: Sequence[Key]) -> Envelope:
    """What the signature says of the file. Raises SignatureError, saying what is wrong, unless it holds in full.

    `keys` are those trusted, oldest first; a signature by any but the newest is of an older copy.
    """
    fields = opened("file", signature, keys)
    try:
        envelope = Envelope(**{name: fields[name] for name in ("path", "sha256", "size", "algorithm", "key")})
    except KeyError as error:
        raise SignatureError(f"its signature lacks {error}") from error
    if envelope.size != len(content):
        raise SignatureError(f"holds {len(content)} bytes; {envelope.size} were signed as {envelope.path}")
    if envelope.sha256 != hashlib.sha256(content).hexdigest():
        raise SignatureError(f"was changed after it was signed as {envelope.path}: its digest differs")
    last = keys[-1]
    if envelope.key != last.id:
        raise SignatureError(
            f"was signed with key {envelope.key}, which {last.id} replaced on {last.starts}: an older copy"
        )
    return envelope


# --- envelopes of every kind


def sealed(kind: str, fields: Mapping[str, Any], signer: Signer) -> bytes:
    """The fields with their signature: one line of canonical JSON."""
    return canonical({**fields, "signature": encoded(signer.sign(signed_bytes(kind, fields)))}) + b"\n"


def opened(kind: str, line: bytes, keys: Collection[Key]) -> dict[str, Any]:
    """The fields of a sealed line. Raises SignatureError when it is not as it was written, by a key that is trusted."""
    try:
        fields = json.loads(line)
        signature = base64.b64decode(fields.pop("signature"), validate=True)
        as_written = canonical({**fields, "signature": encoded(signature)}) + b"\n" == line
        algorithm, id = fields["algorithm"], fields["key"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SignatureError("its signature cannot be read: cut short, or not ours") from error
    if not as_written:
        raise SignatureError("its signature is not as it was written")
    key = next((key for key in keys if key.id == id), None)
    if key is None:
        raise SignatureError(f"was signed with key {id!s:.40}, which none of the keys you hold vouches for")
    if algorithm != key.algorithm or not _holds(key, signature, signed_bytes(kind, fields)):
        raise SignatureError("its signature does not hold: changed after it was signed")
    return dict(fields)


def signed_bytes(kind: str, fields: Mapping[str, Any]) -> bytes:
    """What is signed: the kind, then the fields."""
    return KINDS[kind] + canonical(fields)


def canonical(fields: Mapping[str, Any]) -> bytes:
    """The one way to write it: sorted keys, no spaces, ASCII."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def encoded(signature: bytes) -> str:
    """Base64 with padding (RFC 4648 §4)."""
    return base64.b64encode(signature).decode("ascii")


def _holds(key: Key, signature: bytes, signed: bytes) -> bool:
    check = CHECKS.get(key.algorithm)
    return check is not None and check(key.public, signature, signed)


def _ed25519(public: bytes, signature: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _key_fields(key: Key) -> dict[str, Any]:
    public = encoded(key.public)
    return {"id": key.id, "algorithm": key.algorithm, "public": public, "starts": key.starts, "by": key.by}


def _key(row: Mapping[str, Any]) -> Key:
    texts = {name: row[name] for name in ("id", "algorithm", "public", "starts", "by", "signature")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise TypeError("a field of a key is no text")
    return Key(**{**texts, "public": base64.b64decode(texts["public"], validate=True)})


def _check_ring(keys: Sequence[Key]) -> None:
    """Raise SignatureError unless every key is named by its digest and vouched for by one before it, or itself."""
    known: dict[str, Key] = {}
    for key in keys:
        own = {**known, key.id: key}
        if key.id in known or key.id != key_id(key.algorithm, key.public) or not _vouched(key, own):
            raise SignatureError(f"key {key.id!s:.40} of the ring is not vouched for: the ring was changed")
        known = own


def _vouched(key: Key, by: Mapping[str, Key]) -> bool:
    voucher = by.get(key.by)
    try:
        signature = base64.b64decode(key.signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    if voucher is None or encoded(signature) != key.signature:
        return False
    return _holds(voucher, signature, signed_bytes("key", _key_fields(key)))


def _file_fields(envelope: Envelope) -> dict[str, Any]:
    return {
        "version": VERSION,
        "path": envelope.path,
        "sha256": envelope.sha256,
        "size": envelope.size,
        "algorithm": envelope.algorithm,
        "key": envelope.key,
    }


def _names(keys: Sequence[Key]) -> str:
    return ", ".join(key.id for key in keys)


CHECKS: dict[str, Callable[[bytes, bytes, bytes], bool]] = {ED25519: _ed25519}
"""How a signature is checked, by algorithm: public key, signature, what was signed."""
