"""A gap behind the first page of a VCCorp listing, over the replayed sites and through the whole line."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from aggregator.demo.replay import Replay
from aggregator.settings import Config, More
from tests.line import Line

SITE = "soyte.hanoi.gov.vn"
MANY = 40  # more than its first page shows


def busy(folder: Path) -> Line:
    """A line over a world in which the department publishes MANY articles in the hour after its start."""
    line = Line(folder)
    model = next(one for one in line.world.articles if one.ref.startswith("2849"))
    new = [_copy(model, number, line) for number in range(MANY)]
    old = tuple(one for one in line.world.articles if one.site != model.site or one.time <= line.world.start)
    line.world = replace(line.world, articles=(*old, *new), events=())
    line.replay = Replay(line.world, lambda: line.now)
    return line


def _copy(model: object, number: int, line: Line) -> object:
    at = line.world.start + timedelta(minutes=1 + number)
    return replace(  # type: ignore[type-var]
        model,
        key=f"them-{number}",
        ref=f"2849{at:%y%m%d%H%M%S}{number:03d}",
        slug=f"lich-tiem-chung-dot-{number}",
        time=at,
        title=f"Lịch tiêm chủng mở rộng đợt {number} tại các trạm y tế",
        changes=(),
    )


def config(line: Line) -> Config:
    """The department alone, its listing set up for one further page, as the replay's form asks."""
    base = line.config()
    source = next(one for one in base.sources if SITE in one.hosts)
    more = More(url=f"https://{SITE}/api/NewsZone/NewsZone", form={"zone": "", "page": "{page}"})
    sections = tuple(one.model_copy(update={"more": more}) for one in source.sections[:1])
    return base.model_copy(update={"sources": (source.model_copy(update={"sections": sections}),)})


def posts(line: Line) -> int:
    return sum(one.method == "POST" for one in line.replay.requests)


def test_articles_behind_the_first_page_are_found_through_its_button_and_only_then(tmp_path: Path) -> None:
    with busy(tmp_path) as line:
        first = line.run(config(line))
        assert (posts(line), first.visits[0].new > 0) == (0, True)  # nothing is a gap before the first visit
        second = line.run(config(line), step=timedelta(hours=1))
        assert (posts(line), second.visits[0].new) == (1, MANY)
        third = line.run(config(line), step=timedelta(minutes=15))
        assert (posts(line), third.visits[0].new) == (1, 0)
