"""One visit to one source: which addresses it asks for, what it leaves for later, when it gives up."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator.collect import looking, visit
from aggregator.errors import Cause, SourceError
from aggregator.model import Draft, Known, Lead, Missing, Page, Request, SourceState, Unchanged, Validator
from aggregator.settings import Section, Source
from tests import make
from tests.fakes import NOON, FakeFetcher, page

HOME = "https://tin.example.vn/"
FEED = f"{HOME}rss/y-te.rss"
LISTING = f"{HOME}y-te.htm"
OTHER = f"{HOME}rss/duoc.rss"
TEXT = "Trạm y tế xã mở cửa đến 20 giờ các ngày trong tuần để người dân đi làm về vẫn kịp khám bệnh. " * 5


def source(*urls: str, **settings: Any) -> Source:
    sections = tuple(Section(url=url) for url in urls or (FEED,))
    return make.source("tin", kind=settings.pop("kind", "vccorp"), home=HOME, sections=sections, **settings)


def url(number: int) -> str:
    return f"{HOME}tram-y-te-mo-cua-16926102009000{number:04d}.htm"


def feed(*numbers: int, etag: str = '"1"', title: str = "Trạm y tế mở cửa buổi tối") -> Page:
    items = "".join(f"<item><title>{title} {n}</title><link>{url(n)}</link></item>" for n in numbers)
    return page(FEED, f'<rss version="2.0"><channel>{items}</channel></rss>', ETag=etag, Content_Type="text/xml")


def listing(*numbers: int) -> Page:
    rows = "".join(
        f'<div class="box-category-item"><a data-type="title" href="{url(n)}">Trạm y tế mở cửa buổi tối {n}</a></div>'
        for n in numbers
    )
    return page(LISTING, f"<html><body>{rows}</body></html>", Content_Type="text/html")


def article(number: int, title: str = "") -> Page:
    body = (
        f'<html><body><h1 data-role="title">{title or f"Trạm y tế mở cửa buổi tối {number}"}</h1>'
        f'<h2 data-role="sapo">Từ tuần này.</h2><div data-role="content"><p>{TEXT}</p></div></body></html>'
    )
    return page(url(number), body, Content_Type="text/html", ETag=f'"a{number}"')


def articles(*numbers: int) -> dict[str, Any]:
    return {url(number): article(number) for number in numbers}


def fault(cause: Cause, of: str = "") -> SourceError:
    return SourceError(cause, f"{of or cause} said no", of)


def known(lead: Lead | None = None, number: int = 1, **fields: Any) -> Known:
    given: dict[str, Any] = {
        "id": f"id{number}",
        "source": "tin",
        "url": url(number),
        "ref": f"16926102009000{number:04d}",
        "title": "Trạm y tế mở cửa buổi tối",
        "text_digest": "",
        "lead_digest": lead.digest if lead else "",
        "validator": Validator(),
        "status": "live",
        "published": NOON - timedelta(hours=5),
        "first_seen": NOON - timedelta(hours=4),
        "fetched_at": NOON - timedelta(hours=1),
        "next_check": None,
        **fields,
    }
    return Known(**given)


def collect(
    of: Source, fetcher: FakeFetcher, held: dict[str, Known] | None = None, due: tuple[str, ...] = (), **state: Any
) -> visit.Collected:
    """A whole visit; articles are named by their address, as long as `held` names none of them."""
    listed = visit.listings(of, SourceState("tin", **state), fetcher)
    held = held or {}
    names = {one.ref: id for id, one in held.items()}
    leads = {names.get(lead.ref, lead.url): lead for lead in reversed(listed.leads)}
    leads = {id: leads[id] for id in reversed(leads)}
    return visit.articles(of, listed, looking.plan(of, leads, held, due), held, fetcher, lambda _: None)


def numbers(collected: visit.Collected) -> list[int]:
    return [int(draft.ref[-4:]) for draft in collected.drafts]


# --- listings


def test_new_articles_are_fetched_in_page_order_after_the_listing() -> None:
    fetcher = FakeFetcher({FEED: feed(2, 1), **articles(1, 2)})
    got = collect(source(), fetcher)
    assert fetcher.urls == [FEED, url(2), url(1)] and numbers(got) == [2, 1]
    assert (got.problem, got.skips, got.requests) == (None, (), 3)
    assert [request.purpose for request in fetcher.requests] == ["section", "article", "article"]


def test_a_section_is_asked_by_the_validator_it_gave_and_costs_nothing_when_unchanged() -> None:
    fetcher = FakeFetcher({FEED: feed(1)})
    got = collect(source(), fetcher, validators={FEED: Validator('"1"')})
    assert fetcher.urls == [FEED] and fetcher.requests[0].validator == Validator('"1"')
    assert (got.leads, got.problem, dict(got.validators)) == ((), None, {})


def test_the_validator_of_a_section_that_was_read_is_kept() -> None:
    got = collect(source(), FakeFetcher({FEED: feed(1, etag='"7"'), **articles(1)}))
    assert dict(got.validators) == {FEED: Validator('"7"')}


@pytest.mark.parametrize(
    "answer",
    [
        fault("not-a-feed"),
        fault("server-error"),
        fault("login"),
        fault("robots"),
        Missing(Request(FEED), 404, NOON),
        page(FEED, "<html><body>Bảo trì</body></html>", Content_Type="text/html"),
        page(FEED, "", Content_Type="text/xml"),
    ],
)
def test_a_feed_that_cannot_be_read_gives_way_to_its_listing(answer: Any) -> None:
    fetcher = FakeFetcher({FEED: answer, LISTING: listing(1), **articles(1)})
    got = collect(source(), fetcher)
    assert fetcher.urls == [FEED, LISTING, url(1)] and numbers(got) == [1]
    assert got.problem is None and "its listing was read instead" in got.skips[0].because
    assert dict(got.validators) == {FEED: Validator()}


@pytest.mark.parametrize("cause", ["timeout", "unreachable", "certificate", "address"])
def test_a_host_that_cannot_be_reached_is_not_asked_for_its_listing_either(cause: Cause) -> None:
    fetcher = FakeFetcher({FEED: fault(cause), LISTING: listing(1)})
    got = collect(source(), fetcher)
    assert fetcher.urls == [FEED] and got.problem is not None and got.problem.cause == cause


def test_when_the_listing_fails_too_the_problem_tells_of_both() -> None:
    fetcher = FakeFetcher({FEED: fault("not-a-feed"), LISTING: Missing(Request(LISTING), 404, NOON)})
    problem = collect(source(), fetcher).problem
    assert problem is not None and problem.cause == "gone"
    assert LISTING in str(problem) and "its feed could not be read either (not-a-feed: " in str(problem)


@pytest.mark.parametrize("cause", ["timeout", "unreachable", "certificate", "blocked", "address"])
def test_a_fault_of_the_host_ends_the_round_of_sections(cause: Cause) -> None:
    fetcher = FakeFetcher({FEED: fault(cause), OTHER: feed(1)})
    got = collect(source(FEED, OTHER, kind="feed"), fetcher)
    assert fetcher.urls == [FEED] and not got.partly


@pytest.mark.parametrize("cause", ["robots", "gone", "drifted", "server-error", "moved", "login", "too-large"])
def test_a_fault_of_one_section_leaves_the_others_to_be_read(cause: Cause) -> None:
    fetcher = FakeFetcher({FEED: fault(cause), OTHER: feed(1), **articles(1)})
    got = collect(source(FEED, OTHER, kind="feed"), fetcher)
    assert fetcher.urls == [FEED, OTHER, url(1)]
    assert got.problem is not None and got.problem.cause == cause and got.partly and len(got.drafts) == 1


def test_the_first_of_several_faults_is_the_one_that_is_told() -> None:
    fetcher = FakeFetcher({FEED: fault("gone"), OTHER: fault("server-error")})
    got = collect(source(FEED, OTHER, kind="feed"), fetcher)
    assert got.problem is not None and got.problem.cause == "gone" and not got.partly


def test_an_article_of_two_sections_is_fetched_once() -> None:
    fetcher = FakeFetcher({FEED: feed(1, 2), OTHER: feed(2, 3), **articles(1, 2, 3)})
    assert numbers(collect(source(FEED, OTHER), fetcher)) == [1, 2, 3]
    assert fetcher.urls.count(url(2)) == 1


# --- new articles


def test_no_more_than_max_new_are_fetched_and_the_rest_is_not_forgotten() -> None:
    fetcher = FakeFetcher({FEED: feed(*range(1, 6)), **articles(*range(1, 6))})
    got = collect(source(max_new=2), fetcher)
    assert numbers(got) == [1, 2] and dict(got.validators) == {FEED: Validator()}
    held = {f"id{n}": known(got.leads[n - 1], n) for n in (1, 2)}
    assert numbers(collect(source(max_new=2), fetcher, held)) == [3, 4]


@pytest.mark.parametrize(
    "answer",
    [
        fault("server-error"),
        fault("timeout"),
        Missing(Request(url(1)), 404, NOON),
        page(url(1), "<html><body></body></html>", Content_Type="text/html"),
        Unchanged(Request(url(1)), NOON),
    ],
)
def test_a_new_article_that_cannot_be_read_is_skipped_with_its_reason_and_asked_for_again(answer: Any) -> None:
    fetcher = FakeFetcher({FEED: feed(1, 2), url(1): answer, **articles(2)})
    got = collect(source(), fetcher)
    assert numbers(got) == [2] and got.problem is None
    assert [skip.url for skip in got.skips] == [url(1)] and got.skips[0].because
    assert dict(got.validators) == {FEED: Validator()}


def test_three_articles_in_a_row_that_meet_a_fault_of_the_host_end_the_visit() -> None:
    fetcher = FakeFetcher({FEED: feed(*range(1, 9)), **{url(n): fault("timeout") for n in range(1, 9)}})
    got = collect(source(), fetcher)
    assert fetcher.urls == [FEED, url(1), url(2), url(3)]
    assert got.problem is not None and got.problem.cause == "timeout" and not got.partly
    assert len(got.skips) == 3 and dict(got.validators) == {FEED: Validator()}


def test_faults_that_do_not_come_in_a_row_do_not_end_the_visit() -> None:
    bad = {url(n): fault("timeout") for n in (1, 2, 4, 5)}
    fetcher = FakeFetcher({FEED: feed(*range(1, 8)), **bad, **articles(3, 6, 7)})
    got = collect(source(), fetcher)
    assert numbers(got) == [3, 6, 7] and got.problem is None and len(got.skips) == 4


def test_a_few_broken_pages_do_not_hide_the_articles_behind_them() -> None:
    bad = {url(n): fault("moved") for n in range(1, 10)}
    fetcher = FakeFetcher({FEED: feed(*range(1, 12)), **bad, **articles(10, 11)})
    got = collect(source(), fetcher)
    assert numbers(got) == [10, 11] and got.problem is None and len(got.skips) == 9


def test_ten_broken_pages_in_a_row_are_the_sources_fault() -> None:
    fetcher = FakeFetcher({FEED: feed(*range(1, 15)), **{url(n): fault("login") for n in range(1, 15)}})
    got = collect(source(), fetcher)
    assert got.problem is not None and got.problem.cause == "login" and len(fetcher.urls) == 11


def test_pages_without_an_article_never_end_the_visit() -> None:
    empty = {url(n): page(url(n), "<html></html>", Content_Type="text/html") for n in range(1, 15)}
    got = collect(source(), FakeFetcher({FEED: feed(*range(1, 16)), **empty, **articles(15)}))
    assert numbers(got) == [15] and got.problem is None and len(got.skips) == 14


def test_progress_is_told_after_each_article() -> None:
    told: list[int] = []
    of, fetcher = source(), FakeFetcher({FEED: feed(1, 2), url(1): fault("timeout"), **articles(2)})
    listed = visit.listings(of, SourceState("tin"), fetcher)
    plan = looking.plan(of, {lead.url: lead for lead in listed.leads}, {}, ())
    visit.articles(of, listed, plan, {}, fetcher, told.append)
    assert told == [1, 2]


# --- re-checks


def lead_of(number: int, **fields: str) -> Lead:
    (lead,) = visit.listings(source(), SourceState("tin"), FakeFetcher({FEED: feed(number, **fields)})).leads
    return lead


def test_a_known_article_whose_listing_is_as_it_was_is_not_asked_for() -> None:
    fetcher = FakeFetcher({FEED: feed(1), **articles(1)})
    got = collect(source(), fetcher, {"id1": known(lead_of(1))})
    assert fetcher.urls == [FEED] and (got.drafts, got.looks) == ((), ())


def test_a_known_article_whose_listing_changed_is_read_again_at_once() -> None:
    fetcher = FakeFetcher({FEED: feed(1, title="Trạm y tế đổi giờ"), **articles(1)})
    got = collect(source(), fetcher, {"id1": known(lead_of(1))})
    assert numbers(got) == [1] and fetcher.requests[1].purpose == "recheck"
    assert got.drafts[0].lead_digest == got.leads[0].digest


SHOWN = Lead("tin", HOME, url(1), Request(url(1)), title="Trạm y tế", summary="Từ tuần này.", time="20/10/2026 08:00")


@pytest.mark.parametrize("change", [{"title": "Trạm xá"}, {"summary": "Từ tuần sau."}, {"time": "20/10/2026 09:00"}])
def test_another_title_lead_or_time_in_the_listing_brings_the_recheck_forward(change: dict[str, str]) -> None:
    held, now = known(SHOWN), replace(SHOWN, **change)
    assert [one.id for one in looking.plan(source(), {"id1": now}, {"id1": held}, ()).wanted] == ["id1"]


@pytest.mark.parametrize(
    ("field", "was", "now"),
    [
        ("time", "2 giờ trước", "khoảng 5 giờ trước"),
        ("time", "Vừa xong", "12 phút trước"),
        ("time", "Hôm nay, 14:05", "Hôm qua, 14:05"),
        ("time", "09/09/2020 | 05:07 PM | View count: 842", "09/09/2020 | 05:07 PM | View count: 1.043"),
        ("summary", "Từ tuần này. (842 lượt xem)", "Từ tuần này. (1.043 lượt xem)"),
        ("summary", "Từ tuần này. Số lượt truy cập: 842", "Từ tuần này. Số lượt truy cập: 843"),
    ],
)
def test_how_long_ago_and_how_often_read_is_no_change(field: str, was: str, now: str) -> None:
    held = known(replace(SHOWN, **{field: was}))
    lead = replace(SHOWN, **{field: now})
    assert looking.plan(source(), {"id1": lead}, {"id1": held}, ()).wanted == ()


def test_no_more_known_articles_are_asked_for_than_there_is_room_however_many_a_listing_shows_changed() -> None:
    leads = {f"id{number}": lead_of(number, title="Đổi") for number in range(9)}
    held = {id: replace(known(lead_of(number)), id=id) for number, id in enumerate(leads)}
    asked = looking.plan(source(), leads, held, ("id8",), room=4).wanted
    assert [one.id for one in asked] == ["id0", "id1", "id2", "id3"]
    assert looking.plan(source(), leads, held, ("id8",), room=0).wanted == ()
    from_the_feed = looking.plan(source(full_pages=False), leads, held, (), room=0).wanted
    assert len(from_the_feed) == 9  # that costs no request


def test_an_article_whose_check_is_due_is_asked_for_by_its_validator() -> None:
    held = known(lead_of(1), validator=Validator('"a1"'))
    fetcher = FakeFetcher({FEED: feed(2), **articles(1, 2)})
    got = collect(source(), fetcher, {"id1": held}, ("id1",))
    assert fetcher.urls == [FEED, url(2), url(1)]
    assert fetcher.requests[2].validator == Validator('"a1"') and fetcher.requests[2].purpose == "recheck"
    assert [(look.known.id, look.outcome) for look in got.looks] == [("id1", "unchanged")]


@pytest.mark.parametrize(
    ("answer", "outcome", "because"),
    [
        (Missing(Request(url(1)), 404, NOON), "missing", "404"),
        (Missing(Request(url(1)), 410, NOON), "withdrawn", "410"),
        (fault("server-error"), "unreadable", "server-error: "),
        (page(url(1), "<html></html>", Content_Type="text/html"), "unreadable", ""),
    ],
)
def test_what_became_of_a_known_article_is_told(answer: Any, outcome: str, because: str) -> None:
    fetcher = FakeFetcher({FEED: feed(2, etag='"5"'), url(1): answer, **articles(2)})
    got = collect(source(), fetcher, {"id1": known()}, ("id1",))
    assert [look.outcome for look in got.looks] == [outcome] and because in got.looks[0].because
    assert got.looks[0].because and got.skips == ()
    assert dict(got.validators) == {FEED: Validator('"5"')}  # nothing new was left out


def test_a_removal_notice_is_a_withdrawal_in_the_words_of_the_page() -> None:
    notice = page(
        url(1),
        '<html><body><h1 data-role="title">Thông báo</h1><div data-role="content">'
        "<p>Bài viết này đã được gỡ bỏ theo yêu cầu của cơ quan cung cấp thông tin.</p></div></body></html>",
        Content_Type="text/html",
    )
    got = collect(source(), FakeFetcher({FEED: feed(2), url(1): notice, **articles(2)}), {"id1": known()}, ("id1",))
    assert [(look.outcome, "đã được gỡ" in look.because) for look in got.looks] == [("withdrawn", True)]


def test_new_articles_come_before_those_looked_at_again() -> None:
    fetcher = FakeFetcher({FEED: feed(2), **articles(1, 2)})
    collect(source(), fetcher, {"id1": known()}, ("id1",))
    assert fetcher.urls == [FEED, url(2), url(1)]


def test_an_article_both_due_and_changed_is_asked_for_once() -> None:
    fetcher = FakeFetcher({FEED: feed(1, title="Tên mới"), **articles(1)})
    collect(source(), fetcher, {"id1": known(lead_of(1))}, ("id1",))
    assert fetcher.urls == [FEED, url(1)]


def test_a_withdrawn_article_is_not_asked_for_because_an_old_listing_shows_it() -> None:
    fetcher = FakeFetcher({FEED: feed(1, title="Tên khác"), **articles(1)})
    collect(source(), fetcher, {"id1": known(lead_of(1), status="withdrawn")})
    assert fetcher.urls == [FEED]


# --- what the feed tells is enough (full_pages: false)


def test_without_full_pages_no_article_is_fetched_and_the_feeds_words_are_taken() -> None:
    fetcher = FakeFetcher({FEED: feed(1, 2)})
    got = collect(source(full_pages=False), fetcher)
    assert fetcher.urls == [FEED]
    assert [draft.title for draft in got.drafts] == ["Trạm y tế mở cửa buổi tối 1", "Trạm y tế mở cửa buổi tối 2"]
    assert {draft.digest for draft in got.drafts} == {feed(1, 2).digest} and got.drafts[0].fetched_at == NOON


def test_without_full_pages_a_changed_feed_changes_the_article() -> None:
    fetcher = FakeFetcher({FEED: feed(1, title="Tên mới")})
    got = collect(source(full_pages=False), fetcher, {"id1": known(lead_of(1))})
    assert fetcher.urls == [FEED] and got.drafts[0].title == "Tên mới 1"


@pytest.mark.parametrize(("answer", "outcome"), [(None, "unchanged"), (410, "withdrawn"), (404, "missing")])
def test_without_full_pages_the_page_of_an_article_the_feed_dropped_shows_whether_it_stands(
    answer: Any, outcome: str
) -> None:
    said = article(1, title="Tên trên trang") if answer is None else Missing(Request(url(1)), answer, NOON)
    fetcher = FakeFetcher({FEED: feed(2), url(1): said})
    got = collect(source(full_pages=False), fetcher, {"id1": known()}, ("id1",))
    assert [look.outcome for look in got.looks] == [outcome] and len(got.drafts) == 1


# --- the other families


def test_an_article_of_the_ministry_is_looked_at_again_by_post() -> None:
    sections = (Section(id="8358"),)
    of = make.source("moh", kind="moh_bridge", home="https://moh.gov.vn/", sections=sections)
    held = known(url="https://moh.gov.vn/index.jsp?pageId=5803&aid=990101&cid=8358", ref="990101")
    plan = looking.plan(of, {}, {"id1": replace(held, source="moh")}, ("id1",))
    (want,) = plan.wanted
    assert (want.request.method, want.request.purpose, plan.complete) == ("POST", "recheck", True)
    assert b'"maBaiViet":"990101"' in want.request.body


def test_every_draft_is_one() -> None:
    got = collect(source(), FakeFetcher({FEED: feed(1), **articles(1)}))
    assert all(isinstance(draft, Draft) and draft.source == "tin" for draft in got.drafts)
