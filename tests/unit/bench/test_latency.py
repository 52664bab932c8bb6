"""What the latency bench takes for shown."""

from tests.bench.latency import shown

PAGE = "tin/j516qcvliah0/mot-tin.html"


def test_an_item_is_shown_by_its_title_or_by_the_page_that_tells_it() -> None:
    feed = f"<item><title>Cùng một việc, nơi khác kể</title><link>https://example.vn/{PAGE}</link></item>"
    assert shown(feed, "Cùng một việc, nơi khác kể", "")
    assert shown(feed, "Tin thứ hai", PAGE)
    assert not shown(feed, "Tin thứ hai", "")
    assert not shown(feed, "Tin thứ hai", "tin/khac/khac.html")
