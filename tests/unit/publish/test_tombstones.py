"""What a withdrawal leaves behind: a page without words, an entry by which feed readers drop the story."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import feedparser
from lxml import etree

from aggregator import pipeline
from aggregator.model import Missing, Request
from aggregator.publish import addresses
from tests import make
from tests.fakes import NOON
from tests.unit.test_pipeline import HOUR, MINUTE, Bench, article, site, url

TOMBSTONES = {"at": "http://purl.org/atompub/tombstones/1.0", "a": "http://www.w3.org/2005/Atom"}
TITLE = "Phòng sốt xuất huyết mùa mưa"
SAME = "Sở Y tế khuyến cáo người dân ngủ màn, diệt lăng quăng để phòng sốt xuất huyết trong mùa mưa. " * 5
STANDS = article("a", 1, TITLE, SAME)
GONE = Missing(Request(url("a", 1)), 410, NOON)


def bench_of(folder: Path) -> Bench:
    sources = [make.source(id, pause="0s", embargo="0s", authority=rank) for id, rank in (("a", 90), ("b", 10))]
    told = {**site("a", 1, 2), **site("b", 3), url("a", 1): STANDS}
    bench = Bench(folder, make.config(*sources), told)
    bench.run()
    return bench


def deleted(bench: Bench, feed: str = "all") -> list[str]:
    root = etree.fromstring((bench.output / f"feed/{feed}.atom").read_bytes())
    return [row.get("ref") for row in root.findall("at:deleted-entry", TOMBSTONES)]


def test_a_withdrawal_leaves_a_tombstone_and_an_entry_that_drops_it(
    tmp_path: Path, golden: Callable[[str, bytes], None]
) -> None:
    bench = bench_of(tmp_path)
    pages = {path: path.read_text("utf-8") for path in (bench.output / "tin").rglob("*.html")}
    (path,) = [path for path, told in pages.items() if f"{TITLE}</h1>" in told]
    id = path.stem.rpartition("-")[2]
    bench.fetcher.answers[url("a", 1)] = GONE
    bench.run(2 * HOUR)
    root = etree.fromstring((bench.output / "feed/source/a.atom").read_bytes())
    (row,) = root.findall("at:deleted-entry", TOMBSTONES)
    golden("tombstone/deleted-entry.xml", etree.tostring(row, encoding="utf-8", pretty_print=True))
    assert row.get("ref") == addresses.urn("story", id)
    assert root.findtext("a:updated", namespaces=TOMBSTONES) == row.get("when")
    (main,) = etree.HTML(path.read_text("utf-8")).xpath("//main")
    golden("tombstone/page.txt", " ".join("".join(main.itertext()).split()).encode() + b"\n")
    left = [str(made) for made in bench.output.rglob("*") if made.is_file() and _holds(made)]
    assert left == []


def _holds(path: Path) -> bool:
    told = path.read_bytes().decode("utf-8", "replace")
    return TITLE in told or "diệt lăng quăng" in told


def test_every_atom_feed_it_stood_on_tells_it_and_no_other_form_shows_it(tmp_path: Path) -> None:
    bench = bench_of(tmp_path)
    stood = [path for path in (bench.output / "feed").rglob("*.atom") if f"{TITLE}<" in path.read_text("utf-8")]
    bench.fetcher.answers[url("a", 1)] = GONE
    bench.run(2 * HOUR)
    told = [path for path in stood if path.exists()]
    assert len(told) >= 2 and all("deleted-entry" in path.read_text("utf-8") for path in told)
    for path in told:
        for form in (".rss", ".json"):
            assert TITLE not in path.with_suffix(form).read_text("utf-8")
    assert feedparser.parse(told[0].read_bytes()).bozo == 0
    assert deleted(bench, "source/b") == []


def test_a_story_that_comes_back_is_an_entry_again_and_no_tombstone(tmp_path: Path) -> None:
    bench = bench_of(tmp_path)
    bench.fetcher.answers[url("a", 1)] = GONE
    bench.run(2 * HOUR)
    assert len(deleted(bench)) == 1
    bench.fetcher.answers[url("a", 1)] = STANDS
    bench.run(timedelta(days=1))
    assert deleted(bench) == [] and TITLE in (bench.output / "feed/all.atom").read_text("utf-8")


def test_where_two_told_it_the_other_speaks_and_the_page_says_who_withdrew(tmp_path: Path) -> None:
    bench = bench_of(tmp_path)
    bench.fetcher.answers[url("b", 3)] = article("b", 3, TITLE, SAME)
    bench.run(2 * HOUR)
    bench.fetcher.answers[url("a", 1)] = GONE
    bench.run(2 * HOUR)
    told = [path.read_text("utf-8") for path in (bench.output / "tin").rglob("*.html")]
    (page,) = [page for page in told if "đã gỡ bài của mình về tin này" in page]
    assert "Nguồn a đã gỡ bài" in page and 'href="https://b.example.vn/tin-3.htm"' in page
    assert 'href="https://a.example.vn/tin-1.htm"' not in page and deleted(bench) == []


def test_small_publishes_and_a_full_one_tell_the_same_tombstones(tmp_path: Path) -> None:
    bench = bench_of(tmp_path)
    bench.fetcher.answers[url("a", 1)] = GONE
    bench.run(2 * HOUR)
    bench.run(10 * MINUTE)
    before = {path: path.read_bytes() for path in (bench.output / "feed").rglob("*") if path.is_file()}
    with bench.ports() as ports:
        pipeline.publish(bench.config, ports, full=True)
    assert {path: path.read_bytes() for path in (bench.output / "feed").rglob("*") if path.is_file()} == before
