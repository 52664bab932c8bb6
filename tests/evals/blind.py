"""Scores a folder of labelled lines that nobody has looked at. `python -m tests.evals.blind FOLDER`; never by default.

Figures only: whoever sees an error of a blind set unseals it. Its files have the form of those in about/ and pairs/ and
are found by the beginning of their names, in the folder or below it: `tags`, `documents`, `urgent`; and for pairs
`texts`, beside one other file of the same folder whose lines name two texts (`a`, `b`).
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.evals import about_eval, pairs_eval
from tests.evals.about import notices, texts


def report(folder: Path) -> str:
    """The figures of every set in the folder. Raises ValueError where it holds none."""
    lines = [line for path in sorted(folder.rglob("*.jsonl")) for line in _scored(path)]
    if not lines:
        raise ValueError(f"{folder}: no tags*.jsonl, documents*.jsonl, urgent*.jsonl or texts*.jsonl in it")
    return "\n".join(lines)


def _scored(path: Path) -> Iterator[str]:
    if path.name.startswith("tags"):
        yield from (about_eval.TAGS, *about_eval.tag_lines("blind", about_eval.judged_tags(texts.read(path))))
    elif path.name.startswith("documents"):
        read = texts.read(path)
        yield from (about_eval.DOCUMENTS, about_eval.document_line("blind", about_eval.judged_documents(read), read))
    elif path.name.startswith("urgent"):
        judged = notices.judge(notices.reader(), texts.read(path))
        yield from (about_eval.NOTICES, about_eval.notice_line("blind", judged))
    elif path.name.startswith("texts"):
        yield from (pairs_eval.summary("blind", pairs_eval.judged_in(path, pairs)) for pairs in _pairs(path.parent))


def _pairs(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            first = json.loads(next(file, "{}"))
        if {"a", "b"} <= set(first):
            yield path


if __name__ == "__main__":
    sys.stdout.write(report(Path(sys.argv[1])) + "\n")
