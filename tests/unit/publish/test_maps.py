"""The sitemaps of pages are made anew when a page came or went, and not with each story."""

from datetime import timedelta

import pytest

from aggregator.publish import indexes, makers
from aggregator.publish.cycle import publish
from aggregator.publish.status import report
from tests import make
from tests.fakes_publish import FakeStore, MemoryWriter
from tests.make import NOW

MINUTE = timedelta(minutes=1)


def told(id, *tags, hours=2):
    at = NOW - timedelta(hours=hours)
    of = make.article(id, published=at)
    return make.story(make.telling(of, tags=tuple(make.tag(key, key) for key in tags), first_seen=at))


def run(store, writer, now=NOW, **more):
    config = make.config(make.source(agreement=make.agreement()))
    return publish(config, store, writer, now, status=report(config, {}, now), **more)


@pytest.fixture
def out():
    store, writer = FakeStore(told("a00000000001", "topic/tiem-chung")), MemoryWriter()
    run(store, writer)
    return store, writer


def pages_listed(writer):
    return writer.files["sitemap/pages.xml"].decode()


def test_a_story_on_pages_that_stand_makes_no_list_of_addresses_and_takes_none_away(out, monkeypatch):
    store, writer = out

    def asked(_):
        raise AssertionError("no page came or went")

    monkeypatch.setattr(makers, "FOR_ADDRESSES", (asked,))
    store.put(told("b00000000001", "topic/tiem-chung"))
    done = run(store, writer, NOW + MINUTE)
    assert "chu-de/tiem-chung/index.html" in done.written
    assert {"sitemap.xml", "sitemap/pages.xml", "robots.txt"} <= set(writer.files)


def test_a_page_that_comes_or_goes_is_in_the_list_of_addresses_at_once(out):
    store, writer = out
    new = told("b00000000001", "topic/an-toan-thuc-pham")
    store.put(new)
    run(store, writer, NOW + MINUTE)
    assert "/chu-de/an-toan-thuc-pham/" in pages_listed(writer)
    store.put(make.story(make.telling(new.tellings[0].article, status="withdrawn")))
    run(store, writer, NOW + 2 * MINUTE)
    assert "/chu-de/an-toan-thuc-pham/" not in pages_listed(writer)


def test_a_day_that_comes_is_in_the_list_of_sitemaps_at_once(out):
    store, writer = out
    store.put(told("b00000000001", "topic/tiem-chung", hours=80))
    run(store, writer, NOW + MINUTE)
    assert b"sitemap/2026-10-17.xml" in writer.files["sitemap.xml"]


def test_a_story_that_brings_an_old_document_back_lists_it_as_a_full_rebuild_does(monkeypatch):
    monkeypatch.setattr(indexes, "DOCUMENTS", 1)
    store = FakeStore(told("a00000000001", "document/1-qd-byt", hours=9), told("a00000000002", "document/2-qd-byt"))
    writer = MemoryWriter()
    run(store, writer)
    assert "/van-ban/1-qd-byt/" not in pages_listed(writer)
    store.put(told("b00000000001", "document/1-qd-byt", hours=1.5))
    run(store, writer, NOW + MINUTE)
    assert "/van-ban/1-qd-byt/" in pages_listed(writer) and "/van-ban/2-qd-byt/" not in pages_listed(writer)
    small = pages_listed(writer)
    run(store, writer, NOW + MINUTE, full=True)
    assert pages_listed(writer) == small
