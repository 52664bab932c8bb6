"""What is made of an urgent notice, in a browser: one sheet of paper, texts to copy, the list narrowed to a place."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.served import Site

pytestmark = pytest.mark.browser


def sheets(page: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True)))


def a_page(site: Site, pattern: str) -> str:
    found = max(site.output.glob(pattern), key=lambda path: (path.stat().st_size, path.name))
    return site.url(found.relative_to(site.output).as_posix())


def test_the_sheet_is_one_page_however_much_it_holds(open_: Open, site: Site) -> None:
    page = open_.page()
    page.goto(a_page(site, "khan/*/to-giay/index.html"))
    assert sheets(page) == 1
    page.evaluate("""() => {
      const said = [...document.querySelectorAll(".sheet-said")];
      said.slice(1).forEach((one) => one.remove());
      said[0].textContent = "Người dân ở nhà. ".repeat(64);  // SHEET characters
      const list = document.querySelector(".sheet-contacts ul");
      for (let n = list.children.length; n < 5; n++) list.append(list.children[0].cloneNode(true));
    }""")
    assert sheets(page) == 1


def test_the_texts_are_there_without_javascript_and_copied_with_it(open_: Open, site: Site) -> None:
    plain = open_.page(java_script_enabled=False)
    plain.goto(a_page(site, "khan/*/chia-se/index.html"))
    expect(plain.get_by_label("Tin nhắn Zalo")).to_have_value(re.compile("Chi tiết: http"))
    expect(plain.get_by_role("button", name="Sao chép")).to_have_count(0)
    page = open_.page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(a_page(site, "khan/*/chia-se/index.html"))
    page.get_by_role("button", name="Sao chép").last.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_label("Tin nhắn Zalo").input_value()


def test_notices_are_narrowed_to_a_place_typed_without_marks(open_: Open, site: Site) -> None:
    page = open_.page()
    page.goto(site.url("can-lam-gi/index.html"))
    rows = page.locator(".todo")
    everything = rows.count()
    page.get_by_label("Nơi bạn ở").fill("ha dong")
    expect(rows.locator("visible=true")).not_to_have_count(everything)
    for row in rows.locator("visible=true").all():
        expect(row).to_contain_text("Hà Đông")
    page.get_by_label("Nơi bạn ở").fill("nơi không có")
    expect(page.locator("#noi-dem")).to_contain_text("Không có thông báo nào nêu tên nơi này")
