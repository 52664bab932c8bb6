"""Emergency notices in a browser: in the markup of new pages, by script on older ones, drills on their page alone."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Page, Request, Route, expect

from aggregator import pipeline
from tests.browser import forging
from tests.browser.conftest import Open
from tests.browser.forging import BEAT, THIEF, beat, in_hours, republished
from tests.browser.looking import FAINT, WIDE
from tests.browser.served import SITE, STEPS, STRICT, WORLDS, Portal, Site
from tests.browser.snippets import latest
from tests.browser.touching import LEAST_PX, MOVED, SMALL, violations
from tests.line import Line
from tests.make_alerts import TEXT, put_up, with_people

pytestmark = pytest.mark.browser

HOUR = timedelta(hours=1)
DRILLED = "Diễn tập báo động nước sinh hoạt"
PAYLOAD = "embed/latest/canh-bao.json"
BAR, BOX = "aside.alert-bar", "section.alert"
NO_CRYPTO = "Object.defineProperty(Crypto.prototype, 'subtle', {value: undefined})"


@pytest.fixture(scope="session")
def warned(site: Site, shared: Path) -> Site:
    """The same site, under the same name, after a notice and a drill were put up."""
    folder = shared / "warned"
    with FileLock(shared / "warned.lock"):
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(site.output.parent, folder)
            _warn(folder)
    return replace(site, output=folder / "output")


def _warn(folder: Path) -> None:
    (folder / "done").unlink()
    with Line(folder, WORLDS[SITE]) as line:
        line.now += sum(STEPS[SITE], timedelta(0)) + HOUR
        config = with_people(line.config(base_url=f"http://{SITE}/"))
        until = {"until": line.now + 12 * HOUR}
        with line.ports(config) as ports:
            for act in (*put_up(line.now - HOUR, **until), *put_up(line.now, headline=DRILLED, drill=True, **until)):
                ports.store.keep_act(act)
            pipeline.publish(config, ports)
    (folder / "done").touch()


@pytest.fixture
def page(open_: Open, warned: Site) -> Iterator[Page]:
    """A page in whose world the site is the one with the notice."""
    yield turned(open_.page(), warned)


def turned(page: Page, warned: Site) -> Page:
    page.route(f"{warned.origin}/**", partial(_answer, warned))
    return page


def _answer(warned: Site, route: Route, request: Request) -> None:
    name = request.url.removeprefix(f"{warned.origin}/").partition("?")[0]
    file = warned.output / (name + "index.html" if not name or name.endswith("/") else name)
    headers = {"content-security-policy": STRICT, "access-control-allow-origin": "*"}
    if file.is_file():
        route.fulfill(path=file, headers=headers)
    else:
        route.fulfill(status=404)


def newest_day(site: Site) -> str:
    return max(path.parent.name for path in site.output.glob("ngay/*/index.html"))


def an_archive_page(site: Site) -> str:
    """A story's page: it was made before the notice, and is not made anew for it."""
    return min(path.relative_to(site.output).as_posix() for path in site.output.glob("tin/*/*/*.html"))


def sound(page: Page, open_: Open) -> None:
    """Nothing wrong, illegible, too small, too wide or moved, on a telephone and on a wide screen, light and dark."""
    assert page.evaluate(MOVED) == [] and page.evaluate(SMALL, LEAST_PX) == []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert page.evaluate(FAINT, 4.5) == [] and violations(page, False) == []
    for width in (320, 360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(WIDE) == []
    assert open_.noted.errors + open_.noted.console == []


@pytest.mark.parametrize("kind", ["home", "day"])
def test_home_and_the_last_days_bear_the_notice_without_script(open_: Open, warned: Site, kind: str) -> None:
    path = "index.html" if kind == "home" else f"ngay/{newest_day(warned)}/index.html"
    page = turned(open_.page(java_script_enabled=False), warned)
    page.goto(warned.url(path))
    box = page.locator(BOX)
    expect(box).to_have_count(1)
    for words in ("THÔNG BÁO KHẨN", TEXT.headline, "Đun sôi nước", TEXT.issuer, TEXT.areas[0].name, "Có hiệu lực đến"):
        expect(box).to_contain_text(words)
    assert DRILLED not in page.content()


@pytest.mark.parametrize("kind", ["home", "day"])
def test_it_stands_there_once_and_disturbs_nothing(open_: Open, page: Page, warned: Site, kind: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(warned.url("index.html" if kind == "home" else f"ngay/{newest_day(warned)}/index.html"))
    page.wait_for_load_state("networkidle")
    expect(page.locator(BAR)).to_have_count(0)
    sound(page, open_)


def test_its_own_page_says_it_whole_and_once(open_: Open, page: Page, warned: Site) -> None:
    (path,) = warned.output.glob("thong-bao/*/index.html")
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(warned.url(path.relative_to(warned.output).as_posix()))
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("heading", level=1)).to_have_text(TEXT.headline)
    expect(page.locator(BOX)).to_have_count(1)
    expect(page.locator(BAR)).to_have_count(0)
    sound(page, open_)


def test_an_archive_page_shows_it_by_script_and_was_not_rewritten(
    open_: Open, page: Page, site: Site, warned: Site
) -> None:
    path = an_archive_page(warned)
    assert (warned.output / path).read_bytes() == (site.output / path).read_bytes()
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(warned.url(path))
    bar = page.locator(BAR)
    expect(bar).to_be_visible()
    for words in ("THÔNG BÁO KHẨN", TEXT.headline, TEXT.issuer, "Có hiệu lực đến"):
        expect(bar).to_contain_text(words)
    assert DRILLED not in page.content()
    sound(page, open_)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    foot = page.locator(".footer").bounding_box()
    over = bar.bounding_box()
    assert foot and over and foot["y"] + foot["height"] <= over["y"] + 1
    bar.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TEXT.headline)


def test_an_archive_page_without_script_is_what_it_was(open_: Open, warned: Site) -> None:
    page = turned(open_.page(java_script_enabled=False), warned)
    page.goto(warned.url(an_archive_page(warned)))
    assert TEXT.headline not in page.content()


@pytest.mark.parametrize("kind", ["changed", "by another key", "stamp too old", "none"])
def test_what_nobody_vouches_for_is_not_shown(page: Page, open_: Open, warned: Site, kind: str) -> None:
    data = json.loads(warned.text(PAYLOAD))
    changed = {**data, "alerts": [{**data["alerts"][0], "headline": "Lời của kẻ khác"}]}
    files = {
        "changed": {PAYLOAD: json.dumps(changed).encode()},
        "by another key": republished(warned, changed, THIEF),
        "stamp too old": {BEAT: beat(warned, until=in_hours(-1))},
        "none": {BEAT: b"{}"},
    }[kind]
    forging.serve(page, warned, files)
    page.goto(warned.url(an_archive_page(warned)))
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    expect(page.locator(BAR)).to_have_count(0)
    assert open_.noted.errors == []


def test_another_notice_that_the_publisher_signs_is_shown(page: Page, warned: Site) -> None:
    """The forger's hand is good: what it makes fails above for the reason that each case names."""
    data = json.loads(warned.text(PAYLOAD))
    data["alerts"][0]["headline"] = "Lời mới của đơn vị"
    forging.serve(page, warned, republished(warned, data))
    page.goto(warned.url(an_archive_page(warned)))
    expect(page.locator(BAR)).to_contain_text("Lời mới của đơn vị")


def test_where_the_browser_cannot_check_it_is_shown_as_the_page_itself_is(page: Page, warned: Site) -> None:
    page.add_init_script(NO_CRYPTO)
    page.goto(warned.url(an_archive_page(warned)))
    expect(page.locator(BAR)).to_contain_text(TEXT.headline)


def test_a_link_that_leads_elsewhere_is_no_link(page: Page, warned: Site) -> None:
    data = json.loads(warned.text(PAYLOAD))
    data["alerts"][0]["url"] = "https://khac.example/"
    forging.serve(page, warned, republished(warned, data))
    page.goto(warned.url(an_archive_page(warned)))
    expect(page.locator(BAR)).to_be_visible()
    assert page.locator(f"{BAR} a").get_attribute("href") is None


def test_a_frame_bears_it_before_its_stories(open_: Open, page: Page, warned: Site) -> None:
    page.set_viewport_size({"width": 360, "height": 500})
    page.goto(warned.url("embed/latest/all.html"))
    box = page.locator(BOX)
    expect(box).to_contain_text("THÔNG BÁO KHẨN")
    expect(box).to_contain_text(TEXT.headline)
    first = page.locator(".list li").first.bounding_box()
    own = box.bounding_box()
    assert first and own and own["y"] < first["y"]
    assert page.evaluate(FAINT, 4.5) == [] and violations(page, True) == [] and page.evaluate(WIDE) == []
    assert open_.noted.errors + open_.noted.console == []


def test_an_element_on_a_portal_shows_it_first(page: Page, portal: Portal, warned: Site) -> None:
    pasted = latest(warned, "the")
    page.goto(portal.page(pasted.code, pasted.policy))
    expect(page.locator("tin-y-te-2 li a").first).to_have_text(f"THÔNG BÁO KHẨN: {TEXT.headline}")
    expect(page.locator("tin-y-te-2 li").first).to_contain_text("Có hiệu lực đến")


def test_the_drill_stands_on_its_test_page_alone(open_: Open, page: Page, warned: Site) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(warned.url("dien-tap/index.html"))
    box = page.locator(BOX)
    expect(box).to_contain_text("DIỄN TẬP")
    expect(box).to_contain_text(DRILLED)
    expect(box).to_contain_text("không phải thông báo thật")
    expect(page.locator(BAR)).to_contain_text(TEXT.headline)  # the real one, as on every page
    sound(page, open_)
    holding = [path for path in warned.output.rglob("*") if path.is_file() and DRILLED.encode() in path.read_bytes()]
    assert {path.relative_to(warned.output).parts[0] for path in holding} == {"dien-tap"}


def test_nothing_is_shown_while_there_is_no_notice(open_: Open, site: Site) -> None:
    page = open_.page()
    page.goto(site.url(an_archive_page(site)))
    page.wait_for_load_state("networkidle")
    expect(page.locator(BAR)).to_have_count(0)
    asked = {url.removeprefix(site.origin) for url in open_.noted.urls}
    assert f"/{PAYLOAD}" in asked and "/heartbeat.json" not in asked  # one small file, and no more
    assert open_.noted.errors + open_.noted.console == []
