"""The element of loader 2 on portals as they are: strict, hostile, old, slow; alone and many at once."""

import json
import re
from collections import Counter

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Open
from tests.browser.looking import FAINT, KEPT, NOTHING_KEPT
from tests.browser.served import PORTAL, Portal, Site
from tests.browser.snippets import latest, released
from tests.browser.test_trust_shown import DONE, ELEMENT, stories
from tests.browser.test_widgets import FOR_ALL, HOSTILE, OLD_LIBRARIES
from tests.browser.touching import violations

pytestmark = pytest.mark.browser

PAYLOAD = "**/embed/latest/all.json"
WORSE = (
    OLD_LIBRARIES
    + """
Array.prototype[Symbol.iterator] = Array.prototype.at = Array.prototype.indexOf = broken;
String.prototype.slice = String.prototype.match = broken;
Object.fromEntries = Object.create.call = Number.isInteger = broken;
Object.defineProperty(Object.prototype, "seq", { get: () => 99, set() {}, configurable: true });
Element.prototype.insertAdjacentHTML = Element.prototype.closest = Element.prototype.matches = broken;
window.addEventListener("error", () => { throw new Error("the host's own"); });
setTimeout(() => { throw new Error("the host's own"); });
"""
)
MOVED = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((one) => (sum += one.value)))
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => setTimeout(() => done(sum), 300));
})"""
OLD_TABLE = """<table width="1000" border="0" cellpadding="0" cellspacing="0" align="center"><tr>
<td width="220" valign="top" bgcolor="#eeeeee"><font size="2"><center>{}</center></font></td>
<td valign="top"><h2>Tin của phường</h2></td></tr></table>"""


def element(site: Site, **attributes: str) -> str:
    """The snippet, with other attributes on the element."""
    code = latest(site, "the").code
    for name, value in attributes.items():
        code = re.sub(rf'(<{ELEMENT}[^>]*?) {name}="[^"]*"', r"\1", code)
        code = code.replace(f"<{ELEMENT}", f'<{ELEMENT} {name}="{value}"')
    return code


def show(
    open_: Open,
    portal: Portal,
    site: Site,
    body: str = "",
    style: str = "",
    doctype: str = "<!doctype html>",
    **options: object,
) -> Page:
    page = open_.page(**options)
    page.goto(portal.page(body or latest(site, "the").code, latest(site, "the").policy, style, doctype))
    return page


def rows(page: Page) -> list[str]:
    return page.locator(f"{ELEMENT} li a").all_inner_texts()


def sound(open_: Open) -> bool:
    assert open_.noted.errors + open_.noted.console == []
    return True


def legible(page: Page) -> bool:
    assert [line for line in page.evaluate(FAINT, 4.5) if "Cổng phường" not in line] == []
    return True


# --- what it loads


def test_it_loads_from_its_site_only_and_keeps_and_tells_nothing(open_: Open, portal: Portal, site: Site) -> None:
    page = open_.page()
    page.context.add_cookies([{"name": "a", "value": "b", "url": site.origin}])
    site.asked.clear()
    page.goto(portal.page(latest(site, "the").code, latest(site, "the").policy))
    expect(page.locator(f"{ELEMENT} li")).to_have_count(5)
    assert {url.split("/")[2] for url in open_.noted.urls} == {PORTAL, site.host}
    asked = [one for one in site.asked if one.headers.get("sec-fetch-dest") in {"script", "empty"}]
    assert {one.path.rpartition(".")[2] for one in asked} == {"js", "json"} and len(asked) == 5
    assert not [one.path for one in asked if "referer" in one.headers or "cookie" in one.headers]
    assert {**page.evaluate(KEPT), "cookies": ""} == NOTHING_KEPT
    assert sound(open_)


def test_every_link_in_it_leads_to_its_site(open_: Open, portal: Portal, site: Site) -> None:
    page = show(open_, portal, site)
    expect(page.locator(f"{ELEMENT} li")).to_have_count(5)
    links = page.locator(f"{ELEMENT} section a").all()
    assert len(links) == 6
    assert all((link.get_attribute("href") or "").startswith(f"{site.origin}/") for link in links)
    site.asked.clear()
    with page.context.expect_page() as opened:
        links[0].click()
    expect(opened.value.locator("article.story h1")).to_have_text(stories(site)[0])
    assert not [one for one in site.asked if PORTAL in one.headers.get("referer", "")]


def test_a_flipped_byte_in_the_loader_is_refused_and_the_link_stays(open_: Open, portal: Portal, site: Site) -> None:
    flipped = (site.output / "embed/v2/loader-2.0.0.js").read_bytes().replace(b"Tin y", b"Tin Y", 1)
    flipped = flipped.replace("Chưa".encode(), b"Chua", 1)
    page = open_.page()
    page.route(
        "**/embed/v2/loader-2.0.0.js",
        lambda route: route.fulfill(body=flipped, content_type="text/javascript", headers=FOR_ALL),
    )
    page.goto(portal.page(latest(site, "the").code, latest(site, "the").policy))
    expect(page.locator(f"{ELEMENT} > a")).to_be_visible()
    assert page.evaluate(f"customElements.get('{ELEMENT}') === undefined")
    assert len(open_.noted.console) == 1 and "integrity" in open_.noted.console[0] and open_.noted.errors == []


def test_twenty_on_a_page_ask_for_each_file_once(open_: Open, portal: Portal, site: Site) -> None:
    shelves = ["all"] * 14 + ["source/moh"] * 6
    script, _, tag = latest(site, "the").code.partition(f"<{ELEMENT}")
    tags = "".join(f"<{ELEMENT}{tag}".replace('shelf="all"', f'shelf="{shelf}"') for shelf in shelves)
    page = show(open_, portal, site, script + tags)
    expect(page.locator(f"{ELEMENT} li")).to_have_count(100)
    asked = Counter(url for url in open_.noted.urls if url.endswith((".json", ".js")))
    assert set(asked.values()) == {1} and len(asked) <= 1 + 2 + 2 * 2
    assert sound(open_)


def test_two_loaders_and_one_of_them_twice_stand_on_one_page(open_: Open, portal: Portal, site: Site) -> None:
    new = latest(site, "the").code
    page = show(open_, portal, site, released(site).code + new + new.replace("2.0.0.js", "2.0.0.js?again"))
    expect(page.locator("tin-y-te li a")).to_have_text(stories(site))
    expect(page.locator(f"{ELEMENT} li a")).to_have_text(stories(site) * 2)
    assert sound(open_)


# --- on portals as they are


def test_hostile_styles_leave_it_legible_and_in_shape(open_: Open, portal: Portal, site: Site) -> None:
    page = show(open_, portal, site, style=HOSTILE + "html { font-size: 300%; }")
    link = page.locator(f"{ELEMENT} li a").first
    expect(link).to_be_visible()
    names = ["fontSize", "fontWeight", "letterSpacing", "textTransform", "textIndent", "lineHeight"]
    style = f"(a) => {json.dumps(names)}.map((name) => getComputedStyle(a)[name])"
    assert link.evaluate(style) == ["16px", "600", "normal", "none", "0px", "24px"]
    box = page.locator(f"{ELEMENT} section").bounding_box()
    assert box and box["width"] > 900 and box["height"] > 400
    assert legible(page)


def test_replaced_prototypes_do_not_break_it_and_the_hosts_errors_do_not_reach_it(
    open_: Open, portal: Portal, site: Site
) -> None:
    page = open_.page()
    page.add_init_script(WORSE)
    page.goto(portal.page(latest(site, "the").code, latest(site, "the").policy))
    expect(page.locator(f"{ELEMENT} li a")).to_have_text(stories(site))
    assert set(open_.noted.errors) == {"the host's own"}


def test_it_stands_in_quirks_mode_and_in_an_old_table(open_: Open, portal: Portal, site: Site) -> None:
    page = show(open_, portal, site, OLD_TABLE.format(latest(site, "the").code), doctype="")
    expect(page.locator(f"{ELEMENT} li a")).to_have_text(stories(site))
    assert page.evaluate("document.compatMode") == "BackCompat"
    box = page.locator(f"{ELEMENT} section").bounding_box()
    assert box and 200 <= box["width"] <= 220 and box["height"] >= 500
    assert page.locator(f"{ELEMENT} li a").first.evaluate("(a) => getComputedStyle(a).textAlign") == "start"
    assert legible(page) and sound(open_)


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_when_it_comes_however_late(open_: Open, portal: Portal, site: Site, width: int) -> None:
    held: list[Route] = []
    page = open_.page(viewport={"width": width, "height": 900})
    page.route("**/embed/v2/*.js", lambda route: held.append(route))
    code = latest(site, "the").code
    body = f"<div>{code}</div><p id='after'>Tin của phường</p>"
    page.goto(portal.page(body, latest(site, "the").policy), wait_until="commit")
    expect(page.locator("#after")).to_be_visible()
    top = page.locator("#after").bounding_box()
    page.evaluate(DONE)
    held[0].continue_()
    expect(page.locator(f"{ELEMENT} li")).to_have_count(5)
    assert page.locator("#after").bounding_box() == top
    assert page.evaluate(MOVED) == 0


def test_nothing_moves_when_it_cannot_come(open_: Open, portal: Portal, site: Site) -> None:
    page = open_.page()
    page.route("**/embed/state.json", lambda route: route.abort())
    code = latest(site, "the").code
    page.goto(portal.page(f"<div>{code}</div><p id='after'>Tin của phường</p>", latest(site, "the").policy))
    page.wait_for_load_state("networkidle")
    expect(page.locator(f"{ELEMENT} > a")).to_be_visible()
    assert page.evaluate(MOVED) == 0 and open_.noted.errors == []


@pytest.mark.parametrize("answer", ["missing", "failing", "unreachable"])
@pytest.mark.parametrize("path", ["embed/latest/all.json", "embed/state.json", "heartbeat.json", "embed/roll/*.json"])
def test_when_a_file_cannot_be_had_the_link_stays_and_the_page_has_no_error(
    open_: Open, portal: Portal, site: Site, path: str, answer: str
) -> None:
    answers = {
        "missing": lambda route: route.fulfill(status=404, headers=FOR_ALL),
        "failing": lambda route: route.fulfill(status=500, headers=FOR_ALL),
        "unreachable": lambda route: route.abort(),
    }
    page = open_.page()
    page.route(f"**/{path}", answers[answer])
    page.goto(portal.page(latest(site, "the").code, latest(site, "the").policy))
    page.wait_for_load_state("networkidle")
    page.evaluate(DONE)
    expect(page.locator(f"{ELEMENT} > a")).to_be_visible()
    assert rows(page) == [] and open_.noted.errors == []


def test_while_the_news_are_slow_the_link_stands_and_then_the_titles(open_: Open, portal: Portal, site: Site) -> None:
    held: list[Route] = []
    page = open_.page()
    page.route(PAYLOAD, lambda route: held.append(route))
    with page.expect_request(PAYLOAD):
        page.goto(portal.page(latest(site, "the").code, latest(site, "the").policy))
    expect(page.locator(f"{ELEMENT} > a")).to_be_visible()
    held[0].continue_()
    expect(page.locator(f"{ELEMENT} li")).to_have_count(5)


def test_without_javascript_it_is_its_link(open_: Open, portal: Portal, site: Site) -> None:
    page = show(open_, portal, site, java_script_enabled=False)
    link = page.get_by_role("link", name=re.compile("^Tin y tế mới nhất"))
    expect(link).to_be_visible()
    assert link.get_attribute("href") == f"{site.origin}/"


# --- what a webmaster says


@pytest.mark.parametrize(("count", "shown"), [("12", 12), ("500", 20), ("-3", 1), ("nhiều", 5)])
def test_count_is_the_number_of_titles(open_: Open, portal: Portal, site: Site, count: str, shown: int) -> None:
    page = show(open_, portal, site, element(site, count=count))
    expect(page.locator(f"{ELEMENT} li")).to_have_count(shown)


def test_topic_is_short_for_the_shelf_of_a_topic(open_: Open, portal: Portal, site: Site) -> None:
    shelf = next(path.stem for path in (site.output / "embed/latest/topic").glob("*.json"))
    label = json.loads(site.text(f"embed/latest/topic/{shelf}.json"))["label"]
    body = element(site, topic=shelf).replace(' shelf="all"', "")
    expect(show(open_, portal, site, body).get_by_role("heading", name=label)).to_be_visible()


@pytest.mark.parametrize("shelf", ["../../heartbeat", "all.json?", "TOPIC", "https://x.example"])
def test_a_shelf_that_is_no_shelf_leaves_the_link_and_asks_for_nothing(
    open_: Open, portal: Portal, site: Site, shelf: str
) -> None:
    page = show(open_, portal, site, element(site, shelf=shelf))
    page.wait_for_load_state("networkidle")
    expect(page.locator(f"{ELEMENT} > a")).to_be_visible()
    assert not [url for url in open_.noted.urls if url.endswith(".json")] and open_.noted.errors == []


@pytest.mark.parametrize(
    ("theme", "scheme", "ground"),
    [
        ("light", "dark", "rgb(255, 255, 255)"),
        ("dark", "light", "rgb(20, 23, 26)"),
        ("auto", "dark", "rgb(20, 23, 26)"),
        ("auto", "light", "rgb(255, 255, 255)"),
    ],
)
def test_it_is_as_light_or_dark_as_the_webmaster_says_and_legible(
    open_: Open, portal: Portal, site: Site, theme: str, scheme: str, ground: str
) -> None:
    page = show(open_, portal, site, element(site, theme=theme), color_scheme=scheme)
    section = page.locator(f"{ELEMENT} section")
    expect(section).to_be_visible()
    assert section.evaluate("(e) => getComputedStyle(e).backgroundColor") == ground
    assert legible(page)


@pytest.mark.parametrize(
    ("accent", "theme", "taken"),
    [
        ("#7a1fa2", "light", True),
        ("#f6c000", "light", False),
        ("#f6c000", "dark", True),
        ("#7a1fa2", "dark", False),
        ("red;background:url(x)", "light", False),
    ],
)
def test_an_accent_is_taken_where_it_can_be_read(
    open_: Open, portal: Portal, site: Site, accent: str, theme: str, taken: bool
) -> None:
    page = show(open_, portal, site, element(site, accent=accent, theme=theme))
    link = page.locator(f"{ELEMENT} li a").first
    expect(link).to_be_visible()
    wanted = {"#7a1fa2": "rgb(122, 31, 162)", "#f6c000": "rgb(246, 192, 0)"}.get(accent)
    assert (link.evaluate("(a) => getComputedStyle(a).color") == wanted) is taken
    assert legible(page)


def test_layouts_set_titles_side_by_side_or_titles_alone(open_: Open, portal: Portal, site: Site) -> None:
    page = show(open_, portal, site, element(site, layout="row"))
    boxes = [row.bounding_box() for row in page.locator(f"{ELEMENT} li").all()] or [None]
    expect(page.locator(f"{ELEMENT} li")).to_have_count(5)
    boxes = [row.bounding_box() for row in page.locator(f"{ELEMENT} li").all()]
    assert boxes[0] and boxes[1] and boxes[0]["y"] == boxes[1]["y"]
    page = show(open_, portal, site, element(site, layout="compact"))
    expect(page.locator(f"{ELEMENT} li")).to_have_count(5)
    expect(page.locator(f"{ELEMENT} li small").first).not_to_be_visible()


def test_a_changed_attribute_is_shown_at_once(open_: Open, portal: Portal, site: Site) -> None:
    page = show(open_, portal, site)
    expect(page.locator(f"{ELEMENT} li")).to_have_count(5)
    page.evaluate(f"document.querySelector('{ELEMENT}').setAttribute('count', '2')")
    expect(page.locator(f"{ELEMENT} li")).to_have_count(2)
    page.evaluate(f"document.querySelector('{ELEMENT}').setAttribute('shelf', 'source/moh')")
    expect(page.get_by_role("heading", name="Bộ Y tế")).to_be_visible()


# --- for everybody


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_it_nor_around_it(open_: Open, portal: Portal, site: Site, width: int, theme: str) -> None:
    body = f"<main>{element(site, theme=theme)}</main>"
    page = show(open_, portal, site, body, viewport={"width": width, "height": 900})
    expect(page.locator(f"{ELEMENT} li")).to_have_count(5)
    page.evaluate("document.querySelector('main').prepend(document.querySelector('h1'))")
    assert violations(page, False) == []


def test_it_has_a_name_and_its_links_are_reached_by_keyboard_in_order(open_: Open, portal: Portal, site: Site) -> None:
    page = show(open_, portal, site)
    expect(page.get_by_role("region", name="Tin y tế mới nhất")).to_be_visible()
    heard = []
    for _ in range(6):
        page.keyboard.press("Tab")
        heard.append(page.evaluate("document.activeElement.shadowRoot?.activeElement?.textContent"))
    heard = [one for one in heard if one]
    assert heard[: len(stories(site))] == stories(site)
