"""Redirects and addresses: ways to be led elsewhere, above all inside the house."""

from collections.abc import Callable

from tests.hostile.case import NEVER, SOON, Case, Told
from tests.hostile.server import Line, http, start, to
from tests.make_collect import HOME, HOST

INSIDE = (
    "127.0.0.1",
    "127.9.9.9",
    "10.0.0.7",
    "172.16.0.7",
    "192.168.1.7",
    "169.254.169.254",
    "100.64.0.7",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "[::1]",
    "[::]",
    "[fe80::1]",
    "[fc00::7]",
    "[ff02::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:10.0.0.7]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::10.0.0.7]",
    "[2002:7f00:1::]",
    "[::127.0.0.1]",
    "[fec0::1]",
)
SPELLINGS = ("2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "127.1", "0", "①②⑦.⓪.⓪.①", "localhost")
NO_WEB = (
    "file:///etc/passwd",
    "ftp://tin.example/",
    "gopher://tin.example:70/_x",
    "javascript:alert(1)",
    "data:text/html,tin",
    "mailto:a@tin.example",
    "ldap://tin.example/",
    "jar:http://tin.example!/",
    "blob:x",
    "about:blank",
)
ELSEWHERE = (
    "http://khac.example/",
    "//khac.example/",
    "http://tin.example.khac.example/",
    "http://khactin.example/",
    "http://sub.tin.example/",
    "http://tin.example@khac.example/",
    "http://tin.example:80@khac.example/",
    "http://tin.example%00.khac.example/",
    "http://tin.example%2f@khac.example/",
    "http://khac.example\\@tin.example/",
    "http://a:b@tin.example/",
    "http://tín.example/",
    "http://tin.exаmple/",
    "http://xn--tn-mja.example/",
    "http://tin。example.khac/",
    "http://[::1",
    "http://[v1.x]/",
    "http://tin.example:99999/",
    "http://tin.example:-1/",
    "http://tin.example:8o/",
    "http://tin.example /",
)
HARMLESS = (  # these look like another host and are a path on this one, for us and for every server behind us
    "///khac.example/",
    "http:\\\\khac.example\\",
    "http://tin.example\\.khac.example/",
    "/\\khac.example/",
    "http://tin.example#@khac.example:x/",
)
HERE = (
    "/bai-2.htm",
    "bai-2.htm",
    "//TIN.EXAMPLE/bai-2.htm",
    "HTTP://tin.example/bai-2.htm",
    "http://tin.example./bai-2.htm",
    "http://tin.example:80/bai-2.htm",
    "https://tin.example/bai-2.htm",
    "/x/../bai-2.htm",
    "/bai-2.htm#x",
    " /bai-2.htm ",
    "http:///bai-2.htm",
)
PORTS = (22, 25, 53, 445)


def leading(location: str) -> dict[str, bytes]:
    return {"/bai-1.htm": to(location), "/bai-2.htm": http(b"tin")}


def hops(count: int) -> Callable[[Line], None]:
    """So many redirects, each to another address, then a page."""

    def say(line: Line) -> None:
        at = int(line.path.partition("?")[2] or 0)
        line.say(to(f"/bai-1.htm?{at + 1}") if at < count else http(b"tin"))

    return say


def slow_hops(line: Line) -> None:
    """A redirect to another address, whose header takes the better part of a second; and so on without end."""
    line.say(b"HTTP/1.1 302 Found\r\n")
    line.drip(b"X: 1\r\n", 40)
    line.say(f"Location: /bai-1.htm?{len(line.server.paths)}\r\nContent-Length: 0\r\n\r\n".encode())


def asked(count: int) -> Callable[[Told], bool]:
    return lambda told: len(told.server.paths) == count


def nothing_asked(told: Told) -> bool:
    """Not even robots.txt."""
    return not told.server.heads and not told.server.connections


LOOPS = (
    Case("redirect-to-itself", to("/bai-1.htm"), "moved", asked(6)),
    Case("redirect-to-and-fro", {"/bai-1.htm": to("/bai-2.htm"), "/bai-2.htm": to("/bai-1.htm")}, "moved", asked(6)),
    Case("redirect-chain-without-end", hops(10**6), "moved", asked(6)),
    Case("redirects-that-drip", slow_hops, "timeout", lambda told: len(told.server.paths) <= 2, fetch=SOON),
    Case("redirect-chain-of-five", hops(5), "page", asked(6)),
    Case("redirect-chain-of-six", hops(6), "moved", asked(6)),
    Case("redirect-when-none-is-followed", hops(1), "moved", asked(1), fetch={"max_redirects": 0}),
    Case("redirect-to-no-host", to("//"), "moved", asked(6)),
    Case("redirect-to-nowhere", http(b"", "302 Found"), "server-error", asked(1)),
    Case("redirect-to-nothing", to(""), "server-error", asked(1)),
    Case("redirect-of-multiple-choices", to("/bai-2.htm", "300 Multiple Choices"), "server-error", asked(1)),
    Case("redirect-to-a-huge-address", to("/" + "a" * 60_000), "moved", asked(1)),
    Case(
        "redirect-with-two-locations",
        start("Location: /bai-2.htm", f"Location: {NEVER}", "Connection: close").replace(b"200 OK", b"302 Found")
        + b"Content-Length: 0\r\n\r\n",
        "moved",
    ),
    Case("refresh-is-no-redirect", http(b"tin", "200 OK", f"Refresh: 0; url={NEVER}"), "page", asked(1)),
    Case("redirect-for-robots-to-the-house", {"/robots.txt": to("http://127.0.0.1:{port}" + NEVER)}, "address"),
)
INWARD = (
    *(
        Case(f"redirect-inward-{host}", leading(f"http://{host}:{{port}}{NEVER}"), "address", asked(1))
        for host in (*INSIDE, "127.0.0.1.")
    ),
    *(
        Case(f"redirect-inward-as-{host}", leading(f"http://{host}:{{port}}{NEVER}"), "moved", asked(1))
        for host in SPELLINGS
    ),
    *(
        Case(
            f"source-inward-{host}",
            http(b"tin"),
            "address",
            nothing_asked,
            led=False,
            url=f"http://{host}:{{port}}{NEVER}",
            hosts=(host.strip("[]"), "127.0.0.1"),
        )
        for host in (*INSIDE[:4], "localhost", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "[::ffff:7f00:1]")
    ),
)
OUTWARD = (
    *(Case(f"redirect-to-no-web-{at}", leading(location), "moved", asked(1)) for at, location in enumerate(NO_WEB)),
    *(Case(f"redirect-elsewhere-{at}", leading(location), "moved", asked(1)) for at, location in enumerate(ELSEWHERE)),
    *(Case(f"redirect-harmless-{at}", leading(location), "missing", asked(2)) for at, location in enumerate(HARMLESS)),
    *(Case(f"redirect-on-the-site-{at}", leading(location), "page", asked(2)) for at, location in enumerate(HERE)),
    *(Case(f"redirect-to-port-{port}", leading(f"{HOME}:{port}/bai-2.htm"), "address", asked(1)) for port in PORTS),
    Case("redirect-to-another-port-of-the-web", leading(f"{HOME}:8080/bai-2.htm"), "page", asked(2)),
    Case("backslash-before-a-path", leading("\\bai-2.htm"), "missing", asked(2)),
)
HERE_AND_AWAY = {"/bai-1.htm": http(b"", "302 Found", f"Location: {NEVER}", "Connection: close")}
NAMED = f"http://{HOST}:{{port}}/bai-1.htm"


def named(name: str, serve: dict[str, bytes], expect: str, *addresses: str, **given: object) -> Case:
    """Asked under its name; the name server gives these addresses, one a look-up."""
    return Case(name, serve, expect, led=False, url=NAMED, names={HOST: addresses}, **given)  # type: ignore[arg-type]


RESOLVED = (
    named("name-of-the-public-network", {"/bai-1.htm": http(b"tin")}, "page", "127.0.0.2"),
    named("name-of-the-machine", {}, "address", "127.0.0.1"),
    named("name-of-the-private-network", {}, "address", "10.0.0.7"),
    named("name-of-the-metadata-service", {}, "address", "169.254.169.254"),
    named("name-mapped-into-ipv6", {}, "address", "::ffff:127.0.0.1"),
    named("name-translated-by-nat64", {}, "address", "64:ff9b::7f00:1"),
    named("name-of-multicast", {}, "address", "224.0.0.251"),
    named("name-of-nothing", {}, "address", "0.0.0.0"),
    named(
        "name-that-changes-after-robots",
        {"/robots.txt": http(b"", "404 No", "Connection: close")},
        "address",
        "127.0.0.2",
        "127.0.0.1",
        times=1,
    ),
    named(
        "name-that-changes-at-the-redirect",
        {"/robots.txt": http(b"", "404 No", "Connection: close"), **HERE_AND_AWAY},
        "address",
        "127.0.0.2",
        "127.0.0.2",
        "127.0.0.1",
    ),
    Case(
        "name-of-which-no-label-is-one",
        b"",
        "unreachable",
        led=False,
        url=f"http://{'a' * 70}.example/",
        hosts=("a" * 70 + ".example",),
    ),
)
CASES = (*LOOPS, *INWARD, *OUTWARD, *RESOLVED)
