"""Pages that stand where the content should be: JavaScript challenges and login forms. Pure."""

import re
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
MARKUP = re.compile(rb"<(script|style|noscript)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.I | re.S)
SCRIPT = re.compile(rb"<script\b", re.I)
WORDS = 30  # words of visible text that a challenge page may have ("Please wait while your browser is checked")

PASSWORD = re.compile(rb"<input\b[^>]*\btype\s*=\s*[\"']?password", re.I)
TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.I | re.S)
LOGIN_TITLE = re.compile(r"^\s*(đăng nhập|login|log in|sign in|single sign[- ]on)\b", re.I)
LOGIN_PATH = re.compile(r"/(login|log-in|signin|sign-in|dang-nhap|dangnhap|sso|cas)(?:[/.?;]|$)", re.I)


def challenge(page: Page) -> str:
    """What was seen, in words, when the page is a JavaScript challenge instead of content; else ""."""
    body = page.body[:HEAD]
    if not _is_html(page):
        return ""
    visible = len(MARKUP.sub(b" ", body).split())
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


def _is_html(page: Page) -> bool:
    if "html" in page.header("content-type").lower():
        return True
    return page.body[:400].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<!doctype html", b"<html", b"<script"))
