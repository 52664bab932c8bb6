"""aggregator mail, and run with a mail server: a real one on loopback, and a process that is killed."""

import asyncio
import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.house import NOW, House
from tests.make_post import PASSWORD, USER, Mailbox, server, text_of

A, B, C = "a@xa.example.vn", "b@xa.example.vn", "c@xa.example.vn"


def mailing(house: House, port: int, *people: str, **smtp: Any) -> None:
    given = {"host": "127.0.0.1", "port": port, "security": "none", "pause": "0s", "timeout": "20s", **smtp}
    house.settings["mail"] = {
        "at": "06:30",
        "sender": "Bản tin y tế <ban-tin@bantin.example>",
        "recipients": "nguoi-nhan.txt",
        "unsubscribe_mail": "huy@bantin.example",
        "smtp": given,
    }
    (house.folder / "nguoi-nhan.txt").write_text("\n".join(people) + "\n", encoding="utf-8")
    house.write()


def story(house: House) -> str:
    """The id of the article that speaks for a story of the first letter."""
    rows = [json.loads(line) for line in house.call("export").out.splitlines()]
    return str(next(row["id"] for row in rows if row["title"].startswith("Bộ Y tế phát động")))


def test_run_mails_the_bulletin_in_its_hour_and_says_nothing(used: House) -> None:
    box = Mailbox()
    with server(box) as port:
        mailing(used, port, A, B)
        done = used.run(now=NOW + timedelta(minutes=10))
        again = used.run(now=NOW + timedelta(minutes=20))
    assert (done.code, done.said) == (0, "") and (again.code, again.said) == (0, "")
    assert Counter(to for _, to, _ in box.taken) == {A: 1, B: 1}
    assert "phát động tiêm bổ sung vắc xin sởi" in text_of(box.messages(A)[0])
    assert (used.output / "thu/2026-10-20/ban-tin.eml").is_file()


def test_the_password_comes_from_a_file_and_stands_nowhere_else(used: House, tmp_path: Path) -> None:
    box = Mailbox()
    with server(box, tmp_path) as port:
        ca = str(tmp_path / "ca.pem")
        secure = {"security": "starttls", "user": USER, "password_file": "mat-khau", "ca_file": ca}
        mailing(used, port, A, **secure)
        (used.folder / "mat-khau").write_text(f"{PASSWORD}\n", encoding="utf-8")
        done = used.run("--json", now=NOW + timedelta(minutes=10))
        assert json.loads(done.out)["mailed"] == {"sent": 1, "waiting": 0, "refused": 0, "unknown": 0, "problems": []}
        (used.folder / "mat-khau").write_text("sai", encoding="utf-8")
        with (used.folder / "nguoi-nhan.txt").open("a") as file:
            file.write(f"{B}\n")
        used.call(f"edit hide --why x {story(used)}", "--now", (NOW + timedelta(minutes=20)).isoformat())
        wrong = used.call("mail", "--now", (NOW + timedelta(minutes=30)).isoformat())
    assert wrong.code == 1 and "refuses the login" in wrong.err
    files = [path for path in used.folder.rglob("*") if path.is_file() and path.name != "mat-khau"]
    assert len(files) > 50 and not any(PASSWORD.encode() in path.read_bytes() for path in files)
    assert PASSWORD not in done.said + wrong.said


def test_the_password_may_come_from_the_environment(
    used: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Mailbox()
    with server(box, tmp_path) as port:
        secure = {
            "security": "starttls",
            "user": USER,
            "password_env": "THU_MAT_KHAU",
            "ca_file": str(tmp_path / "ca.pem"),
        }
        mailing(used, port, A, **secure)
        monkeypatch.delenv("THU_MAT_KHAU", raising=False)
        unset = used.call("mail", "--now", NOW.isoformat())
        monkeypatch.setenv("THU_MAT_KHAU", PASSWORD)
        done = used.call("mail", "--now", NOW.isoformat())
    assert unset.code == 1 and "THU_MAT_KHAU (mail.smtp.password_env) is not set" in unset.err
    assert (done.code, done.said) == (0, "") and len(box.taken) == 1


def test_a_server_that_is_down_ends_the_run_with_1_after_all_is_published_and_the_next_one_sends(used: House) -> None:
    box = Mailbox()
    with server(box) as port:
        pass
    mailing(used, port, A)
    down = used.run(now=NOW + timedelta(minutes=10))
    assert down.code == 1 and "letters wait for the next run" in down.err
    assert (used.output / "thu/2026-10-20/index.html").is_file()
    with server(box) as port:
        mailing(used, port, A)
        up = used.run(now=NOW + timedelta(minutes=20))
    assert (up.code, up.said, len(box.taken)) == (0, "", 1)


def test_refused_addresses_and_bad_lines_are_named_to_the_operator(used: House) -> None:
    box = Mailbox(says={B: "550 5.1.1 no such user"})
    with server(box) as port:
        mailing(used, port, A, B, "không phải địa chỉ")
        done = used.run(now=NOW + timedelta(minutes=10))
    assert done.code == 0 and len(box.taken) == 1
    assert f"mail: {B} is refused (550 5.1.1 no such user)" in done.err
    assert "nguoi-nhan.txt:3: 'không phải địa chỉ' is not an address" in done.err


def test_a_dry_run_tells_what_would_go_out_and_touches_nothing(used: House, tmp_path: Path) -> None:
    box = Mailbox()
    with server(box) as port:
        mailing(used, port, A, B)
        before = {path: path.read_bytes() for path in sorted(used.output.rglob("*")) if path.is_file()}
        done = used.call("mail", "--dry-run", "--json", "--save", tmp_path / "thu", "--now", NOW.isoformat())
        assert {path: path.read_bytes() for path in sorted(used.output.rglob("*")) if path.is_file()} == before
        told = json.loads(done.out)
        assert (told["recipients"], told["letters"]) == (2, [])
        assert told["next"]["day"] == "2026-10-20" and told["next"]["stories"] > 2
        assert [path.name for path in (tmp_path / "thu").iterdir()] == ["2026-10-20-0.eml"]
        assert box.taken == []
        used.call("mail", "--now", NOW.isoformat())
        said = used.call("mail", "--dry-run", "--now", NOW.isoformat())
    assert (said.code, said.err) == (0, "") and "2 sent" in said.out and len(box.taken) == 2


def test_without_a_block_mail_the_command_says_what_to_write(used: House) -> None:
    done = used.call("mail", "--now", NOW.isoformat())
    assert done.code == 2 and "no block mail:" in done.err


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"recipients": "output/nguoi-nhan.txt"}, "mail.recipients: "),
        ({"smtp": {"host": "thu.example", "user": "a"}}, "needs password_file or password_env"),
        ({"smtp": {"host": "thu.example", "password": "x"}}, "is not a known key; write password_"),
        ({"smtp": {"host": "t.vn", "user": "a", "password_env": "P", "security": "none"}}, "in the clear"),
        ({"unsubscribe_mail": ""}, "whoever gets it must get out"),
        ({"sender": ""}, "sending needs sender"),
        ({"sender": "Bản tin"}, "is not an e-mail address"),
        ({"at": "25:00"}, "is not a time of day"),
        ({"unsubscribe_url": "http://so.vn/{id}"}, "is not an https address"),
        ({"unsubscribe_url": "https://so.vn/huy"}, "names no recipient"),
        ({"list_id": "bản tin"}, "is no name of a list"),
    ],
)
def test_settings_that_cannot_be_right_stop_before_anything_is_done(
    used: House, change: dict[str, Any], told: str
) -> None:
    mailing(used, 25, A)
    used.settings["mail"] |= change
    used.write()
    done = used.call("mail", "--now", NOW.isoformat())
    assert done.code == 2 and told in done.err, done.err


@dataclass
class Slow(Mailbox):
    """Holds back its answer to the end of one letter until the test lets go."""

    reached: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.taken) == 2:
            self.reached.set()
            while not self.go.is_set():
                await asyncio.sleep(0.01)
        return answer


@pytest.fixture
def slow() -> Iterator[Slow]:
    box = Slow()
    yield box
    box.go.set()


def test_killed_between_the_servers_taking_and_our_noting_nobody_gets_it_twice(used: House, slow: Slow) -> None:
    with server(slow) as port:
        mailing(used, port, A, B, C)
        process = used.spawn("mail", "--now", NOW.isoformat())
        assert slow.reached.wait(60)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        slow.go.set()
        after = used.call("mail", "--now", (NOW + timedelta(minutes=10)).isoformat())
        last = used.call("mail", "--now", (NOW + timedelta(minutes=20)).isoformat())
        assert Counter(to for _, to, _ in slow.taken) == {A: 1, B: 1, C: 1}
        assert "whether 1 letters arrived is not known" in after.err and last.said == ""
        again = used.call("mail", "--again", "--now", (NOW + timedelta(minutes=30)).isoformat())
    assert (again.code, again.said) == (0, "")
    counted = Counter(made["Message-ID"] for made in slow.messages())
    assert sorted(counted.values()) == [1, 1, 2], "asked for by hand, it goes out again under the same Message-ID"
