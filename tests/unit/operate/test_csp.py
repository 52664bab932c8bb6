"""What a Content-Security-Policy lets a page load, by the examples of the standard and of real portals."""

import pytest

from aggregator.operate import csp

PAGE = "https://phuong.example.gov.vn/"
OURS = "https://bantin.example/embed/latest/all.html"


def blocks(policy: str, kind: str = "frame-src", url: str = OURS, page: str = PAGE, pass_: str = "") -> str:
    return csp.blocks(csp.policies([policy] if policy else [], []), kind, url, page, pass_)


@pytest.mark.parametrize(
    "policy",
    [
        "",
        "script-src 'self'",
        "frame-src https://bantin.example",
        "frame-src https://bantin.example/embed/",
        "frame-src https://bantin.example/embed/latest/all.html",
        "frame-src bantin.example:443",
        "frame-src *.example",
        "frame-src https:",
        "frame-src *",
        "default-src 'none'; frame-src https://bantin.example",
        "default-src 'none'; child-src https://bantin.example",
        "default-src https://bantin.example",
        "FRAME-SRC HTTPS://BANTIN.EXAMPLE",
        "frame-src http://bantin.example",
    ],
)
def test_what_is_allowed(policy: str) -> None:
    assert blocks(policy) == ""


@pytest.mark.parametrize(
    "policy",
    [
        "default-src 'self'",
        "default-src 'none'",
        "frame-src",
        "frame-src 'none'",
        "frame-src https://khac.example",
        "frame-src https://bantin.example:8443",
        "frame-src https://bantin.example/khac/",
        "frame-src *.bantin.example",
        "frame-src https://bantin.example.ke-gian.example",
        "frame-src 'self'; frame-src https://bantin.example",
        "frame-src 'self'; child-src https://bantin.example",
        "frame-src https://bantin.example, default-src 'self'",
        "frame-src data:",
    ],
)
def test_what_is_blocked(policy: str) -> None:
    assert blocks(policy)


def test_the_directive_that_decides_is_told() -> None:
    assert blocks("default-src 'self'; img-src *") == "default-src 'self'"


def test_scripts_may_come_with_a_nonce_or_by_their_digest() -> None:
    script = "https://bantin.example/embed/v2/loader-2.0.0.js"
    assert blocks("script-src 'nonce-abc'", "script-src", script, pass_="abc") == ""
    assert blocks("script-src 'sha384-xyz'", "script-src", script, pass_="sha384-xyz") == ""
    assert blocks("script-src 'sha384-xyz'", "script-src", script, pass_="sha384-other")
    assert blocks("script-src 'strict-dynamic' https://bantin.example", "script-src", script)


def test_a_meta_tag_counts_beside_the_header() -> None:
    both = csp.policies(["frame-src https://bantin.example"], ["default-src 'self'"])
    assert csp.blocks(both, "frame-src", OURS, PAGE) == "default-src 'self'"


def test_self_is_the_pages_own_host() -> None:
    assert blocks("frame-src 'self'", url="https://phuong.example.gov.vn/khung") == ""
    assert blocks("frame-src 'self'", page="http://bantin.example/") == ""
    assert blocks("frame-src 'self'", url="http://bantin.example/", page="https://bantin.example/")
