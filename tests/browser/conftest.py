"""A browser without a network, the demo site in it, and pages that note all that goes wrong on them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.browser.served import INSECURE, PORTAL, SITE, SITE_2020, Portal, Site, build, portal_serving, serving

ARGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
PATIENCE_MS = 30_000  # for a machine that is busy with other things; nothing waits that long when all is well


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Debian's chromium. Without it the tests are skipped, in CI they fail."""
    path = shutil.which("chromium")
    if path is None and os.environ.get("CI"):
        pytest.fail("chromium is not installed: CI runs the browser tests; apt-get install chromium")
    if path is None:
        pytest.skip("chromium is not installed (apt-get install chromium)")
    return path


@pytest.fixture(scope="session")
def site(chromium: str, shared: Path) -> Iterator[Site]:
    """The default world, built and served."""
    with serving(build(shared, SITE), SITE) as served:
        yield served


@pytest.fixture(scope="session")
def site_2020(chromium: str, shared: Path) -> Iterator[Site]:
    """August 2020: both app campaigns run."""
    with serving(build(shared, SITE_2020), SITE_2020) as served:
        yield served


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run see."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "built"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    """A portal on another origin."""
    with portal_serving() as served:
        yield served


@pytest.fixture(scope="session")
def playwright_itself(chromium: str) -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(
    playwright_itself: Playwright, chromium: str, site: Site, site_2020: Site, portal: Portal
) -> Iterator[Browser]:
    """A browser that knows four names and nothing else of the world."""
    ports = {SITE: site.port, SITE_2020: site_2020.port, PORTAL: portal.port, INSECURE: portal.port}
    known = ", ".join(f"MAP {host} 127.0.0.1:{port}" for host, port in ports.items())
    nothing = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    browser = playwright_itself.chromium.launch(
        executable_path=chromium, args=[*ARGS, f"--host-resolver-rules={known}, {nothing}"]
    )
    try:
        yield browser
    finally:
        browser.close()


@dataclass
class Noted:
    """What went wrong on a page and its frames, and what it asked for."""

    errors: list[str] = field(default_factory=list)  # thrown and not caught
    console: list[str] = field(default_factory=list)  # errors the browser names, refusals by policy among them
    urls: list[str] = field(default_factory=list)


class Open:
    """Opens pages, each in a context of its own that is closed when the test ends; notes what goes wrong on them."""

    def __init__(self, browser: Browser, stack: ExitStack) -> None:
        self.browser = browser
        self.stack = stack
        self.noted = Noted()

    def context(self, **options: object) -> BrowserContext:
        context = self.browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})  # type: ignore[arg-type]
        self.stack.callback(context.close)
        context.set_default_timeout(PATIENCE_MS)
        return context

    def page(self, **options: object) -> Page:
        page = self.context(**options).new_page()
        self.noted = Noted()
        page.on("pageerror", lambda error: self.noted.errors.append(str(error)))
        page.on("console", lambda line: self.noted.console.append(line.text) if line.type == "error" else None)
        page.on("request", lambda request: self.noted.urls.append(request.url))
        return page


@contextmanager
def opening(browser: Browser) -> Iterator[Open]:
    with ExitStack() as stack:
        yield Open(browser, stack)


@pytest.fixture
def open_(browser: Browser) -> Iterator[Open]:
    """Opens pages, and notes what goes wrong on them."""
    with opening(browser) as opened:
        yield opened
