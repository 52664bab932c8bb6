"""Whatever the order of visits, kills and restarts: what is published is what the store says."""

import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator import pipeline
from aggregator.model import Missing, Request
from tests import make
from tests.fakes import NOON
from tests.fakes_publish import Killed, MemoryWriter
from tests.unit.test_pipeline import Bench, article, site, url

IDLE = {"heartbeat.json", "trang-thai/index.html"}
STANDS = {"a": (1, 2), "b": (3,)}
ACTIONS = st.one_of(
    st.tuples(st.just("run"), st.sampled_from((0, 20, 70, 300, -90, 12_000, -12_000)), st.sampled_from(("a", "b", ""))),
    st.tuples(st.just("killed"), st.integers(0, 40), st.just("")),
    st.tuples(st.just("cut off"), st.just(0), st.just("")),
    st.tuples(st.sampled_from(("gone", "back", "corrected")), st.sampled_from((1, 2, 3)), st.just("")),
)


class Site(Bench):
    """A bench whose output is in memory, and whose process may die while it writes."""

    def __init__(self, folder: Path) -> None:
        sources = [make.source(id, pause="0s", embargo="0s") for id in STANDS]
        told = {key: value for id, numbers in STANDS.items() for key, value in site(id, *numbers).items()}
        super().__init__(folder, make.config(*sources), told)
        self.writer = MemoryWriter()

    def act(self, what: str, number: int, source: str) -> None:
        if what in {"run", "killed", "cut off"}:
            self.now += timedelta(minutes=number if what == "run" else 70)
            self._run(what, number, source)
            return
        of = next(id for id, numbers in STANDS.items() if number in numbers)
        words = {"back": "như cũ", "corrected": "đã sửa số liệu"}.get(what, "")
        answer: Any = article(of, number, text=f"Bài {number} của nguồn {of}, {words}. " * 12)
        self.fetcher.answers[url(of, number)] = Missing(Request(url(of, number)), 410, NOON) if not words else answer

    def _run(self, what: str, number: int, source: str) -> None:
        only = [source] if source else []
        self.writer.dies_after = number if what == "killed" else None
        with self.ports(writer=self.writer) as ports, suppress(Killed):
            if what == "cut off":  # between the store's transaction and publishing
                pipeline.gather(self.config, ports, lambda *_: None, only)
            else:
                pipeline.run(self.config, ports, lambda *_: None, only, force=bool(only))
        self.writer.dies_after = None

    def anew(self) -> dict[str, bytes]:
        """What a full publish makes of the store now."""
        fresh = MemoryWriter()
        with self.ports() as ports:
            pipeline.publish(self.config, replace(ports, writer=fresh), full=True)
        return fresh.files


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTIONS, min_size=3, max_size=7))
def test_what_is_published_is_what_the_store_says_whatever_happened(actions: list[tuple[str, int, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bench = Site(Path(folder))
        for action in [("run", 0, ""), *actions, ("run", 20, "")]:
            bench.act(*action)
        made = {path: told for path, told in bench.writer.files.items() if path not in IDLE}
        assert made == {path: told for path, told in bench.anew().items() if path not in IDLE}
