"""Emergency notices on the pages: where they stand, when they go, and what a drill touches."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree

from aggregator.publish import alerts
from aggregator.publish.cycle import publish
from aggregator.publish.status import report
from aggregator.publish.words import moment
from tests import make, make_site
from tests.fakes_publish import FakeStore, Killed, MemoryWriter
from tests.make import NOW
from tests.make_alerts import AN, BINH, HOUR, TEXT, drafted, next_act, put_up, with_people

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ALWAYS = {"trang-thai/index.html", "heartbeat.json"}
CONFIG = with_people(make_site.config())
WORDS = TEXT.headline.encode()


def run(store, writer, now=NOW, config=CONFIG, **more):
    return publish(config, store, writer, now, status=report(config, {}, now), **more)


def steady(files):
    return {path: content for path, content in files.items() if path not in ALWAYS}


def holding(writer, words=WORDS):
    return {path for path, content in writer.files.items() if words in content}


def an_old_story():
    return make.story(make.telling(make.article("old000000001", title="Tin cũ", published=NOW - 30 * DAY)))


def site(*acts):
    store, writer = FakeStore(*make_site.stories(), an_old_story()), MemoryWriter()
    run(store, writer)
    store.signed = list(acts)
    return store, writer


def embeds_of(writer):
    return {path for path in writer.files if path.startswith("embed/latest/")}


def days_of(writer):
    return {path for path in writer.files if path.startswith("ngay/2026")}


def test_a_draft_changes_nothing():
    store, writer = site(drafted())
    assert set(run(store, writer, NOW + MINUTE).written) == ALWAYS


def test_an_approved_notice_is_within_one_publish_on_home_the_last_days_and_every_embed():
    store, writer = site(*put_up())
    older = {path for path in days_of(writer) if path < "ngay/2026-10-14"}
    done = run(store, writer, NOW + HOUR)
    id = store.signed[0].alert
    expected = {"index.html", "nhung/index.html", f"thong-bao/{id}/index.html", f"cap/{id}-1.xml"}
    assert older and days_of(writer) - older and embeds_of(writer)
    assert holding(writer) == expected | (days_of(writer) - older) | embeds_of(writer)
    assert not any(path.startswith("tin/") for path in done.written)
    assert not older & set(done.written)


def test_home_tells_whose_it_is_since_when_until_when_where_and_what_to_do():
    store, writer = site(*put_up())
    run(store, writer, NOW + HOUR)
    home = writer.files["index.html"].decode()
    box = home[home.index("<section data-alert=") :]
    box = box[: box.index("</section>")]
    assert all(words in box for words in ("THÔNG BÁO KHẨN", TEXT.headline, "có vi khuẩn", "Việc cần làm", "Đun sôi"))
    assert all(words in box for words in (TEXT.issuer, TEXT.areas[0].name))
    assert moment(NOW + MINUTE) in box and moment(TEXT.until) in box and "DIỄN TẬP" not in home


def test_every_payload_leads_with_the_notice_on_our_own_address():
    store, writer = site(*put_up())
    run(store, writer, NOW + HOUR)
    payloads = {path for path in embeds_of(writer) if path.endswith(".json")} - {"embed/latest/canh-bao.json"}
    assert len(payloads) > 5
    for path in payloads:
        first, *rest = json.loads(writer.files[path])["stories"]
        assert first["title"] == f"THÔNG BÁO KHẨN: {TEXT.headline}" and first["alert"] is True
        assert first["url"].startswith("https://bantin.example.vn/thong-bao/")
        assert "Có hiệu lực đến" in first["source"] and TEXT.issuer in first["source"]
        assert not any("alert" in row for row in rest)


def test_what_scripts_read_names_the_notices_that_stand_and_is_empty_else():
    store, writer = site()
    assert json.loads(writer.files["embed/latest/canh-bao.json"])["alerts"] == []
    store.signed = put_up()
    run(store, writer, NOW + HOUR)
    (row,) = json.loads(writer.files["embed/latest/canh-bao.json"])["alerts"]
    assert (row["mark"], row["headline"]) == ("THÔNG BÁO KHẨN", TEXT.headline)


def test_a_drill_stands_on_its_test_page_alone():
    store, writer = site(*put_up(drill=True))
    before = dict(writer.files)
    run(store, writer, NOW + HOUR)
    id = store.signed[0].alert
    assert holding(writer) == {"dien-tap/index.html", f"dien-tap/cap/{id}-1.xml"}
    page = writer.files["dien-tap/index.html"].decode()
    assert "DIỄN TẬP" in page and "noindex" in page and "THÔNG BÁO KHẨN" not in page
    assert writer.files["embed/latest/canh-bao.json"] == before["embed/latest/canh-bao.json"]
    linked = [path for path, content in writer.files.items() if b"/dien-tap/" in content and path != "sitemap.xml"]
    assert set(linked) <= {"dien-tap/index.html", f"dien-tap/cap/{id}-1.xml"}


def test_the_end_of_its_validity_takes_it_away_by_time_alone():
    store, writer = site(*put_up())
    run(store, writer, NOW + HOUR)
    last = run(store, writer, TEXT.until - MINUTE)
    assert set(last.written) == ALWAYS and "index.html" in holding(writer)
    run(store, writer, TEXT.until)
    assert holding(writer) == set()
    ended = writer.files[f"thong-bao/{store.signed[0].alert}/index.html"].decode()
    assert "đã hết hiệu lực lúc" in ended
    assert not any(path.startswith("cap/") for path in writer.files)


def test_a_lifted_notice_is_gone_at_once_and_its_cancellation_goes_out():
    store, writer = site(*put_up())
    run(store, writer, NOW + HOUR)
    store.signed = next_act(store.signed, "lift", NOW + 2 * HOUR, why="nước đã sạch")
    run(store, writer, NOW + 2 * HOUR)
    id = store.signed[0].alert
    assert holding(writer) == {f"cap/{id}-1.xml", f"cap/{id}-2.xml"}
    root = etree.fromstring(writer.files[f"cap/{id}-2.xml"])
    assert root.findtext("{*}msgType") == "Cancel"
    assert "gỡ lúc" in writer.files[f"thong-bao/{id}/index.html"].decode()
    assert "nước đã sạch".encode() not in b"".join(writer.files.values())


def test_a_corrected_notice_says_so_everywhere_and_its_old_words_are_gone():
    store, writer = site(*put_up())
    run(store, writer, NOW + HOUR)
    bearing = holding(writer) - {f"cap/{store.signed[0].alert}-1.xml"}
    other = replace(TEXT, headline="Chỉ phía nam phường Đống Đa bị ảnh hưởng")
    store.signed = next_act(store.signed, "correct", NOW + 2 * HOUR, text=alerts.text_object(other), why="nhầm")
    run(store, writer, NOW + 2 * HOUR)
    assert holding(writer) == {f"cap/{store.signed[0].alert}-1.xml"}
    assert holding(writer, other.headline.encode()) >= bearing
    for path in bearing:
        assert "Đã đính chính lúc" in writer.files[path].decode(), path


def test_the_day_that_leaves_the_last_seven_is_made_anew_without_it():
    store, writer = site(*put_up(until=NOW + 20 * DAY))
    run(store, writer, NOW + HOUR)
    first = min(path for path in holding(writer) if path.startswith("ngay/"))
    run(store, writer, NOW + HOUR + 7 * DAY)
    assert first not in holding(writer) and first in writer.files
    assert "index.html" in holding(writer)


@pytest.mark.parametrize("later", [timedelta(0), 2 * HOUR, 13 * HOUR, 8 * DAY])
def test_small_publishes_and_a_full_one_give_the_same_bytes(later):
    store, writer = site(*put_up())
    run(store, writer, NOW + HOUR)
    run(store, writer, NOW + HOUR + later)
    small = steady(writer.files)
    run(store, writer, NOW + HOUR + later, full=True)
    assert steady(writer.files) == small


def test_a_publish_killed_anywhere_after_the_approval_converges():
    whole_store, whole = site(*put_up())
    run(whole_store, whole, NOW + HOUR)
    steps = len(whole.log)
    for dies_after in (0, 1, 5, 20, 60):
        store, writer = site(*put_up())
        writer.dies_after = dies_after
        with pytest.raises(Killed):
            run(store, writer, NOW + HOUR)
        writer.dies_after = None
        run(store, writer, NOW + HOUR)
        assert steady(writer.files) == steady(whole.files)
    assert steps > 60


def test_whoever_is_taken_out_of_the_people_who_sign_takes_the_notice_along_and_it_is_told():
    store, writer = site(*put_up())
    run(store, writer, NOW + HOUR)
    done = run(store, writer, NOW + 2 * HOUR, with_people(make_site.config(), AN))
    assert holding(writer) == set()
    assert any(f"notice {store.signed[0].alert} is not shown" in note for note in done.notes)
    assert run(store, writer, NOW + 3 * HOUR, with_people(make_site.config(), AN, BINH)).notes == ()
    assert "index.html" in holding(writer)


def test_two_notices_stand_beside_each_other_the_newest_first():
    store, writer = site(*put_up(), *put_up(NOW + MINUTE, headline="Thu hồi lô thuốc giả"))
    run(store, writer, NOW + HOUR)
    home = writer.files["index.html"].decode()
    assert 0 < home.index("Thu hồi lô thuốc giả") < home.index(TEXT.headline)
