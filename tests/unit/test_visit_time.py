"""The time that one visit may take: what a slow source leaves waits for its next visit, and holds nobody else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator import pipeline
from aggregator.cli import wiring
from aggregator.collect import further, looking, visit
from aggregator.collect.looking import Wanted
from aggregator.model import Answer, Known, Lead, Missing, Page, Request, SourceState, Validator, Visit
from aggregator.ports import Store
from aggregator.settings import Config, Fetch, More, Section, Source
from aggregator.store.database import open_store
from tests import make
from tests.fakes import NOON, FakeFetcher, page
from tests.line import PlainWriter

TEXT = "Trạm y tế xã mở cửa đến 20 giờ các ngày trong tuần để người dân đi làm về vẫn kịp khám bệnh. " * 4
SLOW = timedelta(seconds=40)


def url(source: str, number: int) -> str:
    return f"https://{source}.example.vn/tin-{number}.htm"


def feed(source: str, *numbers: int, at: str = "rss") -> Page:
    items = "".join(
        f"<item><title>Tin {source} số {n}</title><link>{url(source, n)}</link>"
        f"<pubDate>Tue, 20 Oct 2026 {n:02d}:30:00 +0700</pubDate></item>"
        for n in numbers
    )
    body = f'<rss version="2.0"><channel>{items}</channel></rss>'
    return page(f"https://{source}.example.vn/{at}", body, ETag='"1"', Content_Type="text/xml")


def site(source: str, *numbers: int) -> dict[str, Any]:
    told: dict[str, Any] = {f"https://{source}.example.vn/rss": feed(source, *numbers)}
    for n in numbers:
        text = f"<article><h1>Tin {source} số {n}</h1><p>{TEXT} Số {source}{n}.</p></article>"
        told[url(source, n)] = page(url(source, n), f"<html><body>{text}</body></html>", Content_Type="text/html")
    return told


class Stepped(FakeFetcher):
    """A fetcher on whose clock each answer of one host takes its time."""

    def __init__(self, answers: dict[str, Any], slow: str = "a.example.vn") -> None:
        super().__init__(answers)
        self.slow, self.now = slow, NOON

    def fetch(self, request: Request, source: Source) -> Answer:
        self.now += SLOW if self.slow in request.url else timedelta(0)
        return super().fetch(request, source)


def visits(config: Config, fetcher: Stepped, store: Store, folder: Path) -> tuple[Visit, ...]:
    ranks = wiring.authorities(config)
    ports = pipeline.Ports(fetcher, store, PlainWriter(folder), lambda: fetcher.now, wiring.tagger, ranks, "run")
    fetcher.requests.clear()
    return pipeline.run(config, ports, lambda *_: None).visits


def test_a_slow_source_is_left_after_its_time_and_a_quick_one_is_published_beside_it(tmp_path: Path) -> None:
    sources = (make.source("a", pause="0s"), make.source("b", pause="0s"))
    config = make.config(*sources, fetch=Fetch(workers=1))
    fetcher = Stepped({**site("a", *range(1, 12)), **site("b", 3)})
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}", clock=lambda: fetcher.now)
    slow, quick = visits(config, fetcher, store, tmp_path / "output")
    assert slow.ended_at - slow.started_at == timedelta(seconds=320)  # the limit, and the answer that was under way
    assert (slow.outcome, slow.new, slow.withdrawn) == ("ok", 7, 0) and (quick.outcome, quick.new) == ("ok", 1)
    assert [skip.because for skip in slow.skips] == [f"4 articles {visit.TIME_IS_OVER}"]
    pages = [path.read_text("utf-8") for path in (tmp_path / "output").rglob("*.html")]
    assert any("Tin a số 7" in one for one in pages) and any("Tin b số 3" in one for one in pages)
    fetcher.now += timedelta(hours=1)
    again = visits(config, fetcher, store, tmp_path / "output")[0]
    assert (again.outcome, again.cause) == ("ok", "") and again.new >= 3
    shown = {telling.article.title for _, telling, _ in store.export(None)}
    assert {f"Tin a số {n}" for n in range(1, 11)} <= shown
    store.close()


def test_the_limit_of_a_visit_is_a_setting(tmp_path: Path) -> None:
    config = make.config(make.source("a", pause="0s"), fetch=Fetch(visit="2m"))  # type: ignore[arg-type]
    fetcher = Stepped(site("a", *range(1, 12)))
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}", clock=lambda: fetcher.now)
    assert [one.new for one in visits(config, fetcher, store, tmp_path / "output")] == [2]
    store.close()


# --- each kind of request


def source(*names: str, **settings: Any) -> Source:
    sections = tuple(Section(url=f"https://a.example.vn/{name}") for name in names or ("rss",))
    return make.source(
        "a", kind=settings.pop("kind", "feed"), home="https://a.example.vn/", sections=sections, **settings
    )


def spent(fetcher: FakeFetcher, whole: int) -> Callable[[float], bool]:
    """A visit whose time is over after so many requests."""
    return lambda share: len(fetcher.requests) >= whole * share


def known(number: int) -> Known:
    return Known(
        **{"id": f"id{number}", "source": "a", "url": url("a", number), "ref": "", "title": f"Tin a số {number}"},
        **{"text_digest": "", "lead_digest": "", "validator": Validator(), "status": "live", "published": NOON},
        **{"first_seen": NOON, "fetched_at": NOON, "next_check": NOON},  # type: ignore[arg-type]
    )


def test_sections_may_take_half_of_the_time_and_the_next_visit_begins_with_another() -> None:
    of = source("x", "y", "z", every="10m")
    fetcher = FakeFetcher({f"https://a.example.vn/{at}": feed("a", n, at=at) for n, at in enumerate("xyz", 1)})
    listed = visit.listings(of, SourceState("a"), fetcher, over=spent(fetcher, 4))
    assert [one[-1] for one in fetcher.urls] == ["x", "y"] and len(listed.validators) == 2
    assert listed.problem is None
    assert [skip.url[-1] for skip in listed.skips] == ["z"] and visit.TIME_IS_OVER in listed.skips[0].because
    first = set()
    for number in range(3):
        fetcher.requests.clear()
        state = SourceState("a", last_visit=NOON + number * of.every)
        visit.listings(of, state, fetcher, over=spent(fetcher, 2))
        first.add(fetcher.urls[0][-1])
    assert first == {"x", "y", "z"}


def test_no_further_page_is_asked_for_when_the_time_of_listings_is_over() -> None:
    more = More(url="https://a.example.vn/api", form={"trang": "{page}"}, pages=3)
    of = source().model_copy(update={"sections": (Section(url="https://a.example.vn/rss", more=more),)})
    fetcher = FakeFetcher({"https://a.example.vn/rss": feed("a", 1)})
    listed = visit.listings(of, SourceState("a"), fetcher)
    told = further.asked(of, listed, lambda leads: True, fetcher, spent(fetcher, 2))
    assert fetcher.urls == ["https://a.example.vn/rss"]
    assert [skip.because for skip in told.skips] == [f"page {more.first} {visit.TIME_IS_OVER}"]


def plan_of(
    of: Source, fetcher: FakeFetcher, due: tuple[int, ...]
) -> tuple[visit.Listed, looking.Plan, dict[str, Known]]:
    listed = visit.listings(of, SourceState("a"), fetcher)
    held = {f"id{n}": known(n) for n in due}
    leads: dict[str, Lead] = {lead.url: lead for lead in listed.leads}
    return listed, looking.plan(of, leads, held, tuple(held)), held


def test_checks_that_are_due_and_new_articles_take_turns() -> None:
    def numbers(wanted: tuple[Wanted, ...]) -> list[int]:
        return [int(want.request.url.split("-")[1].removesuffix(".htm")) for want in wanted]

    of = source()
    _, plan, _ = plan_of(of, FakeFetcher(site("a", 1, 2, 3)), (7, 8))
    assert numbers(plan.wanted) == [1, 7, 2, 8, 3]


@pytest.mark.parametrize("listed_ones", [False, True])
def test_what_was_left_is_not_gone_and_only_a_listed_one_makes_the_listing_be_read_again(listed_ones: bool) -> None:
    of = source()
    fetcher = FakeFetcher({**site("a", 1, 2), **{url("a", n): site("a", n)[url("a", n)] for n in (7, 8, 9)}})
    listed, plan, held = plan_of(of, fetcher, (7, 8, 9))
    plan = plan if listed_ones else replace(plan, wanted=tuple(want for want in plan.wanted if want.lead is None))
    got = visit.articles(of, listed, plan, held, fetcher, lambda _: None, spent(fetcher, 2))
    assert got.problem is None and len(fetcher.requests) == 2 and len(got.drafts) + len(got.looks) == 1
    assert not {look.outcome for look in got.looks} & {"missing", "withdrawn", "doubtful"}
    assert got.skips[-1].because == f"{len(plan.wanted) - 1} articles {visit.TIME_IS_OVER}"
    assert (dict(got.validators) == dict(listed.validators)) is not listed_ones


def test_a_denial_that_nothing_else_could_be_held_against_in_time_is_doubted() -> None:
    of = source()
    fetcher = FakeFetcher({"https://a.example.vn/rss": feed("a", 1), url("a", 7): Missing(Request(""), 404, NOON)})
    listed, plan, held = plan_of(of, fetcher, (7, 8))
    plan = replace(plan, wanted=tuple(w for w in plan.wanted if w.lead is None))
    got = visit.articles(of, listed, plan, held, fetcher, lambda _: None, spent(fetcher, 2))
    assert [(look.known.id, look.outcome) for look in got.looks] == [("id7", "doubtful")] and got.problem is None
