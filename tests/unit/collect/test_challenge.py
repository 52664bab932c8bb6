import pytest

from aggregator.collect import discover
from aggregator.collect.challenge import challenge, login, shell
from aggregator.errors import SourceError
from aggregator.model import Page, Request
from tests import make_reading as make
from tests.fakes import NOON
from tests.make_collect import HOME

HTML = "text/html; charset=utf-8"


def served(body: str, url: str = f"{HOME}/tin", kind: str = HTML, asked: str = f"{HOME}/tin") -> Page:
    return Page(Request(asked), url, 200, (("content-type", kind),), body.encode(), NOON)


NEWS = "<p>" + "Sở Y tế thông báo lịch tiêm chủng tháng này cho người dân trên địa bàn. " * 5 + "</p>"


@pytest.mark.parametrize(
    "body",
    [
        '<html><script>document.cookie="k=1;path=/";window.location.reload();</script></html>',
        "<script>document.cookie = 'k=1'; location.href = location.pathname;</script>",
        '<script>document.cookie="k=1"</script><meta http-equiv="refresh" content="0">Vui lòng chờ...',
        "<html><script src='/aes.js'></script><script>var a=toNumbers('00');location='/'</script></html>",
        "<title>Just a moment...</title><script>window._cf_chl_opt={};</script>",
        "<script src='/_Incapsula_Resource?SW=1'></script><noscript>Please turn JavaScript on</noscript>",
    ],
)
def test_a_page_that_only_runs_a_script_is_a_challenge(body: str) -> None:
    assert challenge(served(body))


def test_a_challenge_in_the_place_of_a_feed_is_seen_by_its_bytes() -> None:
    body = "\n<html><script>document.cookie='k=1';location.reload()</script></html>"
    assert challenge(served(body, kind="application/rss+xml"))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (NEWS + "<script>document.cookie='seen=1'; function go(){location.reload()}</script>", HTML),
        ("<script>document.cookie='seen=1'</script>", HTML),
        (NEWS + "<script src='/cdn-cgi/challenge-platform/h/b/scripts/invisible.js'></script>", HTML),
        ('[{"TIEU_DE": "document.cookie= location.reload("}]', "application/json"),
        ("", HTML),
    ],
)
def test_content_with_scripts_is_no_challenge(body: str, kind: str) -> None:
    assert challenge(served(body, kind=kind)) == ""


def test_a_challenge_says_what_was_seen() -> None:
    body = '<html><script>document.cookie="k=1";location.reload();</script></html>'
    assert challenge(served(body)) == f"a {len(body)}-byte page that sets a cookie by script and reloads"


FORM = "<form><input name='u'><input type=\"password\" name='p'></form>"


@pytest.mark.parametrize("title", ["Đăng nhập - Cổng thông tin", "Login", "Sign in | Portal"])
def test_a_login_page_is_seen_by_its_title_and_password_field(title: str) -> None:
    assert login(served(f"<title>{title}</title>{FORM}"))


def test_a_redirect_to_a_login_page_is_seen_by_its_address() -> None:
    assert login(served(FORM, url=f"{HOME}/c/portal/login?p=1")) == "a redirect to the login page /c/portal/login"


@pytest.mark.parametrize(
    "page",
    [
        served(f"<title>Tin y tế</title>{FORM}{NEWS}"),
        served(f"<title>Đăng nhập hệ thống mới: lưu ý</title>{NEWS}"),
        served(NEWS, url=f"{HOME}/login"),
        served(f"{FORM}{NEWS}", url=f"{HOME}/tin/login.htm", asked=f"{HOME}/tin/login.htm"),
    ],
    ids=["box beside news", "news about logging in", "no form", "asked for"],
)
def test_a_page_with_a_login_box_is_content(page: Page) -> None:
    assert login(page) == ""


def test_a_page_that_scripts_alone_would_fill_is_a_shell_and_a_listing_of_it_has_drifted() -> None:
    page = make.page('<html><body><div id="app"></div><script src="/main.js"></script></body></html>')
    assert "JavaScript shell" in shell(page)
    with pytest.raises(SourceError, match="JavaScript shell") as caught:
        discover.read_leads(make.source("listing"), make.section(), page)
    assert caught.value.cause == "drifted"
    assert shell(make.page("<p>Không có mã lệnh nào</p>")) == ""
