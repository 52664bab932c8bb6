from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.publish import addresses, logbook
from aggregator.publish.logbook import Head, judge
from tests.make import NOW
from tests.make_signed import FIRST, SECOND

FILE = "log/2026-10-20.jsonl"
KEYS = [FIRST.key, SECOND.key]


def lines(count=8, signer=FIRST, head=None):
    head, made = head or Head(), []
    for number in range(count):
        at = NOW + timedelta(minutes=10 * number)
        line, head = logbook.compose(head, {"feed/a.json": f"{head.seq + 1:064x}"}, {}, 0, at, signer, FILE)
        made.append(line)
    return made


LINES = lines()


def faults(rows, whole=True, keys=KEYS):
    return logbook.read([(FILE, b"".join(rows))], keys, whole=whole).faults


def test_a_log_as_it_was_written_holds():
    reading = logbook.read([(FILE, b"".join(LINES))], KEYS, whole=True)
    assert (reading.faults, reading.notes, reading.head.seq) == ([], [], 8)
    assert reading.now["feed/a.json"][0] == f"{8:064x}"


@pytest.mark.parametrize("gone", range(7))
def test_a_missing_line_is_named(gone):
    assert faults([line for at, line in enumerate(LINES) if at != gone]) == [
        f"{FILE}:{gone + 1}: line {gone + 1} of the log missing"
    ]


def test_several_missing_lines_are_named_together():
    assert faults(LINES[:2] + LINES[5:]) == [f"{FILE}:3: lines 3 to 5 of the log missing"]


def test_missing_first_lines_are_named_unless_a_part_was_asked_for():
    assert faults(LINES[3:]) == [f"{FILE}:1: lines 1 to 3 of the log missing"]
    assert faults(LINES[3:], whole=False) == []


@pytest.mark.parametrize("at", range(8))
def test_a_doubled_line_is_named(at):
    assert faults(LINES[: at + 1] + LINES[at:]) == [f"{FILE}:{at + 2}: line {at + 1} of the log stands twice"]


@pytest.mark.parametrize("at", range(7))
def test_lines_that_changed_places_are_named(at):
    moved = [*LINES[:at], LINES[at + 1], LINES[at], *LINES[at + 2 :]]
    named = faults(moved)
    assert f"line {at + 1} of the log missing" in named[0]
    assert f"line {at + 1} of the log stands after line {at + 2}: the lines were moved" in named[1]
    assert len(named) == 2


@given(st.data())
def test_any_flipped_bit_of_any_line_is_found_and_its_line_named(data):
    content = bytearray(b"".join(LINES))
    bit = data.draw(st.integers(0, len(content) * 8 - 1))
    content[bit // 8] ^= 1 << bit % 8
    number = b"".join(LINES)[: bit // 8].count(b"\n") + 1
    named = logbook.read([(FILE, bytes(content))], KEYS, whole=True).faults
    assert named and named[0].startswith((f"{FILE}:{number}:", f"{FILE}: ends in the middle"))


@given(st.permutations(range(8)), st.integers(0, 8))
def test_whatever_lines_are_taken_in_whatever_order_only_the_log_itself_holds(order, count):
    taken = list(order)[:count]
    intact = taken == sorted(taken) and taken == list(range(len(taken)))
    assert (faults([LINES[at] for at in taken]) == []) == intact


def test_one_changed_line_is_one_fault_and_the_rest_is_read():
    changed = LINES[3].replace(b'"seq":4', b'"seq":9')
    named = faults([*LINES[:3], changed, *LINES[4:]])
    assert len(named) == 1 and named[0].startswith(f"{FILE}:4: ") and "changed after it was signed" in named[0]


def test_a_line_that_was_put_in_is_named_and_the_rest_is_read():
    assert len(faults([*LINES[:3], b"{}\n", *LINES[3:]])) == 1


def test_another_line_of_the_same_number_breaks_the_chain():
    other, _ = logbook.compose(Head(2, "f" * 64, FILE), {"feed/b.json": "1" * 64}, {}, 0, NOW, FIRST, FILE)
    named = faults([*LINES[:2], other, *LINES[3:]])
    assert named[0].endswith("line 3 of the log does not follow on line 2: another line stood there")


def test_a_torn_last_line_is_named():
    assert faults([*LINES[:7], LINES[7][:50]]) == [
        f"{FILE}: ends in the middle of a line, as a killed publish leaves it; publish again"
    ]


def test_a_line_by_a_replaced_key_is_not_believed_after_the_new_one_signed():
    head = logbook.read([(FILE, b"".join(LINES))], KEYS, whole=True).head
    new, after = logbook.compose(head, {"feed/a.json": "a" * 64}, {}, 0, NOW, SECOND, FILE)
    old, _ = logbook.compose(after, {"feed/a.json": "b" * 64}, {}, 0, NOW, FIRST, FILE)
    reading = logbook.read([(FILE, b"".join([*LINES, new]))], KEYS, whole=True)
    assert reading.faults == []
    reading = logbook.read([(FILE, b"".join([*LINES, new, old]))], KEYS, whole=True)
    assert "after a newer one was in use" in reading.faults[0]
    assert reading.now["feed/a.json"][0] == "a" * 64


def test_a_file_is_current_older_other_removed_or_unknown():
    head = logbook.read([(FILE, b"".join(LINES))], KEYS, whole=True).head
    removal, _ = logbook.compose(head, {"feed/b.json": ""}, {}, 0, NOW, FIRST, FILE)
    reading = logbook.read([(FILE, b"".join([*LINES, removal]))], KEYS, whole=True)
    assert judge("feed/a.json", f"{8:064x}", reading) == ""
    assert judge("feed/a.json", f"{3:064x}", reading).startswith("is an older copy, of line 3 of the log")
    assert "is not what line 8" in judge("feed/a.json", "c" * 64, reading)
    assert "was removed by line 9" in judge("feed/b.json", "c" * 64, reading)
    assert judge("feed/c.json", "c" * 64, reading) == "is not in the publication log"


def test_lines_that_the_publisher_lost_and_says_so_are_a_note():
    later, _ = logbook.compose(Head(8, "d" * 64, FILE), {"feed/a.json": "a" * 64}, {}, 3, NOW, FIRST, FILE)
    reading = logbook.read([(FILE, b"".join([*LINES[:5], later]))], KEYS, whole=True)
    assert reading.faults == []
    assert reading.notes == ["lines 6 to 8: lost by the publisher, who says so"]


def test_a_large_publish_is_told_in_several_lines():
    many = {f"feed/{number}.json": "a" * 64 for number in range(1_200)}
    content, head = logbook.compose(Head(), many, {}, 0, NOW, FIRST, FILE)
    assert head.seq == content.count(b"\n") == 3
    assert len(logbook.read([(FILE, content)], KEYS, whole=True).now) == 1_200


def test_a_story_is_named_by_its_id_for_its_title_may_have_to_be_erased():
    content, _ = logbook.compose(
        Head(), {"tin/2026/10/ten-mot-nguoi-n00000000001.html": "a" * 64}, {}, 0, NOW, FIRST, FILE
    )
    assert b"tin/2026/10/n00000000001.html" in content and b"ten-mot-nguoi" not in content
    assert addresses.logged("tin/2026/10/tin-n00000000001.html") == addresses.logged(
        "tin/2026/10/ten-khac-n00000000001.html"
    )


def test_a_log_of_a_strange_key_holds_for_nobody():
    strange = replace(FIRST.key, id="0" * 16)
    assert len(faults(LINES, keys=[strange])) == 8
