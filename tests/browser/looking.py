"""What is looked at on a page once it has loaded: measured in the page itself."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import Noted, Open
from tests.browser.served import Site
from tests.browser.touching import LEAST_PX, MOVED, SMALL, violations, zoomed

WIDTHS = (320, 360, 768, 1280)
PHONE = 360

WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const held = /auto|scroll|hidden|clip/;
  const scrolls = (e) => e && (held.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
  return [...document.body.querySelectorAll("*")]
    .filter((e) => e.getBoundingClientRect().right > room + 0.5 && !scrolls(e.parentElement))
    .slice(0, 3).map((e) => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)} > ${room}`)
    .concat(`page ${document.documentElement.scrollWidth} > ${room}`);
}"""

# Contrast of every shown text with what is painted behind it (WCAG 2.1 §1.4.3): "ratio colour on ground: text".
FAINT = """(least) => {
  const parts = (code) => {
    const numbers = code.match(/[\\d.]+/g).map(Number);
    if (code.startsWith("color(srgb")) return [numbers[0] * 255, numbers[1] * 255, numbers[2] * 255, numbers[3] ?? 1];
    return [numbers[0], numbers[1], numbers[2], numbers[3] ?? 1];
  };
  const over = (top, under) => top.slice(0, 3).map((part, n) => part * top[3] + under[n] * (1 - top[3]));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => part / 255).map(
      (part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const base = matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
  const known = new Map([[undefined, base], [null, base]]);
  const ground = (element) => {
    if (!known.has(element)) {
      const own = parts(getComputedStyle(element).backgroundColor);
      const behind = own[3] === 1 ? own : ground(element.parentElement ?? element.getRootNode().host);
      known.set(element, over(own, behind));
    }
    return known.get(element);
  };
  const unseen = /^(SCRIPT|STYLE|NOSCRIPT|OPTION|OPTGROUP|TITLE)$/;
  const found = new Set();
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) look(element.shadowRoot);
      const text = [...element.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join(" ").trim();
      if (!text || !element.checkVisibility({ visibilityProperty: true }) || unseen.test(element.tagName)) continue;
      const behind = ground(element);
      const front = over(parts(getComputedStyle(element).color), behind);
      const [high, low] = [light(front), light(behind)].sort((a, b) => b - a);
      const ratio = (high + 0.05) / (low + 0.05);
      const colours = `${front.map(Math.round)} on ${behind.map(Math.round)}`;
      if (ratio < least) found.add(`${ratio.toFixed(2)} ${colours}: ${text.slice(0, 40)}`);
    }
  };
  look(document);
  return [...found].slice(0, 5);
}"""

KEPT = """async () => ({
  cookies: document.cookie, local: localStorage.length, session: sessionStorage.length,
  databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING_KEPT = {"cookies": "", "local": 0, "session": 0, "databases": 0, "caches": 0, "workers": 0}


@dataclass
class Seen:
    """What was seen on one page of the site."""

    wide: dict[int, list[str]] = field(default_factory=dict)
    faint: dict[str, list[str]] = field(default_factory=dict)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    small: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    zoomed: list[str] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)


def look(open_: Open, page: Page, site: Site, path: str) -> Seen:
    """Load the page once and measure all that is promised of every page."""
    open_.noted = Noted()
    page.set_viewport_size({"width": PHONE, "height": 800})
    page.goto(site.url(path))
    seen = Seen(moved=page.evaluate(MOVED))
    seen.small = page.evaluate(SMALL, LEAST_PX)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        seen.faint[scheme] = page.evaluate(FAINT, 4.5)
        seen.wrong[scheme] = violations(page, path.startswith("embed/"))
    page.emulate_media(contrast="more")
    seen.faint["more contrast"] = page.evaluate(FAINT, 7)
    page.emulate_media(contrast="no-preference")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        seen.wide[width] = page.evaluate(WIDE)
    page.set_viewport_size({"width": min(WIDTHS), "height": 800})
    seen.zoomed = zoomed(page, WIDE)
    seen.kept = {**page.evaluate(KEPT), "cookies": page.context.cookies() or ""}
    seen.errors = open_.noted.errors + open_.noted.console
    seen.urls = open_.noted.urls
    return seen
