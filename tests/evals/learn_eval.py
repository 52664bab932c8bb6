"""Urgent notices, each set read by weights that were learned from all the others: how well they do on what is new.

The rules have seen these texts, the weights have not; what a set scored before anybody saw it stands in its SCORES.md.
"""

from dataclasses import replace
from functools import cache

from aggregator.refine import vocabulary
from aggregator.refine.tagging import Tagger
from tests.evals import about_eval, learn
from tests.evals.about import notices
from tests.evals.about.texts import read


@cache
def judged(name: str) -> tuple[notices.Judged, ...]:
    """Every text of the set, judged by weights learned from the others."""
    known, models = vocabulary.load(), learn.models(name)
    unseen = replace(known, urgent=replace(known.urgent, **models))
    return notices.judge(notices.reader(Tagger(unseen)), read(learn.SETS[name]))


def report() -> str:
    """The figures of each set, of all blind ones together, then every error."""
    lines = [about_eval.NOTICES, *(about_eval.notice_line(name, judged(name)) for name in learn.SETS)]
    blind = [one for name in learn.BLIND for one in judged(name)]
    errors = [line for name in learn.SETS for line in about_eval.notice_errors(judged(name))]
    return "\n".join([*lines, about_eval.notice_line("blind", blind), *errors])
