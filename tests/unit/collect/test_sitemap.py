import gzip

import pytest

from aggregator.collect import discover, sitemap
from aggregator.errors import SourceError
from tests import make_reading as make

URLSET = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
PLACE = "<url><loc>https://tin.example.vn/tin/mot-hai-ba-bon-{0}</loc><lastmod>{0}</lastmod></url>"


def read(body: bytes | str, **settings):
    page = make.page(body, "https://tin.example.vn/sitemap.xml", "application/xml")
    return discover.read_leads(make.source("sitemap", **settings), make.section(), page)


def cause(body: bytes | str) -> str:
    with pytest.raises(SourceError) as caught:
        read(body)
    return caught.value.cause


def test_a_packed_sitemap_is_read() -> None:
    assert len(read(gzip.compress(URLSET.format(PLACE.format("2026-10-01")).encode())).leads) == 1


def test_a_packed_bomb_is_too_large() -> None:
    assert cause(gzip.compress(b" " * (sitemap.LARGEST + 2))) == "too-large"


def test_damaged_packing_is_no_sitemap() -> None:
    assert cause(b"\x1f\x8b\x08damaged") == "not-a-feed"


def test_of_a_large_sitemap_the_newest_are_kept() -> None:
    places = "".join(PLACE.format(f"20{year:02}-{month:02}-01") for year in range(10, 26) for month in range(1, 13))
    leads = read(URLSET.format(places)).leads
    assert len(leads) == sitemap.KEPT
    assert (leads[0].time, leads[-1].time) == ("2025-12-01", "2017-09-01")


def test_a_pattern_chooses_among_the_addresses() -> None:
    places = PLACE.format("2026-10-01") + "<url><loc>https://tin.example.vn/p/77</loc></url>"
    assert [lead.ref for lead in read(URLSET.format(places), article_pattern=r"/p/(\d+)$").leads] == ["77"]


def test_a_sitemap_cut_off_in_the_middle_gives_what_came() -> None:
    assert len(read(URLSET.format(PLACE.format("2026-10-01") * 2)[:-40]).leads) == 1


def test_a_wrong_namespace_is_no_obstacle() -> None:
    assert read('<x:urlset xmlns:x="urn:x"><x:url><x:loc>https://tin.example.vn/a</x:loc></x:url></x:urlset>').leads


def test_a_sitemap_nested_without_end_is_refused_or_read_within_bounds() -> None:
    body = URLSET.format("<url>" * 100_000)
    assert cause(body) in {"empty", "not-a-feed"}


@pytest.mark.parametrize(
    ("body", "name"), [("", "empty"), (URLSET.format(""), "empty"), ("<html></html>", "not-a-feed")]
)
def test_a_sitemap_without_articles_has_a_named_cause(body: str, name: str) -> None:
    assert cause(body) == name


def test_an_external_entity_is_never_read() -> None:
    body = '<!DOCTYPE urlset SYSTEM "file:///etc/passwd">' + URLSET.format(PLACE.format("2026-10-01")).split("?>")[1]
    assert [lead.time for lead in read(body).leads] == ["2026-10-01"]


def test_articles_with_short_names_are_told_by_those_beside_them() -> None:
    slugs = ("tin/dau-mat-do", "tin/kho-mat-khi-dung-dieu-hoa", "tin/cham-soc-kinh-ap-trong", "lien-he", "gioi-thieu")
    urls = "".join(f"<url><loc>https://tin.example.vn/{slug}/</loc></url>" for slug in slugs)
    assert [lead.url.split("/")[-2] for lead in read(URLSET.format(urls)).leads] == [slug[4:] for slug in slugs[:3]]


def test_where_most_addresses_stand_in_folders_those_at_the_root_are_no_articles() -> None:
    urls = "".join(f"<url><loc>https://tin.example.vn/{slug}</loc></url>" for slug in ("lien-he", "tin/cum", "tin/soi"))
    assert [lead.url.split("/")[-1] for lead in read(URLSET.format(urls)).leads] == ["cum", "soi"]
