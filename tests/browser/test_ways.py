"""Ways through the site: four tasks done blind, the menu of narrow windows, ages beside times, paper."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.blind import Blind
from tests.browser.conftest import Open
from tests.browser.looking import WIDE
from tests.browser.served import Site
from tests.browser.test_reading import path_of

pytestmark = pytest.mark.browser


# --- four tasks, by keyboard and accessibility tree alone


def blind(open_: Open, site: Site, path: str = "index.html", **options: object) -> Blind:
    page = open_.page(**options)
    page.goto(site.url(path))
    return Blind(page)


def test_task_find_todays_notice_for_a_commune(open_: Open, site: Site) -> None:
    reader = blind(open_, site)
    reader.enter("link", "^Cần làm gì")
    assert reader.title() == "Cần làm gì?"
    reader.walk_to("searchbox", "^Nơi bạn ở")
    reader.page.keyboard.type("ha dong")
    expect(reader.page.get_by_role("status").filter(has_text="thông báo")).to_be_attached()
    assert any(re.fullmatch(r"\d+ thông báo", words.name) for words in reader.all("StaticText"))
    notice = reader.enter("link", "siro ho Minh Họa Kid")
    assert reader.title() == notice.name


def test_task_open_the_original_of_a_story(open_: Open, site: Site) -> None:
    reader = blind(open_, site, path_of("story with a table", site))
    original = reader.walk_to("link", "^Đọc bản gốc tại Bộ Y tế")
    with reader.page.expect_request(original.url) as asked:
        reader.page.keyboard.press("Enter")
    assert asked.value.is_navigation_request() and original.url.startswith("https://moh.gov.vn/")


def test_task_subscribe_to_a_place(open_: Open, site: Site) -> None:
    reader = blind(open_, site, permissions=["clipboard-read", "clipboard-write"])
    reader.enter("link", "^Đăng ký$")
    reader.walk_to("link", "^Theo địa phương$")
    reader.page.keyboard.press("Enter")
    reader.walk_to("button", "^Sao chép địa chỉ: Hà Nội$")
    reader.page.keyboard.press("Enter")
    expect(reader.page.get_by_role("status")).to_have_text("Đã sao chép")
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{site.origin}/feed/place/ha-noi.atom"
    assert (site.output / "feed/place/ha-noi.atom").is_file()


def test_task_report_an_error_in_a_story(open_: Open, site: Site) -> None:
    path = path_of("story with all parts", site)
    reader = blind(open_, site, path)
    link = reader.walk_to("link", "^Phản ánh, khiếu nại về tin này")
    id = re.search(r"-([a-z0-9]{12})\.html$", path)
    assert id and link.url.startswith("mailto:") and id[1] in link.url


# --- the navigation


@pytest.mark.parametrize("width", [320, 360, 768, 1024, 1280])
def test_the_navigation_fits_its_window_and_offers_every_section(open_: Open, site: Site, width: int) -> None:
    page = open_.page(viewport={"width": width, "height": 800})
    page.goto(site.url("gioi-thieu/index.html"))
    nav = page.get_by_role("navigation", name="Chuyên mục")
    if width < 992:
        nav.get_by_text("Mục khác").click()
    expect(nav.get_by_role("link")).to_have_count(10)
    assert page.evaluate(WIDE) == []
    for link in nav.get_by_role("link").all():
        box = link.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= width


def test_the_menu_opens_by_keyboard_and_closes_by_escape_and_a_touch_elsewhere(open_: Open, site: Site) -> None:
    page = open_.page(viewport={"width": 360, "height": 800})
    page.goto(site.url("gioi-thieu/index.html"))
    menu, topics = page.get_by_text("Mục khác"), page.locator("nav").get_by_role("link", name="Chủ đề")
    menu.focus()
    page.keyboard.press("Enter")
    expect(topics).to_be_visible()
    page.keyboard.press("Escape")
    expect(topics).to_be_hidden()
    expect(menu).to_be_focused()
    menu.click()
    expect(topics).to_be_visible()
    page.get_by_text("DỮ LIỆU MINH HOẠ").click()
    expect(topics).to_be_hidden()


def test_the_menu_works_without_javascript_and_marks_the_section(open_: Open, site: Site) -> None:
    page = open_.page(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page.goto(site.url("benh/index.html"))
    page.get_by_text("Mục khác").click()
    current = page.locator("nav [aria-current=page]:visible")
    expect(current).to_have_text("Bệnh")
    page.locator("nav").get_by_role("link", name="Nguồn tin").click()
    page.wait_for_url("**/nguon/")


def test_the_words_in_the_search_box_are_shown_whole(open_: Open, site: Site) -> None:
    page = open_.page()
    page.goto(site.url("index.html"))
    for width in (320, 360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        box = page.locator("#tim")
        room = box.evaluate("""(box) => {
          const pen = document.createElement("canvas").getContext("2d");
          const look = getComputedStyle(box);
          pen.font = look.font;
          const inside = box.clientWidth - parseFloat(look.paddingLeft) - parseFloat(look.paddingRight);
          return inside - pen.measureText(box.placeholder).width;
        }""")
        assert room > 0, width


# --- ages


def test_the_age_stands_beside_the_time_of_the_last_change_and_not_when_it_is_old(open_: Open, site: Site) -> None:
    page = open_.page()
    page.goto(site.url("index.html"))
    said = page.locator(".dateline time[data-age=shown]")
    changed = said.get_attribute("datetime")
    assert changed
    expect(page.locator(".dateline .age")).to_have_count(0)
    page.clock.set_fixed_time(changed.replace("+07:00", "Z"))  # seven hours later
    page.reload()
    expect(page.locator(".dateline .updated")).to_contain_text(re.compile(r"^Cập nhật lúc .* · 7 giờ trước$"))


def test_the_time_of_the_last_change_is_there_without_javascript(open_: Open, site: Site) -> None:
    page = open_.page(java_script_enabled=False)
    page.goto(site.url(path_of("day", site)))
    expect(page.locator(".updated")).to_contain_text(re.compile(r"Cập nhật lúc \d\d:\d\d, \d\d/\d\d/\d{4}$"))


# --- on paper

LEFT_OUT = ".find, .mainnav, .crumbs, .steps, .feeds, .copy, .footer-links"
A4 = rb"/MediaBox\s*\[\s*0 0 (594\.\d+|595\.?\d*) (84[12]\.?\d*)\s*\]"


def printed(open_: Open, site: Site, kind: str) -> Page:
    """The page as paper shows it, an A4's text column wide, for a reader who prefers the dark."""
    page = open_.page(color_scheme="dark", viewport={"width": 673, "height": 960})
    page.goto(site.url(path_of(kind, site)))
    page.emulate_media(media="print", color_scheme="dark")
    return page


@pytest.mark.parametrize("kind", ["day", "week", "month", "story with all parts"])
def test_paper_holds_the_news_and_nothing_to_click(open_: Open, site: Site, kind: str) -> None:
    page = printed(open_, site, kind)
    expect(page.locator(LEFT_OUT).locator("visible=true")).to_have_count(0)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".print-only")).to_contain_text(site.origin)
    assert page.evaluate(WIDE) == []
    sizes = re.findall(A4, page.pdf(prefer_css_page_size=True))
    assert sizes
    links = page.locator("main a").locator("visible=true")
    colours = links.evaluate_all("(all) => [...new Set(all.map((one) => getComputedStyle(one).color))]")
    assert links.count() and colours
    assert all(max(map(int, re.findall(r"\d+", colour)[:3])) < 150 for colour in colours), colours


def test_a_printed_story_tells_the_address_of_its_original(open_: Open, site: Site) -> None:
    page = printed(open_, site, "story with all parts")
    shown = page.locator(".original a").evaluate("(link) => getComputedStyle(link, '::after').content")
    assert "https://" in shown
