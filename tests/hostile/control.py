"""Crawl control: robots.txt, waiting, conditional requests and cookies, as servers get them wrong on purpose."""

from collections.abc import Callable
from functools import partial
from typing import Any

from aggregator.model import Page, Validator
from tests.hostile.case import SOON, Case, Told
from tests.hostile.server import Line, Say, Serve, http, to
from tests.make_collect import HOME

PLAIN = "text/plain"
TIN = http(b"tin")
AAA = "/" + "a" * 3000
REFUSAL = "User-agent: *\nDisallow: /bai-"


def robots(
    name: str, rules: Say | str, expect: str, check: Callable[[Told], bool] = lambda told: True, **given: Any
) -> Case:
    said = http(rules, type=PLAIN) if isinstance(rules, str) else rules
    return Case(name, {"/robots.txt": said, "/bai-1.htm": TIN, "/khac.txt": http(REFUSAL)}, expect, check, **given)


def page(name: str, serve: Serve, expect: str, check: Callable[[Told], bool] = lambda told: True, **given: Any) -> Case:
    return Case(name, serve, expect, check, **given)


def not_asked(told: Told) -> bool:
    return "/bai-1.htm" not in told.server.paths


def slept(*seconds: float) -> Callable[[Told], bool]:
    return lambda told: told.slept == seconds


def asked(times: int) -> Callable[[Told], bool]:
    return lambda told: len(told.server.paths) == times


def never_sends(name: str) -> Callable[[Told], bool]:
    return lambda told: all(f"\n{name}:".lower() not in head.decode("latin-1").lower() for _, head in told.server.heads)


def waits(header: str, status: str = "503 Busy") -> Say:
    """First this Retry-After, then the page."""

    def say(line: Line) -> None:
        line.say(http(b"", status, f"Retry-After: {header}") if len(line.server.paths) == 1 else TIN)

    return say


def waits_for_ever(header: str) -> bytes:
    return http(b"", "503 Busy", f"Retry-After: {header}")


def tagged(tag: str, status: str = "200 OK") -> bytes:
    return http(b"tin", status, f"ETag: {tag}")


def always_304(line: Line) -> None:
    line.say(http(b"", "304 Not Modified"))


def says_304_when_asked(line: Line) -> None:
    known = line.header("If-None-Match") or line.header("If-Modified-Since")
    line.say(http(b"", "304 Not Modified") if known else tagged('W/"1"'))


def with_body_304(line: Line) -> None:
    line.say(
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\ntin" if line.header("If-None-Match") else tagged('"1"')
    )


def all_pages(told: Told) -> bool:
    return all(isinstance(answer, Page) for answer in told.answers)


def held(wait_s: float) -> Callable[[Told], bool]:
    """The fault remembers how long the server asked to be left alone."""
    return lambda told: told.error is not None and told.error.wait_s == wait_s


again = partial(page, fetch={"retries": 1})
ROBOTS = (
    *(robots(f"robots-{code}", http(b"", f"{code} No"), "page") for code in (400, 401, 403, 404, 410, 418, 451)),
    robots("robots-429", http(b"", "429 Slow"), "blocked", not_asked),
    *(robots(f"robots-{code}", http(b"", f"{code} No"), "server-error", not_asked) for code in (500, 502, 503, 599)),
    robots("robots-that-never-comes", Line.silence, "timeout", not_asked, fetch=SOON),
    robots("robots-that-breaks-off", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser", "unreachable", not_asked),
    robots("robots-of-five-megabytes", REFUSAL + "\n" + "# x\n" * 1_200_000, "robots", not_asked),
    robots("robots-of-one-long-line", "# " + "x" * 2_000_000, "page"),
    robots(
        "robots-with-very-many-rules", "User-agent: *\n" + "".join(f"Disallow: /x{n}\n" for n in range(40_000)), "page"
    ),
    robots("robots-with-very-many-groups", "".join(f"User-agent: a{n}\nDisallow: /\n" for n in range(20_000)), "page"),
    robots("robots-with-a-mark", "\ufeff" + REFUSAL, "robots", not_asked),
    robots("robots-in-latin-1", http(b"# \xe0\xff\n" + REFUSAL.encode()), "robots", not_asked),
    robots("robots-in-utf-16", http(REFUSAL.encode("utf-16")), "page"),
    robots("robots-with-nuls", REFUSAL.replace("\n", "\0\n"), "page"),
    robots("robots-with-cr-only", REFUSAL.replace("\n", "\r"), "robots", not_asked),
    robots("robots-as-a-page", http("<html><p>Disallow: /</p></html>"), "page"),
    robots("robots-of-every-byte", http(bytes(range(256)) * 1000), "page"),
    robots("robots-elsewhere-on-the-site", to("/khac.txt"), "robots", not_asked),
    robots("robots-on-another-host", to("http://khac.example/robots.txt"), "page"),
    robots("robots-in-a-circle", to("/robots.txt"), "page"),
    robots("robots-with-a-star", "User-agent: *\nDisallow: /*.htm", "robots", not_asked),
    robots("robots-with-an-end", "User-agent: *\nDisallow: /*-1.htm$", "robots", not_asked),
    robots("robots-with-an-end-elsewhere", "User-agent: *\nDisallow: /bai-1$", "page"),
    robots("robots-that-allow-the-longer", "User-agent: *\nDisallow: /\nAllow: /bai-", "page"),
    robots(
        "robots-for-us-by-name",
        "User-agent: *\nAllow: /\n\nUser-agent: Official-News-Aggregator\nDisallow: /",
        "robots",
        not_asked,
    ),
    Case(
        "robots-with-stars-without-end",
        {"/robots.txt": http("User-agent: *\nDisallow: /" + "*a" * 40 + "*b$"), AAA: TIN},
        "page",
        url=HOME + AAA,
    ),
    robots("crawl-delay", "User-agent: *\nCrawl-delay: 9", "page", slept(9.0)),
    robots("crawl-delay-that-is-absurd", "User-agent: *\nCrawl-delay: 999999999", "page", slept(30.0)),
    *(
        robots(f"crawl-delay-{word}", f"User-agent: *\nCrawl-delay: {word}", "page", slept())
        for word in ("nan", "-5", "soon", "", "-inf")
    ),
    robots("crawl-delay-inf", "User-agent: *\nCrawl-delay: inf", "page", lambda told: told.slept in ((), (30.0,))),
)
WAITING = (
    page("status-429", http(b"", "429 Slow"), "blocked", asked(1)),
    again("status-429-then-a-page", waits("3", "429 Slow"), "page", slept(3.0)),
    again("retry-after-in-seconds", waits("7"), "page", slept(7.0)),
    again("retry-after-as-a-date", waits("Tue, 20 Oct 2026 05:00:09 GMT"), "page", slept(9.0)),
    again("retry-after-as-a-date-gone-by", waits("Tue, 20 Oct 2020 05:00:09 GMT"), "page", slept(0.0)),
    *(
        again(f"retry-after-of-no-sense-{at}", waits(word), "page", slept(1.0))
        for at, word in enumerate(
            (
                "soon",
                "-3",
                "1.5",
                "1e9",
                "nan",
                "9" * 40,
                "Tue, 99 Oct 2026 05:00:09 GMT",
                "Tue, 20 Oct 2026 05:00:09",
                "Tue, 20 Oct 99999 05:00:09 GMT",
                "Tue, 20 Oct 2026 05:00:09 +999999999",
                "\xb2",
            )
        )
    ),
    again("retry-after-an-hour", waits_for_ever("3600"), "server-error", held(3600.0)),
    again(
        "retry-after-a-date-tomorrow", waits_for_ever("Wed, 21 Oct 2026 05:00:00 GMT"), "server-error", held(86_400.0)
    ),
    again("retry-after-thirty-years", waits_for_ever("999999999"), "server-error", held(86_400.0)),
    page("retry-after-with-200", http(b"tin", "200 OK", "Retry-After: 999"), "page", slept()),
    *(page(f"status-{code}", http(b"", f"{code} No"), "blocked", asked(1)) for code in (401, 403, 407)),
    page("captive-portal", http(b"<html>Log on", "511 Network Authentication Required"), "server-error"),
    page("status-451", http(b"", "451 Unavailable For Legal Reasons"), "gone"),
)
ASKING = (
    page("unchanged-without-being-asked", always_304, "server-error"),
    page("unchanged-when-asked", says_304_when_asked, "unchanged", times=2),
    page("unchanged-with-a-body", with_body_304, "unchanged", times=3),
    page("always-the-same-tag", lambda line: line.say(tagged('"1"')), "page", all_pages, times=3),
    page(
        "weak-tag-comes-back-as-it-was",
        lambda line: line.say(tagged('W/"1"')),
        "page",
        lambda told: b'If-None-Match: W/"1"' in told.server.heads[-1][1],
        times=2,
    ),
    *(
        page(f"tag-of-no-sense-{at}", lambda line, tag=tag: line.say(tagged(tag)), "page", all_pages, times=3)
        for at, tag in enumerate(
            (
                "1",
                '"',
                "",
                "*",
                '"a", "b"',
                '"' + "x" * 50_000 + '"',
                '"\xe1\xff"',
                '"\x00"',
                '"a\tb"',
                '"a\r\n b"',
                '"\x7f\x1b[31m"',
            )
        )
    ),
    *(
        page(
            f"last-modified-of-no-sense-{at}",
            lambda line, date=date: line.say(http(b"tin", "200 OK", f"Last-Modified: {date}")),
            "page",
            all_pages,
            times=3,
        )
        for at, date in enumerate(("never", "0", "-1", "x" * 50_000, "Tue,\r\n 20 Oct 2026", "\x00"))
    ),
    page("precondition-failed", http(b"", "412 No"), "gone", request={"validator": Validator('"1"')}),
    page("vary-by-everything", http(b"tin", "200 OK", "Vary: *"), "page", all_pages, times=2),
    page("cookie", http(b"tin", "200 OK", "Set-Cookie: a=1; Path=/"), "page", never_sends("Cookie"), times=3),
    page(
        "cookies-by-the-dozen",
        http(b"tin", "200 OK", *[f"Set-Cookie: a{n}=1" for n in range(60)]),
        "page",
        never_sends("Cookie"),
        times=2,
    ),
    page(
        "cookie-with-a-redirect",
        {"/bai-1.htm": http(b"", "302 Go", "Set-Cookie: a=1", "Location: /bai-2.htm"), "/bai-2.htm": TIN},
        "page",
        never_sends("Cookie"),
    ),
    page(
        "asks-for-a-password",
        http(b"", "401 No", "WWW-Authenticate: Basic realm=x"),
        "blocked",
        never_sends("Authorization"),
    ),
    page(
        "wants-to-keep-us",
        http(b"tin", "200 OK", "Strict-Transport-Security: max-age=9", 'Alt-Svc: h3=":1"'),
        "page",
        times=2,
    ),
)
CASES = (*ROBOTS, *WAITING, *ASKING)
