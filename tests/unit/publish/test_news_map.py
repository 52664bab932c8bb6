"""What search engines are told: the news sitemap and the data about a story in its page."""

from datetime import timedelta

from bs4 import BeautifulSoup
from lxml import etree

from aggregator.publish import indexes, news_map
from aggregator.publish.cycle import publish
from aggregator.publish.status import report
from tests import make, make_site
from tests.fakes_publish import FakeStore, MemoryWriter
from tests.make import NOW

HOUR = timedelta(hours=1)
M, N = "{http://www.sitemaps.org/schemas/sitemap/0.9}", "{http://www.google.com/schemas/sitemap-news/0.9}"


def told(number, hours, **fields):
    id = f"s{number:011}"
    return make.story(make.telling(make.article(id, title=f"Tin {number}", published=NOW - hours * HOUR, **fields)))


def published(store, mode="public", now=NOW, writer=None):
    writer, config = writer or MemoryWriter(), make_site.config(mode)
    publish(config, store, writer, now, status=report(config, {}, now))
    return writer


def rows(writer):
    return list(etree.fromstring(writer.files["sitemap/news.xml"]))


def test_the_news_sitemap_has_the_stories_of_two_days_in_google_s_words():
    writer = published(FakeStore(told(1, 2), told(2, 30), told(3, 60), told(4, 3, precision="day")))
    found = rows(writer)
    assert [row.findtext(f"{N}news/{N}title") for row in found] == ["Tin 1", "Tin 4", "Tin 2"]
    first = found[0]
    assert [node.tag for node in first] == [f"{M}loc", f"{N}news"]
    assert [node.tag for node in first.find(f"{N}news")] == [f"{N}publication", f"{N}publication_date", f"{N}title"]
    assert first.findtext(f"{M}loc") == "https://bantin.example.vn/tin/2026/10/tin-1-s00000000001.html"
    name, language = first.find(f"{N}news/{N}publication")
    assert (name.tag, name.text, language.tag, language.text) == (
        f"{N}name",
        "Bản tin y tế chính thức",
        f"{N}language",
        "vi",
    )
    dates = [row.findtext(f"{N}news/{N}publication_date") for row in found]
    assert dates == ["2026-10-20T08:00:00+07:00", "2026-10-20", "2026-10-19T04:00:00+07:00"]


def test_it_forgets_a_story_when_the_day_turns_and_when_it_is_withdrawn():
    store = FakeStore(told(1, 2), told(2, 3))
    writer = published(store)
    assert len(rows(writer)) == 2
    gone = make.story(make.telling(make.article("s00000000002", title="Tin 2"), status="withdrawn"))
    store.put(gone)
    published(store, writer=writer)
    assert len(rows(writer)) == 1
    published(store, now=NOW + 48 * HOUR, writer=writer)
    assert rows(writer) == []


def test_it_holds_no_more_than_google_takes(monkeypatch):
    monkeypatch.setattr(news_map, "MOST", 3)
    assert len(rows(published(FakeStore(*(told(number, 2 + number) for number in range(9)))))) == 3


def test_only_a_public_site_has_one_and_its_robots_txt_names_it():
    public, preview = published(FakeStore(told(1, 2))), published(FakeStore(told(1, 2)), "preview")
    assert b"Sitemap: https://bantin.example.vn/sitemap/news.xml" in public.files["robots.txt"]
    assert "sitemap/news.xml" not in preview.files
    assert b"news.xml" not in preview.files["robots.txt"]


def test_a_story_s_page_describes_it_in_open_graph_and_dublin_core():
    tags = (make.tag("topic/tiem-chung", "Tiêm chủng"), make.tag("place/ha-noi", "Hà Nội"))
    of = make.article("s00000000001", title="Tiêm nhắc lại", author="Ban biên tập")
    writer = published(FakeStore(make.story(make.telling(of, tags=tags))))
    (path,) = [path for path in writer.files if path.startswith("tin/")]
    soup = BeautifulSoup(writer.files[path], "lxml")
    named = {node.get("property") or node.get("name"): node["content"] for node in soup.select("meta[content]")}
    assert named["og:type"] == "article" and named["article:section"] == "Tiêm chủng"
    assert {node["content"] for node in soup.select("meta[property='article:tag']")} == {"Tiêm chủng", "Hà Nội"}
    assert soup.select_one("link[rel='schema.dcterms']")["href"] == "http://purl.org/dc/terms/"
    core = {name.removeprefix("dcterms."): words for name, words in named.items() if name.startswith("dcterms.")}
    assert core == {
        "title": "Tiêm nhắc lại",
        "creator": "Ban biên tập",
        "publisher": "Trung tâm Thông tin y tế (minh hoạ)",
        "issued": "2026-10-20T07:00:00+07:00",
        "modified": "2026-10-20T07:00:00+07:00",
        "language": "vi",
        "source": of.url,
    }


def test_the_sitemap_of_pages_has_the_newest_documents_only(monkeypatch):
    monkeypatch.setattr(indexes, "DOCUMENTS", 2)
    made = [
        make.story(
            make.telling(
                make.article(f"s{number:011}", published=NOW - (2 + number) * HOUR),
                tags=(make.tag(f"document/{number}-byt", f"{number}/BYT"), make.tag(f"topic/muc-{number}", "Mục")),
            )
        )
        for number in range(4)
    ]
    pages = published(FakeStore(*made)).files["sitemap/pages.xml"]
    assert [number for number in range(4) if f"/van-ban/{number}-byt/".encode() in pages] == [0, 1]
    assert [number for number in range(4) if f"/chu-de/muc-{number}/".encode() in pages] == [0, 1, 2, 3]
