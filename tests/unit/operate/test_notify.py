"""The door to a mail server, against a real one on loopback."""

import socket
from pathlib import Path

import pytest

from aggregator.errors import PostError
from aggregator.mail_settings import Mail
from aggregator.operate.notify import SmtpPost
from tests import make_post
from tests.make_post import PASSWORD, USER, Mailbox, server

A, B = "a@xa.example.vn", "b@xa.example.vn"
SENDER = "ban-tin@bantin.example.vn"
TEXT = b"Subject: thu\r\n\r\nDong mot\r\n.mot dau cham\r\n..\r\n"


def post(settings: Mail, password: str = PASSWORD) -> SmtpPost:
    assert settings.smtp is not None
    return SmtpPost(settings, settings.smtp, lambda: password, lambda seconds: None)


def secure(folder: Path, port: int, **fields: str) -> Mail:
    given = {"security": "starttls", "user": USER, "password_file": "mat-khau", "ca_file": str(folder / "ca.pem")}
    return make_post.mail(port, smtp={**given, **fields})


def test_a_letter_arrives_byte_for_byte_after_the_journal_was_told_that_its_end_goes_out() -> None:
    box, told = Mailbox(), []
    with server(box) as port:
        line = post(make_post.mail(port)).connect()
        handed = line.hand(SENDER, A, TEXT, lambda: told.append(len(box.taken)))
        line.close()
    assert (handed.outcome, told) == ("sent", [0])
    assert box.taken == [(SENDER, A, TEXT)]


def test_it_logs_in_over_starttls_and_only_then_hands_over(tmp_path: Path) -> None:
    box = Mailbox()
    with server(box, tmp_path) as port:
        line = post(secure(tmp_path, port)).connect()
        assert line.hand(SENDER, A, TEXT, lambda: None).outcome == "sent"
        line.close()
    assert box.logins == [USER.encode()]


def test_a_wrong_password_is_named_and_never_shown(tmp_path: Path) -> None:
    with server(Mailbox(), tmp_path) as port, pytest.raises(PostError) as raised:
        post(secure(tmp_path, port), "sai-mat-khau").connect()
    assert "refuses the login of ban-tin" in str(raised.value)
    assert "sai-mat-khau" not in str(raised.value) and raised.value.__cause__ is None


def test_a_certificate_of_nobody_we_trust_is_refused(tmp_path: Path) -> None:
    box = Mailbox()
    with server(box, tmp_path) as port, pytest.raises(PostError, match="no trusted TLS connection"):
        post(secure(tmp_path, port, ca_file="")).connect()
    assert box.logins == []


def test_a_server_without_starttls_gets_no_password(tmp_path: Path) -> None:
    box = Mailbox()
    make_post.certificate(tmp_path)
    with server(box) as port, pytest.raises(PostError, match="STARTTLS"):
        post(secure(tmp_path, port)).connect()
    assert box.logins == []


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refused
        with pytest.raises(PostError, match="letters wait for the next run"):
            post(make_post.mail(taken.getsockname()[1])).connect()


def test_refusals_tell_for_good_from_for_now_and_the_next_letter_goes_through() -> None:
    box = Mailbox(says={A: "550 5.1.1 <a@xa.example.vn>: no such user", B: "451 4.7.1 greylisted"})
    box.says_at_end = {"c@xa.example.vn": "554 5.7.1 spam"}
    told: list[str] = []
    with server(box) as port:
        line = post(make_post.mail(port)).connect()
        found = [line.hand(SENDER, to, TEXT, lambda: told.append("end")) for to in (A, B, "c@xa.example.vn", "d@xa.vn")]
        line.close()
    assert [one.outcome for one in found] == ["refused", "later", "refused", "sent"]
    assert found[0].because == "550 5.1.1 <…>: no such user", "the journal holds no address"
    assert len(told) == 2, "what is refused at once never reaches its end"
    assert [to for _, to, _ in box.taken] == ["d@xa.vn"]


def test_who_hangs_up_before_the_end_took_nothing_and_who_does_behind_it_may_have() -> None:
    box = Mailbox(says={A: "hang-up"}, says_at_end={B: "hang-up-after"})
    told: list[str] = []
    with server(box) as port:
        one = post(make_post.mail(port))
        lost, unknown = (one.connect().hand(SENDER, to, TEXT, lambda: told.append("end")) for to in (A, B))
    assert (lost.outcome, lost.closing) == ("lost", True)
    assert (unknown.outcome, unknown.closing, told) == ("unknown", True, ["end"])


def test_a_journal_that_cannot_be_written_keeps_the_end_back() -> None:
    box = Mailbox()

    def full() -> None:
        raise OSError("the disk is full")

    with server(box) as port:
        line = post(make_post.mail(port)).connect()
        with pytest.raises(OSError, match="the disk is full"):
            line.hand(SENDER, A, TEXT, full)
        line.close()
    assert box.taken == []
