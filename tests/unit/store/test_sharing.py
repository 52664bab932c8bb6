"""Several at one database: machines, threads, and a process that is killed."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fakes import NOON
from tests.make_store import alone, changes, keep, open_at, settle, visit

ROOT = Path(__file__).resolve().parents[3]

KILLED = """
import os, sys
from pathlib import Path
from tests.make_store import article, changes, open_at, verdict, visit

class Killing(dict):
    def items(self):
        os._exit(9)  # as kill -9 would: no rollback, no closing

store = open_at(Path(sys.argv[1]))
revised = verdict(article("a1", text="khác"), "revised")
store.commit(visit(run="r9"), changes("a2", revised, tags=Killing(a1=())))
"""


def test_a_process_killed_in_the_middle_of_a_commit_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    store = open_at(tmp_path)
    keep(store, "a1")
    before = (store.stories(["a1"]), store.visits(9), store.pending(NOON))
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], cwd=ROOT, check=False)
    assert killed.returncode == 9
    assert (store.stories(["a1"]), store.visits(9), store.pending(NOON)) == before
    assert store.known(["a2"]) == {}
    keep(store, "a2")
    store.close()


def test_two_stores_on_one_file_see_each_others_work(tmp_path: Path) -> None:
    first, second = open_at(tmp_path), open_at(tmp_path)
    keep(first, "a1")
    assert second.pending(NOON).stories == ("a1",)
    settle(second)
    assert first.pending(NOON).stories == ()
    keep(second, "a2")
    assert first.pending(NOON).stories == ("a2",)
    first.close()
    second.close()


def test_a_reader_in_the_middle_of_an_export_does_not_stop_a_writer_nor_see_its_work(tmp_path: Path) -> None:
    store = open_at(tmp_path, busy_timeout_s=0.05)
    keep(store, *(f"a{number:04}" for number in range(501)))
    export = store.export(None)
    next(export)
    keep(store, "b1")
    assert sum(1 for _ in export) == 500
    store.close()


def test_visits_committed_by_several_threads_are_all_kept(tmp_path: Path) -> None:
    store = open_at(tmp_path)

    def commit(number: int) -> None:
        id = f"a{number}"
        store.commit(visit(run=f"r{number % 3}"), changes(id, regrouping=alone(id)))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(commit, range(24)))
    assert len(store.visits(99)) == 24
    assert len(store.pending(NOON).stories) == 24
    assert store.pending(NOON).mark == 24
    store.close()
