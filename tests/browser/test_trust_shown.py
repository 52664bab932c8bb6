"""Loader 2 shows nothing that is not signed, fresh and the newest; then the link that was pasted stays."""

import json
from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect

from tests.browser import forging
from tests.browser.conftest import Open
from tests.browser.forging import BEAT, ROOT, STATE, THIEF, WORKING, beat, in_hours, keys, republished, serve, state
from tests.browser.served import INSECURE, PORTAL, Portal, Site
from tests.browser.snippets import latest

pytestmark = pytest.mark.browser

PAYLOAD = "embed/latest/all.json"
ELEMENT = "tin-y-te-2"
DONE = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))"


def payload(site: Site) -> dict[str, object]:
    return dict(json.loads(site.text(PAYLOAD)))


def stories(site: Site) -> list[str]:
    return [row["title"] for row in payload(site)["stories"]][:5]  # type: ignore[attr-defined]


def opened(open_: Open, portal: Portal, site: Site, files: Mapping[str, bytes], body: str = "") -> Page:
    """The portal's page, where some of the site's addresses answer otherwise."""
    page = open_.page()
    serve(page, site, files)
    pasted = latest(site, "the")
    page.goto(portal.page(body or pasted.code, pasted.policy))
    return page


def shown(page: Page) -> list[str]:
    return page.locator(f"{ELEMENT} li a").all_inner_texts()


def settled(page: Page) -> None:
    """Both readings are over: what will be shown is shown."""
    page.wait_for_load_state("networkidle")
    page.evaluate(DONE)


def only_the_link(open_: Open, page: Page) -> bool:
    settled(page)
    assert shown(page) == []
    expect(page.locator(f"{ELEMENT} > a")).to_be_visible()
    assert open_.noted.errors == []
    return True


# --- what is shown


def test_what_is_signed_fresh_and_listed_is_shown(open_: Open, portal: Portal, site: Site) -> None:
    page = opened(open_, portal, site, {})
    expect(page.locator(f"{ELEMENT} li a")).to_have_text(stories(site))
    expect(page.locator(f"{ELEMENT} > a")).not_to_be_visible()
    assert open_.noted.errors + open_.noted.console == []


def test_a_publisher_who_signs_other_news_has_them_shown(open_: Open, portal: Portal, site: Site) -> None:
    """The forger's hand is good: what it makes fails below for the reason that each test names."""
    data = payload(site)
    data["stories"] = data["stories"][:1]  # type: ignore[index]
    page = opened(open_, portal, site, republished(site, data))
    expect(page.locator(f"{ELEMENT} li a")).to_have_text(stories(site)[:1])


def test_a_working_key_is_replaced_without_a_change_of_the_snippet(open_: Open, portal: Portal, site: Site) -> None:
    files = {STATE: state(site, keys=keys(WORKING, THIEF)), BEAT: beat(site, THIEF)}
    page = opened(open_, portal, site, files)
    expect(page.locator(f"{ELEMENT} li a")).to_have_text(stories(site))


# --- what is not


def of_a_thief(site: Site) -> dict[str, dict[str, bytes]]:
    """By what is wrong with it: what stands at the site's addresses."""
    data = payload(site)
    changed = {**data, "label": "Tin giả"}
    other = json.loads(site.text("embed/latest/source/moh.json"))
    plain = json.loads(site.text(BEAT))
    signed = state(site)
    return {
        "a payload changed after it was signed": {PAYLOAD: json.dumps(changed).encode()},
        "an older payload, which no roll lists now": {PAYLOAD: json.dumps({**data, "stories": []}).encode()},
        "the payload of another shelf": {PAYLOAD: json.dumps(other).encode()},
        "another shelf's payload in the roll": {
            **republished(site, other),
            PAYLOAD: republished(site, other)["embed/latest/source/moh.json"],
        },
        "a roll that no stamp names": {
            path: content for path, content in republished(site, changed).items() if path != BEAT
        },
        "a stamp by a key that no state names": republished(site, changed, by=THIEF),
        "a stamp signed by the root itself": republished(site, changed, by=ROOT),
        "no stamp": {BEAT: json.dumps({name: plain[name] for name in plain if name != "embeds"}).encode()},
        "a stamp that has expired": {BEAT: beat(site, until=in_hours(-0.1))},
        "a stamp without an end": {BEAT: beat(site, until=None)},
        "a stamp without a number": {BEAT: beat(site, seq=None)},
        "a state that has expired": {STATE: state(site, until=in_hours(-0.1))},
        "a state by another root": {STATE: state(site, by=THIEF, root=THIEF.public, keys=keys(THIEF))},
        "a state by a working key": {STATE: state(site, by=WORKING)},
        "a state in which the key was revoked": {STATE: state(site, keys=keys(THIEF))},
        "a state that switches this loader off": {STATE: state(site, off=["1.0.0", "2.0.0"])},
        "the state of embeds that were given up": {STATE: state(site, off=["*"], keys={})},
        "a stamp in the place of a state": {STATE: json.dumps(json.loads(beat(site))["embeds"]).encode()},
        "a state with a flipped signature": {STATE: signed.replace(b'"signature": "', b'"signature": "AAAA')},
        "not JSON": {STATE: b"<html>"},
        "JSON of another shape": {BEAT: b'{"embeds":[]}'},
    }


WRONG = (
    "a payload changed after it was signed", "an older payload, which no roll lists now",
    "the payload of another shelf", "another shelf's payload in the roll", "a roll that no stamp names",
    "a stamp by a key that no state names", "a stamp signed by the root itself", "no stamp",
    "a stamp that has expired", "a stamp without an end", "a stamp without a number", "a state that has expired",
    "a state by another root", "a state by a working key", "a state in which the key was revoked",
    "a state that switches this loader off", "the state of embeds that were given up",
    "a stamp in the place of a state", "a state with a flipped signature", "not JSON", "JSON of another shape",
)  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_only_the_link_is_shown_for(open_: Open, portal: Portal, site: Site, wrong: str) -> None:
    assert set(of_a_thief(site)) == set(WRONG)
    assert only_the_link(open_, opened(open_, portal, site, of_a_thief(site)[wrong]))


@pytest.mark.parametrize("pinned", [THIEF.public, "", "không phải khoá"])
def test_a_snippet_that_pins_no_root_of_ours_shows_its_link(
    open_: Open, portal: Portal, site: Site, pinned: str
) -> None:
    body = latest(site, "the").code.replace(ROOT.public, pinned)
    assert only_the_link(open_, opened(open_, portal, site, {}, body))


def test_a_stolen_working_key_is_worth_nothing_once_the_root_revoked_it(
    open_: Open, portal: Portal, site: Site
) -> None:
    fake = {**payload(site), "label": "Tin giả"}
    stolen = republished(site, fake, by=WORKING, seq=2**40)
    page = opened(open_, portal, site, stolen)
    expect(page.get_by_text("Tin giả")).to_be_visible()  # so long as nobody noticed
    revoked = {STATE: state(site, seq=2**33, keys=keys(THIEF))}  # THIEF stands for the new key, of the publisher
    assert only_the_link(open_, opened(open_, portal, site, {**stolen, **revoked}))
    mended = {**revoked, BEAT: beat(site, by=THIEF)}
    page = opened(open_, portal, site, mended)
    expect(page.locator(f"{ELEMENT} li a")).to_have_text(stories(site))


@pytest.mark.parametrize(("path", "older"), [(BEAT, beat), (STATE, state)])
def test_what_is_older_than_what_the_page_saw_is_not_shown(
    open_: Open, portal: Portal, site: Site, path: str, older: object
) -> None:
    page = open_.page()
    page.clock.install()
    code = latest(site, "the").code
    page.goto(portal.page(code + '<p id="more"></p>', latest(site, "the").policy))
    expect(page.locator(f"{ELEMENT} li a")).to_have_text(stories(site))
    serve(page, site, {path: older(site, seq=5)})  # type: ignore[operator]
    page.clock.fast_forward("06:00")
    page.evaluate(
        """(name) => {
          const fresh = document.querySelector(name).cloneNode(true);
          fresh.id = "fresh";
          document.getElementById("more").append(fresh);
        }""",
        ELEMENT,
    )
    page.wait_for_load_state("networkidle")
    expect(page.locator("#fresh > a")).to_be_visible()
    assert page.locator("#fresh li").count() == 0
    expect(page.locator(f"{ELEMENT} li a")).to_have_text(stories(site))  # the first one, until its stamp ends


def test_what_stands_on_an_open_page_goes_when_its_stamp_ends(open_: Open, portal: Portal, site: Site) -> None:
    page = open_.page()
    page.clock.install()
    serve(page, site, {BEAT: beat(site, until=in_hours(3))})
    page.goto(portal.page(latest(site, "the").code, latest(site, "the").policy))
    expect(page.locator(f"{ELEMENT} li a")).to_have_text(stories(site))
    page.clock.fast_forward("03:01:00")
    expect(page.locator(f"{ELEMENT} > a")).to_be_visible()
    assert shown(page) == []


def test_a_page_that_is_looked_at_again_reads_again_and_no_more_often(open_: Open, portal: Portal, site: Site) -> None:
    page = open_.page()
    page.clock.install()
    page.goto(portal.page(latest(site, "the").code, latest(site, "the").policy))
    expect(page.locator(f"{ELEMENT} li a")).to_have_text(stories(site))
    again = {**payload(site), "label": "Tin vừa đổi"}
    serve(page, site, republished(site, again))
    look = "document.dispatchEvent(new Event('visibilitychange'))"
    asked = len(open_.noted.urls)
    page.clock.fast_forward("04:00")
    page.evaluate(look)
    page.evaluate(DONE.replace("50", "0"))
    assert len(open_.noted.urls) == asked
    page.clock.fast_forward("02:00")
    page.evaluate(look)
    expect(page.get_by_role("heading", name="Tin vừa đổi")).to_be_visible()


def test_news_that_are_not_renewed_say_how_old_they_are(open_: Open, portal: Portal, site: Site) -> None:
    page = opened(open_, portal, site, {BEAT: beat(site, time="2026-11-01T22:30:00Z", stale=in_hours(-1))})
    expect(page.locator(f"{ELEMENT} li a")).to_have_text(stories(site))
    expect(page.get_by_text("Cập nhật lần cuối 05:30, 02/11/2026")).to_be_visible()


def test_a_copy_that_was_caught_between_two_publishes_is_read_anew(open_: Open, portal: Portal, site: Site) -> None:
    page = open_.page()
    served: list[bytes] = [b"[]"]
    path = f"{site.origin}/{forging.payload_path('all')}"
    page.route(
        path,
        lambda route: route.fulfill(body=served.pop(), headers=forging.FOR_ALL) if served else route.continue_(),
    )
    page.goto(portal.page(latest(site, "the").code, latest(site, "the").policy))
    expect(page.locator(f"{ELEMENT} li a")).to_have_text(stories(site))
    assert served == [] and open_.noted.errors == []


def test_where_the_browser_has_no_webcrypto_the_link_stays_and_nothing_is_asked(
    open_: Open, portal: Portal, site: Site
) -> None:
    page = open_.page()
    pasted = latest(site, "the")
    page.goto(portal.page(pasted.code, pasted.policy).replace(PORTAL, INSECURE))
    assert page.evaluate("[isSecureContext, crypto.subtle === undefined, !!customElements.get('tin-y-te-2')]") == [
        False, True, True,
    ]  # fmt: skip
    assert only_the_link(open_, page)
    assert not [url for url in open_.noted.urls if url.endswith(".json")]
