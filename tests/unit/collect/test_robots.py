from datetime import timedelta

import pytest

from aggregator.collect.robots import Robots
from aggregator.errors import Cause, SourceError
from aggregator.model import Missing, Request
from tests.fakes import NOON, FakeFetcher, Prepared, page
from tests.make_collect import HOME, Time, source

ROBOTS = f"{HOME}/robots.txt"
AGENT = "official-news-aggregator"


def robots(answer: Prepared, time: Time | None = None) -> tuple[Robots, FakeFetcher]:
    fetcher = FakeFetcher({ROBOTS: answer})
    return Robots(fetcher.fetch, (time or Time()).clock, AGENT), fetcher


def refuses(text: str | bytes, url: str = f"{HOME}/tin/bai-1.htm") -> bool:
    try:
        robots(page(ROBOTS, text))[0].pause(url, source())
    except SourceError as error:
        assert error.cause == "robots" and url in str(error)
        return True
    return False


def test_everything_is_allowed_where_nothing_is_refused() -> None:
    assert not refuses("User-agent: *\nDisallow:\n")


@pytest.mark.parametrize(
    "rules",
    [
        "User-agent: *\nDisallow: /",
        "User-agent: *\nDisallow: /tin/",
        "User-agent: *\nDisallow: /*.htm$",
        "\ufeffUser-agent: *\r\nDisallow: /tin/",
        "user-AGENT: Official-News-Aggregator\ndisallow: /tin/\n\nUser-agent: *\nAllow: /",
        "User-agent: *\nDisallow: /\nAllow: /tin-khac/",
        "User-agent: OtherBot\nHost: tin.example.vn\nUser-agent: *\nDisallow: /",
        "User-agent: OtherBot\nUnknown: line\nUser-agent: *\nDisallow: /",
    ],
)
def test_a_refused_address_is_not_asked_for(rules: str) -> None:
    assert refuses(rules)


@pytest.mark.parametrize(
    "rules",
    [
        "User-agent: *\nDisallow: /tin\nAllow: /tin/",
        "User-agent: OtherBot\nDisallow: /",
        "User-agent: *\nDisallow: /\n\nUser-agent: official-news-aggregator\nAllow: /",
        "User-agent: *\nDisallow: /*.pdf$",
        "<html><body>Không tìm thấy trang</body></html>",
        "",
    ],
)
def test_an_address_that_the_rules_leave_open_is_asked_for(rules: str) -> None:
    assert not refuses(rules)


def test_rules_look_at_the_query_too() -> None:
    rules = "User-agent: *\nDisallow: /*?print="
    assert refuses(rules, f"{HOME}/tin?print=1")
    assert not refuses(rules, f"{HOME}/tin?page=2")


def test_bytes_that_are_not_utf_8_do_not_hide_the_rules() -> None:
    assert refuses(b"# \xe0\xff\nUser-agent: *\nDisallow: /tin/")


@pytest.mark.parametrize(("written", "pause"), [("12", 12.0), ("0.5", 0.5), ("3600", 30.0)])
def test_a_crawl_delay_is_honoured_up_to_30_seconds(written: str, pause: float) -> None:
    rules = f"User-agent: *\nCrawl-delay: {written}\n"
    assert robots(page(ROBOTS, rules))[0].pause(f"{HOME}/", source()) == pause


@pytest.mark.parametrize("answer", [Missing(Request(ROBOTS), 404, NOON), Missing(Request(ROBOTS), 410, NOON)])
def test_a_missing_robots_txt_allows_everything(answer: Missing) -> None:
    assert robots(answer)[0].pause(f"{HOME}/", source()) == 0


@pytest.mark.parametrize("cause", ["blocked", "gone", "moved"])
def test_a_refused_robots_txt_allows_everything(cause: Cause) -> None:
    assert robots(SourceError(cause, "403"))[0].pause(f"{HOME}/", source()) == 0


@pytest.mark.parametrize("cause", ["server-error", "unreachable", "timeout", "certificate", "address"])
def test_an_unreadable_robots_txt_stops_everything_with_its_cause(cause: Cause) -> None:
    with pytest.raises(SourceError, match="the reason") as error:
        robots(SourceError(cause, "the reason"))[0].pause(f"{HOME}/", source())
    assert error.value.cause == cause
    assert ("robots.txt cannot be read" in str(error.value)) == (cause == "server-error")


def test_robots_txt_is_asked_for_once_a_day_and_host() -> None:
    time = Time()
    ask, fetcher = robots(page(ROBOTS, ""), time)
    for hours in (0, 23, 24, 25):
        time.now = NOON + timedelta(hours=hours)
        ask.pause(f"{HOME}/a", source())
        ask.pause(f"{HOME}/b", source())
    assert fetcher.urls == [ROBOTS, ROBOTS]
    ask.pause("https://tin.example/a", source())
    assert fetcher.urls[-1] == "https://tin.example/robots.txt"


def test_a_site_in_trouble_is_asked_again_after_five_minutes() -> None:
    time = Time()
    ask, fetcher = robots(SourceError("server-error", "503"), time)
    for minutes in (0, 4, 5):
        time.now = NOON + timedelta(minutes=minutes)
        with pytest.raises(SourceError):
            ask.pause(f"{HOME}/a", source())
    assert len(fetcher.requests) == 2
