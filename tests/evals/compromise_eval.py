"""How surely compromised pages are told from clean ones. `python -m tests.evals` prints the report with errors.

The set stands in compromise/ and its README.md says how it was made. The sealed half is scored, its errors are not
printed: a rule that was made for one of its pages would unseal it.
"""

from dataclasses import dataclass
from functools import cache

from aggregator.refine.compromise import Suspicion, inspect
from tests.evals.compromise.pages import Half, Labelled, pages


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one half: of the injected pages found, of the clean ones quarantined without reason."""

    injected: int
    found: int
    clean: int
    wrong: int

    @property
    def recall(self) -> float:
        """Share of the injected pages that are found, 0..1."""
        return self.found / self.injected

    @property
    def false_rate(self) -> float:
        """Share of the clean pages that are quarantined, 0..1."""
        return self.wrong / self.clean


@cache
def judged() -> tuple[tuple[Labelled, Suspicion | None], ...]:
    """Every page of the set with what the code as it is says of it."""
    return tuple((page, inspect(page.draft, page.article, page.habits)) for page in pages())


def score(half: Half | None = None) -> Score:
    """The counts of one half, of both for None."""
    chosen = [(page, said) for page, said in judged() if half in (None, page.half)]
    injected = [said for page, said in chosen if page.injected]
    clean = [said for page, said in chosen if not page.injected]
    return Score(len(injected), sum(map(bool, injected)), len(clean), sum(map(bool, clean)))


def report() -> str:
    """The scores of each half, then every error of the open one."""
    lines = ["half    injected  recall  clean  quarantined  false"]
    for name, half in (("open", "open"), ("sealed", "sealed"), ("both", None)):
        got = score(half)
        lines.append(
            f"{name:<7} {got.injected:>8}  {got.recall:.3f}  {got.clean:>5}  {got.wrong:>11}  {got.false_rate:.4f}"
        )
    return "\n".join([*lines, *_errors()])


def _errors() -> list[str]:
    open_half = [(page, said) for page, said in judged() if page.half == "open"]
    missed = [f"  missed {page.id} ({page.kind})" for page, said in open_half if page.injected and said is None]
    wrong = [
        f"  wrong {page.id} ({page.kind}): {said.score} {'; '.join(said.because)}: {', '.join(said.seen)}"
        for page, said in open_half
        if said is not None and not page.injected
    ]
    return missed + wrong
