"""Pages that stand where the content should be: JavaScript challenges, login forms, soft 404s. Pure."""

import re
import unicodedata
from html import unescape
from urllib.parse import urlsplit

from aggregator.model import Page

TINY = 6_000  # bytes; the cookie challenges of press sites measured 177 bytes, the larger ones carry a hashing script
HEAD = 200_000  # bytes looked at; what a page is stands at its beginning

NAMED = (
    (b"/cdn-cgi/challenge-platform/", "a Cloudflare challenge"),
    (b"_cf_chl_opt", "a Cloudflare challenge"),
    (b"_Incapsula_Resource", "an Incapsula challenge"),
    (b"sucuri_cloudproxy_js", "a Sucuri challenge"),
    (b"toNumbers(", "a cookie challenge (testcookie)"),
    (b"AwsWafIntegration", "an AWS WAF challenge"),
)
COOKIE = re.compile(rb"document\s*\.\s*cookie\s*=")
RELOAD = re.compile(rb"location\s*(?:\.\s*(?:reload|replace|assign|href)\s*[(=]|=)|http-equiv=[\"']?refresh", re.I)
# What never ends reaches to the end, and no tag holds another's beginning: else hostile bytes cost their square.
MARKUP = re.compile(rb"<(script|style|noscript)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<[^<>]*>", re.I | re.S)
SCRIPT = re.compile(rb"<script\b", re.I)
WORDS = 30  # words of visible text that a challenge page may have ("Please wait while your browser is checked")

PASSWORD = re.compile(rb"<input\b[^<>]*\btype\s*=\s*[\"']?password", re.I)
TITLE = re.compile(rb"<title[^<>]*>([^<]*)", re.I)
HEADING = re.compile(rb"<h[12]\b[^<>]*>\s*(?:<(?:span|a|b|strong|i)\b[^<>]*>\s*)*([^<]*)", re.I)
LOGIN_TITLE = re.compile(r"^\s*(đăng nhập|login|log in|sign in|single sign[- ]on)\b", re.I)
LOGIN_PATH = re.compile(r"/(login|log-in|signin|sign-in|dang-nhap|dangnhap|sso|cas)(?:[/.?;]|$)", re.I)
THING = r"(?:trang|bài viết|bài|tin bài|nội dung|đường dẫn|liên kết|địa chỉ|tài nguyên)"
ABSENT = re.compile(
    rf"^\W*(?:(?:lỗi|error|http)\s*)?404\s*(?:[-–|:.!]|$|not found|error|không tìm thấy|page)"
    rf"|^\W*(?:rất tiếc|xin lỗi|sorry|oops)?\W*(?:không tìm thấy {THING}|{THING}(?: (?:này|bạn|yêu cầu|quý vị|cần|tìm|"
    r"kiếm|xem|đang|truy cập|web|tin))* (?:không tồn tại|không có|đã bị (?:xóa|xoá|gỡ))"
    r"|(?:page|article|content|resource)(?: \w+){0,3} (?:not|cannot be|could not be|no longer) \w+|not found\W*$)",
    re.I,
)
SAID = 120  # words of visible text on a page that says so; a long one is an article with an odd title


def challenge(page: Page) -> str:
    """What was seen, in words, when the page is a JavaScript challenge instead of content; else ""."""
    body = page.body[:HEAD]
    if not _is_html(page):
        return ""
    visible = _words(body)
    named = next((name for mark, name in NAMED if mark in body), "")
    if named and visible <= WORDS:
        return named
    if len(page.body) <= TINY and visible <= WORDS and COOKIE.search(body) and RELOAD.search(body):
        return f"a {len(page.body)}-byte page that sets a cookie by script and reloads"
    return ""


def shell(page: Page) -> str:
    """What was seen, in words, when scripts alone would make the page's content; else ""."""
    body = page.body[:HEAD]
    if not _is_html(page) or not SCRIPT.search(body) or len(MARKUP.sub(b" ", body).split()) > WORDS:
        return ""
    return (
        "a JavaScript shell: the page holds scripts and next to no text; look in a browser for the feed or JSON it asks"
    )


def login(page: Page) -> str:
    """What was seen, in words, when a login form stands where the content was; else "".

    A password field alone proves nothing: portals carry a login box beside their news.
    """
    body = page.body[:HEAD]
    if not _is_html(page) or not PASSWORD.search(body):
        return ""
    found = TITLE.search(body)
    title = found[1].decode("utf-8", "replace") if found else ""
    path = urlsplit(page.url).path
    if LOGIN_PATH.search(path) and not LOGIN_PATH.search(urlsplit(page.request.url).path):
        return f"a redirect to the login page {path}"
    return f"a login page titled {title.strip()!r}" if LOGIN_TITLE.search(title) else ""


def absent(page: Page) -> str:
    """What was seen, in words, when a page that was answered with 200 says that there is none (a soft 404); else "".

    An article's address that leads to the site's front page says so, too.
    """
    asked, landed = urlsplit(page.request.url), urlsplit(page.url)
    if landed.path in ("", "/") and not landed.query and (asked.path not in ("", "/") or asked.query):
        return "a redirect to the front page"
    body = page.body[:HEAD]
    if not _is_html(page):
        return ""
    for found in (TITLE.search(body), HEADING.search(body)):
        said = unicodedata.normalize(
            "NFC", " ".join(unescape((found[1] if found else b"").decode("utf-8", "replace")).split())
        )
        if ABSENT.search(said) and _words(body) <= SAID:
            return f"a page titled {said[:80]!r}"
    return ""


def _words(body: bytes) -> int:
    return len(MARKUP.sub(b" ", body).split())


def _is_html(page: Page) -> bool:
    if "html" in page.header("content-type").lower():
        return True
    return page.body[:400].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<!doctype html", b"<html", b"<script"))
