"""When pages can be read on a slow telephone: a real browser at 400 kbit/s whose processor is slowed six times."""

import re
from collections.abc import Iterator
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ARGS
from tests.browser.served import SITE, Site

ROUNDS = 3  # the median of so many, each in a context without a cache
MOST_S = 3.0  # to read by
BYTES_A_SECOND = 400_000 // 8
LATENCY_MS = 150  # until the answer to each request begins: the round trip of Lighthouse's mobile profile
SLOWED = 6
TELEPHONE = {"width": 360, "height": 780}
PATIENCE_MS = 60_000

# `paint`: first words; `largest`: the largest block of words or picture so far, both since the address was opened.
SEEN = """async () => {
  const all = (type) => new Promise((done) => {
    new PerformanceObserver((list, own) => { own.disconnect(); done(list.getEntries()); })
      .observe({ type, buffered: true });
    setTimeout(() => done([]), 500);
  });
  const [paints, largest, moved] = await Promise.all(["paint", "largest-contentful-paint", "layout-shift"].map(all));
  return {
    paint: paints.find((one) => one.name === "first-contentful-paint").startTime,
    largest: largest.at(-1).startTime,
    moved: moved.reduce((sum, one) => sum + (one.hadRecentInput ? 0 : one.value), 0),
  };
}"""


def check(chromium: str, site: Site) -> bool:
    """Say for each kind of page when its words stood there and how far they moved; whether all is as wanted."""
    known = f"MAP {SITE} 127.0.0.1:{site.port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    print(f"at 400 kbit/s, {LATENCY_MS} ms a round trip, a processor slowed {SLOWED} times:", flush=True)
    good = True
    with sync_playwright() as playwright:
        args = [*ARGS, f"--host-resolver-rules={known}"]
        browser = playwright.chromium.launch(executable_path=chromium, args=args)
        for name, path, shown in _pages(site):
            good &= _said(name, [_seen(browser, site.url(path), shown) for _ in range(ROUNDS)])
        browser.close()
    return good


def _pages(site: Site) -> Iterator[tuple[str, str, str]]:
    """Name, path, and what must stand there: the fullest page of each kind."""
    yield "home", "index.html", ".card"
    yield "bulletin", _fullest(site, r"ngay/\d{4}-\d\d-\d\d/index\.html"), ".card"
    yield "story", _fullest(site, r"tin/.+\.html"), "h1"
    yield "topic", _fullest(site, r"chu-de/[^/]+/index\.html"), ".card"
    yield "what to do", "can-lam-gi/index.html", "h1"
    yield "search", "tim-kiem/index.html", "#tu-khoa"
    yield "results", "tim-kiem/?q=tiem+chung", "#ket-qua a"


def _fullest(site: Site, pattern: str) -> str:
    paths = {path.relative_to(site.output).as_posix(): path for path in site.output.rglob("*.html")}
    return max((path.stat().st_size, name) for name, path in paths.items() if re.fullmatch(pattern, name))[1]


def _seen(browser: Browser, url: str, shown: str) -> dict[str, float]:
    """One round: milliseconds until the first and the largest words and until all stood there, and the layout shift."""
    context = browser.new_context(viewport=TELEPHONE, device_scale_factor=2, is_mobile=True, has_touch=True)  # type: ignore[arg-type]
    page = context.new_page()
    _slow_down(page)
    page.goto(url, timeout=PATIENCE_MS)
    page.locator(shown).first.wait_for(timeout=PATIENCE_MS)
    there = page.evaluate("performance.now()")
    seen: dict[str, float] = {"there": there, **page.evaluate(SEEN)}
    context.close()
    return seen


def _slow_down(page: Page) -> None:
    session: Any = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})


def _said(name: str, rounds: list[dict[str, float]]) -> bool:
    paint, largest, there = (median(one[key] for one in rounds) / 1000 for key in ("paint", "largest", "there"))
    moved = max(one["moved"] for one in rounds)
    said = f"first words {paint:.2f} s · largest {largest:.2f} s · all there {there:.2f} s · moved {moved:.3f}"
    print(f"{name:<10} {said}", flush=True)
    return largest <= MOST_S and moved == 0
