import socket
import threading
from datetime import UTC, datetime

import pytest

from aggregator.collect.guard import Fleeting, connect, literal, networks, resolve, why_refused
from aggregator.collect.pace import Pace
from aggregator.collect.reply import retry_after
from aggregator.collect.watchdog import Watch
from aggregator.errors import SourceError
from tests.make_collect import Time

# fmt: off
REFUSED = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1", "fc00::1",
    "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "100::1", "5f00::1", "3fff::1",
]
# fmt: on


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_inside_the_house_is_refused(address: str) -> None:
    assert why_refused(address, ()).startswith(("a ", "an "))


@pytest.mark.parametrize("address", ["8.8.8.8", "113.160.1.1", "2001:ee0:4f00::1", "::ffff:113.160.1.1", "172.32.0.1"])
def test_a_public_address_is_open(address: str) -> None:
    assert why_refused(address, ()) == ""


def test_an_allowed_network_opens_exactly_itself() -> None:
    allowed = networks(["10.1.0.0/16", "127.0.0.5"])
    opened = [
        why_refused(a, allowed) == "" for a in ("10.1.2.3", "::ffff:10.1.2.3", "10.2.0.1", "127.0.0.5", "127.0.0.1")
    ]
    assert opened == [True, True, False, True, False]


@pytest.mark.parametrize(
    ("host", "address"), [("127.0.0.1", "127.0.0.1"), ("[::1]", "::1"), ("tin.example", ""), ("0x7f.1", "")]
)
def test_a_host_written_as_an_address_is_known(host: str, address: str) -> None:
    assert literal(host) == address


def test_the_next_address_is_tried_when_one_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ("127.0.0.2", "127.0.0.1")]
        real = socket.getaddrinfo
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda host, *a, **k: answers if host == "x.example" else real(host, *a, **k)
        )
        connection = connect("x.example", port, 5, networks(["127.0.0.0/8"]))
        assert connection.getpeername()[0] == "127.0.0.1"
        connection.close()


def test_refused_addresses_are_left_out_when_others_remain(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ("10.9.9.9", "127.0.0.1")]
        real = socket.getaddrinfo
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda host, *a, **k: answers if host == "x.example" else real(host, *a, **k)
        )
        connect("x.example", port, 5, networks(["127.0.0.0/8"])).close()
        with pytest.raises(SourceError, match=r"10\.9\.9\.9 is a private address, 127\.0\.0\.1 is a loopback"):
            connect("x.example", port, 5, ())


def test_a_name_server_that_does_not_answer_is_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def getaddrinfo(*_: object, **__: object) -> list[object]:
        over.wait(10)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(Fleeting) as error:
        resolve("tin.example", 80, 0.05)
    over.set()
    assert error.value.cause == "timeout"


def test_a_label_that_is_no_name_is_unreachable() -> None:
    with pytest.raises(Fleeting) as error:
        resolve("a" * 70 + ".example", 80, 5)
    assert error.value.cause == "unreachable"


def test_hosts_wait_for_themselves_only() -> None:
    time = Time()
    pace = Pace(time.sleep, time.monotonic)
    for host, passed in (("a", 0.0), ("b", 0.5), ("a", 0.5), ("a", 9.0)):
        time.seconds += passed
        with pace.turn(host, 2.0):
            pass
    assert time.slept == [1.0]


def test_the_pause_counts_from_the_end_of_the_last_answer() -> None:
    time = Time()
    pace = Pace(time.sleep, time.monotonic)
    with pytest.raises(SourceError), pace.turn("a", 2.0):
        time.seconds += 30
        raise SourceError("timeout", "slow")
    with pace.turn("a", 2.0):
        assert time.slept == [2.0]


def test_a_watch_cuts_a_connection_that_comes_after_its_time() -> None:
    left, right = socket.socketpair()
    with left, right, Watch(0) as watch:
        watch._timer.join()
        assert watch.fired
        watch.attach(left)
        assert right.recv(1) == b""


def test_a_watch_that_is_over_cuts_nothing() -> None:
    left, right = socket.socketpair()
    with left, right:
        with Watch(60) as watch:
            watch.attach(left)
        watch._fire()
        left.sendall(b"x")
        assert (right.recv(1), watch.fired) == (b"x", False)


@pytest.mark.parametrize(
    ("printed", "seconds"),
    [
        ("120", 120.0),
        (" 5 ", 5.0),
        ("0", 0.0),
        ("Tue, 20 Oct 2026 05:01:00 GMT", 60.0),
        ("Tue, 20 Oct 2026 04:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-3", None),
        ("9" * 30, None),
    ],
)
def test_retry_after_is_read_in_both_forms(printed: str, seconds: float | None) -> None:
    assert retry_after(printed, datetime(2026, 10, 20, 5, 0, tzinfo=UTC)) == seconds
