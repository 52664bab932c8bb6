"""What the specifications ask of feeds, and what the W3C's validator warns of: held for every feed of a site."""

import itertools
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from lxml import etree

from aggregator.model import Dropped
from aggregator.publish.addresses import uri
from aggregator.publish.cycle import publish
from aggregator.publish.status import report
from aggregator.settings import Site
from tests import make, make_site
from tests.fakes_publish import FakeStore, MemoryWriter
from tests.make import NOW

BASE = "https://bantin.example.vn/"
A = "{http://www.w3.org/2005/Atom}"
URI = re.compile(r"[a-z][a-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")  # RFC 3986, appendix A
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")  # §5.6
RFC822 = re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")  # §5, with the four digits of RSS 2.0
ODD = ("https://moh.example.vn/tin tức/bài [1]|a.htm?q=<đông anh>&r=50%25#phần", "https://moh.example.vn/a?b=1&c=2")


def odd_stories():
    """Addresses as portals write them, many times of one second, a story without a lead."""
    for number, url in enumerate(ODD * 4):
        of = make.article(f"o{number:011}", url=url, lead="" if number else "Phần dẫn", precision="day")
        tags = (make.tag("topic/tiem-chung", "Tiêm chủng"), make.tag("place/ha-noi", "Hà Nội"))
        yield make.story(make.telling(replace(of, published=NOW - timedelta(hours=5)), tags=tags))


def feeds_of(store, config=None):
    writer, config = MemoryWriter(), config or make_site.config()
    publish(config, store, writer, NOW, status=report(config, {}, NOW))
    return {path: content for path, content in writer.files.items() if path.startswith("feed/")}


@pytest.fixture(scope="module")
def feeds():
    store = FakeStore(*make_site.stories(), *odd_stories())
    store.left = {"all": (Dropped("n00000000099", "moh", "withdrawn", NOW),)}
    return feeds_of(store) | {f"empty/{path}": content for path, content in feeds_of(FakeStore()).items()}


def of(feeds, form):
    found = {path: content for path, content in feeds.items() if path.endswith(form)}
    assert len(found) > 20
    return found.items()


def test_every_feed_names_its_own_address(feeds):
    """RFC 4287 §4.2.7.2; the RSS Best Practices Profile asks for atom:link rel="self" too."""
    for path, content in [*of(feeds, ".rss"), *of(feeds, ".atom")]:
        (own,) = [link.get("href") for link in etree.fromstring(content).iter(f"{A}link") if link.get("rel") == "self"]
        assert own == BASE + path.removeprefix("empty/")
    for path, content in of(feeds, ".json"):
        assert json.loads(content)["feed_url"] == BASE + path.removeprefix("empty/")


def test_every_address_in_a_feed_is_a_uri(feeds):
    """RFC 3986: no space, no quote, no bracket, no letter with marks; atom:link's href is an IRI reference at most."""
    for path, content in [*of(feeds, ".rss"), *of(feeds, ".atom")]:
        tree = etree.fromstring(content)
        found = [node.get(name) for node in tree.iter() for name in ("href", "url", "domain") if node.get(name)]
        found += [node.text for node in tree.iter("link") if node.text]
        assert [address for address in found if not URI.fullmatch(address)] == [], path
    for path, content in of(feeds, ".json"):
        data = json.loads(content)
        found = [row[name] for row in data["items"] for name in ("url", "external_url")]
        assert [address for address in [*found, data["home_page_url"]] if not URI.fullmatch(address)] == [], path


@pytest.mark.parametrize(
    ("address", "made"),
    [
        ("https://a.vn/x?a=1&b=%22%3E", "https://a.vn/x?a=1&b=%22%3E"),
        ("https://a.vn/tin tức/1.htm", "https://a.vn/tin%20t%E1%BB%A9c/1.htm"),
        ("https://a.vn/[1]?q=<x>|y#z w", "https://a.vn/%5B1%5D?q=%3Cx%3E%7Cy#z%20w"),
        ("https://a.vn/?u=https://b.vn/?c", "https://a.vn/?u=https://b.vn/?c"),
        ("https://[x/y", "https://%5Bx/y"),
    ],
)
def test_an_address_keeps_what_may_stand_and_its_escapes(address, made):
    assert uri(address) == made
    assert uri(made) == made


def test_every_atom_feed_has_what_rfc_4287_asks(feeds):
    """§4.1.1, §4.1.2: one id, title, updated; an author; an alternate link where there is no content; ids once."""
    for path, content in of(feeds, ".atom"):
        tree = etree.fromstring(content)
        for row in (tree, *tree.iter(f"{A}entry")):
            for name in ("id", "title", "updated"):
                assert len(row.findall(f"{A}{name}")) == 1, (path, name)
            assert row.find(f"{A}author/{A}name").text, path
            assert [link for link in row.findall(f"{A}link") if link.get("rel") == "alternate"], path
            assert row.tag != f"{A}entry" or row.findtext(f"{A}summary"), path  # §4.1.1.1
        ids = [entry.find(f"{A}id").text for entry in tree.iter(f"{A}entry")]
        assert len(ids) == len(set(ids)), path
        assert all(URI.fullmatch(id) for id in ids), path


def test_no_two_entries_of_an_atom_feed_were_updated_in_one_moment(feeds):
    """The validator's DuplicateUpdated: RFC 4287 §4.2.15 says nothing of ties, but readers sort by it."""
    for path, content in of(feeds, ".atom"):
        tree = etree.fromstring(content)
        times = [entry.find(f"{A}updated").text for entry in tree.iter(f"{A}entry")]
        assert len(times) == len(set(times)), path
        assert max([tree.find(f"{A}updated").text, *times]) == tree.find(f"{A}updated").text, path


def test_updated_is_the_same_in_every_feed_and_not_before_published(feeds):
    seen = {}
    for _, content in of(feeds, ".atom"):
        for entry in etree.fromstring(content).iter(f"{A}entry"):
            speaker = entry.find(f"{A}source/{A}id").text
            updated = datetime.fromisoformat(entry.find(f"{A}updated").text)
            assert seen.setdefault((entry.find(f"{A}id").text, speaker), updated) == updated
            assert updated >= datetime.fromisoformat(entry.find(f"{A}published").text)


def test_times_have_the_form_and_the_age_that_readers_believe(feeds):
    """RFC 3339 and RFC 822; the validator's ImplausibleDate: nothing of 1970, nothing of the future."""
    plausible = datetime(2000, 1, 1, tzinfo=UTC), NOW
    for path, content in of(feeds, ".atom"):
        for node in etree.fromstring(content).iter(f"{A}updated", f"{A}published"):
            assert RFC3339.fullmatch(node.text), path
            assert plausible[0] < datetime.fromisoformat(node.text) <= plausible[1], path
    for path, content in of(feeds, ".rss"):
        for node in etree.fromstring(content).iter("pubDate", "lastBuildDate"):
            assert RFC822.fullmatch(node.text), path
            assert plausible[0] < parsedate_to_datetime(node.text) <= plausible[1], path
        empty = not list(etree.fromstring(content).iter("item", "{*}deleted-entry"))
        assert not (empty and list(etree.fromstring(content).iter("lastBuildDate"))), path


def test_every_rss_feed_has_what_rss_2_asks(feeds):
    """RSS 2.0: title, link, description of the channel; a description of each item, before its content."""
    for path, content in of(feeds, ".rss"):
        channel = etree.fromstring(content).find("channel")
        assert all(channel.findtext(name) for name in ("title", "link", "description")), path
        for item in channel.iter("item"):
            names = [etree.QName(node).localname for node in item]
            assert {"title", "link", "guid", "pubDate", "description", "source", "category"} >= set(names) - {
                "link", "updated", "creator", "encoded"
            }, path  # fmt: skip
            assert names.count("description") == 1 and item.findtext("description"), path
            assert "encoded" not in names or names.index("description") < names.index("encoded"), path
            assert item.find("guid").get("isPermaLink") == "false" and item.find("source").get("url"), path


def test_every_json_feed_has_what_version_1_1_asks(feeds):
    """jsonfeed.org/version/1.1: version, title; of an item an id that is a string, and a text or HTML content."""
    for path, content in of(feeds, ".json"):
        data = json.loads(content)
        assert (data["version"], bool(data["title"])) == ("https://jsonfeed.org/version/1.1", True), path
        for row in data["items"]:
            assert isinstance(row["id"], str) and ("content_html" in row) != ("content_text" in row), path
            assert row.get("content_html") or row.get("content_text"), path
            assert all(RFC3339.fullmatch(row[name]) for name in ("date_published", "date_modified")), path


def test_a_story_is_the_same_in_every_feed_that_has_it(feeds):
    """Entries are made once and copied: what stands in one feed stands in another byte for byte."""
    seen = {}
    for path, content in [*of(feeds, ".atom"), *of(feeds, ".rss")]:
        for row in etree.fromstring(content).iter(f"{A}entry", "item"):
            key = (row.tag, row.findtext(f"{A}id") or row.findtext("guid"), row.findtext("{*}source") or "")
            key += (row.findtext(f"{A}source/{A}id") or "",)
            told = etree.tostring(row, method="c14n", exclusive=True, with_tail=False)
            assert seen.setdefault(key, told) == told, path
    assert len(seen) > 20


def test_a_demo_in_another_year_has_no_feed_of_the_future():
    early = datetime(2020, 8, 10, tzinfo=UTC)
    writer, config = MemoryWriter(), make.config(site=Site(base_url=BASE))
    publish(config, FakeStore(), writer, early, status=report(config, {}, early))
    updated = etree.fromstring(writer.files["feed/all.atom"]).findtext(f"{A}updated")
    assert datetime.fromisoformat(updated) < early


def test_every_pair_of_forms_tells_the_same_titles(feeds):
    shelves = {path.rpartition(".")[0] for path in feeds}
    for shelf, (one, other) in itertools.product(sorted(shelves), [(".atom", ".rss")]):
        atom = [row.findtext(f"{A}title") for row in etree.fromstring(feeds[shelf + one]).iter(f"{A}entry")]
        rss = [row.findtext("title") for row in etree.fromstring(feeds[shelf + other]).iter("item")]
        assert atom == rss == [row["title"] for row in json.loads(feeds[f"{shelf}.json"])["items"]], shelf
