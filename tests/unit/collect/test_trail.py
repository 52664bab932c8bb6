"""`auto` and indexes of sitemaps: what is asked next, what is chosen, and what is asked the next time."""

from dataclasses import replace

import pytest

from aggregator.collect import visit
from aggregator.errors import SourceError
from aggregator.model import SourceState
from tests import fakes
from tests import make_reading as make

HOME = "https://tin.example.vn/"
SECTION = "https://tin.example.vn/muc"
ITEM = "<item><title>{}</title><link>https://tin.example.vn/{}</link></item>"
RSS = '<rss version="2.0"><channel>' + ITEM.format("Một", "mot") + "</channel></rss>"
COMMENTS = '<link rel=alternate type="application/rss+xml" href="/comments/feed/">'
ANNOUNCING = COMMENTS + '<link rel=alternate type="application/rss+xml" href="/muc.rss">'
ELSEWHERE = '<link rel=alternate type="application/rss+xml" href="https://feeds.example.org/muc.rss">'
LISTING = '<a href="/tin/bo-y-te-tra-loi-cu-tri">Bộ Y tế trả lời cử tri</a>'
VCCORP = '<div class="box-category-item"><a data-type="title" href="/a-169261012083015123.htm">Tin y tế</a></div>'
URLSET = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
PLACE = "<url><loc>https://tin.example.vn/{}</loc><lastmod>2026-10-{:02}</lastmod></url>"
NEWS = "<url><loc>https://tin.example.vn/{0}</loc><news><title>{0}</title></news></url>"
INDEX = "<sitemapindex>{}</sitemapindex>"
CHILD = "<sitemap><loc>https://tin.example.vn/{}.xml</loc><lastmod>2026-{:02}-01</lastmod></sitemap>"
PATHS = ["rss", "feed/", "rss.xml", "rss/home.rss"]


class Site:
    """A source over prepared answers, visited again and again with the state that the visit before left."""

    def __init__(self, kind: str, answers: dict[str, str], url: str = SECTION) -> None:
        self.source = make.source(kind, HOME, sections=(make.section(url),))
        pages = {at: fakes.page(at, body, etag=f'"{hash(body)}"') for at, body in answers.items()}
        self.fetcher = fakes.FakeFetcher(pages)
        self.state = SourceState(self.source.id)

    def visit(self) -> visit.Listed:
        self.fetcher.requests.clear()
        listed = visit.listings(self.source, self.state, self.fetcher)
        chosen = {**self.state.chosen, **listed.chosen}
        self.state = replace(self.state, validators={**self.state.validators, **listed.validators}, chosen=chosen)
        return listed


def urls(listed: visit.Listed) -> list[str]:
    return [lead.url.removeprefix(HOME) for lead in listed.leads]


def test_a_feed_that_the_page_announces_is_read() -> None:
    site = Site("auto", {SECTION: ANNOUNCING + LISTING, HOME + "muc.rss": RSS})
    listed = site.visit()
    assert urls(listed) == ["mot"]
    assert site.fetcher.urls == [SECTION, HOME + "muc.rss"]
    assert listed.chosen == {SECTION: HOME + "muc.rss"}


def test_the_next_visit_begins_where_the_choice_fell_and_is_told_unchanged() -> None:
    site = Site("auto", {SECTION: ANNOUNCING, HOME + "muc.rss": RSS})
    site.visit()
    assert urls(site.visit()) == []
    assert site.fetcher.urls == [HOME + "muc.rss"]


def test_a_choice_that_fails_is_made_again() -> None:
    site = Site("auto", {SECTION: ANNOUNCING + LISTING, HOME + "muc.rss": RSS})
    site.visit()
    site.fetcher.answers[HOME + "muc.rss"] = fakes.page(HOME + "muc.rss", "<html>Không tìm thấy</html>")
    listed = site.visit()
    assert urls(listed) == ["tin/bo-y-te-tra-loi-cu-tri"]
    assert listed.chosen == {SECTION: SECTION}
    assert listed.problem is None


def test_a_feed_on_another_host_is_not_asked_for() -> None:
    site = Site("auto", {SECTION: ELSEWHERE + VCCORP})
    site.visit()
    assert site.fetcher.urls == [SECTION]


def test_a_known_family_is_read_without_trying_paths() -> None:
    site = Site("auto", {SECTION: VCCORP})
    listed = site.visit()
    assert [lead.ref for lead in listed.leads] == ["169261012083015123"]
    assert site.fetcher.urls == [SECTION]


def test_a_feed_at_a_known_path_is_found() -> None:
    site = Site("auto", {SECTION: LISTING, HOME + "rss.xml": RSS})
    assert urls(site.visit()) == ["mot"]
    assert site.fetcher.urls == [SECTION, HOME + "rss", HOME + "feed/", HOME + "rss.xml"]


def test_a_home_page_at_a_known_path_is_not_taken_for_the_section() -> None:
    site = Site("auto", {SECTION: LISTING, HOME + "rss": VCCORP})
    assert urls(site.visit()) == ["tin/bo-y-te-tra-loi-cu-tri"]


def test_a_news_sitemap_goes_before_a_listing_and_a_plain_one_behind_dated_ones() -> None:
    news = Site("auto", {SECTION: LISTING, HOME + "sitemap.xml": URLSET.format(NEWS.format("n"))})
    assert urls(news.visit()) == ["n"]
    dated = f'<div>{LISTING}<time datetime="2026-10-12T09:00">12/10</time></div>'
    plain = Site("auto", {SECTION: dated, HOME + "sitemap.xml": URLSET.format(PLACE.format("p", 1))})
    assert urls(plain.visit()) == ["tin/bo-y-te-tra-loi-cu-tri"]


def test_trying_is_bounded_and_a_listing_that_was_chosen_costs_one_request_from_then_on() -> None:
    site = Site("auto", {SECTION: LISTING})
    site.visit()
    assert len(site.fetcher.urls) <= 10
    site.visit()
    assert site.fetcher.urls == [SECTION]


def test_a_page_that_no_reader_reads_keeps_its_own_cause() -> None:
    site = Site("auto", {SECTION: '<form><input type="password"></form>'})
    listed = site.visit()
    assert listed.problem is not None and listed.problem.cause == "login"


def test_a_host_that_falls_silent_while_trying_is_told_as_such() -> None:
    site = Site("auto", {SECTION: LISTING})
    site.fetcher.answers[HOME + "rss"] = SourceError("timeout", "too slow", HOME)
    listed = site.visit()
    assert listed.problem is not None and listed.problem.cause == "timeout"
    assert len(site.fetcher.urls) == 2


@pytest.mark.parametrize("kind", ["sitemap", "auto"])
def test_the_newest_two_sitemaps_of_an_index_are_read(kind: str) -> None:
    index = INDEX.format(CHILD.format("post-1", 8) + CHILD.format("post-2", 9) + CHILD.format("post-3", 10))
    answers = {HOME + "sitemap.xml": index}
    answers |= {f"{HOME}post-{n}.xml": URLSET.format(PLACE.format(f"tin-{n}", n)) for n in (1, 2, 3)}
    site = Site(kind, answers, HOME + "sitemap.xml")
    assert urls(site.visit()) == ["tin-3", "tin-2"]
    assert urls(site.visit()) == []
    assert site.fetcher.urls == [HOME + "sitemap.xml"]


def test_one_sitemap_that_cannot_be_read_is_named_and_the_other_is_read() -> None:
    index = INDEX.format(CHILD.format("post-1", 8) + CHILD.format("post-2", 9))
    answers = {HOME + "sitemap.xml": index, HOME + "post-1.xml": URLSET.format(PLACE.format("tin-1", 1))}
    listed = Site("sitemap", answers, HOME + "sitemap.xml").visit()
    assert urls(listed) == ["tin-1"]
    assert [skip.url for skip in listed.skips] == [HOME + "post-2.xml"]


def test_an_index_that_leads_in_a_circle_ends() -> None:
    index = INDEX.format(CHILD.format("sitemap", 8) + CHILD.format("other", 9))
    site = Site("sitemap", {HOME + "sitemap.xml": index, HOME + "other.xml": index}, HOME + "sitemap.xml")
    assert site.visit().problem is not None
    assert len(site.fetcher.urls) == 2


ROBOTS = "User-agent: *\nSitemap: https://tin.example.vn/tin-moi.xml\nsitemap: /cu.xml\nSitemap: https://ngoai.example.org/a.xml\n"


def test_the_sitemaps_that_robots_txt_names_are_tried_before_the_usual_paths() -> None:
    urlset = URLSET.format(NEWS.format("mot") + NEWS.format("hai"))
    site = Site("auto", {SECTION: LISTING, HOME + "robots.txt": ROBOTS, HOME + "tin-moi.xml": urlset})
    listed = site.visit()
    assert set(urls(listed)) == {"mot", "hai"}
    assert site.fetcher.urls == [SECTION, *(HOME + path for path in PATHS), HOME + "robots.txt", HOME + "tin-moi.xml"]
    assert listed.chosen == {SECTION: HOME + "tin-moi.xml"}
    site.visit()
    assert site.fetcher.urls == [HOME + "tin-moi.xml"]


def test_robots_txt_leads_to_no_sitemap_of_another_host() -> None:
    site = Site("auto", {SECTION: LISTING, HOME + "robots.txt": ROBOTS})
    assert urls(site.visit()) == ["tin/bo-y-te-tra-loi-cu-tri"]
    assert not [url for url in site.fetcher.urls if not url.startswith(HOME)]
    assert len(site.fetcher.urls) <= 10
