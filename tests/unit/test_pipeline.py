"""The order of the steps: what a run keeps, what it skips, what one source's fault does to the others."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from aggregator import pipeline
from aggregator.cli import wiring
from aggregator.collect import discover, trail
from aggregator.collect.asking import DETAIL, LIST
from aggregator.errors import PublishError, SourceError, StoreError
from aggregator.model import Article, Artifact, Draft, Missing, Page, Request, Telling, Validator
from aggregator.pipeline import Ports, Report
from aggregator.refine import sketches
from aggregator.settings import Config, Section, Source
from aggregator.steps import attending, grouping, reading, refining
from aggregator.steps.ahead import Ahead
from aggregator.store.database import open_store
from tests import make
from tests.fakes import NOON, FakeFetcher, page
from tests.line import PlainWriter

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TEXT = "Trạm y tế xã mở cửa đến 20 giờ các ngày trong tuần để người dân đi làm về vẫn kịp khám bệnh. " * 4


def url(source: str, number: int) -> str:
    return f"https://{source}.example.vn/tin-{number}.htm"


def feed(source: str, *numbers: int, etag: str = '"1"') -> Page:
    items = "".join(
        f"<item><title>Tin {source} số {n}</title><link>{url(source, n)}</link>"
        f"<pubDate>Tue, 20 Oct 2026 {n:02d}:30:00 +0700</pubDate></item>"
        for n in numbers
    )
    body = f'<rss version="2.0"><channel>{items}</channel></rss>'
    return page(f"https://{source}.example.vn/rss", body, ETag=etag, Content_Type="text/xml")


def article(source: str, number: int, title: str | None = None, text: str = TEXT) -> Page:
    name = f"Tin {source} số {number}" if title is None else title
    body = (
        f"<html><head><title>{name}</title></head><body><article><h1>{name}</h1><p>{text}</p></article></body></html>"
    )
    return page(url(source, number), body, Content_Type="text/html")


def site(source: str, *numbers: int) -> dict[str, Any]:
    told = {url(source, number): article(source, number, text=f"{TEXT} Số {source}{number}.") for number in numbers}
    return {f"https://{source}.example.vn/rss": feed(source, *numbers), **told}


class Bench:
    """A store and an output in a folder, a fetcher that answers from a dict, a clock that the test steps."""

    def __init__(self, folder: Path, config: Config, answers: dict[str, Any]) -> None:
        self.folder = folder
        self.config = config
        self.fetcher = FakeFetcher(answers)
        self.now: datetime = NOON

    @contextmanager
    def ports(self, **others: Any) -> Iterator[Ports]:
        store = open_store(f"sqlite:///{self.folder / 'a.db'}", clock=lambda: self.now)
        ranks = wiring.authorities(self.config)
        given = Ports(self.fetcher, store, PlainWriter(self.output), lambda: self.now, wiring.tagger, ranks, "run")
        try:
            yield replace(given, **others)
        finally:
            store.close()

    @property
    def output(self) -> Path:
        return self.folder / "output"

    def run(self, step: timedelta = timedelta(0), **options: Any) -> Report:
        self.now += step
        self.fetcher.requests.clear()
        with self.ports() as ports:
            return pipeline.run(self.config, ports, lambda *_: None, **options)

    def stored(self) -> dict[str, Telling]:
        with self.ports() as ports:
            return {telling.article.title: telling for _, telling, _ in ports.store.export(None)}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    sources = (make.source("a", pause="0s"), make.source("b", pause="0s"))
    return Bench(tmp_path, make.config(*sources), {**site("a", 1, 2), **site("b", 3)})


def test_a_run_collects_refines_stores_and_publishes(bench: Bench) -> None:
    report = bench.run()
    assert [(visit.source, visit.outcome, visit.new) for visit in report.visits] == [("a", "ok", 2), ("b", "ok", 1)]
    assert set(bench.stored()) == {"Tin a số 1", "Tin a số 2", "Tin b số 3"}
    assert "index.html" in report.published.written and (bench.output / "index.html").is_file()


def test_visits_are_in_the_order_of_the_configuration_whoever_answers_first(bench: Bench) -> None:
    answered = threading.Event()
    first, second = bench.fetcher.answers["https://a.example.vn/rss"], bench.fetcher.answers["https://b.example.vn/rss"]

    def late(request: Request) -> Any:
        assert answered.wait(30)
        return first

    def early(request: Request) -> Any:
        answered.set()
        return second

    bench.fetcher.answers |= {"https://a.example.vn/rss": late, "https://b.example.vn/rss": early}
    report = bench.run()
    assert [visit.source for visit in report.visits] == ["a", "b"]


def test_an_idle_run_needs_no_tagger_and_changes_nothing_in_the_store(bench: Bench) -> None:
    bench.run()
    before = bench.stored()

    def no_tagger() -> Any:
        raise AssertionError("an idle run asked for the tagger")

    bench.now += 20 * MINUTE
    with bench.ports(tagger=no_tagger) as ports:
        report = pipeline.run(bench.config, ports, lambda *_: None)
    assert [visit.outcome for visit in report.visits] == ["unchanged", "unchanged"]
    assert bench.stored() == before
    assert set(report.published.written) <= {"trang-thai/index.html", "heartbeat.json"}


def test_a_source_at_fault_leaves_the_others_alone(bench: Bench) -> None:
    bench.fetcher.answers["https://a.example.vn/rss"] = SourceError("timeout", "too slow")
    report = bench.run()
    assert [(visit.outcome, visit.cause) for visit in report.visits] == [("failed", "timeout"), ("ok", "")]
    assert report.states["a"].health == "broken" and report.states["b"].health == "ok"
    assert set(bench.stored()) == {"Tin b số 3"} and (bench.output / "index.html").is_file()


def test_the_next_visit_follows_how_often_a_source_publishes_between_its_bounds(tmp_path: Path) -> None:
    sources = [make.source(id, pause="0s", every="15m", at_most="3h") for id in ("a", "b")]
    answers = {**site("a", 1, 2, 3, 4), **site("b", 5)}
    bench = Bench(tmp_path, make.config(*sources), answers)
    bench.now = datetime.fromisoformat("2026-10-20T05:00:00+07:00")
    busy, still = (bench.run().states[id].next_visit - bench.now for id in ("a", "b"))
    assert (busy, still) == (15 * MINUTE, 15 * MINUTE)  # an article an hour; one alone, half an hour ahead
    waits = [bench.run(6 * HOUR, force=True).states["b"].next_visit - bench.now for _ in range(3)]
    assert waits == [33 * MINUTE, 69 * MINUTE, 105 * MINUTE]  # silent longer and longer


def test_a_source_that_fell_silent_long_ago_is_visited_as_seldom_as_its_bounds_allow(tmp_path: Path) -> None:
    bench = Bench(tmp_path, make.config(make.source("a", pause="0s", every="15m", at_most="3h")), site("a", 1))
    bench.run()
    state = bench.run(timedelta(days=40)).states["a"]
    bench.run(MINUTE, force=True)
    state = bench.run(MINUTE, force=True).states["a"]
    assert state.next_visit == bench.now + 3 * HOUR


BUGS = (RecursionError("maximum recursion depth exceeded"), MemoryError(), AssertionError("we should not get here"))


def met_at(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, bug: Exception, telling: str) -> None:
    """Makes the function raise the bug when its first or second argument tells of `telling`."""
    real = getattr(module, name)

    def buggy(*arguments: Any, **options: Any) -> Any:
        if any(telling in repr(argument) for argument in arguments[:2]):
            raise bug
        return real(*arguments, **options)

    monkeypatch.setattr(module, name, buggy)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: type(bug).__name__)
@pytest.mark.parametrize(
    ("module", "name"),
    [(attending.visit, "listings"), (attending.visit, "articles"), (refining.grouping, "tagged"), (trail, "concluded")],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bug_that_one_source_brings_out_fails_its_visit_and_no_other(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, module: Any, name: str, bug: Any
) -> None:
    bench.fetcher.answers |= site("a", 5)
    met_at(monkeypatch, module, name, bug, "https://a.example.vn")
    report = bench.run()
    assert [(visit.outcome, visit.cause) for visit in report.visits] == [("failed", "internal"), ("ok", "")]
    assert type(bug).__name__ in report.states["a"].problem and report.states["a"].health == "broken"
    assert set(bench.stored()) == {"Tin b số 3"} and (bench.output / "index.html").is_file()
    assert type(bug).__name__ in caplog.text and "Traceback" in caplog.text
    monkeypatch.undo()
    assert bench.run(20 * MINUTE).visits[0].new == 1


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: type(bug).__name__)
@pytest.mark.parametrize(("module", "name"), [(discover, "read_article"), (reading.normalise, "article")])
def test_a_bug_that_one_page_brings_out_skips_that_article_alone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, bug: Any
) -> None:
    met_at(monkeypatch, module, name, bug, url("a", 1))
    visit = bench.run().visits[0]
    assert (visit.outcome, visit.new, [skip.url for skip in visit.skips]) == ("ok", 1, [url("a", 1)])
    assert type(bug).__name__ in visit.skips[0].because
    monkeypatch.undo()
    assert bench.run(20 * MINUTE).visits[0].new == 1


def test_a_source_with_one_bad_section_keeps_its_rhythm(tmp_path: Path) -> None:
    sections = (Section(url="https://a.example.vn/rss"), Section(url="https://a.example.vn/cu"))
    bench = Bench(tmp_path, make.config(make.source("a", pause="0s", sections=sections)), site("a", 1))
    for _ in range(4):
        state = bench.run(HOUR).states["a"]
        assert (state.health, state.cause, state.next_visit) == ("broken", "gone", bench.now + 15 * MINUTE)
    bench.fetcher.answers.clear()
    waits = [(state.next_visit - bench.now) / HOUR for _ in range(2) if (state := bench.run(6 * HOUR).states["a"])]
    assert waits == [4, 6]


def test_an_article_without_a_title_is_skipped_with_its_reason_and_asked_for_again(bench: Bench) -> None:
    whole = bench.fetcher.answers[url("a", 1)]
    bench.fetcher.answers[url("a", 1)] = article("a", 1, title="")
    bench.fetcher.answers["https://a.example.vn/rss"] = page(
        "https://a.example.vn/rss",
        f'<rss version="2.0"><channel><item><link>{url("a", 1)}</link></item></channel></rss>',
        ETag='"1"', Content_Type="text/xml",
    )  # fmt: skip
    visit = bench.run().visits[0]
    assert (visit.outcome, visit.new, [skip.url for skip in visit.skips]) == ("unchanged", 0, [url("a", 1)])
    assert "no title" in visit.skips[0].because
    bench.fetcher.answers[url("a", 1)] = whole
    assert bench.run(20 * MINUTE).visits[0].new == 1


def test_a_known_article_that_cannot_be_read_is_told_and_waits_for_its_next_turn(bench: Bench) -> None:
    bench.run()
    bench.fetcher.answers[url("b", 3)] = SourceError("server-error", "500")
    visit = bench.run(3 * HOUR).visits[1]
    assert [(skip.url, skip.because) for skip in visit.skips] == [(url("b", 3), "server-error: 500")]
    assert bench.stored()["Tin b số 3"].status == "live"
    assert url("b", 3) not in (bench.run(20 * MINUTE), bench.fetcher.urls)[1]
    bench.run(HOUR)
    assert url("b", 3) in bench.fetcher.urls


def test_a_changed_text_becomes_a_revision_and_the_first_is_kept(bench: Bench) -> None:
    bench.run()
    bench.fetcher.answers[url("b", 3)] = article("b", 3, text=f"{TEXT} Đính chính: trạm mở đến 21 giờ.")
    visit = bench.run(3 * HOUR).visits[1]
    assert (visit.outcome, visit.revised) == ("ok", 1)
    told = bench.stored()["Tin b số 3"]
    assert [revision.number for revision in told.revisions] == [1, 2]
    assert "21 giờ" in told.article.text and "21 giờ" not in told.revisions[0].text


def test_what_answers_410_is_withdrawn_in_the_same_run(bench: Bench) -> None:
    bench.run()
    bench.fetcher.answers[url("b", 3)] = Missing(Request(url("b", 3)), 410, NOON)
    visit = bench.run(3 * HOUR).visits[1]
    assert (visit.outcome, visit.withdrawn) == ("ok", 1)
    assert bench.stored()["Tin b số 3"].status == "withdrawn"
    assert "Tin b số 3" not in (bench.output / "index.html").read_text(encoding="utf-8")


def test_a_404_is_asked_three_times_before_it_counts_and_comes_back_when_the_page_does(bench: Bench) -> None:
    bench.run()
    page_before = bench.fetcher.answers.pop(url("b", 3))
    statuses = []
    for step in (3 * HOUR, 15 * MINUTE, 15 * MINUTE):
        bench.run(step)
        statuses.append(bench.stored()["Tin b số 3"].status)
    assert statuses == ["live", "live", "suspended"]
    bench.fetcher.answers[url("b", 3)] = page_before
    bench.run(HOUR)
    assert bench.stored()["Tin b số 3"].status == "live"


def test_articles_left_for_later_come_with_the_next_visit(tmp_path: Path) -> None:
    sources = make.source("a", pause="0s", max_new=2)
    bench = Bench(tmp_path, make.config(sources), site("a", 1, 2, 3, 4, 5))
    assert [bench.run(20 * MINUTE).visits[0].new for _ in range(4)] == [2, 2, 1, 0]
    assert bench.run(20 * MINUTE).visits[0].leads == 0  # the listing is unchanged again


def test_a_store_that_fails_stops_the_run_before_anything_is_published(bench: Bench) -> None:
    with bench.ports() as ports, pytest.raises(StoreError):
        pipeline.run(bench.config, replace(ports, store=_Failing(ports.store)), lambda *_: None)
    assert not bench.output.exists()


class _Failing:
    """A store whose disk is full when a visit is written."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def commit(self, *_: Any) -> None:
        raise StoreError("the disk is full")


def test_what_was_stored_before_a_fault_is_published_by_the_next_run(bench: Bench) -> None:
    class Full:
        def write(self, artifact: Artifact) -> None:
            raise PublishError("the disk is full")

        def remove(self, path: str) -> None: ...

        def has(self, path: str) -> bool:
            return False

    with bench.ports(writer=Full()) as ports, pytest.raises(PublishError):
        pipeline.run(bench.config, ports, lambda *_: None)
    bench.run(MINUTE)
    assert "Tin b số 3" in (bench.output / "index.html").read_text(encoding="utf-8")


def test_drafts_brought_from_elsewhere_are_refined_and_stored_like_any_other(bench: Bench) -> None:
    source = bench.config.sources[0]
    draft = Draft("a", url("a", 9), "", "Tin a số 9", "", "", "2026-10-20T08:00+07:00", "", f"<p>{TEXT}</p>",
                  url("a", 9), "0" * 64, NOON, "import")  # fmt: skip
    with bench.ports() as ports:
        done = pipeline.bring(source, [draft, replace(draft, url=url("a", 10), title="")], ports)
    assert (done.new, [skip.url for skip in done.skips]) == (1, [url("a", 10)])
    assert set(bench.stored()) == {"Tin a số 9"}
    assert bench.run().states["a"].validators == {"https://a.example.vn/rss": Validator('"1"')}


def test_progress_is_told_source_by_source(bench: Bench) -> None:
    told: list[tuple[str, str, int, int]] = []
    with bench.ports() as ports:
        pipeline.run(bench.config, ports, lambda *words: told.append(words))
    assert ("a", "sections", 0, 1) in told and ("a", "articles", 2, 2) in told
    assert [words for words in told if words[1] == "done"] == [("a", "done", 2, 2), ("b", "done", 1, 1)]


def moved_site(bench: Bench, *numbers: int) -> None:
    """The site after its portal was moved: other addresses for the same articles, the old ones gone."""
    for key in [key for key in bench.fetcher.answers if key.startswith("https://a.")]:
        del bench.fetcher.answers[key]
    items = ""
    for n in numbers:
        new = f"https://a.example.vn/cong/-/bai/{n}0{n}"
        told = article("a", n, text=f"{TEXT} Số a{n}.")
        bench.fetcher.answers[new] = replace(told, url=new, request=Request(new))
        items += f"<item><title>Tin a số {n}</title><link>{new}</link>"
        items += f"<pubDate>Tue, 20 Oct 2026 {n:02d}:30:00 +0700</pubDate></item>"
    body = f'<rss version="2.0"><channel>{items}</channel></rss>'
    bench.fetcher.answers["https://a.example.vn/rss"] = page("https://a.example.vn/rss", body, Content_Type="text/xml")


def of_source(bench: Bench, source: str) -> dict[str, tuple[Telling, tuple[str, ...]]]:
    with bench.ports() as ports:
        told = list(ports.store.export(None))
    return {telling.article.id: (telling, urls) for _, telling, urls in told if telling.article.source == source}


def test_a_portal_that_was_moved_makes_no_second_article(bench: Bench) -> None:
    bench.run()
    before = of_source(bench, "a")
    moved_site(bench, 1, 2, 3)
    report = bench.run(HOUR)
    after = of_source(bench, "a")
    assert [(visit.new, visit.revised) for visit in report.visits if visit.source == "a"] == [(1, 2)]
    assert before.keys() < after.keys() and len(after) == 3
    for id, (telling, urls) in before.items():
        now, seen = after[id]
        assert now.status == "live" and now.first_seen == telling.first_seen and len(now.revisions) == 1
        assert now.article.url.startswith("https://a.example.vn/cong/") and set(seen) == {*urls, now.article.url}


PORTAL = "https://moh.gov.vn"
LISTED = "Tập huấn phòng sốt xuất huyết cho trạm y tế các xã"
TOLD = "Lớp tập huấn có bác sĩ của 60 trạm y tế xã tham dự."


def liferay_portal() -> dict[str, Any]:
    at = f"{PORTAL}/tin-tong-hop/-/asset_publisher/Ab1/content/tap-huan-phong-sot-xuat-huyet"
    listing = f'<ul class="list-news-3"><li><a href="{at}">{LISTED}</a></li></ul>'
    told = f"""<div class="contentDetail"><h3>{LISTED}</h3><span>Thứ Ba, ngày 20/10/2026 08:30</span>
      <div class="sapo">{TOLD}</div><div class="journal-content-article"><p>{TEXT}</p></div></div>"""
    html = "<html><body>{}</body></html>"
    return {
        f"{PORTAL}/tin-tong-hop": page(f"{PORTAL}/tin-tong-hop", html.format(listing), Content_Type="text/html"),
        at: page(at, html.format(told), Content_Type="text/html"),
    }


def bridge_portal() -> dict[str, Any]:
    listed = {"MA": "167411", "TIEU_DE": LISTED, "MO_TA": TOLD, "MA_DANH_MUC": "8358",
              "THOI_GIAN_XUAT_BAN": "20/10/2026 08:30 AM"}  # fmt: skip
    told = {"ma": "167411", "tieuDe": LISTED, "moTa": TOLD, "thoiGianBatDauDang": "20/10/2026 08:30 AM",
            "noiDung": f"<p>{TEXT}</p>"}  # fmt: skip
    answers = {LIST: [{"MA": "8358", "TEN_MUC": "Tin nổi bật", "ITEMS": [listed]}], DETAIL: {"d": told}}
    return {f"{PORTAL}{at}": page(f"{PORTAL}{at}", json.dumps(said)) for at, said in answers.items()}


def test_the_ministrys_move_from_liferay_to_its_bridge_makes_no_second_article(tmp_path: Path) -> None:
    given = {"id": "moh", "name": "Bộ Y tế", "home": f"{PORTAL}/", "hosts": ("moh.gov.vn",), "pause": "0s"}
    old = Source(**given, kind="liferay", sections=(Section(url=f"{PORTAL}/tin-tong-hop"),))  # type: ignore[arg-type]
    new = Source(**given, kind="moh_bridge", sections=(Section(id="8358"),))  # type: ignore[arg-type]
    bench = Bench(tmp_path, make.config(old), liferay_portal())
    assert bench.run().visits[0].new == 1
    before = of_source(bench, "moh")
    bench.config = make.config(new)
    bench.fetcher.answers = bridge_portal()
    assert bench.run(HOUR).visits[0].new == 0
    after = of_source(bench, "moh")
    assert after.keys() == before.keys() and len(after) == 1
    telling, urls = next(iter(after.values()))
    assert telling.article.url == f"{PORTAL}/index.jsp?pageId=5803&aid=167411&cid=8358" and telling.status == "live"
    assert telling.article.url in urls and any("/-/asset_publisher/" in url for url in urls)


def test_a_moved_article_is_known_at_its_new_address_from_then_on(bench: Bench) -> None:
    bench.run()
    moved_site(bench, 1, 2)
    bench.run(HOUR)
    before = of_source(bench, "a")
    report = bench.run(MINUTE * 16)
    assert [(visit.new, visit.revised) for visit in report.visits if visit.source == "a"] == [(0, 0)]
    assert [one for one in bench.fetcher.urls if one.startswith("https://a.example.vn/cong/")] == []
    bench.run(HOUR * 3)
    assert "https://a.example.vn/cong/-/bai/101" in bench.fetcher.urls
    assert of_source(bench, "a") == before


def test_a_moved_article_that_was_given_up_for_lost_is_back(bench: Bench) -> None:
    bench.run()
    fresh = dict(bench.fetcher.answers)
    for number in (1, 2):
        del bench.fetcher.answers[url("a", number)]
    for _ in range(5):
        bench.run(MINUTE * 30, force=True)
    assert {telling.status for telling, _ in of_source(bench, "a").values()} == {"suspended"}
    bench.fetcher.answers = fresh
    moved_site(bench, 1, 2)
    bench.run(HOUR, force=True)
    told = of_source(bench, "a")
    assert len(told) == 2 and {telling.status for telling, _ in told.values()} == {"live"}


def test_two_articles_of_one_title_and_minute_that_stand_side_by_side_stay_two(bench: Bench) -> None:
    bench.run()
    twin = "https://a.example.vn/tin-1-b.htm"
    bench.fetcher.answers[twin] = replace(article("a", 1, text=f"{TEXT} Số a1."), url=twin, request=Request(twin))
    listing = feed("a", 1, 2, etag='"2"')
    again = (
        f"<item><title>Tin a số 1</title><link>{twin}</link><pubDate>Tue, 20 Oct 2026 01:30:00 +0700</pubDate></item>"
    )
    both = listing.body.replace(b"</channel>", f"{again}</channel>".encode())
    bench.fetcher.answers["https://a.example.vn/rss"] = replace(listing, body=both)
    bench.run(HOUR)
    assert len(of_source(bench, "a")) == 3


def test_a_feed_that_stands_elsewhere_is_found_by_auto_in_the_same_visit(tmp_path: Path) -> None:
    bench = Bench(tmp_path, make.config(make.source("a", pause="0s")), site("a", *range(1, 12)))
    assert bench.run().states["a"].health == "ok"
    home = (
        '<html><head><link rel="alternate" type="application/rss+xml" href="/feed/"></head><body>Tin tức</body></html>'
    )
    again = "https://a.example.vn/feed/"
    bench.fetcher.answers |= site("a", *range(1, 13))
    bench.fetcher.answers[again] = replace(feed("a", *range(1, 13)), url=again)
    bench.fetcher.answers["https://a.example.vn/rss"] = page("https://a.example.vn/rss", home, Content_Type="text/html")
    report = bench.run(HOUR)
    state = report.states["a"]
    assert (state.health, state.cause, state.chosen) == ("drifted", "drifted", {"https://a.example.vn/rss": again})
    assert "stands in" in state.problem and state.next_visit == bench.now + 15 * MINUTE
    assert [visit.new for visit in report.visits] == [1] and len(bench.stored()) == 12
    assert bench.run(16 * MINUTE).visits[0].new == 0 and len(bench.fetcher.urls) == 2
    assert bench.run(MINUTE).states["a"].health == "drifted"


def test_a_source_of_which_little_is_known_is_not_read_by_another_reader(bench: Bench) -> None:
    bench.run()
    bench.fetcher.answers["https://a.example.vn/rss"] = page(
        "https://a.example.vn/rss", "<html><body>Tin</body></html>"
    )
    state = bench.run(16 * MINUTE).states["a"]
    assert "too little is known" in state.problem and not state.chosen
    assert [one for one in bench.fetcher.urls if one.startswith("https://a.")] == ["https://a.example.vn/rss"]


def many_sections(tmp_path: Path) -> Bench:
    names = ("rss", "rss-2", "rss-3")
    sections = tuple(Section(url=f"https://a.example.vn/{name}") for name in names)
    answers = site("a", 1, 2)
    for section in sections[1:]:
        answers[section.url] = replace(feed("a", 2), url=section.url)
    return Bench(tmp_path, make.config(make.source("a", pause="0s", sections=sections)), answers)


def down(bench: Bench) -> dict[str, Any]:
    """The host in trouble: every address answers 503. Gives what it said before."""
    before = dict(bench.fetcher.answers)
    bench.fetcher.answers = {url: SourceError("server-error", f"{url} answers 503") for url in before}
    return before


def test_while_the_circuit_is_open_one_probe_goes_out(tmp_path: Path) -> None:
    bench = many_sections(tmp_path)
    bench.run()
    down(bench)
    asked = []
    for _ in range(5):
        bench.run(6 * HOUR)
        asked.append(len([url for url in bench.fetcher.urls if "/rss" in url]))
    assert asked == [3, 3, 1, 1, 1]
    assert len(bench.fetcher.requests) == 1 and bench.fetcher.requests[0].once


def test_the_circuit_closes_by_itself_with_the_first_answer(tmp_path: Path) -> None:
    bench = many_sections(tmp_path)
    bench.run()
    before = down(bench)
    for _ in range(4):
        bench.run(6 * HOUR)
    bench.fetcher.answers = before
    report = bench.run(6 * HOUR)
    assert len([url for url in bench.fetcher.urls if "/rss" in url]) == 3
    state = report.states["a"]
    assert (state.health, state.failures, state.next_visit) == ("ok", 0, bench.now + 15 * MINUTE)


def test_the_circuit_closes_though_one_section_stays_broken(tmp_path: Path) -> None:
    bench = many_sections(tmp_path)
    bench.run()
    before = down(bench)
    for _ in range(4):
        bench.run(6 * HOUR)
    bench.fetcher.answers = before | {"https://a.example.vn/rss": SourceError("server-error", "503")}
    states = [bench.run(6 * HOUR).states["a"] for _ in range(3)]
    assert states[-1].next_visit == bench.now + 15 * MINUTE


def test_articles_of_an_older_database_are_sketched_before_the_first_comparison(bench: Bench) -> None:
    """A re-post joins the story of an article that was stored before there were sketches."""
    same = article("b", 3, title="Trạm y tế xã mở cửa buổi tối", text=f"{TEXT} Số a1.")
    bench.fetcher.answers.update({url("b", 3): same, url("a", 1): article("a", 1, text=f"{TEXT} Số a1.")})
    bench.run(only=["a"])
    with sqlite3.connect(bench.folder / "a.db") as raw:
        raw.executescript("DELETE FROM sketch_keys; DELETE FROM sketches; DELETE FROM memo WHERE key = 'sketches';")
    raw.close()
    bench.run(only=["b"])
    with bench.ports() as ports:
        assert ports.store.sketched_by() == sketches.RULE
        assert ports.store.unsketched(sketches.RULE, "", 9) == ()
        stories = {telling.article.title: story for story, telling, _ in ports.store.export(None)}
    assert stories["Trạm y tế xã mở cửa buổi tối"] == stories["Tin a số 1"]


def test_sketching_goes_on_where_a_killed_run_left_it(bench: Bench) -> None:
    bench.run(only=["a"])
    with sqlite3.connect(bench.folder / "a.db") as raw:
        raw.executescript(
            "DELETE FROM memo WHERE key = 'sketches';"
            "DELETE FROM sketches WHERE article IN (SELECT min(id) FROM articles)"
        )
    raw.close()
    with bench.ports() as ports:
        assert len(ports.store.unsketched(sketches.RULE, "", 9)) == 1
        grouping.sketch_all(ports.store)
        assert ports.store.unsketched(sketches.RULE, "", 9) == ()
        assert ports.store.sketched_by() == sketches.RULE


def test_one_order_of_arrival_is_as_good_as_another(tmp_path: Path) -> None:
    """Through the store and its lookup: the same stories whichever source is visited first, one by one or at once."""
    texts = [
        f"{TEXT} Số a1.",
        f"{TEXT} Số a1.",
        f"Tin mới nhận. {TEXT} Số a1.",
        "Một tin khác hẳn về tiêm vắc xin sởi. " * 6,
    ]
    names = ("a", "b", "c", "d")
    answers: dict[str, Any] = {}
    for name, text in zip(names, texts, strict=True):
        answers |= {f"https://{name}.example.vn/rss": feed(name, 1), url(name, 1): article(name, 1, text=text)}
    told = []
    for number, order in enumerate(permutations(names)):
        if number % 5:
            continue
        config = make.config(*(make.source(name, pause="0s") for name in order))
        one = Bench(tmp_path / str(number), config, answers)
        one.folder.mkdir()
        with one.ports(writer=PlainWriter(tmp_path / "out")) as ports:
            for name in order:
                pipeline.run(config, ports, lambda *_: None, only=[name])
            groups: dict[str, set[str]] = {}
            for story, telling, _ in ports.store.export(None):
                groups.setdefault(story, set()).add(telling.article.source)
        told.append(sorted(sorted(group) for group in groups.values()))
    assert told == [told[0]] * len(told)
    assert told[0] == [["a", "b", "c"], ["d"]]


def test_a_draft_is_made_into_an_article_once_a_visit(bench: Bench) -> None:
    source = bench.config.sources[0]
    with bench.ports() as ports:
        collected = attending.attend(source, None, ports, lambda *_: None)
        articles = [one for one in collected.articles if isinstance(one, Article)]
        assert [one.url for one in articles] == [draft.url for draft in collected.drafts] != []
        told = tuple(replace(one, title=f"{one.title}, đã đọc") for one in articles)
        _, changes, _ = pipeline.refine(source, replace(collected, articles=told), None, ports)
    assert {verdict.article.title for verdict in changes.verdicts} == {one.title for one in told}


def test_a_visit_waits_to_begin_while_too_many_drafts_wait_for_their_turn() -> None:
    ahead = Ahead(most=10)
    ahead.begin(0)
    ahead.ended(10)
    waiting = threading.Thread(target=ahead.begin, args=(1,))
    waiting.start()
    waiting.join(0.05)
    assert waiting.is_alive()
    ahead.taken(10)
    waiting.join()


def test_the_visit_that_is_taken_next_never_waits() -> None:
    ahead = Ahead(most=10)
    ahead.ended(99)
    going = threading.Thread(target=ahead.begin, args=(0,), daemon=True)
    going.start()
    going.join(30)
    assert not going.is_alive()


def test_a_run_that_ends_early_leaves_no_visit_waiting() -> None:
    ahead = Ahead(most=1)
    ahead.ended(1)
    waiting = [threading.Thread(target=ahead.begin, args=(number,)) for number in (1, 2)]
    for one in waiting:
        one.start()
    ahead.over()
    for one in waiting:
        one.join()
    assert not any(one.is_alive() for one in waiting)
