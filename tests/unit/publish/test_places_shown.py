"""Places: the tree province → commune, old names that lead on, and what a change makes anew."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup

from aggregator.model import FormerPlace, PlaceWithin
from aggregator.publish.cycle import publish
from aggregator.publish.status import report
from tests import make
from tests.fakes_publish import FakeStore, MemoryWriter
from tests.make import NOW

MINUTE = timedelta(minutes=1)
HANOI = ("ha-noi", "Hà Nội")
COMMUNE = replace(make.tag("place/phuong-tu-liem", "phường Từ Liêm"), detail=PlaceWithin((HANOI,)))
OTHER = replace(make.tag("place/xa-hat-mon", "xã Hát Môn"), detail=PlaceWithin((HANOI,)))
DISTRICT = replace(
    make.tag("place/quan-nam-tu-liem", "quận Nam Từ Liêm"),
    detail=FormerPlace(date(2025, 6, 30), (("phuong-tu-liem", "phường Từ Liêm"),), (HANOI,)),
)
PROVINCE, FAR = make.tag("place/ha-noi", "Hà Nội"), make.tag("place/ca-mau", "Cà Mau")


def told(id, *tags):
    return make.story(make.telling(make.article(id, title=f"Tin {id}"), tags=tags))


def published(store, writer=None, now=NOW):
    writer, config = writer or MemoryWriter(), make.config()
    publish(config, store, writer, now, status=report(config, {}, now))
    return writer


def page(writer, path):
    return BeautifulSoup(writer.files[path], "lxml")


def rows(soup, selector):
    return [(link.span.get_text(), link["href"]) for link in soup.select(selector)]


def test_a_province_shows_the_news_of_its_communes_and_leads_to_them():
    writer = published(FakeStore(told("a1", COMMUNE), told("a2", OTHER), told("a3", PROVINCE)))
    province = page(writer, "noi/ha-noi/index.html")
    assert {link.get_text() for link in province.select(".card-title a")} == {"Tin a1", "Tin a2", "Tin a3"}
    inside = [("phường Từ Liêm", "/noi/phuong-tu-liem/"), ("xã Hát Môn", "/noi/xa-hat-mon/")]
    assert rows(province, ".aside a")[:2] == inside
    assert b"Tin a1" in writer.files["feed/place/ha-noi.atom"]
    commune = page(writer, "noi/phuong-tu-liem/index.html")
    assert [link.get_text() for link in commune.select(".card-title a")] == ["Tin a1"]


@pytest.mark.parametrize("path", ["noi/phuong-tu-liem/index.html", "noi/phuong-tu-liem/2026-10/index.html"])
def test_a_commune_s_breadcrumbs_lead_over_its_province(path):
    crumbs = page(published(FakeStore(told("a1", COMMUNE))), path).select(".crumbs a")
    assert [link["href"] for link in crumbs][:3] == ["/", "/noi/", "/noi/ha-noi/"]


def test_the_page_of_places_is_a_tree_with_old_names_apart():
    writer = published(FakeStore(told("a1", COMMUNE), told("a2", DISTRICT), told("a3", FAR), told("a4", OTHER)))
    soup = page(writer, "noi/index.html")
    tree = {row.a.span.get_text(): row for row in soup.select("#dia-phuong > li")}
    assert list(tree) == ["Hà Nội", "Cà Mau"]
    assert [link["href"] for link in tree["Hà Nội"].select(".chips a")] == ["/noi/phuong-tu-liem/", "/noi/xa-hat-mon/"]
    old = soup.select_one("#ten-cu").find_parent("section")
    assert rows(old, ".rows > li > a") == [("quận Nam Từ Liêm", "/noi/quan-nam-tu-liem/")]
    assert old.select_one("p a")["href"] == "/noi/phuong-tu-liem/"
    assert "nam tu liem" in tree["Hà Nội"]["data-names"]
    assert "hat mon" in tree["Hà Nội"]["data-names"]


def test_an_old_unit_leads_to_who_holds_its_area_and_stands_in_no_tree():
    writer = published(FakeStore(told("a1", COMMUNE), told("a2", DISTRICT)))
    old = page(writer, "noi/quan-nam-tu-liem/index.html")
    assert "Địa bàn nay thuộc: phường Từ Liêm" in old.get_text(" ", strip=True)
    assert old.select_one(".page-about a")["href"] == "/noi/phuong-tu-liem/"
    assert "/noi/quan-nam-tu-liem/" not in [href for _, href in rows(page(writer, "noi/ha-noi/index.html"), ".aside a")]


def test_the_pages_of_places_name_each_other_whichever_came_first_and_no_longer_than_they_stand():
    stories = [told("a1", COMMUNE), told("a2", DISTRICT), told("a3", PROVINCE)]
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0]):
        store, writer = FakeStore(), None
        for minute, number in enumerate(order):
            store.put(stories[number])
            writer = published(store, writer, NOW + minute * MINUTE)
        whole = published(FakeStore(*stories))
        for path in ("noi/ha-noi/index.html", "noi/phuong-tu-liem/index.html", "noi/quan-nam-tu-liem/index.html"):
            assert writer.files[path] == whole.files[path], (order, path)
        store.put(make.story(make.telling(make.article("a1", title="Tin a1"), status="withdrawn")))
        published(store, writer, NOW + 9 * MINUTE)
        assert "noi/phuong-tu-liem/index.html" not in writer.files
        assert b"/noi/phuong-tu-liem/" not in writer.files["noi/ha-noi/index.html"]
        assert b"/noi/phuong-tu-liem/" not in writer.files["noi/quan-nam-tu-liem/index.html"]


def test_news_of_a_place_makes_no_page_of_another_commune_anew():
    store = FakeStore(told("a1", COMMUNE), told("a2", OTHER), told("a3", DISTRICT))
    writer = published(store)
    store.put(told("a4", COMMUNE))
    config, now = make.config(), NOW + MINUTE
    done = publish(config, store, writer, now, status=report(config, {}, now))
    pages = {path for path in done.written if path.startswith("noi/")}
    months = {f"noi/{place}/2026-10/index.html" for place in ("ha-noi", "phuong-tu-liem")}
    assert pages == {"noi/index.html", "noi/ha-noi/index.html", "noi/phuong-tu-liem/index.html"} | months
