"""`aggregator audit` on portals served on loopback: every form of our snippets, right and in every way wrong."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from pytest_httpserver import HTTPServer
from werkzeug import Response

from tests.cli.house import NOW, Done, House

AT = ["--now", NOW.isoformat()]
BASE = "https://bantin.example/"
FILLER = "<p>" + "Ủy ban nhân dân phường tiếp công dân vào sáng thứ hai hằng tuần tại trụ sở. " * 6 + "</p>"
LINK = '<a href="https://bantin.example/chien-dich/deo-khau-trang/index.html">'
ALT = "Đeo khẩu trang nơi đông người"


class Portal:
    """A portal whose home page and robots.txt a test sets."""

    def __init__(self, server: HTTPServer) -> None:
        self.robots, self.page, self.policy = "User-agent: *\nAllow: /\n", "", ""
        server.expect_request("/robots.txt").respond_with_handler(
            lambda _: Response(self.robots, mimetype="text/plain")
        )
        server.expect_request("/").respond_with_handler(lambda _: self._home())

    def _home(self) -> Response:
        headers = {"Content-Security-Policy": self.policy} if self.policy else {}
        return Response(self.page, headers=headers, mimetype="text/html")


@pytest.fixture
def portal(httpserver: HTTPServer, used: House) -> Portal:
    """A portal at its official address, and a campaign that portals are asked to carry."""
    used.settings["fetch"]["connect_to"]["phuong.example"] = httpserver.url_for("").rstrip("/")
    used.settings["campaigns"] = [
        {"slug": "deo-khau-trang", "title": "Đeo khẩu trang", "message": "Đeo khẩu trang nơi đông người", "alt": ALT,
         "starts": "2026-10-01", "link": "https://khau-trang.example/", "link_verified": "2026-10-01"},
    ]  # fmt: skip
    used.write()
    assert used.call("publish", *AT).code == 0
    return Portal(httpserver)


Audit = Callable[..., tuple[Done, list[dict[str, str]]]]


@pytest.fixture
def audit(portal: Portal, used: House, room: Path) -> Audit:
    """Serve this markup on the portal's home page, and give the rows of the report."""

    def run(markup: str, policy: str = "", *, bare: bool = False) -> tuple[Done, list[dict[str, str]]]:
        portal.page = markup if bare else f"<html><body>{FILLER}{markup}</body></html>"
        portal.policy = policy
        portals = {"portals": [{"name": "UBND phường Thử", "pages": ["https://phuong.example/"]}]}
        (room / "portals.yaml").write_text(yaml.safe_dump(portals, allow_unicode=True), encoding="utf-8")
        done = used.call("audit", room / "portals.yaml", "--to", room / "report", *AT)
        text = (room / "report/report.csv").read_bytes().decode("utf-8-sig")
        return done, list(csv.DictReader(io.StringIO(text)))

    return run


def frame(path: str = "embed/latest/all.html", more: str = 'sandbox="allow-popups" title="Tin y tế"') -> str:
    return f'<iframe src="{BASE}{path}" {more}></iframe>'


def image(house: House, more: str = f'alt="{ALT}"', link: str = LINK) -> str:
    file = min(house.output.glob("**/deo-khau-trang*/*.svg"), default=None) or min(house.output.rglob("*800x81*.svg"))
    return f'{link}<img src="{BASE}{file.relative_to(house.output).as_posix()}" {more}></a>'


def landing(house: House) -> str:
    page = next(path for path in house.output.rglob("index.html") if "deo-khau-trang" in path.as_posix())
    return f'<a href="{BASE}{page.relative_to(house.output).as_posix()}">'


def test_a_frame_as_we_hand_it_out_is_right(audit: Audit) -> None:
    done, (row,) = audit(frame())
    assert (row["Kết quả"], row["Hình thức"]) == ("Có, đúng mẫu", "Khung (iframe)")
    assert done.code == 0 and done.out.startswith("1 present, 0 faulty, 0 missing, 0 unread")


@pytest.mark.parametrize(
    ("markup", "result", "words"),
    [
        (frame("embed/latest/topic/khong-co.html"), "Liên kết hỏng", "is not published"),
        (frame(more='title="Tin"'), "Sai mẫu", "no sandbox"),
        (frame(more="sandbox"), "Sai mẫu", "no title"),
        (f'<div style="display:none">{frame()}</div>', "Bị ẩn", "around it is hidden"),
        (f'<div class="d-none">{frame()}</div>', "Bị ẩn", "around it is hidden"),
        (frame(more='sandbox title="Tin" width="0"'), "Bị ẩn", "of no size"),
        (f'<div style="position:absolute;left:-9999px">{frame()}</div>', "Bị ẩn", "hidden"),
    ],
)
def test_a_frame_with_a_fault_is_named(audit: Audit, markup: str, result: str, words: str) -> None:
    done, (row,) = audit(markup)
    assert row["Kết quả"] == result and words in row["Chi tiết"]
    assert done.code == 1


@pytest.mark.parametrize("policy", ["default-src 'self'", "frame-src https://khac.example"])
def test_a_frame_that_the_portals_policy_blocks_is_told_with_the_directive(audit: Audit, policy: str) -> None:
    _, (row,) = audit(frame(), policy)
    assert row["Kết quả"] == "Bị CSP của cổng chặn" and policy in row["Chi tiết"]


def test_a_policy_with_our_recipe_lets_it_through(audit: Audit) -> None:
    _, (row,) = audit(frame(), "default-src 'self'; frame-src https://bantin.example")
    assert row["Kết quả"] == "Có, đúng mẫu"


def test_a_banner_as_we_hand_it_out_is_right(audit: Audit, used: House) -> None:
    _, (row,) = audit(image(used, link=landing(used)))
    assert (row["Kết quả"], row["Hình thức"]) == ("Có, đúng mẫu", "Ảnh và liên kết")


def test_a_banner_that_leads_elsewhere_or_says_nothing_is_altered(audit: Audit, portal: Portal, used: House) -> None:
    _, (row,) = audit(image(used, link='<a href="https://ke-gian.example/">', more='alt=""'))
    assert row["Kết quả"] == "Sai mẫu"
    assert "leads to https://ke-gian.example/" in row["Chi tiết"] and "no alt" in row["Chi tiết"]


@pytest.mark.parametrize(
    "markup",
    [
        f'<img src="/upload/anh.png" alt="{ALT}">',
        '<a href="https://khau-trang.example/"><img src="https://phuong.example/upload/anh.png" alt=""></a>',
    ],
)
def test_a_copy_by_hand_is_told_apart(audit: Audit, used: House, markup: str) -> None:
    _, (row,) = audit(markup)
    assert (row["Hình thức"], row["Nội dung"], row["Kết quả"]) == ("Bản chép tay", "Đeo khẩu trang", "Sai mẫu")
    used.settings["campaigns"][0]["ends"] = "2026-10-10"
    used.write()
    _, (row,) = audit(markup)
    assert row["Kết quả"] == "Bản cũ" and "has ended" in row["Chi tiết"]


def test_a_fragment_that_is_not_fetched_any_more_is_old(audit: Audit, used: House) -> None:
    text = (used.output / "embed/latest/all.fragment.html").read_text(encoding="utf-8")
    _, (row,) = audit(text)
    assert (row["Kết quả"], row["Hình thức"]) == ("Có, đúng mẫu", "Mảnh HTML (SSI)")
    _, (row,) = audit(text.replace('datetime="2026-10', 'datetime="2026-09'))
    assert row["Kết quả"] == "Bản cũ" and "newest item" in row["Chi tiết"]


def test_fragments_of_every_kind_are_known(audit: Audit, used: House) -> None:
    files = [used.output / f"embed/latest/{name}.fragment.html" for name in ("bar", "search")]
    files.append(min(used.output.glob("embed/latest/topic/*.fragment.html")))
    for file in files:
        done, (row,) = audit(file.read_text(encoding="utf-8"))
        assert (row["Kết quả"], row["Hình thức"]) == ("Có, đúng mẫu", "Mảnh HTML (SSI)"), file
        assert done.code == 0


def script(house: House, more: str = "", *, version: str = "2.", element: bool = True, integrity: str = "") -> str:
    from aggregator.publish import embeds

    files = [path for path in house.output.glob("embed/v*/loader-*.js") if not path.name.endswith(".src.js")]
    file = next(path for path in files if path.name.startswith(f"loader-{version}"))
    value = integrity or embeds.integrity(file.read_bytes())
    src = f"{BASE}{file.relative_to(house.output).as_posix()}"
    tag = f'<script type="module" src="{src}" integrity="{value}" crossorigin="anonymous" {more}></script>'
    return tag + ('<tin-y-te-2 shelf="all"></tin-y-te-2>' if element else "")


def test_the_script_as_we_hand_it_out_is_right(audit: Audit, used: House) -> None:
    _, (row,) = audit(script(used), "script-src https://bantin.example; connect-src https://bantin.example")
    assert (row["Kết quả"], row["Nội dung"]) == ("Có, đúng mẫu", "all")


def test_a_script_with_a_fault_is_named(audit: Audit, used: House) -> None:
    for markup, policy, result, words in (
        (script(used, version="1."), "", "Bản cũ", "the newest is"),
        (script(used, integrity="sha384-khac"), "", "Sai mẫu", "integrity value is not ours"),
        (script(used, element=False), "", "Sai mẫu", "element is missing"),
        (script(used), "script-src https://bantin.example; connect-src 'self'", "Bị CSP của cổng chặn", "connect-src"),
        (script(used), "script-src 'self'; connect-src *", "Bị CSP của cổng chặn", "script-src 'self'"),
        (script(used).replace('"all"', '"topic/khong-co"'), "", "Liên kết hỏng", "khong-co"),
        (script(used).replace("loader-2", "loader-9"), "", "Liên kết hỏng", "loader-9"),
    ):
        _, (row,) = audit(markup, policy)
        assert row["Kết quả"] == result and words in row["Chi tiết"], (row, markup)


def test_a_portal_without_any_is_missing(audit: Audit) -> None:
    done, (row,) = audit('<iframe src="https://khac.example/embed/latest/all.html"></iframe>')
    assert (done.code, row["Kết quả"], row["Đơn vị"]) == (1, "Chưa có", "UBND phường Thử")


def test_a_portal_that_cannot_be_read_is_told_with_its_cause(audit: Audit, portal: Portal) -> None:
    portal.robots = "User-agent: *\nDisallow: /\n"
    done, (row,) = audit(frame())
    assert row["Kết quả"] == "Không đọc được trang" and "robots" in row["Chi tiết"]
    assert "1 unread" in done.out


def test_a_page_that_scripts_put_together_is_left_to_a_person(audit: Audit) -> None:
    page = "<html><body><div id=app></div><script src=/app.js></script></body></html>"
    _, (row,) = audit(page, bare=True)
    assert row["Kết quả"] == "Trang dựng bằng mã, cần xem bằng mắt"


def test_the_report_is_its_owners_alone_and_no_formula(audit: Audit, used: House, room: Path) -> None:
    _, (row,) = audit('<a href="https://khau-trang.example/"><img src="=1+1.png" alt=""></a>')
    assert not row["Chi tiết"].startswith("=")
    for name in ("report.html", "report.csv"):
        assert (room / "report" / name).stat().st_mode & 0o077 == 0
    page = (room / "report/report.html").read_text(encoding="utf-8")
    assert "UBND phường Thử" in page and 'name="robots" content="noindex"' in page
    done = used.call("audit", room / "portals.yaml", "--to", used.output / "x", *AT)
    assert done.code == 2 and "everybody can read" in done.err


def test_words_of_a_portal_are_no_markup_in_the_report(audit: Audit, room: Path) -> None:
    link = '<a href="https://ke-gian.example/&quot;><script>alert(1)</script>">'
    audit(f'{link}<img src="{BASE}x.svg" alt="x"></a>')
    page = (room / "report/report.html").read_text(encoding="utf-8")
    assert "<script>" not in page


def test_a_file_of_portals_with_a_fault_is_told_by_line(used: House, room: Path) -> None:
    (room / "portals.yaml").write_text("portals:\n  - name: A\n    page: https://a.example/\n", encoding="utf-8")
    done = used.call("audit", room / "portals.yaml", *AT)
    assert done.code == 2 and "portals.yaml:" in done.err and "pages" in done.err
