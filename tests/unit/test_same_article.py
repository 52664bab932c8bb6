"""One article, many addresses: the families' own ids and the canonical address together."""

import pytest

from aggregator.collect import discover
from aggregator.refine.identity import article_id
from tests import make_reading as make

SAME = {
    "vccorp": (
        "https://tin.example.vn/phong-benh-mua-mua-169261020042000123.htm",
        "https://tin.example.vn/phong-benh-mua-mua-bao-169261020042000123.htm",
        "https://m.tin.example.vn/phong-benh-mua-mua-169261020042000123.htm",
        "http://www.tin.example.vn/phong-benh-mua-mua-169261020042000123.htm?utm_source=zalo#binh-luan",
    ),
    "liferay": (
        "https://tin.example.vn/vi/tin-tuc/-/asset_publisher/Ab1/content/tap-huan-tram-y-te",
        "https://tin.example.vn/tin-tuc/-/asset_publisher/Ab1/content/tap-huan-tram-y-te?inheritRedirect=false",
        "https://www.tin.example.vn/vi/-/asset_publisher/Zz9/content/tap-huan-tram-y-te",
    ),
    "aspnet": (
        "https://tin.example.vn/tin-tuc/tap-huan-c1780-12345.aspx",
        "https://tin.example.vn/tin-tuc/tap-huan-tram-y-te-c1780-12345.aspx",
        "https://tin.example.vn/tin-tuc/tap-huan-cmobile1780-12345.aspx",
    ),
    "moh_bridge": (
        "https://moh.gov.vn/index.jsp?pageId=5803&aid=167411&cid=8358",
        "https://moh.gov.vn/index.jsp?cid=9001&aid=167411&pageId=5803&fbclid=Iw1",
    ),
    "feed": (
        "https://tin.example.vn/tin/tap-huan.html",
        "http://m.tin.example.vn/tin/tap-huan.html?utm_medium=rss&gclid=1",
    ),
}
OTHER = {
    "vccorp": "https://tin.example.vn/phong-benh-mua-mua-169261020042000124.htm",
    "liferay": "https://tin.example.vn/vi/tin-tuc/-/asset_publisher/Ab1/content/tap-huan-tram-y-te-2",
    "aspnet": "https://tin.example.vn/tin-tuc/tap-huan-c1780-12346.aspx",
    "moh_bridge": "https://moh.gov.vn/index.jsp?pageId=5803&aid=167412&cid=8358",
    "feed": "https://tin.example.vn/tin/tap-huan.html?id=2",
}


def id_of(kind: str, url: str) -> str:
    of = make.source(kind, "https://moh.gov.vn/" if kind == "moh_bridge" else "https://tin.example.vn/")
    return article_id(of.id, discover.reference(of, url), url)


@pytest.mark.parametrize("kind", sorted(SAME))
def test_an_article_has_one_id_at_all_its_addresses(kind: str) -> None:
    assert len({id_of(kind, url) for url in SAME[kind]}) == 1


@pytest.mark.parametrize("kind", sorted(SAME))
def test_another_article_of_the_family_has_another_id(kind: str) -> None:
    assert id_of(kind, OTHER[kind]) != id_of(kind, SAME[kind][0])
