"""`aggregator sources confirm`, and the site that stays a preview until a person has looked."""

import io
import json
import sys

import pytest

from aggregator.demo.replay import Said
from aggregator.demo.world import WorldArticle
from tests.cli.house import ARTICLES, NOW, SKDS, Done, House
from tests.line import Line

AT = ["--now", NOW.isoformat()]
SOURCES = ("moh", "skds", "soyte")


def of(source: str) -> list[WorldArticle]:
    return [one for one in ARTICLES if one.site == source]


def ids(house: House, source: str) -> list[str]:
    rows = [json.loads(line) for line in house.call("export").out.splitlines()]
    return [row["id"] for row in rows if row["source"] == source]


def confirm(house: House, source: str, *ids: str) -> Done:
    return house.call("sources confirm", source, "--yes", *ids, "--who", "an", *AT)


def test_each_item_is_shown_beside_its_original(used: House) -> None:
    done = used.call("sources confirm", "skds", *AT)
    for one in of("skds"):
        assert done.out.count(one.title) >= 2  # here, and as the original's page has it
    assert "another title" not in done.out
    assert done.code == 1 and "skds: 2 more to confirm" in done.out


def test_an_original_that_says_something_else_is_told_apart(used: House) -> None:
    page = "<html><head><title>Trang chủ</title></head><body><p>Không có gì</p></body></html>"
    used.sites.instead[(SKDS, "/")] = Said(200, page.encode(), "text/html; charset=utf-8")
    assert "<- another title" in used.call("sources confirm", "skds", *AT).out


def test_only_what_a_person_named_is_kept_and_not_shown_again(used: House) -> None:
    first, second = ids(used, "moh")
    assert confirm(used, "moh", first).code == 1
    shown = used.call("sources confirm", "moh", *AT).out
    assert first not in shown and second in shown
    done = confirm(used, "moh", second)
    assert (done.code, done.out.splitlines()[-1]) == (0, "moh: confirmed")


def test_on_a_terminal_it_asks_for_each(used: House, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    said = iter(["n", "y"])
    monkeypatch.setattr("builtins.input", lambda _: next(said))
    monkeypatch.setattr(sys, "stdin", Terminal())
    from aggregator.cli import main

    out = Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    assert main(used.line("sources confirm", "soyte", *AT)) == 1
    assert "soyte: 1 more to confirm" in out.getvalue()


def test_a_source_that_is_not_configured_is_named(used: House) -> None:
    done = used.call("sources confirm", "byt", *AT)
    assert done.code == 2 and "there are moh, skds, soyte" in done.err


def test_a_public_site_stays_a_preview_until_everything_is_there(tmp_path_factory: pytest.TempPathFactory) -> None:
    with Line(tmp_path_factory.mktemp("gate"), "2020-08") as line:
        public = line.config(mode="public", base_url="https://bantin.example/")
        notes = line.run(public).published.notes
        assert sum("must be confirmed" in note for note in notes) == len(SOURCES)
        assert any("keys init" in note for note in notes)
        assert "BẢN XEM THỬ" in (line.output / "index.html").read_text(encoding="utf-8")
        line.go_live(public)
        assert not any("preview" in note for note in line.run(public, force=False).published.notes)
        assert "BẢN XEM THỬ" not in (line.output / "index.html").read_text(encoding="utf-8")
