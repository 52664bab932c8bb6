"""Content and encodings: what stands where the news should be, and bytes that are not what they are said to be."""

import codecs
from collections.abc import Callable

from tests.hostile.case import Case, Told
from tests.hostile.server import http, to

HTML = "text/html; charset=utf-8"
TITLES = [f"Sở Y tế thí dụ khai trương trạm y tế số {number} của phường" for number in range(1, 5)]
MENU = "<nav><a href='/gioi-thieu'>Giới thiệu</a></nav>"


def links(titles: list[str]) -> str:
    return "".join(
        f"<div class='tin'><h3><a href='/tin/khai-truong-tram-so-{at}.htm'>{title}</a></h3>"
        "<p class='sapo'>Lời dẫn.</p></div>"
        for at, title in enumerate(titles)
    )


def listing(inside: str = "", head: str = "") -> str:
    return f"<!doctype html><html><head>{head}<title>Tin tức</title></head><body>{MENU}{inside}</body></html>"


GOOD = listing(links(TITLES))
PARAGRAPHS = "".join(
    f"<p>Trạm y tế số {n} khám cho người dân trong phường vào buổi sáng, cả thứ bảy.</p>" for n in range(9)
)
WORDS = f"<article><h1>{TITLES[0]}</h1>{PARAGRAPHS}</article>"
ARTICLE = f"<html><head><title>{TITLES[0]}</title></head><body>{WORDS}</body></html>"
LOGIN = "<html><title>Đăng nhập</title><body><form action=/dang-nhap><input type=password name=p></form></body></html>"
COOKIE = "<html><script>document.cookie='D1N=1';location.reload(true)</script></html>"
CLOUD = "<html><title>Just a moment...</title><script>window._cf_chl_opt={}</script></html>"
LOST = (
    (
        "soft-404-in-vietnamese",
        "<title>Không tìm thấy trang</title><h1>Không tìm thấy trang</h1><p>Quay về trang chủ.</p>",
    ),
    ("soft-404-by-number", "<title>404 - Cổng thông tin</title><h1>Lỗi 404</h1><p>Trang bạn tìm không tồn tại.</p>"),
    ("soft-404-in-english", "<title>Page not found</title><h1>Page not found</h1><p>Sorry.</p>"),
    ("soft-404-of-an-article", "<title>Bài viết không tồn tại</title><p>Bài viết không tồn tại hoặc đã bị xóa.</p>"),
    ("soft-404-of-a-portal", "<title>Cổng thông tin</title><h1>Trang bạn yêu cầu không tồn tại</h1>"),
)
NEWS = (
    ("news-about-404-cases", "404 ca mắc sốt xuất huyết trong tuần qua tại thành phố"),
    ("news-of-nothing-found", "Không tìm thấy ca mắc mới tại ổ dịch của phường"),
    ("news-about-a-page", "Trang thông tin tiêm chủng mở cho người dân tra cứu"),
)


def section(
    name: str,
    body: bytes | str,
    expect: str,
    check: Callable[[Told], bool] = lambda told: True,
    type: str = HTML,
    kind: str = "listing",
    **given: object,
) -> Case:
    return Case(name, http(body, type=type), expect, check, read="section", kind=kind, **given)  # type: ignore[arg-type]


def article(
    name: str, body: bytes | str, expect: str, check: Callable[[Told], bool] = lambda told: True, type: str = HTML
) -> Case:
    return Case(name, http(body, type=type), expect, check, read="article", kind="listing")


def titled(told: Told) -> bool:
    return told.titles == TITLES


def readable(told: Told) -> bool:
    """Leads came, and their text can be stored and shown."""
    for lead in told.leads:
        (lead.title + lead.summary).encode("utf-8")
        assert "\0" not in lead.title
    return bool(told.leads)


def because(words: str) -> Callable[[Told], bool]:
    return lambda told: any(words in skip.because for skip in told.skips)


NOT_NEWS = (
    section("nothing-for-a-listing", "", "empty"),
    section("nothing-for-a-feed", "", "empty", kind="feed"),
    section("blanks-for-a-listing", " \r\n\t" * 999, "empty"),
    section("blanks-for-a-feed", " \r\n\t" * 999, "empty", kind="feed"),
    Case("no-content", http(b"", "204 No Content"), "server-error", read="section"),
    section("page-for-a-feed", GOOD, "not-a-feed", kind="feed"),
    section("page-for-a-feed-said-to-be-xml", GOOD, "not-a-feed", kind="feed", type="application/rss+xml"),
    section("login-for-a-feed", LOGIN, "login", kind="feed"),
    section("login-for-a-listing", LOGIN, "login"),
    article("login-for-an-article", LOGIN, "skipped", because("login")),
    Case(
        "redirect-to-a-login",
        {"/bai-1.htm": to("/dang-nhap?next=1"), "/dang-nhap?next=1": http(LOGIN, type=HTML)},
        "login",
    ),
    section("cookie-challenge-for-a-feed", COOKIE, "blocked", kind="feed"),
    section("cookie-challenge-for-a-listing", COOKIE, "blocked"),
    article("cookie-challenge-for-an-article", COOKIE, "skipped", because("blocked")),
    Case("challenge-with-503", http(CLOUD, "503 Wait", type=HTML), "blocked"),
    Case("challenge-with-403", http(CLOUD, "403 No", type=HTML), "blocked"),
    Case("challenge-as-plain-text", http(COOKIE, type="text/plain"), "blocked"),
    section(
        "script-only-page", "<html><body><div id=root></div><script src=/app.js></script></body></html>", "drifted"
    ),
    section("parked-domain", listing("<p>Tên miền này đang được rao bán.</p>"), "drifted"),
    section("soft-404-for-a-listing", LOST[0][1], "gone"),
    section("soft-404-for-a-feed", LOST[0][1], "gone", kind="feed"),
    *(Case(name, http(f"<html><body>{body}</body></html>", type=HTML), "missing") for name, body in LOST),
    Case("soft-404-by-redirect-to-the-front-page", {"/bai-1.htm": to("/"), "/": http(GOOD, type=HTML)}, "missing"),
    *(
        article(name, ARTICLE.replace(TITLES[0], title), "draft", lambda told: told.draft is not None)
        for name, title in NEWS
    ),
    article("article-as-it-should-be", ARTICLE, "draft", lambda told: told.draft and told.draft.title == TITLES[0]),
    article("picture-for-an-article", b"\x89PNG\r\n\x1a\n" + b"\0\x01\xfe" * 3000, "skipped", type="image/png"),
    article("pdf-for-an-article", b"%PDF-1.7\n" + b"\xde\xad\xbe\xef" * 3000, "skipped", type="application/pdf"),
    article("json-for-an-article", '{"error": "no"}', "skipped", type="application/json"),
    article("nothing-for-an-article", "", "skipped"),
)
SHAPES = (
    section("one-line-of-seven-megabytes", "<html><body>" + "x" * 7_000_000, "drifted"),
    section("one-word-without-markup", b"x" * 7_900_000, "drifted"),
    section("deep-nesting", "<html><body>" + "<div>" * 100_000 + links(TITLES), "drifted"),
    section("deep-nesting-of-inline-tags", "<b><i>" * 60_000 + links(TITLES), "drifted"),
    section("deep-tables", "<table><tr><td>" * 20_000 + links(TITLES), "drifted"),
    section("very-many-tags", "<html><body>" + "<p>" * 2_000_000, "drifted"),
    section(
        "very-many-links",
        listing("".join(links([TITLES[0]]).replace("so-0", f"so-{n}") for n in range(9_000))),
        "drifted",
    ),
    section(
        "many-links",
        listing(
            "".join(f"<a href='/tin/{TITLES[0].split()[-1]}-mot-hai-ba-{n}'>{TITLES[0]}</a>" for n in range(15_000))
        ),
        "leads",
        lambda told: len(told.leads) <= 1000,
    ),
    section("marks-of-scripts", "<script" * 29_000, "drifted"),
    section("marks-of-comments", "<!--" * 30_000, "drifted"),
    section("marks-of-titles-and-inputs", "<title>" * 15_000 + "<input " * 15_000 + "type=password", "drifted"),
    section(
        "very-many-attributes",
        f"<html><body><div {' '.join(f'a{n}=1' for n in range(300_000))}>{links(TITLES)}",
        "drifted",
    ),
    section("attribute-of-five-megabytes", f"<html><body><div title='{'x' * 5_000_000}'>{links(TITLES)}", "drifted"),
    section("comment-of-five-megabytes", listing(f"<!--{'-' * 5_000_000}-->{links(TITLES)}"), "drifted"),
    section("comment-that-never-ends", listing(f"{links(TITLES)}<!--{'<a>' * 9_000}"), "leads", titled),
    section("less-than-signs", "<" * 7_000_000, "drifted"),
    section("unclosed-tags", "<a href='" * 30_000, "drifted"),
    section("entities", listing(links([f"{title}{'&amp;' * 100_000}" for title in TITLES])), "leads"),
    section(
        "entity-of-a-surrogate",
        listing(links([f"{title}&#xD800;&#0;&#x110000;" for title in TITLES])),
        "leads",
        readable,
    ),
    section("base-of-another-host", listing(links(TITLES), "<base href='http://khac.example/'>"), "drifted"),
    section("base-inside-the-house", listing(links(TITLES), "<base href='http://127.0.0.1/'>"), "drifted"),
    section("base-that-is-no-address", listing(links(TITLES), "<base href='http://['>"), "leads", titled),
    article(
        "script-within-the-article",
        ARTICLE.replace("<p>", "<p><script>alert(1)</script>"),
        "draft",
        lambda told: told.draft is not None,
    ),
    article("article-of-seven-megabytes", ARTICLE.replace("<p>", "<p>" + "tin y tế " * 70_000), "skipped"),
    article(
        "article-with-pictures-inside",
        ARTICLE.replace("<p>", "<p><img src='data:image/png;base64," + "iVBO" * 180_000 + "'>"),
        "draft",
        lambda told: told.draft is not None and len(told.draft.body) < 100_000,
    ),
)
ENCODINGS = (
    section("charset-utf-16-that-is-utf-8", GOOD, "leads", titled, type="text/html; charset=utf-16"),
    section("charset-latin-1-that-is-utf-8", GOOD, "leads", titled, type="text/html; charset=iso-8859-1"),
    section("charset-nobody-knows", GOOD, "leads", titled, type="text/html; charset=x-khong-co"),
    section("charset-of-a-python-codec", GOOD, "leads", titled, type="text/html; charset=zip"),
    section("charset-rot13", GOOD.encode() + b"\xff", "leads", readable, type="text/html; charset=rot13"),
    section("charset-undefined", GOOD.encode() + b"\xff", "leads", readable, type="text/html; charset=undefined"),
    section("charset-idna", GOOD.encode() + b"\xff", "leads", readable, type="text/html; charset=idna"),
    section(
        "charset-unicode-escape", GOOD.encode() + b"\xff", "leads", readable, type="text/html; charset=unicode_escape"
    ),
    section("charset-with-a-nul", GOOD, "leads", titled, type="text/html; charset=ut\0f-8"),
    section("charset-of-a-megabyte", GOOD, "leads", titled, type=f"text/html; charset={'x' * 60_000}"),
    section("utf-7-in-a-meta", listing("<meta charset=utf-7>" + links(TITLES)), "leads", titled),
    section("utf-16-with-its-mark", codecs.BOM_UTF16_LE + GOOD.encode("utf-16-le"), "leads", titled),
    section("utf-16-cut-in-a-character", codecs.BOM_UTF16_LE + GOOD.encode("utf-16-le") + b"\x00", "leads", titled),
    section("utf-16-surrogates", codecs.BOM_UTF16_LE + GOOD.encode("utf-16-le") + b"\x00\xd8" * 99, "leads", readable),
    section("utf-8-mark-twice", codecs.BOM_UTF8 * 2 + GOOD.encode(), "leads", titled),
    section("nuls-between-the-letters", GOOD.replace("a", "\0a"), "leads", readable),
    section("utf-8-that-is-none", GOOD.encode().replace(b"\xe1", b"\xff", 3), "leads", readable),
    section("utf-8-overlong", GOOD.encode().replace(b"<h3>", b"<h3>\xc0\xbcscript\xc0\xbe", 1), "leads", readable),
    section("every-byte-there-is", bytes(range(256)) * 20_000, "drifted"),
    section("page-without-a-type", GOOD, "leads", titled, type=""),
    section("page-said-to-be-a-picture", GOOD, "leads", titled, type="image/png"),
    section("gzip-as-the-content-itself", b"\x1f\x8b\x08\0\0\0\0\0\0\xff", "not-a-feed", kind="feed"),
)


def told_at_length(words: str, count: int) -> str:
    """An article that says the same again and again."""
    return f"<html><body><article><h1>Tin thử nghiệm dài</h1><p>20/10/2026 08:00</p><p>{words * count}</p></article>"


LENGTHS = (
    article("an article of disguised names", told_at_length("n.h.à c.á.i ", 60_000), "draft"),
    article("an article of signs among digits", told_at_length("1.2/3-4 ", 180_000), "draft"),
    article("an article of dates", told_at_length("ngày 12/08/2020 lúc 10:30, ", 60_000), "draft"),
    article("an article that names one house without end", told_at_length("nhà cái uy tín. ", 90_000), "draft"),
    article("an article of one word", told_at_length("a", 1_500_000), "draft"),
)
CASES = (*NOT_NEWS, *SHAPES, *ENCODINGS, *LENGTHS)
