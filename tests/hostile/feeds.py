"""Feeds and XML: documents that grow when they are read, reach out, nest, repeat themselves or lie."""

import json
from collections.abc import Callable

from tests.hostile.case import NEVER, Case, Told
from tests.hostile.server import http
from tests.make_collect import HOME

XML = "<?xml version='1.0' encoding='UTF-8'?>"
TITLE = "Sở Y tế thí dụ khai trương trạm y tế số một"
LONGEST = 1000  # leads of one listing


def item(at: int | str = 1, title: str = TITLE, link: str = "", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link or f'{HOME}/tin-so-{at}.htm'}</link>{more}</item>"


def rss(inside: str = "", head: str = XML, root: str = "rss version='2.0'") -> str:
    return f"{head}<{root}><channel><title>Tin</title>{inside}</channel></{root.split()[0]}>"


def atom(inside: str) -> str:
    return f"{XML}<feed xmlns='http://www.w3.org/2005/Atom'><title>Tin</title>{inside}</feed>"


def doctype(inside: str) -> str:
    return f"{XML}<!DOCTYPE rss [{inside}]>"


def laughs(levels: int = 12) -> str:
    told = "<!ENTITY a0 'ha ha ha ha ha'>"
    return told + "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(levels))


def items(told: list[dict[str, object]], **more: object) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Tin", "items": told, **more})


def feed(
    name: str,
    body: bytes | str,
    expect: str = "leads",
    check: Callable[[Told], bool] = lambda told: True,
    type: str = "application/rss+xml",
    **given: object,
) -> Case:
    return Case(name, http(body, type=type), expect, check, read="section", kind="feed", **given)  # type: ignore[arg-type]


def count(number: int) -> Callable[[Told], bool]:
    return lambda told: len(told.leads) == number


def one_good(told: Told) -> bool:
    """One lead with the title as it should be."""
    return told.titles == [TITLE]


def short(told: Told) -> bool:
    """No lead holds more than its share."""
    return all(len(lead.title) + len(lead.summary) + len(lead.body) < 100_000 for lead in told.leads)


def nothing_of_ours(told: Told) -> bool:
    """No lead holds a file of this machine, and nothing but the feed was asked for."""
    words = "".join(lead.title + lead.summary + lead.body for lead in told.leads)
    return "root:" not in words and len(told.server.paths) == 1


def bounded(told: Told) -> bool:
    return 0 < len(told.leads) <= LONGEST and len(told.skips) <= LONGEST


def nowhere(told: Told) -> bool:
    return not told.leads


ENTITIES = (
    feed("billion-laughs", rss(item(title="&a12;"), doctype(laughs())), check=short),
    feed("billion-laughs-in-a-link", rss(item(link="&a12;"), doctype(laughs())), check=short),
    feed(
        "billion-laughs-in-atom",
        doctype(laughs()) + atom("<entry><title>&a12;</title><link href='/a'/></entry>")[38:],
        check=short,
    ),
    feed(
        "quadratic-entity",
        rss("".join(item(n, "&b;" * 20_000) for n in range(5)), doctype(f"<!ENTITY b '{'x' * 1500}'>")),
        check=short,
    ),
    feed("entity-within-itself", rss(item(title="&c;"), doctype("<!ENTITY c '&d;'><!ENTITY d '&c;'>")), check=short),
    feed(
        "entity-of-a-file",
        rss(item(title="x&e;"), doctype("<!ENTITY e SYSTEM 'file:///etc/passwd'>")),
        check=nothing_of_ours,
    ),
    feed(
        "entity-of-the-house",
        rss(item(title="x&e;"), doctype(f"<!ENTITY e SYSTEM '{HOME}{NEVER}'>")),
        check=nothing_of_ours,
    ),
    feed(
        "entity-of-parameters", rss(item(), doctype(f"<!ENTITY % e SYSTEM '{HOME}{NEVER}'> %e;")), check=nothing_of_ours
    ),
    feed(
        "doctype-of-another-server", rss(item(), f"{XML}<!DOCTYPE rss SYSTEM '{HOME}{NEVER}'>"), check=nothing_of_ours
    ),
    feed(
        "xinclude",
        rss(
            item(more="<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd' parse='text'/>")
        ),
        check=nothing_of_ours,
    ),
    feed(
        "stylesheet-of-another-server",
        rss(item(), f"{XML}<?xml-stylesheet href='{HOME}{NEVER}'?>"),
        check=nothing_of_ours,
    ),
    feed("doctype-of-a-megabyte", rss(item(), doctype("<!ENTITY f 'x'>" * 70_000)), "not-a-feed"),
)
SIZES = (
    feed(
        "hundred-thousand-items",
        rss("".join(f"<item><title>t</title><link>/{n}</link></item>" for n in range(100_000))),
        check=bounded,
    ),
    feed("hundred-thousand-empty-items", rss("<item/>" * 100_000 + item()), "drifted", nowhere),
    feed("hundred-thousand-atom-entries", atom("<entry><link href='/a'/></entry>" * 100_000), check=count(1)),
    feed(
        "hundred-thousand-json-items",
        items([{"id": str(n), "url": f"/{n}"} for n in range(100_000)]),
        check=bounded,
        type="application/feed+json",
    ),
    feed("deep-xml", rss("<a>" * 100_000 + "</a>" * 100_000 + item()), "too-large"),
    feed("deep-xml-that-never-ends", rss(item() + "<a>" * 500_000), "too-large"),
    feed("deep-xml-within-bounds", rss(item() + "<a>" * 90_000)),
    feed(
        "deep-xhtml",
        atom("<entry><link href='/a'/><content type='xhtml'>" + "<div>" * 50_000 + "</content></entry>"),
        check=count(1),
    ),
    feed(
        "deep-json",
        '{"version":"https://jsonfeed.org/version/1.1","items":' + "[" * 200_000,
        "not-a-feed",
        type="application/json",
    ),
    feed(
        "deep-json-that-ends",
        '{"version":"https://jsonfeed.org/version/1.1","items":' + "[" * 900 + "]" * 900 + "}",
        "drifted",
        type="application/json",
    ),
    feed("title-of-three-megabytes", rss(item(title="tin " * 800_000)), check=count(1)),
    feed("body-of-six-megabytes", rss(item(more=f"<description>{'tin ' * 1_500_000}</description>")), check=count(1)),
    feed(
        "attributes-by-the-thousand",
        rss(item(), root="rss " + " ".join(f"a{n}='1'" for n in range(50_000))),
        "too-large",
    ),
    feed(
        "namespaces-by-the-thousand",
        rss(item(), root="rss " + " ".join(f"xmlns:a{n}='u{n}'" for n in range(20_000))),
        "too-large",
    ),
    feed("tag-name-of-a-megabyte", rss(f"<{'x' * 1_000_000}/>" + item())),
    feed(
        "numbers-of-a-megabyte",
        items([{"id": 1, "url": "/a"}], x=1).replace('"x": 1', '"x": ' + "9" * 1_000_000),
        "not-a-feed",
        type="application/json",
    ),
)
LINKS = (
    feed("link-to-a-script", rss(item(link="javascript:alert(1)") + item()), check=one_good),
    feed(
        "link-to-a-script-in-disguise",
        rss(item(link="java\nscript:alert(1)") + item(link=" JaVaScRiPt:x") + item()),
        check=one_good,
    ),
    feed("link-to-data", rss(item(link="data:text/html,x") + item()), check=one_good),
    feed("link-to-a-file", rss(item(link="file:///etc/passwd") + item()), check=one_good),
    feed("link-to-another-host", rss(item(link="http://khac.example/a") + item()), check=one_good),
    feed("link-inside-the-house", rss(item(link="http://127.0.0.1/a") + item()), check=one_good),
    feed("link-with-a-user", rss(item(link="http://tin.example@khac.example/a") + item()), check=one_good),
    feed(
        "link-with-a-password",
        rss(item(link="http://a:b@tin.example/a") + item()),
        check=lambda told: all("@" not in lead.url for lead in told.leads),
    ),
    feed(
        "link-with-a-line-break",
        rss(item(link=f"{HOME}/a\r\nHost: khac.example") + item()),
        check=lambda told: all("\r" not in lead.url and "\n" not in lead.url for lead in told.leads),
    ),
    feed("link-of-a-hundred-kilobytes", rss(item(link=f"{HOME}/{'a' * 100_000}") + item()), check=one_good),
    feed(
        "link-that-is-relative",
        rss(item(link="/tin-so-1.htm")),
        check=lambda told: told.leads[0].url == f"{HOME}/tin-so-1.htm",
    ),
    feed(
        "link-relative-to-another-base",
        rss(item(link="tin-so-1.htm"), root="rss xml:base='http://khac.example/'"),
        "drifted",
        nowhere,
    ),
    feed("links-missing", rss("<item><title>a</title></item>" * 3), "drifted"),
    feed("link-in-the-guid", rss(f"<item><title>{TITLE}</title><guid>{HOME}/a.htm</guid></item>"), check=one_good),
    feed(
        "ids-that-repeat",
        rss("".join(item(n, more="<guid isPermaLink='false'>x</guid>") for n in range(5))),
        check=count(5),
    ),
    feed("items-that-repeat", rss(item() * 500), check=count(1)),
)
SHAPES = (
    feed("no-items", rss(), "empty"),
    feed("no-items-in-json", items([]), "empty", type="application/json"),
    feed("no-dates", rss(item()), check=lambda told: told.leads[0].time == ""),
    *(
        feed(f"absurd-date-{at}", rss(item(more=f"<pubDate>{date}</pubDate>")), check=one_good)
        for at, date in enumerate(
            (
                "31/02/99999 25:61",
                "0000-00-00T00:00:00Z",
                "-1",
                "9" * 400,
                "Thu, 32 Foo 2026 99:99:99 +9999",
                "\u202e2026",
                "2026-10-20T00:00:00+99:99",
                "1e308",
            )
        )
    ),
    feed(
        "cdata-in-two",
        rss(item(title="<![CDATA[Sở Y tế thí dụ khai trương trạm ]]><![CDATA[y tế số một]]>")),
        check=one_good,
    ),
    feed("cdata-with-its-end-inside", rss(item(title="<![CDATA[a ]]]]><![CDATA[> b]]>")), check=count(1)),
    feed("cdata-that-never-ends", rss(item() + "<item><title><![CDATA[" + "x" * 100_000)),
    feed(
        "cdata-with-a-script",
        rss(item(more="<description><![CDATA[<script>alert(1)</script>]]></description>")),
        check=one_good,
    ),
    feed("cut-in-the-middle", rss(item(1) + item(2, "Tin thứ hai"))[:-60], check=lambda told: TITLE in told.titles),
    feed("two-documents", rss(item()) + rss(item(2, "Tin thứ hai")), check=lambda told: told.titles[0] == TITLE),
    feed("blanks-before-the-declaration", "\r\n\r\n" + rss(item()), check=one_good),
    feed("mark-before-the-declaration", "\ufeff" + rss(item()), check=one_good),
    feed("declaration-that-lies", rss(item(), "<?xml version='1.0' encoding='utf-16'?>"), check=one_good),
    feed("declaration-nobody-knows", rss(item(), "<?xml version='1.0' encoding='x-khong-co'?>"), check=one_good),
    feed("nul-in-the-title", rss(item(title=TITLE.replace("thí", "th\0í"))), check=one_good),
    feed("control-characters", rss(item(title="".join(map(chr, range(1, 32))) + TITLE)), check=count(1)),
    feed(
        "surrogates-in-json",
        items([{"id": "1", "url": "/a", "title": "x\ud800y"}]),
        check=lambda told: bool(told.leads[0].title.encode("utf-8")),
        type="application/json",
    ),
    feed("root-of-a-sitemap", f"{XML}<urlset><url><loc>{HOME}/a</loc></url></urlset>", "not-a-feed"),
    feed("root-of-nothing", f"{XML}<x/>", "not-a-feed"),
    feed("root-of-soap", f"{XML}<Envelope><Body><Fault>no</Fault></Body></Envelope>", "not-a-feed"),
    feed("json-that-is-no-feed", '{"error": "no"}', "not-a-feed", type="application/json"),
    feed(
        "json-items-of-no-kind",
        items([]).replace("[]", '[1, null, "a", [2], {"url": {"a": 1}}]'),
        "drifted",
        type="application/json",
    ),
    feed(
        "json-twice-the-same-key",
        '{"version": "https://jsonfeed.org/version/1", "items": [], "items": 7}',
        "not-a-feed",
        type="application/json",
    ),
    feed("plain-text", "xin chào", "not-a-feed", type="text/plain"),
)
CASES = (*ENTITIES, *SIZES, *LINKS, *SHAPES)
