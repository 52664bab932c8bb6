"""What time alone changes between two runs, with no visit and no new article: on the whole line, in every output."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from aggregator import pipeline
from aggregator.demo.world import WorldArticle
from aggregator.pipeline import Report
from aggregator.publish.terms import parts, words
from aggregator.settings import Agreement, Config
from tests import make
from tests.line import Line
from tests.unit.publish.test_search import asked, named

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LOCAL = timedelta(hours=7)
WIDE = timedelta(days=60)  # a window that reaches over the whole world


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """A world that was read ten minutes before the local midnight: for looking only."""
    with Line(tmp_path_factory.mktemp("evening"), "2020-08") as line:
        local = line.now.astimezone(UTC) + LOCAL
        midnight = datetime(local.year, local.month, local.day, tzinfo=UTC) + DAY - LOCAL
        line.now = midnight - 10 * MINUTE
        line.run(config(line))
        line.go_live(config(line))
        line.run(config(line), force=False)
        yield line


@pytest.fixture
def line(evening: Line, tmp_path: Path) -> Iterator[Line]:
    """A copy of it, to go on from."""
    shutil.copytree(evening.folder, tmp_path / "line")
    with Line(tmp_path / "line", "2020-08") as copy:
        copy.now = evening.now
        yield copy


def config(line: Line, **source: Any) -> Config:
    """A public site whose agreements allow whole texts."""
    made = line.config(mode="public", base_url="https://bantin.example/")
    given = {"agreement": until(date(2035, 12, 31)), "window": WIDE, "embargo": timedelta(0), **source}
    return made.model_copy(update={"sources": tuple(one.model_copy(update=given) for one in made.sources)})


def until(day: date) -> Agreement:
    return make.agreement("full", starts=date(2020, 1, 1), ends=day)


def today(line: Line) -> date:
    return (line.now + LOCAL).date()


def quiet(line: Line, of: Config, step: timedelta = timedelta(0)) -> Report:
    """A run in which nothing is asked of anybody."""
    before = len(line.replay.requests)
    report = line.run(of, force=False, step=step)
    assert (report.visits, len(line.replay.requests)) == ((), before)
    return report


def standing(line: Line) -> list[WorldArticle]:
    """The articles that stand at their sources, the newest first."""
    gone = {one.key for one in line.world.articles if any(change.at <= line.now for change in one.changes)}
    told = [one for one in line.world.articles if one.time <= line.now and one.key not in gone and not one.story]
    return sorted(told, key=lambda one: one.time, reverse=True)


def kinds(names: list[str]) -> set[str]:
    """The outputs among these files: the folder, and of feeds the form."""
    return {name.rpartition(".")[2] if name.startswith("feed/") else name.split("/")[0] for name in names}


def searched(line: Line, one: WorldArticle, said: str) -> bool:
    """Whether the search index leads to the article's story by each of these words of it."""
    files = line.files()
    keys = {parts(word)[0] for word in words(said)}
    return any(all(one.title in asked(files, segment, key) for key in keys) for segment in named(files))


def test_a_run_after_the_last_day_of_an_agreement_leaves_titles_and_links_alone_everywhere(line: Line) -> None:
    given = config(line, agreement=until(today(line)))
    quiet(line, given)
    one, *others = [one for one in standing(line) if len(one.lead) > 40]
    sentence = one.body.split("\n\n")[0].split(". ")[0]
    assert kinds(line.holding(one.lead)) >= {"tin", "atom", "rss", "json"} and searched(line, one, one.lead)
    assert kinds(line.holding(sentence)) >= {"tin", "atom", "rss", "json"}
    titled = kinds(line.holding(one.title))
    assert titled >= {"tin", "atom", "rss", "json", "embed", "search"}
    report = quiet(line, given, 15 * MINUTE)
    assert kinds(line.holding(one.title)) == titled  # title, source, time and link stay
    assert line.holding(sentence) == []
    for each in (one, *others):
        assert line.holding(each.lead) == [] and not searched(line, each, each.lead), each.key
    assert all("ended on" in note for note in report.published.notes) and report.published.notes


@pytest.mark.parametrize(("ahead", "told"), [(31, 0), (30, 3)])
def test_thirty_days_before_the_first_run_of_the_day_warns(line: Line, ahead: int, told: int) -> None:
    given = config(line, agreement=until(today(line) + (ahead + 1) * DAY))
    quiet(line, given)
    report = quiet(line, given, 15 * MINUTE)  # the day has turned
    assert len(report.published.notes) == told
    assert all(f"in {ahead} days" in note for note in report.published.notes)
    assert quiet(line, given, MINUTE).published.notes == ()


def test_a_window_that_passes_takes_lead_and_text_away_everywhere(line: Line) -> None:
    told = [one for one in standing(line) if len(one.lead) > 40]
    younger, one = next(pair for pair in pairwise(told) if pair[0].time - pair[1].time > 15 * MINUTE)
    given = config(line, window=line.now + 5 * MINUTE - one.time)
    quiet(line, given)
    before = line.holding(one.title)
    assert kinds(line.holding(one.lead)) >= {"tin", "atom", "rss", "json"} and searched(line, one, one.lead)
    quiet(line, given, 10 * MINUTE)
    assert line.holding(one.lead) == [] and not searched(line, one, one.lead)
    assert kinds(line.holding(one.title)) >= kinds(before) - {"sitemap"}  # that of news holds two days
    assert "tin" in kinds(line.holding(younger.lead))


def test_an_embargo_that_ends_brings_the_story_everywhere(line: Line) -> None:
    one = next(one for one in standing(line) if len(one.lead) > 40)
    given = config(line, embargo=line.now + 5 * MINUTE - one.time)
    quiet(line, given)
    assert line.holding(one.title) == line.holding(one.lead) == [] and not searched(line, one, one.title)
    quiet(line, given, 10 * MINUTE)
    assert kinds(line.holding(one.title)) >= {"tin", "atom", "rss", "json", "embed", "search", "index.html"}
    assert "tin" in kinds(line.holding(one.lead)) and searched(line, one, one.lead)


def test_a_run_at_any_later_time_gives_what_a_full_publish_gives(line: Line) -> None:
    given = config(line, agreement=until(today(line)), window=line.now - standing(line)[3].time)
    quiet(line, given)
    quiet(line, given, 15 * MINUTE)
    small = line.files()
    with line.ports(given) as ports:
        pipeline.publish(given, ports, full=True)
    assert line.files() == small
