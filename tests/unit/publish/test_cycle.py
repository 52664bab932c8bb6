import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from lxml import etree

from aggregator.errors import PublishError
from aggregator.model import Edit, Evidence, FormerPlace, Notice, Ordered, TagMatch
from aggregator.publish.cycle import publish
from aggregator.publish.status import report
from aggregator.settings import Campaign, Site
from tests import make, make_site
from tests.fakes_publish import FakeStore, Killed, MemoryWriter
from tests.make import NOW

ALWAYS = {"trang-thai/index.html", "heartbeat.json"}
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def run(config, store, writer, now=NOW, **more):
    return publish(config, store, writer, now, status=report(config, {}, now), **more)


def steady(files):
    return {path: content for path, content in files.items() if path not in ALWAYS}


def text_of(files):
    return "\n".join(content.decode() for path, content in files.items() if not path.endswith(".png"))


@pytest.fixture
def site():
    config, store, writer = make_site.config(), FakeStore(*make_site.stories()), MemoryWriter()
    run(config, store, writer)
    return config, store, writer


def a_new_story(id="z00000000001", **fields):
    tags = (make.tag("topic/tiem-chung", "Tiêm chủng"),)
    return make.story(make.telling(make.article(id, title="Tin vừa đến", **fields), tags=tags))


def test_an_idle_run_writes_the_status_page_and_the_heartbeat_only(site):
    config, store, writer = site
    before, reads = dict(writer.files), store.reads
    done = run(config, store, writer, NOW + MINUTE)
    assert set(done.written) == ALWAYS
    assert (done.removed, done.stories, store.reads) == ((), 0, reads)
    assert steady(writer.files) == steady(before)


def test_one_new_story_rewrites_only_what_shows_it(site):
    config, store, writer = site
    before = dict(writer.files)
    store.put(a_new_story())
    done = run(config, store, writer, NOW + MINUTE)
    changed = {path for path in writer.files if writer.files[path] != before.get(path)}
    assert changed == set(done.written)
    pages = {path for path in changed if path.endswith(".html") and not path.startswith(("embed/", "nhung/"))} - ALWAYS
    assert pages == {
        "tin/2026/10/tin-vua-den-z00000000001.html",
        "index.html",
        "ngay/index.html",
        "ngay/2026-10-20/index.html",
        "tuan/2026-W43/index.html",
        "luu-tru/index.html",
        "luu-tru/2026-10/index.html",
        "chu-de/index.html",
        "chu-de/tiem-chung/index.html",
        "chu-de/tiem-chung/2026-10/index.html",
        "nguon/index.html",
        "nguon/moh/index.html",
        "nguon/moh/2026-10/index.html",
    }
    feeds = {path.rpartition(".")[0] for path in changed if path.startswith("feed/")}
    assert feeds == {"feed/all", "feed/topic/tiem-chung", "feed/source/moh"}


def with_notices():
    """The small site, notices in force, over and without end among its stories, and a place by its former name."""
    notices = [
        a_notice(f"k0000000000{number}", until, published=NOW - (number + 2) * HOUR)
        for number, until in enumerate((None, NOW + DAY, NOW - MINUTE))
    ]
    return (*make_site.stories(), *notices)


def a_notice(id, until, **fields):
    lead = "Bộ Y tế thông báo. Người dân ở nhà và gọi 115."
    order = Ordered("isolate", Evidence("lead", 19, 28, "Người dân"))
    urgent = TagMatch("urgent", "khan", "Thông báo khẩn", (), "v1", Notice((order,), until=until))
    former = FormerPlace(date(2025, 6, 30), (("khanh-hoa", "Khánh Hòa"), ("ha-noi", "Hà Nội")))
    places = (make.tag("place/ha-noi", "Hà Nội"), replace(make.tag(f"place/cu-{id}", f"Cũ {id}"), detail=former))
    return make.story(make.telling(make.article(id, lead=lead, **fields), tags=(urgent, *places)))


def test_many_small_publishes_and_one_full_give_the_same_bytes():
    config = make_site.config()
    small, small_writer = FakeStore(), MemoryWriter()
    for story in reversed(with_notices()):
        small.put(story)
        run(config, small, small_writer)
    whole, whole_writer = FakeStore(*with_notices()), MemoryWriter()
    run(config, whole, whole_writer, full=True)
    assert steady(small_writer.files) == steady(whole_writer.files)
    assert {f"khan/k0000000000{number}/to-giay/index.html" for number in range(3)} <= set(whole_writer.files)
    run(config, small, small_writer, NOW + HOUR, full=True)
    assert steady(small_writer.files) == steady(whole_writer.files)


def test_a_full_rebuild_rewrites_nothing_that_is_right_and_removes_what_it_did_not_make(site):
    config, store, writer = site
    store.published({"cu/trang.html": "x", "luu-tru/1999-01/index.html": "y"}, (), (), {})
    done = run(config, store, writer, NOW + MINUTE, full=True)
    assert set(done.written) == ALWAYS
    assert set(done.removed) == {"cu/trang.html", "luu-tru/1999-01/index.html"}


def test_a_file_that_vanished_from_the_output_comes_back_with_a_full_rebuild(site):
    config, store, writer = site
    content = writer.files.pop("index.html")
    done = run(config, store, writer, NOW + MINUTE, full=True)
    assert "index.html" in done.written
    assert writer.files["index.html"] == content


def test_pages_are_written_before_what_points_to_them(site):
    config, store, writer = site
    writer.log.clear()
    store.put(a_new_story())
    run(config, store, writer, NOW + MINUTE)
    order = [path for _, path in writer.log]
    story = order.index("tin/2026/10/tin-vua-den-z00000000001.html")
    segment = next(path for path in order if path.startswith("search/2026-"))
    for later in ("chu-de/tiem-chung/index.html", "feed/all.atom", segment, "search/index.json", "index.html"):
        assert story < order.index(later)


def test_listings_are_removed_before_story_pages_in_a_full_rebuild(site):
    config, store, writer = site
    story = store.kept.pop("n00000000003")
    store.placed.pop(story.id)
    store.published({"benh/la/index.html": "x"}, (), (), {})
    done = run(config, store, writer, NOW + MINUTE, full=True)
    assert done.removed[0] == "benh/la/index.html"
    assert done.removed[-1].startswith("tin/")


def gone(story, status="withdrawn"):
    return replace(
        story,
        tellings=tuple(replace(one, status=status, withdrawn_at=NOW) for one in story.tellings),
    )


def test_a_withdrawn_story_leaves_every_listing_and_keeps_its_address_without_its_words(site):
    config, store, writer = site
    story = make_site.stories()[0]
    path = store.paths[story.id]
    assert store.paths[story.id] in writer.files
    store.put(gone(story))
    run(config, store, writer, NOW + MINUTE)
    title = story.speaker.article.title.encode()
    assert [other for other, content in writer.files.items() if title in content] == []
    tombstone = writer.files[path].decode()
    assert "Báo Sức khỏe &amp; Đời sống đã gỡ bài này" in tombstone
    assert "10:00, 20/10/2026" in tombstone
    assert story.speaker.article.lead not in tombstone
    assert [other for other, content in writer.files.items() if f"/{path}".encode() in content and other != path] == []


def test_a_story_that_an_editor_hid_says_who_took_it_away(site):
    config, store, writer = site
    story = make_site.stories()[3]
    hide = Edit(1, story.id, "hide", "", "editor", "why", NOW)
    store.put(replace(story, tellings=(replace(story.speaker, edits=(hide,)),)))
    run(config, store, writer, NOW + MINUTE)
    (told,) = etree.HTML(writer.files[store.paths[story.id]].decode()).xpath("//ul[@class='gone']/li")
    said = "Trung tâm Thông tin y tế (minh hoạ) đã gỡ bài của Báo Sức khỏe & Đời sống lúc 10:00, 20/10/2026"
    assert "".join(told.itertext()) == said


def test_a_shelf_whose_last_story_went_is_removed_with_its_feeds(site):
    config, store, writer = site
    story = next(one for one in make_site.stories() if any(tag.tag == "khanh-hoa" for tag in one.speaker.tags))
    assert "noi/khanh-hoa/index.html" in writer.files
    store.put(gone(story, "hidden"))
    done = run(config, store, writer, NOW + MINUTE)
    assert {"noi/khanh-hoa/index.html", "noi/khanh-hoa/2026-10/index.html", "feed/place/khanh-hoa.rss"} <= set(
        done.removed
    )
    assert not [path for path in writer.files if "/khanh-hoa" in path and not path.startswith(("embed/", "tin/"))]


def test_the_neighbours_of_a_new_day_point_to_it():
    config, writer = make.config(), MemoryWriter()
    days = [a_new_story(f"d0000000000{n}", published=NOW - n * DAY) for n in (1, 5)]
    store = FakeStore(*days)
    run(config, store, writer)
    store.put(a_new_story("d00000000003", published=NOW - 3 * DAY))
    run(config, store, writer, NOW + MINUTE)
    assert b"/ngay/2026-10-17/" in writer.files["ngay/2026-10-15/index.html"]
    assert b"/ngay/2026-10-17/" in writer.files["ngay/2026-10-19/index.html"]


def test_the_bulletin_of_a_week_holds_its_stories_and_points_to_its_neighbours():
    config, writer = make.config(), MemoryWriter()
    days = (date(2026, 10, 11), date(2026, 10, 12), date(2026, 10, 18))  # Sunday, Monday, Sunday
    at = [datetime(day.year, day.month, day.day, 5, tzinfo=UTC) for day in days]
    store = FakeStore(*(a_new_story(f"w0000000000{n}", published=moment) for n, moment in enumerate(at)))
    run(config, store, writer)
    week = writer.files["tuan/2026-W42/index.html"].decode()
    assert "Tuần 42/2026 (12/10 đến 18/10)" in week
    assert "w00000000001" in week and "w00000000002" in week and "w00000000000" not in week
    assert '<h2 class="rule-heading">Tiêm chủng</h2>' in week
    assert 'rel="prev" href="/tuan/2026-W41/"' in week and 'rel="next"' not in week
    assert 'href="/tuan/2026-W42/"' in writer.files["ngay/2026-10-12/index.html"].decode()
    store.put(a_new_story("w00000000003", published=NOW - 2 * HOUR))
    run(config, store, writer, NOW + MINUTE)
    assert 'rel="next" href="/tuan/2026-W43/"' in writer.files["tuan/2026-W42/index.html"].decode()


def test_an_embargo_ends_by_time_alone():
    config, writer = make.config(make.source(embargo=HOUR)), MemoryWriter()
    store = FakeStore(a_new_story(published=NOW - HOUR / 2))
    run(config, store, writer)
    assert "Tin vừa đến" not in text_of(writer.files)
    assert not [path for path in writer.files if path.startswith("tin/")]
    run(config, store, writer, NOW + HOUR / 2)
    assert "Tin vừa đến" in writer.files["index.html"].decode()


def test_an_agreement_ends_by_time_alone():
    source = make.source(agreement=make.agreement("full", ends=date(2026, 10, 20)))
    config, writer = make.config(source), MemoryWriter()
    store = FakeStore(make.story())
    run(config, store, writer)
    assert "Nội dung của tin" in text_of(writer.files)
    run(config, store, writer, NOW + DAY)
    assert "Nội dung của tin" not in text_of(writer.files)


@pytest.mark.parametrize("deaths", [(0,), (1, 3), (2, 5, 9), (20,), (45, 1)])
def test_a_publish_killed_between_writes_converges_to_the_same_bytes(deaths):
    config = make_site.config()
    stories = make_site.stories()
    whole, whole_writer = FakeStore(*stories[3:]), MemoryWriter()
    run(config, whole, whole_writer)
    whole.put(*stories[:3], gone(stories[5]))
    run(config, whole, whole_writer, NOW + MINUTE)

    store, writer = FakeStore(*stories[3:]), MemoryWriter()
    run(config, store, writer)
    store.put(*stories[:3], gone(stories[5]))
    for writes in deaths:
        writer.dies_after = writes
        with pytest.raises(Killed):
            run(config, store, writer, NOW + MINUTE)
    writer.dies_after = None
    run(config, store, writer, NOW + MINUTE)
    assert steady(writer.files) == steady(whole_writer.files)
    assert store.dirty() == ()


def test_a_full_rebuild_that_was_killed_is_owed(site):
    config, store, writer = site
    store.published({"cu/trang.html": "x"}, (), (), {})
    writer.dies_after = 0
    with pytest.raises(Killed):
        run(config, store, writer, NOW + MINUTE, full=True)
    writer.dies_after = None
    assert "cu/trang.html" in run(config, store, writer, NOW + MINUTE).removed


def test_the_turn_of_the_day_rewrites_the_home_page_and_no_listing(site):
    config, store, writer = site
    done = run(config, store, writer, NOW + DAY)
    assert "index.html" in done.written
    assert not [path for path in done.written if path.startswith(("tin/", "feed/", "ngay/", "chu-de/"))]


def test_other_settings_make_every_page_anew(site):
    config, store, writer = site
    renamed = config.model_copy(update={"site": config.site.model_copy(update={"name": "Tên khác"})})
    done = run(renamed, store, writer, NOW + MINUTE)
    assert "Tên khác" in writer.files[store.paths["n00000000005"]].decode()
    assert len(done.written) > 100


def test_a_campaign_that_begins_rewrites_no_story(site):
    config, store, writer = site
    campaign = Campaign(
        slug="khai-bao", title="Khai báo", message="Khai báo", alt="Khai báo", starts=date(2026, 10, 20)
    )
    done = run(config.model_copy(update={"campaigns": (campaign,)}), store, writer, NOW + MINUTE)
    assert not [path for path in done.written if path.startswith(("tin/", "feed/"))]


def with_campaign(config, **fields):
    words = {"title": "Khai báo", "message": "Khai báo y tế", "alt": "Khai báo", "starts": date(2026, 10, 1)}
    return config.model_copy(update={"campaigns": (Campaign(slug="khai-bao", **words | fields),)})


def test_a_new_story_draws_no_banner_and_takes_none_away(site):
    config, store, writer = site
    carrying = with_campaign(config)
    run(carrying, store, writer, NOW + MINUTE)
    banners = {path: content for path, content in writer.files.items() if path.startswith("embed/campaign/")}
    assert len(banners) > 30
    store.put(a_new_story())
    done = run(carrying, store, writer, NOW + 2 * MINUTE)
    assert "index.html" in done.written
    bare, other = FakeStore(*make_site.stories()), MemoryWriter()
    run(config, bare, other)
    bare.put(a_new_story())
    plain = run(config, bare, other, NOW + 2 * MINUTE)
    assert done.unchanged - plain.unchanged < 5  # of the banners none was made to be held against what is there
    assert {path: content for path, content in writer.files.items() if path.startswith("embed/campaign/")} == banners


def test_a_campaign_that_looks_otherwise_is_drawn_anew_and_one_that_is_dropped_goes(site):
    config, store, writer = site
    run(with_campaign(config), store, writer, NOW + MINUTE)
    before = dict(writer.files)
    done = run(with_campaign(config, colour="#8a1c1c"), store, writer, NOW + 2 * MINUTE)
    assert {"embed/campaign/khai-bao/800x81.svg", "embed/campaign/khai-bao/800x81.png"} <= set(done.written)
    assert writer.files["embed/campaign/khai-bao/800x81.png"] != before["embed/campaign/khai-bao/800x81.png"]
    run(config, store, writer, NOW + 3 * MINUTE)
    assert not [path for path in writer.files if path.startswith(("embed/campaign/", "ung-dung/"))]


def test_a_template_that_breaks_leaves_the_output_as_it_was(site, tmp_path):
    config, store, writer = site
    before = dict(writer.files)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "day.html").write_text("{{ there_is_no_such_name }}")
    with pytest.raises(PublishError, match=r"site/day\.html"):
        run(config.model_copy(update={"templates": str(tmp_path)}), store, writer, NOW + MINUTE)
    assert writer.files == before


def test_an_operator_changes_one_template_and_keeps_the_rest(site, tmp_path):
    config, store, writer = site
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "404.html").write_text(
        '{% extends "default/site/404.html" %}{% block main %}<h1>Trang riêng</h1>{% endblock %}'
    )
    run(config.model_copy(update={"templates": str(tmp_path)}), store, writer, NOW + MINUTE)
    assert "Trang riêng" in writer.files["404.html"].decode()
    assert "Đến nội dung chính" in writer.files["404.html"].decode()


def test_public_mode_without_an_agreement_shows_no_lead_and_no_text_anywhere():
    config = make_site.config("public")
    bare = tuple(source.model_copy(update={"agreement": None}) for source in config.sources)
    store, writer = FakeStore(*make_site.stories()), MemoryWriter()
    run(config.model_copy(update={"sources": bare}), store, writer)
    everything = text_of(writer.files)
    for story in make_site.stories():
        assert story.speaker.article.title.replace("&", "&amp;") in everything
        if story.speaker.article.lead:
            assert story.speaker.article.lead not in everything
    assert "Đậy kín bể" not in everything
    assert '"lat":' not in text_of({path: content for path, content in writer.files.items() if "/t" in path})


def test_a_story_that_was_merged_away_leaves_a_pointer_at_its_address(site):
    config, store, writer = site
    one, other = make_site.stories()[8], make_site.stories()[9]
    old = store.paths[other.id]
    store.merge(other.id, replace(one, tellings=(*one.tellings, *other.tellings)))
    run(config, store, writer, NOW + MINUTE)
    pointer = writer.files[old].decode()
    assert f'url=/{store.paths[one.id]}"' in pointer
    assert "noindex" in pointer
    assert f"/{old}".encode() not in writer.files["index.html"]


def test_the_address_stays_when_the_title_changes(site):
    config, store, writer = site
    story = make_site.stories()[4]
    path = store.paths[story.id]
    told = story.speaker
    store.put(replace(story, tellings=(replace(told, article=replace(told.article, title="Tên mới hẳn")),)))
    run(config, store, writer, NOW + MINUTE)
    assert store.paths[story.id] == path
    assert "Tên mới hẳn" in writer.files[path].decode()


def test_the_heartbeat_says_when_and_until_when(site):
    _, store, writer = site
    beat = json.loads(writer.files["heartbeat.json"])
    assert beat == {
        "time": "2026-10-20T10:00:00+07:00",
        "edition": store.mark,
        "valid_until": "2026-10-20T13:00:00+07:00",
        "mode": "preview",
    }


@pytest.mark.parametrize(("mode", "mark"), [("demo", "DỮ LIỆU MINH HOẠ"), ("preview", "BẢN XEM THỬ")])
def test_what_is_not_public_says_so_on_every_page_and_feed(mode, mark):
    store, writer = FakeStore(*make_site.stories()), MemoryWriter()
    run(make_site.config(mode), store, writer)
    silent = [
        path
        for path, content in writer.files.items()
        if path.endswith((".html", ".rss", ".atom", ".opml"))
        and not path.startswith("embed/")
        and mark not in content.decode()
    ]
    assert silent == []
    assert all(
        mark in json.loads(c)["title"] for p, c in writer.files.items() if p.startswith("feed/") and p[-4:] == "json"
    )
    assert b"Disallow: /" in writer.files["robots.txt"]


def test_an_empty_store_gives_a_whole_site():
    writer = MemoryWriter()
    run(make.config(site=Site()), FakeStore(), writer)
    assert {"index.html", "404.html", "feed/all.rss", "nguon/moh/index.html", "sitemap.xml"} <= set(writer.files)
    assert "Chưa có tin nào" in writer.files["index.html"].decode()


def test_the_first_story_of_a_source_that_left_the_settings_is_still_shown():
    writer = MemoryWriter()
    run(make.config(make.source("syt")), FakeStore(make.story()), writer)
    assert "nguon/moh/index.html" in writer.files
    assert [path for path in writer.files if path.startswith("tin/")]
