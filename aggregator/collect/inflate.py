"""Undoes Content-Encoding piece by piece: never more in memory than a piece, and an end that is missing is noticed."""

import zlib
from collections.abc import Iterable, Iterator

PIECE = 65_536  # bytes handed on at once, however many a few bytes on the wire stand for
LAYERS = 2  # encodings on one another; a second is a misconfigured proxy's, a third an attack
GZIP, ZLIB, RAW = 31, 15, -15  # zlib's wbits
FORMS = {"gzip": GZIP, "x-gzip": GZIP, "deflate": ZLIB}
MAGIC = b"\x1f\x8b"


class CutOff(Exception):
    """The compressed body ends before its end."""


def encodings(header: str) -> tuple[str, ...]:
    """The encodings that a Content-Encoding header names, in the order they were applied; "identity" is none."""
    names = (name.strip().lower() for name in header.split(","))
    return tuple(name for name in names if name not in ("", "identity"))


def known(header: str) -> bool:
    """Whether `inflated` undoes what the header names."""
    found = encodings(header)
    return len(found) <= LAYERS and all(name in FORMS for name in found)


def inflated(pieces: Iterable[bytes], header: str) -> Iterator[bytes]:
    """The pieces without their encoding, each at most PIECE long where something was undone.

    What is encoded in a way that nobody asked for comes as it is. Raises zlib.error for what is broken, CutOff for
    what ends too soon.
    """
    body: Iterator[bytes] = iter(pieces)
    if known(header):
        for name in reversed(encodings(header)):
            body = _undone(body, FORMS[name])
    return body


def _undone(pieces: Iterator[bytes], form: int) -> Iterator[bytes]:
    """One encoding undone. gzip members may follow one another (RFC 1952 §2.2); other bytes behind them are ignored."""
    engine, early = None, b""
    for piece in pieces:
        rest = early + piece
        early = b""
        while rest:
            if engine is None:
                if len(rest) < len(MAGIC):
                    early = rest
                    break
                engine = zlib.decompressobj(_form(rest, form))
            yield from _drained(engine, rest)
            if not engine.eof:
                break
            rest = engine.unused_data
            if form != GZIP or not MAGIC.startswith(rest[: len(MAGIC)]):
                return
            engine = None
    if early or (engine is not None and not engine.eof):
        raise CutOff("the compressed body ends too soon")


def _drained(engine: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    while True:
        out = engine.decompress(data, PIECE)
        if out:
            yield out
        data = engine.unconsumed_tail
        if engine.eof or (not data and len(out) < PIECE):
            return


def _form(start: bytes, form: int) -> int:
    """`deflate` should be zlib's format, but many servers send the bare one (RFC 9110 §8.4.1.2)."""
    if form != ZLIB or (start[0] & 15 == 8 and (start[0] << 8 | start[1]) % 31 == 0):
        return form
    return RAW
