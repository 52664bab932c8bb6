"""docs/theming.md does what it says: its own lines, put into a folder, change what they name and nothing else."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from aggregator.settings import Site
from tests import make_site
from tests.fakes_publish import FakeStore, MemoryWriter
from tests.make import NOW
from tests.unit.publish.test_cycle import MINUTE, run

GUIDE = (Path(__file__).parents[3] / "docs/theming.md").read_text(encoding="utf-8")
FILES = ("site/404.html", "assets/theme.css", "parts/links.html")
TOKENS = re.compile(r"`(--[a-z-]+)`")


def block_of(name: str) -> str:
    """The block of code that the guide gives for the file."""
    return re.split(r"```[a-z]*\n", GUIDE.split(f"`theme/templates/{name}`")[1])[1].split("```")[0]


@pytest.fixture
def theme(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(block_of(name), encoding="utf-8")
    return tmp_path


def published(theme: Path | None = None, **site: object) -> dict[str, bytes]:
    config, writer = make_site.config(), MemoryWriter()
    changed = {"templates": str(theme) if theme else "", "site": config.site.model_copy(update=site)}
    run(config.model_copy(update=changed), FakeStore(*make_site.stories()), writer, NOW + MINUTE)
    return writer.files


def test_the_guides_theme_changes_one_page_and_adds_its_sheet_to_every_page(theme: Path) -> None:
    plain, themed = published(), published(theme)
    sheet = next(path for path in themed if re.fullmatch(r"assets/theme-[0-9a-f]{10}\.css", path))
    assert themed[sheet].decode() == block_of("assets/theme.css")
    assert "Trạm Y tế phường Mẫu" in themed["404.html"].decode() and "Đến nội dung chính" in themed["404.html"].decode()
    link = f'<link rel="stylesheet" href="/{sheet}">'
    pages = [path for path, content in plain.items() if b'class="skip"' in content]
    assert len(pages) > 50
    for path in pages:
        whole = themed[path].decode()
        assert whole.count(link) == 1 and whole.index("/assets/accent-") < whole.index(link)
        if path != "404.html":
            assert "".join(whole.replace(link, "").split()) == "".join(plain[path].decode().split())


def test_the_tokens_that_the_guide_names_are_those_of_the_sheet() -> None:
    sheet = (Path(__file__).parents[3] / "templates/assets/site.css").read_text(encoding="utf-8")
    first = sheet[sheet.index(":root {") : sheet.index("}")]
    assert set(TOKENS.findall(GUIDE)) == set(re.findall(r"(--[a-z-]+):", first)) - {"--accent"}
    assert set(re.findall(r"(--[a-z-]+):", block_of("assets/theme.css"))) <= set(TOKENS.findall(GUIDE))


def test_name_emblem_and_colour_are_changed_by_settings_alone(tmp_path: Path) -> None:
    emblem = tmp_path / "huy-hieu.svg"
    emblem.write_text('<svg xmlns="http://www.w3.org/2000/svg"><title>Phường Mẫu</title></svg>', encoding="utf-8")
    accent = re.search(r'accent: "(#[0-9a-f]{6})"', GUIDE)
    assert accent and Site(accent=accent[1]).accent == accent[1]  # legible on white
    files = published(name="Bản tin y tế phường Mẫu", emblem=str(emblem), accent=accent[1])
    home = BeautifulSoup(files["index.html"], "lxml")
    assert "Bản tin y tế phường Mẫu" in home.select_one(".masthead").get_text()
    shown = {link["href"] for link in home.select('link[rel="icon"]')}
    assert len(shown) == 1 and files[shown.pop().lstrip("/")] == emblem.read_bytes()
    sheet = next(link["href"] for link in home.select("link[rel=stylesheet]") if "/accent-" in link["href"])
    assert accent[1].encode() in files[sheet.lstrip("/")]
