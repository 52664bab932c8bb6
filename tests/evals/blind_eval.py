"""The sets that were written blind, scored once, then opened: the figures of the code as it is, and its errors.

They flatter: the rules have seen these texts since. What each scored while it was sealed stands in its SCORES.md.
"""

from collections.abc import Iterator
from pathlib import Path

from tests.evals import about_eval, pairs_eval
from tests.evals.about import notices, texts

HALVES = ("blind2", "blind3", "blind4", "blind5", "blind6", "dev7", "dev8")


def report() -> str:
    """For each set its figures, then every error."""
    return "\n".join(line for half in HALVES for line in _lines(half, Path(__file__).with_name(half)))


def _lines(half: str, folder: Path) -> Iterator[str]:
    if (told := folder / "tags-blind.jsonl").exists():
        judged = about_eval.judged_tags(texts.read(told))
        yield from (about_eval.TAGS, *about_eval.tag_lines(half, judged), *about_eval.errors(judged))
    if (told := folder / "documents-blind.jsonl").exists():
        read = texts.read(told)
        found = about_eval.judged_documents(read)
        yield from (about_eval.DOCUMENTS, about_eval.document_line(half, found, read), *about_eval.errors(found.judged))
    if (told := folder / "pairs").exists():
        pairs = pairs_eval.judged_in(told / "texts.jsonl", told / "pairs.jsonl")
        yield from (pairs_eval.summary(half, pairs), *pairs_eval.details(pairs))
    said = notices.judge(notices.reader(), texts.read(folder / "urgent-blind.jsonl"))
    yield from (about_eval.NOTICES, about_eval.notice_line(half, said), *about_eval.notice_errors(said))
