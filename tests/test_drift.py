"""A source that is rebuilt under us, on the whole line: seen, told, and nothing good overwritten."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

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
