"""Every loader is what terser makes of the readable source beside it."""

import sys

from tests.checkers import TOOLS
from tools import make_loader

NODE = TOOLS / "venv/bin/node"
TERSER = TOOLS / "node_modules/terser/bin/terser"


def check() -> int:
    """Say which loaders differ from their source; 1 when one does, or there is none."""
    versions = sorted(path.stem for path in (make_loader.EMBEDS / "loader-sources").glob("*.js"))
    good = bool(versions)
    for version in versions:
        released = (make_loader.EMBEDS / "loaders" / f"{version}.js").read_bytes()
        same = make_loader.minified(version, (str(NODE), str(TERSER))) == released
        print(f"loader {version}: {'is its source' if same else 'differs from its source'}", file=sys.stderr)
        good &= same
    return 0 if good else 1
