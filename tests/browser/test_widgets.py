"""The latest news on a portal of another origin: iframe and fragment as the gallery says, loader 1.0.0 as pasted."""

import json
import re
import urllib.request
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Open
from tests.browser.looking import FAINT
from tests.browser.served import PORTAL, Portal, Site
from tests.browser.snippets import latest, released

pytestmark = pytest.mark.browser

PAYLOAD = "**/embed/latest/all.json"
FOR_ALL = {"access-control-allow-origin": "*"}
LOADER = "**/embed/v1/loader-1.0.0.js"
HOSTILE = """* {
  all: unset !important; font-size: 60px !important; color: #fff !important; letter-spacing: 20px !important;
  text-transform: uppercase !important; text-indent: -999px !important; line-height: 2px !important;
}"""
OLD_LIBRARIES = """
const broken = () => { throw new Error("replaced by the host page"); };
for (const name of ["map", "forEach", "filter", "slice", "join", "includes", "find", "reduce", "push", "concat"])
  Array.prototype[name] = broken;
for (const name of ["append", "prepend", "replaceChildren", "before", "after", "replaceWith", "toggleAttribute"])
  Element.prototype[name] = broken;
for (const name of ["padStart", "startsWith", "includes", "replace", "split", "trim"]) String.prototype[name] = broken;
Object.assign = Object.entries = Object.keys = Array.from = Promise.all = JSON.parse = broken;
Object.prototype.each = Array.prototype.each = broken;
const plain = window.fetch;
window.fetch = function (...asked) { return plain.apply(this, asked); };
"""


def stories(site: Site, shelf: str = "all") -> list[str]:
    """Titles of the shelf as published, the newest first."""
    return [row["title"] for row in json.loads(site.text(f"embed/latest/{shelf}.json"))["stories"]]


def element(site: Site, **attributes: str) -> str:
    """The script snippet, with other attributes on the element."""
    code = released(site).code
    for name, value in attributes.items():
        code = re.sub(rf' {name}="[^"]*"', "", code).replace("<tin-y-te", f'<tin-y-te {name}="{value}"')
    return code


def show(
    open_: Open, portal: Portal, site: Site, body: str, form: str = "the", style: str = "", **options: str
) -> Page:
    """The portal's page with the body, under the policy that the gallery states for the form."""
    page = open_.page(**options)
    page.goto(portal.page(body, (released(site) if form == "the" else latest(site, form)).policy, style))
    return page


def titles(widget: Locator) -> Locator:
    return widget.locator("li a")


def fallback(page: Page) -> Locator:
    """The link that the webmaster pasted between the tags."""
    return page.locator("tin-y-te > a")


def sound(open_: Open) -> bool:
    """Nothing was refused and nothing failed on the page; told when not."""
    assert open_.noted.errors + open_.noted.console == []
    return True


# --- iframe


def test_the_iframe_shows_the_newest_titles(open_: Open, portal: Portal, site: Site) -> None:
    page = show(open_, portal, site, latest(site, "khung").code, "khung")
    frame = page.frame_locator("iframe")
    expect(titles(frame.locator("main"))).to_have_text(stories(site)[:10])
    expect(frame.get_by_role("link", name="Xem tất cả")).to_be_in_viewport()
    assert sound(open_)


def test_a_title_in_the_iframe_opens_its_story_in_a_tab_and_tells_nobody_where_from(
    open_: Open, portal: Portal, site: Site
) -> None:
    page = show(open_, portal, site, latest(site, "khung").code, "khung")
    site.asked.clear()
    with page.context.expect_page() as opened:
        titles(page.frame_locator("iframe").locator("main")).first.click()
    expect(opened.value.locator("article.story h1")).to_have_text(stories(site)[0])
    assert not [asked for asked in site.asked if PORTAL in asked.headers.get("referer", "")]


def test_no_form_of_the_latest_news_runs_scripts_in_the_iframe(open_: Open, portal: Portal, site: Site) -> None:
    page = show(open_, portal, site, latest(site, "khung").code, "khung")
    expect(titles(page.frame_locator("iframe").locator("main")).first).to_be_visible()
    assert "script" not in [request.split("?")[0].rpartition(".")[2] for request in open_.noted.urls]
    assert "<script" not in site.text("embed/latest/all.html")
    sandbox = page.locator("iframe").get_attribute("sandbox") or ""
    assert "allow-scripts" not in sandbox and "allow-same-origin" not in sandbox and "allow-top" not in sandbox


# --- element


def test_the_script_runs_under_its_integrity_and_shows_the_newest_titles(
    open_: Open, portal: Portal, site: Site
) -> None:
    assert 'integrity="sha384-' in released(site).code
    page = show(open_, portal, site, released(site).code)
    expect(titles(page.locator("tin-y-te"))).to_have_text(stories(site)[:5])
    expect(fallback(page)).not_to_be_visible()
    assert sound(open_)


def test_an_embed_loads_from_its_site_only_and_sends_neither_cookie_nor_referrer(
    open_: Open, portal: Portal, site: Site
) -> None:
    page = open_.page()
    page.context.add_cookies([{"name": "a", "value": "b", "url": site.origin}])
    both = [released(site), latest(site, "khung")]
    site.asked.clear()
    page.goto(portal.page("".join(one.code for one in both), "; ".join(one.policy for one in both)))
    expect(titles(page.locator("tin-y-te")).first).to_be_visible()
    expect(titles(page.frame_locator("iframe").locator("main")).first).to_be_visible()
    assert {url.split("/")[2] for url in open_.noted.urls} == {PORTAL, site.host}
    embeds = [asked for asked in site.asked if asked.headers.get("sec-fetch-dest") in {"script", "empty", "iframe"}]
    assert {asked.path.rpartition(".")[2] for asked in embeds} == {"js", "json", "html"}
    assert not [asked.path for asked in embeds if "referer" in asked.headers]
    assert not [
        asked.path for asked in embeds if asked.headers["sec-fetch-dest"] != "iframe" and "cookie" in asked.headers
    ]


def test_a_flipped_byte_in_the_loader_is_refused_and_the_link_stays(open_: Open, portal: Portal, site: Site) -> None:
    loader = site.output / "embed/v1/loader-1.0.0.js"
    flipped = loader.read_bytes().replace(b"Tin y", b"Tin Y", 1)
    page = open_.page()
    page.route(LOADER, lambda r: r.fulfill(body=flipped, content_type="text/javascript", headers=FOR_ALL))
    page.goto(portal.page(released(site).code, released(site).policy))
    expect(fallback(page)).to_be_visible()
    assert page.evaluate("customElements.get('tin-y-te') === undefined")
    assert len(open_.noted.console) == 1 and "integrity" in open_.noted.console[0] and open_.noted.errors == []


@pytest.mark.parametrize("answer", ["missing", "failing", "unreachable", "not JSON", "of another shape"])
def test_when_the_news_cannot_be_had_the_link_stays_and_the_page_has_no_error(
    open_: Open, portal: Portal, site: Site, answer: str
) -> None:
    answers = {
        "missing": lambda route: route.fulfill(status=404, headers=FOR_ALL),
        "failing": lambda route: route.fulfill(status=500, headers=FOR_ALL),
        "unreachable": lambda route: route.abort(),
        "not JSON": lambda route: route.fulfill(body="<html>", headers=FOR_ALL),
        "of another shape": lambda route: route.fulfill(json={"a": 1}, headers=FOR_ALL),
    }
    page = open_.page()
    page.route(PAYLOAD, answers[answer])
    with page.expect_request(PAYLOAD):
        page.goto(portal.page(released(site).code, released(site).policy))
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    expect(fallback(page)).to_be_visible()
    expect(titles(page.locator("tin-y-te"))).to_have_count(0)
    assert open_.noted.errors == []


def test_while_the_news_is_slow_the_link_stands_and_then_the_titles(open_: Open, portal: Portal, site: Site) -> None:
    held: list[Route] = []
    page = open_.page()
    page.route(PAYLOAD, lambda route: held.append(route))
    with page.expect_request(PAYLOAD):
        page.goto(portal.page(released(site).code, released(site).policy))
    expect(fallback(page)).to_be_visible()
    held[0].continue_()
    expect(titles(page.locator("tin-y-te"))).to_have_count(5)


def test_a_missing_heartbeat_takes_nothing_away(open_: Open, portal: Portal, site: Site) -> None:
    page = open_.page()
    page.route("**/heartbeat.json", lambda route: route.abort())
    page.goto(portal.page(released(site).code, released(site).policy))
    expect(titles(page.locator("tin-y-te"))).to_have_count(5)
    assert open_.noted.errors == []


@pytest.mark.parametrize(("valid_until", "said"), [("2020-01-01T00:00:00Z", 1), ("2999-01-01T00:00:00Z", 0)])
def test_an_element_whose_site_stands_still_says_since_when(
    open_: Open, portal: Portal, site: Site, valid_until: str, said: int
) -> None:
    beat = {"time": "2019-12-31T22:30:00Z", "valid_until": valid_until}
    page = open_.page()
    page.route("**/heartbeat.json", lambda r: r.fulfill(json=beat, headers=FOR_ALL))
    page.goto(portal.page(released(site).code, released(site).policy))
    expect(titles(page.locator("tin-y-te"))).to_have_count(5)
    expect(page.get_by_text("Cập nhật lần cuối 05:30, 01/01/2020")).to_have_count(said)


def test_a_title_with_markup_stays_text_and_only_web_addresses_become_links(
    open_: Open, portal: Portal, site: Site
) -> None:
    data = json.loads(site.text("embed/latest/all.json"))
    title = "<img src=x onerror=\"document.title='hỏng'\"><b>Cúm</b> & sởi"
    data["stories"][0] |= {"title": title, "source": "<i>Bộ</i>"}
    data["stories"][1]["url"] = "javascript:document.title='hỏng'"
    page = open_.page()
    page.route(PAYLOAD, lambda r: r.fulfill(json=data, headers=FOR_ALL))
    page.goto(portal.page(released(site).code, released(site).policy))
    rows = page.locator("tin-y-te li")
    expect(rows.nth(0).locator("a")).to_have_text(title)
    expect(rows.nth(0).locator("small")).to_contain_text("<i>Bộ</i> · ")
    assert page.locator("tin-y-te img, tin-y-te b, tin-y-te i").count() == 0
    assert rows.nth(1).locator("a").get_attribute("href") is None
    assert page.title() == "Cổng phường" and sound(open_)


def test_hostile_styles_of_the_portal_leave_the_element_legible(open_: Open, portal: Portal, site: Site) -> None:
    page = show(open_, portal, site, released(site).code, style=HOSTILE)
    expect(titles(page.locator("tin-y-te"))).to_have_count(5)
    names = ["fontSize", "fontWeight", "letterSpacing", "textTransform", "textIndent", "lineHeight"]
    style = f"(a) => {json.dumps(names)}.map((name) => getComputedStyle(a)[name])"
    expected = ["16px", "600", "normal", "none", "0px", "24px"]
    assert titles(page.locator("tin-y-te")).first.evaluate(style) == expected
    section = page.locator("tin-y-te section")
    box = section.bounding_box()
    assert box and box["width"] > 900 and box["height"] < 700
    assert [line for line in page.evaluate(FAINT, 4.5) if "Cổng phường" not in line] == []


def test_replaced_prototypes_of_the_portal_do_not_break_the_element(open_: Open, portal: Portal, site: Site) -> None:
    page = open_.page()
    page.add_init_script(OLD_LIBRARIES)
    page.goto(portal.page(released(site).code, released(site).policy))
    expect(titles(page.locator("tin-y-te"))).to_have_text(stories(site)[:5])
    assert sound(open_)


@pytest.mark.parametrize("theme", ["", "dark"])
def test_an_element_is_as_light_or_dark_as_the_webmaster_says_and_legible(
    open_: Open, portal: Portal, site: Site, theme: str
) -> None:
    page = show(open_, portal, site, element(site, theme=theme), color_scheme="dark")
    expect(titles(page.locator("tin-y-te")).first).to_be_visible()
    ground = page.locator("tin-y-te section").evaluate("(e) => getComputedStyle(e).backgroundColor")
    assert ground == ("rgb(20, 23, 26)" if theme else "rgb(255, 255, 255)")
    assert [line for line in page.evaluate(FAINT, 4.5) if "Cổng phường" not in line] == []


@pytest.mark.parametrize(("count", "shown"), [("12", 12), ("500", 20), ("-3", 1), ("nhiều", 5)])
def test_count_is_the_number_of_titles(open_: Open, portal: Portal, site: Site, count: str, shown: int) -> None:
    page = show(open_, portal, site, element(site, count=count))
    expect(titles(page.locator("tin-y-te"))).to_have_count(shown)


def test_a_shelf_that_is_no_shelf_leaves_the_link_and_asks_for_nothing(open_: Open, portal: Portal, site: Site) -> None:
    page = show(open_, portal, site, element(site, shelf="../../heartbeat"))
    assert page.evaluate("!!customElements.get('tin-y-te')")
    expect(fallback(page)).to_be_visible()
    assert not [url for url in open_.noted.urls if url.endswith(".json")] and open_.noted.errors == []


def test_two_widgets_and_two_loaders_stand_on_one_page(open_: Open, portal: Portal, site: Site) -> None:
    again = element(site, shelf="source/moh", count="2").replace(".js", ".js?again")
    page = show(open_, portal, site, released(site).code + again)
    widgets = page.locator("tin-y-te")
    expect(titles(widgets.nth(0))).to_have_text(stories(site)[:5])
    expect(titles(widgets.nth(1))).to_have_text(stories(site, "source/moh")[:2])
    assert sound(open_)


def test_without_javascript_the_element_is_its_link(open_: Open, portal: Portal, site: Site) -> None:
    page = open_.page(java_script_enabled=False)
    page.goto(portal.page(released(site).code, released(site).policy))
    link = page.get_by_role("link", name=re.compile("^Tin y tế mới nhất"))
    expect(link).to_be_visible()
    assert link.get_attribute("href") == f"{site.origin}/"


# --- fragment


def included(open_: Open, portal: Portal, site: Site) -> str:
    """The fragment as the portal's own server fetches it by the line that the gallery gives."""
    fetch, _ = latest(site, "manh").codes
    url = re.search(r"http://\S+", fetch)
    assert url and url[0].startswith(site.origin)
    with urllib.request.urlopen(url[0].replace(site.origin, f"http://127.0.0.1:{site.port}")) as answer:
        return answer.read().decode()  # type: ignore[no-any-return]


def test_the_fragment_is_well_formed_and_has_neither_script_nor_style(open_: Open, portal: Portal, site: Site) -> None:
    root = ElementTree.fromstring(included(open_, portal, site))
    assert {node.tag for node in root.iter()} <= {"section", "h2", "ul", "li", "a", "small", "time", "p", "strong"}
    assert not [node for node in root.iter() if "style" in node.attrib or any(n.startswith("on") for n in node.attrib)]
    assert [node.text for node in root.iterfind(".//li/a")] == stories(site)[:5]


def test_the_included_fragment_takes_the_portals_style_and_needs_no_policy(
    open_: Open, portal: Portal, site: Site
) -> None:
    style = "body { font: 19px/1.4 'Liberation Serif', serif; color: rgb(10, 20, 30); } a { color: rgb(120, 0, 0); }"
    page = show(open_, portal, site, included(open_, portal, site), "manh", style=style)
    fragment = page.locator("section.tin-y-te")
    expect(titles(fragment)).to_have_text(stories(site)[:5])
    look = "(e) => [getComputedStyle(e).fontFamily, getComputedStyle(e).color]"
    assert fragment.locator("h2").evaluate(look) == ['"Liberation Serif", serif', "rgb(10, 20, 30)"]
    assert titles(fragment).first.evaluate(look)[1] == "rgb(120, 0, 0)"
    assert latest(site, "manh").policy == "" and sound(open_)
    assert {url.split("/")[2] for url in open_.noted.urls} == {PORTAL}


# --- the gallery itself

NEWS = "section[aria-labelledby=tin-moi] [data-snippets]"


def test_the_gallery_shows_every_form_live(open_: Open, site: Site) -> None:
    page = open_.page()
    page.goto(site.url("nhung/index.html"))
    newest = stories(site)[0]
    expect(titles(page.frame_locator("iframe[data-live=html]").locator("main")).first).to_have_text(newest)
    expect(titles(page.locator("tin-y-te-2").first).first).to_have_text(newest)
    expect(titles(page.locator("[data-fragment]")).first).to_have_text(newest)


def test_choosing_a_shelf_changes_what_is_shown_and_what_is_copied(open_: Open, site: Site) -> None:
    page = open_.page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.origin)
    page.goto(site.url("nhung/index.html"))
    page.get_by_label("Mục tin", exact=True).select_option("source/soyte-hanoi")
    newest = stories(site, "source/soyte-hanoi")[0]
    expect(titles(page.frame_locator("iframe[data-live=html]").locator("main")).first).to_have_text(newest)
    expect(titles(page.locator("tin-y-te-2").first).first).to_have_text(newest)
    expect(titles(page.locator("[data-fragment]")).first).to_have_text(newest)
    copied = []
    for button in page.locator(f"{NEWS} button").all():
        button.click()
        copied.append(page.evaluate("navigator.clipboard.readText()"))
    assert copied == page.locator(f"{NEWS} pre").all_inner_texts()
    frame, script, fetch, include = copied[:4]
    assert f'src="{site.origin}/embed/latest/source/soyte-hanoi.html" title="Sở Y tế Hà Nội – ' in frame
    assert 'shelf="source/soyte-hanoi"' in script and "/embed/latest/source/soyte-hanoi.fragment.html" in fetch
    assert include == '<!--#include virtual="/tin-y-te/source-soyte-hanoi.html" -->'
    assert sound(open_)
