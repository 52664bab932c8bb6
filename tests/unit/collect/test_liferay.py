import pytest

from aggregator.collect import discover, liferay
from tests import make_reading as make

SITE = "https://moh.gov.vn"


@pytest.mark.parametrize(
    ("path", "ref"),
    [
        ("/tin/-/asset_publisher/k206Q/content/ten-bai", "ten-bai"),
        ("/en_US/tin/-/asset_publisher/k206Q/content/ten-bai?redirect=%2F", "ten-bai"),
        ("/web/guest/-/ten-bai", "ten-bai"),
        ("/tin/-/asset_publisher/k206Q/content/id/12345", "12345"),
        ("/tin/-/view_content/3885338-ten-bai", "3885338"),
        ("/web/x/-/view_content/3885338-ten-bai-bi-cat/vi", "3885338"),
        ("/tin-tong-hop", ""),
        ("/", ""),
    ],
)
def test_what_follows_content_is_the_identity(path: str, ref: str) -> None:
    assert liferay.ref(SITE + path) == ref


def test_one_article_on_two_pages_is_one_lead() -> None:
    body = '<a href="/tin/-/asset_publisher/A/content/ten-bai-nay?redirect=1">Tên</a><a href="/b/-/ten-bai-nay">Tên</a>'
    found = discover.read_leads(make.source("liferay", SITE + "/"), make.section(), make.page(body, SITE + "/"))
    assert [lead.url for lead in found.leads] == [SITE + "/tin/-/asset_publisher/A/content/ten-bai-nay"]


def test_the_title_is_never_the_section_or_the_title_tag() -> None:
    url = SITE + "/tin/-/view_content/1234567-ten"
    of = make.source("liferay", SITE + "/")
    markup = (
        "<title>Cổng của quận khác</title><div class=portlet-asset-publisher><h1 class=portlet-title>Tin nóng</h1>"
        f"<div class=journal-content-article><p>{'Nội dung dài. ' * 20}</p></div></div>"
    )
    lead = make.lead(of, url, "1234567", title="Tên bài trong danh sách")
    assert discover.read_article(of, make.page(markup, url), lead).title == "Tên bài trong danh sách"


def test_a_date_glued_to_the_lead_becomes_the_time() -> None:
    url = SITE + "/en_US/tin/-/asset_publisher/A/content/ten"
    told = "<div class=contentDetail><h3>Tên</h3><div class=sapo>Friday 2025-07-18 08:43 Health news today.</div>"
    page = make.page(told + "<div class=journal-content-article><p>Text.</p></div></div>", url)
    draft = discover.read_article(make.source("liferay", SITE + "/"), page, None)
    assert (draft.time, draft.lead) == ("Friday 2025-07-18 08:43", "Health news today.")
