"""What axe says of a page, how large its targets are for a finger, and how much of it moved while it loaded."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

LEAST_PX = 44  # of what is touched, WCAG 2.1 §2.5.5

# Touched things lower or narrower than a finger. Links within a sentence are let off, as the rule lets them off.
SMALL = """(least) => {
  const block = (e) => (/^inline/.test(getComputedStyle(e).display) ? block(e.parentElement) : e);
  const sentence = (e) => {
    if (getComputedStyle(e).display !== "inline") return false;
    const around = block(e.parentElement).cloneNode(true);
    around.querySelectorAll("a, button, time").forEach((one) => one.remove());
    return /[\\p{L}\\p{N}]/u.test(around.textContent);
  };
  const held = (e) => (getComputedStyle(e).position === "static" ? held(e.parentElement) : e);
  const box = (e) => {
    const after = getComputedStyle(e, "::after");
    return (after.content !== "none" && after.position === "absolute" ? held(e) : e).getBoundingClientRect();
  };
  const found = [];
  for (const e of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    if (!e.checkVisibility() || e.closest(".skip") || sentence(e)) continue;
    const { width, height } = box(e);
    const size = `${Math.round(width)}x${Math.round(height)}`;
    if (height < least - 0.5 || width < 24) found.push(`${size} ${e.outerHTML.slice(0, 90)}`);
  }
  return found.slice(0, 5);
}"""

MOVED = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
  const seen = new PerformanceObserver(() => {});
  seen.observe({ type: "layout-shift", buffered: true });
  done(seen.takeRecords().map((one) =>
    `${one.value.toFixed(4)} ${one.sources.map((source) => source.node?.outerHTML?.slice(0, 60)).join(" | ")}`));
})))"""

# A page made for a frame is not a page of its own: the portal around it has the heading and the main part.
IN_FRAMES = ("landmark-one-main", "page-has-heading-one")


@cache
def axe() -> str:
    """The source of axe-core, as its package brings it."""
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, in_frame: bool) -> list[str]:
    """What axe finds wrong, with the first place; all its rules but the experimental ones."""
    page.evaluate(axe())
    options = {"resultTypes": ["violations"], "rules": {rule: {"enabled": not in_frame} for rule in IN_FRAMES}}
    found: Any = page.evaluate("(options) => axe.run(document, options)", options)
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]


def zoomed(page: Page, wide: str) -> list[str]:
    """What runs off the window when letters are twice as large, at the width that is set."""
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    found: list[str] = page.evaluate(wide)
    page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
    return found
