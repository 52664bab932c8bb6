"""`aggregator keys` and `aggregator verify`: an installation that signs, and a webmaster who checks."""

import json
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.cli.look import preview
from tests.cli.house import NOW, Done, House, call, tree

MINUTE = timedelta(minutes=1)
SITE = "https://bantin.example/"


def at(moment: object) -> list[str]:
    return ["--now", str(moment).replace(" ", "T")]


def verify(house: House, *what: object, now: object = NOW) -> Done:
    return house.call("verify", *what, *at(now))


@pytest.fixture
def signed(used: House) -> House:
    """A house with a key and everything signed."""
    assert used.call("keys init", *at(NOW)).code == 0
    assert used.call("publish", *at(NOW)).code == 0
    return used


@pytest.fixture
def saved(signed: House, room: Path) -> Path:
    """What a webmaster keeps: the keys as they were on the first day."""
    return Path(shutil.copy(signed.output / "keys.json", room / "saved.json"))


@contextmanager
def served(house: House) -> Iterator[None]:
    """The house's site at its official address."""
    with preview(house.output, 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        house.settings["fetch"]["connect_to"]["bantin.example"] = f"http://127.0.0.1:{server.server_address[1]}"
        house.write()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def private(house: House) -> Path:
    (found,) = (house.folder / "var/keys").glob("*.pem")
    return found


def test_without_a_key_the_site_is_published_and_status_says_that_it_is_unsigned(used: House) -> None:
    assert not any(name.endswith((".sig", ".jsonl")) for name in used.files())
    done = used.call("status")
    assert done.code == 0
    assert "signing          none       what is published is not signed; make a key: aggregator keys init" in done.out
    assert json.loads(used.call("status", "--json").out)["signing"]["state"] == "none"


def test_without_a_key_there_is_nothing_to_verify_with(used: House) -> None:
    done = verify(used, used.output)
    assert done.code == 2 and "give it with --key FILE" in done.err


def test_the_first_key_is_made_once(signed: House) -> None:
    done = signed.call("keys init")
    assert done.code == 2 and "there is a key already; replace it with: aggregator keys rotate" in done.err


def test_there_is_nothing_to_rotate_before_the_first_key(used: House) -> None:
    done = used.call("keys rotate")
    assert done.code == 2 and "make one with: aggregator keys init" in done.err


def test_no_private_key_is_printed_published_or_kept_in_the_database(signed: House) -> None:
    secret = private(signed).read_text().splitlines()[1]
    said = [signed.call(f"keys {action}").said for action in ("show", "rotate", "show")]
    assert not any(secret in words or "PRIVATE" in words for words in said)
    everything = tree(signed.output) | {path.name: path.read_bytes() for path in signed.folder.glob("var/*.db*")}
    assert [name for name, content in everything.items() if secret.encode() in content] == []


def test_a_signed_site_is_good_and_an_idle_run_leaves_it_so(signed: House) -> None:
    assert (verify(signed, signed.output).code, verify(signed, signed.output).err) == (0, "")
    before = tree(signed.output)
    assert signed.run("--force", now=NOW + 5 * MINUTE).said == ""
    changed = {name for name, content in tree(signed.output).items() if before.get(name) != content}
    assert changed == {f"{name}{end}" for name in ("heartbeat.json", "trang-thai/index.html") for end in ("", ".sig")}
    assert verify(signed, signed.output, now=NOW + 5 * MINUTE).code == 0


def test_a_webmaster_needs_the_file_its_signature_and_the_saved_key(signed: House, saved: Path, room: Path) -> None:
    desk = room / "desk"
    desk.mkdir()
    for name in ("feed/all.atom", "feed/all.atom.sig"):
        shutil.copy(signed.output / name, desk)
    done = call("verify", desk / "all.atom", "--key", saved, "--config", room / "none.yaml")
    assert done.code == 0
    assert "good  feed/all.atom as signed with key" in done.out
    assert "note  no log to compare with" in done.out
    text = (desk / "all.atom").read_bytes()
    (desk / "all.atom").write_bytes(text[:99] + bytes([text[99] ^ 1]) + text[100:])
    done = call("verify", desk / "all.atom", "--key", saved, "--config", room / "none.yaml")
    assert done.code == 1
    assert "WRONG the file: was changed after it was signed as feed/all.atom" in done.out
    (desk / "all.atom.sig").unlink()
    done = call("verify", desk / "all.atom", "--key", saved, "--config", room / "none.yaml")
    assert done.code == 1 and "has no signature beside it" in done.out


def test_another_file_of_the_site_does_not_pass_for_the_one_that_was_meant(signed: House, room: Path) -> None:
    for end in ("", ".sig"):
        shutil.copy(f"{signed.output}/feed/source/moh.atom{end}", f"{room}/all.atom{end}")
    done = verify(signed, room / "all.atom", "--as", "feed/all.atom", "--site", signed.output)
    assert done.code == 1
    assert "WRONG feed/all.atom: was signed as feed/source/moh.atom: it does not belong here" in done.out


def test_an_older_file_is_named_against_the_site_it_came_from(signed: House, saved: Path, room: Path) -> None:
    desk = room / "desk"
    desk.mkdir()
    for name in ("feed/all.atom", "feed/all.atom.sig"):
        shutil.copy(signed.output / name, desk)
    signed.settings["site"]["name"] = "Tên khác"
    signed.write()
    signed.call("publish", *at(NOW + MINUTE))
    done = verify(signed, desk / "all.atom", "--key", saved, "--site", signed.output, now=NOW + MINUTE)
    assert done.code == 1
    assert "WRONG feed/all.atom: is an older copy, of line 1 of the log (2026-10-20T09:00:00+07:00)" in done.out


def test_rotated_keys_are_trusted_by_who_saved_the_first_and_an_old_signature_is_not(
    signed: House, saved: Path, room: Path
) -> None:
    old = room / "old"
    shutil.copytree(signed.output, old)
    assert signed.call("keys rotate", *at(NOW + MINUTE)).code == 0
    assert "not published yet" in verify(signed, signed.output).out
    assert signed.run(now=NOW + MINUTE).code == 0
    assert verify(signed, signed.output, "--key", saved, now=NOW + MINUTE).code == 0
    assert verify(signed, signed.output / "keys.json", "--key", saved).code == 0
    done = verify(signed, old, now=NOW + MINUTE)
    assert done.code == 1
    assert done.out.startswith("WRONG keys.json: is older than the keys you hold")
    shown = signed.call("keys show")
    assert shown.code == 0 and "until 2026-10-20T09:01:00+07:00" in shown.out and "in force" in shown.out


@pytest.mark.parametrize("fault", ["missing", "open to all", "broken"])
def test_a_key_that_cannot_sign_stops_no_publish_and_is_told_everywhere(signed: House, fault: str) -> None:
    key = private(signed)
    kept = key.read_bytes()
    if fault == "missing":
        key.unlink()
    elif fault == "broken":
        key.write_bytes(kept[:50])
    else:
        key.chmod(0o644)
    done = signed.run("--force", now=NOW + MINUTE)
    assert done.code == 0
    assert done.err.startswith(f"publish: without signatures, for {key}: ")
    status = signed.call("status")
    assert status.code == 1 and "signing          unusable" in status.out and str(key) in status.out
    assert signed.call("keys show").code == 1
    assert signed.call("keys rotate").code == 2
    found = verify(signed, signed.output, now=NOW + MINUTE)
    assert found.code == 1 and "heartbeat.json: has no signature" in found.out
    key.write_bytes(kept)
    key.chmod(0o600)
    assert signed.run("--force", now=NOW + 2 * MINUTE).said == ""
    assert verify(signed, signed.output, now=NOW + 2 * MINUTE).code == 0


def test_a_key_lost_for_good_begins_a_chain_that_no_saved_key_vouches_for(signed: House, saved: Path) -> None:
    private(signed).unlink()
    assert signed.call("keys init", "--anew", *at(NOW + MINUTE)).code == 0
    assert signed.run(now=NOW + MINUTE).said == ""
    assert verify(signed, signed.output, now=NOW + MINUTE).code == 0
    done = verify(signed, signed.output, "--key", saved, now=NOW + MINUTE)
    assert done.code == 1 and "which none of the keys you hold vouches for" in done.out


def test_an_address_is_checked_through_the_network_door(signed: House, saved: Path) -> None:
    with served(signed):
        for address in ("feed/all.atom", "ngay/2026-10-20/", "index.html", "", "keys.json", "heartbeat.json"):
            done = verify(signed, SITE + address, "--key", saved)
            assert (done.code, done.err) == (0, ""), done.said
        assert verify(signed, f"{SITE}feed/none.atom").out == f"WRONG {SITE}feed/none.atom: there is no such file\n"
        late = verify(signed, f"{SITE}feed/all.atom", now=NOW + timedelta(hours=4))
        assert late.code == 1 and "heartbeat.json: was valid until 2026-10-20T12:00:00+07:00" in late.out
        page = signed.output / "index.html"
        page.write_bytes(page.read_bytes() + b" ")
        done = verify(signed, SITE)
        assert done.code == 1 and "WRONG index.html: is not what line 1 of the log" in done.out


def test_a_file_at_hand_is_held_against_the_site_at_its_address(signed: House, saved: Path, room: Path) -> None:
    desk = room / "desk"
    desk.mkdir()
    for name in ("feed/all.atom", "feed/all.atom.sig"):
        shutil.copy(signed.output / name, desk)
    with served(signed):
        done = verify(signed, desk / "all.atom", "--key", saved, "--site", SITE)
    assert done.code == 0 and "good  feed/all.atom as published last, by line 1 of the log" in done.out


def test_a_private_address_is_not_asked(signed: House) -> None:
    done = verify(signed, "http://127.0.0.1:9/feed/all.atom")
    assert done.code == 1 and "a loopback address" in done.err


def test_a_file_of_the_log_is_checked_alone(signed: House, saved: Path) -> None:
    log = signed.output / "log/2026-10-20.jsonl"
    assert verify(signed, log, "--key", saved).code == 0
    log.write_bytes(log.read_bytes().replace(b'"seq":1', b'"seq":2'))
    done = verify(signed, log, "--key", saved)
    assert done.code == 1 and "2026-10-20.jsonl:1: this line of the log its signature does not hold" in done.out


def test_what_is_not_there_and_what_is_no_key_are_faults_of_usage(signed: House, room: Path) -> None:
    assert verify(signed, room / "none.html").code == 2
    (room / "no.key").write_text("no key")
    done = verify(signed, signed.output, "--key", room / "no.key")
    assert done.code == 2 and "is not a ring of public keys" in done.err


def test_a_real_kill_in_mid_publish_leaves_a_site_that_the_next_run_makes_good(house: House) -> None:
    assert house.call("keys init", *at(NOW)).code == 0
    for wait_s in (0.0, 0.01, 0.02, 0.05):
        (house.output / "keys.json").unlink(missing_ok=True)  # the first file that a full publish writes
        running = house.spawn("run", "--force", *at(NOW))
        while running.poll() is None and not (house.output / "keys.json").exists():
            time.sleep(0.002)
        time.sleep(wait_s)
        running.send_signal(signal.SIGKILL)
        running.communicate()
    done = house.run("--force", now=NOW + MINUTE)
    assert done.code == 0
    assert (verify(house, house.output, now=NOW + MINUTE).out.count("WRONG"), house.titles() != set()) == (0, True)
