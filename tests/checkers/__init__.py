"""Checkers of the published site that are no tests of the suite: they need Java and Node, or minutes.

`make check-site` and `make lighthouse` install them into `.checkers/` and run this package.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".checkers"
MADE = ROOT / ".demo"
