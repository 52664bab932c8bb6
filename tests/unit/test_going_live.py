"""What a public site lacks: facts in, sentences out."""

import pytest

from aggregator.settings import Config, Site, Source
from aggregator.steps import going_live

PUBLIC = "https://bantin.example/"


def site(mode: str = "public", base_url: str = PUBLIC, *, enabled: bool = True) -> Config:
    sections = ({"url": "https://a.example/x"},)
    one = Source(id="a", name="A", kind="listing", home="https://a.example/", sections=sections, enabled=enabled)
    return Config.model_construct(site=Site.model_construct(mode=mode, base_url=base_url), sources=(one,))


def test_a_preview_lacks_nothing() -> None:
    assert going_live.lacking(site("preview"), {}, {"a": 50}, "none") == ()


def test_everything_that_is_missing_is_named_with_what_to_type() -> None:
    address, keys, items = going_live.lacking(site(base_url="http://127.0.0.1:8000/"), {}, {"a": 50}, "none")
    assert "site.base_url" in address
    assert "aggregator keys init" in keys
    assert items == "a: 10 more items must be confirmed: aggregator sources confirm a"


@pytest.mark.parametrize(
    ("confirmed", "live", "missing"),
    [(10, 50, 0), (9, 50, 1), (12, 50, 0), (3, 4, 1), (4, 4, 0), (0, 0, 1)],
)
def test_ten_of_each_source_are_asked_for_or_all_where_there_are_fewer(confirmed: int, live: int, missing: int) -> None:
    assert going_live.missing({"a": confirmed}, {"a": live}, "a") == missing


def test_sources_that_are_switched_off_are_not_asked_for() -> None:
    assert going_live.lacking(site(enabled=False), {}, {}, "ready") == ()


def test_while_anything_is_missing_the_site_is_a_preview() -> None:
    assert going_live.held_back(site(), ("x",)).site.mode == "preview"
    assert going_live.held_back(site(), ()).site.mode == "public"
