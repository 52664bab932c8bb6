import json
import re
from dataclasses import replace
from datetime import timedelta

import feedparser
import pytest
from lxml import etree

from aggregator.model import SafeHtml
from aggregator.publish.cycle import publish
from aggregator.publish.status import report
from aggregator.settings import Site
from tests import make, make_site
from tests.fakes_publish import FakeStore, MemoryWriter
from tests.make import NOW

HOSTILE = "<script>alert('x')</script> ]]> \"&quot; & </title> <!-- \x0b \u2028 đ"


def files_of(config, *stories):
    writer = MemoryWriter()
    publish(config, FakeStore(*stories), writer, NOW, status=report(config, {}, NOW))
    return writer.files


def parsed(content):
    found = feedparser.parse(content)
    assert not found.bozo, found.bozo_exception
    return found


@pytest.fixture(scope="module")
def files():
    return files_of(make_site.config(), *make_site.stories())


@pytest.mark.parametrize("shelf", ["all", "topic/tiem-chung", "disease/sot-xuat-huyet", "source/moh", "corrections"])
def test_the_three_forms_of_a_feed_carry_the_same_stories_in_the_same_order(files, shelf):
    rss = [row.id for row in parsed(files[f"feed/{shelf}.rss"]).entries]
    atom = [row.id for row in parsed(files[f"feed/{shelf}.atom"]).entries]
    items = [row["id"] for row in json.loads(files[f"feed/{shelf}.json"])["items"]]
    assert rss == atom == items
    assert len(rss) == len(set(rss)) > 0


def test_a_feed_names_source_time_original_and_tags_of_each_story(files):
    story = make_site.stories()[0]
    first = parsed(files["feed/all.atom"]).entries[0]
    assert first.title == story.speaker.article.title
    assert first.summary == story.speaker.article.lead
    assert first.published[:19] == "2026-10-20T08:00:00"
    assert first.updated[:19] == "2026-10-20T08:50:00"
    assert first.source.title == "Báo Sức khỏe & Đời sống"
    assert {link.rel: link.href for link in first.links}["via"] == story.speaker.article.url
    assert "Sốt xuất huyết" in [tag.label for tag in first.tags]
    same = parsed(files["feed/all.rss"]).entries[0]
    assert same.source.title == "Báo Sức khỏe & Đời sống"
    assert same.published == "Tue, 20 Oct 2026 08:00:00 +0700"
    assert "Đậy kín bể" in same.content[0].value


def test_ids_in_feeds_do_not_depend_on_the_address_of_the_site(files):
    moved = make_site.config()
    moved = moved.model_copy(
        update={"site": moved.site.model_copy(update={"base_url": "https://khac.example.vn/yte/"})}
    )
    elsewhere = files_of(moved, *make_site.stories())
    for form in ("rss", "atom"):
        here, there = parsed(files[f"feed/all.{form}"]), parsed(elsewhere[f"feed/all.{form}"])
        assert [row.id for row in here.entries] == [row.id for row in there.entries]
        assert there.entries[0].link.startswith("https://khac.example.vn/yte/tin/")
    assert here.feed.id == there.feed.id


@pytest.fixture(scope="module")
def corrected():
    """The files of one story before and after its source corrected it five minutes ago."""
    of = make.article()
    revisions = (make.revision(of), make.revision(of, 2, seen_at=NOW - timedelta(minutes=5)))
    return [files_of(make.config(), make.story(make.telling(of, **told))) for told in ({}, {"revisions": revisions})]


def test_updated_moves_with_a_correction_only(corrected):
    first, later = (parsed(files["feed/all.atom"]) for files in corrected)
    assert first.entries[0].updated == first.entries[0].published == first.feed.updated
    assert later.entries[0].updated == later.feed.updated
    assert later.entries[0].updated[:19] == "2026-10-20T09:55:00"
    assert later.entries[0].id == first.entries[0].id


def test_a_corrected_story_keeps_guid_and_time_in_rss_and_says_when_it_was_updated(corrected):
    first, later = (etree.fromstring(files["feed/all.rss"]).find("channel") for files in corrected)
    for path in ("item/guid", "item/pubDate"):
        assert first.findtext(path) == later.findtext(path) != ""
    updated = "item/{http://www.w3.org/2005/Atom}updated"
    assert first.findtext(updated) == "2026-10-20T07:00:00+07:00"
    assert later.findtext(updated) == "2026-10-20T09:55:00+07:00"
    assert first.findtext("lastBuildDate") == first.findtext("item/pubDate") == "Tue, 20 Oct 2026 07:00:00 +0700"
    assert later.findtext("lastBuildDate") == "Tue, 20 Oct 2026 09:55:00 +0700"


def test_a_corrected_story_keeps_id_and_time_in_json_feed_and_says_when_it_was_modified(corrected):
    (first,), (later,) = (json.loads(files["feed/all.json"])["items"] for files in corrected)
    assert (first["id"], first["date_published"]) == (later["id"], later["date_published"])
    assert first["date_modified"] == first["date_published"] == "2026-10-20T07:00:00+07:00"
    assert later["date_modified"] == "2026-10-20T09:55:00+07:00"


def test_the_feed_of_corrections_and_its_page_are_as_reviewed(golden):
    text = "Trẻ uống 10 mg mỗi ki-lô-gam. Cách nhau bốn giờ."
    of = make.article(title="Liều paracetamol cho trẻ", text=text, body=SafeHtml(f"<p>{text}</p>"))
    before = make.revision(of, text="Trẻ uống 100 mg mỗi ki-lô-gam. Hỏi ông Nguyễn Văn Minh Họa.")
    after = make.revision(of, 2, seen_at=NOW - timedelta(minutes=5))
    config = make.config(
        make.source(agreement=make.agreement("full")), site=Site(base_url="https://bantin.example.vn/")
    )
    files = files_of(config, make.story(make.telling(of, revisions=(before, after))))
    for form in ("atom", "rss", "json"):
        golden(f"corrections/corrections.{form}", files[f"feed/corrections.{form}"])
    page = etree.HTML(files["dinh-chinh/index.html"].decode())
    (shown,) = page.xpath("//div[@class='correction']")
    golden("corrections/page.txt", " ".join("".join(shown.itertext()).split()).encode() + b"\n")
    assert not [path for path, made in files.items() if b"Minh H\xe1\xbb\x8da" in made]


def test_a_source_tells_the_story_in_its_own_words_on_its_own_feed(files):
    titles = [row.title for row in parsed(files["feed/source/syt.atom"]).entries]
    assert "Bốn việc phòng sốt xuất huyết tại gia đình" in titles
    assert make_site.stories()[0].speaker.article.title not in titles


def test_content_follows_the_agreement():
    for scope, lead, text in (("link", False, False), ("lead", True, False), ("full", True, True)):
        files = files_of(make.config(make.source(agreement=make.agreement(scope))), make.story())
        for form in ("rss", "atom", "json"):
            content = files[f"feed/all.{form}"].decode()
            assert ("Phần dẫn của tin" in content) is lead
            assert ("Nội dung của tin" in content) is text


def test_hostile_words_stay_words_in_every_output():
    of = make.article(
        title=HOSTILE,
        lead=HOSTILE,
        author=HOSTILE,
        url="https://moh.example.vn/?a=1&b=%22%3E<script>",
        body=SafeHtml("<p>Thân ]]&gt; bài</p>"),
    )
    tags = (make.tag("topic/tiem-chung", HOSTILE, HOSTILE),)
    source = make.source(name=HOSTILE, agreement=make.agreement())
    files = files_of(
        make.config(source, site=Site(name=HOSTILE, description=HOSTILE)), make.story(make.telling(of, tags=tags))
    )
    for path, content in files.items():
        if path.startswith(("assets/", "embed/v")) or path.endswith((".json", ".js", ".png")):
            continue
        assert "<script>alert" not in content.decode(), path
        assert "-->" not in content.decode(), path
    for form in ("rss", "atom"):
        entry = parsed(files[f"feed/all.{form}"]).entries[0]
        assert "]]>" in (entry.title + entry.content[0].value)
    assert json.loads(files["feed/all.json"])["items"][0]["title"] == HOSTILE
    pictures = [path for path in files if path.endswith(".svg")]
    assert pictures
    for path in ("opml.xml", "sitemap.xml", "sitemap/2026-10-20.xml", "feed/all.rss", "feed/all.atom", *pictures):
        etree.fromstring(files[path])


def test_structured_data_cannot_end_its_script_element():
    of = make.article(title="</script><script>alert(1)</script>")
    files = files_of(make.config(), make.story(make.telling(of)))
    page = next(content.decode() for path, content in files.items() if path.startswith("tin/"))
    block = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    data = json.loads(block)
    assert data["headline"] == "</script><script>alert(1)</script>"
    assert data["isBasedOn"] == ["https://moh.example.vn/tin-a00000000001.htm"]


def test_the_opml_names_every_feed_but_those_of_documents(files):
    outlines = {row.get("xmlUrl") for row in etree.fromstring(files["opml.xml"]).iter("outline") if row.get("xmlUrl")}
    feeds = {
        f"https://bantin.example.vn/{path}"
        for path in files
        if path.startswith("feed/") and path.endswith(".rss") and "/document/" not in path
    }
    assert outlines == feeds


def test_the_sitemaps_name_each_story_once(files):
    urls = [
        node.text
        for path in files
        if path.startswith("sitemap/2")
        for node in etree.fromstring(files[path]).iter("{*}loc")
    ]
    assert sorted(urls) == sorted(f"https://bantin.example.vn/{path}" for path in files if path.startswith("tin/"))


def test_a_story_corrected_at_the_source_stands_on_the_corrections_page(files):
    page = files["dinh-chinh/index.html"].decode()
    assert make_site.stories()[0].speaker.article.title in page
    assert "08:50, 20/10/2026" in page
    assert make_site.stories()[1].speaker.article.title not in page


def test_the_speaker_that_took_over_a_story_moves_its_updated():
    early = make.telling(make.article("b00000000001", source="skds"), first_seen=NOW - timedelta(hours=2))
    late = make.telling(make.article("c00000000001"), first_seen=NOW - timedelta(hours=1))
    config = make.config(make.source(), make.source("skds"))
    entry = parsed(files_of(config, replace(make.story(late, early)))["feed/all.atom"]).entries[0]
    assert entry.updated[:19] == "2026-10-20T09:00:00"


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_a_feed_names_a_style_sheet_for_browsers_that_is_there_with_all_that_it_takes_in(files, form):
    named = etree.fromstring(files[f"feed/all.{form}"]).getprevious()
    assert named.target == "xml-stylesheet" and named.get("type") == "text/css"
    style = files[named.get("href").lstrip("/")].decode()
    taken = re.findall(r'@import url\("/([^"]+)"\)', style)
    assert len(taken) == 2 and set(taken) <= set(files)
    assert "https://bantin.example.vn/dang-ky/" in style
