"""notice: two people put an emergency notice up, one corrects or lifts it, and the pages follow at once."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
import yaml

from aggregator import pipeline
from aggregator.cli import wiring
from aggregator.cli.options_notice import NOTICE
from aggregator.publish.write import FolderWriter
from tests.cli.house import NOW, Done, House

HOUR = timedelta(hours=1)
HEADLINE = "Nước máy khu vực Đống Đa nghi nhiễm khuẩn"
UNTIL = NOW + 12 * HOUR


class Office:
    """A house in which people put up notices, each with a key of his own."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.secret = house.folder / "mat-khau.txt"
        self.secret.write_text("một mật khẩu dài\n", encoding="utf-8")

    def key(self, name: str) -> Path:
        return self.house.folder / f"khoa/{name}.pem"

    def enrol(self, name: str) -> Done:
        """`notice key`, and the lines that it prints put into sources.yaml."""
        done = self.house.call("notice key", name, "--file", self.key(name), "--passphrase-file", self.secret)
        if done.code == 0:
            lines = yaml.safe_load(done.out[done.out.index("notice:") :])["notice"]["people"]
            self.house.settings.setdefault("notice", {}).setdefault("people", []).extend(lines)
            self.house.write()
        return done

    def sign(self, action: str, *words: object, by: str, at: timedelta = HOUR) -> Done:
        given = ("--key", self.key(by), "--passphrase-file", self.secret, "--now", (NOW + at).isoformat())
        return self.house.call(f"notice {action}", *words, *given)

    def draft(self, *more: object, by: str = "Trực A", at: timedelta = HOUR, headline: str = HEADLINE) -> str:
        """The id of a new draft."""
        words = ("--headline", headline, "--text", "Mẫu nước có vi khuẩn.", "--do", "Đun sôi nước.")
        place = ("--until", UNTIL.isoformat(), "--place", "Phường Đống Đa, Hà Nội")
        done = self.sign("draft", *words, *place, *more, by=by, at=at)
        assert done.code == 0, done.said
        return done.out.split()[1]

    def up(self, *more: object) -> str:
        id = self.draft(*more)
        done = self.sign("approve", id, by="Trực B")
        assert done.code == 0, done.said
        return id

    def holding(self, words: str) -> set[str]:
        return {name for name, content in self.house.files().items() if words.encode() in content}


@pytest.fixture
def office(used: House) -> Office:
    made = Office(used)
    assert (made.enrol("Trực A").code, made.enrol("Trực B").code) == (0, 0)
    return made


def test_two_people_put_a_notice_up_and_it_stands_at_once(office: Office) -> None:
    id = office.draft()
    assert office.holding(HEADLINE) == set()
    done = office.sign("approve", id, by="Trực B")
    assert done.code == 0 and f"https://bantin.example/thong-bao/{id}/" in done.out
    found = office.holding(HEADLINE)
    assert {"index.html", "embed/latest/all.html", "embed/latest/all.json", f"cap/{id}-1.xml"} <= found
    assert any(name.startswith("ngay/2026-10-20/") for name in found)


def test_the_drafter_cannot_approve_by_his_key_nor_by_another_of_his_name(office: Office) -> None:
    id = office.draft()
    assert "somebody else has to approve" in office.sign("approve", id, by="Trực A").err
    office.house.settings["notice"]["people"][1]["name"] = "trực  a"
    office.house.write()
    done = office.sign("approve", id, by="Trực B")
    assert done.code == 1 and "somebody else has to approve" in done.err
    assert office.holding(HEADLINE) == set()


def test_an_altered_draft_no_longer_matches_and_cannot_be_approved(office: Office) -> None:
    id = office.draft()
    with closing(sqlite3.connect(office.house.database)) as database, database:
        database.execute("UPDATE alert_acts SET line = replace(line, 'Severe', 'Minor')")
    done = office.sign("approve", id, by="Trực B")
    assert done.code == 1 and "changed after it was signed" in done.err
    listed = office.house.call("notice list", "--now", (NOW + HOUR).isoformat())
    assert listed.code == 1 and "is not shown" in listed.out


def test_an_altered_notice_that_stood_is_taken_off_by_the_next_publish(office: Office) -> None:
    office.up()
    with closing(sqlite3.connect(office.house.database)) as database, database:
        database.execute("UPDATE alert_acts SET line = replace(line, 'Severe', 'Minor') WHERE kind = 'draft'")
    assert office.house.call("publish", "--now", (NOW + 2 * HOUR).isoformat()).code == 0
    assert office.holding(HEADLINE) == set()


def test_one_person_lifts_a_notice_and_it_is_gone_at_once(office: Office) -> None:
    id = office.up()
    done = office.sign("lift", id, "--why", "nước đã sạch", by="Trực A", at=2 * HOUR)
    assert done.code == 0 and "it is down" in done.out
    assert office.holding(HEADLINE) == {f"cap/{id}-1.xml", f"cap/{id}-2.xml"}
    assert office.sign("lift", id, "--why", "lại", by="Trực A", at=2 * HOUR).code == 1


def test_one_person_corrects_a_notice_and_it_says_so(office: Office) -> None:
    id = office.up()
    done = office.sign("correct", id, "--headline", "Chỉ phía nam", "--why", "nhầm", by="Trực A", at=2 * HOUR)
    assert done.code == 0, done.said
    home = office.house.files()["index.html"].decode()
    assert "Chỉ phía nam" in home and "Đã đính chính lúc" in home and "Đun sôi nước." in home
    assert office.holding(HEADLINE) == {f"cap/{id}-1.xml"}


def test_a_correction_cannot_make_a_notice_last_longer(office: Office) -> None:
    id, later = office.up(), (UNTIL + HOUR).isoformat()
    done = office.sign("correct", id, "--until", later, "--why", "x", by="Trực A", at=2 * HOUR)
    assert done.code == 1 and "last longer" in done.err
    same = office.sign("correct", id, "--headline", HEADLINE, "--why", "x", by="Trực A", at=2 * HOUR)
    assert same.code == 1 and "changes nothing" in same.err


def test_a_drill_stands_on_the_test_page_alone(office: Office) -> None:
    id = office.up("--drill")
    assert office.holding(HEADLINE) == {"dien-tap/index.html", f"dien-tap/cap/{id}-1.xml"}


def test_a_draft_may_be_dropped_and_is_then_never_approved(office: Office) -> None:
    id = office.draft()
    assert "dropped" in office.sign("lift", id, "--why", "thừa", by="Trực A").out
    assert office.sign("approve", id, by="Trực B").code == 1


def test_the_list_is_the_log(office: Office) -> None:
    id = office.up()
    office.sign("lift", id, "--why", "nước đã sạch", by="Trực B", at=2 * HOUR)
    at = ("--now", (NOW + 3 * HOUR).isoformat())
    done = office.house.call("notice list", *at)
    assert done.code == 0 and HEADLINE in done.out
    kinds = [line.split()[1:2] + line.split()[3:5] for line in done.out.splitlines() if "  key " in line]
    assert kinds == [["draft", "Trực", "A"], ["approve", "Trực", "B"], ["lift", "Trực", "B"]]
    (row,) = json.loads(office.house.call("notice list", "--json", *at).out)
    assert (row["id"], row["stands"], json.loads(row["acts"][2]["line"])["why"]) == (id, False, "nước đã sạch")


# --- keys


def test_without_a_key_the_command_says_what_to_type(office: Office) -> None:
    id = office.draft()
    done = office.house.call("notice approve", id)
    assert done.code == 2 and "aggregator notice key 'NAME' --file FILE" in done.err
    gone = office.house.call("notice approve", id, "--key", office.house.folder / "none.pem")
    assert gone.code == 2 and "aggregator notice key" in gone.err


def test_a_key_that_was_not_enrolled_signs_nothing(office: Office) -> None:
    office.house.call("notice key", "Trực C", "--file", office.key("Trực C"), "--passphrase-file", office.secret)
    done = office.sign("approve", office.draft(), by="Trực C")
    assert done.code == 2 and "notice.people" in done.err


def test_a_key_is_sealed_its_owners_alone_and_never_overwritten(office: Office) -> None:
    file = office.key("Trực A")
    assert file.stat().st_mode & 0o777 == 0o600 and b"ENCRYPTED" in file.read_bytes()
    again = office.enrol("Trực A")
    assert again.code == 2 and "never overwritten" in again.err
    file.chmod(0o644)
    assert "chmod 600" in office.sign("approve", "0" * 12, by="Trực A").err


@pytest.mark.parametrize("place", ["var/a.pem", "output/a.pem"])
def test_a_key_of_a_person_does_not_lie_with_the_installation(office: Office, place: str) -> None:
    file = office.house.folder / place
    done = office.house.call("notice key", "Ai", "--file", file, "--passphrase-file", office.secret)
    assert done.code == 2 and "yours alone" in done.err and not file.exists()


def test_a_wrong_passphrase_and_none_to_ask_for_are_told(office: Office) -> None:
    office.secret.write_text("một mật khẩu khác hẳn\n", encoding="utf-8")
    assert "another passphrase" in office.sign("approve", "0" * 12, by="Trực A").err
    done = office.house.call("notice approve", "0" * 12, "--key", office.key("Trực A"))
    assert done.code == 2 and "--passphrase-file" in done.err


def test_the_same_key_twice_in_the_configuration_is_refused(office: Office) -> None:
    people = office.house.settings["notice"]["people"]
    people.append({"name": "Ai đó", "key": people[0]["key"]})
    office.house.write()
    done = office.house.call("notice list")
    assert done.code == 2 and "stands there twice" in done.err
    people[2]["key"] = "ed25519:xyz"
    office.house.write()
    assert "no public key" in office.house.call("notice list").err


# --- what is asked of a notice


def wrong(*words: str, told: str) -> Callable[[Office], None]:
    def check(office: Office) -> None:
        given = {"--headline": "Tin", "--text": "Chữ", "--until": UNTIL.isoformat(), "--place": "Hà Nội"}
        given |= dict(zip(words[::2], words[1::2], strict=True))
        done = office.sign("draft", *(part for pair in given.items() for part in pair), by="Trực A")
        assert done.code in {1, 2} and told in done.err, done.said

    return check


@pytest.mark.parametrize(
    "check",
    [
        wrong("--until", NOW.isoformat(), told="the end lies behind now"),
        wrong("--until", (NOW + 31 * 24 * HOUR).isoformat(), told="at most 30 days"),
        wrong("--headline", "x" * 161, told="160 fit"),
        wrong("--text", "@/none/such", told="cannot be read"),
        wrong("--headline", "THÔNG BÁO KHẨN: nước", told="these words stand above it already"),
        wrong("--place", "Quận Hoàng Mai", told="is no province or commune of today"),
        wrong("--place", "Xã Tân Tiến", told="names several units; write one of"),
        wrong("--text", " ", told="says what happened"),
    ],
)
def test_a_notice_that_cannot_stand_is_refused_with_what_to_write(
    office: Office, check: Callable[[Office], None]
) -> None:
    check(office)


def test_an_end_is_asked_for(office: Office) -> None:
    done = office.sign("draft", "--headline", "Tin", "--text", "Chữ", "--place", "Hà Nội", by="Trực A")
    assert done.code == 2 and "--until" in done.err


def test_words_come_from_a_file_too(office: Office) -> None:
    file = office.house.folder / "loi.txt"
    file.write_text("﻿Dòng một   có dấu\n\nDòng hai\n", encoding="utf-8")
    id = office.draft("--do", f"@{file}")
    done = office.sign("approve", id, by="Trực B")
    assert "    Dòng một có dấu\n    Dòng hai\n" in done.out


def test_a_draft_whose_time_has_passed_is_not_approved(office: Office) -> None:
    done = office.sign("approve", office.draft(), by="Trực B", at=13 * HOUR)
    assert done.code == 1 and "validity ended" in done.err


@pytest.mark.parametrize("action", ["approve", "lift"])
def test_a_notice_that_is_not_there_is_named(office: Office, action: str) -> None:
    more = ("--why", "x") if action == "lift" else ()
    assert "there is no such notice" in office.sign(action, "0" * 12, *more, by="Trực A").err


# --- beside others, and killed


def test_a_run_in_progress_is_not_waited_for(office: Office) -> None:
    id = office.draft()
    config = wiring.load(mock.Mock(config=office.house.config, database="", output=""))
    with wiring.lock(config):
        assert office.sign("approve", id, by="Trực B").code == 0
    assert "index.html" in office.holding(HEADLINE)


def test_killed_between_store_and_publish_the_next_run_puts_it_up(office: Office) -> None:
    id = office.draft()

    class Killed(BaseException):
        pass

    with mock.patch.object(pipeline, "publish", side_effect=Killed), pytest.raises(Killed):
        office.sign("approve", id, by="Trực B")
    assert office.holding(HEADLINE) == set()
    assert office.house.run(now=NOW + 2 * HOUR).code == 0
    assert {"index.html", f"cap/{id}-1.xml", "embed/latest/all.json"} <= office.holding(HEADLINE)


def test_killed_while_publishing_the_next_run_converges(office: Office) -> None:
    id, real, wrote = office.draft(), FolderWriter.write, []

    class Killed(BaseException):
        pass

    def dying(self: FolderWriter, artifact: object) -> None:
        if len(wrote) == 5:
            raise Killed
        wrote.append(artifact)
        real(self, artifact)  # type: ignore[arg-type]

    with mock.patch.object(FolderWriter, "write", dying), pytest.raises(Killed):
        office.sign("approve", id, by="Trực B")
    assert office.house.run(now=NOW + 2 * HOUR).code == 0
    files = office.house.files()
    assert office.house.call("publish --full", "--now", (NOW + 2 * HOUR).isoformat()).code == 0
    assert office.house.files() == files and "index.html" in office.holding(HEADLINE)


def test_an_output_that_cannot_be_written_is_a_fault_and_the_next_run_puts_it_up(office: Office) -> None:
    id = office.draft()
    moved = office.house.output.with_name("elsewhere")
    office.house.output.rename(moved)
    office.house.output.write_text("in the way")
    assert office.sign("approve", id, by="Trực B").code == 3
    office.house.output.unlink()
    moved.rename(office.house.output)
    assert office.house.run(now=NOW + 2 * HOUR).code == 0
    assert "index.html" in office.holding(HEADLINE)


def test_every_action_has_help() -> None:
    assert set(NOTICE) == {"key", "draft", "approve", "correct", "lift", "list"}
