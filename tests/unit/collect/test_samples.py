"""The saved third-party pages beside the repository, with what their README says a right reader finds."""

import json
import re
from pathlib import Path

import pytest

from aggregator.collect import discover, html
from aggregator.collect.leads import Listing
from aggregator.model import Draft, Lead, Page
from tests import make_reading as make

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/samples is absent")


def sample(name: str, url: str, type: str = make.HTML) -> Page:
    return make.page((SAMPLES / name).read_bytes(), url, type)


def unmirrored(name: str, url: str) -> Page:
    """A page of the HTTrack mirror with the `.html` that it added to article addresses taken away again."""
    body = re.sub(rb"(view_content/[^\"']+?)\.html(?=[\"'])", rb"\1", (SAMPLES / name).read_bytes())
    return make.page(body, url)


def leads(kind: str, page: Page, **section: str) -> Listing:
    of = make.source(kind, make.root(page.url))
    return discover.read_leads(of, make.section(page.url, **section), page)


def article(kind: str, page: Page, lead: Lead | None = None) -> Draft:
    return discover.read_article(make.source(kind, make.root(page.url)), page, lead)


def test_the_bridge_lists_three_articles_the_third_without_summary_categories_or_time() -> None:
    url = "https://moh.gov.vn/bridge?url=/portal/api/lay_bai_viet_theo_danh_muc"
    found = leads(
        "moh_bridge", sample("moh.gov.vn/bridge_lay_bai_viet_theo_danh_muc.json", url, "application/json"), id="8358"
    )
    assert [lead.ref for lead in found.leads] == ["167411", "167409", "167408"]
    assert found.leads[0].time == "29/04/2026 08:30 AM"
    assert found.leads[0].url == "https://moh.gov.vn/index.jsp?pageId=5803&aid=167411&cid=8358"
    assert (found.leads[2].summary, found.leads[2].time) == ("", "")


def test_the_bridge_tells_an_article_of_two_paragraphs_and_one_image() -> None:
    url = "https://moh.gov.vn/bridge?url=/portal/api/layChiTietBaiViet"
    draft = article("moh_bridge", sample("moh.gov.vn/bridge_layChiTietBaiViet.json", url, "application/json"))
    assert (draft.ref, draft.time) == ("167411", "29/04/2026 08:30 AM")
    assert draft.body.count("<p>") == 2
    assert [image.url for image in draft.images] == [
        "https://moh.gov.vn/resource/CustomsCMS/ckeditor/images/detail.png"
    ]


def test_the_ministrys_covid_home_page_lists_its_sixteen_marked_links_first() -> None:
    page = sample("ncov.moh.gov.vn/home_2020-03-26.html", "https://ncov.moh.gov.vn/")
    found = leads("liferay", page)
    marked = [html.line(a) for a in html.soup_of(page).select("a.text-tletin")]
    assert len(marked) == 16
    assert [lead.title for lead in found.leads[:16]] == marked
    assert found.leads[0].title.startswith("Khuyến cáo chung của Bộ y tế về phòng chống bệnh viêm đường hô hấp cấp")
    assert found.leads[4].time == "Thứ tư, 05/02/2020, 11:00"
    assert all(lead.url.startswith("https://ncov.moh.gov.vn/") and "?" not in lead.url for lead in found.leads)
    assert not any(" " in lead.image or "%20" in lead.image for lead in found.leads)
    assert [skip.because for skip in found.skips] == ["bulletins of the timeline without an address of their own: 4"]


def test_the_departments_home_page_lists_hot_news_and_blocks() -> None:
    found = leads("liferay", unmirrored("sotttt.hanoi.gov.vn/home_2022-08-27.html", "https://sotttt.hanoi.gov.vn/"))
    assert (found.leads[0].ref, found.leads[0].time) == ("4430301", "(24/08/2022)")
    assert len(found.leads) == 42
    assert len({lead.ref for lead in found.leads}) == 42
    assert all(lead.title for lead in found.leads)


def test_the_departments_covid_listing_lists_twenty_articles() -> None:
    url = "https://sotttt.hanoi.gov.vn/phong-chong-dich-benh-covid-19"
    found = leads("liferay", unmirrored("sotttt.hanoi.gov.vn/listing_covid-19_2022-08-27.html", url))
    first = found.leads[0]
    assert len(found.leads) == 20
    assert (first.ref, first.time) == ("3885338", "Ngày đăng 09/09/2020 | 05:07 PM")
    assert first.title == (
        "Sở Thông tin và Truyền thông Hà Nội xử phạt vi phạm hành chính đối với chủ tài khoản facebook"
        " đăng tải thông tin sai sự thật."
    )
    assert first.url.startswith("https://sotttt.hanoi.gov.vn/phong-chong-dich-benh-covid-19/-/view_content/3885338-")
    assert not first.url.endswith(".html")
    said = " ".join(lead.summary for lead in found.leads)
    numbers = ["786 /STTTT-BCXBTT", "623/STTTT-BCXBTT", "568/STTTT-BCXBTT", "335 /STTTT-BCXBTT"]
    for number in [*numbers, "284/QĐ-TTg", "16/CT-TTg", "180-KH/TU"]:
        assert number in said


def test_the_departments_english_article_is_read_as_such() -> None:
    url = "https://sotttt.hanoi.gov.vn/web/sotttt-eng/hot-news/-/view_content/2625972-hanoi-department-of-information"
    draft = article("liferay", sample("sotttt.hanoi.gov.vn/article_2625972_2022-08-27.html", url))
    assert draft.title.startswith("Hanoi Department of Information and Communications (HDIC) creates a video clip")
    assert draft.time.startswith("Ngày đăng 20/06/2018 | 4:12 PM")
    assert (draft.ref, draft.language, draft.author) == ("2625972", "en", "Bich Thao")
    assert draft.lead.startswith("With the aim to guide")
    assert "349" not in draft.body + draft.title + draft.lead
    assert "Promoting propaganda" not in draft.body


def test_the_structure_of_a_vccorp_article_is_read_without_its_boxes() -> None:
    url = "https://tuoitre.vn/tieu-de-100261005154200123.htm"
    draft = article("vccorp", sample("vccorp/article_structure_2026-10-05.html", url))
    told = (draft.title, draft.lead, draft.author, draft.time)
    assert told == ("Tiêu đề", "Sapo của bài.", "KỲ PHONG", "05/10/2026 15:42 GMT+7")
    assert [image.url for image in draft.images] == ["https://cdn2.tuoitre.vn/471584752817336320/2026/10/5/a-1.jpg"]
    assert "Đoạn trong hộp nội dung." in draft.body
    for junk in ("Bài liên quan", "Sapo bài khác", "Mô tả video", "Đọc tiếp", "BOT", "Bình luận", "logo.png"):
        assert junk not in draft.body


def test_the_press_feed_holds_twenty_five_articles() -> None:
    found = leads("feed", sample("vnexpress.net/suc-khoe_2019-04-02.rss", "https://vnexpress.net/rss/suc-khoe.rss"))
    assert len(found.leads) == 25
    assert found.leads[0].time == "Tue, 02 Apr 2019 15:22:57 +0700"
    assert found.leads[0].summary.startswith("<a href=")


def test_the_malformed_press_feed_holds_its_one_article() -> None:
    page = sample("vnexpress.net/the-gioi_2025-02-06_malformed.xml", "https://vnexpress.net/rss/the-gioi.rss")
    (lead,) = leads("feed", page).leads
    assert lead.title == "Israel nối gót Mỹ rời Hội đồng Nhân quyền LHQ"
    assert lead.image.endswith("&fit=crop&s=EZLAecVUZhLBSg818oeXbA")


@pytest.mark.parametrize("how", ["source", "extract"])
def test_the_press_article_is_read_without_a_family(how: str) -> None:
    url = "https://vnexpress.net/dau-bung-keo-dai-phat-hien-ung-thu-lymphoma-ruot-non-4954454.html"
    page = sample("vnexpress.net/article_2025-10-22.html", url)
    draft = article("feed", page) if how == "source" else discover.extract_any(page)
    told = json.loads((SAMPLES / "vnexpress.net/article_2025-10-22.expected.json").read_text("utf-8"))["V1"]
    assert draft.title == told["title"]
    assert draft.author == told["authors"][0]
    assert draft.lead == told["body"]["summary"][0]
    paragraphs = [html.line(tag) for tag in html.soup(draft.body).select("p, figcaption")]
    assert paragraphs == told["body"]["sections"][0]["paragraphs"]
    assert draft.time == told["publishing_date"].replace(" ", "T")
    assert list(draft.keywords) == told["topics"]
    assert (draft.doubts, draft.url) == ((), url)


@pytest.mark.parametrize(
    ("name", "url", "kind", "count"),
    [
        ("moh.gov.vn/bridge_lay_bai_viet_theo_danh_muc.json", "https://moh.gov.vn/bridge?url=/x", "moh_bridge", 3),
        ("ncov.moh.gov.vn/home_2020-03-26.html", "https://ncov.moh.gov.vn/", "liferay", 21),
        ("ncov.moh.gov.vn/home_2020-03-26.html", "", "liferay", 21),
        ("sotttt.hanoi.gov.vn/home_2022-08-27.html", "https://sotttt.hanoi.gov.vn/", "liferay", 42),
        ("sotttt.hanoi.gov.vn/listing_covid-19_2022-08-27.html", "https://sotttt.hanoi.gov.vn/x", "liferay", 20),
        ("vnexpress.net/suc-khoe_2019-04-02.rss", "https://vnexpress.net/rss/suc-khoe.rss", "feed", 25),
        ("vnexpress.net/suc-khoe_2019-04-02.rss", "https://page.invalid/", "feed", 25),
        ("vnexpress.net/the-gioi_2025-02-06_malformed.xml", "", "feed", 1),
    ],
)
def test_a_sample_is_recognised_without_a_source(name: str, url: str, kind: str, count: int) -> None:
    found = discover.guess(sample(name, url))
    assert (found.kind, len(found.leads)) == (kind, count)
    assert found.because


def test_a_saved_answer_of_the_bridge_is_the_ministrys_though_its_address_was_never_given() -> None:
    page = sample("moh.gov.vn/bridge_layChiTietBaiViet.json", "https://page.invalid/", "application/json")
    assert discover.extract_any(page).url == "https://moh.gov.vn/index.jsp?pageId=5803&aid=167411"


def test_an_article_that_names_no_address_is_given_none() -> None:
    page = sample("vccorp/article_structure_2026-10-05.html", "https://page.invalid/")
    assert discover.extract_any(page).url == "https://page.invalid/"
