"""The raw archive: what is kept is read back, whatever was cut, damaged, pruned or erased meanwhile."""

import json
import logging
import multiprocessing
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.errors import ArchiveError
from aggregator.model import Page, Raw, RawRecord, Request
from aggregator.operate import archive as archives
from aggregator.operate import warc
from aggregator.operate.archive import FolderArchive
from aggregator.settings import Archive
from tests.fakes import NOON

DAY = timedelta(days=1)


class Time:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def kept(tmp_path: Path, time: Time) -> FolderArchive:
    return FolderArchive(tmp_path / "raw", Archive(), time)


def raw(words: str = "Rửa tay bằng xà phòng", *articles: str, size: int = 0, at: datetime = NOON) -> Raw:
    body = f"<p>{words}</p>".encode() + os.urandom(size)
    headers = (("content-type", "text/html; charset=utf-8"), ("content-encoding", "gzip"), ("etag", '"e1"'))
    page = Page(Request("https://so.example/a.htm"), "https://so.example/a.htm", 200, headers, body, at)
    return Raw(page, articles or ("a1",))


def files(kept: FolderArchive) -> list[Path]:
    return sorted(kept.root.glob("*.warc.gz"))


def state_of(kept: FolderArchive, record: RawRecord) -> str:
    try:
        kept.read(record)
    except ArchiveError as error:
        return error.state
    return "ok"


# --- keeping and reading back


def test_a_page_comes_back_as_it_was_answered(kept: FolderArchive) -> None:
    given = raw("Tiêm vắc xin sởi", "a1", "b2")
    (record,) = kept.keep([given])
    assert kept.read(record) == given


def test_the_same_pages_give_the_same_bytes(tmp_path: Path, time: Time) -> None:
    made = []
    for name in ("x", "y"):
        kept = FolderArchive(tmp_path / name, Archive(), time)
        kept.keep([raw("một"), raw("hai")])
        made.append([(path.name, path.read_bytes()) for path in files(kept)])
    assert made[0] == made[1]


def test_any_reader_of_warc_files_can_read_the_archive(kept: FolderArchive) -> None:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.checker import Checker

    kept.keep([raw("một"), raw("hai")])
    kept.erase((), kept.keep([raw("ba")]), ())
    with files(kept)[0].open("rb") as file:
        kinds = [(one.rec_type, one.raw_stream.read().decode()) for one in ArchiveIterator(file)]
    assert [kind for kind, _ in kinds] == ["warcinfo", "response", "response", "metadata"]
    assert kinds[1][1] == "<p>một</p>"
    checker = Checker(SimpleNamespace(inputs=[str(files(kept)[0])], verbose=False))
    checker.process_all()
    assert checker.exit_value == 0


def test_each_record_is_read_without_the_others(kept: FolderArchive) -> None:
    one, two = kept.keep([raw("một"), raw("hai")])
    data = bytearray(files(kept)[0].read_bytes())
    data[: two.offset] = bytes(two.offset)
    files(kept)[0].write_bytes(data)
    assert kept.read(two).page.body == b"<p>hai</p>"
    assert state_of(kept, one) == "damaged"


def test_nothing_kept_is_readable_by_others(kept: FolderArchive) -> None:
    kept.keep([raw()])
    assert kept.root.stat().st_mode & 0o077 == 0
    assert files(kept)[0].stat().st_mode & 0o077 == 0


# --- cut short


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_beginning_of_a_file_is_its_whole_records_and_a_named_torn_one(data: st.DataObject) -> None:
    records = [warc.record(raw(f"bài số {number}" * (number + 1))) for number in range(3)]
    whole = warc.opening(NOON, "x") + b"".join(records)
    ends = [len(warc.opening(NOON, "x"))]
    for record in records:
        ends.append(ends[-1] + len(record))
    cut = data.draw(st.integers(0, len(whole)))
    found = list(warc.members(whole[:cut]))
    assert [one.offset + one.length for one in found if one.state == "whole"] == [end for end in ends if end <= cut]
    assert [one.state for one in found if one.state != "whole"] == ([] if cut in (0, *ends) else ["torn"])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_damaged_byte_costs_its_own_record_and_no_other(at: int, flip: int) -> None:
    records = [warc.record(raw(f"bài số {number} " * 9)) for number in range(4)]
    whole = bytearray(b"".join(records))
    at %= len(whole)
    whole[at] ^= flip
    starts = [sum(map(len, records[:number])) for number in range(4)]
    hit = max(number for number in range(4) if starts[number] <= at)
    found = {one.offset for one in warc.members(bytes(whole)) if one.state == "whole"}
    assert {start for number, start in enumerate(starts) if number != hit} <= found


@pytest.mark.parametrize("bytes_left", [1, 30, 200])
def test_a_record_that_was_not_finished_is_named_and_cut_and_nothing_before_it_lost(
    kept: FolderArchive, bytes_left: int, caplog: pytest.LogCaptureFixture
) -> None:
    (first,) = kept.keep([raw("một")])
    with files(kept)[0].open("ab") as file:
        file.write(warc.record(raw("hai"))[:bytes_left])
    with caplog.at_level(logging.WARNING):
        (third,) = kept.keep([raw("ba")])
    assert [record.message for record in caplog.records] == ["torn record cut"]
    assert third.offset == first.offset + first.length
    assert (kept.read(first).page.body, kept.read(third).page.body) == (b"<p>m\xe1\xbb\x99t</p>", b"<p>ba</p>")


def test_a_record_whose_file_was_cut_short_says_so_and_the_archive_goes_on(kept: FolderArchive) -> None:
    one, two = kept.keep([raw("một"), raw("hai")])
    os.truncate(files(kept)[0], two.offset + 20)
    assert (state_of(kept, one), state_of(kept, two)) == ("ok", "cut")
    (three,) = kept.keep([raw("ba")])
    assert [state_of(kept, record) for record in (one, three)] == ["ok", "ok"]


def test_a_damaged_end_is_left_alone_and_a_new_file_begun(kept: FolderArchive) -> None:
    (one,) = kept.keep([raw("một")])
    with files(kept)[0].open("ab") as file:
        file.write(bytes(4096))  # what a power cut leaves on some file systems
    before = files(kept)[0].read_bytes()
    (two,) = kept.keep([raw("hai")])
    assert two.file != one.file and files(kept)[0].read_bytes() == before
    assert [state_of(kept, record) for record in (one, two)] == ["ok", "ok"]


def test_a_lost_note_costs_one_reading_and_nothing_else(kept: FolderArchive) -> None:
    (one,) = kept.keep([raw("một")])
    (kept.root / "whole.json").write_text("{")
    (two,) = kept.keep([raw("hai")])
    assert (one.file, one.offset + one.length) == (two.file, two.offset)


# --- bounds


def test_a_new_day_begins_a_new_file_and_a_clock_that_jumped_back_does_not(kept: FolderArchive, time: Time) -> None:
    names = []
    for step in (timedelta(0), DAY, -9 * DAY, timedelta(hours=1)):
        time.now += step
        names.append(kept.keep([raw()])[0].file)
    assert names == ["000001-20261020.warc.gz", *["000002-20261021.warc.gz"] * 3]


def test_the_oldest_files_go_when_the_archive_is_too_large_and_their_records_say_so(tmp_path: Path, time: Time) -> None:
    kept = FolderArchive(tmp_path, Archive(max_bytes=100_000), time)
    records = [kept.keep([raw(size=5_000)])[0] for _ in range(60)]
    assert sum(path.stat().st_size for path in files(kept)) <= 100_000 + 5_000
    states = [state_of(kept, record) for record in records]
    assert states == ["pruned"] * states.count("pruned") + ["ok"] * states.count("ok")
    assert 0 < states.count("pruned") < 60


def test_a_file_goes_when_all_that_it_holds_is_too_old(tmp_path: Path, time: Time) -> None:
    kept = FolderArchive(tmp_path, Archive(max_age=timedelta(days=30)), time)
    (old,) = kept.keep([raw()])
    time.now += 30 * DAY
    (young,) = kept.keep([raw()])
    assert (state_of(kept, old), state_of(kept, young)) == ("ok", "ok")
    time.now += DAY
    kept.keep([raw()])
    assert (state_of(kept, old), state_of(kept, young)) == ("pruned", "ok")


def test_numbers_go_on_after_everything_was_pruned(tmp_path: Path, time: Time) -> None:
    kept = FolderArchive(tmp_path, Archive(max_age=timedelta(days=1)), time)
    (old,) = kept.keep([raw()])
    time.now += 9 * DAY
    kept.keep([raw()])
    time.now += 9 * DAY
    (young,) = kept.keep([raw()])
    assert (old.file[:6], young.file[:6]) == ("000001", "000003")
    assert state_of(kept, old) == "pruned"


# --- what cannot be


def test_a_file_that_somebody_took_away_is_missing_not_pruned(kept: FolderArchive, time: Time) -> None:
    (one,) = kept.keep([raw()])
    time.now += DAY
    (two,) = kept.keep([raw()])
    (kept.root / two.file).unlink()
    assert (state_of(kept, one), state_of(kept, two)) == ("ok", "missing")


@pytest.mark.parametrize("name", ["../aggregator.db", "whole.json", "/etc/passwd", ""])
def test_nothing_but_the_files_of_the_archive_is_read(kept: FolderArchive, name: str) -> None:
    kept.keep([raw()])
    assert state_of(kept, RawRecord(name, 0, 10)) == "damaged"


def test_another_record_s_place_is_no_record(kept: FolderArchive) -> None:
    (one,) = kept.keep([raw()])
    assert state_of(kept, replace(one, offset=one.offset + 1)) in {"damaged", "cut"}
    assert state_of(kept, RawRecord(one.file, 0, one.offset)) == "damaged"


def test_a_folder_that_cannot_be_written_is_told_with_what_to_do(tmp_path: Path, time: Time) -> None:
    (tmp_path / "raw").write_text("đây là tệp")
    kept = FolderArchive(tmp_path / "raw", Archive(), time)
    with pytest.raises(ArchiveError, match=r"raw: cannot be written: .*; check space and rights"):
        kept.keep([raw()])
    assert "cannot be written" in kept.state().problem


def test_a_full_disk_keeps_none_of_the_pages_and_loses_none(
    kept: FolderArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = kept.keep([raw("một")])
    before = files(kept)[0].read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(ArchiveError, match="No space left on device; check space"):
            kept.keep([raw("hai")])
    assert files(kept)[0].read_bytes() == before
    assert kept.keep([raw("ba")])[0].offset == one.offset + one.length


def test_who_waits_too_long_for_another_process_says_so(kept: FolderArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.keep([raw()])
    monkeypatch.setattr(archives, "PATIENCE_S", 0.01)
    with (
        FileLock(kept.root / "archive.lock"),
        pytest.raises(ArchiveError, match=r"another process holds archive\.lock"),
    ):
        kept.keep([raw()])


def _keep_many(root: Path, mark: str, count: int) -> None:
    kept = FolderArchive(root, Archive(), lambda: NOON)
    told = [kept.keep([raw(f"{mark} {number}")])[0] for number in range(count)]
    (root.parent / f"{mark}.json").write_text(json.dumps([[one.file, one.offset, one.length] for one in told]))


def test_two_processes_at_once_lose_none_of_each_other_s_records(tmp_path: Path) -> None:
    fork = multiprocessing.get_context("spawn")
    both = [fork.Process(target=_keep_many, args=(tmp_path / "raw", mark, 20)) for mark in ("một", "hai")]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    kept = FolderArchive(tmp_path / "raw", Archive(), lambda: NOON)
    for mark in ("một", "hai"):
        told = json.loads((tmp_path / f"{mark}.json").read_text())
        bodies = [kept.read(RawRecord(*one)).page.body.decode() for one in told]
        assert bodies == [f"<p>{mark} {number}</p>" for number in range(20)]


# --- erasing


@pytest.fixture
def three(kept: FolderArchive) -> Iterator[tuple[RawRecord, ...]]:
    yield kept.keep([raw("một", "a1"), raw("hai", "a2"), raw("ba", "a3")])


def test_what_is_erased_is_gone_from_the_file_and_all_else_stays_where_it_was(
    kept: FolderArchive, three: tuple[RawRecord, ...]
) -> None:
    erased = files(kept)[0].read_bytes()[three[1].offset :][: three[1].length]
    assert kept.erase((), three[1:2], ()) == 1
    after = files(kept)[0].read_bytes()
    assert erased[40:] not in after
    assert [state_of(kept, record) for record in three] == ["ok", "erased", "ok"]
    assert kept.keep([raw("bốn")])[0].offset == three[2].offset + three[2].length


def test_erasing_finds_records_that_the_store_does_not_know(kept: FolderArchive, three: tuple[RawRecord, ...]) -> None:
    assert kept.erase(["a3"], (), ()) == 1
    assert [state_of(kept, record) for record in three] == ["ok", "ok", "erased"]


WORDS = "Bệnh nhân Lê Thị X ở phường Y"
WRITTEN = (
    WORDS,
    json.dumps(WORDS),
    "Bệnh&nbsp;nhân  Lê\nThị X ở phường Y",
    "B&#7879;nh nhân Lê Thị X ở phường Y",
)


@pytest.mark.parametrize("said", WRITTEN)
def test_erasing_finds_pages_of_others_that_tell_the_words(kept: FolderArchive, said: str) -> None:
    other, same = kept.keep([raw("tin khác", "b1"), raw(f"xem thêm: {said}", "b2")])
    assert kept.erase((), (), [WORDS]) == 1
    assert (state_of(kept, other), state_of(kept, same)) == ("ok", "erased")


def test_an_unfinished_record_is_erased_with_the_rest(kept: FolderArchive, three: tuple[RawRecord, ...]) -> None:
    with files(kept)[0].open("ab") as file:
        file.write(warc.record(raw("một nữa", "a1"))[:-9])
    kept.erase(["a1"], (), ())
    assert files(kept)[0].stat().st_size == three[2].offset + three[2].length


def test_a_kill_in_the_middle_of_erasing_is_made_good_by_the_next_who_comes(
    kept: FolderArchive, three: tuple[RawRecord, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_: int, __: datetime) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(warc, "tombstone", killed)
        with pytest.raises(KeyboardInterrupt):
            kept.erase((), three[:1], ())
    with files(kept)[0].open("r+b") as file:  # it had come half way
        file.seek(three[0].offset)
        file.write(b"\0" * 100)
    kept.keep([raw("bốn")])
    assert [state_of(kept, record) for record in three] == ["erased", "ok", "ok"]
    assert not (kept.root / "erasing.json").exists()


def test_a_damaged_record_is_erased_too(kept: FolderArchive, three: tuple[RawRecord, ...]) -> None:
    with files(kept)[0].open("r+b") as file:
        file.seek(three[1].offset + 100)
        file.write(b"\xff" * 20)
    assert state_of(kept, three[1]) == "damaged"
    assert kept.erase((), three[1:2], ()) == 1
    assert [state_of(kept, record) for record in three] == ["ok", "erased", "ok"]


@given(st.integers(250, 3_000))
@settings(max_examples=40, deadline=None)
def test_a_tombstone_is_as_long_as_what_it_covers(length: int) -> None:
    made = warc.tombstone(length, NOON)
    assert len(made) == length
    assert [one.state for one in warc.members(made)] == ["whole"]


def test_a_tombstone_that_has_no_room_is_refused() -> None:
    with pytest.raises(ArchiveError, match="too few"):
        warc.tombstone(60, NOON)


def test_erasing_an_archive_that_is_not_there_is_nothing(kept: FolderArchive) -> None:
    assert kept.erase(["a1"], [RawRecord("000001-20261020.warc.gz", 0, 400)], ["chữ"]) == 0


def test_the_state_counts_files_and_bytes(kept: FolderArchive) -> None:
    assert kept.state().files == 0
    kept.keep([raw()])
    assert (kept.state().files, kept.state().problem) == (1, "")
    assert kept.state().bytes == files(kept)[0].stat().st_size
