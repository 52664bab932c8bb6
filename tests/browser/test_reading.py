"""What a reader meets: every kind of page, at every width, in the dark, by keyboard, without JavaScript."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from aggregator.publish.terms import parts, words
from tests.browser.conftest import Open, opening
from tests.browser.looking import NOTHING_KEPT, WIDTHS, Seen, look
from tests.browser.served import Site

pytestmark = pytest.mark.browser

KINDS = {
    "home": "index.html",
    "story with all parts": "tin/",
    "story with a table": "tin/",
    "topic": "chu-de/*/index.html",
    "disease": "benh/*/index.html",
    "place": "noi/*/index.html",
    "authority": "co-quan/*/index.html",
    "document": "van-ban/*/index.html",
    "source": "nguon/*/index.html",
    "month of a topic": "chu-de/*/*/index.html",
    "all topics": "chu-de/index.html",
    "all documents": "van-ban/index.html",
    "all places": "noi/index.html",
    "day": "ngay/*/index.html",
    "tombstone": "tin/",
    "week": "tuan/*/index.html",
    "all days": "ngay/index.html",
    "month": "luu-tru/*/index.html",
    "archive": "luu-tru/index.html",
    "what to do": "can-lam-gi/index.html",
    "A4 page of a notice": "khan/*/to-giay/index.html",
    "texts of a notice": "khan/*/chia-se/index.html",
    "search": "tim-kiem/index.html",
    "corrections": "dinh-chinh/index.html",
    "status": "trang-thai/index.html",
    "about": "gioi-thieu/index.html",
    "subscribe": "dang-ky/index.html",
    "gallery": "nhung/index.html",
    "campaign that runs": "ung-dung/diet-lang-quang/index.html",
    "page of an app": "ung-dung/so-suc-khoe/index.html",
    "campaign that ended": "ung-dung/bluezone/index.html",
    "test page of drills": "dien-tap/index.html",
    "missing": "404.html",
    "frame of the latest news": "embed/latest/all.html",
    "fluid banner": "embed/campaign/diet-lang-quang/fluid.html",
    "banner that ended": "embed/campaign/bluezone/fluid.html",
}
MARKS = {
    "story with all parts": "Cũng đưa tin</h2>",
    "story with a table": "<table",
    "tombstone": 'class="page-tombstone"',
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def path_of(kind: str, site: Site) -> str:
    """A page of the kind: the one with the most in it."""
    pattern = KINDS[kind]
    if pattern == "tin/":
        mark = MARKS[kind]
        found = [path for path in site.output.glob("tin/**/*.html") if mark in path.read_text(encoding="utf-8")]
    else:
        found = list(site.output.glob(pattern))
    assert found, kind
    return max(found, key=lambda path: (path.stat().st_size, path.name)).relative_to(site.output).as_posix()


@pytest.fixture(scope="module")
def seen(browser: Browser, site: Site) -> Iterator[Callable[[str], Seen]]:
    """What is seen on a page of a kind; each is loaded once for all promises."""

    with opening(browser) as open_:
        page = open_.page(reduced_motion="reduce", has_touch=True)

        @cache
        def once(kind: str) -> Seen:
            return look(open_, page, site, path_of(kind, site))

        yield once


@every_kind
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways(seen: Callable[[str], Seen], kind: str, width: int) -> None:
    assert seen(kind).wide[width] == []


@every_kind
def test_no_page_scrolls_sideways_with_letters_twice_as_large(seen: Callable[[str], Seen], kind: str) -> None:
    assert seen(kind).zoomed == []


@every_kind
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong(seen: Callable[[str], Seen], kind: str, scheme: str) -> None:
    assert seen(kind).wrong[scheme] == []


@every_kind
def test_what_is_touched_is_large_enough_for_a_finger(seen: Callable[[str], Seen], kind: str) -> None:
    assert seen(kind).small == []


@every_kind
def test_nothing_moves_while_a_page_loads(seen: Callable[[str], Seen], kind: str) -> None:
    assert seen(kind).moved == []


@every_kind
@pytest.mark.parametrize("scheme", ["light", "dark", "more contrast"])
def test_text_and_links_stay_legible_on_their_ground(seen: Callable[[str], Seen], kind: str, scheme: str) -> None:
    assert seen(kind).faint[scheme] == []


@every_kind
def test_a_strict_policy_refuses_nothing_and_no_page_has_an_error(seen: Callable[[str], Seen], kind: str) -> None:
    assert seen(kind).errors == []


@every_kind
def test_no_request_leaves_the_site(seen: Callable[[str], Seen], site: Site, kind: str) -> None:
    urls = seen(kind).urls
    assert urls and [url for url in urls if not url.startswith(f"{site.origin}/")] == []


@every_kind
def test_nothing_is_kept_on_the_readers_machine(seen: Callable[[str], Seen], kind: str) -> None:
    assert seen(kind).kept == NOTHING_KEPT


@pytest.mark.parametrize("slug", ["bluezone", "ha-noi-smart-city"])
def test_the_app_campaigns_of_2020_have_sound_pages(open_: Open, site_2020: Site, slug: str) -> None:
    page = look(open_, open_.page(), site_2020, f"ung-dung/{slug}/index.html")
    assert (page.wide, page.errors, page.kept) == ({width: [] for width in WIDTHS}, [], NOTHING_KEPT)
    assert (page.faint["light"], page.faint["dark"], page.wrong) == ([], [], {"light": [], "dark": []})


# --- by keyboard


def tab_to(page, selector: str, most: int = 120) -> None:  # type: ignore[no-untyped-def]
    """Press Tab until something that the selector names has the focus, and shows it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            shown = "() => getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(shown) not in {"none", ""}, f"{selector}: the focus is not seen"
            return
    raise AssertionError(f"{selector} was not reached in {most} steps")


def test_from_home_by_topic_to_a_story_with_the_keyboard_alone(open_: Open, site: Site) -> None:
    page = open_.page()
    page.goto(site.url("index.html"))
    tab_to(page, ".aside a[href*='/chu-de/'][href$='/']:not([href$='chu-de/'])", 200)
    page.keyboard.press("Enter")
    page.wait_for_url("**/chu-de/*/")
    tab_to(page, "main a[href*='/tin/']")
    title = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tin/**")
    assert page.locator("h1").inner_text() == title


def test_the_first_step_of_the_keyboard_leads_past_the_navigation(open_: Open, site: Site) -> None:
    page = open_.page()
    page.goto(site.url("index.html"))
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


# --- without JavaScript


def test_without_javascript_every_link_of_the_way_to_a_story_works(open_: Open, site: Site) -> None:
    page = open_.page(java_script_enabled=False)
    page.goto(site.url("index.html"))
    page.locator("main a[href*='/tin/']").first.click()
    page.wait_for_url("**/tin/**")
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Đọc bản gốc"))).to_be_visible()
    page.locator(".chips a").first.click()
    expect(page.locator("main .card").first).to_be_visible()


def test_without_javascript_search_leads_to_the_archive(open_: Open, site: Site) -> None:
    page = open_.page(java_script_enabled=False)
    page.goto(site.url("index.html"))
    page.locator("#tim").fill("sốt xuất huyết")
    page.locator("#tim").press("Enter")
    page.wait_for_url("**/tim-kiem/?q=*")
    page.locator("noscript").get_by_role("link", name="tháng").click()
    page.wait_for_url("**/luu-tru/")
    page.locator("main a[href*='/luu-tru/20']").first.click()
    page.locator("main a[href*='/ngay/']").first.click()
    page.locator("main a[href*='/tin/']").first.click()
    expect(page.locator("article.story h1")).to_be_visible()


def test_without_javascript_the_gallery_shows_its_snippets(open_: Open, site: Site) -> None:
    page = open_.page(java_script_enabled=False)
    page.goto(site.url("nhung/index.html"))
    shown = page.locator("pre:visible").all_inner_texts()
    assert any("<iframe" in text for text in shown) and any("<tin-y-te" in text for text in shown)
    expect(page.locator("button[data-copy]:visible")).to_have_count(0)
    expect(page.locator("select:visible")).to_have_count(0)
    expect(page.locator("tin-y-te-2 a").first).to_be_visible()
    page.get_by_text("800 × 81: lấy mã").first.click()
    expect(page.locator("pre:visible", has_text="800x81.svg")).to_be_visible()


def test_without_javascript_no_button_stands_that_does_nothing(open_: Open, site: Site) -> None:
    page = open_.page(java_script_enabled=False)
    page.goto(site.url("dang-ky/index.html"))
    expect(page.locator("main button:visible")).to_have_count(0)


# --- search


def results(page, site: Site, words: str) -> list[str]:  # type: ignore[no-untyped-def]
    page.goto(site.url("tim-kiem/index.html"))
    page.locator("#tu-khoa").fill(words)
    page.locator("#tu-khoa").press("Enter")
    expect(page.locator("#tom-tat")).to_contain_text(words)
    return page.locator("#ket-qua a").all_inner_texts()  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("marked", "bare"),
    [("đột quỵ", "dot quy"), ("Sốt xuất huyết", "sot xuat huyet"), ("ĐÁI THÁO ĐƯỜNG", "dai thao duong")],
)
def test_search_finds_the_same_with_and_without_marks(open_: Open, site: Site, marked: str, bare: str) -> None:
    page = open_.page()
    found = results(page, site, marked)
    same = results(page, site, bare)
    assert found and sorted(found) == sorted(same)
    assert marked.lower() in found[0].lower()


def test_words_with_the_marks_of_the_query_come_first(open_: Open, site: Site) -> None:
    page = open_.page()
    first = results(page, site, "sởi")[0]
    assert "sởi" in first.lower()
    others = results(page, site, "sỏi")
    assert others and "sỏi" not in others[-1].lower()


def test_the_browser_makes_the_same_of_a_word_as_the_index_does(open_: Open, site: Site) -> None:
    printed = words("Hoà hòa hoạ ĐƯỜNG Đà Ðắk kỹ kĩ quý Quỷ khuỷu giã uý ủy Nghiêng COVID 1979 STTTT ệ́ ﬁ Việt NAM")
    script = (Path(__file__).parents[2] / "templates/assets/search.js").read_text(encoding="utf-8")
    functions = script[script.index("function key(") : script.index("// `typing`")]
    tone = next(line for line in script.splitlines() if line.startswith("const TONE"))
    page = open_.page()
    page.goto(site.url("404.html"))
    made = page.evaluate(f"all => {{ {tone} {functions} return all.map(word => [key(word), shape(word)]); }}", printed)
    assert made == [[key, form or key] for key, form in map(parts, printed)]


def test_search_finds_a_disease_by_its_short_name(open_: Open, site: Site) -> None:
    page = open_.page()
    found = results(page, site, "SXH")
    assert found and set(found) <= set(results(page, site, "sốt xuất huyết"))


def test_search_shows_what_fits_while_it_is_typed(open_: Open, site: Site) -> None:
    page = open_.page()
    page.goto(site.url("tim-kiem/index.html"))
    page.locator("#tu-khoa").press_sequentially("nhận biết đột qu")
    expect(page.locator("#tom-tat")).to_contain_text("nhận biết đột qu")
    expect(page.locator("#ket-qua a").first).to_contain_text("nhận biết đột quỵ")


def test_search_is_narrowed_by_topic_place_source_and_day(open_: Open, site: Site) -> None:
    page = open_.page()
    every = results(page, site, "tiêm chủng")
    page.locator("#loc summary").press("Enter")
    page.locator("#loc-nguon").select_option("source/moh")
    expect(page.locator("#ket-qua .card-meta").first).to_be_visible()
    page.wait_for_url("**nguon=source%2Fmoh**")
    of_source = page.locator("#ket-qua a").all_inner_texts()
    assert 0 < len(of_source) <= len(every)
    page.locator("#loc-nguon").select_option("")
    page.locator("#loc-noi").fill("hà nội")
    page.wait_for_url("**noi=h%C3%A0+n%E1%BB%99i**")
    expect(page.locator("#tom-tat")).not_to_have_text("Đang tìm…")
    in_hanoi = page.locator("#ket-qua a").all_inner_texts()
    assert in_hanoi and set(in_hanoi) < set(every)
    day = site.text("index.html").split('<time datetime="')[1][:10]
    page.goto(f"{site.url('tim-kiem/index.html')}?tu={day}&den={day}")
    expect(page.locator("#ket-qua time").first).to_be_visible()
    days = {at[:10] for at in page.locator("#ket-qua time").evaluate_all("all => all.map(one => one.dateTime)")}
    assert days == {day}


def test_a_query_asks_only_for_the_files_its_words_need(open_: Open, site: Site) -> None:
    page = open_.page()
    results(page, site, "sởi")
    asked = [url.split("/search/")[1].split("?")[0] for url in open_.noted.urls if "/search/" in url]
    assert asked.count("index.json") == 1
    per_segment = [name for name in asked if "/" in name]
    assert len(per_segment) == len(set(per_segment))
    segments = {row["name"] for row in json.loads(site.text("search/index.json"))["segments"]}
    assert 0 < len(segments) < 5  # few stories a day stand together, each small segment in one file:
    assert {name.removesuffix("/index.json") for name in per_segment} <= segments
    assert open_.noted.errors + open_.noted.console == []


def test_search_finds_a_document_by_its_number(open_: Open, site: Site) -> None:
    row = re.search(r'<a href="(/van-ban/[^/"]+/)"><span>([^<]+)</span>', site.text("van-ban/index.html"))
    assert row
    told = re.findall(r'class="card-title"><a href="[^"]+">([^<]+)<', site.text(f"{row[1].strip('/')}/index.html"))
    page = open_.page()
    assert set(told) <= set(results(page, site, row[2]))


def test_search_from_any_page_shows_what_it_found(open_: Open, site: Site) -> None:
    page = open_.page()
    page.goto(site.url("gioi-thieu/index.html"))
    page.locator("#tim").fill("tiem chung")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tim-kiem/?q=tiem+chung")
    first = page.locator("#ket-qua a").first
    title = first.inner_text()
    first.click()
    expect(page.locator("article.story h1")).to_have_text(title)


def test_a_search_for_nothing_known_says_so(open_: Open, site: Site) -> None:
    page = open_.page()
    assert results(page, site, "<b>không có từ này</b>") == []
    expect(page.locator("#tom-tat")).to_contain_text("Không có tin nào")
    assert open_.noted.errors + open_.noted.console == []
