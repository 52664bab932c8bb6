"""Pages and files of campaigns, as a publish leaves them."""

import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import resvg_py
import zxingcpp
from bs4 import BeautifulSoup
from PIL import Image

from aggregator.errors import PublishError
from aggregator.model import Finding, TargetState
from aggregator.publish import campaigns, pictures
from aggregator.publish.cycle import publish
from aggregator.publish.edition import Edition
from aggregator.publish.status import report
from aggregator.publish.targets import targets
from aggregator.settings import Audience, Campaign, Config, Directive, OwnImage
from tests import make_site
from tests.fakes_publish import FakeStore, MemoryWriter
from tests.make import NOW

FIELDS: dict[str, Any] = {
    "slug": "so-suc-khoe",
    "title": "Sổ sức khoẻ",
    "message": "Tải Sổ sức khoẻ để xem lịch tiêm",
    "alt": "Ứng dụng Sổ sức khoẻ",
    "starts": date(2026, 10, 1),
    "google_play": "vn.example.so",
    "app_store": "id42",
    "link": "https://so.example.vn/",
    "link_verified": date(2026, 10, 2),
}
LANDING = "ung-dung/so-suc-khoe/index.html"


def config(*fields: dict[str, Any]) -> Config:
    given = fields or ({},)
    return make_site.config("public").model_copy(update={"campaigns": tuple(Campaign(**FIELDS | one) for one in given)})


def seen(made: Config, finding: Finding = "good") -> FakeStore:
    """A store of a run that looked at all targets just now."""
    store, when = FakeStore(), NOW if finding == "good" else None
    found = (one for campaign in made.campaigns for one in targets(campaign))
    store.kept_targets = tuple(TargetState(one.campaign, one.url, finding, "", NOW, NOW, 0, when) for one in found)
    return store


def published(made: Config, finding: Finding = "good") -> dict[str, bytes]:
    writer = MemoryWriter()
    publish(made, seen(made, finding), writer, NOW, status=report(made, {}, NOW))
    return dict(writer.files)


def landing(**fields: Any) -> BeautifulSoup:
    return BeautifulSoup(published(config(fields))[LANDING], "lxml")


def links(page: BeautifulSoup) -> set[str]:
    main = page.main
    assert main is not None
    return {str(a["href"]) for a in main.select("a[href^=http]")}


def test_the_page_of_an_app_leads_to_both_stores_and_to_its_site() -> None:
    assert links(landing()) == {
        "https://play.google.com/store/apps/details?id=vn.example.so",
        "https://apps.apple.com/vn/app/id42",
        "https://so.example.vn/",
    }


def test_a_telephone_reads_the_codes_and_comes_to_the_stores() -> None:
    read = {}
    for figure in landing().select("li[data-shop]"):
        drawing = str(figure.svg).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ')
        image = Image.open(io.BytesIO(resvg_py.svg_to_bytes(svg_string=drawing.replace("viewbox", "viewBox"))))
        (code,) = zxingcpp.read_barcodes(image.convert("RGB"))
        read[str(figure["data-shop"])] = code.text
        assert figure.a is not None and figure.a["href"] == code.text
    assert set(read) == {"android", "ios"}


@pytest.mark.parametrize("state", [{"link_verified": None}, {"ends": date(2026, 10, 3)}, {"starts": date(2027, 1, 1)}])
def test_what_nobody_confirmed_what_has_ended_and_what_has_not_begun_leads_nowhere(state: dict[str, Any]) -> None:
    page = landing(**state)
    assert links(page) == set()
    assert not page.select("svg, [data-shop]")
    assert "so.example.vn" not in str(page.main) and "vn.example.so" not in str(page.main)


def test_an_unconfirmed_campaign_says_so() -> None:
    assert "chưa được xác nhận" in landing(link_verified=None).get_text()


def test_an_ended_campaign_says_so_for_good_and_what_took_its_place() -> None:
    page = landing(ends=date(2026, 10, 3), replaced_by="Sổ mới, từ tháng 10/2026.")
    text = " ".join(page.get_text().split())
    assert "Chiến dịch này đã kết thúc ngày 03/10/2026." in text
    assert "Được thay bằng: Sổ mới, từ tháng 10/2026." in text
    assert page.select_one("meta[name=robots][content=noindex]")


def test_the_page_says_what_it_is_for_by_whose_order_and_who_carries_it() -> None:
    order = Directive(number="12/KH-SYT", issuer="Sở Y tế", date=date(2026, 9, 30))
    audience = Audience(portals=("Trạm y tế", "Trường học"), places=("Hà Nội",))
    text = " ".join(landing(about="Xem lịch tiêm.", directive=order, audience=audience).get_text().split())
    assert "Ứng dụng dùng để làm gì Xem lịch tiêm." in text
    assert "Theo văn bản 12/KH-SYT ngày 30/09/2026 của Sở Y tế." in text
    assert "Đơn vị treo biểu ngữ: Trạm y tế; Trường học (Hà Nội)." in text


def test_banners_lead_to_our_own_page_and_nowhere_else() -> None:
    """So that even the plainest snippet, pasted years ago, fails closed."""
    files = published(config())
    ours = "https://bantin.example.vn/ung-dung/so-suc-khoe/"
    forms = {path: text.decode() for path, text in files.items() if re.match(r"embed/campaign/.*\.html$", path)}
    assert len(forms) == len(campaigns.SIZES) + 2
    for path, text in forms.items():
        assert re.findall(r'<a [^>]*href="([^"]+)"', text) == [ours], path
    snippets = BeautifulSoup(files["nhung/index.html"], "lxml").select("pre")
    pasted = [one.get_text() for one in snippets if "embed/campaign/" in one.get_text()]
    assert pasted and not [text for text in pasted for url in re.findall(r'href="([^"]+)"', text) if url != ours]


def test_a_campaign_that_may_lead_nowhere_is_words_without_a_link_in_every_form(tmp_path: Path) -> None:
    made = config({"images": (OwnImage(size="300x250", file=picture(tmp_path, (300, 250))),)})
    files = published(made, "moved")
    forms = {path: text.decode() for path, text in files.items() if re.match(r"embed/campaign/.*\.html$", path)}
    assert len(forms) == len(campaigns.SIZES) + 2
    for path, text in forms.items():
        assert "<a " not in text and ("Ứng dụng Sổ sức khoẻ" in text or "Tải Sổ sức khoẻ" in text), path
    for size in campaigns.SIZES:
        svg = files[f"embed/campaign/so-suc-khoe/{size}.svg"].decode()
        assert "Tải Sổ sức khoẻ" in svg and "Xem chi tiết" not in svg
    own = Image.open(io.BytesIO(files["embed/campaign/so-suc-khoe/300x250.png"]))
    assert own.size == (600, 500)  # drawn: the agency's own may call for a press
    page = BeautifulSoup(files[LANDING], "lxml")
    assert links(page) == set() and not page.select("[data-shop]") and "tạm ngừng" in page.get_text()


def test_one_bad_store_takes_the_link_from_the_banners_and_leaves_the_good_ones_on_the_page() -> None:
    made = config()
    store, writer = seen(made), MemoryWriter()
    apple = "https://apps.apple.com/vn/app/id42"
    store.kept_targets = tuple(
        replace(one, finding="changed", good_at=None) if one.url == apple else one for one in store.kept_targets
    )
    publish(made, store, writer, NOW, status=report(made, {}, NOW))
    page = BeautifulSoup(writer.files[LANDING], "lxml")
    assert links(page) == {"https://play.google.com/store/apps/details?id=vn.example.so", "https://so.example.vn/"}
    assert b"<a " not in writer.files["embed/campaign/so-suc-khoe/fluid.html"]


def test_an_ended_campaign_is_nowhere_but_on_its_own_page() -> None:
    files = published(config({"ends": date(2026, 10, 3)}))
    naming = [path for path, content in files.items() if "Sổ sức khoẻ".encode() in content]
    assert naming == [LANDING]
    for path, content in files.items():
        if path.startswith("embed/campaign/") and path.endswith(".png"):
            assert Image.open(io.BytesIO(content)).convert("RGBA").getbbox() is None, path


def test_the_most_important_campaign_comes_first_and_one_to_come_last() -> None:
    rows = (
        {"slug": "sap-toi", "starts": date(2027, 1, 1), "priority": 90},
        {"slug": "it"},
        {"slug": "nhieu", "priority": 50},
    )
    made = config(*rows, {"slug": "xong", "ends": date(2026, 10, 3), "priority": 99})
    edition = Edition(made, FakeStore(), NOW)
    assert [one.slug for one in campaigns.shown(edition)] == ["nhieu", "it", "sap-toi"]
    heads = BeautifulSoup(published(made)["nhung/index.html"], "lxml").select("section.campaign > h2")
    assert [head["id"] for head in heads] == ["cd-nhieu", "cd-it", "cd-sap-toi"]


# --- images of the agency's own


def picture(folder: Path, size: tuple[int, int], name: str = "anh.png", **more: Any) -> str:
    Image.new("RGB", size, "#8a1c1c").save(folder / name, **more)
    return str(folder / name)


@pytest.mark.parametrize("size", [(300, 250), (600, 500)])
def test_an_agencys_own_image_takes_the_place_of_the_drawn_one(tmp_path: Path, size: tuple[int, int]) -> None:
    file = picture(tmp_path, size)
    made = config({"images": (OwnImage(size="300x250", file=file),)})
    assert list(pictures.problems(made)) == []
    files = published(made)
    assert files["embed/campaign/so-suc-khoe/300x250.png"] == Path(file).read_bytes()
    frame = BeautifulSoup(files["embed/campaign/so-suc-khoe/300x250.html"], "lxml")
    assert frame.img is not None and frame.img["src"] == "/embed/campaign/so-suc-khoe/300x250.png"
    assert (frame.img["width"], frame.img["height"], frame.img["alt"]) == ("300", "250", FIELDS["alt"])
    assert files["embed/campaign/so-suc-khoe/800x81.svg"].startswith(b"<svg")
    snippets = BeautifulSoup(files["nhung/index.html"], "lxml").get_text()
    assert "300x250.png" in snippets and "300x250.svg" not in snippets


def test_a_new_image_under_the_same_name_is_published(tmp_path: Path) -> None:
    made = config({"images": (OwnImage(size="300x250", file=picture(tmp_path, (300, 250))),)})
    store, writer = seen(made), MemoryWriter()
    publish(made, store, writer, NOW, status=report(made, {}, NOW))
    Image.new("RGB", (300, 250), "#14532d").save(tmp_path / "anh.png")
    publish(made, store, writer, NOW, status=report(made, {}, NOW))
    assert writer.files["embed/campaign/so-suc-khoe/300x250.png"] == (tmp_path / "anh.png").read_bytes()


def test_an_own_image_goes_when_its_campaign_ends(tmp_path: Path) -> None:
    images = (OwnImage(size="300x250", file=picture(tmp_path, (300, 250))),)
    files = published(config({"images": images, "ends": date(2026, 10, 3)}))
    assert Image.open(io.BytesIO(files["embed/campaign/so-suc-khoe/300x250.png"])).convert("RGBA").getbbox() is None


def told(**fields: Any) -> str:
    (problem,) = pictures.problems(config(fields))
    return problem


def own(file: str) -> tuple[OwnImage, ...]:
    return (OwnImage(size="300x250", file=file),)


def test_an_image_of_another_size_is_refused_with_what_it_is(tmp_path: Path) -> None:
    said = told(images=own(picture(tmp_path, (301, 250))))
    assert "campaigns[so-suc-khoe].images[300x250]" in said and "is 301x250 px; make it 300x250 or 600x500" in said


def test_an_image_that_weighs_too_much_is_refused(tmp_path: Path) -> None:
    Image.effect_noise((600, 500), 90).save(tmp_path / "nang.png")
    assert "bytes, more than 150,000" in told(images=own(str(tmp_path / "nang.png")))


def test_an_image_that_moves_is_refused(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (300, 250), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "dong.png", save_all=True, append_images=frames[1:])
    assert "moves" in told(images=own(str(tmp_path / "dong.png")))


def test_what_is_no_png_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gia.png").write_bytes(b"<svg onload=alert(1)>")
    assert "is no PNG that can be read" in told(images=own(str(tmp_path / "gia.png")))
    Image.new("RGB", (300, 250)).save(tmp_path / "anh.jpg")
    assert "is no PNG that can be read" in told(images=own(str(tmp_path / "anh.jpg")))
    cut = Path(picture(tmp_path, (300, 250), "cut.png")).read_bytes()[:-40]
    (tmp_path / "cut.png").write_bytes(cut)
    assert "is no PNG that can be read" in told(images=own(str(tmp_path / "cut.png")))
    assert "cannot be read (No such file or directory)" in told(images=own(str(tmp_path / "khong.png")))


def test_an_image_that_is_gone_leaves_the_output_as_it_was(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="correct the path"):
        published(config({"images": own(str(tmp_path / "khong.png"))}))


# --- emblems


def test_an_emblem_is_drawn_where_there_is_room_as_part_of_the_file(tmp_path: Path) -> None:
    made = config({"emblem": picture(tmp_path, (96, 96))})
    assert list(pictures.problems(made)) == []
    files = published(made)
    carrying = {
        path.rpartition("/")[2].removesuffix(".svg")
        for path, content in files.items()
        if path.startswith("embed/campaign/") and path.endswith(".svg") and b"data:image/png;base64," in content
    }
    assert {"800x81", "1170x90", "300x250", "300x600"} <= carrying
    assert not {"230x46", "298x50"} & carrying
    image = Image.open(io.BytesIO(files["embed/campaign/so-suc-khoe/800x81.png"])).convert("RGB")
    assert (0x8A, 0x1C, 0x1C) in {colour for _, colour in image.getcolors(100_000)}


def test_an_emblem_that_is_too_small_or_too_heavy_is_refused(tmp_path: Path) -> None:
    assert "is 95x120 px; make it at least 96x96" in told(emblem=picture(tmp_path, (95, 120)))
    Image.effect_noise((300, 300), 90).save(tmp_path / "nang.png")
    assert "bytes, more than 30,000" in told(emblem=str(tmp_path / "nang.png"))
