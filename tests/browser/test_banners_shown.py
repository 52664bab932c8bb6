"""Campaign banners on a portal of another origin, pasted and allowed exactly as the gallery says."""

import re

import pytest
from playwright.sync_api import Page, expect

from aggregator.publish.campaigns import SIZES
from tests.browser.conftest import Open
from tests.browser.looking import FAINT
from tests.browser.served import PORTAL, SITE, SITE_2020, Portal, Site
from tests.browser.snippets import Pasted, banner

pytestmark = pytest.mark.browser

RUNNING, ENDED = "diet-lang-quang", "bluezone"
TITLE = "Diệt lăng quăng, phòng sốt xuất huyết"
MESSAGE = "Mỗi tuần 10 phút diệt lăng quăng, bọ gậy để phòng sốt xuất huyết"

# Lines of words (scaled outlines) that are drawn outside the image.
CLIPPED = """() => {
  const image = document.documentElement.getBoundingClientRect();
  const drawn = [...document.querySelectorAll("path[transform*=scale]")].map((path) => path.getBoundingClientRect());
  const inside = ({ x, y, right, bottom }) => x >= 0 && y >= 0 && right <= image.width && bottom <= image.height;
  return drawn.filter((box) => !inside(box)).map((box) => JSON.stringify(box));
}"""


def show(open_: Open, portal: Portal, *pasted: Pasted, **options: object) -> Page:
    page = open_.page(**options)
    page.goto(portal.page("\n".join(one.code for one in pasted), "; ".join({one.policy for one in pasted})))
    return page


def test_the_image_is_shown_in_its_size_and_leads_to_the_campaigns_page(
    open_: Open, portal: Portal, site: Site
) -> None:
    pasted = banner(site, RUNNING, "800x81", "anh")
    assert pasted.policy == f"img-src {site.origin}"
    site.asked.clear()
    page = show(open_, portal, pasted)
    image = page.get_by_role("img")
    seen = image.evaluate("async (i) => (await i.decode(), [i.naturalWidth, i.naturalHeight, i.alt.length > 20])")
    assert seen == [800, 81, True]
    image.click()
    expect(page.locator("h1")).to_have_text(TITLE)
    assert not [asked for asked in site.asked if PORTAL in asked.headers.get("referer", "")]
    assert open_.noted.errors + open_.noted.console == []


@pytest.mark.parametrize("size", ["230x46", "298x50", "300x250", "1170x90"])
def test_the_frame_shows_the_whole_banner_without_scrollbars(
    open_: Open, portal: Portal, site: Site, size: str
) -> None:
    page = show(open_, portal, banner(site, RUNNING, size, "khung"))
    frame = page.frame_locator("iframe")
    image = frame.get_by_role("img")
    expect(image).to_be_visible()
    width, height = (int(part) for part in size.split("x"))
    box = image.evaluate("async (i) => (await i.decode(), [i.clientWidth, i.clientHeight, i.naturalWidth])")
    assert box == [width, height, width]
    room = "() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert frame.locator("html").evaluate(room) == [width, height]
    assert open_.noted.errors + open_.noted.console == []
    with page.context.expect_page() as opened:
        image.click()
    expect(opened.value.locator("h1")).to_have_text(TITLE)


@pytest.mark.parametrize("width", [300, 360, 1280])
def test_the_fluid_frame_fills_its_column_and_cuts_nothing(open_: Open, portal: Portal, site: Site, width: int) -> None:
    pasted = banner(site, RUNNING, "fluid", "khung")
    page = show(open_, portal, pasted, viewport={"width": width, "height": 600})
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text(MESSAGE)).to_be_visible()
    expect(frame.get_by_role("link")).not_to_have_css("display", "inline")  # its style has come, too
    link = frame.get_by_role("link").evaluate("(a) => [a.clientWidth, a.scrollWidth, a.clientHeight, a.scrollHeight]")
    assert link[0] == link[1] > width - 30 and link[2] == link[3]
    room = "() => document.documentElement.scrollHeight <= innerHeight"
    assert frame.locator("html").evaluate(room)
    (inner,) = page.main_frame.child_frames
    assert inner.evaluate(FAINT, 4.5) == []
    assert open_.noted.errors + open_.noted.console == []


@pytest.mark.parametrize("host", [SITE, SITE_2020])
def test_no_banner_clips_its_words_as_they_are_drawn(open_: Open, site: Site, site_2020: Site, host: str) -> None:
    served, slugs = (site, [RUNNING]) if host == SITE else (site_2020, ["bluezone", "ha-noi-smart-city"])
    page = open_.page()
    clipped = {}
    for slug in slugs:
        for size in SIZES:
            page.goto(served.url(f"embed/campaign/{slug}/{size}.svg"))
            assert page.locator("path[transform*=scale]").count() > 0
            clipped[slug, size] = page.evaluate(CLIPPED)
    assert {key: texts for key, texts in clipped.items() if texts} == {}
    assert open_.noted.errors == [] and not [line for line in open_.noted.console if "404" not in line]


@pytest.mark.parametrize("form", ["800x81.svg", "800x81.html", "fluid.html"])
def test_a_campaign_that_ended_shows_nothing_where_it_was_pasted(
    open_: Open, portal: Portal, site: Site, form: str
) -> None:
    kind = "img" if form.endswith("svg") else "iframe"
    old = f'<{kind} src="{site.origin}/embed/campaign/{ENDED}/{form}" width="800" height="81" frameborder="0"></{kind}>'
    running = old.replace(ENDED, RUNNING)
    blank = '<div class="blank"></div>'
    policy = f"img-src {site.origin}; frame-src {site.origin}"
    page = open_.page(color_scheme="dark")
    style = ".blank { width: 800px; height: 81px }"
    page.goto(portal.page(f"<p>{old}</p><p>{running}</p>{blank}", policy, style))
    seen = page.locator(kind)
    nothing = page.locator(".blank").screenshot()
    assert seen.nth(1).screenshot() != nothing
    assert seen.nth(0).screenshot() == nothing
    assert open_.noted.errors + open_.noted.console == []


def test_a_campaign_that_ended_is_not_offered(open_: Open, site: Site) -> None:
    page = open_.page()
    page.goto(site.url("nhung/index.html"))
    expect(page.get_by_role("heading", name=re.compile(TITLE))).to_have_count(1)
    assert page.get_by_text("Bluezone").count() == 0
    assert page.locator("pre", has_text=f"/{ENDED}/").count() == 0


APP = "ung-dung/so-suc-khoe/index.html"
ANDROID = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"


@pytest.mark.parametrize(
    ("agent", "offered", "other"), [(ANDROID, "Google Play", "App Store"), (IPHONE, "App Store", "Google Play")]
)
def test_a_telephone_is_offered_its_own_store_and_the_other_on_asking(
    open_: Open, site: Site, agent: str, offered: str, other: str
) -> None:
    page = open_.page(user_agent=agent)
    page.goto(site.url(APP))
    expect(page.get_by_role("link", name=re.compile(offered))).to_be_visible()
    expect(page.get_by_role("link", name=re.compile(other))).to_be_hidden()
    assert page.get_by_role("img", name=re.compile("Mã QR")).count() == 0  # nobody scans his own screen
    page.get_by_role("button", name="Tải cho máy khác").click()
    expect(page.get_by_role("link", name=re.compile(other))).to_be_visible()
    expect(page.get_by_role("link", name=re.compile(offered))).to_be_focused()
    assert page.get_by_role("img", name=re.compile("Mã QR")).count() == 2
    assert open_.noted.errors + open_.noted.console == []


@pytest.mark.parametrize("script", [True, False])
def test_a_desk_and_a_browser_without_script_are_offered_both_stores_with_codes(
    open_: Open, site: Site, script: bool
) -> None:
    page = open_.page(java_script_enabled=script)
    page.goto(site.url(APP))
    for name in ("Google Play", "App Store"):
        expect(page.get_by_role("link", name=re.compile(name))).to_be_visible()
        expect(page.get_by_role("img", name=f"Mã QR đến {name}")).to_be_visible()
    expect(page.get_by_role("button", name="Tải cho máy khác")).to_be_hidden()
    assert open_.noted.errors + open_.noted.console == []


def test_a_banner_and_both_widgets_stand_together(open_: Open, portal: Portal, site: Site) -> None:
    together = [banner(site, RUNNING, "800x81", "anh"), banner(site, RUNNING, "fluid", "khung")]
    page = show(open_, portal, *together)
    expect(page.get_by_role("img")).to_be_visible()
    expect(page.frame_locator("iframe").get_by_text(MESSAGE)).to_be_visible()
    assert {url.split("/")[2] for url in open_.noted.urls} == {PORTAL, site.host}
    assert open_.noted.errors + open_.noted.console == []
