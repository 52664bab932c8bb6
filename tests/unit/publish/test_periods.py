"""The bulletins of the week and the month: plain ordered readings that cost what changed."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from aggregator.publish import periods, site
from aggregator.publish.cycle import publish
from aggregator.publish.edition import Edition
from aggregator.publish.status import report
from tests import make, make_site
from tests.fakes_publish import FakeStore, MemoryWriter
from tests.make import NOW

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
VACCINES, FOOD = make.tag("topic/tiem-chung", "Tiêm chủng"), make.tag("topic/an-toan-thuc-pham", "An toàn thực phẩm")


def story(number, *tags, at=NOW - 2 * HOUR):
    id = f"m{number:011}"
    return make.story(make.telling(make.article(id, title=f"Tin thứ {number}", published=at), tags=tags))


def published(store, writer=None, now=NOW, config=None):
    writer, config = writer or MemoryWriter(), config or make_site.config()
    publish(config, store, writer, now, status=report(config, {}, now))
    return writer


def page(writer, path):
    return BeautifulSoup(writer.files[path], "lxml")


def test_the_bulletin_of_a_month_has_every_story_once_below_its_first_topic():
    made = [story(0, VACCINES, FOOD), story(1, FOOD, at=NOW - DAY), story(2, FOOD, at=NOW - 2 * DAY), story(3)]
    soup = page(published(FakeStore(*made)), "luu-tru/2026-10/index.html")
    groups = {
        part.h2.get_text(): [link.get_text() for link in part.select(".titles a")]
        for part in soup.select(".topic-group")
    }
    food = ["Tin thứ 0", "Tin thứ 1", "Tin thứ 2"]
    assert groups == {"An toàn thực phẩm": food, "Tin khác": ["Tin thứ 3"], "Bản tin từng ngày": []}


def test_a_busy_month_shows_the_newest_of_every_topic_and_leads_to_the_rest(monkeypatch):
    monkeypatch.setattr(periods, "TITLES", 6)
    busy = [story(number, VACCINES, at=NOW - (2 + number) * HOUR) for number in range(20)]
    made = [*busy, story(30, FOOD, at=NOW - 10 * DAY), story(31, at=NOW - 11 * DAY)]
    soup = page(published(FakeStore(*made)), "luu-tru/2026-10/index.html")
    titles = [link.get_text() for link in soup.select(".titles a")]
    assert titles == ["Tin thứ 0", "Tin thứ 1", "Tin thứ 2", "Tin thứ 3", "Tin thứ 30", "Tin thứ 31"]
    assert "22 tin từ các nguồn chính thức" in soup.select_one(".page-about").get_text()
    assert soup.select_one(".more-of a")["href"] == "/chu-de/tiem-chung/2026-10/"
    assert soup.select_one(".more-of a").get_text() == "Xem cả 20 tin về Tiêm chủng trong tháng"


def test_months_lead_to_each_other_and_to_their_days():
    store = FakeStore(story(0), story(1, at=NOW - 60 * DAY))
    writer = published(store)
    assert page(writer, "luu-tru/2026-10/index.html").select_one("a[rel=prev]")["href"] == "/luu-tru/2026-08/"
    store.put(story(2, at=NOW - 30 * DAY))
    published(store, writer, NOW + MINUTE)
    assert page(writer, "luu-tru/2026-10/index.html").select_one("a[rel=prev]")["href"] == "/luu-tru/2026-09/"
    assert page(writer, "luu-tru/2026-08/index.html").select_one("a[rel=next]")["href"] == "/luu-tru/2026-09/"
    days = [link["href"] for link in page(writer, "luu-tru/2026-09/index.html").select(".rows a")]
    assert days == ["/ngay/2026-09-20/"]


@pytest.mark.parametrize("key", ["month/2026-10", "week/2026-w43", "topic/tiem-chung/2026-10", "source/moh/2026-10"])
def test_a_list_of_titles_reads_no_story(key):
    store = FakeStore(*(story(number, VACCINES, at=NOW - (2 + number) * HOUR) for number in range(300)))
    published(store)
    store.reads = 0
    edition = Edition(make_site.config(), store, NOW)
    made = [*periods.pages(key, edition), *site.listing_pages(key, edition)]
    assert any(b"/tin/2026/10/tin-thu-3-m00000000003.html" in one.content for one in made)
    assert store.reads == 0


def test_a_title_in_a_list_follows_a_correction_and_a_withdrawal():
    store = FakeStore(story(0, VACCINES), story(1, VACCINES))
    writer = published(store)
    store.put(make.story(make.telling(make.article("m00000000000", title="Tên đã sửa"), tags=(VACCINES,))))
    store.put(make.story(make.telling(make.article("m00000000001", title="Tin thứ 1"), status="withdrawn")))
    published(store, writer, NOW + MINUTE)
    for path in ("luu-tru/2026-10/", "tuan/2026-W43/", "chu-de/tiem-chung/2026-10/", "nguon/moh/2026-10/"):
        assert [link.get_text() for link in page(writer, f"{path}index.html").select(".titles a")] == ["Tên đã sửa"]


def test_the_months_of_a_source_have_its_own_titles():
    own = make.telling(make.article("m00000000001", source="syt", title="Lời của Sở"))
    told = make.story(make.telling(make.article("m00000000000", title="Lời của Bộ")), own)
    writer = published(FakeStore(told))
    titles = {
        source: [link.get_text() for link in page(writer, f"nguon/{source}/2026-10/index.html").select(".titles a")]
        for source in ("moh", "syt")
    }
    assert titles == {"moh": ["Lời của Bộ"], "syt": ["Lời của Sở"]}


def test_room_is_shared_so_that_small_groups_stand_whole():
    assert periods.fair([], 10) == 10
    assert periods.fair([3, 2], 10) == 10
    assert periods.fair([100, 3, 2], 10) == 5
    assert periods.fair([9] * 20, 10) == 1


def test_a_full_rebuild_reads_stories_many_at_a_time():
    class Counting(FakeStore):
        asked = 0

        def stories(self, ids):
            self.asked += bool(ids)
            return super().stories(ids)

    store = Counting(*(story(number, VACCINES, at=NOW - (2 + number) * DAY) for number in range(80)))
    published(store)
    days = len(store.below("day"))
    assert days == 80
    assert store.asked < 10
