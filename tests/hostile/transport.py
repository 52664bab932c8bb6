"""Transport: connections that break, drip, never end, or do not speak the protocol."""

import gzip
import zlib
from collections.abc import Callable
from functools import cache

from tests.hostile.case import SOON, Case, Told
from tests.hostile.server import Line, Say, http, start
from tests.make_collect import HOST

MB = 1_000_000
BLANK = b"\0" * 65_536
SECURE = f"https://{HOST}/bai-1.htm"
LENGTH = "Content-Length: 100000"
CHUNKED = "Transfer-Encoding: chunked"


@cache
def squeezed(megabytes: int, wbits: int) -> bytes:
    """So many megabytes of nothing, compressed without ever being held whole."""
    engine = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return b"".join([engine.compress(bytes(MB)) for _ in range(megabytes)]) + engine.flush()


def encoded(body: bytes, encoding: str, *lines: str) -> bytes:
    return http(body, "200 OK", f"Content-Encoding: {encoding}", *lines)


def chunked(body: bytes, *lines: str) -> bytes:
    return start(CHUNKED, *lines) + b"\r\n" + body


def then(raw: bytes, act: Callable[[Line], None]) -> Callable[[Line], None]:
    """First these bytes, then this."""

    def say(line: Line) -> None:
        line.say(raw)
        act(line)

    return say


def drip(piece: bytes) -> Callable[[Line], None]:
    return lambda line: line.drip(piece)


def flood(piece: bytes) -> Callable[[Line], None]:
    return lambda line: line.flood(piece)


def bomb_of(megabytes: int, wbits: int, encoding: str) -> Say:
    return lambda line: line.say(encoded(squeezed(megabytes, wbits), encoding))


def twice_squeezed(line: Line) -> None:
    line.say(encoded(gzip.compress(squeezed(200, 31)), "gzip, gzip"))


def endless_gzip(line: Line) -> None:
    """A gzip stream that goes on for as long as it is read."""
    engine = zlib.compressobj(9, zlib.DEFLATED, 31)
    line.say(start("Content-Encoding: gzip") + b"\r\n")
    while True:
        line.say(engine.compress(BLANK) + engine.flush(zlib.Z_FULL_FLUSH))


def members(line: Line) -> None:
    """Very many gzip members, each empty: much work, no bytes."""
    line.say(start("Content-Encoding: gzip") + b"\r\n")
    line.flood(gzip.compress(b"") * 500)


def answers_twice(line: Line) -> None:
    """Two answers at once on a connection that stays open; the second was never asked for."""
    line.say(http(b"tin", "200 OK", "Connection: keep-alive") + http(b"gia", "200 OK", "Connection: keep-alive"))
    while line.hear():
        line.say(http(b"tin", "200 OK", "Connection: keep-alive"))


def leaves_quietly(line: Line) -> None:
    """Promises to keep the connection and hangs up."""
    line.say(http(b"tin", "200 OK", "Connection: keep-alive", "Keep-Alive: timeout=600"))


def longer_than_said(line: Line) -> None:
    line.say(start("Content-Length: 3", "Connection: keep-alive") + b"\r\ntin" + b"x" * 100_000)
    while line.hear():
        line.say(http(b"tin", "200 OK", "Connection: keep-alive"))


def body_is(body: bytes) -> Callable[[Told], bool]:
    return lambda told: told.body == body


def all_are(body: bytes) -> Callable[[Told], bool]:
    return lambda told: all(getattr(answer, "body", b"") == body for answer in told.answers)


def hears_hello(act: Callable[[Line], None]) -> Callable[[Line], None]:
    """On the bare connection: wait for the other side's hello, then do this."""

    def greet(line: Line) -> None:
        line.hear_bytes()
        act(line)

    return greet


def tls(name: str, expect: str, **given: object) -> Case:
    return Case(name, http(b"tin"), expect, url=SECURE, **given)  # type: ignore[arg-type]


SQUEEZED = gzip.compress(b"tin " * 5000)

BREAKING = (
    Case("reset-before-a-byte", lambda line: line.reset(), "unreachable"),
    Case("reset-in-the-header", then(b"HTTP/1.1 200 OK\r\nConte", Line.reset), "unreachable"),
    Case("reset-in-the-body", then(start(LENGTH) + b"\r\ntin", Line.reset), "unreachable"),
    Case("half-close-in-the-header", then(b"HTTP/1.1 200 OK\r\nConte", Line.half_close), "unreachable"),
    Case("half-close-in-the-body", then(start(LENGTH) + b"\r\ntin", Line.half_close), "unreachable"),
    Case("hangs-up-at-once", b"", "unreachable"),
    Case("hangs-up-before-robots", {"/robots.txt": b""}, "unreachable"),
    Case("breaks-once-then-answers", leaves_quietly, "page", all_are(b"tin"), times=3, fetch={"retries": 1}),
)
DRIPPING = (
    Case("silence", Line.silence, "timeout", fetch=SOON),
    Case("drip-of-the-status-line", drip(b"H"), "timeout", fetch=SOON),
    Case("drip-of-headers", then(start(), drip(b"X: 1\r\n")), "timeout", fetch=SOON),
    Case("drip-of-one-header", then(start() + b"X: ", drip(b"1")), "timeout", fetch=SOON),
    Case("drip-of-a-body-with-length", then(start(LENGTH) + b"\r\n", drip(b"x")), "timeout", fetch=SOON),
    Case("drip-of-a-body-to-the-end", then(start() + b"\r\n", drip(b"x")), "timeout", fetch=SOON),
    Case("drip-of-chunks", then(chunked(b""), drip(b"1\r\nx\r\n")), "timeout", fetch=SOON),
    Case("drip-of-a-chunk-size", then(chunked(b""), drip(b"0")), "timeout", fetch=SOON),
    Case(
        "drip-of-gzip",
        then(start("Content-Encoding: gzip") + b"\r\n" + SQUEEZED[:12], drip(b"")),
        "timeout",
        fetch=SOON,
    ),
    Case("drip-of-trailers", then(chunked(b"3\r\ntin\r\n0\r\n"), drip(b"X: 1\r\n")), "timeout", fetch=SOON),
    Case("drip-of-continues", drip(b"HTTP/1.1 100 Continue\r\n\r\n"), "timeout", fetch=SOON),
    Case("drip-before-robots", {"/robots.txt": then(start(), drip(b"X: 1\r\n"))}, "timeout", fetch=SOON),
)
FLOODING = (
    Case("endless-headers", then(start(), flood(b"X: 1\r\n" * 1000)), "server-error"),
    Case("endless-header-line", then(start() + b"X: ", flood(b"1" * 65_536)), "server-error"),
    Case("header-of-a-megabyte", start("X: " + "1" * MB) + b"\r\ntin", "server-error"),
    Case("hundreds-of-headers", start(*["X: 1"] * 500) + b"\r\ntin", "server-error"),
    Case("endless-status-line", flood(b"H" * 65_536), "server-error"),
    Case("endless-continues", flood(b"HTTP/1.1 100 Continue\r\n\r\n" * 100), "timeout", fetch=SOON),
    Case("endless-chunk-size", then(chunked(b""), flood(b"0" * 65_536)), "server-error"),
    Case("endless-chunk-extension", then(chunked(b"3;"), flood(b"x" * 65_536)), "server-error"),
    Case("endless-trailers", then(chunked(b"0\r\n"), flood(b"X: 1\r\n" * 1000)), "timeout", fetch=SOON),
    Case("endless-body", then(start() + b"\r\n", flood(BLANK)), "too-large"),
    Case("endless-body-behind-an-error", then(b"HTTP/1.1 500 No\r\n\r\n", flood(BLANK)), "too-large"),
    Case("endless-body-behind-a-404", then(b"HTTP/1.1 404 No\r\n\r\n", flood(BLANK)), "too-large"),
    Case("endless-body-behind-a-redirect", then(b"HTTP/1.1 302 Go\r\nLocation: /\r\n\r\n", flood(BLANK)), "too-large"),
    Case("endless-robots", {"/robots.txt": then(start() + b"\r\n", flood(BLANK)), "/bai-1.htm": http(b"tin")}, "page"),
)
SQUEEZING = (
    Case("gzip-bomb", bomb_of(200, 31, "gzip"), "too-large"),
    Case("deflate-bomb", bomb_of(200, 15, "deflate"), "too-large"),
    Case("raw-deflate-bomb", bomb_of(200, -15, "deflate"), "too-large"),
    Case("gzip-bomb-in-a-gzip", twice_squeezed, "too-large"),
    Case(
        "gzip-bomb-behind-an-error",
        lambda line: line.say(encoded(squeezed(200, 31), "gzip").replace(b"200 OK", b"500 No")),
        "too-large",
    ),
    Case("gzip-bomb-as-robots", {"/robots.txt": bomb_of(200, 31, "gzip"), "/bai-1.htm": http(b"tin")}, "page"),
    Case("endless-gzip", endless_gzip, "too-large"),
    Case("gzip-of-empty-members", members, "too-large"),
    Case("brotli-bomb-nobody-asked-for", encoded(b"\x9f\xff\xff\xff" * 1000, "br"), "server-error"),
    Case("zstd-nobody-asked-for", encoded(b"\x28\xb5\x2f\xfd", "zstd"), "server-error"),
    Case("gzip-seven-times", encoded(SQUEEZED, ", ".join(["gzip"] * 7)), "server-error"),
    Case("gzip-cut-off", encoded(SQUEEZED[:-20], "gzip"), "unreachable"),
    Case("gzip-cut-off-in-its-header", encoded(SQUEEZED[:5], "gzip"), "unreachable"),
    Case("deflate-cut-off", encoded(zlib.compress(b"tin" * 999)[:-5], "deflate"), "unreachable"),
    Case("gzip-with-a-wrong-sum", encoded(SQUEEZED[:-8] + b"\0" * 8, "gzip"), "server-error"),
    Case("gzip-that-is-none", encoded(b"<p>tin</p>", "gzip"), "server-error"),
    Case("deflate-that-is-none", encoded(b"\xff\xfe\xfd", "deflate"), "server-error"),
    Case("gzip-in-two-members", encoded(gzip.compress(b"ti") + gzip.compress(b"n"), "gzip"), "page", body_is(b"tin")),
    Case("gzip-with-rubbish-behind", encoded(gzip.compress(b"tin") + b"\0\0rubbish", "gzip"), "page", body_is(b"tin")),
    Case("gzip-in-capitals", encoded(gzip.compress(b"tin"), "GZIP"), "page", body_is(b"tin")),
    Case("gzip-of-nothing-at-all", encoded(b"", "gzip"), "page", body_is(b"")),
    Case("gzip-in-a-gzip", encoded(gzip.compress(gzip.compress(b"tin")), "gzip, gzip"), "page", body_is(b"tin")),
    Case("raw-deflate", encoded(zlib.compress(b"tin")[2:-4], "deflate"), "page", body_is(b"tin")),
    Case(
        "gzip-in-chunks-of-one-byte",
        chunked(
            b"".join(b"1\r\n%c\r\n" % byte for byte in gzip.compress(b"tin")) + b"0\r\n\r\n", "Content-Encoding: gzip"
        ),
        "page",
        body_is(b"tin"),
    ),
)
FRAMING = (
    Case("chunk-size-is-no-number", chunked(b"zz\r\ntin\r\n0\r\n\r\n"), "unreachable"),
    Case("chunk-size-is-negative", chunked(b"-5\r\ntin\r\n0\r\n\r\n"), "unreachable"),
    Case("chunk-size-is-absurd", chunked(b"ffffffffffffffff\r\ntin\r\n"), "unreachable"),
    Case("chunks-without-an-end", chunked(b"3\r\ntin\r\n"), "unreachable"),
    Case("chunk-shorter-than-said", chunked(b"f\r\ntin\r\n0\r\n\r\n"), "unreachable"),
    Case("chunks-and-a-length", chunked(b"3\r\ntin\r\n0\r\n\r\n", "Content-Length: 999"), "page", body_is(b"tin")),
    Case("length-is-too-long", start("Content-Length: 300") + b"\r\ntin", "unreachable"),
    Case("length-is-absurd", start("Content-Length: 9" + "9" * 30) + b"\r\ntin", "unreachable"),
    Case("length-is-negative", start("Content-Length: -1") + b"\r\ntin", "page", body_is(b"tin")),
    Case("length-is-no-number", start("Content-Length: ba") + b"\r\ntin", "page", body_is(b"tin")),
    Case("two-lengths-that-differ", start("Content-Length: 3", "Content-Length: 9") + b"\r\ntin", "server-error"),
    Case("length-is-too-short", longer_than_said, "page", all_are(b"tin"), times=3),
    Case("an-answer-nobody-asked-for", answers_twice, "page", all_are(b"tin"), times=3),
    Case("continue-then-an-answer", b"HTTP/1.1 100 Continue\r\n\r\n" + http(b"tin"), "page", body_is(b"tin")),
    Case("early-hints-then-an-answer", b"HTTP/1.1 103 Early Hints\r\n\r\n" + http(b"tin"), "server-error"),
    Case("another-protocol-nobody-asked-for", b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n", "server-error"),
    Case("a-part-nobody-asked-for", http(b"ti", "206 Partial Content", "Content-Range: bytes 0-1/3"), "server-error"),
    Case("http-0.9", b"<html>tin</html>\r\n", "server-error"),
    Case("another-program-answers", b"SSH-2.0-OpenSSH_9.2\r\n", "server-error"),
    Case("a-version-nobody-knows", b"HTTP/9.9 200 OK\r\n\r\ntin", "server-error"),
    Case("status-is-no-number", b"HTTP/1.1 OK 200\r\n\r\ntin", "server-error"),
    Case("status-is-absurd", http(b"tin", "999 Denied"), "server-error"),
    Case("status-without-words", b"HTTP/1.1 200\r\nContent-Length: 3\r\n\r\ntin", "page", body_is(b"tin")),
    Case("lines-end-in-lf-only", b"HTTP/1.1 200 OK\nContent-Length: 3\n\ntin", "page", body_is(b"tin")),
    Case("nul-in-a-header", start("X: a\0b") + b"\r\ntin", "page", body_is(b"tin")),
    Case("header-without-a-colon", start("rubbish") + b"\r\ntin", "page"),
    Case("header-in-utf-8", start("X: ti\xc3\xa1n") + b"\r\ntin", "page", body_is(b"tin")),
)
SECURING = (
    tls("tls-that-is-right", "page", certificate="good", trusted="good"),
    tls("tls-self-signed", "certificate", certificate="good"),
    tls("tls-of-another-host", "certificate", certificate="other", trusted="other"),
    tls("tls-expired", "certificate", certificate="expired", trusted="expired"),
    tls("tls-cut-in-the-handshake", "unreachable", greet=hears_hello(Line.reset)),
    tls("tls-closed-in-the-handshake", "unreachable", greet=hears_hello(lambda line: None)),
    tls("tls-that-never-answers", "timeout", greet=hears_hello(Line.silence), fetch=SOON),
    tls("tls-that-drips", "timeout", greet=hears_hello(then(b"\x16\x03\x03\x40\x00", drip(b"\0"))), fetch=SOON),
    tls("tls-that-is-plain-http", "certificate", greet=hears_hello(lambda line: line.say(http(b"tin")))),
    tls("tls-that-is-rubbish", "certificate", greet=hears_hello(lambda line: line.say(b"\0" * 4096))),
    tls("tls-that-refuses", "certificate", greet=hears_hello(lambda line: line.say(b"\x15\x03\x03\x00\x02\x02\x28"))),
)
CASES = (*BREAKING, *DRIPPING, *FLOODING, *SQUEEZING, *FRAMING, *SECURING)
