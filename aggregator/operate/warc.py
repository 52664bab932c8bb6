"""Records of WARC files (ISO 28500): made, found in bytes, read back, and overwritten by as many other bytes. Pure.

Each record is a gzip member of its own, so one is read without the others, and what is cut short or damaged costs
one record and no more.
"""

import hashlib
import re
import unicodedata
import uuid
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from http import HTTPStatus
from io import BytesIO
from typing import Any, Literal

from aggregator import __version__
from aggregator.errors import ArchiveError
from aggregator.model import Page, Raw, Request

IDS = uuid.UUID("0d3f5b0c-6f3e-5c39-8d43-0a4f6e6a3f11")  # record ids are made from it
ARTICLES = "Aggregator-Article"  # a field of ours: ids of the articles whose text was read from the record
WIRE = frozenset({"content-encoding", "transfer-encoding", "content-length"})  # they tell of bytes before unpacking
AS_SERVED = "x-archive-orig-"  # the usual prefix for headers that were true on the wire only
MAGIC = b"\x1f\x8b\x08"  # RFC 1952 §2.3.1
GZIP = zlib.MAX_WBITS + 16
STEP = 65_536  # bytes unpacked at once: what stands behind a member is copied each time
WITH_COMMENT = 0x10  # RFC 1952: a comment of any length may stand in the head of a member
HEAD = 10  # bytes of a gzip head without its optional fields


@dataclass(frozen=True, slots=True)
class Member:
    """A stretch of an archive file: a whole record, a damaged stretch, or a last record that was not finished."""

    offset: int
    length: int
    state: Literal["whole", "damaged", "torn"]
    content: bytes = b""


def members(data: bytes) -> Iterator[Member]:
    """The stretches of a file in their order; together they are all of it. Only the last one can be torn."""
    offset = 0
    while offset < len(data):
        member = _member(data, offset)
        if member.state != "whole":
            following = _next_whole(data, offset + 1)
            ends = following if following is not None else len(data)
            state = "damaged" if following is not None else member.state
            member = Member(offset, ends - offset, state)
        yield member
        offset += member.length


def _member(data: bytes, offset: int) -> Member:
    unpacked, at = bytearray(), offset
    inflate = zlib.decompressobj(GZIP)
    try:
        while at < len(data) and not inflate.eof:
            unpacked += inflate.decompress(data[at : at + STEP])
            at = min(at + STEP, len(data))
    except zlib.error:
        return Member(offset, len(data) - offset, "damaged")
    length = at - len(inflate.unused_data) - offset
    return Member(offset, length, "whole" if inflate.eof else "torn", bytes(unpacked))


def _next_whole(data: bytes, start: int) -> int | None:
    """Where the next whole record begins; None where there is none."""
    at = data.find(MAGIC, start)
    while at >= 0:
        found = _member(data, at)
        if found.state == "whole" and found.content.startswith(b"WARC/"):
            return at
        at = data.find(MAGIC, at + 1)
    return None


def opening(at: datetime, name: str) -> bytes:
    """The record that every file begins with: what made it."""
    told = f"software: official-news-aggregator/{__version__}\r\nformat: WARC File Format 1.1\r\n".encode()
    fields = {"WARC-Filename": name, **_fields(at, "warcinfo", name)}
    return _written("", "warcinfo", told, fields, None)


def record(raw: Raw) -> bytes:
    """The page as a response record. Headers that told of the bytes on the wire are kept under another name."""
    from warcio.statusandheaders import StatusAndHeaders

    page = raw.page
    headers = [
        (f"{AS_SERVED}{name}" if name in WIRE else name, " ".join(value.split())) for name, value in page.headers
    ]
    told = StatusAndHeaders(f"{page.status} {_phrase(page.status)}", headers, protocol="HTTP/1.1")
    fields = _fields(page.fetched_at, "response", page.url, page.digest, *raw.articles)
    fields |= {"WARC-Payload-Digest": f"sha256:{page.digest}", ARTICLES: " ".join(raw.articles)}
    return _written(page.url, "response", page.body, fields, told)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _fields(at: datetime, *named: str) -> dict[str, str]:
    """Date and id of a record; the id follows from what it holds, so that the same page gives the same bytes."""
    date = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return {"WARC-Date": date, "WARC-Record-ID": uuid.uuid5(IDS, "\x1f".join((date, *named))).urn.join("<>")}


def _written(url: str, kind: str, body: bytes, fields: dict[str, str], told: Any) -> bytes:
    from warcio.warcwriter import WARCWriter

    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    made = writer.create_warc_record(
        url, kind, payload=BytesIO(body), length=len(body), http_headers=told, warc_headers_dict=fields
    )
    writer.write_record(made)
    return out.getvalue()


def read(data: bytes) -> Raw:
    """The page of a response record, as it was kept. Raises ArchiveError: damaged, or erased on purpose."""
    from warcio.archiveiterator import ArchiveIterator

    if _member(data, 0).state != "whole":
        raise ArchiveError("damaged", "its record cannot be unpacked")
    try:
        found = next(iter(ArchiveIterator(BytesIO(data))))
        body = found.raw_stream.read()
    except Exception as error:  # the library names no error for what is no record
        raise ArchiveError("damaged", f"its record cannot be read ({type(error).__name__})") from error
    if found.rec_type == "metadata":
        raise ArchiveError("erased", "its record was overwritten when a text was purged")
    if found.rec_type != "response" or found.http_headers is None:
        raise ArchiveError("damaged", f"a {found.rec_type} record stands in its place")
    if found.rec_headers.get_header("WARC-Payload-Digest") != f"sha256:{hashlib.sha256(body).hexdigest()}":
        raise ArchiveError("damaged", "its bytes are not those that its record names by digest")
    return _raw(found, body)


def _raw(found: Any, body: bytes) -> Raw:
    url = found.rec_headers.get_header("WARC-Target-URI")
    headers = tuple((name.removeprefix(AS_SERVED), value) for name, value in found.http_headers.headers)
    fetched_at = datetime.fromisoformat(found.rec_headers.get_header("WARC-Date"))
    status = int(found.http_headers.get_statuscode())
    articles = tuple((found.rec_headers.get_header(ARTICLES) or "").split())
    return Raw(Page(Request(url), url, status, headers, body, fetched_at), articles)


@dataclass(frozen=True, slots=True)
class Needle:
    """Words to look for. `runs` are their plain letters: they stand so in every spelling, and are found fast."""

    text: str
    runs: tuple[bytes, ...]


def needle(words: str) -> Needle:
    """The words as they are looked for."""
    return Needle(plain(words), tuple(run.encode() for run in re.findall(r"[A-Za-z0-9]{3,}", plain(words))))


def holds(content: bytes, articles: Collection[str], words: Collection[Needle]) -> bool:
    """Whether an unpacked record is one of a page that these articles were read from, or tells any of the words."""
    head = content.partition(b"\r\n\r\n")[0]
    if not head.startswith(b"WARC/") or b"WARC-Type: response" not in head:
        return False
    named = re.search(rf"^{ARTICLES}: ([^\r\n]*)".encode(), head, re.M)
    if named and set(named[1].decode("ascii", "replace").split()) & set(articles):
        return True
    likely = [word for word in words if all(run in content for run in word.runs)]
    text = plain(content.decode("utf-8", "replace")) if likely else ""
    return any(word.text in text for word in likely)


def plain(text: str) -> str:
    """The text as it is compared: entities and JSON's escapes resolved, NFC, white space as one blank."""
    if "\\u" in text:
        text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
    return " ".join(unicodedata.normalize("NFC", unescape(text)).split())


def tombstone(length: int, at: datetime) -> bytes:
    """A record of exactly so many bytes that holds nothing but when it took another's place.

    Raises ArchiveError where there is no room for it.
    """
    fields = {"WARC-Type": "metadata", **_fields(at, "metadata", str(length)), "Content-Length": "0"}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    pack = zlib.compressobj(9, zlib.DEFLATED, GZIP)
    made = pack.compress(f"WARC/1.1\r\n{head}\r\n\r\n\r\n".encode()) + pack.flush()
    room = length - len(made) - 1
    if room < 0:
        raise ArchiveError("damaged", f"{length} bytes are too few for a record")
    return made[:3] + bytes([made[3] | WITH_COMMENT]) + made[4:HEAD] + b"-" * room + b"\0" + made[HEAD:]
