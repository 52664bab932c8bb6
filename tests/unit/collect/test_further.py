"""Further pages of a VCCorp listing: when they are asked for, how many, and what comes of the answer."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs

import pytest
from pydantic import ValidationError

from aggregator.collect import further, visit
from aggregator.errors import SourceError
from aggregator.model import Lead, Page, Request, SourceState
from aggregator.settings import More, Section, Source
from tests import make
from tests.fakes import FakeFetcher, page

HOME = "https://tin.example.vn/"
LISTING = f"{HOME}y-te.htm"
API = f"{HOME}api/NewsZone/NewsZone"
FORM: dict[str, str | int] = {"zone": 12, "trang": "{page}"}


def source(**more: Any) -> Source:
    told = More(**{"url": API, "form": FORM, "pages": 3, **more})
    return make.source("tin", kind="vccorp", home=HOME, sections=(Section(url=LISTING, more=told),))


def rows(*numbers: int) -> str:
    return "".join(
        f'<div class="box-category-item"><a data-type="title" href="/mo-cua-16926102009{n:06d}.htm">Bài {n}</a></div>'
        for n in numbers
    )


def pages(*answers: str) -> FakeFetcher:
    """The listing of 1 and 2, and what the button's address says to each page number from 2."""

    def more(request: Request) -> Page:
        number = int(parse_qs(request.body.decode())["trang"][0])
        return page(API, answers[number - 2], Content_Type="text/html; charset=utf-8")

    return FakeFetcher({LISTING: page(LISTING, rows(1, 2), Content_Type="text/html"), API: more})


def asked(fetcher: FakeFetcher, known: Sequence[int] = (), of: Source | None = None) -> visit.Listed:
    of = of or source()
    refs = {f"16926102009{n:06d}" for n in known}
    listed = visit.listings(of, SourceState("tin"), fetcher)
    return further.asked(of, listed, lambda leads: not refs & {lead.ref for lead in leads}, fetcher)


def numbers(leads: Sequence[Lead]) -> list[int]:
    return [int(lead.ref[-6:]) for lead in leads]


def test_where_all_leads_are_new_older_ones_are_asked_for_until_one_is_known() -> None:
    fetcher = pages(rows(3, 4), rows(5, 6), rows(7, 8))
    listed = asked(fetcher, known=[6])
    assert numbers(listed.leads) == [1, 2, 3, 4, 5, 6]
    assert [parse_qs(one.body.decode()) for one in fetcher.requests[1:]] == [
        {"zone": ["12"], "trang": ["2"]},
        {"zone": ["12"], "trang": ["3"]},
    ]
    assert {one.method for one in fetcher.requests[1:]} == {"POST"}
    assert all(listed.origins[lead.url].page.request.url in (LISTING, API) for lead in listed.leads)


def test_where_a_lead_is_known_nothing_more_is_asked() -> None:
    fetcher = pages(rows(3))
    assert numbers(asked(fetcher, known=[2]).leads) == [1, 2]
    assert fetcher.urls == [LISTING]


def test_no_more_pages_are_asked_for_than_are_set() -> None:
    fetcher = pages(rows(3), rows(4), rows(5), rows(6))
    assert numbers(asked(fetcher).leads) == [1, 2, 3, 4, 5]
    assert len(fetcher.requests) == 4


@pytest.mark.parametrize("end", ["", "[]", '{"data": ""}', "<p>Hết</p>", rows(1, 2)])
def test_the_end_of_the_listing_ends_the_asking(end: str) -> None:
    fetcher = pages(end, rows(3))
    listed = asked(fetcher)
    assert (numbers(listed.leads), listed.skips, len(fetcher.requests)) == ([1, 2], (), 2)


def test_a_piece_of_markup_within_json_is_read() -> None:
    assert numbers(asked(pages(json.dumps({"ok": True, "data": {"html": rows(3)}}), "")).leads) == [1, 2, 3]


def test_a_fault_of_a_further_page_costs_that_page_only() -> None:
    fetcher = pages(rows(3))
    fetcher.answers[API] = SourceError("server-error", "500", API)
    listed = asked(fetcher)
    assert (numbers(listed.leads), listed.problem) == ([1, 2], None)
    assert [skip.because for skip in listed.skips] == ["page 2 of the listing could not be read (server-error: 500)"]


def test_without_the_setting_nothing_more_is_asked() -> None:
    fetcher = pages(rows(3))
    asked(fetcher, of=make.source("tin", kind="vccorp", home=HOME, sections=(Section(url=LISTING),)))
    assert fetcher.urls == [LISTING]


def test_a_form_that_names_no_page_is_refused() -> None:
    with pytest.raises(ValidationError, match=r'no value holds "\{page\}"'):
        More(url=API, form={"zone": 12})


@pytest.mark.parametrize(
    ("kind", "url", "because"),
    [("feed", API, "kind feed has no further pages"), ("vccorp", "https://x.example/api", "on none of the source's")],
)
def test_further_pages_belong_to_vccorp_and_to_the_hosts_of_the_source(kind: str, url: str, because: str) -> None:
    with pytest.raises(ValidationError, match=because):
        Source(
            id="tin", name="Tin", kind=kind, home=HOME, sections=(Section(url=LISTING, more=More(url=url, form=FORM)),)
        )
