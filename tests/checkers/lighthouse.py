"""Lighthouse with its mobile profile on four pages of the demo's site in public mode: 100 in all four categories."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from tests.browser.served import SITE, Site, serving
from tests.checkers import MADE, TOOLS, slowly
from tests.line import Line

NODE = TOOLS / "venv/bin/node"
CLI = TOOLS / "node_modules/lighthouse/cli/index.js"
ROUNDS = 3  # the median of so many: one round can be off by a point or two
WANTED = 100
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
)


def check() -> int:
    """Say the medians of each page and what it lost points by; 1 when any is below 100, moved, or took long."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("chromium is not installed: apt-get install chromium", file=sys.stderr)
        return 1
    good = True
    with serving(_public(MADE / "lighthouse"), SITE, packed=True) as site:
        for name, path in _pages(site):
            reports = [_report(chromium, site, path) for _ in range(ROUNDS)]
            good &= _said(name, reports)
        good &= slowly.check(chromium, site)
    return 0 if good else 1


def _public(folder: Path) -> Path:
    """The output in public mode: pages that search engines must leave alone lose points for it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with Line(folder) as line:
        public = line.config(base_url=f"http://{SITE}/", mode="public")
        line.run(public)
        line.go_live(public)
        line.run(public, step=timedelta(hours=31))
        return line.output


def _pages(site: Site) -> Iterator[tuple[str, str]]:
    """Name and path: home, the fullest bulletin, the longest story, the search page, and with what it found."""
    yield "home", "index.html"
    yield "bulletin", _longest(site, "ngay/*/index.html")
    yield "story", _longest(site, "tin/**/*.html")
    yield "search", "tim-kiem/index.html"
    yield "results", "tim-kiem/?q=tiem+chung"


def _longest(site: Site, pattern: str) -> str:
    found = max(site.output.glob(pattern), key=lambda path: (path.stat().st_size, path.name))
    return found.relative_to(site.output).as_posix()


def _report(chromium: str, site: Site, path: str) -> dict[str, Any]:
    """One round. Raises when Lighthouse did not come to its end."""
    known = f"MAP {SITE} 127.0.0.1:{site.port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    chrome = f'--chrome-flags={FLAGS} --host-resolver-rules="{known}"'
    command = [str(NODE), str(CLI), site.url(path), "--output=json", "--quiet", "--no-enable-error-reporting", chrome]
    ran = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "CHROME_PATH": chromium})
    if ran.returncode:
        raise RuntimeError(f"lighthouse {path}: {ran.stderr[-2000:]}")
    report: dict[str, Any] = json.loads(ran.stdout)
    if report.get("runtimeError"):
        raise RuntimeError(f"lighthouse {path}: {report['runtimeError']['message']}")
    return report


def _said(name: str, reports: list[dict[str, Any]]) -> bool:
    """Print what the rounds said of the page; whether it is as good as wanted."""
    scores = {key: median(_score(report, key) for report in reports) for key in CATEGORIES}
    moved = max(report["audits"]["cumulative-layout-shift"]["numericValue"] for report in reports)
    first = median(report["audits"]["first-contentful-paint"]["numericValue"] for report in reports)
    said = " · ".join(f"{key} {score:.0f}" for key, score in scores.items())
    print(f"{name:<10} {said} · first paint {first / 1000:.1f} s · moved {moved:.3f}", flush=True)
    for lost in sorted(set().union(*map(_lost, reports))):
        print(f"           {lost}")
    return moved == 0 and all(score >= WANTED for score in scores.values())


def _score(report: dict[str, Any], category: str) -> int:
    return round(100 * (report["categories"][category]["score"] or 0))


def _lost(report: dict[str, Any]) -> set[str]:
    """Audits that cost points, with their title."""
    weighed = {row["id"] for key in CATEGORIES for row in report["categories"][key]["auditRefs"] if row["weight"]}
    audits = report["audits"]
    return {f"{id}: {audits[id]['title']}" for id in weighed if (audits[id]["score"] or 0) < 1 and _counts(audits[id])}


def _counts(audit: dict[str, Any]) -> bool:
    return audit["scoreDisplayMode"] in {"binary", "numeric", "metricSavings", "error"}
