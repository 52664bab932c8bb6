"""Minify a loader that is not released yet: `python tools/make_loader.py 2.0.0`, with Node and terser at hand.

Reads templates/embeds/loader-sources/<version>.js; writes templates/embeds/loaders/<version>.js. A released version is
never made again: its file is what snippets pin. `make check-site` holds the file to its source.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

EMBEDS = Path(__file__).resolve().parent.parent / "templates/embeds"
OPTIONS = ("--module", "--compress", "passes=2", "--mangle")


def source(version: str) -> Path:
    """The readable loader."""
    return EMBEDS / "loader-sources" / f"{version}.js"


def minified(version: str, terser: tuple[str, ...]) -> bytes:
    """What is published, head line and all. `terser` is the command that runs it."""
    text = source(version).read_bytes()
    ran = subprocess.run([*terser, *OPTIONS, "--", str(source(version))], capture_output=True, check=True)
    return head(version, text) + ran.stdout.strip() + b"\n"


def head(version: str, text: bytes) -> bytes:
    """The first line of the file: where its source is, and the source's digest."""
    digest = hashlib.sha256(text).hexdigest()
    return f"/* Readable: loader-{version}.src.js, sha256 {digest} */\n".encode()


if __name__ == "__main__":
    made = minified(sys.argv[1], tuple(sys.argv[2:]) or ("npx", "terser"))
    (EMBEDS / "loaders" / f"{sys.argv[1]}.js").write_bytes(made)
