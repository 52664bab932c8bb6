"""What campaigns lead to, over real HTTPS on loopback, with a stepped clock: every fault fails closed."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from aggregator import config as configuration
from aggregator import pipeline
from aggregator.cli import main, wiring
from aggregator.model import TargetState
from aggregator.pipeline import Report
from aggregator.settings import Config
from tests.line import PlainWriter
from tests.make_collect import RawServer
from tests.make_tls import certificate

HOUR = timedelta(hours=1)
START = datetime(2026, 10, 20, 2, 0, tzinfo=UTC)
LINK = "https://rua-tay.example/"
HOSTS = ("rua-tay.example", "www.rua-tay.example", "moi.rua-tay.example", "ban-be.example", "la.example", "kho.example")
GOOD = "<!doctype html><title>Rửa tay</title><p>Chiến dịch  <b>rửa tay</b> của Sở Y tế Thí dụ</p>"
LANDING = "ung-dung/rua-tay/index.html"
FORMS = ("800x81.html", "fluid.html", "fluid.fragment.html")
CONFIG = """\
site: {{base_url: https://bantin.example.vn/}}
fetch:
  connect_to: {{{routes}}}
sources:
  - {{id: dau, name: Dấu, kind: feed, home: https://rua-tay.example/, enabled: false, pause: 0s, sections: [],
      hosts: [{hosts}],
      tls: {{extra_ca: "{ca}"}}}}
campaigns:
  - slug: rua-tay
    title: Rửa tay
    message: Rửa tay mỗi ngày
    alt: Rửa tay mỗi ngày để phòng bệnh
    sizes: [800x81]
    starts: 2026-10-01
    ends: 2026-12-31
    link: {link}
    link_verified: 2026-10-02
    link_says: [Sở Y tế Thí dụ, rửa tay]
{more}"""


class Place:
    """An installation that is led by a campaign to servers on loopback; `answers` are bytes by host and path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = START
        self.answers: dict[tuple[str, str], bytes] = {("rua-tay.example", "/"): ok(GOOD)}
        self.asked: list[str] = []
        self.robots = b""
        ca, context = certificate(folder, *HOSTS)
        self.ca = str(ca)
        self.server = RawServer(self._talk, context)
        self.routes: dict[str, str] = {}

    def _talk(self, connection: socket.socket, head: bytes) -> None:
        host = re.search(rb"(?im)^host: ([^\r]*)", head)
        path = head.split(b" ")[1].decode()
        key = (host[1].decode() if host else "", path)
        self.asked.append(f"https://{key[0]}{path}")
        connection.sendall(self.answers.get(key, status(404)))

    def config(self, more: str = "", link: str = LINK) -> Config:
        here = f"https://127.0.0.1:{self.server.port}"
        routes = ", ".join(f"{host}: {self.routes.get(host, here)!r}" for host in HOSTS)
        path = self.folder / "sources.yaml"
        given = {"routes": routes, "hosts": ", ".join(HOSTS), "ca": self.ca, "link": link}
        path.write_text(CONFIG.format(**given, more=more), encoding="utf-8")
        return configuration.folder_of(configuration.load(path), path)

    @contextmanager
    def ports(self, made: Config) -> Iterator[pipeline.Ports]:
        with wiring.ports(made, lambda: self.now) as ports:
            yield replace(ports, writer=PlainWriter(self.folder / "output"))

    def run(self, step: timedelta = timedelta(0), **given: str) -> Report:
        self.now += step
        made = self.config(**given)
        with self.ports(made) as ports:
            return pipeline.run(made, ports, lambda *_: None)

    def file(self, name: str) -> str:
        return (self.folder / "output" / name).read_text(encoding="utf-8")

    def is_linked(self) -> bool:
        """Whether banners are links and the page leads on: all of them agree, or the test fails."""
        ours = "https://bantin.example.vn/ung-dung/rua-tay/"
        said = {form: f'href="{ours}"' in self.file(f"embed/campaign/rua-tay/{form}") for form in FORMS}
        said["svg"] = "Xem chi tiết" in self.file("embed/campaign/rua-tay/800x81.svg")
        said["landing"] = f'href="{LINK}"' in self.file(LANDING)
        assert len(set(said.values())) == 1, said
        for form in FORMS:  # its text is there all the same
            page = BeautifulSoup(self.file(f"embed/campaign/rua-tay/{form}"), "lxml")
            alt = page.img["alt"] if page.img else page.get_text()
            assert "Rửa tay mỗi ngày" in str(alt)
        return said["landing"]

    def state(self) -> TargetState:
        with self.ports(self.config()) as ports:
            (one,) = ports.store.targets()
        return one


def status(code: int, body: str = "", **headers: str) -> bytes:
    content = body.encode()
    lines = [f"HTTP/1.1 {code} X", f"Content-Length: {len(content)}", "Connection: close"]
    lines += ["Content-Type: text/html; charset=utf-8", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def ok(body: str) -> bytes:
    return status(200, body)


def onward(url: str) -> bytes:
    return status(302, Location=url)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    with made.server:
        yield made


def test_a_good_target_is_led_to(place: Place) -> None:
    report = place.run()
    assert place.is_linked() and report.targets == ()
    assert place.asked == [LINK]
    assert place.state() == TargetState("rua-tay", LINK, "good", "", START, START, 0, START)


@pytest.mark.parametrize("target", ["https://www.rua-tay.example/", "https://moi.rua-tay.example/vi/"])
def test_it_may_pass_on_to_another_host_of_its_owner(place: Place, target: str) -> None:
    host, _, path = target.removeprefix("https://").partition("/")
    place.answers |= {("rua-tay.example", "/"): onward(target), (host, f"/{path}"): ok(GOOD)}
    place.run()
    assert place.is_linked()


def test_it_may_pass_on_to_a_host_that_the_operator_allows_and_to_no_other(place: Place) -> None:
    place.answers |= {("rua-tay.example", "/"): onward("https://ban-be.example/"), ("ban-be.example", "/"): ok(GOOD)}
    place.run(more="    link_hosts: [ban-be.example]\n")
    assert place.is_linked()
    place.run(step=HOUR)
    assert not place.is_linked()


def test_one_that_leads_elsewhere_is_not_led_to_any_more_at_once(place: Place) -> None:
    place.run()
    place.answers[("rua-tay.example", "/")] = onward("https://la.example/")
    report = place.run(step=HOUR)
    assert not place.is_linked()
    (news,) = report.targets
    assert (news.finding, "https://la.example/" in news.because) == ("moved", True)
    assert "https://la.example/" not in place.asked  # nobody goes there to look
    assert "tạm ngừng" in place.file(LANDING)
    assert LINK not in place.file(LANDING) + place.file("nhung/index.html")


def test_one_that_says_something_else_is_not_led_to_any_more_at_once(place: Place) -> None:
    place.run()
    place.answers[("rua-tay.example", "/")] = ok("<title>Tên miền này đang được bán</title><p>Rửa tay</p>")
    (news,) = place.run(step=HOUR).targets
    assert not place.is_linked()
    assert (news.finding, news.because) == ("changed", f"{LINK} does not say 'Sở Y tế Thí dụ' any more")


def test_words_in_scripts_and_comments_are_not_said(place: Place) -> None:
    hidden = "<script>var a = 'Sở Y tế Thí dụ rửa tay'</script><!-- Sở Y tế Thí dụ rửa tay --><p>Đánh bài</p>"
    place.answers[("rua-tay.example", "/")] = ok(hidden)
    place.run()
    assert not place.is_linked()


def test_a_certificate_that_nobody_vouches_for_is_enough(place: Place, tmp_path: Path) -> None:
    place.run()
    place.ca = str(certificate(tmp_path, *HOSTS, name="other")[0])
    (news,) = place.run(step=HOUR).targets
    assert not place.is_linked() and news.finding == "untrusted"


def test_a_certificate_of_another_host_is_enough(place: Place, tmp_path: Path) -> None:
    ca, context = certificate(tmp_path, "la.example", name="la")
    place.ca = str(ca)
    with RawServer(lambda connection, _: connection.sendall(ok(GOOD)), context) as server:
        place.routes = {"rua-tay.example": f"https://127.0.0.1:{server.port}"}
        (news,) = place.run().targets
    assert not place.is_linked() and news.finding == "untrusted"


def test_a_step_without_tls_is_enough_and_the_better_address_is_named(place: Place) -> None:
    with RawServer(lambda connection, _: connection.sendall(onward(LINK))) as plain:
        place.routes = {"www.rua-tay.example": f"http://127.0.0.1:{plain.port}"}
        place.answers |= {("rua-tay.example", "/"): ok(GOOD)}
        (news,) = place.run(link="http://www.rua-tay.example/").targets
    assert news.finding == "untrusted"
    assert f"if {LINK} is right, write it as the link" in news.because
    assert "http://www.rua-tay.example" not in place.file(LANDING)


def test_one_that_is_silent_is_given_up_after_two_failures_over_a_day(place: Place) -> None:
    place.run()
    place.answers[("rua-tay.example", "/")] = status(503)
    first = place.run(step=HOUR)
    assert place.is_linked() and [one.finding for one in first.targets] == ["dead"]
    for _ in range(23):
        assert place.run(step=HOUR).targets == ()
        assert place.is_linked()
    last = place.run(step=HOUR)  # a day after the first failure
    assert not place.is_linked() and [one.finding for one in last.targets] == ["dead"]
    assert place.state().failures == 25 and place.state().since == START + HOUR
    place.answers[("rua-tay.example", "/")] = ok(GOOD)
    back = place.run(step=HOUR)
    assert place.is_linked() and [one.finding for one in back.targets] == ["good"]


def test_one_failure_however_long_ago_is_not_two(place: Place) -> None:
    place.run()
    place.answers[("rua-tay.example", "/")] = status(404)
    place.run(step=HOUR)
    place.answers[("rua-tay.example", "/")] = ok(GOOD)
    place.run(step=HOUR)
    place.answers[("rua-tay.example", "/")] = status(404)
    place.run(step=30 * HOUR)
    assert place.is_linked() and place.state().failures == 1


def test_silence_after_something_worse_brings_no_link_back(place: Place) -> None:
    place.run()
    place.answers[("rua-tay.example", "/")] = onward("https://la.example/")
    place.run(step=HOUR)
    place.answers[("rua-tay.example", "/")] = status(503)
    place.run(step=HOUR)
    assert not place.is_linked()


def test_silence_from_the_first_look_on_is_not_trusted(place: Place) -> None:
    place.answers[("rua-tay.example", "/")] = status(503)
    place.run()
    assert not place.is_linked()


def test_a_host_that_nothing_answers_for_is_silent(place: Place) -> None:
    place.run()
    with socket.create_server(("127.0.0.1", 0)) as free:
        place.routes = {"rua-tay.example": f"https://127.0.0.1:{free.getsockname()[1]}"}
    place.run(step=HOUR)
    assert place.state().finding == "dead" and place.is_linked()


def test_a_target_is_asked_once_an_interval_not_once_a_run(place: Place) -> None:
    for _ in range(6):
        place.run(step=timedelta(minutes=10))
    assert place.asked == [LINK]
    place.run(step=timedelta(minutes=10))
    assert place.asked == [LINK, LINK]
    place.run(step=HOUR, more="    check_every: 6h\n")
    assert place.asked == [LINK, LINK]


def test_a_silent_target_is_asked_once_without_a_second_attempt(place: Place) -> None:
    place.answers[("rua-tay.example", "/")] = status(503)
    place.run()
    assert place.asked == [LINK]


def test_another_link_is_looked_at_at_once(place: Place) -> None:
    place.run()
    place.answers[("ban-be.example", "/")] = ok(GOOD)
    place.run(step=timedelta(minutes=10), link="https://ban-be.example/")
    assert place.asked == [LINK, "https://ban-be.example/"]


@pytest.mark.parametrize("more", ["    enabled_from: x\n", ""])
def test_only_campaigns_that_run_and_are_confirmed_are_asked_for(place: Place, more: str) -> None:
    place.now = datetime(2026, 9, 1, tzinfo=UTC) if more else datetime(2027, 2, 1, tzinfo=UTC)
    place.run()
    assert place.asked == []


def test_what_nobody_looked_at_for_two_days_is_not_led_to(place: Place) -> None:
    place.run()
    place.now += 2 * 24 * HOUR
    made = place.config()
    with place.ports(made) as ports:  # as after `aggregator edit`: pages are written, the network is not asked
        pipeline.publish(made, ports)
    assert not place.is_linked()


def test_the_stores_of_an_app_are_looked_at_too_for_the_apps_name(place: Place) -> None:
    """Another app took over the ids of Bluezone in 2021."""
    made = place.config(more="    google_play: vn.example.ruatay\n    app_name: Rửa Tay\n")
    targets = [one.url for one in pipeline_targets(made)]
    assert targets == [LINK, "https://play.google.com/store/apps/details?id=vn.example.ruatay"]
    assert [one.says for one in pipeline_targets(made)][1] == ("Rửa Tay",)
    left = place.config(more="    google_play: vn.example.ruatay\n    stores_checked: false\n")
    assert [one.url for one in pipeline_targets(left)] == [LINK]


def pipeline_targets(made: Config) -> Any:
    from aggregator.publish.targets import targets

    return targets(made.campaigns[0])


# --- what an operator sees


def command(place: Place, *words: str) -> int:
    place.config()
    now = place.now.isoformat()
    return main([*words, "--config", str(place.folder / "sources.yaml"), "--now", now])


def test_a_run_tells_what_changed_once_and_what_to_do(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(place, "run") == 0
    assert capsys.readouterr().err == ""
    place.answers[("rua-tay.example", "/")] = onward("https://la.example/")
    place.now += HOUR
    command(place, "run")
    said = capsys.readouterr().err
    assert "campaign rua-tay: moved:" in said and "https://la.example/" in said
    assert "its banners are text without a link until that is mended -- look at it in a browser" in said
    place.now += timedelta(minutes=10)
    command(place, "run")
    assert capsys.readouterr().err == ""


def test_status_tells_of_it_for_as_long_as_it_lasts(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    command(place, "run")
    command(place, "status")
    assert "campaign rua-tay" not in capsys.readouterr().out
    place.answers[("rua-tay.example", "/")] = ok("khác")
    place.now += HOUR
    command(place, "run")
    capsys.readouterr()
    assert command(place, "status") == 1
    said = capsys.readouterr().out
    assert "campaign rua-tay: changed:" in said and "its banners are text without a link" in said
    assert command(place, "status", "--json") == 1
    assert '"finding": "changed"' in capsys.readouterr().out


def test_publish_looks_as_run_does(place: Place) -> None:
    place.answers[("rua-tay.example", "/")] = onward("https://la.example/")
    assert command(place, "publish") == 0
    assert not place.is_linked()


def test_a_check_of_campaigns_says_all_and_stores_nothing(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(place, "campaigns", "check") == 0
    said = capsys.readouterr().out
    assert "rua-tay: runs until 2026-12-31" in said and f"leads to {LINK}, which is good" in said
    assert "says 'Rửa tay mỗi ngày' in 800x81" in said
    assert not (place.folder / "var" / "aggregator.db").exists()
    place.answers[("rua-tay.example", "/")] = onward("https://la.example/")
    assert command(place, "campaigns", "check", "rua-tay") == 1
    said = capsys.readouterr().out
    assert f"WRONG {LINK}: moved:" in said and "its host into link_hosts" in said


def test_a_check_of_an_unknown_campaign_is_a_fault_of_usage(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(place, "campaigns", "check", "khac") == 2
    assert "khac: no such campaign; there are rua-tay" in capsys.readouterr().err


def test_a_check_names_what_nobody_confirmed_and_texts_that_fit_nowhere(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    long = "Chiến dịch rửa tay bằng xà phòng phòng chống dịch bệnh của toàn thành phố trong ba tháng cuối năm"
    path = place.folder / "sources.yaml"
    place.config()
    text = path.read_text().replace("    link_verified: 2026-10-02\n", "").replace("800x81", "230x46, 1170x90")
    path.write_text(text.replace("message: Rửa tay mỗi ngày", f"message: {long}").replace("Rửa tay\n", f"{long}\n"))
    assert main(["campaigns", "check", "--config", str(path), "--now", "2026-10-20T09:00+07:00"]) == 1
    said = capsys.readouterr().out
    assert "WRONG no text fits 230x46" in said and "add a shorter one to short" in said
    assert "nobody confirmed where it leads" in said and "write link_verified: 2026-10-20" in said
    assert f"would lead to {LINK}, which is good" in said and place.asked == [LINK]
    path.write_text(path.read_text().replace(f"link: {LINK}", "link: ''"))
    assert main(["campaigns", "check", "--config", str(path), "--now", "2026-10-20T09:00+07:00"]) == 1
    said = capsys.readouterr().out
    assert "leads nowhere: link is empty" in said and "nobody confirmed" not in said


def test_an_ended_campaign_is_told_and_not_asked_for(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.now = datetime(2027, 2, 1, tzinfo=UTC)
    assert command(place, "campaigns", "check") == 0
    assert "rua-tay: ended on 2026-12-31; its banners are empty, its page says so" in capsys.readouterr().out
    assert place.asked == []
