"""The demo's worlds hold what the demo promises, and their clock works."""

import re
import unicodedata
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from aggregator.demo import world as worlds
from aggregator.demo.world import Change, World, WorldArticle, load, names, shown_at, site_at, slug_of

HOUR = timedelta(hours=1)
LOCAL = timedelta(hours=7)


@cache
def world(name: str) -> World:
    return load(name)


def texts(article: WorldArticle) -> tuple[str, ...]:
    return (article.title, article.lead, article.author, article.body, *article.images)


def all_texts(article: WorldArticle) -> tuple[str, ...]:
    changed = (text for change in article.changes for text in (change.title, change.lead, change.body))
    return (*texts(article), *changed)


def stories(name: str) -> dict[str, list[WorldArticle]]:
    told = defaultdict(list)
    for article in world(name).articles:
        if article.story:
            told[article.story].append(article)
    return told


def changes(name: str, *kinds: str) -> list[Change]:
    return [change for article in world(name).articles for change in article.changes if change.kind in kinds]


@pytest.mark.parametrize("name", names())
def test_every_article_has_every_field(name: str) -> None:
    sections = {site.id: {section.id for section in site.sections} for site in world(name).sites}
    for article in world(name).articles:
        assert article.key and article.ref and article.slug, article.key
        assert article.title and article.lead and article.author and len(article.body) > 200, article.key
        assert article.sections and set(article.sections) <= sections[article.site], article.key
        assert article.time.utcoffset() == LOCAL and article.time.second == 0, article.key
        assert article.expect.topics or article.expect.diseases, article.key


@pytest.mark.parametrize("name", names())
def test_keys_refs_and_addresses_are_unique(name: str) -> None:
    articles = world(name).articles
    for of in ((lambda a: a.key), (lambda a: (a.site, a.ref))):
        assert [value for value, times in Counter(map(of, articles)).items() if times > 1] == []


@pytest.mark.parametrize("name", names())
def test_ids_of_the_vccorp_sites_hold_the_time(name: str) -> None:
    codes = {site.id: worlds.SITE_CODES[site.shape] for site in world(name).sites if site.shape in worlds.SITE_CODES}
    for article in world(name).articles:
        if article.site in codes:
            assert article.ref.startswith(f"{codes[article.site]}{article.time:%y%m%d%H%M}"), article.key


@pytest.mark.parametrize("name", names())
def test_ids_of_the_ministry_rise_with_time(name: str) -> None:
    refs = [int(article.ref) for article in world(name).articles if article.site == "moh"]
    assert refs == sorted(refs)


@pytest.mark.parametrize("name", names())
def test_texts_are_composed_but_for_the_one_that_is_decomposed_on_purpose(name: str) -> None:
    odd = {a.key for a in world(name).articles for text in all_texts(a) if unicodedata.normalize("NFC", text) != text}
    assert odd == ({"skds-tay-chan-mieng-rua-tay"} if name == "default" else set())


@pytest.mark.parametrize("name", names())
def test_texts_hold_no_broken_characters(name: str) -> None:
    wrong = re.compile("[\ufffd\u200b\ufeff\u00a0{}]|\\b(?:TODO|lorem)\\b|  ")
    for article in world(name).articles:
        for text in all_texts(article):
            assert not (found := wrong.search(text)), (article.key, found and text[max(0, found.start() - 20) :][:50])


@pytest.mark.parametrize("name", names())
def test_a_told_story_is_told_by_more_than_one_site_unless_a_change_makes_it(name: str) -> None:
    for story, told in stories(name).items():
        assert len({article.site for article in told}) >= 2, story


@pytest.mark.parametrize("name", names())
def test_changes_are_after_publication_and_can_be_applied(name: str) -> None:
    late = datetime(2030, 1, 1, tzinfo=UTC)
    for article in world(name).articles:
        assert all(change.at > article.time for change in article.changes), article.key
        assert shown_at(article, late).standing in ("live", "gone", "notice", "not-found")


def test_the_default_world_is_large_enough() -> None:
    counts = Counter(article.site for article in world("default").articles)
    assert counts["moh"] >= 26 and counts["skds"] >= 30 and counts["soyte"] >= 20
    assert sum(article.time <= world("default").start for article in world("default").articles) >= 70


def test_fifteen_stories_are_carried_by_several_sites() -> None:
    told = stories("default")
    assert len(told) >= 15
    assert sum(len({article.site for article in members}) == 3 for members in told.values()) >= 4


def test_daily_bulletins_run_six_days_and_share_no_story() -> None:
    for prefix in ("soyte-ban-tin-", "moh-ban-tin-"):
        series = [article for article in world("default").articles if article.key.startswith(prefix)]
        assert len({article.time.date() for article in series}) >= 6
        assert len({article.body for article in series}) == len(series)
        assert not [article.key for article in series if article.duplicate]


def test_nothing_happens_around_the_start() -> None:
    home = world("default")
    quiet = (home.start - HOUR, home.start + 6 * HOUR)
    times = [article.time for article in home.articles]
    times += [change.at for change in changes("default", "correct", "retitle", "gone", "notice", "not-found")]
    times += [event.at for event in home.events]
    assert [time for time in times if quiet[0] <= time <= quiet[1]] == []
    assert not any(event.at <= home.start for event in home.events)
    assert not any(change.at <= home.start for article in home.articles for change in article.changes)


def test_stepping_the_clock_brings_new_articles() -> None:
    home = world("default")
    for days in (1, 2, 3):
        after, before = home.start + timedelta(days=days - 1), home.start + timedelta(days=days)
        assert [article for article in home.articles if after < article.time <= before], days


def test_corrections_withdrawals_and_a_fault_come_later() -> None:
    assert len(changes("default", "correct")) == 2
    assert len(changes("default", "retitle")) == 1
    assert len(changes("default", "gone")) == 1
    assert len(changes("default", "notice")) == 1
    assert [(event.site, event.kind) for event in world("default").events] == [("skds", "challenge")]


def test_a_site_shows_only_what_is_published_newest_first() -> None:
    home = world("default")
    for site in home.sites:
        shown = site_at(home, site.id, home.start)
        times = [article.time for article in shown.listed()]
        assert times == sorted(times, reverse=True)
        assert times and times[0] < home.start
        assert shown.fault is None


def test_a_withdrawn_article_leaves_the_listing_and_is_still_found() -> None:
    home = world("default")
    gone = next(a for a in home.articles for change in a.changes if change.kind == "gone")
    at = gone.changes[0].at
    assert gone.ref in {article.ref for article in site_at(home, gone.site, at - HOUR).listed()}
    assert gone.ref not in {article.ref for article in site_at(home, gone.site, at).listed()}
    found = site_at(home, gone.site, at).find(gone.ref)
    assert found is not None and found.standing == "gone"


def test_a_notice_carries_its_words() -> None:
    article = next(a for a in world("default").articles for change in a.changes if change.kind == "notice")
    assert "gỡ" in shown_at(article, article.changes[-1].at).notice


def test_a_fault_begins_and_ends() -> None:
    home = world("default")
    (event,) = home.events
    steps = (event.at - HOUR, event.at, event.until - HOUR, event.until)
    assert [site_at(home, event.site, step).fault for step in steps] == [None, "challenge", "challenge", None]


def test_an_unknown_world_or_site_is_named_in_the_error() -> None:
    with pytest.raises(ValueError, match="no demo world 'mars'; there are: 2020-08, default"):
        load("mars")
    with pytest.raises(ValueError, match="no site 'who'"):
        site_at(world("default"), "who", world("default").start)


def test_a_liferay_slug_drops_the_letter_d_with_stroke() -> None:
    assert slug_of("Điều cần biết về bệnh dại", keep_d=False) == "ieu-can-biet-ve-benh-dai"
    assert slug_of("Điều cần biết về bệnh dại") == "dieu-can-biet-ve-benh-dai"


def test_the_world_of_august_2020_speaks_of_its_time() -> None:
    told = world("2020-08")
    assert len(told.articles) >= 28
    assert max(article.time for article in told.articles) < told.start
    everything = "\n".join(text for article in told.articles for text in texts(article))
    for words in ("1979/STTTT-TTĐT", "Bluezone", "Hà Nội Smart City", "16/CT-TTg", "từ ngày 01/7"):
        assert words in everything
    assert not re.search(r"\b5K\b|phường/xã mới|2026", everything)
    assert next(site.shape for site in told.sites if site.id == "soyte") == "liferay"
