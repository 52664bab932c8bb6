"""What texts are about, on texts written without sight of the rules. `python -m tests.evals` prints the report.

The sets stand in about/; its README.md says how they were made and what each scored before its errors were seen.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from aggregator.model import TagKind
from aggregator.refine.tagging import Tagger
from aggregator.refine.vocabulary import load
from aggregator.text import slug
from tests.evals.about import facts, notices
from tests.evals.about.texts import NOTICES as NOTICE_PARTS
from tests.evals.about.texts import PARTS, Labelled, Part, texts
from tests.evals.tags_eval import KEYS, Judged, score


@dataclass(frozen=True, slots=True)
class Lines:
    """The document numbers of some lines: judged as tags, and how many stand exactly in their canonical form."""

    judged: tuple[Judged, ...]
    exact: int
    expected: int


@cache
def tags(part: Part) -> tuple[Judged, ...]:
    """Every text of one part and every kind of tag."""
    return judged_tags(texts("tags", part))


@cache
def documents(part: Part) -> Lines:
    """Every line of one part with the document numbers found in it."""
    return judged_documents(texts("documents", part))


def judged_tags(lines: Iterable[Labelled]) -> tuple[Judged, ...]:
    """Every text and every kind of tag, judged by the code as it is."""
    tagger = Tagger(load())
    found = []
    for text in lines:
        said = tagger.tags(text.article)
        for kind, key in ((kind, key) for kind, key in KEYS.items() if key in text.labels):
            want, may = set(text.labels[key]), set(text.labels.get(f"{key}_also", ()))
            found.append(_judged(text, kind, {match.tag for match in said if match.kind == kind}, want, may))
    return tuple(found)


def judged_documents(lines: Iterable[Labelled]) -> Lines:
    """Every line with the document numbers found in it."""
    tagger = Tagger(load())
    judged, exact, expected = [], 0, 0
    for text in lines:
        said = {match.label: slug(match.label) for match in tagger.tags(text.article) if match.kind == "document"}
        want = {each["number"] for each in text.labels["documents"]}
        may = {slug(each) for each in text.labels.get("documents_also", ())}
        judged.append(_judged(text, "document", set(said.values()), {slug(each) for each in want}, may))
        exact, expected = exact + len(want & set(said)), expected + len(want)
    return Lines(tuple(judged), exact, expected)


def report() -> str:
    """The figures of each part, then every error."""
    read = notices.reader()
    lines = [
        TAGS, *(line for part in PARTS for line in tag_lines(part, tags(part))),
        *(line for part in PARTS for line in errors(tags(part))), "",
        DOCUMENTS, *(document_line(part, documents(part), texts("documents", part)) for part in PARTS),
        *(line for part in PARTS for line in errors(documents(part).judged)), "",
    ]  # fmt: skip
    judged = {part: notices.judge(read, texts("urgent", part)) for part in NOTICE_PARTS}
    lines += [NOTICES, *(notice_line(part, rows) for part, rows in judged.items())]
    return "\n".join([*lines, *(line for rows in judged.values() for line in notice_errors(rows))])


TAGS = "tags       part    precision  recall  F1"
DOCUMENTS = "documents          precision  recall  F1     canonical  type   issuer  day"
NOTICES = "notices            recall  precision  validity  kind   windows  orders"


def tag_lines(name: str, judged: Sequence[Judged]) -> Iterator[str]:
    """The figures of each kind of tag, a line each, under TAGS."""
    for kind in KEYS:
        said = score(kind, judged)
        yield f"{kind:<10} {name:<7} {said.precision:9.3f} {said.recall:7.3f} {said.f1:.3f}"


def document_line(name: str, found: Lines, lines: Sequence[Labelled]) -> str:
    """The figures of numbers, then of the facts said of them, under DOCUMENTS."""
    said, told = score("document", found.judged), facts.figures(facts.reader(), lines)
    return (
        f"{'numbers':<10} {name:<7} {said.precision:9.3f} {said.recall:7.3f} {said.f1:.3f}"
        f"  {found.exact:>4}/{found.expected:<4} {told.type:.3f}  {told.issuer:6.3f}  {told.date:.3f}"
    )


def notice_line(name: str, judged: Iterable[notices.Judged]) -> str:
    """The figures of urgent notices, under NOTICES."""
    said = notices.figures(judged)
    return (
        f"{'':<10} {name:<7} {said.recall:6.3f} {said.precision:10.3f} {said.validity:9.3f} {said.kind:5.3f}"
        f" {said.windows:8.3f} {said.orders:7.3f}"
    )


def _judged(text: Labelled, kind: TagKind, said: set[str], want: set[str], may: set[str]) -> Judged:
    sets = (frozenset(said & want), frozenset(want - said), frozenset(said - want - may))
    return Judged(text.id, kind, text.trap, *sets)


def errors(judged: Sequence[Judged]) -> list[str]:
    """What was missed, and what was said too much, a line a text."""
    lines = []
    for one in judged:
        if one.missed or one.extra:
            missed, extra = ", ".join(sorted(one.missed)) or "-", ", ".join(sorted(one.extra)) or "-"
            lines.append(f"  {one.id} {one.kind}: missed {missed}; too much {extra}{one.trap and f' ({one.trap})'}")
    return lines


def notice_errors(judged: Sequence[notices.Judged]) -> list[str]:
    """What is wrong of each notice, a line a text."""
    lines = []
    for one in judged:
        right, said, wanted = one.windows
        wrong = [
            *(["missed" if one.urgent else "no notice"] if not one.right else []),
            *(["kind"] if one.said is not None and not one.kind else []),
            *([f"until {one.said.until}"] if one.said is not None and not one.until else []),
            *([f"windows {right} right, {said} said, {wanted} asked"] if not right == said == wanted else []),
        ]
        if wrong:
            lines.append(f"  {one.text.id} {'; '.join(wrong)}{one.text.trap and f' ({one.text.trap})'}")
    return lines
