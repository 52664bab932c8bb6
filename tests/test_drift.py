"""A source that is rebuilt under us, on the whole line: seen, told, and nothing good overwritten."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.cli import accept as accepting
from aggregator.demo.asked import Asked, Said
from aggregator.demo.replay import Replay
from tests.line import Line

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOST = "suckhoedoisong.vn"
Bend = Callable[[Asked, bytes], bytes]


class Bent(Replay):
    """The sites, with the pages of one host bent as a rebuilding bends them; no answer of it is conditional."""

    bend: Bend | None = None

    def answer(self, asked: Asked, headers: Any) -> Said:
        if self.bend is None or asked.host != HOST:
            return super().answer(asked, headers)
        said = super().answer(asked, {})
        return replace(said, body=self.bend(asked, said.body), etag="", modified=None)


class BentLine(Line):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.replay = Bent(self.world, lambda: self.now)


@pytest.fixture
def line(tmp_path: Path) -> Iterator[BentLine]:
    with BentLine(tmp_path) as line:
        line.run()
        yield line


def shrunk(asked: Asked, body: bytes) -> bytes:
    """Article pages whose body is a caption now."""
    if b"data-role" not in body:
        return body
    return re.sub(
        rb"(<[^>]*data-role=\"?content\"?[^>]*>).*", rb"\1<p>Anh minh hoa</p></div></body></html>", body, flags=re.S
    )


def shell(asked: Asked, body: bytes) -> bytes:
    """Article pages that are an application now, while the feeds go on."""
    return b"<html><body><div id=root></div><script src=/a.js></script></body></html>" if b"data-role" in body else body


def part(body: bytes, name: str) -> bytes:
    found = re.search(rb"<(\w+)[^>]*data-role=\"?" + name.encode() + rb"\"?[^>]*>(.*?)</\1>", body, re.S)
    return found[2] if found else b""


def rebuilt(asked: Asked, body: bytes) -> bytes:
    """Article pages of another system, with the same words: nothing of them bears the names that were known."""
    if b"data-role" not in body:
        return body
    words = b"".join(b"<p>%s</p>" % text for text in re.findall(rb"<p[^>]*>(.*?)</p>", body, re.S) if len(text) > 60)
    told = re.search(rb"article:published_time\" content=\"([^\"]*)", body)
    assert told
    head = b'<h1>%s</h1><p class="lead">%s</p>' % (part(body, "title"), part(body, "sapo"))
    time = b'<time datetime="%s"></time>' % told[1]
    return b"<html><body><article>" + head + time + words + b"</article></body></html>"


def texts(line: Line) -> dict[str, str]:
    with line.ports() as ports:
        return {
            told.article.id: told.article.text
            for _, told, _ in ports.store.export(None)
            if told.article.source == "skds"
        }


def state(line: Line):
    with line.ports() as ports:
        return ports.store.states()["skds"]


def test_a_good_run_teaches_what_is_usual(line: BentLine) -> None:
    learned = state(line).profile
    assert learned["leads"] >= 10 and learned["titled"] == 1.0 and learned["body_length"] > 200


@pytest.mark.parametrize(("bend", "words"), [(shrunk, "characters"), (shell, "held an article")])
def test_a_rebuilt_source_is_drifted_and_keeps_its_good_texts(line: BentLine, bend: Bend, words: str) -> None:
    before = texts(line)
    learned = state(line).profile
    line.replay.bend = bend
    report = line.run(step=2 * HOUR)
    seen = state(line)
    assert (seen.health, seen.cause) == ("drifted", "drifted")
    assert words in seen.problem
    assert next(visit for visit in report.visits if visit.source == "skds").outcome == "failed"
    after = texts(line)
    assert {id: after[id] for id in before} == before
    assert seen.profile == learned


def test_a_source_that_is_mended_is_read_again_from_the_start(line: BentLine) -> None:
    line.replay.bend = shrunk
    line.run(step=2 * HOUR)
    line.replay.bend = None
    line.run(step=DAY)
    assert state(line).health == "ok"
    assert all(len(text) > 100 for text in texts(line).values())


def kept(line: Line) -> list[Path]:
    return sorted((line.folder / "drifted/skds").glob("*/*.json"))


def test_the_pages_of_a_drifted_visit_are_kept_as_test_cases(line: BentLine) -> None:
    line.replay.bend = shell
    report = line.run(step=2 * HOUR)
    folder = kept(line)[0].parent
    problem = next(visit.problem for visit in report.visits if visit.source == "skds")
    assert f"its pages are in {folder}" in problem and problem == state(line).problem
    told = [json.loads(path.read_text("utf-8")) for path in kept(line)]
    assert [one["error"] for one in told if "lead" in one] == ["article"] * 3
    assert all(b"id=root" in (folder / one["page"]).read_bytes() for one in told if "lead" in one)
    listings = [one for one in told if "leads" in one]
    assert 0 < len(listings) <= 4 and all(one["leads"] for one in listings)


def test_the_first_pages_of_a_drift_are_kept_and_no_more(line: BentLine) -> None:
    line.replay.bend = shell
    line.run(step=2 * HOUR)
    before = kept(line)
    line.run(step=2 * HOUR)
    assert state(line).health == "drifted" and str(before[0].parent) in state(line).problem
    assert kept(line) == before


def test_articles_of_a_rebuilt_site_are_read_by_their_structure_and_stay_whole(line: BentLine) -> None:
    before = texts(line)
    line.replay.bend = rebuilt
    report = line.run(step=6 * HOUR)
    assert (state(line).health, state(line).cause) == ("ok", "")
    visit = next(visit for visit in report.visits if visit.source == "skds")
    assert visit.revised >= 3 and visit.skips == ()
    after = texts(line)
    assert before.keys() <= after.keys() and all(len(text) > 100 for text in after.values())


def test_the_pages_of_a_rebuilt_site_are_asked_for_once(line: BentLine) -> None:
    line.replay.bend = rebuilt
    before = len(line.replay.requests)
    line.run(step=6 * HOUR)
    asked = [one for one in line.replay.requests[before:] if one.host == HOST and one.path != "/robots.txt"]
    assert len(asked) == len(set(asked))


def test_a_worse_auto_reader_is_not_used_and_says_why(line: BentLine) -> None:
    line.replay.bend = shell
    line.run(step=2 * HOUR)
    assert "the auto reader does no better: " in state(line).problem
    assert not state(line).chosen


def test_the_auto_reader_is_tried_more_and_more_seldom(line: BentLine) -> None:
    line.replay.bend = shell
    tried = []
    for _ in range(8):
        line.run(step=2 * HOUR)
        tried.append("the auto reader" in state(line).problem)
    assert tried == [True, True, False, True, False, False, False, True]


def accept(line: Line, id: str = "skds") -> int:
    return accepting.accept(line.config(), lambda: line.now, id, "giao diện mới, bài ngắn hơn")


def test_an_accepted_source_is_learned_anew_and_is_drifted_no_more(line: BentLine) -> None:
    line.replay.bend = shrunk
    line.run(step=2 * HOUR)
    usual = state(line).profile["body_length"]
    line.now += HOUR
    assert accept(line) == 0
    seen = state(line)
    assert (seen.health, seen.problem, seen.profile, seen.next_visit) == ("ok", "", {}, None)
    line.run(force=False, step=HOUR)
    assert state(line).health == "ok"
    assert 0 < state(line).profile["body_length"] < usual / 5
    line.run(step=2 * HOUR)
    assert state(line).health == "ok"


def test_the_visit_log_says_what_was_accepted_and_why(line: BentLine) -> None:
    line.replay.bend = shrunk
    line.run(step=2 * HOUR)
    accept(line)
    with line.ports() as ports:
        told = ports.store.visits(1)[0]
    assert (told.source, told.outcome, told.requests) == ("skds", "unchanged", 0)
    assert told.problem.startswith("accepted as it is (giao diện mới, bài ngắn hơn); it was drifted: ")


def test_accepting_forgives_drift_and_nothing_else(line: BentLine) -> None:
    line.now = line.world.events[0].at
    line.run(step=HOUR)
    accept(line)
    seen = state(line)
    assert (seen.health, seen.cause, seen.profile) == ("blocked", "blocked", {})


def test_a_source_that_is_not_configured_cannot_be_accepted(line: BentLine, capsys: pytest.CaptureFixture[str]) -> None:
    assert accept(line, "khac") == 2
    assert "khac: no such source; there are moh" in capsys.readouterr().err


def test_a_source_that_was_never_visited_needs_no_leave(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Line(tmp_path) as line:
        assert accept(line) == 0
    assert "never visited" in capsys.readouterr().out
