"""Every kind of embed in every form on a portal of another origin, pasted and allowed exactly as the gallery says."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.served import PORTAL, Portal, Site
from tests.browser.snippets import form_of
from tests.browser.test_trust_shown import ELEMENT
from tests.browser.touching import violations

pytestmark = pytest.mark.browser

KINDS = ("tin", "khan", "hom-nay", "tim")
PAYLOADS = {"tin": "all", "khan": "urgent", "hom-nay": "today"}
RUNNING, ENDED = "diet-lang-quang", "bluezone"
MESSAGE = "Mỗi tuần 10 phút diệt lăng quăng, bọ gậy để phòng sốt xuất huyết"


def newest(site: Site, kind: str) -> str:
    """The first title that a kind shows."""
    data = json.loads(site.text(f"embed/latest/{PAYLOADS[kind]}.json"))
    return str(data["stories"][0]["title"])


def shown(open_: Open, portal: Portal, site: Site, kind: str, form: str, width: int = 1280) -> Page:
    pasted = form_of(site, kind, form)
    page = open_.page(viewport={"width": width, "height": 900})
    page.goto(portal.page(f"<main>{pasted.codes[0]}</main>", pasted.policy))
    return page


def sound(open_: Open) -> bool:
    assert open_.noted.errors + open_.noted.console == []
    return True


@pytest.mark.parametrize("kind", PAYLOADS)
def test_element_and_frame_show_the_newest_first(open_: Open, portal: Portal, site: Site, kind: str) -> None:
    page = shown(open_, portal, site, kind, "the")
    expect(page.locator(f"{ELEMENT} li a").first).to_have_text(newest(site, kind))
    assert sound(open_)
    page = shown(open_, portal, site, kind, "khung")
    expect(page.frame_locator("iframe").locator("li a").first).to_have_text(newest(site, kind))
    assert sound(open_)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_in_an_element_of_any_kind(
    open_: Open, portal: Portal, site: Site, kind: str, width: int
) -> None:
    page = shown(open_, portal, site, kind, "the", width)
    expect(page.locator(f"{ELEMENT} section")).to_be_visible()
    page.evaluate("document.querySelector('main').prepend(document.querySelector('h1'))")
    assert violations(page, False) == []
    room = "(e) => e.scrollHeight <= e.clientHeight + 1 && e.scrollWidth <= e.clientWidth + 1"
    assert page.locator(f"{ELEMENT} section").evaluate(room)


def test_the_bar_leads_to_all_notices(open_: Open, portal: Portal, site: Site) -> None:
    page = shown(open_, portal, site, "khan", "the")
    more = page.locator(ELEMENT).get_by_role("link", name="Mọi thông báo khẩn")
    expect(more).to_be_visible()
    assert more.get_attribute("href") == f"{site.origin}/khan/"


@pytest.mark.parametrize("kind", KINDS)
def test_a_frame_that_tells_its_height_is_as_high_as_what_it_shows(
    open_: Open, portal: Portal, site: Site, kind: str
) -> None:
    page = shown(open_, portal, site, kind, "tu-cao", 360)
    frame = page.frame_locator("iframe")
    expect(frame.locator("main")).to_be_visible()
    asked = "() => new Promise((done) => setTimeout(() => done(document.querySelector('iframe').clientHeight), 300))"
    height = page.evaluate(asked)
    room = frame.locator("html").evaluate("() => [document.documentElement.scrollHeight, innerHeight]")
    main = frame.locator("main").evaluate("(e) => Math.ceil(e.getBoundingClientRect().height)")
    assert room[0] == room[1] == main == height
    assert sound(open_)


def test_another_frame_cannot_set_the_height_and_neither_can_nonsense(open_: Open, portal: Portal, site: Site) -> None:
    pasted = form_of(site, "tin", "tu-cao")
    page = open_.page()
    page.goto(portal.page(f"{pasted.codes[0]}<iframe id='other' src='about:blank'></iframe>", pasted.policy))
    expect(page.frame_locator("[data-tin-y-te]").locator("main")).to_be_visible()
    settled = "() => new Promise((done) => setTimeout(done, 300))"
    page.evaluate(settled)
    before = page.locator("[data-tin-y-te]").get_attribute("height")
    send = "(said) => parent.postMessage(said, '*')"
    other = next(frame for frame in page.frames if frame.url == "about:blank")
    own = next(frame for frame in page.frames if frame.url.endswith("all.auto.html"))
    other.evaluate(send, {"tinYTe": "height", "height": 999})
    for said in (None, "height", {"tinYTe": "height", "height": 99999}, {"tinYTe": "height", "height": "x"}, {"a": 1}):
        own.evaluate(send, said)
    page.evaluate(settled)
    assert page.locator("[data-tin-y-te]").get_attribute("height") == before
    own.evaluate(send, {"tinYTe": "height", "height": 444})
    expect(page.locator("[data-tin-y-te]")).to_have_attribute("height", "444")


@pytest.mark.parametrize("form", ["the", "khung", "tu-cao"])
def test_the_search_box_leads_to_our_results_and_tells_nobody_where_from(
    open_: Open, portal: Portal, site: Site, form: str
) -> None:
    page = shown(open_, portal, site, "tim", form)
    place = page.locator(ELEMENT) if form == "the" else page.frame_locator("iframe").locator("main")
    place.get_by_role("searchbox", name="Tìm tin y tế chính thức").fill("tiêm chủng")
    site.asked.clear()
    with page.context.expect_page() as opened:
        place.get_by_role("button", name="Tìm").click()
    expect(opened.value.locator("h1")).to_have_text("Tìm kiếm")
    assert opened.value.url.startswith(f"{site.origin}/tim-kiem/?q=ti")
    assert not [one.path for one in site.asked if PORTAL in one.headers.get("referer", "")]
    assert opened.value.evaluate("opener === null")
    assert sound(open_)


@pytest.mark.parametrize("kind", KINDS)
def test_the_image_has_words_and_leads_to_our_page(open_: Open, portal: Portal, site: Site, kind: str) -> None:
    page = shown(open_, portal, site, kind, "anh")
    image = page.get_by_role("img")
    seen = image.evaluate("async (i) => (await i.decode(), [i.naturalWidth, i.clientWidth, i.alt.length > 15])")
    assert seen == [600, 300, True]
    site.asked.clear()
    image.click()
    expect(page.locator("h1")).to_be_visible()
    assert page.url.startswith(f"{site.origin}/")
    assert not [one for one in site.asked if PORTAL in one.headers.get("referer", "")]
    assert sound(open_)


@pytest.mark.parametrize("name", ["bar", "today", "search"])
def test_fragments_are_bare_html_without_script_and_style(site: Site, name: str) -> None:
    fragment = site.text(f"embed/latest/{name}.fragment.html")
    assert not re.search(r"<script|<style|style=| on\w+=", fragment)
    links = re.findall(r'(?:href|action)="([^"]*)"', fragment)
    assert links and all(link.startswith(f"{site.origin}/") for link in links)


def campaign(open_: Open, portal: Portal, site: Site, slug: str) -> Page:
    pasted = form_of(site, RUNNING, "the")
    page = open_.page()
    code = pasted.codes[0].replace(f"campaign/{RUNNING}", f"campaign/{slug}")
    page.goto(portal.page(f"<main>{code}</main>", pasted.policy))
    page.evaluate("document.querySelector('main').prepend(document.querySelector('h1'))")
    return page


def test_a_campaigns_element_leads_to_its_page(open_: Open, portal: Portal, site: Site) -> None:
    page = campaign(open_, portal, site, RUNNING)
    link = page.locator(f"{ELEMENT} .call")
    expect(link).to_contain_text(MESSAGE)
    assert link.get_attribute("href") == f"{site.origin}/ung-dung/{RUNNING}/"
    assert violations(page, False) == [] and sound(open_)


def test_an_ended_campaign_is_gone_from_the_portal_link_and_all(open_: Open, portal: Portal, site: Site) -> None:
    page = campaign(open_, portal, site, ENDED)
    expect(page.locator(ELEMENT)).to_be_hidden()
    expect(page.locator(f"{ELEMENT} > a")).to_be_hidden()
    assert sound(open_)


def test_options_rewrite_the_snippets_and_what_is_shown(open_: Open, site: Site) -> None:
    page = open_.page()
    page.goto(site.url("nhung/index.html"))
    page.get_by_label("Số tin").fill("3")
    page.get_by_label("Nền").select_option("dark")
    page.get_by_label("Bố cục").select_option("compact")
    page.get_by_label("Màu nhấn").fill("#f6c000")
    code = page.locator("section[aria-labelledby$=' tin-the'] [data-snippet]").inner_text()
    for said in ('count="3"', 'theme="dark"', 'layout="compact"', 'accent="#f6c000"', 'shelf="all"'):
        assert code.count(said) == 1
    live = page.locator(f"section[aria-labelledby$=' tin-the'] {ELEMENT}")
    expect(live.locator("li")).to_have_count(3)
    assert live.locator("li a").first.evaluate("(a) => getComputedStyle(a).color") == "rgb(246, 192, 0)"
    page.get_by_label("Nền").select_option("")
    assert "theme=" not in page.locator("section[aria-labelledby$=' tin-the'] [data-snippet]").inner_text()
    assert sound(open_)


def test_the_officers_page_names_every_loader_its_hash_and_until_when_it_works(site: Site) -> None:
    page = site.text("nhung/an-toan/index.html")
    for version, end in (("1.0.0", "31/12/2028"), ("2.0.0", "chưa định ngày ngừng")):
        row = re.search(rf"<tr><td>{version}.*?</tr>", page, re.S)
        assert row and end in row[0] and "sha384-" in row[0]
    assert form_of(site, "tin", "the").code.split('integrity="')[1].split('"')[0] in page
