"""Re-checks and withdrawals in whole runs, ten minutes apart: who is asked, what is taken down, what is not."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from aggregator.cli.cycle import exit_code
from aggregator.cli.show import doubted_line, shortened_line
from aggregator.errors import SourceError
from aggregator.model import Changes, Missing, Page, Request, SourceState, Visit
from aggregator.steps import watching
from tests import make
from tests.fakes import NOON, page
from tests.unit.test_pipeline import HOUR, MINUTE, Bench, article, feed, site, url

STEP, DAY = 10 * MINUTE, timedelta(days=1)
NUMBERS = tuple(range(1, 12))


def bench_of(folder: Path, *numbers: int, **settings: Any) -> Bench:
    source = make.source("a", pause="0s", **{"embargo": "0s", "every": "15m", **settings})
    bench = Bench(folder, make.config(source), site("a", *numbers))
    bench.run()
    return bench


def gone(status: int = 404) -> Missing:
    return Missing(Request("https://a.example.vn/"), status, NOON)  # type: ignore[arg-type]


def until(bench: Bench, span: timedelta, step: timedelta = STEP) -> list[Any]:
    return [bench.run(step) for _ in range(span // step)]


def statuses(bench: Bench) -> dict[str, str]:
    return {title.rpartition(" ")[2]: telling.status for title, telling in bench.stored().items()}


def watches(bench: Bench) -> dict[str, str]:
    return {title.rpartition(" ")[2]: telling.watch for title, telling in bench.stored().items()}


def asked(bench: Bench) -> list[str]:
    return [request.url for request in bench.fetcher.requests]


def test_a_recheck_that_is_due_makes_a_visit_of_its_own(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, 1, 2, every="6h")
    for _ in range(4):
        assert bench.run(STEP).visits == ()
    before = bench.run(STEP)
    assert sorted(asked(bench)) == [url("a", 1), url("a", 2)]
    assert [(visit.checks, visit.leads) for visit in before.visits] == [(2, 0)]
    assert before.states["a"].next_visit == NOON + 6 * HOUR  # its sections keep their rhythm


def test_everything_in_the_window_is_seen_at_least_every_two_hours(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, *NUMBERS, every="6h")
    last = dict.fromkeys((url("a", n) for n in NUMBERS), bench.now)
    longest = timedelta(0)
    for _ in range(30 * HOUR // STEP):
        bench.run(STEP)
        for address in set(asked(bench)) & last.keys():
            longest = max(longest, bench.now - last[address])
            last[address] = bench.now
    assert longest <= 2 * HOUR and bench.now - min(last.values()) <= 2 * HOUR


def test_the_cap_shortens_the_window_and_says_so(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, *NUMBERS, checks_a_day=210)
    found = bench.run(STEP)
    assert found.shortened == ()  # said once, when it began
    capped = sorted(int(number) for number, why in watches(bench).items() if why == "cap")
    assert capped == [1, 2, 3, 4, 5]  # six of the newest fit into nine tenths of 210
    with bench.ports() as ports:
        assert ports.store.unwatched() == {"a": {"cap": 5}}
    runs = until(bench, DAY, 30 * MINUTE)
    assert sum(visit.checks for report in runs for visit in report.visits) <= 210
    until(bench, 6 * HOUR, 30 * MINUTE)
    assert set(watches(bench).values()) == {""}  # past their first day there is room for all
    words = shortened_line(bench.config, watching.Shortened("a", NOON))
    assert "checks_a_day (210)" in words and "2026-10-20 05:00 UTC" in words


def test_sources_of_one_host_share_its_day(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, *NUMBERS)
    one = make.source("a", checks_a_day=60)
    other = make.source("b", home="https://a.example.vn/", checks_a_day=60)
    far = make.source("c", checks_a_day=60)
    bench.config, bench.now = make.config(one, other, far), NOON + 2 * HOUR
    with bench.ports(beside=watching.beside(bench.config)) as ports:
        assert (watching.room(one, ports), len(watching.due(one, 60, ports))) == (60, len(NUMBERS))
        for source in (other, far):
            asked = Visit("run", source.id, bench.now, bench.now, "ok", checks=55)
            ports.store.commit(asked, Changes(SourceState(source.id)))
        assert watching.room(one, ports) == 5 and len(watching.due(one, 5, ports)) == 5
        assert watching.due(one, 0, ports) == ()


def test_what_the_cap_leaves_out_is_told_by_title_and_link(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, *NUMBERS, checks_a_day=210)
    pages = [path.read_text(encoding="utf-8") for path in (bench.output / "tin").rglob("*.html")]
    led = {n for n in NUMBERS for told in pages if f"Tin a số {n}</h1>" in told and "story-lead" in told}
    assert not led & {1, 2, 3, 4, 5}
    status = (bench.output / "trang-thai/index.html").read_text(encoding="utf-8")
    assert "5 bài chỉ hiện tiêu đề và đường dẫn: số lượt hỏi lại mỗi ngày có hạn" in status


def test_without_an_answer_for_three_hours_the_words_are_shown_no_more_and_come_back(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, 1, 2)
    good = dict(bench.fetcher.answers)
    bench.fetcher.answers = {key: SourceError("timeout", "no answer", key) for key in good}
    until(bench, 3 * HOUR)
    assert statuses(bench) == {"1": "live", "2": "live"} and watches(bench) == {"1": "late", "2": "late"}
    bench.fetcher.answers = good
    until(bench, 6 * HOUR, HOUR)
    assert statuses(bench) == {"1": "live", "2": "live"} and watches(bench) == {"1": "", "2": ""}


@pytest.mark.parametrize("status", [404, 410])
def test_a_host_that_denies_everything_withdraws_nothing(tmp_path: Path, status: int) -> None:
    bench = bench_of(tmp_path, *NUMBERS)
    good = dict(bench.fetcher.answers)
    bench.fetcher.answers |= {url("a", n): gone(status) for n in NUMBERS}
    runs = until(bench, 4 * HOUR)
    assert set(statuses(bench).values()) == {"live"} and set(watches(bench).values()) == {"late"}
    moody = [report for report in runs if any("denies" in visit.problem for visit in report.visits)]
    assert moody and exit_code(bench.config, moody[0]) == 1
    assert max(visit.requests for report in runs for visit in report.visits) <= 1 + 6 + 3  # feed, denials, probes
    bench.fetcher.answers = good
    until(bench, 3 * HOUR)
    assert set(statuses(bench).values()) == {"live"} and set(watches(bench).values()) == {""}


@pytest.mark.parametrize("status", [404, 410])
def test_many_withdrawals_are_held_told_and_out_within_three_hours(tmp_path: Path, status: int) -> None:
    bench = bench_of(tmp_path, *NUMBERS)
    bench.fetcher.answers |= {url("a", n): gone(status) for n in NUMBERS[:8]}
    runs = until(bench, 3 * HOUR)
    held = [report.doubted["a"] for report in runs if report.doubted]
    assert max(held) == 8 and "denies 8 articles" in doubted_line("a", 8)
    down = "suspended" if status == 404 else "withdrawn"
    assert [statuses(bench)[str(n)] for n in NUMBERS] == [down] * 8 + ["live"] * 3


def test_a_404_is_asked_three_times_within_45_minutes(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, 1, 2, 3)
    bench.fetcher.answers[url("a", 1)] = gone()
    times = []
    while statuses(bench)["1"] == "live":
        bench.run(STEP)
        times += [bench.now] if url("a", 1) in asked(bench) else []
    assert len(times) == 3 and times[-1] - times[0] <= 45 * MINUTE and times[-1] - NOON <= 2 * HOUR
    until(bench, 23 * HOUR, HOUR)
    assert statuses(bench)["1"] == "suspended"
    until(bench, 8 * HOUR, HOUR)
    assert statuses(bench)["1"] == "withdrawn"


def test_a_flap_of_a_few_hours_is_suspended_and_comes_back_by_itself(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, 1, 2, 3)
    good = bench.fetcher.answers[url("a", 1)]
    bench.fetcher.answers[url("a", 1)] = gone()
    until(bench, 4 * HOUR)
    assert statuses(bench)["1"] == "suspended"
    bench.fetcher.answers[url("a", 1)] = good
    until(bench, HOUR)
    assert statuses(bench) == {"1": "live", "2": "live", "3": "live"}


HOME, SECTION = "https://a.example.vn/", "https://a.example.vn/tin-tuc"
BARE = "<html><head><title>Trang</title></head><body><p>Mục lục</p></body></html>"


@pytest.mark.parametrize(
    "landed",
    [
        Missing(Request(url("a", 1)), 404, NOON),  # what the door makes of a redirect to the front page, or a soft 404
        replace(page(SECTION, BARE, Content_Type="text/html"), hops=((302, url("a", 1)),)),
        replace(article("a", 9, "Tin khác hẳn"), url=url("a", 9), hops=((302, url("a", 1)),)),
    ],
)
def test_an_address_that_leads_elsewhere_is_as_good_as_a_404(tmp_path: Path, landed: Page) -> None:
    bench = bench_of(tmp_path, 1, 2, 3)
    bench.fetcher.answers[url("a", 1)] = landed
    until(bench, 2 * HOUR)
    assert statuses(bench) == {"1": "suspended", "2": "live", "3": "live"}


def test_a_source_that_flaps_between_two_texts_has_a_named_state_and_few_revisions(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, 1, 2)
    texts = [article("a", 1, text=f"Bản thứ {which} của bài này. " * 20) for which in (1, 2)]
    turns = count()
    bench.fetcher.answers[url("a", 1)] = lambda _: replace(texts[next(turns) % 2], fetched_at=bench.now)
    for _ in range(20):
        bench.run(HOUR)
    told = bench.stored()["Tin a số 1"]
    assert told.watch == "flapping" and len(told.revisions) == 3
    words = next(path.read_text("utf-8") for path in (bench.output / "tin").rglob("*tin-a-so-1-*"))
    assert "đổi qua lại giữa các bản" in words and "Bản thứ" not in words
    bench.fetcher.answers[url("a", 1)] = lambda _: replace(texts[1], fetched_at=bench.now)
    until(bench, 28 * HOUR, 2 * HOUR)
    told = bench.stored()["Tin a số 1"]
    assert told.watch == "" and "Bản thứ 2" in told.article.text


def test_a_clock_that_jumps_ahead_and_back_leaves_no_article_unwatched(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, 1, 2)
    bench.now = NOON + 300 * DAY
    bench.run()
    bench.now = NOON + HOUR
    bench.run()
    bench.fetcher.answers[url("a", 1)] = gone(410)
    until(bench, 2 * HOUR)
    assert statuses(bench) == {"1": "withdrawn", "2": "live"} and watches(bench)["2"] == ""


def test_a_clock_that_went_back_shows_what_its_time_allows_and_says_so(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, 1, 2, embargo="7h")  # they are of 1:30 and 2:30, it is 12:00: both are told
    before = published(bench)
    assert len(before) == 2
    (said,) = bench.run(-3 * HOUR - 10 * MINUTE).published.notes
    assert said.startswith("the clock went back from 2026-10-20T12:00:00+07:00 to 2026-10-20T08:50:00+07:00")
    early = published(bench)
    assert [path for path in early if early[path] == before[path]] == [next(iter(sorted(before)))]
    assert "chưa đến giờ được đăng" in early[max(early)]
    assert bench.run(STEP).published.notes == ()
    bench.run(3 * HOUR)
    assert published(bench) == before


def published(bench: Bench) -> dict[str, str]:
    """The story pages."""
    return {path.name: path.read_text(encoding="utf-8") for path in (bench.output / "tin").rglob("*.html")}


def test_what_a_clock_that_was_ahead_logged_does_not_use_up_the_cap(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, 1, 2, checks_a_day=70)
    bench.now = NOON + 2 * DAY
    until(bench, 4 * DAY, HOUR)
    bench.now = NOON
    until(bench, 4 * HOUR, HOUR)
    assert set(watches(bench).values()) == {""}
    assert set(asked(bench)) >= {url("a", 1), url("a", 2)}


def test_a_source_that_is_switched_off_is_told_by_title_and_link(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, 1)
    bench.config = make.config(make.source("a", enabled=False))
    bench.run(STEP)
    (told,) = [path.read_text(encoding="utf-8") for path in (bench.output / "tin").rglob("*.html")]
    assert "story-lead" not in told and "Tin a số 1" in told


def test_a_listing_that_shows_another_title_brings_the_check_forward(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, 1, 2)
    new = feed("a", 1, 2, etag='"2"')
    changed = replace(new, body=new.body.replace("Tin a số 1".encode(), "Tin a đã sửa số 1".encode()))
    bench.fetcher.answers["https://a.example.vn/rss"] = changed
    bench.run(20 * MINUTE)
    assert url("a", 1) in asked(bench) and url("a", 2) not in asked(bench)
