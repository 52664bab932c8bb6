"""The shipped samples as real servers run them: types, caching, encodings, policies, readers, and what is not there."""

import zlib
from pathlib import Path

import brotli
import pytest

from tests.servers.samples import HOST, Server

STORY = "tin/*/*/*.html"
FOR_GOOD, SHORT, ASKED = "public, max-age=31536000, immutable", "public, max-age=60", "no-cache"
HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"
KINDS = {  # pattern below the folder: type, caching
    "index.html": (HTML, SHORT),
    STORY: (HTML, SHORT),
    "chu-de/*/index.html": (HTML, SHORT),
    "tim-kiem/index.html": (HTML, SHORT),
    "nhung/index.html": (HTML, SHORT),
    "trang-thai/index.html": (HTML, SHORT),
    "embed/latest/all.html": (HTML, SHORT),
    "embed/latest/all.fragment.html": (HTML, SHORT),
    "embed/latest/all.json": (JSON, ASKED),
    "embed/roll/*.json": (JSON, ASKED),
    "embed/state.json": (JSON, ASKED),
    "embed/latest/all.json.sig": (JSON, ASKED),
    "embed/campaign/mau/fluid.html": (HTML, SHORT),
    "embed/campaign/mau/800x81.svg": ("image/svg+xml", SHORT),
    "embed/campaign/mau/*.png": ("image/png", SHORT),
    "embed/accent.css": ("text/css; charset=utf-8", SHORT),
    "embed/v1/loader-*.js": ("text/javascript; charset=utf-8", FOR_GOOD),
    "embed/v2/loader-*.js": ("text/javascript; charset=utf-8", FOR_GOOD),
    "embed/v1/frame-*.js": ("text/javascript; charset=utf-8", FOR_GOOD),
    "embed/latest/all.auto.html": (HTML, SHORT),
    "embed/plaque/bar/300x100.svg": ("image/svg+xml", SHORT),
    "assets/site-*.js": ("text/javascript; charset=utf-8", FOR_GOOD),
    "assets/site-*.css": ("text/css; charset=utf-8", FOR_GOOD),
    "assets/icon-*.svg": ("image/svg+xml", FOR_GOOD),
    "assets/feed-*.css": ("text/css; charset=utf-8", FOR_GOOD),
    "feed/all.rss": ("application/xml; charset=utf-8", SHORT),
    "feed/all.atom": ("application/xml; charset=utf-8", SHORT),
    "feed/all.json": ("application/feed+json; charset=utf-8", SHORT),
    "feed/all.atom.sig": (JSON, ASKED),
    "search/index.json": (JSON, ASKED),
    "search/*/index.json": (JSON, ASKED),
    "heartbeat.json": (JSON, ASKED),
    "keys.json": (JSON, ASKED),
    "log/*.jsonl": ("application/jsonl; charset=utf-8", ASKED),
    "opml.xml": ("text/x-opml; charset=utf-8", SHORT),
    "sitemap.xml": ("application/xml; charset=utf-8", SHORT),
    "robots.txt": ("text/plain; charset=utf-8", SHORT),
}
COPIES = {"gzip": (".gz", lambda body: zlib.decompress(body, 31)), "br": (".br", brotli.decompress)}
PAGE_POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
every_kind = pytest.mark.parametrize("kind", KINDS)


def path_of(kind: str, folder: Path) -> str:
    """The largest file of the kind."""
    found = sorted(folder.glob(kind), key=lambda path: (path.stat().st_size, path.name))
    assert found, kind
    return found[-1].relative_to(folder).as_posix()


def test_the_table_names_every_kind_of_file(folder: Path) -> None:
    named = {Path(kind).suffix for kind in KINDS}
    assert {path.suffix for path in folder.rglob("*") if path.is_file() and path.name[0] != "."} - {
        ".gz",
        ".br",
    } <= named


@every_kind
def test_each_kind_of_file_has_its_type_its_caching_and_is_handed_out_whole(
    server: Server, folder: Path, kind: str
) -> None:
    path = path_of(kind, folder)
    answer = server.ask(f"/{path.removesuffix('index.html')}")
    assert answer.status == 200 and answer.body == (folder / path).read_bytes()
    # nginx names no charset of SVG: the file names its own
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == KINDS[kind]
    assert "content-encoding" not in answer.headers


@every_kind
def test_every_answer_carries_the_policies(server: Server, folder: Path, kind: str) -> None:
    path = path_of(kind, folder)
    headers = server.ask(f"/{path}").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert "camera=()" in headers["permissions-policy"]
    embed = path.startswith("embed/")
    if embed:
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'; img-src 'self'")
        assert headers["content-security-policy"].endswith("frame-ancestors *")
    else:
        assert headers["content-security-policy"] == PAGE_POLICY
    assert headers.get("x-frame-options", "") == ("" if embed else "DENY")
    assert headers["referrer-policy"] == ("no-referrer" if embed else "strict-origin-when-cross-origin")
    readers = "*" if embed or path == "heartbeat.json" else ""
    assert headers.get("access-control-allow-origin", "") == readers


@every_kind
@pytest.mark.parametrize("encoding", COPIES)
def test_copies_are_handed_out_as_they_lie_there(server: Server, folder: Path, kind: str, encoding: str) -> None:
    path = path_of(kind, folder)
    end, unpacked = COPIES[encoding]
    copy = folder / f"{path}{end}"
    answer = server.ask(f"/{path.removesuffix('index.html')}", **{"Accept-Encoding": encoding})
    assert answer.headers["content-type"] == KINDS[kind][0]
    if copy.is_file():
        assert answer.headers["content-encoding"] == encoding and answer.body == copy.read_bytes()
        assert "accept-encoding" in answer.headers["vary"].lower()
    body = unpacked(answer.body) if "content-encoding" in answer.headers else answer.body
    assert body == (folder / path).read_bytes()


def test_what_did_not_change_is_not_sent_again(server: Server, folder: Path) -> None:
    for path in ("/", "/feed/all.atom", "/search/index.json"):
        tag = server.ask(path).headers["etag"]
        again = server.ask(path, **{"If-None-Match": tag})
        assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/khong-co/", "/tin/2026/10/khong-co-000000000000.html", "/assets/khong-co.css", "/embed/latest/khong-co.json",
        "/.unfinished-1", "/feed/.unfinished-2", "/index.html.gz", "/index.html.br", "/feed/all.atom.gz",
        "/embed/", "/feed/", "/assets/", "/tin/", "/.git/config", "/%2e%2e/%2e%2e/etc/passwd",
    ],
)  # fmt: skip
def test_what_is_not_there_hidden_or_a_bare_folder_is_the_sites_own_404(
    server: Server, folder: Path, path: str
) -> None:
    answer = server.ask(path)
    if answer.status == 400 and "%2e" in path:  # refused as it stands
        return
    assert (answer.status, answer.body) == (404, (folder / "404.html").read_bytes())
    assert answer.headers["content-type"] == HTML
    assert answer.headers["cache-control"] == SHORT
    assert answer.headers["content-security-policy"] == PAGE_POLICY
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", ["/chu-de", "/nhung", "/ngay/2026-10-20"])
def test_a_folder_without_its_slash_leads_to_the_one_with_it(server: Server, path: str) -> None:
    answer = server.ask(path)
    assert answer.status in {301, 308} and answer.headers["location"] in {f"{path}/", f"https://{HOST}{path}/"}
    assert answer.headers["strict-transport-security"]


def test_nobody_writes_through_the_server(server: Server, folder: Path) -> None:
    before = (folder / "index.html").read_bytes()
    for method in ("POST", "PUT", "DELETE"):
        assert server.ask("/index.html", method=method).status == 405
    assert (folder / "index.html").read_bytes() == before


def test_unencrypted_requests_are_sent_to_the_encrypted_address(server: Server) -> None:
    if not server.plain:
        pytest.skip(f"{server.name} does it by itself where it has a certificate")
    answer = server.ask("/chu-de/?a=1", server.plain)
    assert (answer.status, answer.headers["location"]) == (301, "https://bantin.example.vn/chu-de/?a=1")
