"""The demo's site behind a real nginx with the shipped sample: its policy stops nothing of ours, and what it should."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.browser.conftest import ARGS, Noted, Open, opening
from tests.browser.served import PORTAL, SITE, Portal, Site
from tests.browser.test_reading import path_of
from tests.servers import samples

pytestmark = pytest.mark.browser
ORIGIN = f"http://{SITE}"


@dataclass
class Behind:
    browser: Browser
    site: Site


@pytest.fixture(scope="module")
def behind(
    playwright_itself: Playwright,
    chromium: str,
    site: Site,
    portal: Portal,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Behind]:
    """A browser to which the site's name is the nginx that serves its folder."""
    with samples.nginx(site.output, tmp_path_factory.mktemp("nginx")) as server:
        rules = f"MAP {SITE} 127.0.0.1:{server.port}, MAP {PORTAL} 127.0.0.1:{portal.port}"
        rules = f"--host-resolver-rules={rules}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
        browser = playwright_itself.chromium.launch(executable_path=chromium, args=[*ARGS, rules])
        try:
            yield Behind(browser, site)
        finally:
            browser.close()


@pytest.fixture
def opened(behind: Behind) -> Iterator[Open]:
    with opening(behind.browser) as open_:
        yield open_


def wrong(noted: Noted) -> list[str]:
    return noted.errors + noted.console


@pytest.mark.parametrize(
    "kind",
    [
        "home", "story with all parts", "story with a table", "search", "gallery", "status", "what to do", "subscribe",
        "A4 page of a notice", "frame of the latest news", "fluid banner", "campaign that runs",
    ],
)  # fmt: skip
def test_no_kind_of_page_is_hindered_by_its_policy(behind: Behind, opened: Open, kind: str) -> None:
    path = path_of(kind, behind.site)
    page = opened.page()
    answer = page.goto(behind.site.url(path), wait_until="networkidle")
    assert answer is not None and answer.status == 200
    assert answer.header_value("content-security-policy") and answer.header_value("server") == "nginx"
    assert wrong(opened.noted) == []
    assert page.evaluate("getComputedStyle(document.body).margin") == "0px"  # its style is there
    assert {url.startswith(ORIGIN) for url in opened.noted.urls} == {True}


def test_a_query_finds_stories_under_the_policy(behind: Behind, opened: Open) -> None:
    page = opened.page()
    page.goto(f"{ORIGIN}/tim-kiem/?q=sot+xuat+huyet")
    expect(page.locator("main a[href*='/tin/']").first).to_be_visible()
    assert wrong(opened.noted) == []


def test_the_gallery_shows_frame_and_element_under_the_policy(behind: Behind, opened: Open) -> None:
    page = opened.page()
    page.goto(f"{ORIGIN}/nhung/")
    page.locator("iframe[data-live=html]").scroll_into_view_if_needed()
    expect(page.frame_locator("iframe[data-live=html]").locator("ol li").first).to_be_visible()
    expect(page.locator("tin-y-te-2 ol li").first).to_be_visible()
    assert wrong(opened.noted) == []


def test_portals_frame_embeds_and_read_payloads_but_frame_no_page(behind: Behind, opened: Open, portal: Portal) -> None:
    page = opened.page()
    body = (
        f'<iframe id="embed" src="{ORIGIN}/embed/latest/all.html" width="400" height="400" sandbox></iframe>'
        f'<script type="module" src="{ORIGIN}/embed/v1/loader-1.0.0.js" crossorigin="anonymous"></script>'
        '<tin-y-te shelf="all" count="3">Tin</tin-y-te>'
    )
    page.goto(portal.page(body, f"frame-src {ORIGIN}; script-src {ORIGIN}; connect-src {ORIGIN}"))
    expect(page.frame_locator("#embed").locator("ol li").first).to_be_visible()
    expect(page.locator("tin-y-te ol li").first).to_be_visible()
    assert wrong(opened.noted) == []
    page.goto(portal.page(f'<iframe id="page" src="{ORIGIN}/"></iframe>', f"frame-src {ORIGIN}"))
    expect(page.frame_locator("#page").locator(".masthead")).to_have_count(0)
    assert any("frame" in line.lower() and "'none'" in line for line in opened.noted.console)


LOOK = """(name) => {
  const shown = [...document.getElementsByTagName(name)];
  const title = shown[0].getElementsByTagName("title")[0];
  return {
    count: shown.length,
    title: title.textContent,
    tall: Math.round(title.getBoundingClientRect().height) > 0,
    bold: getComputedStyle(title).fontWeight,
    address: getComputedStyle(shown[0].getElementsByTagName("link")[0]).display,
    hidden: [...shown[0].children].filter((one) => one.getBoundingClientRect().height === 0).length > 3,
    wide: document.documentElement.scrollWidth > innerWidth,
    ground: getComputedStyle(document.documentElement).backgroundColor,
  };
}"""


@pytest.mark.parametrize(("form", "name"), [("rss", "item"), ("atom", "entry")])
@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(20, 23, 26)")])
def test_a_feed_is_shown_by_its_stylesheet(
    behind: Behind, opened: Open, form: str, name: str, scheme: str, ground: str
) -> None:
    page = opened.page(viewport={"width": 360, "height": 800}, color_scheme=scheme)
    answer = page.goto(f"{ORIGIN}/feed/all.{form}", wait_until="networkidle")
    assert answer is not None and answer.header_value("content-type") == "application/xml; charset=utf-8"
    seen = page.evaluate(LOOK, name)
    assert seen["count"] >= 20 and seen["title"] in behind.site.text(f"feed/all.{form}")
    assert (seen["tall"], seen["bold"], seen["address"], seen["hidden"]) == (True, "700", "block", True)
    assert (seen["wide"], seen["ground"]) == (False, ground)
    assert [
        line for line in wrong(opened.noted) if "404" not in line
    ] == []  # it asks for /favicon.ico, and for no more
    assert {url.partition(ORIGIN)[2] for url in opened.noted.urls if "/assets/" not in url} <= {
        f"/feed/all.{form}",
        "/favicon.ico",
    }
