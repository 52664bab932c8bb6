"""The demo site as published: every link leads somewhere, nothing is loaded from elsewhere, every file is whole."""

import gzip
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from lxml import etree, html

from tests.line import Line

LOADING = {"img": "src", "script": "src", "iframe": "src", "link": "href", "source": "src"}
WEIGHED = (".html", ".css", ".js")
POINTING = {"stylesheet", "icon", "alternate", "prev", "next"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, bytes]]]:
    with Line(tmp_path_factory.mktemp("site")) as line:
        line.run()
        files = line.files() | {"trang-thai/index.html": b"", "heartbeat.json": b""}
        yield line.config().site.base_url, files


def pages(files: dict[str, bytes]) -> Iterator[tuple[str, html.HtmlElement]]:
    for name, content in files.items():
        if name.endswith(".html") and content and not name.endswith(".fragment.html"):
            yield name, html.document_fromstring(content)


def target(base: str, page: str, address: str) -> str | None:
    """The file that an address of a page means; None when it leads elsewhere."""
    full = urljoin(base + page, address)
    if not full.startswith(base):
        return None
    path = unquote(urlsplit(full).path).removeprefix(urlsplit(base).path)
    return f"{path}index.html" if path.endswith("/") or not path else path


def test_every_link_inside_the_site_leads_somewhere(site: tuple[str, dict[str, bytes]]) -> None:
    base, files = site
    lost = set()
    for name, page in pages(files):
        for element, attribute, address, _ in page.iterlinks():
            if attribute in {"href", "src", "action"} and element.get("rel") != "canonical":
                wanted = target(base, name, address)
                if wanted is not None and wanted not in files:
                    lost.add(f"{name} -> {address}")
    assert sorted(lost)[:10] == []


def test_no_page_loads_anything_from_elsewhere(site: tuple[str, dict[str, bytes]]) -> None:
    base, files = site
    foreign = [
        f"{name}: <{element.tag}> {element.get(LOADING[element.tag])}"
        for name, page in pages(files)
        for element in page.iter(*LOADING)
        if element.get(LOADING[element.tag])
        and (element.tag != "link" or POINTING & set((element.get("rel") or "").split()))
        and target(base, name, element.get(LOADING[element.tag])) is None
    ]
    assert foreign == []


def test_no_page_carries_inline_script_or_style(site: tuple[str, dict[str, bytes]]) -> None:
    _, files = site
    inline = [
        name
        for name, page in pages(files)
        if page.xpath("//style | //@style | //@*[starts-with(name(), 'on')]")
        or page.xpath("//script[not(@src) and not(@type='application/ld+json')]")
    ]
    assert inline == []


def test_every_page_has_a_language_a_title_one_heading_and_a_main_part(site: tuple[str, dict[str, bytes]]) -> None:
    _, files = site
    wrong = [
        name
        for name, page in pages(files)
        if not name.startswith("embed/")
        and not (
            page.get("lang") == "vi"
            and (page.findtext("head/title") or "").strip()
            and len(page.xpath("//h1")) == 1
            and len(page.xpath("//main")) == 1
        )
    ]
    assert wrong == []


def test_every_image_and_frame_has_words(site: tuple[str, dict[str, bytes]]) -> None:
    _, files = site
    for name, page in pages(files):
        assert not page.xpath("//img[not(@alt)]"), name
        assert not page.xpath("//iframe[not(@title) or @title='']"), name


def test_every_xml_file_is_well_formed(site: tuple[str, dict[str, bytes]]) -> None:
    _, files = site
    found = [name for name in files if name.endswith((".xml", ".rss", ".atom", ".svg"))]
    for name in found:
        etree.fromstring(files[name])
    assert len(found) > 100


def test_ids_are_unique_within_a_page(site: tuple[str, dict[str, bytes]]) -> None:
    _, files = site
    for name, page in pages(files):
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), (name, [one for one in ids if ids.count(one) > 1])


HEAVY = 30_000  # bytes of a page with its styles and scripts, compressed, without images: 0.6 s at 400 kbit/s


def test_every_page_is_light_with_its_styles_and_scripts(site: tuple[str, dict[str, bytes]]) -> None:
    base, files = site
    packed = {name: len(gzip.compress(content, 9)) for name, content in files.items() if name.endswith(WEIGHED)}
    heavy = {}
    for name, page in pages(files):
        named = page.xpath("//link[@rel='stylesheet']/@href | //script/@src")
        loaded = {target(base, name, address) for address in named}
        weight = packed[name] + sum(packed[asset] for asset in loaded if asset)
        if weight > HEAVY:
            heavy[name] = weight
    assert heavy == {}


BUDGETS = {"payload": 4_096, "frame": 12_288}  # bytes, compressed: issue 7


def test_payloads_and_frames_keep_their_budgets(site: tuple[str, dict[str, bytes]]) -> None:
    base, files = site
    packed = {name: len(gzip.compress(content, 9)) for name, content in files.items() if name.startswith("embed/")}
    packed |= {name: len(gzip.compress(content, 9)) for name, content in files.items() if name.startswith("assets/")}
    payloads = [name for name in packed if name.startswith("embed/latest/") and name.endswith(".json")]
    frames = [name for name in packed if name.endswith(".html") and not name.endswith(".fragment.html")]
    assert len(payloads) > 20 < len(frames)
    assert {name: packed[name] for name in payloads if packed[name] > BUDGETS["payload"]} == {}
    for name, page in pages({name: files[name] for name in frames}):
        loaded = {target(base, name, one) for one in page.xpath("//link/@href | //script/@src | //img/@src")}
        assert packed[name] + sum(packed.get(one or "", 0) for one in loaded) <= BUDGETS["frame"], name
