"""The promises, on the whole line: real HTTP on loopback, real store, real files, a stepped clock."""

import json
import shutil
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest

from aggregator import pipeline
from aggregator.cli.cycle import exit_code
from aggregator.demo.replay import Replay
from tests.line import Line

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DEMO = "DỮ LIỆU MINH HOẠ"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """The default world after its first run: for looking only."""
    with Line(tmp_path_factory.mktemp("first")) as line:
        report = line.run()
        assert exit_code(line.config(), report) == 0
        yield line


@pytest.fixture
def line(first: Line, tmp_path: Path) -> Iterator[Line]:
    """A copy of the default world after its first run, to go on from."""
    shutil.copytree(first.folder, tmp_path / "line")
    with Line(tmp_path / "line") as copy:
        yield copy


def test_the_first_run_brings_every_article_that_stood_there(first: Line) -> None:
    with first.ports() as ports:
        refs = {telling.article.ref for _, telling, _ in ports.store.export(None)}
    expected = {article.ref for article in first.world.articles if article.time <= first.world.start}
    assert expected <= refs


def test_titles_and_leads_are_verbatim(first: Line) -> None:
    with first.ports() as ports:
        seen = {telling.article.ref: telling.article for _, telling, _ in ports.store.export(None)}
    for article in first.world.articles:
        if article.ref in seen:
            got = seen[article.ref]
            assert got.published == article.time, article.key
            assert _nfc(article.title) == got.title, article.key
            assert got.lead.endswith(_nfc(article.lead)), article.key  # the newspaper prints its name before it


def _nfc(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def test_a_second_run_with_nothing_new_writes_only_the_status_and_the_heartbeat(line: Line) -> None:
    before, asked = line.files(), len(line.replay.requests)
    report = line.run(step=20 * MINUTE)
    assert set(report.published.written) <= {"trang-thai/index.html", "heartbeat.json"}
    assert {visit.outcome for visit in report.visits} == {"unchanged"}
    assert line.files() == before
    sections = sum(len(source.sections) for source in line.config().sources)
    assert len(line.replay.requests) - asked <= sections + len(line.config().sources)  # and robots.txt of each


def test_what_is_not_due_is_not_asked(line: Line) -> None:
    asked = len(line.replay.requests)
    report = line.run(force=False, step=5 * MINUTE)
    assert report.visits == () and len(line.replay.requests) == asked


@pytest.mark.slow
def test_two_installations_publish_the_same_bytes(first: Line, tmp_path: Path) -> None:
    with Line(tmp_path) as other:
        other.run()
        assert other.files() == first.files()


@pytest.mark.slow
def test_a_full_publish_gives_the_same_bytes_as_many_small_ones(line: Line) -> None:
    for step in (7 * HOUR, DAY, DAY):
        line.run(step=step)
    small = line.files()
    shutil.rmtree(line.output)
    with line.ports() as ports:
        pipeline.publish(line.config(), ports, full=True)
    assert line.files() == small


def test_every_page_feed_and_embed_of_the_demo_says_that_it_is_one(first: Line) -> None:
    shown = (".html", ".rss", ".atom", ".json", ".svg")
    machine = ("search/", "heartbeat.json", "assets/")
    silent = [
        name
        for name, content in first.files().items()
        if name.endswith(shown) and not name.startswith(machine) and DEMO.encode() not in content
        and not _is_blank_embed(name, first)
    ]  # fmt: skip
    assert silent == []


def _is_blank_embed(name: str, line: Line) -> bool:
    """The embeds of a campaign that has ended show nothing at all."""
    ended = [campaign.slug for campaign in line.config().campaigns if not campaign.running(line.now.date())]
    return any(name.startswith(f"embed/campaign/{slug}/") for slug in ended)


def test_a_correction_reaches_page_feed_and_embed_within_three_hours(line: Line) -> None:
    article = next(one for one in line.world.articles if one.key == "moh-tram-y-te-dao-tao")
    change = article.changes[0]
    line.now = change.at - 10 * MINUTE
    line.run()
    assert line.holding(article.title)
    before = told_in_feeds(line, article.title)
    line.now = change.at
    for _ in range(12):
        line.run(force=False, step=15 * MINUTE)
    names = line.holding(change.title)
    assert any(name.startswith("tin/") for name in names)
    assert "feed/source/moh.atom" in names and "embed/latest/source/moh.json" in names
    assert "dinh-chinh/index.html" in names
    assert not [name for name in line.holding(article.title) if name.startswith(("feed/", "embed/", "search/"))]
    after = told_in_feeds(line, change.title)
    for form, (id, published, updated) in before.items():
        assert after[form][:2] == (id, published) and after[form][2] > updated, form


def told_in_feeds(line: Line, title: str) -> dict[str, tuple[str, str, str]]:
    """By form: id, time of publication and of the last change that the feeds of everything give the story."""
    files, found = line.files(), {}
    for form in ("rss", "atom"):
        (row,) = [row for row in feedparser.parse(files[f"feed/all.{form}"]).entries if row.title == title]
        found[form] = (row.id, row.published, row.updated)
    (item,) = [item for item in json.loads(files["feed/all.json"])["items"] if item["title"] == title]
    return found | {"json": (item["id"], item["date_published"], item["date_modified"])}


@pytest.mark.parametrize("key", ["skds-nuoc-ion-kiem", "soyte-phong-kham"])
def test_a_withdrawal_reaches_everything_within_three_hours(line: Line, key: str) -> None:
    article = next(one for one in line.world.articles if one.key == key)
    gone_at = article.changes[0].at
    line.now = gone_at - 20 * MINUTE
    line.run()
    page = next(name for name in line.holding(article.title) if name.startswith("tin/"))
    line.now = gone_at
    for _ in range(12):
        line.run(force=False, step=15 * MINUTE)
    assert line.holding(article.title) == []
    tombstone = (line.output / page).read_text(encoding="utf-8")
    assert "gỡ" in tombstone and article.lead not in tombstone


def test_a_source_that_breaks_is_named_and_the_others_go_on(line: Line) -> None:
    event = line.world.events[0]
    line.now = event.at + HOUR
    report = line.run()
    state = report.states["skds"]
    assert (state.health, state.cause) == ("blocked", "blocked")
    assert exit_code(line.config(), report) == 1
    assert {visit.source for visit in report.visits if visit.outcome != "failed"} == {"moh", "soyte-hanoi"}
    status = (line.output / "trang-thai/index.html").read_text(encoding="utf-8")
    assert "Bị trang nguồn chặn" in status
    line.now = event.until + HOUR
    assert exit_code(line.config(), line.run()) == 0


def test_without_a_network_the_last_good_output_stays(line: Line) -> None:
    before, config = line.files(), line.config()
    line.replay.stop()
    report = line.run(config, step=20 * MINUTE)
    assert exit_code(config, report) == 1
    assert [visit.outcome for visit in report.visits] == ["failed"] * 3
    assert {visit.cause for visit in report.visits} == {"unreachable"}
    assert line.files() == before


def test_every_story_says_where_it_comes_from(first: Line) -> None:
    with first.ports() as ports:
        tellings = [telling for _, telling, _ in ports.store.export(None)]
    pages = {name: content.decode() for name, content in first.files().items() if name.startswith("tin/")}
    for telling in tellings:
        url = telling.article.url.replace("&", "&amp;")
        assert any(f'href="{url}"' in page for page in pages.values()), telling.article.url


def test_stories_told_by_several_sources_stand_once(first: Line) -> None:
    with first.ports() as ports:
        stories = Counter(story for story, _, _ in ports.store.export(None))
    told_by_several = [story for story, count in stories.items() if count > 1]
    assert len(told_by_several) >= 15
    lists = json.loads(first.files()["feed/all.json"])["items"]
    assert len({item["id"] for item in lists}) == len(lists)


def test_daily_bulletins_stay_apart(first: Line) -> None:
    with first.ports() as ports:
        bulletins = [
            (story, telling.article.source)
            for story, telling, _ in ports.store.export(None)
            if telling.article.title.startswith(("Bản tin cúm mùa và sởi ngày", "Hà Nội: Tình hình sốt xuất huyết"))
        ]
    assert len(bulletins) >= 10 and len(set(bulletins)) == len(bulletins)


def test_every_feed_can_be_read_and_holds_the_same_stories(first: Line) -> None:
    files = first.files()
    names = [name.removesuffix(".atom") for name in files if name.startswith("feed/") and name.endswith(".atom")]
    assert len(names) > 50
    for name in names:
        atom, rss = feedparser.parse(files[f"{name}.atom"]), feedparser.parse(files[f"{name}.rss"])
        assert not atom.bozo and not rss.bozo, name
        ids = [entry.id for entry in atom.entries]
        assert ids == [entry.id for entry in rss.entries] == [
            item["id"] for item in json.loads(files[f"{name}.json"])["items"]
        ], name  # fmt: skip


def test_the_newspapers_text_is_not_shown_beyond_its_agreement(first: Line) -> None:
    bodies = [
        paragraph
        for article in first.world.articles
        if article.site == "skds" and not article.story
        for paragraph in article.body.split("\n\n")
        if len(paragraph) > 120 and not paragraph.startswith(("#", "-", "|"))
    ]
    assert len(bodies) > 10
    for paragraph in bodies:
        assert first.holding(_nfc(paragraph)[:80]) == [], paragraph


def test_the_campaign_of_august_2020_is_published_as_it_was(tmp_path: Path) -> None:
    with Line(tmp_path, "2020-08") as line:
        report = line.run()
        assert exit_code(line.config(), report) == 0
        gallery = line.files()["nhung/index.html"].decode()
        assert "Bluezone" in gallery and "đã kết thúc" not in gallery
        banner = line.files()["embed/campaign/bluezone/800x81.svg"].decode()
        assert "Bluezone" in banner and "<path" in banner
        directive = line.files()["van-ban/1979-stttt-ttdt/index.html"].decode()
        assert "1979/STTTT-TTĐT" in directive
        landing = line.files()["ung-dung/ha-noi-smart-city/index.html"].decode()
        assert "chưa được xác nhận" in landing and "play.google.com" not in landing


def test_an_ended_campaign_shows_nothing_in_any_embed(first: Line) -> None:
    files = first.files()
    for name, content in files.items():
        if name.startswith("embed/campaign/bluezone/") and name.endswith((".svg", ".html")):
            assert b"Bluezone" not in content.split(b"</title>")[-1], name
    assert "Bluezone" not in files["nhung/index.html"].decode() + files["sitemap.xml"].decode()
    landing = files["ung-dung/bluezone/index.html"].decode()
    assert "Chiến dịch này đã kết thúc ngày 30/09/2021" in landing and "noindex" in landing
    assert "PC-Covid" in landing and "play.google.com" not in landing and "bluezone.gov.vn" not in landing


def test_a_notice_of_correction_and_its_article_point_to_each_other(first: Line, tmp_path: Path) -> None:
    shutil.copytree(first.folder, tmp_path / "line")
    line = Line(tmp_path / "line")
    wrong = next(
        one
        for one in reversed(first.world.articles)
        if one.site == "moh" and not one.changes and not one.story and one.time < first.world.start - 3 * HOUR
    )
    told = "Bản đăng trước ghi chưa đúng số điểm tiếp nhận. Ban biên tập xin lỗi bạn đọc và đã sửa theo văn bản."
    notice = replace(
        wrong, key="moh-dinh-chinh", ref="990777", slug="dinh-chinh", time=first.world.start + 5 * MINUTE,
        title=f"Đính chính: {wrong.title}", lead="Xin lỗi bạn đọc về một con số.", body=told,
    )  # fmt: skip
    line.world = replace(first.world, articles=(*first.world.articles, notice))
    line.replay = Replay(line.world, lambda: line.now)
    with line:
        line.run(step=2 * HOUR)
    pages = {name: text for name, text in line.files().items() if name.startswith("tin/")}
    (of_notice,) = [name for name in pages if "/dinh-chinh-" in name]
    (of_wrong,) = [name for name, text in pages.items() if "Nguồn đã đính chính tin này".encode() in text]
    assert f'Nguồn đã đính chính tin này: <a href="/{of_notice}">' in pages[of_wrong].decode()
    assert f'Đính chính cho: <a href="/{of_wrong}">' in pages[of_notice].decode()
    listed = json.loads(line.files()["feed/corrections.json"])["items"]
    assert {item["url"].partition("/tin/")[2] for item in listed} >= {of_notice[4:], of_wrong[4:]}
