"""status, sources, serve, and what every command says of itself."""

import json
import re
import signal
import subprocess
import urllib.error
import urllib.request
from datetime import timedelta
from typing import Any

import pytest

from aggregator.cli.arguments import COMMANDS
from aggregator.demo.asked import Said, absent
from tests.cli.house import ARTICLES, FEED, MOH, NOW, PROGRAM, SKDS, SOYTE, House, call, environment, tree

# --- status


def test_status_before_the_first_run_says_what_to_do(house: House) -> None:
    done = house.call("status")
    assert done.code == 0
    assert [line.split()[:2] for line in done.out.splitlines()] == [
        ["moh", "never"], ["skds", "never"], ["soyte", "never"], ["signing", "none"]
    ]  # fmt: skip
    assert "aggregator run --only moh" in done.out


def test_status_tells_how_each_source_stands(first: House) -> None:
    done = first.call("status")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].split()[:2] == ["moh", "ok"] and "newest article 2026-10-19 21:00 UTC" in lines[0]


def test_status_is_exit_1_and_names_cause_and_problem_of_a_source_at_fault(used: House) -> None:
    used.sites.instead[SOYTE, ""] = Said(500, b"")
    used.run("--force")
    done = used.call("status")
    assert done.code == 1
    assert "soyte            broken" in done.out and "server-error: https://soyte.hanoi.gov.vn/ answers 500" in done.out


def test_status_as_json_has_every_source_and_iso_times(used: House) -> None:
    used.settings["sources"][2]["enabled"] = False
    used.write()
    done = used.call("status", "--json")
    told = json.loads(done.out)
    assert done.code == 0 and [one["id"] for one in told["sources"]] == ["moh", "skds", "soyte"]
    assert [one["enabled"] for one in told["sources"]] == [True, True, False]
    moh = told["sources"][0]
    assert (moh["health"], moh["cause"], moh["failures"]) == ("ok", "", 0)
    assert moh["last_visit"] == moh["last_success"] == moh["since"] == "2026-10-20T02:00:00+00:00"
    assert moh["next_visit"] == "2026-10-20T02:15:00+00:00" and moh["newest"] == "2026-10-19T21:00:00+00:00"


def test_status_names_agreements_that_end_and_what_to_type(used: House) -> None:
    used.source("skds")["agreement"] = {"number": "7/TT", "starts": "2026-01-01", "ends": "2026-11-10", "scope": "lead"}
    used.write()
    done = used.call("status", "--now", "2026-10-20T09:30:00+07:00")
    assert done.code == 0
    assert "skds: agreement '7/TT' ends on 2026-11-10, in 21 days" in done.out
    assert "write the new number and days at sources[1].agreement" in done.out
    over = used.call("status", "--json", "--now", "2026-11-11T09:30:00+07:00")
    (told,) = [one for one in json.loads(over.out)["sources"] if one["id"] == "skds"]
    assert over.code == 1 and told["agreement"]["ends"] == "2026-11-10"
    assert "ended on 2026-11-10" in told["agreement_problem"]


def test_a_run_tells_once_a_day_of_an_agreement_that_ends(used: House) -> None:
    used.source("skds")["agreement"] = {"number": "7/TT", "starts": "2026-01-01", "ends": "2026-11-10", "scope": "lead"}
    used.write()
    first = used.run(now=NOW + timedelta(minutes=20))
    again = used.run(now=NOW + timedelta(minutes=40))
    assert "publish: skds: agreement '7/TT' ends on 2026-11-10" in first.err and first.code == 0
    assert again.err == ""


def test_a_source_that_was_switched_off_while_at_fault_is_no_fault_any_more(used: House) -> None:
    used.sites.instead[SOYTE, ""] = Said(500, b"")
    assert used.run("--force").code == 1
    used.settings["sources"][2]["enabled"] = False
    used.write()
    assert used.call("status").code == 0
    done = used.run(now=NOW + timedelta(minutes=1))
    assert (done.code, done.said) == (0, "")


def test_a_source_with_nothing_new_for_long_is_stale_and_no_fault(used: House) -> None:
    done = used.run("--force", now=NOW + timedelta(days=9))
    assert (done.code, done.said) == (0, "")
    assert [one["health"] for one in json.loads(used.call("status", "--json").out)["sources"]] == ["stale"] * 3


# --- sources


def test_sources_list_shows_each_source_with_its_sections(first: House) -> None:
    done = first.call("sources list")
    assert (done.code, done.err) == (0, "")
    assert "moh              moh_bridge  ok        Bộ Y tế" in done.out
    assert "    8358  Tin nổi bật" in done.out and f"    https://{SKDS}{FEED}  Y tế" in done.out


@pytest.mark.parametrize(("source", "title"), [("moh", 0), ("skds", 2), ("soyte", 4)])
def test_a_check_prints_every_step_and_stores_nothing(house: House, source: str, title: int) -> None:
    done = house.call("sources check", source)
    assert (done.code, done.err) == (0, "")
    article = ARTICLES[title]
    for words in (
        "  200, ",
        "2 leads, 0 skipped",
        "first article https://",
        article.title,
        article.lead,
        "published  20",
        "tag  ",
    ):
        assert words in done.out, words
    said = f"{article.title} {article.lead} {article.body}"
    earned = re.findall(r"^ +tag +[a-z]+/\S+ \((\w+): “(.+?)”", done.out, re.M)
    assert earned and all(field in {"title", "lead", "text"} and words in said for field, words in earned), done.out
    assert not house.database.exists() and not house.output.exists()


def test_a_check_shows_the_leads_and_every_field_of_the_first_article(house: House) -> None:
    page = f"""<html><head><title>x</title><meta property="article:modified_time" content="2026-10-20T08:15:00+07:00">
      </head><body><h1 data-role="title">{ARTICLES[4].title}</h1><div data-role="publishdate">20/10/2026 06:00</div>
      <h2 data-role="sapo">{ARTICLES[4].lead}</h2><div data-role="author">Phòng Nghiệp vụ</div>
      <div data-role="content" class="detail-content afcbc-body"><p>Đoàn kiểm tra đến 40 trường tuần này. {TEXT}</p>
      <figure><img src="/bep.jpg" alt="Bếp ăn của trường"></figure><p>Kết quả được công khai tại trường.</p>
      <p><a href="/ke-hoach.pdf">Kế hoạch kiểm tra</a></p></div></body></html>"""
    house.sites.instead[SOYTE, "/tin-tuc-su-kien/"] = Said(200, page.encode(), "text/html; charset=utf-8")
    done = house.call("sources check", "soyte")
    assert (done.code, done.err) == (0, "")
    shown = {line.split()[0]: line for line in done.out.partition("first article")[2].splitlines()[1:] if line.split()}
    for field, words in {
        "identity": "2849261020060000789 (the site's own id)",
        "author": "Phòng Nghiệp vụ",
        "published": "2026-10-19 23:00 UTC (minute; printed '20/10/2026 06:00')",
        "modified": "2026-10-20 01:15 UTC",
        "text": "from “Đoàn kiểm tra đến 40 trường tuần này.” to “",
        "image": "/bep.jpg (Bếp ăn của trường)",
        "attachment": f"Kế hoạch kiểm tra: https://{SOYTE}/ke-hoach.pdf",
    }.items():
        assert words in shown[field], done.out
    assert done.out.count("    lead ") == 3  # two of the listing, one of the article
    assert f"      https://{SOYTE}/tin-tuc-su-kien/" in done.out


TEXT = "Mỗi bếp ăn lưu mẫu thức ăn 24 giờ, ghi sổ nguồn gốc thực phẩm, kiểm tra sức khoẻ người nấu định kỳ. " * 3


def test_a_check_of_a_source_at_fault_is_exit_1_with_its_cause(house: House) -> None:
    house.sites.instead[SOYTE, ""] = Said(500, b"")
    done = house.call("sources check", "soyte")
    assert done.code == 1 and "WRONG server-error: https://soyte.hanoi.gov.vn/ answers 500" in done.out
    house.sites.instead[MOH, "/robots.txt"] = Said(200, b"User-agent: *\nDisallow: /\n", "text/plain")
    done = house.call("sources check", "moh")
    assert done.code == 1 and "WRONG robots: " in done.out


def test_a_check_reads_the_listing_where_the_feed_is_wrong_and_says_so(house: House) -> None:
    house.sites.instead[SKDS, FEED] = absent(404)
    done = house.call("sources check", "skds")
    assert done.code == 1
    assert "WRONG gone: " in done.out and "its listing is read in its place" in done.out
    assert ARTICLES[2].title in done.out


def test_a_check_whose_first_article_cannot_be_read_is_exit_1(house: House) -> None:
    house.sites.instead[SOYTE, "/tin-tuc-su-kien/"] = Said(200, b"<html><body>x</body></html>")
    done = house.call("sources check", "soyte")
    assert done.code == 1 and "WRONG first article https://soyte" in done.out


def test_a_check_that_brings_out_a_bug_names_it_and_goes_on_to_the_other_sections(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(*arguments: Any) -> Any:
        raise RecursionError("too deep")

    monkeypatch.setattr("aggregator.cli.check.trail.concluded", bug)
    done = house.call("sources check", "moh")
    assert done.code == 1 and "WRONG internal: a bug of this program" in done.out and "RecursionError" in done.out


def test_a_check_of_an_unknown_source_is_a_fault_of_usage(house: House) -> None:
    done = house.call("sources check", "bao-la")
    assert done.code == 2 and "there are moh, skds, soyte" in done.err


def test_a_check_of_an_address_tells_which_reader_knows_it(house: House) -> None:
    done = house.call("sources check", f"https://{SOYTE}/")
    assert (done.code, done.err) == (0, "")
    assert "reader vccorp, because" in done.out and ARTICLES[4].title in done.out
    house.sites.instead[SKDS, "/moi"] = Said(
        200, f'<html><head><link rel="alternate" type="application/rss+xml" href="{FEED}"></head></html>'.encode()
    )
    done = house.call("sources check", f"https://{SKDS}/moi")
    assert done.code == 0 and f"GET https://{SKDS}{FEED}" in done.out and ARTICLES[2].title in done.out
    assert f"reader feed, because https://{SKDS}{FEED}: the page announces it" in done.out
    house.sites.instead[SOYTE, "/nichts"] = absent(404)
    done = house.call("sources check", f"https://{SOYTE}/nichts")
    assert done.code == 1 and "WRONG gone: " in done.out


# --- serve


def _address_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("The site: "):
            return line.split()[2]
    raise AssertionError("it ended without an address")


def test_serve_shows_the_site_until_it_is_interrupted(first: House) -> None:
    process = first.spawn("serve", "--port", 0)
    address = _address_of(process)
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert ARTICLES[4].title in answer.read().decode()
    with urllib.request.urlopen(f"{address}feed/all.rss", timeout=10) as answer:
        assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(f"{address}khong-co.html", timeout=10)
    with missing.value as answer:
        assert (answer.code, answer.read()) == (404, (first.output / "404.html").read_bytes())
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")


def test_serve_without_a_site_says_how_to_make_one(house: House) -> None:
    done = house.call("serve", "--port", 0)
    assert done.code == 1 and "holds no site yet; make one with: aggregator run" in done.err


def test_a_port_that_is_taken_is_named_with_a_way_out(first: House) -> None:
    taken = next(iter(first.sites.connect_to.values())).rpartition(":")[2]
    done = first.call("serve", "--port", taken)
    assert done.code == 1 and f"port {taken}: " in done.err and "--port" in done.err


# --- publish


def test_publish_writes_what_changed_without_visiting_a_source(used: House) -> None:
    used.settings["site"]["name"] = "Bản tin mang tên mới"
    used.write()
    done = used.call("publish", "--now", NOW.isoformat())
    assert (done.code, done.said, used.sites.requests) == (0, "", [])
    assert "Bản tin mang tên mới" in (used.output / "index.html").read_text(encoding="utf-8")


def test_a_full_publish_of_nothing_new_changes_no_byte(used: House) -> None:
    before = tree(used.output)
    assert used.call("publish", "--full", "--now", NOW.isoformat()).code == 0
    assert tree(used.output) == before


def test_a_full_publish_brings_back_an_output_that_was_lost(used: House) -> None:
    before = tree(used.output)
    for path in used.output.rglob("*.html"):
        path.unlink()
    assert used.call("publish", "--full", "--now", NOW.isoformat()).code == 0
    assert tree(used.output) == before


def test_publish_beside_a_run_is_refused(used: House) -> None:
    from tests.cli.test_run import locked

    with locked(used):
        assert used.call("publish").code == 75


# --- help


def test_the_help_names_every_command_and_the_exit_codes() -> None:
    done = call("--help")
    assert done.code == 0
    for name, (line, *_) in COMMANDS.items():
        assert name in done.out and line.split()[0] in done.out
    assert "Exit: 0 all well" in done.out and "75 another run holds the lock" in " ".join(done.out.split())


@pytest.mark.parametrize("command", [*COMMANDS, "sources list", "sources check"])
def test_every_commands_help_says_what_it_reads_writes_and_returns(command: str) -> None:
    done = call(*command.split(), "--help")
    text = " ".join(done.out.split())
    assert done.code == 0
    assert any(word in text for word in ("Reads ", "Fetches ", " reads "))
    assert any(word in text for word in ("writes ", "prints ", "Prints "))
    assert "Exit: 0 all well" in text


@pytest.mark.parametrize("line", [[], ["nothing"], ["run", "--nothing"], ["sources"], ["schedule", "--every", "x"]])
def test_what_cannot_be_understood_is_a_fault_of_usage(line: list[str]) -> None:
    done = call(*line)
    assert (done.code, done.out) == (2, "") and "usage: aggregator" in done.err


def test_the_version_is_told() -> None:
    import aggregator

    assert call("--version").out == f"aggregator {aggregator.__version__}\n"


def test_the_program_starts_from_any_folder(tmp_path: Any) -> None:
    done = subprocess.run(
        [str(PROGRAM), "status"], cwd=tmp_path, capture_output=True, text=True, env=environment(), check=False
    )
    assert done.returncode == 2 and "sources.yaml: no such file" in done.stderr
