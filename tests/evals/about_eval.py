"""What texts are about, on texts written without sight of the rules. `python -m tests.evals` prints the report.

The sets stand in about/, and its README.md says how they were made. Of each, one half is sealed: it is scored, its
errors are not printed, for a rule that was made for one of its texts would unseal it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from aggregator.model import TagKind
from aggregator.refine.tagging import Tagger
from aggregator.refine.vocabulary import load
from aggregator.text import slug
from tests.evals.about import facts, notices
from tests.evals.about.texts import HALVES, Half, Labelled, texts
from tests.evals.tags_eval import KEYS, Judged, score


@dataclass(frozen=True, slots=True)
class Lines:
    """The document numbers of one half: judged as tags, and how many stand exactly in their canonical form."""

    judged: tuple[Judged, ...]
    exact: int
    expected: int


@cache
def tags(half: Half) -> tuple[Judged, ...]:
    """Every text of one half and every kind of tag."""
    tagger = Tagger(load())
    found = []
    for text in texts("tags", half):
        said = tagger.tags(text.article)
        for kind, key in KEYS.items():
            want, may = set(text.labels[key]), set(text.labels.get(f"{key}_also", ()))
            found.append(_judged(text, kind, {match.tag for match in said if match.kind == kind}, want, may))
    return tuple(found)


@cache
def documents(half: Half) -> Lines:
    """Every line of one half with the document numbers found in it."""
    tagger = Tagger(load())
    judged, exact, expected = [], 0, 0
    for text in texts("documents", half):
        said = {match.label: match.tag for match in tagger.tags(text.article) if match.kind == "document"}
        want = {each["number"] for each in text.labels["documents"]}
        may = {slug(each) for each in text.labels.get("documents_also", ())}
        judged.append(_judged(text, "document", set(said.values()), {slug(each) for each in want}, may))
        exact, expected = exact + len(want & set(said)), expected + len(want)
    return Lines(tuple(judged), exact, expected)


def report() -> str:
    """The figures of each half, then the errors of the open one."""
    return "\n".join([*_tag_lines(), "", *_document_lines(), "", *_notice_lines()])


def _judged(text: Labelled, kind: TagKind, said: set[str], want: set[str], may: set[str]) -> Judged:
    sets = (frozenset(said & want), frozenset(want - said), frozenset(said - want - may))
    return Judged(text.id, kind, text.trap, *sets)


def _tag_lines() -> list[str]:
    lines = ["tags       half    precision  recall  F1"]
    for kind in KEYS:
        for half in HALVES:
            said = score(kind, tags(half))
            lines.append(f"{kind:<10} {half:<7} {said.precision:9.3f} {said.recall:7.3f} {said.f1:.3f}")
    return [*lines, *_errors(tags("open"))]


def _document_lines() -> list[str]:
    lines = ["documents  half    precision  recall  F1     canonical"]
    for half in HALVES:
        found = documents(half)
        said = score("document", found.judged)
        lines.append(
            f"{'numbers':<10} {half:<7} {said.precision:9.3f} {said.recall:7.3f} {said.f1:.3f}"
            f"  {found.exact}/{found.expected}"
        )
    lines.append("of them    half    type   issuer  day")
    for half in HALVES:
        told = facts.figures(facts.reader(), half)
        lines.append(f"{'':<10} {half:<7} {told.type:.3f}  {told.issuer:6.3f}  {told.date:.3f}")
    return [*lines, *_errors(documents("open").judged)]


def _notice_lines() -> list[str]:
    read = notices.reader()
    if read is None:
        return ["urgent notices: nothing reads them yet (no tag of kind `urgent`)"]
    lines = ["notices    half    recall  precision  validity  kind   windows  orders"]
    for half in HALVES:
        said = notices.figures(notices.judge(read, half))
        lines.append(
            f"{'':<10} {half:<7} {said.recall:6.3f} {said.precision:10.3f} {said.validity:9.3f} {said.kind:5.3f}"
            f" {said.windows:8.3f} {said.orders:7.3f}"
        )
    return [*lines, *_notice_errors(notices.judge(read, "open"))]


def _errors(judged: Sequence[Judged]) -> list[str]:
    lines = []
    for one in judged:
        if one.missed or one.extra:
            missed, extra = ", ".join(sorted(one.missed)) or "-", ", ".join(sorted(one.extra)) or "-"
            lines.append(f"  {one.id} {one.kind}: missed {missed}; too much {extra}{one.trap and f' ({one.trap})'}")
    return lines


def _notice_errors(judged: Sequence[notices.Judged]) -> list[str]:
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
